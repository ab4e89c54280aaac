"""Tapes: lists that a function keeps to itself, and plain assignments.

In: statements. Out: which names are tapes, bound to ``[]``, appended to, popped from and used in no other way. Nothing
else can ever see the list that such a name holds, whatever it holds itself.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sct.simplify import effects, trees
from sct.simplify.glance import count, own_nodes


def parts(stmt: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Return the names that an assignment binds with their values, empty where it does anything else."""
    if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name) and stmt.value:
        return [(stmt.target.id, stmt.value)] if trees.is_local(stmt.target) else []
    if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
        return []
    target, value = stmt.targets[0], stmt.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        names = [item.id for item in target.elts if isinstance(item, ast.Name) and trees.is_local(item)]
        if len(names) == len(value.elts) and not any(isinstance(v, ast.Starred) for v in value.elts):
            return list(zip(names, value.elts, strict=True))
    return [(target.id, value)] if isinstance(target, ast.Name) and trees.is_local(target) else []


def owner(value: ast.expr, method: str) -> str:
    """Return t for ``t.method(...)`` on a local name with plain arguments, else ""."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == method:
        name = value.func.value
        if isinstance(name, ast.Name) and trees.is_local(name) and not value.keywords:
            return name.id if all(effects.is_pure(arg) for arg in value.args) else ""
    return ""


def own_tapes(stmts: Sequence[ast.stmt]) -> set[str]:
    """The names that are only ever bound to ``[]``, appended to and popped from."""
    bound: defaultdict[str, int] = defaultdict(int)
    used: list[str] = []
    for stmt in trees.all_statements(stmts):
        found = _uses.get(stmt)
        if found is None:
            found = _uses[stmt] = _uses_in(stmt)
        for name, is_empty in found[0]:
            bound[name] += is_empty
        used += found[1]
    if not any(bound.values()):
        return set()
    loads, stores = count(stmts)
    seen = Counter(used)
    return {n for n, number in bound.items() if number and number + seen[n] == loads[n] + stores[n]}


#: The names that a statement binds, with whether it is to an empty list, and the lists that it appends to or pops from.
_Uses = tuple[list[tuple[str, bool]], list[str]]
_uses: WeakKeyDictionary[ast.stmt, _Uses] = WeakKeyDictionary()


def _uses_in(stmt: ast.stmt) -> _Uses:
    bound = [(name, isinstance(value, ast.List) and not value.elts) for name, value in parts(stmt)]
    calls = [node for node in own_nodes(stmt) if isinstance(node, ast.Call)]
    return bound, [tape for call in calls if (tape := owner(call, "append") or owner(call, "pop"))]
