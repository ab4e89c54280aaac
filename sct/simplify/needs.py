"""Which statements anybody needs, by name.

In: a function's statements. Out: the ids of those that what is returned, called or printed depends on. A statement is
needed when something needs a name that it binds or memory that it writes; what it reads is needed then, and the tests
and loops around it. Order plays no part here: `liveness` looks at that. The work is linear in the statements.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from sct import core
from sct.analysis import purity
from sct.simplify import effects, numeric, order, tapes, trees
from sct.simplify.effects import Alias
from sct.simplify.glance import glance
from sct.simplify.trees import Use


@dataclass
class _Item:
    """A statement, the header of one with blocks, or one part of ``a, b = [], []``."""

    key: tuple[int, int]
    reads: set[str]
    binds: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    around: _Item | None = None
    jumps: list[_Item] = field(default_factory=list)
    root: bool = False


class _Joined(NamedTuple):
    """Names that share memory with each other and with what values, or the members `inside` them, may share it with."""

    names: set[str]
    values: Sequence[ast.expr] = ()
    inside: bool = False
    written: str = ""  # into what the values go


Removable = Callable[[ast.stmt, str], bool]


def needed(
    stmts: Sequence[ast.stmt],
    live_out: Iterable[str],
    parameters: frozenset[str] | None,
    removable: Removable,
    members: Callable[[str], bool],
    plain: bool,
) -> set[tuple[int, int]]:
    """Return the keys (id, part) of all statements that are needed."""
    return _Needs(stmts, parameters, removable, members, plain).solve(live_out)


def inferred_alias(
    stmts: Sequence[ast.stmt],
    alias: Alias | None,
    parameters: frozenset[str] | None,
    members: Callable[[str], bool],
    plain: bool,
) -> MayShare:
    """Return which names may share memory as far as the statements tell, where `alias` does not rule it out."""

    @cache  # most functions write nothing in place, and nobody asks
    def memory() -> _Needs:
        return _Needs(stmts, parameters, lambda stmt, name: True, members, plain)

    return MayShare(memory, alias)


class MayShare:
    """Says which names may share memory."""

    def __init__(self, memory: Callable[[], _Needs], alias: Alias | None) -> None:
        self.memory = memory
        self.alias = alias

    def __call__(self, a: str, b: str) -> bool:
        # What was once given to a call may be written by any later call that was given what that one made of it.
        return (self.alias is None or purity.WORLD in (a, b) or self.alias(a, b)) and self.memory().may_share(a, b)

    def family(self, name: str) -> str:
        """Return a name for all those that a name may share memory with: names of two families never do."""
        return self.memory().family(name)


class _Needs:
    def __init__(
        self,
        stmts: Sequence[ast.stmt],
        parameters: frozenset[str] | None,
        removable: Removable,
        members: Callable[[str], bool],
        plain: bool,
    ) -> None:
        self._removable = removable
        self._tapes = tapes.own_tapes(stmts)
        self._foreign = _outside(stmts) - self._tapes if parameters is None else parameters
        foreign, own = self._foreign, self._tapes
        self._find_numeric: Callable[[], set[str]] = lambda: numeric.numeric_names(stmts, foreign, members, own)
        self._plain = plain
        self._items: list[_Item] = []
        self._class: dict[str, str] = {}
        self._numeric: set[str] = set()
        self._outside: set[str] = set()
        self._joined: list[_Joined] = []
        self._writing_headers = False
        self._settled = False
        self._block(stmts, None, None)

    def _settle(self) -> None:
        """Find out which names share memory."""
        if self._settled:
            return
        self._settled = True
        self._numeric = self._find_numeric()
        for names, values, inside, written in self._joined:
            if written not in self._numeric:  # arrays keep numbers alone
                kept = {name for value in values for name in self._kept(value, inside)}
                if names:
                    self._unite(*names, *kept)
        self._outside = {self._find(name) for name in (*self._foreign, purity.WORLD)}
        self._outside |= {self._find(name) for name in self._class if effects.is_global(name)}

    def _is_memory_asked(self) -> bool:
        """Say whether it matters which names share memory: not where nothing but tapes of the function's is written."""
        if self._writing_headers or not self._tapes.isdisjoint(self._foreign):
            return True
        return any(item.writes and (item.root or not item.writes <= self._tapes) for item in self._items)

    # Collecting

    def _block(self, body: Iterable[ast.stmt], around: _Item | None, loop: _Item | None) -> None:
        for stmt in body:
            if isinstance(stmt, ast.Pass) or core.remark_text(stmt) is not None:
                continue
            if isinstance(stmt, ast.Break | ast.Continue):
                item = self._add(stmt, set(), around)
                if loop is None:
                    item.root = True
                else:
                    loop.jumps.append(item)
            elif isinstance(stmt, ast.If | ast.With | ast.For | ast.While):
                self._header(stmt, around, loop)
            else:
                self._leaf(stmt, around)

    def _add(self, stmt: ast.stmt, reads: set[str], around: _Item | None, part: int = 0) -> _Item:
        item = _Item((id(stmt), part), reads, around=around)
        self._items.append(item)
        return item

    def _header(self, stmt: ast.If | ast.With | ast.For | ast.While, around: _Item | None, loop: _Item | None) -> None:
        found = effects.header(stmt)
        item = self._add(stmt, found.reads, around)
        item.binds = set(found.binds)
        item.root = bool(found.writes or found.ordered or found.anything) or not self._removable(stmt, "")
        self._writing_headers |= bool(found.writes or found.anything)
        if isinstance(stmt, ast.For):
            self._share(effects.names(stmt.target), stmt.iter)
            item.root |= any(not isinstance(t, ast.Name | ast.Tuple | ast.expr_context) for t in ast.walk(stmt.target))
        elif isinstance(stmt, ast.With):
            self._share(found.binds, *(entry.context_expr for entry in stmt.items))
        elif item.binds:
            item.root = True  # a test that binds a name
        inner = item if isinstance(stmt, trees.LOOPS) else loop
        self._block(stmt.body, item, inner)
        if not isinstance(stmt, ast.With):
            self._block(stmt.orelse, item, loop)

    def _leaf(self, stmt: ast.stmt, around: _Item | None) -> None:
        if assigned := tapes.parts(stmt):
            items = [self._add(stmt, set(), around, number) for number in range(len(assigned))]
            for item, (name, value) in zip(items, assigned, strict=True):
                self._value(item, {name}, value)
            # What does more than give values stays whole.
            if any(item.root for item in items) or not all(self._removable(stmt, name) for name, _ in assigned):
                for item in items:
                    item.root = True
            return
        item = self._add(stmt, set(), around)
        if not self._store(stmt, item):
            found = effects.statement(stmt)
            item.root, item.reads = True, found.reads
            item.binds, item.writes = found.binds, found.writes
            if not isinstance(stmt, ast.Return | ast.Raise | ast.Assert):
                self._mix(effects.names(stmt), found)

    def _value(self, item: _Item, names: set[str], value: ast.expr) -> None:
        """A value that names are bound to: it is pure, or taken from a list."""
        found = effects.expression(value)
        item.reads, item.binds = found.reads, names
        tape = tapes.owner(value, "pop")
        if tape:
            item.writes = {tape}
            self._joined.append(_Joined({*names, self._inside(tape)}))
        else:
            item.root = not found.pure
            self._share(names, value)
            if item.root:
                item.binds, item.writes = item.binds | found.binds, found.writes
                self._mix(names | effects.names(value), found)

    def _store(self, stmt: ast.stmt, item: _Item) -> bool:
        """Take in a statement that does nothing but write the memory of one name, if it is one."""
        if isinstance(stmt, ast.Delete) and all(trees.is_local(t) for t in stmt.targets):
            names = {t.id for t in stmt.targets if isinstance(t, ast.Name)}
            item.binds = names
            return all(self._removable(stmt, name) for name in names)
        written, values, stored = _written(stmt)
        if not written or not self._removable(stmt, written):
            return False
        popped = [tape for value in values if (tape := tapes.owner(value, "pop"))]
        found = effects.Effects()
        for value in values:
            if not tapes.owner(value, "pop"):
                found.add(effects.expression(value))
        if not found.pure:
            return False
        item.reads = found.reads | set(popped) | {written}
        item.writes = {written, *popped}
        name = self._inside(written)
        own = self._plain and isinstance(stmt, ast.AugAssign) and not trees.is_user(stmt)
        for value in [] if own else stored:
            tape = tapes.owner(value, "pop")
            if tape:
                self._joined.append(_Joined({name, self._inside(tape)}, written=written))
            else:
                self._joined.append(_Joined({name}, (value,), isinstance(stmt, ast.AugAssign), written))
        return True

    def _inside(self, name: str) -> str:
        """What a name's own list holds, apart from the list where that is a tape."""
        return f"{name}[]" if name in self._tapes else name

    # Memory

    def _find(self, name: str) -> str:
        root = name
        while (up := self._class.get(root, root)) != root:
            root = up
        while name != root:
            self._class[name], name = root, self._class.get(name, name)
        return root

    def _unite(self, *names: str) -> None:
        first, *rest = (self._find(name) for name in sorted(names))
        self._class[first] = first
        for other in rest:
            self._class[other] = first

    def _share(self, targets: set[str], *values: ast.expr) -> None:
        """`targets` may share memory with what the values may share memory with."""
        self._joined.append(_Joined(targets, values))

    def _kept(self, value: ast.expr, inside: bool) -> set[str]:
        """The names whose memory, or whose members' memory, the value may share."""
        found: set[str] = set()
        stack = [(Use(value), inside)]
        while stack:
            use, inside = stack.pop()
            if isinstance(use.node, ast.Name):
                name = effects.read_name(use.node)
                if name and not use.fresh and not (inside and name in self._numeric):
                    found.add(name)
                continue
            if isinstance(use.node, ast.List | ast.Tuple | ast.Dict | ast.Set):
                inside = False  # a display holds its members themselves
            opened = not use.fresh and self._may_hold_members(use.node)
            for inner in order.operands(use):
                stack.append((inner._replace(fresh=False), True) if opened else (inner, inside))
        return found

    def _may_hold_members(self, node: ast.expr) -> bool:
        """Whether an operation might be one on lists, whose members the result would share."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            if any(isinstance(side, ast.List | ast.Tuple | ast.ListComp) for side in (node.left, node.right)):
                return True
        if self._plain and not trees.is_user(node):
            return False
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return not self._is_number(node.left) and not self._is_number(node.right)
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.Mult)
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "copy"

    def _is_number(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in self._numeric)

    def _mix(self, names: set[str], found: effects.Effects) -> None:
        """What is not understood may make all its names share memory, and what is called may keep them."""
        if found.anything or purity.WORLD in found.writes:
            names = names | {purity.WORLD}
        self._joined.append(_Joined(names))

    def may_share(self, a: str, b: str) -> bool:
        """Say whether two names may share memory: through each other, or because both came from outside."""
        return self.family(a) == self.family(b)

    def family(self, name: str) -> str:
        """Return what stands for all names that a name may share memory with."""
        self._settle()
        root = self._find(name)
        return purity.WORLD if self._is_foreign(name, root) else root

    def _is_foreign(self, name: str, root: str) -> bool:
        return root in self._outside or effects.is_global(name)

    # Solving

    def solve(self, live_out: Iterable[str]) -> set[tuple[int, int]]:
        if self._is_memory_asked():
            self._settle()
        binders: defaultdict[str, list[_Item]] = defaultdict(list)
        writers: defaultdict[str, list[_Item]] = defaultdict(list)
        for item in self._items:
            for name in item.binds:
                binders[name].append(item)
            for name in item.writes:
                writers[self._find(name)].append(item)
        work = [item for item in self._items if item.root or self._is_outside(item)]
        done: set[tuple[int, int]] = set()
        names: set[str] = set()
        pending = list(live_out)
        while work or pending:
            if pending:
                name = pending.pop()
                if name not in names:
                    names.add(name)
                    work += binders.pop(name, [])
                    work += writers.pop(self._find(name), [])
                continue
            item = work.pop()
            if item.key not in done:
                done.add(item.key)
                pending += item.reads
                work += item.jumps
                if item.around:
                    work.append(item.around)
        return done

    def _is_outside(self, item: _Item) -> bool:
        writes = item.writes if self._settled else ()
        return any(effects.is_global(name) or self._find(name) in self._outside for name in writes)


def _written(stmt: ast.stmt) -> tuple[str, list[ast.expr], list[ast.expr]]:
    """The name whose memory a statement writes, all that it evaluates for that, and what of it may be kept there."""
    if isinstance(stmt, ast.AugAssign):
        name, indices = _path(stmt.target)
        return name, [*indices, stmt.value], [stmt.value]
    if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Subscript):
        name, indices = _path(stmt.targets[0])
        return name, [*indices, stmt.value], [stmt.value]
    if not isinstance(stmt, ast.Expr) or not isinstance(stmt.value, ast.Call):
        return "", [], []
    call = stmt.value
    if tape := tapes.owner(call, "append"):
        return tape, call.args, call.args
    if tape := tapes.owner(call, "pop"):
        return tape, call.args, []
    function = core.qualname(call.func)
    if function in core.WRITERS and call.args:
        name, indices = _path(call.args[0])
        kept = [] if function.startswith("numpy.") else call.args[-1:]
        return name, [*indices, *call.args[1:], *(k.value for k in call.keywords)], kept
    return "", [], []


def _path(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """Return the local name and the indices of ``name[i][j]``."""
    indices = []
    while isinstance(node, ast.Subscript):
        indices.append(node.slice)
        node = node.value
    return (node.id if isinstance(node, ast.Name) and trees.is_local(node) else ""), indices


def _outside(stmts: Sequence[ast.stmt]) -> set[str]:
    """The names that may hold something from outside, where the parameters are not known.

    A name is the function's own when a plain assignment at the outermost level is the first place that has it.
    """
    seen: set[str] = set()
    own: set[str] = set()
    for stmt in stmts:
        if assigned := tapes.parts(stmt):
            found = glance(stmt)
            read = (*found.loads, *(found.stores if len(found.stores) > len(assigned) else ()))  # some bind in a value
            seen |= {name for part in read if (name := effects.meaning(part))}
            own |= {name for name, _ in assigned} - seen
        for inner in map(glance, trees.all_statements([stmt])):
            seen |= {name for part in (*inner.loads, *inner.stores) if (name := effects.meaning(part))}
    return {name for name in seen - own if not core.is_temporary(name)}
