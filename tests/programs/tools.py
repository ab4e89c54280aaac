"""Decorators, functools, contexts, functions in containers."""

# ruff: noqa

import contextlib
import functools
import math
import time
from functools import lru_cache, partial, reduce

import numpy as np


def functions_in_tuples(x):
    total = 0.0
    for f, w in [(np.sin, 1.0), (np.cos, 2.0)]:
        total += w * f(x)
    return total


TERMS = [(math.sin, 0.5), (math.exp, 0.1), (lambda v: v**3, 2.0)]


def functions_in_global_tuples(x):
    return sum(w * f(x) for f, w in TERMS)


def functions_in_tuple_enumerated(x):
    y = x
    for i, (f, w) in enumerate(((np.tanh, 0.5), (np.sin, 1.5))):
        y = f(w * y) + i
    return y


def layers_with_activations(x, weights):
    h = x
    for W, act in zip(weights, (np.tanh, relu, identity)):
        h = act(W @ h)
    return h


def relu(v):
    return np.maximum(v, 0.0)


def identity(v):
    return v


def named_functions(x, name: str = "sq"):
    table = {"sq": lambda v: v * v, "cube": lambda v: v**3, "sin": math.sin}
    return table[name](x) + table["cube"](x)


def dict_of_functions_loop(x):
    table = {"a": math.sin, "b": math.cos}
    out = {}
    for key, f in table.items():
        out[key] = f(x) * x
    return out


def pipeline(x):
    steps = [np.sin, square, np.exp]
    for step in steps:
        x = step(x)
    return x


def square(v):
    return v * v


def timed(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        elapsed = time.perf_counter() - start
        LOG.append(elapsed)
        return result

    return wrapper


LOG = []


@timed
def slow_square(v):
    return v * v * 2.0


def uses_timed(x):
    return slow_square(x) + slow_square(v=x * 2)


def scaled(factor):
    def decorate(fn):
        @functools.wraps(fn)
        def inner(*args):
            return factor * fn(*args)

        return inner

    return decorate


@scaled(3.0)
def affine(a, b):
    return a * b + a


def uses_scaled(x, y):
    return affine(x, y) ** 2


def clipped(fn):
    def inner(v):
        return min(fn(v), 10.0)

    return inner


@clipped
@scaled(2.0)
def cubed(v):
    return v**3


def uses_two_decorators(x):
    return cubed(x) + cubed(x + 1)


@lru_cache(maxsize=None)
def binom(n, k):
    if k == 0 or k == n:
        return 1
    return binom(n - 1, k - 1) + binom(n - 1, k)


def bernstein(x, coeffs):
    n = len(coeffs) - 1
    return sum(c * binom(n, k) * x**k * (1 - x) ** (n - k) for k, c in enumerate(coeffs))


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_series(x):
    return sum(fib(k) * x**k for k in range(8))


@lru_cache
def heavy(x):
    return math.sin(x) * x


def uses_cached_active(x):
    return heavy(x) + heavy(2.0 * x)


def uses_reduce(xs):
    return reduce(lambda a, b: a * b + 1.0, xs, 1.0)


def suppressed(x):
    y = x * 2.0
    with contextlib.suppress(ZeroDivisionError):
        y = y + 1.0 / x
    return y


@contextlib.contextmanager
def section(name):
    print("begin", name)
    yield
    print("end", name)


def user_context(x):
    with section("work"):
        y = x**2
    return y + 1.0


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *exc):
        self.elapsed = time.perf_counter() - self.start
        return False


def timer_context(x):
    with Timer() as t:
        y = np.sum(x**2)
    print(t.elapsed)
    return y


def nullcontext(x):
    with contextlib.nullcontext():
        y = x * x
    return y


def print_options(x):
    with np.printoptions(precision=3):
        print(x)
    return np.sum(x * x)


def try_except_zero(x, y):
    try:
        r = x / y
    except ZeroDivisionError:
        r = 0.0
    return r * x


def key_error(params, x):
    try:
        w = params["w"]
    except KeyError:
        w = 1.0
    return w * x


def apply_n(x, n: int = 3):
    return repeat(square_root_step, x, n)


def repeat(f, x, n):
    for _ in range(n):
        x = f(x)
    return x


def square_root_step(v):
    return 0.5 * (v + 2.0 / v)


def returns_closure(x, y):
    f = make_line(x, y)
    return f(1.0) + f(2.0)


def make_line(a, b):
    def line(t):
        return a * t + b

    return line


def numeric_derivative(x):
    return central(lambda t: t**3 * math.sin(t), x)


def central(f, x, h=1e-2):
    return (f(x + h) - f(x - h)) / (2 * h)


def nested_lambda(x):
    return (lambda a: (lambda b: a * b + x)(a + 1))(x)


def operator_module(x, y):
    import operator

    ops = {"+": operator.add, "*": operator.mul}
    return ops["+"](x, y) * ops["*"](x, y)


def rpn(x, y):
    stack = []
    for token in "x y * 2 + x -".split():
        if token in "+-*":
            b = stack.pop()
            a = stack.pop()
            if token == "+":
                stack.append(a + b)
            elif token == "-":
                stack.append(a - b)
            else:
                stack.append(a * b)
        elif token == "x":
            stack.append(x)
        elif token == "y":
            stack.append(y)
        else:
            stack.append(float(token))
    return stack.pop()


V3 = np.array([0.4, 1.3, -2.2])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
CASES = {
    "functions_in_tuples": [(0.7,), (V3,)],
    "functions_in_global_tuples": [(0.7,)],
    "functions_in_tuple_enumerated": [(0.7,)],
    "layers_with_activations": [(V3, [M33, M33 + 0.1, M33.T])],
    "named_functions": [(0.7,), (0.7, "sin")],
    "dict_of_functions_loop": [(0.7,)],
    "pipeline": [(0.7,), (V3,)],
    "uses_timed": [(0.7,)],
    "uses_scaled": [(0.7, 1.2)],
    "uses_two_decorators": [(0.7,)],
    "bernstein": [(0.7, [1.0, 2.0, 0.5])],
    "fib_series": [(0.7,)],
    "uses_cached_active": {
        "args": [(0.7,)],
        "truth": [[math.cos(0.7) * 0.7 + math.sin(0.7) + 2 * (math.cos(1.4) * 1.4 + math.sin(1.4))]],
    },
    "uses_reduce": [([0.7, 1.2, 0.3],)],
    "suppressed": [(0.7,)],
    "user_context": [(0.7,)],
    "timer_context": [(V3,)],
    "nullcontext": [(0.7,)],
    "print_options": [(V3,)],
    "try_except_zero": [(0.7, 1.2)],
    "key_error": [({"w": 2.0}, 0.7)],
    "apply_n": [(1.7,)],
    "returns_closure": [(0.7, 1.2)],
    "numeric_derivative": [(0.7,)],
    "nested_lambda": [(0.7,)],
    "operator_module": [(0.7, 1.2)],
    "rpn": [(0.7, 1.2)],
}
