"""Functions that call themselves, and each other."""

# ruff: noqa

import math

import numpy as np


def power(x, n: int):
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def factorial_like(x):
    if x <= 1:
        return x
    return x * factorial_like(x - 1)


def even_sum(x, n: int):
    if n == 0:
        return x
    return x * odd_sum(x, n - 1)


def odd_sum(x, n):
    if n == 0:
        return -x
    return x + even_sum(x, n - 1) * 0.5


def fibonacci_weights(a, b, n: int):
    if n == 0:
        return a
    if n == 1:
        return b
    return fibonacci_weights(a, b, n - 1) + 0.5 * fibonacci_weights(a, b, n - 2)


def adaptive_integral(a, b, tol=1e-3):
    """Adaptive Simpson of exp(-t * t)."""
    return adapt(a, b, gauss(a), gauss(b), gauss((a + b) / 2), tol)


def gauss(t):
    return math.exp(-t * t)


def adapt(a, b, fa, fb, fm, tol):
    m = (a + b) / 2
    whole = (b - a) / 6 * (fa + 4 * fm + fb)
    fl, fr = gauss((a + m) / 2), gauss((m + b) / 2)
    left = (m - a) / 6 * (fa + 4 * fl + fm)
    right = (b - m) / 6 * (fm + 4 * fr + fb)
    if abs(left + right - whole) < tol:
        return left + right
    return adapt(a, m, fa, fm, fl, tol / 2) + adapt(m, b, fm, fb, fr, tol / 2)


def tree_sum(x):
    n = len(x)
    if n == 1:
        return x[0] ** 2
    return tree_sum(x[: n // 2]) * 1.1 + tree_sum(x[n // 2 :])


def horner_recursive(coefficients, x, i: int = 0):
    if i == len(coefficients) - 1:
        return coefficients[i]
    return coefficients[i] + x * horner_recursive(coefficients, x, i + 1)


def agm(a, g):
    if abs(a - g) < 1e-14:
        return a
    return agm((a + g) / 2, math.sqrt(a * g))


def chebyshev(n: int, x):
    if n < 2:
        return x if n else 1.0
    return 2 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x)


def local_recursion(x):
    def down(t, k):
        return t if k == 0 else t * down(t + x, k - 1)

    return down(x, 3)


CASES = {
    "power": {"args": [(1.2, 9), (1.2, 0)], "wrt": "x"},
    "factorial_like": [(4.3,), (0.3,)],
    "even_sum": [(0.7, 5), (0.7, 0)],
    "fibonacci_weights": [(0.7, 1.2, 6)],
    "adaptive_integral": {"args": [(0.1, 1.9)], "wrt": (0, 1)},
    "tree_sum": [(np.array([0.3, 0.5, -0.7, 1.1, 2.0]),)],
    "horner_recursive": [([1.0, 0.5, -2.0], 0.7), (np.array([1.0, 0.5, -2.0]), 0.7)],
    "agm": [(1.3, 0.6)],
    "chebyshev": [(5, 0.3)],
    "local_recursion": [(0.7,)],
}
