"""New arrays whose tangents are those of older ones: what hands them out, and what then writes them."""

# ruff: noqa

import numpy as np

V3 = np.array([0.31, 0.74, 1.42])
W3 = np.array([0.52, 0.23, 1.11])


def _doubled(v):
    v *= 2.0
    return v * v


def _as_it_is(v):
    return v


def rows_of_what_is_new(x: np.ndarray, y: np.ndarray):
    m = np.outer(x, y)
    for row in m + 1.0:
        row *= 2.0
        x = x * row
    return x * m[0]


def members_of_a_display(x: np.ndarray, y: np.ndarray):
    for a in (x + 1.0, y - 1.0):
        a *= 2.0
        y = y * a
    return x * y


def parts_of_a_quotient(x: np.ndarray, y: np.ndarray):
    for a in np.divmod(x, 0.7):
        a *= 2.0
        y = y * a
    return x * y


def numbered_parts(x: np.ndarray, y: np.ndarray):
    for i, a in enumerate(np.modf(x)):
        a += i + y
        y = y * a
    return x * y


def parts_side_by_side(x: np.ndarray, y: np.ndarray):
    for a, b in zip(np.divmod(x, 0.7), [y * 1.0, -(-x)]):
        a *= 2.0
        b[0] = y[1]
        y = y * (a + b)
    return x * y


def unpacked_parts(x: np.ndarray, y: np.ndarray):
    fraction, whole = np.modf(x)
    fraction *= 2.0
    whole += y
    return fraction * whole + x * y


def one_of_the_parts(x: np.ndarray, y: np.ndarray):
    fraction = np.modf(x)[0]
    fraction[1:] *= y[1:]
    return fraction * x


def what_a_list_grows_by(x: np.ndarray, y: np.ndarray):
    held = [y]
    held += [x + 1.0]
    held += [x * 1, -(-y)]
    held.extend([x - 0.5])
    for a in held[1:]:
        a *= 2.0
    return held[1] * held[2] * held[3] * held[4] * x


def entry_by_keyword(x: np.ndarray, y: np.ndarray):
    d = dict(k=x + 1.0, j=y)
    a = d["k"]
    a[0] = y[1]
    return a * x + d["j"]


def default_of_an_entry(x: np.ndarray, y: np.ndarray):
    d = {"j": y}
    a = d.get("k", x + 1.0)
    a *= 2.0
    b = d.setdefault("m", y - x)
    b += 1.0
    return a * b * x + d["m"]


def chosen_for_a_helper(x: np.ndarray, y: np.ndarray):
    a = _doubled(x * 3.0 if x[0] > 99.0 else x + 2.0)
    b = _as_it_is(y - 1.0 if x[0] < 99.0 else y * y)
    b *= a
    return a * x + b * y


#: Of which one oracle knows the functions: see ``test_forward.py``.
PARTS = (parts_of_a_quotient, numbered_parts, parts_side_by_side, unpacked_parts, one_of_the_parts)


def _same(a):
    return a


def _one_of(a, b, first):
    return a if first else b


def display_that_comes_back(x, y: float):
    e = _same([x])
    x[0] = y
    return np.sum(e[0]) * y


def one_of_two_displays(x, y: float):
    e = _one_of([x, x], [x, x * y], y > 0.0)
    x[0] = y
    return np.sum(e[0]) + np.sum(e[1]) * y


def new_array_in_a_display_that_comes_back(x, y: float):
    e = _one_of([x], [x * 2.0], y > 0.0)
    e[0][1] = y
    return np.sum(e[0]) * y + np.sum(x)


CASES = {
    name: [(V3, W3)]
    for name in (
        "rows_of_what_is_new members_of_a_display what_a_list_grows_by entry_by_keyword default_of_an_entry "
        "chosen_for_a_helper"
    ).split()
} | {
    "display_that_comes_back": [(V3, 1.3)],
    "one_of_two_displays": [(V3, 1.3), (V3, -0.4)],
    "new_array_in_a_display_that_comes_back": [(V3, 1.3)],
}
