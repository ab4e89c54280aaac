"""Order statistics: which element stands where is held fixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from .gathers import gather_bar, positions


def quantile_tangent(
    dx: Any,
    x: Any,
    q: Any,
    axis: Any = None,
    keepdims: bool = False,
    method: Any = "linear",
    skip: bool = False,
    weights: Any = None,
) -> Any:
    """Return the tangent of ``np.quantile(x, q, axis=axis, keepdims=keepdims)``.

    Parameters
    ----------
    dx : ndarray
        The tangent of `x`.
    x : ndarray
        The operand.
    q : float or ndarray
        The quantiles.
    axis, keepdims, method
        As `np.quantile` had them.
    skip : bool
        Whether NaN is left out, as in `np.nanquantile`.
    weights : None or array_like
        As `np.quantile` had them.

    Returns
    -------
    float or ndarray
        The tangent, in the shape of the quantile.
    """
    below, above, share = _neighbours(x, q, axis, keepdims, method, skip, weights)
    flat = np.ravel(dx)
    return (flat[below] * (1 - share) + flat[above] * share)[()]


def quantile_bar(
    y_bar: Any,
    x: Any,
    q: Any,
    axis: Any = None,
    keepdims: bool = False,
    method: Any = "linear",
    skip: bool = False,
    weights: Any = None,
) -> Any:
    """Return the adjoint of `x` in ``np.quantile(x, q, axis=axis, keepdims=keepdims)``.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of the quantile.
    x : ndarray
        The operand.
    q : float or ndarray
        The quantiles.
    axis, keepdims, method
        As `np.quantile` had them.
    skip : bool
        Whether NaN is left out, as in `np.nanquantile`.
    weights : None or array_like
        As `np.quantile` had them.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `x`.
    """
    below, above, share = _neighbours(x, q, axis, keepdims, method, skip, weights)
    return gather_bar(y_bar * (1 - share), x, below) + gather_bar(y_bar * share, x, above)


def _neighbours(x: Any, q: Any, axis: Any, keepdims: bool, method: Any, skip: bool, weights: Any) -> Any:
    """Return the flat positions of the two elements that each quantile lies between, and the share of the second."""
    x, q = np.asarray(x), np.asarray(q)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in np.atleast_1d(axis))
    rows = _as_rows(x, axes)
    order = np.argsort(rows, axis=-1, kind="stable")
    source = np.take_along_axis(_as_rows(positions(x), axes), order, -1)
    counts = np.sum(~np.isnan(rows), -1) if skip else np.full(rows.shape[:-1], rows.shape[-1])  # NaN comes last
    if weights is None:
        at = _places(counts, q, method)
    else:
        at = _weighted_places(rows, order, q, method, skip, _as_rows(_weights_of(x, weights, axes), axes))
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, np.maximum(counts - 1, 0))
    wide = np.broadcast_to(source, (*q.shape, *source.shape))
    below, above = (np.take_along_axis(wide, i[..., None], -1)[..., 0] for i in (low, high))
    shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape)) if keepdims else rows.shape[:-1]
    share = (at - low).astype(x.dtype if x.dtype.kind == "f" else float)
    return tuple(v.reshape((*q.shape, *shape)) for v in (below, above, share))


def _as_rows(x: Any, axes: tuple[int, ...]) -> Any:
    """Return an array in which some axes are one, the last."""
    last = tuple(range(x.ndim - len(axes), x.ndim))
    moved = np.moveaxis(x, axes, last)
    length = int(np.prod(moved.shape[x.ndim - len(axes) :]))
    return moved.reshape((*moved.shape[: x.ndim - len(axes)], length))


def _places(counts: Any, q: Any, method: Any) -> Any:
    """Return where quantiles lie between the elements of sorted rows of so many elements."""
    at = np.zeros((*q.shape, *counts.shape))
    for n in np.unique(counts[counts > 0]):
        # The quantile of the numbers 0, 1, 2, ... is the place between the elements.
        place = np.quantile(np.arange(float(n)), q, method=method)
        at = np.where(counts == n, np.reshape(place, (*q.shape, *(1,) * counts.ndim)), at)
    return at


def _weighted_places(rows: Any, order: Any, q: Any, method: Any, skip: bool, weights: Any) -> Any:
    """Return at which elements of sorted rows weighted quantiles are: the quantiles of the ranks."""
    ranks = np.argsort(order, -1).astype(float)
    if not skip:
        return np.quantile(ranks, q, axis=-1, method=method, weights=weights)
    ranks = np.where(np.isnan(rows), np.nan, ranks)
    return np.nan_to_num(np.nanquantile(ranks, q, axis=-1, method=method, weights=weights))


def _weights_of(x: Any, weights: Any, axes: tuple[int, ...]) -> Any:
    """Return the weight of each element; fewer axes of weights are those that `axes` says."""
    weights = np.asarray(weights)
    if weights.shape == x.shape:
        return weights
    others = [i for i in range(x.ndim) if i not in axes]
    return np.broadcast_to(np.expand_dims(weights.transpose(np.argsort(axes)), others), x.shape)


def first_places(x: Any) -> Any:
    """Return the flat positions of the elements that ``np.unique(x)`` keeps: of equal ones, the first."""
    return np.unique(x, return_index=True)[1]


def sorted_tangent(dx: Any, x: Any, reverse: bool = False) -> Any:
    """Return the tangent of the built-in ``sorted(x, reverse=reverse)``; the keys of a dict have none."""
    if isinstance(x, dict):
        return [0.0] * len(x)
    return [dx[i] for i in sorted(range(len(x)), key=x.__getitem__, reverse=reverse)]


def sorted_bar(y_bar: Any, x: Any, reverse: bool = False) -> Any:
    """Return the adjoint of `x` in the built-in ``sorted(x, reverse=reverse)``."""
    if isinstance(x, dict):
        return dict.fromkeys(x, 0.0)  # its keys were sorted
    bar = [0.0] * len(x)
    for i, place in enumerate(sorted(range(len(x)), key=x.__getitem__, reverse=reverse)):
        bar[place] = y_bar[i]
    return np.array(bar) if isinstance(x, np.ndarray) else bar
