"""Products of arrays beyond matrices: tensors, and chains of matrices."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import any_of, have_ranks, is_complex, without
from sct.rules.registry import bilinear, composite
from sct.rules.results import array
from sct.rules.samples import M23, M33, M34, T234, T243, V3, V4, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        cross_bar,
        kron_bar_left,
        kron_bar_right,
        tensordot_bar_left,
        tensordot_bar_right,
    )


@bilinear(
    "numpy.tensordot",
    examples=[(T234, T234, 3), (M23, T234, ([0], [0])), (M23, M34, 1), (T234, T243, ([1, 2], [2, 1])), (V3, W3, 0)],
)
def tensordot(y_bar, a, b, axes=2):
    return tensordot_bar_left(y_bar, a, b, axes), tensordot_bar_right(y_bar, a, b, axes)


@composite("numpy.linalg.tensordot", examples=[(M23, M34, {"axes": 1})], operands=("x1", "x2"))
def linalg_tensordot(x1, x2, *, axes=2):
    return np.tensordot(x1, x2, axes)


@composite("numpy.linalg.outer", examples=[(V3, W3)])
def linalg_outer(x1, x2):
    return np.outer(x1, x2)


@bilinear("numpy.kron", examples=[(M23, M33), (V3, W3), (V3, M23), (M23, V3)])
def kron(y_bar, a, b):
    return kron_bar_left(y_bar, a, b), kron_bar_right(y_bar, a, b)


@bilinear(
    "numpy.cross",
    examples=[
        *[(V3, W3), (M23, V3), (V3, M23), (M33, M33, {"axis": 0}), (M33, M23[:1], -1, -1, 0)],
        *[(M33, M33, 0, 1), (M33, M33, {"axisa": 0, "axisc": 0})],
    ],
)
def cross(y_bar, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    return (
        cross_bar(y_bar, a, b, axisa, axisb, axisc, axis),
        -cross_bar(y_bar, b, a, axisb, axisa, axisc, axis),
    )


@composite("numpy.linalg.cross", examples=[(V3, W3), (M33, M33, {"axis": 0})], operands=("x1", "x2"), result=array)
def linalg_cross(x1, x2, *, axis=-1):
    return np.cross(x1, x2, axis=axis)


@linalg_cross.case(without("axis"))
def _(x1, x2, *, axis=-1):
    return np.cross(x1, x2)


def _last(match, kinds):
    return number(match.args.get("axis")) == -1


@composite(
    "numpy.vecdot",
    "numpy.linalg.vecdot",
    examples=[(V3, W3), (M23, V3), (M23, M23, {"axis": 0}), (M33, V3, {"axis": 0}), (T234, V4, {"axis": -1})],
    operands=("x1", "x2"),
    spelled=["np.abs(np.vecdot(x * 1j + 1, x**2 + 1j)) * x"],
)
def vecdot(x1, x2, *, axis=-1):
    return np.sum(np.moveaxis(x1, axis, -1) * np.moveaxis(x2, axis, -1), -1)


@vecdot.case(is_complex("x1"))
def _(x1, x2, *, axis=-1):
    return np.sum(np.moveaxis(np.conj(x1), axis, -1) * np.moveaxis(x2, axis, -1), -1)


@vecdot.case(any_of(without("axis"), _last))
def _(x1, x2, *, axis=-1):
    return np.sum(x1 * x2, -1)


@vecdot.case(any_of(have_ranks(x1=2, x2=2), have_ranks(x1=3, x2=3)))
def _(x1, x2, *, axis=-1):
    return np.sum(x1 * x2, axis=axis)


@composite("numpy.matvec", examples=[(M23, V3), (T234, V4)])
def matvec(x1, x2):
    return (x1 @ np.expand_dims(x2, -1))[..., 0]


@composite(
    "numpy.vecmat",
    examples=[(V3, M34), (V3, T234)],
    spelled=["np.abs(np.vecmat(x * 1j + 1, np.outer(x, x) + 1j)) * x"],
)
def vecmat(x1, x2):
    return (np.expand_dims(x1, -2) @ x2)[..., 0, :]


@vecmat.case(is_complex("x1"))
def _(x1, x2):
    return (np.expand_dims(np.conj(x1), -2) @ x2)[..., 0, :]


def _factors(match):
    node = match.args["arrays"]
    if not isinstance(node, (ast.Tuple, ast.List)):
        return None
    total = node.elts[0]
    for factor in node.elts[1:]:
        total = ast.BinOp(left=total, op=ast.MatMult(), right=factor)
    return total


def _written_out(args):
    node = args.get("arrays")
    written = isinstance(node, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in node.elts)
    return "" if written else "its factors are not written out"


@composite(
    "numpy.linalg.multi_dot",
    operands=("arrays",),
    rewrite=_factors,
    check=_written_out,
    spelled=["np.linalg.multi_dot([x, np.outer(x, x), x * x])"],
)
def multi_dot(arrays):
    """The product from the left."""
