"""Functions that are chosen, and closures that assign variables of the function around them."""

# ruff: noqa

import math

import numpy as np

TABLE = {"square": lambda t: t * t, "cube": lambda t: t**3}
STEPS = [np.sin, np.tanh]


def by_condition(x, y, flag=True):
    f = np.sin if flag else np.cos
    return f(x) * y


def by_nested_condition(x, y, kind=1):
    f = np.sin if kind == 1 else (np.cos if kind == 2 else damped)
    return f(x) * f(y) + y


def damped(t):
    return t * math.exp(-t)


def by_branch(x, y, kind="tanh"):
    if kind == "tanh":
        act = np.tanh
    elif kind == "relu":
        act = lambda t: np.maximum(t, 0.0)
    else:
        act = damped
    return act(x * y) + act(y)


def by_dict(x, y, kind="sin"):
    f = {"sin": np.sin, "cos": np.cos, "damped": damped}[kind]
    return f(x) * y


def by_named_dict(x, y, kind="sin"):
    table = {"sin": math.sin, "exp": lambda t: math.exp(t) * y}
    return table[kind](x) * table["sin"](y)


def by_global_dict(x, y, kind="square"):
    return TABLE[kind](x) * y


def by_position(x, y, k: int = 1):
    fs = [math.sin, math.exp]
    return fs[0](x) * fs[k](y)


def at_once(x, y, flag=True):
    return (math.sin if flag else math.cos)(x) * y


def chosen_in_loop(x, n: int = 4):
    for k in range(n):
        f = np.sin if k % 2 == 0 else np.cos
        x = f(x) * 1.5
    return x


def nested_definitions(x, y, flag=True):
    def g(t):
        return t * x

    def h(t):
        return t + x * x

    f = g if flag else h
    return f(y) + f(x)


def loop_over_functions(x, y):
    s = x
    for f in (np.sin, np.tanh, damped):
        s = f(s) * y
    return s


def loop_over_global(x, y):
    for step in STEPS:
        x = step(x) + y
    return x


def sum_over_functions(x, y):
    return sum(f(x) for f in (math.sin, math.cos)) * y


def list_over_functions(x, y):
    v = [f(x * y) for f in [math.sin, math.exp]]
    return v[0] * v[1]


def accumulator(x, y):
    total = 0.0

    def add(v):
        nonlocal total
        total = total + v * x

    add(x)
    add(y)
    return total * y


def counter(x, y):
    n = 0

    def scaled(t):
        nonlocal n
        n += 1
        return t * x * n

    return scaled(y) + scaled(x)


def accumulates_in_loop(xs, k):
    best, total = 0.0, 1.0

    def step(v):
        nonlocal best, total
        if v > best:
            best = v
            return
        total *= 1.0 + k * v

    for v in xs:
        step(v)
    return best * total


def reader_and_writer(x, y):
    state = x

    def advance(dt):
        nonlocal state
        state = state + dt * y * state

    def energy():
        return 0.5 * state * state

    for _ in range(3):
        advance(0.1)
    return energy()


CASES = {
    "by_condition": [(0.7, 1.2), (0.7, 1.2, False)],
    "by_nested_condition": [(0.7, 1.2), (0.7, 1.2, 2), (0.7, 1.2, 3)],
    "by_branch": [(0.7, 1.2), (0.7, 1.2, "relu"), (0.7, 1.2, "damped")],
    "by_dict": [(0.7, 1.2), (0.7, 1.2, "cos"), (0.7, 1.2, "damped")],
    "by_named_dict": [(0.7, 1.2), (0.7, 1.2, "exp")],
    "by_global_dict": [(0.7, 1.2), (0.7, 1.2, "cube")],
    "by_position": [(0.7, 1.2), (0.7, 1.2, 0), (0.7, 1.2, -1)],
    "at_once": [(0.7, 1.2), (0.7, 1.2, False)],
    "chosen_in_loop": [(0.7,)],
    "nested_definitions": [(0.7, 1.2), (0.7, 1.2, False)],
    "loop_over_functions": [(0.7, 1.2)],
    "loop_over_global": [(0.7, 1.2)],
    "sum_over_functions": [(0.7, 1.2)],
    "list_over_functions": [(0.7, 1.2)],
    "accumulator": [(0.7, 1.2)],
    "counter": [(0.7, 1.2)],
    "accumulates_in_loop": [([0.4, 0.2, 1.3, 0.7], 0.3)],
    "reader_and_writer": [(0.7, 1.2)],
}
