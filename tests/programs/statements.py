"""Statements around active code: match, with, try, and calls that fill arrays."""

# ruff: noqa

import math

import numpy as np


def fill(x, y):
    a = np.zeros(3)
    a.fill(x)
    a[0] = y
    return a.sum() * a[1]


def copyto(x, y):
    a = np.zeros(3)
    np.copyto(a, x)
    return a * y


def matchs(x, y, kind="a"):
    match kind:
        case "a":
            return x * y
        case "b" | "c":
            return x + y
        case _:
            return x


def matchi(x, y, n: int = 2):
    match n:
        case 1:
            s = x
        case 2:
            s = x * y
        case _:
            s = y
    return s * s


def errst(x, y):
    with np.errstate(divide="ignore"):
        z = x / y
    return z * z


def errst2(x, y):
    with np.errstate(all="ignore"):
        return np.log(x) * y


def tryf(x, y):
    try:
        z = x * y
    finally:
        pass
    return z * z


def tryf2(x, y):
    try:
        z = x * y
        return z * x
    finally:
        w = 1


def trye(x, y):
    try:
        z = positive_root(x - 10.0) * y
    except ValueError:
        z = x * y
    return z * x


def trye2(x, y):
    try:
        z = math.sqrt(x) * y
    except ValueError:
        z = 0.0
    return z * x


def trye3(x, y):
    try:
        z = x / (y - y)
    except ZeroDivisionError:
        return x * 3.0
    return z * x


def trykey(p):
    try:
        return p["zz"]
    except KeyError:
        return p["a"] * p["b"]


def match_pair(x, kind, n):
    match (kind, n):
        case ("a", 1):
            return x
        case ("a" | "b", k):
            return x * k * x
        case _:
            return x + n


def match_capture(x, y, mode):
    match mode:
        case None:
            s = x
        case "scale" if y > 0:
            s = x * y
        case other:
            s = x * len(other)
    return s * s


def positive_root(x):
    if x < 0.0:
        raise ValueError
    return x**0.5


def try_in_loop(xs):
    total = 0.0
    for x in xs:
        try:
            total = total + positive_root(x)
        except ValueError:
            total = total - x * x
    return total


def try_several(x, y):
    try:
        a = positive_root(x)
        b = a / y
    except (ValueError, OverflowError):
        a, b = x, 1.0
    except ZeroDivisionError as error:
        print(error)
        a, b = 1.0, x * x
    else:
        b = b * 2.0
    return a * b * x


def try_raises(x, y):
    try:
        z = safe_root(x)
    except ValueError:
        raise RuntimeError("negative") from None
    finally:
        y = y * 2.0
    return z * y


def safe_root(x):
    return math.sqrt(x)


def out_keyword(x, y):
    z = np.zeros(3)
    np.multiply(x, y, out=z)
    np.add(z, x, out=z)
    return z @ x


def errstate_in_loop(x, n: int = 3):
    s = x * 0.0
    for k in range(n):
        with np.errstate(divide="ignore", invalid="ignore"):
            s = s + np.log(x) * k
    return s.sum()


V = np.array([0.4, 1.3, 2.2])
P = {"a": 0.7, "b": 1.3}
TWO = [(0.7, 1.2)]
CASES = {
    "matchs": [(0.7, 1.2), (0.7, 1.2, "c"), (0.7, 1.2, "x")],
    "matchi": [(0.7, 1.2), (0.7, 1.2, 1), (0.7, 1.2, 5)],
    "errst": [(0.7, 1.2), (V, 0.3)],
    "errst2": [(0.7, 1.2), (V, 0.3)],
    "tryf": TWO,
    "tryf2": TWO,
    "trye": {"args": [(0.7, 1.2), (12.0, 1.2)]},
    "trye2": TWO,
    "trye3": TWO,
    "trykey": [(P,)],
    "fill": TWO,
    "copyto": [(V, 0.7), (0.3, V)],
    "match_pair": {"args": [(0.7, "a", 1), (0.7, "b", 3.0), (0.7, "c", 2.0)], "wrt": 0},
    "match_capture": {
        "args": [(0.7, 1.2, None), (0.7, 1.2, "scale"), (0.7, 1.2, "other"), (0.7, -1.2, "scale")],
        "wrt": (0, 1),
    },
    "try_in_loop": {"args": [([0.4, -0.7, 1.3],)]},
    "try_several": {"args": [(0.7, 1.2), (-0.7, 1.2)]},
    "try_raises": TWO,
    "out_keyword": [(V, 0.7)],
    "errstate_in_loop": [(V,)],
}
