"""The nodes that every pass makes: reads and bindings of variables."""

from __future__ import annotations

import ast


def load(name: str) -> ast.Name:
    """Return a read of a variable."""
    return ast.Name(id=name, ctx=ast.Load())


def store(name: str) -> ast.Name:
    """Return a variable as the target of a binding."""
    return ast.Name(id=name, ctx=ast.Store())


def assign(name: str, value: ast.expr) -> ast.Assign:
    """Return ``name = value``."""
    return ast.Assign(targets=[store(name)], value=value)
