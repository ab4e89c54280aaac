"""Statements of a try that may raise: the value is computed before anything changes.

Forward mode puts the tangent before the primal statement where it reads what that overwrites. Where the primal
statement raises, and somebody catches it, the tangent would have moved on alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

import numpy

from sct import core
from sct.nodes import changed, load, store
from sct.walk import root_name, walk

_SAFE = (ast.Add, ast.Sub, ast.Mult)
_PLAIN = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Tuple, ast.List)


def value_first(
    stmt: ast.stmt, varied: Collection[str], temporary: Callable[[], str], is_own: Callable[[ast.Name], bool]
) -> list[ast.stmt]:
    """Return a statement as one that computes and one that assigns; [] where that makes no difference."""
    if isinstance(stmt, ast.AugAssign):
        if not isinstance(stmt.target, ast.Name) or isinstance(stmt.op, _SAFE) or not is_own(load(stmt.target.id)):
            return _augmented(stmt, varied, temporary)
        whole = ast.copy_location(ast.BinOp(left=load(stmt.target.id), op=stmt.op, right=stmt.value), stmt)
        stmt = ast.copy_location(ast.Assign(targets=[stmt.target], value=whole), stmt)
    if not isinstance(stmt, ast.Assign):
        return []
    places = [p for t in stmt.targets for p in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t])]
    if len(places) > 1 and any(isinstance(p, ast.Subscript) and root_name(p) in varied for p in places):
        return _one_by_one(stmt, temporary)
    if not may_raise(stmt.value) or _is_user_call(stmt.value):
        return []
    read = {n.id for n in walk(stmt.value) if isinstance(n, ast.Name)}
    if not any(_is_overwritten(p, read, varied) for p in places):
        return []
    value, target = stmt.value, stmt.targets[0]
    apart = isinstance(value, (ast.Tuple, ast.List)) and isinstance(target, (ast.Tuple, ast.List))
    if apart and len(stmt.targets) == 1 and not any(isinstance(n, ast.Starred) for n in walk(stmt)):
        names = [temporary() for _ in value.elts]  # type: ignore[attr-defined]
        held: ast.expr = changed(target, elts=[store(n) for n in names])
        new: ast.expr = changed(value, elts=[load(n) for n in names])
    else:
        name = temporary()
        held, new = store(name), load(name)
    first = ast.copy_location(ast.Assign(targets=[held], value=value), stmt)
    return [first, changed(stmt, value=new)]


def _one_by_one(stmt: ast.Assign, temporary: Callable[[], str]) -> list[ast.stmt]:
    """Return an assignment to several places as one for each: any but the first may raise."""
    value, name = stmt.value, temporary()
    out: list[ast.stmt] = [ast.Assign(targets=[store(name)], value=value)]
    for target in stmt.targets:
        if not isinstance(target, (ast.Tuple, ast.List)):
            out.append(ast.Assign(targets=[target], value=load(name)))
            continue
        parts = [temporary() for _ in target.elts]
        if any(isinstance(e, ast.Starred) for e in target.elts):
            return []
        held = ast.Tuple(elts=[store(n) for n in parts], ctx=ast.Store())
        out.append(ast.Assign(targets=[held], value=load(name)))
        out += [ast.Assign(targets=[e], value=load(n)) for e, n in zip(target.elts, parts, strict=True)]
    return [ast.copy_location(s, stmt) for s in out]


def _augmented(stmt: ast.AugAssign, varied: Collection[str], temporary: Callable[[], str]) -> list[ast.stmt]:
    if not may_raise(stmt.value) or root_name(stmt.target) not in varied:
        return []
    name = temporary()
    first = ast.copy_location(ast.Assign(targets=[store(name)], value=stmt.value), stmt)
    return [first, changed(stmt, value=load(name))]


def may_raise(expr: ast.expr) -> bool:
    """Say whether an expression may raise what its tangent does not."""
    for part in walk(expr):
        if isinstance(part, ast.Call):
            name = core.qualname(part.func)
            if not (name.startswith("numpy.") and isinstance(getattr(numpy, name[6:], None), numpy.ufunc)):
                return True
        elif isinstance(part, ast.BinOp):
            if not isinstance(part.op, _SAFE):
                return True
        elif isinstance(part, ast.expr) and not isinstance(part, (*_PLAIN, ast.Attribute)):
            return True
    return False


def _is_user_call(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and core.qualname(value.func).startswith("@")


def _is_overwritten(place: ast.expr, read: Collection[str], varied: Collection[str]) -> bool:
    if isinstance(place, ast.Name):
        return place.id in varied and place.id in read
    return root_name(place) in varied
