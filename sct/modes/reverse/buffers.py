"""Adjoint buffers in generated code, which serve arrays and containers alike.

In: a flattened function. Out: the names of such buffers. Where a derivative is differentiated again, what it makes by
`zeros_like` is whatever its argument is, and what is done to it has the same meaning for all of that: parts are taken
by one index each and added to in place. Nothing has to be asked about such a name.
"""

from __future__ import annotations

import ast
from collections import Counter

from sct import core
from sct.walk import walk

_MAKERS = ("sct.runtime.zeros_like", "sct.runtime.zeros_mirror")
_ADDERS = ("sct.runtime.take_add", "sct.runtime.accumulate", "sct.runtime.accumulate_at")


def buffers(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that are bound to zeros, or to a part of such, and added to by parts alone."""
    stmts = [n for n in walk(node) if isinstance(n, ast.stmt)]
    seen = Counter(n.id for n in walk(node) if isinstance(n, ast.Name) and not core.is_ref(n))
    even = Counter(name for stmt in stmts for name in _even_uses(stmt))
    sources: dict[str, list[ast.expr]] = {}
    for stmt in stmts:
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            sources.setdefault(stmt.targets[0].id, []).append(stmt.value)
    found = {name for name in sources if even[name] + len(sources[name]) == seen[name]}
    while True:
        kept = {name for name in found if all(_is_zeros(v) or _whole(v) in found for v in sources[name])}
        if kept == found:
            return frozenset(found)
        found = kept


def _is_zeros(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and core.qualname(value.func) in _MAKERS


def _whole(part: ast.expr) -> str | None:
    """Return the name of which `part` is one member; None for slices and anything else."""
    if not isinstance(part, ast.Subscript) or not isinstance(part.value, ast.Name):
        return None
    return None if any(isinstance(n, ast.Slice) for n in walk(part.slice)) else part.value.id


def _even_uses(stmt: ast.stmt) -> list[str]:
    """Return the names that a statement uses in a way that means the same for arrays and for containers."""
    if isinstance(stmt, ast.AugAssign) and isinstance(stmt.op, (ast.Add, ast.Sub)):
        name = _whole(stmt.target)
        return [] if name is None else [name]
    if isinstance(stmt, ast.Return):
        members = stmt.value.elts if isinstance(stmt.value, ast.Tuple) else [stmt.value]
        return [m.id for m in members if isinstance(m, ast.Name)]
    if isinstance(stmt, ast.Assign) and (name := _whole(stmt.value)) is not None:
        return [name]
    value = stmt.value if isinstance(stmt, (ast.Assign, ast.Expr)) else None
    if not isinstance(value, ast.Call) or not value.args or not isinstance(value.args[0], ast.Name):
        return []
    adds = isinstance(stmt, ast.Expr) and core.qualname(value.func) in _ADDERS
    return [value.args[0].id] if adds or core.qualname(value.func) == "sct.runtime.finish" else []
