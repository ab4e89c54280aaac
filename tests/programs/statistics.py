"""Descriptive statistics and log-densities, by loops and by NumPy."""

# ruff: noqa

import math

import numpy as np

LOG_2PI = math.log(2 * math.pi)
CLIP = 1e-9


def mean_and_variance(xs):
    n = 0
    mean = 0.0
    m2 = 0.0
    for x in xs:
        n += 1
        delta = x - mean
        mean += delta / n
        m2 += delta * (x - mean)
    return mean, m2 / (n - 1)


def skewness(x):
    mu = np.mean(x)
    centred = x - mu
    m2 = np.mean(centred**2)
    m3 = np.mean(centred**3)
    return m3 / m2**1.5


def correlation(x, y):
    dx = x - x.mean()
    dy = y - y.mean()
    return (dx @ dy) / np.sqrt((dx @ dx) * (dy @ dy))


def covariance(x):
    centred = x - x.mean(axis=0)
    return centred.T @ centred / (x.shape[0] - 1)


def normal_logpdf(x, mu: float, log_sigma: float):
    z = (x - mu) * np.exp(-log_sigma)
    return np.sum(-0.5 * z**2 - log_sigma - 0.5 * LOG_2PI)


def poisson_nll(rate, counts):
    total = 0.0
    for k in counts:
        log_factorial = 0.0
        for j in range(2, k + 1):
            log_factorial += math.log(j)
        total -= k * math.log(rate) - rate - log_factorial
    return total


def bernoulli_nll(p, y):
    p = np.clip(p, CLIP, 1 - CLIP)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def kl_divergence(p, q):
    total = 0.0
    for pi, qi in zip(p, q):
        if pi > 0:
            total += pi * math.log(pi / qi)
    return total


def exponential_smoothing(x, alpha):
    s = np.zeros(len(x))
    s[0] = x[0]
    for t in range(1, len(x)):
        s[t] = alpha * x[t] + (1 - alpha) * s[t - 1]
    return np.mean((s[:-1] - x[1:]) ** 2)


def ar1_likelihood(phi, sigma, y):
    ll = -0.5 * math.log(sigma**2 / (1 - phi**2)) - 0.5 * y[0] ** 2 * (1 - phi**2) / sigma**2
    for t in range(1, len(y)):
        e = y[t] - phi * y[t - 1]
        ll -= 0.5 * (LOG_2PI + 2 * math.log(sigma)) + 0.5 * e * e / sigma**2
    return ll


def garch(omega, alpha, beta, returns):
    variance = omega / (1 - alpha - beta)
    ll = 0.0
    for r in returns:
        ll += -0.5 * (math.log(variance) + r**2 / variance)
        variance = omega + alpha * r**2 + beta * variance
    return ll


def hmm_forward(log_start, transition, emission):
    alpha = np.exp(log_start) * emission[0]
    ll = 0.0
    for t in range(1, len(emission)):
        c = alpha.sum()
        ll += np.log(c)
        alpha = (alpha / c) @ transition * emission[t]
    return ll + np.log(np.sum(alpha))


def histogram_soft(x, centres, width):
    counts = np.zeros(len(centres))
    for v in x:
        w = np.exp(-((v - centres) ** 2) / width)
        counts += w / w.sum()
    return counts


def trimmed(x, lo, hi):
    total, n = 0.0, 0
    for v in x:
        if v < lo or v > hi:
            continue
        total += v
        n += 1
    return total / n if n else 0.0


def median_of_three(a, b, c):
    return max(min(a, b), min(max(a, b), c)) ** 2


def log_sum_exp_stream(xs):
    m = -math.inf
    s = 0.0
    for x in xs:
        if x > m:
            s = s * math.exp(m - x) + 1.0
            m = x
        else:
            s += math.exp(x - m)
    return m + math.log(s)


V5 = np.array([0.1, 0.7, 1.4, 0.2, -0.3])
U5 = np.array([0.6, -0.7, 1.1, 0.9, 0.4])
M43 = np.array([[0.3, 1.2, 2.0], [0.7, 0.4, 0.5], [1.1, 0.9, 0.3], [0.2, 0.5, 0.6]])
CASES = {
    "mean_and_variance": [([0.3, 0.9, -0.5, 1.3],), (V5,)],
    "skewness": [(V5,)],
    "correlation": [(V5, U5)],
    "covariance": [(M43,)],
    "normal_logpdf": [(V5, 0.3, -0.2)],
    "poisson_nll": {"args": [(1.7, [0, 3, 2, 5]), (1.7, np.array([1, 2]))], "wrt": "rate"},
    "bernoulli_nll": [(np.array([0.3, 0.8]), np.array([1.0, 0.0]))],
    "kl_divergence": [([0.3, 0.7], [0.4, 0.6]), (np.array([0.3, 0.7]), np.array([0.4, 0.6]))],
    "exponential_smoothing": [(V5, 0.4)],
    "ar1_likelihood": [(0.6, 0.8, V5)],
    "garch": [(0.1, 0.2, 0.6, V5)],
    "hmm_forward": [(np.array([-0.5, -1.0, -2.0]), M43[:3] / 3.0, M43)],
    "histogram_soft": [(V5, np.array([0.0, 1.0]), 0.5)],
    "trimmed": [(V5, 0.0, 1.0), (V5, 5.0, 6.0)],
    "median_of_three": [(0.3, 0.9, 0.5), (0.3, 0.1, 0.5)],
    "log_sum_exp_stream": [([0.3, 0.9, -0.5, 1.3],)],
}
