"""Loops whose body changes what they run over: each member is read when its turn comes, a copy before."""

# ruff: noqa

from types import SimpleNamespace

import numpy as np


def values_beside_a_list(x: float):
    d = {"a": x, "b": 2 * x}
    t = 0.0
    for v, w in zip(d.values(), (1.0, 2.0)):
        d["b"] = v * x
        t = t + v * w
    return t


def values_with_their_numbers(x: float):
    d = {"a": x, "b": 2 * x}
    t = 0.0
    for i, v in enumerate(d.values()):
        d["b"] = v * x
        t = t + v * i + v
    return t


def values_beside_items(x: float):
    d = {"a": x, "b": 2 * x}
    t = 0.0
    for v, (_, w) in zip(d.values(), d.items()):
        d["b"] = v * x
        t = t + v * w
    return t


def values_backwards(x: float):
    d = {"a": x, "b": 2 * x}
    t = 0.0
    for v in reversed(d.values()):
        d["a"] = v * x
        t = t + v
    return t


def values_of_two_dicts(x: float):
    d = {"a": x, "b": 2 * x}
    e = {"a": 3 * x, "b": x * x}
    t = 0.0
    for v, w in zip(d.values(), e.values()):
        e["b"] = v * x
        d["b"] = w + x
        t = t + v * w
    return t


def values_of_a_dict_bound_anew(x: float):
    d = {"a": x, "b": 2 * x}
    t = 0.0
    for i, v in enumerate(reversed(d.values())):
        d = {"a": v, "b": x}
        t = t + v * i + x
    return t * d["a"]


def values_beside_their_list(x: np.ndarray):
    d = {"a": x * 1.0, "b": x * x}
    t = 0.0
    for v, w in zip(d.values(), list(d.values())):
        d["b"] *= v
        t = t + v * w
    return t


def members_beside_numbered_members(x: float):
    q = [x, 2 * x]
    t = 0.0
    for v, (k, w) in zip(q, enumerate(q, 1)):
        q[1] = v * x
        t = t + v * k * w
    return t


def members_beside_numbered_pairs(x: float):
    q = [x, 2 * x]
    t = 0.0
    for v, (k, (j, w)) in zip(q, enumerate(zip((1, 2), q), 1)):
        q[1] = v * x
        t = t + v * k * w * j
    return t


V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def list_grows_in_its_loop(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for v in l:
        if len(l) < 6:
            l.append(v * y[0])
        t += v * v
    return t


def numbered_list_grows(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for i, v in enumerate(l):
        if i < 3:
            l.append(v * y[i])
        t += v * i
    return t


def paired_list_written(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for a, b in zip(l, y):
        l[2] = a * b
        t += a * b
    return t


def whole_slice_written(x, y):
    t = 0.0
    for v in x[:]:
        x[2] = v * y[0]
        t += v
    return t


def slice_of_a_list_written(x, y):
    l = list(x)
    t = 0.0
    for v in l[:]:
        l[2] = v * y[0]
        t += v
    return t + l[2]


def copy_by_list_written(x, y):
    t = 0.0
    for v in list(x):
        x[2] = v * y[0]
        t += v
    return t + x[2]


def turned_view_written(x, y):
    t = 0.0
    for v in x[::-1]:
        x[0] = v * y[0]
        t += v
    return t


def copied_array_written(x, y):
    t = 0.0
    for v in x.copy():
        x[2] = v * y[0]
        t += v
    return t + x[2]


def same_array_written(x, y):
    t = 0.0
    for v in np.asarray(x):
        x[2] = v * y[0]
        t += v
    return t + x[2]


def listed_array_written(x, y):
    t = 0.0
    for v in x.tolist():
        x[2] = v * y[0]
        t += v
    return t + x[2]


def members_removed(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for v in l:
        t += v
        if v < 0:
            l.remove(v)
    return t * len(l)


def members_popped(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for v in l:
        if len(l) > 1:
            t += v * l.pop()
    return t


def list_bound_anew_in_its_loop(x, y):
    l = [v * 1.0 for v in x]
    t = 0.0
    for v in l:
        l = [v * y[0]]
        t += v * l[0]
    return t + l[0]


def array_bound_anew_in_its_loop(x, y):
    t = 0.0
    for v in x:
        x = x * y[0]
        t += v * x[0]
    return t


def count_bound_anew_in_its_loop(x, y):
    n = 3
    t = 0.0
    for i in range(n):
        n = 1
        t += x[i] * y[n]
    return t


def rows_written(x, y):
    m = np.outer(x, y)
    t = 0.0
    for row in m:
        m[2] = row * x
        t += row @ y
    return t


def row_of_columns_written(x, y):
    m = np.outer(x, y)
    t = 0.0
    for col in m.T:
        m[0] += col
        t += col @ y
    return t


def member_put_in_turn(x, y):
    rows = [x * 1.0, y * 2.0]
    t = 0.0
    for r in rows:
        rows[1] = r * x
        t += r @ y
    return t


def member_augmented_in_turn(x, y):
    rows = [x * 1.0, y * 2.0]
    t = 0.0
    for r in rows:
        rows[1] *= r
        t += r @ y
    return t


def entries_added_over_a_list_of_keys(x, y):
    d = {"a": x[0], "b": y[0]}
    t = 0.0
    for k in list(d):
        d[k + "2"] = d[k] ** 2
        t += d[k]
    return t + sum(d.values())


def items_put_in_turn(x, y):
    d = {"a": x[0], "b": y[0]}
    t = 0.0
    for k, v in d.items():
        d["b"] = v * x[1]
        t += v
    return t


def values_put_in_turn(x, y):
    d = {"a": x[0], "b": y[0]}
    t = 0.0
    for v in d.values():
        d["b"] = v * x[1]
        t += v
    return t


def listed_items_put(x, y):
    d = {"a": x[0], "b": y[0]}
    t = 0.0
    for k, v in list(d.items()):
        d["b"] = v * x[1]
        t += v
    return t + d["b"]


def neighbours_of_an_array_written(x, y):
    t = 0.0
    for a, b in zip(x, x[1:]):
        x[2] = a * b
        t += a * b
    return t


def neighbours_of_a_list_written(x, y):
    l = list(x)
    t = 0.0
    for a, b in zip(l, l[1:]):
        l[2] = a * b
        t += a * b
    return t


def inserted_at_the_front(x, y):
    l = [v * w for v, w in zip(x, y)]
    for i in range(len(l)):
        l.insert(0, l[i] * 2.0)
    return sum(v * i for i, v in enumerate(l))


def extended_by_itself(x, y):
    l = [v * w for v, w in zip(x, y)]
    l.extend(l)
    l += l[:2]
    l *= 2
    return sum(v * i for i, v in enumerate(l))


def slices_of_a_list_put(x, y):
    l = [v * w for v, w in zip(x, y)]
    l[1:2] = [x[0], y[0], x[1]]
    del l[0]
    l[:0] = [y[2]]
    return sum(v * i for i, v in enumerate(l))


def reversed_and_sorted(x, y):
    l = [v * w for v, w in zip(x, y)]
    l.reverse()
    l.sort(key=lambda v: -v)
    return l[0] * 2 + l[-1]


def counted_indices_written(x, y):
    s = 1.0
    q = np.array([1, 1, 1])
    for i, v in enumerate(q):
        s = s * y[v] + x[i] * s
        q[i:] = 2
    return s


def array_of_indices_written(x, y):
    s = 1.0
    q = np.array([1, 1, 1])
    for v in q:
        s = s * y[v] + x[v] * s
        q[1:] = 2
        q[0] = 0
    return s


def list_of_indices_written(x, y):
    s = 1.0
    q = [1, 1, 1]
    for v in q:
        s = s * y[v] + x[v] * s
        q[1:] = [2, 2]
        q[0] = 0
    return s


def list_of_indices_bound_anew(x, y):
    s = 1.0
    it = [0, 1, 2]
    for k in it:
        if k == 1:
            it = [2, 2, 2]
        s = s * x[k] + y[len(it) - 1] * s
    return s


def view_of_indices_written(x, y):
    s = 1.0
    q = np.array([1, 1, 1])
    for v in q[::-1]:
        s = s * y[v] + x[v] * s
        q[:] = 2
    return s


def reversed_indices_written(x, y):
    s = 1.0
    q = [0, 1, 2]
    for v in reversed(q):
        s = s * y[v] + x[v] * s
        q[0] = 2
    return s


def paired_indices_written(x, y):
    s = 1.0
    q = [0, 1, 2]
    r = [1, 1, 1]
    for v, w in zip(q, r):
        s = s * y[v] + x[w] * s
        q[2] = 0
        r[v] = 2
    return s


def pairs_of_indices_written(x, y):
    s = 1.0
    q = [[0, 1], [1, 2], [2, 0]]
    for v, w in q:
        s = s * y[v] + x[w] * s
        q[2][0] = 0
        q[0][1] = 0
    return s


def flat_indices_written(x, y):
    s = 1.0
    q = np.arange(3)
    for v in q.flat:
        s = s * x[v] + s
        q[:] = 1
    return s


def mapped_indices_written(x, y):
    s = 1.0
    q = np.arange(3)
    for v in map(int, q):
        s = s * x[v] + s
        q[:] = 1
    return s


def transposed_indices_written(x, y):
    s = 1.0
    q = np.arange(4).reshape(2, 2)
    for a, b in q.T:
        s = s * x[a % 3] + s * y[b % 3]
        q[:] = 1
    return s


def indices_sorted_in_their_loop(x, y):
    s = 1.0
    q = [0, 1, 2]
    for v in q:
        s = s * x[v] + s
        q.sort(key=lambda t: -t)
    return s


def tuple_of_indices_bound_anew(x, y):
    s = 1.0
    q = (0, 1, 2)
    for v in q:
        s = s * x[v] + s
        q = (2, 2, 2)
    for w in q[1:]:
        s = s * y[w] + s
        q = q[1:]
    return s


def frontier_bound_anew(x, y):
    s = 1.0
    for k in range(2):
        q = [0, 1, 2]
        for v in q:
            s = s * x[v] + s * y[k]
            q = [v]
    return s


def dict_bound_anew_in_its_loop(x, y):
    s = 1.0
    d = {0: 1.0, 1: 2.0}
    for k in d:
        s = s * x[k] + s * d[k]
        d = {2: 5.0, 1: 1.0, 0: 3.0}
    return s


def loop_left_after_indices_written(x, y):
    s = 1.0
    q = [2, 0, 1]
    for r in range(2):
        for i, v in enumerate(q):
            if v == 1 and r:
                break
            s = s * x[v] + s * y[i]
            q[i] = (v + 1) % 3
    return s


def nested_targets_of_indices_written(x, y):
    s = 1.0
    q = [[2, 0], [1, 1]]
    for (a, b), c in zip(q, [0, 1]):
        s = s * x[a] + s * y[b] * x[c]
        q[1] = [0, 0]
    return s


def rows_of_indices_written(x, y):
    s = 1.0
    q = np.array([[0, 1], [1, 2]])
    for row in q:
        for v in row:
            s = s * x[v] + s
            q[1] = 0
            row[1] = 2
    return s


def _written_by_a_helper(q):
    q[2] = 0
    q[0] = 1


def indices_written_by_a_helper(x, y):
    s = 1.0
    q = [0, 1, 2]
    for v in q:
        s = s * x[v] + s
        _written_by_a_helper(q)
    return s


def list_grows_while_its_length_counts(x, y):
    s = 1.0
    q = [0, 1]
    for k in range(len(q)):
        q.append(k)
        s = s * x[k] + s * y[q[-1]]
    return s


def count_in_a_list_written(x, y):
    s = 1.0
    n = [2]
    for k in range(n[0]):
        n[0] += 1
        s = s * x[k] + s * y[k]
    return s


def count_in_an_array_written(x, y):
    s = 1.0
    n = np.array([2])
    for k in range(n[0]):
        n[0] = 3
        s = s * x[k] + s * y[k]
    return s


def count_in_a_dict_written(x, y):
    s = 1.0
    c = {"n": 2}
    for k in range(c["n"]):
        c["n"] = 3
        s = s * x[k] + s * y[k]
    return s


def count_in_an_object_written(x, y):
    s = 1.0
    c = SimpleNamespace(n=2)
    for k in range(c.n):
        c.n = 3
        s = s * x[k] + s * y[k]
    return s


def ends_exchanged_while_counting(x, y):
    s = 1.0
    q = [2, 1]
    for k in range(q[1], q[0] + 1):
        s = s * x[k] + s * y[k]
        q.reverse()
        q[0] = 7
    return s


def list_shrinks_in_an_inner_loop(x, y):
    s = 1.0
    q = [2, 1, 0]
    while q:
        k = q.pop(0)
        for j in range(len(q) + 1):
            s = s * x[k] + s * y[j]
            if j == 0 and q:
                q.pop()
    return s


def count_of_an_inner_loop_written(x, y):
    s = 1.0
    for k in range(2):
        q = [1, 2]
        for j in range(q[k]):
            q[k] = 0
            s = s * x[j] + s * y[k]
    return s


def active_list_shrinks_while_its_length_counts(x, y):
    z = list(x)
    s = 1.0
    for k in range(len(z)):
        z.pop()
        s = s * x[k] + s * y[len(z)]
    return s


def dict_grows_while_its_length_counts(x, y):
    s = 1.0
    d = {0: 1}
    for k in range(len(d)):
        d[k + 5] = 2
        s = s * x[k] + s * y[len(d)]
    return s


def length_of_a_slot_bound_anew(x, y):
    t = [[0, 1], [2]]
    for k in range(len(t[0])):
        x = x * y[k]
        t[0] = []
    return x.sum()


def place_found_by_the_length_of_a_slot(x, y):
    t = {"a": [0, 1]}
    z = x * y
    for k in range(3):
        z[len(t["a"]) % 3] = z[(len(t["a"]) + len(t["a"])) % 3] * x[k]
        t["a"] = [k] * k
    return z.sum()


CASES = {
    "list_grows_in_its_loop": {"args": [(V3, W3)], "expect": "any"},
    "numbered_list_grows": {"args": [(V3, W3)], "expect": "any"},
    "paired_list_written": [(V3, W3)],
    "whole_slice_written": [(V3, W3)],
    "slice_of_a_list_written": [(V3, W3)],
    "copy_by_list_written": [(V3, W3)],
    "turned_view_written": [(V3, W3)],
    "copied_array_written": [(V3, W3)],
    "same_array_written": [(V3, W3)],
    "listed_array_written": [(V3, W3)],
    "members_removed": {"args": [(V3, W3)], "expect": "any"},
    "members_popped": {"args": [(V3, W3)], "expect": "any"},
    "list_bound_anew_in_its_loop": [(V3, W3)],
    "array_bound_anew_in_its_loop": [(V3, W3)],
    "count_bound_anew_in_its_loop": [(V3, W3)],
    "rows_written": [(V3, W3)],
    "row_of_columns_written": [(V3, W3)],
    "member_put_in_turn": [(V3, W3)],
    "member_augmented_in_turn": [(V3, W3)],
    "entries_added_over_a_list_of_keys": [(V3, W3)],
    "items_put_in_turn": [(V3, W3)],
    "values_put_in_turn": [(V3, W3)],
    "listed_items_put": {"args": [(V3, W3)], "expect": "any"},
    "neighbours_of_an_array_written": [(V3, W3)],
    "neighbours_of_a_list_written": [(V3, W3)],
    "inserted_at_the_front": [(V3, W3)],
    "extended_by_itself": {"args": [(V3, W3)], "expect": "any"},
    "slices_of_a_list_put": [(V3, W3)],
    "reversed_and_sorted": [(V3, W3)],
    "counted_indices_written": [(V3, W3)],
    "array_of_indices_written": [(V3, W3)],
    "list_of_indices_written": [(V3, W3)],
    "list_of_indices_bound_anew": [(V3, W3)],
    "view_of_indices_written": [(V3, W3)],
    "reversed_indices_written": [(V3, W3)],
    "paired_indices_written": [(V3, W3)],
    "pairs_of_indices_written": [(V3, W3)],
    "flat_indices_written": [(V3, W3)],
    "mapped_indices_written": [(V3, W3)],
    "transposed_indices_written": [(V3, W3)],
    "indices_sorted_in_their_loop": [(V3, W3)],
    "tuple_of_indices_bound_anew": [(V3, W3)],
    "frontier_bound_anew": [(V3, W3)],
    "dict_bound_anew_in_its_loop": [(V3, W3)],
    "loop_left_after_indices_written": [(V3, W3)],
    "nested_targets_of_indices_written": [(V3, W3)],
    "rows_of_indices_written": [(V3, W3)],
    "indices_written_by_a_helper": [(V3, W3)],
    "list_grows_while_its_length_counts": [(V3, W3)],
    "count_in_a_list_written": [(V3, W3)],
    "count_in_an_array_written": [(V3, W3)],
    "count_in_a_dict_written": [(V3, W3)],
    "count_in_an_object_written": [(V3, W3)],
    "ends_exchanged_while_counting": [(V3, W3)],
    "list_shrinks_in_an_inner_loop": [(V3, W3)],
    "count_of_an_inner_loop_written": [(V3, W3)],
    "active_list_shrinks_while_its_length_counts": [(V3, W3)],
    "dict_grows_while_its_length_counts": [(V3, W3)],
    "length_of_a_slot_bound_anew": [(V3, W3)],
    "place_found_by_the_length_of_a_slot": [(V3, W3)],
    "values_beside_a_list": [(0.7,)],
    "values_with_their_numbers": [(0.7,)],
    "values_beside_items": [(0.7,)],
    "values_backwards": [(0.7,)],
    "values_of_two_dicts": [(0.7,)],
    "values_of_a_dict_bound_anew": [(0.7,)],
    "values_beside_their_list": {"args": [(V3,)], "expect": "any"},
    "members_beside_numbered_members": [(0.7,)],
    "members_beside_numbered_pairs": [(0.7,)],
}
