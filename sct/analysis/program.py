"""What is known across calls: kinds of results, memory that a called function writes or shares.

In: a `Program` of first-order routines. Out: `Analyst`, which answers for any routine and remembers its answers.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sct import core
from sct.analysis.across import Across, returned
from sct.analysis.activity import Activity
from sct.analysis.aliasing import IMMUTABLE, Aliases, Effects, aliases
from sct.analysis.copies import uncertain
from sct.analysis.infer import Facts, infer
from sct.analysis.joining import outermost
from sct.analysis.kinds import NO_AXES, UNKNOWN, Kind, Shape
from sct.analysis.outside import Changed, changed_globals
from sct.analysis.purity import call_effect, repeatable
from sct.analysis.stores import ANYTHING, Changes
from sct.analysis.uniqueness import sole_stores
from sct.frontend.lift import Program, Routine
from sct.walk import children, walk

#: Why a call is refused that hands a function several arrays at once to write into.
WRITTEN_DISPLAY = "the function writes into what is put together here", "Give it a name in a statement of its own."

NUMBER = Kind("scalar", "unknown", NO_AXES)
#: How deep containers are looked into that a recursion returns: each call may put what it got into another one.
DEPTH = 5


@dataclass(frozen=True)
class Analysis:
    """What is known of one function."""

    facts: Facts
    alias: Aliases
    activity: Activity
    sole_stores: frozenset[ast.stmt] = frozenset()  # those that write through the only name of what they write


def parameters(node: ast.FunctionDef) -> list[str]:
    """Return the names of all parameters, positional ones first."""
    a = node.args
    stars = [s for s in (a.vararg, a.kwarg) if s]
    return [arg.arg for arg in [*a.posonlyargs, *a.args, *a.kwonlyargs, *stars]]


class Analyst:
    """Analyses functions and what they call."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._kinds: dict[tuple[str, tuple[Kind, ...]], Kind] = {}
        self._changes: dict[tuple[str, tuple[Kind, ...]], Changes] = {}
        self._effects: dict[str, Effects] = {}
        self._running: list[str] = []
        self._changed: tuple[list[ast.FunctionDef], Changed] | None = None

    def analyse(self, node: ast.FunctionDef, kinds: Mapping[str, Kind], independents: Collection[str]) -> Analysis:
        """Return what is known of `node`."""
        facts = self.facts(node, kinds)
        alias = aliases(node, facts, self.effects)
        activity = Activity(node, facts, alias, independents, call_writes=lambda key: self.effects(key).written)
        return Analysis(facts, alias, activity, sole_stores(node, facts, self.effects, alias))

    def facts(self, node: ast.FunctionDef, kinds: Mapping[str, Kind]) -> Facts:
        """Return the kinds of the values in `node`."""
        return infer(node, kinds, self.call_kind, self.constant, self.changes)

    def constant(self, name: str) -> ast.expr | None:
        """Return the literal that a global is bound to, if it is."""
        return self.program.resolver.constant(name)

    def call_kind(self, key: str, kinds: Sequence[Kind]) -> Kind:
        """Return the kind of what the function returns for arguments of these kinds."""
        across = Across()
        given = tuple(across.enter(kind) for kind in kinds)
        memo = (key, given)
        if memo not in self._kinds:
            if self._running.count(key) > 3:
                return UNKNOWN
            self._kinds[memo] = self._result_kind(memo)
        return across.leave(self._kinds[memo])

    def changes(self, key: str, kinds: Sequence[Kind]) -> Changes:
        """Return what the function does to lists and dicts among its arguments of these kinds, or in them."""
        given = [kinds[i] for i in self.effects(key).written if i < len(kinds)]
        if all(kind.what in ("array", "scalar", "none") for kind in given):
            return Changes()
        memo = (key, tuple(map(Across().enter, kinds)))
        if memo not in self._changes:
            if key in self._running or self._recursive(key):
                return ANYTHING
            routine = self.program.routine(key)
            self._running.append(key)
            params = dict(zip(parameters(routine.node), memo[1], strict=False))
            self._changes[memo] = self.facts(routine.node, params).changes
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

    def only_computes(self, key: str) -> bool:
        """Say whether calling a function does nothing but return a value, so that it may be called twice."""
        for reached in (key, *sorted(self.program.reached_from(key))):
            node = self.program.routine(reached).node
            if self.effects(reached).written or any(isinstance(n, (ast.Global, ast.Nonlocal)) for n in walk(node)):
                return False
            raised = {id(n.exc) for n in walk(node) if isinstance(n, ast.Raise)}
            for stmt in walk(node):
                if (
                    isinstance(stmt, ast.Call)
                    and id(stmt) not in raised
                    and not core.qualname(stmt.func).startswith("@")
                ):
                    if not call_effect(stmt).written and not repeatable(stmt):
                        return False  # it draws a random number, say
                if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
                    method = stmt.value.func
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
            self._effects[key] = Effects()
            routine = self.program.routine(key)
            for _ in range(8):
                found = self._find_effects(routine)
                if found == self._effects[key]:
                    break
                self._effects[key] = found
        return self._effects[key]

    def _find_effects(self, routine: Routine) -> Effects:
        names = parameters(routine.node)
        facts = self.facts(routine.node, {name: Kind(shape=Shape(name)) for name in names})
        alias = aliases(routine.node, facts, self.effects)
        written = frozenset(i for i, name in enumerate(names) if alias.is_written(name))
        unsure = aliases(routine.node, facts, self.effects, dicts=True)
        slots = frozenset(i for i in written if not unsure.is_memory_written(names[i]))
        returned = _returned_names(routine.node, facts)
        groups: dict[str, set[int]] = {}
        for i, name in enumerate(names):
            groups.setdefault(alias.find(name), set()).add(i)
        for name in returned:
            groups.setdefault(alias.find(name), set()).add(-1)
        shared = tuple(frozenset(g) for g in groups.values() if len(g) > 1)
        tangled, member = _tangled(routine.node, facts, alias), _gives_member(routine.node, facts)
        copied = {alias.find(c.name) for c in uncertain(routine.node, facts, self.effects) if c.name}
        copies = any(alias.find(n) in copied for n in returned) or _returns_copy(routine.node, facts)
        return Effects(written, slots, shared, tangled, member, self._recursive(routine.key), copies)


def _hoped(kind: Kind) -> Kind:
    """Return a kind of a result in which numbers stand for the members of which nothing is known."""
    if kind.items is not None:
        return replace(kind, items=tuple(map(_hoped, kind.items)))
    return NUMBER if kind.what == "unknown" and kind.element is None and kind.ndim is None else kind


def _gives_member(node: ast.FunctionDef, facts: Facts) -> bool:
    """Say whether a function returns one member of something, found by integers: rather a number than an array."""
    returns = [s for s in walk(node) if isinstance(s, ast.Return) and s.value is not None]
    members = [s for s in returns if isinstance(s.value, ast.Subscript)]
    indices = [(s, s.value.slice) for s in members if isinstance(s.value, ast.Subscript)]
    steps = [(s, step) for s, i in indices for step in (i.elts if isinstance(i, ast.Tuple) else [i])]
    whole = len(members) == len(returns) > 0
    named = [facts.kind(s, i).what in ("scalar", "unknown") and not isinstance(i, ast.Slice) for s, i in steps]
    return whole and all(named)


def _returned_names(node: ast.FunctionDef, facts: Facts) -> list[str]:
    out: list[str] = []
    for stmt in walk(node):
        if isinstance(stmt, ast.Return) and stmt.value is not None:
            if facts.kind(stmt, stmt.value).what in IMMUTABLE:
                continue
            out += [n.id for n in _shared_nodes(stmt.value)]
    return out


def _returns_copy(node: ast.FunctionDef, facts: Facts) -> bool:
    """Say whether a function returns ``x.copy()`` of what may be a list."""
    returns = [s for s in walk(node) if isinstance(s, ast.Return) and s.value is not None]
    copied = [(s, core.shallow_copied(s.value)) for s in returns if s.value is not None]
    return any(c is not None and facts.kind(s, c).what == "unknown" for s, c in copied)


def _tangled(node: ast.FunctionDef, facts: Facts, alias: Aliases) -> bool:
    """Say whether the members of what is returned may share memory with each other that no argument has."""
    given = {alias.find(name) for name in parameters(node)}
    for stmt in walk(node):
        if isinstance(stmt, ast.Return) and stmt.value is not None:
            members = stmt.value.elts if isinstance(stmt.value, (ast.Tuple, ast.List)) else [stmt.value, stmt.value]
            wide = [m for m in members if facts.kind(stmt, m).what not in IMMUTABLE]
            classes = [{alias.find(n.id) for n in _shared_nodes(m)} - given for m in wide]
            if sum(map(len, classes)) > len(set().union(*classes)):
                return True
    return False


def _shared_nodes(expr: ast.expr) -> list[ast.Name]:
    """Return the names whose memory the value of a returned expression may share."""
    if isinstance(expr, ast.Name):
        return [] if ":" in expr.id else [expr]
    if isinstance(expr, (ast.BinOp, ast.Compare, ast.UnaryOp, ast.Constant, ast.JoinedStr)):
        return []
    parts = [c.value if isinstance(c, ast.keyword) else c for c in children(expr)]
    return [n for part in parts if isinstance(part, ast.expr) for n in _shared_nodes(part)]
