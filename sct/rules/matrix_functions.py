"""Functions of matrices, equations of matrices and LU decompositions of `scipy.linalg`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import have_ranks, without
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M33, S33, T233, V3, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        astype_like,
        from_lower,
        gather_bar,
        in_direction,
        lu_bar,
        lu_slope,
        nowhere,
        pivoted,
        positions,
        real_values,
        unit_lower,
        zeros_like,
    )

# Functions of matrices. The function of [[a, e], [0, a]] has its derivative at `a` in the direction `e` in its corner.


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


@custom(
    "scipy.linalg.logm", result=array, spelled=["scipy.linalg.logm(np.outer(x, x) + np.diag([1.0, 2.0, 4.0, 7.0]))"]
)
def logm(y_bar, A):
    """For a real logarithm."""
    return scipy.linalg.logm(in_direction(np.swapaxes(real_values(A, y_bar), -1, -2), y_bar))[
        ..., : np.shape(A)[-1], np.shape(A)[-1] :
    ]


@logm.tangent
def _(dA, y, A):
    return scipy.linalg.logm(in_direction(real_values(A, y), dA))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@custom("scipy.linalg.sinm", examples=[(M33,)], result=array)
def sinm(y_bar, A):
    return scipy.linalg.sinm(in_direction(np.swapaxes(A, -1, -2), y_bar))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@sinm.tangent
def _(dA, A):
    return scipy.linalg.sinm(in_direction(A, dA))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@custom("scipy.linalg.cosm", examples=[(M33,)], result=array)
def cosm(y_bar, A):
    return scipy.linalg.cosm(in_direction(np.swapaxes(A, -1, -2), y_bar))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@cosm.tangent
def _(dA, A):
    return scipy.linalg.cosm(in_direction(A, dA))[..., : np.shape(A)[-1], np.shape(A)[-1] :]


@custom("scipy.linalg.sqrtm", examples=[(S33,)], result=array)
def sqrtm(y_bar, y, A):
    """For a real root, of a matrix that is not singular."""
    return scipy.linalg.solve_sylvester(
        np.swapaxes(real_values(y, A), -1, -2), np.swapaxes(real_values(y, A), -1, -2), y_bar
    )


@sqrtm.tangent
def _(y, dA, A):
    return scipy.linalg.solve_sylvester(real_values(y, A), real_values(y, A), dA)


@composite("scipy.linalg.sinhm", examples=[(M33,)], result=array)
def sinhm(A):
    return (scipy.linalg.expm(A) - scipy.linalg.expm(-A)) / 2


@composite("scipy.linalg.coshm", examples=[(M33,)], result=array)
def coshm(A):
    return (scipy.linalg.expm(A) + scipy.linalg.expm(-A)) / 2


@composite("scipy.linalg.tanhm", examples=[(M33,)], result=array)
def tanhm(A):
    return np.linalg.solve(scipy.linalg.coshm(A), scipy.linalg.sinhm(A))


@composite("scipy.linalg.tanm", spelled=["scipy.linalg.tanm(np.outer(x, x) / 8 + np.diag(x) / 4)"], result=array)
def tanm(A):
    return np.linalg.solve(scipy.linalg.cosm(A), scipy.linalg.sinm(A))


# Equations


@custom(
    "scipy.linalg.solve_sylvester",
    examples=[(M33, S33, M33), (S33, [[1.5, 0.2], [-0.3, 2.0]], [[0.5, 1.0], [1.5, -0.5], [0.7, 0.1]])],
    result=array,
)
def solve_sylvester(y_bar, y, a, b, q):
    return (
        -scipy.linalg.solve_sylvester(a.T, b.T, y_bar) @ y.T,
        -y.T @ scipy.linalg.solve_sylvester(a.T, b.T, y_bar),
        scipy.linalg.solve_sylvester(a.T, b.T, y_bar),
    )


@solve_sylvester.tangent
def _(da, db, dq, y, a, b, q):
    return (
        -scipy.linalg.solve_sylvester(a, b, da @ y),
        -scipy.linalg.solve_sylvester(a, b, y @ db),
        scipy.linalg.solve_sylvester(a, b, dq),
    )


# LU decompositions of square matrices


def _three_factors(args):
    plain = all(getattr(args[p], "value", True) is False for p in ("permute_l", "p_indices") if p in args)
    return "" if plain else "it has a rule for the three factors alone"


@custom("scipy.linalg.lu", examples=[(M33,)], operands=("a",), check=_three_factors)
def lu(y_bar, y, a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    """For square matrices that are not singular. Which rows are exchanged is held fixed."""
    return y[0] @ lu_bar(
        np.tril(np.swapaxes(y[1], -1, -2) @ y_bar[1], -1) + np.triu(y_bar[2] @ np.swapaxes(y[2], -1, -2)), y[1], y[2]
    )


@lu.tangent
def _(y, da, a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    return (
        (
            zeros_like(y[0]),
            y[1] @ np.tril(lu_slope(np.swapaxes(y[0], -1, -2) @ da, y[1], y[2]), -1),
            np.triu(lu_slope(np.swapaxes(y[0], -1, -2) @ da, y[1], y[2])) @ y[2],
        ),
    )


@custom(
    "scipy.linalg.lu_factor",
    operands=("a",),
    spelled=["scipy.linalg.lu_solve(scipy.linalg.lu_factor(np.outer(x, x) + np.eye(4)), x)"],
)
def lu_factor(y_bar, y, a, overwrite_a=False, check_finite=True):
    """For matrices that are not singular. Which rows are exchanged is held fixed."""
    return lu_bar(
        np.tril(np.transpose(unit_lower(y[0])) @ y_bar[0], -1) + np.triu(y_bar[0] @ np.transpose(np.triu(y[0]))),
        unit_lower(y[0]),
        np.triu(y[0]),
    )[np.argsort(pivoted(y[1]))]


@lu_factor.tangent
def _(y, da, a, overwrite_a=False, check_finite=True):
    return (
        (
            unit_lower(y[0]) @ np.tril(lu_slope(da[pivoted(y[1])], unit_lower(y[0]), np.triu(y[0])), -1)
            + np.triu(lu_slope(da[pivoted(y[1])], unit_lower(y[0]), np.triu(y[0]))) @ np.triu(y[0]),
            None,
        ),
    )


def _not_transposed(args):
    return "" if number(args.get("trans", ast.Constant(value=0))) in (0, 1) else "trans is not written 0 or 1"


@composite(
    "scipy.linalg.lu_solve",
    operands=("lu_and_piv", "b"),
    sequence="lu_and_piv",
    check=_not_transposed,
    result=array,
    spelled=["scipy.linalg.lu_solve(scipy.linalg.lu_factor(np.outer(x, x) + np.eye(4)), x, 1)"],
)
def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    return scipy.linalg.solve_triangular(
        lu_and_piv[0], np.linalg.solve(unit_lower(lu_and_piv[0]), b[pivoted(lu_and_piv[1])])
    )


@lu_solve.case(lambda match, kinds: number(match.args.get("trans")) == 1)
def _(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    return np.linalg.solve(np.transpose(unit_lower(lu_and_piv[0])), scipy.linalg.solve_triangular(lu_and_piv[0], b, 1))[
        np.argsort(pivoted(lu_and_piv[1]))
    ]


@composite("scipy.linalg.solve_continuous_lyapunov", "scipy.linalg.solve_lyapunov", examples=[(S33, M33)], result=array)
def solve_continuous_lyapunov(a, q):
    return scipy.linalg.solve_sylvester(a, np.conj(np.transpose(a)), q)


@composite(
    "scipy.linalg.solve_discrete_lyapunov",
    operands=("a", "q"),
    result=array,
    spelled=["scipy.linalg.solve_discrete_lyapunov(np.outer(x, x) / 16, np.diag(x))"],
)
def solve_discrete_lyapunov(a, q, method=None):
    return np.reshape(np.linalg.solve(np.eye(np.size(q)) - np.kron(a, np.conj(a)), np.ravel(q)), np.shape(q))


@composite(
    "scipy.linalg.solve_circulant",
    examples=[
        ([3.0, 0.5, -0.4], V3),
        ([3.0, 0.5], [[1.0, 2.0], [0.4, -0.3]]),
        ([3.0, 0.5], [[[1.0, 2.0], [0.7, 0.2]], [[0.4, -0.3], [1.2, 0.9]]]),
    ],
)
def solve_circulant(c, b):
    return np.reshape(np.linalg.solve(scipy.linalg.circulant(c), np.reshape(b, (np.shape(b)[0], -1))), np.shape(b))


# Parts of a matrix


def _on_the_right(args):
    return "" if "side" not in args or getattr(args["side"], "value", None) == "right" else "side is not 'right'"


@composite("scipy.linalg.polar", examples=[(M33,)], operands=("a",), check=_on_the_right)
def polar(a, side="right"):
    """For a matrix of full rank."""
    return (
        np.linalg.svd(a, full_matrices=False)[0] @ np.linalg.svd(a, full_matrices=False)[2],
        np.swapaxes(np.linalg.svd(a, full_matrices=False)[2], -1, -2)
        @ (np.expand_dims(np.linalg.svd(a, full_matrices=False)[1], -1) * np.linalg.svd(a, full_matrices=False)[2]),
    )


@composite("scipy.linalg.pinvh", examples=[(S33,)], operands=("a",), result=array)
def pinvh(a, *, check_finite=True):
    return np.linalg.pinv(from_lower(a))


# Matrices of one vector


@composite("scipy.linalg.companion", examples=[([2.0, 0.5, -1.0, 0.3],)], result=array)
def companion(a):
    return np.concatenate((np.expand_dims(-a[1:] / a[0], 0), np.eye(len(a) - 2, len(a) - 1, dtype=np.bool_)))


@linear("scipy.linalg.hankel", examples=[(V3,), (V3, [2.1, 0.4, 0.8])], operands=("c", "r"), result=array)
def hankel(y_bar, c, r=None):
    return gather_bar(y_bar, c, scipy.linalg.hankel(positions(c), nowhere(r))), gather_bar(
        y_bar, r, scipy.linalg.hankel(nowhere(c), positions(r))
    )


@hankel.case(without("r"))
def _(y_bar, c, r=None):
    return gather_bar(y_bar, c, scipy.linalg.hankel(positions(c), nowhere(c))), None


@linear("scipy.linalg.toeplitz", examples=[(V3,), (V3, W3)], operands=("c", "r"), result=array, complex=False)
def toeplitz(y_bar, c, r=None):
    return gather_bar(y_bar, c, scipy.linalg.toeplitz(positions(c), nowhere(r))), gather_bar(
        y_bar, r, scipy.linalg.toeplitz(nowhere(c), positions(r))
    )


@toeplitz.case(without("r"))
def _(y_bar, c, r=None):
    return gather_bar(y_bar, c, scipy.linalg.toeplitz(positions(c))), None


@linear("scipy.linalg.circulant", examples=[(V3,)], result=array)
def circulant(y_bar, c):
    return gather_bar(y_bar, c, scipy.linalg.circulant(positions(c)))
