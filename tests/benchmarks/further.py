"""Further functions that are measured: what people write, from regressions to filters and small solvers."""

from math import erf, exp, log, pi, sqrt

import numpy as np


def softmax_regression(w, b, x, y):
    z = x @ w + b
    z = z - np.max(z, axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.sum(y * logp) / x.shape[0] + 0.5 * 0.01 * np.sum(w * w)


def rnn(wx, wh, b, xs, target):
    h = np.zeros(wh.shape[0])
    loss = 0.0
    for t in range(xs.shape[0]):
        h = np.tanh(wx @ xs[t] + wh @ h + b)
        d = h - target[t]
        loss = loss + 0.5 * np.sum(d * d)
    return loss


def kernel(x, alpha, length):
    sq = np.sum(x * x, axis=1)
    d2 = sq[:, None] + sq[None, :] - 2.0 * x @ x.T
    k = np.exp(-0.5 * d2 / length**2)
    return alpha @ k @ alpha


def kalman(q, r, a, ys):
    m = 0.0
    p = 1.0
    ll = 0.0
    for i in range(len(ys)):
        mp = a * m
        pp = a * a * p + q
        v = ys[i] - mp
        s = pp + r
        k = pp / s
        m = mp + k * v
        p = (1.0 - k) * pp
        ll = ll - 0.5 * (v * v / s + log(2.0 * pi * s))
    return ll


def heat(u0, kappa, target):
    u = u0.copy()
    for _ in range(200):
        u[1:-1] = u[1:-1] + kappa * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    d = u - target
    return np.sum(d * d)


def logistic(w, b, x, y, lam):
    z = x @ w + b
    p = 1.0 / (1.0 + np.exp(-z))
    nll = -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
    return nll + lam * np.sum(w**2)


def black_scholes(s, k, t, r, sigma):
    d1 = (log(s / k) + (r + 0.5 * sigma * sigma) * t) / (sigma * sqrt(t))
    d2 = d1 - sigma * sqrt(t)
    n1 = 0.5 * (1.0 + erf(d1 / sqrt(2.0)))
    n2 = 0.5 * (1.0 + erf(d2 / sqrt(2.0)))
    return s * n1 - k * exp(-r * t) * n2


def force(x, v, k, c):
    return -k * x - c * v * v * v


def ode(x, v, k, c):
    h = 0.01
    for _ in range(300):
        k1x = v
        k1v = force(x, v, k, c)
        k2x = v + 0.5 * h * k1v
        k2v = force(x + 0.5 * h * k1x, v + 0.5 * h * k1v, k, c)
        x = x + h * k2x
        v = v + h * k2v
    return x * x + v * v


def k_means(centres, points):
    d = points[:, None, :] - centres[None, :, :]
    distances = np.sum(d * d, axis=2)
    return np.mean(np.min(distances, axis=1))


def layer_norm(x, gain, bias, weights):
    centred = x - np.mean(x, axis=1, keepdims=True)
    spread = np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + 1e-5)
    y = gain * centred / spread + bias
    return np.sum(np.tanh(y) * weights)


def convolution(image, kernel, target):
    n, m = image.shape
    k = kernel.shape[0]
    loss = 0.0
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            s = 0.0
            for p in range(k):
                for q in range(k):
                    s = s + image[i + p, j + q] * kernel[p, q]
            loss = loss + (s - target[i, j]) ** 2
    return loss


def attention(x, wq, wk, wv):
    q = x @ wq
    k = x @ wk
    v = x @ wv
    scores = q @ k.T / np.sqrt(q.shape[1])
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    weights = e / np.sum(e, axis=1, keepdims=True)
    return np.sum((weights @ v) ** 2)
