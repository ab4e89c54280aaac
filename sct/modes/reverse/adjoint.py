"""Adjoint statements: the first of the three stages of reverse mode.

In: a flattened function, its analysis and its regimes. Out: the paired form (`nodes`), each statement beside its
adjoint statements. The function is walked backwards with a record of the adjoints that are live; an adjoint that is
only another's value is not given a statement of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.binding import assigned_names
from sct.analysis.hidden import calls_in, hidden_writes, written_by
from sct.analysis.kinds import Kind
from sct.frontend.structure import Fresh
from sct.modes.members import float_guards
from sct.modes.refusals import LetPass
from sct.modes.reverse.calls import CallSplitter
from sct.modes.reverse.live import Live
from sct.modes.reverse.nodes import AFTER, Branch, Loop, Node, Step, has_backward, helper, loads, stored
from sct.modes.reverse.places import SCATTERS
from sct.modes.reverse.regimes import SHADOW
from sct.modes.reverse.useful import useful, useful_names
from sct.nodes import assign, load
from sct.walk import equal, header, root_name
from sct.walk import names as names_in


class AdjointBuilder(CallSplitter):
    """Walks a function backwards."""

    def block(self, stmts: Sequence[ast.stmt]) -> list[Node]:
        nodes: list[Node] = []
        self.depth += 1
        for position in range(len(stmts) - 1, -1, -1):
            before = stmts[position - 1] if position else None
            nodes += reversed(self.node(stmts[position], before))
        self.depth -= 1
        nodes.reverse()
        return nodes

    def node(self, stmt: ast.stmt, before: ast.stmt | None) -> list[Node]:
        """Return the nodes of one statement, in forward order; `before` is the one that it follows."""
        if isinstance(stmt, ast.If):
            return self.branch(stmt)
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt)
        source = self.c.flat.origin.get(stmt)
        if source is None and before is not None and self.c.flat.origin.get(before) is self._last_source:
            source = self._last_source  # a guard amid what one statement was taken apart into
        if source is not self._last_source or source is None:
            self.group += 1
            self._last_source = source
        step = Step(stmt, source, [stmt], group=self.group)
        self.stmt = stmt
        self.out = []
        extra = self.simple(stmt, step)
        step.backward = self.out
        step.forward = [*float_guards(stmt, self.c.analysis, self.asked), *step.forward]
        aside = self.written_aside(stmt, step)
        if aside and (step.pop_from or step.append_to):
            return [Step(stmt, source, [], stores=aside, group=self.group), step, *extra]
        step.stores += aside
        return [step, *extra]

    def written_aside(self, stmt: ast.stmt, step: Step | None = None) -> tuple[ast.expr, ...]:
        """Return what calls in the head of a statement write of what is not active, beside what its step knows of."""
        known = set() if step is None else {*step.restores, *(root_name(place) for place in step.stores)}
        alias = self.c.analysis.alias
        found: list[str] = []
        direct = None
        if step is not None and (step.append_to or step.pop_from):
            # It takes back that one member, and not what ``xs.append(xs.pop(0))`` took before.
            known, direct = set(step.restores), getattr(stmt, "value", None)
        for call in (c for c in calls_in(stmt) if c is not direct):
            found += [name for place in written_by(call, self.c.effects) for name in alias.written_in(stmt, place)]
            if isinstance(call.func, ast.Name) and call.func.id in alias.leader:  # ``add = xs.append; add(1)``
                found += alias.group(call.func.id)
        for target in header(stmt):
            if isinstance(target, (ast.Subscript, ast.Attribute)) and not isinstance(target.ctx, ast.Load):
                self.refuse_reshaping(stmt, target)
                found += alias.written_in(stmt, target)
        names = dict.fromkeys(n for n in found if n not in known and ":" not in n)
        return tuple(load(n) for n in names if self.kind_of_name(stmt, n) not in IMMUTABLE)

    def refuse_reshaping(self, stmt: ast.stmt, target: ast.Subscript | ast.Attribute) -> None:
        if isinstance(target, ast.Attribute) and target.attr in ("shape", "dtype", "strides"):
            self.c.refuse(stmt, f"the {target.attr} of an array is changed in place", "make a new array")

    def kind_of_name(self, stmt: ast.stmt, name: str) -> str:
        return self.c.analysis.facts.kind(stmt, load(name)).what

    def save_aside(self, stmt: ast.If | ast.For | ast.While) -> list[Node]:
        """Return a step that takes back what the head of a compound statement writes."""
        stores = self.written_aside(stmt)
        return [Step(None, None, [ast.copy_location(ast.Pass(), stmt)], stores=stores)] if stores else []

    def simple(self, stmt: ast.stmt, step: Step) -> list[Node]:
        """Fill in the step of a simple statement; return steps that follow it in the forward sweep."""
        step.kills = tuple(assigned_names([stmt]))
        self.refuse_hidden(stmt)
        if isinstance(stmt, ast.Assign):
            target = stmt.targets[0]
            if len(stmt.targets) == 1 and isinstance(target, ast.Name) and target.id in self.varied:
                return self.define(stmt, target.id, stmt.value, step)
            if base := core.popped(stmt.value):  # of an inactive list, or a set, of which nothing knows what comes last
                step.pop_from = base if self.kind_of_name(stmt, base) == "list" else ""
                step.stores = (load(base),)
            elif isinstance(target, ast.Subscript):
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
            step.forward = [LetPass(lambda: self.c.fresh.name("error")).visit(stmt)]
        return []

    def define(self, stmt: ast.stmt, name: str, value: ast.expr, step: Step) -> list[Node]:
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            return self.call(stmt, [name], value, step)
        if core.popped(value):
            self.pop(stmt, name, core.popped(value), step)
            return []
        if isinstance(value, ast.BinOp):
            kinds = self.c.analysis.facts.kinds(stmt)
            unsure = [v for v in (value.left, value.right) if not kinds(v).among.isdisjoint(("list", "tuple"))]
            asked = {v.id: self.no_list(v) for v in unsure if isinstance(v, ast.Name)}
            step.forward = [*asked.values(), *step.forward]
        if self.c.regimes.regime(name) == SHADOW:
            self.bind_shadow(stmt, name, value, step)
            if self.copied_list(stmt, value):
                assert isinstance(value, ast.Call) and isinstance(value.args[0], ast.Name)
                bars = load(self.c.bar(value.args[0].id)), load(self.c.bar(name) + AFTER)
                self.emit(ast.Expr(value=helper("accumulate_numbers", *bars)))
            elif self.sliced_list(stmt, value):
                assert isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name)
                self.add_to_slice(value.value.id, value.slice, load(self.c.bar(name) + AFTER))
            elif self.joins_lists(stmt, value):
                assert isinstance(value, ast.BinOp)
                self.add_joined(stmt, value, load(self.c.bar(name) + AFTER))
            elif not self.is_alias(stmt, name, value):
                # The name had another shadow before this statement.
                self.pull(stmt, name, value, self.each_once(stmt, name, value))
            return []
        if self.is_live(name):
            y_bar = self.adjoint(name)
            own = self.c.regimes.views.get(name)
            del self.live[name]
            if not (own is not None and isinstance(value, ast.Subscript) and self.views_itself(name, y_bar)):
                if not isinstance(value, (ast.Name, ast.Tuple, ast.List, ast.Dict)):
                    y_bar = self.counted_once(name, self.c.analysis.facts.name_after(stmt, name), y_bar)
                self.pull(stmt, name, value, y_bar)
        return []

    def each_once(self, stmt: ast.stmt, name: str, value: ast.expr) -> ast.expr:
        """Return the shadow that a name has just been given; an array that is in a copy twice has one adjoint there."""
        bar = load(self.c.bar(name) + AFTER)
        kind = self.c.analysis.facts.name_after(stmt, name)
        copied = isinstance(value, ast.Call) and kind.what in ("list", "tuple", "dict")
        return helper("once", bar, bar) if copied else bar

    def unpack(self, stmt: ast.Assign, target: ast.Tuple | ast.List, step: Step) -> list[Node]:
        names = [e.id for e in target.elts if isinstance(e, ast.Name)]
        if isinstance(stmt.value, ast.Call) and core.qualname(stmt.value.func).startswith("@"):
            return self.call(stmt, names, stmt.value, step)
        if any(n in self.varied and self.is_live(n) for n in names):
            self.c.refuse(stmt, "sct cannot take this unpacking apart", "assign the parts one by one")
        return []

    def effect(self, stmt: ast.Expr, call: ast.Call, step: Step) -> None:
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr == "append"
            and isinstance(call.func.value, ast.Name)
        ):
            self.append(call.func.value.id, call.args[0], step)
        elif core.qualname(call.func) in SCATTERS:
            self.scatter(stmt, call, step)
        elif core.qualname(call.func) in core.WRITERS:
            self.rewrite(stmt, call, step)
        elif core.qualname(call.func).startswith("@"):
            self.call(stmt, [], call, step)
        elif isinstance(call.func, ast.Attribute) and call.func.attr not in ("__enter__", "__exit__"):
            base_name = root_name(call.func.value)
            if base_name is not None:
                step.stores = (load(base_name),)

    def refuse_hidden(self, stmt: ast.stmt) -> None:
        """Refuse a call inside an expression that writes into active memory: no step takes it back there."""
        for call, written in hidden_writes(stmt, self.c.effects):
            if self.c.analysis.activity.active(stmt, written):
                what = "test" if isinstance(stmt, (ast.If, ast.While)) else "call"
                self.c.refuse(call, f"this {what} writes into an active value", "call it in a statement before")

    def branch(self, stmt: ast.If) -> list[Node]:
        self.stmt = stmt
        self.refuse_hidden(stmt)
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
        bars = {self.c.bar(n) for n in self.names_in(stmt) if n in self.c.bars and n in self.varied}
        for name in list(self.live):
            if (
                isinstance(self.live[name], ast.Constant)
                and name in touched
                or self.is_lent(name, self.live[name], bars)
            ):
                self.settle(name)
        held = self.live
        results: list[tuple[list[Node], Live]] = []
        self._last_source = None
        structured: set[str] = set()
        for arm in arms:
            self.live, self.structured = held.copy(), set()
            nodes = self.block(arm)
            results.append((nodes, self.live))
            structured |= self.structured
        self.numeric -= structured  # an adjoint may be a list where one arm makes it one
        self.structured = structured
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
                    self.absent.add(own)
                elif not (isinstance(value, ast.Name) and value.id == own):
                    tail.append(assign(own, value))
            if any(isinstance(v, ast.Name) and v.id in structured for v in values):
                self.numeric.discard(own)
            for value in [v for v in values if v is not None]:
                self.roots.setdefault(own, {own}).update(self.may_share(value))
            merged[name] = load(own)
        for (nodes, _), tail in zip(results, tails, strict=True):
            if tail:
                nodes.insert(0, Step(None, None, [], backward=_parallel(tail, self.c.fresh)))
        self.live = merged
        self._last_source = None
        self.stmt = stmt
        return [*self.save_aside(stmt), Branch(stmt, results[0][0], results[1][0], before)]

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
        self.refuse_hidden(stmt)
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
            if name in touched and name in self.names_in(stmt) or self.is_lent(name, value, bars):
                self.settle(name)
        for name in sorted(ends - after, key=self.order):
            if self.c.regimes.buffered(name):
                self.ensure(name)
            else:
                self.emit(assign(self.c.bar(name), self.zero(name, self.kind_of_loop(stmt, name))))
                self.live[name] = load(self.c.bar(name))
        held = self.live.copy()
        self.numeric -= {self.c.bar(n) for n in held if n in touched}
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
                self.roots.setdefault(own, {own}).update(self.may_share(last))
        if tail:
            body.insert(0, Step(None, None, [], backward=_parallel(tail, self.c.fresh)))
        # What a loop runs over is inactive; it may be put where the shadows of others are.
        for name in stored([stmt.target]) if isinstance(stmt, ast.For) else ():
            if self.is_shadow(load(name)):
                bar = self.c.bar(name)
                body.insert(0, Step(None, None, [assign(bar, helper("zeros_like", load(name)))], kills=(bar,)))
        self.live = held
        kept = self.with_wholes(begins | after)
        for name in list(self.live):
            if name not in kept:
                del self.live[name]
        self._last_source = None
        node = Loop(stmt, body, before)
        if not has_backward(body):
            node.before = []
            self.live = original
        aside = self.save_aside(stmt)
        if aside and isinstance(stmt, ast.While):
            if has_backward(body):
                self.c.refuse(stmt, "the test of this loop changes a list or an array", "change it in the loop")
            body += aside
        return [*aside, node]

    def is_lent(self, name: str, value: ast.expr, bars: set[str]) -> bool:
        """Say whether the adjoint of a name is only the value of another's variable, which a block may change."""
        return isinstance(value, ast.Name) and value.id in bars and value.id != self.c.bar(name)

    def with_wholes(self, names: set[str]) -> set[str]:
        """Return names with those of which they are parts: the adjoint of a view is in the buffer of the whole."""
        found = set(names)
        for name in names:
            while (view := self.c.regimes.views.get(name)) is not None and isinstance(view.value, ast.Name):
                name = view.value.id
                found.add(name)
        return found

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
