"""What the cases of a match statement bind and write."""

# ruff: noqa

import collections
from dataclasses import dataclass
from typing import NamedTuple

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


def captured_parts_are_written(x, y):
    l = [np.zeros(3), np.ones(3)]
    match l:
        case [a, b]:
            a[:] = x * y
            b *= a
    return l[0] + l[1] * 2.0


def captured_in_a_display(x, y):
    l = [np.zeros(3)]
    match l, len(x):
        case [a], 3:
            a += x
    return l[0] * y


def captured_by_some_cases(x, y):
    s = x
    match [1, len(x)]:
        case [2, s]:
            pass
        case [1, *rest]:
            s = s * rest[0]
    return s * y


def captured_from_a_dict(x, y):
    match {"kind": "exp", "rate": 2.0, "more": [1.0, x]}:
        case {"kind": "lin"}:
            return x
        case {"kind": "exp", "rate": float(r), "more": [_, v], **left} if r > 1.0 and not left:
            return r * v * y
    return x * y


def captured_crosswise(x, y):
    a, b = x, y
    match (a, b):
        case (b, a):
            z = a * b + b
    return z


def captured_with_a_guard(x, y):
    match y * 2.0:
        case r if r > 1.0:
            return x * r
        case r:
            return x - r


def captured_by_alternatives(x, y):
    p = (len(x), 3.0)
    match p:
        case [0, c] | [3, c] as q:
            z = x * c + q[1] * y
        case _:
            z = x
    return z


def wildcard_with_a_guard(x, y):
    match len(x):
        case 2:
            return x * y
        case _ if y > 5.0:
            return x
    return x * y * y


def bound_again_in_a_case(x, y):
    t = 2
    match len(x):
        case 3:
            t = x * y
        case 1:
            t = x
    return t * y


@dataclass
class Line:
    slope: float
    offset: float = 1.0


class Pair(NamedTuple):
    a: float
    b: float


def attributes_captured(x, y):
    total = x * 0.0
    for shape in (Line(2.0), Pair(3.0, 4.0)):
        match shape:
            case Line(slope=a):
                total = total + x * a * y
            case Pair(a, b):
                total = total + x * b
    return total


def what_is_a_sequence(x, y):
    for thing in (range(2), "ab", collections.deque([0, 3.0]), None, 0, np.arange(2)):
        match thing:
            case [0, 1]:
                x = x * y
            case [0, k]:
                x = x + k
            case str() as t if len(t) == 2:
                x = x * x
            case None:
                x = x - y
            case _:
                x = x / y
    return x


def operations_taken_apart(x, y):
    out = np.zeros(3)
    x = x * 1.0
    for op in [("scale", 2.0), ("shift", y), ("mix", 0, 2), "end", {"pow": 2}]:
        match op:
            case ("scale", k):
                x = x * k
            case ("shift", float(k)) | ("shift", k):
                x = x + k
            case ("mix", i, j):
                x[i] = x[j] * y
            case {"pow": p}:
                x = x**p
            case "end" if len(x) == 7:
                break
    out += x
    return out


def nested_parts_are_written(x, y):
    l = [x * 1.0, [y, x * 2]]
    match l:
        case [a, [b, c]]:
            c[0] = b
            a[1] = c[2]
    return l[1][1] * l[0]


def _taken_apart(p):
    match p:
        case (a, b):
            return a * b
        case {"v": v}:
            return v * 2.0
        case v:
            return v


def helper_takes_apart(x, y):
    return _taken_apart((x, y)) + _taken_apart({"v": x}) * _taken_apart(y)


CASES = {
    "view_written_in_a_case": [(V3, W3)],
    "bound_and_written_in_a_case": [(V3, W3)],
    "helper_writes_in_a_case": [(V3, W3)],
    "loop_in_a_case": [(V3, W3)],
    "member_written_in_a_case": [(V3, W3)],
    "member_of_a_copy_in_a_case": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
    "member_of_a_copy_in_a_handler": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
    "iterator_changed_in_a_case": {"args": [(np.array([V3, W3]), 1.7), ([V3, W3], 1.7)], "expect": "any"},
    "captured_parts_are_written": [(V3, 1.7)],
    "captured_in_a_display": [(V3, 1.7)],
    "captured_by_some_cases": [(V3, 1.7)],
    "captured_from_a_dict": [(V3, 1.7)],
    "captured_crosswise": [(V3, 1.7)],
    "captured_with_a_guard": [(V3, 1.7), (V3, 0.2)],
    "captured_by_alternatives": [(V3, 1.7)],
    "wildcard_with_a_guard": [(V3, 1.7), (V3, 6.0)],
    "bound_again_in_a_case": [(V3, 1.7)],
    "attributes_captured": [(V3, 1.7)],
    "what_is_a_sequence": [(V3, 1.7)],
    "operations_taken_apart": [(V3, 1.7)],
    "nested_parts_are_written": [(V3, 1.7)],
    "helper_takes_apart": [(V3, 1.7)],
}
