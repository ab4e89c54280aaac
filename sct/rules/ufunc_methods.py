"""What the methods of ufuncs do: `reduce` and `outer`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import composite
from sct.rules.samples import M23, V3, W3

if TYPE_CHECKING:
    import numpy as np


@composite(
    "numpy.add.reduce",
    examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1), (M23, 0, {"initial": 1.5})],
    operands=("array", "initial"),
)
def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=0):
    return np.sum(array, axis, dtype=dtype, keepdims=keepdims, initial=initial)


@composite("numpy.multiply.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def multiply_reduce(array, axis=0, dtype=None, out=None, keepdims=False):
    return np.prod(array, axis, dtype=dtype, keepdims=keepdims)


@composite("numpy.maximum.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def maximum_reduce(array, axis=0, *, keepdims=False):
    return np.max(array, axis, keepdims=keepdims)


@composite("numpy.minimum.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def minimum_reduce(array, axis=0, *, keepdims=False):
    return np.min(array, axis, keepdims=keepdims)


@composite("numpy.logaddexp.reduce", examples=[(V3,), (M23,), (M23, 1)], operands=("array",))
def logaddexp_reduce(array, axis=0, *, keepdims=False):
    return np.max(array, axis, keepdims=keepdims) + np.log(
        np.sum(np.exp(array - np.max(array, axis, keepdims=True)), axis, keepdims=keepdims)
    )


@composite("numpy.add.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def add_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) + B


@composite("numpy.subtract.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def subtract_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) - B


@composite("numpy.multiply.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def multiply_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) * B


@composite("numpy.divide.outer", "numpy.true_divide.outer", examples=[(V3, W3), (M23, V3)])
def divide_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) / B


@composite("numpy.power.outer", examples=[([0.5, 1.5], W3)])
def power_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) ** B


@composite("numpy.maximum.outer", examples=[(V3, W3)])
def maximum_outer(A, B):
    return np.maximum(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


@composite("numpy.minimum.outer", examples=[(V3, W3)])
def minimum_outer(A, B):
    return np.minimum(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


@composite("numpy.hypot.outer", examples=[(V3, W3)])
def hypot_outer(A, B):
    return np.hypot(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


@composite("numpy.arctan2.outer", examples=[(V3, W3)])
def arctan2_outer(A, B):
    return np.arctan2(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


@composite("numpy.logaddexp.outer", examples=[(V3, W3)])
def logaddexp_outer(A, B):
    return np.logaddexp(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)
