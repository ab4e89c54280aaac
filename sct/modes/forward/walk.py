"""Statements in forward mode: each primal statement in its place, its tangent statement after it.

In: a lowered function and its `Flow`. Out: its body with the tangent statements in it. A tangent statement comes
before its primal only where that overwrites what the tangent reads.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from sct import core
from sct.analysis.aliasing import DOUBLED, IMMUTABLE
from sct.analysis.evaluator import as_load
from sct.analysis.hidden import hidden_writes
from sct.analysis.keys import is_key
from sct.analysis.kinds import UNKNOWN
from sct.analysis.program import WRITTEN_DISPLAY
from sct.frontend.evaluation import statement_parts
from sct.frontend.scopes import bound
from sct.frontend.structure import may_jump
from sct.frontend.within import suppressing
from sct.modes.forward.expr import Tangents
from sct.modes.forward.flow import WRITERS
from sct.modes.forward.settle import reads, settle
from sct.modes.forward.store import Block, Stores, Variant
from sct.modes.forward.values import zero_of
from sct.modes.members import float_guards
from sct.modes.refusals import catches_guards, let_pass, may_refuse
from sct.names import fresh, in_use
from sct.nodes import changed, load, store
from sct.rules.stores import why_not
from sct.rules.template import helper
from sct.walk import leaves, root_name, walk

_GIVING = ("pop", "popitem")
_SWALLOWED = "a guard has to stand in this statement, which may swallow what the guard raises"
_BYSTANDERS = ("builtins.print", "logging.", "warnings.", "sys.stdout.", "sys.stderr.", "time.", "builtins.input")


@dataclass
class Walker(Stores):
    """Writes the tangent statements of one function."""

    # Blocks.

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        """Return the statements of a block with those of the tangents."""
        return [made for stmt in stmts for made in self.statement(stmt)]

    def statement(self, stmt: ast.stmt) -> Block:
        if stmt not in self.flow.reaching:
            return [stmt]  # control never gets here
        self.refuse_hidden(stmt)
        guard: Block = [*float_guards(stmt, self.analysis, self.flow.asked)]
        if stmt in self.flow.global_stores:
            guard += self.global_store(stmt, self.flow.global_stores[stmt])
        method = getattr(self, f"_{type(stmt).__name__.lower()}", None)
        if method is not None:
            return [*guard, *method(stmt)]
        if isinstance(stmt, (ast.Pass, ast.Break, ast.Continue, ast.Import, ast.ImportFrom, ast.Global)):
            return [stmt]
        if isinstance(stmt, (ast.Assert, ast.Raise)):
            return [stmt]
        names = self.flow.active_names(stmt)
        if names & {n.id for n in walk(stmt) if isinstance(n, ast.Name)}:
            what = type(stmt).__name__.lower()
            self.refuse(stmt, f"a {what} statement holds active values", "Write it another way.")
        return [stmt]

    def refuse_hidden(self, stmt: ast.stmt) -> None:
        """Refuse a call inside an expression that writes into active memory: it has no tangent there."""
        t = self.tangents(stmt)
        for call, written in hidden_writes(stmt, None, _GIVING):  # calls of the user's have theirs in expressions
            entry = isinstance(call.func, ast.Attribute) and call.func.attr == "setdefault"
            if t.active(written) and not (entry and id(call) in self.with_tangents(stmt)):
                self.refuse(call, "this call writes into an active value", "Call it in a statement before.")

    def with_tangents(self, stmt: ast.stmt) -> set[int]:
        """Return the expressions in the head of a statement that a tangent mirrors: no part around them is inactive."""
        t, found = self.tangents(stmt), set[int]()
        waiting: list[ast.AST] = [part.node for part in statement_parts(stmt)]
        while waiting:
            node = waiting.pop()
            if not isinstance(node, ast.expr) or t.active(node):
                found.add(id(node))
                waiting += ast.iter_child_nodes(node)
        return found

    def global_store(self, stmt: ast.stmt, name: str) -> Block:
        """Refuse to store an active value where it outlives the call; a number cannot be stored into."""
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            return [ast.Expr(value=helper("require_scalar", ast.Constant(value=name), load(name)))]
        advice = "Pass the array in as an argument and return it, or write into a copy."
        self.refuse(stmt, "an active value is stored into what may be a global", advice)

    # Compound statements.

    def _if(self, stmt: ast.If) -> Block:
        return [changed(stmt, body=self.inner(stmt.body), orelse=self.inner(stmt.orelse))]

    def _while(self, stmt: ast.While) -> Block:
        return [changed(stmt, body=self.inner(stmt.body), orelse=self.inner(stmt.orelse))]

    def _with(self, stmt: ast.With) -> Block:
        t = self.tangents(stmt)
        if any(t.active(item.context_expr) for item in stmt.items):
            self.refuse(stmt, "a with statement opens an active value", "Compute it outside of the statement.")
        body = [*self.zeros(stmt), *self.inner(stmt.body)]
        if not may_refuse(body) or not any(self.stops(changed(stmt, items=[item])) for item in stmt.items):
            return [changed(stmt, body=body)]
        attempt = suppressing(stmt)
        if attempt is None:
            self.refuse(stmt, _SWALLOWED, "Annotate what is used in it, or let its manager return nothing true.")
        return [let_pass(changed(attempt, body=body), self.error)]

    def stops(self, stmt: ast.With) -> bool:
        """Say whether a manager may stop what a guard raises."""
        attempt = suppressing(stmt)
        return self.calls.swallows(stmt) and (attempt is None or catches_guards(attempt.handlers))

    def _try(self, stmt: ast.Try) -> Block:
        handlers = [changed(h, body=self.inner(h.body)) for h in stmt.handlers]
        blocks = {n: self.inner(getattr(stmt, n)) for n in ("body", "orelse", "finalbody")}
        if may_jump(stmt.finalbody) and may_refuse([*blocks["body"], *handlers, *blocks["orelse"]]):
            self.refuse(stmt, _SWALLOWED, "Annotate what is used in it, or let `finally` jump nowhere.")
        whole = changed(stmt, handlers=handlers, **blocks)
        return [let_pass(whole, self.error)]

    def error(self) -> str:
        """Return a name for an error that is caught."""
        return fresh("error", in_use(self.flow.node) | set(self.names.values()))

    def _match(self, stmt: ast.Match) -> Block:
        return [changed(stmt, cases=[changed(c, body=self.inner(c.body)) for c in stmt.cases])]

    def _for(self, stmt: ast.For) -> Block:
        t = self.tangents(stmt)
        t.keepers = {b.name for b in bound([stmt.target])}  # the members are written under these names
        key = is_key(stmt.target, stmt.iter, stmt.body)
        if not all(map(t.active, self.analysis.alias.met_again(stmt))):
            self.refuse(stmt.iter, *DOUBLED)
        target, source = (stmt.target, t.source(stmt.iter)) if key else t.walk(stmt.target, stmt.iter)
        settled = settle(t, [source], stmt)
        body = [*self.zeros(stmt), *self.guards(stmt), *self.inner(stmt.body)]
        made = changed(stmt, target=target, iter=settled.expression(), body=body, orelse=self.inner(stmt.orelse))
        return [*settled.before, made]

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
        for name in dict.fromkeys(b.name for b in bound(heads)):
            if self.flow.carries(stmt, name) and not done.get(name):
                kind = self.analysis.facts.name_after(stmt, name)
                out.append(self.assign(self.names[name], zero_of(kind, load(name))))
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
            if variant is not None and self.index_changes(stmt, targets):
                return self.call_before(stmt, t, targets, call, variant.pair)
            if variant is not None and variant.pair:
                return self.call_pair(stmt, t, targets, call)
            if variant is not None:
                parts = [p for x in targets for p in leaves(x) if isinstance(p, ast.Subscript)]
                parts = [p for p in parts if self.is_carried(stmt, t, p)]
                settled = settle(t, [call, *(self.mirrored(stmt, t, p) for p in parts)], stmt)
                names = [b.name for b in bound(targets) if self.flow.carries(stmt, b.name)]
                zeros = [self.assign(self.names[n], zero_of(UNKNOWN, load(n))) for n in names]
                if len(zeros) > 1 and all(isinstance(x, ast.Name) for x in targets):  # names of one object
                    zeros = [ast.Assign(targets=[z.targets[0] for z in zeros], value=zeros[0].value)]
                for position, part in enumerate(parts, 1):
                    array = t.kind(part.value).what == "array"
                    zero = ast.Constant(value=0.0) if array else zero_of(UNKNOWN, as_load(part))
                    zeros.append(ast.Assign(targets=[settled.expression(position)], value=zero))
                return [*settled.before, settled.primal(changed(stmt, value=settled.expression())), *zeros]
        t.keepers = {b.name for b in bound(targets)}
        if (zeros_too := self.zeros_of_parts(stmt, t, targets, value)) is not None:
            return [stmt, zeros_too, *self.guards(stmt)]
        t.keepers |= {r for x in targets for leaf in leaves(x) if (r := root_name(leaf)) is not None}
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

    def zeros_of_parts(
        self, stmt: ast.stmt, t: Tangents, targets: Sequence[ast.expr], value: ast.expr
    ) -> ast.stmt | None:
        """Return the zeros of the names of what an inactive call gives, if one object may have two of the names."""
        elts = targets[0].elts if isinstance(targets[0], (ast.Tuple, ast.List)) else []
        names = [e.id for e in elts if isinstance(e, ast.Name) and self.flow.carries(stmt, e.id)]
        plain = len(targets) == 1 and all(isinstance(e, ast.Name) for e in elts)
        if not names or not plain or not isinstance(value, ast.Call) or not t.is_tangled(value):
            return None
        if len(names) == 1:
            return self.assign(self.names[names[0]], zero_of(UNKNOWN, load(names[0])))
        places = ast.Tuple(elts=[store(self.names[n]) for n in names], ctx=ast.Store())
        together = ast.Tuple(elts=[load(n) for n in names], ctx=ast.Load())
        return ast.Assign(targets=[places], value=helper("zeros_mirror", together))

    def pairs(self, stmt: ast.stmt, t: Tangents, target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        """Return the places of tangents that an assignment sets, each with its tangent."""
        if isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                if not any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts]):
                    both = zip(target.elts, value.elts, strict=True)
                    return [p for sub, part in both for p in self.pairs(stmt, t, sub, part)]
            if not any(self.is_carried(stmt, t, sub) for sub in leaves(target)):
                return []
            return [(self.mirrored(stmt, t, target), self.one_tangent(t, value))]
        if not self.is_carried(stmt, t, target):
            if (isinstance(target, (ast.Subscript, ast.Attribute)) or core.is_ref(target)) and t.active(value):
                self.refusestore_of(target)
            return []
        return [(self.mirrored(stmt, t, target), self.one_tangent(t, value))]

    def one_tangent(self, t: Tangents, value: ast.expr) -> ast.expr:
        """Return the tangent of a value, the same object each time, so that chained targets share it."""
        key = f"tangent {id(value)}"
        if key not in t.held:
            t.held[key] = t.own(value)
        return t.held[key]

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
        place = t.place.get(id(value)) if result else None
        read = reads(t, [made], {place} if place else set()).names
        overwritten = self.overwrites(stmt, targets, read)
        if overwritten and any(_reads_index(x, targets) for x in targets):
            self.refuse(stmt, "an index is assigned together with the element", "Write two statements.")
        settled = settle(t, [made], stmt, None if overwritten else result, value)
        primal, guards = settled.primal(stmt), self.guards(stmt)
        if overwritten:
            return [*settled.before, *settled.statements(), primal, *guards]
        return [*settled.before, primal, *settled.statements(), *guards]

    # Calls.

    def user_call(self, t: Tangents, call: ast.Call) -> tuple[Variant | None, ast.Call]:
        """Return the derivative that stands for a call, None where the call has none."""
        active = tuple(i for i, a in enumerate(call.args) if t.active(a))
        if not active:
            return None, call
        key = core.qualname(call.func)
        for i in self.calls.written(key):
            if i < len(call.args) and isinstance(call.args[i], (ast.Tuple, ast.List, ast.Dict)):
                self.refuse(call.args[i], *WRITTEN_DISPLAY)
        variant = self.calls.variant(key, [t.kind(a) for a in call.args], active, self.shared(t, call, key))
        kept = self.calls.kept(key) if self.calls.in_place else ()
        moved = [self.given(t, call.args[i]) if i in kept else t.or_zero(call.args[i]) for i in active]
        func = core.ref(variant.reference)
        return variant, ast.copy_location(ast.Call(func=func, args=[*call.args, *moved], keywords=[]), call)

    def given(self, t: Tangents, arg: ast.expr) -> ast.expr:
        """Return the tangent of an argument that the function may write into or return."""
        t.handed_out = True
        tangent = t.own(arg)
        t.handed_out = False
        return tangent

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
            carried = any(self.is_carried(stmt, t, x) for x in leaves(target))
            mirror = self.mirrored(stmt, t, target) if carried else store(self.temporary())
            both.append(ast.Tuple(elts=[target, mirror], ctx=ast.Store()))
        settled = settle(t, [call, *both], stmt)
        places = [settled.expression(i + 1) for i in range(len(both))]
        made = ast.copy_location(ast.Assign(targets=places, value=settled.expression()), stmt)
        return [*settled.before, made, *self.guards(stmt)]

    def index_changes(self, stmt: ast.Assign | ast.AnnAssign, targets: Sequence[ast.expr]) -> bool:
        """Say whether an index in a target reads what the statement overwrites: ``v[v > 0] = f(x)``."""
        indices = [p.slice for x in targets for p in leaves(x) if isinstance(p, ast.Subscript)]
        read = {n.id for i in indices for n in walk(i) if isinstance(n, ast.Name)}
        return self.overwrites(stmt, targets, read - {b.name for b in bound(targets)})

    def call_before(
        self, stmt: ast.Assign | ast.AnnAssign, t: Tangents, targets: Sequence[ast.expr], call: ast.Call, pair: bool
    ) -> Block:
        """Call first and store afterwards, into the tangent and then into the primal, which changes the index."""
        if any(_reads_index(x, targets) for x in targets):
            self.refuse(stmt, "an index is assigned together with the element", "Write two statements.")
        value, tangent = self.temporary(), self.temporary()
        carried = [x for x in targets if any(self.is_carried(stmt, t, leaf) for leaf in leaves(x))]
        settled = settle(t, [call, *(self.mirrored(stmt, t, x) for x in carried)], stmt)
        name: ast.expr = ast.Tuple(elts=[store(value), store(tangent)], ctx=ast.Store()) if pair else store(value)
        made = ast.copy_location(ast.Assign(targets=[name], value=settled.expression()), stmt)
        zero = load(tangent) if pair else zero_of(UNKNOWN, load(value))
        places = [settled.expression(i + 1) for i in range(len(carried))]
        tangents = [ast.Assign(targets=places, value=zero)] if places else []
        return [*settled.before, made, *tangents, settled.primal(changed(stmt, value=load(value))), *self.guards(stmt)]

    def _expr(self, stmt: ast.Expr) -> Block:
        value = stmt.value
        if not isinstance(value, ast.Call):
            return [stmt]
        t = self.tangents(stmt)
        name = core.qualname(value.func)
        if name.startswith("@"):
            if not self.calls.written(name):
                return [stmt]
            variant, call = self.user_call(t, value)
            if variant is None:
                return [stmt]
            settled = settle(t, [call], stmt)
            return [*settled.before, changed(stmt, value=settled.expression())]
        if isinstance(value.func, ast.Attribute):
            return self.method(stmt, t, value, value.func)
        if name in WRITERS and value.args and t.active(value.args[0]):
            return self.writer(stmt, t, value)
        if any(t.active(a) for a in [*value.args, *(k.value for k in value.keywords)]) and not self.is_bystander(name):
            self.refuse(
                stmt,
                why_not(value)
                or f"what {core.called(value.func)}() does to the active values it is given is not known",
                "Assign its result, or write the operation out.",
            )
        return [stmt]

    def is_bystander(self, name: str) -> bool:
        return name.startswith(_BYSTANDERS) or name.startswith("sct.runtime.require_")

    # The rest.

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
                settled = settle(t, [call], stmt)
                if variant.pair:
                    return [*settled.before, changed(stmt, value=settled.expression())]
                name = self.temporary()
                both = ast.Tuple(elts=[load(name), zero_of(UNKNOWN, load(name))], ctx=ast.Load())
                return [*settled.before, self.assign(name, settled.expression()), changed(stmt, value=both)]
        t.whole = True
        settled = settle(t, [t.own(value)], stmt)
        both = ast.Tuple(elts=[settled.primal(stmt).value, settled.made[0]], ctx=ast.Load())  # type: ignore[attr-defined,list-item]
        return [*settled.before, changed(stmt, value=both)]


def _assigned(pairs: Sequence[tuple[list[ast.expr], ast.expr]]) -> ast.stmt:
    """Return one statement that sets all tangents at once."""
    if len(pairs) == 1:
        return ast.Assign(targets=pairs[0][0], value=pairs[0][1])
    targets: list[ast.expr] = [t for ts, _ in pairs for t in ts]
    values = [v for ts, v in pairs for _ in ts]
    return ast.Assign(targets=[ast.Tuple(elts=targets, ctx=ast.Store())], value=ast.Tuple(elts=values, ctx=ast.Load()))


def _reads_index(target: ast.expr, stored: Sequence[ast.expr]) -> bool:
    """Say whether an index in `target` reads a variable that the same statement binds."""
    names = {b.name for b in bound(stored)}
    subscripts = [x for x in leaves(target) if isinstance(x, ast.Subscript)]
    return any(isinstance(n, ast.Name) and n.id in names for s in subscripts for n in walk(s))
