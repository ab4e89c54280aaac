"""Which names only ever stand for one integer: a count, not a value that is calculated with.

In: a function. Out: the names; `is_integer` says the same of an expression.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from sct import core
from sct.walk import walk

_Found = dict[str, list[ast.expr | None]]


def is_integer(index: ast.expr, names: Collection[str]) -> bool:
    """Say whether an expression is surely one integer, where `names` are."""
    if isinstance(index, ast.Constant):
        return isinstance(index.value, int)
    if isinstance(index, ast.Name):
        return index.id in names or core.is_ref(index)
    if isinstance(index, ast.BinOp):
        return is_integer(index.left, names) and is_integer(index.right, names)
    if isinstance(index, ast.UnaryOp):
        return is_integer(index.operand, names)
    if isinstance(index, ast.Subscript):
        return isinstance(index.value, ast.Attribute) and index.value.attr == "shape"
    if isinstance(index, ast.Attribute):
        return index.attr in ("size", "ndim")
    if not isinstance(index, ast.Call):
        return False
    name = core.qualname(index.func)
    if name in ("builtins.max", "builtins.min") and index.args:
        one = len(index.args) == 1
        return _is_range(index.args[0]) if one else all(is_integer(a, names) for a in index.args)
    return name in ("builtins.len", "builtins.int")


def _is_range(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and core.qualname(expr.func) == "builtins.range"


def integers(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that only ever stand for one integer."""
    found: _Found = {}
    a = node.args
    padded = [None] * (len([*a.posonlyargs, *a.args]) - len(a.defaults)) + list(a.defaults)
    for arg, default in zip([*a.posonlyargs, *a.args], padded, strict=True):
        said = isinstance(arg.annotation, ast.Name) and arg.annotation.id == "int"
        whole = isinstance(default, ast.Constant) and type(default.value) is int
        found[arg.arg] = [ast.Constant(value=0)] if said or whole else [None]
    for stmt in walk(node):
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                _note(found, target, stmt.value)
        elif isinstance(stmt, ast.AugAssign):
            _note(found, stmt.target, stmt.value)
        elif isinstance(stmt, (ast.For, ast.comprehension)):
            _note_loop(found, stmt.target, stmt.iter)
        elif isinstance(stmt, ast.NamedExpr):
            _note(found, stmt.target, stmt.value)
    names = set(found)
    changed = True
    while changed:
        kept = {n for n in names if all(v is not None and is_integer(v, names) for v in found[n])}
        changed = kept != names
        names = kept
    return frozenset(names)


def _note(found: _Found, target: ast.expr, value: ast.expr | None) -> None:
    """Note what a target is bound to; None for what is not known."""
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts: Sequence[ast.expr | None] = [None] * len(target.elts)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            parts = value.elts
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            parts = [ast.Constant(value=0)] * len(target.elts)
        for sub, part in zip(target.elts, parts, strict=True):
            _note(found, sub, part)
    elif isinstance(target, ast.Starred):
        _note(found, target.value, None)


def _note_loop(found: _Found, target: ast.expr, it: ast.expr) -> None:
    """Note what a loop binds: ``range`` and the counts of ``enumerate`` give integers."""
    name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
    args = it.args if isinstance(it, ast.Call) else []
    if name == "builtins.range":
        _note(found, target, ast.Constant(value=0))
    elif name == "builtins.reversed" and args:
        _note_loop(found, target, args[0])
    elif name == "builtins.enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2 and args:
        _note(found, target.elts[0], ast.Constant(value=0))
        _note_loop(found, target.elts[1], args[0])
    elif name == "builtins.zip" and isinstance(target, ast.Tuple) and len(target.elts) == len(args):
        for sub, arg in zip(target.elts, args, strict=True):
            _note_loop(found, sub, arg)
    else:
        _note(found, target, None)
