"""Reverse mode.

In: a first-order routine, its independents and what is wanted. Out: function definitions, the entry last. The entry
holds both sweeps; a function that it calls is split into ``g_forward``, which returns the value and what it saved,
and ``g_reverse``, which takes that and the adjoint of the value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NoReturn

from sct import core
from sct.analysis.assume import Assumptions
from sct.analysis.infer import assigned_names
from sct.analysis.kinds import NO_AXES, UNKNOWN, Kind, Shape
from sct.analysis.program import Analysis, Analyst, parameters
from sct.errors import Refused, span_of
from sct.frontend.flatten import Flat, flatten
from sct.frontend.lift import Program, Routine
from sct.frontend.lower import lower
from sct.frontend.structure import Fresh, structure
from sct.modes.adjoint import AdjointBuilder, CallPlan, Context
from sct.modes.finish import Knowledge, know, tidy
from sct.modes.guards import guard
from sct.modes.nodes import Node, Step, assign, free_loads, helper, load, loads, number, stored
from sct.modes.regimes import SHADOW, Regimes, regimes
from sct.modes.rename import rename, straight_saves
from sct.modes.saving import Saving, collapse
from sct.modes.sweeps import Sweeps, put_back
from sct.walk import equal, walk
from sct.walk import names as names_in

Product = Literal["vjp", "grad", "value_and_grad"]
Stmts = list[ast.stmt]


@dataclass(frozen=True)
class Wanted:
    """What an entry returns."""

    name: str
    product: Product
    wrt: tuple[str, ...]
    bare: bool


def derive(
    routine: Routine,
    program: Program,
    analyst: Analyst,
    assumptions: Assumptions,
    wanted: Wanted,
    taken: frozenset[str],
) -> tuple[ast.FunctionDef, ...]:
    """Return the derivative of an entry, with the helpers that it needs in front."""
    compiler = _Compiler(program, analyst, set(taken) | {wanted.name})
    entry = compiler.entry(routine, assumptions, wanted)
    return tuple(tidy(f, compiler.knowledge[f.name]) for f in (*compiler.functions, entry))


@dataclass
class _Body:
    """One function, ready to be put together."""

    context: Context
    forward: Stmts
    backward: Stmts
    result: ast.expr | None
    seed: str
    adjoints: dict[str, ast.expr]
    restored: set[str]
    shared: set[str]
    docstring: Stmts
    result_kind: Kind
    returned: ast.expr | None


@dataclass
class _Compiler:
    program: Program
    analyst: Analyst
    taken: set[str]
    functions: list[ast.FunctionDef] = field(default_factory=list)
    plans: dict[tuple[object, ...], CallPlan] = field(default_factory=dict)
    knowledge: dict[str, Knowledge] = field(default_factory=dict)

    # Entries.

    def entry(self, routine: Routine, assumptions: Assumptions, wanted: Wanted) -> ast.FunctionDef:
        body = self.body(routine, routine.node, assumptions.kinds, wanted.wrt, (), False, wanted)
        node = routine.node
        forward = [*self.guards(body, assumptions, node), *body.forward]
        backward = body.backward
        value = body.result
        if wanted.product != "grad" and value is not None:
            forward, value = self.snapshot_result(body, forward, value)
        finals: Stmts = []
        for name in parameters(node):
            if body.context.analysis.alias.find(name) in body.restored:
                kept = body.context.fresh.name(f"{name}_final")
                kind = assumptions.kinds.get(name, UNKNOWN)
                given = name
                if name in stored([*forward, *backward]):
                    given = body.context.fresh.name(f"{name}_given")
                    forward.insert(0, assign(given, load(name)))
                forward.append(assign(kept, helper("save", load(given))))
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
            args = _with_seed(args, body.seed)
        self.knowledge[wanted.name] = know(body.context.analysis, body.context.bars)
        made = ast.FunctionDef(
            name=wanted.name, args=args, body=stmts, decorator_list=[], returns=None, type_comment=None
        )
        if "type_params" in ast.FunctionDef._fields:
            made.type_params = []  # type: ignore[attr-defined]
        return made

    def guards(self, body: _Body, assumptions: Assumptions, node: ast.FunctionDef) -> Stmts:
        """Return the lines at the entry that refuse what the code was not generated for."""
        out: Stmts = []
        reads = set(loads([*body.forward, *body.backward]))
        scalars = [n for n in assumptions.scalars if n in reads]
        if scalars:
            text = ast.Constant(value=", ".join(scalars))
            out.append(ast.Expr(value=helper("require_scalar", text, *(load(n) for n in scalars))))
        for name, depth in assumptions.members:
            out.append(ast.Expr(value=helper("require_members", ast.Constant(value=name), load(name), number(depth))))
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
        if written and len(written) + len(others) > 1:
            kinds = [assumptions.kinds.get(n, UNKNOWN).what for n in written]
            if any(k in ("array", "unknown") for k in kinds):
                names = [*written, *others]
                text = ast.Constant(value=", ".join(names))
                out.append(ast.Expr(value=helper("require_distinct", text, *(load(n) for n in names))))
        return out

    def snapshot_result(self, body: _Body, forward: Stmts, value: ast.expr) -> tuple[Stmts, ast.expr]:
        """Keep a result that the reverse sweep would take back or write to."""
        alias = body.context.analysis.alias
        rebound = set(stored(body.backward))
        names = [*loads([value]), *loads([body.returned] if body.returned is not None else [])]
        if any(alias.find(n) in body.restored for n in names):
            value = helper("save", value)
        elif not rebound & set(names):
            return forward, value
        kept = body.context.fresh.name("value")
        return [*forward, assign(kept, value)], load(kept)

    def seeding(self, body: _Body, wanted: Wanted, value: ast.expr | None) -> Stmts:
        shown = body.result if body.result is not None else ast.Constant(value=None)
        if wanted.product == "vjp":
            if body.result_kind.what == "scalar":
                return []
            checked = helper("check_seed", ast.Constant(value=body.seed), load(body.seed), value or shown)
            return [assign(body.seed, checked)]
        if body.result_kind.what == "scalar" and body.result_kind.dtype != "complex":
            return []
        return [ast.Expr(value=helper("require_scalar_result", ast.Constant(value=wanted.name), shown))]

    # Helpers.

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
        kinds = [_canonical(k) for k in kinds]
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
        )
        self.plans[memo] = plan
        self.split(routine, dict(zip(names, kinds, strict=True)), plan, names)
        return plan

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

    def split(self, routine: Routine, kinds: Mapping[str, Kind], plan: CallPlan, names: Sequence[str]) -> None:
        wrt = [names[i] for i in plan.active]
        shadowed = [names[i] for i in plan.shadows]
        unseeded = not plan.result_active
        body = self.body(routine, routine.node, kinds, [*wrt, *shadowed], shadowed, plan.returns_shadow, None, unseeded)
        context = body.context
        self.knowledge[plan.forward] = self.knowledge[plan.reverse] = know(context.analysis, context.bars)
        value = body.result if body.result is not None else ast.Constant(value=None)
        given = [*names, *(context.bar(n) for n in shadowed)]
        shadow_out: list[ast.expr] = []
        if plan.returns_shadow:
            assert isinstance(body.result, ast.Name)
            shadow_out.append(load(context.bar(body.result.id)))
        bound = set(stored(body.forward)) | set(given)
        saved = [n for n in free_loads_deep(body.backward) if n in bound and n != body.seed]
        # What the reverse half reads under the name of its seed was bound by the forward half.
        pack: ast.expr = ast.Tuple(elts=[load(n) for n in saved], ctx=ast.Load())
        if len(saved) == 1:
            pack = load(saved[0])
        elif not saved:
            pack = ast.Constant(value=None)
        result = ast.Tuple(elts=[value, *shadow_out, pack], ctx=ast.Load())
        sure = surely_bound(body.forward) | set(given)
        unset: Stmts = [assign(n, ast.Constant(value=None)) for n in saved if n not in sure]
        forward = [*body.docstring, *unset, *body.forward, ast.Return(value=result)]
        self.functions.append(_function(plan.forward, given, forward))
        holder = saved[0] if len(saved) == 1 else context.fresh.name("saved")
        unpack: Stmts = []
        if len(saved) > 1:
            target = ast.Tuple(elts=[ast.Name(id=n, ctx=ast.Store()) for n in saved], ctx=ast.Store())
            unpack = [ast.Assign(targets=[target], value=load(holder))]
        outputs = [body.adjoints[n] for n in wrt]
        back: Stmts = [*unpack, *body.backward]
        if outputs:
            answer = outputs[0] if len(outputs) == 1 else ast.Tuple(elts=outputs, ctx=ast.Load())
            back.append(ast.Return(value=answer))
        self.functions.append(_function(plan.reverse, [holder, *([body.seed] if plan.result_active else [])], back))

    # One function.

    def body(
        self,
        routine: Routine,
        node: ast.FunctionDef,
        kinds: Mapping[str, Kind],
        wrt: Sequence[str],
        shadowed: Sequence[str],
        returns_shadow: bool,
        wanted: Wanted | None,
        unseeded: bool = False,
    ) -> _Body:
        def refuse(where: ast.AST, reason: str, advice: str) -> NoReturn:
            place = where if hasattr(where, "lineno") else routine.function.node
            raise Refused(reason, span_of(routine.function.module, place), advice)

        docstring: Stmts = []
        if ast.get_docstring(node, clean=False) is not None:
            docstring = [node.body[0]]
            node = replace_body(node, node.body[1:])
        names = names_in(node) | set(parameters(node))
        fresh = Fresh({n for n in names if ":" not in n} | {_printed(n) for n in names if ":" in n})
        node = structure(node, fresh)
        analysis = self.analyst.analyse(node, kinds, wrt)
        for _ in range(6):
            lowered = lower(node, analysis.activity, fresh, refuse)
            if equal(lowered, node):
                break
            node = lowered
            analysis = self.analyst.analyse(node, kinds, wrt)
        flat = flatten(node, analysis.activity, fresh, refuse)
        base = set(fresh.used)
        asked: set[tuple[str, ast.stmt | None]] = set()
        for attempt in range(12):
            fresh = Fresh(base)
            analysis = self.analyst.analyse(flat.node, kinds, wrt)
            chosen = regimes(
                flat.node, analysis, shadowed, lambda key: self.analyst.effects(key).written, returns_shadow
            )
            chosen.asked.update(asked)
            guarded = guard(flat, analysis, chosen, shadowed)
            if guarded is not None and attempt < 6:
                flat, asked = guarded, chosen.asked
                continue
            done = self.stages(
                flat, analysis, chosen, fresh, kinds, wrt, shadowed, returns_shadow, wanted, refuse, unseeded
            )
            straight = straight_saves(done[1], flat.node, analysis)
            if not straight or attempt == 11:
                break
            flat = rename(flat, straight, base)
        body = self.finish(routine, flat, done, kinds, wrt, shadowed, wanted)
        body.docstring = docstring
        return body

    def stages(
        self,
        flat: Flat,
        analysis: Analysis,
        chosen: Regimes,
        fresh: Fresh,
        kinds: Mapping[str, Kind],
        wrt: Sequence[str],
        shadowed: Sequence[str],
        returns_shadow: bool,
        wanted: Wanted | None,
        refuse: Callable[[ast.AST, str, str], NoReturn],
        unseeded: bool,
    ) -> tuple[AdjointBuilder, list[Node], Saving, Context, ast.expr | None, str]:
        every = list(dict.fromkeys([*parameters(flat.node), *_all_names(flat.node)]))
        bars = {name: fresh.name(f"{name}_bar") for name in every}

        def writes(key: str) -> frozenset[int]:
            return self.analyst.effects(key).written

        context = Context(flat, analysis, chosen, fresh, bars, self, kinds, writes, refuse)
        builder = AdjointBuilder(context)
        stmts = list(flat.node.body)
        returned = stmts.pop() if stmts and isinstance(stmts[-1], ast.Return) else None
        value = returned.value if isinstance(returned, ast.Return) else None
        seed, first, tail = self.seed(context, builder, value, wanted, unseeded)
        builder.out = first
        nodes = builder.block(stmts)
        if tail or first:
            nodes.append(Step(None, None, tail, backward=first, kills=tuple(stored(tail))))
        last: Stmts = []
        builder.out = last
        builder.stmt = stmts[0] if stmts else ast.Pass()
        self.close(context, builder, kinds, [n for n in wrt if n not in shadowed])
        nodes.insert(0, Step(None, None, self.shadow_guards(context, wanted), backward=last))
        nodes = collapse(nodes)
        hidden = [bars[n] for n in every if chosen.regime(n) != SHADOW]
        if wanted is None:
            hidden.append(seed)
        kept = [n for n in parameters(flat.node) if analysis.alias.is_written(n)] if wanted is None else []
        saving = Saving(analysis.alias, analysis.facts, [*hidden, seed], kept)
        saving.run(nodes)
        result = value if not tail else load(stored(tail)[0])
        return builder, nodes, saving, context, result, seed

    def shadow_guards(self, context: Context, wanted: Wanted | None) -> Stmts:
        return []

    def seed(
        self,
        context: Context,
        builder: AdjointBuilder,
        value: ast.expr | None,
        wanted: Wanted | None,
        unseeded: bool,
    ) -> tuple[str, Stmts, Stmts]:
        """Give the result its adjoint; return its name, the first adjoint statements and the last forward ones."""
        varied = context.analysis.activity.varied
        if unseeded:
            return "", [], []  # the caller adds to the shadow itself, or does not use the result
        constant = wanted is not None and wanted.product != "vjp"
        if isinstance(value, ast.Name) and value.id in varied:
            name = value.id
            regime = context.regimes.regime(name)
            if constant:
                if context.regimes.buffered(name):
                    return "", [], self._refuse_buffer_result(context, builder, name)
                builder.live[name] = number(1.0)
                return "", [], []
            if regime == SHADOW:
                seed = context.fresh.name(f"{name.lstrip('%')}_seed")
                return seed, [_add(context.bar(name), load(seed))], []
            seed = context.bar(name)
            if core.is_temporary(name):
                seed = context.fresh.name("y_bar")
            builder.live[name] = load(seed)
            copied: Stmts = []
            if wanted is None and context.regimes.buffered(name):
                copied = [assign(context.bar(name), helper("save", load(seed)))]
                builder.live[name] = load(context.bar(name))
            return seed, copied, []
        seed = context.fresh.name("y_bar")
        if isinstance(value, ast.Tuple):
            first: Stmts = []
            builder.out = first
            for position, member in enumerate(value.elts):
                if isinstance(member, ast.Name) and member.id in varied:
                    part = ast.Subscript(value=load(seed), slice=number(position), ctx=ast.Load())
                    share: ast.expr = part
                    if context.regimes.buffered(member.id):
                        builder.stmt = ast.Pass()
                        share = helper("save", part)
                    builder.contribute(member.id, share)
            name = context.fresh.name("y")
            return seed, first, [assign(name, value)]
        return seed, [], []

    def _refuse_buffer_result(self, context: Context, builder: AdjointBuilder, name: str) -> Stmts:
        # A result whose parts are read or written is no number: the gradient's check of its result raises.
        builder.live[name] = helper("like", number(1.0), load(name))
        return []

    def close(self, context: Context, builder: AdjointBuilder, kinds: Mapping[str, Kind], wrt: Sequence[str]) -> None:
        """Leave the adjoint of each independent in its own variable, shared with nothing."""
        read = {n.id for n in walk(context.flat.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for name in wrt:
            # What is never read was not checked to be the scalar that it is taken for.
            kind = kinds.get(name, UNKNOWN) if name in read else UNKNOWN
            own = context.bar(name)
            if not builder.is_live(name):
                builder.emit(assign(own, builder.zero(name, kind)))
                builder.live[name] = load(own)
                continue
        returned: set[str] = set()
        for name in wrt:
            kind = kinds.get(name, UNKNOWN)
            own = context.bar(name)
            value = builder.adjoint(name)
            if context.regimes.buffered(name):
                if kind.what not in ("scalar", "array"):
                    builder.out.append(assign(own, helper("finish", value, load(name))))
                continue
            if kind.what == "scalar":
                continue
            # Of several gradients that may share memory, all but the first are copied.
            roots = builder.may_share(value)
            if roots & returned:
                builder.out.append(assign(own, helper("save", value)))
                builder.live[name] = load(own)
            returned |= roots

    def finish(
        self,
        routine: Routine,
        flat: Flat,
        done: tuple[AdjointBuilder, list[Node], Saving, Context, ast.expr | None, str],
        kinds: Mapping[str, Kind],
        wrt: Sequence[str],
        shadowed: Sequence[str],
        wanted: Wanted | None,
    ) -> _Body:
        builder, nodes, saving, context, result, seed = done
        shadows = [n for n in parameters(flat.node) if context.regimes.regime(n) == SHADOW]
        bound = [*parameters(flat.node), *(context.bar(n) for n in [*shadowed, *shadows])]
        sweeps = Sweeps(context, bound, saving)
        forward, backward = sweeps.run(nodes)
        adjoints: dict[str, ast.expr] = {}
        for name in wrt:
            adjoints[name] = builder.adjoint(name)
        facts = context.analysis.facts
        returned = flat.node.body[-1] if flat.node.body else None
        kind = UNKNOWN
        if isinstance(returned, ast.Return) and returned.value is not None:
            kind = facts.kind(returned, returned.value)
        return _Body(
            context,
            forward,
            backward,
            result,
            seed,
            adjoints,
            saving.restored,
            set(),
            [],
            kind,
            returned.value if isinstance(returned, ast.Return) else None,
        )


def context_zero(name: str, kind: Kind) -> ast.expr:
    """Return a zeroed adjoint buffer for an array parameter."""
    if kind.what == "array" and kind.dtype == "float":
        return ast.Call(func=core.ref("numpy.zeros_like"), args=[load(name)], keywords=[])
    return helper("zeros_like", load(name))


def free_loads_deep(stmts: Sequence[ast.stmt], bound: frozenset[str] = frozenset()) -> list[str]:
    """Return the names that statements may read before they bind them, in order."""
    out: dict[str, None] = {}
    known = set(bound)
    for stmt in stmts:
        if isinstance(stmt, ast.If):
            out.update(dict.fromkeys(n for n in loads([stmt.test]) if n not in known))
            for arm in (stmt.body, stmt.orelse):
                out.update(dict.fromkeys(free_loads_deep(arm, frozenset(known))))
        elif isinstance(stmt, (ast.For, ast.While)):
            head = stmt.iter if isinstance(stmt, ast.For) else stmt.test
            out.update(dict.fromkeys(n for n in loads([head]) if n not in known))
            inner = known | (set(stored([stmt.target])) if isinstance(stmt, ast.For) else set())
            out.update(dict.fromkeys(free_loads_deep(stmt.body, frozenset(inner))))
        else:
            out.update(dict.fromkeys(n for n in free_loads([stmt]) if n not in known))
        known |= surely_bound([stmt])
    return list(out)


def surely_bound(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that statements bind whichever way control goes."""
    out: set[str] = set()
    for stmt in stmts:
        if isinstance(stmt, ast.If):
            out |= surely_bound(stmt.body) & surely_bound(stmt.orelse)
        elif not isinstance(stmt, (ast.For, ast.While, ast.With, ast.Try)):
            out |= set(stored([stmt]))
    return out


def replace_body(node: ast.FunctionDef, body: Stmts) -> ast.FunctionDef:
    """Return `node` with another body."""
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body or [ast.Pass()]}
    return ast.copy_location(ast.FunctionDef(**fields), node)


def _function(name: str, params: Sequence[str], body: Stmts) -> ast.FunctionDef:
    args = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(arg=p, annotation=None) for p in params],
        vararg=None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=None,
        defaults=[],
    )
    made = ast.FunctionDef(
        name=name, args=args, body=body or [ast.Pass()], decorator_list=[], returns=None, type_comment=None
    )
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []  # type: ignore[attr-defined]
    return made


def _with_seed(args: ast.arguments, seed: str) -> ast.arguments:
    arg = ast.arg(arg=seed, annotation=None)
    if args.vararg is not None:
        return ast.arguments(
            posonlyargs=args.posonlyargs,
            args=args.args,
            vararg=args.vararg,
            kwonlyargs=[*args.kwonlyargs, arg],
            kw_defaults=[*args.kw_defaults, number(1.0)],
            kwarg=args.kwarg,
            defaults=args.defaults,
        )
    return ast.arguments(
        posonlyargs=args.posonlyargs,
        args=[*args.args, arg],
        vararg=None,
        kwonlyargs=args.kwonlyargs,
        kw_defaults=args.kw_defaults,
        kwarg=args.kwarg,
        defaults=[*args.defaults, number(1.0)],
    )


def _add(bar: str, value: ast.expr) -> ast.stmt:
    return ast.AugAssign(target=ast.Name(id=bar, ctx=ast.Store()), op=ast.Add(), value=value)


def _all_names(node: ast.FunctionDef) -> list[str]:
    out: dict[str, None] = {}
    for name in assigned_names(node.body):
        out[name] = None
    for n in walk(node):
        if isinstance(n, ast.Name) and ":" not in n.id:
            out[n.id] = None
    return list(out)


def _printed(ref: str) -> str:
    """Return the first name that a reference prints as, so that no new variable hides it."""
    qualname, _, spelling = ref.partition(":")
    return (spelling or qualname.lstrip("@=!?").rpartition(".")[2]).partition(".")[0]


def _canonical(kind: Kind) -> Kind:
    """Return a kind without the names of shapes, which mean nothing to the function that is called."""
    shape = kind.shape
    if shape is not None and shape != NO_AXES:
        shape = None if shape.ndim is None else Shape("~arg", shape.ndim)
        if kind.what == "array" and shape is not None:
            shape = None if shape.ndim is None else shape
    items = tuple(_canonical(k) for k in kind.items) if kind.items is not None else None
    element = _canonical(kind.element) if kind.element is not None else None
    return replace(kind, shape=shape, items=items, element=element)
