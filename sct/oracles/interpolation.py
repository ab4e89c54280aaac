"""Derivatives of interpolants: a polynomial through a few points on a line has the slope of the function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .structures import NotApplicable, Vector, on_line

_RADII = (5e-2, 5e-3, 5e-4)
_POINTS = 14


def interpolation(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the tangent of ``f(*args)`` along `tangents` as the slope of a Chebyshev interpolant.

    It asks no more of `f` than divided differences do, at other points and by another formula: where nothing else
    applies, the two hold each other.

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
        Where the interpolants do not converge, so that there may be a kink or a jump.
    """
    at = on_line(f, args, tangents, keywords)
    nodes = np.cos(np.pi * (np.arange(_POINTS) + 0.5) / _POINTS)
    series = np.cos(np.outer(np.arange(_POINTS), np.arccos(nodes)))
    for radius in _RADII:
        with np.errstate(all="ignore"):
            values = np.stack([at(radius * float(t)) for t in nodes])
        coefficients = 2.0 / _POINTS * series @ values
        if not np.all(np.isfinite(coefficients)):
            continue
        # What the last terms are, those that were cut off are too, and a slope takes them times their number.
        tail = np.max(abs(coefficients[-3:]), axis=0) * _POINTS**2 / radius
        slope = np.polynomial.chebyshev.chebval(0.0, np.polynomial.chebyshev.chebder(coefficients)) / radius
        if np.all(tail <= 1e-6 * (1.0 + abs(slope))):
            return np.asarray(slope, dtype=float)
    raise NotApplicable("the interpolants do not converge here")
