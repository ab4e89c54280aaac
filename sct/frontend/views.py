"""Stores into what a call returns, as stores into a variable: ``a.ravel()[0] = v``.

In: the statements of a function. Out: the same, where what is stored into has a name. Only names are followed from one
statement to the next, with the memory that they share.
"""

from __future__ import annotations

import ast

from sct.names import reserve
from sct.nodes import assign, changed, load
from sct.walk import walk


def with_views_named(stmts: list[ast.stmt], used: set[str]) -> list[ast.stmt]:
    """Return statements that store into variables; `used` holds the names in use, and gets the new ones."""
    if not any(isinstance(n, ast.Subscript) and _base(n) is not None for s in stmts for n in walk(s)):
        return stmts
    return [new for stmt in stmts for new in _named(stmt, used)]


def _named(stmt: ast.stmt, used: set[str]) -> list[ast.stmt]:
    if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [stmt]
    blocks = {
        name: with_views_named(block, used)
        for name in ("body", "orelse", "finalbody")
        if isinstance(block := getattr(stmt, name, None), list)
    }
    if blocks:
        return [changed(stmt, **blocks)]
    target = stmt.targets[0] if isinstance(stmt, ast.Assign) else getattr(stmt, "target", None)
    base = _base(target) if isinstance(target, ast.Subscript) else None
    if base is None or not isinstance(stmt, (ast.Assign, ast.AugAssign)):
        return [stmt]
    if isinstance(stmt, ast.Assign) and len(stmt.targets) > 1:
        return [stmt]
    before: list[ast.stmt] = []
    value = stmt.value
    if isinstance(stmt, ast.Assign) and any(isinstance(n, ast.Call) for n in walk(value)):
        # Python computes the value first.
        held = _new("value", used)
        before.append(ast.copy_location(assign(held, value), stmt))
        value = ast.copy_location(load(held), value)
    view = _new("view", used)
    before.append(ast.copy_location(assign(view, base), stmt))
    place = _onto(target, base, ast.copy_location(load(view), base))  # type: ignore[arg-type]
    if isinstance(stmt, ast.Assign):
        return [*before, changed(stmt, targets=[place], value=value)]
    return [*before, changed(stmt, target=place)]


def _new(stem: str, used: set[str]) -> str:
    name = reserve(used, [stem])[stem]
    used.add(name)
    return name


def _base(target: ast.Subscript) -> ast.Call | None:
    """Return the call of which a part is written, None where it is something else."""
    value: ast.expr = target.value
    while isinstance(value, (ast.Subscript, ast.Attribute)):
        value = value.value
    return value if isinstance(value, ast.Call) and not isinstance(target.ctx, ast.Load) else None


def _onto(target: ast.expr, base: ast.expr, new: ast.expr) -> ast.expr:
    if target is base:
        return new
    assert isinstance(target, (ast.Subscript, ast.Attribute))
    return changed(target, value=_onto(target.value, base, new))
