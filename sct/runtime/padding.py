"""Arrays with a border: the adjoints and tangents of `np.pad`."""

from __future__ import annotations

from typing import Any

import numpy as np


def _pairs(given: Any, x: Any) -> Any:
    """Return what `np.pad` was told as a pair for each axis of `x`."""
    if isinstance(given, dict):  # of some axes
        named = {i % np.ndim(x): width for i, width in given.items()}
        given = [np.broadcast_to(named.get(i, 0), 2) for i in range(np.ndim(x))]
    return np.broadcast_to(given, (np.ndim(x), 2))


def unpad(s: Any, x: Any, pad_width: Any) -> Any:
    """Return the adjoint of `x` in ``np.pad(x, pad_width)``: what lies inside the padding."""
    widths = zip(_pairs(pad_width, x), np.shape(x), strict=True)
    inside = tuple(slice(before, before + n) for (before, _), n in widths)
    return np.array(np.asarray(s)[inside])


def pad_bar(s: Any, x: Any, pad_width: Any, mode: Any, stat_length: Any = None, reflect_type: str = "even") -> Any:
    """Return the adjoint of `x` in ``np.pad(x, pad_width, mode)`` for modes that are linear along each axis.

    Parameters
    ----------
    s : ndarray
        The adjoint of the result.
    x : ndarray
        The operand.
    pad_width, mode, stat_length, reflect_type
        As `np.pad` had them.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `x`.
    """
    lengths = [None] * np.ndim(x) if stat_length is None else _pairs(stat_length, x)
    bar = np.asarray(s)
    for axis, (n, (before, after), length) in enumerate(zip(np.shape(x), _pairs(pad_width, x), lengths, strict=True)):
        options: Any = {"mean": {"stat_length": length if length is None else (length, (n, n))}, "linear_ramp": {}}
        matrix = np.pad(np.eye(n), ((before, after), (0, 0)), mode, **options.get(mode, {"reflect_type": reflect_type}))
        bar = np.moveaxis(np.tensordot(matrix.astype(bar.dtype), bar, (0, axis)), 0, axis)
    return bar


def choice_tangent(dx: Any, x: Any, pad_width: Any, mode: str, stat_length: Any = None) -> Any:
    """Return the tangent of ``np.pad(x, pad_width, mode)`` for the modes maximum, minimum and median."""
    for axis, ends in _chosen(x, pad_width, mode, stat_length):
        borders = [
            np.repeat(np.mean([np.take_along_axis(dx, place, axis) for place in places], axis=0), width, axis)
            for width, places in ends
        ]
        dx = np.concatenate([borders[0], dx, borders[1]], axis)
    return dx


def choice_bar(s: Any, x: Any, pad_width: Any, mode: str, stat_length: Any = None) -> Any:
    """Return the adjoint of `x` in ``np.pad(x, pad_width, mode)`` for the modes maximum, minimum and median."""
    bar = np.array(s)
    for axis, ends in reversed(list(_chosen(x, pad_width, mode, stat_length))):
        first, last = ends[0][0], bar.shape[axis] - ends[1][0]
        before, inside, after = np.split(bar, [first, last], axis)
        for (_, places), border in zip(ends, (before, after), strict=True):
            share = np.sum(border, axis=axis, keepdims=True) / 2
            for place in places:
                np.put_along_axis(inside, place, np.take_along_axis(inside, place, axis) + share, axis)
        bar = inside
    return bar


def _chosen(x: Any, pad_width: Any, mode: Any, stat_length: Any) -> Any:
    """Give for each axis how wide its two borders are, and between which two elements their values lie.

    Axes are padded one after the other, so that borders are chosen from borders. Of elements that tie, one counts.
    """
    x = np.asarray(x)
    lengths = [None] * x.ndim if stat_length is None else _pairs(stat_length, x)
    for axis, (widths, length) in enumerate(zip(_pairs(pad_width, x), lengths, strict=True)):
        n = x.shape[axis]
        first, last = (n, n) if length is None else np.minimum(length, n)
        order = np.argsort(np.take(x, range(first), axis), axis, kind="stable")
        order_of_last = np.argsort(np.take(x, range(n - last, n), axis), axis, kind="stable") + (n - last)
        yield axis, [(widths[0], _middle(order, axis, mode)), (widths[1], _middle(order_of_last, axis, mode))]
        edges: Any = [(0, 0)] * x.ndim
        edges[axis] = widths
        options: Any = {} if length is None else {"stat_length": [length] * x.ndim}
        x = np.pad(x, edges, mode, **options)


def _middle(order: Any, axis: int, mode: str) -> list[Any]:
    """Return the places, of sorted elements, of the two that a border is the mean of."""
    n = order.shape[axis]
    places = {"minimum": (0, 0), "maximum": (n - 1, n - 1), "median": ((n - 1) // 2, n // 2)}[mode]
    return [np.take(order, [place], axis) for place in places]
