"""Pieces of matrix calculus: triangles, gaps between eigenvalues, products of many factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .products import _contracted


def from_lower(a: Any) -> Any:
    """Return the Hermitian matrices whose lower triangles are those of `a`: what `np.linalg.eigh` reads."""
    a = _with_real_diagonal(a)
    return np.tril(a) + _transposed(np.tril(a, -1))


def lower_bar(s: Any) -> Any:
    """Return the adjoint of `a` in ``from_lower(a)``."""
    s = _with_real_diagonal(s)
    return np.tril(s) + np.tril(_transposed(s), -1)


def _with_real_diagonal(a: Any) -> Any:
    """Return Hermitian matrices as NumPy reads them: of the diagonal the real part alone."""
    return np.where(np.eye(np.shape(a)[-1], dtype=bool), np.real(a), a) if np.iscomplexobj(a) else a


def _transposed(a: Any) -> Any:
    """Return the conjugate transpose of the last two axes."""
    turned = np.swapaxes(a, -1, -2)
    return np.conj(turned) if np.iscomplexobj(a) else turned


def lower_half(a: Any) -> Any:
    """Return the lower triangles of `a`, with halved diagonals."""
    return np.tril(a) * (1 - 0.5 * np.eye(np.shape(a)[-1], dtype=np.asarray(a).dtype))


def skew_lower(a: Any) -> Any:
    """Return the skew-symmetric matrices whose strictly lower triangles are those of `a`."""
    return np.tril(a, -1) - np.swapaxes(np.tril(a, -1), -1, -2)


def triangle(a: Any, lower: Any = False, strict: Any = False) -> Any:
    """Return the lower or the upper triangles of `a`: what `scipy.linalg.solve_triangular` reads, diagonal or not."""
    k = 1 if strict else 0
    return np.tril(a, -k) if lower else np.triu(a, k)


def lower_factor(c: Any, lower: Any = False) -> Any:
    """Return the lower Cholesky factor that is in `c`, as the lower triangle or transposed as the upper one."""
    return np.tril(c) if lower else np.swapaxes(np.triu(c), -1, -2)


def lower_factor_bar(s: Any, lower: Any = False) -> Any:
    """Return the adjoint of `c` in ``lower_factor(c, lower)``."""
    return np.tril(s) if lower else np.swapaxes(np.tril(s), -1, -2)


def block_diag_bar(s: Any, parts: Any) -> Any:
    """Return the adjoints of the blocks in ``scipy.linalg.block_diag(*parts)``."""
    bars, i, j = [], 0, 0
    for part in parts:
        m, n = np.shape(np.atleast_2d(part))
        bars.append(np.reshape(s[i : i + m, j : j + n], np.shape(part)))
        i, j = i + m, j + n
    return bars


def gaps(w: Any) -> Any:
    """Return ``w[j] - w[i]`` for all pairs of eigenvalues; infinity on the diagonal, so that it divides to zero."""
    w = np.asarray(w)
    differences = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    n = np.arange(np.shape(w)[-1])
    differences[..., n, n] = np.inf
    return differences


def cofactor(a: Any) -> Any:
    """Return the cofactors of square matrices, the derivative of the determinant; singular matrices are fine."""
    u, s, v = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(v)
    others = np.ones_like(s)
    for i in range(np.shape(s)[-1]):
        others[..., i] = np.prod(np.delete(s, i, -1), -1)
    return np.expand_dims(sign, (-2, -1)) * ((np.conj(u) * np.expand_dims(others, -2)) @ np.conj(v))


def cofactor_slope(s: Any, a: Any) -> Any:
    """Return the derivative of the cofactors of `a` in the direction `s`, which is its own adjoint.

    In the bases of the singular vectors the cofactors are products of all singular values but one, and their
    derivatives products of all but two: singular matrices are fine.
    """
    u, sizes, v = np.linalg.svd(a)
    count = np.shape(sizes)[-1]
    moved = np.conj(np.swapaxes(u, -1, -2)) @ s @ np.conj(np.swapaxes(v, -1, -2))
    slope = np.zeros_like(moved)
    for i in range(count):
        for j in range(count):
            if i != j:
                others = np.prod(np.delete(sizes, [i, j], -1), -1)
                slope[..., i, i] += moved[..., j, j] * others
                slope[..., i, j] = -moved[..., j, i] * others
    sign = np.linalg.det(u) * np.linalg.det(v)
    return np.expand_dims(sign, (-2, -1)) * (np.conj(u) @ slope @ np.conj(v))


def real_spectrum(v: Any) -> Any:
    """Return the eigenvectors `v`; raise TypeError where they are complex."""
    if np.iscomplexobj(v):
        raise TypeError("the eigenvalues of this matrix are complex: only a real spectrum has a derivative here")
    return v


def columns(x: Any, b: Any) -> Any:
    """Return `x` with one axis more at the end where `b` is a vector: `np.linalg.solve` takes it for a column."""
    return np.expand_dims(x, -1) if np.ndim(b) == 1 else x


def uncolumn(x: Any, b: Any) -> Any:
    """Return `x` without its last axis where `b` is a vector: the opposite of `columns`."""
    return np.asarray(x)[..., 0] if np.ndim(b) == 1 and np.ndim(x) > 1 else x


def norm_slope(x: Any, ord: Any = None, axis: Any = None) -> Any:
    """Return the derivative of ``np.linalg.norm(x, ord, axis)`` by the elements of `x`.

    Parameters
    ----------
    x : ndarray
        The operand.
    ord, axis
        As `np.linalg.norm` had them.

    Returns
    -------
    ndarray
        The derivatives, in the shape of `x`; zero at 0, where there is none.
    """
    x = np.asarray(x) * 1.0
    axes = _norm_axes(x, axis)
    if len(axes) == 2 and ord not in (None, "fro"):
        return _matrix_norm_slope(x, ord, axes)
    if ord == 0:  # how many elements are not zero
        return np.zeros_like(x)
    y = np.linalg.norm(x, None if ord == "fro" else ord, axis, True)
    if len(axes) == 1 and ord is not None and np.isinf(ord):
        attained = np.abs(x) == y
        return (np.sign(x) * attained / np.sum(attained, axis=axes, keepdims=True)).astype(x.dtype)
    return np.sign(x) * _power_ratio(x, y, 1 if ord in (None, "fro") else ord - 1)


def norm_curve(d: Any, x: Any, ord: Any = None, axis: Any = None) -> Any:
    """Return the second derivative of ``np.linalg.norm(x, ord, axis)`` times `d`: the derivative of `norm_slope`.

    Parameters
    ----------
    d : ndarray
        A tangent or an adjoint in the shape of `x`: the second derivative is symmetric.
    x : ndarray
        The operand.
    ord, axis
        As `np.linalg.norm` had them.

    Returns
    -------
    ndarray
        The derivative, in the shape of `x`; zero at 0, where there is none.
    """
    x = np.asarray(x) * 1.0
    axes = _norm_axes(x, axis)
    if ord in (1, np.inf, -np.inf) or ord == (-1 if len(axes) == 2 else 0):  # straight, piece by piece
        return np.zeros_like(x)
    if len(axes) == 2 and ord not in (None, "fro"):
        return _matrix_norm_curve(np.asarray(d), x, ord, axes)
    p = 2 if ord in (None, "fro") else ord
    y = np.linalg.norm(x, None if ord == "fro" else ord, axis, True)
    slope = norm_slope(x, ord, axis)
    along = _power_ratio(x, y, p - 2) * d - slope * np.sum(slope * d, axis=axes, keepdims=True)
    return np.divide((p - 1) * along, y, out=np.zeros_like(x), where=y != 0)


def _norm_axes(x: Any, axis: Any) -> Any:
    """Return the axes of a norm: both of a matrix where none is given."""
    return tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)


def _power_ratio(x: Any, y: Any, p: Any) -> Any:
    """Return ``(abs(x) / y) ** p``; zero where `y` is, and where `x` is unless `p` is zero."""
    ratio = np.divide(np.abs(x), y, out=np.zeros_like(x), where=y != 0)
    if p == 0:
        return np.ones_like(x)
    return np.power(ratio, float(p), out=np.zeros_like(x), where=ratio != 0)


def _matrix_norm_slope(x: Any, ord: Any, axes: Any) -> Any:
    """Return the derivative of a matrix norm by the elements of `x`."""
    m = np.moveaxis(x, axes, (-2, -1))
    if ord in (1, -1, np.inf, -np.inf):
        sums = np.sum(np.abs(m), axis=-2 if abs(ord) == 1 else -1, keepdims=True)
        attained = sums == (np.max if ord > 0 else np.min)(sums, axis=(-2, -1), keepdims=True)
        slope = np.sign(m) * attained / np.sum(attained, axis=(-2, -1), keepdims=True)
    else:
        u, s, v = np.linalg.svd(m, full_matrices=False)
        share = s > 0
        if ord != "nuc":
            attained = s == (np.max if ord == 2 else np.min)(s, axis=-1, keepdims=True)
            share = share * attained / np.sum(attained, axis=-1, keepdims=True)
        slope = (u * np.expand_dims(share, -2)) @ v
    return np.moveaxis(slope, (-2, -1), axes).astype(x.dtype)


def _matrix_norm_curve(d: Any, x: Any, ord: Any, axes: Any) -> Any:
    """Return the derivative of the slope of a norm of singular values, which differ and are not zero."""
    m, dm = np.moveaxis(x, axes, (-2, -1)), np.moveaxis(d, axes, (-2, -1))
    u, s, v = np.linalg.svd(m, full_matrices=False)
    count = np.shape(s)[-1]
    chosen = np.arange(count) if ord == "nuc" else np.array([0 if ord == 2 else count - 1])
    ut, vt = np.swapaxes(u, -1, -2), np.swapaxes(v, -1, -2)
    inner, across = ut @ dm @ vt, v @ np.swapaxes(dm, -1, -2) @ u
    row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
    gap = row**2 - column**2
    gap[..., np.arange(count), np.arange(count)] = np.inf
    du = u @ ((inner * row + column * across) / gap) + (dm @ vt - u @ inner) / row
    dv = np.swapaxes((column * inner + across * row) / gap, -1, -2) @ v + (ut @ dm - inner @ v) / column
    curve = du[..., chosen] @ v[..., chosen, :] + u[..., chosen] @ dv[..., chosen, :]
    return np.moveaxis(curve, (-2, -1), axes).astype(x.dtype)


def tensordot_bar_left(s: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """Return the adjoint of `a` in ``np.tensordot(a, b, axes)``."""
    left, right = _summed(a, b, axes)
    kept = [i for i in range(np.ndim(b)) if i not in right]
    bar = _contracted(s, b, axes=(range(np.ndim(s) - len(kept), np.ndim(s)), kept))
    order = [i for i in range(np.ndim(a)) if i not in left] + [left[right.index(i)] for i in sorted(right)]
    return np.transpose(bar, np.argsort(order))


def tensordot_bar_right(s: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """Return the adjoint of `b` in ``np.tensordot(a, b, axes)``."""
    left, right = _summed(a, b, axes)
    kept = [i for i in range(np.ndim(a)) if i not in left]
    bar = _contracted(a, s, axes=(kept, range(len(kept))))
    order = [right[left.index(i)] for i in sorted(left)] + [i for i in range(np.ndim(b)) if i not in right]
    return np.transpose(bar, np.argsort(order))


def _summed(a: Any, b: Any, axes: Any) -> Any:
    """Return the axes of `a` and of `b` that ``np.tensordot(a, b, axes)`` sums over, counted from the front."""
    if np.ndim(axes) == 0:
        return list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    left, right = (list(np.atleast_1d(k)) for k in axes)
    return [int(i) % np.ndim(a) for i in left], [int(i) % np.ndim(b) for i in right]


def kron_bar_left(s: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `a` in ``np.kron(a, b)``."""
    blocks, rank = _blocks(s, a, b)
    even = tuple(range(1, 2 * rank, 2))
    factor = np.reshape(b, [n for d in (1,) * (rank - np.ndim(b)) + np.shape(b) for n in (1, d)])
    return np.sum(blocks * factor, axis=even).reshape(np.shape(a))


def kron_bar_right(s: Any, a: Any, b: Any) -> Any:
    """Return the adjoint of `b` in ``np.kron(a, b)``."""
    blocks, rank = _blocks(s, a, b)
    odd = tuple(range(0, 2 * rank, 2))
    factor = np.reshape(a, [n for d in (1,) * (rank - np.ndim(a)) + np.shape(a) for n in (d, 1)])
    return np.sum(blocks * factor, axis=odd).reshape(np.shape(b))


def _blocks(s: Any, a: Any, b: Any) -> Any:
    """Return a Kronecker product as an array of blocks, the axes of `a` and of `b` in turn, and how many of each."""
    rank = max(np.ndim(a), np.ndim(b))
    rows = (1,) * (rank - np.ndim(a)) + np.shape(a)
    inner = (1,) * (rank - np.ndim(b)) + np.shape(b)
    return np.reshape(s, [n for pair in zip(rows, inner, strict=True) for n in pair]), rank


def in_direction(a: Any, e: Any) -> Any:
    """Return [[a, e], [0, a]]: a function of these has its derivative at `a` in the direction `e` in its corner."""
    top = np.concatenate((a, e), axis=-1)
    return np.concatenate((top, np.concatenate((np.zeros_like(a), a), axis=-1)), axis=-2)


def points(x: Any, mean: Any) -> Any:
    """Return `x` as points along its last axis, as the multivariate normal takes it: numbers may be points too."""
    return np.expand_dims(x, -1) if np.ndim(x) == 0 or np.ndim(x) == 1 and np.size(mean) == 1 else x


def covariance(cov: Any, mean: Any) -> Any:
    """Return the covariance that `cov` stands for: a multiple of the unit matrix, a diagonal, or a lower triangle."""
    if np.ndim(cov) == 2:
        return from_lower(cov)
    return np.eye(np.size(mean), dtype=np.bool_) * cov


def covariance_bar(s: Any, cov: Any) -> Any:
    """Return the adjoint of `cov` in ``covariance(cov, mean)``."""
    if np.ndim(cov) == 2:
        return lower_bar(s)
    diagonal = np.diagonal(s)
    return (
        np.array(diagonal)
        if np.ndim(cov) and np.size(cov) == np.size(diagonal)
        else np.reshape(np.sum(diagonal), np.shape(cov))[()]
    )
