"""Functions of `scipy.linalg` and `scipy.stats`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import given
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, V3, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy

    from sct.runtime import astype_like, block_diag_bar, columns, from_lower, lower_factor, triangle


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


@composite("scipy.linalg.cho_factor", operands=("a",), check=_plainly_lower)
def cho_factor(a, lower=False):
    """The triangle that is not the factor is zero here; SciPy leaves anything in it."""
    return scipy.linalg.cholesky(a, lower), lower


@composite("scipy.linalg.cho_solve", operands=("c_and_lower", "b"), sequence="c_and_lower", result=array)
def cho_solve(c_and_lower, b):
    return scipy.linalg.solve_triangular(
        lower_factor(c_and_lower[0], c_and_lower[1]),
        scipy.linalg.solve_triangular(lower_factor(c_and_lower[0], c_and_lower[1]), b, 0, True),
        1,
        True,
    )


@custom("scipy.linalg.expm", examples=[(M33,)], result=array)
def expm(y_bar, A):
    return astype_like(scipy.linalg.expm_frechet(A.T, y_bar, compute_expm=False), A)


@expm.tangent
def _(dA, A):
    return astype_like(scipy.linalg.expm_frechet(A, dA, compute_expm=False), A)


def _derivative_alone(args):
    both_results = args.get("compute_expm")
    return "" if getattr(both_results, "value", True) is False else "compute_expm is not written False"


@composite("scipy.linalg.expm_frechet", operands=("A", "E"), check=_derivative_alone, result=array)
def expm_frechet(A, E, *, compute_expm=True):
    return scipy.linalg.expm(
        np.concatenate((np.concatenate((A, E), axis=1), np.concatenate((np.zeros_like(A), A), axis=1)))
    )[: len(A), len(A) :]


@linear("scipy.linalg.block_diag", examples=[(M23, M33), (V3, M23)], sequence="arrs", result=array)
def block_diag(y_bar, *arrs):
    return block_diag_bar(y_bar, arrs)


# Distributions


@composite(
    "scipy.stats.norm.logpdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_logpdf(x, loc=0, scale=1):
    return -(((x - loc) / scale) ** 2) / 2 - np.log(scale) - math.log(2 * math.pi) / 2


@composite(
    "scipy.stats.norm.pdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_pdf(x, loc=0, scale=1):
    return np.exp(-(((x - loc) / scale) ** 2) / 2) / (math.sqrt(2 * math.pi) * scale)


@composite(
    "scipy.stats.norm.cdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_cdf(x, loc=0, scale=1):
    return scipy.special.ndtr((x - loc) / scale)


@composite("scipy.stats.norm.logcdf", examples=[(V3,), (V3, 0.5, 1.5)], operands=("x", "loc", "scale"))
def norm_logcdf(x, loc=0, scale=1):
    return scipy.special.log_ndtr((x - loc) / scale)


@composite("scipy.stats.norm.sf", examples=[(V3,), (V3, 0.5, 1.5)], operands=("x", "loc", "scale"))
def norm_sf(x, loc=0, scale=1):
    return scipy.special.ndtr((loc - x) / scale)


@composite("scipy.stats.norm.ppf", examples=[([0.2, 0.7],), ([0.2, 0.7], 0.5, 1.5)], operands=("q", "loc", "scale"))
def norm_ppf(q, loc=0, scale=1):
    return loc + scale * scipy.special.ndtri(q)


@composite(
    "scipy.stats.multivariate_normal.logpdf",
    examples=[(V3, W3, S33), (M23, V3, S33), (V3, {"mean": W3, "cov": S33})],
)
def multivariate_normal_logpdf(x, mean, cov):
    """The lower triangle of the covariance is read."""
    return (
        -(
            np.sum((x - mean) * np.linalg.solve(from_lower(cov), np.expand_dims(x - mean, -1))[..., 0], -1)
            + np.linalg.slogdet(from_lower(cov))[1]
            + len(cov) * math.log(2 * math.pi)
        )
        / 2
    )
