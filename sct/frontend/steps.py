"""Try statements that do more than compute, step by step.

In: a ``try`` that holds active values and writes, or may fail half way. Out: each of its statements after a trial that
computes the same and nothing else; where a trial fails, what would follow is left out and the handler is what comes next.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Sequence

from sct import core
from sct.frontend.attempts import UNBOUND, Attempts, catches
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.walk import names, walk

#: Errors of an index: whether a store raises them cannot be told from what is computed before it.
_LOOKUPS = frozenset({"IndexError", "KeyError", "LookupError", "Exception", "BaseException", ""})


class Steps(Attempts):
    """Rewrites try statements; `varied` gives the active variables of the function, `pure` see `Attempts`."""

    def __init__(self, fresh: Fresh, pure: Callable[[str], bool], varied: Callable[[], Collection[str]]) -> None:
        super().__init__(fresh, pure)
        self.varied = varied
        self.failed = ""
        self.handlers: list[ast.ExceptHandler] = []
        self.lookups = False

    def chosen(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> Block | None:
        done = super().chosen(stmt, after)
        if done is not None or not stmt.handlers or catches(stmt.handlers, UNBOUND):
            return done
        return self.stepwise(stmt) if names(stmt) & set(self.varied()) else None

    def stepwise(self, stmt: ast.Try) -> Block | None:
        """Return a try as trials and branches, None where a statement in it cannot be tried."""
        outer = self.failed, self.handlers, self.lookups
        orelse, failed = list(stmt.orelse), self.fresh.name("failed")
        self.handlers, chain = self.marked(stmt.handlers, orelse, failed)
        self.failed, self.lookups = "" if chain is orelse else failed, catches(stmt.handlers, _LOOKUPS)
        body = self.steps(stmt.body)
        self.failed, self.handlers, self.lookups = outer
        if body is None:
            return None
        start = [] if chain is orelse else [ast.copy_location(assign(failed, ast.Constant(value=False)), stmt)]
        return [*start, *body, *chain]

    def steps(self, stmts: Sequence[ast.stmt]) -> Block | None:
        """Return statements each of which comes after its trial, and is left out where one before it failed."""
        if not stmts:
            return []
        first, rest = stmts[0], self.steps(stmts[1:])
        if rest is None:
            return None
        if isinstance(first, ast.If):
            return self.branch(first, rest)
        if isinstance(first, ast.Raise | ast.Try):  # a try is a trial already
            return [self.tried(first, [first]), *self.unless_failed(first, rest)]
        trial = self.trial_of(first)
        if trial is None:
            return None
        if not trial:
            return [first, *rest]
        return [self.tried(first, trial), *self.unless_failed(first, [first, *rest])]

    def branch(self, stmt: ast.If, rest: Block) -> Block | None:
        body, orelse = self.steps(stmt.body), self.steps(stmt.orelse)
        if body is None or orelse is None or not self.is_pure(stmt.test):
            return None
        taken = self.fresh.name("tried")
        test = ast.Call(func=core.ref("builtins.bool"), args=[copy.deepcopy(stmt.test)], keywords=[])
        real = ast.copy_location(ast.If(test=stmt.test, body=body, orelse=orelse), stmt)
        return [
            self.tried(stmt, [assign(taken, test)]),
            *self.unless_failed(stmt, [real, *self.unless_failed(stmt, rest)]),
        ]

    def tried(self, stmt: ast.stmt, trial: Block) -> ast.stmt:
        made = ast.Try(body=trial, handlers=copy.deepcopy(self.handlers), orelse=[], finalbody=[])
        return ast.copy_location(made, stmt)

    def unless_failed(self, stmt: ast.stmt, block: Block) -> Block:
        if not block or not self.failed:
            return block
        test = ast.UnaryOp(op=ast.Not(), operand=load(self.failed))
        return [ast.copy_location(ast.If(test=test, body=block, orelse=[]), stmt)]

    def trial_of(self, stmt: ast.stmt) -> Block | None:
        """Return what raises what a statement would; [] where that is nothing, None where it cannot be told."""
        if isinstance(stmt, ast.Pass | ast.Break | ast.Continue):
            return []
        if isinstance(stmt, ast.Expr):
            return self.trial_of_call(stmt.value)
        if self.only_computes(stmt):
            value = getattr(stmt, "value", None)
            plain = isinstance(value, ast.Constant | None) and not isinstance(stmt, ast.Return)
            return [] if plain else self.trial([stmt])
        if isinstance(stmt, ast.AugAssign) and self.is_pure(stmt.value):
            place = copy.deepcopy(stmt.target)
            if not isinstance(place, ast.Name) and not self.is_pure(place):
                return None
            place.ctx = ast.Load()
            value = ast.BinOp(left=place, op=stmt.op, right=copy.deepcopy(stmt.value))
            return [assign(self.fresh.name("tried"), value)]
        if isinstance(stmt, ast.Assign) and all(isinstance(t, ast.Subscript) for t in stmt.targets):
            if not self.is_pure(stmt.value) or not all(self.is_safe(t) for t in stmt.targets):
                return None
            return [assign(self.fresh.name("tried"), copy.deepcopy(stmt.value))]
        return None

    def is_safe(self, place: ast.expr) -> bool:
        """Say whether a store does not raise what is caught: a slice never does."""
        assert isinstance(place, ast.Subscript)
        texts = isinstance(place.slice, ast.Constant) and isinstance(place.slice.value, str)
        return self.is_pure(place) and (isinstance(place.slice, ast.Slice) or texts or not self.lookups)

    def trial_of_call(self, expr: ast.expr) -> Block | None:
        if isinstance(expr, ast.Constant):
            return []
        if not isinstance(expr, ast.Call) or expr.keywords or not all(map(self.is_pure, expr.args)):
            return None
        adds = (
            isinstance(expr.func, ast.Attribute)
            and expr.func.attr == "append"
            and isinstance(expr.func.value, ast.Name)
        )
        if not adds and core.qualname(expr.func) != "builtins.print":
            return None
        return [assign(self.fresh.name("tried"), copy.deepcopy(a)) for a in expr.args]
