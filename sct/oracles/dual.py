"""Dual numbers: a number that carries its derivatives along, by operator overloading."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partialmethod
from typing import Any

import numpy as np

from .structures import NotApplicable, Number, Vector, is_number


def _quiet(function: Callable[..., Any]) -> Callable[..., float]:
    def call(*values: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(*values))

    return call


_sin, _cos, _power = _quiet(np.sin), _quiet(np.cos), _quiet(np.power)

# name in numpy: the partial derivative, from the argument and the value
PARTIALS: dict[str, Callable[[float, float], float]] = {
    "sin": lambda x, y: _cos(x),
    "cos": lambda x, y: -_sin(x),
    "tan": lambda x, y: 1.0 + y * y,
    "arcsin": lambda x, y: _power(1.0 - x * x, -0.5),
    "arccos": lambda x, y: -_power(1.0 - x * x, -0.5),
    "arctan": lambda x, y: 1.0 / (1.0 + x * x),
    "sinh": lambda x, y: _quiet(np.cosh)(x),
    "cosh": lambda x, y: _quiet(np.sinh)(x),
    "tanh": lambda x, y: 1.0 - y * y,
    "arcsinh": lambda x, y: _power(1.0 + x * x, -0.5),
    "arccosh": lambda x, y: _power(x * x - 1.0, -0.5),
    "arctanh": lambda x, y: 1.0 / (1.0 - x * x),
    "exp": lambda x, y: y,
    "exp2": lambda x, y: y * math.log(2.0),
    "expm1": lambda x, y: y + 1.0,
    "log": lambda x, y: _power(x, -1.0),
    "log1p": lambda x, y: _power(1.0 + x, -1.0),
    "log2": lambda x, y: _power(x, -1.0) / math.log(2.0),
    "log10": lambda x, y: _power(x, -1.0) / math.log(10.0),
    "sqrt": lambda x, y: 0.5 * _power(y, -1.0),
    "cbrt": lambda x, y: _power(y, -2.0) / 3.0,
    "absolute": lambda x, y: float(np.sign(x)),
    "square": lambda x, y: 2.0 * x,
    "reciprocal": lambda x, y: -y * y,
    "radians": lambda x, y: math.pi / 180.0,
    "degrees": lambda x, y: 180.0 / math.pi,
    "erf": lambda x, y: 2.0 / math.sqrt(math.pi) * math.exp(-x * x),
    "erfc": lambda x, y: -2.0 / math.sqrt(math.pi) * math.exp(-x * x),
}
SYNONYMS = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh"}
SYNONYMS |= {"atanh": "arctanh", "fabs": "absolute", "abs": "absolute", "deg2rad": "radians", "rad2deg": "degrees"}
SYNONYMS |= {"atan2": "arctan2", "pow": "power", "fmod": "fmod", "mod": "remainder"}


Tangent = float | Vector


class Dual(Number):
    """A dual number x + t₁ d₁ + ... + tₙ dₙ, where every product of two d is zero; arithmetic carries all of it along.

    Parameters
    ----------
    value : float
        x.
    tangent : float or sequence of float
        One component, or any number of them: t₁, ..., tₙ. Numbers that meet have equally many; 0.0 fits any number.

    Attributes
    ----------
    value : float
    tangent : float or ndarray
        The derivative of the value in one direction, or in each of n.
    """

    __slots__ = ("value", "tangent")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: float, tangent: Any = 0.0) -> None:
        self.value = float(value)
        self.tangent: Tangent = np.array(tangent, dtype=float) if np.ndim(tangent) else float(tangent)

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.tangent!r})"

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        raise NotApplicable("a dual number cannot become a float")

    def __int__(self) -> int:
        return int(self.value)

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.value, digits)

    def __floor__(self) -> int:
        return math.floor(self.value)

    def __ceil__(self) -> int:
        return math.ceil(self.value)

    def __trunc__(self) -> int:
        return math.trunc(self.value)

    def is_integer(self) -> bool:
        """Say whether the value is integral, as floats do."""
        return self.value.is_integer()

    def item(self) -> Dual:
        """Return the number itself, as NumPy's scalars do."""
        return self

    def conjugate(self) -> Dual:
        """Return the number itself: it is real."""
        return self


def _two(name: str, x: float, y: float) -> tuple[float, float, float]:
    """Return the value of a function of two numbers and its partials."""
    if name == "arctan2":
        square = x * x + y * y
        return math.atan2(x, y), y / square if square else 0.0, -x / square if square else 0.0
    if name == "hypot":
        length = math.hypot(x, y)
        return length, x / length if length else 0.0, y / length if length else 0.0
    if name == "logaddexp":
        value = float(np.logaddexp(x, y))
        return value, math.exp(x - value), math.exp(y - value)
    if name == "copysign":
        value = math.copysign(x, y)
        return value, math.copysign(1.0, value) * math.copysign(1.0, x), 0.0
    if name in ("remainder", "fmod"):
        quotient = math.floor(x / y) if name == "remainder" else math.trunc(x / y)
        return (x % y if name == "remainder" else math.fmod(x, y)), 1.0, -float(quotient)
    value = _power(x, y)
    slope = 0.0 if y == 0.0 else y * _power(x, y - 1.0)
    return value, slope, value * math.log(x) if x > 0.0 else 0.0


def _times(partial: float, tangent: Tangent) -> Tangent:
    """A tangent of exactly zero stays zero, also where the partial is infinite."""
    if isinstance(tangent, np.ndarray):
        with np.errstate(invalid="ignore"):
            return np.where(tangent == 0.0, 0.0, partial * tangent)
    return partial * tangent if tangent else 0.0


def dual1(name: str, x: Any) -> Any:
    """Return the NumPy function `name` of one number, dual or not."""
    value = _quiet(getattr(np, name, None) or getattr(math, name))(primal(x))
    return Dual(value, _times(PARTIALS[name](x.value, value), x.tangent)) if isinstance(x, Dual) else value


def dual1_of(x: Dual, name: str) -> Any:
    """The same, as a method."""
    return dual1(name, x)


def dual2(name: str, x: Any, y: Any) -> Dual:
    """Return the NumPy function `name` of two numbers."""
    x, y = as_dual(x), as_dual(y)
    value, by_x, by_y = _two(name, x.value, y.value)
    return Dual(value, _times(by_x, x.tangent) + _times(by_y, y.tangent))


def as_dual(x: Any) -> Dual:
    """Return `x` as a dual number; one that is not has the tangent zero."""
    return x if isinstance(x, Dual) else Dual(float(x))


def primal(x: Any) -> Any:
    """Return `x` with every dual number replaced by its value."""
    if isinstance(x, Dual):
        return x.value
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array([primal(e) for e in x.ravel().tolist()]).reshape(x.shape)
    return type(x)(primal(e) for e in x) if isinstance(x, list | tuple) and not hasattr(x, "_fields") else x


def _mixes(other: Any) -> bool:
    return is_number(other) or isinstance(other, bool | np.bool_)


def _arithmetic(name: str, rule: Callable[[Dual, Dual], Dual]) -> None:
    def forward(self: Dual, other: Any) -> Any:
        return NotImplemented if not _mixes(other) else rule(self, as_dual(other))

    def backward(self: Dual, other: Any) -> Any:
        return NotImplemented if not _mixes(other) else rule(as_dual(other), self)

    setattr(Dual, f"__{name}__", forward)
    setattr(Dual, f"__r{name}__", backward)


def _divide(a: Dual, b: Dual) -> Dual:
    value = a.value / b.value
    return Dual(value, (a.tangent - value * b.tangent) / b.value)


_arithmetic("add", lambda a, b: Dual(a.value + b.value, a.tangent + b.tangent))
_arithmetic("sub", lambda a, b: Dual(a.value - b.value, a.tangent - b.tangent))
_arithmetic("mul", lambda a, b: Dual(a.value * b.value, _times(b.value, a.tangent) + _times(a.value, b.tangent)))
_arithmetic("truediv", _divide)
_arithmetic("pow", lambda a, b: dual2("power", a, b))
_arithmetic("mod", lambda a, b: dual2("remainder", a, b))
_arithmetic("floordiv", lambda a, b: Dual(a.value // b.value))
_arithmetic("divmod", lambda a, b: (a // b, a % b))  # type: ignore[arg-type, return-value, operator]


def _unary(name: str, rule: Callable[[Dual], Any]) -> None:
    setattr(Dual, f"__{name}__", rule)


_unary("neg", lambda a: Dual(-a.value, -a.tangent))
_unary("pos", lambda a: a)
_unary("abs", lambda a: dual1("absolute", a))
for _name in PARTIALS:  # NumPy's loops over objects call these
    setattr(Dual, _name, partialmethod(dual1_of, _name))
for _test in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):

    def _compare(self: Dual, other: Any, _test: Callable[[Any, Any], Any] = _test) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else _test(self.value, primal(other))

    setattr(Dual, f"__{_test.__name__}__", _compare)
