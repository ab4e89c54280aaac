"""One function in reverse mode: from its tree to the two sweeps, not yet put into functions of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from sct import core
from sct.analysis import keys
from sct.analysis.binding import assigned_names
from sct.analysis.kinds import UNKNOWN, Kind
from sct.analysis.labels import refuse_keys
from sct.analysis.lifetimes import read_at_entry
from sct.analysis.managers import refuse_managers
from sct.analysis.precision import meets_doubles
from sct.analysis.program import Analysis, Analyst
from sct.analysis.shift import cancelled
from sct.analysis.targets import refuse_places
from sct.errors import Refused, span_of
from sct.frontend.flatten import Flat, flatten
from sct.frontend.inline import inlined
from sct.frontend.lift import Program, Routine
from sct.frontend.lower import lower
from sct.frontend.mappings import mapped
from sct.frontend.plain import plain
from sct.frontend.structure import Fresh, structure
from sct.modes.choice import Costly, count
from sct.modes.log import Fired, Saved
from sct.modes.reverse.adjoint import AdjointBuilder
from sct.modes.reverse.context import Calls, Context
from sct.modes.reverse.forms import may_be_list
from sct.modes.reverse.grouping import collapse
from sct.modes.reverse.guards import answered, guard, with_copy_guards
from sct.modes.reverse.inner import with_inner_names
from sct.modes.reverse.nodes import Node, Step, backward, helper, loads, number, stored
from sct.modes.reverse.regimes import SHADOW, Regimes, regimes
from sct.modes.reverse.rename import rebound, rename, straight_saves
from sct.modes.reverse.restoring import with_restores
from sct.modes.reverse.saving import Saving, is_restored
from sct.modes.reverse.signature import (
    all_names,
    printed,
    replace_body,
)
from sct.modes.reverse.sweeps import Sweeps
from sct.modes.reverse.webs import split
from sct.modes.reverse.writing import Writing
from sct.nodes import assign, load
from sct.simplify import trees
from sct.walk import equal, parameters
from sct.walk import names as names_in

Product = Literal["vjp", "grad", "value_and_grad"]
Stmts = list[ast.stmt]

#: Helpers that code for numbers would not need.
FOR_ARRAYS = tuple("unbroadcast save add accumulate_at require_float require_numbers zeros_mirror finish".split())


@dataclass(frozen=True)
class Wanted:
    """What an entry returns."""

    name: str
    product: Product
    wrt: tuple[str, ...]
    bare: bool


@dataclass
class Body:
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
    tapes: tuple[str, ...]
    nodes: Sequence[Node]
    saving: Saving
    saved: Sequence[Saved]
    fired: Fired
    settings: list[ast.expr] = field(default_factory=list)  # of NumPy's error state

    def restores_result(self) -> bool:
        """Say whether the reverse sweep takes back what was written into the memory of the result."""
        names = loads([value for value in (self.result, self.returned) if value is not None])
        return any(is_restored(n, self.restored, self.context.analysis.alias) for n in names)


def known_at_end(context: Context, name: str, kind: Kind) -> Kind:
    """Return what is known of a parameter where the function returns: its uses may have shown that it is an array."""
    if kind.what != "unknown" or name in assigned_names(context.flat.node.body):
        return kind
    found = context.analysis.facts.end.get(name, kind)
    return found if found.what == "array" else kind


class BodyMaker(Calls):
    """Makes bodies; the compiler, which is one, plans the calls that it meets.

    `most` helpers for arrays may be in the code of an entry, if it is not None.
    """

    program: Program
    analyst: Analyst
    most: int | None
    numbers = False

    def flattened(
        self,
        routine: Routine,
        node: ast.FunctionDef,
        fresh: Fresh,
        kinds: Mapping[str, Kind],
        wrt: Sequence[str],
        refuse: Callable[[ast.AST, str, str], NoReturn],
    ) -> Flat:
        """Return a function without jumps in single operations."""
        analysis = self.analyst.analyse(node, kinds, wrt)
        together = mapped(node, analysis.activity)
        if together is not node:
            node, analysis = together, self.analyst.analyse(together, kinds, wrt)
        refuse_managers(node, analysis.facts, refuse)
        refuse_places(node, refuse)
        refuse_keys(node, analysis.activity, wrt, self.analyst, refuse)
        varied = analysis.activity.varied
        asking = keys.guarded(node, analysis.facts, lambda name: name in varied)
        if asking is not node:
            node, analysis = asking, self.analyst.analyse(asking, kinds, wrt)
        for _ in range(6):
            lowered = lower(node, analysis, fresh, refuse)
            if equal(lowered, node):
                break
            node = lowered
            analysis = self.analyst.analyse(node, kinds, wrt)
        once = self.called_once(node, analysis, fresh)
        if once is not node:
            node, analysis = once, self.analyst.analyse(once, kinds, wrt)
        shorter = inlined(node, routine, self.program, analysis.facts, fresh)
        if shorter is not node:
            node, analysis = shorter, self.analyst.analyse(shorter, kinds, wrt)
        changing = self.analyst.changed_globals()
        return flatten(node, analysis.activity, fresh, refuse, self.analyst.effects, changing, self.analyst.acts)

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
    ) -> Body:
        def refuse(where: ast.AST, reason: str, advice: str) -> NoReturn:
            place = where if hasattr(where, "lineno") else routine.function.node
            raise Refused(reason, span_of(routine.function.module, place), advice)

        docstring: Stmts = []
        if ast.get_docstring(node, clean=False) is not None:
            docstring = [node.body[0]]
            node = replace_body(node, node.body[1:])
        names = names_in(node) | set(parameters(node))
        fresh = Fresh({n for n in names if ":" not in n} | {printed(n) for n in names if ":" in n})
        node, settings = self.plainer(node, fresh, kinds, wrt)
        flat = self.flattened(routine, structure(node, fresh), fresh, kinds, wrt, refuse)
        if returns_shadow:
            flat = name_result(flat, fresh)
        base = set(fresh.used)
        analysis, analysed = self.analyst.analyse(flat.node, kinds, wrt), flat
        flat = split(flat, analysis, base)
        if flat is not analysed:
            analysis, analysed = self.analyst.analyse(flat.node, kinds, wrt), flat
        if again := rebound(flat, analysis):
            flat = rename(flat, again, base)
        asked: set[tuple[str, ast.stmt | None]] = set()
        for attempt in range(12):
            fresh = Fresh(base)
            if flat is not analysed:
                analysis, analysed = self.analyst.analyse(flat.node, kinds, wrt), flat
            analysis.activity.without(cancelled(flat.node, analysis.facts))
            chosen = regimes(flat.node, analysis, shadowed, self.analyst.effects, returns_shadow)
            chosen.asked.update(asked)
            guarded = guard(flat, analysis, chosen, shadowed, self.analyst.effects, self.numbers)
            if guarded is not None and attempt < 11:
                flat, asked = guarded, chosen.asked
                continue
            if guarded is not None:
                refuse(node, "what the names in it stand for cannot be told", "Annotate its parameters.")
            lean = with_inner_names(flat, analysis, chosen, fresh.temporary)
            if lean is not flat and attempt < 11:
                flat, base = lean, base | fresh.used
                continue
            lean = with_restores(answered(flat, analysis), analysis, refuse)
            if lean is flat:
                lean = with_copy_guards(flat, analysis, self.analyst.effects)
            if lean is not flat and attempt < 11:
                flat = lean
                continue
            done = self.stages(
                flat, analysis, chosen, fresh, kinds, wrt, shadowed, returns_shadow, wanted, refuse, unseeded
            )
            if wanted is not None and self.most is not None:
                if count((s for node in done[1] for s in backward(node)), FOR_ARRAYS) > self.most:
                    raise Costly
            straight = straight_saves(done[1], flat.node, analysis)
            if not straight or attempt == 11:
                break
            flat = rename(flat, straight, base)
        body = self.finish(routine, flat, done, kinds, wrt, shadowed, wanted)
        body.docstring = docstring
        body.settings = settings
        return body

    def plainer(
        self, node: ast.FunctionDef, fresh: Fresh, kinds: Mapping[str, Kind], wrt: Sequence[str]
    ) -> tuple[ast.FunctionDef, list[ast.expr]]:
        """Return a function in plain statements, and the settings under which it has to run."""

        known: list[Analysis] = []

        def analysis() -> Analysis:
            if not known:
                known.append(self.analyst.analyse(node, kinds, wrt))
            return known[0]

        def varied() -> Collection[str]:
            return analysis().activity.varied

        def kind(stmt: ast.stmt, expr: ast.expr) -> Kind:
            return analysis().facts.kind(stmt, expr)

        return plain(node, fresh, self.analyst.only_computes, self.program, varied, kind)

    def called_once(self, node: ast.FunctionDef, analysis: Analysis, fresh: Fresh) -> ast.FunctionDef:
        """Return a function whose calls get what they write under one name, and augment nothing that they write."""
        writing = Writing(self.program, lambda key: self.analyst.effects(key).written, analysis, fresh)
        return writing.function(node)

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
        every = list(dict.fromkeys([*parameters(flat.node), *all_names(flat.node)]))
        bars = {name: fresh.name(f"{name}_bar") for name in every}

        context = Context(flat, analysis, chosen, fresh, bars, self, kinds, self.analyst.effects, refuse)
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
        self.close(context, builder, kinds, [n for n in wrt if n not in shadowed], wanted is not None)
        nodes.insert(0, Step(None, None, [], backward=last))
        nodes = collapse(nodes, analysis.facts)
        hidden = [bars[n] for n in every if chosen.regime(n) != SHADOW]
        if wanted is None:
            hidden.append(seed)
        kept = [n for n in parameters(flat.node) if analysis.alias.is_written(n)] if wanted is None else []
        kept += [bars[n] for n in wrt if chosen.regime(n) == SHADOW and n not in shadowed]  # they are returned
        saving = Saving(analysis.alias, analysis.facts, [*hidden, seed], kept)
        saving.run(nodes)
        result = value if not tail else load(stored(tail)[0])
        return builder, nodes, saving, context, result, seed

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
                adding = _add(context.bar(name), load(seed))
                if result_kind(context).what not in ("scalar", "array"):
                    adding = ast.Expr(value=helper("accumulate", load(context.bar(name)), load(seed)))
                return seed, [adding], []
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
            builder.stmt = context.flat.node.body[-1]
            for member, share in seeds_of(value, load(seed), varied):
                builder.contribute(member, helper("save", share) if context.regimes.buffered(member) else share)
            name = context.fresh.name("y")
            return seed, first, [assign(name, value)]
        return seed, [], []

    def _refuse_buffer_result(self, context: Context, builder: AdjointBuilder, name: str) -> Stmts:
        # A result whose parts are read or written is no number: the gradient's check of its result raises.
        builder.live[name] = helper("like", number(1.0), load(name))
        return []

    def close(
        self, context: Context, builder: AdjointBuilder, kinds: Mapping[str, Kind], wrt: Sequence[str], entry: bool
    ) -> None:
        """Leave the adjoint of each independent in its own variable, shared with nothing, in its precision."""
        kinds = {name: known_at_end(context, name, kinds.get(name, UNKNOWN)) for name in wrt}
        wide = entry and meets_doubles(context.flat.node, self.program)
        nothing: set[str] = set()  # independents on which the result does not depend
        read = read_at_entry(context.flat.node)
        for name in wrt:
            # What is never read was not checked to be the scalar that it is taken for.
            kind = kinds.get(name, UNKNOWN)
            kind = kind if name in read or kind.what == "array" else UNKNOWN
            own = context.bar(name)
            if not builder.is_live(name):
                zero = builder.zero(name, kind)
                typed = kind.what in ("scalar", "array") or context.regimes.buffered(name)
                builder.emit(assign(own, zero if typed else helper("finish", zero, load(name))))
                builder.live[name] = load(own)
                nothing.add(name)
        returned: set[str] = set()
        for name in [n for n in wrt if n not in nothing or context.regimes.buffered(n)]:
            kind = kinds.get(name, UNKNOWN)
            own = context.bar(name)
            value = builder.adjoint(name)
            if context.regimes.buffered(name):
                if kind.what not in ("scalar", "array"):
                    builder.out.append(assign(own, helper("finish", value, load(name))))
                elif wide and kind.what == "array" and name in builder.begun:
                    builder.out.append(assign(own, helper("astype_like", load(own), load(name))))
                continue
            if kind.what != "array" and self.may_differ(context, builder, name, value, kind):
                builder.emit(assign(own, helper("finish", value, load(name))))
                value = builder.live[name] = load(own)
            if kind.what == "scalar":
                continue
            # Of several gradients that may share memory, all but the first are copied.
            roots = builder.may_share(value)
            if wide or roots & returned:
                named = isinstance(value, ast.Name) and not roots & returned
                if not named:
                    builder.out.append(assign(own, helper("save", value) if roots & returned else value))
                    value = load(own)
                if wide:
                    builder.out.append(assign(own, helper("astype_like", value, load(name))))
                builder.live[name] = load(own)
            returned |= roots

    def may_differ(self, context: Context, builder: AdjointBuilder, name: str, value: ast.expr, kind: Kind) -> bool:
        """Say whether the adjoint of an independent may have another form than the independent."""
        if builder.may_be_bare(value):
            return True
        if kind.what == "scalar":
            return False
        if builder.may_be_container(value):
            return not builder.has_types(value)
        return kind.what in ("list", "tuple", "dict") or kind.what == "unknown" and may_be_list(context.flat.node, name)

    def own_names(
        self, context: Context, backward: Stmts, adjoints: dict[str, ast.expr], stands_for: Mapping[str, str]
    ) -> Stmts:
        """Give the adjoint of a temporary that is that of the user's variable too the name of the latter's."""
        bound = set(stored(backward))
        used = set(loads(backward)) | bound
        new: dict[str, str] = {}
        pairs = [(value.id, context.bar(name)) for name, value in adjoints.items() if isinstance(value, ast.Name)]
        for temporary, own in [*pairs, *stands_for.items()]:
            if "%" in temporary and temporary in bound and own not in {*used, *new.values()}:
                new.setdefault(temporary, own)
        if not new:
            return backward

        def visit(node: ast.AST, _: ast.AST) -> ast.AST:
            renamed = isinstance(node, ast.Name) and node.id in new
            return ast.Name(id=new[node.id], ctx=node.ctx) if renamed else node  # type: ignore[attr-defined]

        for name, value in adjoints.items():
            adjoints[name] = trees.rewrite(value, visit)
        return [trees.rewrite(stmt, visit) for stmt in backward]

    def finish(
        self,
        routine: Routine,
        flat: Flat,
        done: tuple[AdjointBuilder, list[Node], Saving, Context, ast.expr | None, str],
        kinds: Mapping[str, Kind],
        wrt: Sequence[str],
        shadowed: Sequence[str],
        wanted: Wanted | None,
    ) -> Body:
        builder, nodes, saving, context, result, seed = done
        shadows = [n for n in parameters(flat.node) if context.regimes.regime(n) == SHADOW]
        bound = [*parameters(flat.node), *(context.bar(n) for n in [*shadowed, *shadows])]
        sweeps = Sweeps(context, bound, saving)
        forward, backward = sweeps.run(nodes)
        adjoints: dict[str, ast.expr] = {}
        for name in wrt:
            adjoints[name] = builder.adjoint(name)
        backward = self.own_names(context, backward, adjoints, builder.stands_for)
        returned = flat.node.body[-1] if flat.node.body else None
        return Body(
            context,
            forward,
            backward,
            result,
            seed,
            adjoints,
            saving.restored,
            set(),
            [],
            result_kind(context),
            returned.value if isinstance(returned, ast.Return) else None,
            tuple(sweeps.tapes.values()),
            nodes,
            saving,
            sweeps.saved,
            builder.fired,
        )


def name_result(flat: Flat, fresh: Fresh) -> Flat:
    """Return a function that returns a name where it returned a display: it is the name that has a shadow."""
    *before, last = flat.node.body
    if not isinstance(last, ast.Return) or not isinstance(last.value, (ast.Tuple, ast.List, ast.Dict)):
        return flat
    name = fresh.temporary()
    bound, returned = assign(name, last.value), ast.Return(value=load(name))
    origin = dict(flat.origin)
    if last in origin:
        origin[bound] = origin[returned] = origin[last]
    return Flat(replace_body(flat.node, [*before, bound, returned]), origin)


def result_kind(context: Context) -> Kind:
    """Return what is known of what a function returns."""
    body = context.flat.node.body
    if body and isinstance(body[-1], ast.Return) and body[-1].value is not None:
        return context.analysis.facts.kind(body[-1], body[-1].value)
    return UNKNOWN


def _add(bar: str, value: ast.expr) -> ast.stmt:
    return ast.AugAssign(target=ast.Name(id=bar, ctx=ast.Store()), op=ast.Add(), value=value)


def seeds_of(value: ast.Tuple, seed: ast.expr, varied: Collection[str]) -> list[tuple[str, ast.expr]]:
    """Return the active names in a tuple that is returned, each with its part of the seed."""
    out: list[tuple[str, ast.expr]] = []
    for position, member in enumerate(value.elts):
        part = ast.Subscript(value=seed, slice=number(position), ctx=ast.Load())
        if isinstance(member, ast.Tuple):
            out += seeds_of(member, part, varied)
        elif isinstance(member, ast.Name) and member.id in varied:
            out.append((member.id, part))
    return out
