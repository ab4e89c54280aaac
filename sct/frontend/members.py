"""Lists in lists and dicts that grow: ``d[key].append(v)`` and ``d.setdefault(key, []).append(v)``.

In: such a statement. Out: the same with the entry made first and, for reverse mode, with a name for the inner list.
"""

from __future__ import annotations

import ast
import copy
from typing import Protocol

from sct import core
from sct.nodes import assign, load
from sct.walk import walk

Block = list[ast.stmt]


class Namer(Protocol):
    """Makes names that nothing has."""

    def temporary(self) -> str:
        """Return the name of a temporary."""


def with_entry(stmt: ast.stmt, fresh: Namer) -> Block:
    """Return ``d.setdefault(key, default).append(v)`` as a branch that makes the entry, and the append."""
    inner = _grown(stmt)
    method = inner.func if isinstance(inner, ast.Call) else None
    if not isinstance(method, ast.Attribute) or method.attr != "setdefault" or not isinstance(method.value, ast.Name):
        return [stmt]
    assert isinstance(inner, ast.Call)
    if len(inner.args) != 2 or inner.keywords or core.is_ref(method.value) or _calls(inner.args[1]):
        return [stmt]
    key, default = inner.args
    out: Block = []
    if not isinstance(key, ast.Name | ast.Constant):
        held = fresh.temporary()
        out.append(ast.copy_location(assign(held, key), stmt))
        key = load(held)
    target = method.value.id
    test = ast.Compare(left=copy.deepcopy(key), ops=[ast.NotIn()], comparators=[load(target)])
    place = ast.Subscript(value=load(target), slice=copy.deepcopy(key), ctx=ast.Store())
    made = ast.copy_location(ast.Assign(targets=[place], value=default), stmt)
    out.append(ast.copy_location(ast.If(test=test, body=[made], orelse=[]), stmt))
    return [*out, _appended(stmt, ast.Subscript(value=load(target), slice=copy.deepcopy(key), ctx=ast.Load()))]


def with_name(stmt: ast.stmt, fresh: Namer) -> Block:
    """Return ``d[key].append(v)`` with a name for the inner list."""
    inner = _grown(stmt)
    if not isinstance(inner, ast.Subscript) or isinstance(inner.slice, ast.Slice):
        return [stmt]
    held = fresh.temporary()
    return [ast.copy_location(assign(held, inner), stmt), _appended(stmt, load(held))]


def _grown(stmt: ast.stmt) -> ast.expr | None:
    """Return what a statement appends to, None where it does something else, or calls what may bind that anew."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or core.is_ref(call.func):
        return None
    plain = call.func.attr == "append" and len(call.args) == 1 and not call.keywords and not _calls(call.args[0])
    return call.func.value if plain else None


def _appended(stmt: ast.stmt, holder: ast.expr) -> ast.stmt:
    """Return the statement with another expression for the list."""
    assert isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call)
    method = ast.copy_location(ast.Attribute(value=holder, attr="append", ctx=ast.Load()), stmt.value.func)
    ast.copy_location(holder, method)
    new = ast.copy_location(ast.Call(func=method, args=stmt.value.args, keywords=[]), stmt.value)
    return ast.copy_location(ast.Expr(value=new), stmt)


def _calls(expr: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and core.qualname(n.func).startswith(("@", "?")) for n in walk(expr))
