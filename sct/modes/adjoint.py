"""Adjoint statements: the first of the three stages of reverse mode.

In: a flattened function, its analysis and its regimes. Out: the paired form (`nodes`), each statement beside its
adjoint statements. The function is walked backwards with a record of the adjoints that are live; an adjoint that is
only another's value is not given a statement of its own.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from sct import core, rules
from sct.analysis.infer import assigned_names
from sct.analysis.kinds import NO_AXES, UNKNOWN, Kind
from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.frontend.structure import Fresh
from sct.modes.live import Live
from sct.modes.nodes import (
    AFTER,
    Branch,
    Loop,
    Node,
    Step,
    add_to,
    assign,
    has_backward,
    helper,
    load,
    loads,
    number,
    stored,
)
from sct.modes.regimes import SHADOW, VALUE, Regimes, is_basic
from sct.walk import children, equal, walk
from sct.walk import names as names_in


@dataclass(frozen=True)
class CallPlan:
    """How a call of a user's function is split."""

    forward: str
    reverse: str
    active: tuple[int, ...]  # positions whose adjoints the reverse half returns
    shadows: tuple[int, ...]  # positions whose adjoint buffers the forward half takes
    returns_shadow: bool
    result_active: bool


class Calls(Protocol):
    """Plans calls."""

    def plan(
        self,
        key: str,
        kinds: Sequence[Kind],
        active: Sequence[bool],
        shadows: Sequence[bool],
        shadow_result: bool,
        has_result: bool,
    ) -> CallPlan:
        """Return how a call with arguments of these kinds is split."""


@dataclass(frozen=True)
class Context:
    """What the stages of one function share."""

    flat: Flat
    analysis: Analysis
    regimes: Regimes
    fresh: Fresh
    bars: Mapping[str, str]
    calls: Calls
    params_kinds: Mapping[str, Kind]
    writes: Callable[[str], frozenset[int]]
    refuse: Callable[[ast.AST, str, str], NoReturn]

    def bar(self, name: str) -> str:
        """Return the name of the adjoint of `name`."""
        return self.bars[name]


class AdjointBuilder:
    """Walks a function backwards."""

    def __init__(self, context: Context) -> None:
        self.c = context
        self.varied = context.analysis.activity.varied
        self.live = Live()
        self.out: list[ast.stmt] = []
        self.stmt: ast.stmt = ast.Pass()
        self.group = 0
        self._last_source: ast.stmt | None = None
        self._names: dict[ast.stmt, set[str]] = {}
        self.roots: dict[str, set[str]] = {}  # for each adjoint, those whose memory it may be or share
        self._order = {name: i for i, name in enumerate(context.bars)}
        self._kinds: dict[str, list[Kind]] = {}  # wherever a name is bound
        for after in context.analysis.facts.after.values():
            for name, kind in after.items():
                self._kinds.setdefault(name, []).append(kind)

    # The record of live adjoints.

    def is_live(self, name: str) -> bool:
        return name in self.live or self.c.regimes.regime(name) == SHADOW

    def adjoint(self, name: str) -> ast.expr:
        """Return the expression that holds the adjoint of a live name."""
        if self.c.regimes.regime(name) == SHADOW:
            return load(self.c.bar(name))
        return self.live[name]

    def emit(self, stmt: ast.stmt) -> None:
        for name in stored([stmt]):
            self.settle_readers(name)
        self.note_roots(stmt)
        self.out.append(stmt)

    def note_roots(self, stmt: ast.stmt) -> None:
        """Note which adjoints may be, or share the memory of, which others."""
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            sources = shared_names(stmt.value)
            known = set().union(*(self.roots.get(n, {n}) for n in sources))
            own = stmt.targets[0].id
            self.roots.setdefault(own, {own}).update(known)

    def may_share(self, value: ast.expr) -> set[str]:
        """Return the roots of an adjoint's memory."""
        names = [value.id] if isinstance(value, ast.Name) else shared_names(value)
        return set().union(*(self.roots.get(n, {n}) for n in names))

    def settle_readers(self, bar: str) -> None:
        """Give every adjoint that is only the value of `bar` a name of its own, before `bar` changes."""
        for name in self.live.readers(bar):
            if self.c.bar(name) != bar:
                self.settle(name)

    def settle(self, name: str) -> None:
        """Put the adjoint of `name` into its own variable."""
        value = self.live[name]
        own = self.c.bar(name)
        if not (isinstance(value, ast.Name) and value.id == own):
            self.settle_readers(own)
            self.note_roots(assign(own, value))
            self.out.append(assign(own, value))
            self.live[name] = load(own)

    def zero(self, name: str, kind: Kind) -> ast.expr:
        if kind.what == "scalar":
            return number(0.0)
        if kind.what == "array" and kind.dtype == "float":
            return ast.Call(func=core.ref("numpy.zeros_like"), args=[load(name)], keywords=[])
        if (
            kind.what in ("list", "unknown")
            and self.c.regimes.regime(name) != VALUE
            and name not in self.c.params_kinds
        ):
            return helper("zeros_mirror", load(name))  # members that are one object have one adjoint
        return helper("zeros_like", load(name))

    def ensure(self, name: str) -> None:
        """Make the buffer of `name`, if it is not made yet."""
        if self.is_live(name):
            value = self.adjoint(name)
            if not (isinstance(value, ast.Name) and value.id == self.c.bar(name)):
                self.settle(name)
            return
        view = self.c.regimes.views.get(name)
        own = self.c.bar(name)
        if view is not None and isinstance(view.value, ast.Name) and view.value.id in self.varied:
            base = view.value.id
            self.ensure(base)
            self.emit(assign(own, ast.Subscript(value=load(self.c.bar(base)), slice=view.slice, ctx=ast.Load())))
        else:
            self.emit(assign(own, self.zero(name, self.kind_of(name))))
        self.live[name] = load(own)

    def kind_of(self, name: str) -> Kind:
        kinds = self.c.analysis.facts
        after = kinds.after.get(self.stmt, {}).get(name)
        return after if after is not None else kinds.before.get(self.stmt, {}).get(name, UNKNOWN)

    def contribute(self, name: str, value: ast.expr) -> None:
        """Add `value` to the adjoint of `name`."""
        if isinstance(value, ast.Name) and value.id.endswith(AFTER):
            value = helper("save", value)  # a shadow, which changes before this adjoint is read
        if self.c.regimes.buffered(name):
            kind = self.kind_of(name)
            own = self.c.bar(name)
            if not self.is_live(name) and name not in self.c.regimes.views:
                if isinstance(value, (ast.BinOp, ast.UnaryOp)) and kind.what in ("array", "unknown"):
                    # The result of an operation is an array of its own: the buffer need not be zeroed first.
                    self.emit(assign(own, value))
                    self.live[name] = load(own)
                    return
                if own in loads([value]):
                    held = self.c.fresh.temporary()
                    self.emit(assign(held, value))
                    value = load(held)
            self.ensure(name)
            if kind.what in ("scalar", "array") or self.c.regimes.regime(name) == SHADOW:
                self.emit(add_to(load(own), value))
            elif name in self.c.regimes.views:
                view = self.c.regimes.views[name]
                assert isinstance(view.value, ast.Name)
                place = ast.Subscript(value=load(self.c.bar(view.value.id)), slice=view.slice, ctx=ast.Load())
                self.emit(ast.Assign(targets=[_store(place)], value=helper("add", place, value)))
                self.emit(assign(own, place))
            else:
                self.emit(assign(own, helper("add", load(own), value)))
        elif name not in self.live:
            if isinstance(value, ast.Constant) or isinstance(value, ast.Name) and value.id not in self.c.bars:
                self.live[name] = value
            else:
                self.emit(assign(self.c.bar(name), value))
                self.live[name] = load(self.c.bar(name))
        else:
            total = ast.BinOp(left=self.live[name], op=ast.Add(), right=value)
            self.emit(assign(self.c.bar(name), total))
            self.live[name] = load(self.c.bar(name))

    # Statements, last one first.

    def block(self, stmts: Sequence[ast.stmt]) -> list[Node]:
        nodes: list[Node] = []
        for stmt in reversed(stmts):
            nodes += reversed(self.node(stmt))
        nodes.reverse()
        return nodes

    def node(self, stmt: ast.stmt) -> list[Node]:
        """Return the nodes of one statement, in forward order."""
        if isinstance(stmt, ast.If):
            return self.branch(stmt)
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt)
        source = self.c.flat.origin.get(stmt)
        if source is not self._last_source or source is None:
            self.group += 1
            self._last_source = source
        step = Step(stmt, source, [stmt], group=self.group)
        self.stmt = stmt
        self.out = []
        extra = self.simple(stmt, step)
        step.backward = self.out
        return [step, *extra]

    def simple(self, stmt: ast.stmt, step: Step) -> list[Node]:
        """Fill in the step of a simple statement; return steps that follow it in the forward sweep."""
        step.kills = tuple(assigned_names([stmt]))
        if isinstance(stmt, ast.Assign):
            target = stmt.targets[0]
            if len(stmt.targets) == 1 and isinstance(target, ast.Name) and target.id in self.varied:
                return self.define(stmt, target.id, stmt.value, step)
            if isinstance(target, ast.Subscript):
                self.store(stmt, target, step)
            elif isinstance(target, (ast.Tuple, ast.List)):
                return self.unpack(stmt, target, step)
        elif isinstance(stmt, ast.AugAssign):
            if isinstance(stmt.target, ast.Name):
                self.augment_name(stmt, stmt.target.id, step)
            elif isinstance(stmt.target, ast.Subscript):
                self.augment_part(stmt, stmt.target, step)
        elif isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
            self.effect(stmt, stmt.value, step)
        elif isinstance(stmt, (ast.With, ast.Try)):
            step.opaque = True
        return []

    def define(self, stmt: ast.stmt, name: str, value: ast.expr, step: Step) -> list[Node]:
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            return self.call(stmt, [name], value, step)
        if self.c.regimes.regime(name) == SHADOW:
            self.bind_shadow(stmt, name, value, step)
            if not self.aliases_something(value):
                # The name had another shadow before this statement.
                self.pull(stmt, name, value, load(self.c.bar(name) + AFTER))
            return []
        if self.is_live(name):
            y_bar = self.adjoint(name)
            own = self.c.regimes.views.get(name)
            del self.live[name]
            if not (own is not None and isinstance(value, ast.Subscript) and self.views_itself(name, y_bar)):
                self.pull(stmt, name, value, y_bar)
        return []

    def views_itself(self, name: str, y_bar: ast.expr) -> bool:
        """Say whether the adjoint of a part is a view of that of the whole already."""
        return isinstance(y_bar, ast.Name) and y_bar.id == self.c.bar(name)

    def pull(self, stmt: ast.stmt, name: str, value: ast.expr, y_bar: ast.expr) -> None:
        """Carry the adjoint of ``name = value`` to what `value` reads."""
        self.distribute(self.shares(stmt, name, value, y_bar))

    def distribute(self, shares: list[tuple[ast.expr, ast.expr]]) -> None:
        """Add shares to the adjoints of the names they belong to, none of which changes before it is read."""
        together: dict[str, ast.expr] = {}
        for arg, share in shares:
            if isinstance(arg, ast.Name):
                known = together.get(arg.id)
                together[arg.id] = share if known is None else ast.BinOp(left=known, op=ast.Add(), right=share)
        read = set(loads(together.values()))
        last = [n for n in together if self.c.bar(n) in read]
        if len(last) > 1:
            for name in last:
                held = self.c.fresh.temporary()
                self.emit(assign(held, together[name]))
                together[name] = load(held)
        for name in [*(n for n in together if n not in last), *last]:
            self.contribute(name, together[name])

    def shares(
        self, stmt: ast.stmt, name: str, value: ast.expr, y_bar: ast.expr, result: ast.expr | None = None
    ) -> list[tuple[ast.expr, ast.expr]]:
        """Return the operands of an operation, each with its contribution."""
        if isinstance(value, ast.Name):
            return [(value, y_bar)] if value.id in self.varied else []
        if isinstance(value, (ast.Constant,)):
            return []
        if isinstance(value, ast.Subscript):
            self.part(stmt, value, y_bar)
            return []
        if isinstance(value, (ast.Tuple, ast.List)):
            return self.spread_display(value, y_bar)
        if isinstance(value, ast.Dict):
            pairs = zip(value.keys, value.values, strict=True)
            return [
                (v, ast.Subscript(value=y_bar, slice=k, ctx=ast.Load()))
                for k, v in pairs
                if k is not None and isinstance(v, ast.Name) and v.id in self.varied
            ]
        if isinstance(value, ast.Call) and core.qualname(value.func) in ("builtins.list", "builtins.tuple"):
            return [(value.args[0], y_bar)]
        match = rules.match(value)
        if match is None or match.rule.constant:
            return []
        wanted = [p for p in match.operands if self.c.analysis.activity.active(stmt, match.args[p])]
        if not wanted:
            return []
        try:
            y = result or load(name + AFTER)
            found = rules.adjoints(match, y_bar, y, wanted, self.c.analysis.facts.kinds(stmt))
        except rules.Unsupported as unsupported:
            self.c.refuse(value, str(unsupported), getattr(unsupported, "advice", ""))
        out: list[tuple[ast.expr, ast.expr]] = []
        for param in wanted:
            arg, share = match.args[param], found[param]
            if isinstance(arg, (ast.Tuple, ast.List)):
                out += self.spread_display(arg, share)
            else:
                out.append((arg, share))
        return _merged(out)

    def spread_display(self, display: ast.Tuple | ast.List, share: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        """Return the members of a literal sequence, each with its part of `share`."""
        if not isinstance(share, (ast.Tuple, ast.List, ast.Name)) and len(display.elts) > 1:
            held = self.c.fresh.temporary()
            self.emit(assign(held, share))
            share = load(held)
        out: list[tuple[ast.expr, ast.expr]] = []
        for position, member in enumerate(display.elts):
            if isinstance(member, ast.Constant) or not self.c.analysis.activity.active(self.stmt, member):
                continue
            if isinstance(share, (ast.Tuple, ast.List)):
                part = share.elts[position]
            else:
                part = ast.Subscript(value=share, slice=number(position), ctx=ast.Load())
            if isinstance(member, (ast.Tuple, ast.List)):
                out += self.spread_display(member, part)
            else:
                out.append((member, part))
        return out

    def part(self, stmt: ast.stmt, value: ast.Subscript, y_bar: ast.expr) -> None:
        """Add the adjoint of a part to that of the whole: ``base_bar[index] += y_bar``."""
        base = value.value
        if not isinstance(base, ast.Name) or base.id not in self.varied:
            return
        self.ensure(base.id)
        place = ast.Subscript(value=load(self.c.bar(base.id)), slice=value.slice, ctx=ast.Load())
        kind = self.c.analysis.facts.kind(stmt, base)
        member = self.c.analysis.facts.kind(stmt, value)
        if not self.basic(stmt, value.slice):
            self.emit(ast.Expr(value=helper("take_add", load(self.c.bar(base.id)), _index(value.slice), y_bar)))
        elif kind.what != "array" and any(isinstance(n, ast.Slice) for n in walk(value.slice)):
            self.emit(ast.Expr(value=helper("take_add", load(self.c.bar(base.id)), _index(value.slice), y_bar)))
        elif member.what in ("tuple", "list", "dict") or self.is_container_name(stmt, y_bar):
            self.emit(ast.Assign(targets=[_store(place)], value=helper("add", place, y_bar)))
        else:
            self.emit(add_to(place, y_bar))

    def is_container_name(self, stmt: ast.stmt, y_bar: ast.expr) -> bool:
        """Say whether an adjoint may be a list or a dict: that of a name whose parts are read."""
        if not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Name):
            return False
        name = stmt.targets[0].id
        return name in self.c.regimes.parts and self.c.analysis.facts.name_after(stmt, name).what != "array"

    def basic(self, stmt: ast.stmt, index: ast.expr) -> bool:
        """Say whether an index is made of integers, slices and texts, so that no entry is read twice."""
        return is_basic(self.c.analysis, stmt, index)

    def aliases_something(self, value: ast.expr) -> bool:
        """Say whether a shadowed name is bound to memory that exists already."""
        if isinstance(value, (ast.Name, ast.Subscript)):
            return True
        match = _matched(value)
        return match is not None and match.rule.memory != "fresh"

    def bind_shadow(self, stmt: ast.stmt, name: str, value: ast.expr, step: Step) -> None:
        """Let the forward sweep make the shadow of a name that it has just bound."""
        bar = self.c.bar(name)
        kind = self.c.analysis.facts.name_after(stmt, name)
        forward: list[ast.stmt] = []
        if isinstance(value, (ast.Tuple, ast.List, ast.Dict)) or kind.what in ("tuple", "list", "dict"):
            self.c.refuse(
                stmt,
                f"`{_shown(name)}` holds an array that is written in place under another name",
                "put a copy into it: `.copy()`",
            )
        bases = [n for n in loads([value]) if n in self.varied]
        if self.aliases_something(value) and bases:
            base = bases[0]
            if self.c.regimes.regime(base) != SHADOW:
                self.c.refuse(
                    stmt,
                    f"`{_shown(name)}` shares memory with `{_shown(base)}` in a way that sct cannot follow",
                    "copy it: `.copy()`",
                )
            mirrored = _Mirror(self.c.bars, set(bases)).visit(copy.deepcopy(value))
            match = _matched(value) if not isinstance(value, (ast.Name, ast.Subscript)) else None
            if (
                match is not None
                and match.rule.memory == "maybe"
                or isinstance(value, ast.Subscript)
                and not self.basic(stmt, value.slice)
            ):
                forward.append(
                    ast.Expr(value=helper("require_view", ast.Constant(value=_shown(name)), load(name), load(base)))
                )
            forward.append(assign(bar, mirrored))
        else:
            forward.append(assign(bar, self.zero(name, kind)))
        step.forward = [*step.forward, *forward]
        step.kills = (*step.kills, bar)

    def unpack(self, stmt: ast.Assign, target: ast.Tuple | ast.List, step: Step) -> list[Node]:
        names = [e.id for e in target.elts if isinstance(e, ast.Name)]
        if isinstance(stmt.value, ast.Call) and core.qualname(stmt.value.func).startswith("@"):
            return self.call(stmt, names, stmt.value, step)
        if any(n in self.varied and self.is_live(n) for n in names):
            self.c.refuse(stmt, "sct cannot take this unpacking apart", "assign the parts one by one")
        return []

    # Stores.

    def store(self, stmt: ast.Assign, target: ast.Subscript, step: Step) -> None:
        step.stores = (target,)
        base = _root(target)
        if base is None or base not in self.varied or not self.is_live(base):
            return
        place = self.mirror(target)
        value = stmt.value
        kind = self.c.analysis.facts.kind(stmt, _loaded(target))
        active = isinstance(value, ast.Name) and value.id in self.varied
        if active:
            assert isinstance(value, ast.Name)
            held = self.c.fresh.temporary()
            taken: ast.expr = place
            if not self.basic(stmt, target.slice):
                taken = helper("written", place.value, _index(place.slice))
            elif kind.what != "scalar":
                taken = helper("save", place)
            self.emit(assign(held, taken))
            self.emit(ast.Assign(targets=[_store(place)], value=self.cleared(kind, stmt, target)))
            self.contribute(value.id, self.fit(stmt, load(held), kind, value))
        else:
            self.emit(ast.Assign(targets=[_store(place)], value=self.cleared(kind, stmt, target)))

    def cleared(self, kind: Kind, stmt: ast.stmt, target: ast.Subscript) -> ast.expr:
        base = self.c.analysis.facts.kind(stmt, _loaded(target).value)
        if base.what == "array" or kind.what == "scalar" or isinstance(target.slice, ast.Slice):
            return number(0.0)
        return helper("zeros_like", self.mirror(target))

    def mirror(self, target: ast.Subscript) -> ast.Subscript:
        """Return the place of the adjoint buffer that belongs to a place."""
        base = target.value
        if isinstance(base, ast.Subscript):
            inner: ast.expr = self.mirror(base)
        else:
            assert isinstance(base, ast.Name)
            self.ensure(base.id)
            inner = load(self.c.bar(base.id))
        return ast.Subscript(value=inner, slice=target.slice, ctx=ast.Load())

    def fit(self, stmt: ast.stmt, share: ast.expr, place: Kind, value: ast.expr) -> ast.expr:
        """Return `share`, the adjoint of a stored part, in the shape of the stored value."""
        kind = self.c.analysis.facts.kind(stmt, value)
        if place.what == "scalar" or kind.shape is not None and kind.shape == place.shape:
            return share
        if kind.what == "scalar" and place.what == "array":
            return ast.Call(func=core.ref("numpy.sum"), args=[share], keywords=[])
        return helper("unbroadcast", share, value)

    def augment_name(self, stmt: ast.AugAssign, name: str, step: Step) -> None:
        facts = self.c.analysis.facts
        kind = facts.name_after(stmt, name)
        if kind.what in ("list", "tuple", "dict"):
            self.c.refuse(
                stmt, f"`{_shown(name)}` is a {kind.what} that grows in place", "use append, or build a new one"
            )
        regime = self.c.regimes.regime(name)
        if regime != VALUE:
            step.kills = ()
            step.stores = (load(name),)
        else:
            step.kills = (name,)
        if name not in self.varied or not self.is_live(name):
            return
        value = ast.BinOp(left=load(name), op=stmt.op, right=stmt.value)
        y_bar = self.adjoint(name)
        if regime == VALUE:
            self.settle_buffer(name)
            y_bar = self.live.pop(name)
            self.pull(stmt, name, value, y_bar)
            return
        self.ensure(name)
        bar = load(self.c.bar(name))
        others: list[tuple[ast.expr, ast.expr]] = []
        for arg, share in self.shares(stmt, name, value, bar, result=value):
            if isinstance(arg, ast.Name) and arg.id != name:
                held = self.c.fresh.temporary()
                self.emit(assign(held, self.apart(share)))
                others.append((arg, load(held)))
        # The operand may be a view of the target: all shares are computed before a buffer changes.
        self.scale(stmt, name, value, ast.Subscript(value=bar, slice=ast.Constant(value=...), ctx=ast.Load()), bar)
        self.distribute(others)

    def settle_buffer(self, name: str) -> None:
        if name in self.live and name in self.c.regimes.parts:
            self.settle(name)

    def apart(self, share: ast.expr) -> ast.expr:
        """Return a contribution that shares no memory with a buffer that is still to change."""
        if isinstance(share, (ast.Name, ast.Subscript)):
            return helper("save", share)
        if isinstance(share, ast.Call) and core.qualname(share.func) == "sct.runtime.unbroadcast":
            return helper("save", share)
        return share

    def scale(self, stmt: ast.AugAssign, name: str, value: ast.BinOp, place: ast.Subscript, bar: ast.expr) -> None:
        """Change the adjoint of a place in the way that an augmented assignment changed the place."""
        if isinstance(stmt.op, (ast.Add, ast.Sub)):
            return
        match = rules.match(value)
        if match is None or match.rule.constant:
            self.emit(ast.Assign(targets=[_store(place)], value=number(0.0)))
            return
        first = match.operands[0]
        share = rules.adjoints(match, bar, value, [first], self.c.analysis.facts.kinds(stmt))[first]
        self.emit(ast.Assign(targets=[_store(place)], value=share))

    def augment_part(self, stmt: ast.AugAssign, target: ast.Subscript, step: Step) -> None:
        step.stores = (target,)
        base = _root(target)
        if base is None or base not in self.varied or not self.is_live(base):
            return
        place = self.mirror(target)
        old = _loaded(target)
        value = ast.BinOp(left=old, op=stmt.op, right=stmt.value)
        operand = stmt.value
        active = isinstance(operand, ast.Name) and operand.id in self.varied
        linear = isinstance(stmt.op, (ast.Add, ast.Sub))
        if not active and linear:
            return
        held = self.c.fresh.temporary()
        kind = self.c.analysis.facts.kind(stmt, old)
        basic = self.basic(stmt, target.slice)
        taken: ast.expr = place if kind.what == "scalar" else helper("save", place)
        if not basic:
            taken = helper("written", place.value, _index(place.slice)) if linear else helper("save", place)
        self.emit(assign(held, taken))
        match = rules.match(value)
        if match is None:
            self.c.refuse(stmt, "sct has no rule for this augmented assignment", "write the operation out")
        if match.rule.constant:
            self.emit(ast.Assign(targets=[_store(place)], value=number(0.0)))
            return
        kinds = self.c.analysis.facts.kinds(stmt)
        first, second = match.operands[0], match.operands[-1]
        if active:
            assert isinstance(operand, ast.Name)
            y_bar: ast.expr = load(held)
            if not basic and not linear:
                y_bar = helper("last_writes", load(held), place.value, _index(place.slice))
            share = rules.adjoints(match, y_bar, value, [second], kinds)[second]
            self.contribute(operand.id, share)
        if not linear:
            share = rules.adjoints(match, load(held), value, [first], kinds)[first]
            self.emit(ast.Assign(targets=[_store(place)], value=share))

    def effect(self, stmt: ast.Expr, call: ast.Call, step: Step) -> None:
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr == "append"
            and isinstance(call.func.value, ast.Name)
        ):
            base = call.func.value.id
            step.append_to = base
            step.stores = (load(base),)
            if base not in self.varied or not self.is_live(base):
                return
            self.ensure(base)
            popped = ast.Call(
                func=ast.Attribute(value=load(self.c.bar(base)), attr="pop", ctx=ast.Load()), args=[], keywords=[]
            )
            value = call.args[0]
            if isinstance(value, ast.Name) and value.id in self.varied:
                held = self.c.fresh.temporary()
                self.emit(assign(held, popped))
                self.contribute(value.id, load(held))
            else:
                self.emit(ast.Expr(value=popped))
        elif core.qualname(call.func) in SCATTERS:
            self.scatter(stmt, call, step)
        elif core.qualname(call.func).startswith("@"):
            self.call(stmt, [], call, step)
        elif isinstance(call.func, ast.Attribute):
            base_name = _root(call.func.value)
            if base_name is not None:
                step.stores = (load(base_name),)

    def scatter(self, stmt: ast.Expr, call: ast.Call, step: Step) -> None:
        """Take back ``np.add.at(a, index, v)``, which adds as often as an entry is named."""
        target, index, value = call.args
        assert isinstance(target, ast.Name)
        step.stores = (load(target.id),)
        if target.id not in self.varied or not self.is_live(target.id):
            return
        self.ensure(target.id)
        if isinstance(value, ast.Name) and value.id in self.varied:
            slices = _sliced(index)
            place = ast.Subscript(value=load(self.c.bar(target.id)), slice=slices, ctx=ast.Load())
            self.contribute(value.id, helper("unbroadcast", helper("save", place), value))

    # Calls of the user's functions.

    def call(self, stmt: ast.stmt, targets: list[str], call: ast.Call, step: Step) -> list[Node]:
        key = core.qualname(call.func)
        activity, regimes = self.c.analysis.activity, self.c.regimes
        active = [activity.active(stmt, a) for a in call.args]
        shadows = [
            isinstance(a, ast.Name) and regimes.regime(a.id) == SHADOW and ok
            for a, ok in zip(call.args, active, strict=True)
        ]
        shadow_result = len(targets) == 1 and regimes.regime(targets[0]) == SHADOW
        useful = any(t in self.varied and self.is_live(t) for t in targets) or any(shadows)
        written = [call.args[i] for i in sorted(self.c.writes(key)) if i < len(call.args)]
        written = [
            a for a in written if _root(a) and self.c.analysis.facts.kind(stmt, a).what not in ("scalar", "none")
        ]
        if not useful or not any(active):
            step.stores = tuple(written)
            return []
        names = [n for a in call.args for n in [_root(a)] if n]
        for a in written:
            root = _root(a) or ""
            if sum(self.c.analysis.alias.may_alias(root, n) for n in names) > 1:
                self.c.refuse(
                    stmt, f"`{_short(key)}` writes into `{_shown(root)}`, whose memory it may get twice", "pass a copy"
                )
        kinds = [self.c.analysis.facts.kind(stmt, a) for a in call.args]
        plan = self.c.calls.plan(key, kinds, active, shadows, shadow_result, bool(targets))
        saved = self.c.fresh.name(f"{_short(key)}_saved")
        shadow_args: list[ast.expr] = []
        for i in plan.shadows:
            arg = call.args[i]
            assert isinstance(arg, ast.Name)
            shadow_args.append(load(self.c.bar(arg.id)))
        forward = ast.Call(func=core.ref(f"!{plan.forward}"), args=[*call.args, *shadow_args], keywords=[])
        results: list[ast.expr] = []
        if len(targets) == 1:
            results.append(ast.Name(id=targets[0], ctx=ast.Store()))
        elif targets:
            results.append(ast.Tuple(elts=[ast.Name(id=t, ctx=ast.Store()) for t in targets], ctx=ast.Store()))
        else:
            results.append(ast.Name(id="_", ctx=ast.Store()))
        if plan.returns_shadow:
            results.append(ast.Name(id=self.c.bar(targets[0]), ctx=ast.Store()))
        results.append(ast.Name(id=saved, ctx=ast.Store()))
        new = ast.Assign(targets=[ast.Tuple(elts=results, ctx=ast.Store())], value=forward)
        step.forward = [ast.copy_location(new, stmt)]
        step.kills = (*targets, saved, *([self.c.bar(targets[0])] if plan.returns_shadow else []))
        step.restores = tuple(n for a in written for n in [_root(a)] if n)
        self.take_back(stmt, targets, call, plan, saved)
        return []

    def take_back(self, stmt: ast.stmt, targets: list[str], call: ast.Call, plan: CallPlan, saved: str) -> None:
        args: list[ast.expr] = [load(saved + AFTER)]
        if plan.result_active:
            args.append(self.seed(stmt, targets))
        for target in targets:
            self.live.pop(target, None)
        reverse = ast.Call(func=core.ref(f"!{plan.reverse}"), args=args, keywords=[])
        if not plan.active:
            self.emit(ast.Expr(value=reverse))
            return
        shares: list[ast.expr] = []
        for i in plan.active:
            arg = call.args[i]
            direct = isinstance(arg, ast.Name) and not self.is_live(arg.id) and not self.c.regimes.buffered(arg.id)
            repeated = [a.id for a in call.args if isinstance(a, ast.Name)].count(getattr(arg, "id", "")) > 1
            if direct and not repeated and isinstance(arg, ast.Name):
                shares.append(load(self.c.bar(arg.id)))
            else:
                shares.append(load(self.c.fresh.temporary()))
        stores: list[ast.expr] = [ast.Name(id=s.id, ctx=ast.Store()) for s in shares if isinstance(s, ast.Name)]
        taken: ast.expr = stores[0] if len(stores) == 1 else ast.Tuple(elts=stores, ctx=ast.Store())
        self.emit(ast.Assign(targets=[taken], value=reverse))
        for i, share in zip(plan.active, shares, strict=True):
            arg = call.args[i]
            if isinstance(arg, ast.Name):
                self.contribute(arg.id, share)
            elif isinstance(arg, (ast.Tuple, ast.List)):
                for member, part in self.spread_display(arg, share):
                    if isinstance(member, ast.Name):
                        self.contribute(member.id, part)

    def seed(self, stmt: ast.stmt, targets: list[str]) -> ast.expr:
        """Return the adjoint of what a call returned."""
        parts: list[ast.expr] = []
        for target in targets:
            if target in self.varied and self.is_live(target):
                parts.append(self.adjoint(target))
            else:
                marked = load(target + AFTER)
                kind = self.c.analysis.facts.name_after(stmt, target)
                parts.append(number(0.0) if kind.what == "scalar" else helper("zeros_like", marked))
        if not targets:
            return ast.Constant(value=None)
        return parts[0] if len(targets) == 1 else ast.Tuple(elts=parts, ctx=ast.Load())

    # Compound statements.

    def branch(self, stmt: ast.If) -> list[Node]:
        self.stmt = stmt
        arms = [stmt.body, stmt.orelse]
        touched = useful_names([stmt], set(), self.varied) | self.defined([stmt])
        before: list[ast.stmt] = []
        self.out = before
        joined = (
            set(self.live)
            | self.useful_before(stmt.body, set(self.live))
            | self.useful_before(stmt.orelse, set(self.live))
        )
        for name in sorted(joined - set(self.live), key=self.order):
            if self.c.regimes.buffered(name) and self.hoistable(name, stmt):
                self.ensure(name)
        for name in [n for n in self.live if n in touched]:
            if isinstance(self.live[name], ast.Constant):
                self.settle(name)
        held = self.live
        results: list[tuple[list[Node], Live]] = []
        self._last_source = None
        for arm in arms:
            self.live = held.copy()
            nodes = self.block(arm)
            results.append((nodes, self.live))
        (_, first), (_, second) = results
        merged = first.copy()
        tails: list[list[ast.stmt]] = [[], []]
        names = dict.fromkeys([*first, *second])
        for name in [n for n in names if first.get(n) is not second.get(n)]:
            values = [first.get(name), second.get(name)]
            if values[0] is not None and values[1] is not None and equal(values[0], values[1]):
                continue
            own = self.c.bar(name)
            for tail, value in zip(tails, values, strict=True):
                if value is None:
                    tail.append(assign(own, self.zero(name, self.entry_kind(name))))
                elif not (isinstance(value, ast.Name) and value.id == own):
                    tail.append(assign(own, value))
            merged[name] = load(own)
        for (nodes, _), tail in zip(results, tails, strict=True):
            if tail:
                nodes.insert(0, Step(None, None, [], backward=_parallel(tail, self.c.fresh)))
        self.live = merged
        self._last_source = None
        self.stmt = stmt
        return [Branch(stmt, results[0][0], results[1][0], before)]

    def entry_kind(self, name: str) -> Kind:
        """Return what is known of a name wherever it is bound."""
        kinds = self._kinds.get(name, [])
        if kinds and all(k.what == "scalar" for k in kinds):
            return Kind("scalar", "unknown", NO_AXES)
        if name in self.c.params_kinds:
            kind = self.c.params_kinds[name]
            if all(k.what == kind.what for k in kinds):
                return kind
        if kinds and all(k.what == "array" and k.dtype == "float" for k in kinds):
            return Kind("array", "float")
        return UNKNOWN

    def order(self, name: str) -> int:
        return self._order.get(name, len(self._order))

    def defined(self, stmts: Sequence[ast.stmt]) -> set[str]:
        return set(assigned_names(stmts))

    def hoistable(self, name: str, stmt: ast.stmt) -> bool:
        """Say whether a buffer can be made before a compound statement is taken back: it exists before it."""
        return name not in self.defined([stmt]) or self.exposed(name, [stmt])

    def exposed(self, name: str, stmts: Sequence[ast.stmt]) -> bool:
        return name in useful_names(stmts, set(), self.varied)

    def useful_before(self, stmts: Sequence[ast.stmt], after: set[str]) -> set[str]:
        return useful(stmts, after, self.varied, self.c)

    def loop(self, stmt: ast.For | ast.While) -> list[Node]:
        self.stmt = stmt
        after = set(self.live)
        ends = set(after)
        while True:
            begins = self.useful_before(stmt.body, ends)
            if begins <= ends:
                break
            ends |= begins
        before: list[ast.stmt] = []
        original = self.live.copy()
        self.out = before
        touched = ends & (self.defined([stmt]) | useful_names(stmt.body, set(), self.varied) | begins)
        bars = {self.c.bar(n) for n in self.names_in(stmt) if n in self.c.bars}
        for name in sorted(after, key=self.order):
            value = self.live[name]
            aliased = isinstance(value, ast.Name) and value.id in bars and value.id != self.c.bar(name)
            if name in touched and name in self.names_in(stmt) or aliased:
                self.settle(name)
        for name in sorted(ends - after, key=self.order):
            if self.c.regimes.buffered(name):
                self.ensure(name)
            else:
                self.emit(assign(self.c.bar(name), self.zero(name, self.kind_of_loop(stmt, name))))
                self.live[name] = load(self.c.bar(name))
        held = self.live.copy()
        self._last_source = None
        body = self.block(stmt.body)
        self.stmt = stmt
        tail: list[ast.stmt] = []
        for name in held:
            own = self.c.bar(name)
            last = self.live.get(name)
            if last is None:
                tail.append(assign(own, self.zero(name, self.entry_kind(name))))
            elif not equal(last, held[name]):
                tail.append(assign(own, last))
        if tail:
            body.insert(0, Step(None, None, [], backward=_parallel(tail, self.c.fresh)))
        self.live = held
        for name in list(self.live):
            if name not in begins and name not in after:
                del self.live[name]
        self._last_source = None
        node = Loop(stmt, body, before)
        if not has_backward(body):
            node.before = []
            self.live = original
        return [node]

    def names_in(self, stmt: ast.stmt) -> set[str]:
        cached = self._names.get(stmt)
        if cached is None:
            cached = self._names[stmt] = names_in(stmt)
        return cached

    def kind_of_loop(self, stmt: ast.stmt, name: str) -> Kind:
        kind = self.c.analysis.facts.after.get(stmt, {}).get(name)
        if kind is not None:
            return kind
        return self.entry_kind(name)


def useful(stmts: Sequence[ast.stmt], after: set[str], varied: set[str], context: Context) -> set[str]:
    """Return the names whose adjoints may be live before `stmts`, given those that are live after."""
    live = set(after)
    for stmt in reversed(stmts):
        if isinstance(stmt, ast.If):
            live = useful(stmt.body, live, varied, context) | useful(stmt.orelse, live, varied, context)
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
    bases = {b for t in targets if isinstance(t, ast.Subscript) for b in [_root(t)] if b}
    if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
        func = stmt.value.func
        if isinstance(func, ast.Attribute):
            base = _root(func)
            bases |= {base} if base else set()
        elif not core.qualname(func).startswith("@"):
            return live
    hit = (
        bool((names | bases) & live)
        or bool(shadowed)
        or any(context.regimes.regime(n) == SHADOW for n in names | bases)
    )
    if not hit:
        return live
    reads = {n for n in useful_names([stmt], set(), varied) if context.regimes.regime(n) != SHADOW}
    kept = live - names if isinstance(stmt, ast.Assign) else live
    return kept | reads


def useful_names(stmts: Sequence[ast.stmt], after: set[str], varied: set[str]) -> set[str]:
    """Return the active names that `stmts` read as values: not in tests and indices."""
    out = set(after)
    stack: list[ast.AST] = list(stmts)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.If, ast.While)):
            stack += [*node.body, *node.orelse]
        elif isinstance(node, ast.For):
            stack += node.body
        elif isinstance(node, ast.Subscript):
            stack.append(node.value)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name) and node.target.id in varied:
                out.add(node.target.id)
            stack += [node.target, node.value]
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id in varied:
                out.add(node.id)
        elif not isinstance(node, (ast.Compare, ast.Assert)):
            stack += children(node)
    return out


def _parallel(stmts: list[ast.stmt], fresh: Fresh) -> list[ast.stmt]:
    """Return assignments that are to happen at once, in an order (with temporaries) that makes them so."""
    targets = {n for s in stmts for n in stored([s])}
    clash = [s for s in stmts if (set(loads([s])) & (targets - set(stored([s]))))]
    if not clash:
        return stmts
    first: list[ast.stmt] = []
    second: list[ast.stmt] = []
    for stmt in stmts:
        assert isinstance(stmt, ast.Assign)
        if stmt in clash:
            held = fresh.temporary()
            first.append(assign(held, stmt.value))
            second.append(ast.Assign(targets=stmt.targets, value=load(held)))
        else:
            second.append(stmt)
    return [*first, *second]


def _merged(shares: list[tuple[ast.expr, ast.expr]]) -> list[tuple[ast.expr, ast.expr]]:
    """Join equal contributions to one operand: x * x gives ``2 * x * y_bar``."""
    if len(shares) == 2 and all(isinstance(a, ast.Name) for a, _ in shares):
        (a, first), (b, second) = shares
        if isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id:
            if ast.dump(first) == ast.dump(second) and isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult):
                twice = ast.BinOp(left=number(2), op=ast.Mult(), right=first.left)
                return [(a, ast.BinOp(left=twice, op=ast.Mult(), right=first.right))]
            return [(a, ast.BinOp(left=first, op=ast.Add(), right=second))]
    return shares


def shared_names(value: ast.expr) -> list[str]:
    """Return the names whose memory the value of an adjoint expression may share."""
    if isinstance(value, ast.Name):
        return [value.id]
    if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Constant)):
        return []
    if isinstance(value, ast.Call):
        name = core.qualname(value.func)
        if name.startswith("sct.runtime.") and name.rpartition(".")[2] in _FRESH:
            return []
        parts = value.args[:1] if name == "sct.runtime.unbroadcast" else value.args
        receiver = [value.func.value] if isinstance(value.func, ast.Attribute) else []
        return [n for part in [*receiver, *parts] for n in shared_names(part)]
    if isinstance(value, (ast.Subscript, ast.Attribute)):
        return shared_names(value.value)
    return list(loads([value]))


#: Helpers that always give memory of their own.
_FRESH = frozenset(
    "save zeros_like zeros_mirror matmul_bar_left matmul_bar_right dot_bar_left dot_bar_right max_share others times "
    "over power_slope exponent_slope check_seed".split()
)


def _index(index: ast.expr) -> ast.expr:
    """Return an index as an argument: slices as calls of ``slice``."""
    if isinstance(index, ast.Slice):
        parts = [e if e is not None else ast.Constant(value=None) for e in (index.lower, index.upper, index.step)]
        return ast.Call(func=core.ref("builtins.slice"), args=parts, keywords=[])
    if isinstance(index, ast.Tuple):
        return ast.Tuple(elts=[_index(e) for e in index.elts], ctx=ast.Load())
    return index


#: Statements that add to chosen entries of an array.
SCATTERS = ("numpy.add.at", "sct.runtime.take_add")


def _sliced(index: ast.expr) -> ast.expr:
    """Return an argument that is an index as it stands in brackets: calls of ``slice`` as slices."""
    if isinstance(index, ast.Call) and core.qualname(index.func) == "builtins.slice":
        parts = [None if isinstance(a, ast.Constant) and a.value is None else a for a in index.args]
        lower, upper, step = [*parts, None, None, None][:3] if len(parts) > 1 else (None, parts[0], None)
        return ast.Slice(lower=lower, upper=upper, step=step)
    if isinstance(index, ast.Tuple):
        return ast.Tuple(elts=[_sliced(e) for e in index.elts], ctx=ast.Load())
    return index


def _matched(expr: ast.expr) -> rules.Match | None:
    try:
        return rules.match(expr)
    except rules.Unsupported:
        return None


def _root(target: ast.expr) -> str | None:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _loaded(target: ast.Subscript) -> ast.Subscript:
    base = target.value
    if isinstance(base, ast.Subscript):
        base = _loaded(base)
    elif isinstance(base, ast.Name):
        base = load(base.id)
    return ast.Subscript(value=base, slice=target.slice, ctx=ast.Load())


def _store(place: ast.Subscript) -> ast.Subscript:
    return ast.Subscript(value=place.value, slice=place.slice, ctx=ast.Store())


def _shown(name: str) -> str:
    return name.lstrip("%")


def _short(key: str) -> str:
    return key.partition("(")[0].rpartition(".")[2]


class _Mirror(ast.NodeTransformer):
    def __init__(self, bars: Mapping[str, str], bases: set[str]) -> None:
        self.bars = bars
        self.bases = bases

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        return ast.Subscript(value=self.visit(node.value), slice=node.slice, ctx=node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return load(self.bars[node.id]) if node.id in self.bases else node
