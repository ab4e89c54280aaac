"""Derivatives by dual numbers: the function runs on numbers that carry their derivatives along."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .dual import PARTIALS, SYNONYMS, Dual, as_dual, dual1, dual2, primal
from .structures import NotApplicable, Vector, flatten
from .worlds import STEPS, StandIn, World, partitioner, run, strip


class _DualWorld(World):
    def number(self, x: Any) -> Any:
        if isinstance(x, np.ndarray) and x.dtype == object:
            x = x.item()
        return x if isinstance(x, Dual) else float(x)

    def array(self, x: Any) -> Any:
        result = np.empty(np.shape(x), dtype=object)
        result.ravel()[:] = [as_dual(e) for e in np.ravel(x).tolist()]
        return result

    def mathematics(self) -> Any:
        one = {n: SYNONYMS.get(n, n) for n in dir(math) if SYNONYMS.get(n, n) in PARTIALS}
        two = {"atan2": "arctan2", "pow": "power", "fmod": "fmod", "copysign": "copysign"}
        names: dict[str, Any] = {n: (lambda x, k=k: dual1(k, x)) for n, k in one.items()}
        names |= {n: (lambda x, y, k=k: dual2(k, x, y)) for n, k in two.items()}
        names["log"] = lambda x, b=None: dual1("log", x) / (1.0 if b is None else dual1("log", b))
        names["hypot"] = lambda *xs: _length(xs)
        names["dist"] = lambda p, q: _length([a - b for a, b in zip(p, q, strict=True)])
        names |= {"fsum": sum, "prod": math.prod, "sumprod": lambda p, q: sum(a * b for a, b in zip(p, q, strict=True))}
        return StandIn(math, names, _piecewise)

    def numpy(self) -> Any:
        names: dict[str, Any] = {}
        for name in [*PARTIALS, *SYNONYMS]:
            kind = SYNONYMS.get(name, name)
            if kind in PARTIALS and hasattr(np, name):
                names[name] = np.frompyfunc(lambda x, k=kind: dual1(k, x), 1, 1)
        for kind in ("arctan2", "hypot", "logaddexp", "remainder", "fmod", "copysign", "power"):
            names[kind] = np.frompyfunc(lambda x, y, k=kind: dual2(k, x, y), 2, 1)
        names |= {"mod": names["remainder"], "pow": names["power"], "float_power": names["power"]}
        names |= {name: strip(getattr(np, name)) for name in STEPS.split()} | {"partition": partitioner(primal)}
        names |= {"float64": self.number, "float32": self.number, "atan2": names["arctan2"]} | self.makers()

        def euclidean(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
            if ord not in (None, "fro") and not (ord == 2 and (np.ndim(x) == 1 or isinstance(axis, int))):
                raise NotApplicable(f"dual numbers do not know the norm of order {ord}")
            return names["sqrt"](np.sum(np.asarray(x) * x, axis=axis, keepdims=keepdims))

        norm = {"norm": euclidean}
        names["linalg"] = StandIn(np.linalg, norm, lambda f: f)
        return StandIn(np, names, lambda f: f)


_STEPS = ("floor", "ceil", "trunc", "isnan", "isinf", "isfinite", "isclose", "gcd", "lcm", "factorial", "comb", "perm")


def _piecewise(function: Any) -> Any:
    """Strip what is piecewise constant; raise NotApplicable where anything else of `math` meets a dual number."""
    if getattr(function, "__name__", "") in _STEPS or not callable(function):
        return strip(function)

    def call(*args: Any, **kw: Any) -> Any:
        if any(isinstance(a, Dual) for a in args):
            raise NotApplicable(f"dual numbers do not know math.{function.__name__}")
        return function(*args, **kw)

    return call


def _length(parts: Sequence[Any]) -> Any:
    return dual1("sqrt", as_dual(sum(p * p for p in parts)))


def dual_numbers(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the tangent of ``f(*args)`` along `tangents` by operator overloading.

    Arrays become arrays of `Dual` objects, so that indexing, views and writes are NumPy's own.

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
        Where `f` does to a dual number what these know nothing of, as `numpy.linalg` does.
    """

    def pair(x: Any, dx: Any) -> list[Any]:
        return [Dual(a, b) for a, b in zip(flatten(x).tolist(), flatten(dx).tolist(), strict=True)]

    result = run(_DualWorld(), pair, f, args, tangents, keywords)
    return np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in result], dtype=float)


def dual_jacobian(
    f: Callable[..., Any], args: Sequence[Any], wrt: Sequence[int], keywords: Mapping[str, Any] | None = None
) -> Vector:
    """Return the matrix of all partial derivatives in one run, on dual numbers with a component for each column.

    Parameters
    ----------
    f : callable
        As for `dual_numbers`.
    args : sequence
        The positional arguments.
    wrt : sequence of int
        The positions of the independent ones.
    keywords : mapping, optional
        Arguments by keyword, constant.

    Returns
    -------
    ndarray
        Of two dimensions: numbers in the result by numbers in the independent arguments.
    """
    sizes = [len(flatten(args[i])) for i in wrt]
    starts = dict(zip(wrt, np.cumsum([0, *sizes]).tolist(), strict=False))
    units = np.eye(sum(sizes))

    def pair(x: Any, position: Any) -> list[Any]:
        return [Dual(a, units[starts[position] + k]) for k, a in enumerate(flatten(x).tolist())]

    result = run(_DualWorld(), pair, f, args, [i if i in starts else None for i in range(len(args))], keywords)
    rows = [e.tangent if isinstance(e, Dual) else 0.0 for e in result]
    return np.array([np.broadcast_to(row, len(units)) for row in rows], dtype=float).reshape(len(rows), len(units))
