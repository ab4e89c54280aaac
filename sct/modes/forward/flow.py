"""Which values carry a tangent, statement by statement.

In: a function, its analysis and its independents. Out: `Flow`: for each statement the names whose values may depend
on an independent there, and for each binding of a name whether it needs a tangent. A binding that depends on nothing
needs one, zero, only where it meets another binding of the name that does.

Arrays, lists and dicts that are written in place and ever hold an active value carry a tangent from their birth, as
do all names that may share their memory.
"""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis.activity import KEEPERS, Activity, Writes
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.binding import assigned_names
from sct.analysis.keys import is_key
from sct.analysis.kinds import Kind
from sct.analysis.program import Analysis
from sct.analysis.reach import Reach, State, head
from sct.frontend.scopes import bound
from sct.modes.forward.activity import FlowActivity, fits
from sct.modes.forward.globals import Globals
from sct.modes.members import asked_members, depths
from sct.modes.selections import Selections
from sct.walk import parameters, root_name

#: Functions that write into their first argument and return nothing, and the position of what they write.
WRITERS = core.WRITERS | {"numpy.copyto": 1, "numpy.fill_diagonal": 1}
#: How many arguments have the functions and methods that forward mode writes as they are.
NATIVE = {name: position + 1 for name, position in WRITERS.items()} | {"fill": 1}
OTHER_WRITERS = ("numpy.put", "numpy.place", "numpy.putmask", "random.shuffle")


@dataclass
class Definition:
    """One binding of a name: by a statement, or by the call (`stmt` is None)."""

    name: str
    stmt: ast.stmt | None
    varied: bool = False
    carried: bool = False


@dataclass
class Flow:
    """What carries a tangent, see the module."""

    node: ast.FunctionDef
    analysis: Analysis
    independents: Sequence[str]
    writes: Writes = lambda key: {}
    parameter_kinds: Mapping[str, Kind] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    tracked: set[str] = field(default_factory=set)
    global_stores: dict[ast.stmt, str] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    reaching: dict[ast.stmt, State] = field(default_factory=dict)
    by_place: dict[tuple[ast.stmt | None, str], int] = field(default_factory=dict)
    returns_active: bool = False
    guarded: dict[ast.stmt | None, set[str]] = field(default_factory=dict)  # names with a guard behind a statement

    def __post_init__(self) -> None:
        self._find_guards(self.node.body)
        self.activity = FlowActivity(self.analysis.activity)
        self.tracked = self._tracked()
        state: State = {}
        for name in parameters(self.node):
            state[name] = frozenset([self._define(name, None)])
            self._of(name, None).varied = name in self.independents
        reach = Reach(self._define)
        reach.block(self.node.body, state)
        self.reaching = reach.reaching
        for definition in self.definitions:
            definition.varied |= definition.name in self.tracked
        self._vary()
        self._carry()

    # Questions.

    def active_names(self, stmt: ast.stmt) -> set[str]:
        """Return the names mentioned in the head of `stmt` whose values carry a tangent there."""
        state = self.reaching.get(stmt, {})
        return {n for n, ds in state.items() if n in self.tracked or any(self.definitions[d].varied for d in ds)}

    def carries(self, stmt: ast.stmt | None, name: str) -> bool:
        """Say whether the value that `stmt` binds to `name` needs a tangent."""
        place = self.by_place.get((stmt, name))
        if place is None:
            return name in self.tracked
        definition = self.definitions[place]
        return definition.varied or definition.carried

    def _find_guards(self, stmts: Sequence[ast.stmt]) -> None:
        """Find the arrays of which the text makes sure itself that they hold floats, as generated code does."""
        last: dict[str, ast.stmt] = {}  # where a name was bound in this block
        for stmt in stmts:
            call = stmt.value if isinstance(stmt, ast.Expr) else None
            if isinstance(call, ast.Call) and core.qualname(call.func) == "sct.runtime.require_float":
                for name in (n.id for n in call.args if isinstance(n, ast.Name)):
                    if name in last or stmts is self.node.body:
                        self.guarded.setdefault(last.get(name), set()).add(name)
            last.update(dict.fromkeys(assigned_names([stmt]), stmt))
            for block in ("body", "orelse"):
                self._find_guards(getattr(stmt, block, []))

    @functools.cached_property
    def depths(self) -> Mapping[str, int]:
        """How deep the members lie that are stored into, by the names of the parameters that hold them."""
        return depths(self.node, self.analysis)

    @functools.cached_property
    def asked(self) -> frozenset[str]:
        """The members that are asked elsewhere whether they are floats."""
        return asked_members(self.node) | set(self.depths)

    @functools.cached_property
    def selections(self) -> Selections:
        """What is selected from, and what may be infinite there."""
        return Selections(self.node, self.analysis)

    def names(self) -> list[str]:
        """Return the names that ever carry a tangent, parameters first."""
        found = dict.fromkeys(n for n in self.independents)
        found.update(dict.fromkeys(d.name for d in self.definitions if d.varied or d.carried))
        return list(found)

    # Work.

    def _define(self, name: str, stmt: ast.stmt | None) -> int:
        place = (stmt, name)
        if place not in self.by_place:
            self.by_place[place] = len(self.definitions)
            self.definitions.append(Definition(name, stmt))
        return self.by_place[place]

    def _of(self, name: str, stmt: ast.stmt | None) -> Definition:
        return self.definitions[self._define(name, stmt)]

    def _tracked(self) -> set[str]:
        """Return the names whose memory may be written in place and may hold active values."""
        facts, alias, activity = self.analysis.facts, self.analysis.alias, self.analysis.activity
        while True:
            found = self._tracked_by(activity)
            if found <= activity.varied:
                return found
            # What shares memory with a tangent has one too, and so has what is made of it and written in place.
            activity = Activity(self.node, facts, alias, activity.varied | found, activity.call_varies, self.writes)

    def _tracked_by(self, activity: Activity) -> set[str]:
        """Return them, given what depends on an independent."""
        alias, varied = self.analysis.alias, set(activity.varied)
        written: set[str] = set()
        repeated: set[str] = set()
        outside = Globals(self.node, self.analysis.facts)
        for stmt in _all(self.node.body):
            for base, values in self._stores(stmt):
                written.add(alias.find(base))
                if any(activity.active(stmt, v) for v in values):
                    varied.add(base)
                    self.stored.add(base)
                    if base in outside.names:
                        self.global_stores.setdefault(stmt, base)
            for call in (n for n in head(stmt) if isinstance(n, ast.Call)):
                if self._writes_outside(stmt, call, outside):
                    self.global_stores.setdefault(stmt, "")
            if isinstance(stmt, ast.Return) and stmt.value is not None:
                repeated |= self._repeated(stmt, stmt.value)
        leaders = {alias.find(n) for n in varied} & written | repeated
        every = {n for leader in leaders for n in alias.group(leader)}
        return {n for n in every if not n.startswith("=")} | {n for n in leaders if n in varied}

    def _repeated(self, stmt: ast.Return, value: ast.expr) -> set[str]:
        """Return the leaders of memory that stands in a result several times: its tangents are one memory too."""
        count = Counter(
            self.analysis.alias.find(part.id)
            for part in _members(value)
            if isinstance(part, ast.Name) and self.analysis.facts.kind(stmt, part).what not in IMMUTABLE
        )
        return {leader for leader, times in count.items() if times > 1}

    def _writes_outside(self, stmt: ast.stmt, call: ast.Call, outside: Globals) -> bool:
        """Say whether a call of a user's function may write an active value into a global."""
        name = core.qualname(call.func)
        active = {i for i, a in enumerate(call.args) if self.analysis.activity.active(stmt, a)}
        if not name.startswith("@") or not active:
            return False
        given = [call.args[i] for i, by in self.writes(name).items() if i < len(call.args) and active.intersection(by)]
        return any(outside.shares(stmt, a) for a in given)

    def _stores(self, stmt: ast.stmt) -> Iterator[tuple[str, list[ast.expr]]]:
        """Yield the variables into whose memory a statement writes, and what it writes."""
        facts = self.analysis.facts
        targets = stmt.targets if isinstance(stmt, (ast.Assign, ast.Delete)) else [getattr(stmt, "target", None)]
        value = [v] if (v := getattr(stmt, "value", None)) is not None else []
        for target in (t for top in targets if top is not None for t in _flat(top)):
            base = root_name(target)
            if base is None:
                continue
            if isinstance(target, ast.Name):
                load = ast.Name(id=base, ctx=ast.Load())
                if not isinstance(stmt, ast.AugAssign) or facts.kind(stmt, load).what in IMMUTABLE:
                    continue
            yield base, value
        for call in (n for n in head(stmt) if isinstance(n, ast.Call)):
            yield from self._call_stores(stmt, call)

    def _call_stores(self, stmt: ast.stmt, call: ast.Call) -> Iterator[tuple[str, list[ast.expr]]]:
        name, alias, facts = core.qualname(call.func), self.analysis.alias, self.analysis.facts
        if isinstance(call.func, ast.Attribute):
            base = root_name(call.func.value)
            written = alias.stores.get(alias.find(base), ()) if base else ()
            if base is not None and (call.func.attr in KEEPERS or stmt in written):
                yield base, list(call.args) + [k.value for k in call.keywords]
        elif name in WRITERS or name in OTHER_WRITERS:
            base = root_name(call.args[0]) if call.args else None
            if base is not None:
                yield base, list(call.args[1:])
        elif name.startswith("@"):
            for position, by in sorted(self.writes(name).items()):
                if position < len(call.args) and facts.kind(stmt, call.args[position]).what not in IMMUTABLE:
                    values = [call.args[i] for i in sorted(by) if i < len(call.args)]
                    for base in alias.written_in(stmt, call.args[position]):
                        yield base, values

    def _vary(self) -> None:
        """Find the bindings that depend on an independent."""
        statements = [s for s in _all(self.node.body) if s in self.reaching]
        grown = True
        while grown:
            grown = False
            for stmt in statements:
                activity = self.activity.at(self.active_names(stmt))
                for name, active in self._bindings(stmt, activity):
                    place = self.by_place.get((stmt, name))
                    if active and place is not None and not self.definitions[place].varied:
                        self.definitions[place].varied = grown = True
                if isinstance(stmt, ast.Return) and stmt.value is not None and not self.returns_active:
                    self.returns_active = grown = self.activity.active(stmt, stmt.value) or grown

    def _bindings(self, stmt: ast.stmt, activity: FlowActivity) -> Iterator[tuple[str, bool]]:
        """Yield the names that the head of a statement binds, and whether what each gets is active."""
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                yield from self._assigned(stmt, target, stmt.value, activity)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            yield from self._assigned(stmt, stmt.target, stmt.value, activity)
        elif isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            active = stmt.target.id in activity.varied or activity.active(stmt, stmt.value)
            yield stmt.target.id, active and not isinstance(stmt.op, ast.FloorDiv)
        elif isinstance(stmt, ast.For):
            key = is_key(stmt.target, stmt.iter, stmt.body)
            yield from ((n, active and not key) for n, active in activity.members(stmt, stmt.target, stmt.iter))
        for node in head(stmt):
            if isinstance(node, ast.NamedExpr):
                yield node.target.id, activity.active(stmt, node.value)

    def _assigned(
        self, stmt: ast.stmt, target: ast.expr, value: ast.expr, activity: FlowActivity
    ) -> Iterator[tuple[str, bool]]:
        if isinstance(target, (ast.Tuple, ast.List)):
            if fits(value, target.elts) and not any(isinstance(e, ast.Starred) for e in target.elts):
                for sub, part in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                    yield from self._assigned(stmt, sub, part, activity)
                return
            active = activity.active(stmt, value) and not activity.is_dict(stmt, value)
            yield from ((b.name, active) for b in bound([target]))
        elif isinstance(target, ast.Name):
            yield target.id, activity.active(stmt, value)

    def _carry(self) -> None:
        """Give a zero tangent to the bindings that meet active ones where the name is read."""
        for stmt, state in self.reaching.items():
            if isinstance(stmt, (ast.If, ast.While, ast.Assert, ast.Raise)):
                continue
            for places in state.values():
                if any(self.definitions[d].varied for d in places):
                    for d in places:
                        self.definitions[d].carried = True


def _all(stmts: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield all statements, in the order of the text."""
    for stmt in stmts:
        yield stmt
        if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "handlers", "cases", "finalbody"):
            for inner in getattr(stmt, name, []):
                yield from _all([inner] if isinstance(inner, ast.stmt) else inner.body)


def _members(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, (ast.Tuple, ast.List)):
        for part in value.elts:
            yield from _members(part)
    else:
        yield value


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for sub in target.elts:
            yield from _flat(sub)
    elif isinstance(target, ast.Starred):
        yield from _flat(target.value)
    else:
        yield target
