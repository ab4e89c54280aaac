"""Iterators that are gone through step by step, as lists with positions.

In: statements that follow each other, and the name of a list that was an iterator. Out: the same, in which each
``next(it)`` is the member at its place, and what reads the rest reads a slice.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from sct import core
from sct.nodes import changed, load
from sct.walk import walk

_READERS = frozenset(f"builtins.{n}" for n in ("list", "tuple", "sorted", "sum", "min", "max"))
#: Where parts are not evaluated one after the other, each once.
_ODD = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.Dict, ast.SetComp, ast.DictComp, ast.ListComp, ast.GeneratorExp)


class Steps:
    """Goes through statements in their order; `taken` members are gone already, None where all are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: int | None = 0

    def block(self, stmts: Sequence[ast.stmt]) -> list[ast.stmt] | None:
        """Return the statements, None where the iterator is used in another way."""
        out: list[ast.stmt] = []
        for stmt in stmts:
            value = getattr(stmt, "value", None)
            made = value if value is None else self.visit(value)
            if made is None and value is not None:
                return None
            out.append(changed(stmt, value=made))
        return out

    def visit(self, node: ast.AST) -> Any:
        if not any(isinstance(n, ast.Name) and n.id == self.name for n in walk(node)):
            return node
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and self.is_it(node.args[0]):
            name = core.qualname(node.func)
            if name == "builtins.next" and self.taken is not None:
                self.taken += 1
                return ast.copy_location(_part(self.name, ast.Constant(value=self.taken - 1)), node)
            return changed(node, args=[self.rest(node)]) if name in _READERS and self.taken is not None else None
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            first = node.generators[0]
            others = [n for n in walk(node) if self.is_it(n)]
            if not self.is_it(first.iter) or len(others) > 1 or self.taken is None:
                return None
            return changed(node, generators=[changed(first, iter=self.rest(node)), *node.generators[1:]])
        if isinstance(node, ast.Name | ast.Compare) and len(getattr(node, "ops", ())) != 1 or isinstance(node, _ODD):
            return None
        fields: dict[str, Any] = {}
        for field, value in ast.iter_fields(node):
            parts = [
                self.visit(v) if isinstance(v, ast.AST) else v for v in (value if isinstance(value, list) else [value])
            ]
            if any(
                made is None and isinstance(v, ast.AST)
                for made, v in zip(parts, value if isinstance(value, list) else [value], strict=True)
            ):
                return None
            fields[field] = parts if isinstance(value, list) else parts[0]
        return changed(node, **fields)

    def is_it(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id == self.name

    def rest(self, node: ast.AST) -> ast.expr:
        """Return what is left of the members: there is nothing left afterwards."""
        taken, self.taken = self.taken, None
        made: ast.expr = load(self.name)
        if taken:
            made = _part(self.name, ast.Slice(lower=ast.Constant(value=taken), upper=None, step=None))
        return ast.copy_location(made, node)


def _part(name: str, index: ast.expr) -> ast.expr:
    return ast.Subscript(value=load(name), slice=index, ctx=ast.Load())
