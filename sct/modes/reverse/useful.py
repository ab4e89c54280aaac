"""Which adjoints may be live before a statement, given those that are live after it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sct import core
from sct.modes.reverse.context import Context
from sct.modes.reverse.nodes import loads, stored
from sct.modes.reverse.regimes import SHADOW
from sct.walk import children, root_name


def useful(stmts: Sequence[ast.stmt], after: set[str], varied: set[str], context: Context) -> set[str]:
    """Return the names whose adjoints may be live before `stmts`, given those that are live after."""
    live = set(after)
    for stmt in reversed(stmts):
        if isinstance(stmt, ast.If):
            # The branches of a long chain are asked about at every level of it.
            key = (stmt, frozenset(live))
            if key not in context.useful:
                found = useful(stmt.body, live, varied, context) | useful(stmt.orelse, live, varied, context)
                context.useful[key] = frozenset(found)
            live = set(context.useful[key])
        elif isinstance(stmt, (ast.For, ast.While)):
            ends = set(live)
            while True:
                begins = useful(stmt.body, ends, varied, context)
                if begins <= ends:
                    break
                ends |= begins
            live = ends
        elif isinstance(stmt, (ast.Assign, ast.AugAssign, ast.Expr)):
            live = _useful_simple(stmt, live, varied, context)
    return live


def _useful_simple(
    stmt: ast.Assign | ast.AugAssign | ast.Expr, live: set[str], varied: set[str], context: Context
) -> set[str]:
    shadowed = {n for n in loads([stmt]) if context.regimes.regime(n) == SHADOW}
    targets: list[ast.expr] = list(stmt.targets) if isinstance(stmt, ast.Assign) else []
    if isinstance(stmt, ast.AugAssign):
        targets = [stmt.target]
    names = set(stored(targets))
    bases = {b for t in targets if isinstance(t, ast.Subscript) for b in [root_name(t)] if b}
    if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
        func = stmt.value.func
        if isinstance(func, ast.Attribute):
            base = root_name(func)
            bases |= {base} if base else set()
        elif core.qualname(func) in core.WRITERS:
            base = root_name(stmt.value.args[0])
            bases |= {base} if base else set()
        elif not core.qualname(func).startswith("@"):
            return live
    taken = core.popped(stmt.value) if isinstance(stmt, ast.Assign) else ""
    hit = (
        taken in varied
        or bool((names | bases) & live)
        or bool(shadowed)
        or any(context.regimes.regime(n) == SHADOW for n in names | bases)
    )
    if not hit:
        return live
    reads = {n for n in useful_names([stmt], set(), varied) if context.regimes.regime(n) != SHADOW}
    kept = live - names if isinstance(stmt, ast.Assign) else live
    return kept | reads


_names: WeakKeyDictionary[ast.stmt, frozenset[str]] = WeakKeyDictionary()


def useful_names(stmts: Sequence[ast.stmt], after: set[str], varied: set[str]) -> set[str]:
    """Return the active names that `stmts` read as values: not in tests and indices."""
    return after.union(*(_read_as_values(stmt) for stmt in stmts)) & (varied | after)


def _read_as_values(stmt: ast.stmt) -> frozenset[str]:
    found = _names.get(stmt)
    if found is not None:
        return found
    out: set[str] = set()
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.If, ast.While)):
            out.update(*(_read_as_values(inner) for inner in (*node.body, *node.orelse)))
        elif isinstance(node, ast.For):
            out.update(*(_read_as_values(inner) for inner in node.body))
        elif isinstance(node, ast.Subscript):
            stack.append(node.value)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                out.add(node.target.id)
            stack += [node.target, node.value]
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                out.add(node.id)
        elif not isinstance(node, (ast.Compare, ast.Assert)):
            stack += children(node)
    _names[stmt] = frozenset(out)
    return _names[stmt]
