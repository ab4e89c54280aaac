"""The arguments of a fit, validated: rows, their weights and labels, and what the user gave to start from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn import get_config
from sklearn.utils.validation import validate_data

from mixtures import initial
from mixtures.em import unit_covariances
from mixtures.likelihood import Array, Parameters, real
from mixtures.rows import Labels, centred


class Data:
    """What a fit is made from.

    Parameters
    ----------
    model : GaussianMixture
        The estimator, for its settings.
    X, sample_weight, labels
        As for ``GaussianMixture.fit``.

    Raises
    ------
    ValueError
        If an argument does not fit.
    """

    def __init__(
        self, model: Any, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None, labels: npt.ArrayLike | None
    ) -> None:
        self.X: Array = validate_data(model, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        self.kept = self.X
        self.sample_weight: Array | None = None
        self.labels: Labels | None = None
        if labels is not None:
            known = checked_labels(labels, len(self.X), model.n_components)
            self.labels = known if np.any(known >= 0) else None
        if sample_weight is not None:
            self._weigh(row_weights(sample_weight, len(self.X), self.X.dtype))
        n, k = len(self.kept), model.n_components
        if n < k:
            raise ValueError(f"Expected n_samples >= n_components but got n_components = {k}, n_samples = {n}")
        self.weights = np.ones(n, self.X.dtype) if self.sample_weight is None else self.sample_weight
        self.given = given(model, k, self.X.shape[1])
        if "means" not in learned_names(model.learn) and self.given.means is None:
            raise ValueError(f"means are not among learn={model.learn!r} and stay as they are: give means_init")
        _check_array_api(model.init_params)
        self.rows = centred(self.kept, self.weights, self.labels, model.covariance_type)

    def first(self, model: Any, random_state: np.random.RandomState) -> Parameters:
        """Return the parameters of a new start."""
        learned = learned_names(model.learn)
        shares = None
        if any(value is None for name, value in zip(initial.ALL, self.given, strict=True) if name in learned):
            shares = initial.responsibilities(
                self.kept, self.sample_weight, model.n_components, model.init_params, random_state
            )
            if self.labels is not None:
                shares = initial.with_labels(shares, self.labels)
        return initial.start(
            self.rows, self.kept, shares, self.weights, self.given, learned, model.n_components, model.reg_covar
        )

    def last(self, model: Any) -> Parameters:
        """Return the parameters that the last fit ended with."""
        k, d = model.n_components, self.X.shape[1]
        if model.means_.shape != (k, d):
            raise ValueError(
                f"warm_start goes on from means of the shape {model.means_.shape}, but now there are "
                f"{k} components and {d} features: set warm_start=False"
            )
        if model.covariances_.shape != unit_covariances(k, d, model.covariance_type).shape:
            raise ValueError(
                f"warm_start goes on from covariances of the shape {model.covariances_.shape}, but now "
                f"covariance_type is {model.covariance_type!r}: set warm_start=False"
            )
        weights, means, covariances = (
            np.asarray(part, np.float64) for part in (model.weights_, model.means_, model.covariances_)
        )
        return weights, means - self.rows.centre, covariances

    def _weigh(self, weights: Array) -> None:
        """Take row weights; rows of weight zero are left out, as if they were not there."""
        there = weights > 0.0
        self.kept, self.sample_weight = self.X[there], weights[there]
        if self.labels is not None:
            self.labels = self.labels[there]


def given(model: Any, k: int, d: int) -> initial.Given:
    """Return what the user gave to start from."""
    return initial.Given(
        initial.checked_weights(model.weights_init, k),
        initial.checked(model.means_init, "means", (k, d)),
        initial.checked_covariances(model.precisions_init, k, d, model.covariance_type),
    )


def learned_names(learn: Any) -> tuple[str, ...]:
    """Return which parameters are learned."""
    names = (learn,) if isinstance(learn, str) else tuple(learn)
    if not names or not set(names) <= set(initial.ALL):
        raise ValueError(f"learn is {learn!r}: it must hold one or more of 'weights', 'means' and 'covariances'")
    return tuple(name for name in initial.ALL if name in names)


def _check_array_api(init_params: str) -> None:
    """Refuse what scikit-learn refuses while arrays of other libraries are let through."""
    allowed = ["random", "random_from_data"]
    if get_config()["array_api_dispatch"] and init_params not in allowed:
        raise NotImplementedError(
            f"Allowed `init_params` are {allowed} if 'array_api_dispatch' is enabled. You passed "
            f"init_params={init_params!r}."
        )


def row_weights(sample_weight: npt.ArrayLike, n: int, dtype: np.dtype[Any]) -> Array:
    """Return weights of rows: finite numbers, none of them negative and not all zero."""
    weights = real("sample_weight", sample_weight, dtype)
    if weights.shape != (n,):
        raise ValueError(f"sample_weight has the shape {weights.shape}: it must be ({n},), a number for each row")
    if not np.all(np.isfinite(weights)) or np.any(weights < 0.0):
        raise ValueError("sample_weight has values that are negative or not finite: a row counts 0 times or more")
    if not np.any(weights > 0.0):
        raise ValueError("sample_weight is zero everywhere: there are no rows to learn from")
    return weights


def checked_labels(labels: npt.ArrayLike, n: int, n_components: int) -> Labels:
    """Return the known components of rows."""
    array = np.asarray(labels)
    if array.shape != (n,):
        raise ValueError(f"labels has the shape {array.shape}: it must be ({n},), a component or -1 for each row")
    if array.dtype.kind not in "biuf" or not np.all(np.isfinite(array)) or np.any(array != np.floor(array)):
        raise ValueError("labels has values that are not whole numbers: number the components 0, 1, 2, …")
    if np.any(array < -1) or np.any(array >= n_components):
        raise ValueError(
            f"labels has values from {array.min():.0f} to {array.max():.0f}: they must be -1, for unknown, "
            f"or from 0 to {n_components - 1}, as there are {n_components} components"
        )
    return array.astype(np.intp)
