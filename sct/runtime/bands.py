"""Matrices by their diagonals, as `scipy.linalg.solve_banded` reads them: ``ab[upper + i - j, j] == a[i, j]``."""

from __future__ import annotations

from typing import Any

import numpy as np


def transpose_bands(l_and_u: Any, ab: Any) -> Any:
    """Return the diagonals of the transposed matrix, which has as many below as `ab` has above; zeros beside it."""
    lower, _ = l_and_u
    out = np.zeros_like(ab)
    size = np.shape(ab)[1]
    for row, diagonal in enumerate(np.asarray(ab)[::-1]):
        shift = row - lower
        start = max(0, -shift)
        stop = max(start, size - max(0, shift))
        out[row, start:stop] = diagonal[start + shift : stop + shift]
    return out


def banded_product(l_and_u: Any, ab: Any, x: Any) -> Any:
    """Return the product of a banded matrix and a vector or the columns of a matrix."""
    out = np.zeros_like(x, dtype=np.result_type(ab, x))
    for diagonal, into, out_of in zip(ab, *_diagonals(l_and_u, len(x)), strict=True):
        out[into] += (diagonal[out_of] * np.transpose(x[out_of])).T
    return out


def bands_of_product(l_and_u: Any, a: Any, b: Any) -> Any:
    """Return the diagonals of ``a @ b.T``, or of the outer product of two vectors; zeros beside it."""
    out = np.zeros((sum(l_and_u) + 1, len(a)), dtype=np.result_type(a, b))
    for diagonal, into, out_of in zip(out, *_diagonals(l_and_u, len(a)), strict=True):
        products = a[into] * b[out_of]
        diagonal[out_of] = products if products.ndim == 1 else np.sum(products, axis=-1)
    return out


def _diagonals(l_and_u: Any, size: int) -> tuple[list[slice], list[slice]]:
    """Return the rows and the columns of each diagonal, the highest one first."""
    lower, upper = l_and_u
    below = range(-upper, lower + 1)  # how far a diagonal is below the main one
    rows = [slice(max(0, k), max(0, min(size, size + k))) for k in below]
    columns = [slice(max(0, -k), max(0, min(size, size - k))) for k in below]
    return rows, columns
