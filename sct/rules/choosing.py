"""Chosen elements of an array, and an array in pieces."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules import ranks
from sct.rules.registry import custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M44, T234, V3, V4, W3
from sct.rules.shapes import pieces

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        broadcast_bar,
        broadcast_tangent,
        gather_bar,
        meshgrid_bar,
        nowhere,
        positions,
    )

# Chosen elements: what the function does to positions says where each one comes from.


@linear(
    "numpy.take",
    "numpy.ndarray.take",
    examples=[
        (V3, 1),
        (V3, [2, 0, 2]),
        (M23, [[1, 1], [0, 1]]),
        (M23, [2, 2, 0], 1),
        (M23, -1),
        (M23, 0, {"axis": -1}),
    ],
)
def take(y_bar, a, indices, axis=None, *, mode="raise"):
    return gather_bar(y_bar, a, np.take(positions(a), indices, axis=axis, mode=mode))


@linear(
    "numpy.take_along_axis",
    examples=[(M23, [[2, 0], [1, 1]], 1), (M23, [[1, 0, 1]], 0), (V3, [2, 0, 2, 1], 0), (M23, [5, 0, 5], None)],
    result=array,
)
def take_along_axis(y_bar, arr, indices, axis=-1):
    return gather_bar(y_bar, arr, np.take_along_axis(positions(arr), indices, axis))


@linear("numpy.compress", examples=[([True, False, True], V3), ([False, True], M23, 0)], operands=("a",), result=array)
def compress(y_bar, condition, a, axis=None):
    return gather_bar(y_bar, a, np.compress(condition, positions(a), axis=axis))


@linear("numpy.ndarray.compress", examples=[(V3, [True, False, True])], operands=("a",), result=array)
def compress_(y_bar, a, condition, axis=None):
    return gather_bar(y_bar, a, np.compress(condition, positions(a), axis=axis))


@linear("numpy.extract", examples=[([True, False, True], V3)], operands=("arr",), result=array, rank=ranks.fixed(1))
def extract(y_bar, condition, arr):
    return gather_bar(y_bar, arr, np.extract(condition, positions(arr)))


@linear("numpy.delete", examples=[(V3, 1), (M23, 0, 1), (M23, [0, 4]), (M23, [0, 2], -1)], result=array)
def delete(y_bar, arr, obj, axis=None):
    return gather_bar(y_bar, arr, np.delete(positions(arr), obj, axis=axis))


@linear(
    "numpy.insert",
    examples=[
        (V3, 1, 1.5),
        (V3, [0, 2], W3[:2]),
        (M23, 1, V3, 0),
        (M23, 1, 2.5, 1),
        (M23, 1, W3[:2], 1),
        (M23, 2, 1.5),
    ],
    operands=("arr", "values"),
    follows="arr",
    result=array,
)
def insert(y_bar, arr, obj, values, axis=None):
    return (
        gather_bar(y_bar, arr, np.insert(positions(arr), obj, nowhere(values), axis=axis)),
        gather_bar(y_bar, values, np.insert(nowhere(arr), obj, positions(values), axis=axis)),
    )


@linear(
    "numpy.lib.stride_tricks.sliding_window_view",
    examples=[(V4, 2), (M44, (2, 3)), (M44, 3, 1)],
    memory="view",
    result=array,
)
def sliding_window_view(y_bar, x, window_shape, axis=None):
    return gather_bar(y_bar, x, np.lib.stride_tricks.sliding_window_view(positions(x), window_shape, axis=axis))


# Pieces


PIECES = [(V4, 2), (M44, 2), (M44, [1, 3]), (M44, 2, {"axis": 1})]


@linear("numpy.split", "numpy.array_split", examples=PIECES, memory="view", result=pieces)
def split(y_bar, ary, indices_or_sections, axis=0):
    return np.concatenate(y_bar, axis)


@linear("numpy.hsplit", examples=[(V4, 2), (M44, [1])], memory="view", result=pieces)
def hsplit(y_bar, ary, indices_or_sections):
    return np.hstack(y_bar)


@linear("numpy.vsplit", examples=[(M44, 2), (M44, [1])], memory="view", result=pieces)
def vsplit(y_bar, ary, indices_or_sections):
    return np.vstack(y_bar)


@linear("numpy.dsplit", examples=[(T234, 2), (T234, [1])], memory="view", result=pieces)
def dsplit(y_bar, ary, indices_or_sections):
    return np.dstack(y_bar)


@linear("numpy.unstack", examples=[(M23,), (T234, {"axis": 1})], memory="view")
def unstack(y_bar, x, *, axis=0):
    return np.stack(y_bar, axis)


@linear(
    "numpy.meshgrid",
    examples=[(V3, V4), (V3, V4, {"indexing": "ij"}), (V3,), (V3, V4, W3), (V3, V4, {"sparse": True})],
    sequence="xi",
)
def meshgrid(y_bar, *xi, sparse=False, indexing="xy"):
    return meshgrid_bar(y_bar, xi, indexing)


@custom("numpy.broadcast_arrays", examples=[(V3, M23), (1.5, V3)], sequence="args", memory="maybe")
def broadcast_arrays(y_bar, *args):
    return broadcast_bar(y_bar, args)


@broadcast_arrays.tangent
def _(dargs, y, *args):
    return broadcast_tangent(dargs, y)
