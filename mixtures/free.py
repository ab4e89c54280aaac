"""The parameters of a mixture as one vector of numbers that may have any values, for solvers that use gradients.

The vector holds the logits of weights, means, and Cholesky factors of precisions with the logarithms of their diagonals
(see `mixtures.objective`). Means and factors are those in the coordinates in which a component starts with covariance
I, so that correlated features and different units make no difference. Each number is divided by a scale, so that all
are of order one: the standard deviation, times the root of n, that it would have if the rows of components were known.
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

#: Components with smaller weights have the scales of this one.
LEAST_WEIGHT = 1e-3


class FreeParameters:
    """What stands in the vector, and how to come from it to parameters and to the log-likelihood.

    Parameters
    ----------
    rows : Rows
        The rows of the fit.
    parameters : Parameters
        The start: it gives the coordinates, the scales, and what is not learned.
    settings : GaussianMixture
        For learn and reg_covar.
    """

    def __init__(self, rows: Rows, parameters: Parameters, settings: Any) -> None:
        self.rows = rows
        rounding = np.finfo(rows.dtype).eps * max(float(np.abs(group.X).max()) for group in rows.groups)
        self.least_variance = max(settings.reg_covar, rounding**2)
        self.known = derivatives(rows.covariance_type, free=True)
        self.start = parameters
        weights, _, covariances = parameters
        self.base, whitened, _ = compared_with(parameters, rows.covariance_type)
        logits = np.log(np.maximum(weights, np.finfo(np.float64).tiny))
        self.parts: list[Array] = [logits, np.asarray(whitened, np.float64), np.zeros(covariances.shape)]
        self.scales = self._scales(np.maximum(weights, LEAST_WEIGHT), whitened.shape[1])
        self.matrices = rows.covariance_type in ("full", "tied")
        self.masks = [np.ones(part.shape, bool) for part in self.parts]
        if self.matrices:
            self.masks[2] = np.tril(self.masks[2])
        self.chosen = [i for i, name in enumerate(NAMES) if name in learned_names(settings.learn)]

    def vector(self) -> Array:
        """Return the start."""
        return self._packed([part / scale for part, scale in zip(self.parts, self.scales, strict=True)])

    def natural(self, vector: Array) -> Parameters:
        """Return weights, means and covariances."""
        logits, whitened, factors = self._unpacked(vector)
        matrices, shift, _ = self.known.parameters(logits, whitened, factors, self.base)
        weights = np.exp(objective.log_softmax(logits))
        if self.rows.covariance_type in ("full", "tied"):
            inverse = np.linalg.inv(matrices)
            means, covariances = np.einsum("...ij,...j->...i", inverse, shift), inverse @ np.swapaxes(inverse, -1, -2)
        else:
            means, covariances = shift / matrices.reshape(len(shift), -1), matrices**-2.0
        found = weights, means, covariances
        return tuple(found[i] if i in self.chosen else self.start[i] for i in range(3))  # type: ignore[return-value]

    def value_and_grad(self, vector: Array) -> tuple[float, Array]:
        """Return the average log-likelihood and its gradient."""
        parts = self._unpacked(vector)
        total, sums = likelihood_and_sums(self.rows, self.known.parameters(*parts, self.base))
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
        room = -0.5 * np.log(self.least_variance) - np.log(self._diagonals(self.base))
        if self.matrices:
            upper[2][..., range(room.shape[-1]), range(room.shape[-1])] = room
        else:
            upper[2] = room
        upper[2] = upper[2] / self.scales[2]
        return [(None, None if np.isinf(high) else float(high)) for high in self._packed(upper)]

    def collapsed(self, vector: Array) -> int | None:
        """Return a component with the least variance."""
        logs = self._diagonals(self._unpacked(vector)[2]) + np.log(self._diagonals(self.base))
        at = np.argwhere(logs >= -0.5 * np.log(self.least_variance) - 1e-9)
        return int(at[0, 0]) if len(at) else None

    def _gradient(self, parts: Sequence[Array], sums: Parameters) -> Array:
        _, bars = self.known.parameters_vjp(*parts, self.base, sums)
        return (
            self._packed([bar * scale for bar, scale in zip(bars, self.scales, strict=True)]) / self.rows.total_weight
        )

    def _diagonals(self, factors: Array) -> Array:
        return np.diagonal(factors, axis1=-2, axis2=-1) if self.matrices else factors

    def _scales(self, weights: Array, d: int) -> list[Array]:
        """Return the scales, in the shapes of the parts."""
        each = weights**-0.5
        unit = np.eye(d)
        factors = {
            "full": each[:, None, None] * (1.0 + (np.sqrt(0.5) - 1.0) * unit),
            "tied": 1.0 + (np.sqrt(0.5) - 1.0) * unit,
            "diag": np.tile(np.sqrt(0.5) * each[:, None], (1, d)),
            "spherical": np.sqrt(0.5 / d) * each,
        }
        return [each, np.tile(each[:, None], (1, d)), factors[self.rows.covariance_type]]

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
