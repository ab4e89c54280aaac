"""Functions of `scipy.linalg`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import given, have_ranks
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, T233, V3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        astype_like,
        block_diag_bar,
        columns,
        in_direction,
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
def cholesky(a, lower=False):
    """The upper triangle is read and returned, unless the lower one is asked for."""
    return np.swapaxes(np.linalg.cholesky(np.swapaxes(a, -1, -2)), -1, -2)


@cholesky.case(given("lower"))
def _(a, lower=False):
    return np.linalg.cholesky(a)


def _plainly_transposed(args):
    trans = args.get("trans")
    written = trans is None or number(trans) in (0, 1) or getattr(trans, "value", None) in ("N", "T")
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
    ],
    check=_plainly_transposed,
    result=array,
)
def solve_triangular(y_bar, y, a, b, trans=0, lower=False):
    """The adjoint of the matrix lies in the triangle that is read."""
    return (
        -triangle(
            columns(scipy.linalg.solve_triangular(a, y_bar, 1, lower), b) @ np.swapaxes(columns(y, b), -1, -2), lower
        ),
        scipy.linalg.solve_triangular(a, y_bar, 1, lower),
    )


@solve_triangular.case(_transposed)
def _(y_bar, y, a, b, trans=0, lower=False):
    return (
        -triangle(
            columns(y, b) @ np.swapaxes(columns(scipy.linalg.solve_triangular(a, y_bar, 0, lower), b), -1, -2), lower
        ),
        scipy.linalg.solve_triangular(a, y_bar, 0, lower),
    )


@solve_triangular.tangent_case(_transposed)
def _(da, db, y, a, b, trans=0, lower=False):
    return (
        -scipy.linalg.solve_triangular(a, np.swapaxes(triangle(da, lower), -1, -2) @ y, 1, lower),
        scipy.linalg.solve_triangular(a, db, 1, lower),
    )


@solve_triangular.tangent
def _(da, db, y, a, b, trans=0, lower=False):
    return (
        -scipy.linalg.solve_triangular(a, triangle(da, lower) @ y, 0, lower),
        scipy.linalg.solve_triangular(a, db, 0, lower),
    )


@composite(
    "scipy.linalg.cho_factor",
    operands=("a",),
    check=_plainly_lower,
    spelled=["scipy.linalg.cho_solve(scipy.linalg.cho_factor(np.outer(x, x) + np.eye(4)), x)"],
)
def cho_factor(a, lower=False):
    """The triangle that is not the factor is zero here; SciPy leaves anything in it."""
    return scipy.linalg.cholesky(a, lower), lower


@composite(
    "scipy.linalg.cho_solve",
    operands=("c_and_lower", "b"),
    sequence="c_and_lower",
    result=array,
    spelled=["scipy.linalg.cho_solve(scipy.linalg.cho_factor(np.outer(x, x) + np.eye(4), lower=True), x)"],
)
def cho_solve(c_and_lower, b):
    return scipy.linalg.solve_triangular(
        lower_factor(c_and_lower[0], c_and_lower[1]),
        scipy.linalg.solve_triangular(lower_factor(c_and_lower[0], c_and_lower[1]), b, 0, True),
        1,
        True,
    )


@custom("scipy.linalg.expm", examples=[(M33,), (T233,)], result=array)
def expm(y_bar, A):
    return scipy.linalg.expm(in_direction(np.swapaxes(A, -1, -2), y_bar))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@expm.case(have_ranks(A=2))
def _(y_bar, A):
    return astype_like(scipy.linalg.expm_frechet(A.T, y_bar, compute_expm=False), A)


@expm.tangent_case(have_ranks(A=2))
def _(dA, A):
    return astype_like(scipy.linalg.expm_frechet(A, dA, compute_expm=False), A)


@expm.tangent
def _(dA, A):
    return scipy.linalg.expm(in_direction(A, dA))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@linear("sct.runtime.in_direction", examples=[(M33, S33)], result=array)
def in_direction_(y_bar, a, e):
    return (
        y_bar[..., : np.shape(a)[-1], : np.shape(a)[-1]] + y_bar[..., np.shape(a)[-1] :, np.shape(a)[-1] :],
        y_bar[..., : np.shape(a)[-1], np.shape(a)[-1] :],
    )


def _derivative_alone(args):
    both_results = args.get("compute_expm")
    return "" if getattr(both_results, "value", True) is False else "compute_expm is not written False"


@composite(
    "scipy.linalg.expm_frechet",
    operands=("A", "E"),
    check=_derivative_alone,
    result=array,
    spelled=["scipy.linalg.expm_frechet(np.outer(x, x) / 4, np.diag(x), compute_expm=False)"],
)
def expm_frechet(A, E, *, compute_expm=True):
    return scipy.linalg.expm(
        np.concatenate((np.concatenate((A, E), axis=1), np.concatenate((np.zeros_like(A), A), axis=1)))
    )[: len(A), len(A) :]


@linear("scipy.linalg.block_diag", examples=[(M23, M33), (V3, M23)], sequence="arrs", result=array)
def block_diag(y_bar, *arrs):
    return block_diag_bar(y_bar, arrs)
