"""Methods that have a name of their own, called by their object again: ``add = out.append; add(x)``.

In: the statements of a function. Out: the same, where such a call is ``out.append(x)``, so that it is seen what it
writes. Only where both names are bound once, so that they mean the same all along.
"""

from __future__ import annotations

import ast
from collections import Counter

from sct.analysis.binding import assigned_names
from sct.frontend.evaluation import replaced
from sct.nodes import changed
from sct.walk import walk


def called_by_object(stmts: list[ast.stmt], parameters: list[str]) -> list[ast.stmt]:
    """Return statements in which calls of named methods are calls of methods; `parameters` are bound already."""
    if not any(_is_method(stmt) for stmt in stmts):
        return stmts
    bindings = Counter([*parameters, *(name for stmt in stmts for name in _bound(stmt))])
    reads = Counter(n.id for s in stmts for n in walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    calls = [n for s in stmts for n in walk(s) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    called = Counter(n.func.id for n in calls if isinstance(n.func, ast.Name))
    methods: dict[str, ast.Attribute] = {}
    for stmt in stmts:
        if not _is_method(stmt):
            continue
        name, method = stmt.targets[0].id, stmt.value  # type: ignore[attr-defined]
        once = bindings[name] == 1 and bindings[method.value.id] == 1
        if once and 0 < reads[name] == called[name]:
            methods[name] = method
    if not methods:
        return stmts
    new: dict[int, ast.expr] = {
        id(call): changed(call, func=methods[call.func.id])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in methods
    }
    kept = [s for s in stmts if not (_is_method(s) and s.targets[0].id in methods)]  # type: ignore[attr-defined]
    return [replaced(s, new) for s in kept]  # type: ignore[misc]


def _bound(stmt: ast.stmt) -> list[str]:
    """Return the names that a statement binds, as often as it does; one bound in a loop is bound twice."""
    repeated = isinstance(stmt, (ast.For, ast.While))
    nodes = walk(stmt)
    found = [n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
    found += [n.arg for n in nodes if isinstance(n, ast.arg)]
    return [*found, *(found if repeated else ()), *(n for n in assigned_names([stmt]) if n not in found)]


def _is_method(stmt: ast.stmt) -> bool:
    """Say whether a statement gives a method of a variable a name."""
    return (
        isinstance(stmt, ast.Assign)
        and len(stmt.targets) == 1
        and isinstance(stmt.targets[0], ast.Name)
        and isinstance(stmt.value, ast.Attribute)
        and isinstance(stmt.value.value, ast.Name)
        and ":" not in stmt.value.value.id
    )
