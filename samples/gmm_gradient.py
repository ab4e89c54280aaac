"""A Gaussian mixture fitted from scratch: the log-likelihood, its generated gradient, and L-BFGS driven by it.

`python samples/gmm_gradient.py` prints the gradient that sct wrote and the fit. The parameters may have any values:
weights are the softmax of logits; a factor holds the lower triangle of a matrix W with W'W the inverse of a covariance,
with logarithms on its diagonal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

import sct

if TYPE_CHECKING:
    from jaxtyping import Float


def log_sum_exp(x: Float[np.ndarray, "k n"]):
    top = np.max(x, axis=0)
    return top + np.log(np.sum(np.exp(x - top), axis=0))


def loss(
    logits: Float[np.ndarray, "k"],
    means: Float[np.ndarray, "k d"],
    factors: Float[np.ndarray, "k d d"],
    X: Float[np.ndarray, "n d"],
) -> float:
    """Return minus the average log-likelihood of a row."""
    n, d = X.shape
    log_diagonal = np.diagonal(factors, axis1=1, axis2=2)
    whiten = np.tril(factors, -1) + np.exp(log_diagonal)[:, :, None] * np.eye(d)
    z = whiten @ (X - means[:, None]).swapaxes(1, 2)
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    log_scale = log_weights + np.sum(log_diagonal, axis=1) - 0.5 * d * np.log(2 * np.pi)
    return -np.sum(log_sum_exp(log_scale[:, None] - 0.5 * np.sum(z * z, axis=1))) / n


value_and_grad = sct.value_and_grad(loss, wrt=("logits", "means", "factors"))


def fit(X: np.ndarray, k: int, seed: int = 0) -> tuple[float, list[np.ndarray]]:
    """Return the average log-likelihood of a row, and the parameters that L-BFGS found from random rows as means."""
    rows = np.random.default_rng(seed).choice(X, size=k, replace=False)
    start = [np.zeros(k), rows, np.tile(-np.diag(np.log(X.std(axis=0))), (k, 1, 1))]
    ends = np.cumsum([part.size for part in start])[:-1]

    def parts(vector: np.ndarray) -> list[np.ndarray]:
        return [part.reshape(like.shape) for part, like in zip(np.split(vector, ends), start, strict=True)]

    def flat(vector: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = value_and_grad(*parts(vector), X)
        return value, np.concatenate([bar.ravel() for bar in gradient])

    found = minimize(flat, np.concatenate([part.ravel() for part in start]), jac=True, method="L-BFGS-B")
    return -found.fun, parts(found.x)


def main() -> None:
    print(value_and_grad.source)
    X = np.loadtxt(Path(__file__).with_name("old_faithful.csv"), delimiter=",", skiprows=1)
    log_likelihood, (logits, means, _) = fit(X, 2)
    print(f"log-likelihood {len(X) * log_likelihood:.4f}")
    for weight, mean in zip(np.exp(logits) / np.exp(logits).sum(), means, strict=True):
        print(f"weight {weight:.4f}, mean {mean.round(4)}")


if __name__ == "__main__":
    main()
