"""Numbers beside arrays: functions of `math` in arrays, numbers that are augmented, one of two that are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


def degrees_beside_an_array(w, v):
    e = w + math.degrees(v)
    return e * w


def radians_times_an_array(w, v):
    e = math.radians(v) * w
    return e * w


def degrees_of_a_scan(w, v: float):
    total = np.zeros(3)
    for x in w:
        total += x * math.degrees(v)
    return np.sum(total - w)


def augmented_in_a_handler(w, v):
    try:
        first = w[0]
    except IndexError:
        first = 0.0
        v *= 2.0
    rows = [[v] * 3 for _ in range(2)]
    rows[0][1] = 1.0
    return rows[1][1] * first


def augmented_by_what_is_not_known(w, v, scale=None):
    if scale is not None:
        v *= scale
    members = [v, v]
    members[0] = w[1]
    return members[1] * members[0]


def the_larger_is_augmented(v, w):
    s = max(v, 1.0)
    s += w @ w
    return s * v


@dataclass
class State:
    s: float
    v: np.ndarray


def the_larger_is_augmented_in_a_record(v, w):
    state = State(max(v, v), w * 2)
    state.s += w @ w
    return max(-state.s, v)


def the_smaller_is_augmented_in_a_list(v, w):
    members = [min(v, 2.0), w * 2]
    members[0] += w @ w
    return members[0] * v


W3 = np.array([1.3, 0.2, 0.6])

CASES = dict.fromkeys(
    (
        *("degrees_beside_an_array", "radians_times_an_array", "degrees_of_a_scan", "augmented_in_a_handler"),
        "augmented_by_what_is_not_known",
    ),
    [(W3, 0.7)],
) | dict.fromkeys(
    ("the_larger_is_augmented", "the_larger_is_augmented_in_a_record", "the_smaller_is_augmented_in_a_list"),
    # An array without axes is written in place: what is given as one is refused, or right.
    {"args": [(1.1563, W3), (np.array(1.1563), W3)], "expect": "any"},
)
