"""Expectation and maximisation from the gradient of the log-likelihood.

What the E-step has to sum stands in the gradient in what rows are compared with (see `mixtures.objective`). With the
responsibilities r and the whitened differences z = W x - W mu, a component has

- n = sum r = log_scale_bar,
- sum r z = shift_bar,
- sum r z z' = -(whiten_bar W' + shift_bar (W mu)'), since whiten_bar = -sum r z x'.

The M-step is done in the whitened coordinates, where the old component has mean 0 and covariance I: the new one has
mean m = sum r z / n and covariance sum r z z' / n - m m', and the Cholesky factor L of the old covariance takes both
back. These are sums of centred numbers near 1, so that single precision is enough for them.

A. P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from mixtures.likelihood import Array, Parameters, derivatives

#: What is added to the number of rows of a component, so that an empty one can be divided by it.
NO_ROWS = 10 * np.finfo(np.float64).eps

#: With more, what is added to the number of rows makes no difference to a mean.
FEW_ROWS = 1e-3

ILL_DEFINED = (
    "Fitting the mixture model failed because some components have ill-defined empirical covariance (for instance "
    "caused by singleton or collapsed samples). Try to decrease the number of components, increase reg_covar, or "
    "scale the input data."
)


def compared_with(parameters: Parameters, covariance_type: str) -> Parameters:
    """Return what rows are compared with; an error names the component whose covariance is singular."""
    weights, means, covariances = parameters
    with np.errstate(divide="ignore"):  # a component of weight 0 has log-probability -inf
        try:
            if _defined(covariances, covariance_type):
                return derivatives(covariance_type).parameters(weights, means, covariances)
        except np.linalg.LinAlgError:
            pass
    raise ValueError(singular(_first_singular(covariances, covariance_type), covariance_type))


def m_step(
    step: Parameters,
    sums: Parameters,
    parameters: Parameters,
    covariance_type: str,
    learn: Collection[str] = ("weights", "means", "covariances"),
    reg_covar: float = 0.0,
    centre: Array | float = 0.0,
) -> Parameters:
    """Return the parameters of greatest expected log-likelihood, given the sums of the E-step.

    Parameters
    ----------
    step, sums
        What rows were compared with, and the gradient of the log-likelihood in it.
    parameters
        Weights, means and covariances that `step` was made from.
    covariance_type
        As in scikit-learn.
    learn
        Which parameters change.
    reg_covar
        What is added to the diagonals of covariances.
    centre
        Where means are counted from. A component without rows goes to the origin of the data, as scikit-learn's does:
        where it stands it might become the component of one row.
    """
    weights, means, covariances = parameters
    matrices_bar, shift_bar, log_scale_bar = sums
    counts = log_scale_bar + NO_ROWS
    factor = root(covariances, covariance_type)
    moved = shift_bar / counts[:, None] if "means" in learn else np.zeros_like(means)
    if "covariances" in learn:
        covariances = _COVARIANCES[covariance_type](step, sums, counts, moved, factor)
        covariances = covariances + reg_covar * (np.eye(means.shape[1]) if covariance_type in ("full", "tied") else 1.0)
    if "means" in learn:
        to_origin = np.where(counts < FEW_ROWS, NO_ROWS / counts, 0.0)[:, None] * (means + centre)
        means = means + _UNWHITENED[covariance_type](factor, moved) - to_origin
    if "weights" in learn:
        weights = counts / counts.sum()
    return weights, means, covariances


def root(covariances: Array, covariance_type: str) -> Array:
    """Return the Cholesky factors of matrices, the square roots of variances."""
    if covariance_type in ("full", "tied"):
        return np.linalg.cholesky(covariances)
    return np.sqrt(covariances)


def unit_covariances(k: int, d: int, covariance_type: str) -> Array:
    """Return covariances that are all one, in the shape of their type."""
    if covariance_type == "full":
        return np.tile(np.eye(d), (k, 1, 1))
    return {"tied": np.eye(d), "diag": np.ones((k, d)), "spherical": np.ones(k)}[covariance_type]


def _full(step: Parameters, sums: Parameters, counts: Array, moved: Array, factor: Array) -> Array:
    (whiten, shift, _), (whiten_bar, shift_bar, _) = step, sums
    second = -(whiten_bar @ np.swapaxes(whiten, 1, 2) + shift_bar[:, :, None] * shift[:, None, :])
    spread = second / counts[:, None, None] - moved[:, :, None] * moved[:, None, :]
    return _symmetric(factor @ spread @ np.swapaxes(factor, 1, 2))


def _tied(step: Parameters, sums: Parameters, counts: Array, moved: Array, factor: Array) -> Array:
    (whiten, shift, _), (whiten_bar, shift_bar, _) = step, sums
    second = -(whiten_bar @ whiten.T + shift_bar.T @ shift)
    spread = (second - (counts[:, None] * moved).T @ moved) / counts.sum()
    return _symmetric(factor @ spread @ factor.T)


def _diag(step: Parameters, sums: Parameters, counts: Array, moved: Array, factor: Array) -> Array:
    (whiten, shift, _), (whiten_bar, shift_bar, _) = step, sums
    second = -(whiten_bar * whiten + shift_bar * shift)
    return _difference(second / counts[:, None], moved**2) * factor**2


def _spherical(step: Parameters, sums: Parameters, counts: Array, moved: Array, factor: Array) -> Array:
    (whiten, shift, _), (whiten_bar, shift_bar, _) = step, sums
    second = -(whiten_bar * whiten + np.sum(shift_bar * shift, axis=1))
    per_feature: Array = _difference(second / counts, np.sum(moved**2, axis=1)) / moved.shape[1]
    return per_feature * factor**2


_COVARIANCES = {"full": _full, "tied": _tied, "diag": _diag, "spherical": _spherical}

_UNWHITENED = {
    "full": lambda factor, moved: np.einsum("kij,kj->ki", factor, moved),
    "tied": lambda factor, moved: moved @ factor.T,
    "diag": lambda factor, moved: factor * moved,
    "spherical": lambda factor, moved: factor[:, None] * moved,
}


def _difference(second: Array, first: Array) -> Array:
    """Return a variance: where rounding errors would make it negative, their size stands for it."""
    variance: Array = np.maximum(second - first, np.finfo(np.float64).eps * first)
    return variance


def _symmetric(matrices: Array) -> Array:
    symmetric: Array = 0.5 * (matrices + np.swapaxes(matrices, -1, -2))
    return symmetric


def _defined(covariances: Array, covariance_type: str) -> bool:
    return bool(np.all(np.isfinite(covariances)) and (covariance_type in ("full", "tied") or np.all(covariances > 0.0)))


def singular(component: int, covariance_type: str) -> str:
    """Return the message about a singular covariance."""
    if covariance_type == "tied":
        return f"{ILL_DEFINED} The covariance matrix that all components share is singular."
    return f"{ILL_DEFINED} The covariance of component {component} is singular."


def _first_singular(covariances: Array, covariance_type: str) -> int:
    """Return the component whose covariance is at fault."""
    kind = "full" if covariance_type == "full" else "diag"
    for component, covariance in enumerate(covariances if covariance_type != "tied" else []):
        try:
            if _defined(covariance, kind):
                root(covariance, kind)
                continue
        except np.linalg.LinAlgError:
            pass
        return component
    return 0
