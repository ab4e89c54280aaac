"""Functions of one number, or of each element of an array."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import is_complex, without
from sct.rules.registry import composite, custom, elementwise, linear
from sct.rules.results import broadcast_float, magnitude
from sct.rules.samples import V3

if TYPE_CHECKING:
    import math

    import numpy as np

    from sct.runtime import (
        astype_like,
        bessel_i,
        exponent_of,
        interp_bar,
        interp_slope,
        over,
        polygamma,
        sinc_slope,
        unbroadcast,
    )


@elementwise("numpy.sin", "math.sin", domain=(-3, 3), complex=True)
def sin(y, x):
    return np.cos(x)


@elementwise("numpy.cos", "math.cos", domain=(-3, 3), complex=True)
def cos(y, x):
    return -np.sin(x)


@elementwise("numpy.tan", "math.tan", domain=(-1, 1), complex=True)
def tan(y, x):
    return 1 + y**2


@elementwise("numpy.arcsin", "numpy.asin", "math.asin", domain=(-0.9, 0.9), complex=True)
def arcsin(y, x):
    """A zero seed gives zero at -1 and 1, where the derivative is infinite."""
    return over(1, np.sqrt(1 - x**2))


@elementwise("numpy.arccos", "numpy.acos", "math.acos", domain=(-0.9, 0.9), complex=True)
def arccos(y, x):
    """A zero seed gives zero at -1 and 1, where the derivative is infinite."""
    return -over(1, np.sqrt(1 - x**2))


@elementwise("numpy.arctan", "numpy.atan", "math.atan", domain=(-3, 3), complex=True)
def arctan(y, x):
    return 1 / (1 + x * x)


@elementwise("numpy.arctan2", "numpy.atan2", "math.atan2", domain=(0.5, 3))
def arctan2(y, x1, x2):
    """Zero at the origin, where there is no derivative."""
    return over(x2, x1 * x1 + x2 * x2), over(-x1, x1 * x1 + x2 * x2)


@elementwise("numpy.sinh", "math.sinh", domain=(-2, 2), complex=True)
def sinh(y, x):
    return np.cosh(x)


@elementwise("numpy.cosh", "math.cosh", domain=(-2, 2), complex=True)
def cosh(y, x):
    return np.sinh(x)


@elementwise("numpy.tanh", "math.tanh", domain=(-2, 2), complex=True)
def tanh(y, x):
    return 1 - y**2


@elementwise("numpy.arcsinh", "numpy.asinh", "math.asinh", domain=(-2, 2), complex=True)
def arcsinh(y, x):
    return 1 / np.hypot(1.0, x)


@arcsinh.case(is_complex("x"))
def _(y, x):
    return 1 / np.sqrt(1 + x * x)


@elementwise("numpy.arccosh", "numpy.acosh", "math.acosh", domain=(1.2, 3), complex=True)
def arccosh(y, x):
    """A zero seed gives zero at 1, where the derivative is infinite."""
    return over(1, np.sqrt(x - 1) * np.sqrt(x + 1))


@elementwise("numpy.arctanh", "numpy.atanh", "math.atanh", domain=(-0.8, 0.8), complex=True)
def arctanh(y, x):
    """A zero seed gives zero at -1 and 1, where the derivative is infinite."""
    return over(1, 1 - x * x)


@elementwise("numpy.exp", "math.exp", domain=(-2, 2), complex=True)
def exp(y, x):
    return y


@elementwise("numpy.exp2", "scipy.special.exp2", "math.exp2", domain=(-2, 2), complex=True)
def exp2(y, x):
    return math.log(2.0) * y


@elementwise("numpy.expm1", "scipy.special.expm1", "math.expm1", domain=(-2, 2), complex=True)
def expm1(y, x):
    return y + 1


@elementwise("numpy.log", "math.log", domain=(0.3, 3), complex=True)
def log(y, x):
    return 1 / x


@elementwise("math.log", domain=(1.5, 3))
def log_base(y, x, base):
    return 1 / (x * np.log(base)), -y / (base * np.log(base))


@elementwise("numpy.log1p", "scipy.special.log1p", "math.log1p", domain=(-0.5, 3), complex=True)
def log1p(y, x):
    return 1 / (1 + x)


@elementwise("numpy.log2", "math.log2", domain=(0.3, 3), complex=True)
def log2(y, x):
    return 1 / (x * math.log(2.0))


@elementwise("numpy.log10", "math.log10", domain=(0.3, 3), complex=True)
def log10(y, x):
    return 1 / (x * math.log(10.0))


@elementwise("numpy.logaddexp", domain=(-3, 3))
def logaddexp(y, x1, x2):
    return np.exp(x1 - y), np.exp(x2 - y)


@elementwise("numpy.logaddexp2", domain=(-3, 3))
def logaddexp2(y, x1, x2):
    return np.exp2(x1 - y), np.exp2(x2 - y)


@elementwise("numpy.sqrt", "math.sqrt", domain=(0.3, 3), complex=True)
def sqrt(y, x):
    """A zero seed gives zero at 0, where the derivative is infinite."""
    return over(1, 2 * y)


@elementwise("numpy.cbrt", "scipy.special.cbrt", "math.cbrt", domain=(0.3, 3))
def cbrt(y, x):
    """A zero seed gives zero at 0, where the derivative is infinite."""
    return over(1, 3 * y**2)


@elementwise(
    "builtins.abs",
    "operator.abs",
    "math.fabs",
    "numpy.abs",
    "numpy.absolute",
    "numpy.fabs",
    domain=(0.3, 3),
    result=magnitude,
    complex=True,
)
def absolute(y, x):
    """Zero at 0."""
    return np.sign(x)


@elementwise("numpy.hypot", "math.hypot", domain=(0.5, 3))
def hypot(y, x1, x2):
    """Zero at the origin, where there is no derivative."""
    return over(x1, y), over(x2, y)


@elementwise("numpy.copysign", "math.copysign", domain=(0.5, 3), operands=("x1",))
def copysign(y, x1, x2):
    return np.copysign(1.0, x1) * np.copysign(1.0, x2)


@elementwise("math.erf", domain=(-2, 2))
def erf(y, x):
    return 2 / np.sqrt(np.pi) * np.exp(-x * x)


@elementwise("math.erfc", domain=(-2, 2))
def erfc(y, x):
    return -2 / np.sqrt(np.pi) * np.exp(-x * x)


@elementwise("math.gamma", domain=(0.5, 3), examples=[(-0.7,), (-2.3,)])
def gamma(y, x):
    return polygamma(0, x) * y


@elementwise("math.lgamma", domain=(0.5, 3), examples=[(-0.7,), (-2.3,)])
def lgamma(y, x):
    return polygamma(0, x)


@elementwise("numpy.sinc", "scipy.special.sinc", domain=(0.2, 2), examples=[(0.0,), ([0.0, 0.5],)], complex=True)
def sinc(y, x):
    return sinc_slope(x)


@elementwise("numpy.i0", domain=(-2, 2))
def i0(y, x):
    return bessel_i(1, x)


@elementwise("numpy.heaviside", domain=(0.5, 3), operands=("x2",), result=broadcast_float)
def heaviside(y, x1, x2):
    """Zero by the first operand, at the step too."""
    return np.equal(x1, 0)


def _copies(args):
    copy = args.get("copy")
    return "" if copy is None or getattr(copy, "value", 0) is True else "it may write into its operand"


@elementwise(
    "numpy.nan_to_num",
    examples=[(V3,), (V3, {"nan": 1.5}), (V3, {"posinf": 2.5, "neginf": -2.5})],
    operands=("x", "nan", "posinf", "neginf"),
    check=_copies,
)
def nan_to_num(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    """What takes the place of an element that is not finite gets all of it."""
    return np.isfinite(x), np.isnan(x), np.isposinf(x), np.isneginf(x)


@composite("math.frexp", "numpy.frexp", examples=[(1.5,), (-6.0,)], operands=("x",))
def frexp(x):
    """The exponent is held fixed."""
    return x / 2.0 ** exponent_of(x), exponent_of(x)


@linear("numpy.ldexp", examples=[(V3, 2), (1.5, 3), (V3, [[1], [2]])], operands=("x1",), result=broadcast_float)
def ldexp(y_bar, x1, x2):
    return unbroadcast(np.ldexp(y_bar, x2), x1)


@composite("numpy.modf", examples=[(1.5,), (-2.25,), (V3,)], operands=("x",))
def modf(x):
    return x - np.trunc(x), np.trunc(x) * 1.0


@elementwise("math.fma", domain=(0.5, 3))
def fma(y, x1, x2, x3):
    return x2, x1, 1


@custom(
    "numpy.interp",
    examples=[
        (0.7, [0.0, 0.5, 1.5, 2.0], [1.0, -0.5, 2.5, 0.5]),
        (V3, [-1.0, 0.0, 0.5, 2.0], [1.0, -0.5, 2.5, 0.5]),
        ([[0.7, 1.6]], [0.0, 0.5, 1.5, 2.0], [1.0, -0.5, 2.5, 0.5]),
    ],
)
def interp(y_bar, x, xp, fp):
    """At a point between two pieces, the slope of the piece on its left."""
    return (
        astype_like(interp_slope(x, xp, fp) * y_bar, x),
        astype_like(interp_bar(-interp_slope(x, xp, fp) * y_bar, x, xp), xp),
        astype_like(interp_bar(y_bar, x, xp), fp),
    )


@interp.tangent
def _(dx, dxp, dfp, x, xp, fp):
    return (
        interp_slope(x, xp, fp) * dx,
        -interp_slope(x, xp, fp) * np.interp(x, xp, dxp),
        np.interp(x, xp, dfp),
    )


TABLES = ([0.0, 0.5, 1.5, 2.0], [1.0, -0.5, 2.5, 0.5])


@composite(
    "numpy.interp",
    examples=[([-0.3, 0.7, 2.6], *TABLES, 1.5), (V3, *TABLES, {"right": 2.5}), (V3, *TABLES, 0.5, -1.5)],
    operands=("x", "xp", "fp", "left", "right"),
)
def interp_with_ends(x, xp, fp, left=None, right=None):
    return np.where(np.less(x, xp[0]), left, np.where(np.greater(x, xp[-1]), right, np.interp(x, xp, fp)))


@interp_with_ends.case(without("right"))
def _(x, xp, fp, left=None, right=None):
    return np.where(np.less(x, xp[0]), left, np.interp(x, xp, fp))


@interp_with_ends.case(without("left"))
def _(x, xp, fp, left=None, right=None):
    return np.where(np.greater(x, xp[-1]), right, np.interp(x, xp, fp))


@composite(
    "numpy.interp",
    examples=[(V3, *TABLES, {"period": 2.3}), (0.3, [1.0, 0.0, 2.4], V3, {"period": 1.9})],
    operands=("x", "xp", "fp"),
    fixed=("period",),
)
def interp_periodic(x, xp, fp, left=None, right=None, period=None):
    """What is left and right of a period counts for nothing."""
    return np.interp(
        np.mod(x, period),
        np.concatenate(
            (
                np.sort(np.mod(xp, period))[-1:] - period,
                np.sort(np.mod(xp, period)),
                np.sort(np.mod(xp, period))[:1] + period,
            )
        ),
        np.take(fp, np.pad(np.argsort(np.mod(xp, period)), 1, mode="wrap")),
    )


@linear("numpy.degrees", "numpy.rad2deg", "math.degrees", domain=(-3, 3), broadcasts=True, result=broadcast_float)
def degrees(y_bar, x):
    return np.degrees(y_bar)


@linear("numpy.radians", "numpy.deg2rad", "math.radians", domain=(-3, 3), broadcasts=True, result=broadcast_float)
def radians(y_bar, x):
    return np.radians(y_bar)
