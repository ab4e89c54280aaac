"""Which names statements bind.

In: statements. Out: names, in the order of the text.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sct.walk import children, walk


def stable_names(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that are bound once, and in no loop: parameters that stay, and variables."""
    counts: dict[str, int] = dict.fromkeys((a.arg for a in walk(node) if isinstance(a, ast.arg)), 1)
    for part in walk(node):
        many = isinstance(part, (ast.For, ast.While)) or hasattr(part, "generators")
        for name in walk(part) if many else [part]:
            if isinstance(name, ast.Name) and isinstance(name.ctx, (ast.Store, ast.Del)):
                counts[name.id] = counts.get(name.id, 0) + (2 if many else 1)
    return frozenset(name for name, count in counts.items() if count == 1)


_assigned: WeakKeyDictionary[ast.stmt, tuple[str, ...]] = WeakKeyDictionary()


def assigned_names(stmts: Sequence[ast.stmt]) -> list[str]:
    """Return the names that `stmts` bind, in order of appearance."""
    out: dict[str, None] = {}
    for stmt in stmts:
        found = _assigned.get(stmt)
        if found is None:
            found = _assigned[stmt] = _assigned_in(stmt)
        out.update(dict.fromkeys(found))
    return list(out)


def _assigned_in(stmt: ast.stmt) -> tuple[str, ...]:
    out: dict[str, None] = {}
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            out[node.id] = None
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            out[node.name] = None
            continue
        elif isinstance(node, ast.Lambda):
            continue
        elif isinstance(node, ast.stmt) and node is not stmt:
            out.update(dict.fromkeys(assigned_names([node])))  # once for all statements around it
            continue
        stack += reversed(children(node))
    return tuple(out)
