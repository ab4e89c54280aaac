"""Slices of lists of arrays that are bound to other members, which are then written under any of their names."""

from __future__ import annotations

import numpy as np


def members_of_another(x, y):
    w = [x * 2.0, x * 3.0]
    m = [x * y, w[0]]
    a = w[0]
    w[:] = m
    w[0][1] = x[0]
    w[1][1] = x[2]
    return a * w[1] * w[0] + m[0]


def all_of_another_and_a_slot(x, y):
    w = [x * 2.0, x * 3.0]
    m = list(w)
    a = w[1]
    w[::-1] = m
    w[:] = m
    m[1] = y
    return np.sum(w[0]) * y + np.sum(w[1] * x) + a


def numbers_of_another_and_a_slot(x, y):
    w = [x[0] * 2.0, y * 3.0]
    m = [y, y * y]
    w[:] = m
    w[1] *= 2.0
    m[0] = x[1]
    return w[0] * w[1] + m[0] * m[1]


def arrays_for_numbers(x, y: float):
    w = [x * 2.0, y * 3.0]
    m = [w[1], w[0]]
    w[-1:] = [m[0]]
    w[:] = m
    w[1][1] = x[2]
    return np.sum(w[0]) * y + np.sum(w[1] * x)


def one_array_for_a_number(x: np.ndarray, y: float):
    w = [y, y * 2.0]
    w[::2] = [x * y]
    for _ in range(2):
        w[0] = w[0] * y
    return w[0] * w[1]


def part_of_a_tuple(x, y: float):
    w = [x * 2.0, x * 3.0]
    m = (x, y * 2.0)
    w[1:] = m[1:]
    m[0][1] = y
    for _ in range(2):
        w[0] = w[0] * y
    return np.sum(w[0]) * y + np.sum(w[1] * x)


def in_a_loop_in_the_list_of_the_caller(x, y, w: list):
    m = [y, y * y]
    for _ in range(2):
        w[:] = m
        w[0] = w[0] * y
    return np.sum(w[0]) * y + np.sum(w[1] * x)


def put_back_and_written(x, w: list):
    m = list(w)
    a = w[0]
    w[1] = w[1] * a
    b = a * w[1]
    a[0] = 2.0
    w[:] = m
    w[0][1] = x[0]
    return b * w[1] * w[0]


def turned_round(x):
    w = [x * 2.0, x * 3.0]
    a = w[0]
    w[:] = w[::-1]
    w[0][1] = x[0]
    w[1][1] = x[2]
    return a * w[1] * w[0]


def a_number_that_becomes_an_array(x, y: float):
    w = [y, y * 2.0]
    m = [np.ones(3), y]
    w[::-1] = m
    w[0] *= x
    w[0] = w[0] * y
    m[0][1] = y
    return w[0] * w[1] + m[0]


def arrays_of_the_caller(x, y, w):
    a = w[0]
    w[:1] = [x * y]
    a[0] = y
    return w[0] * w[1] + a


V3 = np.array([1.3, 0.2, 0.6])
PAIR = [np.array([2.0, 1.0, 0.4]), np.array([1.0, 2.0, 3.0])]

CASES = dict.fromkeys(
    (
        *("members_of_another", "all_of_another_and_a_slot", "numbers_of_another_and_a_slot", "arrays_for_numbers"),
        *("one_array_for_a_number", "part_of_a_tuple"),
    ),
    [(V3, 0.7)],
) | {
    "in_a_loop_in_the_list_of_the_caller": [(V3, 0.7, PAIR), (V3, 0.7, [0.4, 1.7])],
    "put_back_and_written": [(V3, PAIR)],
    "turned_round": [(V3,)],
    "a_number_that_becomes_an_array": {"args": [(V3, 0.7)], "expect": "any"},
    "arrays_of_the_caller": {"args": [(V3, 0.7, PAIR)], "expect": "any"},
}
