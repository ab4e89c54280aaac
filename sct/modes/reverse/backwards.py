"""What the reverse sweep of a loop runs over: the members of the loop's iterable from the last to the first.

In: the iterable of a loop, and how many rounds it made where that is counted. Out: the iterable of its reverse sweep.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core
from sct.modes.reverse.nodes import (
    number,
)
from sct.walk import equal


def breaks(stmts: Sequence[ast.stmt]) -> bool:
    for stmt in stmts:
        if isinstance(stmt, ast.Break):
            return True
        if isinstance(stmt, ast.If) and (breaks(stmt.body) or breaks(stmt.orelse)):
            return True
    return False


def backwards(it: ast.Call, count: ast.expr | None) -> ast.expr:
    """Return the range that runs over the members of a range from the last to the first."""
    args = it.args
    one_step = len(args) < 3
    down = len(args) == 3 and equal(args[2], _negative_one())
    if len(args) == 1:
        start: ast.expr = number(0)
        stop = args[0]
    else:
        start, stop = args[0], args[1]
    if count is not None:
        if isinstance(start, ast.Constant) and start.value == 0 and one_step:
            return _range(_minus_one(count), _negative_one(), _negative_one())
        taken = ast.Subscript(value=it, slice=ast.Slice(lower=None, upper=count, step=None), ctx=ast.Load())
        return ast.Subscript(value=taken, slice=_whole_back(), ctx=ast.Load())
    if one_step:
        return _range(_minus_one(stop), _minus_one(start), _negative_one())
    if down:
        upwards = [_plus_one(stop), _plus_one(start)]
        return _range(*(upwards[1:] if equal(upwards[0], number(0)) else upwards))
    return ast.Subscript(value=it, slice=_whole_back(), ctx=ast.Load())


def _whole_back() -> ast.Slice:
    return ast.Slice(lower=None, upper=None, step=_negative_one())


def _negative_one() -> ast.expr:
    return ast.UnaryOp(op=ast.USub(), operand=number(1))


def _plus_one(expr: ast.expr) -> ast.expr:
    if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub):
        inner = _minus_one(expr.operand)
        if isinstance(inner, ast.Constant):
            return inner if inner.value == 0 else ast.UnaryOp(op=ast.USub(), operand=inner)
    return _shifted(expr, 1)


def _minus_one(expr: ast.expr) -> ast.expr:
    return _shifted(expr, -1)


def _shifted(expr: ast.expr, by: int) -> ast.expr:
    """Return an integer that is greater by `by`."""
    if isinstance(expr, ast.Constant) and isinstance(expr.value, int):
        value = expr.value + by
        return number(value) if value >= 0 else ast.UnaryOp(op=ast.USub(), operand=number(-value))
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, (ast.Add, ast.Sub)) and isinstance(expr.right, ast.Constant):
        amount = expr.right.value
        if isinstance(amount, int):
            total = (amount if isinstance(expr.op, ast.Add) else -amount) + by
            if total == 0:
                return expr.left
            op: ast.operator = ast.Add() if total > 0 else ast.Sub()
            return ast.BinOp(left=expr.left, op=op, right=number(abs(total)))
    return ast.BinOp(left=expr, op=ast.Add() if by > 0 else ast.Sub(), right=number(abs(by)))


def _range(*args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref("builtins.range"), args=list(args), keywords=[])


def turned(it: ast.expr, count: ast.expr | None) -> ast.expr:
    if count is not None:
        it = ast.Subscript(value=it, slice=ast.Slice(lower=None, upper=count, step=None), ctx=ast.Load())
    return ast.Subscript(value=it, slice=_whole_back(), ctx=ast.Load())
