"""Arithmetic: operators and the functions that are the same."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sct.rules.registry import KindOf, Match, bilinear, composite, constant, elementwise, linear
from sct.rules.results import broadcast_float, broadcast_same, scalar_float
from sct.rules.results import power as power_result
from sct.rules.template import number

if TYPE_CHECKING:
    import math

    import numpy as np

    from sct.runtime import exponent_slope, over, power_slope


@elementwise("operator.add", "numpy.add", domain=(-3, 3), result=broadcast_same, complex=True)
def add(y, x1, x2):
    return 1, 1


@elementwise("operator.sub", "numpy.subtract", domain=(-3, 3), result=broadcast_same, complex=True)
def subtract(y, x1, x2):
    return 1, -1


@bilinear("operator.mul", "numpy.multiply", domain=(-3, 3), broadcasts=True, result=broadcast_same, complex=True)
def multiply(y_bar, x1, x2):
    return x2 * y_bar, x1 * y_bar


@elementwise(
    "operator.truediv", "numpy.divide", "numpy.true_divide", domain=(0.5, 3), result=broadcast_float, complex=True
)
def divide(y, x1, x2):
    return 1 / x2, -y / x2


@elementwise("operator.mod", "numpy.mod", "numpy.remainder", domain=(0.5, 3), result=broadcast_same)
def remainder(y, x1, x2):
    return 1, -(x1 // x2)


@elementwise("math.fmod", "numpy.fmod", domain=(0.5, 3), result=broadcast_same)
def fmod(y, x1, x2):
    return 1, -np.trunc(x1 / x2)


@elementwise("math.remainder", domain=(0.5, 3))
def math_remainder(y, x1, x2):
    return 1, -round((x1 - y) / x2)


@linear("math.ldexp", examples=[(1.5, 3)], result=scalar_float)
def ldexp(y_bar, x, i):
    return math.ldexp(y_bar, i)


@composite("math.modf", examples=[(1.5,), (-2.25,)])
def modf(x):
    return x - math.trunc(x), float(math.trunc(x))


@constant("operator.floordiv", "numpy.floor_divide", result=broadcast_same)
def floor_divide(x1, x2): ...


@elementwise("operator.neg", "numpy.negative", domain=(-3, 3), result=broadcast_same, complex=True)
def negative(y, x):
    return -1


@elementwise("operator.pos", "numpy.positive", domain=(-3, 3), result=broadcast_same, complex=True)
def positive(y, x):
    return 1


@elementwise("numpy.square", domain=(-3, 3), result=broadcast_same, complex=True)
def square(y, x):
    return 2 * x


@elementwise("numpy.reciprocal", domain=(0.5, 3), result=broadcast_same, complex=True)
def reciprocal(y, x):
    return -y / x


@elementwise(
    "operator.pow",
    "builtins.pow",
    "math.pow",
    "numpy.power",
    "numpy.pow",
    "numpy.float_power",
    domain=(0.5, 3),
    examples=[
        ([0.5, -1.5, 2.0], 2),
        ([0.5, 1.5], 0.5),
        ([0.5, -1.5], 3),
        ([0.5, 1.5], -1),
        (2, [0.5, 1.5]),
        ([2.0], 1),
    ],
    result=power_result,
    complex=True,
)
def power(y, x1, x2):
    """By the base it is zero where the exponent is; a zero seed gives zero also at base 0 with an exponent below 1.

    By the exponent it is zero where the base is zero, and NaN where the base is negative: there is none.
    """
    return power_slope(1, x1, x2), exponent_slope(1, x1, x2)


def _has_exponent(least: float) -> Callable[[Match, KindOf], bool]:
    def holds(match: Match, kinds: KindOf) -> bool:
        p = number(match.args["x2"])
        return p is not None and p >= least

    return holds


def _has_integer_exponent(match: Match, kinds: KindOf) -> bool:
    p = number(match.args["x2"])
    return isinstance(p, int) and p != 0


@power.case(lambda match, kinds: number(match.args["x2"]) == 0.5)
def _(y, x1, x2):
    return over(1, 2 * y), exponent_slope(1, x1, x2)


@power.case(_has_integer_exponent)
def _(y, x1, x2):
    return x2 * x1 ** (x2 - 1), exponent_slope(1, x1, x2)


@power.case(_has_exponent(1))
def _(y, x1, x2):
    return x2 * x1 ** (x2 - 1), exponent_slope(1, x1, x2)


@power.case(lambda match, kinds: (number(match.args["x1"]) or 0) > 0)
def _(y, x1, x2):
    return power_slope(1, x1, x2), math.log(x1) * y


@composite("builtins.divmod", "numpy.divmod", examples=[(7.5, 2.0)])
def divmod_(x1, x2):
    return x1 // x2, x1 % x2
