"""Copies of what may be an array, with its own memory, or a list or a dict, of which the copy has the same members."""

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])


def joined_with_itself_and_a_slot_written(x, y):
    e = [y, x]
    f = e + e
    h = [f]
    h[0][0] = x
    return f[0] * f[1] * f[2] * f[3]


def member_of_copy_scaled(g, t):
    h = g.copy()
    h[0][0] *= t
    return np.sum(g[0]) + np.sum(h[0] * t)


def member_of_slice_scaled(g, t):
    h = g[:]
    h[0][0] *= t
    return np.sum(g[0]) + np.sum(h[0] * t)


def slot_of_copy_bound(g, t):
    h = g.copy()
    h[0] = h[0] * t
    return np.sum(g[0]) + np.sum(h[0] * t)


def _copied(g):
    return g.copy()


def member_of_helpers_copy(g, t):
    h = _copied(g)
    h[0][0] *= t
    return np.sum(g[0]) + np.sum(h[0] * t)


def _scaled_first(row, t):
    row[0] *= t


def member_of_copy_given_to_helper(g, t):
    h = g.copy()
    _scaled_first(h[0], t)
    return np.sum(g[0]) + np.sum(h[0] * t)


def rows_of_copy_scaled(g, t):
    h = g.copy()
    for row in h:
        row *= t
    return np.sum(g[0]) + np.sum(h[0] * t)


def _scaled_deep(a, t):
    a[0][0] *= t
    return np.sum(a[0])


def copy_given_to_helper(g, t):
    s = _scaled_deep(g.copy(), t)
    return np.sum(g[0]) + s


def member_of_original_scaled(g, t):
    h = g.copy()
    g[0][0] *= t
    return np.sum(g[0]) + np.sum(h[0] * t)


def repeated_or_doubled(g, t):
    h = g * 2
    return np.sum(h[0]) * t


def joined_or_added(g, t):
    h = g + g
    return np.sum(h[1]) * t + np.sum(h[0])


def powers_by_keys(g, t):
    s = 0.0
    for k in g:
        s = s + np.sum(g[k]) * t**k
    return s


def powers_by_sorted_keys(g, t):
    s = 0.0
    for k in sorted(g):
        s = s + np.sum(g[k]) * t**k
    return s


def powers_by_keys_summed(g, t):
    return sum(np.sum(g[k]) * t**k for k in g)


def keys_summed(g, t):
    s = 0.0
    for k in g:
        s = s + t * k
    return s


def keys_summed_in_a_call(g, t):
    return sum(g) * t


_LIST, _ROWS = [V3, V3 + 1.0], np.array([V3, V3 + 1.0])
_DICT = {0: V3, 1: V3 + 1.0}
#: Of lists a guard may ask for an array: right, or refused.
_BOTH = {"args": [(_ROWS, 1.7), (_LIST, 1.7)], "expect": "any"}
_THREE = {"args": [(_ROWS, 1.7), (_LIST, 1.7), (_DICT, 1.7)], "expect": "any"}


def two_copies_under_one_name(x, g, t):
    e = x.copy()
    e = g.copy()
    e[1][0] = t * 3.0
    return np.sum(e[1]) * t + np.sum(g[1]) * np.sum(x)


CASES = {
    "member_of_copy_scaled": _THREE,
    "member_of_slice_scaled": _BOTH,
    "slot_of_copy_bound": [(_ROWS, 1.7), (_LIST, 1.7), (_DICT, 1.7)],
    "member_of_helpers_copy": _THREE,
    "member_of_copy_given_to_helper": _THREE,
    "rows_of_copy_scaled": _BOTH,
    "copy_given_to_helper": _THREE,
    "member_of_original_scaled": _THREE,
    "repeated_or_doubled": _BOTH,
    "joined_or_added": _BOTH,
    "powers_by_keys": [({2: V3, 1: V3 + 1.0}, 1.7)],
    "powers_by_sorted_keys": [({2: V3, 1: V3 + 1.0}, 1.7)],
    "powers_by_keys_summed": [({2: V3, 1: V3 + 1.0}, 1.7)],
    "keys_summed": {"args": [(V3, 1.7), ({2: 1.5, 1: 0.5}, 1.7)], "expect": "any"},
    "keys_summed_in_a_call": {"args": [(V3, 1.7), ({2: 1.5, 1: 0.5}, 1.7)], "expect": "any"},
    "joined_with_itself_and_a_slot_written": [(V3, V3 + 1.0)],
    "two_copies_under_one_name": {"args": [(V3, _ROWS, 1.7), (V3, _LIST, 1.7), (V3, _DICT, 1.7)], "expect": "any"},
}
