"""What the methods of ufuncs do: `outer`, `reduce`, `accumulate` and `reduceat`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules.conditions import several_axes
from sct.rules.registry import composite, constant, custom, declared, linear, register
from sct.rules.results import array, is_none
from sct.rules.samples import M23, V3, V5
from sct.rules.template import template

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import gather, gather_bar, reduceat_bar, running_places

REDUCED = [(V3,), (M23,), (M23, {"axis": None}), (M23, 1), (M23, {"axis": 1, "keepdims": True})]
SOME = (M23, {"axis": 1, "where": [True, False, True]})


@composite(
    "numpy.add.reduce",
    examples=[*REDUCED, SOME, (M23, 0, {"initial": 1.5})],
    operands=("array", "initial"),
    follows="array",
)
def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.sum(array, axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@composite(
    "numpy.multiply.reduce",
    examples=[*REDUCED, SOME, (M23, 0, {"initial": 1.5})],
    operands=("array", "initial"),
    follows="array",
)
def multiply_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return np.prod(array, axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@composite(
    "numpy.maximum.reduce",
    examples=[*REDUCED, (M23, {"axis": 1, "initial": 0.6, "where": [True, False, True]})],
    operands=("array", "initial"),
    follows="array",
)
def maximum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return np.max(array, axis, keepdims=keepdims, initial=initial, where=where)


@composite(
    "numpy.minimum.reduce",
    examples=[*REDUCED, (M23, {"axis": 1, "initial": 0.6, "where": [True, False, True]})],
    operands=("array", "initial"),
    follows="array",
)
def minimum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return np.min(array, axis, keepdims=keepdims, initial=initial, where=where)


@composite("numpy.fmax.reduce", examples=REDUCED, operands=("array",))
def fmax_reduce(array, axis=0, dtype=None, out=None, keepdims=False):
    return np.nanmax(array, axis, keepdims=keepdims)


@composite("numpy.fmin.reduce", examples=REDUCED, operands=("array",))
def fmin_reduce(array, axis=0, dtype=None, out=None, keepdims=False):
    return np.nanmin(array, axis, keepdims=keepdims)


@composite("numpy.hypot.reduce", examples=[(V3,), (M23,), (M23, 1), (M23, None), (M23, (0, 1))], operands=("array",))
def hypot_reduce(array, axis=0, dtype=None, out=None, keepdims=False):
    return np.linalg.norm(array, None, axis, keepdims)  # of all entries, where 2 stands for the norm of a matrix


@hypot_reduce.case(several_axes)
def _(array, axis=0, dtype=None, out=None, keepdims=False):
    return np.sqrt(np.sum(array**2, axis, keepdims=keepdims))


@composite("numpy.logaddexp.reduce", examples=[(V3,), (M23,), (M23, 1)], operands=("array",))
def logaddexp_reduce(array, axis=0, *, keepdims=False):
    return np.max(array, axis, keepdims=keepdims) + np.log(
        np.sum(np.exp(array - np.max(array, axis, keepdims=True)), axis, keepdims=keepdims)
    )


# Running


@composite("numpy.add.accumulate", examples=[(V3,), (M23,), (M23, 1)], operands=("array",))
def add_accumulate(array, axis=0, dtype=None):
    return np.cumsum(array, axis)


@composite("numpy.multiply.accumulate", examples=[(V3,), (M23,), (M23, 1)], operands=("array",))
def multiply_accumulate(array, axis=0, dtype=None):
    return np.cumprod(array, axis)


def _along_one(args):
    axis = args.get("axis")
    return "the axis None has no rule" if axis is not None and is_none(axis) else ""


@custom(
    "numpy.maximum.accumulate",
    "numpy.minimum.accumulate",
    examples=[(V5,), (M23,), (M23, 1), (M23, {"axis": -1})],
    operands=("array",),
    check=_along_one,
    result=array,
)
def maximum_accumulate(y_bar, y, array, axis=0):
    """Of elements that tie, the last one gets the adjoint."""
    return gather_bar(y_bar, array, running_places(array, y, axis))


@maximum_accumulate.tangent
def _(y, darray, array, axis=0):
    return gather(darray, running_places(array, y, axis))


@constant("sct.runtime.running_places", result=array)
def places_(x, y, axis=0): ...


# Between indices


@linear(
    "numpy.add.reduceat",
    examples=[(V5, [0, 2, 4]), (V5, [0, 3, 1, 4]), (M23, [0, 1], 1), (M23, [1, 0])],
    operands=("array",),
    result=array,
)
def add_reduceat(y_bar, array, indices, axis=0):
    return reduceat_bar(y_bar, array, indices, axis)


@linear("sct.runtime.reduceat_bar", operands=("s",), result=array, spelled=["np.add.reduceat(x, [0, 2]) ** 2"])
def reduceat_bar_(y_bar, s, x, indices, axis=0):
    return np.add.reduceat(y_bar, indices, axis)


# All pairs: the ufunc of the first operand with as many axes more as the second one has

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "power": "**"}
_FUNCTIONS = "arctan2 copysign float_power fmax fmin fmod hypot logaddexp logaddexp2 maximum minimum mod remainder"


def _outer(name: str, result: str) -> None:
    first = "np.reshape(A, np.shape(A) + (1,) * np.ndim(B))"
    node = ast.parse(f"def f(A, B):\n    return {result.format(first)}\n").body[0]
    assert isinstance(node, ast.FunctionDef)
    options = {"examples": [(P3, W3), (P23, V3), (P3, 1.5)]}
    register(declared("composite", (f"numpy.{name}.outer",), options, f"{name}_outer", template(node, {})))


P3, W3 = [0.7, 1.2, 2.1], [1.45, 0.33, 0.85]
P23 = [[0.5, 1.1, 2.3], [1.7, 0.9, 0.4]]
for ufunc, symbol in _OPERATORS.items():
    _outer(ufunc, f"{{}} {symbol} B")
for ufunc in _FUNCTIONS.split():
    _outer(ufunc, f"np.{ufunc}({{}}, B)")
