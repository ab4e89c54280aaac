"""Lists that a caller gives and nothing is said of, appended to, turned round and sorted: lists by their methods."""

from __future__ import annotations

import numpy as np


def _turn(items):
    items.reverse()


def _sorted_with(items, x):
    items.append(x)
    items.sort(key=lambda v: np.sum(v))
    return items[0]


def appended_and_stored_into(items, x: np.ndarray, k: float):
    items.append(x * k)
    items[0][0] = k
    items[:] = items[::-1]
    return items[-1] * k


def replaced_by_as_many(items, x: np.ndarray, k: float):
    items.append(x * k)
    turned = [items[1], x, items[0]]
    items[:] = turned
    return items[0] * k


def turned_in_a_helper(items, x: np.ndarray, k: float):
    items.append(x * k)
    _turn(items)
    items[0] = items[0] * k
    return items[0] * items[1]


def turned_and_a_member_stored_into(items, x: np.ndarray, k: float):
    items.append(x * k)
    first = items[0]
    items.reverse()
    first[0] = k
    return items[0] * items[1] + items[2] * first


def turned_again_and_again(items, x: np.ndarray, k: float):
    items.append(x * k)
    for _ in range(3):
        items.reverse()
        items[0] = items[0] * k
    return items[0] * items[1] + items[2]


def turned_perhaps(items, x: np.ndarray, k: float):
    items.append(x * k)
    if k > 0:
        items.reverse()
    items[0] *= k
    return items[0] * items[1] + items[2]


def sorted_by_a_key(items, x: np.ndarray, k: float):
    items.append(x * k)
    items.sort(key=lambda v: v[0])
    return items[0] * items[1] + items[2]


def extended_and_popped(items, x: np.ndarray, k: float):
    items.extend([x * k, x])
    items.reverse()
    items.pop()
    items.append(x)
    return items[0] * items[1] + items[2]


def own_list_turned_in_a_helper(x: np.ndarray, k: float):
    items = [x * 1.0, x * k]
    _turn(items)
    items[0][0] = k
    return items[0] * items[1] * k


def own_list_sorted_in_a_helper(x: np.ndarray, k: float):
    items = [x * 1.0, x * k]
    least = _sorted_with(items, x + k)
    least[0] = k
    return items[0] * items[1] * k * items[2]


def numbers_turned(items, x, k):
    items.append(x * k)
    items.reverse()
    return items[0] * items[1] + x


V3, W3 = np.array([1.2, 0.4, 2.1]), np.array([0.2, 1.4, 1.1])

CASES = dict.fromkeys(
    (
        *("appended_and_stored_into", "replaced_by_as_many", "turned_in_a_helper", "turned_again_and_again"),
        *("turned_and_a_member_stored_into", "turned_perhaps", "sorted_by_a_key", "extended_and_popped"),
    ),
    [([V3, W3], np.array([1.0, 2.0, 3.0]), 0.7)],
)
CASES |= dict.fromkeys(("own_list_turned_in_a_helper", "own_list_sorted_in_a_helper"), [(V3, 0.7)])
CASES |= {"numbers_turned": [([1.3, 0.4], 0.9, 0.7)]}
