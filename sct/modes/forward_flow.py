"""Which values carry a tangent, statement by statement.

In: a function, its analysis and its independents. Out: `Flow`: for each statement the names whose values may depend
on an independent there, and for each binding of a name whether it needs a tangent. A binding that depends on nothing
needs one, zero, only where it meets another binding of the name that does.

Arrays, lists and dicts that are written in place and ever hold an active value carry a tangent from their birth, as
do all names that may share their memory.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.aliasing import IMMUTABLE, root_name
from sct.analysis.kinds import Kind
from sct.analysis.program import Analysis, parameters
from sct.frontend.scopes import COMPREHENSIONS, Comprehension, bound

State = dict[str, frozenset[int]]
#: Functions that write into their first argument and return nothing, and the position of what they write.
WRITERS = {
    "numpy.add.at": 2,
    "numpy.subtract.at": 2,
    "sct.runtime.take_add": 2,
    "sct.runtime.put_back": 1,
    "numpy.copyto": 1,
    "numpy.fill_diagonal": 1,
}
OTHER_WRITERS = ("numpy.put", "numpy.place", "numpy.putmask", "random.shuffle")
KEEPERS = ("append", "extend", "insert", "fill", "update", "setdefault", "appendleft")


@dataclass
class Definition:
    """One binding of a name: by a statement, or by the call (`stmt` is None)."""

    name: str
    stmt: ast.stmt | None
    varied: bool = False
    carried: bool = False


class FlowActivity(Activity):
    """Activity of expressions where the active names are those of one place."""

    def __init__(self, base: Activity) -> None:
        self.facts, self.alias, self.call_varies = base.facts, base.alias, base.call_varies
        self.varied = set()
        self._forget()

    def at(self, names: set[str]) -> FlowActivity:
        """Take `names` for the active ones; they may grow by names that nothing reads yet."""
        if names is not self.varied:
            self.varied = names
            self._forget()
        return self

    def _find(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        outer = self.varied
        if isinstance(expr, COMPREHENSIONS):
            parts = [expr.key, expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
            inner = self.at(self.inside(stmt, expr))
            found = any(inner.active(stmt, part) for part in parts)
        elif isinstance(expr, ast.Lambda):
            own = {a.arg for a in ast.walk(expr.args) if isinstance(a, ast.arg)}
            found = self.at(self.varied - own).active(stmt, expr.body)
        else:
            return super()._find(stmt, expr)
        self.at(outer)
        return found

    def inside(self, stmt: ast.stmt, expr: Comprehension) -> set[str]:
        """Return the names that are active inside a comprehension."""
        outer = self.varied
        for generator in expr.generators:
            own = {b.name for b in bound([generator.target])}
            varied = {n for n, active in self.members(stmt, generator.target, generator.iter) if active}
            self.at(self.varied - own | varied)
        found = self.varied
        self.at(outer)
        return found

    def members(self, stmt: ast.stmt, target: ast.expr, source: ast.expr) -> Iterator[tuple[str, bool]]:
        """Yield the names that a loop over `source` binds, and whether each is active."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        args = source.args if isinstance(source, ast.Call) else []
        elts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        plain = bool(elts) and not any(isinstance(e, ast.Starred) for e in elts)
        if name == "builtins.zip" and plain and len(elts) == len(args):
            for sub, arg in zip(elts, args, strict=True):
                yield from self.members(stmt, sub, arg)
        elif name == "builtins.enumerate" and plain and len(elts) == 2 and args:
            yield from ((b.name, False) for b in bound([elts[0]]))
            yield from self.members(stmt, elts[1], args[0])
        elif is_items(source) and plain and len(elts) == 2:
            yield from ((b.name, False) for b in bound([elts[0]]))
            active = self.active(stmt, source)
            yield from ((b.name, active) for b in bound([elts[1]]))
        elif isinstance(source, (ast.Tuple, ast.List)) and plain and all(_fits(e, elts) for e in source.elts):
            for i, sub in enumerate(elts):
                active = any(self.active(stmt, e.elts[i]) for e in source.elts)  # type: ignore[attr-defined]
                yield from ((b.name, active) for b in bound([sub]))
        else:
            active = self.iterates_active(stmt, source)
            yield from ((b.name, active) for b in bound([target]))

    def iterates_active(self, stmt: ast.stmt, source: ast.expr) -> bool:
        """Say whether a loop over `source` runs over active members."""
        if isinstance(source, ast.Call) and core.qualname(source.func) in _WALKS:
            return any(self.iterates_active(stmt, a) for a in source.args)
        if self.facts.kind(stmt, source).what == "dict":
            return False
        return self.active(stmt, source)


_WALKS = ("builtins.zip", "builtins.enumerate", "builtins.reversed", "builtins.list", "builtins.tuple")


def is_items(source: ast.expr) -> bool:
    """Say whether `source` is ``d.items()``."""
    return isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items"


def _fits(node: ast.expr, elts: Sequence[ast.expr]) -> bool:
    if not isinstance(node, (ast.Tuple, ast.List)) or len(node.elts) != len(elts):
        return False
    return not any(isinstance(e, ast.Starred) for e in node.elts)


@dataclass
class Flow:
    """What carries a tangent, see the module."""

    node: ast.FunctionDef
    analysis: Analysis
    independents: Sequence[str]
    writes: Callable[[str], Collection[int]] = lambda key: ()
    parameter_kinds: Mapping[str, Kind] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    tracked: set[str] = field(default_factory=set)
    definitions: list[Definition] = field(default_factory=list)
    reaching: dict[ast.stmt, State] = field(default_factory=dict)
    by_place: dict[tuple[ast.stmt | None, str], int] = field(default_factory=dict)
    returns_active: bool = False

    def __post_init__(self) -> None:
        self.activity = FlowActivity(self.analysis.activity)
        self.tracked = self._tracked()
        state: State = {}
        for name in parameters(self.node):
            state[name] = frozenset([self._define(name, None)])
            self._of(name, None).varied = name in self.independents
        _Reach(self).block(self.node.body, state)
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
        alias, activity = self.analysis.alias, self.analysis.activity
        varied = set(activity.varied)
        written: set[str] = set()
        for stmt in _all(self.node.body):
            for base, values in self._stores(stmt):
                written.add(alias.find(base))
                if any(activity.active(stmt, v) for v in values):
                    varied.add(base)
                    self.stored.add(base)
        leaders = {alias.find(n) for n in varied} & written
        every = {n for leader in leaders for n in alias.group(leader)}
        return {n for n in every if not n.startswith("=")} | {n for n in leaders if n in varied}

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
        name = core.qualname(call.func)
        if isinstance(call.func, ast.Attribute):
            base = root_name(call.func.value)
            written = self.analysis.alias.stores.get(self.analysis.alias.find(base), ()) if base else ()
            if base is not None and (call.func.attr in KEEPERS or stmt in written):
                yield base, list(call.args) + [k.value for k in call.keywords]
        elif name in WRITERS or name in OTHER_WRITERS:
            base = root_name(call.args[0]) if call.args else None
            if base is not None:
                yield base, list(call.args[1:])
        elif name.startswith("@"):
            for position in sorted(self.writes(name)):
                base = root_name(call.args[position]) if position < len(call.args) else None
                if base is not None and self.analysis.facts.kind(stmt, call.args[position]).what not in IMMUTABLE:
                    yield base, list(call.args)

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
            yield from activity.members(stmt, stmt.target, stmt.iter)
        for node in head(stmt):
            if isinstance(node, ast.NamedExpr):
                yield node.target.id, activity.active(stmt, node.value)

    def _assigned(
        self, stmt: ast.stmt, target: ast.expr, value: ast.expr, activity: FlowActivity
    ) -> Iterator[tuple[str, bool]]:
        if isinstance(target, (ast.Tuple, ast.List)):
            if _fits(value, target.elts) and not any(isinstance(e, ast.Starred) for e in target.elts):
                for sub, part in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                    yield from self._assigned(stmt, sub, part, activity)
                return
            active = activity.active(stmt, value)
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


class _Reach:
    """Finds which bindings reach each statement."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.exits: list[list[State]] = []
        self.heads: list[list[State]] = []
        self.raised: list[list[State]] = []

    def block(self, stmts: Sequence[ast.stmt], state: State) -> bool:
        """Run through `stmts`, changing `state`; say whether control comes out at the end."""
        return all(self.statement(stmt, state) for stmt in stmts)

    def statement(self, stmt: ast.stmt, state: State) -> bool:
        self.record(stmt, state)
        if isinstance(stmt, ast.If):
            return self.branch(stmt.body, stmt.orelse, state)
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt, state)
        if isinstance(stmt, (ast.Try, ast.TryStar)):
            return self.attempt(stmt, state)
        if isinstance(stmt, ast.Match):
            return self.cases(stmt, state)
        if isinstance(stmt, ast.With):
            self.bind(stmt, [i.optional_vars for i in stmt.items if i.optional_vars], state)
            return self.block(stmt.body, state)
        if isinstance(stmt, ast.Break) and self.exits:
            self.exits[-1].append(dict(state))
        if isinstance(stmt, ast.Continue) and self.heads:
            self.heads[-1].append(dict(state))
        if isinstance(stmt, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            return False
        self.bind(stmt, [stmt], state)
        return True

    def record(self, stmt: ast.stmt, state: State) -> None:
        seen = self.flow.reaching.setdefault(stmt, {})
        for node in head(stmt):
            if isinstance(node, ast.Name) and node.id in state:
                seen[node.id] = seen.get(node.id, frozenset()) | state[node.id]

    def bind(self, stmt: ast.stmt, nodes: Sequence[ast.AST], state: State) -> None:
        for binding in bound(nodes):
            if isinstance(binding.node, ast.Name) and isinstance(binding.node.ctx, ast.Del):
                state.pop(binding.name, None)
            elif binding.name:
                definition = self.flow._define(binding.name, stmt)
                state[binding.name] = frozenset([definition])
                for states in self.raised:
                    states.append({binding.name: state[binding.name]})

    def branch(self, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], state: State) -> bool:
        other = dict(state)
        first, second = self.block(body, state), self.block(orelse, other)
        if first and second:
            _merge(state, other)
        elif second:
            state.clear()
            state.update(other)
        return first or second

    def loop(self, stmt: ast.For | ast.While, state: State) -> bool:
        while True:
            before = dict(state)
            run = dict(state)
            self.record(stmt, run)
            self.exits.append([])
            self.heads.append([])
            if isinstance(stmt, ast.For):
                self.bind(stmt, [stmt.target], run)
            else:
                self.bind(stmt, [stmt.test], run)
            came_round = self.block(stmt.body, run)
            broke, again = self.exits.pop(), self.heads.pop()
            for end in [*([run] if came_round else []), *again]:
                _merge(state, end)
            if state == before:
                break
        if isinstance(stmt, ast.While):
            self.bind(stmt, [stmt.test], state)
        endless = isinstance(stmt, ast.While) and isinstance(stmt.test, ast.Constant) and bool(stmt.test.value)
        out = not endless and self.block(stmt.orelse, state)
        if not out and broke:
            state.clear()
        for end in broke:
            _merge(state, end)
        return out or bool(broke)

    def attempt(self, stmt: ast.Try | ast.TryStar, state: State) -> bool:
        start = dict(state)
        self.raised.append([start])
        first = self.block(stmt.body, state)
        thrown: State = {}
        for seen in self.raised.pop():
            _merge(thrown, seen)
        first = first and self.block(stmt.orelse, state)
        ends = [state] if first else []
        for handler in stmt.handlers:
            other = dict(thrown)
            if handler.name:
                other[handler.name] = frozenset([self.flow._define(handler.name, stmt)])
            if self.block(handler.body, other):
                ends.append(other)
        merged: State = {}
        for end in ends:
            _merge(merged, end)
        if stmt.finalbody:
            final = dict(merged)
            _merge(final, thrown)
            going = self.block(stmt.finalbody, final)
            merged = final if going else {}
        state.clear()
        state.update(merged)
        return bool(ends)

    def cases(self, stmt: ast.Match, state: State) -> bool:
        start = dict(state)
        ends = [dict(state)]
        for case in stmt.cases:
            other = dict(start)
            self.bind(stmt, [case.pattern], other)
            if self.block(case.body, other):
                ends.append(other)
        for end in ends:
            _merge(state, end)
        return True


def head(stmt: ast.stmt) -> list[ast.AST]:
    """Return the nodes of a statement without those of the blocks in it."""
    out: list[ast.AST] = []
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        out.append(node)
        if node is not stmt and isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            continue
        inner = [c for c in ast.iter_child_nodes(node) if not isinstance(c, (ast.stmt, ast.ExceptHandler))]
        stack += [c for c in inner if not isinstance(c, ast.match_case)][::-1]
    return out


def _all(stmts: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield all statements, in the order of the text."""
    for stmt in stmts:
        yield stmt
        if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "handlers", "cases", "finalbody"):
            for inner in getattr(stmt, name, []):
                yield from _all([inner] if isinstance(inner, ast.stmt) else inner.body)


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for sub in target.elts:
            yield from _flat(sub)
    elif isinstance(target, ast.Starred):
        yield from _flat(target.value)
    else:
        yield target


def _merge(state: State, other: State) -> None:
    for name, places in other.items():
        state[name] = state.get(name, frozenset()) | places
