"""A seed times a partial derivative that may be infinite or undefined."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import floats


def over(s: Any, d: Any) -> Any:
    """Return ``s / d``, and zero where `s` is exactly zero, whatever `d` is.

    Division by zero gives an infinity, for Python floats too.

    Parameters
    ----------
    s : float or ndarray
        The seed, times a numerator.
    d : float or ndarray
        The denominator.

    Returns
    -------
    float or ndarray
        The quotient.
    """
    if type(s) is type(d) is float or isinstance(s, (float, int)) and isinstance(d, (float, int)):
        if not s:
            return 0.0
        return s / d if d else s * float("inf")
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.true_divide(s, d)
    if np.isnan(q).any():
        q = np.where(np.equal(s, 0), q.dtype.type(0), q)[()]
    return q


def kinked(s: Any, d: Any) -> Any:
    """Return ``s / d``, and zero where `d` is zero: at a kink, where derivatives of every order are taken for zero."""
    if isinstance(s, (float, int)) and isinstance(d, (float, int)):
        return s / d if d else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.true_divide(s, d)
    if not np.all(d):
        q = np.where(np.equal(d, 0), q.dtype.type(0), q)[()]
    return q


def where_floats(s: Any, x: Any) -> Any:
    """Return `s` where an array of x's dtype keeps floats that are put into it, zeros where it cuts them off."""
    return s if np.asarray(x).dtype.kind in "fcO" else np.zeros_like(s)


def times(s: Any, p: Any) -> Any:
    """Return ``p * s``, and zero where `s` is exactly zero, whatever `p` is.

    Parameters
    ----------
    s : float or ndarray
        The seed.
    p : float or ndarray
        The partial derivative, which may be infinite or NaN where `s` is zero.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(s, (float, int)) and isinstance(p, (float, int)):
        return p * s if s else 0.0
    with np.errstate(invalid="ignore"):
        q = np.multiply(p, s)
    if np.isnan(q).any():
        q = np.where(np.equal(s, 0), q.dtype.type(0), q)[()]
    return q


def power_slope(s: Any, x: Any, p: Any) -> Any:
    """Return ``s * p * x ** (p - 1)``: a seed times the derivative of ``x ** p`` by `x`.

    It is zero where `s` or `p` is exactly zero, and infinite where ``0 ** (p - 1)`` is.

    Parameters
    ----------
    s, x, p : float or ndarray
        The seed, the base and the exponent.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(x, (float, int)) and isinstance(p, (float, int)):
        try:
            return times(s, p * x ** (p - 1) if p else 0.0)
        except (OverflowError, ZeroDivisionError):
            with np.errstate(divide="ignore", over="ignore"):
                return times(s, p * float(np.float_power(x, p - 1)))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        e = np.subtract(p, 1)
        if e.dtype.kind in "iu" and np.any(np.less(e, 0)):
            e = e.astype(float)
        slope = np.where(np.equal(p, 0), 0, np.multiply(p, np.power(x, e)))
        if not isinstance(p, (np.ndarray, np.generic)) and slope.dtype != np.result_type(x, p, 1.0):
            slope = slope.astype(np.result_type(x, p, 1.0))
    return times(s, slope)


def exponent_slope(s: Any, x: Any, p: Any) -> Any:
    """Return ``s * x ** p * log(x)``: a seed times the derivative of ``x ** p`` by `p`.

    It is zero where `s` is exactly zero and where `x` is zero and `p` is not negative. Where `x` is negative there
    is no such derivative and it is NaN.

    Parameters
    ----------
    s, x, p : float or ndarray
        The seed, the base and the exponent.

    Returns
    -------
    float or ndarray
        The product.
    """
    if isinstance(x, (float, int)) and isinstance(p, (float, int)):
        if x > 0:
            return times(s, x**p * float(np.log(x)))
        return times(s, float("nan") if x else 0.0 if p >= 0 else float("-inf"))
    x = x + 0j if np.iscomplexobj(p) else floats(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(np.where(np.equal(x, 0), 1, x))
        base = np.where(np.equal(x, 0) & np.greater_equal(np.real(p), 0), 1, x)
        power = np.power(base.astype(np.result_type(base.dtype, log.dtype)), p)
        slope = np.where(np.equal(base, 0), -power, power * log)
    return times(s, slope)


def sign(x: Any) -> Any:
    """Return the sign of `x`: -1, 0 or 1, and NaN for NaN; a float where `x` is one."""
    if isinstance(x, (float, int)):
        return 1.0 if x > 0 else -1.0 if x < 0 else x * 0.0
    return np.sign(x)


def exceeds(a: Any, b: Any) -> Any:
    """Return the derivative of ``np.maximum(a, b)`` by `a`: 1 where a > b, 0 where a < b, one half where equal.

    Parameters
    ----------
    a, b : float or ndarray
        The operands.

    Returns
    -------
    float or ndarray
        The share; an array of bool where no two elements are equal, in double precision.
    """
    if isinstance(a, (float, int)) and isinstance(b, (float, int)):
        return 1.0 if a > b else 0.5 if a == b else 0.0
    above = np.greater(a, b)
    equal = np.equal(a, b)
    dtype = np.result_type(a, b)
    if dtype.kind != "f":
        dtype = np.dtype(float)
    if equal.any():
        return np.where(equal, 0.5, above).astype(dtype)
    return above if dtype.itemsize == 8 else above.astype(dtype)  # bools and a number would make it double
