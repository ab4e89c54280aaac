"""Inverses, systems, determinants and powers of matrices. The last two axes are those of the matrix."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules import factors, ranks
from sct.rules.conditions import any_of, given, have_ranks, is_number_but
from sct.rules.registry import composite, custom
from sct.rules.results import array, array_joined
from sct.rules.samples import M23, M33, S33, T233, V3, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import math

    import numpy as np

    from sct.runtime import cofactor, columns, from_lower, unbroadcast, uncolumn, zeros_like

# Inverses and systems


@custom(
    "numpy.linalg.inv",
    "scipy.linalg.inv",
    examples=[(M33,), (T233,)],
    result=array_joined,
    operands=("a",),
    rank=ranks.same,
    complex=True,
)
def inv(y_bar, y, a, overwrite_a=False, check_finite=True):
    return -np.swapaxes(y, -1, -2) @ y_bar @ np.swapaxes(y, -1, -2)


@inv.case(have_ranks(a=2))
def _(y_bar, y, a, overwrite_a=False, check_finite=True):
    return -y.T @ y_bar @ y.T


@inv.tangent
def _(y, da, a, overwrite_a=False, check_finite=True):
    return -y @ da @ y


def _small_cutoff(args):
    cutoffs = [args[p] for p in ("rcond", "rtol", "atol") if p in args and getattr(args[p], "value", 0) is not None]
    small = all((number(c) or 0) <= 1e-6 and isinstance(number(c), float) for c in cutoffs)
    return "" if small else "singular values may be cut off: the derivative holds for full rank"


@custom(
    "numpy.linalg.pinv",
    "scipy.linalg.pinv",
    examples=[(M23,), (M33,), ([V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]],)],
    operands=("a",),
    check=_small_cutoff,
    result=array,
)
def pinv(y_bar, y, a, rcond=None, *, rtol=None, atol=None, check_finite=True):
    """For matrices of full rank."""
    return (
        -np.swapaxes(y, -1, -2) @ y_bar @ np.swapaxes(y, -1, -2)
        + (np.swapaxes(y_bar, -1, -2) - a @ (y @ np.swapaxes(y_bar, -1, -2))) @ y @ np.swapaxes(y, -1, -2)
        + np.swapaxes(y, -1, -2) @ y @ (np.swapaxes(y_bar, -1, -2) - np.swapaxes(y_bar, -1, -2) @ y @ a)
    )


@pinv.case(have_ranks(a=2))
def _(y_bar, y, a, rcond=None, *, rtol=None, atol=None, check_finite=True):
    return -y.T @ y_bar @ y.T + (y_bar.T - a @ (y @ y_bar.T)) @ y @ y.T + y.T @ y @ (y_bar.T - y_bar.T @ y @ a)


@pinv.tangent
def _(y, da, a, rcond=None, *, rtol=None, atol=None, check_finite=True):
    return (
        -y @ da @ y
        + y @ np.swapaxes(y, -1, -2) @ (np.swapaxes(da, -1, -2) - np.swapaxes(da, -1, -2) @ a @ y)
        + (np.swapaxes(da, -1, -2) - y @ a @ np.swapaxes(da, -1, -2)) @ np.swapaxes(y, -1, -2) @ y
    )


def _of_symmetric(args):
    plain = getattr(args.get("hermitian"), "value", None) is True and args.keys() <= {"a", "hermitian"}
    return "" if plain else "hermitian is not written True, or singular values may be cut off"


@composite(
    "numpy.linalg.pinv",
    examples=[(S33, {"hermitian": True}), (T233, {"hermitian": True})],
    operands=("a",),
    check=_of_symmetric,
    complex=False,
    result=array,
)
def pinv_of_symmetric(a, rcond=None, hermitian=False, *, rtol=None):
    """NumPy reads the lower triangle."""
    return np.linalg.pinv(np.tril(a) + np.swapaxes(np.tril(a, -1), -1, -2))


def _general(args):
    structure = args.get("assume_a")
    plain = structure is None or getattr(structure, "value", 0) in (None, "gen", "general")
    return "" if plain else "it has no rule for this structure"


def _symmetric(args):
    written = getattr(args.get("assume_a"), "value", None) in ("sym", "symmetric", "pos", "positive definite")
    lower = args.get("lower")
    return "" if written and (lower is None or getattr(lower, "value", 0) in (True, False)) else "it is not written out"


@custom(
    "numpy.linalg.solve",
    "scipy.linalg.solve",
    examples=[(M33, V3), (M33, [[0.5, 1.0], [1.5, -0.5], [0.7, 0.1]]), (T233, V3), (T233, T233), (M33, T233)],
    operands=("a", "b"),
    check=_general,
    result=array_joined,
    rank=ranks.solution,
    complex=True,
)
def solve(y_bar, y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return (
        unbroadcast(
            -np.linalg.solve(np.swapaxes(a, -1, -2), columns(y_bar, b)) @ np.swapaxes(columns(y, b), -1, -2), a
        ),
        unbroadcast(uncolumn(np.linalg.solve(np.swapaxes(a, -1, -2), columns(y_bar, b)), b), b),
    )


@solve.case(have_ranks(a=2, b=1))
def _(y_bar, y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return -np.outer(np.linalg.solve(a.T, y_bar), y), np.linalg.solve(a.T, y_bar)


@solve.case(have_ranks(a=2, b=2))
def _(y_bar, y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return -np.linalg.solve(a.T, y_bar) @ y.T, np.linalg.solve(a.T, y_bar)


@solve.tangent_case(any_of(have_ranks(a=2, b=1), have_ranks(a=2, b=2)))
def _(da, db, y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return -np.linalg.solve(a, da @ y), np.linalg.solve(a, db)


@solve.tangent
def _(da, db, y, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return -uncolumn(np.linalg.solve(a, da @ columns(y, b)), b), np.linalg.solve(a, db)


@composite(
    "scipy.linalg.solve",
    examples=[(S33, V3, {"assume_a": "pos"}), (M33, V3, {"assume_a": "sym"}), (M33, S33, True, {"assume_a": "sym"})],
    operands=("a", "b"),
    check=_symmetric,
    result=array_joined,
    complex=False,
)
def solve_symmetric(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    """The upper triangle is read, unless the lower one is asked for."""
    return np.linalg.solve(from_lower(np.swapaxes(a, -1, -2)), b)


@solve_symmetric.case(given("lower"))
def _(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None):
    return np.linalg.solve(from_lower(a), b)


EQUATIONS = [([V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]], [0.3, 1.6, -0.9, 0.8])]


@composite("numpy.linalg.lstsq", examples=EQUATIONS, once=[(M33, V3), (M23, M23)], operands=("a", "b"))
def lstsq(a, b, rcond=None):
    """For matrices of full rank. Sums of residuals are there where there are more equations than unknowns."""
    return (
        np.linalg.pinv(a) @ b,
        np.atleast_1d(np.sum((b - a @ (np.linalg.pinv(a) @ b)) ** 2, 0))[
            : np.size(b) * max(0, np.shape(a)[0] - np.shape(a)[1])
        ],
        np.linalg.matrix_rank(a),
        np.linalg.svd(a, compute_uv=False),
    )


@composite("scipy.linalg.lstsq", examples=EQUATIONS, once=[(M33, V3), (M23, M23)], operands=("a", "b"))
def lstsq_of_scipy(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None):
    """As NumPy's, but the sum of the residuals of a vector is a number."""
    return (
        np.linalg.pinv(a) @ b,
        np.reshape(np.linalg.lstsq(a, b)[1], np.shape(b)[1:] if np.shape(a)[0] > np.shape(a)[1] else (0,)),
        np.linalg.matrix_rank(a),
        np.linalg.svd(a, compute_uv=False),
    )


def _written_axes(args):
    axes = args.get("axes")
    plain = axes is None or getattr(axes, "value", 0) is None or isinstance(axes, (ast.Tuple, ast.List))
    return "" if plain else "axes is not a tuple as written"


@composite(
    "numpy.linalg.tensorsolve",
    examples=[(M33, V3), (M33, V3, None), (M33, V3, (0,))],
    operands=("a", "b"),
    check=_written_axes,
    result=array,
)
def tensorsolve(a, b, axes=None):
    return np.reshape(np.linalg.solve(np.reshape(a, (np.size(b), np.size(b))), np.ravel(b)), np.shape(a)[np.ndim(b) :])


@tensorsolve.case(given("axes"))
def _(a, b, axes=None):
    """These axes of `a` count as its last ones."""
    return np.linalg.tensorsolve(np.moveaxis(a, axes, tuple(range(-len(axes), 0))), b)


def _written_ind(args):
    ind = number(args.get("ind", ast.Constant(value=2)))
    return "" if isinstance(ind, int) else "ind is not an integer as written"


@composite(
    "numpy.linalg.tensorinv",
    examples=[
        (
            [
                [[0.5, -1.1], [2.3, 0.4]],
                [[1.7, 0.9], [-0.4, 1.2]],
                [[0.1, 1.0], [0.6, -0.8]],
                [[0.2, 0.3], [-0.9, 0.5]],
            ],
            1,
        ),
        (M33, {"ind": 1}),
    ],
    operands=("a",),
    check=_written_ind,
    result=array,
)
def tensorinv(a, ind=2):
    return np.reshape(
        np.linalg.inv(np.reshape(a, (math.prod(np.shape(a)[:ind]), -1))), np.shape(a)[ind:] + np.shape(a)[:ind]
    )


# Determinants


@custom(
    "numpy.linalg.det",
    "scipy.linalg.det",
    examples=[(M33,), (T233,)],
    operands=("a",),
    complex=True,
    once=[([[0.5, 1.0, 2.0], [1.0, 2.0, 4.0], [0.3, -0.2, 0.7]],)],
)
def det(y_bar, a, overwrite_a=False, check_finite=True):
    """Right for singular matrices too."""
    return np.expand_dims(y_bar, (-2, -1)) * cofactor(a)


@det.case(have_ranks(a=2))
def _(y_bar, a, overwrite_a=False, check_finite=True):
    return y_bar * cofactor(a)


@det.tangent
def _(da, a, overwrite_a=False, check_finite=True):
    return np.sum(cofactor(a) * da, (-2, -1))


@custom("numpy.linalg.slogdet", examples=[(M33,), (T233,)], result=factors.slogdet)
def slogdet(y_bar, a):
    return np.expand_dims(y_bar[1], (-2, -1)) * np.swapaxes(np.linalg.inv(a), -1, -2)


@slogdet.case(have_ranks(a=2))
def _(y_bar, a):
    return y_bar[1] * np.transpose(np.linalg.inv(a))


@slogdet.tangent
def _(y, da, a):
    return ((zeros_like(y[0]), np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * da, (-2, -1))),)


# Powers, products of many


def _whole_power(args):
    return "" if isinstance(number(args.get("n")), int) else "the exponent is not an integer as written"


@composite(
    "numpy.linalg.matrix_power",
    examples=[(M33, n) for n in (0, 1, 2, 3, 5, -1, -2)],
    operands=("a",),
    check=_whole_power,
    result=array,
    memory="maybe",
    fresh=is_number_but("n", 1),
)
def matrix_power(a, n):
    return np.linalg.matrix_power(a, n - 1) @ a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 1)
def _(a, n):
    """NumPy returns the array itself."""
    return a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 2)
def _(a, n):
    return a @ a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 0)
def _(a, n):
    return np.broadcast_to(np.eye(np.shape(a)[-1], dtype=np.bool_), np.shape(a)) + 0 * a


@matrix_power.case(lambda match, kinds: (number(match.args["n"]) or 0) < 0)
def _(a, n):
    return np.linalg.matrix_power(np.linalg.inv(a), -n)
