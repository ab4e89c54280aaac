"""Results of helpers that share memory with each other, and adjoints that a branch lends out."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def _both_of(a):
    return a, a[::-1]


def _pair(n):
    a = np.ones(3) * n
    return a, a[::-1]


def inactive_pair_of_views(x, z):
    b, c = _both_of(np.array([1.0, 2.0, 3.0]) * 1.0)
    c[:] += z[2]
    return b @ c


def pair_made_by_a_helper(x, z):
    b, c = _pair(2.0)
    c[:] += z[2]
    return b @ c


def active_pair_made_by_a_helper(x, z):
    b, c = _pair(z[0])
    c[:] += z[2]
    return b @ c


def pair_of_a_name_and_its_view(x, z):
    t = np.array([1.0, 2.0, 3.0])
    b, c = _both_of(t)
    c[:] += z[2]
    return b @ c


def pair_kept_whole(x, z):
    p = _pair(2.0)
    p[1][:] += z[2]
    return p[0] @ p[1]


def _view(a):
    return a[1:]


def view_that_a_helper_gives(x, z):
    t = np.array([1.0, 2.0, 3.0])
    c = _view(t)
    c[:] += z[2]
    return c @ t[1:]


def rows_of_a_list(x, z):
    l = [np.ones(3) for i in range(2)]
    b, c = l
    c[:] += z[2]
    return b @ c


def pair_of_a_lambda(x, z):
    b, c = (lambda a: (a, a[::-1]))(np.ones(3))
    c[:] += z[2]
    return b @ c


def _square(s):
    return s * s


def either_into_a_call_in_a_loop(x: float, y: float):
    x = -1.0 * y
    for i in range(2):
        x = x * 0.5 + _square(x if y > 0.5 else y)
    return x


def either_into_a_call(x: float, y: float):
    x = x * 0.5 + _square(x if y > 0.5 else y)
    return x


def either_in_a_sum_in_a_loop(x: float, y: float):
    for i in range(2):
        x = x * 0.5 + np.sin(x if y > 0.5 else y)
    return x


CASES = {
    "inactive_pair_of_views": [(V3, W3)],
    "pair_made_by_a_helper": [(V3, W3)],
    "active_pair_made_by_a_helper": [(V3, W3)],
    "pair_of_a_name_and_its_view": [(V3, W3)],
    "pair_kept_whole": [(V3, W3)],
    "view_that_a_helper_gives": [(V3, W3)],
    "rows_of_a_list": [(V3, W3)],
    "pair_of_a_lambda": [(V3, W3)],
    "either_into_a_call_in_a_loop": [(1.3, 0.7), (1.3, 0.3)],
    "either_into_a_call": [(1.3, 0.7), (1.3, 0.3)],
    "either_in_a_sum_in_a_loop": [(1.3, 0.7), (1.3, 0.3)],
}
