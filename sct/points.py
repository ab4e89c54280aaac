"""Points at which a function can be differentiated: given values, defaults, and random ones by the annotations.

In: a function as it was read. Out: a value for each of its parameters. Nothing is run here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .analysis.annotations import annotated
from .analysis.kinds import UNKNOWN, Kind, sizes
from .errors import UsageError
from .frontend.resolve import Resolver
from .frontend.source import Function
from .pipeline import type_alias

#: The smallest and the largest size of an axis that an annotation leaves open.
_SIZES = (2, 4)


@dataclass
class Points:
    """The parameters of a function, and where their values come from."""

    function: Function
    kinds: Mapping[str, Kind]
    given: Mapping[str, Any]
    drawn: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        args = self.function.node.args
        names = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        for name in self.given:
            if name not in names:
                known = ", ".join(names) or "none"
                raise UsageError(f"{self.function.qualname} has no parameter {name}; it has {known}")
        if args.vararg or args.kwarg:
            star = f"*{args.vararg.arg}" if args.vararg else f"**{args.kwarg.arg}" if args.kwarg else ""
            raise UsageError(f"{self.function.qualname} takes {star}; check a function with parameters of their own")
        self.drawn = tuple(n for n in names if n not in self.given and n not in self._defaulted())
        for name in self.drawn:
            self._refuse_unknown(name)

    def _defaulted(self) -> set[str]:
        args = self.function.node.args
        positional = [*args.posonlyargs, *args.args]
        last = positional[len(positional) - len(args.defaults) :]
        keyword = [a for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True) if d is not None]
        return {a.arg for a in (*last, *keyword)}

    def _refuse_unknown(self, name: str) -> None:
        kind = self.kinds.get(name, UNKNOWN)
        number = kind.what == "scalar" and kind.dtype in ("float", "real", "unknown")
        if number or kind.what == "array" and sizes(kind.shape) is not None:
            return
        if kind.what == "array":
            advice = f'write --at {name}=[1.0,2.0] or say its sizes, as in {name}: Float[np.ndarray, "n d"]'
        elif kind.what == "scalar":
            advice = f"write --at {name}=3"
        elif kind.what == "unknown":
            advice = f'write --at {name}=1.0 or annotate {name}: float, or {name}: Float[np.ndarray, "n d"]'
        else:
            advice = f"write --at {name}=..."
        raise UsageError(f"{self.function.qualname}: nothing says what {name} may be: {advice}")

    def draw(self, rng: np.random.Generator, positive: bool) -> dict[str, Any]:
        """Return the values of the parameters that are given or drawn; those left out have their defaults.

        Random numbers are normal, or between 0.1 and 1 where they are to be positive.
        """
        found = {name: self._converted(name, value) for name, value in self.given.items()}
        known: dict[str, int] = {}

        def size_of(name: str) -> int:
            return known.setdefault(name, int(rng.integers(_SIZES[0], _SIZES[1] + 1)))

        for name in self.drawn:
            kind = self.kinds[name]
            axes = [max(_size(s, size_of), 0) for s in sizes(kind.shape) or ()]
            values: Any = rng.uniform(0.1, 1.0, axes) if positive else rng.normal(size=axes)
            if kind.what == "array" and kind.dtype == "int":
                values = rng.integers(0, 4, axes)
            found[name] = values if kind.what == "array" else float(values)
        return found

    def _converted(self, name: str, value: Any) -> Any:
        """Return a given value as the function expects it: lists are arrays where nothing says that they are lists."""
        kind = self.kinds.get(name, UNKNOWN)
        if isinstance(value, list | tuple) and kind.what in ("unknown", "array"):
            try:
                return np.array(value, dtype=int if kind.dtype == "int" else float)
            except (ValueError, TypeError):
                raise UsageError(f"--at: {name} is not an array of numbers: {value}") from None
        if kind.what == "scalar" and not isinstance(value, int | float | complex):
            raise UsageError(f"--at: {name} is a number, by its annotation, not {value!r}")
        if isinstance(value, int) and not isinstance(value, bool) and kind.dtype in ("float", "real", "unknown"):
            return float(value)
        return value


def points(function: Function, resolver: Resolver, given: Mapping[str, Any]) -> Points:
    """Return the points of a function, refusing parameters for which nothing says what they may be."""
    args = function.node.args
    kinds = {}
    for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
        kind = annotated(arg.arg, arg.annotation, lambda name: type_alias(resolver, function, name))
        kinds[arg.arg] = kind or UNKNOWN
    return Points(function, kinds, given)


def _size(text: str, size_of: Callable[[str], int]) -> int:
    """Return the size that an annotation states, which may be arithmetic."""

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.Constant):
            return int(node.value)  # type: ignore[arg-type]
        if isinstance(node, ast.BinOp):
            left, right = value(node.left), value(node.right)
            return (
                left + right
                if isinstance(node.op, ast.Add)
                else left - right if isinstance(node.op, ast.Sub) else left * right
            )
        return size_of(ast.unparse(node))

    try:
        return value(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return size_of(text)
