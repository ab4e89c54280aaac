"""What is known across calls: kinds of results, memory that a called function writes or shares.

In: a `Program` of first-order routines. Out: `Analyst`, which answers for any routine and remembers its answers.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sct.analysis.across import Across, returned
from sct.analysis.activity import Activity
from sct.analysis.aliasing import Aliases, Effects, aliases
from sct.analysis.effects import find_effects
from sct.analysis.evaluator import Evaluator
from sct.analysis.infer import Facts, infer
from sct.analysis.joining import outermost
from sct.analysis.kinds import NO_AXES, UNKNOWN, Kind, Shape, may_be_complex, may_be_integers
from sct.analysis.outside import Changed, changed_globals, mentions
from sct.analysis.purity import call_effect, repeatable
from sct.analysis.stores import ANYTHING, Changes
from sct.analysis.uniqueness import sole_stores
from sct.frontend.lift import Program
from sct.frontend.writers import with_stores
from sct.walk import parameters, walk

#: Why a call is refused that hands a function several arrays at once to write into.
WRITTEN_DISPLAY = "the function writes into what is put together here", "Give it a name in a statement of its own."

NUMBER = Kind("scalar", "unknown", NO_AXES)
#: How deep containers are looked into that a recursion returns: each call may put what it got into another one.
DEPTH = 5
#: How often the effects of functions that call each other are found anew, each time from those found before.
ROUNDS = 16


@dataclass(frozen=True)
class Analysis:
    """What is known of one function."""

    facts: Facts
    alias: Aliases
    activity: Activity
    sole_stores: frozenset[ast.stmt] = frozenset()  # those that write through the only name of what they write

    def whole(self) -> frozenset[str]:
        """Return the names that may be of arrays of integers: parameters and constants."""
        computed = self.activity.varied - set(self.facts.entry)
        known = (pair for env in (self.facts.entry, *self.facts.after.values()) for pair in env.items())
        return frozenset(name for name, kind in known if name not in computed and may_be_integers(kind))

    def inexact(self) -> frozenset[str]:
        """Return the names that are surely of floats: what is computed with the independents, and what is known."""
        computed = self.activity.varied - set(self.facts.entry)
        known = [pair for env in (self.facts.entry, *self.facts.after.values()) for pair in env.items()]
        others = {name for name, kind in known if not _is_of_floats(kind, name in computed)}
        return frozenset(name for name, _ in known if name not in others)


def _is_of_floats(kind: Kind, computed: bool) -> bool:
    """Say whether a value is of floats, as one that is `computed` with others is where nothing else is known."""
    known = kind.dtype in ("float", "inexact") or computed and kind.dtype == "unknown"
    return known and kind.what in ("scalar", "array", "unknown")


class Analyst:
    """Analyses functions and what they call."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._kinds: dict[tuple[str, tuple[Kind, ...]], Kind] = {}
        self._constants: dict[str, Kind] = {}
        self._changes: dict[tuple[str, tuple[Kind, ...]], Changes] = {}
        self._effects: dict[str, Effects] = {}
        self._computing: dict[str, bool] = {}
        self._running: list[str] = []
        self._changed: tuple[list[ast.FunctionDef], Changed] | None = None

    def analyse(self, node: ast.FunctionDef, kinds: Mapping[str, Kind], independents: Collection[str]) -> Analysis:
        """Return what is known of `node`."""
        facts = self.facts(node, kinds)
        alias = aliases(node, facts, self.effects)
        activity = Activity(node, facts, alias, independents, call_writes=lambda key: self.effects(key).into)
        return Analysis(facts, alias, activity, sole_stores(node, facts, self.effects, alias))

    def facts(self, node: ast.FunctionDef, kinds: Mapping[str, Kind]) -> Facts:
        """Return the kinds of the values in `node`."""
        return infer(node, kinds, self.call_kind, self.constant, self.changes)

    def constant(self, name: str) -> Kind:
        """Return the kind of the literal that a global is bound to; of other values whether they are complex."""
        if name not in self._constants:
            self._constants[name] = UNKNOWN  # while it is asked about
            resolver = self.program.resolver
            literal = resolver.constant(name)
            value = literal or resolver.bound_once(name)
            kind = (
                Evaluator({}, lambda key, kinds: UNKNOWN, self.constant, frozenset()).kind(value) if value else UNKNOWN
            )
            if literal is not None and kind.what == "scalar":
                self._constants[name] = kind
            elif kind.what in ("scalar", "array") and may_be_complex(kind):
                self._constants[name] = Kind(kind.what, "complex")
        return self._constants[name]

    def call_kind(self, key: str, kinds: Sequence[Kind]) -> Kind:
        """Return the kind of what the function returns for arguments of these kinds."""
        across = Across()
        given = tuple(across.enter(kind) for kind in kinds)
        memo = (key, given)
        if memo not in self._kinds:
            if self._running.count(key) > 3:
                return UNKNOWN
            self.effects(key)  # which must not rest on what is only guessed below
            self._kinds[memo] = self._result_kind(memo)
        return across.leave(self._kinds[memo])

    def changes(self, key: str, kinds: Sequence[Kind]) -> Changes:
        """Return what the function does to lists and dicts among its arguments of these kinds, or in them."""
        given = [kinds[i] for i in self.effects(key).written if i < len(kinds)]
        if all(kind.what in ("array", "scalar", "text", "none") for kind in given):
            return Changes()
        node = self.program.followed(key)
        if node is None:
            return ANYTHING
        memo = (key, tuple(map(Across().enter, kinds)))
        if memo not in self._changes:
            if key in self._running or self._recursive(key):
                return ANYTHING
            self._running.append(key)
            self._changes[memo] = self.facts(node, dict(zip(parameters(node), memo[1], strict=False))).changes
            self._running.pop()
        return self._changes[memo]

    def _result_kind(self, memo: tuple[str, tuple[Kind, ...]]) -> Kind:
        """Find the kind of a result. What is not known of a recursive call is first taken for a number, which must
        then prove true.
        """
        key, given = memo
        routine = self.program.routine(key)
        params = dict(zip(parameters(routine.node), given, strict=False))
        guess = NUMBER
        for attempt in range(2 * DEPTH):
            before = set(self._kinds)
            self._kinds[memo] = guess
            self._running.append(key)
            found = returned(self.facts(routine.node, params).result)
            self._running.pop()
            if not self._recursive(key):
                return found
            found = outermost(found, DEPTH)
            if found == guess:
                return found
            for other in set(self._kinds) - before:
                del self._kinds[other]  # these may rest on the guess
            guess = _hoped(found) if attempt < DEPTH else found
        return UNKNOWN

    def _recursive(self, key: str) -> bool:
        """Say whether a function can reach itself."""
        return key in self.program.reached_from(key)

    def acts(self, key: str) -> bool:
        """Say whether calling a function does more than return a value, which is the same whenever it is called."""
        return not self.only_computes(key)

    def only_computes(self, key: str) -> bool:
        """Say whether calling a function does nothing but return a value, so that it may be called twice, or later."""
        if key not in self._computing:
            self._computing[key] = self._only_computes(key)
        return self._computing[key]

    def _only_computes(self, key: str) -> bool:
        changed = {name for name, by in self.changed_globals().items() if by}
        for reached in (key, *sorted(self.program.reached_from(key))):
            node = self.program.followed(reached)
            if node is None or self.effects(reached).written:
                return False
            if mentions(node, changed) or any(isinstance(n, (ast.Global, ast.Nonlocal)) for n in walk(node)):
                return False
            raised = {id(n.exc) for n in walk(node) if isinstance(n, ast.Raise)}
            for part in walk(node):
                if isinstance(part, ast.Call) and id(part) not in raised and not self.program.is_user(part.func):
                    if not call_effect(part).written and not repeatable(part):
                        return False  # it draws a random number, say
                if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                    method = part.value.func
                    if not (isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name)):
                        return False  # it prints, or does something of the kind
        return True

    def changed_globals(self) -> Changed:
        """Return the globals that the program changes, and by which names."""
        bodies = self.program.bodies()
        if self._changed is None or self._changed[0] is not bodies:
            self._changed = bodies, changed_globals(bodies, self.effects, self.program.resolver.is_immutable)
        return self._changed[1]

    def effects(self, key: str) -> Effects:
        """Return what calling the function does to the memory of its arguments."""
        if key not in self._effects:
            reached = self.program.reached_from(key)
            circle = sorted({key, *(k for k in reached if key in self.program.reached_from(k))})
            self._effects.update((k, Effects()) for k in circle)
            known = set(self._kinds)
            for _ in range(ROUNDS):
                found = {k: self._find_effects(k) for k in circle}
                for memo in set(self._kinds) - known:
                    del self._kinds[memo]  # it may rest on effects of which not all were known
                if all(found[k] == self._effects[k] for k in circle):
                    break
                self._effects.update(found)
        return self._effects[key]

    def _find_effects(self, key: str) -> Effects:
        node = self.program.followed(key)
        if node is None:
            every = frozenset(range(self.program.arity(key)))
            leads = dict.fromkeys([-1, *every], every)
            return Effects(dict.fromkeys(every, every), members=every, shared=(every | {-1},), leads=leads)
        node = with_stores(node)  # as both modes see it: a call with `out=` is a store
        kinds = {name: Kind(shape=Shape(name)) for name in parameters(node)}
        return find_effects(node, self.facts(node, kinds), self.effects, self._recursive(key))


def _hoped(kind: Kind) -> Kind:
    """Return a kind of a result in which numbers stand for the members of which nothing is known."""
    if kind.items is not None:
        return replace(kind, items=tuple(map(_hoped, kind.items)))
    return NUMBER if kind.what == "unknown" and kind.element is None and kind.ndim is None else kind
