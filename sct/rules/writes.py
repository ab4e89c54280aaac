"""Functions and methods that write into an array, each as the store that it stands for (see `sct.rules.stores`)."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.rules.conditions import present, spells
from sct.rules.stores import writes

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import places_along


@writes("numpy.copyto", operands=("dst", "src"), spelled=["np.copyto(a, x)", "np.copyto(dst=a, src=x, where=y > 0.5)"])
def copyto(dst, src, casting="same_kind", where=True):
    return ..., src


@copyto.case(present("where"))
def copyto_masked(dst, src, casting, where):
    return ..., np.where(where, src, dst)


@writes("numpy.ndarray.fill", operands=("a", "value"), spelled=["a.fill(x[1])"])
def fill(a, value):
    return ..., value


def _mode(args: Mapping[str, ast.expr]) -> str:
    """Say why there is no store for the arguments of `put`, "" where there is one."""
    if isinstance(value := args.get("v"), ast.Constant) and isinstance(value.value, bool):
        return "it is given a truth, as the method of a queue is"
    if isinstance(mode := args.get("mode"), ast.Constant) or mode is None:
        return ""
    return "its mode is not written out"


@writes(
    "numpy.put",
    "numpy.ndarray.put",
    aliases={"indices": "ind", "values": "v"},
    check=_mode,
    operands=("a", "v"),
    spelled=["np.put(a, [2, 0], x)", "np.put(a, ind=[4, -1], v=x, mode='wrap')", "a.put([-7, 9], x, mode='clip')"],
)
def put(a, ind, v, mode="raise"):
    return np.unravel_index(np.arange(np.size(a))[np.ravel(ind)], np.shape(a)), np.resize(v, np.size(ind))


@put.case(spells("mode", "wrap"))
def put_around(a, ind, v, mode):
    return np.unravel_index(np.ravel(ind) % np.size(a), np.shape(a)), np.resize(v, np.size(ind))


@put.case(spells("mode", "clip"))
def put_within(a, ind, v, mode):
    return np.unravel_index(np.clip(np.ravel(ind), 0, np.size(a) - 1), np.shape(a)), np.resize(v, np.size(ind))


@writes(
    "numpy.put_along_axis",
    operands=("arr", "values"),
    spelled=["np.put_along_axis(m, np.argmax(m, 1)[:, None], x[:, None], axis=1)"],
)
def put_along_axis(arr, indices, values, axis=-1):
    return places_along(arr, indices, axis), values


@writes(
    "numpy.place",
    operands=("arr", "vals"),
    spelled=["np.place(a, y > 0.5, x)", "np.place(a, mask=y > 0.5, vals=x[:1])"],
)
def place(arr, mask, vals):
    return mask, np.resize(vals, np.count_nonzero(mask))


@writes(
    "numpy.putmask",
    operands=("a", "values"),
    spelled=["np.putmask(a, y > 0.5, x)", "np.putmask(a, mask=y > 0.5, values=x[:2])"],
)
def putmask(a, mask, values):
    return mask, np.resize(values, np.shape(a))[mask]


def _wrap(args: Mapping[str, ast.expr]) -> str:
    wrap = args.get("wrap")
    wraps = wrap is not None and not (isinstance(wrap, ast.Constant) and wrap.value is False)
    return "wrap begins the diagonal of a tall matrix anew" if wraps else ""


@writes(
    "numpy.fill_diagonal",
    check=_wrap,
    operands=("a", "val"),
    spelled=["np.fill_diagonal(m, x)", "np.fill_diagonal(m, val=x[0], wrap=False)", "np.fill_diagonal(m.T, 2.0)"],
)
def fill_diagonal(a, val, wrap=False):
    return np.diag_indices(min(np.shape(a)), np.ndim(a)), np.resize(val, min(np.shape(a)))


@writes("numpy.ndarray.partition", operands=("a",), spelled=["a.partition(1)", "m.partition([0, 1, 2, 3], axis=0)"])
def partition(a, kth, axis=-1, kind="introselect", order=None):
    return ..., np.partition(a, kth, axis=axis, kind=kind)


# What the modes know themselves: a list can be sorted too, and what is added at an index twice counts twice.


@writes("numpy.ndarray.sort", operands=("a",), spelled=["a.sort()", "m.sort(axis=0)"])
def sort(a, axis=-1, kind=None, order=None): ...


@writes("numpy.add.at", operands=("a", "b"), spelled=["np.add.at(a, [2, 0, 2], x[1:])"])
def add_at(a, indices, b): ...


@writes("numpy.subtract.at", operands=("a", "b"), spelled=["np.subtract.at(a, [2, 0, 2], x[1:])"])
def subtract_at(a, indices, b): ...


@writes("numpy.multiply.at", operands=("a", "b"), spelled=["np.multiply.at(a, [2, 0, 2], x[1:])"])
def multiply_at(a, indices, b): ...
