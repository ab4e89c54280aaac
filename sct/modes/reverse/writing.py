"""Calls that write into their arguments, so that what they write has one name.

In: a lowered function. Out: the same function, in which a call that gets one variable twice, and writes into it, calls
a routine with one parameter for the two; and in which ``x[i] += g(x)``, where g writes `x`, reads ``x[i]`` first, as
Python does for a number.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.program import Analysis
from sct.frontend.early import found_early
from sct.frontend.lift import Program
from sct.frontend.structure import Fresh
from sct.modes.reverse.nodes import helper
from sct.nodes import assign, load
from sct.simplify.trees import rewrite
from sct.walk import names, root_name, walk

Written = Callable[[str], Collection[int]]


class Writing:
    """Rewrites calls that write."""

    def __init__(self, program: Program, written: Written, analysis: Analysis, fresh: Fresh) -> None:
        self.program, self.written, self.analysis, self.fresh = program, written, analysis, fresh

    def function(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Return `node` with its calls rewritten, itself where there are none to rewrite."""
        body = self.block(node.body)
        if all(a is b for a, b in zip(body, node.body, strict=False)) and len(body) == len(node.body):
            return node
        fields = {name: getattr(node, name) for name in node._fields} | {"body": body}
        return ast.copy_location(ast.FunctionDef(**fields), node)

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: ast.stmt) -> list[ast.stmt]:
        inner = {f: self.block(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
        if inner:
            fields = {name: getattr(stmt, name) for name in stmt._fields} | inner
            different = any(new != getattr(stmt, f) for f, new in inner.items())
            stmt = ast.copy_location(type(stmt)(**fields), stmt) if different else stmt
        elif isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Subscript):
            if any(self.writes(stmt.value, name) for name in names(stmt.target)):
                return [ast.copy_location(new, stmt) for new in self.taken_apart(stmt, stmt.target)]
        return [rewrite(stmt, lambda new, old: self.with_one_name(new) if isinstance(new, ast.Call) else new)]

    def writes(self, value: ast.expr, base: str) -> bool:
        """Say whether a call in an expression may write into `base`."""
        for call in walk(value):
            key = core.qualname(call.func) if isinstance(call, ast.Call) else ""
            if isinstance(call, ast.Call) and key.startswith("@"):
                given = [root_name(call.args[i]) for i in self.written(key) if i < len(call.args)]
                if any(root and self.analysis.alias.may_alias(base, root) for root in given):
                    return True
        return False

    def taken_apart(self, stmt: ast.AugAssign, target: ast.Subscript) -> list[ast.stmt]:
        """Return ``x[i] += g(x)`` in statements that read ``x[i]`` when Python does."""
        out: list[ast.stmt] = []
        facts, text = self.analysis.facts, _text(target)
        read = ast.Subscript(value=target.value, slice=target.slice, ctx=ast.Load())
        steps = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        chosen = any(isinstance(s, (ast.List, ast.Compare)) or facts.kind(stmt, s).what == "array" for s in steps)
        view = any(isinstance(n, ast.Slice) for n in walk(target.slice)) or facts.kind(stmt, read).what == "array"
        target = found_early(target, lambda n: facts.kind(stmt, n).what in IMMUTABLE, self.fresh.temporary, out)
        old = self.fresh.temporary()
        if view and not chosen:  # what is read when it is changed
            return [*out, assign(old, stmt.value), ast.AugAssign(target=target, op=stmt.op, value=load(old))]
        read = ast.Subscript(value=target.value, slice=target.slice, ctx=ast.Load())
        if chosen:
            out.append(assign(old, ast.Call(func=core.ref("numpy.copy"), args=[read], keywords=[])))
        else:
            out += [assign(old, read), ast.Expr(value=helper("require_scalar", text, load(old)))]
        total = ast.BinOp(left=load(old), op=stmt.op, right=stmt.value)
        return [*out, ast.Assign(targets=[target], value=total)]

    def with_one_name(self, call: ast.Call) -> ast.Call:
        """Return a call that gets a variable once, where it writes into it."""
        key = core.qualname(call.func)
        if not key.startswith("@"):
            return call
        names = [a.id if isinstance(a, ast.Name) and not core.is_ref(a) else "" for a in call.args]
        for i in self.written(key):
            again = [j for j, name in enumerate(names) if j != i and i < len(names) and name and name == names[i]]
            if again:
                merged = self.program.merged(key, i, again[0])
                func = ast.copy_location(core.ref(merged, core.spelling(call.func)), call.func)
                args = [a for j, a in enumerate(call.args) if j != again[0]]
                return self.with_one_name(ast.copy_location(ast.Call(func=func, args=args, keywords=[]), call))
        return call


def _text(target: ast.Subscript) -> ast.Constant:
    text = ast.unparse(target)
    return ast.Constant(value=text if "%" not in text and ":" not in text else "this member")
