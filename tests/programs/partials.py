"""Functions with some arguments bound."""

# ruff: noqa
import functools
import math
from functools import partial


def model(x, a, b=1.0, *, c=0.0):
    return a * x**2 + b * x + c


def residual(params, t, y):
    return y - params[0] * math.exp(-params[1] * t)


def quadrature(f, lo, hi, n: int = 6):
    h = (hi - lo) / n
    return h * sum(f(lo + (i + 0.5) * h) for i in range(n))


def bound_by_name(x, k):
    f = partial(model, a=k, c=x)
    return f(x) + f(2.0)


def bound_by_place(x, k):
    f = functools.partial(model, x, k)
    return f() + f(3.0) + f(c=k)


def handed_on(a, b):
    return quadrature(partial(model, a=a, b=b), 0.0, 1.0)


def overridden(x, k):
    f = partial(model, a=k, b=2.0)
    return f(x, b=x) + f(x)


def mapped(xs, k):
    return sum(map(partial(model, a=k), xs))


def rebound_later(x, k):
    f = partial(model, a=k)
    k = k * 2
    return f(x) * k


def of_a_lambda(x, k):
    f = functools.partial(lambda a, b: a * b + k, k)
    k = k * 2
    return f(x) * k


def of_a_lambda_by_name(x, k):
    f = partial(lambda a, b=2.0, *, c=1.0: a * b * c, c=k)
    return f(x) + f(x, k)


CASES = {n: [(0.7, 0.3)] for n in ("bound_by_name", "bound_by_place", "handed_on", "overridden", "rebound_later")}
CASES["mapped"] = [([0.3, 0.9], 0.7)]
CASES["mapped"] = {"args": CASES["mapped"], "expect": "any"}
CASES |= {"of_a_lambda": [(0.7, 0.3)], "of_a_lambda_by_name": [(0.7, 0.3)]}
