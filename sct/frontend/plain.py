"""Statements that reverse mode has no walk for, in plainer ones: match, with, try, and calls that write into arrays.

In: a resolved function. Out: the same function without them, and the settings of NumPy's error state under which its
derivative has to run. What cannot be written plainly stays as it is, and is refused later where it matters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sct import core
from sct.analysis.kinds import Kind
from sct.frontend.lift import Program
from sct.frontend.matching import cases
from sct.frontend.members import with_entry, with_name
from sct.frontend.steps import Steps
from sct.frontend.structure import Block, Fresh
from sct.frontend.trials import read_only
from sct.frontend.within import entered, suppressing
from sct.frontend.writers import with_stores

#: Settings that keep the flow of control as it is.
_QUIET = ("ignore", "warn", "print")


def plain(
    node: ast.FunctionDef,
    fresh: Fresh,
    pure: Callable[[str], bool],
    program: Program,
    varied: Callable[[], Collection[str]],
    kind: Callable[[ast.stmt, ast.expr], Kind],
) -> tuple[ast.FunctionDef, list[ast.expr]]:
    """Return `node` in plainer statements, and the calls of ``np.errstate`` that were around parts of it.

    `pure` says whether calling a function of the user's does nothing but return a value, `varied` gives the variables
    of `node` that are active, `kind` what is known of a value where a statement reads it.
    """
    steps = Steps(fresh, pure, program, varied, kind, read_only(node))
    maker = _Plainer(fresh, steps, program)
    node = with_stores(node, temporary=fresh.temporary)
    body = _with_sign_returned(maker.block(node.body), steps.signs)
    if body is node.body:
        return node, []
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), node), maker.settings


def _with_sign_returned(stmts: list[ast.stmt], signs: Collection[str]) -> list[ast.stmt]:
    """Return ``if failed: return True``, ``return False`` at the end as ``return failed``."""
    match stmts[-2:]:
        case [
            ast.If(test=ast.Name() as test, body=[ast.Return(value=ast.Constant(value=True))], orelse=[]),
            ast.Return(value=ast.Constant(value=False)) as last,
        ] if (
            test.id in signs
        ):
            return [*stmts[:-2], ast.copy_location(ast.Return(value=test), last)]
    return stmts


class _Plainer:
    def __init__(self, fresh: Fresh, attempts: Steps, program: Program) -> None:
        self.fresh = fresh
        self.program = program
        self.attempts = attempts
        self.settings: list[ast.expr] = []
        self.around: list[ast.ExceptHandler] = []  # of the tries around a statement

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        out: Block = []
        for position, stmt in enumerate(stmts):
            out += self.statement(stmt, stmts[position + 1 :] if isinstance(stmt, (ast.With, ast.Try)) else ())
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out

    def statement(self, stmt: ast.stmt, after: Sequence[ast.stmt]) -> Block:
        if isinstance(stmt, ast.FunctionDef | ast.ClassDef):
            return [stmt]
        changed: dict[str, Any] = {}
        suppressed = suppressing(stmt) if isinstance(stmt, ast.With) else None
        caught = [] if suppressed is None else suppressed.handlers
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(stmt, name, None)
            if inner:
                around = self.around
                if name == "body":
                    self.around = [*around, *(stmt.handlers if isinstance(stmt, ast.Try) else caught)]
                block = self.block(inner)
                self.around = around
                if block is not inner:
                    changed[name] = block
        if isinstance(stmt, ast.Try):
            handlers = [self.handler(h) for h in stmt.handlers]
            if any(a is not b for a, b in zip(handlers, stmt.handlers, strict=True)):
                changed["handlers"] = handlers
        if changed:
            fields = {name: getattr(stmt, name) for name in stmt._fields} | changed
            stmt = ast.copy_location(type(stmt)(**fields), stmt)
        if isinstance(stmt, ast.With):
            attempt = suppressing(stmt)
            return self.attempts.rewritten(attempt, after) if attempt is not None else self.settled(stmt)
        if isinstance(stmt, ast.Try):
            return self.attempts.rewritten(stmt, after, self.around)
        if isinstance(stmt, ast.Match):
            chain = cases(stmt, self.fresh)
            return [stmt] if chain is None else self.block(chain)
        if isinstance(stmt, ast.Expr):
            return [new for made in with_entry(stmt, self.fresh) for new in with_name(made, self.fresh)]
        return [stmt]

    def handler(self, handler: ast.ExceptHandler) -> ast.ExceptHandler:
        body = self.block(handler.body)
        if body is handler.body:
            return handler
        return ast.copy_location(ast.ExceptHandler(type=handler.type, name=handler.name, body=body), handler)

    def settled(self, stmt: ast.With) -> Block:
        """Take the statements out of ``with np.errstate(...)``: the whole derivative runs under it."""
        for item in stmt.items:
            call = item.context_expr
            if not isinstance(call, ast.Call):
                return [stmt]
            quiet = all(isinstance(k.value, ast.Constant) and k.value.value in _QUIET for k in call.keywords)
            if core.qualname(call.func) != "numpy.errstate" or call.args or not quiet:
                return entered(stmt, self.fresh, self.program)
        known = [ast.dump(s) for s in self.settings]
        self.settings += [i.context_expr for i in stmt.items if ast.dump(i.context_expr) not in known]
        return list(stmt.body)
