"""Nested functions, lambdas and closures over active values."""

# ruff: noqa

import math

import numpy as np


def nested_function(x):
    def square(t):
        return t * t

    return square(x) + square(x + 1.0)


def closure_over_active(x, y):
    def line(t):
        return x * t + y

    return line(2.0) * line(x)


def lambda_in_variable(x):
    f = lambda t: t * t + x  # noqa: E731
    return f(x) * f(2.0)


def lambda_as_argument(x, a):
    return twice(lambda t: a * math.sin(t) + x, x)


def twice(f, x):
    return f(f(x))


def newton_with_closure(a, n: int = 6):
    """The cube root of a."""

    def residual(t):
        return t**3 - a

    def slope(t):
        return 3 * t**2

    t = 1.0
    for _ in range(n):
        t = t - residual(t) / slope(t)
    return t


def integrate_closure(k, upper):
    def speed(t):
        return k * t * math.exp(-t)

    h = upper / 8
    s = 0.0
    for i in range(8):
        s += h * speed((i + 0.5) * h)
    return s


def default_captures(x):
    def f(t, scale=2.0):
        return scale * t + x

    return f(x) + f(x, scale=3.0)


def nested_twice(x, y):
    def outer(a):
        def inner(b):
            return a * b + y

        return inner(a) + inner(x)

    return outer(x) * outer(y)


def nested_with_branches(x):
    def relu(t):
        if t > 0:
            return t
        return 0.0

    total = 0.0
    for k in range(4):
        total += relu(x - k * 0.3) ** 2
    return total


def closure_array(x):
    def energy(v):
        return np.sum(v * v * x)

    return energy(x + 1.0) * energy(np.ones(3))


def captured_later_rebound(x):
    scale = 2.0

    def f(t):
        return scale * t

    scale = x
    return f(x)


def lambda_default(x):
    g = lambda t, c=2.0: c * t  # noqa: E731
    return g(x) + g(x, c=x)


def immediately_called(x):
    return (lambda t: t**2 + 1.0)(x) * 3.0


def local_helper_with_tuple(x, y):
    def polar(a, b):
        return math.hypot(a, b), math.atan2(b, a)

    r, phi = polar(x, y)
    return r * phi


def rk4_closure(y0, rate, n: int = 5):
    def f(t, y):
        return -rate * y + math.sin(t)

    h = 0.2
    t = 0.0
    y = y0
    for _ in range(n):
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h / 2 * k1)
        k3 = f(t + h / 2, y + h / 2 * k2)
        k4 = f(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t = t + h
    return y


V3 = np.array([0.4, -1.3, 2.2])


def named_again_and_recursive(x, y):
    def g(v):
        return v * x

    s = g(y)
    if s > 0:

        def g(n):
            return y if n <= 0 else s * g(n - 1) + 1

        s = g(2)
    return s


def named_again_behind_who_calls_it(x, y):
    def g(v):
        return v * x

    def h(v):
        return g(v) * 2

    def g(v):
        return v * y

    return h(2.0)


def old_one_called_by_the_new(x, y):
    def g(v):
        return v * x

    old = g

    def g(v):
        return old(v) * y

    return g(2.0)


def over_the_keys_of_functions(x, y):
    table = {"a": lambda v: v * x, "b": np.sin}
    s = y
    for k in table:
        s = table[k](s)
    return s + sum([table[k](y) for k in table])


def over_functions_until(x, y):
    s = y
    steps = [lambda v: v * x, np.sin]
    for step in steps:
        if s > 1:
            break
        s = step(s)
    return s


def read_before_a_call_that_writes(v: np.ndarray, n: float):
    k = n

    def inner(p):
        nonlocal k
        k = k * 2
        v[1:] = v[1:] * k
        return v[0] * p

    a = v[2] * v.sum() + inner(n) * v.sum()
    return a * v * k


def star_before_a_call_that_writes(v: np.ndarray, n: float):
    def inner(p):
        v[1:] = np.tanh(v[1:] * p)
        return v[1]

    def total(*given):
        s = 0.0
        for a in given:
            s = s + a
        return s

    return total(*v, inner(n)) * v


def place_read_before_the_call(x, y):
    v = x * 1.0
    c = 0.0

    def g():
        nonlocal c
        c += 1.0
        v[0] = v[0] * y
        return y * c

    v[0] += g()
    v[1:] *= g()
    v += g()
    return v * c


def entry_read_before_the_call(x, y: float):
    d = {"a": x[0]}
    c = y

    def g():
        nonlocal c
        c += d["a"]
        d["a"] = d["a"] * y
        return c

    d["a"] += g()
    return d["a"] * c


def variable_bound_by_the_call(x, y):
    v = x * 1.0
    w = v

    def g():
        nonlocal v
        v = v * y
        return y

    v[0] += g()
    return v * w


CASES = {
    "named_again_and_recursive": [(0.7, 0.8)],
    "named_again_behind_who_calls_it": {"args": [(0.7, 0.8)], "expect": "any"},
    "old_one_called_by_the_new": [(0.7, 0.8)],
    "over_the_keys_of_functions": [(0.7, 0.8)],
    "over_functions_until": [(0.7, 0.8)],
    "nested_function": [(0.7,)],
    "closure_over_active": [(0.7, 1.3)],
    "lambda_in_variable": [(0.7,)],
    "lambda_as_argument": [(0.7, 1.3)],
    "newton_with_closure": [(2.7,)],
    "integrate_closure": [(0.7, 1.3)],
    "default_captures": [(0.7,)],
    "nested_twice": [(0.7, 1.3)],
    "nested_with_branches": [(0.7,)],
    "closure_array": [(V3,)],
    "captured_later_rebound": [(0.7,)],
    "lambda_default": [(0.7,)],
    "immediately_called": [(0.7,)],
    "local_helper_with_tuple": [(0.7, 1.3)],
    "rk4_closure": [(0.7, 1.3)],
    "place_read_before_the_call": [(V3, 1.7)],
    "entry_read_before_the_call": [(V3, 1.7)],
    "variable_bound_by_the_call": {"args": [(V3, 1.7)], "expect": "any"},
}
for _name in ("read_before_a_call_that_writes", "star_before_a_call_that_writes"):
    CASES[_name] = [(np.array([1.8937, -1.1663, -1.7863]), 0.7)]
