"""Names in annotations, which the frontend leaves alone because they are no values of the program.

In: a derived function. Out: the same function with references in its annotations, so that their imports come along.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from .. import core
from ..frontend.resolve import Resolver
from ..frontend.source import Module
from .spell import Copier


def with_annotations(tree: ast.FunctionDef, resolver: Resolver, module: Module) -> ast.FunctionDef:
    """Return a copy of `tree` where every name in an annotation is a reference."""
    result: ast.FunctionDef = _Outer(_Inner(lambda spelling: resolver.meaning(module, spelling))).visit(tree)
    return result


class _Inner(Copier):
    """Turns the names of one annotation into references."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        self.meaning = meaning

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if core.is_ref(node):
            return node
        qualname = self.meaning(node.id)
        return ast.copy_location(core.ref(qualname, node.id), node) if qualname else node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        dotted = _dotted(node)
        qualname = self.meaning(dotted) if dotted else ""
        return ast.copy_location(core.ref(qualname, dotted), node) if qualname else self.generic_visit(node)


class _Outer(Copier):
    """Finds the annotations of a function and of what is inside it."""

    def __init__(self, inner: _Inner) -> None:
        self.inner = inner

    def visit(self, node: ast.AST) -> Any:
        return node if isinstance(node, ast.expr) else super().visit(node)

    def visit_arg(self, node: ast.arg) -> Any:
        return self.annotated(node, "annotation")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return self.annotated(self.generic_visit(node), "annotation")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return self.annotated(self.generic_visit(node), "returns")

    def annotated(self, node: Any, name: str) -> Any:
        annotation = getattr(node, name)
        if annotation is None:
            return node
        fields = {n: getattr(node, n) for n in node._fields if hasattr(node, n)}
        return ast.copy_location(type(node)(**fields | {name: self.inner.visit(annotation)}), node)


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or core.is_ref(node):
        return ""
    return ".".join([node.id, *reversed(parts)])
