"""Derivatives by the complex step: exact to rounding, for functions that are analytic where they are asked."""

from __future__ import annotations

import cmath
import math
import operator
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .structures import NotApplicable, Vector, flatten
from .worlds import StandIn, World, has_text, names_in, partitioner, run

_TINY = 1e-40
# What conjugates complex numbers, or takes a part or the absolute value of them; and of linear algebra what does not.
_CONJUGATING = "abs absolute fabs sign std var nanstd nanvar vdot vecdot vecmat conj conjugate correlate cov corrcoef"
_CONJUGATING += " real imag angle polyfit"
_PARTS = frozenset(("real", "imag", "conj", "conjugate"))  # as attributes, or functions
_ANALYTIC = "eigvals solve inv det matrix_power multi_dot tensorsolve tensorinv matmul outer cross trace diagonal"
_ANALYTIC += " LinAlgError"


class _ComplexWorld(World):
    dtype = complex

    def extra(self) -> dict[str, Any]:
        return {"abs": _refuse(abs)}

    def number(self, x: Any) -> Any:
        return complex(x) if isinstance(x, complex | np.ndarray) and np.iscomplexobj(x) else float(x)

    def array(self, x: Any) -> Any:
        return np.array(x, dtype=complex)

    def mathematics(self) -> Any:
        names: dict[str, Any] = {}
        for name in (
            n for n in dir(cmath) if hasattr(math, n) and callable(getattr(math, n)) and not n.startswith("is")
        ):
            names[name] = _either(getattr(math, name), getattr(cmath, name))
        names |= {"pow": operator.pow, "fsum": sum, "hypot": _refuse(math.hypot), "fabs": _refuse(math.fabs)}
        return StandIn(math, names, lambda f: f)

    def numpy(self) -> Any:
        names: dict[str, Any] = {n: _refuse(getattr(np, n)) for n in _CONJUGATING.split() if hasattr(np, n)}
        names |= {"float64": self.number, "float32": self.number} | self.makers()
        names |= {"arange": _refuse(np.arange), "partition": partitioner(np.real)}
        whole = {n: getattr(np.linalg, n) for n in _ANALYTIC.split() if hasattr(np.linalg, n)}
        names["linalg"] = StandIn(np.linalg, whole, _refuse_if_called)
        return StandIn(np, names, lambda f: f)

    def function(self, f: types.FunctionType) -> types.FunctionType:
        parts = sorted(names_in(f.__code__) & _PARTS)
        if parts and f.__module__.partition(".")[0] != "sct":  # helpers ask for the kind of number first
            raise NotApplicable(f"{f.__name__} takes a part of a number or conjugates it: {', '.join(parts)}")
        return super().function(f)

    def lift(self, value: Any) -> Any:
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == "scipy":
            return StandIn(value, {}, self.lift)
        if type(value).__module__.startswith("scipy.stats."):
            return StandIn(value, {}, _refuse_if_called)
        return _refuse_if_called(value) if _is_scipys(value) else super().lift(value)


def _is_scipys(value: Any) -> bool:
    """Say whether this is a function of SciPy's, which may take a part of a complex number or conjugate it."""
    if isinstance(value, np.ufunc):
        return getattr(np, value.__name__, None) is not value
    return str(getattr(value, "__module__", None)).partition(".")[0] == "scipy" and not has_text(value)


def _either(real: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: (other if any(isinstance(a, complex) for a in args) else real)(*args)


def _refuse_if_called(part: Any) -> Any:
    return _refuse(part) if callable(part) and not isinstance(part, type) else part


def _refuse(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make `function` refuse complex numbers: what it does with them does not continue what it does with reals."""

    def call(*args: Any, **kw: Any) -> Any:
        if any(np.iscomplexobj(a) for a in (*args, *kw.values())):
            raise NotApplicable(f"{getattr(function, '__name__', function)} has no complex step")
        return function(*args, **kw)

    return call


def complex_step(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the tangent of ``f(*args)`` along `tangents` by one step into the complex plane.

    It is exact to rounding where `f` is analytic. It is not for functions that use complex numbers themselves.

    Parameters
    ----------
    f : callable
        A Python function; what it calls may be Python functions, ``math`` and ``numpy``.
    args : sequence
        The positional arguments.
    tangents : sequence
        One for each argument, of its structure; None where the argument is constant.
    keywords : mapping, optional
        Arguments by keyword, constant.

    Returns
    -------
    ndarray
        The tangent of the result as a vector.

    Raises
    ------
    NotApplicable
        For absolute values, comparisons and whatever else does not continue into the complex plane.
    """

    def pair(x: Any, dx: Any) -> list[Any]:
        return list((flatten(x) + _TINY * 1j * flatten(dx)).tolist())

    found = run(_ComplexWorld(), pair, f, args, tangents, keywords)
    if found and not any(isinstance(number, complex) for number in found):
        raise NotApplicable("the result is real: it is constant, or a part of a complex number")
    result = np.array(found, dtype=complex)
    return np.asarray(result.imag, dtype=float) / _TINY
