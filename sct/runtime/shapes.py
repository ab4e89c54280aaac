"""Shapes: adjoints summed and tangents spread to the shape of the value they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np


def _paired(x_bar: Any, x: Any) -> Any:
    """Return each member of the adjoint of a list with that of the list; raise TypeError unless they are as many."""
    if len(x_bar) != len(x):
        raise TypeError(
            f"an adjoint of {len(x_bar)} members came out for a {type(x).__name__} of {len(x)}: this derivative was "
            "generated for arrays, and `+` joins lists and `*` repeats them; annotate the argument as a list"
        )
    return zip(x_bar, x, strict=True)


def unbroadcast(v: Any, x: Any) -> Any:
    """Sum an adjoint over the axes along which its operand was broadcast.

    Parameters
    ----------
    v : structure
        A contribution in the shape of the result.
    x : structure
        The operand.

    Returns
    -------
    structure
        `v` itself where it already has the shape and the floating dtype of `x`, else a fresh sum in those; a number
        for a number. Where both are containers, that of each member.
    """
    if type(x) is float or type(x) is int:
        total = v.sum() if isinstance(v, np.ndarray) else v
        return total.real if isinstance(total, complex) else total
    if isinstance(v, np.ndarray) and isinstance(x, np.ndarray) and v.dtype is x.dtype:  # the usual case, fast
        extra = v.ndim - x.ndim
        if v.shape[extra:] == x.shape and extra >= 0 and x.ndim:
            return np.add.reduce(v, tuple(range(extra))) if extra else v
    if isinstance(v, (list, tuple)) and isinstance(x, (list, tuple)):
        return [unbroadcast(a, b) for a, b in _paired(v, x)]
    if isinstance(v, dict):
        return {key: unbroadcast(a, x[key]) for key, a in v.items()}
    shape = np.shape(x)
    v_shape = np.shape(v)
    if v_shape == shape:
        is_number = not shape and not isinstance(x, np.ndarray)
        return _floating_as(v[()] if is_number and isinstance(v, np.ndarray) else v, x)
    whole = np.broadcast_shapes(v_shape, shape)
    if v_shape != whole:
        v = np.broadcast_to(v, whole)
    extra = np.ndim(v) - len(shape)
    stretched = tuple(extra + i for i, n in enumerate(shape) if n == 1 and v.shape[extra + i] != 1)
    if stretched or extra:
        v = v.sum(axis=(*range(extra), *stretched), keepdims=True)
        v = v.reshape(shape) if shape else v.reshape(())[()]
        return _floating_as(v, x)
    return _floating_as(np.array(v), x)


def _floating_as(v: Any, x: Any) -> Any:
    """Return an adjoint in the floating dtype of its operand: in single precision, or real, where that is."""
    if isinstance(v, (np.ndarray, np.generic)) and isinstance(x, (np.ndarray, np.generic)) and v.dtype is not x.dtype:
        if v.dtype.kind == "c" and x.dtype.kind != "c":
            v = v.real
        if v.dtype.kind == x.dtype.kind == "f":
            return v.astype(x.dtype, copy=False)
    return x.dtype.type(v) if type(v) is float and isinstance(x, np.floating) else v


def reshape_like(v: Any, x: Any, order: Any = "C") -> Any:
    """Return an adjoint in the shape of the operand that was reshaped, a number for a number.

    Parameters
    ----------
    v : float or ndarray
        A contribution of as many numbers as the operand has.
    x : float or ndarray
        The operand.
    order : str, optional
        The order in which the operand was read.

    Returns
    -------
    float or ndarray
        `v` in the shape of `x`; an array may share memory with it.
    """
    found = np.reshape(v, np.shape(x), order=order)
    return found if isinstance(x, np.ndarray) or found.ndim else found[()]


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
        # A sum of nothing is an integer.
        return np.full(shape, dx, y.dtype if type(dx) in (float, int) else None)
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
        return np.reshape(y_bar, ())[()] if np.ndim(y_bar) else y_bar
    if type(y_bar) is float and isinstance(x, np.ndarray):
        return np.full(shape, y_bar, x.dtype if x.dtype.kind == "f" else float)
    if axis is not None and not keepdims:
        y_bar = np.expand_dims(y_bar, axis)
    return _floating_as(np.broadcast_to(y_bar, shape), x).copy()


def count(x: Any, axis: Any = None) -> Any:
    """Return how many elements of `x` each element of a reduction along `axis` is made of."""
    if axis is None:
        return np.size(x)
    shape = np.shape(x)
    n = 1
    for i in axis if isinstance(axis, tuple) else (axis,):
        n *= shape[i]
    return n


def count_numbers(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Return how many elements of `x` along `axis` are not NaN, in the dtype of `x`."""
    n = np.sum(~np.isnan(x), axis=axis, keepdims=keepdims)
    return n.astype(x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else n


def count_where(x: Any, where: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Return how many elements of `x` along `axis` are those that the mask `where` names, in the dtype of `x`."""
    n = np.sum(np.broadcast_to(where, np.shape(x)), axis=axis, keepdims=keepdims)
    return n.astype(x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else n


def floats(x: Any) -> Any:
    """Return `x`, an array of integers as one of floats: integers wrap around, and unsigned ones have no negative."""
    return x.astype(float) if isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind in "iub" else x


def astype_like(y_bar: Any, x: Any) -> Any:
    """Return an adjoint in the floating dtype of `x`, as it is where `x` has none; a number for a number."""
    if isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind == "f":
        return np.asarray(np.real(y_bar)).astype(x.dtype, copy=False)[()]
    return y_bar[()] if isinstance(y_bar, np.ndarray) and not isinstance(x, np.ndarray) else y_bar
