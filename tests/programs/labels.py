"""Active values as the keys of dicts: to find by them is harmless, to read them back is refused."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def keys_added_up(x, y):
    d = {}
    for v in x:
        d[v] = 1.0
    return sum(k * y[0] for k in d)


def keys_of_items(x, y):
    d = {v: 1.0 for v in x}
    s = 0.0
    for k, c in d.items():
        s += k * c * y[0]
    return s


def keys_of_a_display_summed(x, y):
    d = {x[0]: 2.0}
    a = x[1] * 1.0
    d[a] = 3.0
    return sum(d) * y[0]


def found_by_active_keys(x, y):
    d = {}
    for v in x:
        d[v] = v * v
    return d[x[0]] + y[0]


def largest_key(x, y):
    d = {}
    for v in x:
        d.setdefault(v, 2.0)
    return max(d.keys()) * y[0]


def set_of_active_values(x, y):
    s = {v for v in x}
    return sum(s) * y[0]


def set_that_grows(x, y):
    s = set()
    for v in x:
        s.add(v * 2.0)
    return sum(s) * y[0]


def dict_of_pairs(x, y):
    d = dict(zip(x, y))
    return sum(d) * y[0]


def dict_from_keys(x, y):
    d = dict.fromkeys(x)
    t = 0.0
    for k in sorted(d):
        t += k
    return t * y[0]


def _fill(d, k, v):
    d[k] = v


def stored_by_a_call(x, y):
    d = {}
    for v in x:
        _fill(d, v, y[0])
    return sum(k * y[1] for k in d)


def _total(d):
    s = 0.0
    for k in d:
        s += k
    return s


def read_by_a_call(x, y):
    d = {}
    d[x[0]] = y[0]
    return _total(d) * y[1]


def found_by_keys_stored_by_a_call(x, y):
    d = {}
    for v in x:
        _fill(d, v, y[0] * v)
    s = 0.0
    for k in d:
        s += d[k] * y[1]
    return s


def values_of_a_copy(x, y):
    d = {v: y[0] * v for v in x}
    e = dict(d)
    return sum(e.values()) + len(e)


def memo_of_one(x, y):
    d = {}
    if x[0] not in d:
        d[x[0]] = np.sin(x[0])
    return d[x[0]] * y[0]


def memo_of_a_closure(x, y):
    d = {}

    def g(v):
        if v not in d:
            d[v] = v * v
        return d[v]

    return g(x[0]) + g(x[1]) * g(x[0]) * y[0]


def keys_in_a_list(x, y):
    d = {}
    d[x[0]] = 1.0
    p = [a for a, b in d.items()]
    return p[0] * y[0]


def numbered_keys(x, y):
    d = {}
    for i, v in enumerate(x):
        d[i] = v
    return sum(k * v for k, v in d.items()) * y[0]


def items_of_which_the_keys_do_not_count(x, y):
    d = {}
    for v in x:
        d[v] = v * y[0]
    t = 0.0
    for k, w in d.items():
        if k > 0.0:
            t += w * d[k]
    return t


def counted_and_paired_keys(x, y):
    z = min(x[0], y[0])
    d = {k: v for k, v in zip("abc", x * y)}
    z = z * d["a"] * sum(d.values())
    z = z + sum({k: z for k, _ in enumerate(x + y)}.values())
    return z * d["c"]


def numbers_as_keys_that_are_added(d):
    s = d[0] * d[1]
    return s + sum(d)


def numbers_as_keys_in_a_loop(d):
    s = d[0] * 2.0
    for k in d:
        s = s + k * d[1]
    return s


def numbers_as_keys_taken_apart(d):
    s = d[0] * d[1]
    a, b = d
    return s * a + b * d[1]


def largest_number_as_key(d):
    return d[0] * d[1] * max(d)


def keys_listed_and_one_replaced(x, y):
    d = {0: x[1], 1: x[0]}
    keys = list(d)
    keys[0] = y[0]
    x[1] = y[1]
    return keys[0] * x[0] + keys[1] * x[1] + d[0]


def keys_in_a_tuple_and_a_display(x, y, d: dict):
    first = tuple(d) + (y,)
    second = [*d, x]
    d[1] = d[1] * y
    x[1] = y[0]
    return first[0] * x[0] + first[2] * x[1] + d[0] + second[2]


def keys_beside_members_that_are_written(x, y, d: dict):
    held = [x, x * y]
    for name in d:
        held.append(name)
        held[1] = d[name] * y
    x[0] = y[0]
    return np.sum(held[0]) * y + np.sum(d["b"]) * d["a"]


def keys_of_a_dict_with_written_members(x, y):
    d = {0: x, 1: x * y}
    g = d[0]
    g *= y
    keys = [k for k in d]
    keys[0] = x
    return np.sum(keys[0]) + keys[1] * y


def part_that_is_a_list_or_a_dict(x, y):
    held = {"k": {1: x, 2: x * y} if y > 1.0 else [x, x * x]}
    s = 0.0
    for v in held["k"]:
        s = s + np.sum(v) * y
    return s


def loop_over_a_list_or_a_dict_beside_a_copy(x, y, rows):
    e = {1: x, 2: x * y} if y > 1.0 else [x, x * x]
    s = 0.0
    for v in e:
        c = rows.copy()
        c[0][1] = y
        s = s + np.sum(v) * y + np.sum(c) * np.sum(rows)
    return s


CASES = {
    "counted_and_paired_keys": [(V3, W3)],
    "items_of_which_the_keys_do_not_count": [(V3, W3)],
    "keys_added_up": {"args": [(V3, W3)], "expect": "any"},
    "keys_of_items": {"args": [(V3, W3)], "expect": "any"},
    "keys_of_a_display_summed": {"args": [(V3, W3)], "expect": "any"},
    "found_by_active_keys": [(V3, W3)],
    "largest_key": {"args": [(V3, W3)], "expect": "any"},
    "set_of_active_values": {"args": [(V3, W3)], "expect": "any"},
    "set_that_grows": {"args": [(V3, W3)], "expect": "any"},
    "dict_of_pairs": {"args": [(V3, W3)], "expect": "any"},
    "dict_from_keys": {"args": [(V3, W3)], "expect": "any"},
    "stored_by_a_call": {"args": [(V3, W3)], "expect": "any"},
    "read_by_a_call": {"args": [(V3, W3)], "expect": "any"},
    "found_by_keys_stored_by_a_call": {"args": [(V3, W3)], "expect": "any"},
    "values_of_a_copy": [(V3, W3)],
    "memo_of_one": [(V3, W3)],
    "memo_of_a_closure": {"args": [(V3, W3)], "expect": "any"},
    "keys_in_a_list": {"args": [(V3, W3)], "expect": "any"},
    "numbered_keys": [(V3, W3)],
    "numbers_as_keys_that_are_added": {"args": [({0: 0.7, 1: 1.3},)], "expect": "any"},
    "numbers_as_keys_in_a_loop": {"args": [({0: 0.7, 1: 1.3},)], "expect": "any"},
    "numbers_as_keys_taken_apart": {"args": [({0: 0.7, 1: 1.3},)], "expect": "any"},
    "largest_number_as_key": {"args": [({0: 0.7, 1: 1.3},)], "expect": "any"},
    "keys_listed_and_one_replaced": [(V3, W3)],
    "keys_in_a_tuple_and_a_display": [(V3, W3, {0: 0.7, 1: 1.3})],
    "keys_beside_members_that_are_written": [(V3, W3, {"a": 0.5, "b": V3 * 2.0})],
    "keys_of_a_dict_with_written_members": [(V3, W3)],
    "part_that_is_a_list_or_a_dict": {"args": [(V3, 1.8), (V3, 0.8)], "expect": "any"},
    "loop_over_a_list_or_a_dict_beside_a_copy": {
        "args": [(V3, 1.8, np.outer(V3, W3)), (V3, 0.8, np.outer(V3, W3))],
        "expect": "any",
    },
}
