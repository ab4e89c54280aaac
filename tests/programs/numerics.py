"""Root finding, quadrature, interpolation, series: the classics of numerical analysis."""

# ruff: noqa

import math
from math import cos, sin

import numpy as np


def horner(coefficients, x):
    y = 0.0
    for c in coefficients:
        y = y * x + c
    return y


def newton(x, a):
    for _ in range(20):
        f = x**3 - a * x - 1
        if abs(f) < 1e-14:
            break
        x = x - f / (3 * x**2 - a)
    return x


def bisection(a, b, target, n: int = 6):
    lo, hi = a, b
    for _ in range(n):
        mid = 0.5 * (lo + hi)
        if mid**3 + mid < target:
            lo = mid
        else:
            hi = mid
    return 0.5 * (lo + hi)


def secant(x0, x1, k):
    f0, f1 = sin(x0) - k * x0, sin(x1) - k * x1
    for i in range(4):
        x2 = x1 - f1 * (x1 - x0) / (f1 - f0)
        x0, f0 = x1, f1
        x1, f1 = x2, sin(x2) - k * x2
    return x1


def trapezoid(a, b, n: int = 8):
    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h


def f(t):
    return sin(t) * math.exp(-0.3 * t)


def simpson_array(y, h):
    n = len(y) - 1
    odd = 0.0
    even = 0.0
    for i in range(1, n, 2):
        odd += y[i]
    for i in range(2, n, 2):
        even += y[i]
    return h / 3 * (y[0] + 4 * odd + 2 * even + y[n])


def trapezoid_array(x, y):
    return np.sum((x[1:] - x[:-1]) * (y[1:] + y[:-1])) / 2


def lagrange(xs, ys, t):
    total = 0.0
    for i in range(len(xs)):
        basis = 1.0
        for j in range(len(xs)):
            if j != i:
                basis *= (t - xs[j]) / (xs[i] - xs[j])
        total += ys[i] * basis
    return total


def divided_differences(xs, ys, t):
    n = len(xs)
    c = ys.copy()
    for k in range(1, n):
        for i in range(n - 1, k - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (xs[i] - xs[i - k])
    value = c[-1]
    for i in range(n - 2, -1, -1):
        value = value * (t - xs[i]) + c[i]
    return value


def linear_interpolation(xs, ys, t):
    i = 0
    while i < len(xs) - 2 and xs[i + 1] < t:
        i += 1
    w = (t - xs[i]) / (xs[i + 1] - xs[i])
    return (1 - w) * ys[i] + w * ys[i + 1]


def taylor_exp(x, tol=1e-12):
    term = 1.0
    total = 1.0
    n = 1
    while abs(term) > tol:
        term *= x / n
        total += term
        n += 1
    return total


def bessel_series(x, order: int = 0):
    total, sign = 0.0, 1
    for k in range(12):
        total += sign * (x / 2) ** (2 * k + order) / (math.factorial(k) * math.factorial(k + order))
        sign = -sign
    return total


def continued_fraction(x, n: int = 8):
    value = 0.0
    for k in range(n, 0, -1):
        value = k * x / (1.0 + value)
    return 1.0 / (1.0 + value)


def fixed_point(x, a):
    old = x + 1.0
    count = 0
    while abs(x - old) > 1e-12 and count < 200:
        old = x
        x = cos(a * x)
        count += 1
    return x


def richardson(x, h):
    table = np.zeros((3, 3))
    for i in range(3):
        table[i, 0] = (f(x + h) - f(x - h)) / (2 * h)
        h /= 2
        for j in range(1, i + 1):
            table[i, j] = table[i, j - 1] + (table[i, j - 1] - table[i - 1, j - 1]) / (4**j - 1)
    return table[2, 2]


def power_iteration(m, v, n: int = 5):
    for _ in range(n):
        v = m @ v
        v = v / np.sqrt(v @ v)
    return v @ m @ v


def conjugate_gradient(a, b):
    x = np.zeros_like(b)
    r = b - a @ x
    p = r
    rs = r @ r
    for _ in range(2):
        ap = a @ p
        alpha = rs / (p @ ap)
        x = x + alpha * p
        r = r - alpha * ap
        new = r @ r
        p = r + (new / rs) * p
        rs = new
    return x


def determinant3(m):
    return (
        m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
        - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
        + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0])
    )


def gram_schmidt(m):
    q = m.copy()
    for j in range(q.shape[1]):
        for k in range(j):
            q[:, j] -= (q[:, k] @ q[:, j]) * q[:, k]
        q[:, j] /= np.sqrt(q[:, j] @ q[:, j])
    return q


def monte_carlo_fixed(a, b):
    seed = 42
    total = 0.0
    for _ in range(5):
        seed = (1103515245 * seed + 12345) % 2**31
        u = seed / 2**31
        total += f(a + (b - a) * u)
    return (b - a) * total / 5


def golden_section(a, b, c):
    ratio = (math.sqrt(5) - 1) / 2
    lo, hi = a, b
    x1 = hi - ratio * (hi - lo)
    x2 = lo + ratio * (hi - lo)
    for _ in range(6):
        if (x1 - c) ** 2 < (x2 - c) ** 2:
            hi, x2 = x2, x1
            x1 = hi - ratio * (hi - lo)
        else:
            lo, x1 = x1, x2
            x2 = lo + ratio * (hi - lo)
    return (lo + hi) / 2


def cubic_spline_eval(x, knots, values, slopes):
    for i in range(len(knots) - 1):
        if knots[i] <= x <= knots[i + 1]:
            h = knots[i + 1] - knots[i]
            t = (x - knots[i]) / h
            h00 = 2 * t**3 - 3 * t**2 + 1
            h10 = t**3 - 2 * t**2 + t
            h01 = -2 * t**3 + 3 * t**2
            h11 = t**3 - t**2
            return h00 * values[i] + h10 * h * slopes[i] + h01 * values[i + 1] + h11 * h * slopes[i + 1]
    return 0.0


V4 = np.array([0.1, 0.7, 1.4, 2.2])
U4 = np.array([0.7, -0.2, 1.4, 0.9])
M33 = np.array([[4.0, -1.2, 1.1], [-1.2, 3.4, -0.5], [1.1, -0.5, 2.3]])
CASES = {
    "horner": [([1.0, 2.0, -1.5], 0.7), ((1.0, 2.0, -1.5), 0.7), (V4, 1.3)],
    "newton": [(2.0, 2.5)],
    "bisection": [(0.0, 2.0, 1.7)],
    "secant": [(0.8, 1.9, 0.7)],
    "trapezoid": [(0.1, 2.0)],
    "simpson_array": [(np.array([0.1, 0.7, 1.4, 2.2, 0.5]), 0.25)],
    "trapezoid_array": [(V4, U4)],
    "lagrange": [(V4, U4, 1.1), ([0.0, 1.0], [0.5, 0.3], 0.2)],
    "divided_differences": [(V4, U4, 1.1)],
    "linear_interpolation": [(V4, U4, 1.1), (V4, U4, -0.5), (V4, U4, 3.0)],
    "taylor_exp": {"args": [(0.9,)], "wrt": ("x",)},
    "bessel_series": [(1.3,), (1.3, 1)],
    "continued_fraction": [(0.7,)],
    "fixed_point": [(0.5, 0.8)],
    "richardson": [(0.5, 0.4)],
    "power_iteration": [(M33, V4[1:])],
    "conjugate_gradient": [(M33, V4[1:])],
    "determinant3": [(M33,)],
    "gram_schmidt": [(M33,)],
    "monte_carlo_fixed": [(0.1, 1.2)],
    "golden_section": [(0.1, 2.2, 1.3)],
    "cubic_spline_eval": [(1.1, V4, U4, V4 * 0.3), (5.0, V4, U4, V4 * 0.3)],
}
