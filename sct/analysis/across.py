"""What is known of values on the two sides of a call.

In: the kinds of the arguments. Out: the same kinds, whose shapes and sizes have names of the called function's own,
equal where they were equal; and back again for what it returns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sct.analysis.kinds import NO_AXES, Kind, Shape, sized, sizes
from sct.analysis.sizes import broadcast, parts

#: What names a size that the called function alone knows begins with.
INNER = "?inner"


@dataclass
class Across:
    """The names of shapes and sizes on the two sides of one call."""

    inside: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)

    def enter(self, kind: Kind, *, with_sizes: bool = True) -> Kind:
        """Return the kind of an argument as the called function names it; `with_sizes`: of integers too."""
        shape = kind.shape
        names = sizes(shape)
        if names is not None:
            shape = sized([self._enter(name) for name in names])
        elif shape is not None:
            shape = Shape(self._name(shape.token), shape.ndim)
        return replace(
            kind,
            shape=shape,
            items=None if kind.items is None else tuple(self.enter(k, with_sizes=with_sizes) for k in kind.items),
            element=kind.element and self.enter(kind.element, with_sizes=with_sizes),
            size=self._enter(kind.size) if kind.size is not None and with_sizes else None,
        )

    def _enter(self, size: str) -> str:
        if size.isdigit():
            return size
        met = parts(size)
        return self._name(size) if len(met) == 1 else broadcast({self._enter(part) for part in met})

    def _name(self, name: str) -> str:
        if name not in self.inside:
            self.inside[name] = f"${len(self.inside)}"
            self.outside[self.inside[name]] = name
        return self.inside[name]

    def leave(self, kind: Kind) -> Kind:
        """Return what `returned` gave as the caller names it."""
        return _renamed(kind, lambda name, path: self.outside.get(name, name), "")


def returned(kind: Kind) -> Kind:
    """Return the kind of a result where sizes that no argument has are named after their place in the result alone."""
    return _renamed(kind, lambda name, path: name if name.startswith("$") else INNER + path, "")


def _renamed(kind: Kind, new: Callable[[str, str], str], path: str) -> Kind:
    def size_of(size: str, place: str) -> str:
        return broadcast([part if part.isdigit() else new(part, place) for part in parts(size)])

    shape = kind.shape
    names = sizes(shape)
    if shape == NO_AXES:
        pass
    elif names is not None:
        shape = sized([size_of(name, f"{path}.{i}") for i, name in enumerate(names)])
    elif shape is not None:
        shape = Shape(new(shape.token, path), None)
    items = None if kind.items is None else tuple(_renamed(k, new, f"{path}.{i}") for i, k in enumerate(kind.items))
    element = kind.element and _renamed(kind.element, new, f"{path}.e")
    size = None if kind.size is None else size_of(kind.size, f"{path}.n")
    return replace(kind, shape=shape, items=items, element=element, size=size)


def known_here(kind: Kind, expr: ast.expr) -> Kind:
    """Return the kind of a call's result with names for what the called function alone knows: those of this call."""
    return _renamed(kind, lambda name, path: name.replace(INNER, f"?{id(expr)}", 1), "")


def canonical(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kinds of arguments as the called function names them, without the values of integers."""
    across = Across()
    return [across.enter(kind, with_sizes=False) for kind in kinds]
