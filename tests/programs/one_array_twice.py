"""Containers in which one array stands in several places, and is written in one of them."""

# ruff: noqa

import copy

import numpy as np


def appended_twice(t, x):
    held = [x, x * 2.0]
    held.append(x)
    result = held[0] * held[1] + held[2]
    x[1] *= 2.0
    return t * result


def member_appended(t, x):
    held = [1.0, x]
    held.append(held[1])
    result = t + held[1]
    x[1] *= 3.0
    return result


def member_appended_then_written(t, x):
    held = [x * 1.0, x * 2.0]
    held.append(held[0])
    held[2][0] *= t
    return held[0] * held[1] + held[2]


def member_appended_in_loop(t, x):
    held = [x * 1.0]
    for _ in range(2):
        held.append(held[-1])
    held[2][0] *= t
    return held[0] * held[1] + held[2]


def member_joined_in_loop(t, x):
    held = [x * 1.0]
    while len(held) < 4:
        held = held + [held[0]]
    held[3][0] *= t
    return held[0] * held[1] + held[2]


def inserted_again(t, x):
    held = [x * 1.0]
    held.insert(0, held[0])
    held[1][0] *= t
    return held[0] * held[1]


def moved_to_another_slot(t, x):
    held = [x, x * 2.0]
    held[1] = held[0]
    result = held[0] * held[1]
    x[1] *= 2.0
    return t * result


def appended_in_loop(t: float, x: np.ndarray):
    a = x * 1.0
    held = []
    for _ in range(2):
        held.append(a)
    held[1][0] *= t
    return held[0] * held[1]


def stored_in_loop(t: float, x: np.ndarray):
    a = x * 1.0
    held = [None, None]
    for i in range(2):
        held[i] = a
    held[1][0] *= t
    return held[0] * held[1]


def entered_in_loop(t: float, x: np.ndarray):
    a = x * 1.0
    held = {}
    for i in range(2):
        held[i] = a
    held[1][0] *= t
    return held[0] * held[1]


def bound_anew_in_some_rounds(t: float, x: np.ndarray):
    out = []
    row = x * 1.0
    for i in range(3):
        if i == 1:
            row = x * (i + t)
        out.append(row)
    for i in range(3):
        out[i][0] *= 2.0
    return out[0] * out[1] + out[2]


def bound_anew_in_every_round(t: float, x: np.ndarray):
    out = []
    for i in range(3):
        row = x * (i + t)
        out.append(row)
    for i in range(3):
        out[i][0] *= 2.0
    return out[0] * out[1] + out[2]


def in_comprehension(t: float, x: np.ndarray):
    a = x * 1.0
    held = [a for _ in range(3)]
    held[2][0] *= t
    return held[0] * held[1] + held[2] ** 2


def in_dict_comprehension(t: float, x: np.ndarray):
    a = x * 1.0
    held = {key: a for key in "ab"}
    held["a"][0] *= t
    return held["a"] * held["b"]


def each_twice(t, x):
    held = [x * 1.0, x * 3.0]
    held = [part for part in held for _ in range(2)]
    held[1][0] *= t
    return held[0] * held[1] + held[2]


def sorted_twice(t, x):
    held = [x * 1.0, x * 3.0]
    held = sorted(held + held, key=lambda part: part[0])
    held[1][0] *= t
    return held[0] * held[1] + held[2]


def joined_with_a_slice(t, x):
    held = [x * 1.0, x * 3.0]
    held = held + held[:1]
    held[2][0] *= t
    return held[0] * held[1] + held[2]


def joined_and_both_read(t, x):
    held = [x * 1.0, 2.0, x[0]]
    more = held + [x[1], x * 2.0]
    more[0][0] *= t
    return held[0] * more[1] + more[0] * more[4] * more[2] * more[3]


def repeated(t, x):
    held = [x * 1.0, x[0]] * 2
    held[0][0] *= t
    return held[0] * held[1] + held[2] * held[3]


def repeated_zeros(t, x):
    held = [np.zeros(3)] * 3
    held[0][0] = x[0] * t
    return held[1] * held[0]


def made_twice_by_helper(t: float, x: np.ndarray):
    held = two_of(x)
    held[1][0] *= t
    return held[0] * held[1]


def two_of(x: np.ndarray):
    a = x * 1.0
    return [a, a]


def copied_list(t, x):
    a = x * 1.0
    held = [a, a]
    other = list(held)
    other[0][0] *= t
    return other[1] * other[0]


def copied_shallowly(t, x):
    held = [x * 1.0, x * 2.0]
    other = held.copy()
    other[0][0] *= t
    return held[0] * held[1] + other[0]


def entries_copied_shallowly(t, x):
    held = {"a": x * 1.0}
    held["b"] = held["a"]
    other = copy.copy(held)
    other["b"][0] *= t
    return held["a"] * held["b"] + other["a"]


def copied_deeply(t, x):
    a = x * 1.0
    held = copy.deepcopy([a, a])
    held[0][0] *= t
    return held[0] * held[1] + a


def constants_from_helper(t, x):
    held = two_of(np.zeros(3))
    held[0][0] = x[0] * t
    return held[1] * 2.0 + x


def list_and_array_arithmetic(x: np.ndarray):
    table = [[2.5, 0.3, 0.4], [0.3, 1.7, 0.6], [0.4, 0.6, 3.1]]
    return np.linalg.inv(table + np.tanh(x))


V3 = np.array([1.1, 2.2, 3.3])
NAMES = (
    "appended_twice member_appended member_appended_then_written member_appended_in_loop member_joined_in_loop "
    "inserted_again moved_to_another_slot appended_in_loop stored_in_loop entered_in_loop bound_anew_in_some_rounds "
    "bound_anew_in_every_round in_comprehension in_dict_comprehension each_twice sorted_twice joined_with_a_slice "
    "joined_and_both_read repeated repeated_zeros made_twice_by_helper copied_list "
    "copied_shallowly entries_copied_shallowly copied_deeply constants_from_helper"
).split()


def written_through_a_repeated_list(x: np.ndarray, y: np.ndarray):
    a = x * 1.0
    h = [a] * 2
    b = h[1]
    b[2] = 3.0
    return a * y


def argument_held_twice_and_scaled_in_one_slot(x: np.ndarray, y: np.ndarray):
    h = [x, x]
    h[1] *= y
    return np.sum(h[0] * y)


def repeated_beside_a_list_that_grows(x, y):
    kept = [1.0]
    a = [kept, y]
    a[0].append(y)
    a = [x * y] * 2
    a[1] = y
    return {"a": a, "kept": kept}


CASES = {
    "repeated_beside_a_list_that_grows": [(np.array([0.7, 1.3, 0.4]), 0.8)],
    "argument_held_twice_and_scaled_in_one_slot": [(V3, V3 * 0.5)],
    "written_through_a_repeated_list": [(V3, V3 * 0.5)],
    **{name: [(1.7, V3)] for name in NAMES},
    "list_and_array_arithmetic": [(V3,)],
}
