"""Statistics: likelihoods, filters, hidden states, as people write them."""

# ruff: noqa

import math
from math import exp, log, pi, sqrt

import numpy as np

LOG_2PI = math.log(2 * math.pi)


LANCZOS = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155]


def lgamma(x):
    y = x
    tmp = x + 5.5
    tmp -= (x + 0.5) * log(tmp)
    ser = 1.000000000190015
    for c in LANCZOS:
        y += 1
        ser += c / y
    return -tmp + log(2.5066282746310005 * ser / x)


def normal_loglik(data, mu, sigma):
    n = len(data)
    ss = 0.0
    for x in data:
        z = (x - mu) / sigma
        ss += z * z
    return -0.5 * ss - n * log(sigma) - 0.5 * n * LOG_2PI


def student_t_loglik(data, mu, scale, nu=4.0):
    total = 0.0
    for x in data:
        z = (x - mu) / scale
        total += lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(nu * pi) - log(scale)
        total -= (nu + 1) / 2 * log(1 + z**2 / nu)
    return total


def mixture_loglik(data, weights, means, sigmas):
    ll = 0.0
    for x in data:
        p = 0.0
        for w, m, s in zip(weights, means, sigmas):
            p += w * exp(-0.5 * ((x - m) / s) ** 2) / (s * sqrt(2 * pi))
        ll += log(p)
    return ll


def em_step_lists(data, weights, means, sigmas):
    k = len(weights)
    resp = []
    for x in data:
        row = [weights[j] * exp(-0.5 * ((x - means[j]) / sigmas[j]) ** 2) / sigmas[j] for j in range(k)]
        total = sum(row)
        resp.append([r / total for r in row])
    new_means = []
    new_weights = []
    for j in range(k):
        nj = sum(r[j] for r in resp)
        new_weights.append(nj / len(data))
        new_means.append(sum(r[j] * x for r, x in zip(resp, data)) / nj)
    return new_weights, new_means


def kalman_lists(observations, q, r, x0=0.0, p0=1.0):
    x, p = x0, p0
    ll = 0.0
    estimates = []
    for z in observations:
        p = p + q
        innovation = z - x
        s = p + r
        k = p / s
        x = x + k * innovation
        p = (1 - k) * p
        ll += -0.5 * (log(2 * pi * s) + innovation**2 / s)
        estimates.append(x)
    return ll, estimates


def kalman_matrix(ys, F, H, Q, R):
    x = np.zeros(F.shape[0])
    P = np.eye(F.shape[0])
    ll = 0.0
    for y in ys:
        x = F @ x
        P = F @ P @ F.T + Q
        S = H @ P @ H.T + R
        v = y - H @ x
        K = P @ H.T @ np.linalg.inv(S)
        x = x + K @ v
        P = P - K @ S @ K.T
        ll -= 0.5 * (v @ np.linalg.solve(S, v) + np.log(np.linalg.det(S)))
    return ll


def hmm_forward_lists(obs: list[int], pi0, trans, emit):
    n = len(pi0)
    alpha = [pi0[s] * emit[s][obs[0]] for s in range(n)]
    scale = sum(alpha)
    loglik = log(scale)
    alpha = [a / scale for a in alpha]
    for o in obs[1:]:
        nxt = [0.0] * n
        for t in range(n):
            for s in range(n):
                nxt[t] += alpha[s] * trans[s][t]
            nxt[t] *= emit[t][o]
        scale = sum(nxt)
        loglik += log(scale)
        alpha = [a / scale for a in nxt]
    return loglik


def hmm_backward(obs, A, B):
    T, N = len(obs), A.shape[0]
    beta = np.ones((T, N))
    for t in range(T - 2, -1, -1):
        for i in range(N):
            beta[t, i] = sum(A[i, j] * B[j, obs[t + 1]] * beta[t + 1, j] for j in range(N))
    return beta[0].sum()


def logistic_nll(X, y, w, b, l2=0.1):
    loss = 0.0
    for xi, yi in zip(X, y):
        z = sum(wj * xj for wj, xj in zip(w, xi)) + b
        if yi == 1:
            loss += math.log1p(math.exp(-z))
        else:
            loss += math.log1p(math.exp(z))
    return loss / len(X) + l2 * sum(wj**2 for wj in w)


def ar2_residuals(series, phi1, phi2):
    res = []
    for t in range(2, len(series)):
        res.append(series[t] - phi1 * series[t - 1] - phi2 * series[t - 2])
    return sum(e * e for e in res) / len(res)


def garch_nll(returns, omega, alpha, beta):
    var = sum(r * r for r in returns) / len(returns)
    nll = 0.0
    for i, r in enumerate(returns):
        if i > 0:
            var = omega + alpha * returns[i - 1] ** 2 + beta * var
        nll += 0.5 * (log(var) + r**2 / var)
    return nll


def covariance_matrix(X):
    n, d = X.shape
    mean = [sum(X[i, j] for i in range(n)) / n for j in range(d)]
    cov = np.zeros((d, d))
    for a in range(d):
        for b in range(a, d):
            c = 0.0
            for i in range(n):
                c += (X[i, a] - mean[a]) * (X[i, b] - mean[b])
            cov[a, b] = cov[b, a] = c / (n - 1)
    return cov


def pearson_r(xs, ys):
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    sxy = sxx = syy = 0.0
    for x, y in zip(xs, ys):
        sxy += (x - mx) * (y - my)
        sxx += (x - mx) ** 2
        syy += (y - my) ** 2
    return sxy / sqrt(sxx * syy)


def running_moments(xs):
    n, mean, m2, m3 = 0, 0.0, 0.0, 0.0
    for x in xs:
        n1 = n
        n += 1
        delta = x - mean
        delta_n = delta / n
        term = delta * delta_n * n1
        mean += delta_n
        m3 += term * delta_n * (n - 2) - 3 * delta_n * m2
        m2 += term
    return {"mean": mean, "variance": m2 / (n - 1), "skew": m3}


def poisson_regression(X, counts, beta):
    eta = [sum(b * v for b, v in zip(beta, row)) for row in X]
    mu = [exp(e) for e in eta]
    return sum(m - c * e for m, c, e in zip(mu, counts, eta))


def huber_regression(x, y, a, b, delta: float = 0.5):
    loss = 0.0
    for xi, yi in zip(x, y):
        r = yi - (a * xi + b)
        if abs(r) <= delta:
            loss += 0.5 * r**2
        else:
            loss += delta * (abs(r) - 0.5 * delta)
    return loss


def beta_binomial(k: int, n: int, a, b):
    def log_beta(p, q):
        return lgamma(p) + lgamma(q) - lgamma(p + q)

    comb = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return comb + log_beta(k + a, n - k + b) - log_beta(a, b)


def mcmc_step(logp_scale, x, noise, u):
    def logp(v):
        return -0.5 * logp_scale * v**2 + math.sin(v)

    accepted = 0
    for e, w in zip(noise, u):
        prop = x + e
        if math.log(w) < logp(prop) - logp(x):
            x = prop
            accepted += 1
    return x * (1 + accepted / len(u))


def gp_nll(x, y, length, noise):
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            K[i, j] = np.exp(-0.5 * (x[i] - x[j]) ** 2 / length**2)
            if i == j:
                K[i, j] += noise**2
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = K[i, j] - L[i, :j] @ L[j, :j]
            L[i, j] = np.sqrt(s) if i == j else s / L[j, j]
    alpha = np.linalg.inv(L).T @ np.linalg.inv(L) @ y
    return 0.5 * y @ alpha + np.sum(np.log(np.diag(L)))


def bayes_update(prior, likelihoods):
    post = dict(prior)
    for ev in likelihoods:
        for h in post:
            post[h] *= ev[h]
        z = sum(post.values())
        post = {h: p / z for h, p in post.items()}
    return post["rain"]


def ewma_volatility(returns, lam=0.9):
    var = returns[0] ** 2
    out = [var]
    for r in returns[1:]:
        var = lam * var + (1 - lam) * r * r
        out.append(var)
    return [sqrt(v) for v in out]


def quantile_loss(y, pred, q=0.3):
    total = 0.0
    for a, b in zip(y, pred):
        e = a - b
        total += max(q * e, (q - 1) * e)
    return total / len(y)


def ols_normal_equations(x, y):
    n = len(x)
    sx, sy = sum(x), sum(y)
    sxx = sum(v * v for v in x)
    sxy = sum(u * v for u, v in zip(x, y))
    slope = (n * sxy - sx * sy) / (n * sxx - sx**2)
    intercept = (sy - slope * sx) / n
    resid = [v - (slope * u + intercept) for u, v in zip(x, y)]
    r2 = 1 - sum(r**2 for r in resid) / sum((v - sy / n) ** 2 for v in y)
    return slope, intercept, r2


def survival_weibull(times, events, shape, scale):
    ll = 0.0
    for t, e in zip(times, events):
        z = t / scale
        if e:
            ll += math.log(shape / scale) + (shape - 1) * math.log(z)
        ll -= z**shape
    return ll


D = [0.3, 1.2, -0.7, 0.9]
A2 = np.array([[0.7, 0.3], [0.4, 0.6]])
CASES = {
    "normal_loglik": [(D, 0.2, 1.1), (np.array(D), 0.2, 1.1)],
    "student_t_loglik": [(D, 0.2, 1.1)],
    "mixture_loglik": [(D, [0.3, 0.7], [0.1, 0.9], [0.5, 1.2])],
    "em_step_lists": [(D, [0.3, 0.7], [0.1, 0.9], [0.5, 1.2])],
    "kalman_lists": [(D, 0.1, 0.5)],
    "kalman_matrix": [
        (
            np.array([[0.3], [0.8]]),
            np.array([[1.0, 0.1], [0.0, 1.0]]),
            np.array([[1.0, 0.2]]),
            np.eye(2) * 0.1,
            np.eye(1) * 0.3,
        )
    ],
    "hmm_forward_lists": {
        "args": [([0, 1, 1, 0], [0.6, 0.4], [[0.7, 0.3], [0.4, 0.6]], [[0.9, 0.1], [0.2, 0.8]])],
        "wrt": ("pi0", "trans", "emit"),
    },
    "hmm_backward": {"args": [([0, 1, 0], A2, np.array([[0.9, 0.1], [0.2, 0.8]]))], "wrt": ("A", "B")},
    "logistic_nll": {"args": [([[0.3, 1.0], [0.2, -0.4], [1.0, 0.1]], [1, 0, 1], [0.4, -0.3], 0.1)], "wrt": ("w", "b")},
    "ar2_residuals": [(D, 0.4, 0.2)],
    "garch_nll": [(D, 0.1, 0.2, 0.5)],
    "covariance_matrix": [(np.array([[0.3, 1.2], [0.5, -0.2], [1.0, 0.7]]),)],
    "pearson_r": [(D, [1.0, 0.4, 0.2, 0.9])],
    "running_moments": [(D,)],
    "poisson_regression": {"args": [([[0.3, 1.0], [0.2, -0.4]], [2, 1], [0.4, -0.3])], "wrt": ("X", "beta")},
    "huber_regression": [(D, [1.0, 0.4, 0.2, 0.9], 0.3, 0.2)],
    "beta_binomial": {"args": [(3, 10, 2.0, 3.0)], "wrt": ("a", "b")},
    "mcmc_step": {"args": [(1.3, 0.4, [0.3, -0.5, 0.9], [0.5, 0.9, 0.2])], "wrt": ("logp_scale", "x")},
    "gp_nll": [(np.array([0.1, 0.5, 1.2]), np.array([0.3, 0.2, -0.4]), 0.8, 0.3)],
    "bayes_update": [({"rain": 0.3, "dry": 0.7}, [{"rain": 0.8, "dry": 0.2}, {"rain": 0.6, "dry": 0.5}])],
    "ewma_volatility": [(D,)],
    "quantile_loss": [(D, [0.5, 0.4, 0.2, 1.9])],
    "ols_normal_equations": [(D, [1.0, 0.4, 0.2, 0.9])],
    "survival_weibull": {"args": [([0.5, 1.2, 0.8], [True, False, True], 1.5, 1.1)], "wrt": ("shape", "scale")},
}

for _name in "bayes_update".split():  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
