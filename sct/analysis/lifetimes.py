"""Until when a variable is of use: the names that may be read after each statement before they are bound anew.

In: a function. Out: `live_after`, `read_at_entry`. What is not understood counts as read.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from sct.walk import header, walk


def live_after(node: ast.FunctionDef) -> dict[ast.stmt, frozenset[str]]:
    """Return the names that may be read after each statement, before they are bound anew."""
    solver = _Liveness()
    solver.block(node.body, frozenset())
    return solver.after


def read_at_entry(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that may be read before they are bound: the parameters whose arguments matter."""
    return _Liveness().block(node.body, frozenset())


@dataclass
class _Liveness:
    after: dict[ast.stmt, frozenset[str]] = field(default_factory=dict)
    breaks: list[frozenset[str]] = field(default_factory=list)
    heads: list[frozenset[str]] = field(default_factory=list)

    def block(self, stmts: Sequence[ast.stmt], live: frozenset[str]) -> frozenset[str]:
        for stmt in reversed(stmts):
            self.after[stmt] = live | self.after.get(stmt, frozenset())
            live = self.statement(stmt, live)
        return live

    def statement(self, stmt: ast.stmt, live: frozenset[str]) -> frozenset[str]:
        if isinstance(stmt, (ast.Return, ast.Raise)):
            return _reads(stmt)
        if isinstance(stmt, ast.Break):
            return self.breaks[-1] if self.breaks else live
        if isinstance(stmt, ast.Continue):
            return self.heads[-1] if self.heads else live
        if isinstance(stmt, ast.If):
            return self.block(stmt.body, live) | self.block(stmt.orelse, live) | _reads(stmt)
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt, live)
        blocks = [getattr(stmt, name, []) for name in ("body", "orelse", "finalbody")]
        if any(blocks) or isinstance(stmt, ast.Match):
            # An exception may leave anywhere: nothing counts as bound.
            names = frozenset(n.id for n in walk(stmt) if isinstance(n, ast.Name))
            for inner in [*blocks, *(h.body for h in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())))]:
                self.block(inner, live | names)
            return live | names
        return live - _bound(stmt) | _reads(stmt)

    def loop(self, stmt: ast.For | ast.While, live: frozenset[str]) -> frozenset[str]:
        leaving = self.block(stmt.orelse, live)
        reads = _reads(stmt)
        targets = _bound(stmt) if isinstance(stmt, ast.For) else frozenset()
        head = leaving | reads
        while True:
            self.breaks.append(live)
            self.heads.append(head)
            begin = self.block(stmt.body, head) - targets
            self.breaks.pop()
            self.heads.pop()
            if begin <= head:
                return head
            head |= begin


def _reads(stmt: ast.stmt) -> frozenset[str]:
    parts = header(stmt)
    found = {n.id for n in parts if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Store)}
    if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
        found.add(stmt.target.id)
    return frozenset(found)


def _bound(stmt: ast.stmt) -> frozenset[str]:
    """Return the names that a statement binds whatever happens."""
    targets: list[ast.expr] = []
    if isinstance(stmt, ast.Assign):
        targets = stmt.targets
    elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None or isinstance(stmt, ast.For):
        targets = [stmt.target]
    return frozenset(n.id for t in targets for n in _stored(t))


def _stored(target: ast.expr) -> list[ast.Name]:
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [n for e in target.elts for n in _stored(e)]
    return _stored(target.value) if isinstance(target, ast.Starred) else []
