"""The same elements in another shape, order or container."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sct.rules import ranks
from sct.rules.conditions import both, flat, has_axes, is_array, is_literal, is_scalar, is_vector, without
from sct.rules.registry import composite, linear
from sct.rules.results import array, converted, first, first_array, first_array_of_axes, scalar_float
from sct.rules.samples import M23, T234, V3
from sct.rules.shapes import cast, flattened, literal_shaped, reshaped, transposed
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        as_list,
        astype_like,
        gather_bar,
        like,
        positions,
        repeat_bar,
        reshape_like,
        save,
        tile_bar,
        unbroadcast,
    )

METHODS = ("numpy.ndarray.reshape",)


def _known_order(args):
    order = args.get("order")
    known = order is None or getattr(order, "value", "") in ("C", "F")
    return "" if known else 'the order is not written "C" or "F", so that it hangs on how the array lies in memory'


@linear(
    "numpy.reshape",
    *METHODS,
    pack=METHODS,
    examples=[(M23, (3, 2)), (M23, -1), (M23, (3, 2), {"order": "F"})],
    memory="maybe",
    result=reshaped,
    rank=ranks.reshaped,
    check=_known_order,
)
def reshape(y_bar, a, shape, *, order="C"):
    return reshape_like(y_bar, a, order)


def _keeps_axes(match, kinds):
    """Say whether the result has axes for sure: the adjoint of one that has none may be a number."""
    shape = match.args["shape"]
    return bool(shape.elts) if isinstance(shape, (ast.Tuple, ast.List)) else number(shape) is not None


@reshape.case(both(is_array("a"), both(_keeps_axes, without("order"))))
def _(y_bar, a, shape, *, order="C"):
    return y_bar.reshape(a.shape)


@linear(
    "numpy.reshape",
    examples=[(M23, (3, 2), "F")],
    memory="maybe",
    result=reshaped,
    rank=ranks.reshaped,
    check=_known_order,
)
def reshape_in_order(y_bar, a, shape, order="C"):
    return reshape_like(y_bar, a, order)


@linear(
    "numpy.ravel",
    "numpy.ndarray.ravel",
    examples=[(M23,), (V3,), (M23, "F")],
    memory="maybe",
    result=flattened,
    rank=ranks.fixed(1),
    check=_known_order,
)
def ravel(y_bar, a, order="C"):
    return reshape_like(y_bar, a, order)


@ravel.case(is_vector("a"))
def _(y_bar, a, order="C"):
    return y_bar


@ravel.case(both(is_array("a"), without("order")))
def _(y_bar, a, order="C"):
    return y_bar.reshape(a.shape)


@linear(
    "numpy.ndarray.flatten",
    examples=[(M23,), (V3,), (M23, "F")],
    result=flattened,
    rank=ranks.fixed(1),
    check=_known_order,
)
def flatten(y_bar, a, order="C"):
    return np.reshape(y_bar, a.shape, order=order)


@flatten.case(is_vector("a"))
def _(y_bar, a, order="C"):
    return y_bar


@flatten.case(without("order"))
def _(y_bar, a, order="C"):
    return y_bar.reshape(a.shape)


@linear("numpy.squeeze", "numpy.ndarray.squeeze", examples=[([V3],), ([V3], 0)], memory="view")
def squeeze(y_bar, a, axis=None):
    return reshape_like(y_bar, a)


@linear(
    "numpy.expand_dims", examples=[(V3, 0), (M23, -1), (M23, (0, 2))], memory="view", result=array, rank=ranks.one_more
)
def expand_dims(y_bar, a, axis):
    return reshape_like(y_bar, a)


@linear("numpy.atleast_1d", examples=[(V3,), (1.5,)], memory="maybe", result=array)
def atleast_1d(y_bar, a):
    return unbroadcast(y_bar, a)


@linear("numpy.atleast_2d", examples=[(V3,), (M23,), (1.5,)], memory="maybe", result=array)
def atleast_2d(y_bar, a):
    return unbroadcast(y_bar, a)


@linear("numpy.atleast_3d", examples=[(V3,), (M23,), (1.5,), (T234,)], memory="maybe", result=array)
def atleast_3d(y_bar, a):
    return reshape_like(y_bar, a)


@linear("numpy.ndarray.T", examples=[(M23,), (T234,)], memory="view", result=transposed)
def T(y_bar, a):
    return y_bar.T


@linear(
    "numpy.transpose",
    "numpy.permute_dims",
    "numpy.ndarray.transpose",
    pack=("numpy.ndarray.transpose",),
    examples=[(M23,), (T234,), (T234, (1, 2, 0)), (T234, (-1, 0, 1))],
    memory="view",
    result=transposed,
)
def transpose(y_bar, a, axes=None):
    return np.transpose(y_bar, None if axes is None else np.argsort(np.arange(np.ndim(a))[axes,]))


@transpose.case(is_literal("axes"))
def _(y_bar, a, axes):
    return np.transpose(y_bar, np.argsort(np.arange(np.ndim(a))[axes,]))


@transpose.case(without("axes"))
def _(y_bar, a, axes=None):
    return np.transpose(y_bar)


@linear(
    "numpy.matrix_transpose",
    "numpy.linalg.matrix_transpose",
    "numpy.ndarray.mT",
    examples=[(M23,), (T234,)],
    memory="view",
    result=array,
    rank=ranks.swapped,
)
def matrix_transpose(y_bar, x):
    return np.swapaxes(y_bar, -1, -2)


@linear(
    "numpy.swapaxes",
    "numpy.ndarray.swapaxes",
    examples=[(M23, 0, 1), (T234, -1, 0)],
    memory="view",
    result=array,
    rank=ranks.swapped,
)
def swapaxes(y_bar, a, axis1, axis2):
    return np.swapaxes(y_bar, axis1, axis2)


@linear(
    "numpy.moveaxis", examples=[(T234, 0, -1), (T234, (0, 1), (2, 0))], memory="view", result=array, rank=ranks.moved
)
def moveaxis(y_bar, a, source, destination):
    return np.moveaxis(y_bar, destination, source)


@linear("numpy.rollaxis", examples=[(T234, 2), (T234, 0, 2), (T234, -1, 1)], memory="view", result=array)
def rollaxis(y_bar, a, axis, start=0):
    return gather_bar(y_bar, a, np.rollaxis(positions(a), axis, start=start))


@linear("numpy.copy", examples=[(V3,), (M23,)], result=first_array)
def copy(y_bar, a, order="K"):
    return y_bar


@linear("numpy.ndarray.copy", "copy.copy", "copy.deepcopy", examples=[(V3,), (M23,)], result=first)
def copy_(y_bar, a, order="C"):
    return y_bar


@copy_.tangent_case(lambda match, kinds: not is_array("a")(match, kinds))
def _(da, a, order="C"):
    return save(da)


@linear(
    "numpy.asarray",
    "numpy.asanyarray",
    "numpy.asarray_chkfinite",
    examples=[(V3,), (M23,)],
    memory="maybe",
    result=first_array,
)
def asarray(y_bar, a, dtype=None, order=None):
    return as_list(y_bar, a)


@asarray.case(is_array("a"))
def _(y_bar, a, dtype=None, order=None):
    return y_bar


@linear("numpy.require", examples=[(V3,), (M23, None, "C")], operands=("a",), memory="maybe", result=first_array)
def require(y_bar, a, dtype=None, requirements=None):
    return as_list(y_bar, a)


@linear(
    "numpy.ascontiguousarray",
    "numpy.asfortranarray",
    examples=[(V3,), (M23,), (1.5,)],
    memory="maybe",
    result=first_array_of_axes(1),
)
def ascontiguousarray(y_bar, a, dtype=None, order=None):
    """It makes a vector of a number."""
    return as_list(np.reshape(y_bar, np.shape(a)), a)


@ascontiguousarray.case(has_axes("a", 1))
def _(y_bar, a, dtype=None, order=None):
    return y_bar


@linear("numpy.ndarray.view", examples=[(V3,), (M23,)], memory="view", result=first)
def view(y_bar, a):
    return y_bar


@composite("numpy.ndarray.flat", spelled=["x.flat[1] * x"], memory="maybe", result=flattened, rank=ranks.fixed(1))
def flat_elements(a):
    return np.ravel(a)


@linear("numpy.ndarray.astype", "numpy.astype", result=cast, spelled=["x.astype(float) ** 2"])
def astype(y_bar, a, dtype):
    return astype_like(y_bar, a)


@linear("numpy.ndarray.astype", memory="maybe", result=cast, spelled=["x.astype(float, copy=False) ** 2"])
def astype_shared(y_bar, a, dtype, order="K", casting="unsafe", subok=True, copy=True):
    return astype_like(y_bar, a)


@linear("numpy.float32", "numpy.float64", result=converted, spelled=["np.float64(x[0]) ** 2 * x"])
def float64(y_bar, x):
    return like(y_bar, x)


@linear("builtins.float", examples=[(1.5,)], result=scalar_float)
def float_(y_bar, x):
    return like(y_bar, x)


@float_.case(is_scalar("x"))
def _(y_bar, x):
    return y_bar


@linear("numpy.ndarray.item", examples=[(1.5,)], result=scalar_float)
def item(y_bar, a):
    return astype_like(like(y_bar, a), a)


@item.tangent
def _(da, a):  # of a number of NumPy's the tangent may be one of Python's
    return np.sum(da)


@linear("numpy.ndarray.item", examples=[(V3, 1), (M23, 1, 2)], operands=("a",), result=scalar_float)
def item_at(y_bar, a, *index):
    return gather_bar(y_bar, a, positions(a).item(*index))


@linear("numpy.resize", examples=[(V3, (2, 2)), (M23, 4)], result=array)
def resize(y_bar, a, new_shape):
    return gather_bar(y_bar, a, np.resize(positions(a), new_shape))


@linear("numpy.ndarray.tolist", examples=[(V3,), (M23,)])
def tolist(y_bar, a):
    return astype_like(np.array(y_bar), a)


@linear(
    "numpy.broadcast_to",
    examples=[(V3, (2, 3)), (1.5, (2, 3)), (V3, (3,))],
    memory="view",
    result=literal_shaped,
    rank=ranks.of_shape,
)
def broadcast_to(y_bar, array, shape):
    return unbroadcast(y_bar, array)


@linear("numpy.flip", examples=[(V3,), (M23,), (M23, 1), (M23, (0, 1))], memory="view", result=first_array)
def flip(y_bar, m, axis=None):
    return np.flip(y_bar, axis=axis)


@linear("numpy.fliplr", examples=[(M23,)], memory="view", result=first_array)
def fliplr(y_bar, m):
    return np.fliplr(y_bar)


@linear("numpy.flipud", examples=[(M23,)], memory="view", result=first_array)
def flipud(y_bar, m):
    return np.flipud(y_bar)


@linear("numpy.roll", examples=[(V3, 1), (M23, 2), (M23, -1, 0), (M23, (1, 2), (0, 1))], result=first_array)
def roll(y_bar, a, shift, axis=None):
    return np.roll(y_bar, np.negative(shift), axis=axis)


@roll.case(flat("shift"))
def _(y_bar, a, shift, axis=None):
    return np.roll(y_bar, -shift, axis=axis)


@linear("numpy.rot90", examples=[(M23,), (M23, 2), (M23, -1), (T234, 1, (1, 2))], memory="view", result=array)
def rot90(y_bar, m, k=1, axes=(0, 1)):
    return np.rot90(y_bar, -k, axes=axes)


@linear("numpy.tril", examples=[(M23,), (M23, -1), (V3,)], result=first_array_of_axes(2))
def tril(y_bar, m, k=0):
    return unbroadcast(np.tril(y_bar, k=k), m)


@tril.case(has_axes("m", 2))
def _(y_bar, m, k=0):
    return np.tril(y_bar, k=k)


@linear("numpy.triu", examples=[(M23,), (M23, 1), (V3,)], result=first_array_of_axes(2))
def triu(y_bar, m, k=0):
    return unbroadcast(np.triu(y_bar, k=k), m)


@triu.case(has_axes("m", 2))
def _(y_bar, m, k=0):
    return np.triu(y_bar, k=k)


@linear("numpy.repeat", "numpy.ndarray.repeat", examples=[(V3, 2), (M23, 3), (M23, 2, 1)], result=array)
def repeat(y_bar, a, repeats, axis=None):
    return repeat_bar(y_bar, a, repeats, axis)


@linear("numpy.tile", examples=[(V3, 2), (M23, (2, 3)), (V3, (2, 1)), (M23, 2)], result=array)
def tile(y_bar, A, reps):
    return tile_bar(y_bar, A, reps)
