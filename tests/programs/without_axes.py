"""Arrays without axes, and the numbers that NumPy makes of them."""

# ruff: noqa
import numpy as np

V3 = np.array([0.6, 1.1, 0.3])


def number_in_a_list(x: float, y: np.ndarray):
    z = np.array(x * 1.0) + 0.0
    l = [z, x]
    l[0] += x
    return z * l[0] * y


def number_in_a_dict(x, y):
    z = np.asarray(x) * 1
    d = {"a": z}
    d["a"] *= x
    return z * d["a"] * y


def number_with_two_names(x, y):
    z = np.asarray(x) / 1
    z *= x
    w = z
    z += y[0]
    return z * w


def negated(x, y):
    z = -np.array(x)
    w = z
    w += y[1]
    return z * w


def array_that_stays_one(x, y):
    z = np.array(x)
    w = z + 0.0
    z += y[0]
    return z * w


def sum_without_axes(x, y):
    z = np.sum(y, keepdims=True).reshape(())
    w = z - 0.0
    u = w
    u -= x
    return u * w * z


def copied_numbers_in_a_loop(x, y):
    z = np.asarray(y[0] - x)
    w = z * 1.0
    e = w
    for v in y:
        x = x + np.sin(e)
        e += v
    return x * w


def all_of_it(x, y):
    z = np.asarray(x)
    s = z[()]
    return s * z * y[()]


def view_of_all_of_it(x, y):
    v = y[()]
    v[0] = x
    return v * y


def key_without_members(x, y):
    d = {(): x, 1: y}
    return d[()] * d[1]


def all_of_an_entry_is_a_copy(x, y):
    m = np.outer(y, y)
    np.copyto(m[0, 1][...], x)
    m[1, 1][None][0] = x
    m[2][...][1] = x
    return m.sum() + (m * m)[2].sum()


CASES = {
    "number_in_a_list": [(0.7, V3)],
    "number_in_a_dict": {"args": [(0.7, V3)], "expect": "any"},
    "number_with_two_names": {"args": [(0.7, V3)], "expect": "any"},
    "negated": {"args": [(0.7, V3)], "expect": "any"},
    "array_that_stays_one": [(0.7, V3)],
    "sum_without_axes": [(0.7, V3)],
    "copied_numbers_in_a_loop": {"args": [(0.7, V3)], "expect": "any"},
    "all_of_it": [(0.7, V3)],
    "view_of_all_of_it": [(0.7, V3)],
    "key_without_members": [(0.7, V3)],
    "all_of_an_entry_is_a_copy": [(0.7, V3)],
}
