"""Norms of vectors and matrices, and condition numbers."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from sct.core import qualname
from sct.rules.conditions import any_of, both, is_complex, is_vector, several_axes, without
from sct.rules.registry import KindOf, Match, When, composite, custom
from sct.rules.results import reduced_float, reduced_real
from sct.rules.samples import M23, M33, T233, V3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import kinked, max_share, max_tangent, norm_slope, over, spread


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
    *[
        (M23, 1, 1, True),
        (T233, "fro", (1, 2)),
        (T233, "fro", (-2, -1), True),
        (T233, -1, (2, 0)),
        (M23, 0, 1),
        (M23, -1, 1),
        (M23, -2, 0),
    ],
]
SPECTRAL = [(M23, 2), (M33, -2), (T233, "nuc", (0, 2), True)]


def _of_singular_values(args):
    axis, order = args.get("axis"), args.get("ord")
    two = isinstance(axis, ast.Tuple) and len(axis.elts) == 2
    plain = axis is None or two or isinstance(axis, ast.Constant) and axis.value is None
    nuclear = getattr(order, "value", "") == "nuc"
    plain = plain and "keepdims" not in args
    return "" if plain and (nuclear or two and number(order) in (2, -2)) else "it is not known to be one of matrices"


@composite(
    "numpy.linalg.norm",
    examples=[(M23, "nuc"), (M33, -2, (0, 1)), (T233, 2, (1, 2)), (T233, "nuc", (0, 2))],
    operands=("x",),
    check=_of_singular_values,
)
def spectral_norm(x, ord=None, axis=None, keepdims=False):
    """For singular values that differ, and are not zero."""
    return np.sum(np.linalg.svd(np.moveaxis(x, axis, (-2, -1)), compute_uv=False), -1)


@spectral_norm.case(without("axis"))
def _(x, ord=None, axis=None, keepdims=False):
    return np.sum(np.linalg.svd(x, compute_uv=False), -1)


@spectral_norm.case(lambda match, kinds: number(match.args["ord"]) == 2)
def _(x, ord=None, axis=None, keepdims=False):
    return np.max(np.linalg.svd(np.moveaxis(x, axis, (-2, -1)), compute_uv=False), -1)


@spectral_norm.case(lambda match, kinds: number(match.args["ord"]) == -2)
def _(x, ord=None, axis=None, keepdims=False):
    return np.min(np.linalg.svd(np.moveaxis(x, axis, (-2, -1)), compute_uv=False), -1)


@custom(
    "numpy.linalg.norm",
    fixed=("ord",),
    examples=[*NORMS, *ORDERS, *SPECTRAL],
    result=reduced_real,
    complex=any_of(_frobenius, _of_vectors()),
)
def norm(y_bar, y, x, ord=None, axis=None, keepdims=False):
    """Zero at 0, the kink. Of complex numbers, for norms of vectors and that of Frobenius."""
    return norm_slope(x, ord, axis) * spread(y_bar, x, axis, keepdims)


@norm.case(both(is_complex("x"), any_of(_frobenius, _of_vectors(2))))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return kinked(np.conj(x) * spread(y_bar, x, axis, keepdims), spread(y, x, axis, keepdims))


@norm.tangent_case(both(is_complex("x"), any_of(_frobenius, _of_vectors(2))))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return kinked(np.sum(np.real(np.conj(x) * dx), axis=axis, keepdims=keepdims), y)


@norm.case(is_complex("x"))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    """The norm of the absolute values."""
    return norm_slope(np.abs(x), ord, axis) * over(np.conj(x), np.abs(x)) * spread(y_bar, x, axis, keepdims)


@norm.tangent_case(is_complex("x"))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return np.sum(
        norm_slope(np.abs(x), ord, axis) * over(np.real(np.conj(x) * dx), np.abs(x)), axis=axis, keepdims=keepdims
    )


@norm.tangent
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return np.sum(norm_slope(x, ord, axis) * dx, axis=axis, keepdims=keepdims)


@norm.case(both(_frobenius, without("axis")))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return kinked(x * y_bar, y)


@norm.case(any_of(_frobenius, _of_vectors(2)))
def _(y_bar, y, x, ord=None, axis=None, keepdims=False):
    return kinked(x * spread(y_bar, x, axis, keepdims), spread(y, x, axis, keepdims))


@norm.tangent_case(any_of(_frobenius, _of_vectors(2)))
def _(y, dx, x, ord=None, axis=None, keepdims=False):
    return kinked(np.sum(x * dx, axis=axis, keepdims=keepdims), y)


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


@composite(
    "numpy.linalg.cond",
    examples=[(M33,), (M23,), (M33, 2), (M33, 1), (M33, "fro"), (M23, -2), (T233, 1)],
    operands=("x",),
)
def cond(x, p=None):
    return np.linalg.norm(x, p, (-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, (-2, -1))


@cond.case(lambda match, kinds: number(match.args.get("p")) == -2)
def _(x, p=None):
    return np.linalg.svd(x, compute_uv=False)[..., -1] / np.linalg.svd(x, compute_uv=False)[..., 0]


@cond.case(lambda match, kinds: number(match.args.get("p")) == 2 or without("p")(match, kinds))
def _(x, p=None):
    return np.linalg.svd(x, compute_uv=False)[..., 0] / np.linalg.svd(x, compute_uv=False)[..., -1]


def _of_one_axis(args):
    axis = args.get("axis", ast.Constant(value=None))
    plain = number(axis) is not None or isinstance(axis, ast.Constant) or "ord" not in args or number(args["ord"]) == 2
    return "" if plain else "it has no rule for this order where the axis may be several"


@composite(
    "numpy.linalg.vector_norm",
    examples=[(V3,), (M23, {"axis": 1}), (M23, {"ord": 1, "axis": 0}), (T233, {"axis": (0, 2)})],
    operands=("x",),
    check=_of_one_axis,
)
def vector_norm(x, *, axis=None, keepdims=False, ord=2):
    """Of several axes, the Euclidean norm is that of a matrix."""
    return np.linalg.norm(x, None, axis, keepdims)


@vector_norm.case(lambda match, kinds: number(match.args.get("axis")) is not None)
def _(x, *, axis=None, keepdims=False, ord=2):
    return np.linalg.norm(x, ord, axis, keepdims)


@vector_norm.case(several_axes)
def _(x, *, axis=None, keepdims=False, ord=2):
    return np.sqrt(np.sum(np.abs(x) ** 2, axis, keepdims=keepdims))


@vector_norm.case(without("axis", "keepdims"))
def _(x, *, axis=None, keepdims=False, ord=2):
    return np.linalg.norm(np.ravel(x), ord)


@composite("numpy.linalg.matrix_norm", examples=[(M23,), (T233,), (M23, {"ord": 1})], operands=("x",))
def matrix_norm(x, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, (-2, -1), keepdims)


@composite(
    "scipy.linalg.norm",
    examples=[(V3,), (M23,), (M33, "nuc"), (V3, 3), (M23, 1, 1)],
    operands=("a",),
    result=reduced_float,
)
def scipy_norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    return np.linalg.norm(a, ord, axis, keepdims)
