"""Functions given to map, filter, reduce, max and min, and functions that are chosen."""

# ruff: noqa

import functools
import math
import operator
from functools import reduce

import numpy as np


def map_unpacked(x, y):
    a, b = map(math.sin, (x, y))
    return a * b


def map_to_list(x, y):
    v = list(map(lambda t: t * x, [x, y]))
    return v[0] * v[1]


def map_two(xs, ys):
    return sum(map(lambda a, b: a * b * b, xs, ys))


def map_operator(xs, ys):
    return sum(map(operator.mul, xs, ys)) * xs[0]


def map_helper(xs, k):
    total = 0.0
    for v in map(lambda x: damped(x, k), xs):
        total = total * 0.5 + v
    return total


def damped(x, k):
    return x * math.exp(-k * x)


def map_tuple(xs):
    t = tuple(map(abs, xs))
    return t[0] * t[1] + t[2]


def map_array(x, y):
    return np.array(list(map(lambda t: t * t * y, x))) @ np.array([1.0, 2.0, 3.0])


def filter_list(xs):
    v = list(filter(lambda t: t > 0.5, xs))
    return v[0] * v[1] + v[0]


def filter_none(x, y):
    return sum(filter(None, [x, 0.0, y])) * x


def filter_sum(xs):
    return sum(filter(lambda t: t > 0.5, xs)) * xs[0]


def reduce_lambda(xs):
    return functools.reduce(lambda a, b: a * b + 1.0, xs)


def reduce_start(xs):
    return 2.0 * reduce(operator.mul, xs, 1.0) + xs[0]


def reduce_map(xs, k):
    return reduce(lambda a, b: a + b, map(lambda v: v * v * k, xs))


def reduce_in_loop(xs, n: int = 2):
    total = 0.0
    for k in range(n):
        total += reduce(lambda a, b: a * b, xs) * (k + 1)
    return total


def nested_maps(m):
    return sum(map(lambda row: sum(map(lambda v: v * v, row)), m))


def max_with_key(xs):
    return max(xs, key=lambda v: -v) * 2.0 + min(xs, key=abs)


def max_of_several_with_key(x, y):
    return max(x, y, -2.0, key=abs) * x


def max_with_default(xs):
    return max(xs, default=1.0) * xs[1]


def max_of_nothing(x):
    empty = []
    return max(empty, default=x * 2.0) * x


def max_of_pairs(x, y):
    pairs = [(x, 1.0), (y, 3.0), (x * y, 2.0)]
    best = max(pairs, key=lambda p: p[1])
    return best[0] * best[1] * x


V = np.array([0.4, 1.3, 2.2])
XS = [([0.7, 0.2, 1.4],)]


def array_of_what_is_generated(x: np.ndarray, k: float):
    return np.fromiter((v * k for v in x if v > 0.1), float) * k


def array_of_what_is_mapped(x: np.ndarray, k: float):
    return np.fromiter(map(lambda v: v * k, x), dtype=float) * x


def array_of_the_values_of_a_dict(x: np.ndarray, k: float):
    found = {i: v * k for i, v in enumerate(x)}
    return np.fromiter(found.values(), dtype=float) * x


def integers_of_what_is_generated(x: np.ndarray, k: float):
    return np.fromiter((i * 2 for i, v in enumerate(x)), int) * k


def on_a_grid(x, y):
    return np.fromfunction(lambda i, j: i * y + j * x[0], (2, 3))


def on_a_grid_of_integers(x, y):
    def chosen(i, j):
        return np.where(i == j, x[0], y * i)

    i = 2.0
    z = np.fromfunction(lambda i: i * y, (3,))
    return np.fromfunction(chosen, (len(x), 3), dtype=int).sum() * z * i * x


CASES = {
    "map_unpacked": [(0.7, 1.2)],
    "map_to_list": [(0.7, 1.2)],
    "map_two": [([0.7, 0.2], [0.3, 0.4])],
    "map_operator": [([0.7, 0.2], [0.3, 0.4]), (V, V + 1.0)],
    "map_helper": [([0.7, 0.2], 0.3)],
    "map_tuple": [([0.7, -0.2, 1.4],)],
    "map_array": [(V, 0.7)],
    "filter_list": [([0.7, 0.2, 1.4],)],
    "filter_none": [(0.7, 1.2)],
    "filter_sum": XS,
    "reduce_lambda": [([0.7, 0.2, 1.4],), (V,)],
    "reduce_start": [([0.7, 0.2, 1.4],), (V,)],
    "reduce_map": [([0.7, 0.2, 1.4], 0.3)],
    "reduce_in_loop": XS,
    "nested_maps": [([[0.7, 0.2], [1.4, 0.3]],)],
    "max_with_key": XS,
    "max_of_several_with_key": [(0.7, 1.2)],
    "max_with_default": XS,
    "max_of_nothing": [(0.7,)],
    "max_of_pairs": [(0.7, 1.2)],
    "array_of_what_is_generated": [(V, 0.7)],
    "array_of_what_is_mapped": [(V, 0.7)],
    "array_of_the_values_of_a_dict": [(V, 0.7)],
    "integers_of_what_is_generated": [(V, 0.7)],
    "on_a_grid": [(np.array([0.6, 1.1, 0.3]), 0.8)],
    "on_a_grid_of_integers": [(np.array([0.6, 1.1, 0.3]), 0.8)],
}
