"""Which globals a program changes while it runs.

In: the routines of a program. Out: the qualified names of the globals that they bind or write. The reverse sweep runs
when all of it is done: what it needs of such a global must be read, and kept, in the forward sweep.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from sct import core
from sct.analysis import purity
from sct.walk import walk


def changed_globals(routines: Iterable[ast.FunctionDef]) -> frozenset[str]:
    """Return the globals that routines bind or write in place."""
    found: set[str] = set()
    for routine in routines:
        for node in walk(routine):
            if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
                found.add(_global_in(node))
            elif isinstance(node, ast.AugAssign):
                found.add(_global_in(node.target))
            elif isinstance(node, ast.Call) and not core.qualname(node.func).startswith("@"):
                found.update(map(_global_in, purity.written_by(node)))
    return frozenset(found - {""})


def mentions(node: ast.AST, names: frozenset[str]) -> bool:
    """Say whether a tree reads one of these globals."""
    return bool(names) and any(is_part(core.qualname(part), names) for part in walk(node) if isinstance(part, ast.Name))


def is_part(name: str, names: frozenset[str]) -> bool:
    """Say whether a name is one of these globals, an attribute of one, or what one is an attribute of."""
    return bool(name) and any(
        name == other or name.startswith(f"{other}.") or other.startswith(f"{name}.") for other in names
    )


def _global_in(target: ast.AST) -> str:
    """Return the global that a chain of subscripts and attributes starts from, "" where that is none."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    name = core.qualname(target)
    return name if name.startswith("=") else ""
