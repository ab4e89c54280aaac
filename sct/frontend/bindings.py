"""What a module binds at its top level, in source order, without running it.

In: a `Module`. Out: its `Table`: every binding of every name, the star imports, and what may change behind them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..walk import children, walk
from .scopes import Binding, bound
from .source import Module


@dataclass(frozen=True)
class Entry:
    """A binding with its place in the order of execution.

    `top` is the statement of the module that it stands in. A `weak` binding is not reached by an import of the
    module: it stands under ``if __name__ == "__main__"`` or ``if TYPE_CHECKING``.
    """

    order: int
    binding: Binding
    top: ast.stmt
    weak: bool


class Table:
    """The top-level bindings of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.entries: dict[str, list[Entry]] = {}
        self.stars: list[Entry] = []
        for order, (binding, top, weak) in enumerate(_module_bindings(module.tree)):
            entry = Entry(order, binding, top, weak)
            if binding.name == "*":
                self.stars.append(entry)
            elif _binds(binding):
                self.entries.setdefault(binding.name, []).append(entry)

    @cached_property
    def rebound(self) -> frozenset[str]:
        """The names that some function of the module declares ``global`` and binds."""
        if "global" not in self.module.source:
            return frozenset()
        names: set[str] = set()
        for node in walk(self.module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found = list(bound(node.body))
                declared = {n for b in found if isinstance(b.node, ast.Global) for n in b.node.names}
                names.update(declared.intersection(b.name for b in found))
        return frozenset(names)

    @cached_property
    def exported(self) -> tuple[frozenset[str], bool]:
        """What ``__all__`` lists, or else every public name; and whether that is certain."""
        entries = self.entries.get("__all__")
        if not entries:
            return frozenset(n for n in self.entries if not n.startswith("_")), True
        statement = entries[0].binding.statement
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        if len(entries) == 1 and isinstance(value, (ast.List, ast.Tuple)):
            items = [e.value for e in value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            # `__all__.append(…)` and the like are method calls: any other mention of the name makes it uncertain.
            mentions = sum(isinstance(n, ast.Name) and n.id == "__all__" for n in walk(self.module.tree))
            if len(items) == len(value.elts) and mentions == 1:
                return frozenset(items), True
        return frozenset(self.entries), False


def assigned(binding: Binding) -> ast.expr | None:
    """Return the expression whose value a target gets, None where that is not one expression of the source."""
    if isinstance(binding.node, ast.NamedExpr):
        return binding.node.value
    statement = binding.statement
    if isinstance(statement, ast.AnnAssign) and statement.target is binding.node:
        return statement.value
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            found = _part(target, statement.value, binding.node)
            if found is not None:
                return found
    return None


def _part(target: ast.expr, value: ast.expr, node: ast.AST) -> ast.expr | None:
    """Return the part of `value` that `node`, a part of `target`, gets."""
    if target is node:
        return value
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        starred = any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts))
        if len(target.elts) == len(value.elts) and not starred:
            for inner, part in zip(target.elts, value.elts, strict=True):
                found = _part(inner, part, node)
                if found is not None:
                    return found
    return None


def stores_into(statement: ast.stmt, name: str) -> bool:
    """Say whether a module-level statement stores into an element or attribute of what `name` is bound to."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        stored = isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load)
        if stored and root_name(node) == name:
            return True
        stack.extend(children(node))
    return False


def root_name(node: ast.AST) -> str:
    """Return the name that a path such as ``a.b[0].c`` starts with, "" where it starts otherwise."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def strong(entries: list[Entry]) -> list[Entry]:
    """Leave out what an import of the module does not reach, unless there is nothing else."""
    return [e for e in entries if not e.weak] or entries


def never_on_import(statement: ast.stmt) -> bool:
    """Recognise ``if __name__ == "__main__":`` and ``if TYPE_CHECKING:``."""
    if not isinstance(statement, ast.If):
        return False
    test = statement.test
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        sides = (test.left, test.comparators[0])
        named = any(isinstance(s, ast.Name) and s.id == "__name__" for s in sides)
        return named and any(isinstance(s, ast.Constant) and s.value == "__main__" for s in sides)
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _module_bindings(tree: ast.Module) -> Iterator[tuple[Binding, ast.stmt, bool]]:
    for top in tree.body:
        if isinstance(top, ast.If) and never_on_import(top):
            yield from ((b, top, True) for b in bound(top.body, conditional=True))
            yield from ((b, top, False) for b in bound(top.orelse))
        else:
            yield from ((b, top, False) for b in bound([top]))


def _binds(binding: Binding) -> bool:
    """Leave out declarations: ``global x`` and, at module level, ``x: int`` without a value bind nothing."""
    bare = isinstance(binding.statement, ast.AnnAssign) and binding.statement.value is None
    return bool(binding.name) and not bare
