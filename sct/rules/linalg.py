"""Products of vectors and matrices, and diagonals."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.analysis.kinds import sizes
from sct.rules import ranks
from sct.rules.conditions import any_of, both, have_ranks, is_complex, without
from sct.rules.registry import KindOf, Match, When, bilinear, composite, linear
from sct.rules.results import array, scalar_joined
from sct.rules.samples import M23, M33, M34, T234, T243, V3, W3
from sct.rules.shapes import inner as inner_result
from sct.rules.shapes import outer as outer_result
from sct.rules.shapes import product

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        diag_bar,
        dot_bar_left,
        dot_bar_right,
        gather_bar,
        inner_bar_left,
        inner_bar_right,
        matmul_bar_left,
        matmul_bar_right,
        positions,
        spread,
    )

PRODUCTS = [(M23, M34), (M23, V3), (V3, M34), (V3, W3)]


@bilinear(
    "operator.matmul",
    "numpy.matmul",
    "numpy.linalg.matmul",
    examples=[*PRODUCTS, (T234, T243), (V3, T234), (T243, V3), (T243, M34), (M23, T234)],
    result=product,
)
def matmul(y_bar, x1, x2):
    return matmul_bar_left(y_bar, x1, x2), matmul_bar_right(y_bar, x1, x2)


@matmul.case(have_ranks(x1=1, x2=1))
def _(y_bar, x1, x2):
    return x2 * y_bar, x1 * y_bar


@matmul.case(have_ranks(x1=2, x2=1))
def _(y_bar, x1, x2):
    return np.outer(y_bar, x2), x1.T @ y_bar


@matmul.case(have_ranks(x1=1, x2=2))
def _(y_bar, x1, x2):
    return x2 @ y_bar, np.outer(x1, y_bar)


@matmul.case(have_ranks(x1=2, x2=2))
def _(y_bar, x1, x2):
    return y_bar @ x2.T, x1.T @ y_bar


def _whole_stack(*operands: str) -> When:
    """Hold where these operands of a product have matrices for all that are multiplied: none is used several times."""

    def holds(match: Match, kinds: KindOf) -> bool:
        whole = ranks.product(match, kinds)
        found = [sizes(kinds(match.args[p]).shape) for p in operands]
        if whole is None or isinstance(whole, int) or any(kinds(a).ndim in (None, 0, 1) for a in match.args.values()):
            return False
        return all(own is not None and list(own[:-2]) == list(whole[:-2]) for own in found)

    return holds


@matmul.case(_whole_stack("x1", "x2"))
def _(y_bar, x1, x2):
    return y_bar @ np.swapaxes(x2, -1, -2), np.swapaxes(x1, -1, -2) @ y_bar


@matmul.case(both(_whole_stack("x1"), have_ranks(x2=2)))
def _(y_bar, x1, x2):
    return y_bar @ x2.T, matmul_bar_right(y_bar, x1, x2)


@matmul.case(both(_whole_stack("x2"), have_ranks(x1=2)))
def _(y_bar, x1, x2):
    return matmul_bar_left(y_bar, x1, x2), x1.T @ y_bar


@bilinear(
    "numpy.dot",
    "numpy.ndarray.dot",
    examples=[*PRODUCTS, (T234, T243), (T243, V3), (V3, T234), (T243, M34), (2.5, V3), (M23, 1.5), (1.5, 2.5)],
    result=product,
)
def dot(y_bar, a, b):
    return dot_bar_left(y_bar, a, b), dot_bar_right(y_bar, a, b)


@dot.case(have_ranks(a=1, b=1))
def _(y_bar, a, b):
    return b * y_bar, a * y_bar


@dot.case(have_ranks(a=2, b=1))
def _(y_bar, a, b):
    return np.outer(y_bar, b), a.T @ y_bar


@dot.case(have_ranks(a=1, b=2))
def _(y_bar, a, b):
    return b @ y_bar, np.outer(a, y_bar)


@dot.case(have_ranks(a=2, b=2))
def _(y_bar, a, b):
    return y_bar @ b.T, a.T @ y_bar


@bilinear(
    "numpy.inner", examples=[(V3, W3), (M23, M33), (M23, V3), (V3, M23), (T243, M23), (2.0, V3)], result=inner_result
)
def inner(y_bar, a, b):
    return inner_bar_left(y_bar, a, b), inner_bar_right(y_bar, a, b)


@inner.case(have_ranks(a=1, b=1))
def _(y_bar, a, b):
    return b * y_bar, a * y_bar


@bilinear("numpy.vdot", examples=[(V3, W3), (M23, M23), (2.0, 3.0)], result=scalar_joined)
def vdot(y_bar, a, b):
    return np.reshape(np.ravel(b) * y_bar, np.shape(a)), np.reshape(np.ravel(a) * y_bar, np.shape(b))


@vdot.case(any_of(is_complex("a"), is_complex("b")))
def _(y_bar, a, b):
    return (
        np.reshape(np.conj(np.ravel(b) * y_bar), np.shape(a)),
        np.reshape(np.conj(np.ravel(a)) * y_bar, np.shape(b)),
    )


@vdot.case(have_ranks(a=1, b=1))
def _(y_bar, a, b):
    return b * y_bar, a * y_bar


@bilinear(
    "numpy.outer",
    examples=[(V3, W3), (M23, V3), (2.0, V3), (V3, 2.0)],
    result=outer_result,
    rank=ranks.fixed(2),
)
def outer(y_bar, a, b):
    return np.reshape(y_bar @ np.ravel(b), np.shape(a)), np.reshape(np.ravel(a) @ y_bar, np.shape(b))


@outer.case(have_ranks(a=1, b=1))
def _(y_bar, a, b):
    return y_bar @ b, a @ y_bar


@linear("numpy.trace", "numpy.ndarray.trace", examples=[(M33,), (M23,), (M34, 1), (T234,), (T234, 0, 1, 2)])
def trace(y_bar, a, offset=0, axis1=0, axis2=1):
    return gather_bar(np.expand_dims(y_bar, -1), a, np.diagonal(positions(a), offset=offset, axis1=axis1, axis2=axis2))


@trace.case(both(have_ranks(a=2), without("offset", "axis1", "axis2")))
def _(y_bar, a, offset=0, axis1=0, axis2=1):
    return spread(y_bar, a) * np.eye(*a.shape, dtype=np.bool_)


@composite("numpy.linalg.trace", examples=[(M33,), (T234,)], operands=("x",))
def linalg_trace(x, *, offset=0):
    return np.trace(x, offset, -2, -1)


@composite(
    "numpy.linalg.diagonal", examples=[(M33,), (T234, {"offset": 1})], operands=("x",), result=array, memory="maybe"
)
def linalg_diagonal(x, *, offset=0):
    return np.diagonal(x, offset, -2, -1)


@linear(
    "numpy.diag",
    examples=[(V3,), (M33,), (M23,), (V3, 1), (V3, -1), (M34, 1), (M34, -1)],
    result=array,
    rank=ranks.diagonal,
    memory="maybe",
    fresh=have_ranks(v=1),
)
def diag(y_bar, v, k=0):
    return diag_bar(y_bar, v, k)


@linear(
    "numpy.diagonal",
    "numpy.ndarray.diagonal",
    examples=[(M33,), (M34, 1), (T234,), (T234, 1, -2, -1)],
    memory="view",
    result=array,
    rank=ranks.diagonals,
)
def diagonal(y_bar, a, offset=0, axis1=0, axis2=1):
    return gather_bar(y_bar, a, np.diagonal(positions(a), offset=offset, axis1=axis1, axis2=axis2))


@diagonal.case(both(have_ranks(a=2), without("axis1", "axis2")))
def _(y_bar, a, offset=0, axis1=0, axis2=1):
    return diag_bar(y_bar, a, offset)


@linear("numpy.diagflat", examples=[(V3,), (M23, 1)], result=array, rank=ranks.fixed(2))
def diagflat(y_bar, v, k=0):
    return np.reshape(np.diagonal(y_bar, k), np.shape(v))
