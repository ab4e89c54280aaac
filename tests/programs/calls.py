"""Calls between functions: later in the file, in siblings, with every kind of argument."""

# ruff: noqa

import math
from functools import reduce

import numpy as np

from tests.programs.helpers import leaky, softplus as sp

from . import helpers
from . import helpers as h
from .helpers import LEAK, split_sum_product, weighted

FACTOR = 3.0
TABLE = {"a": 1.5, "b": -0.5}
OFFSETS = [0.1, 0.2, 0.3]


def calls_later(x, y):
    return later(x, y) * later(y, x)


def later(a, b):
    return a**2 + FACTOR * b


def calls_sibling(x):
    return sp(x) + leaky(-x) * helpers.softplus(2 * x) + h.LEAK * x + LEAK


def calls_sibling_arrays(x):
    return weighted(x * x) + h.weighted(np.sin(x))


def sibling_calls_its_own(x):
    return h.compose_here(x) * x


def sibling_writes(x):
    y = x.copy()
    h.scale_in_place(y, 2.0)
    helpers.scale_in_place(y, y[0])
    return y


def tuple_results(x, y):
    s, p = split_sum_product(x, y)
    q, _ = split_sum_product(s, p)
    both = split_sum_product(q, x)
    return both[0] * both[1]


def keyword_arguments(x, y):
    a = affine(x, slope=y)
    b = affine(x=y, slope=x, offset=a)
    c = affine(y, offset=b, slope=2.0)
    return a * b + c


def affine(x, slope=1.0, offset=0.0):
    return slope * x + offset


def default_arguments(x):
    return affine(x) + affine(x, 2.0) + affine(x, offset=x)


def keyword_only(x, y):
    return power_mean(x, y, p=3.0) + power_mean(x, y)


def power_mean(a, b, *, p=2.0):
    return ((a**p + b**p) / 2) ** (1 / p)


def starred_parameters(x, y, z):
    return add_all(x, y * z, z) + add_all() + add_all(x)


def add_all(*terms):
    s = 0.0
    for t in terms:
        s += t * t
    return s


def starred_call(p):
    return later(*p) + later(*p[::-1])


def starred_call_tuple(x, y):
    pair = (x * y, y)
    return later(*pair) * affine(*(x, y), offset=1.0)


def mixed_star(x, y):
    return first_and_rest(x, y, x * y, scale=2.0)


def first_and_rest(first, *rest, scale=1.0):
    total = first
    for i, r in enumerate(rest):
        total = total + scale * r * (i + 1)
    return total * rest[0]


def own_varargs(x, *ys):
    s = x
    for y in ys:
        s = s * x + y
    return s


def own_keyword_only(x, *, rate, shift=0.5):
    return math.exp(-rate * x) + shift


def function_argument(x):
    return apply_twice(square_plus, x) + apply_twice(math.sin, x) + apply_twice(helpers.softplus, x)


def apply_twice(f, x):
    return f(f(x))


def square_plus(x):
    return x * x + 0.1


def function_in_variable(x, cold=True):
    f = math.exp
    g = square_plus
    return f(x) * g(x)


def integrate_function(a, b, n: int = 6):
    return simpson_rule(integrand, a, b, n)


def simpson_rule(f, a, b, n):
    hh = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        s += (4 if i % 2 else 2) * f(a + i * hh)
    return s * hh / 3


def integrand(t):
    return math.exp(-t * t) * t


def nested_calls(x):
    return square_plus(later(square_plus(x), affine(square_plus(x), 2.0)))


def call_in_loop(x, n: int = 4):
    for i in range(n):
        x = affine(x, 0.9, offset=i * 0.1)
        if later(x, 1.0) > 8:
            return square_plus(x)
    return x


def call_in_condition(x):
    if square_plus(x) > 1:
        return x * square_plus(x)
    while affine(x, 2.0) < 3:
        x = x + square_plus(x) + 0.1
    return x


def call_in_comparison_chain(x, y):
    return x if 0 < affine(x, y) < 10 else y


def constant_call(x, n: int = 4):
    return x * factorial(n) + binomial(5, 2) * x**2


def factorial(n):
    r = 1
    for i in range(2, n + 1):
        r *= i
    return r


def binomial(n, k):
    return factorial(n) // (factorial(k) * factorial(n - k))


def partly_active_call(x):
    return later(x, 2.0) + later(2.0, x) + later(1.0, 2.0)


def arrays_and_floats_same_helper(x, v):
    return square_plus(x) * np.sum(square_plus(v))


def helper_result_unused(x):
    square_plus(x)
    return x * 2


def helper_without_return(x):
    log_progress(x, 3)
    return x * x


def log_progress(value, step):
    if step > 10:
        print(step, value)


def global_tables(x):
    return TABLE["a"] * x + TABLE["b"] * x**2 + OFFSETS[1] * sum(OFFSETS) + len(OFFSETS) * x


def reduce_with_builtin(x, y):
    return sum([square_plus(v) for v in (x, y)]) + max(square_plus(x), affine(y))


def chain3(x):
    return math.sin(chain2(x)) * 1.1


def chain2(x):
    y = chain1(x)
    return y * y + x


def chain1(x):
    return math.cos(x) + x


def same_name_local(x):
    later = affine(x, 2.0)
    square_plus = later * 2.0
    return square_plus + later


def parameter_shadows_helper(affine, x):
    return affine * x + square_plus(affine)


def returns_call_tuple(x, y):
    return split_sum_product(x * y, x)


V3 = np.array([0.4, -1.3, 2.2])


def squares(x):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x[i] * x[i]
        y[i] = y[i] * x[0]
    return y


def result_of_a_helper(x):
    return squares(x)


def result_of_a_helper_in_a_loop(x, n: int = 2):
    a = x * 2.0
    for i in range(n):
        a = squares(a)
    return a


def results_of_a_helper_in_a_list(x):
    found = []
    for k in range(2):
        found.append(squares(x * (k + 1)))
    return found


CASES = {
    "result_of_a_helper": [(V3,)],
    "result_of_a_helper_in_a_loop": [(V3,)],
    "results_of_a_helper_in_a_list": [(V3,)],
    "calls_later": [(1.2, 0.7)],
    "calls_sibling": [(0.7,)],
    "calls_sibling_arrays": [(V3,)],
    "sibling_calls_its_own": [(0.7,)],
    "sibling_writes": [(V3,)],
    "tuple_results": [(1.2, 0.7)],
    "keyword_arguments": [(1.2, 0.7)],
    "default_arguments": [(1.2,)],
    "keyword_only": [(1.2, 0.7)],
    "starred_parameters": [(1.2, 0.7, 0.3)],
    "starred_call": [((1.2, 0.7),), ([0.3, 0.4],)],
    "starred_call_tuple": [(1.2, 0.7)],
    "mixed_star": [(1.2, 0.7)],
    "own_varargs": {"args": [(1.2, 0.7, 0.3), (1.2,)], "wrt": "x"},
    "own_keyword_only": {"args": [(1.2,)], "kwargs": [{"rate": 0.4}]},
    "function_argument": [(0.7,)],
    "function_in_variable": [(0.7,)],
    "integrate_function": [(0.1, 1.4)],
    "nested_calls": [(0.7,)],
    "call_in_loop": [(0.7,), (2.9,)],
    "call_in_condition": [(1.3,), (0.2,)],
    "call_in_comparison_chain": [(1.3, 0.5), (-1.3, 0.5)],
    "constant_call": [(0.7,)],
    "partly_active_call": [(0.7,)],
    "arrays_and_floats_same_helper": [(0.7, V3)],
    "helper_result_unused": [(0.7,)],
    "helper_without_return": [(0.7,)],
    "global_tables": [(0.7,)],
    "reduce_with_builtin": {"args": [(0.7, 0.4)], "expect": "any"},
    "chain3": [(0.7,)],
    "same_name_local": [(0.7,)],
    "parameter_shadows_helper": [(1.2, 0.7)],
    "returns_call_tuple": [(1.2, 0.7)],
}
