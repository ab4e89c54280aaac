"""Which bindings of a name reach a statement.

In: a function, statement by statement. Out: for each statement, what the names in its head may have been bound by.
Loops are walked until nothing changes; what a ``try`` has bound when it fails is any of the bindings in it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from sct.frontend.scopes import bound
from sct.walk import children, is_exhaustive

State = dict[str, frozenset[int]]


class Reach:
    """Walks through a function with the bindings that reach each place.

    `define` gives the number of a binding; `reaching` collects the bindings of the names in each statement's head.
    """

    def __init__(self, define: Callable[[str, ast.stmt], int]) -> None:
        self.define = define
        self.reaching: dict[ast.stmt, State] = {}
        self.begun: dict[ast.stmt, State] = {}  # what reached each loop at last
        self.exits: list[list[State]] = []
        self.heads: list[list[State]] = []
        self.raised: list[list[State]] = []

    def block(self, stmts: Sequence[ast.stmt], state: State) -> bool:
        """Run through `stmts`, changing `state`; say whether control comes out at the end."""
        return all(self.statement(stmt, state) for stmt in stmts)

    def statement(self, stmt: ast.stmt, state: State) -> bool:
        self.record(stmt, state)
        if isinstance(stmt, ast.If):
            return self.branch(stmt.body, stmt.orelse, state)
        if isinstance(stmt, (ast.For, ast.While)):
            return self.loop(stmt, state)
        if isinstance(stmt, (ast.Try, ast.TryStar)):
            return self.attempt(stmt, state)
        if isinstance(stmt, ast.Match):
            return self.cases(stmt, state)
        if isinstance(stmt, ast.With):
            self.bind(stmt, [i.optional_vars for i in stmt.items if i.optional_vars], state)
            return self.block(stmt.body, state)
        if isinstance(stmt, ast.Break) and self.exits:
            self.exits[-1].append(dict(state))
        if isinstance(stmt, ast.Continue) and self.heads:
            self.heads[-1].append(dict(state))
        if isinstance(stmt, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            return False
        self.bind(stmt, [stmt], state)
        return True

    def record(self, stmt: ast.stmt, state: State) -> None:
        seen = self.reaching.setdefault(stmt, {})
        for node in head(stmt):
            if isinstance(node, ast.Name) and node.id in state:
                seen[node.id] = seen.get(node.id, frozenset()) | state[node.id]

    def bind(self, stmt: ast.stmt, nodes: Sequence[ast.AST], state: State) -> None:
        for binding in bound(nodes):
            if isinstance(binding.node, ast.Name) and isinstance(binding.node.ctx, ast.Del):
                state.pop(binding.name, None)
            elif binding.name:
                definition = self.define(binding.name, stmt)
                state[binding.name] = frozenset([definition])
                for states in self.raised:
                    states.append({binding.name: state[binding.name]})

    def branch(self, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], state: State) -> bool:
        other = dict(state)
        first, second = self.block(body, state), self.block(orelse, other)
        if first and second:
            _merge(state, other)
        elif second:
            state.clear()
            state.update(other)
        return first or second

    def loop(self, stmt: ast.For | ast.While, state: State) -> bool:
        # What reached the loop when the one around it was last gone through reaches it again: states only grow.
        _merge(state, self.begun.get(stmt, {}))
        while True:
            before = dict(state)
            run = dict(state)
            self.record(stmt, run)
            self.exits.append([])
            self.heads.append([])
            if isinstance(stmt, ast.For):
                self.bind(stmt, [stmt.target], run)
            else:
                self.bind(stmt, [stmt.test], run)
            came_round = self.block(stmt.body, run)
            broke, again = self.exits.pop(), self.heads.pop()
            for end in [*([run] if came_round else []), *again]:
                _merge(state, end)
            if state == before:
                break
        self.begun[stmt] = dict(state)
        if isinstance(stmt, ast.While):
            self.bind(stmt, [stmt.test], state)
        endless = isinstance(stmt, ast.While) and isinstance(stmt.test, ast.Constant) and bool(stmt.test.value)
        out = not endless and self.block(stmt.orelse, state)
        if not out and broke:
            state.clear()
        for end in broke:
            _merge(state, end)
        return out or bool(broke)

    def attempt(self, stmt: ast.Try | ast.TryStar, state: State) -> bool:
        start = dict(state)
        self.raised.append([start])
        first = self.block(stmt.body, state)
        thrown: State = {}
        for seen in self.raised.pop():
            _merge(thrown, seen)
        first = first and self.block(stmt.orelse, state)
        ends = [state] if first else []
        for handler in stmt.handlers:
            other = dict(thrown)
            if handler.name:
                other[handler.name] = frozenset([self.define(handler.name, stmt)])
            if self.block(handler.body, other):
                ends.append(other)
        merged: State = {}
        for end in ends:
            _merge(merged, end)
        if stmt.finalbody:
            final = dict(merged)
            _merge(final, thrown)
            going = self.block(stmt.finalbody, final)
            merged = final if going else {}
        state.clear()
        state.update(merged)
        return bool(ends)

    def cases(self, stmt: ast.Match, state: State) -> bool:
        start = dict(state)
        ends = [] if is_exhaustive(stmt) else [dict(state)]
        for case in stmt.cases:
            other = dict(start)
            if self.block(case.body, other):
                ends.append(other)
        state.clear()
        for end in ends:
            _merge(state, end)
        return bool(ends)


def head(stmt: ast.stmt) -> list[ast.AST]:
    """Return the nodes of a statement without those of the blocks in it."""
    out: list[ast.AST] = []
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        out.append(node)
        if node is not stmt and isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            continue
        inner = [c for c in children(node) if not isinstance(c, (ast.stmt, ast.ExceptHandler))]
        stack += [c for c in inner if not isinstance(c, ast.match_case)][::-1]
    return out


def _merge(state: State, other: State) -> None:
    for name, places in other.items():
        state[name] = state.get(name, frozenset()) | places
