"""What a fitted mixture says of rows: their log-densities, their responsibilities, their most probable components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mixtures.em import compared_with
from mixtures.likelihood import Array, Parameters, chunks, counted_from, derivatives
from mixtures.objective import LOG_2_PI, log_sum_exp
from mixtures.rows import Labels


def step_of(weights: Array, means: Array, precisions_cholesky: Array, covariance_type: str) -> Parameters:
    """Return what rows are compared with, from the Cholesky factors of precisions that a fitted mixture holds."""
    d = means.shape[1]
    with np.errstate(divide="ignore"):  # a component of weight 0 has log-probability -inf
        log_weights = np.log(weights)
    whiten = precisions_cholesky
    if covariance_type == "full":
        whiten = np.swapaxes(precisions_cholesky, 1, 2)
        shift = np.einsum("kij,kj->ki", whiten, means)
        log_det = np.sum(np.log(np.diagonal(whiten, axis1=1, axis2=2)), axis=1)
    elif covariance_type == "tied":
        whiten = precisions_cholesky.T
        shift = means @ precisions_cholesky
        log_det = np.sum(np.log(np.diag(whiten)))
    elif covariance_type == "diag":
        shift = whiten * means
        log_det = np.sum(np.log(whiten), axis=1)
    else:
        shift = whiten[:, None] * means
        log_det = d * np.log(whiten)
    return whiten, shift, log_weights + log_det - 0.5 * d * LOG_2_PI


def log_densities(X: Array, model: Any) -> Array:
    """Return log p(x) of each row."""
    values = [log_sum_exp(joint) for _, joint in _joints(X, *_compared(model))]
    return np.concatenate(values)


def responsibilities(X: Array, model: Any) -> Array:
    """Return the probability of each component given each row, of shape (n, k)."""
    return _shares(X, *_compared(model))


def responsibilities_under(X: Array, parameters: Parameters, covariance_type: str) -> Array:
    """Return the same from weights, means and covariances, for those that no fitted mixture holds."""
    weights, means, covariances = parameters
    centre = means.mean(axis=0)
    return _shares(X, centre, compared_with((weights, means - centre, covariances), covariance_type), covariance_type)


def most_probable(X: Array, model: Any) -> Labels:
    """Return the most probable component of each row."""
    return np.concatenate([joint.argmax(axis=0) for _, joint in _joints(X, *_compared(model))])


def _compared(model: Any) -> tuple[Array, Parameters, str]:
    """Return the centre of the means, what rows that are counted from it are compared with, and the covariance type."""
    centre = model.means_.mean(axis=0)
    kind = model.covariance_type
    return centre, step_of(model.weights_, model.means_ - centre, model.precisions_cholesky_, kind), kind


def _shares(X: Array, centre: Array, step: Parameters, covariance_type: str) -> Array:
    joints = _joints(X, centre, step, covariance_type)
    return np.concatenate([np.exp(joint - log_sum_exp(joint)).T for _, joint in joints])


def _joints(X: Array, centre: Array, step: Parameters, covariance_type: str) -> Iterator[tuple[slice, Array]]:
    """Yield log(pi_c N(x | mu_c, Sigma_c)) on chunks of rows, which are counted from the centre of the means."""
    if X.dtype.kind != "f":
        X = X.astype(np.float64)
    for rows in chunks(X, len(step[1])):
        yield rows, derivatives(covariance_type).joint(counted_from(centre, X[rows]), *step)
