"""Forward mode: the classic.

In: an entry routine, its program, the independents and what is assumed of the parameters. Out: `derive` returns the
definitions of the derivative, those of functions that it calls first, the entry ``f_jvp`` last. Every primal statement
stays in its place, and its tangent statement follows it (`forward_walk`); which values carry a tangent is decided by
`forward_flow`, what has to become a statement first by `forward_lower`, the tangents of expressions by `forward_expr`.

The entry takes all positional parameters of the function, without defaults, then one tangent for each independent;
keyword-only parameters stay so. It returns value and tangent. A function that is called gets a variant for each set
of active parameters, ``g_jvp(x, y, dx)``, which shares the memory of the tangents that it is given.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn

from sct import core, simplify
from sct.analysis import copies, keys, purity
from sct.analysis.across import canonical
from sct.analysis.activity import Activity
from sct.analysis.aliasing import aliases
from sct.analysis.assume import Assumptions
from sct.analysis.kinds import UNKNOWN, Kind, Shape
from sct.analysis.labels import refuse_keys
from sct.analysis.lists import WRITING_METHODS
from sct.analysis.managers import refuse_managers
from sct.analysis.points import touched
from sct.analysis.program import Analysis, Analyst
from sct.analysis.targets import refuse_places
from sct.errors import Refused, span_of
from sct.frontend.evaluation import renamed
from sct.frontend.lift import Program, Routine
from sct.frontend.mappings import mapped
from sct.frontend.within import swallows
from sct.frontend.writers import with_stores
from sct.modes.choice import Costly, choose, count
from sct.modes.forward.flow import NATIVE, WRITERS, Flow
from sct.modes.forward.lower import lower
from sct.modes.forward.shape import definition, entry_arguments, falls_off, unshared
from sct.modes.forward.store import Variant
from sct.modes.forward.text import number_from_text
from sct.modes.forward.values import zero_of
from sct.modes.forward.walk import Walker
from sct.modes.log import Fired, Log, Made
from sct.modes.sharing import shared
from sct.names import in_use, reserve
from sct.nodes import changed, load, store
from sct.rules.template import helper
from sct.walk import parameters, walk

Block = list[ast.stmt]
_MOST_KINDS = 4


def derive(
    routine: Routine,
    program: Program,
    independents: Sequence[str],
    *,
    options: Sequence[Assumptions] = (Assumptions({}),),
    bare: bool = True,
    taken: Collection[str] = (),
    log: Log | None = None,
) -> tuple[ast.FunctionDef, ...]:
    """Return the forward derivative of an entry, with the helpers that it needs in front."""
    analyst, wanted = Analyst(program), tuple(independents)

    def attempt(assumptions: Assumptions, most: int | None) -> tuple[tuple[ast.FunctionDef, ...], _Compiler]:
        compiler = _Compiler(program, analyst, set(taken), assumptions, options[-1].kinds, most)
        return compiler.entry(routine, wanted), compiler

    # Most code for numbers is right for arrays too, and then it needs no guard, not even where annotations say so.
    numbers = tuple(n for n, k in options[0].kinds.items() if _is_number(k))
    doubted = {n: Kind(shape=Shape(n)) if n in numbers else k for n, k in options[0].kinds.items()}
    guarded = [replace(o, scalars=(*numbers, *o.scalars)) for o in options if o.assumed or numbers]
    functions, compiler = choose((Assumptions(doubted), *guarded), attempt, lambda made: made[0], _FOR_ARRAYS)
    if log is not None:
        log.program, log.analyst = program, analyst
        log.assumptions, log.made = compiler.assumptions, compiler.log
    return functions


def _is_number(kind: Kind) -> bool:
    return kind.what == "scalar" and kind.dtype in ("float", "real", "unknown")


def _writes_in_place(entry: Routine, program: Program) -> bool:
    """Say whether anything that an entry reaches is written in place."""
    seen: set[str] = set()
    todo = [entry.node]
    while todo:
        for node in walk(todo.pop()):
            if (
                isinstance(node, ast.AugAssign)
                or isinstance(node, ast.Subscript)
                and not isinstance(node.ctx, ast.Load)
            ):
                return True
            if isinstance(node, ast.Attribute) and node.attr in WRITING_METHODS or core.qualname(node) in WRITERS:
                return True
            if isinstance(node, ast.Call) and not program.is_user(node.func) and purity.call_effect(node).written:
                return True
            if program.is_user(node) and core.qualname(node) not in seen:
                seen.add(core.qualname(node))
                called = program.followed(core.qualname(node))
                if called is None:
                    return True
                todo.append(called)
    return False


@dataclass
class _Made:
    """A helper: what it is made of and its derivative, once it is written."""

    routine: Routine
    variant: Variant
    kinds: tuple[Kind, ...]
    names: list[str]
    asked: bool = False
    function: ast.FunctionDef | None = None
    fired: Fired = field(default_factory=list)


@dataclass
class _Compiler:
    program: Program
    analyst: Analyst
    taken: set[str]
    assumptions: Assumptions
    likely: Mapping[str, Kind]  # what the parameters most likely are: tangents of numbers are not checked
    most: int | None = None  # helpers for arrays that may be in the entry
    in_place: bool = False
    catches: bool = False  # whether the program goes on after an exception
    made: dict[tuple[object, ...], _Made] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)  # names that may be of arrays of integers, in any of the functions
    log: list[Made] = field(default_factory=list)

    # The entry.

    def entry(self, routine: Routine, independents: tuple[str, ...]) -> tuple[ast.FunctionDef, ...]:
        """Return the derivative of the entry."""
        self.in_place = _writes_in_place(routine, self.program)
        self.catches = any(map(self.goes_on, (n for node in self.program.bodies() for n in walk(node))))
        body = _Body(self, routine, self.assumptions.kinds, independents, None)
        stmts = body.tidy(body.run())
        guards = [*self.assumed(), *self.guards(body, routine.node, independents)]
        node = routine.node
        moved = [body.names[n] for n in independents]
        args, unpack = entry_arguments(node.args, moved)
        name = f"{routine.name}_jvp"
        docstring = 1 if ast.get_docstring(node, clean=False) is not None else 0
        entry = definition(name, args, [*stmts[:docstring], *unpack, *guards, *stmts[docstring:]], node)
        functions = self.named([*(m.function for m in self.made.values() if m.function), entry], name)
        self.log.append(Made(routine, (name,), self.assumptions.kinds, independents, body.fired))
        return tuple(_tidy(f, self.whole) for f in functions)

    def goes_on(self, node: ast.AST) -> bool:
        """Say whether the program goes on after what is raised in a statement."""
        return isinstance(node, ast.Try) or isinstance(node, ast.With) and self.swallows(node)

    def swallows(self, stmt: ast.With) -> bool:
        """Say whether a ``with`` may go on after what is raised in its body."""
        return swallows(stmt, self.program)

    def assumed(self) -> Block:
        """Return the lines at the entry that refuse arrays where numbers are assumed."""
        numbers = self.assumptions.scalars
        out: Block = []
        if numbers:
            text = ast.Constant(value=", ".join(numbers))
            guard = "require_number" if self.assumptions.augmented else "require_scalar"
            out.append(ast.Expr(value=helper(guard, text, *(load(n) for n in numbers))))
        indices = self.assumptions.indices
        if indices:
            shown = ast.Constant(value=", ".join(indices))
            out.append(ast.Expr(value=helper("require_index", shown, *map(load, indices))))
        for name, depth in self.assumptions.members:
            shown = ast.Constant(value=name)
            out.append(ast.Expr(value=helper("require_members", shown, load(name), ast.Constant(value=depth))))
        return out

    def guards(self, body: _Body, node: ast.FunctionDef, independents: Sequence[str]) -> Block:
        """Return the lines at the entry that check what the code relies on."""
        out: Block = []
        kinds = self.likely
        for name in independents:
            in_place = name in body.flow.tracked and body.analysis.alias.is_written(name)
            given = body.kinds if in_place else kinds
            if given.get(name, UNKNOWN).what != "scalar":
                tangent = body.names[name]
                checked = helper("check_tangent", ast.Constant(value=tangent), load(tangent), load(name))
                out.append(ast.Assign(targets=[ast.Name(id=tangent, ctx=ast.Store())], value=checked))
        wide = [n for n in parameters(node) if kinds.get(n, UNKNOWN).what in _SHARING]
        written = [n for n in wide if body.analysis.alias.is_written(n)]
        if written and len(wide) > 1:
            text = ast.Constant(value=", ".join(wide))
            out.append(ast.Expr(value=helper("require_distinct", text, *(load(n) for n in wide))))
        return out

    # Helpers.

    def kept(self, key: str) -> Collection[int]:
        """Return the positions of the arguments whose memory a routine writes into, returns or hands on."""
        effects = self.analyst.effects(key)
        return effects.written | {i for group in effects.shared for i in group}

    def acts(self, key: str) -> bool:
        """Say whether calling a routine does more than return a value, which is the same whenever it is called."""
        return self.analyst.acts(key)

    def written(self, key: str) -> Mapping[int, Collection[int]]:
        """Return the positions of the arguments that a routine writes into, each with those that may flow into it."""
        return self.analyst.effects(key).into

    def variant(
        self, key: str, kinds: Sequence[Kind], active: tuple[int, ...], shared: tuple[tuple[int, int], ...] = ()
    ) -> Variant:
        """Return the derivative of a routine for these active parameters, writing it the first time."""
        known = tuple(canonical(kinds))
        others = [m for m in self.made.values() if m.routine.key == key and m.variant.active == active]
        if len(others) >= _MOST_KINDS:
            known = tuple(UNKNOWN for _ in known)
        memo = (key, active, known, shared)
        if memo in self.made:
            self.made[memo].asked = True
            return self.made[memo].variant
        routine = self.program.routine(key)
        names = parameters(routine.node)
        made = _Made(routine, Variant(f"!{len(self.made)}", active, True), known, names)
        self.made[memo] = made
        independents = tuple(names[i] for i in active)
        united = [(names[a], names[b]) for a, b in shared]
        body = _Body(self, routine, dict(zip(names, known, strict=True)), independents, united)
        made.fired = body.fired
        made.variant.pair = made.asked or body.flow.returns_active
        stmts = body.tidy(body.run())
        if made.variant.pair and falls_off(routine.node.body):
            none = ast.Constant(value=None)
            stmts.append(ast.Return(value=ast.Tuple(elts=[none, none], ctx=ast.Load())))
        moved = [ast.arg(arg=body.names[n], annotation=None) for n in independents]
        plain = [ast.arg(arg=n, annotation=None) for n in names]
        args = ast.arguments(
            posonlyargs=[], args=[*plain, *moved], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        made.function = definition(made.variant.reference, args, stmts, routine.node)
        # Those that it calls were written meanwhile: keep the order callee first.
        self.made[memo] = self.made.pop(memo)
        return made.variant

    def named(self, functions: Sequence[ast.FunctionDef], entry: str) -> list[ast.FunctionDef]:
        """Give the helpers their names: equal ones are one, and the active parameters tell others apart."""
        used = self.taken | {entry}
        names: dict[str, str] = {}
        seen: dict[str, str] = {}
        out: list[ast.FunctionDef] = []
        per_routine: dict[str, set[tuple[int, ...]]] = {}
        for made in self.made.values():
            per_routine.setdefault(made.routine.key, set()).add(made.variant.active)
        for made in self.made.values():
            assert made.function is not None
            text = made.routine.key + _without_self(made)
            if text in seen:
                names[made.variant.reference] = seen[text]
                continue
            wanted = f"{made.routine.name}_jvp"
            if len(per_routine[made.routine.key]) > 1:
                wanted = "_".join([wanted, *(made.names[i] for i in made.variant.active)])
            name = reserve(used, [wanted])[wanted]
            used.add(name)
            seen[text] = names[made.variant.reference] = name
            own = tuple(made.names[i] for i in made.variant.active)
            kinds = dict(zip(made.names, made.kinds, strict=True))
            self.log.append(Made(made.routine, (name,), kinds, own, made.fired))
        kept: set[str] = set()
        for function in functions:
            name = names.get(function.name, function.name)
            if name not in kept:
                kept.add(name)
                out.append(renamed(function, name, names))
        return out


_SHARING = ("array", "unknown", "list")
#: Helpers that code for numbers would not need.
_FOR_ARRAYS = ("like", "zeros_like", "require_float", "require_distinct")


class _Body:
    """The body of one derivative."""

    def __init__(
        self,
        compiler: _Compiler,
        routine: Routine,
        kinds: Mapping[str, Kind],
        independents: tuple[str, ...],
        shared: Sequence[tuple[str, str]] | None,
    ) -> None:
        self.compiler, self.routine, self.kinds = compiler, routine, kinds
        self.independents, self.entry = independents, shared is None
        self.shared = shared or ()
        self.fired: Fired = []
        self.node = with_stores(routine.node, NATIVE)
        self.analysis = self.analyse()
        self.take(mapped(self.node, self.analysis.activity))
        refuse_managers(self.node, self.analysis.facts, self.refuse)
        refuse_places(self.node, self.refuse)
        refuse_keys(self.node, self.analysis.activity, independents, compiler.analyst, self.refuse)
        caught = not self.entry and compiler.catches
        for _ in range(8):
            lowered = lower(self.node, self.analysis.activity, compiler.acts, self.refuse, caught)
            if lowered is self.node:
                break
            self.take(lowered)
        found, effects = self.analysis, compiler.analyst.effects
        self.take(copies.guarded(self.node, found.facts, found.alias, effects, self.is_varied, {}))
        self.take(keys.guarded(self.node, self.analysis.facts, self.is_varied))
        self.flow = Flow(self.node, self.analysis, independents, compiler.written, kinds)
        text = number_from_text(self.node, self.analysis.activity.varied)
        if text is not None:
            self.refuse(text, "an active value comes back from a text here", "Keep the number itself.")
        order = self.flow.names()
        used = in_use(self.node) | {f"{routine.name}_jvp"}
        chosen = reserve(used, [f"d{n}" for n in order if not core.is_temporary(n)])
        self.names = {n: chosen.get(f"d{n}", f"d{n}") for n in order}
        for name in _all_bound(self.node):
            if name not in self.names:
                self.names[name] = reserve(used | set(self.names.values()), [f"d{name}"])[f"d{name}"]
        numbers = [int(n[1:]) for n in used if core.is_temporary(n) and n[1:].isdigit()]
        self.count = max(numbers, default=0)

    def take(self, node: ast.FunctionDef) -> None:
        """Go on with another form of the function, of which all is found out again: facts are those of statements."""
        if node is not self.node:
            self.node = node
            self.analysis = self.analyse()

    def analyse(self) -> Analysis:
        """Return what is known of the body, given that some parameters may share memory."""
        analyst = self.compiler.analyst
        found = analyst.analyse(self.node, self.kinds, self.independents)
        if not self.shared:
            return found
        # What shares memory at the call is what an assignment at the start would make share.
        united: Block = [ast.Assign(targets=[store(a)], value=load(b)) for a, b in self.shared]
        alias = aliases(changed(self.node, body=[*united, *self.node.body]), found.facts, analyst.effects)
        activity = Activity(
            self.node, found.facts, alias, self.independents, call_writes=lambda key: analyst.effects(key).into
        )
        return Analysis(found.facts, alias, activity)

    @cached_property
    def touched(self) -> Collection[str]:
        """Return the names that lead to memory which is written; all, where parameters may share memory."""
        if self.shared:
            return set(in_use(self.node))
        return touched(self.node, self.analysis.facts, self.compiler.analyst.effects, (), False)

    def is_varied(self, name: str) -> bool:
        """Say whether a name may hold an active value, or share memory with one that does."""
        return any(n in self.analysis.activity.varied for n in self.analysis.alias.group(name))

    def refuse(self, where: ast.AST, reason: str, advice: str) -> NoReturn:
        """Refuse a piece of the function."""
        place = where if _placed(where) else self.routine.function.node
        raise Refused(reason, span_of(self.routine.function.module, place), advice)

    def temporary(self) -> str:
        """Return a new temporary."""
        self.count += 1
        return f"%{self.count}"

    def run(self) -> Block:
        """Return the statements of the derivative."""
        pair = self.entry or self.pair()
        walker = Walker(
            self.analysis,
            self.flow,
            self.names,
            self.compiler,
            self.refuse,
            self.temporary,
            parameters(self.node),
            pair,
            self.entry,
            self.fired,
            lambda: self.touched,
        )
        stmts = list(self.node.body)
        docstring = [stmts.pop(0)] if ast.get_docstring(self.node, clean=False) is not None else []
        zeros: Block = []
        for name in parameters(self.node):
            if self.flow.carries(None, name) and name not in self.independents:
                zero = zero_of(self.kinds.get(name, UNKNOWN), load(name))
                zeros.append(ast.Assign(targets=[ast.Name(id=self.names[name], ctx=ast.Store())], value=zero))
        body = [*docstring, *walker.guards(None), *zeros, *walker.block(stmts)]
        if self.entry and falls_off(self.node.body):
            none = ast.Constant(value=None)
            body.append(ast.Return(value=ast.Tuple(elts=[none, none], ctx=ast.Load())))
        return body

    def tidy(self, stmts: Block) -> Block:
        """Leave out tangents that nothing reads, and values that are there already."""
        self.compiler.whole |= self.analysis.whole()
        own = set(self.names.values())
        given = frozenset([*parameters(self.node), *(self.names[n] for n in self.independents)])

        def pruned(body: Block) -> Block:
            return simplify.prune(body, removable=lambda name: name in own or core.is_temporary(name), parameters=given)

        left = pruned(stmts)
        most = self.compiler.most
        if self.entry and most is not None and count(left, _FOR_ARRAYS) > most:
            raise Costly
        fewer = shared(left, None, given)
        return pruned(fewer) if fewer != left else left

    def pair(self) -> bool:
        memo = next(m for m in self.compiler.made.values() if m.routine.key == self.routine.key and m.function is None)
        return memo.variant.pair


def _placed(node: ast.AST) -> bool:
    return any(hasattr(n, "lineno") for n in walk(node))


def _all_bound(node: ast.FunctionDef) -> list[str]:
    return list(dict.fromkeys(n.id for n in walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)))


def _without_self(made: _Made) -> str:
    assert made.function is not None
    return ast.dump(made.function).replace(made.variant.reference, "!self") + repr(made.variant.active)


def _tidy(function: ast.FunctionDef, whole: Collection[str]) -> ast.FunctionDef:
    """Fold what the rules left to fold, drop what is read no more, and name the temporaries that are left."""
    args, given = function.args, frozenset(parameters(function))
    body = simplify.fold(simplify.asked_once(function.body), whole=whole)
    body = simplify.prune(body, removable=core.is_temporary, parameters=given)
    taken = in_use(function) | {a.arg for a in walk(args) if isinstance(a, ast.arg)}
    taken = {n for n in taken if not core.is_temporary(n) and "%" not in n}
    body = simplify.name_temporaries(body, frozenset(taken))
    return unshared(changed(function, body=body or [ast.Pass()]), set())
