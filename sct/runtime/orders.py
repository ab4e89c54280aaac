"""Order statistics: which element stands where is held fixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from .gathers import gather_bar, positions


def quantile_tangent(
    dx: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False, method: Any = "linear", skip: bool = False
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

    Returns
    -------
    float or ndarray
        The tangent, in the shape of the quantile.
    """
    below, above, share = _neighbours(x, q, axis, keepdims, method, skip)
    flat = np.ravel(dx)
    return (flat[below] * (1 - share) + flat[above] * share)[()]


def quantile_bar(
    y_bar: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False, method: Any = "linear", skip: bool = False
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

    Returns
    -------
    ndarray
        The adjoint, in the shape of `x`.
    """
    below, above, share = _neighbours(x, q, axis, keepdims, method, skip)
    return gather_bar(y_bar * (1 - share), x, below) + gather_bar(y_bar * share, x, above)


def _neighbours(x: Any, q: Any, axis: Any, keepdims: bool, method: Any, skip: bool) -> Any:
    """Return the flat positions of the two elements that each quantile lies between, and the share of the second."""
    x, q = np.asarray(x), np.asarray(q)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in np.atleast_1d(axis))
    last = tuple(range(x.ndim - len(axes), x.ndim))
    rows = np.moveaxis(x, axes, last)
    lead = rows.shape[: x.ndim - len(axes)]
    rows = rows.reshape((*lead, -1))
    order = np.argsort(rows, axis=-1, kind="stable")
    source = np.take_along_axis(np.moveaxis(positions(x), axes, last).reshape(order.shape), order, -1)
    counts = np.sum(~np.isnan(rows), -1) if skip else np.full(lead, rows.shape[-1])  # NaN is sorted to the end
    at = np.zeros((*q.shape, *lead))
    for n in np.unique(counts[counts > 0]):
        # The quantile of the numbers 0, 1, 2, ... is the place between the elements.
        place = np.quantile(np.arange(float(n)), q, method=method)
        at = np.where(counts == n, np.reshape(place, (*q.shape, *(1,) * len(lead))), at)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, np.maximum(counts - 1, 0))
    wide = np.broadcast_to(source, (*q.shape, *source.shape))
    below, above = (np.take_along_axis(wide, i[..., None], -1)[..., 0] for i in (low, high))
    shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape)) if keepdims else lead
    share = (at - low).astype(x.dtype if x.dtype.kind == "f" else float)
    return tuple(v.reshape((*q.shape, *shape)) for v in (below, above, share))


def first_places(x: Any) -> Any:
    """Return the flat positions of the elements that ``np.unique(x)`` keeps: of equal ones, the first."""
    return np.unique(x, return_index=True)[1]


def sorted_tangent(dx: Any, x: Any, reverse: bool = False) -> Any:
    """Return the tangent of the built-in ``sorted(x, reverse=reverse)``."""
    return [dx[i] for i in sorted(range(len(x)), key=x.__getitem__, reverse=reverse)]


def sorted_bar(y_bar: Any, x: Any, reverse: bool = False) -> Any:
    """Return the adjoint of `x` in the built-in ``sorted(x, reverse=reverse)``."""
    bar = [0.0] * len(x)
    for i, place in enumerate(sorted(range(len(x)), key=x.__getitem__, reverse=reverse)):
        bar[place] = y_bar[i]
    return np.array(bar) if isinstance(x, np.ndarray) else bar
