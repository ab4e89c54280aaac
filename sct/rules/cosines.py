"""Cosine and sine transforms, and filters, of `scipy.fft` and `scipy.signal`.

With the first or the last member halved or doubled, the second type is the third transposed; the first and the fourth
type are symmetric. Orthonormal transforms are transposed by their inverse. After the definitions in the documentation
of `scipy.fft.dct` and `scipy.fft.dst`.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import spells
from sct.rules.registry import linear
from sct.rules.results import array
from sct.rules.samples import M23, M34, V3, V4

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import scaled_ends

TYPES = [(V4, kind) for kind in (1, 2, 3, 4)]
NORMS = [(V4, kind, {"norm": norm}) for kind in (1, 2, 3, 4) for norm in ("ortho", "forward")]
TRANSFORMS = [(V3,), *TYPES, *NORMS, (M34, 2, {"axis": 0}), (M23, 3, {"axis": -1, "norm": "backward"})]


def _written(args):
    for name, values in (("type", (1, 2, 3, 4)), ("norm", (None, "ortho", "forward", "backward"))):
        if name in args and getattr(args[name], "value", 0) not in values:
            return f"{name} is not written out"
    return "n is given" if getattr(args.get("n"), "value", 0) is not None and "n" in args else ""


@linear("scipy.fft.dct", examples=TRANSFORMS, operands=("x",), check=_written, result=array)
def dct(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dct(scaled_ends(y_bar, 2, 1, axis), 3, axis=axis, norm=norm)


@dct.case(spells("norm", "ortho"))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idct(y_bar, type, axis=axis, norm=norm)


@dct.case(spells("type", 1))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.dct(scaled_ends(y_bar, 2, 2, axis), 1, axis=axis, norm=norm), 0.5, 0.5, axis)


@dct.case(spells("type", 3))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.dct(y_bar, 2, axis=axis, norm=norm), 0.5, 1, axis)


@dct.case(spells("type", 4))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dct(y_bar, 4, axis=axis, norm=norm)


@linear("scipy.fft.idct", examples=TRANSFORMS, operands=("x",), check=_written, result=array)
def idct(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.idct(y_bar, 3, axis=axis, norm=norm), 0.5, 1, axis)


@idct.case(spells("norm", "ortho"))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dct(y_bar, type, axis=axis, norm=norm)


@idct.case(spells("type", 1))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.idct(scaled_ends(y_bar, 2, 2, axis), 1, axis=axis, norm=norm), 0.5, 0.5, axis)


@idct.case(spells("type", 3))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idct(scaled_ends(y_bar, 2, 1, axis), 2, axis=axis, norm=norm)


@idct.case(spells("type", 4))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idct(y_bar, 4, axis=axis, norm=norm)


@linear("scipy.fft.dst", examples=TRANSFORMS, operands=("x",), check=_written, result=array)
def dst(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dst(scaled_ends(y_bar, 1, 2, axis), 3, axis=axis, norm=norm)


@dst.case(spells("norm", "ortho"))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idst(y_bar, type, axis=axis, norm=norm)


@dst.case(spells("type", 1, 4))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dst(y_bar, type, axis=axis, norm=norm)


@dst.case(spells("type", 3))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.dst(y_bar, 2, axis=axis, norm=norm), 1, 0.5, axis)


@linear("scipy.fft.idst", examples=TRANSFORMS, operands=("x",), check=_written, result=array)
def idst(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scaled_ends(scipy.fft.idst(y_bar, 3, axis=axis, norm=norm), 1, 0.5, axis)


@idst.case(spells("norm", "ortho"))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.dst(y_bar, type, axis=axis, norm=norm)


@idst.case(spells("type", 1, 4))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idst(y_bar, type, axis=axis, norm=norm)


@idst.case(spells("type", 3))
def _(y_bar, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    return scipy.fft.idst(scaled_ends(y_bar, 1, 2, axis), 2, axis=axis, norm=norm)


@linear("sct.runtime.scaled_ends", examples=[(V4, 2.0, 0.5), (M23, 0.5, 1.0, 0)], operands=("s",), result=array)
def scaled_ends_(y_bar, s, first, last, axis=-1):
    return scaled_ends(y_bar, first, last, axis)


# Filters whose coefficients are constants. A filter that runs backwards is the transposed one.


@linear(
    "scipy.signal.lfilter",
    examples=[([0.5, 0.2], [1.0, -0.4, 0.1], V4), ([1.0], [2.0, 0.3], M34, {"axis": 0})],
    operands=("x",),
    fixed=("b", "a"),
    result=array,
)
def lfilter(y_bar, b, a, x, axis=-1):
    return np.flip(scipy.signal.lfilter(b, a, np.flip(y_bar, axis), axis), axis)


@linear(
    "scipy.signal.detrend",
    examples=[(V4,), (M34, {"axis": 0}), (V4, {"type": "constant"})],
    operands=("data",),
    result=array,
)
def detrend(y_bar, data, axis=-1, type="linear", bp=0, overwrite_data=False):
    return scipy.signal.detrend(y_bar, axis, type, bp)
