"""Functions of several values in a sequence, taken apart again."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import spread, unbroadcast
from .structures import save, zeros_like


def split_like(y_bar: Any, parts: Any, axis: Any = 0) -> Any:
    """Cut the adjoint of ``np.concatenate(parts, axis)`` into the adjoints of its parts.

    Parameters
    ----------
    y_bar : ndarray
        The adjoint of the result.
    parts : sequence of ndarray
        The operands.
    axis : int or None
        As `np.concatenate` had it; None joins flattened parts.

    Returns
    -------
    list of ndarray
        One view of `y_bar` a part.
    """
    bars, start = [], 0
    for part in parts:
        n = np.size(part) if axis is None else np.shape(part)[axis]
        if axis is None:
            bars.append(y_bar[start : start + n].reshape(np.shape(part)))
        else:
            bars.append(np.moveaxis(np.moveaxis(y_bar, axis, 0)[start : start + n], 0, axis))
        start += n
    return np.array(bars) if isinstance(parts, np.ndarray) else bars


def _cut(y_bar: Any, parts: Any, axis: int, sizes: list[int]) -> Any:
    """Cut `y_bar` along `axis` into pieces of these sizes, each in the shape of its part."""
    ends = np.cumsum(sizes)[:-1]
    return [piece.reshape(np.shape(part))[()] for piece, part in zip(np.split(y_bar, ends, axis), parts, strict=True)]


def vsplit_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.vstack(parts)`` apart: the adjoints of its parts."""
    return _cut(y_bar, parts, 0, [np.shape(part)[0] if np.ndim(part) > 1 else 1 for part in parts])


def hsplit_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.hstack(parts)`` apart: the adjoints of its parts."""
    if np.ndim(parts[0]) < 2:
        return _cut(y_bar, parts, 0, [np.size(part) for part in parts])
    return _cut(y_bar, parts, 1, [np.shape(part)[1] for part in parts])


def dsplit_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.dstack(parts)`` apart: the adjoints of its parts."""
    return _cut(y_bar, parts, 2, [np.shape(part)[2] if np.ndim(part) > 2 else 1 for part in parts])


def column_split_like(y_bar: Any, parts: Any) -> Any:
    """Take the adjoint of ``np.column_stack(parts)`` apart: the adjoints of its parts."""
    return _cut(y_bar, parts, 1, [np.shape(part)[1] if np.ndim(part) > 1 else 1 for part in parts])


def repeat_bar(y_bar: Any, x: Any, repeats: Any, axis: Any = None) -> Any:
    """Return the adjoint of `x` in ``np.repeat(x, repeats, axis)``: the sums over its copies."""
    shape = np.shape(x)
    axis = axis if shape else None
    n = np.size(x) if axis is None else shape[axis]
    which = np.repeat(np.arange(n), repeats)
    bar = np.zeros((n, *np.delete(shape, axis)) if axis is not None else n, np.asarray(y_bar).dtype)
    np.add.at(bar, which, y_bar if axis is None else np.moveaxis(y_bar, axis, 0))
    return bar.reshape(shape) if axis is None else np.moveaxis(bar, 0, axis)


def tile_bar(y_bar: Any, x: Any, reps: Any) -> Any:
    """Return the adjoint of `x` in ``np.tile(x, reps)``: the sums over its copies."""
    counts = tuple(reps) if np.ndim(reps) else (reps,)
    ndim = max(len(counts), np.ndim(x))
    counts = (1,) * (ndim - len(counts)) + counts
    shape = (1,) * (ndim - np.ndim(x)) + np.shape(x)
    blocks = [n for pair in zip(counts, shape, strict=True) for n in pair]
    return np.reshape(y_bar, blocks).sum(axis=tuple(range(0, 2 * ndim, 2))).reshape(np.shape(x))


def members(y_bar: Any, parts: Any, axis: int = 0) -> Any:
    """Take the adjoint of ``np.stack(parts, axis)`` apart: the adjoints of its parts, an array where they are one."""
    y_bar = np.moveaxis(y_bar, axis, 0) if axis else y_bar
    return y_bar if isinstance(parts, np.ndarray) else list(y_bar)


def as_list(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in ``np.array(x)``: nested lists of elements where `x` is a list or tuple."""
    if isinstance(x, (list, tuple)):
        return [as_list(bar, v) for bar, v in zip(y_bar, x, strict=True)]
    if isinstance(y_bar, np.ndarray) and not y_bar.ndim and not isinstance(x, np.ndarray):
        return y_bar[()]  # of a number
    if type(x) is float and isinstance(y_bar, np.floating):
        return float(y_bar)  # it leaves the precision of an array as it is
    return y_bar


def sum_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``sum(x)``, x a list, a tuple or an array."""
    if isinstance(x, np.ndarray):
        return spread(y_bar, x, 0)
    return [save(unbroadcast(y_bar, v)) for v in x]  # no member shares memory with another


def select_bar(y_bar: Any, condlist: Any, choicelist: Any) -> Any:
    """Return the adjoints of the choices in ``np.select(condlist, choicelist, default)``."""
    bars, free = [], np.array(True)
    for condition, choice in zip(condlist, choicelist, strict=True):
        bars.append(unbroadcast(np.where(free & condition, y_bar, 0.0), choice))
        free = free & ~np.asarray(condition)
    return np.array(bars) if isinstance(choicelist, np.ndarray) else bars


def first_max_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``max(x)``: all of it goes to the first winner."""
    bar = zeros_like(x) if isinstance(x, np.ndarray) else [zeros_like(v) for v in x]
    bar[max(range(len(x)), key=x.__getitem__)] = y_bar
    return bar


def first_min_bar(y_bar: Any, x: Any) -> Any:
    """Return the adjoint of `x` in the built-in ``min(x)``: all of it goes to the first winner."""
    bar = zeros_like(x) if isinstance(x, np.ndarray) else [zeros_like(v) for v in x]
    bar[min(range(len(x)), key=x.__getitem__)] = y_bar
    return bar


def first_max_tangent(dx: Any, x: Any) -> Any:
    """Return the tangent of the built-in ``max(x)``: that of the first winner."""
    x, dx = list(x), list(dx)
    return dx[max(range(len(x)), key=x.__getitem__)]


def first_min_tangent(dx: Any, x: Any) -> Any:
    """Return the tangent of the built-in ``min(x)``: that of the first winner."""
    x, dx = list(x), list(dx)
    return dx[min(range(len(x)), key=x.__getitem__)]


def join(parts: Any, axis: int = 0) -> Any:
    """Return ``np.r_[*parts]``, which joins along the first axis, or ``np.c_[*parts]``, along the last."""
    return np.c_[tuple(parts)] if axis else np.r_[tuple(parts)]


def joined_like(y_bar: Any, parts: Any, axis: int = 0) -> Any:
    """Take the adjoint of ``join(parts, axis)`` apart: the adjoints of its parts; a number has one place."""
    whole = np.ndim(y_bar)
    return _cut(y_bar, parts, axis, [np.shape(part)[axis] if np.ndim(part) == whole else 1 for part in parts])


def choose_bar(y_bar: Any, index: Any, choices: Any) -> Any:
    """Return the adjoints of the choices in ``np.choose(index, choices)``."""
    bars = [unbroadcast(np.where(np.equal(index, i), y_bar, 0.0), choice) for i, choice in enumerate(choices)]
    return np.array(bars) if isinstance(choices, np.ndarray) else bars


def is_sequence(x: Any) -> bool:
    """Say whether a sequence pattern of a ``match`` may fit: the flag that PEP 634 gives types, which texts lack."""
    return bool(type(x).__flags__ & 1 << 5)


def is_mapping(x: Any) -> bool:
    """Say whether a mapping pattern of a ``match`` may fit: the flag that PEP 634 gives types."""
    return bool(type(x).__flags__ & 1 << 6)
