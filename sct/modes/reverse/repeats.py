"""Containers in which one array, list or dict may stand in several places.

In: a flattened function and its analysis. Out: `Repeats`, which says whether a container may hold some memory twice.
What is written in one of the places is changed in the others too, so the adjoint of such a container must share memory
in the same way.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from sct import core
from sct.analysis.program import Analysis
from sct.walk import header, walk

#: The blocks around a statement, from the body of the innermost loop on; none outside of loops.
Round = frozenset[int]


class Repeats:
    """What is put into containers, and in which rounds of loops."""

    def __init__(self, node: ast.FunctionDef, analysis: Analysis) -> None:
        self.analysis = analysis
        self.put: dict[str, list[tuple[str, Round]]] = {}
        self.bound: dict[str, set[int]] = {}  # the blocks that bind a name
        self.joined: set[str] = set()  # containers that are made of others, or by a call
        # Members that are put into other slots: when, when they were read, the slots.
        self.moves: dict[str, list[tuple[int, int, str, str]]] = {}
        self._parts: dict[str, ast.Subscript] = {}
        self._taken: dict[str, int] = {}
        self._clock = 0
        self.block(node.body, frozenset())

    def block(self, stmts: Sequence[ast.stmt], around: Round) -> None:
        for stmt in stmts:
            self._clock += 1
            loops = isinstance(stmt, (ast.For, ast.While))
            self.statement(stmt, stmts, around)
            for inner in (getattr(stmt, "body", []), getattr(stmt, "orelse", [])):
                if isinstance(stmt, ast.For):
                    self.bind(stmt.target, inner)
                self.block(inner, frozenset([id(inner)]) if loops else around | {id(inner)} if around else around)

    def statement(self, stmt: ast.stmt, block: Sequence[ast.stmt], around: Round) -> None:
        for node in header(stmt):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.bind(node, block)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
                if isinstance(node.func.value, ast.Name):
                    self.insert(node.func.value.id, node.args[0], around)
        if isinstance(stmt, ast.Assign):
            target = stmt.targets[0]
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                self.store(target.value.id, target, stmt.value, around)
            for name in (n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)):
                self.make(stmt, name, stmt.value)

    def bind(self, target: ast.expr, block: Sequence[ast.stmt]) -> None:
        for name in (n.id for n in walk(target) if isinstance(n, ast.Name)):
            self.bound.setdefault(name, set()).add(id(block))
            self._taken[name] = self._clock

    def make(self, stmt: ast.stmt, name: str, value: ast.expr) -> None:
        """Note what a name comes to hold."""
        if isinstance(value, ast.Subscript):
            self._parts[name] = value
        elif isinstance(value, (ast.Tuple, ast.List, ast.Dict)):
            self.insert(name, value, frozenset())  # each round makes another
        elif any(core.qualname(n) == "sct.runtime.zeros_mirror" for n in walk(value)) or self.is_finished(value):
            self.joined.add(name)  # what is mirrored holds something twice
        elif isinstance(value, ast.BinOp) or core.qualname(getattr(value, "func", value)).startswith(("@", "copy.")):
            if self.analysis.facts.name_after(stmt, name).what in ("list", "tuple", "dict"):
                self.joined.add(name)

    def is_finished(self, value: ast.expr) -> bool:
        """Say whether a value is a joined container in its final types, with the same members."""
        finished = isinstance(value, ast.Call) and core.qualname(value.func) == "sct.runtime.finish"
        return finished and any(isinstance(n, ast.Name) and n.id in self.joined for n in walk(value))

    def store(self, base: str, target: ast.Subscript, value: ast.expr, around: Round) -> None:
        """Note what a slot comes to hold: another value, or what stands in another slot of the same container."""
        name = value.id if isinstance(value, ast.Name) else ""
        source = self._parts.get(name)
        if source is not None and isinstance(source.value, ast.Name) and source.value.id == base:
            move = (self._clock, self._taken[name], ast.dump(target.slice), ast.dump(source.slice))
            self.moves.setdefault(base, []).append(move)
        else:
            self.insert(base, value, around)

    def insert(self, base: str, value: ast.expr, around: Round) -> None:
        names = [n.id for n in walk(value) if isinstance(n, ast.Name) and not core.is_ref(n)]
        self.put.setdefault(base, []).extend((name, around) for name in names)

    def hold_twice(self, name: str, within: Collection[str]) -> bool:
        """Say whether the container `name` may hold some memory of the names `within` in two places."""
        reached: set[str] = set()
        for holder in sorted(self.sources(name, within)):
            if holder in self.joined or self.moved(holder):
                return True
            for member, around in self.put.get(holder, ()):
                roots = self.sources(member, within) if member in within else set()
                if roots & {holder, *reached} or self.again(holder, roots, around):
                    return True
                reached |= roots
        return False

    def again(self, holder: str, roots: Iterable[str], around: Round) -> bool:
        """Say whether a later round of a loop may put the same memory into the same container."""
        anew = [bool(self.bound.get(name, set()) & around) for name in (holder, *roots)]
        return bool(around) and not anew[0] and not all(anew[1:])

    def moved(self, base: str) -> bool:
        """Say whether a member of a container may come to stand in two slots of it: it is moved, and not exchanged."""
        moves = iter(self.moves.get(base, ()))
        for stored, taken, to, origin in moves:
            other = next(moves, None)
            if other is None or (other[2], other[3]) != (origin, to) or max(taken, other[1]) > stored:
                return True
        return False

    def sources(self, name: str, within: Collection[str]) -> set[str]:
        """Return a name with those whose memory it may have been bound to, or hold."""
        found = {name}
        todo = [name]
        while todo:
            more = self.analysis.alias.sources.get(todo.pop(), frozenset()) - found
            found |= more
            todo += more
        return {n for n in found if n == name or n in within}
