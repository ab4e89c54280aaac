"""Statistics, learning, signals: as people write them."""

# ruff: noqa

import math
from collections import defaultdict, deque

import numpy as np

EPS = 1e-8


def linear_regression_gd(X, y, w, lr=0.1, epochs: int = 3):
    b = 0.0
    n = len(y)
    for epoch in range(epochs):
        pred = X @ w + b
        err = pred - y
        grad_w = X.T @ err / n
        grad_b = err.mean()
        w = w - lr * grad_w
        b -= lr * grad_b
    return np.mean((X @ w + b - y) ** 2)


def train_mlp(params, X, y, lr=0.1):
    for _ in range(2):
        z1 = X @ params["W1"] + params["b1"]
        a1 = np.maximum(0, z1)
        out = a1 @ params["W2"] + params["b2"]
        d = 2 * (out - y) / len(y)
        grads = {
            "W2": a1.T @ d,
            "b2": d.sum(axis=0),
        }
        da = d @ params["W2"].T * (z1 > 0)
        grads["W1"] = X.T @ da
        grads["b1"] = da.sum(axis=0)
        params = {k: params[k] - lr * grads[k] for k in params}
    return np.mean((np.maximum(0, X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"] - y) ** 2)


def adam_minimise(x, steps: int = 3):
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    for t in range(1, steps + 1):
        g = 2 * x + np.cos(x)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        mhat = m / (1 - 0.9**t)
        vhat = v / (1 - 0.999**t)
        x = x - 0.1 * mhat / (np.sqrt(vhat) + EPS)
    return np.sum(x**2)


def batch_norm(x, gamma, beta):
    mu = x.mean(axis=0)
    var = ((x - mu) ** 2).mean(axis=0)
    xhat = (x - mu) / np.sqrt(var + 1e-5)
    return gamma * xhat + beta


def gru(xs, h, W, U):
    for x in xs:
        z = 1 / (1 + np.exp(-(W @ x + U @ h)))
        cand = np.tanh(W @ x + U @ (z * h))
        h = (1 - z) * h + z * cand
    return h


def self_attention(x, Wq, Wk, Wv, *, causal=True):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scores = q @ k.T / math.sqrt(q.shape[-1])
    if causal:
        n = len(x)
        for i in range(n):
            for j in range(i + 1, n):
                scores[i, j] = -1e9
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ v


def conv1d(x, kernel, stride: int = 1, pad: int = 1):
    xp = np.pad(x, pad)
    n = (len(xp) - len(kernel)) // stride + 1
    out = np.zeros(n)
    for i in range(n):
        out[i] = np.sum(xp[i * stride : i * stride + len(kernel)] * kernel)
    return out


def max_pool(x, size: int = 2):
    h, w = x.shape
    out = np.empty((h // size, w // size))
    for i in range(h // size):
        for j in range(w // size):
            out[i, j] = x[i * size : (i + 1) * size, j * size : (j + 1) * size].max()
    return out


def softmax_policy(theta, rewards):
    baseline = sum(rewards) / len(rewards)
    logits = theta - np.max(theta)
    p = np.exp(logits) / np.sum(np.exp(logits))
    loss = 0.0
    for i, r in enumerate(rewards):
        loss -= (r - baseline) * np.log(p[i % len(p)])
    return loss


def em_step(x, mu, sigma, pi):
    resp = np.zeros((len(x), len(mu)))
    for i, xi in enumerate(x):
        for k in range(len(mu)):
            resp[i, k] = pi[k] / sigma[k] * math.exp(-0.5 * ((xi - mu[k]) / sigma[k]) ** 2)
        resp[i] /= resp[i].sum()
    nk = resp.sum(axis=0)
    new_mu = resp.T @ x / nk
    return new_mu


def kalman_1d(zs, q, r):
    x, p = 0.0, 1.0
    history = []
    for z in zs:
        p += q
        k = p / (p + r)
        x += k * (z - x)
        p *= 1 - k
        history.append(x)
    return history


def kalman_nd(zs, F, H, Q, R, x, P):
    ll = 0.0
    for z in zs:
        x = F @ x
        P = F @ P @ F.T + Q
        y = z - H @ x
        S = H @ P @ H.T + R
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ y
        P = (np.eye(len(x)) - K @ H) @ P
        ll -= 0.5 * (y @ np.linalg.solve(S, y) + np.log(np.linalg.det(S)))
    return ll


def hmm_forward(pi, A, B, obs):
    alpha = [p * B[s][obs[0]] for s, p in enumerate(pi)]
    for o in obs[1:]:
        alpha = [sum(alpha[r] * A[r][s] for r in range(len(pi))) * B[s][o] for s in range(len(pi))]
    return math.log(sum(alpha))


def viterbi_score(pi, A, B, obs):
    n = len(pi)
    delta = [math.log(pi[s]) + math.log(B[s][obs[0]]) for s in range(n)]
    for o in obs[1:]:
        new = [0.0] * n
        for s in range(n):
            best = -math.inf
            for r in range(n):
                score = delta[r] + math.log(A[r][s])
                if score > best:
                    best = score
            new[s] = best + math.log(B[s][o])
        delta = new
    return max(delta)


def baum_backward(A, B, obs):
    n = len(A)
    beta = np.ones((len(obs), n))
    for t in range(len(obs) - 2, -1, -1):
        for i in range(n):
            beta[t, i] = sum(A[i, j] * B[j, obs[t + 1]] * beta[t + 1, j] for j in range(n))
    return beta[0]


def iir_filter(x, b, a):
    y = [0.0] * len(x)
    for n in range(len(x)):
        acc = 0.0
        for k in range(len(b)):
            if n - k >= 0:
                acc += b[k] * x[n - k]
        for k in range(1, len(a)):
            if n - k >= 0:
                acc -= a[k] * y[n - k]
        y[n] = acc / a[0]
    return y


def biquad(xs, b0, b1, b2, a1, a2):
    z1 = z2 = 0.0
    out = []
    for x in xs:
        y = b0 * x + z1
        z1 = b1 * x - a1 * y + z2
        z2 = b2 * x - a2 * y
        out.append(y)
    return np.array(out)


def dft(x):
    n = len(x)
    power = []
    for k in range(n):
        re = sum(x[t] * math.cos(2 * math.pi * k * t / n) for t in range(n))
        im = -sum(x[t] * math.sin(2 * math.pi * k * t / n) for t in range(n))
        power.append(re * re + im * im)
    return power


def haar(x):
    out = list(x)
    n = len(out)
    while n > 1:
        half = n // 2
        avg = [(out[2 * i] + out[2 * i + 1]) / 2 for i in range(half)]
        diff = [(out[2 * i] - out[2 * i + 1]) / 2 for i in range(half)]
        out[:half] = avg
        out[half:n] = diff
        n = half
    return out


def moving_median_like(x, w: int = 3):
    out = []
    for i in range(len(x) - w + 1):
        window = sorted(x[i : i + w])
        out.append(window[w // 2])
    return out


def group_sums(values, labels):
    totals = {}
    for v, l in zip(values, labels):
        totals[l] = totals.get(l, 0.0) + v * v
    return totals


def histogram_counts(x, edges):
    counts = np.zeros(len(edges) - 1)
    for v in x:
        for k in range(len(edges) - 1):
            if edges[k] <= v < edges[k + 1]:
                counts[k] += v
                break
    return counts


def bootstrap_like(x, idx):
    means = []
    for sample in idx:
        means.append(np.mean(x[sample]))
    return np.std(means)


def pearson(x, y):
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    cov = sum((a - mx) * (b - my) for a, b in zip(x, y))
    vx = sum((a - mx) ** 2 for a in x)
    vy = sum((b - my) ** 2 for b in y)
    return cov / math.sqrt(vx * vy)


def gini(x):
    xs = sorted(x)
    n = len(xs)
    cum = 0.0
    for i, v in enumerate(xs, 1):
        cum += i * v
    return 2 * cum / (n * sum(xs)) - (n + 1) / n


def mcmc_logpost(theta, data, prior_sd=2.0):
    mu, log_sd = theta
    sd = math.exp(log_sd)
    lp = -0.5 * (mu / prior_sd) ** 2
    for d in data:
        lp += -math.log(sd) - 0.5 * ((d - mu) / sd) ** 2
    return lp


def poisson_regression(beta, X, y):
    ll = 0.0
    for row, yi in zip(X, y):
        eta = np.dot(row, beta)
        ll += yi * eta - np.exp(eta)
    return -ll


def newton_logistic(X, y, iters: int = 2):
    w = np.zeros(X.shape[1])
    for _ in range(iters):
        p = 1.0 / (1.0 + np.exp(-X @ w))
        g = X.T @ (p - y)
        H = X.T @ np.diag(p * (1 - p)) @ X + 0.1 * np.eye(len(w))
        w -= np.linalg.solve(H, g)
    return w


def decision_stump(x, threshold, left, right):
    return np.where(x < threshold, left * x, right * x**2).sum()


def word_scores(tokens, vectors):
    total = np.zeros(2)
    for tok in tokens:
        if tok not in vectors:
            continue
        total += vectors[tok]
    return total @ total


def dtw(a, b):
    n, m = len(a), len(b)
    D = [[math.inf] * (m + 1) for _ in range(n + 1)]
    D[0][0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = abs(a[i - 1] - b[j - 1])
            D[i][j] = cost + min(D[i - 1][j], D[i][j - 1], D[i - 1][j - 1])
    return D[n][m]


def pagerank(A, d=0.85, iters: int = 4):
    n = len(A)
    r = np.ones(n) / n
    M = A / A.sum(axis=0)
    for _ in range(iters):
        r_new = (1 - d) / n + d * M @ r
        if np.abs(r_new - r).sum() < 1e-12:
            break
        r = r_new
    return r


def sinkhorn(C, eps):
    K = np.exp(-C / eps)
    u = np.ones(C.shape[0])
    v = np.ones(C.shape[1])
    for _ in range(4):
        u = (1 / 3) / (K @ v)
        v = (1 / 3) / (K.T @ u)
    return np.sum(u[:, None] * K * v * C)


V3 = np.array([0.4, 1.3, -2.2])
V4 = np.array([0.4, 1.3, -2.2, 0.7])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
P33 = abs(M33) + 0.1
PI, AA, BB = [0.6, 0.4], [[0.7, 0.3], [0.2, 0.8]], [[0.5, 0.3, 0.2], [0.1, 0.4, 0.5]]
PAR = {"W1": M33[:, :2], "b1": np.array([0.1, 0.2]), "W2": M33[:2, :1], "b2": np.array([0.3])}
CASES = {
    "linear_regression_gd": [(M33, V3, V3 * 0.1)],
    "train_mlp": {"args": [(PAR, M33, V3[:, None])], "wrt": ("params", "X")},
    "adam_minimise": [(V3,)],
    "batch_norm": [(M33, V3, V3 + 1)],
    "gru": [(M33, V3, M33, M33.T)],
    "self_attention": [(M33, M33.T, M33 * 2, M33 + 1)],
    "conv1d": [(V4, V3)],
    "max_pool": [(np.sin(np.arange(16.0)).reshape(4, 4),)],
    "softmax_policy": [(V3, [1.0, 2.0, 0.5, 0.1])],
    "em_step": [(V4, np.array([0.0, 1.0]), np.array([1.0, 0.5]), np.array([0.4, 0.6]))],
    "kalman_1d": [(V4, 0.1, 0.5), ([1.0, 2.0], 0.1, 0.5)],
    "kalman_nd": [
        (
            np.array([[0.5], [0.7]]),
            np.array([[1.0, 0.1], [0.0, 1.0]]),
            np.array([[1.0, 0.0]]),
            0.1 * np.eye(2),
            np.eye(1),
            np.array([0.0, 1.0]),
            np.eye(2),
        )
    ],
    "hmm_forward": {"args": [(PI, AA, BB, [0, 2, 1])], "wrt": (0, 1, 2)},
    "viterbi_score": {"args": [(PI, AA, BB, [0, 2, 1])], "wrt": (0, 1, 2)},
    "baum_backward": {"args": [(np.array(AA), np.array(BB), [0, 2, 1])], "wrt": (0, 1)},
    "iir_filter": [(V4.tolist(), [0.5, 0.2], [1.0, -0.3, 0.1]), (V4, np.array([0.5, 0.2]), np.array([1.0, -0.3, 0.1]))],
    "biquad": [(V4, 0.5, 0.2, 0.1, -0.3, 0.1)],
    "dft": [(V4,), (V4.tolist(),)],
    "haar": [(V4,), (V4.tolist(),)],
    "moving_median_like": [([3.0, 1.0, 2.0, 5.0, 4.0],), (np.array([3.0, 1.0, 2.0, 5.0, 4.0]),)],
    "group_sums": {"args": [(V4, ["a", "b", "a", "b"])], "wrt": 0},
    "histogram_counts": {"args": [(V4, [-3.0, 0.0, 1.0, 2.0])], "wrt": 0},
    "bootstrap_like": {"args": [(V4, np.array([[0, 1, 2], [1, 1, 3], [3, 0, 0]]))], "wrt": 0},
    "pearson": [(V4.tolist(), [1.0, 2.0, 0.5, 0.3]), (V4, V4**2)],
    "gini": [([3.0, 1.0, 2.0],)],
    "mcmc_logpost": [((0.3, 0.1), [1.0, 0.5]), (np.array([0.3, 0.1]), V4)],
    "poisson_regression": [(V3, M33, V3)],
    "newton_logistic": [(M33, np.array([1.0, 0.0, 1.0]))],
    "decision_stump": [(V4, 0.5, 1.0, 2.0)],
    "word_scores": {"args": [(["a", "b", "q"], {"a": V3[:2], "b": V3[1:]})], "wrt": 1},
    "dtw": [(V3.tolist(), V4.tolist()), (V3, V4)],
    "pagerank": [(P33,)],
    "sinkhorn": [(P33, 0.5)],
}
