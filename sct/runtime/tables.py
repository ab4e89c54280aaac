"""Interpolation in tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import floats


def interp_slope(x: Any, xp: Any, fp: Any) -> Any:
    """Return the slope at each `x` of the polygon through the points `xp`, `fp`; zero beyond its ends.

    Parameters
    ----------
    x : float or ndarray
        Where.
    xp, fp : ndarray
        The points, as `np.interp` takes them.

    Returns
    -------
    float or ndarray
        The slopes, in the shape of `x`.
    """
    i, width = _segment(x, xp)
    fp = floats(np.asarray(fp))
    return (fp[i + 1] - fp[i]) / width


def interp_bar(s: Any, x: Any, xp: Any) -> Any:
    """Return the adjoint of `fp` in ``np.interp(x, xp, fp)``.

    Parameters
    ----------
    s : float or ndarray
        The adjoint of the result.
    x : float or ndarray
        Where.
    xp : ndarray
        The points.

    Returns
    -------
    ndarray
        The adjoint, in the shape of `xp`.
    """
    i, width = _segment(x, xp)
    xp = floats(np.asarray(xp))
    share = np.where(np.isinf(width), np.greater(x, xp[-1]), (x - xp[i]) / width)
    bar = np.zeros(len(xp), np.result_type(s, share))
    np.add.at(bar, i, (1 - share) * s)
    np.add.at(bar, i + 1, share * s)
    return bar


def interp_slope_bar(s: Any, x: Any, xp: Any) -> Any:
    """Return the adjoint of `fp` in ``interp_slope(x, xp, fp)``."""
    i, width = _segment(x, xp)
    bar = np.zeros(len(xp), np.result_type(s, width))
    np.add.at(bar, i, -s / width)
    np.add.at(bar, i + 1, s / width)
    return bar


def _segment(x: Any, xp: Any) -> Any:
    """Return where the interval around each `x` begins and how wide it is: beyond the ends, infinitely."""
    xp = floats(np.asarray(xp))
    i = np.clip(np.searchsorted(xp, x) - 1, 0, len(xp) - 2)
    return i, np.where(np.less(x, xp[0]) | np.greater(x, xp[-1]), np.inf, xp[i + 1] - xp[i])[()]
