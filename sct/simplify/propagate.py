"""Copies, constants and cheap values to all their readers.

In: a function's statements. Out: the same without temporaries whose value every reader can name or compute itself.
A value is passed on only where nothing that it reads has changed since, and only by temporaries that are assigned
once. A copy is the same object; anything else is passed only to readers that make a new object of it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.simplify import effects, order, trees
from sct.simplify.effects import Alias, Effects
from sct.simplify.glance import count, glance

_MOST_READERS = 3


@dataclass
class _Value:
    """What a temporary stands for, and the versions of what that reads."""

    expr: ast.expr
    versions: dict[str, int]
    same: bool  # a copy or a constant: the very same object wherever it is evaluated
    place: tuple[int, ...]
    loops: tuple[int, ...]
    readers: list[ast.Name] = field(default_factory=list)
    valid: bool = True


class Versions:
    """A number for the value of each name, and for the memory behind it, that changes when these may change."""

    def __init__(self, alias: Alias | None) -> None:
        self._alias = alias
        self._family: Callable[[str], str] = getattr(alias, "family", lambda name: "")
        self._names: defaultdict[str, int] = defaultdict(int)
        self._written: dict[str, int] = {}
        self._order: defaultdict[str, list[str]] = defaultdict(list)  # what was written, by family
        self._touched: dict[str, tuple[int, list[str]]] = {}
        self._all_memory = 0
        self._clock = 0

    def name(self, name: str) -> int:
        """Return the version of what a name is bound to."""
        return self._names[name]

    def value(self, name: str) -> int:
        """Return the version of what reading through a name gives."""
        version = max(self._names[name], self._all_memory)
        if not self._written:
            return version
        order = self._order[self._family(name)]
        seen, through = self._touched.get(name, (0, []))
        if seen < len(order):
            through += [other for other in order[seen:] if effects.touch(name, other, self._alias)]
            self._touched[name] = len(order), through
        return max(version, *(self._written[other] for other in through)) if through else version

    def apply(self, found: Effects) -> None:
        """Let some code run."""
        self._clock += 1
        for name in found.binds:
            self._names[name] = self._clock
        if found.anything or (found.writes and self._alias is None):
            self._all_memory = self._clock
            return
        for name in sorted(found.writes):
            if name not in self._written:
                self._order[self._family(name)].append(name)
            self._written[name] = self._clock


def propagate(stmts: Sequence[ast.stmt], alias: Alias | None, cheap: Callable[[ast.expr], bool]) -> list[ast.stmt]:
    """Pass copies, constants and what `cheap` allows on to all their readers."""
    found = _Finder(stmts, alias, cheap)
    found.run(stmts)
    replacements: dict[int, ast.expr] = {}
    gone: set[str] = set()
    for name, value in found.values.items():
        if found.all_seen(name) and value.valid and (value.same or len(value.readers) <= _MOST_READERS):
            gone.add(name)
            replacements.update((id(reader), value.expr) for reader in value.readers)
    return _replaced(stmts, gone, replacements) if gone else list(stmts)


def _replaced(stmts: Sequence[ast.stmt], gone: set[str], replacements: dict[int, ast.expr]) -> list[ast.stmt]:
    def put(node: ast.AST, _: ast.AST) -> ast.AST:
        # A value may itself read a temporary that is passed on: values are found in the order of the text.
        return trees.copied(replacements[id(node)]) if id(node) in replacements else node

    for key, expr in list(replacements.items()):
        replacements[key] = trees.rewrite(expr, put)

    def block(body: list[ast.stmt]) -> list[ast.stmt]:
        def kept(position: int) -> ast.stmt | None:
            stmt = body[position]
            if trees.target_name(stmt) in gone:
                return None
            return trees.map_blocks(stmt, block) if trees.blocks(stmt) else stmt

        return trees.keep(body, kept)

    return [trees.rewrite(stmt, put) for stmt in block(list(stmts))]


class _Finder:
    """Finds which temporaries can be passed on, in one walk through the text."""

    def __init__(self, stmts: Sequence[ast.stmt], alias: Alias | None, cheap: Callable[[ast.expr], bool]) -> None:
        self.values: dict[str, _Value] = {}
        self._cheap = cheap
        self._loads, stores = count(stmts)
        late = effects.captured(stmts)
        self._single = {name for name in stores if stores[name] == 1} - late
        self._late = late
        self._versions = Versions(alias)
        self._blocks = 0
        self._place: tuple[int, ...] = ()
        self._loops: tuple[int, ...] = ()

    def _is_value(self, stmt: ast.Assign) -> bool:
        value = stmt.value
        if not core.is_temporary(trees.target_name(stmt)):
            # An adjoint that is the seed, all the way.
            return isinstance(value, ast.Constant) and repr(value.value) == "1.0" and not trees.is_user(stmt)
        if isinstance(value, ast.Constant) or _is_copy(value):
            return True
        return effects.is_cheap(value) and self._cheap(value)

    def all_seen(self, name: str) -> bool:
        """Whether every reader of a temporary comes after its definition, in a place that is understood."""
        return len(self.values[name].readers) == self._loads[name]

    def run(self, body: Iterable[ast.stmt]) -> None:
        """Walk through a block."""
        for stmt in body:
            own = effects.header(stmt)
            if isinstance(stmt, ast.While) or (isinstance(stmt, ast.For) and not isinstance(stmt.target, ast.Name)):
                self._versions.apply(effects.statement(stmt))
            self._read(stmt)
            if trees.blocks(stmt):
                self._inside(stmt)
            elif not self._define(stmt):
                self._versions.apply(own)

    def _inside(self, stmt: ast.stmt) -> None:
        """Walk through a statement with blocks; a loop's may have run before, a ``try``'s may have stopped anywhere."""
        whole = effects.statement(stmt)
        place, loops = self._place, self._loops
        if not isinstance(stmt, ast.If):
            self._versions.apply(whole)
        if isinstance(stmt, trees.LOOPS):
            self._loops = (*loops, self._blocks)
        for block in trees.blocks(stmt):
            self._blocks += 1
            self._place = (*place, self._blocks)
            self.run(block)
            if not isinstance(stmt, ast.If):
                self._versions.apply(whole)
        self._place, self._loops = place, loops
        self._versions.apply(whole)

    def _define(self, stmt: ast.stmt) -> bool:
        name = trees.target_name(stmt)
        if name not in self._single or not isinstance(stmt, ast.Assign) or not self._is_value(stmt):
            return False
        same = isinstance(stmt.value, ast.Constant) or _is_copy(stmt.value)
        reads = set(effects.reads(stmt.value))
        for read in sorted(reads & self.values.keys()):
            if not self.values[read].same:
                return False  # cheap values of cheap values would grow without bound
            reads |= self.values[read].versions.keys()
        if reads & self._late:
            return False
        version = self._versions.name if same else self._versions.value
        self.values[name] = _Value(stmt.value, {n: version(n) for n in reads}, same, self._place, self._loops)
        return True

    def _read(self, stmt: ast.stmt) -> None:
        if self.values.keys().isdisjoint(glance(stmt).loads) and not isinstance(stmt, ast.Match):
            return
        bound: set[str] | None = None
        for node, fresh, undisturbed in _names_read(stmt):
            value = self.values.get(node.id)
            if value is None:
                continue
            value.readers.append(node)
            version = self._versions.name if value.same else self._versions.value
            known = all(version(name) == number for name, number in value.versions.items())
            value.valid &= known and self._reaches(value)
            if value.same and value.valid:
                bound = _bound_inside(stmt) if bound is None else bound
                value.valid = not bound & value.versions.keys()
            elif not value.same:
                value.valid &= fresh and undisturbed and self._loops == value.loops

    def _reaches(self, value: _Value) -> bool:
        """Whether the value of a temporary read here was made in this round of all loops around both."""
        return self._place[: len(value.place)] == value.place or not set(value.loops) & set(self._loops)


def _is_copy(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and (":" not in value.id)


def _bound_inside(stmt: ast.stmt) -> set[str]:
    """The names that the expressions of a statement bind on the way."""
    found = Effects()
    for use in order.uses(stmt):
        found.add(effects.expression(use.node))
    return found.binds


def _names_read(stmt: ast.stmt) -> Iterator[tuple[ast.Name, bool, bool]]:
    """Yield the names that a statement itself reads.

    With each comes whether the reader makes a new object of it, and whether the statement can have done nothing but
    compute values before. Statements that are not understood read whatever is in them.
    """
    if isinstance(stmt, ast.Match | trees.OPAQUE):
        yield from ((node, False, False) for node in trees.walk(stmt) if isinstance(node, ast.Name))
        return
    uses = order.uses(stmt)
    pure = [effects.is_pure(use.node) for use in uses]
    for i, use in enumerate(uses):
        # A call is made when its arguments are there.
        last = i == 0 and all(effects.is_pure(inner.node) for inner in order.operands(use))
        undisturbed = all(pure[:i]) and (pure[i] or last)
        stack = [use]
        while stack:
            inner = stack.pop()
            if isinstance(inner.node, ast.Name):
                yield inner.node, inner.fresh, undisturbed
            else:
                stack.extend(order.operands(inner))
