"""Slots of lists and dicts that helpers bind anew: numbers or arrays, written later, under other names."""

from __future__ import annotations

import math

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])
M33 = np.array([[2.0037, -0.3, 0.5], [0.4, 1.5037, -0.2], [0.1, 0.6, 2.5]])


def put(d, k, v):
    d[k] = v * 2.0
    return d[k]


def put_copy(d, k, v):
    d[k] = v * 2.0
    return d[k].copy()


def counted(state, s):
    state["n"] = state.get("n", 0) + 1
    state["sum"] = state.get("sum", 0.0) + s
    return state["sum"] / state["n"]


def pushed(xs, v):
    xs.append(v * xs[-1])
    return xs[-1]


def shifted(b, v):
    b += v * v
    return b[0] * v


def running_mean(x, y):
    state = {"n": 0}
    total = 0.0
    for k in range(3):
        total = total + counted(state, x * y + k)
    return total * state["sum"]


def put_then_written(x, y):
    d = {"a": x}
    t = put(d, "a", y)
    d["a"][0] = 5.0
    return t * d["a"]


def put_beside_what_it_reads(x, y):
    d = {"a": x}
    for _ in range(3):
        put_copy(d, "a", d["a"] * y)
    return d["a"]


def written_after_it_was_read(x, y):
    b = x * 1.0
    for k in range(3):
        y = shifted(b, b[k] * y)
    return b * y


def bumped_by_a_closure(x, y):
    xs = [x * 1.0]

    def bump(v):
        xs[0] = xs[0] * v
        return v * 2.0

    for _ in range(3):
        y = bump(xs[0] * y) + y
    return xs[0] * y


def pushed_twice(x, y):
    xs = [x]
    pushed(xs, y)
    pushed(xs, y)
    return xs[-1] * xs[1]


def pushed_then_written(x, y):
    xs = [x]
    v = pushed(xs, y)
    v *= 2.0
    return xs[-1] * x


def two_slots_of_one(x, y):
    d = {}
    put_two(d, x)
    d["a"][0] = y[0]
    return d["a"] * d["b"]


def put_two(d, v):
    t = v * 3.0
    d["a"] = t
    d["b"] = t


def copied_then_bound(x, y):
    d = {"t": x - y}
    f = dict(d)
    f["t"] = f["t"] * 2.0
    f["t"][1] = y[1]
    return d["t"] * f["t"]


def memo_of_numbers(a, b):
    memo = {"last": b * 0.5}

    def put1(p):
        memo["last"] = memo["last"] * 0.5 + p

    put1(a * a)
    put1(a - b)
    return memo["last"] * a


def mixed_entries(x, y):
    c = {"rate": x * 0.5, "steps": 2, "name": "plain"}
    c["rate"] *= y
    h = x
    for _ in range(c["steps"]):
        h = h * 0.5 + c["rate"] * y
    if c["name"] == "plain":
        h += c["rate"]
    return h


def unread_parameter(x, z):
    z = x * x
    t = np.array([z, 2.0, x])
    return t[0] * t[2] + np.maximum(z, 1.0)


def rows_exchanged(x, z):
    z[:, [0, 1]] = z[:, [1, 2]]
    z[0], z[1] = z[1].copy(), z[0] * 1.5
    return z * x


def bumped(b, i):
    b[i] = b[i] * 1.5 + 0.3
    return b[i]


def read_before_a_call_of_the_statement(x: float, y: float):
    b = np.array([x, y, x * y])
    for k in range(3):
        p, q = b[k], bumped(b, k)
        y = y + b[k] * p * q
    return b * y


def named_before_a_call(x, y):
    b = x * 1.0
    for k in range(3):
        t = b[k]
        s = shifted(b, t * y)
        y = y * t + s
    return b * y


def tested_before_a_call(x, y):
    b = x * 1.0
    for k in range(3):
        if b[0] < 2.0:
            y = y + shifted(b, y * 0.5)
        elif b[1] > 0.0:
            y = y * shifted(b, y)
        else:
            y = y * b[k]
    return b * y


def two_entries_under_one_key(x, y):
    d = {1: x, True: y, "k": x * y}  # noqa: F601
    return d[1] * x + d["k"]


def _scaled_rows(m, k: int = 1):
    m[k] *= 0.5
    m[:, 0] += m[k]


def number_under_the_name_of_a_written_array(x: np.ndarray, y: np.ndarray):
    _scaled_rows(y.T, 2)
    memo = {"last": x.mean()}

    def put(p):
        memo["last"] = memo["last"] * 0.5 + p

    put(-3)
    y = memo["last"]
    return y


def number_in_a_branch_under_the_name_of_a_written_array(x: np.ndarray, y: np.ndarray):
    _scaled_rows(y.T, 2)
    memo = [x.mean(), 3.0]

    def put(p):
        memo[0] = memo[0] * 0.5 + p

    put(-3)
    if x[0] > 0:
        y = memo[0]
    return np.sum(y)


def either_has_another_shape(x, z, c):
    y = (np.sin(x) if c > 0 else z) + np.array([1.0, 2.0, 3.0])
    return y @ y


def either_is_stored_into_a_slice(x, z):
    x[1:] = math.exp(-1.0) if x[0] > 5.5 else z.get("a")
    return x @ x


def written_then_dropped(x, w):
    w["b"] -= x
    w["b"] = w["b"] * w["a"]
    return w["b"] @ x


def written_then_dropped_from_a_list(x, w: list):
    w[1] -= x
    w[1] = w[1] * w[0]
    return w[1] @ x


def written_then_dropped_in_a_loop(x, w):
    for _ in range(2):
        w["b"] *= x
        w["b"] = w["b"] + w["a"]
    return w["b"] @ x


def inner_list_whose_slot_is_bound_anew(v):
    d = {"q": [2 * v, v]}
    q = d["q"]
    d["q"] = [v, v * v]
    return q[0] * q[1] * d["q"][0]


def inner_list_whose_slot_is_bound_in_a_loop(v):
    d = [[2 * v, v], 1.0]
    q = d[0]
    s = 0.0
    for i in range(2):
        d[0] = [v, s]
        s = s + q[i]
    return s * d[0][1]


def members_of_a_slot_bound_anew(v):
    d = {"q": [2 * v, v]}
    t = 0.0
    for i, u in enumerate(d["q"]):
        d["q"] = [u, u * v]
        t = t + u * (i + 1)
    return t * d["q"][1]


def items_of_a_slot_bound_anew(v):
    d = {"q": {"a": 2 * v, "b": v}}
    t = 0.0
    for _, u in d["q"].items():
        d["q"] = {"a": u, "b": t}
        t = t + u * v
    return t


def inner_list_before_the_outer_is_turned(v):
    d = [[v * 2, v], [v * v, 1.0]]
    q = d[0]
    d.reverse()
    return q[0] * d[0][0] * q[1]


def inner_list_before_another_is_inserted(v):
    d = [[v * 2, v], [v * v, 1.0]]
    q = d[0]
    d.insert(0, [v, v])
    return q[0] * d[0][0] * q[1]


def inner_dicts_within_each_other(v):
    d = {"a": {"b": v, "c": v * v}}
    q = d["a"]
    q["b"] = v * q["c"]
    d["a"] = {"b": v * 3, "c": 1.0}
    return q["c"] * q["b"] * d["a"]["b"]


def one_array_twice_in_a_slot_of_two_names(v):
    d = {"a": [v * 2, v]}
    e = d
    q = d["a"]
    e["a"] = [v, v]
    return q[0] * d["a"][1] * q[1]


def caller_s_array_exchanged_within_a_slot(x: float, z: tuple):
    d = {"q": [z[1], np.square(np.array([x, 1.0, x]))]}
    q = d["q"]
    for _ in range(2):
        d["q"] = [q[1], q[0]]
    z = x * 2.0
    return np.sin(z)


def both_of(a):
    return a, a


def constant_of_a_complex_number_beside_a_number(x, y):
    one, _ = both_of(x[1])
    return {"one": np.abs(1j), "two": one}


CASES = {
    "constant_of_a_complex_number_beside_a_number": [(V3, 0.7)],
    "written_then_dropped": [(V3, {"a": W3, "b": V3 * 0.5})],
    "written_then_dropped_from_a_list": [(V3, [W3, V3 * 0.5])],
    "written_then_dropped_in_a_loop": [(V3, {"a": W3, "b": V3 * 0.5})],
    "two_entries_under_one_key": [(1.3, 0.7), (V3, W3)],
    "running_mean": [(1.3, 0.7), (V3, W3)],
    "put_then_written": [(V3, W3)],
    "put_beside_what_it_reads": {"args": [(V3, W3)], "expect": "any"},
    "written_after_it_was_read": [(V3, W3)],
    "bumped_by_a_closure": {"args": [(1.3, 0.7), (V3, W3)], "expect": "any"},
    "read_before_a_call_of_the_statement": [(1.3, 0.7)],
    "named_before_a_call": [(V3, W3 * 0.1)],
    "tested_before_a_call": [(V3, W3 * 0.1)],
    "pushed_twice": {"args": [(1.3, 0.7), (V3, W3)], "expect": "any"},
    "pushed_then_written": [(V3, W3)],
    "two_slots_of_one": [(V3, W3)],
    "copied_then_bound": [(V3, W3)],
    "memo_of_numbers": [(1.3, 0.7), (V3, W3)],
    "mixed_entries": {"args": [(1.3, 0.7)], "expect": "any"},
    "unread_parameter": [(1.3, 0.7), (1.3, V3)],
    "rows_exchanged": [(1.3, np.array([[1.0, 0.5, -0.3], [0.2, 0.7, 1.1], [0.4, -0.9, 0.6]]))],
    "number_under_the_name_of_a_written_array": [(V3, M33)],
    "number_in_a_branch_under_the_name_of_a_written_array": {"args": [(V3, M33)], "expect": "any"},
    "either_has_another_shape": [(V3, 0.7, 1.0), (V3, 0.7, -1.0), (0.7, V3, 1.0)],
    "either_is_stored_into_a_slice": [(V3, {"a": 0.7})],
    "inner_list_whose_slot_is_bound_anew": [(0.7,), (V3,)],
    "inner_list_whose_slot_is_bound_in_a_loop": [(0.7,)],
    "members_of_a_slot_bound_anew": [(0.7,), (V3,)],
    "items_of_a_slot_bound_anew": [(0.7,), (V3,)],
    "inner_list_before_the_outer_is_turned": [(0.7,), (V3,)],
    "inner_list_before_another_is_inserted": [(0.7,), (V3,)],
    "inner_dicts_within_each_other": [(0.7,), (V3,)],
    "one_array_twice_in_a_slot_of_two_names": [(0.7,), (V3,)],
    "caller_s_array_exchanged_within_a_slot": [(0.7, (1.2, V3))],
}
