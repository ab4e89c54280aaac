"""Reverse mode.

In: a first-order routine, its independents and what is wanted. Out: function definitions, the entry last. The entry
holds both sweeps; a function that it calls is split into ``g_forward``, which returns the value and what it saved,
and ``g_reverse``, which takes that and the adjoint of the value.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sct import core
from sct.analysis.across import canonical
from sct.analysis.assume import SCALAR, Assumptions, assume
from sct.analysis.kinds import UNKNOWN, Kind, Shape, is_inexact
from sct.analysis.lists import WRITING_METHODS
from sct.analysis.program import Analyst
from sct.frontend.lift import Program, Routine
from sct.modes.choice import choose
from sct.modes.log import Log, Made
from sct.modes.reverse.body import FOR_ARRAYS, Body, BodyMaker, Wanted
from sct.modes.reverse.context import CallPlan
from sct.modes.reverse.finals import entries_bound, given_members, may_lose, optional, same_members, slots_bound
from sct.modes.reverse.finish import Knowledge, know, named, simplified, tidy
from sct.modes.reverse.nodes import helper, loads, number, stored
from sct.modes.reverse.places import of_numbers
from sct.modes.reverse.regimes import SHADOW
from sct.modes.reverse.saving import is_restored
from sct.modes.reverse.signature import (
    free_loads_deep,
    function,
    surely_bound,
    under,
    with_seed,
)
from sct.modes.reverse.sweeps import put_back
from sct.nodes import assign, load
from sct.quick import quick
from sct.walk import parameters, walk

Stmts = list[ast.stmt]


def derive(
    routine: Routine,
    program: Program,
    analyst: Analyst,
    options: Sequence[Assumptions],
    wanted: Wanted,
    taken: frozenset[str],
    log: Log | None = None,
) -> tuple[ast.FunctionDef, ...]:
    """Return the derivative of an entry, with the helpers that it needs in front."""

    def attempt(assumptions: Assumptions, most: int | None) -> tuple[list[ast.FunctionDef], Knowledge, _Compiler]:
        numbers = assumptions.level == "numbers"
        compiler = _Compiler(program, analyst, most, set(taken) | {wanted.name}, numbers=numbers)
        entry, known = compiler.entry(routine, assumptions, wanted)
        return [*compiler.functions, entry], known, compiler

    (*helpers, entry), known, compiler = choose(options, attempt, lambda made: made[0], FOR_ARRAYS)
    if log is not None:
        log.program, log.analyst = program, analyst
        log.assumptions, log.made = compiler.assumptions, compiler.made
    functions = (*helpers, quick(tidy(entry, known, wanted.product == "grad", compiler.made[-1].names)))
    return tuple(under(f, compiler.settings.get(f.name, ())) for f in functions)


@dataclass
class _Compiler(BodyMaker):
    program: Program
    analyst: Analyst
    most: int | None
    taken: set[str]
    functions: list[ast.FunctionDef] = field(default_factory=list)
    plans: dict[tuple[object, ...], CallPlan] = field(default_factory=dict)
    settings: dict[str, list[ast.expr]] = field(default_factory=dict)  # of NumPy's error state, by function
    assumptions: Assumptions = field(default_factory=lambda: Assumptions({}))
    made: list[Made] = field(default_factory=list)
    numbers: bool = False  # whether what a dict or a recursion gives is taken for a number

    # Entries.

    def entry(self, routine: Routine, assumptions: Assumptions, wanted: Wanted) -> tuple[ast.FunctionDef, Knowledge]:
        body = self.body(routine, routine.node, assumptions.kinds, wanted.wrt, (), False, wanted)
        self.settings[wanted.name] = body.settings
        self.assumptions = assumptions
        self.made.append(Made(routine, (wanted.name,), assumptions.kinds, wanted.wrt, body.fired, body))
        node = routine.node
        forward = [*self.guards(body, assumptions, wanted, node), *body.forward]
        backward = body.backward
        value = body.result
        if wanted.product != "grad" and value is not None:
            forward, value = self.snapshot_result(body, forward, value)
        finals: Stmts = []
        slots = slots_bound(body.context.flat.node, body.context.analysis.facts)
        for name in parameters(node):
            if is_restored(name, body.restored, body.context.analysis.alias):
                kept = body.context.fresh.name(f"{name}_final")
                kind = assumptions.kinds.get(name, UNKNOWN)
                given = name
                if name in stored([*forward, *backward]):
                    given = body.context.fresh.name(f"{name}_given")
                    forward.insert(0, assign(given, load(name)))
                forward.append(assign(kept, helper("save", load(given))))
                entries = kind.what == "dict" or name in entries_bound(body.context.flat.node)
                if entries or (kind.what == "list" or name in slots) and not of_numbers(kind):
                    members = body.context.fresh.name(f"{name}_final_members")
                    keep, give_back = same_members(given, members, entries, name in optional(node))
                    forward.append(keep)
                    finals.append(give_back)
                    if may_lose(name, entries, body.context.analysis.alias) and name not in optional(node):
                        members = body.context.fresh.name(f"{name}_given_members")
                        after = body.context.fresh.name(f"{name}_given_members_final")
                        forward.insert(0, given_members(name, members, entries))
                        forward.append(assign(after, helper("save", load(members))))
                        finals.append(put_back(load(members), load(after), Kind("list")))
                finals.append(put_back(load(given), load(kept), kind))
        seeding = self.seeding(body, wanted, value)
        outputs = [body.adjoints[name] for name in wanted.wrt]
        answer: ast.expr = outputs[0] if wanted.bare else ast.Tuple(elts=outputs, ctx=ast.Load())
        if wanted.product != "grad":
            shown = value if value is not None else ast.Constant(value=None)
            answer = ast.Tuple(elts=[shown, answer], ctx=ast.Load())
        stmts = [*body.docstring, *forward, core.remark(""), *seeding, *backward, *finals, ast.Return(value=answer)]
        args = node.args
        if wanted.product == "vjp":
            args = with_seed(args, body.seed)
        made = ast.FunctionDef(
            name=wanted.name, args=args, body=stmts, decorator_list=[], returns=None, type_comment=None
        )
        if "type_params" in ast.FunctionDef._fields:
            made.type_params = []  # type: ignore[attr-defined]
        return made, know(body.context.analysis, body.context.bars)

    def guards(self, body: Body, assumptions: Assumptions, wanted: Wanted, node: ast.FunctionDef) -> Stmts:
        """Return the lines at the entry that refuse what the code was not generated for."""
        out: Stmts = []
        reads = set(loads([*body.forward, *body.backward]))
        scalars = [n for n in assumptions.scalars if n in reads]
        if scalars:
            text = ast.Constant(value=", ".join(scalars))
            guard = "require_number" if assumptions.augmented else "require_scalar"
            out.append(ast.Expr(value=helper(guard, text, *(load(n) for n in scalars))))
        if stated := [n for n in assumptions.stated if n in reads]:
            said = ast.Constant(value=", ".join(stated))
            out.append(ast.Expr(value=helper("require_number", said, *map(load, stated))))
        if assumptions.results:
            text = ast.Constant(value=wanted.name)
            out.append(ast.Expr(value=helper("require_scalar_result", text, *map(load, assumptions.results))))
        out += [require_members(name, depth) for name, depth in assumptions.members]
        if assumptions.indices:
            out.append(require_index(assumptions.indices))
        context = body.context
        alias = context.analysis.alias
        arrays = [n for n in parameters(node) if n in context.analysis.activity.varied]
        for name in arrays:
            kind = assumptions.kinds.get(name, UNKNOWN)
            regime = context.regimes.regime(name)
            if regime == SHADOW:
                out.append(assign(context.bar(name), context_zero(name, kind)))
        written = [n for n in parameters(node) if alias.is_written(n)]
        others = [
            n
            for n in parameters(node)
            if n not in written and assumptions.kinds.get(n, UNKNOWN).what in ("array", "unknown", "list")
        ]
        if wanted.product == "vjp" and body.result_kind.what != "scalar":
            others.append(body.seed)  # it is read when all is written
        if written and len(written) + len(others) > 1:
            kinds = [assumptions.kinds.get(n, UNKNOWN).what for n in written]
            if any(k in ("array", "unknown") for k in kinds):
                names = [*written, *others]
                text = ast.Constant(value=", ".join(names))
                out.append(ast.Expr(value=helper("require_distinct", text, *(load(n) for n in names))))
        return out

    def snapshot_result(self, body: Body, forward: Stmts, value: ast.expr) -> tuple[Stmts, ast.expr]:
        """Keep a result that the reverse sweep would take back or write to."""
        rebound = set(stored(body.backward))
        names = [*loads([value]), *loads([body.returned] if body.returned is not None else [])]
        if body.restores_result():
            value = helper("save", value)
        elif not rebound & set(names):
            return forward, value
        kept = body.context.fresh.name("value")
        return [*forward, assign(kept, value)], load(kept)

    def seeding(self, body: Body, wanted: Wanted, value: ast.expr | None) -> Stmts:
        shown = body.result if body.result is not None else ast.Constant(value=None)
        if wanted.product == "vjp":
            if body.result_kind.what == "scalar":
                return []
            checked = helper("check_seed", ast.Constant(value=body.seed), load(body.seed), value or shown)
            return [assign(body.seed, checked)]
        if body.result_kind.what == "scalar" and body.result_kind.dtype != "complex":
            return []
        return [ast.Expr(value=helper("require_scalar_result", ast.Constant(value=wanted.name), shown))]

    def plan(
        self,
        key: str,
        kinds: Sequence[Kind],
        active: Sequence[bool],
        shadows: Sequence[bool],
        shadow_result: bool,
        has_result: bool,
    ) -> CallPlan:
        """Return how a call is split; write the two halves, the first time."""
        kinds = canonical(kinds)
        if sum(1 for known in self.plans if known[0] == key) > 6:
            kinds = [k if k.what == "scalar" else UNKNOWN for k in kinds]
        memo = (key, tuple(kinds), tuple(active), tuple(shadows), shadow_result, has_result)
        if memo in self.plans:
            return self.plans[memo]
        routine = self.program.routine(key)
        names = parameters(routine.node)
        stem = self.stem(routine, names, active)
        positions = tuple(i for i, (a, s) in enumerate(zip(active, shadows, strict=True)) if a and not s)
        plan = CallPlan(
            f"{stem}_forward",
            f"{stem}_reverse",
            positions,
            tuple(i for i, s in enumerate(shadows) if s),
            shadow_result,
            has_result and not shadow_result,
            self.may_write(key),
        )
        self.plans[memo] = plan  # for calls of itself
        body = self.split(routine, dict(zip(names, kinds, strict=True)), plan, names)
        plan = self.plans[memo] = replace(plan, restores_result=body.restores_result())
        return plan

    def may_write(self, key: str) -> bool:
        """Say whether there is anything in a function, or in what it calls, that may write into memory."""
        nodes = map(self.program.followed, (key, *self.program.reached_from(key)))
        return any(node is None or any(map(_may_write, walk(node))) for node in nodes)

    def stem(self, routine: Routine, names: Sequence[str], active: Sequence[bool]) -> str:
        options = [routine.name]
        if not all(active):
            options.append("_".join([routine.name, *(n for n, a in zip(names, active, strict=True) if a)]))
        for option in options:
            if not {f"{option}_forward", f"{option}_reverse"} & self.taken:
                break
        else:
            count = 2
            while {f"{options[-1]}_{count}_forward", f"{options[-1]}_{count}_reverse"} & self.taken:
                count += 1
            option = f"{options[-1]}_{count}"
        self.taken |= {f"{option}_forward", f"{option}_reverse"}
        return option

    def split(self, routine: Routine, kinds: Mapping[str, Kind], plan: CallPlan, names: Sequence[str]) -> Body:
        kinds, guards = self.members(routine, kinds)
        wrt = [names[i] for i in plan.active]
        shadowed = [names[i] for i in plan.shadows]
        unseeded = not plan.result_active
        body = self.body(routine, routine.node, kinds, [*wrt, *shadowed], shadowed, plan.returns_shadow, None, unseeded)
        self.settings[plan.forward] = self.settings[plan.reverse] = body.settings
        for name in wrt:
            if body.context.regimes.regime(name) == SHADOW and name not in shadowed:
                reason = f"`{name}` is given a list or tuple without a name, and what it holds is written later"
                body.context.refuse(routine.node, reason, "Give the list or tuple a name before the call.")
        known = know(body.context.analysis, body.context.bars)
        given = [*names, *(body.context.bar(n) for n in shadowed)]
        reverse, saved = self.reverse_half(plan, body, wrt, {*stored(body.forward), *given}, known)
        independents = (*wrt, *shadowed)
        halves = plan.forward, plan.reverse
        self.made.append(Made(routine, halves, kinds, independents, body.fired, body, tuple(saved)))
        forward = self.forward_half(plan, body, given, saved, guards)
        self.functions += named([simplified(forward, known), reverse], self.made[-1].names)
        return body

    def members(self, routine: Routine, kinds: Mapping[str, Kind]) -> tuple[dict[str, Kind], Stmts]:
        """Return the kinds of a helper's parameters, with scalar members where the calls say nothing; and guards."""
        *less, assumed = assume(routine.node, self.program, lambda name: None)
        if assumed.scalars:
            # Members that meet a number or array of another parameter may themselves be arrays, unless proven numbers.
            assumed = next((a for a in (assumed, *less) if a.level == "evidence"), Assumptions({}))
        known = dict(kinds)
        guards: Stmts = []
        for name, depth in assumed.members:
            kind = known[name]
            listed = kind.what in ("unknown", "list") and kind.element is None and kind.items is None
            if listed or kind.what == "array" and kind.ndim is None:
                shape = Shape(name, depth) if kind.what == "array" else kind.shape
                known[name] = replace(kind, shape=shape, element=assumed.kinds[name].element)
                guards.append(require_members(name, depth))
        indices = [n for n in assumed.indices if known[n].what == "unknown"]
        if indices:
            known.update(dict.fromkeys(indices, SCALAR))
            guards.append(require_index(indices))
        return known, guards

    def reverse_half(
        self, plan: CallPlan, body: Body, wrt: Sequence[str], bound: set[str], known: Knowledge
    ) -> tuple[ast.FunctionDef, list[str]]:
        """Return the simplified reverse half, and the names of what it needs saved."""
        # What it reads under the name of its seed was bound by the forward half.
        saved = [n for n in free_loads_deep(body.backward) if n in bound and n != body.seed]
        outputs = [body.adjoints[n] for n in wrt]
        fresh = body.context.fresh
        given = {n: fresh.name(f"{n.removesuffix('_tape')}_given") for n in saved if n in body.tapes}
        back = [*_copies(given), *body.backward]
        saved = [given.get(n, n) for n in saved]
        if outputs:
            back.append(ast.Return(value=outputs[0] if len(outputs) == 1 else ast.Tuple(elts=outputs, ctx=ast.Load())))
        holder = fresh.name("saved")
        seed = [body.seed] if plan.result_active else []
        half = simplified(_reverse_half(plan.reverse, holder, saved, seed, back), known)
        if len(saved) != 1 or holder not in loads(half.body):
            back = half.body[len(saved) > 1 :]
            needed = set(loads(back))
            if not needed >= set(saved):  # the same without what turns out not to be needed
                saved = [n for n in saved if n in needed]
                half = _reverse_half(plan.reverse, holder, saved, seed, back)
                if len(saved) == 1 and core.is_temporary(saved[0]):
                    half = simplified(half, known)  # what is saved may be read where it is given
        held = {copy: n for n, copy in given.items()}
        return half, [held.get(n, n) for n in saved]

    def forward_half(
        self, plan: CallPlan, body: Body, given: Sequence[str], saved: Sequence[str], guards: Sequence[ast.stmt]
    ) -> ast.FunctionDef:
        value = body.result if body.result is not None else ast.Constant(value=None)
        shadow_out: list[ast.expr] = []
        stmts = list(body.forward)
        if plan.returns_shadow:
            if isinstance(value, ast.Name) and body.context.regimes.regime(value.id) == SHADOW:
                shadow_out.append(load(body.context.bar(value.id)))
            else:  # an inactive result, into which the caller stores active values
                stmts.append(assign(body.context.fresh.name("y"), value))
                value = load(stored(stmts[-1:])[0])
                shadow_out.append(helper("zeros_mirror", value))
        pack: ast.expr = ast.Tuple(elts=[load(n) for n in saved], ctx=ast.Load())
        if len(saved) == 1:
            pack = load(saved[0])
        elif not saved:
            pack = ast.Constant(value=None)
        result = ast.Tuple(elts=[value, *shadow_out, pack], ctx=ast.Load())
        sure = surely_bound(body.forward) | set(given)
        unset: Stmts = [assign(n, ast.Constant(value=None)) for n in saved if n not in sure]
        stmts = [*body.docstring, *guards, *unset, *stmts, ast.Return(value=result)]
        return function(plan.forward, given, stmts)


def _copies(given: Mapping[str, str]) -> Stmts:
    """Return what makes tapes of those that are given: a reverse half uses up none of its arguments."""
    return [
        assign(tape, ast.Call(func=core.ref("builtins.list"), args=[load(held)], keywords=[]))
        for tape, held in given.items()
    ]


def _reverse_half(
    name: str, holder: str, saved: Sequence[str], seed: Sequence[str], back: Sequence[ast.stmt]
) -> ast.FunctionDef:
    """Return a reverse half: it takes one saved value under its own name, several as a tuple."""
    if len(saved) == 1 and not core.is_temporary(saved[0]):
        return function(name, [*saved, *seed], back)
    if len(saved) == 1:
        return function(name, [holder, *seed], [assign(saved[0], load(holder)), *back])
    if not saved:
        return function(name, [holder, *seed], back)
    target = ast.Tuple(elts=[ast.Name(id=n, ctx=ast.Store()) for n in saved], ctx=ast.Store())
    return function(name, [holder, *seed], [ast.Assign(targets=[target], value=load(holder)), *back])


def require_index(names: Sequence[str]) -> ast.stmt:
    """Return the guard that refuses what finds more than one member."""
    return ast.Expr(value=helper("require_index", ast.Constant(value=", ".join(names)), *map(load, names)))


def require_members(name: str, depth: int) -> ast.stmt:
    """Return the guard of an argument whose members, `depth` subscripts down, are taken for numbers."""
    return ast.Expr(value=helper("require_members", ast.Constant(value=name), load(name), number(depth)))


def context_zero(name: str, kind: Kind) -> ast.expr:
    """Return a zeroed adjoint buffer for an array parameter."""
    if is_inexact(kind):
        return ast.Call(func=core.ref("numpy.zeros_like"), args=[load(name)], keywords=[])
    return helper("zeros_like", load(name))


def _may_write(node: ast.AST) -> bool:
    if isinstance(node, (ast.Subscript, ast.Attribute)):
        method = isinstance(node, ast.Attribute) and node.attr in WRITING_METHODS
        return method or not isinstance(node.ctx, ast.Load)
    writer = isinstance(node, ast.Call) and core.qualname(node.func) in core.WRITERS
    return writer or isinstance(node, ast.AugAssign) or isinstance(node, ast.keyword) and node.arg == "out"
