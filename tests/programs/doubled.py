"""Objects that are in a value twice and have no name: what is stored into one place of it is found in the other."""

from __future__ import annotations

import copy
import itertools

import numpy as np


def a_list_repeated(x):
    a, b = [np.ones(3)] * 2
    a[0] = x[1]
    return np.sum(b**2)


def a_tuple_repeated(x):
    a, b = (np.ones(3),) * 2
    b[1] = x[0] * x[2]
    return np.sum(a**2) + b[1]


def the_rest_of_a_list(x):
    *a, b = [np.ones(3)] * 3
    a[0][0] = x[1]
    return np.sum(b**2)


def an_iterator(x):
    a, b = itertools.repeat(np.ones(3), 2)
    a[0] = x[1]
    return np.sum(b**2)


def an_iterator_in_a_tuple(x):
    p = tuple(itertools.repeat(np.ones(3), 2))
    p[0][0] = x[1]
    return np.sum(p[1] ** 2)


def entries(x):
    d = dict.fromkeys(["a", "b"], np.ones(3))
    d["a"][0] = x[1]
    return np.sum(d["b"] ** 2)


def entries_taken_apart(x):
    a, b = dict.fromkeys(["a", "b"], np.ones(3)).values()
    a[0] = x[1]
    return np.sum(b**2)


def both(a):
    return a, a


def view_and_whole(a):
    return a, a[::-1]


def pair():
    z = np.ones(3)
    return [z, z]


def by_a_helper(x):
    a, b = view_and_whole(np.ones(3))
    a[:] *= x - 3
    return np.sum(b**2 * x)


def by_a_helper_and_copied(x):
    a, b = both(np.ones(3))
    c, d = copy.deepcopy((a, b))
    c[0] = x[1]
    return np.sum(d**2) + np.sum(b)


def by_a_helper_or_a_display(x):
    a, b = both(np.ones(3)) if x[0] > 0 else (np.ones(3), np.zeros(3))
    a[0] = x[1]
    return np.sum(b**2)


def by_a_helper_or_nothing(x):
    p = x[0] > 0 and pair()
    p[0][0] = x[1]
    return np.sum(p[1] ** 2)


def in_an_inner_target(x):
    (a, b), c = pair(), 2.0
    a[0] = x[1]
    return np.sum(b**2) * c


def members_of_a_comprehension(x):
    a, b = [np.asarray(item) for item in [np.ones(3)] * 2]
    a[0] = x[1]
    return np.sum(b**2)


def members_of_lists_in_a_list(x):
    rows = [[np.ones(3)] * 2 for _ in range(2)]
    rows[0][0][0] = x[1]
    rows[1][1][1] = x[2]
    return np.sum(rows[0][1] ** 2) + np.sum(rows[1][0] ** 3)


def met_again_in_a_loop(x):
    s = 0.0
    for a in [np.ones(3)] * 2:
        s = s + np.sum(a**2)
        a[0] = x[1]
    return s


def two_names_in_a_loop(x):
    s = 0.0
    for a, b in [[np.ones(3)] * 2, [np.ones(3), np.ones(3)]]:
        a[0] = x[1]
        s = s + np.sum(b**2)
    return s


def two_names_of_pairs_in_a_loop(x):
    s = 0.0
    for i, (a, b) in enumerate([both(np.ones(3)), both(np.zeros(3))]):
        a[i] = x[1]
        s = s + np.sum(b**2)
    return s


def beside_an_active_one_in_a_loop(x):
    s = 0.0
    for a, w in zip([np.ones(3)] * 2, x, strict=False):
        s = s + np.sum(a**2)
        a[0] = w
    return s


def a_list_with_a_name_in_a_loop(x):
    s = 0.0
    rows = [np.ones(3)] * 2
    for a in rows:
        s = s + np.sum(a**2)
        a[0] = x[1]
    return s


def members_apart_in_a_loop(x):
    s = 0.0
    for a in [np.ones(3), np.ones(3)]:
        a[0] = x[1]
        s = s + np.sum(a**2)
    return s


V3 = [np.array([1.3, 0.2, 0.4])]


def _held_twice(a):
    return [a, a]


def held_twice_behind_a_write(x):
    y = x * 2.0
    y[1] += x[0]
    h = _held_twice(y)
    y = h[0]
    return y


def parameter_held_twice_behind_a_write(x):
    x[1] += x[0]
    h = _held_twice(x)
    k = _held_twice(h)
    z = k[0][1]
    return z * k[1][0] + h[0]


CASES = dict.fromkeys(
    (
        *(
            "held_twice_behind_a_write",
            "parameter_held_twice_behind_a_write",
            "a_list_repeated",
            "a_tuple_repeated",
            "an_iterator",
            "an_iterator_in_a_tuple",
            "entries",
        ),
        *("entries_taken_apart", "by_a_helper", "by_a_helper_and_copied", "by_a_helper_or_nothing"),
        *("in_an_inner_target", "members_of_a_comprehension", "members_of_lists_in_a_list"),
        *("a_list_with_a_name_in_a_loop", "members_apart_in_a_loop"),
    ),
    [tuple(V3)],
) | {
    name: {"args": [tuple(V3)], "expect": "any"}
    for name in (
        *("the_rest_of_a_list", "by_a_helper_or_a_display", "met_again_in_a_loop", "two_names_in_a_loop"),
        *("two_names_of_pairs_in_a_loop", "beside_an_active_one_in_a_loop"),
    )
}
