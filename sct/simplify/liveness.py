"""Which assignments are overwritten, or forgotten, before anybody reads them.

In: a function's statements. Out: the keys (id, part) of plain assignments whose name is dead after them. A dead
assignment reads nothing, so that what feeds only itself round a loop is dead as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from sct import core
from sct.simplify import effects, needs, tapes, trees


def dead(stmts: Sequence[ast.stmt], live_out: Iterable[str], removable: needs.Removable) -> set[tuple[int, int]]:
    """Return the keys of dead assignments, and of loops whose variable is dead after them (part -1)."""
    solver = _Liveness(effects.captured(stmts), removable)
    solver.block(stmts, set(live_out))
    return {key for key, is_dead in solver.verdicts.items() if is_dead}


class _Liveness:
    def __init__(self, always: set[str], removable: needs.Removable) -> None:
        self.verdicts: dict[tuple[int, int], bool] = {}
        self._always = always
        self._removable = removable
        self._breaks: list[set[str]] = []
        self._continues: list[set[str]] = []
        self._heads: dict[int, set[str]] = {}

    def block(self, body: Sequence[ast.stmt], after: set[str]) -> set[str]:
        """Return what is live before a block, given what is live after it."""
        live = set(after)
        for stmt in reversed(body):
            live = self._statement(stmt, live)
        return live

    def _statement(self, stmt: ast.stmt, live: set[str]) -> set[str]:
        match stmt:
            case ast.Return() | ast.Raise():
                return set(effects.header(stmt).reads)
            case ast.Break():
                return set(self._breaks[-1]) if self._breaks else live
            case ast.Continue():
                return set(self._continues[-1]) if self._continues else live
            case ast.If():
                before = self.block(stmt.body, live) | self.block(stmt.orelse, live)
                return before | effects.reads(stmt.test)
            case ast.For() | ast.While():
                return self._loop(stmt, live)
            case ast.Assign() | ast.AnnAssign() if assigned := tapes.parts(stmt):
                return self._assign(stmt, assigned, live)
        if core.remark_text(stmt) is None:
            # What is not understood may stop anywhere inside, so it reads everything and overwrites nothing.
            live |= effects.names(stmt) if trees.blocks(stmt) else effects.header(stmt).reads
            if trees.blocks(stmt) and self._breaks:
                live |= self._breaks[-1] | self._continues[-1]
            if isinstance(stmt, ast.Delete):
                live |= effects.names(stmt)
            elif isinstance(stmt, ast.Assign):
                live -= {t.id for t in stmt.targets if isinstance(t, ast.Name)} - effects.header(stmt).reads
        return live

    def _assign(self, stmt: ast.stmt, assigned: list[tuple[str, ast.expr]], live: set[str]) -> set[str]:
        values = [(name, value, effects.expression(value)) for name, value in assigned]
        allowed = all(found.pure and self._removable(stmt, name) for name, _, found in values)
        reads: set[str] = set()
        for part, (name, _, found) in enumerate(values):
            is_dead = allowed and name not in live and name not in self._always
            self._judge((id(stmt), part), is_dead)
            if not is_dead:
                reads |= found.reads
        live.difference_update(name for name, _ in assigned)
        live |= reads
        return live

    def _judge(self, key: tuple[int, int], is_dead: bool) -> None:
        self.verdicts[key] = is_dead and self.verdicts.get(key, True)

    def _loop(self, stmt: ast.For | ast.While, live: set[str]) -> set[str]:
        """Go round until nothing more comes alive; what was live in the last round of the loop around is a start."""
        first = stmt.test if isinstance(stmt, ast.While) else stmt.target
        targets = effects.names(first) if isinstance(stmt, ast.For) and _is_plain(stmt.target) else set()
        self._judge((id(stmt), -1), not targets & (live | self._always))
        after = self.block(stmt.orelse, live)
        head = after | self._heads.get(id(stmt), set())
        head |= effects.reads(stmt.test) if isinstance(stmt, ast.While) else effects.reads(stmt.target)
        while True:
            self._breaks.append(live)
            self._continues.append(head)
            before = self.block(stmt.body, head) - targets
            self._breaks.pop()
            self._continues.pop()
            if before <= head:
                break
            head = head | before
        self._heads[id(stmt)] = head
        return head | (effects.reads(stmt.iter) if isinstance(stmt, ast.For) else set())


def _is_plain(target: ast.expr) -> bool:
    return all(isinstance(node, ast.Name | ast.Tuple) for node in trees.walk(target))
