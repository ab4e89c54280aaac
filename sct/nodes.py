"""The nodes that every pass makes: reads and bindings of variables, and others with some of their fields changed."""

from __future__ import annotations

import ast
from typing import TypeVar

from sct import core

_Node = TypeVar("_Node", bound=ast.AST)


def load(name: str) -> ast.Name:
    """Return a read of a variable."""
    return ast.Name(id=name, ctx=ast.Load())


def store(name: str) -> ast.Name:
    """Return a variable as the target of a binding."""
    return ast.Name(id=name, ctx=ast.Store())


def assign(name: str, value: ast.expr) -> ast.Assign:
    """Return ``name = value``."""
    return ast.Assign(targets=[store(name)], value=value)


def as_argument(index: ast.expr) -> ast.expr:
    """Return an index as an argument: slices as calls of ``slice``."""
    if isinstance(index, ast.Slice):
        parts = [e if e is not None else ast.Constant(value=None) for e in (index.lower, index.upper, index.step)]
        return ast.Call(func=core.ref("builtins.slice"), args=parts, keywords=[])
    if isinstance(index, ast.Tuple):
        return ast.Tuple(elts=[as_argument(e) for e in index.elts], ctx=ast.Load())
    return index


def changed(node: _Node, **changed: object) -> _Node:
    """Return a node with other fields; the one that is given where they are the same."""
    if all(getattr(node, k) is v for k, v in changed.items()):
        return node
    fields = dict(ast.iter_fields(node)) | changed
    return ast.copy_location(type(node)(**fields), node)
