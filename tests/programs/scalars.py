"""Formulas: what fits in a few lines of arithmetic."""

# ruff: noqa

import math
from math import cos, exp, pi, sin, sqrt

import numpy as np

GRAVITY = 9.81
EPS = 1e-12


def classic(x1: float, x2: float):
    w3 = x1 * x2
    w4 = sin(x1)
    w5 = w3 + w4
    return w5


def classic_plain(x1, x2):
    w3 = x1 * x2
    w4 = sin(x1)
    w5 = w3 + w4
    return w5


def one_liner(x):
    return x * x * exp(-x) + 1.0 / (1.0 + x)


def rosenbrock(x, y, a=1.0, b=100.0):
    """Rosenbrock's banana.

    The minimum is at (a, a**2).
    """
    # the usual two terms
    first = (a - x) ** 2
    second = b * (y - x**2) ** 2  # steep

    return first + second


def powers(x, y):
    a = x**3
    b = x**y
    c = 2.0**y
    d = x**-2
    e = x**0.5
    return a + b * c - d / e + x**0 + x**1


def all_operators(x, y):
    a = +x - -y
    a += x * y
    a -= x / y
    a *= 1.5
    a /= 2.0
    a **= 2
    b = x // 1.0
    c = x % 2.0
    d = 7.5 % y
    return a + b * x + c * y + d


def floor_mod(t, period):
    n = t // period
    phase = t % period
    return n + phase * phase


def distance(x1, y1, x2, y2):
    dx = x2 - x1
    dy = y2 - y1
    return math.sqrt(dx**2 + dy**2)


def projectile_range(speed: float, angle: float, height: float = 2.0) -> float:
    """Return where a projectile lands."""
    vx = speed * cos(angle)
    vy = speed * sin(angle)
    assert vx > 0, "shoots backwards"
    flight = (vy + sqrt(vy * vy + 2 * GRAVITY * height)) / GRAVITY
    return vx * flight


def normal_pdf(x, mu=0.0, sigma=1.0):
    z = (x - mu) / sigma
    return exp(-0.5 * z * z) / (sigma * sqrt(2 * pi))


def reused_name(x):
    y = x
    y = y * y + x
    y = sin(y) * y
    x = y - x
    y = x * y
    return y


def swap(a, b):
    a, b = b, a
    a = a * 2.0
    b, a = a - b, a * b
    return a - 3 * b


def chained_assignment(x):
    a = b = x * x
    a = a + 1.0
    c = d = e = a * b
    d = d * x
    return c + d * e


def nested_targets(x, y):
    (a, b), c = (x * y, x + y), x - y
    [d, e] = [a * c, b]
    return d * e + a


def starred_targets(x, y, z):
    first, *middle, last = x * y, y * z, z * x, x
    *rest, tail = middle
    return first * middle[0] + middle[1] * last + rest[0] * tail


def annotated_locals(x: float) -> float:
    y: float = x * x
    z: float
    z = y + 1
    count: int = 3
    return z * count


def ternaries(x, y):
    big = x if x > y else y
    sign = 1.0 if x > 0 else (-1.0 if x < 0 else 0.0)
    return big * big * sign + (x * y if x * y < 10 else 10 * x)


def walrus(x):
    if (y := x * x) > 1.0:
        return y * x
    return (z := y + 1.0) * z


def logic(x, y):
    positive = x > 0 and y > 0
    between = 0 < x < 3 <= y + 3
    if positive and not (x > 10 or between and y > 5):
        return x * y
    return x - y


def value_or_default(x, y):
    z = x and y
    w = (x - x) or y
    return z * 2.0 + w * x


def many_math(x):
    a = math.tan(x) + math.asin(x) + math.acos(x) + math.atan(x)
    b = math.sinh(x) * math.cosh(x) - math.tanh(x)
    c = math.exp(x) + math.expm1(x) + math.log(x) + math.log1p(x) + math.log2(x) + math.log10(x)
    d = math.sqrt(x) + math.fabs(x - 1.0) + math.hypot(x, 2.0) + math.atan2(x, 0.3) + math.pow(x, 2.5)
    return a * b + c / d + math.floor(10 * x) + math.ceil(x)


def many_numpy(x):
    a = np.tan(x) + np.arcsin(x) + np.arccos(x) + np.arctan(x)
    b = np.sinh(x) * np.cosh(x) - np.tanh(x)
    c = np.exp(x) + np.expm1(x) + np.log(x) + np.log1p(x) + np.log2(x) + np.log10(x)
    d = np.sqrt(x) + np.cbrt(x) + np.square(x) + np.abs(x - 1) + np.fabs(x) + np.power(x, 3)
    e = np.hypot(x, 2.0) + np.arctan2(x, 0.3) + np.maximum(x, 0.1) + np.minimum(x, 0.2) + np.clip(x, 0.0, 1.0)
    return a * b + c / d + e * np.sign(x) + np.floor(x) + np.ceil(x) + np.where(x > 0, x * x, -x)


def builtins_on_floats(x, y):
    biggest = max(x, y, 0.5)
    smallest = min(x, y)
    total = sum([x, y, x * y])
    return abs(x - y) * biggest + smallest * total + pow(x, 3) + pow(x, y) + float(x)


def integers_are_exact(n, x):
    half = n / 2
    return half * x + n * n


def names_like_generated(x, dx, x_bar, dx_, x_tape, y_bar=2.0):
    dy = dx * x
    taken = x_bar * x_tape
    y = dy + taken * dx_
    dx = y * y_bar
    trips = dx * x
    t = trips + x_bar
    return t * taken


def np_shadowed(np, x):
    """Here `np` is a number."""
    math = np * x
    sin = math + 1.0
    return sin * np


def local_import(x):
    import math as m
    from math import cosh as ch

    return m.sin(x) * ch(x)


def constants_fold(x):
    scale = 2 * pi / 180
    zero = 0
    one = 1.0
    return one * x * scale + zero * x + (x + zero) / one - (-(-x))


def unused_and_dead(x, y):
    waste = y * 3.0
    waste = waste + x
    keep = x * 2.0
    if False:
        keep = keep * y
    return keep * x


def returns_input(x):
    return x


def returns_constant(x):
    y = x * 2.0
    return 3.0


def five_hundred_terms(x):
    return (
        x + x * 2.0 + x * 3.0 + x**2 + x**3 + sin(x) + sin(2 * x) + sin(3 * x) + sin(4 * x) + cos(x) + cos(2 * x)
        + cos(3 * x) + exp(x) + exp(2 * x) + exp(3 * x) + 1 / x + 2 / x + 3 / x + sqrt(x) + sqrt(2 * x) + sqrt(3 * x)
    )  # fmt: skip


def deep_parentheses(x):
    return ((((((((x + 1.0) * x + 2.0) * x + 3.0) * x + 4.0) * x + 5.0) * x + 6.0) * x + 7.0) * x + 8.0) * x


def lens(x: "float", f=2.5, *, power=2, offset=0.0):
    magnification = f / (x - f)
    return magnification**power + offset * x


def gamma_correct(c, gamma=2.4):
    linear = c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** gamma
    return 255.0 * linear


def discriminant_root(a, b, c):
    disc = b * b - 4 * a * c
    if disc < 0:
        raise ValueError("no real root")
    root = math.sqrt(disc)
    return (-b + root) / (2 * a), (-b - root) / (2 * a)


# fmt: off
def semicolons(x):
    a = x * 2; b = a * x; c = b - a  # noqa: E702
    if c > 0: c = c * c  # noqa: E701
    return c


def line_continuation(x, y):
    total = x * y \
        + x / y \
        - (
            # inner
            y ** 2
        )
    return total
# fmt: on


CASES = {
    "classic": [(1.3, 0.7), (-2.0, 4.0)],
    "classic_plain": [(1.3, 0.7)],
    "one_liner": [(0.8,), (-0.3,)],
    "rosenbrock": [(0.8, 1.2), (-0.3, 0.5, 1.5), (0.5, 0.4, 2.0, 10.0)],
    "powers": [(1.3, 0.7), (2.0, 3.0)],
    "all_operators": [(1.3, 0.7), (3.7, -2.2)],
    "floor_mod": [(7.3, 2.1), (-3.4, 0.9)],
    "distance": [(0.0, 1.0, 3.0, -2.5)],
    "projectile_range": [(20.0, 0.6), (5.0, 1.1, 0.3)],
    "normal_pdf": [(0.4,), (0.4, 0.1, 2.0)],
    "reused_name": [(0.9,)],
    "swap": [(1.5, -0.4)],
    "chained_assignment": [(1.2,)],
    "nested_targets": [(1.2, 0.4)],
    "starred_targets": [(1.2, 0.4, -2.0)],
    "annotated_locals": [(1.7,)],
    "ternaries": [(1.2, 0.4), (-1.2, -3.0), (5.0, 4.0)],
    "walrus": [(1.5,), (0.5,)],
    "logic": [(1.5, 2.0), (-1.0, 2.0), (1.0, 7.0)],
    "value_or_default": [(1.5, 2.0)],
    "many_math": [(0.37,)],
    "many_numpy": [(0.37,)],
    "builtins_on_floats": [(1.7, 0.9), (0.3, 0.4)],
    "integers_are_exact": [(3, 1.5), (3.0, 2)],
    "names_like_generated": [(1.1, 0.7, -0.4, 0.9, 1.6)],
    "np_shadowed": [(1.1, 0.7)],
    "local_import": [(0.6,)],
    "constants_fold": [(0.6,)],
    "unused_and_dead": [(0.6, 1.2)],
    "returns_input": [(0.6,)],
    "returns_constant": [(0.6,)],
    "five_hundred_terms": [(0.6,)],
    "deep_parentheses": [(0.6,)],
    "lens": {"args": [(4.0,), (4.0, 1.5)], "kwargs": [{}, {"power": 3, "offset": 0.5}]},
    "gamma_correct": [(0.5,), (0.01,)],
    "discriminant_root": [(1.0, -3.0, 0.5)],
    "semicolons": [(1.5,), (0.4,)],
    "line_continuation": [(1.5, 0.8)],
}
