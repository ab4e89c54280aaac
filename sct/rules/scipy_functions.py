"""Functions of `scipy.linalg`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import given
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, V3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        block_diag_bar,
        columns,
        lower_factor,
        triangle,
    )


def _plainly_lower(args):
    lower = args.get("lower")
    written = lower is None or (isinstance(lower, ast.Constant) and isinstance(lower.value, bool))
    return "" if written else "lower is not written True or False"


@composite(
    "scipy.linalg.cholesky",
    examples=[(S33,), (S33, True), (S33, {"lower": True})],
    operands=("a",),
    check=_plainly_lower,
    result=array,
)
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    """The upper triangle is read and returned, unless the lower one is asked for."""
    return np.swapaxes(np.linalg.cholesky(np.swapaxes(a, -1, -2)), -1, -2)


@cholesky.case(given("lower"))
def _(a, lower=False, overwrite_a=False, check_finite=True):
    return np.linalg.cholesky(a)


def _plainly_transposed(args):
    trans, unit = args.get("trans"), args.get("unit_diagonal")
    written = trans is None or number(trans) in (0, 1) or getattr(trans, "value", None) in ("N", "T")
    if unit is not None and not isinstance(getattr(unit, "value", None), bool):
        return "unit_diagonal is not written True or False"
    return "" if written else "trans is not written 0 or 1"


def _transposed(match, kinds):
    trans = match.args.get("trans")
    return number(trans) == 1 or getattr(trans, "value", None) == "T"


R33 = [[1.5, 0.0, 0.0], [0.4, -1.2, 0.0], [0.3, 0.7, 2.1]]
COLUMNS = [[0.5, 1.0], [1.5, -0.5], [0.7, 0.1]]


@custom(
    "scipy.linalg.solve_triangular",
    examples=[
        *[(R33, V3, {"lower": True}), (M33, V3), (M33, COLUMNS), (R33, COLUMNS, {"lower": True}), (M33, V3, 1)],
        *[(R33, V3, {"lower": True, "trans": 1}), (R33, COLUMNS, {"lower": True, "trans": "T"})],
        *[(M33, COLUMNS, {"unit_diagonal": True}), (M33, V3, 1, True, True)],
    ],
    operands=("a", "b"),
    check=_plainly_transposed,
    result=array,
)
def solve_triangular(y_bar, y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    """The adjoint of the matrix lies in the triangle that is read."""
    return (
        -triangle(
            columns(scipy.linalg.solve_triangular(a, y_bar, 1, lower, unit_diagonal), b)
            @ np.swapaxes(columns(y, b), -1, -2),
            lower,
            unit_diagonal,
        ),
        scipy.linalg.solve_triangular(a, y_bar, 1, lower, unit_diagonal),
    )


@solve_triangular.case(_transposed)
def _(y_bar, y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    return (
        -triangle(
            columns(y, b)
            @ np.swapaxes(columns(scipy.linalg.solve_triangular(a, y_bar, 0, lower, unit_diagonal), b), -1, -2),
            lower,
            unit_diagonal,
        ),
        scipy.linalg.solve_triangular(a, y_bar, 0, lower, unit_diagonal),
    )


@solve_triangular.tangent_case(_transposed)
def _(da, db, y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    return (
        -scipy.linalg.solve_triangular(
            a, np.swapaxes(triangle(da, lower, unit_diagonal), -1, -2) @ y, 1, lower, unit_diagonal
        ),
        scipy.linalg.solve_triangular(a, db, 1, lower, unit_diagonal),
    )


@solve_triangular.tangent
def _(da, db, y, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    return (
        -scipy.linalg.solve_triangular(a, triangle(da, lower, unit_diagonal) @ y, 0, lower, unit_diagonal),
        scipy.linalg.solve_triangular(a, db, 0, lower, unit_diagonal),
    )


@composite(
    "scipy.linalg.cho_factor",
    operands=("a",),
    check=_plainly_lower,
    spelled=["scipy.linalg.cho_solve(scipy.linalg.cho_factor(np.outer(x, x) + np.eye(4)), x)"],
)
def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    """The triangle that is not the factor is zero here; SciPy leaves anything in it."""
    return scipy.linalg.cholesky(a, lower), lower


@composite(
    "scipy.linalg.cho_solve",
    operands=("c_and_lower", "b"),
    sequence="c_and_lower",
    result=array,
    complex=False,
    spelled=["scipy.linalg.cho_solve(scipy.linalg.cho_factor(np.outer(x, x) + np.eye(4), lower=True), x)"],
)
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    return scipy.linalg.solve_triangular(
        lower_factor(c_and_lower[0], c_and_lower[1]),
        scipy.linalg.solve_triangular(lower_factor(c_and_lower[0], c_and_lower[1]), b, 0, True),
        1,
        True,
    )


@linear("sct.runtime.in_direction", examples=[(M33, S33)], result=array)
def in_direction_(y_bar, a, e):
    return (
        y_bar[..., : np.shape(a)[-1], : np.shape(a)[-1]] + y_bar[..., np.shape(a)[-1] :, np.shape(a)[-1] :],
        y_bar[..., : np.shape(a)[-1], np.shape(a)[-1] :],
    )


@linear("scipy.linalg.block_diag", examples=[(M23, M33), (V3, M23)], sequence="arrs", result=array)
def block_diag(y_bar, *arrs):
    return block_diag_bar(y_bar, arrs)
