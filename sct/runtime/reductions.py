"""Derivatives of reductions and of running sums."""

from __future__ import annotations

from typing import Any

import numpy as np


def max_share(
    y_bar: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """Give the adjoint of a maximum or minimum to the elements that attain it, in equal shares.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of ``np.max(x, axis=axis, keepdims=keepdims)`` (or ``np.min``).
    y : float or ndarray
        Its value.
    x : float or ndarray
        Its operand.
    axis, keepdims, initial, where
        As the reduction had them.

    Returns
    -------
    float or ndarray
        The contribution to the adjoint of `x`.
    """
    x = np.asarray(x)
    if not x.ndim and initial is None:
        return +y_bar
    if axis is not None and not keepdims and x.ndim:
        y_bar, y = np.expand_dims(y_bar, axis), np.expand_dims(y, axis)
    attained = _attained(x, y, where)
    n = attained.sum(axis=axis, keepdims=True) if axis is not None else np.count_nonzero(attained)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(float)
    share = attained.astype(dtype)
    share *= y_bar / _with_first(n, y, initial)
    return share if share.ndim else dtype.type(share)


def _attained(x: Any, y: Any, where: Any) -> Any:
    """Return which elements attain their maximum; NaN does."""
    attained = (x == y) | (x != x)
    return attained if where is True else attained & where


def _with_first(n: Any, y: Any, initial: Any) -> Any:
    """Return how many attain a maximum with the first value, which counts as one more element."""
    return n if initial is None else np.maximum(n + (y == initial), 1)


def deviations(a: Any, axis: Any = None, where: Any = True) -> Any:
    """Return the deviations of `a` from its means along `axis`, and zero where the mask `where` leaves an element out.

    They are centred twice: of elements that are equal, the rounding error of their mean is left after the first time,
    and a standard deviation, which is as small then, would be divided into it (T. F. Chan, G. H. Golub & R. J. LeVeque,
    Algorithms for computing the sample variance, The American Statistician 37, 1983: the corrected two-pass algorithm).
    """
    for _ in range(2):
        a = np.subtract(a, np.mean(a, axis=axis, keepdims=True, where=where))
        if where is not True:
            a = np.where(where, a, a.dtype.type(0))
    return a


def attaining(y: Any, x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """Return how many elements attain each maximum `y`, in its shape, as floats of its precision."""
    x = np.asarray(x)
    wide = y if axis is None or keepdims or not x.ndim else np.expand_dims(y, axis)
    n = _with_first(_attained(x, wide, where).sum(axis=axis, keepdims=keepdims), y, initial)
    return n.astype(x.dtype if x.dtype.kind == "f" else float)


def max_tangent(
    dx: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """Return the tangent of a maximum or minimum: the mean over the elements that attain it.

    Parameters
    ----------
    dx : float or ndarray
        The tangent of `x`.
    y : float or ndarray
        The value of ``np.max(x, axis=axis, keepdims=keepdims)`` (or ``np.min``).
    x : float or ndarray
        Its operand.
    axis, keepdims, initial, where
        As the reduction had them.

    Returns
    -------
    float or ndarray
        The tangent, in the shape of `y`.
    """
    x = np.asarray(x)
    wide = y if axis is None or keepdims or not x.ndim else np.expand_dims(y, axis)
    attained = _attained(x, wide, where)
    total = np.where(attained, dx, 0.0).sum(axis=axis, keepdims=keepdims)
    mean = total / _with_first(attained.sum(axis=axis, keepdims=keepdims), y, initial)
    return mean.astype(x.dtype) if x.dtype.kind == "f" else mean


def others(x: Any, axis: Any = None) -> Any:
    """Return for each element of `x` the product of all the others along `axis`: the derivative of ``np.prod``.

    Parameters
    ----------
    x : float or ndarray
        The operand; zeros are fine.
    axis : None, int or tuple of int
        As the product had it.

    Returns
    -------
    float or ndarray
        The products, in the shape of `x`.
    """
    x = np.asarray(x)
    if not x.ndim or axis == ():
        return np.ones_like(x)[()]
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, tuple(axes), last)
    flat = moved.reshape((*moved.shape[: x.ndim - len(axes)], -1)) if x.size else moved
    before, after = np.ones_like(flat), np.ones_like(flat)
    np.cumprod(flat[..., :-1], axis=-1, out=before[..., 1:])
    np.cumprod(flat[..., :0:-1], axis=-1, out=after[..., -2::-1])
    return np.moveaxis((before * after).reshape(moved.shape), last, tuple(axes))


def others_slope(s: Any, x: Any, axis: Any = None) -> Any:
    """Return the second derivative of ``np.prod`` times `s`: the derivative of `others` in the direction `s`.

    Parameters
    ----------
    s : float or ndarray
        A tangent, or an adjoint, in the shape of `x`: the second derivative is symmetric.
    x : float or ndarray
        The operand of the product; zeros are fine.
    axis : None, int or tuple of int
        As the product had it.

    Returns
    -------
    float or ndarray
        The derivative, in the shape of `x`.
    """
    return _others(x, axis, s)


def others_curve(s: Any, t: Any, x: Any, axis: Any = None) -> Any:
    """Return the third derivative of ``np.prod`` times `s` and `t`: the derivative of `others_slope`.

    Parameters
    ----------
    s, t : float or ndarray
        Tangents or adjoints in the shape of `x`: the third derivative is symmetric.
    x : float or ndarray
        The operand of the product; zeros are fine.
    axis : None, int or tuple of int
        As the product had it.

    Returns
    -------
    float or ndarray
        The derivative, in the shape of `x`.
    """
    return _others(x, axis, s, t)


def _others(x: Any, axis: Any, *directions: Any) -> Any:
    """Differentiate `others` in the given directions, one after the other."""
    x = np.asarray(x)
    if not x.ndim or not x.size or axis == ():
        return np.zeros(x.shape, np.result_type(x, *directions, np.float16))[()]
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, tuple(axes), last)
    rows = (*moved.shape[: x.ndim - len(axes)], -1)
    u, *d = (np.moveaxis(np.asarray(v), tuple(axes), last).reshape(rows) for v in (x, *directions))
    slope = np.zeros(u.shape, np.result_type(u, *d, np.float16))
    for j in range(u.shape[-1]):
        # The direction's entry j stands for x[j] in the product of the others than i, for every other i.
        rest = [np.delete(v, j, -1) for v in (u, *d[1:])]
        product = _others(rest[0], u.ndim - 1, *rest[1:]) if d[1:] else others(rest[0], u.ndim - 1)
        slope[..., np.arange(u.shape[-1]) != j] += product * d[0][..., j : j + 1]
    return np.moveaxis(slope.reshape(moved.shape), last, tuple(axes))
