"""Programs whose derivatives were wrong, or broke, when they were differentiated again."""

# ruff: noqa

import numpy as np

V3 = np.array([0.9, -0.7, 0.4])


def windows_of_a_kept_list(x):
    window = [x[0], x[1] * 2, x[2] * 3]
    kept = []
    total = 0.0
    for i in range(3):
        kept.append(window)
        window.append(x[i] * window[0])
        window = window[1:]
        total = total * x[0] + sum(window)
    return total + kept[1][2] ** 2


def slice_of_a_list_with_two_names(x):
    a = [x[0], x[1] * 2, x[2] * 3]
    b = a
    c = a[1:]
    b[1] = x[0] ** 2
    c[0] = c[0] * x[1]
    c.append(b[0])
    return a[1] * c[0] + c[1] * b[2] * c[2]


def popped_within(x):
    todo = [0, 1, 2]
    rows = [[0], [0, 1], [1, 2]]
    total = 0.0
    while todo:
        total = total + x[int(todo.pop())] ** 2
        for j in rows.pop()[::-1]:
            total = total * x[j] + x[j]
    return total


def popped_into_an_index(x):
    order = [0, 1, 2]
    y = x * 2
    total = 0.0
    while order:
        y[order.pop()] *= x[1]
        total += y[0] ** 2
    return total


def popped_and_put_back(x):
    order = [0, 1, 2]
    stack = []
    total = 0.0
    for _ in range(3):
        stack.append([order[-1], order.pop()])
        total = total * x[1] + x[stack.pop()[0]] ** 2
        order.append(0)
        order.pop()
    return total


def members_written_while_a_list_shrinks(x):
    a = [x * 0.1, x * 0.2, x * x]
    total = 0.0
    while a:
        for i in range(len(a)):
            total = total * 0.1 + np.sum(a[i] ** 2)
            a[i] += 0.1 * total * x
        total = total * 0.1 + np.sum(a.pop() ** 3)
    return total


def members_written_while_a_list_grows(x):
    a = [x * 1.0]
    total = 0.0
    for k in range(3):
        a.append(x * k)
        for i in range(len(a)):
            total = total * 0.1 + np.sum(a[i] ** 2)
            a[i] += total * x
            a[i] *= x
    return total + np.sum(a[2])


def augmented_at_a_place_found_once(x):
    draw = np.random.default_rng(3)
    order = [0, 1, 2]
    rows = [x * 2, x * 3, x * 4]
    y = np.outer(x, x)
    y[draw.integers(3)] *= x[0]
    y[draw.integers(2) :, draw.integers(3)] += x[1] ** 2
    rows[order.pop()][order.pop()] *= x[0]
    return np.sum(y) + np.sum(sum(rows))


def whole_of_any_array(x):
    y = np.zeros_like(x)
    y[...] = x
    y *= x
    y[...] = y * y
    return np.sum(y)


def number_in_a_shape(x, v):
    return np.sum(np.expand_dims(x, -1) * v) + np.sum(np.reshape(x * x, (1,)) * v) + np.ravel(x)[0] ** 3


def added_to_a_part(x, v):
    y = x * 2
    np.add.at(y[1:], [0, 0, 1], v)
    return np.sum(y * y)


def entries_written_in_place(x, k):
    state = {"x": x * 1.0, "v": x * k}
    for _ in range(3):
        state["v"] -= 0.1 * k * state["x"]
        state["x"] += 0.1 * state["v"] ** 2
    return np.sum(state["x"] ** 2)


def joined_to_what_may_be_a_list(b, y):
    b = b + [y]
    c = [1.0] + b
    return sum(c) * c[0] * c[1]


def keys_and_values(params):
    total = 0.0
    for name in params.keys():
        total += len(name) * params[name] ** 2
    for name, value in params.items():
        total *= value
    return total


def parts_of_unlike_members(p):
    layers, scale = p
    total = 0.0
    for w, b in layers:
        for i in range(len(w)):
            total += (w[i] * b) ** 2
    return total * scale


def power(x, n: int):
    if n == 0:
        return 1.0
    total = 0.0
    for _ in range(2):
        total += 0.5 * power(x, n - 1) * x
    return total


def recursion_that_adds_up(x):
    return power(x, 3) * x


def entries_named_twice_scaled(x):
    x[[0, 0, 1]] *= x
    known = x
    return x


CASES = {
    "entries_named_twice_scaled": [(V3,)],
    "windows_of_a_kept_list": [(V3,)],
    "slice_of_a_list_with_two_names": [(V3,)],
    "popped_within": [(V3,)],
    "popped_into_an_index": [(V3,)],
    "popped_and_put_back": [(V3,)],
    "members_written_while_a_list_shrinks": [(V3,)],
    "members_written_while_a_list_grows": [(V3,)],
    "augmented_at_a_place_found_once": [(V3,)],
    "whole_of_any_array": [(V3,), (np.array(1.3),)],
    "number_in_a_shape": [(1.5, V3)],
    "added_to_a_part": [(np.array([1.0, 0.5, -0.3]), V3)],
    "entries_written_in_place": [(V3, 1.3)],
    "joined_to_what_may_be_a_list": [([2.0], 3.0)],
    "keys_and_values": [({"a": 0.7, "bc": 1.3},)],
    "parts_of_unlike_members": [(([(V3, 0.7), (V3[:2], 1.1)], 1.3),)],
    "recursion_that_adds_up": [(1.2,)],
}
