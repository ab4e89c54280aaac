"""Losses and gradients-to-be of linear and mixture models."""

# ruff: noqa

import numpy as np
from numpy import log


def least_squares(w, x, y):
    r = x @ w - y
    return 0.5 * np.sum(r**2)


def ridge_loop(w: np.ndarray, x: np.ndarray, y: np.ndarray, lam: float = 0.1) -> float:
    loss = 0.0
    for i in range(x.shape[0]):
        prediction = 0.0
        for j in range(x.shape[1]):
            prediction += w[j] * x[i, j]
        loss += (prediction - y[i]) ** 2
    return loss / x.shape[0] + lam * np.dot(w, w)


def logistic_loss(w, b, x, y):
    z = x.dot(w) + b
    return np.mean(np.log1p(np.exp(-y * z)))


def cross_entropy(logits, labels):
    """Mean negative log-likelihood of integer labels."""
    m = logits.max(axis=1, keepdims=True)
    logp = logits - m - log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(labels)), labels].mean()


def weighted_huber(w, x, y, delta=1.0):
    r = y - x @ w
    small = np.abs(r) <= delta
    return np.sum(np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))


def gmm_log_likelihood(x, logits, means, log_sigma):
    n, d = x.shape
    log_weights = logits - logsumexp(logits, 0)
    diff = x[:, None, :] - means[None, :, :]
    quad = np.sum((diff / np.exp(log_sigma)) ** 2, axis=2)
    log_density = -0.5 * quad - np.sum(log_sigma, axis=1) - 0.5 * d * np.log(2 * np.pi)
    return np.sum(logsumexp(log_weights + log_density, 1))


def logsumexp(a, axis):
    m = np.max(a, axis=axis, keepdims=True)
    s = np.sum(np.exp(a - m), axis=axis, keepdims=True)
    return (m + np.log(s)).sum(axis=axis)


def gradient_descent(w, x, y, steps: int = 4, rate=0.05):
    """Differentiate through the optimiser."""
    for _ in range(steps):
        residual = x @ w - y
        gradient = x.T @ residual / len(y)
        w = w - rate * gradient
    return w


def kmeans_loss(centres, x):
    loss = 0.0
    for i in range(len(x)):
        best = None
        for k in range(len(centres)):
            d = np.sum((x[i] - centres[k]) ** 2)
            if best is None or d < best:
                best = d
        loss += best
    return loss


def hinge(w, x, y):
    loss = 0.0
    for xi, yi in zip(x, y):
        margin = 1.0 - yi * np.dot(w, xi)
        if margin > 0:
            loss += margin
    return loss + 0.5 * 0.1 * (w @ w)


def matrix_factorisation(u, v, ratings, seen):
    error = (ratings - u @ v.T) * seen
    return (error**2).sum() + 0.01 * (np.sum(u * u) + np.sum(v * v))


def pca_residual(w, x):
    centred = x - x.mean(axis=0)
    direction = w / np.sqrt(w @ w)
    projected = np.outer(centred @ direction, direction)
    return np.mean(np.sum((centred - projected) ** 2, axis=1))


def gaussian_nll(mu, log_var, y):
    return 0.5 * np.sum(log_var + (y - mu) ** 2 / np.exp(log_var))


X = np.array([[1.0, 0.3], [0.2, -1.1], [-0.7, 0.9], [1.5, 0.4]])
Y = np.array([0.5, -0.4, 0.8, 1.9])
S = np.array([1.0, -1.0, 1.0, -1.0])
W = np.array([0.7, -0.4])
L43 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3], [0.0, 0.5, 0.6]])
CASES = {
    "least_squares": {"args": [(W, X, Y)], "wrt": "w"},
    "ridge_loop": [(W, X, Y)],
    "logistic_loss": {"args": [(W, 0.2, X, S)], "wrt": ("w", "b")},
    "cross_entropy": {"args": [(L43, np.array([0, 2, 1, 2]))], "wrt": 0},
    "weighted_huber": {"args": [(W, X, Y * 3)], "wrt": (0, 2)},
    "gmm_log_likelihood": [(X, np.array([0.1, -0.3, 0.5]), L43[:3, :2], L43[1:, 1:] * 0.3)],
    "gradient_descent": [(W, X, Y)],
    "kmeans_loss": [(X[:2] + 0.3, X)],
    "hinge": {"args": [(W, X, S)], "wrt": ("w",)},
    "matrix_factorisation": {"args": [(X, L43[:3, :2], L43, (L43 > 0) * 1.0)], "wrt": (0, 1)},
    "pca_residual": [(W, X)],
    "gaussian_nll": [(Y, S * 0.3, S)],
}
