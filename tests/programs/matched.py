"""What the cases of a match statement bind and write."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def _negated(v):
    np.negative(v, out=v)
    return v


def view_written_in_a_case(x, y):
    match len(x) % 2:
        case 7:
            pass
        case _:
            v = x[::2]
            v *= y[0]
    return x @ y


def bound_and_written_in_a_case(x, y):
    t = 0.0
    match len(x):
        case 3:
            t = x * y
            w = t[1:]
            w += y[0]
        case _:
            t = y
    return np.sum(t)


def helper_writes_in_a_case(x, y):
    match len(x):
        case 3 | 4:
            u = _negated(x[:]) * 1.0
            x *= x
        case _:
            pass
    x = y * 2.0
    return x @ x


def loop_in_a_case(x, y):
    s = 0.0
    match (len(x), len(y)):
        case (3, n):
            for i in range(n):
                s += x[i] * y[i]
        case _:
            s = y[0]
    return s


def member_written_in_a_case(x, y):
    l = [x * 1.0, y]
    match len(l):
        case 2:
            a = l[0]
            a[0] = y[1]
        case _:
            pass
    return l[0] @ y


def member_of_a_copy_in_a_case(g, t):
    s = 0.0
    match len(g):
        case 2:
            h = g.copy()
            h[0][0] *= t
            s = np.sum(h[0] * t)
        case _:
            pass
    return np.sum(g[0]) + s


def member_of_a_copy_in_a_handler(g, t):
    s = 0.0
    try:
        raise ValueError
    except ValueError:
        h = g.copy()
        h[0][0] *= t
        s = np.sum(h[0] * t)
    return np.sum(g[0]) + s


def iterator_changed_in_a_case(g, t):
    it = (v * t for v in g[0])
    match len(g):
        case 2:
            g[0][0] = t
        case _:
            pass
    return sum(it)


CASES = {
    "view_written_in_a_case": [(V3, W3)],
    "bound_and_written_in_a_case": [(V3, W3)],
    "helper_writes_in_a_case": [(V3, W3)],
    "loop_in_a_case": [(V3, W3)],
    "member_written_in_a_case": [(V3, W3)],
    "member_of_a_copy_in_a_case": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
    "member_of_a_copy_in_a_handler": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
    "iterator_changed_in_a_case": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
}
