"""Statements in forward mode: each primal statement in its place, its tangent statement after it.

In: a lowered function and its `Flow`. Out: its body with the tangent statements in it. A tangent statement comes
before its primal only where that overwrites what the tangent reads.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from sct import core
from sct.analysis.aliasing import IMMUTABLE, root_name
from sct.analysis.kinds import UNKNOWN, Kind
from sct.analysis.program import Analysis
from sct.frontend.evaluation import changed
from sct.frontend.scopes import bound
from sct.modes.forward_expr import Tangents, is_cheap, replaced, substituted, zero_of
from sct.modes.forward_flow import WRITERS, Flow, FlowActivity, head
from sct.rules.template import clone, helper
from sct.simplify import effects

Block = list[ast.stmt]
_BYSTANDERS = ("builtins.print", "logging.", "warnings.", "sys.stdout.", "sys.stderr.", "time.", "builtins.input")
_BYSTANDING = frozenset("debug info warning error exception critical log write flush format join".split())
_ARRAYS = ("array", "unknown")


@dataclass
class Variant:
    """The forward derivative of a routine for some active parameters; `pair`: it returns value and tangent."""

    reference: str
    active: tuple[int, ...]
    pair: bool


class Calls(Protocol):
    """Finds the derivatives of called functions."""

    def variant(
        self, key: str, kinds: Sequence[Kind], active: tuple[int, ...], shared: tuple[tuple[int, int], ...] = ()
    ) -> Variant:
        """Return the derivative of a routine for these active parameters."""

    def written(self, key: str) -> Collection[int]:
        """Return the positions of the arguments that a routine writes into."""


@dataclass
class Walker:
    """Writes the tangent statements of one function."""

    analysis: Analysis
    flow: Flow
    names: Mapping[str, str]
    calls: Calls
    refusal: Callable[[ast.AST, str, str], NoReturn]
    next_temporary: Callable[[], str]
    parameters: Collection[str]
    pair: bool
    entry: bool

    @property
    def activity(self) -> FlowActivity:
        """What is active."""
        return self.flow.activity

    def temporary(self) -> str:
        """Return a new temporary."""
        return self.next_temporary()

    def refuse(self, node: ast.AST, reason: str, advice: str) -> NoReturn:
        """Refuse a piece of the primal."""
        self.refusal(node, reason, advice)

    def is_pure(self, node: ast.AST) -> bool:
        """Say whether evaluating `node` again, or earlier, makes no difference."""
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and core.qualname(part.func).startswith("@"):
                if self.calls.written(core.qualname(part.func)):
                    return False
                plain = ast.Call(func=core.ref("builtins.abs"), args=[ast.Constant(value=0)], keywords=[])
                return self.is_pure(replaced(node, {id(part): ast.Tuple(elts=[*part.args, plain], ctx=ast.Load())}))
        return effects.is_pure(node)  # type: ignore[arg-type]

    # Blocks.

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        """Return the statements of a block with those of the tangents."""
        return [made for stmt in stmts for made in self.statement(stmt)]

    def statement(self, stmt: ast.stmt) -> Block:
        if stmt not in self.flow.reaching:
            return [stmt]  # control never gets here
        method = getattr(self, f"_{type(stmt).__name__.lower()}", None)
        if method is not None:
            return method(stmt)  # type: ignore[no-any-return]
        if isinstance(stmt, (ast.Pass, ast.Break, ast.Continue, ast.Import, ast.ImportFrom, ast.Global)):
            return [stmt]
        if isinstance(stmt, (ast.Assert, ast.Raise)):
            return [stmt]
        names = self.flow.active_names(stmt)
        if names & {n.id for n in ast.walk(stmt) if isinstance(n, ast.Name)}:
            what = type(stmt).__name__.lower()
            self.refuse(stmt, f"a {what} statement holds active values", "Write it another way.")
        return [stmt]

    def tangents(self, stmt: ast.stmt) -> Tangents:
        return Tangents(self, stmt, self.flow.active_names(stmt))

    # Compound statements.

    def _if(self, stmt: ast.If) -> Block:
        return [changed(stmt, body=self.inner(stmt.body), orelse=self.inner(stmt.orelse))]

    def _while(self, stmt: ast.While) -> Block:
        return [changed(stmt, body=self.inner(stmt.body), orelse=self.inner(stmt.orelse))]

    def _with(self, stmt: ast.With) -> Block:
        t = self.tangents(stmt)
        if any(t.active(item.context_expr) for item in stmt.items):
            self.refuse(stmt, "a with statement opens an active value", "Compute it outside of the statement.")
        return [changed(stmt, body=[*self.zeros(stmt), *self.inner(stmt.body)])]

    def _try(self, stmt: ast.Try) -> Block:
        handlers = [changed(h, body=self.inner(h.body)) for h in stmt.handlers]
        blocks = {n: self.inner(getattr(stmt, n)) for n in ("body", "orelse", "finalbody")}
        return [changed(stmt, handlers=handlers, **blocks)]

    def _match(self, stmt: ast.Match) -> Block:
        if self.tangents(stmt).active(stmt.subject):
            self.refuse(stmt.subject, "a match statement takes an active value apart", "Use if and indices.")
        cases = [changed(c, body=[*self.zeros(stmt), *self.inner(c.body)]) for c in stmt.cases]
        return [changed(stmt, cases=cases)]

    def _for(self, stmt: ast.For) -> Block:
        t = self.tangents(stmt)
        target, source = t.walk(stmt.target, stmt.iter)
        before, exprs, new = self.settle(t, [source], stmt, None)
        source = replaced(exprs[0], new)
        body = [*self.zeros(stmt), *self.guards(stmt), *self.inner(stmt.body)]
        made = changed(stmt, target=target, iter=source, body=body, orelse=self.inner(stmt.orelse))
        return [*before, made]

    def inner(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        return self.block(stmts)

    def zeros(self, stmt: ast.stmt) -> Block:
        """Set zero tangents for names that the head of a statement binds to inactive values."""
        out: Block = []
        names = self.flow.active_names(stmt)
        done = dict(self.flow._bindings(stmt, self.activity.at(names)))
        heads: list[ast.AST] = [stmt.target] if isinstance(stmt, ast.For) else []
        if isinstance(stmt, ast.With):
            heads = [i.optional_vars for i in stmt.items if i.optional_vars is not None]
        if isinstance(stmt, ast.Match):
            heads = [c.pattern for c in stmt.cases]
        for name in dict.fromkeys(b.name for b in bound(heads)):
            if self.flow.carries(stmt, name) and not done.get(name):
                kind = self.analysis.facts.name_after(stmt, name)
                out.append(self.assign(self.names[name], zero_of(kind, _load(name))))
        return out

    # Assignments.

    def _assign(self, stmt: ast.Assign) -> Block:
        return self.assignment(stmt, stmt.targets, stmt.value)

    def _annassign(self, stmt: ast.AnnAssign) -> Block:
        return [stmt] if stmt.value is None else self.assignment(stmt, [stmt.target], stmt.value)

    def assignment(self, stmt: ast.Assign | ast.AnnAssign, targets: Sequence[ast.expr], value: ast.expr) -> Block:
        t = self.tangents(stmt)
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            variant, call = self.user_call(t, value)
            if variant is not None and variant.pair:
                return self.call_pair(stmt, t, targets, call)
            if variant is not None:
                made = replaced_value(stmt, call)
                before, exprs, new = self.settle(t, [call], stmt, None)
                made = replaced_value(stmt, exprs[0])
                after = [
                    self.assign(self.names[n.name], zero_of(UNKNOWN, _load(n.name)))
                    for n in bound(targets)
                    if n.name in self.names and self.flow.carries(stmt, n.name)
                ]
                return [*before, *replaced_all(made, new), *after]
        pairs: list[tuple[list[ast.expr], ast.expr]] = []
        for target in targets:
            for mirror, tangent in self.pairs(stmt, t, target, value):
                same = [p for p in pairs if p[1] is tangent]
                if same:
                    same[0][0].append(mirror)
                else:
                    pairs.append(([mirror], tangent))
        if not pairs:
            return [stmt, *self.guards(stmt)]
        return self.placed(stmt, t, pairs, value, targets)

    def pairs(self, stmt: ast.stmt, t: Tangents, target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        """Return the places of tangents that an assignment sets, each with its tangent."""
        if isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                if not any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts]):
                    both = zip(target.elts, value.elts, strict=True)
                    return [p for sub, part in both for p in self.pairs(stmt, t, sub, part)]
            if not any(self.is_carried(stmt, t, sub) for sub in _leaves(target)):
                return []
            return [(self.mirrored(stmt, t, target), self.one_tangent(t, value))]
        if not self.is_carried(stmt, t, target):
            if (isinstance(target, (ast.Subscript, ast.Attribute)) or core.is_ref(target)) and t.active(value):
                self.refuse_store(target)
            return []
        return [(self.mirrored(stmt, t, target), self.one_tangent(t, value))]

    def one_tangent(self, t: Tangents, value: ast.expr) -> ast.expr:
        """Return the tangent of a value, the same object each time, so that chained targets share it."""
        key = f"tangent {id(value)}"
        if key not in t.held:
            t.held[key] = t.or_zero(value)
        return t.held[key]

    def is_carried(self, stmt: ast.stmt, t: Tangents, target: ast.expr) -> bool:
        """Say whether what goes into a target has a tangent."""
        if isinstance(target, ast.Starred):
            return self.is_carried(stmt, t, target.value)
        if isinstance(target, ast.Name):
            return not core.is_ref(target) and self.flow.carries(stmt, target.id)
        if isinstance(target, ast.Subscript):
            base = root_name(target)
            return base is not None and base in t.varied
        return False

    def mirrored(self, stmt: ast.stmt, t: Tangents, target: ast.expr) -> ast.expr:
        """Return the place of the tangent of what goes into a target."""
        if isinstance(target, ast.Name):
            carried = self.is_carried(stmt, t, target)
            return ast.Name(id=self.names[target.id] if carried else self.temporary(), ctx=ast.Store())
        if isinstance(target, ast.Starred):
            return ast.Starred(value=self.mirrored(stmt, t, target.value), ctx=ast.Store())
        if isinstance(target, (ast.Tuple, ast.List)):
            return type(target)(elts=[self.mirrored(stmt, t, e) for e in target.elts], ctx=ast.Store())
        if isinstance(target, ast.Subscript):
            base = t.or_zero(target.value)
            return ast.Subscript(value=base, slice=t.index(target.slice), ctx=ast.Store())
        self.refuse_store(target)

    def refuse_store(self, target: ast.expr) -> NoReturn:
        if isinstance(target, ast.Attribute):
            advice = "Keep it in a local variable or a dict."
            self.refuse(target, "an active value is stored into an attribute", advice)
        advice = "Pass the array in as an argument and return it."
        self.refuse(target, "an active value is stored into something that is not a variable here", advice)

    def placed(
        self,
        stmt: ast.stmt,
        t: Tangents,
        pairs: Sequence[tuple[list[ast.expr], ast.expr]],
        value: ast.expr,
        targets: Sequence[ast.expr],
    ) -> Block:
        """Put the tangent statement after the primal, or before it where it reads what that overwrites."""
        made = _assigned(pairs)
        result = next((x.id for x in targets if isinstance(x, ast.Name)), None)
        place = t.place.get(id(value))
        reads = self.reads(t, [made], {place} if result and place else set())
        overwritten = self.overwrites(stmt, targets, reads)
        if overwritten and any(_reads_index(x, bound(targets)) for x in targets):
            self.refuse(stmt, "an index is assigned together with the element", "Write two statements.")
        before, exprs, new = self.settle(t, [made], stmt, None if overwritten else result, value)
        tangent = exprs[0]
        primal = replaced_all(stmt, new)
        after = [*self.guards(stmt)]
        return [*before, tangent, *primal, *after] if overwritten else [*before, *primal, tangent, *after]

    def reads(self, t: Tangents, nodes: Sequence[ast.AST], skip: Collection[str | None]) -> set[str]:
        """Return the variables of the primal that tangent statements read, also through values put back."""
        found: set[str] = set()
        todo = [n for tree in nodes for n in ast.walk(tree)]
        seen: set[str] = set()
        while todo:
            node = todo.pop()
            if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store) or node.id in skip:
                continue
            if node.id in t.values or node.id in t.held:
                if node.id not in seen:
                    seen.add(node.id)
                    todo += ast.walk(t.values.get(node.id) or t.held[node.id])
            else:
                found.add(node.id)
        return found

    def overwrites(
        self, stmt: ast.stmt, targets: Sequence[ast.expr], reads: Collection[str], written: Sequence[str] = ()
    ) -> bool:
        """Say whether a statement changes a variable among `reads`, or memory behind one."""
        own = {b.name for b in bound(targets)}
        tangents = set(self.names.values())
        if own & set(reads):
            return True
        bases = [*written]
        bases += [b for x in targets for s in _leaves(x) if isinstance(s, ast.Subscript) and (b := root_name(s))]
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            bases.append(stmt.target.id)
        alias, facts = self.analysis.alias, self.analysis.facts
        for base in bases:
            for name in reads:
                if name in tangents or ":" in name and not name.startswith("="):
                    continue
                if facts.kind(stmt, _load(name)).what not in IMMUTABLE and alias.may_alias(base, name):
                    return True
        return False

    def guards(self, stmt: ast.stmt | None) -> Block:
        """Refuse at run time an array of integers that active values will be stored into."""
        names = [d.name for d in self.flow.definitions if d.stmt is stmt] if stmt is None else []
        if isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.For)):
            names = [b.name for b in bound(stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])]
        out: Block = []
        for name in dict.fromkeys(n for n in names if n in self.flow.stored and (stmt, n) in self.flow.by_place):
            facts = self.analysis.facts
            kind = facts.name_after(stmt, name) if stmt is not None else self.flow.parameter_kinds.get(name, UNKNOWN)
            if kind.what in _ARRAYS and kind.dtype not in ("float", "complex"):
                out.append(ast.Expr(value=helper("require_float", ast.Constant(value=name), _load(name))))
        return out

    # Augmented assignment.

    def _augassign(self, stmt: ast.AugAssign) -> Block:
        t = self.tangents(stmt)
        if isinstance(stmt.target, ast.Name) and not core.is_ref(stmt.target):
            name = stmt.target.id
            if not self.flow.carries(stmt, name):
                return [stmt]
            if not t.active(stmt.value) and name not in t.varied:
                kind = self.analysis.facts.name_after(stmt, name)
                return [stmt, self.assign(self.names[name], zero_of(kind, _load(name)))]
            kind = t.kind(_load(name))
            if kind.what == "scalar":
                return self.augmented_number(stmt, t, name)
            return self.augmented(stmt, t, _store(self.names[name]), _load(name), name)
        base = root_name(stmt.target)
        if base is None or base not in t.varied:
            if t.active(stmt.value):
                self.refuse_store(stmt.target)
            return [stmt]
        if not isinstance(stmt.target, ast.Subscript):
            self.refuse_store(stmt.target)
        return self.augmented(stmt, t, self.mirrored(stmt, t, stmt.target), changed(stmt.target, ctx=ast.Load()), base)

    def augmented_number(self, stmt: ast.AugAssign, t: Tangents, name: str) -> Block:
        """A number is bound anew, and so is its tangent."""
        target = self.names[name]
        whole = ast.BinOp(left=_load(name), op=stmt.op, right=stmt.value)
        t.kind_of[id(whole)] = self.analysis.facts.name_after(stmt, name)
        t.alive.append(whole)
        step: ast.stmt
        moved = t.of(stmt.value) if isinstance(stmt.op, (ast.Add, ast.Sub)) and name in t.varied else None
        if moved is not None and self.analysis.facts.kind(stmt, stmt.value).what == "scalar":
            step = ast.AugAssign(target=_store(target), op=stmt.op, value=moved)
        else:
            step = self.assign(target, t.or_zero(whole))
            if _is_idle(step):
                return [stmt]
        reads = self.reads(t, [step], {t.place.get(id(whole))})
        overwritten = name in reads
        before, exprs, new = self.settle(t, [step], stmt, None if overwritten else name, whole)
        primal = replaced_all(stmt, new)
        return [*before, exprs[0], *primal] if overwritten else [*before, *primal, exprs[0]]

    def augmented(self, stmt: ast.AugAssign, t: Tangents, place: ast.expr, load: ast.expr, base: str) -> Block:
        """What may be an array, or is part of one, is written in place, and so is its tangent."""
        kind, moved = t.kind(load), t.of(stmt.value)
        overlap = self.overlaps(stmt, stmt.value, base)
        steps: list[ast.stmt] = []
        if isinstance(stmt.op, (ast.Add, ast.Sub)):
            if kind.what == "list" or isinstance(stmt.value, (ast.List, ast.ListComp, ast.Tuple)):
                moved = t.or_zero(stmt.value)
            if moved is not None:
                steps = [ast.AugAssign(target=place, op=stmt.op, value=moved)]
            if not overlap and kind.what == "unknown" and isinstance(stmt.target, ast.Name):
                steps += self.widened(stmt, t, place, moved)
            return self.steps(stmt, t, steps, False)
        number = kind.what == "scalar" or t.kind(load_of(base)).what == "array" and isinstance(load, ast.Subscript)
        guard: list[ast.stmt] = []
        if overlap and not number and self.is_fresh(t, stmt.value):
            overlap = False
        by = t.value(stmt.value)
        if isinstance(stmt.op, ast.Mult) and moved is None:
            return self.steps(stmt, t, [ast.AugAssign(target=place, op=ast.Mult(), value=by)], overlap)
        if isinstance(stmt.op, ast.Div) and moved is None:
            return self.steps(stmt, t, [ast.AugAssign(target=place, op=ast.Div(), value=by)], overlap)
        if isinstance(stmt.op, (ast.Mult, ast.Div)) and moved is not None and not overlap and not number:
            scale = ast.AugAssign(target=place, op=stmt.op, value=by)
            moved = t.held_tangent(moved)
            if isinstance(stmt.op, ast.Mult):
                gain = ast.BinOp(left=load, op=ast.Mult(), right=moved)
                steps = [scale, ast.AugAssign(target=place, op=ast.Add(), value=gain)]
            else:
                ratio = ast.BinOp(left=load, op=ast.Div(), right=by)
                loss = ast.BinOp(left=ratio, op=ast.Mult(), right=moved)
                steps = [ast.AugAssign(target=place, op=ast.Sub(), value=loss), scale]
            return self.steps(stmt, t, steps, True)
        whole = ast.BinOp(left=load, op=stmt.op, right=stmt.value)
        t.alive.append(whole)
        if isinstance(place, ast.Name) and base not in self.parameters and not self.analysis.alias.is_shared(base):
            return self.steps(stmt, t, [self.assign(place.id, t.or_zero(whole))], True)
        if not number and not isinstance(place, ast.Subscript) and kind.what != "array":
            guard = [ast.Expr(value=helper("require_array", ast.Constant(value=base), _load(base)))]
        return [*guard, *self.steps(stmt, t, [self.stored_whole(t, place, t.or_zero(whole))], True)]

    def is_fresh(self, t: Tangents, value: ast.expr) -> bool:
        """Say whether a value shares memory with nothing, so that it may be computed before things are written."""
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            return False
        match = t.rule(value) if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Call)) else None
        return match is not None and match.rule.memory == "fresh" and t.kind(value).what not in ("list", "tuple")

    def widened(self, stmt: ast.AugAssign, t: Tangents, place: ast.expr, moved: ast.expr | None) -> list[ast.stmt]:
        """Where a number may have become an array, the tangent does too."""
        value = t.kind(stmt.value)
        if moved is not None or value.what in ("scalar", "list") or not isinstance(place, ast.Name):
            return []
        return [self.assign(place.id, helper("like", _load(place.id), load_of(root_name(stmt.target) or "")))]

    def stored_whole(self, t: Tangents, place: ast.expr, tangent: ast.expr) -> ast.stmt:
        """Store a tangent in place."""
        if isinstance(place, ast.Subscript):
            return ast.Assign(targets=[place], value=tangent)
        assert isinstance(place, ast.Name)
        everything = ast.Subscript(value=_load(place.id), slice=ast.Constant(value=...), ctx=ast.Store())
        return ast.Assign(targets=[everything], value=tangent)

    def overlaps(self, stmt: ast.stmt, value: ast.expr, base: str) -> bool:
        """Say whether an expression reads memory that `base` shares."""
        facts, alias = self.analysis.facts, self.analysis.alias
        names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name) and ":" not in n.id}
        shared = [n for n in names if facts.kind(stmt, _load(n)).what not in IMMUTABLE]
        return any(alias.may_alias(base, n) for n in shared)

    def steps(
        self, stmt: ast.stmt, t: Tangents, steps: Sequence[ast.stmt], precede: bool, written: Sequence[str] = ()
    ) -> Block:
        """Put tangent statements after the primal, before it if told so or where they read what it overwrites."""
        if not steps:
            return [stmt]
        targets = [stmt.target] if isinstance(stmt, ast.AugAssign) else []
        reads = self.reads(t, steps, ()) if len(steps) == 1 else set()
        precede = precede or self.overwrites(stmt, targets, reads, written)
        before, exprs, new = self.settle(t, list(steps), stmt, None)
        primal = replaced_all(stmt, new)
        return [*before, *exprs, *primal] if precede else [*before, *primal, *exprs]

    # Calls.

    def user_call(self, t: Tangents, call: ast.Call) -> tuple[Variant | None, ast.Call]:
        """Return the derivative that stands for a call, None where the call has none."""
        active = tuple(i for i, a in enumerate(call.args) if t.active(a))
        if not active:
            return None, call
        key = core.qualname(call.func)
        variant = self.calls.variant(key, [t.kind(a) for a in call.args], active, self.shared(t, call, key))
        moved = [t.or_zero(call.args[i]) for i in active]
        func = core.ref(variant.reference)
        return variant, ast.copy_location(ast.Call(func=func, args=[*call.args, *moved], keywords=[]), call)

    def shared(self, t: Tangents, call: ast.Call, key: str) -> tuple[tuple[int, int], ...]:
        """Return which arguments may share memory, where the function writes into one of them."""
        roots = [root_name(a) if t.kind(a).what not in IMMUTABLE else None for a in call.args]
        found: set[tuple[int, int]] = set()
        for position in self.calls.written(key):
            base = roots[position] if position < len(roots) else None
            for other, name in enumerate(roots):
                if base and name and other != position and self.analysis.alias.may_alias(base, name):
                    found.add((min(position, other), max(position, other)))
        return tuple(sorted(found))

    def call_pair(self, stmt: ast.stmt, t: Tangents, targets: Sequence[ast.expr], call: ast.Call) -> Block:
        both: list[ast.expr] = []
        for target in targets:
            carried = any(self.is_carried(stmt, t, x) for x in _leaves(target))
            mirror = self.mirrored(stmt, t, target) if carried else _store(self.temporary())
            both.append(ast.Tuple(elts=[target, mirror], ctx=ast.Store()))
        before, exprs, new = self.settle(t, [call, *both], stmt, None)
        made = ast.Assign(targets=[replaced(b, new) for b in exprs[1:]], value=replaced(exprs[0], new))
        return [*before, ast.copy_location(made, stmt), *self.guards(stmt)]

    def _expr(self, stmt: ast.Expr) -> Block:
        value = stmt.value
        if not isinstance(value, ast.Call):
            return [stmt]
        t = self.tangents(stmt)
        name = core.qualname(value.func)
        if name.startswith("@"):
            variant, call = self.user_call(t, value)
            if variant is None or not self.calls.written(name):
                return [stmt]
            before, exprs, new = self.settle(t, [call], stmt, None)
            return [*before, *replaced_all(changed(stmt, value=exprs[0]), new)]
        if isinstance(value.func, ast.Attribute):
            return self.method(stmt, t, value, value.func)
        if name in WRITERS and value.args and t.active(value.args[0]):
            return self.writer(stmt, t, value)
        if any(t.active(a) for a in [*value.args, *(k.value for k in value.keywords)]) and not self.is_bystander(name):
            shown = core.spelling(value.func) or name
            self.refuse(
                stmt,
                f"what {shown}() does to the active values it is given is not known",
                "Assign its result, or write the operation out.",
            )
        return [stmt]

    def is_bystander(self, name: str) -> bool:
        return name.startswith(_BYSTANDERS) or name.startswith("sct.runtime.require_")

    def writer(self, stmt: ast.Expr, t: Tangents, call: ast.Call) -> Block:
        """Mirror ``np.add.at(a, index, v)`` and its like."""
        name = core.qualname(call.func)
        position = WRITERS[name]
        if call.keywords or len(call.args) != position + 1:
            shown = core.spelling(call.func) or name
            self.refuse(stmt, f"this way to call {shown}() is not known", "Assign to elements or slices.")
        value = call.args[position]
        moved = t.of(value)
        if moved is None:
            if name.endswith((".at", "take_add")):
                return [stmt]
            moved = t.zero(value)
        base = root_name(call.args[0])
        if base is None or not self.analysis.alias.is_written(base) and self.may_be_given(base):
            self.refuse(stmt, "this writes into memory that may be an argument", "Assign to elements or slices.")
        args = [t.or_zero(call.args[0]), *(t.index(a) for a in call.args[1:position]), moved]
        made = ast.Call(func=call.func, args=args, keywords=[])
        return self.steps(stmt, t, [ast.Expr(value=made)], False, [base])

    def may_be_given(self, name: str) -> bool:
        """Say whether a name may share memory with an argument of a helper."""
        return not self.entry and any(self.analysis.alias.may_alias(name, p) for p in self.parameters)

    def method(self, stmt: ast.Expr, t: Tangents, call: ast.Call, func: ast.Attribute) -> Block:
        """Mirror what a method does to a list, a dict or an array."""
        base, args = root_name(func.value), call.args
        if base is None or base not in t.varied:
            active = any(t.active(a) for a in [*args, *(k.value for k in call.keywords)])
            if active and func.attr not in _BYSTANDING:
                advice = "Assign its result, or write the operation out."
                self.refuse(stmt, f"what .{func.attr}() does to the active values it is given is not known", advice)
            return [stmt]
        moved: list[ast.expr]
        if call.keywords:
            self.refuse(stmt, f"keyword arguments of .{func.attr}()", "Give them by position.")
        if func.attr in ("append", "extend", "fill", "update", "appendleft") and len(args) == 1:
            moved = [t.or_zero(args[0])]
        elif func.attr in ("insert", "setdefault") and len(args) == 2:
            moved = [t.index(args[0]), t.or_zero(args[1])]
        elif func.attr in ("pop", "popleft", "clear", "reverse"):
            moved = [t.index(a) for a in args]
        else:
            advice = "Assign to elements or slices, or use append."
            self.refuse(stmt, f"the method .{func.attr}() changes an active value in a way that is not known", advice)
        place = ast.Attribute(value=t.or_zero(func.value), attr=func.attr, ctx=ast.Load())
        return self.steps(stmt, t, [ast.Expr(value=ast.Call(func=place, args=moved, keywords=[]))], False, [base])

    # The rest.

    def _delete(self, stmt: ast.Delete) -> Block:
        t = self.tangents(stmt)
        mirrors = [
            self.mirrored(stmt, t, x)
            for x in stmt.targets
            if isinstance(x, ast.Subscript) and self.is_carried(stmt, t, x)
        ]
        if not mirrors:
            return [stmt]
        gone = [changed(m, ctx=ast.Del()) for m in mirrors]
        return self.steps(stmt, t, [ast.Delete(targets=gone)], True)

    def _return(self, stmt: ast.Return) -> Block:
        if not self.pair:
            return [stmt]
        if stmt.value is None:
            none = ast.Constant(value=None)
            return [changed(stmt, value=ast.Tuple(elts=[none, none], ctx=ast.Load()))]
        t = self.tangents(stmt)
        value = stmt.value
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            variant, call = self.user_call(t, value)
            if variant is not None:
                before, exprs, new = self.settle(t, [call], stmt, None)
                whole = replaced(exprs[0], new)
                if variant.pair:
                    return [*before, changed(stmt, value=whole)]
                name = self.temporary()
                both = ast.Tuple(elts=[_load(name), zero_of(UNKNOWN, _load(name))], ctx=ast.Load())
                return [*before, self.assign(name, whole), changed(stmt, value=both)]
        t.whole = True
        tangent = t.or_zero(value)
        before, exprs, new = self.settle(t, [tangent], stmt, None, value)
        both = ast.Tuple(elts=[replaced(value, new), exprs[0]], ctx=ast.Load())
        return [*before, changed(stmt, value=both)]

    def assign(self, name: str, value: ast.expr) -> ast.Assign:
        """Return ``name = value``."""
        return ast.Assign(targets=[_store(name)], value=value)

    # Values that tangents need.

    def settle(
        self, t: Tangents, made: Sequence[ast.AST], stmt: ast.stmt, result: str | None, whole: ast.expr | None = None
    ) -> tuple[Block, list, dict[int, ast.expr]]:
        """Give what tangents read a home: the result's name, a temporary before the statement, or a copy.

        Returns the statements to put before, `made` with values in place, and what to replace in the primal.
        """
        used = self.used(t, made)
        names: dict[str, ast.expr] = {}
        kept: list[str] = []
        for name in used:
            value = t.values[name]
            if result is not None and whole is not None and name == t.place.get(id(whole)):
                names[name] = _load(result)
            elif name in t.fixed or is_cheap(value, self.budget(t, value)) and self.is_pure(value):
                if not self.is_pure(value):
                    advice = "Name it in a statement of its own."
                    self.refuse(value, "this would have to be evaluated twice", advice)
            else:
                kept.append(name)
        order = _positions(stmt)
        kept.sort(key=lambda n: order.get(id(t.values[n]), len(order) - list(t.values).index(n) + len(t.values)))
        kept = self.with_impure(t, stmt, kept, order)
        new: dict[int, ast.expr] = {id(t.values[n]): _load(n) for n in kept}
        before: Block = []
        for name in kept:
            value = t.values[name]
            inner = {i: e for i, e in new.items() if i != id(value)}
            before.append(self.assign(name, self.final(t, replaced(value, inner), names, kept)))
        held: Block = []
        for name in [n for n in t.held if core.is_temporary(n) and self.mentions(t, made, n)]:
            held.append(self.assign(name, self.final(t, t.held[name], names, kept, new)))
        exprs = [self.final(t, m, names, kept, new) for m in made]
        return [*before, *held], exprs, new

    def budget(self, t: Tangents, value: ast.expr) -> int:
        return 3 if t.kind(value).what == "scalar" else 2

    def used(self, t: Tangents, made: Sequence[ast.AST]) -> list[str]:
        """Return the values that tangents read."""
        found: dict[str, None] = {}
        todo = [n.id for m in made for n in ast.walk(m) if isinstance(n, ast.Name)]
        seen: set[str] = set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            inside = t.values.get(name) if name in t.values else t.held.get(name)
            if inside is not None:
                if name in t.values:
                    found[name] = None
                todo += [n.id for n in ast.walk(inside) if isinstance(n, ast.Name)]
        return [n for n in t.values if n in found]

    def mentions(self, t: Tangents, made: Sequence[ast.AST], name: str) -> bool:
        todo, seen = [*made], set()
        while todo:
            for node in ast.walk(todo.pop()):
                if isinstance(node, ast.Name) and node.id not in seen:
                    seen.add(node.id)
                    if node.id in t.held:
                        todo.append(t.held[node.id])
        return name in seen

    def with_impure(self, t: Tangents, stmt: ast.stmt, kept: list[str], order: Mapping[int, int]) -> list[str]:
        """Where something is computed earlier than written, so is all that must keep its order with it."""
        if not kept:
            return kept
        inside = {id(n) for k in kept for n in ast.walk(t.values[k])}
        for node in head(stmt):
            if isinstance(node, ast.Call) and id(node) not in inside and not self.is_pure(_alone(node)):
                if any(order.get(id(t.values[k]), -1) > order.get(id(node), 0) for k in kept):
                    name = t.value(node)
                    assert isinstance(name, ast.Name)
                    if name.id not in kept:
                        kept.append(name.id)
        return sorted(kept, key=lambda n: order.get(id(t.values[n]), len(order)))

    def final(
        self,
        t: Tangents,
        tree: ast.AST,
        names: Mapping[str, ast.expr],
        kept: Sequence[str],
        new: Mapping[int, ast.expr] | None = None,
    ) -> ast.expr:
        """Put names and copies where a tree reads values."""
        for _ in range(1000):
            found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} & set(t.values) - set(kept)
            if not found:
                return tree  # type: ignore[return-value]
            values = {}
            for name in found:
                value = names.get(name)
                values[name] = clone(replaced(t.values[name], new or {})) if value is None else value
            tree = substituted(tree, values)  # type: ignore[arg-type]
        raise AssertionError("values that stand for each other")


def replaced_all(stmt: ast.stmt, new: Mapping[int, ast.expr]) -> Block:
    """Return the primal with temporaries for what was computed before it."""
    return [replaced(stmt, new)] if new else [stmt]  # type: ignore[list-item]


def replaced_value(stmt: ast.stmt, value: ast.expr) -> ast.stmt:
    """Return an assignment of another value."""
    return changed(stmt, value=value)


def load_of(name: str) -> ast.Name:
    """Return a read of a variable."""
    return ast.Name(id=name, ctx=ast.Load())


_load = load_of


def _store(name: str) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Store())


def _is_idle(stmt: ast.stmt) -> bool:
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.value, ast.Name):
        return False
    return isinstance(stmt.targets[0], ast.Name) and stmt.targets[0].id == stmt.value.id


def _assigned(pairs: Sequence[tuple[list[ast.expr], ast.expr]]) -> ast.stmt:
    """Return one statement that sets all tangents at once."""
    if len(pairs) == 1:
        return ast.Assign(targets=pairs[0][0], value=pairs[0][1])
    targets: list[ast.expr] = [t for ts, _ in pairs for t in ts]
    values = [v for ts, v in pairs for _ in ts]
    return ast.Assign(targets=[ast.Tuple(elts=targets, ctx=ast.Store())], value=ast.Tuple(elts=values, ctx=ast.Load()))


def _leaves(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [leaf for e in target.elts for leaf in _leaves(e)]
    return _leaves(target.value) if isinstance(target, ast.Starred) else [target]


def _reads_index(target: ast.expr, stored: object) -> bool:
    names = {b.name for b in stored}  # type: ignore[attr-defined]
    subscripts = [x for x in _leaves(target) if isinstance(x, ast.Subscript)]
    return any(isinstance(n, ast.Name) and n.id in names for s in subscripts for n in ast.walk(s))


def _positions(stmt: ast.stmt) -> dict[int, int]:
    """Return the place of each node of a statement in the order of evaluation: parts before wholes."""
    out: dict[int, int] = {}
    stack: list[tuple[ast.AST, bool]] = [(stmt, False)]
    while stack:
        node, done = stack.pop()
        if done:
            out[id(node)] = len(out)
            continue
        stack.append((node, True))
        children = [c for c in ast.iter_child_nodes(node) if not isinstance(c, (ast.stmt, ast.ExceptHandler))]
        if isinstance(node, ast.Assign):
            children = [node.value, *node.targets]
        stack += [(c, False) for c in reversed(children)]
    return out


def _alone(call: ast.Call) -> ast.Call:
    """Return a call with its arguments left out of account."""
    return call
