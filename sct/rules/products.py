"""Products of arrays beyond matrices: tensors, polynomials, convolutions, weighted counts."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.rules.conditions import any_of, both, given, have_ranks, is_complex, spells, without
from sct.rules.registry import bilinear, composite, constant, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M33, M34, T234, T243, V3, V4, W3

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        as_full,
        astype_like,
        centred,
        cross_bar,
        histogram_bar,
        kron_bar_left,
        kron_bar_right,
        part_of_convolution,
        tensordot_bar_left,
        tensordot_bar_right,
        whole_convolution,
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


@composite(
    "numpy.vecdot",
    "numpy.linalg.vecdot",
    examples=[(V3, W3), (M23, V3), (M23, M23, {"axis": 0})],
    operands=("x1", "x2"),
    complex=False,
)
def vecdot(x1, x2, *, axis=-1):
    return np.sum(x1 * x2, axis=axis)


@vecdot.case(without("axis"))
def _(x1, x2, *, axis=-1):
    return np.sum(x1 * x2, -1)


@composite("numpy.matvec", examples=[(M23, V3), (T234, V4)])
def matvec(x1, x2):
    return (x1 @ np.expand_dims(x2, -1))[..., 0]


@composite("numpy.vecmat", examples=[(V3, M34), (V3, T234)], complex=False)
def vecmat(x1, x2):
    return (np.expand_dims(x1, -2) @ x2)[..., 0, :]


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


# Convolutions and polynomials

SIGNALS = [(V4, V3), (V3, V4), (V4, V3, "same"), (V4, V3, "valid"), (V3, V4, "valid"), (V4, V4[:2], "same")]


@bilinear("numpy.convolve", examples=[*SIGNALS, (V3, V4, "same")], result=array)
def convolve(y_bar, a, v, mode="full"):
    return (
        np.correlate(as_full(y_bar, a, v, mode), v, "valid"),
        np.correlate(as_full(y_bar, a, v, mode), a, "valid"),
    )


@convolve.case(any_of(is_complex("a"), is_complex("v")))
def _(y_bar, a, v, mode="full"):
    return (
        np.correlate(as_full(y_bar, a, v, mode), np.conj(v), "valid"),
        np.correlate(as_full(y_bar, a, v, mode), np.conj(a), "valid"),
    )


@convolve.case(without("mode"))
def _(y_bar, a, v, mode="full"):
    return np.correlate(y_bar, v, "valid"), np.correlate(y_bar, a, "valid")


def _known_mode(args: Mapping[str, ast.expr]) -> str:
    mode = args.get("mode")
    known = mode is None or getattr(mode, "value", None) in ("full", "same", "valid")
    return "" if known else "the mode is not written out"


@composite(
    "numpy.correlate",
    examples=[*SIGNALS, (V3, V4, "same"), (V3, V4, "full")],
    operands=("a", "v"),
    check=_known_mode,
    result=array,
    complex=False,
)
def correlate(a, v, mode="valid"):
    return np.convolve(a, v[::-1], mode)


@correlate.case(without("mode"))
def _(a, v, mode="valid"):
    return np.convolve(a, v[::-1], "valid")


@correlate.case(spells("mode", "same"))
def _(a, v, mode="valid"):
    return np.convolve(a, v[::-1])[centred(a, v)]


@custom("numpy.polyval", examples=[(V3, 0.7), (V4, M23), ([1.5], V3)])
def polyval(y_bar, p, x):
    return (
        astype_like(np.ravel(y_bar) @ np.vander(np.ravel(x), len(p)), p),
        np.polyval(p[:-1] * np.arange(len(p) - 1, 0, -1), x) * y_bar,
    )


@polyval.tangent
def _(dp, dx, p, x):
    return np.polyval(dp, x), np.polyval(p[:-1] * np.arange(len(p) - 1, 0, -1), x) * dx


@composite("numpy.polyder", examples=[(V4,)], result=array)
def polyder(p):
    return p[:-1] * np.arange(len(p) - 1, 0, -1)


@composite("numpy.polymul", examples=[(V4, V3)], result=array)
def polymul(a1, a2):
    return np.convolve(a1, a2)


@composite("numpy.polyadd", examples=[(V4, V3), (V3, V4), (V3, V3)], result=array)
def polyadd(a1, a2):
    return np.pad(a1, (max(len(a2) - len(a1), 0), 0)) + np.pad(a2, (max(len(a1) - len(a2), 0), 0))


@composite("numpy.polysub", examples=[(V4, V3), (V3, V4), (V3, V3)], result=array)
def polysub(a1, a2):
    return np.pad(a1, (max(len(a2) - len(a1), 0), 0)) - np.pad(a2, (max(len(a1) - len(a2), 0), 0))


@composite("numpy.polyint", examples=[(V4,)], result=array)
def polyint(p):
    return np.append(p / np.arange(len(p), 0, -1), 0.0)


@composite(
    "numpy.polyfit",
    spelled=["np.polyfit(x, x**2, 1)", "np.polyfit(x, np.exp(x), 1, w=x * x + 1)"],
    operands=("x", "y_", "w"),
    aliases={"y": "y_"},
    result=array,
)
def polyfit(x, y_, deg, *, w=None):
    """For as many points as the degree needs."""
    return np.linalg.pinv(np.expand_dims(w, -1) * np.vander(x, deg + 1)) @ np.transpose(w * np.transpose(y_))


@polyfit.case(without("w"))
def _(x, y_, deg, *, w=None):
    return np.linalg.pinv(np.vander(x, deg + 1)) @ y_


@composite("numpy.polynomial.polynomial.polyval", examples=[(0.7, V3), (V3, V4)])
def polyval_rising(x, c):
    return np.polyval(c[::-1], x)


@composite(
    "numpy.vander", examples=[(V3,), (V3, 4), (V3, 2, True), (V3, {"increasing": True})], operands=("x",), result=array
)
def vander(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(N - 1, -1, -1)


@vander.case(both(without("N"), given("increasing")))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(len(x))


@vander.case(given("increasing"))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(N)


@vander.case(without("N"))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(len(x) - 1, -1, -1)


# Weighted counts


@linear("numpy.bincount", examples=[([1, 0, 1], V3), ([1, 0, 4], V3, 7)], operands=("weights",), result=array)
def bincount(y_bar, x, weights, minlength=0):
    return astype_like(np.take(y_bar, x), weights)


def _with_weights(args):
    if "weights" not in args:
        return "it has no weights"
    density = args.get("density")
    plain = density is None or getattr(density, "value", True) in (None, False)
    return "" if plain else "the argument density has no derivative rule"


def _unweighted(args: Mapping[str, ast.expr]) -> str:
    return "the argument weights has no derivative rule here" if "weights" in args else ""


def _fixed_edges(args: Mapping[str, ast.expr]) -> str:
    edges = "range" in args or not isinstance(args.get("bins"), (ast.Constant, ast.Name, type(None)))
    return _unweighted(args) or ("" if edges else "its bins depend on the data unless a range is given")


@custom(
    "numpy.histogram",
    examples=[([0.1, 0.7, 0.4], 2, None, None, V3), ([0.1, 0.7, 0.4], [0.0, 0.2, 0.5], None, None, V3)],
    operands=("weights",),
    fixed=("a", "bins", "range"),
    check=_with_weights,
    memory="maybe",
)
def histogram(y_bar, y, a, bins=10, range=None, density=None, weights=None):
    """Which bin an element falls into is held fixed."""
    return histogram_bar(y_bar[0], a, y[1])


@histogram.tangent
def _(dweights, y, a, bins=10, range=None, density=None, weights=None):
    return ((np.histogram(a, bins, range=range, weights=dweights)[0], np.zeros_like(y[1])),)


@constant("numpy.histogram", check=_fixed_edges, fixed=("bins", "range"))
def counts(a, bins=10, range=None, density=None, weights=None): ...


@constant("numpy.bincount", result=array, check=_unweighted)
def bin_counts(x, weights=None, minlength=0): ...


# Convolutions of arrays of any number of axes

IMAGES = [(V4, V3), (M34, M23), (M34, M23, "same"), (M34, M23, "valid"), (M23, M34, "same"), (M23, M34, "valid")]


@bilinear(
    "scipy.signal.convolve",
    "scipy.signal.fftconvolve",
    examples=[*IMAGES, (V4, V3, {"method": "direct"})],
    check=_known_mode,
    result=array,
    complex=False,
)
def convolve_images(y_bar, in1, in2, mode="full", method="auto"):
    return (
        scipy.signal.correlate(whole_convolution(y_bar, in1, in2, mode), in2, "valid"),
        scipy.signal.correlate(whole_convolution(y_bar, in1, in2, mode), in1, "valid"),
    )


@convolve_images.case(without("mode"))
def _(y_bar, in1, in2, mode="full", method="auto"):
    return scipy.signal.correlate(y_bar, in2, "valid"), scipy.signal.correlate(y_bar, in1, "valid")


@composite(
    "scipy.signal.correlate",
    examples=IMAGES,
    operands=("in1", "in2"),
    check=_known_mode,
    result=array,
    complex=False,
)
def correlate_images(in1, in2, mode="full", method="auto"):
    return scipy.signal.convolve(in1, np.flip(in2), mode, method)


@composite(
    "scipy.signal.convolve2d",
    examples=IMAGES[1:],
    operands=("in1", "in2"),
    check=_known_mode,
    result=array,
    complex=False,
)
def convolve2d(in1, in2, mode="full"):
    return scipy.signal.convolve(in1, in2, mode)


def _not_same(args):
    return "it has no rule for this mode" if getattr(args.get("mode"), "value", "") == "same" else _known_mode(args)


@composite(
    "scipy.signal.correlate2d",
    examples=[IMAGES[1], IMAGES[3]],
    operands=("in1", "in2"),
    check=_not_same,
    result=array,
    complex=False,
)
def correlate2d(in1, in2, mode="full"):
    return scipy.signal.convolve(in1, np.flip(in2), mode)


@linear("sct.runtime.whole_convolution", examples=[(V4, V4, V3, "same")], operands=("s",), result=array)
def whole_convolution_(y_bar, s, a, b, mode="full"):
    return part_of_convolution(y_bar, a, b, mode)


@linear(
    "sct.runtime.part_of_convolution",
    operands=("s",),
    result=array,
    examples=[([0.3, 1.6, -0.9, 0.8, 0.4, -0.2], V4, V3, "same")],
)
def part_of_convolution_(y_bar, s, a, b, mode="full"):
    return whole_convolution(y_bar, a, b, mode)


# Statistics


@composite(
    "numpy.cov",
    examples=[(M23,), (M34,), (M34, {"bias": True}), (M34, {"ddof": 0}), (V3,), (M34, {"bias": True, "ddof": 1})],
    operands=("m",),
    fixed=("ddof",),
    complex=False,
)
def cov(m, *, bias=False, ddof=None):
    return np.squeeze(
        (np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
        @ np.transpose(np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
    ) / (np.shape(m)[-1] - 1)


@cov.case(both(have_ranks(m=2), without("bias", "ddof")))
def _(m, *, bias=False, ddof=None):
    return np.squeeze((m - np.mean(m, axis=1, keepdims=True)) @ np.transpose(m - np.mean(m, axis=1, keepdims=True))) / (
        m.shape[1] - 1
    )


@cov.case(given("ddof"))
def _(m, *, bias=False, ddof=None):
    """It counts, whatever `bias` says."""
    return np.squeeze(
        (np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
        @ np.transpose(np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
    ) / (np.shape(m)[-1] - ddof)


@cov.case(both(given("bias"), without("ddof")))
def _(m, *, bias=False, ddof=None):
    return (
        np.squeeze(
            (np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
            @ np.transpose(np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
        )
        / np.shape(m)[-1]
    )


def _by_columns(args):
    return "" if getattr(args.get("rowvar"), "value", True) is False else "rowvar is not written False"


@composite(
    "numpy.cov",
    examples=[(M34, {"rowvar": False}), (M34, {"rowvar": False, "bias": True})],
    operands=("m",),
    fixed=("ddof",),
    check=_by_columns,
    complex=False,
)
def cov_of_columns(m, *, rowvar=True, bias=False, ddof=None):
    return np.cov(np.transpose(m), bias=bias, ddof=ddof)


@composite(
    "numpy.cov",
    examples=[(V3, W3), (M34, M34, {"bias": True})],
    operands=("m", "y_"),
    aliases={"y": "y_"},
    fixed=("ddof",),
    complex=False,
)
def cov_of_two(m, y_, *, bias=False, ddof=None):
    return np.cov(np.concatenate((np.atleast_2d(m), np.atleast_2d(y_))), bias=bias, ddof=ddof)


@composite("numpy.corrcoef", examples=[(M34,)], operands=("x",), complex=False)
def corrcoef(x):
    return np.cov(x) / np.sqrt(np.outer(np.diagonal(np.cov(x)), np.diagonal(np.cov(x))))


@composite("numpy.corrcoef", examples=[(M34, {"rowvar": False})], operands=("x",), check=_by_columns, complex=False)
def corrcoef_of_columns(x, *, rowvar=True):
    return np.corrcoef(np.transpose(x))


@composite(
    "numpy.corrcoef", examples=[(V4, [0.4, 0.1, 1.2, -0.3])], operands=("x", "y_"), aliases={"y": "y_"}, complex=False
)
def corrcoef_of_two(x, y_):
    return np.corrcoef(np.concatenate((np.atleast_2d(x), np.atleast_2d(y_))))
