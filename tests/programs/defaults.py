"""Dicts that make what is missing: `collections.defaultdict` of numbers, lists and arrays."""

from __future__ import annotations

import collections
from collections import defaultdict

import numpy as np


def sums_by_parity(x: np.ndarray, y: float):
    sums = defaultdict(float)
    for i in range(3):
        sums[i % 2] += x[i] * y
    return sums[0] * sums[1]


def groups_of_numbers(x: np.ndarray, y: float):
    groups = defaultdict(list)
    for i in range(3):
        groups[i % 2].append(x[i] * y)
    return sum(groups[0]) * sum(groups[1])


def sums_of_arrays(x: np.ndarray, y: float):
    sums = collections.defaultdict(lambda: np.zeros(3))
    for i in range(3):
        sums[i % 2] += x * y
    return sums[0] * sums[1]


def stored_into_what_is_made(x: np.ndarray, y: float):
    rows = collections.defaultdict(lambda: np.ones(3))
    for i in range(3):
        rows[i % 2][i] = x[i] * y
    return rows[0] * rows[1] + rows["none"]


def named_before_it_is_written(x: np.ndarray, y: float):
    rows = defaultdict(lambda: np.zeros(3))
    for key in ("a", "b", "a"):
        row = rows[key]
        row += x * y
    return rows["a"] * rows["b"]


def products(x: np.ndarray, y: float):
    found = defaultdict(lambda: 1.0)
    for i, v in enumerate(x):
        found[i] *= v * y
    return found[0] * found[2] + found["none"] * x


def lists_of_three(x: np.ndarray, y: float):
    found = defaultdict(lambda: [0.0, 1.0, 2.0])
    for i, v in enumerate(x):
        found[i % 2][i] += v * y
    return found[0][0] * found[0][2] + found[1][1] * found["none"][2]


def one_array_for_all(x: np.ndarray, y: float):
    zeros = np.zeros(3)
    rows = defaultdict(lambda: zeros)
    rows["a"][0] = y
    return rows["b"] * x


V3 = np.array([1.2, 0.4, 2.1])

CASES = {
    name: {"args": [(V3, 0.7)], "expect": "any"}
    for name in (
        *("sums_by_parity", "groups_of_numbers", "sums_of_arrays", "stored_into_what_is_made"),
        *("named_before_it_is_written", "products", "lists_of_three", "one_array_for_all"),
    )
}
