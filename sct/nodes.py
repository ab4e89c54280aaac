"""The nodes that every pass makes: reads and bindings of variables."""

from __future__ import annotations

import ast

from sct import core


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
