"""Targets of augmented assignments are found before what is assigned is computed."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def _scaled(p, q):
    p *= q
    return np.sum(p)


def mask_before_a_call_that_changes_it(a, y):
    a[a > 0.5] *= _scaled(a, 3.0)
    return np.sum(a) * y[0]


def _swapped(d, y):
    d["b"] = d["b"] * y[0]
    return y[1]


def entry_before_a_call_that_binds_it(a, y):
    d = {"b": a * 1.0}
    d["b"][0] *= _swapped(d, y)
    return np.sum(d["b"]) * y[0]


def member_before_a_call_that_binds_it(a, y):
    l = [a * 1.0, y * 2.0]
    l[0][0] += _swapped_member(l, y)
    return np.sum(l[0]) * y[0]


def _swapped_member(l, y):
    l[0] = l[1]
    return y[1]


def computed_index_before_a_call(a, y):
    a[int(a[0])] *= _scaled(a, 3.0)
    return a @ y


def slice_before_a_call(a, y):
    a[np.argmax(a) :] += _scaled(a, -2.0) * a[1]
    return a @ y


def mask_of_an_array_before_a_call(a: np.ndarray, y: np.ndarray):
    a[a > 0.5] *= _scaled(a, 3.0)
    return np.sum(a) * y[0]


def indices_before_a_call(a: np.ndarray, y: np.ndarray):
    a[[0, 1]] *= _scaled(a, 3.0)
    return a @ y


def plain_slice_before_a_call(a: np.ndarray, y: np.ndarray):
    a[0:2] *= _scaled(a, 3.0)
    return a @ y


def element_before_a_call(a: np.ndarray, y: np.ndarray):
    a[0] *= _scaled(a, 3.0)
    return a @ y


def slice_less_its_reverse(a: np.ndarray, b: np.ndarray):
    a[:] -= a[::-1]
    return [b, a[::-1]]


def reverse_less_the_slice(a: np.ndarray, b: np.ndarray):
    a[::-1] -= a[:]
    return a[:]


def entry_read_then_reduced(x, z):
    b = float(z["b"][0])
    held = [x, x]
    held[1][:] *= z["b"].max()
    z["b"] -= z["b"]
    return b


CASES = {
    "mask_before_a_call_that_changes_it": {"args": [(V3, W3)], "expect": "any"},
    "entry_before_a_call_that_binds_it": [(V3, W3)],
    "member_before_a_call_that_binds_it": [(V3, W3)],
    "computed_index_before_a_call": [(V3, W3)],
    "slice_before_a_call": [(V3, W3)],
    "mask_of_an_array_before_a_call": [(V3, W3)],
    "indices_before_a_call": [(V3, W3)],
    "plain_slice_before_a_call": [(V3, W3)],
    "element_before_a_call": [(V3, W3)],
    "slice_less_its_reverse": [(V3, W3)],
    "reverse_less_the_slice": [(V3, W3)],
    "entry_read_then_reduced": [(V3, {"a": 0.3, "b": W3})],
}
