"""Arguments that come out of dicts, lists and tuples, and what is called with them."""

# ruff: noqa
import itertools
import math

import numpy as np


def scaled(x, y=1.0, *rest, factor=2.0, power=1):
    return factor * x**power * math.cos(y) + sum(rest)


def options_made_by_dict(x):
    options = dict(y=x, factor=3.0)
    return scaled(x, **options)


def options_and_places(x, k):
    places = (x, k)
    options = {"power": 2, "factor": x}
    return scaled(*places, **options) * scaled(*places, x, k)


def list_made_of_places(x, k):
    places = [x, k]
    places[0] = math.sin(places[1])
    return scaled(*places)


def wrapped_call(x, k):
    return logged(scaled)(x, k, factor=k) * x


def logged(function):
    def inside(*args, **options):
        result = function(*args, **options)
        return result * 2.0

    return inside


def axis_from_options(A):
    options = {"axis": 0, "keepdims": True}
    return A - np.mean(A, **options)


def keys_in_order(parts):
    total = 0.0
    for i, key in enumerate(sorted(parts)):
        total = total + (i + 1.0) * np.sum(np.sin(parts[key]))
    return total


def whole_numbers_as_indices(W):
    rows = np.int64(np.abs(W[:, -1]))
    return W[:, :-1][rows].sum() * np.float64(2.0)


def trailing_ellipsis(A, T):
    return np.sum(np.sin(np.einsum("ij...,jk->ik...", T, A)) ** 2)


A = np.array([[0.4, -1.3, 1.2], [1.1, 0.3, -0.6]])
T = np.array([[[0.4, 1.3], [0.2, 0.9]], [[1.1, -0.3], [0.6, 0.8]], [[0.5, 0.7], [-0.1, 0.2]]])


def _weighted(*a, k=1.0, j=2.0):
    return a[0] * k + a[1] * j


def _three(a, b, c, k=1.0):
    return a * k + b * c


def _grown(v, y):
    v[0] = v[0] * y
    return y * 2.0


def members_after_the_keywords(x, y):
    v = x * 1.0
    return _three(*v, k=_grown(v, y)) + _weighted(*v, k=_grown(v, y), j=_grown(v, y))


def members_of_a_list_after_the_keywords(x, y):
    v = [x[0], x[1], x[2]]
    return _three(*v, k=_grown(v, y)) * _weighted(*v, k=_grown(v, y))


def members_of_a_generator_after_the_keywords(x, y):
    v = [x[0], x[1], x[2]]
    return _weighted(*(u * 2 for u in v), k=_grown(v, y))


def members_in_order_with_others(x, y):
    v = x * 1.0
    return _weighted(v[0], *v, k=_grown(v, y)) + _weighted(*(v[0], y), k=_grown(v, y))


def members_of_a_map_after_the_keywords(x, y):
    v = x * 1.0
    return _weighted(*map(lambda u: u * y, v), k=_grown(v, y))


def keywords_that_are_functions(x, y):
    def chosen(*a, by=None):
        return by(a[0]) * a[1]

    return chosen(*x, by=lambda u: _three(u, y, u) * u)


V3 = np.array([1.2, 0.4, 2.1])


def members_of_a_chain_after_the_keywords(x, y):
    v = x * 1.0
    return _weighted(*itertools.chain(v, v), k=_grown(v, y))


def members_of_sums_after_the_keywords(x, y):
    v = [x[0], x[1]]
    return _weighted(*itertools.accumulate(v), k=_grown(v, y))


CASES = {
    "options_made_by_dict": [(0.7,)],
    "options_and_places": [(0.7, 0.3)],
    "list_made_of_places": [(0.7, 0.3)],
    "wrapped_call": [(0.7, 0.3)],
    "axis_from_options": [(A,)],
    "keys_in_order": [({"b": A[0], "a": A[1]},)],
    "whole_numbers_as_indices": [(A,)],
    "trailing_ellipsis": [(A, T)],
    "members_after_the_keywords": [(V3, 1.7)],
    "members_of_a_list_after_the_keywords": [(V3, 1.7)],
    "members_of_a_generator_after_the_keywords": [(V3, 1.7)],
    "members_in_order_with_others": [(V3, 1.7)],
    "members_of_a_map_after_the_keywords": {"args": [(V3, 1.7)], "expect": "any"},
    "keywords_that_are_functions": [(V3, 1.7)],
    "members_of_a_chain_after_the_keywords": {"args": [(V3, 1.7)], "expect": "any"},
    "members_of_sums_after_the_keywords": {"args": [(V3, 1.7)], "expect": "any"},
}
