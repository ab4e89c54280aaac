"""Temporaries back into expressions.

In: the statements of a function in which active expressions were taken apart into temporaries. Out: the same
computation with as few temporaries as can be: a user's statement comes back as it was written. A temporary is moved
into its one reader when nothing that it reads changes on the way and no two pieces of code that write change order.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sct import core
from sct.simplify import effects, gather, needs, order, propagate, trees
from sct.simplify.effects import Alias, Effects
from sct.simplify.glance import count
from sct.simplify.timeline import Timeline
from sct.simplify.trees import Use


def renest(
    stmts: Sequence[ast.stmt],
    alias: Alias | None = None,
    duplicate_cheap: bool | Callable[[ast.expr], bool] = True,
    parameters: frozenset[str] | None = None,
    members: Callable[[str], bool] = lambda name: True,
    plain: bool = False,
) -> list[ast.stmt]:
    """Put temporaries back into the expressions that read them.

    `stmts` is the whole body of a function. `alias(a, b)` says whether two names may share memory (the name ``=``
    stands for all globals of the user's) and is asked only where the statements themselves leave it open.
    `duplicate_cheap` lets temporaries that are read several times be computed anew by each reader where they are
    cheap; a function decides for each expression. For `parameters`, `members` and `plain` see `prune`.
    """
    if not effects.is_straightforward(stmts):
        return list(stmts)
    alias = needs.inferred_alias(stmts, alias, parameters, members, plain)
    cheap = duplicate_cheap if callable(duplicate_cheap) else (lambda _: bool(duplicate_cheap))
    nested = _nest(stmts, alias)
    spread = propagate.propagate(nested, alias, cheap)
    again = _nest(drop_unread(spread), alias)
    gathered = gather.gather(again, alias, *count(again))
    if gathered != again:
        gathered = _nest(gathered, alias)
    return gather.coalesce(gathered, alias)


def drop_unread(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Drop temporaries that nothing reads; a call that does more than give a value stays as a statement."""
    loads, stores = count(stmts)

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        new: list[ast.stmt | None] = [statement(stmt) for stmt in reversed(body)][::-1]
        return trees.keep(body, lambda i: new[i])

    def statement(stmt: ast.stmt) -> ast.stmt | None:
        name = trees.target_name(stmt)
        if isinstance(stmt, ast.Assign) and core.is_temporary(name) and not loads[name] and stores[name] == 1:
            if effects.is_pure(stmt.value):
                loads.subtract(n.id for n in trees.walk(stmt.value) if isinstance(n, ast.Name))
                return None
            return ast.copy_location(ast.Expr(value=stmt.value), stmt)
        return trees.map_blocks(stmt, block) if trees.blocks(stmt) else stmt

    return block(stmts)


# Moving ---------------------------------------------------------------------------------------------------------


@dataclass
class _Pending:
    """A temporary that waits, at its position in the block, for its one reader."""

    position: int
    name: str
    effects: Effects


def _nest(stmts: Sequence[ast.stmt], alias: Alias | None) -> list[ast.stmt]:
    loads, stores = count(stmts)
    late = effects.captured(stmts)
    single = {
        name for name in stores if core.is_temporary(name) and stores[name] == loads[name] == 1 and name not in late
    }

    def block(body: list[ast.stmt]) -> list[ast.stmt]:
        moved = _Block(single, alias).run(body)
        built: dict[str, ast.expr] = {}

        def kept(position: int) -> ast.stmt | None:
            stmt = trees.map_blocks(body[position], block) if trees.blocks(body[position]) else body[position]
            stmt = trees.substitute(stmt, built) if built else stmt
            if position in moved and isinstance(stmt, ast.Assign):
                built[trees.target_name(stmt)] = stmt.value
                return None
            return stmt

        return trees.keep(body, kept)

    return block(list(stmts))


class _Block:
    """Decides which temporaries of one block move into their readers."""

    def __init__(self, single: set[str], alias: Alias | None) -> None:
        self._single = single
        self._alias = alias
        self._pending: dict[str, _Pending] = {}
        self._impure: dict[str, _Pending] = {}
        self._timeline = Timeline(alias)
        self._moved: set[int] = set()

    def run(self, body: Sequence[ast.stmt]) -> set[int]:
        """Return the positions of the statements that give way."""
        for position, stmt in enumerate(body):
            if core.remark_text(stmt) is not None:
                continue
            name = trees.target_name(stmt)
            found = effects.statement(stmt)
            candidates, places = self._candidates(stmt)
            if name in self._single and not found.binds - {name}:
                self._wait(position, name, found.copy(), candidates, places)
            else:
                self._flush(candidates)
                taken = self._take(candidates, places)
                found = found.copy() if taken else found
                for one in taken:
                    found.add(one.effects)
                self._timeline.record(position, found)
        return self._moved

    def _candidates(self, stmt: ast.stmt) -> tuple[dict[str, _Pending], list[tuple[str, Effects]]]:
        """The waiting temporaries that a statement could take in, and what it does itself before each."""
        places = _evaluation(stmt, self._pending)
        return {name: self._pending[name] for name, _ in places}, places

    def _wait(
        self,
        position: int,
        name: str,
        found: Effects,
        candidates: dict[str, _Pending],
        places: list[tuple[str, Effects]],
    ) -> None:
        """Let the statement that defines a temporary wait, with those that it takes in."""
        for taken in self._take(candidates, places):
            found.reads.discard(taken.name)
            found = _merged(found, taken.effects)
        found.binds.discard(name)
        waiting = _Pending(position, name, found)
        self._pending[name] = waiting
        if not found.pure:
            self._impure[name] = waiting

    def _flush(self, candidates: dict[str, _Pending]) -> None:
        """What does more than give a value runs before the next real statement, or inside it."""
        for name, waiting in list(self._impure.items()):
            if name not in candidates:
                self._stay(waiting)

    def _stay(self, waiting: _Pending) -> None:
        self._pending.pop(waiting.name, None)
        if self._impure.pop(waiting.name, None):
            self._timeline.record(waiting.position, waiting.effects)

    def _take(self, candidates: dict[str, _Pending], places: list[tuple[str, Effects]]) -> list[_Pending]:
        """Move into a statement what can move there; return it."""
        taken: dict[str, _Pending] = {}
        stayed: list[_Pending] = []
        index = {name: place for place, (name, _) in enumerate(places)}
        for waiting in sorted(candidates.values(), key=lambda p: -p.position):
            place = index[waiting.name]
            ahead = [o for o in self._passed(waiting) if o.name not in taken or index[o.name] < place]
            if self._can_move(waiting, [*stayed, *ahead], places[place][1]):
                taken[waiting.name] = waiting
            else:
                self._stay(waiting)
                stayed.append(waiting)
        for name, waiting in taken.items():
            del self._pending[name]
            self._impure.pop(name, None)
            self._moved.add(waiting.position)
        return list(taken.values())

    def _passed(self, waiting: _Pending) -> list[_Pending]:
        """The temporaries that wait behind this one and would have to change places with it."""
        found = []
        # What is pure changes places with all that is pure.
        for other in reversed((self._impure if waiting.effects.pure else self._pending).values()):
            if other.position <= waiting.position:
                break
            found.append(other)
        return found

    def _can_move(self, waiting: _Pending, passed: list[_Pending], before: Effects) -> bool:
        if self._timeline.disturbed(waiting.position, waiting.effects.reads):
            return False
        found = waiting.effects
        return not any(effects.clash(found, other, self._alias) for other in (before, *(o.effects for o in passed)))


def _merged(a: Effects, b: Effects) -> Effects:
    """Take the smaller effects into the larger, so that long chains stay linear."""
    small, large = (a, b) if len(a.reads) < len(b.reads) else (b, a)
    large.add(small)
    return large


def _evaluation(stmt: ast.stmt, waiting: Mapping[str, _Pending]) -> list[tuple[str, Effects]]:
    """Return the waiting temporaries that a statement reads once, in order, with what it does itself before each."""
    if not any(name in waiting for name in effects.header(stmt).reads):
        return []
    found: list[tuple[str, Effects]] = []
    before = Effects()
    stack: list[tuple[Use, bool]] = [(use, False) for use in reversed(order.uses(stmt))]
    if isinstance(stmt, ast.AugAssign) and not isinstance(stmt.target, ast.Name):
        stack.insert(1, (Use(stmt.target), True))  # the target is read before the value is computed
    while stack:
        use, done = stack.pop()
        if done:
            _complete(use.node, before)
        elif isinstance(use.node, ast.Name):
            if use.once and use.node.id in waiting:
                found.append((use.node.id, before))
                before = before.copy()
        elif not isinstance(use.node, ast.Constant):
            stack.append((use, True))
            stack.extend((inner, False) for inner in reversed(order.operands(use)))
    return found


def _complete(node: ast.expr, before: Effects) -> None:
    """Note the memory that an operation reads, and what it writes, once its operands are there."""
    for inner in order.operands(Use(node)):
        if isinstance(inner.node, ast.Name) and (name := effects.read_name(inner.node)):
            before.reads.add(name)
    if isinstance(node, ast.Call | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
        effects.add_own(node, before)
