"""Queues, stacks and sets of indices that are changed in passing: what they held before is put back."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def rotated(x, y):
    q = [0, 1, 2]
    s = 1.0
    for k in range(3):
        s = s * x[q[0]] + s * y[k]
        q.append(q.pop(0))
    return s


def rotated_in_turn(x, y):
    h = [[0, 1, 2], [2, 0, 1]]
    s = 1.0
    for k in range(4):
        q = h[k % 2]
        s = s * x[q[0]] + s * y[q[-1]]
        q.append(q.pop(0))
    return s


def lists_in_a_list_rotated(x, y):
    q = [[0, 1], [2, 0]]
    s = 1.0
    for k in range(2):
        s = s * x[q[0][0]] + s * y[q[-1][-1]]
        q.append(q.pop(0))
        q[0].append(q[1].pop())
    return s


def active_list_rotated(x, y):
    z = list(x)
    s = 1.0
    for k in range(3):
        s = s * z[0] + s * y[k]
        z.append(z.pop(0))
    return s


def list_of_arrays_rotated(x, y):
    z = [x, y]
    s = 1.0
    for k in range(3):
        s = s * z[0][k] + s
        z.append(z.pop(0))
    return s


def popped_into_a_product(x, y):
    z = list(x)
    w = [y[0]]
    for k in range(3):
        w.append(z.pop(0) * w[-1])
    return w[1] * w[2] * w[3]


def arrays_popped_and_appended(x, y):
    z = [x * 1.0, y * 1.0]
    s = 0.0
    for k in range(3):
        s = s * 0.5 + np.sum(z[0] * z[1][k])
        z.append(z.pop(0) * x)
    return s


def popped_within_max(x, y):
    z = list(x)
    s = max(z.pop(1), y[0]) * z.pop(0)
    return s * z[0]


def popped_at_popped_places(x, y):
    z = list(x)
    i = [1, 0]
    s = z.pop(i.pop()) * z.pop(i.pop(0))
    return s * z[0] * y[0]


def popped_from_both_ends(x, y):
    z = list(x)
    return z.pop(0) + z.pop() * z[0] * y[1]


def set_popped_by_another_name(x, y):
    q = {0, 1, 2}
    p = q
    s = 1.0
    while q:
        i = p.pop()
        s = s * x[i] + s * y[len(q)]
    return s


def set_in_a_dict_popped(x, y):
    h = {"a": {0, 1, 2}}
    s = 1.0
    while h["a"]:
        q = h["a"]
        i = q.pop()
        s = s * x[i] + s * y[len(h["a"])]
    return s


def sets_in_a_list_popped(x, y):
    h = [{0, 1}, {2}]
    s = 1.0
    for q in h:
        while q:
            i = q.pop()
            s = s * x[i] + s * y[len(h[0])]
    return s


def place_found_by_the_array_itself(x, y):
    b = np.arange(3)
    s = 1.0
    for k in range(3):
        s = s * x[b[0]] + s * y[b[1]]
        b[b[0] % len(b)] = k
    return s


def place_found_by_the_list_itself(x, y):
    b = [0, 1, 2]
    s = 1.0
    for k in range(3):
        s = s * x[b[0]] + s * y[b[1]]
        b[b[0]] = 2 - k
    return s


def added_at_a_place_that_moves(x, y):
    b = np.arange(3)
    s = 1.0
    for k in range(3):
        s = s * x[b[0]] + s * y[b[1]]
        b[b[0]] += 1
        b %= 3
    return s


def _last(q, x):
    return x[q[-1] % 3]


def popped_after_a_call_read_it(x, y):
    q = [2, 1]
    p = q[:]
    s = 1.0
    for k in range(1):
        s = s * _last(q, x)
        p.append(q.pop())
    return s * y[0]


def place_found_by_a_length(x, y):
    z = x * y
    q = [2, 0, 1, 0]
    for k in range(3):
        q.append(int(1 in q) % 3)
        z[q[0] % 3] = z[(len(q) + len(q)) % 3] * x[k]
    return z.sum()


def place_found_by_a_length_that_extends(x, y):
    z = x * y
    p = [2, 0]
    s = 1.0
    for k in range(2):
        p.extend([k])
        s = s * x[k] + z[len(p) % 3]
    return s


def slot_bound_then_appended(x, y: list):
    y[0] = np.array([x, 3.0, x])
    y.append(np.ones(3))
    return y[0].sum() * x


def slot_of_what_may_be_a_list(x, y):
    y[0] = np.array([x, 3.0, x])
    y.append(np.ones(3))
    return y[0].sum() * x


def noted_in_a_call(q, m, x):
    m[0] = q[0]
    q[0], q[1] = q[1], q[0]
    return x[q[0]] ** 2


def indices_written_by_a_call(x, y):
    q, m = [0, 1, 2], np.zeros(2, dtype=int)
    s = noted_in_a_call(q, m, x)
    s = s * noted_in_a_call(q, m, y) + s * m[0]
    return s * x[q[0]] * y[m[0]]


def sorted_in_a_call(q, x):
    q.sort(key=lambda i: -x[i])
    return x[q[0]]


def order_written_by_a_call(x, y):
    q = [0, 1, 2]
    s = sorted_in_a_call(q, x)
    return s * sorted_in_a_call(q, y) * x[q[1]]


def one_flows_into_the_next(a, b, c, x):
    c[0] = b[0]
    b[0] = a[0]
    a[0] = x[0]


def flows_over_several_calls(x, y):
    a, b, c = np.ones(1), np.ones(1), np.ones(1)
    for _ in range(3):
        one_flows_into_the_next(a, b, c, x)
    return c[0] ** 2 * y[1]


def flows_through_one_argument_twice(x, y):
    a, c = np.ones(2), np.ones(1)
    one_flows_into_the_next(a, a, c, x)
    one_flows_into_the_next(a, a, c, y)
    return c[0] ** 2 * y[1] + a[0] ** 2


CASES = {
    name: [(V3, W3)]
    for name in (
        "rotated rotated_in_turn lists_in_a_list_rotated active_list_rotated list_of_arrays_rotated "
        "popped_into_a_product arrays_popped_and_appended popped_within_max popped_at_popped_places "
        "popped_from_both_ends set_popped_by_another_name set_in_a_dict_popped sets_in_a_list_popped "
        "place_found_by_the_array_itself place_found_by_the_list_itself added_at_a_place_that_moves "
        "popped_after_a_call_read_it place_found_by_a_length place_found_by_a_length_that_extends "
        "indices_written_by_a_call order_written_by_a_call flows_over_several_calls flows_through_one_argument_twice "
    ).split()
}
CASES["slot_bound_then_appended"] = [(0.7, [V3, W3])]
CASES["slot_of_what_may_be_a_list"] = [(0.7, [V3, W3])]
