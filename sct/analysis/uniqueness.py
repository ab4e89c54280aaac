"""Which stores go through the only name of what they change.

In: a structured function and its `Facts`. Out: the statements that write in place while nothing but the name they
write through leads to that memory. Such a store is a new value of one variable, whatever names came before or come
after: ``row.append(x)`` before ``table.append(row)``, ``cur[j] = …`` before ``prev = cur``.

A store into a slot of a list or a dict (`_Shallow`) asks only whether the list itself has another name; a store into an
array, or deeper into a container, asks the same of everything that it leads to.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis import purity
from sct.analysis.aliasing import IMMUTABLE, Aliases, CallEffects, Finder
from sct.analysis.infer import Facts
from sct.analysis.lifetimes import live_after
from sct.analysis.lists import WRITING_METHODS
from sct.walk import blocks, given, header, root_name, walk

State = frozenset[str]
_COPIES = ("builtins.list", "builtins.tuple", "builtins.sorted", "builtins.dict", "copy.copy")

_TAKING = ("get", "pop", "setdefault")  # methods that give a member


def sole_stores(node: ast.FunctionDef, facts: Facts, effects: CallEffects, alias: Aliases) -> frozenset[ast.stmt]:
    """Return the statements that write in place through the only name of what they write."""
    if not any(_may_write(part, facts) for part in walk(node)):
        return frozenset()
    live = live_after(node)
    a = node.args
    parameters = [p.arg for p in [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg] if p is not None]
    found: set[ast.stmt] = set()
    for kind in (_Runner, _Shallow):
        runner = kind(facts, Finder(facts, effects), live, alias, frozenset(parameters))
        runner.block(node.body, frozenset())
        found |= {stmt for stmt, sole in runner.verdicts.items() if sole}
    return frozenset(found)


def _may_write(part: ast.AST, facts: Facts) -> bool:
    """Say whether a node may be of a store: most functions of numbers have none, and need no more work."""
    if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
        return facts.name_after(part, part.target.id).what not in IMMUTABLE
    if isinstance(part, (ast.AugAssign, ast.Delete)):
        return True
    if isinstance(part, (ast.Subscript, ast.Attribute)):
        return not isinstance(part.ctx, ast.Load)
    if isinstance(part, ast.Call):
        pure = core.qualname(part.func).startswith(("numpy.", "math.", "builtins."))
        return not pure or any(k.arg in ("out", None) for k in part.keywords)
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Call)


@dataclass
class _Runner:
    """Runs a function with the set of names that alone lead to their memory."""

    facts: Facts
    finder: Finder
    live: dict[ast.stmt, frozenset[str]]
    alias: Aliases
    parameters: frozenset[str]
    verdicts: dict[ast.stmt, bool] = field(default_factory=dict)
    breaks: list[list[State]] = field(default_factory=list)

    def block(self, stmts: Sequence[ast.stmt], state: State) -> State | None:
        for stmt in stmts:
            after = self.statement(stmt, state)
            if after is None:
                return None
            state = after
        return state

    def statement(self, stmt: ast.stmt, state: State) -> State | None:
        if isinstance(stmt, (ast.Return, ast.Raise)):
            self.calls(stmt, state)
            return None
        if isinstance(stmt, ast.Break):
            self.breaks[-1].append(state)
            return None
        if isinstance(stmt, ast.If):
            return _meet([self.block(stmt.body, state), self.block(stmt.orelse, state)])
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt, state)
        if blocks(stmt):
            return state - {n.id for n in walk(stmt) if isinstance(n, ast.Name)}
        return self.simple(stmt, state)

    def loop(self, stmt: ast.For | ast.While, state: State) -> State | None:
        targets = set(_names(stmt.target)) if isinstance(stmt, ast.For) else set()
        given = self.finder.sources(stmt, stmt.iter) if isinstance(stmt, ast.For) else frozenset()
        if isinstance(stmt, ast.For) and self.facts.name_after(stmt, next(iter(targets), "")).what in IMMUTABLE:
            given = frozenset()
        head = state - given - targets
        while True:
            self.breaks.append([])
            end = self.block(stmt.body, head)
            leaving = self.breaks.pop()
            new = _meet([head, end]) or frozenset()
            if new == head or end is None:
                return _meet([head, *leaving])
            head = new

    def simple(self, stmt: ast.stmt, state: State) -> State:
        """Return the sole names after a simple statement."""
        state = self.calls(stmt, state)
        if isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            return self.bind(stmt, stmt.target, stmt.value, state)
        if isinstance(stmt, ast.Assign):
            if len(stmt.targets) == 1:
                return self.bind(stmt, stmt.targets[0], stmt.value, state)
            return state - {n for t in stmt.targets for n in _names(t)} - self.finder.sources(stmt, stmt.value)
        if isinstance(stmt, ast.AugAssign):
            base = root_name(stmt.target)
            if base is not None:
                self.judge(stmt, base in state)
        for target in stmt.targets if isinstance(stmt, ast.Delete) else ():
            if isinstance(target, ast.Subscript):
                self.judge(stmt, root_name(target) in state, isinstance(target.value, ast.Name))
        return state

    def calls(self, stmt: ast.stmt, state: State) -> State:
        """Take note of what the calls in a statement write, and of what they hand on."""
        for node in header(stmt):
            if isinstance(node, (ast.NamedExpr, ast.Lambda, ast.comprehension)):
                return state - {n.id for n in walk(stmt) if isinstance(n, ast.Name)}
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr in WRITING_METHODS:
                base = root_name(node.func.value)
                if base is not None:
                    self.judge(stmt, base in state, isinstance(node.func.value, ast.Name))
                    for arg in given(node):
                        state = self.hand_over(stmt, base, self.finder.sources(stmt, arg), state)
            elif core.qualname(node.func).startswith("@"):
                effects = self.finder.effects(core.qualname(node.func))
                kept = {i for group in effects.shared for i in group} | set(effects.written)
                for i in kept:
                    if 0 <= i < len(node.args):
                        state -= self.finder.sources(stmt, node.args[i])
                if effects.written:
                    self.judge(stmt, False)
            elif written := [root_name(w) for w in purity.written_by(node)]:
                self.judge(stmt, len(written) == 1 and written[0] in state)
                if len(written) > 1:
                    state -= set(written)
        return state

    def bind(self, stmt: ast.stmt, target: ast.expr, value: ast.expr, state: State) -> State:
        sources = self.finder.sources(stmt, value)
        if isinstance(target, ast.Name):
            if self.facts.name_after(stmt, target.id).what in IMMUTABLE:
                return state - {target.id}
            return self.name(stmt, target.id, value, sources, state)
        if isinstance(target, ast.Subscript):
            base = root_name(target)
            if base is not None:
                self.judge(stmt, base in state)
                if self.facts.kind(stmt, ast.Name(id=base, ctx=ast.Load())).what == "array":
                    return state  # an array copies what is stored into it
                return self.hand_over(stmt, base, sources, state)
        return state - sources - set(_names(target))

    def name(self, stmt: ast.stmt, name: str, value: ast.expr, sources: State, state: State) -> State:
        """Return the sole names after ``name = value``."""
        if any(core.qualname(n).startswith("=") for n in walk(value)):
            return state - sources - {name}
        live = self.live.get(stmt, frozenset()) - {name}  # its old value is of no more use
        sole = all(s in state and s not in live for s in sources)
        return (state - sources - {name}) | ({name} if sole else frozenset())

    def hand_over(self, stmt: ast.stmt, receiver: str, sources: State, state: State) -> State:
        """Let `receiver` share the memory of `sources`: it stays sole where those were, and are of no more use."""
        live = self.live.get(stmt, frozenset())
        if all(s in state and s not in live for s in sources):
            return state - sources
        return state - sources - {receiver}

    def judge(self, stmt: ast.stmt, sole: bool, method: bool = False) -> None:
        """Note whether a store goes through a sole name; `method`: it calls a method of what the name holds."""
        self.verdicts[stmt] = (sole or self.is_last(stmt)) and self.verdicts.get(stmt, True)

    def is_last(self, stmt: ast.stmt) -> bool:
        """Say whether no other name that may lead to the memory that a statement writes is read any more."""
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else getattr(stmt, "target", None)
        base = root_name(target) if isinstance(target, ast.Subscript) else None
        if base is None or isinstance(stmt, (ast.Assign, ast.Delete)) and len(stmt.targets) > 1:
            return False
        others = set(self.alias.group(base)) - {base}
        return not others & (self.live.get(stmt, frozenset()) | self.parameters)


class _Shallow(_Runner):
    """Looks at lists and dicts themselves, not at what they hold."""

    def name(self, stmt: ast.stmt, name: str, value: ast.expr, sources: State, state: State) -> State:
        if isinstance(value, (ast.ListComp, ast.DictComp)) or self.copies(stmt, name, value):
            return state | {name}
        if isinstance(value, (ast.List, ast.Tuple, ast.Dict)):
            live = self.live.get(stmt, frozenset())
            return (state - (sources & live)) | {name}
        taken = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _TAKING
        if taken or isinstance(value, ast.Subscript):
            return state - {name}
        return super().name(stmt, name, value, sources, state)

    def copies(self, stmt: ast.stmt, name: str, value: ast.expr) -> bool:
        """Say whether an expression makes a list, a tuple or a dict of its own."""
        if isinstance(value, ast.Call):
            copy = isinstance(value.func, ast.Attribute) and value.func.attr == "copy" and not value.args
            source = value.func.value if copy and isinstance(value.func, ast.Attribute) else None
            if source is not None:
                return self.facts.kind(stmt, source).what in ("list", "dict")
            return core.qualname(value.func) in _COPIES
        kind = self.facts.kind(stmt, value)
        if isinstance(value, ast.Subscript):
            made = self.facts.name_after(stmt, name)
            return isinstance(value.slice, ast.Slice) and ({kind.what, made.what} & {"list", "tuple"}) != set()
        return isinstance(value, ast.BinOp) and kind.what in ("list", "tuple")

    def hand_over(self, stmt: ast.stmt, receiver: str, sources: State, state: State) -> State:
        return state - (sources & self.live.get(stmt, frozenset()) - {receiver})

    def judge(self, stmt: ast.stmt, sole: bool, method: bool = False) -> None:
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else getattr(stmt, "target", None)
        slot = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)
        if slot and isinstance(target, ast.Subscript):
            slot = self.facts.kind(stmt, target.value).what in ("list", "dict")
        if isinstance(stmt, ast.AugAssign):
            slot = False  # what is in the slot may be an array
        super().judge(stmt, sole and (method or slot))


def _names(target: ast.expr) -> list[str]:
    return [n.id for n in walk(target) if isinstance(n, ast.Name)]


def _meet(states: Sequence[State | None]) -> State | None:
    known = [s for s in states if s is not None]
    if not known:
        return None
    met = known[0]
    for state in known[1:]:
        met &= state
    return met
