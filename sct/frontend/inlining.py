"""A loop over a generator as one function: the body of the loop stands where the generator yields.

In: a generator function, a call of it, and the loop over that call. Out: the statements of the generator, under names
that nobody else uses, with the body of the loop in them. This is what Python runs, in its order. Where a jump of the
body would have to leave more than one loop of the generator, nothing is returned.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from sct.frontend.bind import defaults_of
from sct.frontend.closures import own_names
from sct.frontend.scopes import bound, parameters
from sct.names import fresh
from sct.nodes import assign
from sct.walk import walk

Block = list[ast.stmt]
_MOST = 2  # copies of the body


def body_at_yield(node: ast.FunctionDef, call: ast.Call, loop: ast.For, used: set[str]) -> Block | None:
    """Return what a loop over a call of a generator runs, None where that cannot be written; `used` are names taken."""
    stmts = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    yields = [n for s in stmts for n in walk(s) if isinstance(n, ast.Yield | ast.YieldFrom)]
    if loop.orelse or len(yields) > _MOST or not _jumps_fit(stmts, loop.body, len(yields)):
        return None
    given = _arguments(node, call)
    if given is None:
        return None
    inner = [n for s in stmts for n in walk(s) if isinstance(n, ast.comprehension)]
    apart = {b.name for c in inner for b in bound([c.target])}
    if any(isinstance(n, ast.Lambda) for s in stmts for n in walk(s)):
        return None
    changing, own = {b.name for b in bound([loop])}, {b.name for b in bound(stmts)} | apart
    names, values, before = dict[str, str](), dict[str, ast.expr](), list[ast.stmt]()
    for name, value in given.items():
        steady = isinstance(value, ast.Constant) or isinstance(value, ast.Name) and value.id not in changing
        if steady and name not in own:
            values[name] = value
        else:
            names[name] = fresh(name, used)
            before.append(assign(names[name], value))
    for name in sorted(own_names(node) - set(given)):
        names[name] = fresh(name, used)
    for name in sorted(apart - set(names)):
        names[name] = fresh(name, used)
    made = _Body(names, values, loop).block(stmts)
    return [ast.copy_location(s, loop) for s in before] + made


def _arguments(node: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """Return what each parameter is given, in the order in which the call evaluates it."""
    if node.args.vararg or node.args.kwarg or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    positional = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    given = dict(zip(positional, call.args, strict=False))
    if len(call.args) > len(positional):
        return None
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    for name, default in defaults_of(node.args).items():
        if name not in given:
            if not isinstance(default, ast.Constant):
                return None
            given[name] = default
    return given if set(given) == {a.arg for a in parameters(node.args)} else None


def _jumps_fit(stmts: Sequence[ast.stmt], body: Sequence[ast.stmt], yields: int) -> bool:
    """Say whether the jumps of a loop's body, and the returns of a generator, become jumps of the generator's loop."""
    breaks, continues = _own(body, ast.Break), _own(body, ast.Continue)
    returns = any(isinstance(n, ast.Return) for s in stmts for n in walk(s))
    if not (breaks or continues or returns):
        return True
    if yields != 1:
        return False
    last = stmts[-1]
    if not isinstance(last, ast.For | ast.While) or last.orelse or _inside_loop(last.body, ast.Return):
        return False
    if any(isinstance(n, ast.Return) for s in stmts[:-1] for n in walk(s)):
        return False
    if _inside_loop(last.body, ast.Yield) or _inside_loop(last.body, ast.YieldFrom):
        return False
    if any(isinstance(n, ast.YieldFrom) for n in walk(last)):
        return False
    return (not continues or _is_last(last.body)) and any(isinstance(n, ast.Yield) for n in walk(last))


def _own(stmts: Sequence[ast.stmt], kind: type[ast.stmt]) -> bool:
    """Say whether a jump of this kind is in a loop's body, and not in a loop inside."""
    for stmt in stmts:
        if isinstance(stmt, kind):
            return True
        inside = stmt.orelse if isinstance(stmt, ast.For | ast.While) else _blocks(stmt)
        if _own(inside, kind):
            return True
    return False


def _blocks(stmt: ast.stmt) -> Block:
    out: Block = []
    for field in ("body", "orelse", "finalbody"):
        out += getattr(stmt, field, [])
    for part in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())):
        out += part.body
    return out


def _inside_loop(stmts: Sequence[ast.stmt], kind: type[ast.AST]) -> bool:
    loops = [n for s in stmts for n in walk(s) if isinstance(n, ast.For | ast.While)]
    return any(isinstance(n, kind) for loop in loops for n in walk(loop))


def _is_last(stmts: Sequence[ast.stmt]) -> bool:
    """Say whether nothing follows a yield in a loop's body."""
    last = stmts[-1]
    if any(isinstance(n, ast.Yield) for s in stmts[:-1] for n in walk(s)):
        return False
    if isinstance(last, ast.If):
        return all(
            _is_last(b) for b in (last.body, last.orelse) if any(isinstance(n, ast.Yield) for s in b for n in walk(s))
        )
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Yield)


class _Body(ast.NodeTransformer):
    """Writes a generator under new names, all of it where the loop stands."""

    def __init__(self, names: dict[str, str], values: dict[str, ast.expr], loop: ast.For) -> None:
        self.names, self.values, self.loop = names, values, loop

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        out: Block = []
        for stmt in stmts:
            made = self.visit(copy.deepcopy(stmt))
            out += made if isinstance(made, list) else [made]  # type: ignore[list-item]
        return out

    def visit(self, node: ast.AST) -> ast.AST | Block:
        made: ast.AST | Block = super().visit(node)
        if isinstance(made, ast.expr | ast.stmt) and made is not self.loop:
            ast.copy_location(made, self.loop)
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.values:
            return copy.deepcopy(self.values[node.id])
        return ast.Name(id=self.names.get(node.id, node.id), ctx=node.ctx)

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return ast.Break()

    def visit_Expr(self, node: ast.Expr) -> ast.AST | Block:
        value = node.value
        if isinstance(value, ast.YieldFrom):
            source = self.expression(value.value)
            target, body = copy.deepcopy(self.loop.target), copy.deepcopy(self.loop.body)
            return ast.For(target=target, iter=source, body=body, orelse=[])
        if not isinstance(value, ast.Yield):
            return self.generic_visit(node)
        given = self.expression(value.value) if value.value is not None else ast.Constant(value=None)
        bind = ast.Assign(targets=[copy.deepcopy(self.loop.target)], value=given)
        return [ast.copy_location(bind, self.loop), *copy.deepcopy(self.loop.body)]

    def expression(self, node: ast.expr) -> ast.expr:
        made = self.visit(node)
        assert isinstance(made, ast.expr)
        return made
