"""Convolutions and correlations."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.rules.conditions import both, is_complex, spells, without
from sct.rules.registry import bilinear, composite, linear
from sct.rules.results import array, kind_of
from sct.rules.samples import M23, M34, V3, V4
from sct.rules.shapes import second

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        centred,
        convolve_bar,
        part_of_convolution,
        whole_convolution,
    )


SIGNALS = [(V4, V3), (V3, V4), (V4, V3, "same"), (V4, V3, "valid"), (V3, V4, "valid"), (V4, V4[:2], "same")]


@bilinear("numpy.convolve", examples=[*SIGNALS, (V3, V4, "same"), (V3, 1.5), (1.5, V3)], result=array)
def convolve(y_bar, a, v, mode="full"):
    return convolve_bar(y_bar, a, v, mode), convolve_bar(y_bar, v, a, mode)


def _of_real_vectors(match, kinds):
    operands = [kind_of(match.args[p], kinds) for p in ("a", "v")]
    return all(k.ndim == 1 and k.dtype in ("float", "real", "int", "bool") for k in operands)


@convolve.case(both(_of_real_vectors, without("mode")))
def _(y_bar, a, v, mode="full"):
    return np.correlate(y_bar, v, "valid"), np.correlate(y_bar, a, "valid")


@bilinear(
    "sct.runtime.convolve_bar",
    examples=[(V4, V3, [0.4, 1.5]), (V4, V4, V3, "same")],
    operands=("s", "v"),
    result=second,
)
def convolve_bar_(y_bar, s, a, v, mode="full"):
    return np.convolve(y_bar, v, mode), convolve_bar(s, v, y_bar, mode)


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
    spelled=["np.abs(np.correlate(x * 1j, x**2 + 1j)) ** 2", "np.abs(np.correlate(x, x * 1j, 'same')) ** 2"],
)
def correlate(a, v, mode="valid"):
    return np.convolve(a, v[::-1], mode)


@correlate.case(both(is_complex("v"), spells("mode", "same")))
def _(a, v, mode="valid"):
    return np.convolve(a, np.conj(v[::-1]))[centred(a, v)]


@correlate.case(both(is_complex("v"), without("mode")))
def _(a, v, mode="valid"):
    return np.convolve(a, np.conj(v[::-1]), "valid")


@correlate.case(is_complex("v"))
def _(a, v, mode="valid"):
    return np.convolve(a, np.conj(v[::-1]), mode)


@correlate.case(without("mode"))
def _(a, v, mode="valid"):
    return np.convolve(a, v[::-1], "valid")


@correlate.case(spells("mode", "same"))
def _(a, v, mode="valid"):
    return np.convolve(a, v[::-1])[centred(a, v)]


# Convolutions of arrays of any number of axes

IMAGES = [(V4, V3), (M34, M23), (M34, M23, "same"), (M34, M23, "valid"), (M23, M34, "same"), (M23, M34, "valid")]


@bilinear(
    "scipy.signal.convolve",
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


@bilinear("scipy.signal.fftconvolve", examples=IMAGES, check=_known_mode, result=array, complex=False)
def fftconvolve(y_bar, in1, in2, mode="full"):
    return (
        scipy.signal.correlate(whole_convolution(y_bar, in1, in2, mode), in2, "valid"),
        scipy.signal.correlate(whole_convolution(y_bar, in1, in2, mode), in1, "valid"),
    )


@composite(
    "scipy.signal.correlate",
    examples=IMAGES,
    operands=("in1", "in2"),
    check=_known_mode,
    result=array,
    complex=False,
)
def correlate_images(in1, in2, mode="full", method="auto"):
    return scipy.signal.convolve(in1, np.flip(in2), mode=mode, method=method)


@composite(
    "scipy.signal.convolve2d",
    examples=IMAGES[1:],
    operands=("in1", "in2"),
    check=_known_mode,
    result=array,
    complex=False,
)
def convolve2d(in1, in2, mode="full"):
    return scipy.signal.convolve(in1, in2, mode=mode)


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
    return scipy.signal.convolve(in1, np.flip(in2), mode=mode)


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
