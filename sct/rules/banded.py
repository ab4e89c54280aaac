"""Systems with banded matrices, and the helpers of `sct.runtime` for their diagonals.

Of ``a @ y = b`` the tangent solves ``a @ dy = db - da @ y``; the adjoint of the matrix is ``-s @ y.T`` on the diagonals
that are read, where ``a.T @ s = y_bar`` (Giles, Collected matrix derivative results for forward and reverse mode
algorithmic differentiation, 2008, section 2.3.1).
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import bilinear, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, V3

if TYPE_CHECKING:
    import scipy

    from sct.runtime import banded_product, bands_of_product, transpose_bands

AB = [[0.0, 0.4, -0.7], [2.1, 1.9, -2.3], [0.3, 0.8, 0.0]]
HIGH = [[0.0, 0.0, 0.6, -0.2], [0.0, 0.3, 0.1, 0.5], [2.1, 1.9, -2.3, 1.4]]
W4, M42 = [0.5, -1.0, 0.7, 1.5], [[0.5, 1.0], [1.5, -0.5], [0.7, 0.1], [-0.4, 0.9]]
M32 = M42[:3]


@custom(
    "scipy.linalg.solve_banded",
    examples=[((1, 1), AB, V3), ((1, 1), AB, M32), ((0, 2), HIGH, W4), ((0, 2), HIGH, M42)],
    operands=("ab", "b"),
    result=array,
    complex=False,
)
def solve_banded(y_bar, y, l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    return (
        -bands_of_product(l_and_u, scipy.linalg.solve_banded(l_and_u[::-1], transpose_bands(l_and_u, ab), y_bar), y),
        scipy.linalg.solve_banded(l_and_u[::-1], transpose_bands(l_and_u, ab), y_bar),
    )


@solve_banded.tangent
def _(dab, db, y, l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    return (
        -scipy.linalg.solve_banded(l_and_u, ab, banded_product(l_and_u, dab, y)),
        scipy.linalg.solve_banded(l_and_u, ab, db),
    )


@linear("sct.runtime.transpose_bands", examples=[((1, 1), AB), ((0, 2), HIGH), ((2, 0), HIGH)], operands=("ab",))
def transpose_bands_(y_bar, l_and_u, ab):
    return transpose_bands(l_and_u[::-1], y_bar)


@bilinear(
    "sct.runtime.banded_product",
    examples=[((1, 1), AB, V3), ((0, 2), HIGH, W4), ((1, 1), AB, M32)],
    operands=("ab", "x"),
    result=array,
)
def banded_product_(y_bar, l_and_u, ab, x):
    return (
        bands_of_product(l_and_u, y_bar, x),
        banded_product(l_and_u[::-1], transpose_bands(l_and_u, ab), y_bar),
    )


@bilinear(
    "sct.runtime.bands_of_product",
    examples=[((1, 1), V3, V3), ((0, 2), W4, W4), ((1, 0), M23, M23)],
    operands=("a", "b"),
    result=array,
)
def bands_of_product_(y_bar, l_and_u, a, b):
    return (
        banded_product(l_and_u, y_bar, b),
        banded_product(l_and_u[::-1], transpose_bands(l_and_u, y_bar), a),
    )
