"""Machine learning and finance, as people write them."""

# ruff: noqa

import math
from dataclasses import dataclass

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def relu(z):
    return np.maximum(z, 0.0)


def mlp_params(params, x, y):
    h = x
    for i in range(len(params) - 1):
        W, b = params[i]
        h = np.tanh(h @ W + b)
    W, b = params[-1]
    out = h @ W + b
    return np.mean((out - y) ** 2)


def mlp_dict_layers(params, x, activation="relu"):
    act = {"relu": relu, "sigmoid": sigmoid, "tanh": np.tanh}[activation]
    h = act(x @ params["W1"] + params["b1"])
    h = act(h @ params["W2"] + params["b2"])
    return np.sum(h)


def mlp_pure_python(layers, x):
    a = x
    for weights, biases in layers:
        out = []
        for w_row, b in zip(weights, biases):
            z = b + sum(w * v for w, v in zip(w_row, a))
            out.append(math.tanh(z))
        a = out
    return a[0]


def softmax_cross_entropy(W, X, labels):
    logits = X @ W
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def softmax_lists(scores, target: int):
    m = max(scores)
    exps = [math.exp(s - m) for s in scores]
    z = sum(exps)
    return -math.log(exps[target] / z)


def conv2d_valid(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return relu(out).mean()


def max_pool_2x2(img):
    h, w = img.shape
    pooled = np.empty((h // 2, w // 2))
    for i in range(0, h, 2):
        for j in range(0, w, 2):
            pooled[i // 2, j // 2] = img[i : i + 2, j : j + 2].max()
    return pooled


def rnn_forward(xs, Wx, Wh, b):
    h = np.zeros(Wh.shape[0])
    hs = []
    for x in xs:
        h = np.tanh(Wx @ x + Wh @ h + b)
        hs.append(h)
    return np.sum(np.stack(hs) ** 2)


def lstm_scalar(xs, w):
    def gate(x, h, k):
        return 1 / (1 + math.exp(-(w[k][0] * x + w[k][1] * h)))

    h = c = 0.0
    for x in xs:
        f, i, o = gate(x, h, 0), gate(x, h, 1), gate(x, h, 2)
        g = math.tanh(w[3][0] * x + w[3][1] * h)
        c = f * c + i * g
        h = o * math.tanh(c)
    return h


def self_attention(X, Wq, Wk, Wv):
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    scores = Q @ K.T / np.sqrt(K.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ V


def attention_lists(q, keys, values):
    scores = [sum(a * b for a, b in zip(q, k)) / math.sqrt(len(q)) for k in keys]
    m = max(scores)
    ws = [math.exp(s - m) for s in scores]
    total = sum(ws)
    out = [0.0] * len(values[0])
    for w, v in zip(ws, values):
        for i, vi in enumerate(v):
            out[i] += w / total * vi
    return out


def kmeans_loss(points, centers):
    loss = 0.0
    for p in points:
        best = float("inf")
        for c in centers:
            d = sum((pi - ci) ** 2 for pi, ci in zip(p, c))
            if d < best:
                best = d
        loss += best
    return loss


def kmeans_step(X, C):
    d = ((X[:, None, :] - C[None, :, :]) ** 2).sum(axis=2)
    assign = d.argmin(axis=1)
    new = np.zeros_like(C)
    for k in range(len(C)):
        members = X[assign == k]
        if len(members) > 0:
            new[k] = members.mean(axis=0)
        else:
            new[k] = C[k]
    return new


def sgd_train(w, b, data, lr, epochs: int = 2):
    for epoch in range(epochs):
        for x, y in data:
            pred = w * x + b
            err = pred - y
            w -= lr * err * x
            b -= lr * err
    return (w - 1) ** 2 + b**2


def adam_steps(theta, lr, b1=0.9, b2=0.99):
    m = v = 0.0
    for t in range(1, 5):
        g = 2 * (theta - 1.5) + math.cos(theta)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        m_hat = m / (1 - b1**t)
        v_hat = v / (1 - b2**t)
        theta -= lr * m_hat / (math.sqrt(v_hat) + 1e-8)
    return theta


def batch_norm_layer(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=0)
    var = ((x - mu) ** 2).mean(axis=0)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta


def residual_net(x, weights):
    for W in weights:
        x = x + relu(x @ W)
    return np.linalg.norm(x)


@dataclass
class Layer:
    w: float
    b: float
    kind: str = "tanh"

    def __call__(self, x):
        z = self.w * x + self.b
        return math.tanh(z) if self.kind == "tanh" else z


def dataclass_layers(w1, b1, w2, x):
    first = Layer(w1, b1)
    second = Layer(w2, 0.1, kind="linear")
    return second.w * math.tanh(first.w * x + first.b) + second.b


def tree_predict(x, thresholds, leaves):
    node = 0
    for depth in range(2):
        if x[depth] < thresholds[node]:
            node = 2 * node + 1
        else:
            node = 2 * node + 2
    return leaves[node - 3] * x[0]


def word_vectors(emb, center: int, context: list[int]):
    v = emb[center]
    scores = emb @ v
    logz = np.log(np.sum(np.exp(scores)))
    return sum(logz - scores[c] for c in context)


def vae_elbo(mu, logvar, eps, x):
    z = mu + np.exp(0.5 * logvar) * eps
    recon = -0.5 * np.sum((x - np.tanh(z)) ** 2)
    kl = -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar))
    return recon - kl


def graph_message_passing(h, edges, w):
    n = len(h)
    for _ in range(2):
        new = [w * v for v in h]
        for s, t in edges:
            new[t] += math.tanh(h[s])
        h = new
    return sum(h) / n


def binomial_option(s, k, r, sigma, t, steps: int = 4, kind="call"):
    dt = t / steps
    u = math.exp(sigma * math.sqrt(dt))
    d = 1 / u
    p = (math.exp(r * dt) - d) / (u - d)
    disc = math.exp(-r * dt)
    if kind == "call":
        values = [max(s * u**j * d ** (steps - j) - k, 0.0) for j in range(steps + 1)]
    else:
        values = [max(k - s * u**j * d ** (steps - j), 0.0) for j in range(steps + 1)]
    for i in range(steps, 0, -1):
        values = [disc * (p * values[j + 1] + (1 - p) * values[j]) for j in range(i)]
    return values[0]


def american_put(s, k, r, sigma, t, n: int = 4):
    dt = t / n
    u = math.exp(sigma * math.sqrt(dt))
    p = (math.exp(r * dt) - 1 / u) / (u - 1 / u)
    prices = [s * u ** (2 * i - n) for i in range(n + 1)]
    v = [max(k - x, 0) for x in prices]
    for step in range(n - 1, -1, -1):
        for i in range(step + 1):
            cont = math.exp(-r * dt) * (p * v[i + 1] + (1 - p) * v[i])
            exercise = k - s * u ** (2 * i - step)
            v[i] = max(cont, exercise)
    return v[0]


def norm_cdf(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def black_scholes_greeks(s, k, t, r, sigma, option="call"):
    d1 = (math.log(s / k) + (r + sigma**2 / 2) * t) / (sigma * math.sqrt(t))
    d2 = d1 - sigma * math.sqrt(t)
    if option == "call":
        price = s * norm_cdf(d1) - k * math.exp(-r * t) * norm_cdf(d2)
    elif option == "put":
        price = k * math.exp(-r * t) * norm_cdf(-d2) - s * norm_cdf(-d1)
    else:
        raise ValueError(f"unknown option {option!r}")
    return price


def bond_price(face, coupon, ytm, years: int, freq: int = 2):
    c = face * coupon / freq
    y = ytm / freq
    n = years * freq
    price = sum(c / (1 + y) ** i for i in range(1, n + 1))
    return price + face / (1 + y) ** n


def bond_duration_convexity(cashflows, y):
    price = dur = conv = 0.0
    for t, cf in cashflows:
        df = (1 + y) ** -t
        price += cf * df
        dur += t * cf * df
        conv += t * (t + 1) * cf * df
    return dur / price, conv / price / (1 + y) ** 2


def heston_paths(s0, v0, kappa, theta, xi, rho, normals):
    dt = 0.1
    payoff = 0.0
    for path in normals:
        s, v = s0, v0
        for z1, z2 in path:
            zv = rho * z1 + math.sqrt(1 - rho**2) * z2
            vp = max(v, 0.0)
            s *= math.exp(-0.5 * vp * dt + math.sqrt(vp * dt) * z1)
            v += kappa * (theta - vp) * dt + xi * math.sqrt(vp * dt) * zv
        payoff += max(s - 1.0, 0.0)
    return payoff / len(normals)


def yield_curve_bootstrap(swap_rates):
    discounts = []
    for i, rate in enumerate(swap_rates):
        df = (1 - rate * sum(discounts)) / (1 + rate)
        discounts.append(df)
    zeros = [-math.log(d) / (i + 1) for i, d in enumerate(discounts)]
    return zeros


def portfolio_sharpe(weights, mu, cov, rf=0.02):
    total = sum(weights)
    w = [x / total for x in weights]
    ret = sum(a * b for a, b in zip(w, mu))
    var = 0.0
    for i in range(len(w)):
        for j in range(len(w)):
            var += w[i] * w[j] * cov[i][j]
    return (ret - rf) / math.sqrt(var)


def asian_barrier(s0, sigma, zs, barrier=1.5):
    s, acc, alive = s0, 0.0, True
    for z in zs:
        s *= math.exp(-0.5 * sigma**2 * 0.1 + sigma * math.sqrt(0.1) * z)
        if s > barrier:
            alive = False
            break
        acc += s
    return max(acc / len(zs) - 0.8, 0.0) if alive else 0.0


def mortgage(principal, rate, years: int, extra=0.0):
    n = years * 12
    r = rate / 12
    payment = principal * r / (1 - (1 + r) ** -n)
    balance = principal
    interest = 0.0
    month = 0
    while balance > 0 and month < n:
        i = balance * r
        interest += i
        balance -= payment + extra - i
        month += 1
    return interest


def nelson_siegel(params, maturities):
    b0, b1, b2, tau = params
    out = []
    for m in maturities:
        x = m / tau
        f = (1 - math.exp(-x)) / x
        out.append(b0 + b1 * f + b2 * (f - math.exp(-x)))
    return out


R = np.random.default_rng(3)
W = lambda *s: R.normal(size=s) * 0.5
CASES = {
    "mlp_params": [([(W(2, 3), W(3)), (W(3, 3), W(3)), (W(3, 1), W(1))], W(4, 2), W(4, 1))],
    "mlp_dict_layers": {
        "args": [
            ({"W1": W(2, 3), "b1": W(3), "W2": W(3, 2), "b2": W(2)}, W(4, 2)),
            ({"W1": W(2, 3), "b1": W(3), "W2": W(3, 2), "b2": W(2)}, W(4, 2), "sigmoid"),
        ],
        "wrt": ("params", "x"),
    },
    "mlp_pure_python": [([([[0.3, -0.2], [0.1, 0.4]], [0.1, 0.2]), ([[0.5, -0.7]], [0.05])], [1.0, -0.5])],
    "softmax_cross_entropy": {"args": [(W(2, 3), W(4, 2), np.array([0, 2, 1, 1]))], "wrt": ("W", "X")},
    "softmax_lists": [([0.3, 1.2, -0.4], 1)],
    "conv2d_valid": [(W(4, 5), W(2, 2))],
    "max_pool_2x2": [(W(4, 4),)],
    "rnn_forward": [(W(3, 2), W(3, 2), W(3, 3), W(3))],
    "lstm_scalar": [([0.3, 1.2, -0.4], [[0.3, 0.2], [0.1, -0.4], [0.5, 0.6], [0.9, -0.8]])],
    "self_attention": [(W(3, 4), W(4, 2), W(4, 2), W(4, 2))],
    "attention_lists": [([0.3, 1.2], [[0.3, 0.2], [0.1, -0.4]], [[0.5, 0.6], [0.9, -0.8]])],
    "kmeans_loss": [([[0.3, 0.2], [0.1, -0.4], [2.0, 1.8]], [[0.5, 0.6], [1.9, 1.8]])],
    "kmeans_step": [(np.array([[0.3, 0.2], [0.1, -0.4], [2.0, 1.8]]), np.array([[0.5, 0.6], [1.9, 1.8]]))],
    "sgd_train": [(0.5, 0.1, [(0.3, 0.8), (1.2, 1.9)], 0.1)],
    "adam_steps": [(0.4, 0.1)],
    "batch_norm_layer": [(W(4, 2), W(2), W(2))],
    "residual_net": {
        "args": [(W(2, 3), [W(3, 3), W(3, 3)])],
        "oracles": ("dual_numbers", "differences"),
        "expect": "right",
    },
    "dataclass_layers": [(0.3, 0.1, 0.7, 1.2)],
    "tree_predict": [([0.3, 1.2], [0.5, 1.0, 0.2], [1.0, 2.0, 3.0, 4.0])],
    "word_vectors": {"args": [(W(4, 3), 1, [0, 2])], "wrt": "emb"},
    "vae_elbo": [(W(3), W(3), W(3), W(3))],
    "graph_message_passing": {"args": [([0.3, 1.2, -0.4], [(0, 1), (1, 2), (0, 2)], 0.8)], "wrt": ("h", "w")},
    "binomial_option": [(1.0, 0.9, 0.05, 0.3, 1.0), (1.0, 1.1, 0.05, 0.3, 1.0, 3, "put")],
    "american_put": [(1.0, 1.1, 0.05, 0.3, 1.0)],
    "black_scholes_greeks": [(1.0, 0.9, 1.0, 0.05, 0.3), (1.0, 0.9, 1.0, 0.05, 0.3, "put")],
    "bond_price": [(100.0, 0.05, 0.04, 3)],
    "bond_duration_convexity": {"args": [([(1, 5.0), (2, 5.0), (3, 105.0)], 0.04)], "wrt": "y"},
    "heston_paths": [(1.0, 0.2, 1.5, 0.2, 0.3, -0.5, [[(0.3, 0.2), (0.1, -0.4)], [(0.9, 0.8), (-0.1, 0.5)]])],
    "yield_curve_bootstrap": [([0.02, 0.025, 0.03],)],
    "portfolio_sharpe": [([0.5, 0.3], [0.08, 0.05], [[0.04, 0.01], [0.01, 0.02]])],
    "asian_barrier": [(1.0, 0.3, [0.3, -0.2, 0.5]), (1.4, 0.9, [0.3, 1.2, 0.5])],
    "mortgage": [(1000.0, 0.05, 2), (1000.0, 0.05, 2, 20.0)],
    "nelson_siegel": [([0.03, -0.01, 0.02, 1.5], [1.0, 2.0, 5.0])],
}
