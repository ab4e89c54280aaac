"""Derivatives of running sums and products, of differences and of quadrature."""

from __future__ import annotations

from typing import Any

import numpy as np

from .gathers import positions
from .shapes import reshape_like


def cumsum_bar(y_bar: Any, x: Any, axis: Any = None) -> Any:
    """Return the adjoint of `x` in ``np.cumsum(x, axis=axis)``: sums from the end."""
    sums = np.cumsum(y_bar[::-1])[::-1] if axis is None else np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis)
    return reshape_like(sums, x)  # it makes a vector of a number


def diff_bar(y_bar: Any, x: Any, n: int = 1, axis: int = -1) -> Any:
    """Return the adjoint of `x` in ``np.diff(x, n, axis)``."""
    if n == 0:
        return np.array(y_bar)
    ends = [(0, 0)] * np.ndim(y_bar)
    ends[axis] = (1, 1)
    for _ in range(n):
        y_bar = -np.diff(np.pad(y_bar, ends), axis=axis)
    # Where there were too few elements for a difference there is none to give back.
    return y_bar if np.shape(y_bar) == np.shape(x) else np.zeros(np.shape(x), y_bar.dtype)


def shifted(y: Any, axis: Any = None, first: float = 0.0) -> Any:
    """Return `y` moved on by one place along `axis`, with `first` in front; the last entry drops out."""
    moved = np.array(y)
    along = np.moveaxis(moved, axis or 0, 0)
    along[1:] = along[:-1].copy()
    along[:1] = first
    return moved


def shifted_back(y: Any, axis: Any = None) -> Any:
    """Return `y` moved back by one place along `axis`, with zero at the end; the first entry drops out."""
    moved = np.array(y)
    along = np.moveaxis(moved, axis or 0, 0)
    along[:-1] = along[1:].copy()
    along[-1:] = 0
    return moved


def recurrence(s: Any, x: Any, axis: Any = None) -> Any:
    """Return r with ``r[i] = s[i] + x[i] * r[i - 1]`` along `axis`: the tangent of a running product.

    Parameters
    ----------
    s : ndarray
        What is added; of the shape of `x`, a vector where `axis` is None.
    x : ndarray
        The factors; flattened where `axis` is None.
    axis : int or None
        Along which axis.

    Returns
    -------
    ndarray
        r, in the shape of `s`.
    """
    r = np.array(s, np.result_type(s, x))
    along = np.moveaxis(r, axis or 0, 0)
    factors = np.ravel(x) if axis is None else np.moveaxis(np.atleast_1d(x), axis, 0)
    for i in range(1, len(along)):
        along[i] += factors[i] * along[i - 1]
    return r


def recurrence_bar(s: Any, x: Any, axis: Any = None) -> Any:
    """Return r with ``r[i] = s[i] + x[i + 1] * r[i + 1]`` along `axis`: the transpose of `recurrence`."""
    r = np.array(s, np.result_type(s, x))
    along = np.moveaxis(r, axis or 0, 0)
    factors = np.ravel(x) if axis is None else np.moveaxis(np.atleast_1d(x), axis, 0)
    for i in range(len(along) - 2, -1, -1):
        along[i] += factors[i + 1] * along[i + 1]
    return r


def gradient_bar(y_bar: Any, f: Any, h: Any = (), axis: Any = None, edge_order: Any = 1) -> Any:
    """Return the adjoint of `f` in ``np.gradient(f, *h, axis=axis, edge_order=edge_order)``.

    Parameters
    ----------
    y_bar : ndarray or sequence of ndarray
        The adjoint of the result: one array an axis.
    f : ndarray
        The operand.
    h : tuple of float or ndarray
        The spacing, or the coordinates: none for 1, one for all axes, or one an axis.
    axis, edge_order
        As `np.gradient` had them.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `f`.
    """
    axes = tuple(range(np.ndim(f))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    spacings = h if len(h) > 1 else (*h, 1.0)[:1] * len(axes)
    bars = y_bar if isinstance(y_bar, (list, tuple)) else [y_bar]
    total = np.zeros(np.shape(f), np.result_type(f, *bars, np.float16))  # no integers
    for k, bar, spacing in zip(axes, bars, spacings, strict=True):
        t, out = np.moveaxis(bar, k, 0), np.moveaxis(total, k, 0)
        place = np.arange(len(t))
        # A row of the matrix reaches two places at most, so that every fifth column can be tried at once.
        for c in range(min(5, len(t))):
            rows = np.gradient((place % 5 == c).astype(t.dtype), spacing, edge_order=edge_order)
            parts = np.reshape(rows, (-1,) + (1,) * (t.ndim - 1)) * t
            out[c::5] += np.add.reduceat(parts, np.maximum(place[c::5] - 2, 0), axis=0)
    return total


def last_axis(x: Any, y: Any, axis: int = -1) -> Any:
    """Return `x` with `axis` last where it has the rank of `y`; a vector of points is as it is."""
    return np.moveaxis(x, axis, -1) if np.ndim(x) == np.ndim(y) else x


def first_axis(x: Any, y: Any, axis: int = -1) -> Any:
    """Return `x` with its last axis at `axis` where it has the rank of `y`: the opposite of `last_axis`."""
    return np.moveaxis(x, -1, axis) if np.ndim(x) == np.ndim(y) else x


def along(w: Any, a: Any, axis: Any = None) -> Any:
    """Return the weights `w` of an average of `a`, of the rank of `a`: a vector lies along `axis`."""
    if axis is None or np.ndim(w) == np.ndim(a):
        return w
    return np.reshape(w, [-1 if i == axis % np.ndim(a) else 1 for i in range(np.ndim(a))])


def slab(v: Any, a: Any, axis: int = -1) -> Any:
    """Return `v` as it is joined to `a` along `axis` in `np.diff`: a number stands for one slab of them."""
    if np.ndim(v):
        return v
    shape = list(np.shape(a))
    shape[axis] = 1
    return np.broadcast_to(v, shape).copy()


def running_places(x: Any, y: Any, axis: int = 0) -> Any:
    """Return the flat positions of the elements of `x` that are the running extremes `y` along `axis`."""
    x = np.asarray(x)
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    along_axis = np.arange(x.shape[axis]).reshape(shape)
    last = np.maximum.accumulate(np.where(np.equal(x, y), along_axis, 0), axis)
    return np.take_along_axis(positions(x), last, axis)


def reduceat_bar(s: Any, x: Any, indices: Any, axis: int | None = 0) -> Any:
    """Return the adjoint of `x` in ``np.add.reduceat(x, indices, axis)``."""
    axis = 0 if axis is None else axis  # of a vector, the only one
    bar = np.zeros(np.shape(x), np.asarray(s).dtype)
    rows, sums = np.moveaxis(bar, axis, 0), np.moveaxis(s, axis, 0)
    ends = [*indices[1:], len(rows)]
    for i, (start, end) in enumerate(zip(indices, ends, strict=True)):
        rows[start : max(end, start + 1)] += sums[i]
    return bar


def product_at(x: Any, index: Any, v: Any) -> Any:
    """Return what ``np.multiply.at(x, index, v)`` multiplies each element of `x` by."""
    factors = np.ones(np.shape(x), np.asarray(v).dtype)
    np.multiply.at(factors, index, v)
    return factors


def product_slope(x: Any, index: Any, v: Any) -> Any:
    """Return for each factor the product of the others of its element in ``product_at(x, index, v)``."""
    zero = np.equal(v, 0)
    zeros = np.zeros(np.shape(x), int)
    np.add.at(zeros, index, zero)
    rest = product_at(x, index, np.where(zero, 1, v))[index]
    return np.where(zeros[index] - zero > 0, 0, rest / np.where(zero, 1, v))
