"""Special functions that NumPy does not have."""

from __future__ import annotations

from typing import Any

import numpy as np


def polygamma(n: int, x: Any) -> Any:
    """Return the derivative of order ``n + 1`` of the logarithm of the gamma function at `x`, elementwise.

    Parameters
    ----------
    n : int
        The order; 0 is the digamma function.
    x : float or ndarray
        Where; NaN at 0 and at the negative integers.

    Returns
    -------
    float or ndarray
        The values, by an asymptotic series where `x` is large and by recurrence elsewhere.
    """
    z = np.array(x, float)
    total = np.where((z <= 0) & (z == np.floor(z)), np.nan, 0.0)
    factorial = float(np.prod(np.arange(1.0, n + 1)))
    sign = -1.0 if n % 2 == 0 else 1.0
    while (z < 15).any():
        small = z < 15
        total += np.where(small, sign * factorial / np.where(small, z, 1.0) ** (n + 1), 0.0)
        z = np.where(small, z + 1, z)
    if n == 0:
        total += np.log(z) - 0.5 / z
    else:
        total += sign * (factorial / n / z**n + 0.5 * factorial / z ** (n + 1))
    # The Bernoulli numbers of even index, from the second.
    for k, b in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        rising = float(np.prod(np.arange(2.0 * k + 1, 2 * k + n))) if n else 1 / (2 * k)
        total += sign * b * rising / z ** (2 * k + n)
    return _in_kind(total, x)


def bessel_i(n: int, x: Any) -> Any:
    """Return the modified Bessel function of the first kind of the integer order `n` at `x`, elementwise.

    Parameters
    ----------
    n : int
        The order; 0 is ``np.i0``.
    x : float or ndarray
        Where.

    Returns
    -------
    float or ndarray
        The values: the mean of ``exp(x * cos(t)) * cos(n * t)`` over a period.
    """
    z = np.asarray(x, float)[..., None]
    # The integrand is periodic: the trapezoidal rule converges faster than any power of the number of points.
    points = 64 + 4 * int(np.sqrt(np.max(np.abs(z), initial=0.0)) * 8)
    t = np.arange(points) * (2 * np.pi / points)
    scaled = np.exp(z * np.cos(t) - np.abs(z)) * np.cos(n * t)
    return _in_kind(np.exp(np.abs(z[..., 0])) * scaled.mean(axis=-1), x)


def sinc_slope(x: Any, n: int = 1) -> Any:
    """Return the derivative of order `n` of ``np.sinc(x)``, elementwise: a mean of derivatives of ``cos(pi * x * u)``.

    Parameters
    ----------
    x : float or ndarray
        Where; 0 is a point like any other.
    n : int
        The order.

    Returns
    -------
    float or ndarray
        The derivatives.
    """
    z = np.pi * np.asarray(x)
    w = np.where(np.abs(z) < 1, 1.0, z)
    # Away from 0 by the recurrence f_k = (sin^(k)(z) - k f_(k-1)) / z; near it that cancels, and the series is short.
    far = np.sin(w) / w
    for k in range(1, n + 1):
        far = (np.sin(w + k * np.pi / 2) - k * far) / w
    near = np.zeros(z.shape, z.dtype)
    term = 1.0
    for j in range(30):
        if j > 0:
            term = term / j
        if (j + n) % 2 == 0:
            near = near + np.where(np.abs(z) < 1, (-1) ** ((j + n) // 2) * term * z**j / (j + n + 1), 0.0)
    return _in_kind(np.pi**n * np.where(np.abs(z) < 1, near, far), x)


def exponent_of(x: Any) -> Any:
    """Return the binary exponent of `x`, elementwise: the second result of ``np.frexp``."""
    exponent = np.frexp(x)[1]
    return exponent if isinstance(x, np.ndarray) else int(exponent)


def _in_kind(value: Any, x: Any) -> Any:
    """Return a value in the inexact dtype of `x`; a number of Python's for one of Python's."""
    if isinstance(x, (np.ndarray, np.generic)):
        return np.asarray(value, x.dtype if x.dtype.kind in "fc" else float)[()]
    return np.asarray(value)[()] if np.ndim(value) or isinstance(x, complex) else float(value)
