"""What is written in place in forward mode, and what the tangents of places are.

In: augmented assignments, stores, and the methods and functions that change arrays, lists and dicts. Out: the primal
statement with the same change to the tangent. Tangents have the memory of their primals: where two names share it,
so do their tangents, and a change through one is seen through the other.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from sct import core, rules
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.kinds import UNKNOWN, Kind
from sct.analysis.program import Analysis
from sct.analysis.purity import BYSTANDING
from sct.frontend.evaluation import replaced
from sct.frontend.lists import ordered
from sct.frontend.scopes import bound
from sct.modes.forward.activity import FlowActivity
from sct.modes.forward.expr import Tangents
from sct.modes.forward.flow import WRITERS, Flow
from sct.modes.forward.settle import reads, settle
from sct.modes.forward.values import zero_of
from sct.modes.log import Fired
from sct.modes.members import float_guard
from sct.modes.selections import Selections
from sct.nodes import changed, load, store
from sct.rules.stores import why_not
from sct.rules.template import clone, helper
from sct.simplify import effects
from sct.walk import leaves, root_name, start_of, walk

Block = list[ast.stmt]
Place = ast.Name | ast.Subscript
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

    @property
    def in_place(self) -> bool:
        """Whether anything in the program is written in place."""

    def swallows(self, stmt: ast.With) -> bool:
        """Say whether a ``with`` may go on after what is raised in its body."""

    def acts(self, key: str) -> bool:
        """Say whether calling a routine does more than return a value, which is the same whenever it is called."""

    def written(self, key: str) -> Collection[int]:
        """Return the positions of the arguments that a routine writes into."""

    def kept(self, key: str) -> Collection[int]:
        """Return the positions of the arguments whose memory a routine writes into, returns or hands on."""


@dataclass
class Stores:
    """One function of the primal, and what changes in it."""

    analysis: Analysis
    flow: Flow
    names: Mapping[str, str]
    calls: Calls
    refusal: Callable[[ast.AST, str, str], NoReturn]
    next_temporary: Callable[[], str]
    parameters: Collection[str]
    pair: bool
    entry: bool
    fired: Fired
    touched: Callable[[], Collection[str]]  # the names that lead to memory which is written

    @property
    def activity(self) -> FlowActivity:
        """What is active."""
        return self.flow.activity

    @property
    def selections(self) -> Selections:
        return self.flow.selections

    def temporary(self) -> str:
        """Return a new temporary."""
        return self.next_temporary()

    def refuse(self, node: ast.AST, reason: str, advice: str) -> NoReturn:
        """Refuse a piece of the primal."""
        self.refusal(node, reason, advice)

    def is_written_in_place(self, tangent: str, names: set[str]) -> bool:
        """Say whether memory that a tangent shares with values kept under these names may be written in place."""
        if not self.calls.in_place:
            return False
        source = next((n for n, d in self.names.items() if d == tangent), "")
        if names & self.flow.tracked or source in self.flow.tracked:
            return True
        # What a helper is given, and what it returns, its caller may write.
        return not self.entry and self.may_be_given(source)

    def is_pure(self, node: ast.AST) -> bool:
        """Say whether evaluating `node` again, or earlier, makes no difference."""
        for part in walk(node):
            if isinstance(part, ast.Call) and core.qualname(part.func).startswith("@"):
                if self.calls.acts(core.qualname(part.func)):
                    return False
                plain = ast.Call(func=core.ref("builtins.abs"), args=[ast.Constant(value=0)], keywords=[])
                return self.is_pure(replaced(node, {id(part): ast.Tuple(elts=[*part.args, plain], ctx=ast.Load())}))
        return effects.is_pure(node)  # type: ignore[arg-type]

    def check_key(self, keywords: Sequence[ast.keyword]) -> None:
        """Refuse a key to sort by that gives something else, or does something, when tangents are sorted by it too."""
        for part in (n for k in keywords for n in walk(k.value)):
            acts = core.qualname(part).startswith("@") and self.calls.acts(core.qualname(part))
            if acts or isinstance(part, ast.Lambda) and not self.is_pure(part.body):
                reason, advice = "this key would have to be asked twice", "Compute the keys in a statement before."
                self.refuse(part, reason, advice)

    def tangents(self, stmt: ast.stmt) -> Tangents:
        return Tangents(self, stmt, self.flow.active_names(stmt))

    def assign(self, name: str, value: ast.expr) -> ast.Assign:
        """Return ``name = value``."""
        return ast.Assign(targets=[store(name)], value=value)

    # Places.

    def is_carried(self, stmt: ast.stmt, t: Tangents, target: ast.expr) -> bool:
        """Say whether what goes into a target has a tangent."""
        if isinstance(target, ast.Starred):
            return self.is_carried(stmt, t, target.value)
        if isinstance(target, ast.Name):
            return not core.is_ref(target) and self.flow.carries(stmt, target.id)
        if isinstance(target, ast.Subscript):
            if self.is_nameless(t, target):
                self.refusestore_of(target)
            return root_name(target) in t.varied
        if isinstance(target, ast.Attribute) and root_name(target) in t.varied:
            self.refusestore_of(target)
        return False

    def is_nameless(self, t: Tangents, place: ast.expr) -> bool:
        """Say whether a place is part of an active value that has no name here: ``list(a)[0]``."""
        start = start_of(place)
        return isinstance(start, ast.expr) and not isinstance(start, ast.Name) and t.active(start)

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
            base = self.mirrored_base(t, target.value)
            return ast.Subscript(value=base, slice=t.index(target.slice), ctx=ast.Store())
        self.refusestore_of(target)

    def mirrored_base(self, t: Tangents, base: ast.expr) -> ast.expr:
        """Return the tangent of what is stored into; a store into ``a.flat`` reaches `a`, as no copy would."""
        if isinstance(base, ast.Attribute) and base.attr == "flat":
            return ast.Attribute(value=t.or_zero(base.value), attr="flat", ctx=ast.Load())
        return t.or_zero(base)

    def refusestore_of(self, target: ast.expr) -> NoReturn:
        if isinstance(target, ast.Attribute):
            advice = "Keep it in a local variable or a dict."
            if target.attr in ("shape", "dtype", "strides"):
                self.refuse(target, f"the {target.attr} of an active array is changed in place", "Make a new array.")
            self.refuse(target, "an active value is stored into an attribute", advice)
        advice = "Pass the array in as an argument and return it."
        self.refuse(target, "an active value is stored into something that is not a variable here", advice)

    def overwrites(
        self, stmt: ast.stmt, targets: Sequence[ast.expr], read: Collection[str], written: Sequence[str] = ()
    ) -> bool:
        """Say whether a statement changes a variable among `read`, or memory behind one."""
        own = {b.name for b in bound(targets)}
        tangents = set(self.names.values())
        if own & set(read):
            return True
        bases = [*written]
        bases += [b for x in targets for s in leaves(x) if isinstance(s, ast.Subscript) and (b := root_name(s))]
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            bases.append(stmt.target.id)
        alias, facts = self.analysis.alias, self.analysis.facts
        for base in bases:
            for name in read:
                if name in tangents or ":" in name and not name.startswith("="):
                    continue
                if facts.kind(stmt, load(name)).what not in IMMUTABLE and alias.may_alias(base, name):
                    return True
        return False

    def guards(self, stmt: ast.stmt | None) -> Block:
        """Refuse at run time an array of integers that active values will be stored into."""
        names = [d.name for d in self.flow.definitions if d.stmt is stmt] if stmt is None else []
        if isinstance(stmt, (ast.Assign, ast.AnnAssign, ast.For)):
            names = [b.name for b in bound(stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target])]
        out: Block = []
        for name in dict.fromkeys(n for n in names if n in self.flow.stored and (stmt, n) in self.flow.by_place):
            if core.is_temporary(name):
                continue  # part of an array whose own guard speaks of it
            if name in self.flow.guarded.get(stmt, ()):
                continue
            facts = self.analysis.facts
            kind = facts.name_after(stmt, name) if stmt is not None else self.flow.parameter_kinds.get(name, UNKNOWN)
            if kind.what in _ARRAYS and kind.dtype not in ("float", "inexact", "complex"):
                deep = self.flow.depths.get(name, 1) if stmt is None and kind.what == "unknown" else 1
                out.append(float_guard(name, load(name), deep))
        return [*out, *self.view_guards(stmt)]

    def view_guards(self, stmt: ast.stmt | None) -> Block:
        """Refuse at run time a copy where a view is written: ``reshape`` gives one or the other."""
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 else None
        if not isinstance(stmt, ast.Assign) or not isinstance(target, ast.Name) or core.is_ref(target):
            return []
        try:
            match = rules.match(stmt.value)
        except rules.Unsupported:
            return []
        if match is None or not self.analysis.alias.is_written(target.id) or target.id not in self.touched():
            return []
        if self.analysis.facts.kind(stmt, stmt.value).what == "list":
            return []  # of parts, which the tangents are too
        if rules.memory(match, self.analysis.facts.kinds(stmt)) != "maybe":
            return []
        if isinstance(stmt.value, ast.Call) and core.qualname(stmt.value.func).startswith("sct.runtime."):
            return []  # what these return hangs on shapes alone, which the tangent shares
        if not match.operands:
            return []  # an array is made of a number as written
        operand = match.args[match.operands[0]]
        base = root_name(operand)
        if self.analysis.facts.kind(stmt, operand).what in IMMUTABLE:
            return []  # an array is made of a number
        if base is None or not self.flow.carries(stmt, target.id) or base not in self.names:
            return []
        pairs = [(target.id, base), (self.names[target.id], self.names[base])]
        return [ast.Expr(value=helper("require_view", ast.Constant(value=v), load(v), load(x))) for v, x in pairs]

    # Augmented assignment.

    def _augassign(self, stmt: ast.AugAssign) -> Block:
        t = self.tangents(stmt)
        t.keepers = {name for name in (root_name(stmt.target),) if name}  # a list keeps what it grows by
        if isinstance(stmt.target, ast.Name) and not core.is_ref(stmt.target):
            name = stmt.target.id
            if not self.flow.carries(stmt, name):
                return [stmt]
            if not t.active(stmt.value) and name not in t.varied:
                kind = self.analysis.facts.name_after(stmt, name)
                return [stmt, self.assign(self.names[name], zero_of(kind, load(name)))]
            kind = t.kind(load(name))
            if kind.what == "scalar":
                return self.augmented_number(stmt, t, name)
            return self.augmented(stmt, t, store(self.names[name]), load(name), name)
        base = root_name(stmt.target)
        if base is None or base not in t.varied:
            if t.active(stmt.value) or self.is_nameless(t, stmt.target):
                self.refusestore_of(stmt.target)
            return [stmt]
        if not isinstance(stmt.target, ast.Subscript):
            self.refusestore_of(stmt.target)
        if t.kind(changed(stmt.target.value, ctx=ast.Load())).what == "tuple":
            reason = "a member of a tuple is assigned to, which raises once an array there is written into"
            self.refuse(stmt, reason, "Use a list, or give the member a name.")
        place = self.mirrored(stmt, t, stmt.target)
        assert isinstance(place, ast.Subscript)
        return self.augmented(stmt, t, place, changed(stmt.target, ctx=ast.Load()), base)

    def augmented_number(self, stmt: ast.AugAssign, t: Tangents, name: str) -> Block:
        """A number is bound anew, and so is its tangent."""
        target = self.names[name]
        whole = ast.BinOp(left=load(name), op=stmt.op, right=stmt.value)
        t.kind_of[id(whole)] = self.analysis.facts.name_after(stmt, name)
        t.alive.append(whole)
        step: ast.stmt
        moved = t.of(stmt.value) if isinstance(stmt.op, (ast.Add, ast.Sub)) and name in t.varied else None
        if moved is not None and self.analysis.facts.kind(stmt, stmt.value).what == "scalar":
            step = ast.AugAssign(target=store(target), op=stmt.op, value=moved)
        else:
            step = self.assign(target, t.or_zero(whole))
            if _is_idle(step):
                return [stmt]
        overwritten = name in reads(t, [step], {t.place.get(id(whole))}).names
        settled = settle(t, [step], stmt, None if overwritten else name, whole)
        primal = settled.primal(stmt)
        if overwritten:
            return [*settled.before, *settled.statements(), primal]
        return [*settled.before, primal, *settled.statements()]

    def augmented(self, stmt: ast.AugAssign, t: Tangents, place: Place, read: ast.expr, base: str) -> Block:
        """What may be an array, or is part of one, is written in place, and so is its tangent."""
        kind, moved = t.kind(read), t.of(stmt.value)
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
        number = kind.what == "scalar" or t.kind(load(base)).what == "array" and isinstance(read, ast.Subscript)
        guard: list[ast.stmt] = []
        by = t.value(stmt.value)
        if isinstance(stmt.op, ast.Mult) and moved is None:
            return self.steps(stmt, t, [ast.AugAssign(target=place, op=ast.Mult(), value=by)], overlap)
        if isinstance(stmt.op, ast.Div) and moved is None:
            return self.steps(stmt, t, [ast.AugAssign(target=place, op=ast.Div(), value=by)], overlap)
        if isinstance(stmt.op, (ast.Mult, ast.Div)) and moved is not None and not number:
            if overlap and t.memory_of(moved) is not None:
                moved = helper("save", moved)  # scaling would change it
            scale = ast.AugAssign(target=place, op=stmt.op, value=by)
            moved = t.held_tangent(moved)
            if isinstance(stmt.op, ast.Mult):
                gain = ast.BinOp(left=read, op=ast.Mult(), right=moved)
                steps = [scale, ast.AugAssign(target=place, op=ast.Add(), value=gain)]
            else:
                ratio = ast.BinOp(left=read, op=ast.Div(), right=by)
                loss = ast.BinOp(left=ratio, op=ast.Mult(), right=moved)
                steps = [ast.AugAssign(target=place, op=ast.Sub(), value=loss), scale]
            return self.steps(stmt, t, steps, True)
        whole = ast.BinOp(left=read, op=stmt.op, right=stmt.value)
        t.alive.append(whole)
        if isinstance(place, ast.Name) and base not in self.parameters and not self.analysis.alias.is_shared(base):
            return self.steps(stmt, t, [self.assign(place.id, t.or_zero(whole))], True)
        if not number and not isinstance(place, ast.Subscript) and kind.what != "array":
            guard = [ast.Expr(value=helper("require_array", ast.Constant(value=base), load(base)))]
        return [*guard, *self.steps(stmt, t, [self.stored_whole(t, place, t.or_zero(whole))], True)]

    def widened(self, stmt: ast.AugAssign, t: Tangents, place: ast.expr, moved: ast.expr | None) -> list[ast.stmt]:
        """Where a number may have become an array, the tangent does too."""
        value = t.kind(stmt.value)
        if moved is not None or value.what in ("scalar", "list") or not isinstance(place, ast.Name):
            return []
        return [self.assign(place.id, helper("like", load(place.id), load(root_name(stmt.target) or "")))]

    def stored_whole(self, t: Tangents, place: ast.expr, tangent: ast.expr) -> ast.stmt:
        """Store a tangent in place."""
        if isinstance(place, ast.Subscript):
            return ast.Assign(targets=[place], value=tangent)
        assert isinstance(place, ast.Name)
        everything = ast.Subscript(value=load(place.id), slice=ast.Constant(value=...), ctx=ast.Store())
        return ast.Assign(targets=[everything], value=tangent)

    def overlaps(self, stmt: ast.stmt, value: ast.expr, base: str) -> bool:
        """Say whether an expression reads memory that `base` shares."""
        facts, alias = self.analysis.facts, self.analysis.alias
        names = {n.id for n in walk(value) if isinstance(n, ast.Name) and ":" not in n.id}
        shared = [n for n in names if facts.kind(stmt, load(n)).what not in IMMUTABLE]
        return any(alias.may_alias(base, n) for n in shared)

    def steps(
        self, stmt: ast.stmt, t: Tangents, steps: Sequence[ast.stmt], precede: bool, written: Sequence[str] = ()
    ) -> Block:
        """Put tangent statements after the primal, before it if told so or where they read what it overwrites."""
        if not steps:
            return [stmt]
        targets = [stmt.target] if isinstance(stmt, ast.AugAssign) else []
        read = reads(t, steps).names if len(steps) == 1 else set()
        precede = precede or self.overwrites(stmt, targets, read, written)
        settled = settle(t, steps, stmt)
        primal = settled.primal(stmt)
        if precede:
            return [*settled.before, *settled.statements(), primal]
        return [*settled.before, primal, *settled.statements()]

    # Functions and methods that write.

    def writer(self, stmt: ast.Expr, t: Tangents, call: ast.Call) -> Block:
        """Mirror ``np.add.at(a, index, v)`` and its like."""
        name = core.qualname(call.func)
        position = WRITERS[name]
        if call.keywords or len(call.args) != position + 1:
            shown = core.spelling(call.func) or name
            reason = why_not(call) or f"this way to call {shown}() is not known"
            self.refuse(stmt, reason, "Assign to elements or slices.")
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
            ordered = func.attr == "sort"  # its key only chooses among the members
            active = any(t.active(a) for a in [*args, *(k.value for k in call.keywords if not ordered)])
            active = active or self.is_nameless(t, func.value) and not effects.is_pure(call)
            if active and func.attr not in BYSTANDING:
                advice = "Assign its result, or write the operation out."
                self.refuse(stmt, f"what .{func.attr}() does to the active values it is given is not known", advice)
            return [stmt]
        t.keepers = {base}
        moved: list[ast.expr]
        if func.attr == "sort" and t.kind(func.value).what == "list":
            return self.sorted(stmt, t, call, func.value)
        named = call.keywords if func.attr == "update" and all(k.arg for k in call.keywords) else []
        if len(named) < len(call.keywords):
            self.refuse(stmt, why_not(call) or f"keyword arguments of .{func.attr}()", "Give them by position.")
        if func.attr in ("append", "extend", "fill", "update", "appendleft") and len(args) + bool(named) == 1:
            moved = [t.own(a) for a in args]
        elif func.attr in ("insert", "setdefault") and len(args) == 2:
            moved = [t.index(args[0]), t.own(args[1])]
        elif func.attr in ("pop", "popleft", "clear", "reverse"):
            moved = [t.index(a) for a in args]
        else:
            advice = "Assign to elements or slices, or use append."
            reason = f"the method .{func.attr}() changes an active value in a way that is not known"
            self.refuse(stmt, why_not(call) or reason, advice)
        place = ast.Attribute(value=t.or_zero(func.value), attr=func.attr, ctx=ast.Load())
        keywords = [changed(k, value=t.own(k.value)) for k in named]
        return self.steps(stmt, t, [ast.Expr(value=ast.Call(func=place, args=moved, keywords=keywords))], False, [base])

    def sorted(self, stmt: ast.Expr, t: Tangents, call: ast.Call, xs: ast.expr) -> Block:
        """Put the tangents of a list that is sorted into the order of its members."""
        self.check_key(call.keywords)
        tangents = t.or_zero(xs)
        everything = ast.Subscript(value=tangents, slice=ast.Slice(), ctx=ast.Store())
        made = ordered(clone(tangents), clone(xs), call.keywords, self.temporary())
        return self.steps(stmt, t, [ast.Assign(targets=[everything], value=made)], True)

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


def _is_idle(stmt: ast.stmt) -> bool:
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.value, ast.Name):
        return False
    return isinstance(stmt.targets[0], ast.Name) and stmt.targets[0].id == stmt.value.id
