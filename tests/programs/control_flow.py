"""Branches: early returns, assignments on one path only, decisions on data."""

# ruff: noqa

import math

import numpy as np


def smooth_abs(x):
    if x > 0.0:
        y = x * x
    else:
        y = -x
    return y


def three_way(x):
    if x < -1:
        y = -2 * x - 1
    elif x < 1:
        y = x**2
    else:
        y = 2 * x - 1
    return y


def huber(residual, delta=1.0):
    a = abs(residual)
    if a <= delta:
        return 0.5 * residual**2
    return delta * (a - 0.5 * delta)


def guard_clauses(x, y):
    if x is None:
        return 0.0
    if y == 0:
        return x
    if x < 0:
        x = -x
        if y < 0:
            return x * y * y
    return x / y


def no_else(x, y):
    z = x * y
    if x > y:
        z = z * x
    if z > 1:
        z += y
    return z


def branch_does_not_assign(x):
    y = 1.0
    if x > 2.0:
        pass
    elif x > 1.0:
        y = x**3
    return y * x


def assigned_in_both(x, y):
    if x > y:
        a, b = x, y
    else:
        a, b = y, x
    return a**2 - b


def constant_on_one_path(x):
    if x > 1:
        w = 2.0
    else:
        w = x
    return w * w


def nested_branches(x, y):
    result = 0.0
    if x > 0:
        result += x
        if y > 0:
            result *= y
            if x > y:
                result = result - y
            else:
                result = result / x
        else:
            result = math.exp(y) * result
    elif y > 0:
        result = x * y
    return result


def piecewise_tax(income):
    tax = 0.0
    if income > 50_000:
        tax += (income - 50_000) * 0.4
        income = 50_000
    if income > 20_000:
        tax += (income - 20_000) * 0.2
        income = 20_000
    tax += income * 0.1
    return tax


def flag_argument(x, square=True, verbose: bool = False):
    if verbose:
        print("x is", x)
    if square:
        x = x * x
    return x + 1


def mode_by_text(x, kind="relu"):
    if kind == "relu":
        return max(x, 0.0)
    elif kind == "sigmoid":
        return 1 / (1 + math.exp(-x))
    elif kind == "swish":
        return x / (1 + math.exp(-x))
    else:
        raise ValueError(f"unknown activation {kind!r}")


def overwritten_condition(x):
    if x > 1:
        x = x - 3
        if x > 1:
            x = x * x
        else:
            x = x * 5
    return x


def return_tuple_early(x, y):
    if x > y:
        return x - y, x * y
    s = x + y
    return s, s * s


def log_gamma_like(z):
    if z < 0.5:
        return math.log(math.pi / math.sin(math.pi * z)) - log_series(1 - z)
    return log_series(z)


def log_series(z):
    z -= 1
    x = 0.99999999999980993
    x += 676.5203681218851 / (z + 1)
    x += -12.591392167224028 / (z + 2)
    t = z + 2.5
    return 0.5 * math.log(2 * math.pi) + (z + 0.5) * math.log(t) - t + math.log(x)


def array_branch(x):
    if x.sum() > 0:
        x = x * 2
    else:
        x = -x
    if np.any(x > 3):
        return x.max()
    return np.mean(x)


def ternary_arrays(x, y):
    z = x if x[0] > y[0] else y
    return np.sum(z * z) + (x @ y if len(x) > 2 else 0.0)


def try_like_guard(x):
    assert x != 0.0, f"x must not be zero, got {x}"
    if not math.isfinite(x):
        raise ValueError("not finite")
    return 1.0 / x


def maybe_defined(x, n: int):
    if n > 0:
        y = x * n
    if n > 0:
        return y * y
    return x


def saturating(v, limit):
    if v > limit:
        v = limit
    elif v < -limit:
        v = -limit
    return v * v * v


def in_tuple(x, n=2):
    if n in (1, 2, 3):
        x = x**n
    if n not in {4: 0, 5: 1}:
        x = x + n
    return x


CASES = {
    "smooth_abs": [(1.5,), (-1.5,)],
    "three_way": [(-2.0,), (0.3,), (2.5,)],
    "huber": [(0.4,), (-3.0,), (2.0, 0.5)],
    "guard_clauses": [(2.0, 0.5), (-2.0, -0.5), (-2.0, 0.5)],
    "no_else": [(2.0, 0.3), (0.3, 2.0), (2.0, 1.5)],
    "branch_does_not_assign": [(3.0,), (1.5,), (0.5,)],
    "assigned_in_both": [(3.0, 1.0), (1.0, 3.0)],
    "constant_on_one_path": [(3.0,), (0.5,)],
    "nested_branches": [(3.0, 1.0), (1.0, 3.0), (1.0, -2.0), (-1.0, 2.0), (-1.0, -2.0)],
    "piecewise_tax": [(70_000.0,), (30_000.0,), (10_000.0,)],
    "flag_argument": [(1.5,), (1.5, False), (1.5, True, True)],
    "mode_by_text": [(1.5,), (-0.4, "sigmoid"), (0.7, "swish")],
    "overwritten_condition": [(0.5,), (5.0,), (2.0,)],
    "return_tuple_early": [(3.0, 1.0), (1.0, 3.0)],
    "log_gamma_like": [(0.3,), (2.7,)],
    "array_branch": [(np.array([1.0, 2.0, -0.5]),), (np.array([-1.0, -2.0, 0.5]),)],
    "ternary_arrays": [
        (np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.0, -1.0])),
        (np.array([1.0, 2.0]), np.array([3.0, 1.0])),
    ],
    "try_like_guard": [(0.7,)],
    "maybe_defined": [(1.5, 2), (1.5, 0)],
    "saturating": [(5.0, 1.5), (-5.0, 1.5), (0.5, 1.5)],
    "in_tuple": {"args": [(1.3,), (1.3, 5)], "wrt": "x"},
}
