"""New arrays whose elements are given."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules import ranks
from sct.rules.conditions import both, is_array, is_scalar, without
from sct.rules.registry import composite, constant, custom, linear
from sct.rules.results import array, first
from sct.rules.samples import M23, V3
from sct.rules.shapes import array_of, created, created_like

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import as_list, like, unbroadcast, where_floats


@constant("numpy.zeros", "numpy.ones", "numpy.empty", result=created, rank=ranks.of_shape)
def zeros(shape, dtype=None): ...


@constant("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like", result=created_like)
def zeros_like(a, dtype=None, *, shape=None): ...


@constant("numpy.eye", result=created, rank=ranks.square)
def eye(N, M=None, k=0, dtype=None): ...


@constant("numpy.tri", result=created, rank=ranks.square)
def tri(N, M=None, k=0, dtype=None): ...


@constant(
    *(f"numpy.{name}" for name in ("bartlett", "blackman", "hamming", "hanning")),
    result=created,
    rank=ranks.counted("M"),
)
def window(M): ...


@constant("numpy.identity", result=created, rank=ranks.square)
def identity(n, dtype=None): ...


@linear(
    "numpy.full",
    examples=[(3, 1.5), ((2, 3), 1.5), ((2, 3), V3)],
    operands=("fill_value",),
    result=created,
    rank=ranks.of_shape,
)
def full(y_bar, shape, fill_value, dtype=None):
    return unbroadcast(y_bar, fill_value)


@full.case(is_scalar("fill_value"))
def _(y_bar, shape, fill_value, dtype=None):
    return np.sum(y_bar)


@custom(
    "numpy.full_like",
    examples=[(M23, 1.5), (M23, V3)],
    operands=("fill_value",),
    follows="a",
    result=created_like,
)
def full_like(y_bar, a, fill_value, dtype=None):
    return unbroadcast(y_bar, fill_value)


@full_like.case(is_scalar("fill_value"))
def _(y_bar, a, fill_value, dtype=None):
    return np.sum(y_bar)


@full_like.tangent
def _(dfill_value, y, a, fill_value, dtype=None):
    return like(dfill_value, y)


@linear("sct.runtime.where_floats", examples=[(V3, M23), (1.5, V3)], operands=("s",), memory="maybe", result=first)
def where_floats_(y_bar, s, x):
    return where_floats(y_bar, x)


@constant("numpy.arange", result=array, rank=ranks.counted("stop"))
def arange_stop(stop, *, dtype=None): ...


@custom(
    "numpy.arange",
    examples=[(0.5, 3.0), (0.5, 3.0, 0.75)],
    operands=("start", "step"),
    result=array,
    rank=ranks.fixed(1),
)
def arange(y_bar, start, stop, step=1, dtype=None):
    """The number of elements is held fixed, and with it `stop` has no influence."""
    return np.sum(y_bar), np.sum(np.arange(len(y_bar)) * y_bar)


@arange.tangent
def _(dstart, dstep, y, start, stop, step=1, dtype=None):
    return np.full(len(y), dstart), np.arange(len(y)) * dstep


def _no_step(args):
    step = args.get("retstep")
    return (
        "" if step is None or getattr(step, "value", True) is False else "the argument retstep has no derivative rule"
    )


@linear(
    "numpy.linspace",
    examples=[
        *[(0.5, 3.0, 7), (0.5, 3.0), (V3, 2.0, 4), (V3, M23, 5), (0.5, 3.0, 4, False), (V3, M23, 5, {"axis": 1})],
        (0.5, 3.0, 4, {"endpoint": False}),
    ],
    result=array,
    rank=ranks.spaced,
    check=_no_step,
)
def linspace(y_bar, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return (
        unbroadcast(np.tensordot(np.linspace(1.0, 0.0, num, endpoint=endpoint), y_bar, ([0], [axis])), start),
        unbroadcast(np.tensordot(np.linspace(0.0, 1.0, num, endpoint=endpoint), y_bar, ([0], [axis])), stop),
    )


@linspace.case(both(is_scalar("start", "stop"), without("axis")))
def _(y_bar, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return (
        np.linspace(1.0, 0.0, num, endpoint=endpoint) @ y_bar,
        np.linspace(0.0, 1.0, num, endpoint=endpoint) @ y_bar,
    )


@linspace.case(without("axis"))
def _(y_bar, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return (
        unbroadcast(np.tensordot(np.linspace(1.0, 0.0, num, endpoint=endpoint), y_bar, 1), start),
        unbroadcast(np.tensordot(np.linspace(0.0, 1.0, num, endpoint=endpoint), y_bar, 1), stop),
    )


def _with_step(args):
    step = getattr(args.get("retstep"), "value", None) is True
    plain = getattr(args.get("endpoint"), "value", True) is True
    return "" if step and plain else "retstep is not written True or False, or the end is left out"


@composite(
    "numpy.linspace",
    examples=[(0.5, 3.0, 7, {"retstep": True}), (V3, 2.0, 4, {"retstep": True, "axis": 1})],
    operands=("start", "stop"),
    check=_with_step,
)
def linspace_and_step(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return np.linspace(start, stop, num, dtype=dtype, axis=axis), (stop - start) / (num - 1)


@composite(
    "numpy.logspace",
    examples=[(0.5, 3.0, 7), (0.5, 3.0), (0.5, 1.5, 4, False, 2.5)],
    operands=("start", "stop", "base"),
    rank=ranks.fixed(1),
)
def logspace(start, stop, num=50, endpoint=True, base=10.0):
    return base ** np.linspace(start, stop, num, endpoint=endpoint)


@composite("numpy.geomspace", examples=[(0.5, 3.0, 7), (0.5, 3.0)], operands=("start", "stop"), rank=ranks.fixed(1))
def geomspace(start, stop, num=50, endpoint=True):
    return np.exp(np.linspace(np.log(start), np.log(stop), num, endpoint=endpoint))


def _copies(args):
    copy = args.get("copy")
    written = copy is None or isinstance(copy, ast.Constant) and copy.value is True
    return "" if written else "copy is not True as written: write np.asarray(…), or .copy()"


@linear(
    "numpy.array",
    examples=[(V3,), (M23,), (1.5,)],
    sequence="object",
    result=array_of,
    rank=ranks.of_display,
    check=_copies,
)
def array_(y_bar, object, dtype=None, *, copy=True, order="K"):
    return as_list(y_bar, object)


@array_.case(is_array("object"))
def _(y_bar, object, dtype=None, *, copy=True, order="K"):
    return y_bar


@linear(
    "numpy.array",
    examples=[(V3, {"ndmin": 2}), (M23, {"ndmin": 1})],
    operands=("object",),
    result=array,
    check=_copies,
)
def array_with_axes(y_bar, object, dtype=None, *, copy=True, order="K", ndmin=0):
    return as_list(np.reshape(y_bar, np.shape(object)), object)
