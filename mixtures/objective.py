"""The log-likelihood of a Gaussian mixture, in plain NumPy.

A mixture of k Gaussians has the density p(x) = sum_c pi_c N(x | mu_c, Sigma_c); see C. M. Bishop, "Pattern Recognition
and Machine Learning" (2006), equation 9.7. It is written here in two steps, whose derivatives sct composes:

- ``natural_…`` and ``free_…`` turn parameters into what the rows of the data are compared with. For each component
  these are a matrix W, whose product W'W is the inverse of Sigma, the vector W mu, and the logarithm of what stands
  before the exponential of its density. ``natural_…`` starts from weights, means and covariances, ``free_…`` from
  parameters that may have any values: logits of weights, and means and Cholesky factors of precisions, with the
  logarithms of their diagonals, in coordinates of each component. The base takes rows to these coordinates: where it
  is the unit matrix they are the rows' own.
- ``rows_…`` is the log-likelihood of some rows, so that sums over chunks of rows are exact. Arrays have components
  first and rows last: sums over components and features then run over whole rows of memory.

The covariance types are those of scikit-learn: "full", "tied", "diag" and "spherical". What sct wrote of this file is
in ``mixtures/generated``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

LOG_2_PI = 1.8378770664093453


def log_sum_exp(log_prob: Float[np.ndarray, "k n"]) -> Float[np.ndarray, "n"]:
    """Return the logarithm of the sum over components of exp(log_prob), without overflow."""
    top = np.max(log_prob, axis=0)
    return top + np.log(np.sum(np.exp(log_prob - top), axis=0))


def joint_full(
    X: Float[np.ndarray, "n d"],
    whiten: Float[np.ndarray, "k d d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> Float[np.ndarray, "k n"]:
    """Return log(pi_c N(x | mu_c, Sigma_c)) for components and rows; a component has a covariance matrix of its own."""
    z = whiten @ X.T - shift[:, :, None]
    return log_scale[:, None] - 0.5 * np.sum(z * z, axis=1)


def joint_tied(
    X: Float[np.ndarray, "n d"],
    whiten: Float[np.ndarray, "d d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> Float[np.ndarray, "k n"]:
    """Return log(pi_c N(x | mu_c, Sigma_c)) for components and rows; all components have one covariance matrix."""
    z = whiten @ X.T - shift[:, :, None]
    return log_scale[:, None] - 0.5 * np.sum(z * z, axis=1)


def joint_diag(
    X: Float[np.ndarray, "n d"],
    whiten: Float[np.ndarray, "k d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> Float[np.ndarray, "k n"]:
    """Return log(pi_c N(x | mu_c, Sigma_c)) for components and rows; a component has a variance for each feature."""
    z = whiten[:, :, None] * X.T - shift[:, :, None]
    return log_scale[:, None] - 0.5 * np.sum(z * z, axis=1)


def joint_spherical(
    X: Float[np.ndarray, "n d"],
    whiten: Float[np.ndarray, "k"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> Float[np.ndarray, "k n"]:
    """Return log(pi_c N(x | mu_c, Sigma_c)) for components and rows; a component has one variance."""
    z = whiten[:, None, None] * X.T - shift[:, :, None]
    return log_scale[:, None] - 0.5 * np.sum(z * z, axis=1)


def rows_full(
    X: Float[np.ndarray, "n d"],
    row_weights: Float[np.ndarray, "n"],
    whiten: Float[np.ndarray, "k d d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> float:
    """Return the weighted log-likelihood of rows; a component has a covariance matrix of its own."""
    return np.sum(row_weights * log_sum_exp(joint_full(X, whiten, shift, log_scale)))


def rows_tied(
    X: Float[np.ndarray, "n d"],
    row_weights: Float[np.ndarray, "n"],
    whiten: Float[np.ndarray, "d d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> float:
    """Return the weighted log-likelihood of rows; all components have one covariance matrix."""
    return np.sum(row_weights * log_sum_exp(joint_tied(X, whiten, shift, log_scale)))


def rows_diag(
    X: Float[np.ndarray, "n d"],
    row_weights: Float[np.ndarray, "n"],
    whiten: Float[np.ndarray, "k d"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> float:
    """Return the weighted log-likelihood of rows; a component has a variance for each feature."""
    return np.sum(row_weights * log_sum_exp(joint_diag(X, whiten, shift, log_scale)))


def rows_spherical(
    X: Float[np.ndarray, "n d"],
    row_weights: Float[np.ndarray, "n"],
    whiten: Float[np.ndarray, "k"],
    shift: Float[np.ndarray, "k d"],
    log_scale: Float[np.ndarray, "k"],
) -> float:
    """Return the weighted log-likelihood of rows; a component has one variance."""
    return np.sum(row_weights * log_sum_exp(joint_spherical(X, whiten, shift, log_scale)))


def natural_full(
    weights: Float[np.ndarray, "k"], means: Float[np.ndarray, "k d"], covariances: Float[np.ndarray, "k d d"]
) -> tuple[Float[np.ndarray, "k d d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, W mu and the log scales; the symmetric part of each covariance matrix counts."""
    d = means.shape[1]
    lower = np.linalg.cholesky(0.5 * (covariances + np.swapaxes(covariances, 1, 2)))
    whiten = np.linalg.inv(lower)
    shift = np.einsum("kij,kj->ki", whiten, means)
    log_det = np.sum(np.log(np.diagonal(lower, axis1=1, axis2=2)), axis=1)
    return whiten, shift, np.log(weights) - log_det - 0.5 * d * LOG_2_PI


def natural_tied(
    weights: Float[np.ndarray, "k"], means: Float[np.ndarray, "k d"], covariances: Float[np.ndarray, "d d"]
) -> tuple[Float[np.ndarray, "d d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, W mu and the log scales; the symmetric part of the covariance matrix counts."""
    d = means.shape[1]
    lower = np.linalg.cholesky(0.5 * (covariances + covariances.T))
    whiten = np.linalg.inv(lower)
    log_det = np.sum(np.log(np.diag(lower)))
    return whiten, means @ whiten.T, np.log(weights) - log_det - 0.5 * d * LOG_2_PI


def natural_diag(
    weights: Float[np.ndarray, "k"], means: Float[np.ndarray, "k d"], covariances: Float[np.ndarray, "k d"]
) -> tuple[Float[np.ndarray, "k d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, as its diagonal, W mu and the log scales."""
    d = means.shape[1]
    whiten = 1.0 / np.sqrt(covariances)
    log_det = 0.5 * np.sum(np.log(covariances), axis=1)
    return whiten, whiten * means, np.log(weights) - log_det - 0.5 * d * LOG_2_PI


def natural_spherical(
    weights: Float[np.ndarray, "k"], means: Float[np.ndarray, "k d"], covariances: Float[np.ndarray, "k"]
) -> tuple[Float[np.ndarray, "k"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, as the number on its diagonal, W mu and the log scales."""
    d = means.shape[1]
    whiten = 1.0 / np.sqrt(covariances)
    log_det = 0.5 * d * np.log(covariances)
    return whiten, whiten[:, None] * means, np.log(weights) - log_det - 0.5 * d * LOG_2_PI


def log_softmax(logits: Float[np.ndarray, "k"]) -> Float[np.ndarray, "k"]:
    """Return the logarithms of weights that sum to one."""
    shifted = logits - np.max(logits)
    return shifted - np.log(np.sum(np.exp(shifted)))


def free_full(
    logits: Float[np.ndarray, "k"],
    means: Float[np.ndarray, "k d"],
    factors: Float[np.ndarray, "k d d"],
    base: Float[np.ndarray, "k d d"],
) -> tuple[Float[np.ndarray, "k d d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, W mu and the log scales; in its coordinates W is a lower triangle with exp of its diagonal."""
    d = means.shape[1]
    log_diagonal = np.diagonal(factors, axis1=1, axis2=2)
    whiten = np.tril(factors, -1) + np.exp(log_diagonal)[:, :, None] * np.eye(d)
    shift = np.einsum("kij,kj->ki", whiten, means)
    log_det = np.sum(log_diagonal, axis=1) + np.sum(np.log(np.diagonal(base, axis1=1, axis2=2)), axis=1)
    return whiten @ base, shift, log_softmax(logits) + log_det - 0.5 * d * LOG_2_PI


def free_tied(
    logits: Float[np.ndarray, "k"],
    means: Float[np.ndarray, "k d"],
    factors: Float[np.ndarray, "d d"],
    base: Float[np.ndarray, "d d"],
) -> tuple[Float[np.ndarray, "d d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, W mu and the log scales; in its coordinates W is a lower triangle with exp of its diagonal."""
    d = means.shape[1]
    log_diagonal = np.diag(factors)
    whiten = np.tril(factors, -1) + np.diag(np.exp(log_diagonal))
    log_det = np.sum(log_diagonal) + np.sum(np.log(np.diag(base)))
    return whiten @ base, means @ whiten.T, log_softmax(logits) + log_det - 0.5 * d * LOG_2_PI


def free_diag(
    logits: Float[np.ndarray, "k"],
    means: Float[np.ndarray, "k d"],
    factors: Float[np.ndarray, "k d"],
    base: Float[np.ndarray, "k d"],
) -> tuple[Float[np.ndarray, "k d"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, as its diagonal, W mu and the log scales; in its coordinates the diagonal is exp of the factor."""
    d = means.shape[1]
    whiten = np.exp(factors)
    log_det = np.sum(factors, axis=1) + np.sum(np.log(base), axis=1)
    return whiten * base, whiten * means, log_softmax(logits) + log_det - 0.5 * d * LOG_2_PI


def free_spherical(
    logits: Float[np.ndarray, "k"],
    means: Float[np.ndarray, "k d"],
    factors: Float[np.ndarray, "k"],
    base: Float[np.ndarray, "k"],
) -> tuple[Float[np.ndarray, "k"], Float[np.ndarray, "k d"], Float[np.ndarray, "k"]]:
    """Return W, as one number, W mu and the log scales; in its coordinates the number is exp of the factor."""
    d = means.shape[1]
    whiten = np.exp(factors)
    log_det = d * (factors + np.log(base))
    return whiten * base, whiten[:, None] * means, log_softmax(logits) + log_det - 0.5 * d * LOG_2_PI
