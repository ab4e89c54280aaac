"""The helpers of `sct.runtime` for matrices and products of arrays, differentiated again."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import bilinear, composite, custom, linear
from sct.rules.results import array, first, first_array
from sct.rules.samples import M23, M33, M34, S33, T233, V3, W3
from sct.rules.shapes import second

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        cofactor,
        cofactor_slope,
        columns,
        cross_bar,
        from_lower,
        kron_bar_left,
        kron_bar_right,
        lower_bar,
        lower_factor,
        lower_factor_bar,
        lower_half,
        norm_curve,
        tensordot_bar_left,
        tensordot_bar_right,
        triangle,
        uncolumn,
    )


@linear("sct.runtime.from_lower", examples=[(M33,), (T233,)], result=first_array)
def from_lower_(y_bar, a):
    return lower_bar(y_bar)


@linear("sct.runtime.lower_bar", examples=[(M33,), (T233,)], result=first_array)
def lower_bar_(y_bar, s):
    return from_lower(y_bar)


@linear("sct.runtime.lower_half", examples=[(M33,), (T233,)], result=first_array)
def lower_half_(y_bar, a):
    return lower_half(y_bar)


@linear("sct.runtime.skew_lower", examples=[(M33,), (T233,)], result=first_array)
def skew_lower_(y_bar, a):
    return np.tril(y_bar - np.swapaxes(y_bar, -1, -2), -1)


@custom(
    "sct.runtime.gaps", result=array, spelled=["np.linalg.eigh(np.outer(x, x) + np.diag([1.0, 2.0, 4.0, 7.0]))[1] ** 2"]
)
def gaps(y_bar, w):
    return np.sum(y_bar, -2) - np.sum(y_bar, -1)


@gaps.tangent
def _(dw, w):
    return np.expand_dims(dw, -2) - np.expand_dims(dw, -1)


@custom("sct.runtime.cofactor", examples=[(M33,), (T233,)], result=array, complex=True)
def cofactor_(y_bar, a):
    return cofactor_slope(y_bar, a)


@cofactor_.tangent
def _(da, a):
    return cofactor_slope(da, a)


@composite("sct.runtime.cofactor_slope", operands=("s", "a"), examples=[(M33, S33), (T233, T233)], result=array)
def cofactor_slope_(s, a):
    """For matrices that are not singular."""
    return np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * s, (-2, -1), keepdims=True) * cofactor(a) - cofactor(
        a
    ) @ np.swapaxes(s, -1, -2) @ np.swapaxes(np.linalg.inv(a), -1, -2)


@linear("sct.runtime.real_spectrum", examples=[(M33,)], result=first, memory="maybe")
def same_(y_bar, x):
    return y_bar


@linear(
    "sct.runtime.columns", examples=[(V3, V3), (M23, V3), (M23, M23)], operands=("x",), result=array, memory="maybe"
)
def columns_(y_bar, x, b):
    return uncolumn(y_bar, b)


@linear(
    "sct.runtime.uncolumn", examples=[([[0.7], [1.2]], V3), (M23, M23)], operands=("x",), result=array, memory="maybe"
)
def uncolumn_(y_bar, x, b):
    return columns(y_bar, b)


@custom("sct.runtime.norm_slope", examples=[(V3, 3), (M23,), (M23, 2, 1)], operands=("x",), result=first_array)
def norm_slope(y_bar, x, ord=None, axis=None):
    return norm_curve(y_bar, x, ord, axis)


@norm_slope.tangent
def _(dx, x, ord=None, axis=None):
    return norm_curve(dx, x, ord, axis)


@custom("sct.runtime.norm_curve", operands=("d", "x"), examples=[(W3, V3, 3), (M23, M23, 3, 1)])
def norm_curve_(y_bar, d, x, ord=None, axis=None):
    """The third derivative of a norm is offered where it is known to be one of vectors, and for "fro"."""
    return norm_curve(y_bar, x, ord, axis), None


@norm_curve_.tangent
def _(dd, dx, d, x, ord=None, axis=None):
    return norm_curve(dd, x, ord, axis), None


@bilinear("sct.runtime.tensordot_bar_left", examples=[(M34, M23, [[1.0, 2.0, 3.0, 4.0]] * 3, 1)], operands=("s", "b"))
def tensordot_bar_left_(y_bar, s, a, b, axes=2):
    return np.tensordot(y_bar, b, axes), tensordot_bar_right(s, y_bar, b, axes)


@bilinear("sct.runtime.tensordot_bar_right", operands=("s", "a"), spelled=["np.tensordot(np.outer(x, x), x * x, 1)"])
def tensordot_bar_right_(y_bar, s, a, b, axes=2):
    return np.tensordot(a, y_bar, axes), tensordot_bar_left(s, a, y_bar, axes)


@bilinear(
    "sct.runtime.cross_bar",
    examples=[(M23, M33[:2], V3)],
    operands=("s", "b"),
    result=second,
)
def cross_bar_(y_bar, s, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    return np.cross(y_bar, b, axisa, axisb, axisc, axis), -cross_bar(s, b, y_bar, axisb, axisa, axisc, axis)


@bilinear(
    "sct.runtime.kron_bar_left",
    examples=[([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], V3, W3)],
    operands=("s", "b"),
    result=second,
)
def kron_bar_left_(y_bar, s, a, b):
    return np.kron(y_bar, b), kron_bar_right(s, y_bar, b)


@bilinear("sct.runtime.kron_bar_right", operands=("s", "a"), spelled=["np.kron(x, x * x)"])
def kron_bar_right_(y_bar, s, a, b):
    return np.kron(a, y_bar), kron_bar_left(s, a, y_bar)


@linear("sct.runtime.histogram_bar", operands=("s",), spelled=["np.histogram([0.1, 0.4, 0.5, 0.9], 3, weights=x)[0]"])
def histogram_bar(y_bar, s, a, edges):
    return np.histogram(a, edges, weights=y_bar)[0]


@linear("sct.runtime.triangle", examples=[(M33,), (M33, True), (M33, True, True)], operands=("a",), result=first_array)
def triangle_(y_bar, a, lower=False, strict=False):
    return triangle(y_bar, lower, strict)


@linear(
    "sct.runtime.block_diag_bar",
    operands=("s",),
    memory="maybe",
    spelled=["scipy.linalg.block_diag(x, np.outer(x, x))"],
)
def block_diag_bar(y_bar, s, parts):
    return scipy.linalg.block_diag(*y_bar)


@linear("sct.runtime.lower_factor", examples=[(M33,), (M33, True)], operands=("c",), result=first_array)
def lower_factor_(y_bar, c, lower=False):
    return lower_factor_bar(y_bar, lower)


@linear("sct.runtime.lower_factor_bar", examples=[(M33,), (M33, True)], operands=("s",), result=first_array)
def lower_factor_bar_(y_bar, s, lower=False):
    return lower_factor(y_bar, lower)
