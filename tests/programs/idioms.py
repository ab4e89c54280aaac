"""Functional style, control flow, arguments and texts, as people write them."""

# ruff: noqa

import functools
import itertools
import math
import operator
from collections import defaultdict, namedtuple
from functools import partial, reduce
from typing import Callable, Optional

import numpy as np

Point = namedtuple("Point", "x y")
Fit = namedtuple("Fit", ["slope", "intercept", "error"])
CONFIG = {"gain": 0.7, "bias": 0.1, "order": 3}


def compose(*fs):
    return reduce(lambda f, g: lambda x: g(f(x)), fs)


def composed(x, k):
    return compose(math.sin, lambda v: k * v, math.exp)(x)


def compose_two(f, g):
    return lambda x: f(g(x))


def composed_two(x, k):
    h = compose_two(lambda v: v * k, math.sin)
    return h(x) + h(2 * x)


def map_filter_reduce(xs, k):
    squares = map(lambda x: k * x**2, filter(lambda x: x > 0, xs))
    return functools.reduce(operator.add, squares, 0.0)


def partial_application(x, k):
    def poly(a, b, t):
        return a * t**2 + b

    p = partial(poly, k, 1.0)
    return p(x) + partial(poly, b=k, a=2.0)(t=x)


def counter_nonlocal(x, n: int = 3):
    total = 0.0

    def add(v):
        nonlocal total
        total += v
        return total

    for i in range(n):
        add(x**i)
    return total * add(1.0)


def make_polynomial(coeffs):
    def p(t):
        return sum(c * t**i for i, c in enumerate(coeffs))

    return p


def polynomials_multiplied(a, b, t):
    p, q = make_polynomial(a), make_polynomial(b)
    return p(t) * q(t)


def generator_consumed(x, n: int):
    def terms():
        t = 1.0
        for i in range(1, n):
            yield t
            t *= x / i

    return sum(terms())


def itertools_pairs(xs):
    return sum(abs(a - b) for a, b in itertools.combinations(xs, 2)) + math.prod(xs)


def accumulate_prefix(xs):
    return [p * p for p in itertools.accumulate(xs)]


def zip_star(matrix, v):
    return [sum(c * x for c, x in zip(col, v)) for col in zip(*matrix)]


def any_all(xs, limit):
    if any(x > limit for x in xs):
        return sum(min(x, limit) for x in xs)
    if all(x > 0 for x in xs):
        return math.prod(xs)
    return sum(xs)


def dispatch_table(kind: str, x, y):
    table = {"add": lambda: x + y, "mul": lambda: x * y, "pow": lambda: x**y}
    return table[kind]()


def operations_by_name(ops, x, k):
    table = {"scale": lambda v: k * v, "shift": lambda v: v + k, "square": lambda v: v * v}
    for name in ops.split(","):
        x = table[name.strip()](x)
    return x


def lambda_loop(x, ks):
    fs = [lambda v, k=k: k * v + 1 for k in ks]
    for f in fs:
        x = f(x)
    return x


# control flow, arguments
def kwargs_forwarded(x, **options):
    def model(x, scale=1.0, shift=0.0, power=2):
        return scale * x**power + shift

    return model(x, **options)


def call_with_kwargs(x, k):
    return kwargs_forwarded(x, scale=k, power=3) + kwargs_forwarded(k, shift=x)


def varargs_norm(*xs, p=2.0):
    return sum(abs(x) ** p for x in xs) ** (1 / p)


def call_varargs(x, y, z):
    v = [x, y, z]
    return varargs_norm(*v) + varargs_norm(x, *v[1:], p=3.0)


def walrus_newton(a):
    x = a
    n = 0
    while abs(err := x * x - a) > 1e-10 and (n := n + 1) < 50:
        x -= err / (2 * x)
    return x


def walrus_filter(xs):
    return sum(y for x in xs if (y := math.sin(x)) > 0)


def starred_mean(values):
    first, *middle, last = values
    return first * last + sum(middle) / max(len(middle), 1)


def while_else(x, n: int):
    i = 0
    while i < n:
        x = 0.5 * x + 1.0
        if x > 1.9:
            x = x * 10
            break
        i += 1
    else:
        x = -x
    return x


def for_else_search(xs, target):
    for i, x in enumerate(xs):
        if x >= target:
            found = x * i
            break
    else:
        found = sum(xs)
    return found * target


def early_return_loops(m, limit):
    total = 0.0
    for row in m:
        for v in row:
            if v < 0:
                return total
            total += v**2
            if total > limit:
                return limit + 0.1 * total
    return -total


def try_guard(x, y):
    try:
        r = x / y
    except ZeroDivisionError:
        r = 0.0
    return r + x


def checked_log(x):
    if x <= 0:
        raise ValueError("x must be positive")
    return math.log(x)


def try_log(xs):
    total = 0.0
    for x in xs:
        try:
            total += checked_log(x)
        except ValueError:
            total -= 1.0
            continue
    return total


def try_finally(x):
    calls = []
    try:
        y = math.exp(x)
        calls.append("ok")
    finally:
        calls.append("done")
    return y * len(calls)


def try_key(params, x):
    try:
        k = params["missing"]
    except KeyError:
        k = params["k"]
    return k * x


def safe_div(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return a * 1e3


def try_in_helper(x, ys):
    return sum(safe_div(x, y) for y in ys)


def try_else(x):
    try:
        if x < 0:
            raise ValueError
        y = math.sqrt(x)
    except ValueError:
        y = -x
    else:
        y = y + 1.0
    return y * y


def validated(x, n: int = 3, mode: Optional[str] = None):
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    if not isinstance(x, (int, float, np.ndarray)):
        raise TypeError("x")
    assert n < 100, f"too large: {n}"
    mode = mode or "sum"
    out = 0.0
    for i in range(n):
        out += x**i / math.factorial(i)
    return out if mode == "sum" else out / n


def match_shape(shape, a, b):
    match shape:
        case "circle":
            return math.pi * a**2
        case "rectangle" | "box":
            return a * b
        case _:
            return 0.5 * a * b


def match_commands(commands, x):
    for c in commands:
        match c:
            case ("add", v):
                x = x + v
            case ("mul", v):
                x *= v
            case ("pow", n) if n > 1:
                x = x**n
            case _:
                pass
    return x


def shadowed_builtins(x):
    sum = 0.0
    for max in (1, 2, 3):
        sum += x**max
    return sum


def global_config(x):
    y = CONFIG["bias"]
    for i in range(CONFIG["order"]):
        y += CONFIG["gain"] ** i * x**i
    return y


def chained(x, y):
    a = b = x * y
    a += 1
    c = d = [a, b]
    d[0] *= 2
    return c[0] + b


def swap_rows(m):
    m = [list(r) for r in m]
    m[0], m[1] = m[1], m[0]
    m[0][0], m[1][1] = m[1][1], m[0][0]
    return m[0][0] * 2 + m[0][1] * 3 + m[1][0]


def local_function_default(x, scale=2.0):
    def f(v, s=scale):
        return v * s

    scale = 10.0
    return f(x) + f(x, scale) + f(x, s=x)


def inner_recursive(xs):
    def go(i, acc):
        if i == len(xs):
            return acc
        return go(i + 1, acc * xs[i] + 1)

    return go(0, 1.0)


def string_flags(x, flags="abs,square"):
    steps = flags.split(",")
    if "abs" in steps:
        x = abs(x)
    if "square" in steps:
        x = x**2
    label = f"{x:.3f}"
    assert len(label) > 0
    return x + 1 if label.startswith("0") else x


def ternary_chain(x):
    return -x if x < -1 else x**2 if x < 1 else math.sqrt(x)


def bool_arith(x, y):
    return (x > y) * x + (x <= y) * y**2


def optional_bias(x, w, b=None):
    y = x * w
    if b is not None:
        y = y + b
    return y


def tuple_state_loop(x, k):
    state = (x, 0.0, 0)
    while state[2] < 4:
        pos, vel, n = state
        state = (pos + 0.1 * vel, vel - 0.1 * k * pos, n + 1)
    return state[0] * state[1]


def multiple_returns(xs):
    lo, hi, total = xs[0], xs[0], 0.0
    for x in xs:
        lo, hi, total = min(lo, x), max(hi, x), total + x
    return {"range": hi - lo, "mean": total / len(xs)}


def print_progress(x, n: int = 3, verbose=False):
    for i in range(n):
        x = x - 0.1 * (x**2 - 2)
        if verbose:
            print("step", i, "x =", x)
    return x


S = [0.3, 1.2, -0.7, 0.9]
TREE = (1.0, [(0.5, []), (2.0, [(0.3, []), (0.8, [])])])
BIN = ((None, 0.5, None), 1.0, ((None, 2.0, None), 0.3, None))
CASES = {
    "composed": [(0.7, 0.3)],
    "composed_two": [(0.7, 0.3)],
    "map_filter_reduce": [(S, 0.3)],
    "partial_application": [(0.7, 0.3)],
    "counter_nonlocal": [(0.7,)],
    "polynomials_multiplied": [([1.0, 2.0], [0.5, 0.3, 0.2], 0.7)],
    "generator_consumed": {"args": [(0.7, 5)], "wrt": "x", "expect": "any"},
    "itertools_pairs": [(S,)],
    "accumulate_prefix": [(S,)],
    "zip_star": [([[1.0, 2.0], [0.3, 0.4]], [0.5, 0.7])],
    "any_all": [(S, 1.0), (S, 3.0)],
    "dispatch_table": {"args": [("mul", 1.2, 0.7), ("pow", 1.2, 0.7)], "wrt": ("x", "y")},
    "operations_by_name": {"args": [("scale, shift,square", 1.2, 0.7)], "wrt": ("x", "k")},
    "lambda_loop": [(0.7, S)],
    "call_with_kwargs": [(0.7, 0.3)],
    "call_varargs": [(0.7, 0.3, 1.1)],
    "walrus_newton": {"args": [(2.0,)], "tolerance": 1e-6},
    "walrus_filter": [(S,)],
    "starred_mean": [(S,)],
    "while_else": [(0.5, 3), (1.0, 6)],
    "for_else_search": [(S, 0.5), (S, 5.0)],
    "early_return_loops": [
        ([[1.0, 2.0], [-0.3, 0.4]], 10.0),
        ([[1.0, 2.0], [0.3, 0.4]], 3.0),
        ([[1.0, 2.0], [0.3, 0.4]], 30.0),
    ],
    "try_guard": [(1.2, 0.7)],
    "try_log": [(S,)],
    "try_finally": [(0.7,)],
    "try_key": [({"k": 0.7}, 1.2)],
    "try_in_helper": [(0.7, S)],
    "try_else": [(0.7,), (-0.7,)],
    "validated": [(0.7,), (0.7, 4, "mean")],
    "match_shape": {"args": [("circle", 1.2, 0.7), ("box", 1.2, 0.7), ("tri", 1.2, 0.7)], "wrt": ("a", "b")},
    "match_commands": {"args": [([("add", 1.0), ("mul", 2.0), ("pow", 2), ("nop",)], 0.7)], "wrt": "x"},
    "shadowed_builtins": [(0.7,)],
    "global_config": [(0.7,)],
    "chained": [(0.7, 0.3)],
    "swap_rows": [([[1.0, 2.0], [0.3, 0.4]],)],
    "local_function_default": [(0.7,)],
    "inner_recursive": [(S,)],
    "string_flags": [(-0.7,)],
    "ternary_chain": [(-2.0,), (0.5,), (2.0,)],
    "bool_arith": [(0.7, 0.3), (0.3, 0.7)],
    "optional_bias": [(0.7, 0.3), (0.7, 0.3, 0.5)],
    "tuple_state_loop": [(0.7, 0.3)],
    "multiple_returns": [(S,)],
    "print_progress": [(0.7,)],
}
for (
    _name
) in (
    "composed counter_nonlocal generator_consumed lambda_loop call_with_kwargs match_commands".split()
):  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
