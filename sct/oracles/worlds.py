"""Copies of Python functions for which ``math``, ``numpy`` and ``float`` mean something else."""

from __future__ import annotations

import builtins
import copy
import linecache
import math
import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .dual import primal
from .structures import NotApplicable, Number, Vector, flatten, leaves, map_leaves, widened


class StandIn:
    """A module, or another object, in which some names mean something else."""

    def __init__(self, module: Any, names: Mapping[str, Any], otherwise: Callable[[Any], Any]) -> None:
        self.__dict__.update(names)
        self._module, self._otherwise = module, otherwise

    def __getattr__(self, name: str) -> Any:
        return self._otherwise(getattr(self._module, name))


def strip(function: Any) -> Any:
    """Make `function` see the values of dual numbers alone: it is taken for piecewise constant."""
    if not callable(function) or isinstance(function, type):
        return function
    return lambda *args, **kw: function(*[primal(a) for a in args], **kw)


_MAKERS = "array asarray zeros ones full empty eye identity linspace arange zeros_like ones_like full_like empty_like"
STEPS = "floor ceil trunc rint round around sign isnan isfinite isinf isclose allclose array_equal signbit argsort"


def partitioner(values: Callable[[Any], Any]) -> Callable[..., Any]:
    """Make ``np.partition`` for arrays of numbers with these real values, which it puts where it puts the values."""

    def partition(a: Any, kth: Any, axis: Any = -1, **kw: Any) -> Any:
        given, axis = (np.ravel(a), -1) if axis is None else (np.asarray(a), axis)
        own = np.asarray(values(given), dtype=float)
        ranks = np.argsort(np.argsort(np.partition(own, kth, axis, **kw), axis, kind="stable"), axis, kind="stable")
        return np.take_along_axis(given, np.take_along_axis(np.argsort(own, axis, kind="stable"), ranks, axis), axis)

    return partition


class World:
    """What is common to dual numbers and complex step: copies of functions that see other numbers."""

    dtype: Any = object

    def __init__(self) -> None:
        self.functions: dict[int, types.FunctionType] = {}
        self.spaces: dict[int, dict[str, Any]] = {}
        self.originals: list[types.FunctionType] = []
        self.np: Any = self.numpy()
        self.math: Any = self.mathematics()
        world = self

        class Meta(type):
            def __instancecheck__(cls, x: object) -> bool:
                return isinstance(x, float | Number) or type(x) is complex

        class Float(float, metaclass=Meta):
            def __new__(cls, x: Any = 0.0) -> Any:
                return world.number(x)

        self.builtins = dict(vars(builtins)) | {"float": Float, "__import__": self.imported} | self.extra()
        self.stand_ins = {id(np): self.np, id(math): self.math, id(np.linalg): self.np.linalg, id(float): Float}
        for module, stand_in in ((math, self.math), (np, self.np), (np.linalg, self.np.linalg)):
            for name in vars(module):
                if callable(getattr(module, name, None)) and getattr(stand_in, name) is not getattr(module, name):
                    self.stand_ins.setdefault(id(getattr(module, name)), getattr(stand_in, name))

    def extra(self) -> dict[str, Any]:
        return {}

    def number(self, x: Any) -> Any:
        raise NotImplementedError

    def array(self, x: Any) -> Any:
        raise NotImplementedError

    def mathematics(self) -> Any:
        raise NotImplementedError

    def numpy(self) -> Any:
        raise NotImplementedError

    def makers(self) -> dict[str, Any]:
        """The constructors of arrays: where NumPy makes floats, they make this world's numbers."""

        def maker(make: Callable[..., Any]) -> Callable[..., Any]:
            def made(*args: Any, dtype: Any = None, **kw: Any) -> Any:
                ours = dtype in (None, float, self.builtins["float"], np.float64, np.float32, self.dtype, self.number)
                result = make(*args, **kw) if ours else make(*args, dtype=dtype, **kw)
                if dtype is None and result.dtype.kind in "iub":
                    return result
                keep = make is np.asarray and args[0] is result
                return result if not ours or keep else self.array(result)

            return made

        return {name: maker(getattr(np, name)) for name in _MAKERS.split()}

    def imported(self, name: str, *args: Any, **kw: Any) -> Any:
        return self.lift(builtins.__import__(name, *args, **kw))

    def lift(self, value: Any) -> Any:
        """Return what `value` is in this world."""
        if id(value) in self.stand_ins:
            return self.stand_ins[id(value)]
        if isinstance(value, types.FunctionType) and (_is_users(value.__module__) or has_text(value)):
            return self.functions.get(id(value)) or self.function(value)
        if isinstance(value, types.ModuleType) and _is_users(value.__name__):
            return StandIn(value, {}, self.lift)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return self.array(value)
        if type(value) in (list, tuple):
            return type(value)(self.lift(item) for item in value)
        return {key: self.lift(item) for key, item in value.items()} if type(value) is dict else value

    def function(self, f: types.FunctionType) -> types.FunctionType:
        cells = tuple(types.CellType() for _ in f.__closure__ or ())
        space = self.spaces.setdefault(id(f.__globals__), {"__name__": f.__module__, "__builtins__": self.builtins})
        space["__package__"] = f.__globals__.get("__package__")
        made = types.FunctionType(f.__code__, space, f.__name__, None, cells)
        self.functions[id(f)] = made
        self.originals.append(f)  # or another function may come to have its id
        made.__defaults__, made.__kwdefaults__ = self.lift(f.__defaults__), self.lift(f.__kwdefaults__)
        for name in names_in(f.__code__) & f.__globals__.keys() - space.keys():
            space[name] = self.lift(f.__globals__[name])
        for cell, old in zip(cells, f.__closure__ or (), strict=True):
            cell.cell_contents = self.lift(old.cell_contents)
        return made


def names_in(code: types.CodeType) -> set[str]:
    """Return the names that `code` and the functions in it look up."""
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*map(names_in, inner))


def has_text(value: Any) -> bool:
    """Say whether this is a function that was made of a text, as one that stands for a function of a library."""
    path = value.__code__.co_filename if isinstance(value, types.FunctionType) else ""
    return path.startswith("<") and path in linecache.cache


def _is_users(module: str | None) -> bool:
    top = (module or "").partition(".")[0]
    return (top not in sys.stdlib_module_names and top not in ("numpy", "scipy")) or top == "__main__"


def restructure(parts: list[Any], like: Any) -> Any:
    """Return `parts` in the structure of `like`."""
    queue = iter(parts)

    def take(leaf: Any) -> Any:
        if not isinstance(leaf, np.ndarray):
            return next(queue)
        kind = object if parts and isinstance(parts[0], Number) else complex
        made = np.empty_like(leaf, dtype=kind, subok=False)  # laid out in memory as `leaf` is
        made.flat[:] = [next(queue) for _ in range(leaf.size)]
        return made

    return map_leaves(take, like)


def run(
    world: World,
    pair: Callable[[Any, Any], list[Any]],
    f: Callable[..., Any],
    args: Sequence[Any],
    tangents: Sequence[Any],
    keywords: Mapping[str, Any] | None,
) -> list[Any]:
    """Run the copy of `f` in `world`, where `pair` joins a value and its tangent; return the numbers in the result.

    Raise NotApplicable where their values are not those of `f`: it may have caught an exception that ordinary numbers
    do not raise.
    """
    lifted = world.lift(f)
    others = {name: world.lift(copy.deepcopy(value)) for name, value in (keywords or {}).items()}
    joined = [
        world.lift(copy.deepcopy(x)) if dx is None else restructure(pair(x, dx), x)
        for x, dx in zip(args, tangents, strict=True)
    ]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            result = lifted(*joined, **others)
    except (TypeError, AttributeError, ValueError, RuntimeError, np.exceptions.ComplexWarning) as error:
        raise NotApplicable(str(error)) from error
    numbers = [number for leaf in leaves(result) for number in np.ravel(leaf).tolist()]
    straight = _straight(f, args, tangents, keywords)
    values = np.array([primal(number) for number in numbers])
    if straight is not None and not _are_close(values, straight):
        raise NotApplicable("the function takes another path with numbers that carry a derivative along")
    return numbers


def _straight(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], keywords: Mapping[str, Any] | None
) -> Vector | None:
    """Return the result of `f` at ordinary numbers, None where it takes no others than those it was given."""
    wide = [copy.deepcopy(x) if dx is None else widened(copy.deepcopy(x)) for x, dx in zip(args, tangents, strict=True)]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return flatten(f(*wide, **copy.deepcopy(dict(keywords or {}))))
    except Exception:
        return None


def _are_close(values: Vector, others: Vector) -> bool:
    """Say whether two runs of one function agree but for rounding."""
    if values.shape != others.shape:
        return False
    return bool(np.allclose(np.real(values), np.real(others), rtol=1e-6, atol=1e-6, equal_nan=True))
