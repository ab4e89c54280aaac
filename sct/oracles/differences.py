"""Divided differences, extrapolated to a step of zero, with an estimate of their error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .structures import NotApplicable, Vector, on_line


class Difference(NamedTuple):
    """A derivative from divided differences and, entry by entry, an estimate of its error."""

    value: Vector
    error: Vector


#: First steps, in the order in which they are tried: the later ones are for functions that are hard to difference.
STEPS = (2e-3, 2e-2, 1e-4, 0.3, 5e-6)
#: A step that few jumps lie within.
CLOSE = 1e-5


def divided_difference(
    f: Callable[..., Any],
    args: Sequence[Any],
    tangents: Sequence[Any],
    keywords: Mapping[str, Any] | None = None,
    *,
    steps: Sequence[float] = STEPS,
    levels: int = 6,
    tolerance: float = 1e-9,
) -> Difference:
    """Differentiate `f` along `tangents` by central differences, extrapolated to a step of zero.

    The steps are controlled: a first step is halved again and again and the quotients are extrapolated (Ridders'
    method), and where the estimated error of an entry stays above `tolerance` the next first step is tried. Each
    entry is the one with the smallest estimated error.

    Parameters
    ----------
    f : callable
        Any function; for each first step it is run ``2 * levels`` times, on copies of its arguments.
    args : sequence
        The positional arguments.
    tangents : sequence
        One for each argument, of its structure; None where the argument is constant.
    keywords : mapping, optional
        Arguments by keyword, constant.
    steps : sequence of float
        The first steps, in the order in which they are tried.
    levels : int
        How often a first step is halved, and one.
    tolerance : float
        The error, relative to one plus the derivative, at which no further step is tried.

    Returns
    -------
    Difference
        The tangent of the result as a vector, and the estimated error of each entry. A large one tells of a kink, a
        jump or an ill-conditioned function.
    """

    at = on_line(f, args, tangents, keywords)
    found: Difference | None = None
    for step in steps:
        try:
            new = _extrapolated(at, step, levels)
        except (ArithmeticError, ValueError):  # a step out of the domain of the function
            if found is None and step == steps[-1]:
                raise
            continue
        if found is None:
            found = new
        else:
            better = new.error < found.error
            found = Difference(np.where(better, new.value, found.value), np.where(better, new.error, found.error))
        if np.all(found.error <= tolerance * (1.0 + abs(found.value))):
            break
    assert found is not None
    return _looked_at_closely(at, found)


def _looked_at_closely(at: Callable[[float], Vector], found: Difference) -> Difference:
    """Return a derivative with its error enlarged where the quotient of a very small step contradicts it.

    Over large steps the jumps of a step function look like a slope.
    """
    try:
        above, below = at(CLOSE), at(-CLOSE)
    except (ArithmeticError, ValueError):
        return found
    rounding = np.finfo(float).eps * np.maximum(abs(above), abs(below)) / CLOSE
    gap = abs((above - below) / (2.0 * CLOSE) - found.value)
    contradicted = gap > 1e-2 * (1.0 + abs(found.value)) + 1e3 * rounding
    return Difference(found.value, np.where(contradicted, np.maximum(found.error, gap), found.error))


def _extrapolated(at: Callable[[float], Vector], step: float, levels: int) -> Difference:
    """Extrapolate central differences with the steps ``step / 2**k`` to a step of zero."""
    rows: list[list[Vector]] = []
    best: Vector | None = None
    error: Vector | None = None
    for level in range(levels):
        h = step / 2.0**level
        above, below = at(h), at(-h)
        row = [(above - below) / (2.0 * h)]
        rounding = np.finfo(float).eps * np.maximum(abs(above), abs(below)) / h
        for order, coarse in enumerate(rows[-1] if rows else ()):
            row.append(row[order] + (row[order] - coarse) / (4.0 ** (order + 1) - 1.0))
            gap = np.maximum(abs(row[-1] - row[-2]), abs(row[-1] - coarse)) + rounding
            gap = np.where(np.isnan(gap), np.inf, gap)
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

    Parameters
    ----------
    f : callable
        Any function; it is run on copies of its arguments.
    args : sequence
        The positional arguments.
    tangents : sequence
        One for each argument, of its structure; None where the argument is constant.
    keywords : mapping, optional
        Arguments by keyword, constant.

    Returns
    -------
    ndarray
        The tangent of the result as a vector.

    Raises
    ------
    NotApplicable
        Where the estimated error is large, so that there may be a kink or a jump.
    """
    found = divided_difference(f, args, tangents, keywords)
    if np.any(found.error > 1e-4 * (1.0 + abs(found.value))):
        raise NotApplicable("the divided differences do not converge here")
    return found.value
