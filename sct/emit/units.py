"""The pieces of text that an emitted module is made of, before they have names.

In: derived functions. Out: `Unit`: a function or a few statements, with the source that its comments come from.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .. import core
from ..frontend.resolve import Resolver
from ..frontend.source import Function, Module
from .annotations import with_annotations
from .spell import Copier, Locals, locals_of, references
from .tree import same

if TYPE_CHECKING:
    from ..pipeline import Derived


@dataclass(frozen=True)
class Unit:
    """A function or some statements of the emitted module, with the source that its comments come from."""

    name: str
    trees: tuple[ast.stmt, ...]
    module: Module
    function: Function | None = None
    identity: str = ""
    binds: tuple[str, ...] = ()

    @cached_property
    def own(self) -> Locals:
        """The names that mean something of the unit's own inside it."""
        return locals_of(self.trees, self.binds)


def derived_units(deriveds: Sequence[Derived], resolver: Resolver) -> list[Unit]:
    """Return the derived functions as units: those that two derivatives share once."""
    raw: dict[str, ast.FunctionDef] = {}
    units: list[Unit] = []
    for derived in deriveds:
        names = _new_names(derived, raw)
        for tree in derived.functions:
            name = names.get(tree.name, tree.name)
            if name in raw:
                continue
            raw[name] = tree
            source = _source_of(tree, derived)
            module = (source or derived.request.function).module
            renamed = _renamed(tree, name, names)
            units.append(Unit(name, (with_annotations(renamed, resolver, module),), module, source, f"!{name}"))
    return units


def _new_names(derived: Derived, raw: dict[str, ast.FunctionDef]) -> dict[str, str]:
    """Return new names for those functions whose names other functions have already, and for what calls them."""
    clashing = {t.name for t in derived.functions if t.name in raw and not same(t, raw[t.name])}
    grown = True
    while clashing and grown:
        calling = {t.name for t in derived.functions if t.name in raw and _calls(t, clashing)}
        grown = not calling <= clashing
        clashing |= calling
    taken = {*raw, *(t.name for t in derived.functions)}
    names = {}
    for name in sorted(clashing):
        names[name] = next(new for n in range(2, 10_000) if (new := f"{name}_{n}") not in taken)
        taken.add(names[name])
    return names


def _calls(tree: ast.FunctionDef, names: set[str]) -> bool:
    return any(core.qualname(node)[1:] in names for node in references(tree) if node.id.startswith("!"))


def _renamed(tree: ast.FunctionDef, name: str, names: dict[str, str]) -> ast.FunctionDef:
    """Return a derived function under a name of its own, without the decorators of the primal."""
    result = _Renamer(names).visit(tree) if names else tree
    fields = {n: getattr(result, n) for n in result._fields if hasattr(result, n)}
    return ast.copy_location(ast.FunctionDef(**fields | {"name": name, "decorator_list": []}), tree)


class _Renamer(Copier):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        name = core.qualname(node)[1:]
        if not node.id.startswith("!") or name not in self.names:
            return node
        return ast.copy_location(core.ref(f"!{self.names[name]}", core.spelling(node)), node)


def _source_of(tree: ast.FunctionDef, derived: Derived) -> Function | None:
    """Return the user's function that a derived function came from: by its name, and by where its statements are."""
    if tree is derived.functions[-1]:
        return derived.request.function
    lines: list[int] = [line for node in tree.body if (line := getattr(node, "lineno", None))]
    best: Function | None = None
    for function in derived.sources:
        node = function.node
        end = node.end_lineno or node.lineno
        inside = any(node.lineno <= line <= end for line in lines)
        if inside and tree.name.startswith(node.name) and (best is None or len(best.node.name) < len(node.name)):
            best = function
    return best
