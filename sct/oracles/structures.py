"""Structures of numbers and arrays (tuples, lists and dicts of them) as flat vectors, and back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float64]]


class NotApplicable(Exception):
    """The oracle has no answer for this function: it says so rather than give a wrong one."""


class Number:
    """The base of number types that are not Python's or NumPy's own."""


def is_number(value: object) -> bool:
    return isinstance(value, int | float | complex | np.number | Number) and not isinstance(value, bool)


def is_numeric_array(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "iufcO"


def leaves(value: Any) -> Iterator[Any]:
    """Yield the numbers and numeric arrays in `value`, in order; texts, bools and None have no derivative."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    elif is_number(value) or is_numeric_array(value):
        yield value


def map_leaves(change: Callable[[Any], Any], value: Any) -> Any:
    """Return `value` with each number and numeric array replaced."""
    if isinstance(value, Mapping):
        return {key: map_leaves(change, item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(map_leaves(change, item) for item in value))
    if isinstance(value, list | tuple):
        return type(value)(map_leaves(change, item) for item in value)
    return change(value) if is_number(value) or is_numeric_array(value) else value


def flatten(value: Any) -> Vector:
    """Return all numbers in `value` as one vector.

    Parameters
    ----------
    value : number, array, or tuples, lists and dicts of these
        What is neither (texts, bools, None) is skipped.

    Returns
    -------
    ndarray
        A new one-dimensional array of floats.
    """
    parts = [np.ravel(np.asarray(leaf)) for leaf in leaves(value)]
    return np.concatenate([np.array([], dtype=float), *parts]) if parts else np.array([], dtype=float)


def unflatten(vector: Vector, like: Any) -> Any:
    """Return the entries of `vector` in the structure of `like`, the inverse of `flatten`.

    Parameters
    ----------
    vector : ndarray
        As many entries as ``flatten(like)`` has.
    like : number, array, or tuples, lists and dicts of these
        Integers come back as floats, float32 as float32.

    Returns
    -------
    structure like `like`
    """
    position = 0

    def take(leaf: Any) -> Any:
        nonlocal position
        size = int(np.size(leaf))
        part, position = vector[position : position + size], position + size
        if isinstance(leaf, np.ndarray):
            kind = leaf.dtype if leaf.dtype.kind in "fc" else np.dtype(float)
            made = np.empty_like(leaf, dtype=kind, subok=False)  # laid out in memory as `leaf` is
            made[...] = part.reshape(leaf.shape)
            return made
        return np.float32(part[0]) if isinstance(leaf, np.float32) else part[0].item()

    return map_leaves(take, like)


def widened(value: Any) -> Any:
    """Return `value` in double precision, so that a difference is not lost in the rounding of float32."""

    def widen(leaf: Any) -> Any:
        return leaf.astype(float) if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "iuf" else float(leaf)

    return map_leaves(widen, value)


def on_line(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Callable[[float], Vector]:
    """Return the function of t that is `f`, as a vector, at the arguments moved by t along the tangents."""

    def at(t: float) -> Vector:
        moved = [
            copy.deepcopy(x) if dx is None else unflatten(flatten(x) + t * flatten(dx), widened(x))
            for x, dx in zip(args, tangents, strict=True)
        ]
        return flatten(f(*moved, **copy.deepcopy(dict(keywords or {})))).real.astype(float)

    return at
