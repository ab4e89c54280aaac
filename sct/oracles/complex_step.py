"""Derivatives by the complex step: exact to rounding, for functions that are analytic where they are asked."""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .structures import NotApplicable, Vector, flatten
from .worlds import StandIn, World, run

_TINY = 1e-40


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
        names: dict[str, Any] = {
            n: _refuse(getattr(np, n))
            for n in "abs absolute fabs sign std var vdot conj conjugate real imag angle cov corrcoef".split()
        }
        names |= {"float64": self.number, "float32": self.number} | self.makers()
        hermitian = "norm eigh eigvalsh svd svdvals qr cholesky pinv lstsq cond slogdet".split()
        found = {n: _refuse(getattr(np.linalg, n)) for n in hermitian if hasattr(np.linalg, n)}
        names["linalg"] = StandIn(np.linalg, found, lambda f: f)
        return StandIn(np, names, lambda f: f)


def _either(real: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: (other if any(isinstance(a, complex) for a in args) else real)(*args)


def _refuse(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make `function` refuse complex numbers: what it does with them does not continue what it does with reals."""

    def call(*args: Any, **kw: Any) -> Any:
        if any(np.iscomplexobj(a) for a in args):
            raise NotApplicable(f"{function.__name__} has no complex step")
        return function(*args, **kw)

    return call


def complex_step(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the tangent of ``f(*args)`` along `tangents` by one step into the complex plane.

    It is exact to rounding where `f` is analytic; for absolute values and comparisons of scalars it is not applicable
    and says so. The parameters and the result are those of `dual_numbers`.
    """

    def pair(x: Any, dx: Any) -> list[Any]:
        return list((flatten(x) + _TINY * 1j * flatten(dx)).tolist())

    result = np.array(run(_ComplexWorld(), pair, f, args, tangents, keywords), dtype=complex)
    return np.asarray(result.imag, dtype=float) / _TINY
