"""From directional derivatives to matrices, and the test that ties forward to reverse mode."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .dual_numbers import dual_jacobian, dual_numbers
from .structures import Vector, flatten, unflatten, widened

Oracle = Callable[..., Vector]


def jacobian(
    oracle: Oracle,
    f: Callable[..., Any],
    args: Sequence[Any],
    wrt: Sequence[int],
    keywords: Mapping[str, Any] | None = None,
) -> Vector:
    """Return the matrix of all partial derivatives, a column for each number in the independent arguments.

    Parameters
    ----------
    oracle : callable
        `differences`, `complex_step` or `dual_numbers`; the last needs one run for all columns.
    f : callable
        The function, as the oracle takes it.
    args : sequence
        The positional arguments.
    wrt : sequence of int
        The positions of the independent ones.
    keywords : mapping, optional
        Arguments by keyword, constant.

    Returns
    -------
    ndarray
        Of two dimensions: numbers in the result by numbers in the independent arguments.
    """
    if oracle is dual_numbers:
        return dual_jacobian(f, args, wrt, keywords)
    point = flatten([args[i] for i in wrt])
    columns = []
    for position, size in enumerate(np.where(point == 0.0, 1.0, abs(point)).tolist()):
        unit = np.zeros(len(point))
        unit[position] = size
        pieces = unflatten(unit, widened([args[i] for i in wrt]))
        tangents = [pieces[list(wrt).index(i)] if i in wrt else None for i in range(len(args))]
        columns.append(oracle(f, args, tangents, keywords) / size)
    if not columns:
        return np.zeros((len(flatten(f(*copy.deepcopy(list(args)), **dict(keywords or {})))), 0))
    return np.stack(columns, axis=1)


def dot_product_gap(dx: Any, x_bar: Any, dy: Any, y_bar: Any, least: float = 0.0) -> float:
    """Return by how much ``<x_bar, dx>`` and ``<y_bar, dy>`` differ, relative to the larger terms of both sums.

    Forward mode maps `dx` to `dy`, reverse mode `y_bar` to `x_bar`; the two are transposes: the gap is rounding alone.

    Parameters
    ----------
    dx, x_bar, dy, y_bar : structures of numbers and arrays
    least : float
        What the terms are taken for at least. Of a derivative that vanishes rounding is all that there is.

    Returns
    -------
    float
    """
    left, right = flatten(x_bar) * flatten(dx), flatten(y_bar) * flatten(dy)
    size = max(float(np.sum(abs(left))), float(np.sum(abs(right))), least, np.finfo(float).tiny)
    return abs(float(np.sum(left)) - float(np.sum(right))) / size
