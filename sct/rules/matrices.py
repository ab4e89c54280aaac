"""Decompositions, inverses, determinants and norms. The last two axes are those of the matrix.

`cholesky` and `eigh` read the lower triangle alone, and so do their adjoints write into it alone.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sct.core import qualname
from sct.rules import ranks
from sct.rules.conditions import any_of, both, have_ranks, is_vector, without
from sct.rules.registry import KindOf, Match, When, composite, custom
from sct.rules.results import array, array_joined, reduced_float
from sct.rules.samples import M23, M33, S33, T233, V3, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        cofactor,
        columns,
        from_lower,
        gaps,
        lower_bar,
        lower_half,
        max_share,
        max_tangent,
        norm_slope,
        over,
        real_spectrum,
        skew_lower,
        spread,
        tall,
        unbroadcast,
        uncolumn,
        zeros_like,
    )

# Inverses and systems


@custom(
    "numpy.linalg.inv",
    "scipy.linalg.inv",
    examples=[(M33,), (T233,)],
    result=array_joined,
    rank=ranks.same,
    complex=True,
)
def inv(y_bar, y, a):
    return -np.swapaxes(y, -1, -2) @ y_bar @ np.swapaxes(y, -1, -2)


@inv.case(have_ranks(a=2))
def _(y_bar, y, a):
    return -y.T @ y_bar @ y.T


@inv.tangent
def _(y, da, a):
    return -y @ da @ y


@custom(
    "numpy.linalg.pinv",
    "scipy.linalg.pinv",
    examples=[(M23,), (M33,), ([V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]],)],
    result=array,
)
def pinv(y_bar, y, a):
    """For matrices of full rank."""
    return (
        -np.swapaxes(y, -1, -2) @ y_bar @ np.swapaxes(y, -1, -2)
        + (np.swapaxes(y_bar, -1, -2) - a @ (y @ np.swapaxes(y_bar, -1, -2))) @ y @ np.swapaxes(y, -1, -2)
        + np.swapaxes(y, -1, -2) @ y @ (np.swapaxes(y_bar, -1, -2) - np.swapaxes(y_bar, -1, -2) @ y @ a)
    )


@pinv.tangent
def _(y, da, a):
    return (
        -y @ da @ y
        + y @ np.swapaxes(y, -1, -2) @ (np.swapaxes(da, -1, -2) - np.swapaxes(da, -1, -2) @ a @ y)
        + (np.swapaxes(da, -1, -2) - y @ a @ np.swapaxes(da, -1, -2)) @ np.swapaxes(y, -1, -2) @ y
    )


@custom(
    "numpy.linalg.solve",
    "scipy.linalg.solve",
    examples=[(M33, V3), (M33, [[0.5, 1.0], [1.5, -0.5], [0.7, 0.1]]), (T233, V3), (T233, T233), (M33, T233)],
    result=array_joined,
    rank=ranks.solution,
    complex=True,
)
def solve(y_bar, y, a, b):
    return (
        unbroadcast(
            -np.linalg.solve(np.swapaxes(a, -1, -2), columns(y_bar, b)) @ np.swapaxes(columns(y, b), -1, -2), a
        ),
        unbroadcast(uncolumn(np.linalg.solve(np.swapaxes(a, -1, -2), columns(y_bar, b)), b), b),
    )


@solve.case(have_ranks(a=2, b=1))
def _(y_bar, y, a, b):
    return -np.outer(np.linalg.solve(a.T, y_bar), y), np.linalg.solve(a.T, y_bar)


@solve.case(have_ranks(a=2, b=2))
def _(y_bar, y, a, b):
    return -np.linalg.solve(a.T, y_bar) @ y.T, np.linalg.solve(a.T, y_bar)


@solve.tangent_case(any_of(have_ranks(a=2, b=1), have_ranks(a=2, b=2)))
def _(da, db, y, a, b):
    return -np.linalg.solve(a, da @ y), np.linalg.solve(a, db)


@solve.tangent
def _(da, db, y, a, b):
    return -uncolumn(np.linalg.solve(a, da @ columns(y, b)), b), np.linalg.solve(a, db)


@composite(
    "numpy.linalg.lstsq",
    examples=[([V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]], [0.3, 1.6, -0.9, 0.8])],
    operands=("a", "b"),
)
def lstsq(a, b, rcond=None):
    return (
        np.linalg.pinv(a) @ b,
        np.atleast_1d(np.sum((b - a @ (np.linalg.pinv(a) @ b)) ** 2, 0)),
        np.linalg.matrix_rank(a),
        np.linalg.svd(a, compute_uv=False),
    )


# Determinants


@custom(
    "numpy.linalg.det",
    "scipy.linalg.det",
    examples=[(M33,), (T233,)],
    once=[([[0.5, 1.0, 2.0], [1.0, 2.0, 4.0], [0.3, -0.2, 0.7]],)],
)
def det(y_bar, a):
    """Right for singular matrices too."""
    return np.expand_dims(y_bar, (-2, -1)) * cofactor(a)


@det.case(have_ranks(a=2))
def _(y_bar, a):
    return y_bar * cofactor(a)


@det.tangent
def _(da, a):
    return np.sum(cofactor(a) * da, (-2, -1))


@custom("numpy.linalg.slogdet", examples=[(M33,), (T233,)])
def slogdet(y_bar, a):
    return np.expand_dims(y_bar[1], (-2, -1)) * np.swapaxes(np.linalg.inv(a), -1, -2)


@slogdet.tangent
def _(y, da, a):
    return ((zeros_like(y[0]), np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * da, (-2, -1))),)


# Decompositions


@custom("numpy.linalg.cholesky", examples=[(S33,), ([S33, S33],)], result=array, rank=ranks.same)
def cholesky(y_bar, y, a):
    return lower_bar(
        np.linalg.solve(np.swapaxes(y, -1, -2), lower_half(np.swapaxes(y, -1, -2) @ y_bar) @ np.linalg.inv(y))
    )


@cholesky.tangent
def _(y, da, a):
    return y @ lower_half(np.linalg.solve(y, from_lower(da)) @ np.swapaxes(np.linalg.inv(y), -1, -2))


@custom("numpy.linalg.eigh", examples=[(S33,), ([S33, S33],)])
def eigh(y_bar, y, a):
    return lower_bar(
        y[1]
        @ (
            over(np.swapaxes(y[1], -1, -2) @ y_bar[1], gaps(y[0]))
            + np.expand_dims(y_bar[0], -1) * np.eye(np.shape(a)[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y[1], -1, -2)
    )


@eigh.tangent
def _(y, da, a):
    return (
        (
            np.diagonal(np.swapaxes(y[1], -1, -2) @ from_lower(da) @ y[1], 0, -2, -1),
            y[1] @ over(np.swapaxes(y[1], -1, -2) @ from_lower(da) @ y[1], gaps(y[0])),
        ),
    )


@custom("numpy.linalg.eigvalsh", "scipy.linalg.eigvalsh", examples=[(S33,), ([S33, S33],)], result=array)
def eigvalsh(y_bar, a):
    return lower_bar((np.linalg.eigh(a)[1] * np.expand_dims(y_bar, -2)) @ np.swapaxes(np.linalg.eigh(a)[1], -1, -2))


@eigvalsh.tangent
def _(da, a):
    return np.sum(np.linalg.eigh(a)[1] * (from_lower(da) @ np.linalg.eigh(a)[1]), -2)


REAL = [[2.0, 0.3, -0.4], [0.7, -1.0, 0.5], [-0.2, 0.6, 4.0]]


@custom("numpy.linalg.eig", examples=[(REAL,)])
def eig(y_bar, y, a):
    """For a real spectrum."""
    return (
        np.swapaxes(np.linalg.inv(real_spectrum(y[1])), -1, -2)
        @ (
            over(
                np.swapaxes(y[1], -1, -2) @ y_bar[1]
                - np.swapaxes(y[1], -1, -2) @ (y[1] * np.sum(y[1] * y_bar[1], -2, keepdims=True)),
                gaps(y[0]),
            )
            + np.expand_dims(y_bar[0], -1) * np.eye(np.shape(a)[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y[1], -1, -2)
    )


@eig.tangent
def _(y, da, a):
    return (
        (
            np.diagonal(np.linalg.solve(real_spectrum(y[1]), da @ y[1]), 0, -2, -1),
            y[1] @ over(np.linalg.solve(y[1], da @ y[1]), gaps(y[0]))
            - y[1] * np.sum(y[1] * (y[1] @ over(np.linalg.solve(y[1], da @ y[1]), gaps(y[0]))), -2, keepdims=True),
        ),
    )


@custom("numpy.linalg.eigvals", examples=[(REAL,)], result=array)
def eigvals(y_bar, a):
    """For a real spectrum."""
    return np.swapaxes(np.linalg.inv(real_spectrum(np.linalg.eig(a)[1])), -1, -2) @ (
        np.expand_dims(y_bar, -1) * np.swapaxes(np.linalg.eig(a)[1], -1, -2)
    )


@eigvals.tangent
def _(da, a):
    return np.diagonal(np.linalg.solve(real_spectrum(np.linalg.eig(a)[1]), da @ np.linalg.eig(a)[1]), 0, -2, -1)


def _reduced(args):
    mode = args.get("mode")
    return "" if mode is None or getattr(mode, "value", "") == "reduced" else "it has no rule for this mode"


TALL = [V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]]


@custom("numpy.linalg.qr", examples=[(M33,), (TALL,), (T233,)], check=_reduced)
def qr(y_bar, y, a, mode="reduced"):
    """For matrices of full rank that are not wider than high."""
    return (
        y_bar[0] + y[0] @ from_lower(y[1] @ np.swapaxes(y_bar[1], -1, -2) - np.swapaxes(y_bar[0], -1, -2) @ y[0])
    ) @ np.swapaxes(np.linalg.inv(tall(y[1])), -1, -2)


@qr.tangent
def _(y, da, a, mode="reduced"):
    return (
        (
            da @ np.linalg.inv(tall(y[1]))
            - y[0] @ (np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1]))
            + y[0] @ skew_lower(np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1])),
            np.swapaxes(y[0], -1, -2) @ da - skew_lower(np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1])) @ y[1],
        ),
    )


def _with_vectors(args):
    uv = args.get("compute_uv")
    return "" if uv is None or getattr(uv, "value", None) is True else "compute_uv is not written True or False"


def _without_vectors(args):
    return "" if getattr(args.get("compute_uv"), "value", None) is False else "compute_uv is not written True or False"


@custom(
    "numpy.linalg.svd",
    examples=[(M23, {"compute_uv": False}), (M33, {"compute_uv": False})],
    operands=("a",),
    check=_without_vectors,
    result=array,
)
def svd_values(y_bar, a, full_matrices=True, compute_uv=True):
    return (np.linalg.svd(a, full_matrices=False)[0] * np.expand_dims(y_bar, -2)) @ np.linalg.svd(
        a, full_matrices=False
    )[2]


@svd_values.tangent
def _(da, a, full_matrices=True, compute_uv=True):
    return np.sum(
        np.linalg.svd(a, full_matrices=False)[0] * (da @ np.swapaxes(np.linalg.svd(a, full_matrices=False)[2], -1, -2)),
        -2,
    )


@custom("numpy.linalg.svdvals", "scipy.linalg.svdvals", examples=[(M23,), (M33,)], result=array)
def svdvals(y_bar, x):
    return (np.linalg.svd(x, full_matrices=False)[0] * np.expand_dims(y_bar, -2)) @ np.linalg.svd(
        x, full_matrices=False
    )[2]


@svdvals.tangent
def _(dx, x):
    return np.sum(
        np.linalg.svd(x, full_matrices=False)[0] * (dx @ np.swapaxes(np.linalg.svd(x, full_matrices=False)[2], -1, -2)),
        -2,
    )


@custom(
    "numpy.linalg.svd",
    examples=[(M23, False), (M33,), (TALL, {"full_matrices": False}), (T233, False)],
    check=_with_vectors,
)
def svd(y_bar, y, a, full_matrices=True, compute_uv=True):
    """For singular values that differ, and are not zero where the vectors count."""
    return (
        y[0]
        @ (
            over(np.swapaxes(y[0], -1, -2) @ y_bar[0] - np.swapaxes(y_bar[0], -1, -2) @ y[0], gaps(y[1] ** 2))
            * np.expand_dims(y[1], -2)
            + np.expand_dims(y[1], -1)
            * over(y[2] @ np.swapaxes(y_bar[2], -1, -2) - y_bar[2] @ np.swapaxes(y[2], -1, -2), gaps(y[1] ** 2))
            + np.expand_dims(y_bar[1], -1) * np.eye(np.shape(y[1])[-1], dtype=np.bool_)
        )
        @ y[2]
        + over(y_bar[0] - y[0] @ (np.swapaxes(y[0], -1, -2) @ y_bar[0]), np.expand_dims(y[1], -2)) @ y[2]
        + y[0] @ over(y_bar[2] - (y_bar[2] @ np.swapaxes(y[2], -1, -2)) @ y[2], np.expand_dims(y[1], -1))
    )


@svd.tangent
def _(y, da, a, full_matrices=True, compute_uv=True):
    return (
        (
            y[0]
            @ over(
                (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)) * np.expand_dims(y[1], -2)
                + np.expand_dims(y[1], -1) * (y[2] @ np.swapaxes(da, -1, -2) @ y[0]),
                gaps(y[1] ** 2),
            )
            + over(
                da @ np.swapaxes(y[2], -1, -2) - y[0] @ (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)),
                np.expand_dims(y[1], -2),
            ),
            np.diagonal((np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)), 0, -2, -1),
            np.swapaxes(
                over(
                    np.expand_dims(y[1], -1) * (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2))
                    + (y[2] @ np.swapaxes(da, -1, -2) @ y[0]) * np.expand_dims(y[1], -2),
                    gaps(y[1] ** 2),
                ),
                -1,
                -2,
            )
            @ y[2]
            + over(
                np.swapaxes(y[0], -1, -2) @ da - (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)) @ y[2],
                np.expand_dims(y[1], -1),
            ),
        ),
    )


# Powers, products of many


def _whole_power(args):
    return "" if isinstance(number(args.get("n")), int) else "the exponent is not an integer as written"


@composite(
    "numpy.linalg.matrix_power",
    examples=[(M33, n) for n in (0, 1, 2, 3, 5, -1, -2)],
    operands=("a",),
    check=_whole_power,
    result=array,
)
def matrix_power(a, n):
    return np.linalg.matrix_power(a, n - 1) @ a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 1)
def _(a, n):
    return +a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 2)
def _(a, n):
    return a @ a


@matrix_power.case(lambda match, kinds: number(match.args["n"]) == 0)
def _(a, n):
    return np.broadcast_to(np.eye(np.shape(a)[-1], dtype=np.bool_), np.shape(a)) + 0 * a


@matrix_power.case(lambda match, kinds: (number(match.args["n"]) or 0) < 0)
def _(a, n):
    return np.linalg.matrix_power(np.linalg.inv(a), -n)


# Norms


def _frobenius(match, kinds):
    order = match.args.get("ord")
    return order is None or getattr(order, "value", 0) in (None, "fro")


def _of_vectors(order: Any = None) -> When:
    """Hold where the norm is one of vectors for sure, and of this order as written, if any."""

    def holds(match: Match, kinds: KindOf) -> bool:
        axis = number(match.args.get("axis"))
        vectors = axis is not None or is_vector("x")(match, kinds)
        written = match.args.get("ord")
        if order is None:
            return vectors
        if order == "inf":
            return vectors and qualname(written) in ("numpy.inf", "math.inf")
        return vectors and number(written) == order

    return holds


def _literal_order(match, kinds):
    order = number(match.args.get("ord"))
    return order is not None and order > 0


NORMS = [(V3,), (M23,), (M23, {"axis": 1}), (M23, {"axis": 0, "keepdims": True}), ([0.0, 3.0],)]
ORDERS = [
    *[(V3, 1), (V3, 2), (V3, 3), (V3, 0.5), (M23, 1), (M23, "fro"), (M23, 1, 1), (M23, 3, 0), (M23, 2, 1)],
    *[(M23, 1, 1, True), (T233, "fro", (1, 2)), (T233, "fro", (-2, -1), True), (T233, -1, (2, 0))],
]
SPECTRAL = [(M23, 2), (M23, "nuc"), (M33, -2), (M33, 2, (0, 1)), (T233, "nuc", (0, 2), True)]


@custom("numpy.linalg.norm", fixed=("ord",), examples=[*NORMS, *ORDERS], once=SPECTRAL, result=reduced_float)
def norm(y_bar, y, x, ord=None, axis=None, keepdims=False):
    """Zero at 0, the kink; no second derivative of the spectral and the nuclear norm."""
    return norm_slope(x, ord, axis) * spread(y_bar, x, axis, keepdims)


@norm.tangent
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return np.sum(norm_slope(x, ord, axis) * dx, axis=axis, keepdims=keepdims)


@norm.case(both(_frobenius, without("axis")))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return over(x * y_bar, y)


@norm.case(any_of(_frobenius, _of_vectors(2)))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return over(x * spread(y_bar, x, axis, keepdims), spread(y, x, axis, keepdims))


@norm.tangent_case(any_of(_frobenius, _of_vectors(2)))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return over(np.sum(x * dx, axis=axis, keepdims=keepdims), y)


@norm.case(_of_vectors(1))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return np.sign(x) * spread(y_bar, x, axis, keepdims)


@norm.tangent_case(_of_vectors(1))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return np.sum(np.sign(x) * dx, axis=axis, keepdims=keepdims)


@norm.case(_of_vectors("inf"))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return np.sign(x) * max_share(y_bar, y, np.abs(x), axis, keepdims)


@norm.tangent_case(_of_vectors("inf"))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return max_tangent(np.sign(x) * dx, y, np.abs(x), axis, keepdims)


@norm.case(both(_of_vectors(), _literal_order))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return over(
        np.sign(x) * np.abs(x) ** (ord - 1) * spread(y_bar, x, axis, keepdims),
        spread(y ** (ord - 1), x, axis, keepdims),
    )


@norm.tangent_case(both(_of_vectors(), _literal_order))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return over(np.sum(np.sign(x) * np.abs(x) ** (ord - 1) * dx, axis=axis, keepdims=keepdims), y ** (ord - 1))


@composite("numpy.linalg.cond", examples=[(M33,), (M23,), (M33, 2), (M33, 1), (M33, "fro")], operands=("x",))
def cond(x, p=None):
    return np.linalg.norm(x, p) * np.linalg.norm(np.linalg.inv(x), p)


@cond.case(lambda match, kinds: number(match.args.get("p")) == 2 or without("p")(match, kinds))
def _(x, p=None):
    return np.linalg.svd(x, compute_uv=False)[..., 0] / np.linalg.svd(x, compute_uv=False)[..., -1]


@composite(
    "numpy.linalg.vector_norm", examples=[(V3,), (M23, {"axis": 1}), (M23, {"ord": 1, "axis": 0})], operands=("x",)
)
def vector_norm(x, *, axis=None, keepdims=False, ord=2):
    return np.linalg.norm(x, ord, axis, keepdims)


@vector_norm.case(without("axis", "keepdims"))
def _(x, *, axis=None, keepdims=False, ord=2):
    return np.linalg.norm(np.ravel(x), ord)


@composite("numpy.linalg.matrix_norm", examples=[(M23,), (T233,), (M23, {"ord": 1})], operands=("x",))
def matrix_norm(x, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, (-2, -1), keepdims)
