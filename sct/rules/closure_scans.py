"""The helpers of `sct.runtime` for running sums, copies of elements and order, differentiated again."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import composite, constant, custom, linear
from sct.rules.results import array, first_array
from sct.rules.samples import M23, T234, V3, V5, W3
from sct.rules.shapes import second

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        broadcast_bar,
        broadcast_tangent,
        deviations,
        first_axis,
        gather,
        gather_bar,
        last_axis,
        positions,
        product_at,
        product_slope,
        quantile_bar,
        quantile_tangent,
        recurrence,
        recurrence_bar,
        shifted,
        shifted_back,
        sorted_bar,
        sorted_tangent,
        unbroadcast,
    )


@linear("sct.runtime.cumsum_bar", examples=[(V3, W3), (M23, M23, 1), (M23, M23, 0)], operands=("s",), result=second)
def cumsum_bar(y_bar, s, x, axis=None):
    return np.cumsum(y_bar, axis)


@linear("sct.runtime.diff_bar", examples=[([0.5, 1.5], V3), ([V3], M23, 1, 0), (V3, V5, 2)], operands=("s",))
def diff_bar(y_bar, s, x, n=1, axis=-1):
    return np.diff(y_bar, n, axis)


@linear(
    "sct.runtime.deviations",
    examples=[(V3,), (M23, 0), (M23, 1, [True, False, True])],
    operands=("a",),
    result=first_array,
    complex=True,
)
def deviations_(y_bar, a, axis=None, where=True):
    """A projection: its own transpose."""
    return deviations(y_bar, axis, where)


@linear("sct.runtime.shifted", examples=[(V3,), (M23, 0), (M23, 1, 1.0)], operands=("y_", "first"), result=first_array)
def shifted_(y_bar, y_, axis=None, first=0.0):
    return shifted_back(y_bar, axis), None


@linear("sct.runtime.shifted_back", examples=[(V3,), (M23, 0)], result=first_array)
def shifted_back_(y_bar, y_, axis=None):
    return shifted(y_bar, axis)


@custom("sct.runtime.recurrence", examples=[(V3, W3), (M23, M23, 0), (M23, M23, 1)], result=first_array)
def recurrence_(y_bar, y, s, x, axis=None):
    return (
        recurrence_bar(y_bar, x, axis),
        np.reshape(shifted(y, axis) * recurrence_bar(y_bar, x, axis), np.shape(x)),
    )


@recurrence_.tangent
def _(ds, dx, y, s, x, axis=None):
    return recurrence(ds, x, axis), recurrence(shifted(y, axis) * np.reshape(dx, np.shape(y)), x, axis)


@custom("sct.runtime.recurrence_bar", examples=[(V3, W3), (M23, M23, 0), (M23, M23, 1)], result=first_array)
def recurrence_bar_(y_bar, y, s, x, axis=None):
    return (
        recurrence(y_bar, x, axis),
        np.reshape(shifted(recurrence(y_bar, x, axis), axis) * y, np.shape(x)),
    )


@recurrence_bar_.tangent
def _(ds, dx, y, s, x, axis=None):
    return (
        recurrence_bar(ds, x, axis),
        recurrence_bar(shifted_back(np.reshape(dx, np.shape(y)) * y, axis), x, axis),
    )


@linear("sct.runtime.gradient_bar", examples=[(V3, W3)], operands=("s",))
def gradient_bar(y_bar, s, f, h=(), axis=None, edge_order=1):
    return np.gradient(y_bar, *h, axis=axis, edge_order=edge_order)


@linear("sct.runtime.slab", memory="maybe", examples=[(1.5, M23, 0), (V3, W3)], operands=("v",))
def slab(y_bar, v, a, axis=-1):
    return unbroadcast(y_bar, v)


@linear(
    "sct.runtime.last_axis", examples=[(M23, M23, 0), (V3, T234, 1), (T234, T234, 1)], operands=("x",), memory="maybe"
)
def last_axis_(y_bar, x, y_, axis=-1):
    return first_axis(y_bar, y_, axis)


@linear(
    "sct.runtime.first_axis", examples=[(M23, M23, 0), (V3, T234, 1), (T234, T234, 1)], operands=("x",), memory="maybe"
)
def first_axis_(y_bar, x, y_, axis=-1):
    return last_axis(y_bar, y_, axis)


@linear("sct.runtime.along", examples=[(V3, M23, 1), (M23, M23, 0)], operands=("w",), memory="maybe")
def along(y_bar, w, a, axis=None):
    return np.reshape(y_bar, np.shape(w))


@constant("sct.runtime.places_along", memory="maybe")
def places_along_(a, indices, axis): ...


@constant(
    "sct.runtime.positions",
    "sct.runtime.nowhere",
    "sct.runtime.centred",
    "sct.runtime.first_places",
)
def positions_(x): ...


@linear("sct.runtime.gather", examples=[(M23, [2, 2, -1, 0])], operands=("x",), result=array)
def gather_(y_bar, x, source):
    return gather_bar(y_bar, x, source)


@linear("sct.runtime.gather_bar", examples=[(V3, M23, [2, 2, -1])], operands=("s",), result=second)
def gather_bar_(y_bar, s, x, source):
    return unbroadcast(gather(y_bar, source), s)


@linear("sct.runtime.meshgrid_bar", operands=("s",), spelled=["np.meshgrid(x, x * x)[0]"])
def meshgrid_bar(y_bar, s, parts, indexing="xy"):
    return np.meshgrid(*y_bar, indexing=indexing)


@linear("sct.runtime.block_bar", operands=("s",), spelled=["np.block([[np.outer(x, x), np.outer(x, x * x)]])"])
def block_bar(y_bar, s, arrays):
    return np.block(y_bar)


@linear("sct.runtime.quantile_tangent", examples=[(W3, V3, 0.3), (M23, M23, 0.5, 1, True)], operands=("dx",))
def quantile_tangent_(y_bar, dx, x, q, axis=None, keepdims=False, method="linear", skip=False, weights=None):
    return quantile_bar(y_bar, x, q, axis, keepdims, method, skip, weights)


@linear(
    "sct.runtime.quantile_bar", examples=[(1.5, V3, 0.3), ([0.5, 1.5], M23, 0.5, 1)], operands=("s",), result=second
)
def quantile_bar_(y_bar, s, x, q, axis=None, keepdims=False, method="linear", skip=False, weights=None):
    return quantile_tangent(y_bar, x, q, axis, keepdims, method, skip, weights)


@linear("sct.runtime.sorted_tangent", operands=("dx",), spelled=["sorted(x)[1]"])
def sorted_tangent_(y_bar, dx, x, reverse=False):
    return sorted_bar(y_bar, x, reverse)


@linear("sct.runtime.sorted_bar", operands=("s",), spelled=["sorted(x)[1]"])
def sorted_bar_(y_bar, s, x, reverse=False):
    return sorted_tangent(y_bar, x, reverse)


@linear(
    "sct.runtime.broadcast_bar",
    operands=("s",),
    memory="maybe",
    spelled=["np.broadcast_arrays(x, np.zeros((3, 4)))[0] ** 2"],
)
def broadcast_bar_(y_bar, s, arrays):
    return broadcast_tangent(y_bar, s)


@linear(
    "sct.runtime.broadcast_tangent",
    operands=("dx",),
    memory="maybe",
    spelled=["np.broadcast_arrays(x, np.zeros((3, 4)))[0] ** 2"],
)
def broadcast_tangent_(y_bar, dx, y_):
    return broadcast_bar(y_bar, dx)


@custom(
    "sct.runtime.product_at",
    examples=[([1.0, 1.0, 1.0, 1.0], [0, 2, 0], V3), (M23, [1, 0, 1], 1.5)],
    operands=("v",),
    result=array,
)
def product_at_(y_bar, x, index, v):
    return unbroadcast(y_bar[index] * product_slope(x, index, v), v)


@product_at_.tangent
def _(dv, x, index, v):
    return gather_bar(product_slope(x, index, v) * dv, x, positions(x)[index])


@composite("sct.runtime.product_slope", examples=[([1.0, 1.0, 1.0, 1.0], [0, 2, 0], V3)], operands=("v",), result=array)
def product_slope_(x, index, v):
    """For factors that are not zero."""
    return product_at(x, index, v)[index] / v
