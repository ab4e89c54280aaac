"""Numbers in containers beside arrays that are written: nothing says that they are numbers, and nothing writes them."""

from __future__ import annotations

import numpy as np

V3 = np.array([0.4037, 1.2, 0.8])


def beside_what_is_written(x, y):
    s = y * x[0]
    members = [x, s, y]
    for i in range(1, 3):
        x[i] = x[i] * y + x[i - 1]
    return members[0] * members[1] + members[2]


def in_a_list_that_grows(x, y):
    s = y * x[0]
    members = [s, y]
    held = [members, x]
    held[0].append(y * s)
    x[0] = y
    return held[1] * members[2]


def in_a_list_of_what_is_written(x, y):
    a = list(x)
    a[2] = y * 2.0
    x[1] = y
    return x * a[0] + a[2]


def in_an_entry_of_a_closure(x, y):
    memory = {"last": y}

    def put(p):
        memory["last"] = memory["last"] * 0.5 + p

    put(y)
    put(y * y)
    tail = x[1:]
    tail *= x[0]
    return x * memory["last"]


def stored_by_a_closure(x, y):
    z = x * 1.5

    def put(p):
        z[1] = p

    put(y)
    z *= y
    return z


def appended_by_a_closure(x, y):
    s = y * x[0]
    members = [s, x]

    def put(p):
        members.append(p)

    put(y)
    put(x * y)
    return members[2] * members[3]


def added_by_a_helper(x, y):
    added(x, y * 1.0)
    return [y, x]


def added(v, s):
    v[1] += s


def put_by_a_helper(x, y):
    members = [x * 2.0, y]
    put_first(members, y * 3.0)
    put_first(members, x)
    return members[0] * members[1]


def put_first(members, s):
    members[0] = s


def slot_of_a_list_that_took_the_place_of_an_array(x, y):
    members = [x, y]
    held = [y, x]
    held[0] = members
    held[0][0] = y[1]
    return members


def list_or_dict_given_a_number(x, y):
    held = [x, x, x]
    if x[0] > 9.0:
        held = {0: x, 1: x, 2: x}
    held[1] = y * 2.0
    x[0] = y
    return np.sum(held[0]) * held[1] + np.sum(held[2] * x)


def list_or_dict_given_an_array(x, y):
    held = [x, x, x]
    if x[0] < 9.0:
        held = {0: x, 1: x, 2: x}
    held[1] = x * 2.0
    x[0] = y
    return np.sum(held[0] * held[1]) + np.sum(held[2] * x)


def list_or_table_given_a_row(x, y):
    held = [x, x, x]
    if x[0] < 9.0:
        held = np.outer(x, x)
    held[2] = x * 2.0
    x[0] = y
    return np.sum(held[0] * held[1]) + np.sum(held[2] * x)


def bound_anew_and_given_back(x, y):
    other = x * 2.0
    held = [x] * 3
    kept = [other] * 3
    was = kept[1]
    kept[1] = x * y
    taken = x[0] > x[1]
    if taken:
        before = kept
        held = {"v": x}
        kept = {"v": other}
        held["v"][0] = y
    other += x
    if taken:
        kept["v"][0] = 0.0
        kept = before
    now = kept[1]
    kept[1] = was
    return other * y + np.sum(now) + np.sum(held["v"] if taken else held[0])


def rows_of_numbers(x, y):
    table = [[0.0] * 3 for _ in range(3)]
    for i in range(3):
        for j in range(3):
            table[i][j] = y * i
    x[0] = table[1][2]
    return x * table[2][1]


def written_under_one_key(x, y):
    s = y * x[0]
    state = {"position": x * 1.5, "mass": s}
    state["position"][0] = y
    return state["position"] * state["mass"]


def written_at_one_place(x, y):
    s = y * x[0]
    pair = (x * 2.0, s)
    pair[0][1] = s
    z, s = pair
    return z * s


def written_and_then_moved(x, y):
    members = [x * 2.0, y * x]
    members[0][1] = y
    members.reverse()
    members[0][2] *= y
    return members[0] * members[1]


def made_and_put_twice(x, y):
    held = {}
    put_twice(held, x)
    held["a"][0] = y
    return held["b"] * 2.0


def put_twice(held, v):
    t = v * 3.0
    held["a"] = t
    held["b"] = t


def held_and_written_by_a_helper(x, y):
    held = {"a": x * 2.0}
    z = x * y
    put_and_write(held, z)
    return held["a"] + z


def put_and_write(held, v):
    held["a"] = v
    held["a"][1] *= 3.0


def held_and_written_later(x, y):
    held = {"a": x * 2.0}
    z = x * y
    put_under(held, z)
    held["a"][1] *= y
    return held["a"] * z


def put_under(held, v):
    held["a"] = v


def one_of_two_is_written(x, y):
    pair = chosen(x * 2.0, y, True)
    pair[0] = y
    return pair * y


def chosen(a, b, first):
    return a if first else b


CASES = dict.fromkeys(
    (
        *("beside_what_is_written", "in_a_list_that_grows", "in_a_list_of_what_is_written"),
        *("in_an_entry_of_a_closure", "stored_by_a_closure", "appended_by_a_closure", "added_by_a_helper"),
        *("put_by_a_helper", "rows_of_numbers", "written_under_one_key", "written_at_one_place"),
        *("made_and_put_twice", "list_or_table_given_a_row", "held_and_written_by_a_helper", "held_and_written_later"),
    ),
    [(V3, 1.3), (V3[::-1].copy(), -0.7)],
) | {
    "written_and_then_moved": {"args": [(V3, 1.3)], "expect": "any"},
    "slot_of_a_list_that_took_the_place_of_an_array": {"args": [(V3, V3[::-1] * 2.0)], "expect": "any"},
    "one_of_two_is_written": {"args": [(V3, 1.3)], "expect": "any"},
    "list_or_dict_given_a_number": {"args": [(V3, 1.3)], "expect": "any"},
    "list_or_dict_given_an_array": {"args": [(V3, 1.3)], "expect": "any"},
    "bound_anew_and_given_back": {"args": [(V3, 1.3), (V3[::-1].copy(), -0.7)], "expect": "any"},
}
