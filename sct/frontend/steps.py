"""Try statements that do more than compute, step by step.

In: a ``try`` that holds active values and writes, or may fail half way. Out: each of its statements after a trial that
computes the same and nothing else. Where a trial fails, what would follow is left out, and the handler comes next.
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
#: Errors of sums, products and comparisons.
_ARITHMETIC = frozenset({"ArithmeticError", "OverflowError", "TypeError", "Exception", "BaseException", ""})
_PLAIN = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp)


class Steps(Attempts):
    """Rewrites try statements; `varied` gives the active variables of the function, `pure` see `Attempts`."""

    def __init__(self, fresh: Fresh, pure: Callable[[str], bool], varied: Callable[[], Collection[str]]) -> None:
        super().__init__(fresh, pure)
        self.varied = varied
        self.failed = ""
        self.handlers: list[ast.ExceptHandler] = []
        self.lookups = self.arithmetic = False  # whether such errors are caught

    def chosen(self, stmt: ast.Try, after: Sequence[ast.stmt]) -> Block | None:
        done = super().chosen(stmt, after)
        if done is not None or not stmt.handlers or catches(stmt.handlers, UNBOUND):
            return done
        return self.stepwise(stmt) if names(stmt) & set(self.varied()) else None

    def stepwise(self, stmt: ast.Try) -> Block | None:
        """Return a try as trials and branches, None where a statement in it cannot be tried."""
        outer = self.failed, self.handlers, self.lookups, self.arithmetic
        orelse, failed = list(stmt.orelse), self.fresh.name("failed")
        self.handlers, chain = self.marked(stmt.handlers, orelse, failed)
        self.failed = "" if chain is orelse else failed
        self.lookups, self.arithmetic = catches(stmt.handlers, _LOOKUPS), catches(stmt.handlers, _ARITHMETIC)
        body = self.steps(stmt.body)
        self.failed, self.handlers, self.lookups, self.arithmetic = outer
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
        if isinstance(first, ast.Raise) and (noted := self.noted(first)):
            return noted
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
        real = ast.copy_location(ast.If(test=stmt.test, body=body, orelse=orelse), stmt)
        if self.is_plain(stmt.test):
            return [real, *self.unless_failed(stmt, rest)]
        taken = self.fresh.name("tried")
        test = ast.Call(func=core.ref("builtins.bool"), args=[copy.deepcopy(stmt.test)], keywords=[])
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
            return [] if value is None or self.is_plain(value) else self.trial([stmt])
        if isinstance(stmt, ast.AugAssign) and self.is_pure(stmt.value):
            if isinstance(stmt.target, ast.Name) and self.is_plain(ast.BinOp(stmt.target, stmt.op, stmt.value)):
                return []
            place = copy.deepcopy(stmt.target)
            if not isinstance(place, ast.Name) and not self.is_pure(place):
                return None
            place.ctx = ast.Load()
            value = ast.BinOp(left=place, op=stmt.op, right=copy.deepcopy(stmt.value))
            return [assign(self.fresh.name("tried"), value)]
        if isinstance(stmt, ast.Assign) and all(isinstance(t, ast.Subscript) for t in stmt.targets):
            if not self.is_pure(stmt.value) or not all(self.is_safe(t) for t in stmt.targets):
                return None
            return [] if self.is_plain(stmt.value) else [assign(self.fresh.name("tried"), copy.deepcopy(stmt.value))]
        return None

    def is_plain(self, expr: ast.expr) -> bool:
        """Say whether an expression raises nothing that is caught here, on numbers and arrays that fit each other."""
        operations = [n.op for n in walk(expr) if isinstance(n, ast.BinOp)]
        if self.arithmetic and not isinstance(expr, ast.Name | ast.Constant):
            return False
        parts = [n for n in walk(expr) if isinstance(n, ast.expr)]
        return all(isinstance(n, _PLAIN) for n in parts) and all(
            isinstance(op, ast.Add | ast.Sub | ast.Mult) for op in operations
        )

    def noted(self, stmt: ast.Raise) -> Block:
        """Return what the handler notes that is the first and names what is raised; [] for any other."""
        error = stmt.exc.func if isinstance(stmt.exc, ast.Call) else stmt.exc
        if not self.failed or error is None or stmt.exc is None or not self.is_pure(stmt.exc):
            return []
        first = self.handlers[0]
        known = first.type is not None and core.qualname(first.type) == core.qualname(error) != ""
        return (
            copy.deepcopy(first.body)
            if known and len(first.body) == 1 and isinstance(first.body[0], ast.Assign)
            else []
        )

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
