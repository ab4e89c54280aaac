"""Products of arrays whose ranks are not known, and diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import unbroadcast


def as_product(y_bar: Any, a: Any, b: Any) -> Any:
    """Sum an adjoint that may be wider than ``a @ b``, which was broadcast, to the shape of the product.

    Parameters
    ----------
    y_bar : float or ndarray
        A contribution in the shape of what the product went into.
    a, b : ndarray
        The operands of the product.

    Returns
    -------
    float or ndarray
        `y_bar` itself where it already has the shape of the product, else a fresh sum of that shape.
    """
    if isinstance(y_bar, np.ndarray) and isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        left, right = a.shape, b.shape
    else:
        left, right = np.shape(a), np.shape(b)
    if len(left) < 3 and len(right) < 3 and np.shape(y_bar) == left[:-1] + right[1:]:
        return y_bar
    shape = (*np.broadcast_shapes(left[:-2], right[:-2]), *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))
    product = np.zeros((), np.result_type(np.asarray(a), np.asarray(b)))  # all but its shape, which may be large
    return unbroadcast(y_bar, np.broadcast_to(product, shape))


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
    m, n = _ranks(a, b)
    if n == 1:
        return np.multiply(b, y_bar) if m == 1 else np.multiply.outer(y_bar, b)
    if n == 2:
        return b @ y_bar if m == 1 else y_bar @ np.transpose(b)
    if m == 1:
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
    m, n = _ranks(a, b)
    if m == 1:
        if n < 3:
            return np.multiply(a, y_bar) if n == 1 else np.multiply.outer(a, y_bar)
        bar = np.reshape(a, (-1, 1)) * np.expand_dims(y_bar, -2)
    elif n == 1:
        return y_bar @ a if m == 2 else np.tensordot(y_bar, a, np.ndim(y_bar))
    elif m == n == 2:
        return np.transpose(a) @ y_bar
    elif m == 2:
        bar = np.transpose(a) @ y_bar
    else:
        bar = np.swapaxes(a, -1, -2) @ y_bar
    return unbroadcast(bar, b)


def _ranks(a: Any, b: Any) -> tuple[int, int]:
    """Return the numbers of axes of two operands."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):  # the usual case, fast
        return a.ndim, b.ndim
    return np.ndim(a), np.ndim(b)


def _contracted(a: Any, b: Any, axes: Any) -> Any:
    """Return ``np.tensordot(a, b, axes)``, in which a number of Python's is as precise as the array."""
    return np.multiply(a, b) if np.ndim(a) == 0 or np.ndim(b) == 0 else np.tensordot(a, b, axes)


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
        return np.multiply(b, np.expand_dims(y_bar, -1) if np.ndim(y_bar) else y_bar)
    rest = [i for i in range(np.ndim(b)) if i != np.ndim(b) - 2]
    return _contracted(y_bar, b, axes=(list(range(np.ndim(a) - 1, np.ndim(y_bar))), rest))


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
    bar = _contracted(a, y_bar, axes=(lead, lead))
    return np.moveaxis(bar, 0, np.ndim(b) - 2) if np.ndim(b) > 1 else bar


def inner_bar_left(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `a` in ``np.inner(a, b)``, for operands of any rank, numbers too."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(b * y_bar, a)
    return _contracted(y_bar, b, axes=np.ndim(b) - 1)


def inner_bar_right(y_bar: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `b` in ``np.inner(a, b)``, for operands of any rank, numbers too."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(a * y_bar, b)
    lead = list(range(np.ndim(a) - 1))
    return _contracted(y_bar, a, axes=(lead, lead))


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


def cross_bar(s: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None) -> Any:
    """Return the adjoint of `a` in ``np.cross(a, b, axisa, axisb, axisc, axis)``, for vectors of two or three elements.

    Parameters
    ----------
    s : ndarray
        The adjoint of the result.
    a, b : ndarray
        The operands.
    axisa, axisb, axisc, axis
        As `np.cross` had them.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `a`.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    left, right = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    flat = left.shape[-1] == right.shape[-1] == 2
    seed = _third(np.expand_dims(s, -1), 2) if flat else np.moveaxis(s, axisc, -1)
    whole = np.cross(_third(right, 0), seed)[..., : left.shape[-1]]
    return np.moveaxis(unbroadcast(whole, left), -1, axisa)


def _third(v: Any, before: int) -> Any:
    """Return vectors of three elements: `before` zeros in front, and as many behind as are missing."""
    missing = 3 - v.shape[-1] - before
    return np.pad(v, [(0, 0)] * (v.ndim - 1) + [(before, max(missing, 0))])
