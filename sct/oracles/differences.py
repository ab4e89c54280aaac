"""Divided differences, extrapolated to a step of zero, with an estimate of their error."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .structures import NotApplicable, Vector, flatten, unflatten, widened


class Difference(NamedTuple):
    """A derivative from divided differences and, entry by entry, an estimate of its error."""

    value: Vector
    error: Vector


def divided_difference(
    f: Callable[..., Any],
    args: Sequence[Any],
    tangents: Sequence[Any],
    keywords: Mapping[str, Any] | None = None,
    *,
    step: float = 2e-3,
    levels: int = 6,
) -> Difference:
    """Differentiate `f` along `tangents` by central differences, extrapolated to a step of zero.

    Parameters
    ----------
    f : callable
        Any function; it is run ``2 * levels`` times, on copies of its arguments.
    args : sequence
        The positional arguments.
    tangents : sequence
        One for each argument, of its structure; None where the argument is constant.
    keywords : mapping, optional
        Arguments by keyword, constant.
    step : float
        The first and largest step; each next one is half of the last.
    levels : int
        How many steps.

    Returns
    -------
    Difference
        The tangent of the result as a vector, and the estimated error of each entry. A large one tells of a kink, a
        jump or an ill-conditioned function.
    """

    def at(t: float) -> Vector:
        moved = [
            copy.deepcopy(x) if dx is None else unflatten(flatten(x) + t * flatten(dx), widened(x))
            for x, dx in zip(args, tangents, strict=True)
        ]
        return flatten(f(*moved, **copy.deepcopy(dict(keywords or {})))).real.astype(float)

    rows: list[list[Vector]] = []
    best: Vector | None = None
    error: Vector | None = None
    for level in range(levels):
        h = step / 2.0**level
        row = [(at(h) - at(-h)) / (2.0 * h)]
        for order, coarse in enumerate(rows[-1] if rows else ()):
            row.append(row[order] + (row[order] - coarse) / (4.0 ** (order + 1) - 1.0))
            gap = np.maximum(abs(row[-1] - row[-2]), abs(row[-1] - coarse))
            if best is None or error is None:
                best, error = row[-1], gap
            better = gap < error
            best, error = np.where(better, row[-1], best), np.where(better, gap, error)
        rows.append(row)
    assert best is not None and error is not None
    return Difference(best, error)


def differences(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the tangent of ``f(*args)`` along `tangents` by divided differences.

    The parameters are those of `divided_difference`; raises NotApplicable where the error estimate is poor.
    """
    found = divided_difference(f, args, tangents, keywords)
    if np.any(found.error > 1e-4 * (1.0 + abs(found.value))):
        raise NotApplicable("the divided differences do not converge here")
    return found.value
