"""Calls that write and may raise half way: the function says whether it raised, and returns.

In: a call in a try, of a function of the user's that does more than compute. Out: a call of another routine, which is
the same function with its body in a ``try`` with the same handlers. It is lowered like any other function, and so is
what it calls.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from sct import core
from sct.frontend.closures import nodes_of
from sct.frontend.lift import Program
from sct.frontend.structure import Block, Fresh, always_jumps
from sct.nodes import assign, load, store
from sct.walk import walk

_MARK = "(told "
_MOST = 3  # functions that say what functions say: a recursion would make ever new ones


class Telling(Protocol):
    """What is known of the try that holds a call."""

    fresh: Fresh
    program: Program
    failed: str
    handlers: Sequence[ast.ExceptHandler]

    def is_pure(self, expr: ast.expr) -> bool:
        """Say whether an expression does nothing but compute."""


def told(stmt: ast.stmt, around: Telling) -> tuple[Block, Block] | None:
    """Return a call that says whether it raised, and what becomes of its result; None where that cannot be written."""
    value = getattr(stmt, "value", None)
    if not isinstance(stmt, ast.Expr | ast.Assign | ast.Return) or not isinstance(value, ast.Call):
        return None
    key = core.qualname(value.func)
    if not key.startswith("@") or not around.failed or not all(map(around.is_pure, value.args)):
        return None
    targets = stmt.targets if isinstance(stmt, ast.Assign) else []
    if any(isinstance(n, ast.Call) for t in targets for n in walk(t)):
        return None
    made = _telling(key, around)
    if made is None:
        return None
    func = ast.copy_location(core.ref(made[0], f"try_{around.program.template(key).name}"), value.func)
    call = ast.copy_location(ast.Call(func=func, args=list(value.args), keywords=[]), value)
    raised = around.fresh.name("raised")
    signs = [s.value for h in around.handlers for s in h.body if isinstance(s, ast.Assign)]
    several = any(not isinstance(getattr(s, "value", None), bool) for s in signs)
    # What a call returns may have an adjoint; a sign has none.
    sign = ast.Call(func=core.ref("builtins.int" if several else "builtins.bool"), args=[load(raised)], keywords=[])
    says, result = assign(around.failed, sign), around.fresh.name("result") if made[1] else ""
    target: ast.expr = ast.Tuple(elts=[store(raised), store(result)], ctx=ast.Store()) if result else store(raised)
    first: Block = [ast.Assign(targets=[target], value=call), says]
    value = load(result) if result else ast.Constant(value=None)
    second: Block = [] if isinstance(stmt, ast.Expr) else [_with_value(stmt, value)]
    return [ast.copy_location(s, stmt) for s in first], second


def _with_value(stmt: ast.stmt, value: ast.expr) -> ast.stmt:
    fields = {name: getattr(stmt, name) for name in stmt._fields} | {"value": value}
    return ast.copy_location(type(stmt)(**fields), stmt)


def _telling(key: str, around: Telling) -> tuple[str, bool] | None:
    """Return the key of the function that says what this one raised, and whether it returns a value beside."""
    program = around.program
    template = program.template(key)
    if key.count(_MARK) == _MOST or not all(map(program.is_transparent, template.node.decorator_list)):
        return None
    if not all(map(_is_global, around.handlers)):
        return None
    if any(isinstance(n, ast.Yield | ast.YieldFrom | ast.Await) for n in nodes_of(template.node.body)):
        return None
    returned = [n for n in nodes_of(template.node.body) if isinstance(n, ast.Return)]
    gives = any(r.value is not None and not _is_none(r.value) for r in returned)
    made = f"{key}{_MARK}{'; '.join(map(_text, around.handlers))})"
    first = template.node.body[: 1 if ast.get_docstring(template.node, clean=False) is not None else 0]
    inside = _Telling(gives).block(template.node.body[len(first) :])
    handlers = [_handler(h, gives) for h in around.handlers]
    body: Block = [ast.Try(body=inside, handlers=handlers, orelse=[], finalbody=[])]
    if not always_jumps(inside):
        body.append(_returned(ast.Constant(value=False), gives, None))
    fields = {n: getattr(template.node, n) for n in template.node._fields}
    fields |= {"body": [*first, *(ast.copy_location(s, template.node) for s in body)], "decorator_list": []}
    node = ast.copy_location(ast.FunctionDef(**fields), template.node)
    name = program.unique_name(made, f"try_{template.name}")
    program.add(replace(template, key=made, name=name, node=node))
    return made, gives


def _is_global(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler means the same in another function: it only notes that it was reached, or raises."""
    known = [n for n in walk(handler.type) if isinstance(n, ast.Name)] if handler.type else []
    if isinstance(handler.body[-1], ast.Raise):
        known += [n for s in handler.body for n in walk(s) if isinstance(n, ast.Name) and n.id != handler.name]
    elif len(handler.body) != 1:
        return False
    return all(map(core.is_ref, known))


def _text(handler: ast.ExceptHandler) -> str:
    """Return what tells a handler from others, as a part of a key."""
    types = [core.qualname(n) for n in walk(handler.type) if isinstance(n, ast.Name)] if handler.type else []
    done = "".join(ast.dump(s) for s in handler.body) if isinstance(handler.body[-1], ast.Raise) else ""
    sign = getattr(handler.body[-1], "value", None)
    return f"{','.join(types)}={getattr(sign, 'value', '')}{done}".replace(":", "")


def _handler(handler: ast.ExceptHandler, gives: bool) -> ast.ExceptHandler:
    body: Block = copy.deepcopy(handler.body)
    last = body[-1]
    if isinstance(last, ast.Assign):
        body = [_returned(last.value, gives, None)]
    return ast.ExceptHandler(type=handler.type, name=handler.name, body=body)


def _returned(sign: ast.expr, gives: bool, value: ast.expr | None) -> ast.Return:
    if not gives:
        return ast.Return(value=sign)
    return ast.Return(value=ast.Tuple(elts=[sign, value or ast.Constant(value=None)], ctx=ast.Load()))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


class _Telling(ast.NodeTransformer):
    """Has a function return that nothing was raised, before what it returns."""

    def __init__(self, gives: bool) -> None:
        self.gives = gives

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        return [self.visit(copy.deepcopy(s)) for s in stmts]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        return ast.copy_location(_returned(ast.Constant(value=False), self.gives, node.value), node)
