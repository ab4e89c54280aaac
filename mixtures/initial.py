"""Where a fit starts: first responsibilities, as scikit-learn draws them, and the parameters that follow from them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mixtures.em import NO_ROWS, compared_with, m_step, unit_covariances
from mixtures.likelihood import Array, Parameters, counted_from
from mixtures.rows import Group, Labels, Rows, likelihood_and_sums

ALL = ("weights", "means", "covariances")


class Given(NamedTuple):
    """Parameters that the user gave to start from, in the coordinates of the data."""

    weights: Array | None = None
    means: Array | None = None
    covariances: Array | None = None


def responsibilities(
    X: Array, row_weights: Array | None, n_components: int, init_params: str, random_state: np.random.RandomState
) -> Array:
    """Return which rows each component starts from, of shape (n, k).

    The random numbers are drawn in scikit-learn's order, so that the same seed gives the same start.
    """
    from sklearn.cluster import KMeans, kmeans_plusplus

    n = len(X)
    shares = np.zeros((n, n_components), X.dtype)
    if init_params == "random":
        shares = random_state.uniform(size=(n, n_components)).astype(X.dtype)
        shares /= shares.sum(axis=1, keepdims=True)
        return shares
    if init_params == "kmeans":
        clusters = KMeans(n_components, n_init=1, random_state=random_state).fit(X, sample_weight=row_weights)
        shares[np.arange(n), clusters.labels_] = 1.0
        return shares
    if init_params == "random_from_data":
        odds = None if row_weights is None else row_weights / row_weights.sum(dtype=np.float64)
        seeds = random_state.choice(n, size=n_components, replace=False, p=odds)
    else:
        _, seeds = kmeans_plusplus(X, n_components, sample_weight=row_weights, random_state=random_state)
    shares[seeds, np.arange(n_components)] = 1.0
    return shares


def with_labels(shares: Array, labels: Labels) -> Array:
    """Return responsibilities in which known labels hold.

    The clusters of unlabelled rows come in any order: each is first given the label that most of its rows have.
    """
    from scipy.optimize import linear_sum_assignment

    known = labels >= 0
    of_label = np.eye(shares.shape[1])[labels[known]]
    _, columns = linear_sum_assignment(of_label.T @ shares[known], maximize=True)
    shares = shares[:, columns]
    shares[known] = of_label
    return shares


def start(
    rows: Rows,
    X: Array,
    shares: Array | None,
    weights: Array,
    given: Given,
    learned: Collection[str],
    n_components: int,
    reg_covar: float,
) -> Parameters:
    """Return the parameters that a fit starts from, with means counted from the centre of the rows.

    What the user gave is taken as it is; what is neither given nor learned is uniform weights and unit covariances.
    """
    found: tuple[Array | None, ...] = (None, None, None)
    if shares is not None:
        found = estimated(rows, X, shares, weights, reg_covar)
    if "weights" not in learned:
        found = (np.full(n_components, 1.0 / n_components), *found[1:])
    if "covariances" not in learned:
        found = (*found[:2], unit_covariances(n_components, X.shape[1], rows.covariance_type))
    chosen = (mine if mine is not None else one for mine, one in zip(given, found, strict=True))
    first_weights, means, covariances = chosen
    assert first_weights is not None and means is not None and covariances is not None
    return first_weights, (means if given.means is None else means - rows.centre), covariances


def estimated(rows: Rows, X: Array, shares: Array, weights: Array, reg_covar: float) -> Parameters:
    """Return weights, means and covariances of rows that belong to components by known shares.

    This is an M-step. For its sums each component in turn is a mixture of its own, with its share in a row as the
    weight of the row: the kernel of EM then gives the sums about the means, which a matrix product gives.

    Where components start from single rows, scikit-learn takes weights that do not sum to one, and counts the squares
    of all rows in a tied matrix. So does this, for the same start.
    """
    d, k = X.shape[1], shares.shape[1]
    shares = shares * weights[:, None]
    counts = shares.sum(axis=0, dtype=np.float64) + NO_ROWS
    away = counted_from(rows.centre.astype(X.dtype), X)
    means = (shares.T @ away) / counts[:, None]
    unit = (np.full(k, 1.0 / k), means, unit_covariances(k, d, rows.covariance_type))
    step = compared_with(unit, rows.covariance_type)
    shared = rows._replace(groups=tuple(Group(away, np.ascontiguousarray(shares[:, c]), c) for c in range(k)))
    _, sums = likelihood_and_sums(shared, step)
    _, means, covariances = m_step(step, sums, unit, rows.covariance_type, reg_covar=reg_covar, centre=rows.centre)
    unshared = weights - shares.sum(axis=1)
    if rows.covariance_type == "tied" and np.abs(unshared).max() > 0.5:
        covariances = covariances + (unshared[:, None] * X).T @ X / counts.sum()
    return counts / rows.total_weight, means, covariances


def checked(value: npt.ArrayLike | None, name: str, shape: tuple[int, ...]) -> Array | None:
    """Return a parameter to start from as an array of the right shape."""
    from sklearn.utils import check_array

    if value is None:
        return None
    array = check_array(value, dtype=[np.float64, np.float32], ensure_2d=False, allow_nd=True)
    if array.shape != shape:
        raise ValueError(f"The parameter '{name}' should have the shape of {shape}, but got {array.shape}")
    return np.asarray(array, np.float64)


def checked_weights(value: npt.ArrayLike | None, n_components: int) -> Array | None:
    """Return weights to start from: numbers from 0 to 1 whose sum is one."""
    weights = checked(value, "weights", (n_components,))
    if weights is None:
        return None
    if np.any(weights < 0.0) or np.any(weights > 1.0):
        # scikit-learn's sentence, which takes the least for the greatest; the weights themselves say what they are.
        raise ValueError(
            "The parameter 'weights' should be in the range [0, 1], but got max value "
            f"{weights.min():.5f}, min value {weights.max():.5f}: the weights are {weights}"
        )
    total = weights.sum()
    if abs(1.0 - total) > (1e-6 if np.asarray(value).dtype == np.float32 else 1e-8):
        raise ValueError(f"The parameter 'weights' should be normalized, but got sum(weights) = {total:.5f}")
    return weights


def checked_covariances(precisions: npt.ArrayLike | None, k: int, d: int, covariance_type: str) -> Array | None:
    """Return the covariances that belong to precisions to start from."""
    shape = unit_covariances(k, d, covariance_type).shape
    array = checked(precisions, f"{covariance_type} precision", shape)
    if array is None:
        return None
    if covariance_type in ("diag", "spherical"):
        if np.any(array <= 0.0):
            raise ValueError(f"'{covariance_type} precision' should be positive")
        return 1.0 / array
    for matrix in array if covariance_type == "full" else [array]:
        if not np.allclose(matrix, matrix.T) or np.any(np.linalg.eigvalsh(matrix) <= 0.0):
            raise ValueError(f"'{covariance_type} precision' should be symmetric, positive-definite")
    inverse = np.linalg.inv(array)
    return 0.5 * (inverse + np.swapaxes(inverse, -1, -2))
