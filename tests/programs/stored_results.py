"""What a helper returns is stored into a part of an array, a list or a dict: in its place, in its order."""

# ruff: noqa

import numpy as np


def given(p, q):
    return q


def product(p, q):
    return p * q


def grown(w, q):
    w[0] *= 100.0
    return q * w[1]


def constant_stored(x, v):
    v[0] = given(x, 0.5)
    v[1:] = given(x, 0.25)
    return v * x


def constant_stored_by_mask(x, v):
    v[v > 0.1] = given(x, 0.01)
    return v * x


def constants_unpacked(x, v):
    held = [v * 2.0, x]
    entries = {"a": v * x}
    held[0] = given(x, 0.5)
    entries["a"] = given(x, np.ones(3))
    entries["b"], v[0] = given(x, (1.0, 2.0))
    return v * x * held[0] + held[1] * entries["a"] * entries["b"]


def result_stored_by_mask(x, v):
    v[v > 0.1] = product(x, 0.01)
    return v * x


def result_stored_at_largest(x, v):
    v[np.argmax(v)] = product(x, -5.0)
    return v * x


def index_changed_by_the_call(x, v):
    v = v * x
    v[np.argmax(v)] = grown(v, 0.5)
    return v * x


def mask_changed_by_the_call(x, v):
    v = v * x
    v[v > 1.0] = grown(v, 0.5)
    return v * x


def index_bound_before_the_element(x, v):
    i = 0
    i, v[i] = 1, product(x, 5.0)
    return v * x * i


def without_axes(a: float, b: float, v: np.ndarray):
    z = np.asarray(a * 1.0)
    z[...] = v[0] * z
    z += v[1] * b
    return v * z[()]


def constant_without_axes(x):
    z = np.array(1.0)
    return x, z[()]


def least_and_largest_of_single(x, y: float):
    return np.maximum(x.ravel(), y)


def sum_of_sorted_single(x):
    return np.sum(sorted(x)) * 0.5 + len(x)


V3 = np.array([0.3, 0.7, -0.2])
SINGLE = np.array([0.3, 0.7, -0.2], np.float32)
NAMES = (
    "constant_stored constant_stored_by_mask constants_unpacked result_stored_by_mask result_stored_at_largest "
    "index_changed_by_the_call mask_changed_by_the_call"
).split()
CASES = {
    **{name: [(1.7, V3)] for name in NAMES},
    "index_bound_before_the_element": {"args": [(1.7, V3)], "expect": "any"},
    "without_axes": [(0.4, 1.7, V3)],
    "constant_without_axes": [(V3,)],
    "least_and_largest_of_single": {"args": [(SINGLE, 0.1)], "tolerance": 2e-3},
    "sum_of_sorted_single": {"args": [(SINGLE,)], "tolerance": 2e-3},
}
