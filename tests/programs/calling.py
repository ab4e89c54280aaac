"""Arguments that come out of dicts, lists and tuples, and what is called with them."""

# ruff: noqa
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
CASES = {
    "options_made_by_dict": [(0.7,)],
    "options_and_places": [(0.7, 0.3)],
    "list_made_of_places": [(0.7, 0.3)],
    "wrapped_call": [(0.7, 0.3)],
    "axis_from_options": [(A,)],
    "keys_in_order": [({"b": A[0], "a": A[1]},)],
    "whole_numbers_as_indices": [(A,)],
    "trailing_ellipsis": [(A, T)],
}
