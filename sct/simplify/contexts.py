"""Calls of context managers, put together again as ``with`` statements."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.walk import names, walk

Stmts = list[ast.stmt]


def with_contexts(body: Sequence[ast.stmt]) -> Stmts:
    """Return statements in which ``c = f(); c.__enter__(); …; c.__exit__(…)`` is ``with f(): …``."""
    out = [_inside(stmt) for stmt in body]
    for start in range(len(out) - 1, -1, -1):
        made = _with(out, start)
        if made is not None:
            end, stmt = made
            out[start : end + 1] = [stmt]
    return out


def _inside(stmt: ast.stmt) -> ast.stmt:
    changed = {f: with_contexts(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
    if all(a is b for f, new in changed.items() for a, b in zip(new, getattr(stmt, f), strict=False)):
        return stmt
    fields = {name: getattr(stmt, name) for name in stmt._fields} | changed
    return ast.copy_location(type(stmt)(**fields), stmt)


def _with(stmts: Stmts, start: int) -> tuple[int, ast.stmt] | None:
    """Return the ``with`` statement that begins at a place, and the place where it ends."""
    first = stmts[start]
    if not isinstance(first, ast.Assign) or not isinstance(first.targets[0], ast.Name) or start + 2 >= len(stmts):
        return None
    name, enter = first.targets[0].id, stmts[start + 1]
    if not isinstance(enter, (ast.Assign, ast.Expr)) or not _calls(enter.value, name, "__enter__"):
        return None
    leaves = [i for i, s in enumerate(stmts) if isinstance(s, ast.Expr) and _calls(s.value, name, "__exit__")]
    if len(leaves) != 1 or leaves[0] <= start + 2:
        return None
    end = leaves[0]
    if any(name in names(s) for i, s in enumerate(stmts) if i not in (start, start + 1, end)):
        return None
    target = enter.targets[0] if isinstance(enter, ast.Assign) else None
    item = ast.withitem(context_expr=first.value, optional_vars=target)
    return end, ast.copy_location(ast.With(items=[item], body=stmts[start + 2 : end], type_comment=None), first)


def _calls(value: ast.expr, name: str, method: str) -> bool:
    func = value.func if isinstance(value, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr != method:
        return False
    return [n.id for n in walk(func) if isinstance(n, ast.Name)] == [name]
