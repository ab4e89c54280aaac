"""The helpers that generated code may call: small, documented, differentiable themselves.

Generated code needs NumPy and these. With ``--standalone`` the text of each helper that is used is copied into the
generated file, so a helper reads nothing but `np` and other helpers of this file.

A *structure* is a number, an array, or a list, tuple or dict of structures. ``s`` is a seed: a tangent or an adjoint
that a partial derivative scales. Helpers that scale a seed return zero where the seed is exactly zero, also where
the partial derivative is infinite.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "add",
    "as_list",
    "astype_like",
    "check_seed",
    "check_tangent",
    "column_split_like",
    "count",
    "cumsum_bar",
    "diag_bar",
    "diff_bar",
    "dot_bar_left",
    "dot_bar_right",
    "exceeds",
    "exponent_slope",
    "finish",
    "first_max_bar",
    "first_max_tangent",
    "first_min_bar",
    "first_min_tangent",
    "hsplit_like",
    "inner_bar_left",
    "inner_bar_right",
    "last_writes",
    "like",
    "matmul_bar_left",
    "matmul_bar_right",
    "max_share",
    "max_tangent",
    "members",
    "others",
    "others_curve",
    "others_slope",
    "over",
    "power_slope",
    "put_back",
    "repeat_bar",
    "require_array",
    "require_distinct",
    "require_float",
    "require_members",
    "require_scalar",
    "require_scalar_result",
    "require_view",
    "save",
    "scatter",
    "sign",
    "split_like",
    "spread",
    "sum_bar",
    "take_add",
    "tile_bar",
    "times",
    "unbroadcast",
    "vsplit_like",
    "written",
    "zeros_like",
    "zeros_mirror",
]


# Shapes


def unbroadcast(v: Any, x: Any) -> Any:
    """Sum an adjoint over the axes along which its operand was broadcast.

    Parameters
    ----------
    v : float or ndarray
        A contribution in the shape of the result.
    x : float or ndarray
        The operand.

    Returns
    -------
    float or ndarray
        `v` itself where it already has the shape of `x`, else a fresh sum of that shape.
    """
    if type(x) is float or type(x) is int:
        return v.sum() if isinstance(v, np.ndarray) else v
    shape = np.shape(x)
    v_shape = np.shape(v)
    if v_shape == shape:
        return v
    if len(v_shape) < len(shape):
        v = np.broadcast_to(v, np.broadcast_shapes(v_shape, shape))
    extra = np.ndim(v) - len(shape)
    stretched = tuple(extra + i for i, n in enumerate(shape) if n == 1 and v.shape[extra + i] != 1)
    if stretched or extra:
        v = v.sum(axis=(*range(extra), *stretched), keepdims=True)
        return v.reshape(shape) if shape else v.reshape(())[()]
    return np.array(v)


def like(dx: Any, y: Any) -> Any:
    """Broadcast a tangent to the shape of the value it belongs to.

    Parameters
    ----------
    dx : float or ndarray
        A tangent of a shape that broadcasts to that of `y`.
    y : float or ndarray
        The value.

    Returns
    -------
    float or ndarray
        `dx` itself where the shapes agree, else a fresh array.
    """
    if type(y) is float:
        return dx
    shape = np.shape(y)
    if np.shape(dx) == shape:
        return dx
    if isinstance(y, np.ndarray) and y.dtype.kind == "f" and isinstance(dx, (int, float)):
        return np.full(shape, dx, y.dtype if type(dx) is float else None)
    return np.broadcast_to(dx, shape).copy() if shape else np.reshape(dx, ())[()]


def spread(y_bar: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Give every element of `x` the adjoint of the sum it went into.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of ``np.sum(x, axis=axis, keepdims=keepdims)``.
    x : float or ndarray
        The operand of the sum.
    axis, keepdims
        As the sum had them.

    Returns
    -------
    float or ndarray
        A fresh array of the shape of `x`; the adjoint itself where `x` is a number.
    """
    shape = np.shape(x)
    if not shape:
        return y_bar
    if type(y_bar) is float and isinstance(x, np.ndarray):
        return np.full(shape, y_bar, x.dtype if x.dtype.kind == "f" else float)
    if axis is not None and not keepdims:
        y_bar = np.expand_dims(y_bar, axis)
    return np.broadcast_to(y_bar, shape).copy()


def count(x: Any, axis: Any = None) -> Any:
    """Return how many elements of `x` each element of a reduction along `axis` is made of."""
    if axis is None:
        return np.size(x)
    shape = np.shape(x)
    n = 1
    for i in axis if isinstance(axis, tuple) else (axis,):
        n *= shape[i]
    return n


# Scaling a seed by a partial derivative


def over(s: Any, d: Any) -> Any:
    """Return ``s / d``, and zero where `s` is exactly zero, whatever `d` is.

    Division by zero gives an infinity, for Python floats too.

    Parameters
    ----------
    s : float or ndarray
        The seed, times a numerator.
    d : float or ndarray
        The denominator.

    Returns
    -------
    float or ndarray
        The quotient.
    """
    if isinstance(s, (float, int)) and isinstance(d, (float, int)):
        if not s:
            return 0.0
        return s / d if d else s * float("inf")
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.true_divide(s, d)
    if np.isnan(q).any():
        q = np.where(np.equal(s, 0), q.dtype.type(0), q)[()]
    return q


def times(s: Any, p: Any) -> Any:
    """Return ``p * s``, and zero where `s` is exactly zero, whatever `p` is.

    Parameters
    ----------
    s : float or ndarray
        The seed.
    p : float or ndarray
        The partial derivative, which may be infinite or NaN where `s` is zero.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(s, (float, int)) and isinstance(p, (float, int)):
        return p * s if s else 0.0
    with np.errstate(invalid="ignore"):
        q = np.multiply(p, s)
    if np.isnan(q).any():
        q = np.where(np.equal(s, 0), q.dtype.type(0), q)[()]
    return q


def power_slope(s: Any, x: Any, p: Any) -> Any:
    """Return ``s * p * x ** (p - 1)``: a seed times the derivative of ``x ** p`` by `x`.

    It is zero where `s` or `p` is exactly zero, and infinite where ``0 ** (p - 1)`` is.

    Parameters
    ----------
    s, x, p : float or ndarray
        The seed, the base and the exponent.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(x, (float, int)) and isinstance(p, (float, int)):
        try:
            return times(s, p * x ** (p - 1) if p else 0.0)
        except (OverflowError, ZeroDivisionError):
            with np.errstate(divide="ignore", over="ignore"):
                return times(s, p * float(np.float_power(x, p - 1)))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        e = np.subtract(p, 1)
        if e.dtype.kind in "iu" and np.any(np.less(e, 0)):
            e = e.astype(float)
        slope = np.where(np.equal(p, 0), 0, np.multiply(p, np.power(x, e)))
        if not isinstance(p, (np.ndarray, np.generic)) and slope.dtype != np.result_type(x, 1.0):
            slope = slope.astype(np.result_type(x, 1.0))
    return times(s, slope)


def exponent_slope(s: Any, x: Any, p: Any) -> Any:
    """Return ``s * x ** p * log(x)``: a seed times the derivative of ``x ** p`` by `p`.

    It is zero where `s` is exactly zero and where `x` is zero and `p` is not negative. Where `x` is negative there
    is no such derivative and it is NaN.

    Parameters
    ----------
    s, x, p : float or ndarray
        The seed, the base and the exponent.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(x, (float, int)) and isinstance(p, (float, int)):
        if x > 0:
            return times(s, x**p * float(np.log(x)))
        return times(s, float("nan") if x else 0.0 if p >= 0 else float("-inf"))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(np.where(np.equal(x, 0), 1, x))
        base = np.where(np.equal(x, 0) & np.greater_equal(p, 0), 1, x)
        power = np.power(base.astype(np.result_type(base.dtype, log.dtype)), p)
        slope = np.where(np.equal(base, 0), -power, power * log)
    return times(s, slope)


def sign(x: Any) -> Any:
    """Return the sign of `x`: -1, 0 or 1, and NaN for NaN; a float where `x` is one."""
    if isinstance(x, (float, int)):
        return 1.0 if x > 0 else -1.0 if x < 0 else x * 0.0
    return np.sign(x)


def exceeds(a: Any, b: Any) -> Any:
    """Return the derivative of ``np.maximum(a, b)`` by `a`: 1 where a > b, 0 where a < b, one half where equal.

    Parameters
    ----------
    a, b : float or ndarray
        The operands.

    Returns
    -------
    float or ndarray
        The share; an array of bool where no two elements are equal.
    """
    if isinstance(a, (float, int)) and isinstance(b, (float, int)):
        return 1.0 if a > b else 0.5 if a == b else 0.0
    above = np.greater(a, b)
    equal = np.equal(a, b)
    if not equal.any():
        return above
    dtype = np.result_type(a, b)
    return np.where(equal, 0.5, above).astype(dtype if dtype.kind == "f" else float)


# Reductions


def max_share(y_bar: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Give the adjoint of a maximum or minimum to the elements that attain it, in equal shares.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of ``np.max(x, axis=axis, keepdims=keepdims)`` (or ``np.min``).
    y : float or ndarray
        Its value.
    x : float or ndarray
        Its operand.
    axis, keepdims
        As the reduction had them.

    Returns
    -------
    float or ndarray
        The contribution to the adjoint of `x`.
    """
    x = np.asarray(x)
    if axis is not None and not keepdims:
        y_bar, y = np.expand_dims(y_bar, axis), np.expand_dims(y, axis)
    attained = (x == y) | (x != x)
    n = attained.sum(axis=axis, keepdims=True) if axis is not None else np.count_nonzero(attained)
    share = attained.astype(x.dtype if x.dtype.kind == "f" else float)
    share *= y_bar / n
    return share if share.ndim else share[()]


def max_tangent(dx: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Return the tangent of a maximum or minimum: the mean over the elements that attain it.

    Parameters
    ----------
    dx : float or ndarray
        The tangent of `x`.
    y : float or ndarray
        The value of ``np.max(x, axis=axis, keepdims=keepdims)`` (or ``np.min``).
    x : float or ndarray
        Its operand.
    axis, keepdims
        As the reduction had them.

    Returns
    -------
    float or ndarray
        The tangent, in the shape of `y`.
    """
    x = np.asarray(x)
    if axis is not None and not keepdims:
        y = np.expand_dims(y, axis)
    attained = (x == y) | (x != x)
    total = np.where(attained, dx, 0.0).sum(axis=axis, keepdims=keepdims)
    mean = total / attained.sum(axis=axis, keepdims=keepdims)
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


def cumsum_bar(y_bar: Any, x: Any, axis: Any = None) -> Any:
    """Return the adjoint of `x` in ``np.cumsum(x, axis=axis)``: sums from the end."""
    if axis is None:
        return np.cumsum(y_bar[::-1])[::-1].reshape(np.shape(x))
    return np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis)


def diff_bar(y_bar: Any, axis: int = -1) -> Any:
    """Return the adjoint of `x` in ``np.diff(x, axis=axis)``."""
    ends = [(0, 0)] * np.ndim(y_bar)
    ends[axis] = (1, 1)
    return -np.diff(np.pad(y_bar, ends), axis=axis)


# Linear algebra, where the ranks are not known


def matmul_bar_left(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `a` in ``a @ b``, for operands of any rank.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of the product.
    a, b : ndarray
        The operands.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `a`.
    """
    if np.ndim(b) == 1:
        bar = np.expand_dims(y_bar, -1) * b
    elif np.ndim(a) == 1:
        bar = (b @ np.expand_dims(y_bar, -1))[..., 0]
    else:
        bar = y_bar @ np.swapaxes(b, -1, -2)
    return unbroadcast(bar, a)


def matmul_bar_right(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `b` in ``a @ b``, for operands of any rank.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of the product.
    a, b : ndarray
        The operands.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `b`.
    """
    if np.ndim(a) == 1:
        column = np.reshape(a, (-1, 1))
        bar = a * y_bar if np.ndim(b) == 1 else column * np.expand_dims(y_bar, -2)
    elif np.ndim(b) == 1:
        bar = np.expand_dims(y_bar, -1) * a
    else:
        bar = np.swapaxes(a, -1, -2) @ y_bar
    return unbroadcast(bar, b)


def dot_bar_left(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `a` in ``np.dot(a, b)``, for operands of any rank, numbers too.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of the product.
    a, b : float or ndarray
        The operands.

    Returns
    -------
    float or ndarray
        The adjoint, in the shape of `a`.
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(b * y_bar, a)
    if np.ndim(b) == 1:
        return np.expand_dims(y_bar, -1) * b
    rest = [i for i in range(np.ndim(b)) if i != np.ndim(b) - 2]
    return np.tensordot(y_bar, b, axes=(list(range(np.ndim(a) - 1, np.ndim(y_bar))), rest))


def dot_bar_right(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `b` in ``np.dot(a, b)``, for operands of any rank, numbers too.

    Parameters
    ----------
    y_bar : float or ndarray
        The adjoint of the product.
    a, b : float or ndarray
        The operands.

    Returns
    -------
    float or ndarray
        The adjoint, in the shape of `b`.
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(a * y_bar, b)
    lead = list(range(np.ndim(a) - 1))
    bar = np.tensordot(a, y_bar, axes=(lead, lead))
    return np.moveaxis(bar, 0, np.ndim(b) - 2) if np.ndim(b) > 1 else bar


def inner_bar_left(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `a` in ``np.inner(a, b)``, for operands of any rank, numbers too."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(b * y_bar, a)
    return np.tensordot(y_bar, b, axes=np.ndim(b) - 1)


def inner_bar_right(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `b` in ``np.inner(a, b)``, for operands of any rank, numbers too."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(a * y_bar, b)
    lead = list(range(np.ndim(a) - 1))
    return np.tensordot(y_bar, a, axes=(lead, lead))


def diag_bar(y_bar: Any, v: Any, k: int = 0) -> Any:
    """Return the adjoint of `v` in ``np.diag(v, k)``.

    Parameters
    ----------
    y_bar : ndarray
        The adjoint of the result.
    v : ndarray
        The operand: a vector put on the diagonal, or a matrix whose diagonal was read.
    k : int
        Which diagonal.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `v`.
    """
    if np.ndim(v) == 1:
        return np.diagonal(y_bar, k).copy()
    bar = np.zeros(np.shape(v), np.asarray(y_bar).dtype)
    i = np.arange(len(y_bar))
    bar[i + max(-k, 0), i + max(k, 0)] = y_bar
    return bar


# Sequences


def split_like(y_bar: Any, parts: Any, axis: Any = 0) -> Any:
    """Cut the adjoint of ``np.concatenate(parts, axis)`` into the adjoints of its parts.

    Parameters
    ----------
    y_bar : ndarray
        The adjoint of the result.
    parts : sequence of ndarray
        The operands.
    axis : int or None
        As `np.concatenate` had it; None joins flattened parts.

    Returns
    -------
    list of ndarray
        One view of `y_bar` a part.
    """
    bars, start = [], 0
    for part in parts:
        n = np.size(part) if axis is None else np.shape(part)[axis]
        if axis is None:
            bars.append(y_bar[start : start + n].reshape(np.shape(part)))
        else:
            bars.append(np.moveaxis(np.moveaxis(y_bar, axis, 0)[start : start + n], 0, axis))
        start += n
    return np.array(bars) if isinstance(parts, np.ndarray) else bars


def _cut(y_bar: Any, parts: Any, axis: int, sizes: list[int]) -> Any:
    """Cut `y_bar` along `axis` into pieces of these sizes, each in the shape of its part."""
    ends = np.cumsum(sizes)[:-1]
    return [piece.reshape(np.shape(part))[()] for piece, part in zip(np.split(y_bar, ends, axis), parts, strict=True)]


def vsplit_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.vstack(parts)`` apart: the adjoints of its parts."""
    return _cut(y_bar, parts, 0, [np.shape(part)[0] if np.ndim(part) > 1 else 1 for part in parts])


def hsplit_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.hstack(parts)`` apart: the adjoints of its parts."""
    if np.ndim(parts[0]) < 2:
        return _cut(y_bar, parts, 0, [np.size(part) for part in parts])
    return _cut(y_bar, parts, 1, [np.shape(part)[1] for part in parts])


def column_split_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.column_stack(parts)`` apart: the adjoints of its parts."""
    return _cut(y_bar, parts, 1, [np.shape(part)[1] if np.ndim(part) > 1 else 1 for part in parts])


def repeat_bar(y_bar: Any, x: Any, repeats: Any, axis: Any = None) -> Any:
    """Return the adjoint of `x` in ``np.repeat(x, repeats, axis)``: the sums over its copies."""
    shape = np.shape(x)
    n = np.size(x) if axis is None else shape[axis]
    which = np.repeat(np.arange(n), repeats)
    bar = np.zeros((n, *np.delete(shape, axis)) if axis is not None else n, np.asarray(y_bar).dtype)
    np.add.at(bar, which, y_bar if axis is None else np.moveaxis(y_bar, axis, 0))
    return bar.reshape(shape) if axis is None else np.moveaxis(bar, 0, axis)


def tile_bar(y_bar: Any, x: Any, reps: Any) -> Any:
    """Return the adjoint of `x` in ``np.tile(x, reps)``: the sums over its copies."""
    counts = tuple(reps) if np.ndim(reps) else (reps,)
    ndim = max(len(counts), np.ndim(x))
    counts = (1,) * (ndim - len(counts)) + counts
    shape = (1,) * (ndim - np.ndim(x)) + np.shape(x)
    blocks = [n for pair in zip(counts, shape, strict=True) for n in pair]
    return np.reshape(y_bar, blocks).sum(axis=tuple(range(0, 2 * ndim, 2))).reshape(np.shape(x))


def members(y_bar: Any, parts: Any, axis: int = 0) -> Any:
    """Take the adjoint of ``np.stack(parts, axis)`` apart: the adjoints of its parts, an array where they are one."""
    y_bar = np.moveaxis(y_bar, axis, 0) if axis else y_bar
    return y_bar if isinstance(parts, np.ndarray) else list(y_bar)


def as_list(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in ``np.array(x)``: nested lists of elements where `x` is a list or tuple."""
    if isinstance(x, (list, tuple)):
        return [as_list(bar, v) for bar, v in zip(y_bar, x, strict=True)]
    return y_bar


def sum_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``sum(x)``, x a list, a tuple or an array."""
    if isinstance(x, np.ndarray):
        return spread(y_bar, x, 0)
    return [unbroadcast(y_bar, v) for v in x]


def first_max_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``max(x)``: all of it goes to the first winner."""
    bar = [0.0] * len(x)
    bar[max(range(len(x)), key=x.__getitem__)] = y_bar
    return np.array(bar) if isinstance(x, np.ndarray) else bar


def first_min_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``min(x)``: all of it goes to the first winner."""
    bar = [0.0] * len(x)
    bar[min(range(len(x)), key=x.__getitem__)] = y_bar
    return np.array(bar) if isinstance(x, np.ndarray) else bar


def first_max_tangent(dx: Any, x: Any) -> Any:
    """Return the tangent of the built-in ``max(x)``: that of the first winner."""
    return dx[max(range(len(x)), key=x.__getitem__)]


def first_min_tangent(dx: Any, x: Any) -> Any:
    """Return the tangent of the built-in ``min(x)``: that of the first winner."""
    return dx[min(range(len(x)), key=x.__getitem__)]


# Structures


def zeros_like(x: Any) -> Any:
    """Return the zero adjoint of `x`, mutable where `x` holds members.

    Parameters
    ----------
    x : structure
        The value.

    Returns
    -------
    structure
        0.0 for a number (of its own NumPy type), zeros of an inexact dtype for an array, a list for a list or a
        tuple, a dict for a dict, None for anything else.
    """
    if type(x) is float:
        return 0.0
    if isinstance(x, bool):
        return None
    if isinstance(x, np.ndarray):
        return np.zeros_like(x, dtype=None if x.dtype.kind in "fc" else float, subok=False)
    if isinstance(x, (list, tuple)):
        return [zeros_like(v) for v in x]
    if isinstance(x, dict):
        return {key: zeros_like(v) for key, v in x.items()}
    if isinstance(x, np.inexact):
        return x.dtype.type(0)
    if isinstance(x, (int, np.integer, np.bool_, float)):
        return 0.0
    return 0j if isinstance(x, complex) else None


def finish(x_bar: Any, x: Any) -> Any:
    """Return the adjoint `x_bar` with the container types of `x`.

    Parameters
    ----------
    x_bar : structure
        The adjoint as it was accumulated, with a list where `x` has a tuple.
    x : structure
        The value.

    Returns
    -------
    structure
        The adjoint in the types of `x`: tuples, named tuples, lists and dicts.
    """
    if isinstance(x, (list, tuple)) and x_bar is not None:
        bars = [finish(bar, v) for bar, v in zip(x_bar, x, strict=True)]
        if isinstance(x, list):
            return bars
        return type(x)(*bars) if hasattr(x, "_fields") else tuple(bars)
    if isinstance(x, dict) and x_bar is not None:
        return {key: finish(x_bar.get(key), v) for key, v in x.items()}
    return x_bar


def add(a: Any, b: Any) -> Any:
    """Return the sum of two adjoints or tangents of one value.

    Parameters
    ----------
    a, b : structure
        What to add; None counts as nothing.

    Returns
    -------
    structure
        A fresh sum, in the container types of `a`.
    """
    if type(a) is float and type(b) is float:
        return a + b
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (list, tuple)):
        total = [add(u, v) for u, v in zip(a, b, strict=True)]
        return total if isinstance(a, list) else type(a)(*total) if hasattr(a, "_fields") else tuple(total)
    if isinstance(a, dict):
        return {key: add(a.get(key), b.get(key)) for key in [*a, *(key for key in b if key not in a)]}
    return a + (np.asarray(b) if isinstance(b, (list, tuple)) else b)


def save(x: Any) -> Any:
    """Return a copy of `x` that later writes do not reach; a number is its own."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, list):
        return [save(v) for v in x]
    if isinstance(x, tuple):
        return type(x)(*map(save, x)) if hasattr(x, "_fields") else tuple(map(save, x))
    if isinstance(x, dict):
        return {key: save(v) for key, v in x.items()}
    return x


def astype_like(y_bar: Any, x: Any) -> Any:
    """Return an adjoint in the floating dtype of `x`, as it is where `x` has none."""
    if isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind == "f":
        return np.asarray(y_bar).astype(x.dtype)[()]
    return y_bar


def take_add(x_bar: Any, index: Any, v: Any) -> None:
    """Add `v` to ``x_bar[index]`` in place, as often as an integer array names an element.

    Parameters
    ----------
    x_bar : ndarray or list
        The adjoint to add to.
    index
        Any index: integers, slices, masks, integer arrays, tuples of them.
    v : float or ndarray
        What to add, in the shape of ``x[index]``.
    """
    if isinstance(x_bar, list):
        if isinstance(index, slice):
            x_bar[index] = [add(a, b) for a, b in zip(x_bar[index], v, strict=True)]
        else:
            x_bar[index] = add(x_bar[index], v)
        return
    if _repeats(index):
        np.add.at(x_bar, index, v)
    else:
        x_bar[index] += v


def last_writes(v: Any, x: Any, index: Any) -> Any:
    """Return what is to become of each entry of `v` in ``x[index] = v``: itself, zero where a later one replaces it.

    Parameters
    ----------
    v : ndarray
        Entries in the shape of ``x[index]``.
    x : ndarray
        An array like the one that is written.
    index
        Any index; an integer array may name an element twice, and then the last write counts.

    Returns
    -------
    ndarray
        A fresh array.
    """
    if isinstance(x, list) or not _repeats(index):
        return save(v)
    place = np.arange(x.size).reshape(x.shape)[index]
    order = np.arange(place.size).reshape(place.shape)
    last = np.empty(x.size, int)
    last[place] = order
    return np.where(last[place] == order, v, np.zeros_like(v))


def written(x_bar: Any, index: Any) -> Any:
    """Return the adjoint of `v` in ``x[index] = v``: a copy of ``x_bar[index]``, zero where a later entry counts."""
    return last_writes(x_bar[index], x_bar, index)


def scatter(v: Any, x: Any, index: Any) -> Any:
    """Return the adjoint of `x` in ``x[index]``: zeros, to which `v` is added at `index`."""
    bar = zeros_like(x)
    take_add(bar, index, v)
    return bar


def put_back(x: Any, saved: Any) -> None:
    """Give the array, list or dict `x` the contents of `saved` again, in place."""
    if isinstance(x, np.ndarray):
        x[...] = saved
    elif isinstance(x, list):
        x[:] = saved
    elif isinstance(x, dict):
        x.clear()
        x.update(saved)


def _repeats(index: Any) -> bool:
    """Say whether an index may name an element twice: whether an integer array is in it."""
    for i in index if isinstance(index, tuple) else (index,):
        if isinstance(i, (np.ndarray, list)) and np.ndim(i) and np.asarray(i).dtype.kind in "iu":
            return True
    return False


# Guards


def require_scalar(names: str, *values: Any) -> None:
    """Raise TypeError unless every value is a number.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for i, value in enumerate(values):
        if type(value) is float or np.isscalar(value):
            if not isinstance(value, (str, bytes)):
                continue
        elif isinstance(value, np.ndarray) and value.ndim == 0:
            continue
        name = names.split(",")[i].strip()
        advice = f"; annotate it, e.g. `{name}: np.ndarray`" if isinstance(value, np.ndarray) else ""
        raise TypeError(
            f"{name} must be a number, not {type(value).__name__}: this derivative was generated for a scalar{advice}"
        )


def require_array(name: str, value: Any) -> None:
    """Raise TypeError unless `value` is an ndarray."""
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} must be an array, not {type(value).__name__}: this derivative was generated for code that "
            f"writes it in place"
        )


def require_view(name: str, v: Any, x: Any) -> None:
    """Raise TypeError unless `v` is an array that shares the memory of `x`."""
    if not (isinstance(v, np.ndarray) and (np.may_share_memory(v, x) or not v.size)):
        raise TypeError(
            f"{name} must be a view of an array here, but it is a copy: this derivative was generated for code whose "
            f"writes to {name} reach the array it came from"
        )


def require_distinct(names: str, *values: Any) -> None:
    """Raise ValueError if two of the values are arrays that share memory.

    Parameters
    ----------
    names : str
        The names of the arguments, separated by commas.
    *values
        The arguments.
    """
    for i, a in enumerate(values):
        for j, b in enumerate(values[:i]):
            if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and np.may_share_memory(a, b):
                try:
                    shared = np.shares_memory(a, b, 100_000)  # type: ignore[arg-type]
                except np.exceptions.TooHardError:
                    shared = True
                if shared:
                    split = [name.strip() for name in names.split(",")]
                    raise ValueError(f"{split[j]} and {split[i]} share memory, and one of them is written: pass a copy")


def require_float(name: str, a: Any) -> None:
    """Raise TypeError if `a` is an array of integers or booleans, into which an active value is stored."""
    if isinstance(a, np.ndarray) and a.dtype.kind in "iub":
        raise TypeError(
            f"{name} has dtype {a.dtype}, which cuts off what is stored in it: make it an array of floats, e.g. "
            f"`{name}.astype(float)`"
        )


def require_scalar_result(name: str, y: Any) -> None:
    """Raise TypeError if the result `y` of the function `name` is not a number."""
    if isinstance(y, (list, tuple, dict)) or np.ndim(y):
        what = f"an array of shape {np.shape(y)}" if isinstance(y, np.ndarray) else f"a {type(y).__name__}"
        raise TypeError(
            f"{name} returns {what}, and only a number has a gradient: use vjp with a seed for the result, or jvp with "
            f"a direction"
        )


def check_tangent(name: str, dx: Any, x: Any) -> Any:
    """Return the tangent `dx` of the argument `x`, checked.

    Parameters
    ----------
    name : str
        The name of the tangent.
    dx : structure
        The tangent that the caller passed.
    x : structure
        The argument.

    Returns
    -------
    structure
        The tangent, of an inexact dtype.

    Raises
    ------
    TypeError, ValueError
        If `dx` has not the structure or the shape of `x`.
    """
    if type(dx) is float and type(x) is float:
        return dx
    if isinstance(x, (list, tuple)):
        if type(dx) is not type(x) or len(dx) != len(x):
            raise TypeError(f"{name} must be a {type(x).__name__} of {len(x)} tangents, as the argument has members")
        parts = [check_tangent(f"{name}[{i}]", d, v) for i, (d, v) in enumerate(zip(dx, x, strict=True))]
        return parts if isinstance(x, list) else type(x)(*parts) if hasattr(x, "_fields") else tuple(parts)
    if isinstance(x, dict):
        if not isinstance(dx, dict) or set(dx) != set(x):
            raise TypeError(f"{name} must be a dict with the keys of the argument")
        return {key: check_tangent(f"{name}[{key!r}]", dx[key], v) for key, v in x.items()}
    if not isinstance(x, (np.ndarray, np.number, np.bool_, int, float, complex)):
        return None
    return _numeric(name, dx, x)


def check_seed(name: str, y_bar: Any, y: Any) -> Any:
    """Return the seed `y_bar` for the result `y`, checked.

    Parameters
    ----------
    name : str
        The name of the seed.
    y_bar : structure
        The seed that the caller passed; 1.0 where none was.
    y : structure
        The result.

    Returns
    -------
    structure
        A float, or a fresh structure of floats and arrays, mutable where `y` has members.

    Raises
    ------
    TypeError, ValueError
        If `y_bar` has not the structure or the shape of `y`.
    """
    if type(y_bar) is float and isinstance(y, float):
        return y_bar
    if isinstance(y, (list, tuple, dict)):
        if type(y_bar) is float:
            raise ValueError(f"the result is a {type(y).__name__} and needs a seed of that structure: pass {name}")
        keys = y.keys() if isinstance(y, dict) else range(len(y))
        if isinstance(y, dict) is not isinstance(y_bar, dict) or len(y_bar) != len(y):
            raise TypeError(f"{name} must be a {type(y).__name__} of {len(y)} seeds, as the result has members")
        seeds = {key: check_seed(f"{name}[{key!r}]", y_bar[key], y[key]) for key in keys}
        return seeds if isinstance(y, dict) else list(seeds.values())
    if not isinstance(y, (np.ndarray, np.number, np.bool_, int, float, complex)):
        return None
    if type(y_bar) is float and np.ndim(y):
        raise ValueError(f"the result of shape {np.shape(y)} needs a seed of that shape: pass {name}")
    seed = _numeric(name, y_bar, y)
    return seed if np.ndim(seed) else seed[()] if isinstance(seed, np.ndarray) else seed


def _numeric(name: str, d: Any, x: Any) -> Any:
    """Return `d` as a float, or as a fresh array of the shape of `x`, in an inexact dtype."""
    try:
        array = np.array(d)
    except ValueError as error:
        raise TypeError(f"{name} must be a number or an array") from error
    if array.dtype.kind not in "fciub":
        raise TypeError(f"{name} must be a number or an array, not {type(d).__name__}")
    if array.shape != np.shape(x):
        raise ValueError(f"{name} has shape {array.shape}, and must have shape {np.shape(x)}")
    single = isinstance(x, (np.ndarray, np.inexact)) and x.dtype.kind == "f" and array.dtype.kind != "c"
    if array.dtype.kind in "iub" or single:
        array = array.astype(x.dtype if single else float, copy=False)
    return array if isinstance(x, np.ndarray) else array.item() if not isinstance(x, np.generic) else array[()]


def require_members(name: str, x: Any, depth: int) -> None:
    """Raise TypeError unless subscripting `x` `depth` times gives numbers.

    Parameters
    ----------
    name : str
        The name of the argument.
    x : list, tuple or ndarray
        The argument.
    depth : int
        How often the code subscripts it.
    """
    if isinstance(x, np.ndarray):
        if x.ndim == depth:
            return
        found = f"an array with {x.ndim} axes"
    elif isinstance(x, (list, tuple, dict)):
        members = list(x.values()) if isinstance(x, dict) else x
        if depth > 1:
            for member in members:
                require_members(name, member, depth - 1)
            return
        if all(type(m) is float or np.ndim(m) == 0 and not isinstance(m, (str, bytes)) for m in members):
            return
        found = f"a {type(x).__name__} of other things"
    else:
        found = type(x).__name__
    what = "an array or a list of numbers" if depth == 1 else f"numbers under {depth} subscripts"
    raise TypeError(
        f"{name} must be {what}, not {found}: this derivative was generated for members that are scalars; annotate it, "
        f"e.g. `{name}: np.ndarray`"
    )


def zeros_mirror(x: Any) -> Any:
    """Return zeros like `x` (see `zeros_like`), where members that are one array are one array of zeros too.

    Parameters
    ----------
    x : float, ndarray or list of such
        A value whose members are written in place.
    """
    return _mirror(x, {})


def _mirror(x: Any, made: dict[int, Any]) -> Any:
    """Return the zeros of `zeros_mirror`; `made` are those of the objects met so far."""
    if not isinstance(x, (list, tuple, dict, np.ndarray)):
        return zeros_like(x)
    if id(x) not in made:
        if isinstance(x, dict):
            made[id(x)] = {key: _mirror(member, made) for key, member in x.items()}
        elif isinstance(x, np.ndarray):
            made[id(x)] = zeros_like(x)
        else:
            made[id(x)] = [_mirror(member, made) for member in x]
    return made[id(x)]
