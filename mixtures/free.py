"""The parameters of a mixture as one vector of numbers that may have any values, for solvers that use gradients.

The vector holds the logits of weights, means, and Cholesky factors of precisions with the logarithms of their diagonals
(see `mixtures.objective`). Each number is divided by a scale, so that all are of order one however large the features,
their units or the components are: the scales are the standard deviations that the parameters of a component would have
if its rows were known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mixtures import objective
from mixtures.data import learned_names
from mixtures.em import compared_with
from mixtures.likelihood import Array, Parameters, derivatives
from mixtures.rows import Rows, likelihood_and_sums

NAMES = ("weights", "means", "covariances")


class FreeParameters:
    """What stands in the vector, and how to come from it to parameters and to the log-likelihood.

    Parameters
    ----------
    rows : Rows
        The rows of the fit.
    parameters : Parameters
        The start: it gives the scales, and what is not learned.
    settings : GaussianMixture
        For learn and reg_covar.
    """

    def __init__(self, rows: Rows, parameters: Parameters, settings: Any) -> None:
        self.rows = rows
        rounding = np.finfo(rows.dtype).eps * max(float(np.abs(group.X).max()) for group in rows.groups)
        self.least_variance = max(settings.reg_covar, rounding**2)
        self.known = derivatives(rows.covariance_type, free=True)
        weights, means, covariances = parameters
        matrices = compared_with(parameters, rows.covariance_type)[0]
        logits = np.log(np.maximum(weights, np.finfo(np.float64).tiny))
        self.parts: list[Array] = [np.asarray(part, np.float64) for part in (logits, means, self._factors(matrices))]
        self.scales = self._scales(np.maximum(weights, 1e-3), means, covariances)
        d = means.shape[1]
        self.masks = [np.ones(part.shape, bool) for part in self.parts]
        if rows.covariance_type in ("full", "tied"):
            self.masks[2] &= np.tril(np.ones((d, d), bool))
        self.chosen = [i for i, name in enumerate(NAMES) if name in learned_names(settings.learn)]

    def vector(self) -> Array:
        """Return the start."""
        return self._packed([part / scale for part, scale in zip(self.parts, self.scales, strict=True)])

    def natural(self, vector: Array) -> Parameters:
        """Return weights, means and covariances."""
        logits, means, factors = self._unpacked(vector)
        matrices = self.known.parameters(logits, means, factors)[0]
        if self.rows.covariance_type in ("full", "tied"):
            inverse = np.linalg.inv(matrices)
            covariances = inverse @ np.swapaxes(inverse, -1, -2)
        else:
            covariances = matrices**-2.0
        return np.exp(objective.log_softmax(logits)), means, covariances

    def value_and_grad(self, vector: Array) -> tuple[float, Array]:
        """Return the average log-likelihood and its gradient."""
        parts = self._unpacked(vector)
        total, sums = likelihood_and_sums(self.rows, self.known.parameters(*parts))
        return total / self.rows.total_weight, self._gradient(parts, sums)

    def norm(self, sums: Parameters) -> float:
        """Return the greatest slope of the average log-likelihood at the start, given the sums of the E-step."""
        return self.projected_norm(self.vector(), self._gradient(self.parts, sums))

    def projected_norm(self, vector: Array, gradient: Array) -> float:
        """Return the greatest slope that the bounds leave room for."""
        upper = np.array([np.inf if high is None else high for _, high in self.bounds()])
        return float(np.max(np.abs(np.where((vector >= upper) & (gradient > 0.0), 0.0, gradient)), initial=0.0))

    def bounds(self) -> list[tuple[None, float | None]]:
        """Return the bounds of the vector: no variance, given the features before, falls below the least."""
        upper = [np.full(part.shape, np.inf) for part in self.parts]
        limit = -0.5 * np.log(self.least_variance) / self.scales[2]
        if self.rows.covariance_type in ("full", "tied"):
            limit = np.where(np.eye(limit.shape[-1], dtype=bool), limit, np.inf)
        upper[2] = limit
        return [(None, None if np.isinf(high) else float(high)) for high in self._packed(upper)]

    def collapsed(self, vector: Array) -> int | None:
        """Return a component with the least variance."""
        factors = self._unpacked(vector)[2]
        if self.rows.covariance_type in ("full", "tied"):
            factors = np.diagonal(factors, axis1=-2, axis2=-1)
        at = np.argwhere(factors >= -0.5 * np.log(self.least_variance) * (1.0 - 1e-9))
        return int(at[0, 0]) if len(at) else None

    def _gradient(self, parts: Sequence[Array], sums: Parameters) -> Array:
        _, bars = self.known.parameters_vjp(*parts, sums)
        return (
            self._packed([bar * scale for bar, scale in zip(bars, self.scales, strict=True)]) / self.rows.total_weight
        )

    def _factors(self, matrices: Array) -> Array:
        if self.rows.covariance_type in ("full", "tied"):
            unit = np.eye(matrices.shape[-1])
            return np.tril(matrices, -1) + unit * np.log(np.where(unit > 0.0, matrices, 1.0))
        return np.log(matrices)

    def _scales(self, weights: Array, means: Array, covariances: Array) -> list[Array]:
        k, d = means.shape
        kind = self.rows.covariance_type
        logits = 1.0 / np.sqrt(weights)
        if kind == "full":
            deviations = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
        elif kind == "tied":
            deviations = np.tile(np.sqrt(np.diag(covariances)), (k, 1))
        else:
            deviations = np.sqrt(np.broadcast_to(covariances if kind == "diag" else covariances[:, None], (k, d)))
        unit = np.eye(d)
        if kind == "full":
            factors = logits[:, None, None] * (unit * np.sqrt(0.5) + (1.0 - unit) / deviations[:, None, :])
        elif kind == "tied":
            factors = unit * np.sqrt(0.5) + (1.0 - unit) / deviations[0]
        elif kind == "diag":
            factors = np.tile(logits[:, None] * np.sqrt(0.5), (1, d))
        else:
            factors = logits * np.sqrt(0.5 / d)
        return [logits, deviations * logits[:, None], factors]

    def _packed(self, parts: Sequence[Array]) -> Array:
        return np.concatenate([np.asarray(parts[i])[self.masks[i]] for i in self.chosen] or [np.zeros(0)])

    def _unpacked(self, vector: Array) -> list[Array]:
        parts, begin = list(self.parts), 0
        for i in self.chosen:
            size = int(self.masks[i].sum())
            part = np.zeros(self.parts[i].shape)
            part[self.masks[i]] = vector[begin : begin + size] * self.scales[i][self.masks[i]]
            parts[i] = part
            begin += size
        return parts
