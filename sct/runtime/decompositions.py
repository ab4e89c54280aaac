"""Adjoints and tangents of decompositions of matrices. The last two axes are those of the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from .matrices import gaps, real_spectrum, skew_lower
from .scaling import over


def eigh_bar(s: Any, y: Any) -> Any:
    """Return the adjoint of the symmetric matrices whose eigenvalues and eigenvectors are `y`.

    Parameters
    ----------
    s : pair of ndarray
        The adjoints of the eigenvalues and of the eigenvectors.
    y : pair of ndarray
        The result of `np.linalg.eigh`.

    Returns
    -------
    ndarray
        The adjoint of all elements, before the two triangles are put together.
    """
    v, vt = y[1], np.swapaxes(y[1], -1, -2)
    diagonal = np.expand_dims(s[0], -1) * np.eye(np.shape(v)[-1], dtype=np.bool_)
    return v @ (over(vt @ s[1], gaps(y[0])) + diagonal) @ vt


def eigh_tangent(da: Any, y: Any) -> Any:
    """Return the tangents of the eigenvalues and eigenvectors `y` of symmetric matrices; `da` is symmetric."""
    inner = np.swapaxes(y[1], -1, -2) @ da @ y[1]
    return np.copy(np.diagonal(inner, 0, -2, -1)), y[1] @ over(inner, gaps(y[0]))


def metric_bar(s: Any, y: Any) -> Any:
    """Return the adjoint of `b` in ``scipy.linalg.eigh(a, b)``, which is `y`, before the triangles are put together."""
    v, vt = y[1], np.swapaxes(y[1], -1, -2)
    diagonal = np.eye(np.shape(v)[-1], dtype=np.bool_)
    turned = vt @ s[1]
    inner = (over(turned, gaps(y[0])) + np.expand_dims(s[0], -1) * diagonal) * np.expand_dims(y[0], -2)
    return -v @ (inner + 0.5 * turned * diagonal) @ vt


def general_eigh_tangent(da: Any, db: Any, y: Any) -> Any:
    """Return the tangents of the eigenvalues and eigenvectors `y` of ``scipy.linalg.eigh(a, b)``."""
    v, vt = y[1], np.swapaxes(y[1], -1, -2)
    length = vt @ db @ v
    inner = vt @ da @ v - np.expand_dims(y[0], -2) * length
    halved = 0.5 * length * np.eye(np.shape(v)[-1], dtype=np.bool_)
    return np.copy(np.diagonal(inner, 0, -2, -1)), v @ (over(inner, gaps(y[0])) - halved)


def eig_bar(s: Any, y: Any) -> Any:
    """Return the adjoint of the matrices whose eigenvalues and eigenvectors are `y`, of which `s` are the adjoints."""
    v, vt = real_spectrum(y[1]), np.swapaxes(y[1], -1, -2)
    v_bar = s[1] - v * np.sum(v * s[1], -2, keepdims=True)  # the vectors keep their length
    diagonal = np.expand_dims(s[0], -1) * np.eye(np.shape(v)[-1], dtype=np.bool_)
    return np.swapaxes(np.linalg.inv(v), -1, -2) @ (over(vt @ v_bar, gaps(y[0])) + diagonal) @ vt


def eig_tangent(da: Any, y: Any) -> Any:
    """Return the tangents of the eigenvalues and eigenvectors `y` of matrices."""
    v = real_spectrum(y[1])
    inner = np.linalg.solve(v, da @ v)
    dv = v @ over(inner, gaps(y[0]))
    return np.copy(np.diagonal(inner, 0, -2, -1)), dv - v * np.sum(v * dv, -2, keepdims=True)


def svd_bar(s: Any, y: Any) -> Any:
    """Return the adjoint of the matrices whose singular values and vectors are `y`.

    Parameters
    ----------
    s : triple of ndarray
        The adjoints of the vectors and the values.
    y : triple of ndarray
        The result of `np.linalg.svd`. Vectors that a matrix does not determine may not have adjoints: those that
        ``full_matrices=True`` adds if the matrix is not square.

    Returns
    -------
    ndarray
        The adjoint.
    """
    k = np.shape(y[1])[-1]
    u, vh, u_bar, vh_bar = y[0][..., :k], y[2][..., :k, :], s[0][..., :k], s[2][..., :k, :]
    if np.any(s[0][..., k:]) or np.any(s[2][..., k:, :]):
        raise ValueError("singular vectors that the matrix does not determine have no derivative: full_matrices=False")
    ut, v = np.swapaxes(u, -1, -2), np.swapaxes(vh, -1, -2)
    row, column, w = np.expand_dims(y[1], -2), np.expand_dims(y[1], -1), gaps(y[1] ** 2)
    left = over(ut @ u_bar - np.swapaxes(u_bar, -1, -2) @ u, w) * row
    right = column * over(vh @ np.swapaxes(vh_bar, -1, -2) - vh_bar @ v, w)
    inner = left + right + np.expand_dims(s[1], -1) * np.eye(k, dtype=np.bool_)
    outside = over(u_bar - u @ (ut @ u_bar), row) @ vh + u @ over(vh_bar - (vh_bar @ v) @ vh, column)
    return u @ inner @ vh + outside


def svd_tangent(da: Any, y: Any) -> Any:
    """Return the tangents of ``y = np.linalg.svd(a)``; NaN for vectors that the matrix does not determine."""
    k = np.shape(y[1])[-1]
    u, vh = y[0][..., :k], y[2][..., :k, :]
    ut, v = np.swapaxes(u, -1, -2), np.swapaxes(vh, -1, -2)
    row, column, w = np.expand_dims(y[1], -2), np.expand_dims(y[1], -1), gaps(y[1] ** 2)
    inner, across = ut @ da @ v, vh @ np.swapaxes(da, -1, -2) @ u
    du = u @ over(inner * row + column * across, w) + over(da @ v - u @ inner, row)
    dvh = np.swapaxes(over(column * inner + across * row, w), -1, -2) @ vh + over(ut @ da - inner @ vh, column)
    du = np.concatenate((du, np.full_like(y[0][..., k:], np.nan)), -1)
    dvh = np.concatenate((dvh, np.full_like(y[2][..., k:, :], np.nan)), -2)
    return du, np.copy(np.diagonal(inner, 0, -2, -1)), dvh


def qr_bar(s: Any, y: Any) -> Any:
    """Return the adjoint of the matrices of full rank whose factors Q and R are `y`, of which `s` are the adjoints."""
    q, r, qt = y[0], y[1], np.swapaxes(y[0], -1, -2)
    k = square_part(q, r)
    x = qt @ s[0] - s[1] @ np.swapaxes(r, -1, -2)
    inner = np.tril(x - np.swapaxes(x, -1, -2), -1) - qt @ s[0]
    first = (s[0] + q @ inner) @ np.swapaxes(np.linalg.inv(r[..., :k]), -1, -2)
    return q @ s[1] + np.concatenate((first, np.zeros_like(q @ s[1][..., k:])), -1)


def qr_tangent(da: Any, y: Any) -> Any:
    """Return the tangents of the factors Q and R of a matrix of full rank, which are `y`."""
    q, r, qt = y[0], y[1], np.swapaxes(y[0], -1, -2)
    k = square_part(q, r)
    first = da[..., :k] @ np.linalg.inv(r[..., :k])
    turn = skew_lower(qt @ first)
    return first - q @ (qt @ first) + q @ turn, qt @ da - turn @ r


def square_part(q: Any, r: Any) -> int:
    """Return how many columns of a matrix determine Q; raise ValueError where none do all of it."""
    if np.shape(q)[-1] > np.shape(r)[-1]:
        raise ValueError("columns of Q that the matrix does not determine have no derivative: use the reduced mode")
    return int(np.shape(q)[-1])


def pivoted(piv: Any) -> Any:
    """Return the order of the rows in which `scipy.linalg.lu_factor` put them, from the exchanges that it did."""
    order = np.arange(len(piv))
    for i, j in enumerate(piv):
        order[[i, j]] = order[[j, i]]
    return order


def unit_lower(a: Any) -> Any:
    """Return the triangles below the diagonals of `a`, with ones on the diagonals."""
    return np.tril(a, -1) + np.eye(np.shape(a)[-1], dtype=np.asarray(a).dtype)


def lu_slope(da: Any, lower: Any, upper: Any) -> Any:
    """Return what turns into the tangents of the factors of ``lower @ upper``, whose tangent is `da`."""
    return np.linalg.solve(lower, da) @ np.linalg.inv(upper)


def lu_bar(s: Any, lower: Any, upper: Any) -> Any:
    """Return the adjoint of `da` in ``lu_slope(da, lower, upper)``."""
    return np.linalg.solve(np.swapaxes(lower, -1, -2), s @ np.swapaxes(np.linalg.inv(upper), -1, -2))


def real_values(y: Any, a: Any) -> Any:
    """Return `y`; raise TypeError where a function of the real matrices `a` has complex values."""
    if np.iscomplexobj(y) and not np.iscomplexobj(a):
        raise TypeError("this function of the matrix is complex: only real values have a derivative here")
    return y
