"""Structured control flow: every jump ends up where nothing follows it.

In: a resolved function. Out: the same function with at most one ``return``, its last statement, without
``continue``, and with ``break`` only where the loop's body has nothing left to do. What followed a conditional
jump moves into the other branch, so most programs need no flag; where both branches may go on, one boolean says
whether to. Reverse mode needs this form, because the reverse sweep enters a block at its end.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sct.nodes import assign, load

Block = list[ast.stmt]


def structure(node: ast.FunctionDef, fresh: Fresh) -> ast.FunctionDef:
    """Return `node` in structured form; `fresh` makes names that the function does not use."""
    body = list(node.body)
    returns = [s for s in _own_statements(body) if isinstance(s, ast.Return)]
    if len(returns) == 1 and returns[0] is body[-1]:
        return _with_body(node, _Structurer(fresh, "").block(body, _Loop()))
    if not returns:
        return _with_body(node, _Structurer(fresh, "").block(body, _Loop()))
    if always_jumps(body) and all(r.value is None for r in returns):
        result = ""
    else:
        result = _result_name(returns, fresh)
        if not always_jumps(body):
            body.append(ast.Return(value=ast.Constant(value=None)))
    done = _Structurer(fresh, result).block(body, _Loop())
    if result:
        done.append(ast.Return(value=load(result)))
    return _with_body(node, done)


class Fresh:
    """Names that a function does not use yet, handed out in order and deterministic."""

    def __init__(self, used: Sequence[str] | frozenset[str] | set[str]) -> None:
        self.used = set(used)
        self._count = 0
        self._counts: dict[str, int] = {}

    def name(self, wanted: str) -> str:
        """Return `wanted`, or `wanted_2`, `wanted_3` … where it is taken."""
        name, count = wanted, self._counts.get(wanted, 1)
        while name in self.used:
            count += 1
            name = f"{wanted}_{count}"
        self._counts[wanted] = count
        self.used.add(name)
        return name

    def temporary(self) -> str:
        """Return the next temporary's name."""
        self._count += 1
        while f"%{self._count}" in self.used:
            self._count += 1
        name = f"%{self._count}"
        self.used.add(name)
        return name


@dataclass(frozen=True)
class _Loop:
    """Where a jump goes: what it must say before it leaves."""

    inside: bool = False  # in a loop at all
    broke: str = ""  # the flag that a `break` of this loop sets (for its else clause)
    returned: str = ""  # the flag that a `return` sets so that the loops around it end as well
    going: str = ""  # in a branch that something follows: the flag that a jump clears instead of jumping
    left: str = ""  # with `going`: the flag that says that the jump leaves the loop


class _Structurer:
    def __init__(self, fresh: Fresh, result: str) -> None:
        self.fresh = fresh
        self.result = result

    def block(self, stmts: Sequence[ast.stmt], loop: _Loop) -> Block:
        out: Block = []
        todo = list(stmts)
        while todo:
            stmt = todo.pop(0)
            if isinstance(stmt, (ast.Return, ast.Break, ast.Continue)):
                return out + self.jump(stmt, loop)
            if isinstance(stmt, (ast.For, ast.While)):
                setup, loop_stmt, after = self.loop(stmt, loop)
                out += [*setup, loop_stmt]
                todo = after + todo
            elif isinstance(stmt, ast.If) and may_jump([stmt]):
                return out + self.branch(stmt, todo, loop)
            elif isinstance(stmt, ast.If):
                out.append(_if(stmt, self.block(stmt.body, loop), self.block(stmt.orelse, loop)))
            else:
                out.append(stmt)
        return out

    def jump(self, stmt: ast.stmt, loop: _Loop) -> Block:
        out: Block = []
        leaves = not isinstance(stmt, ast.Continue)
        if isinstance(stmt, ast.Return):
            if self.result and not isinstance(stmt, _LeaveAfterReturn):
                value = stmt.value or ast.Constant(value=None)
                if not (isinstance(value, ast.Name) and value.id == self.result):
                    out.append(ast.copy_location(assign(self.result, value), stmt))
            elif not self.result and not loop.inside and not loop.going:
                return [] if isinstance(stmt, _LeaveAfterReturn) else [stmt]
            if loop.returned:
                out.append(_flag(loop.returned, True))
        elif isinstance(stmt, ast.Break) and loop.broke:
            out.append(_flag(loop.broke, True))
        if loop.going:
            out.append(_flag(loop.going, False))
            if leaves and loop.left:
                out.append(_flag(loop.left, True))
        elif loop.inside and leaves:
            out.append(ast.copy_location(ast.Break(), stmt))
        return out

    def branch(self, stmt: ast.If, rest: Block, loop: _Loop) -> Block:
        if always_jumps(stmt.body):
            return [_if(stmt, self.block(stmt.body, loop), self.block(stmt.orelse + rest, loop))]
        if always_jumps(stmt.orelse):
            return [_if(stmt, self.block(stmt.body + rest, loop), self.block(stmt.orelse, loop))]
        if not rest:
            return [_if(stmt, self.block(stmt.body, loop), self.block(stmt.orelse, loop))]
        going = self.fresh.name("going")
        leaves = loop.inside and not loop.going and _may_leave([stmt])
        left = self.fresh.name("left") if leaves else ""
        inner = replace(loop, going=going, left=left or loop.left)
        guarded = _if(stmt, self.block(stmt.body, inner), self.block(stmt.orelse, inner))
        out: Block = [_flag(going, True)]
        if left:
            out.append(_flag(left, False))
        out.append(guarded)
        otherwise: Block = []
        if loop.going:
            otherwise = [_flag(loop.going, False)]
        elif left:
            otherwise = [ast.If(test=load(left), body=[ast.Break()], orelse=[])]
        after = ast.If(test=load(going), body=self.block(rest, loop) or [ast.Pass()], orelse=otherwise)
        return [*out, after]

    def loop(self, stmt: ast.For | ast.While, outer: _Loop) -> tuple[Block, ast.stmt, Block]:
        """Return what comes before the loop, the loop, and what follows it (still to be structured)."""
        before: Block = []
        after: Block = []
        broke = returned = ""
        if _returns(stmt.body):
            returned = self.fresh.name("returned")
            before.append(_flag(returned, False))
        if stmt.orelse and _breaks(stmt.body):
            broke = self.fresh.name("broke")
            before.append(_flag(broke, False))
        body = self.block(stmt.body, _Loop(True, broke, returned)) or [ast.Pass()]
        if stmt.orelse and broke:
            test: ast.expr = ast.UnaryOp(op=ast.Not(), operand=load(broke))
            if returned:
                test = ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or(), values=[load(broke), load(returned)]))
            after.append(ast.If(test=test, body=list(stmt.orelse), orelse=[]))
        elif stmt.orelse:
            after += stmt.orelse
        if returned:
            # What follows runs only if the function has not returned; a loop around this one ends too.
            leave: Block = [_LeaveAfterReturn()]
            after.insert(0, ast.If(test=load(returned), body=leave, orelse=[]))
        fields = {name: getattr(stmt, name) for name in stmt._fields} | {"body": body, "orelse": []}
        return before, ast.copy_location(type(stmt)(**fields), stmt), after


class _LeaveAfterReturn(ast.Return):
    """The return of an inner loop on its way out: the value is assigned already."""


def _own_statements(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    stack = list(stmts)
    while stack:
        stmt = stack.pop()
        out.append(stmt)
        if not isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            stack += _children(stmt)
    return out


def _children(stmt: ast.stmt) -> Block:
    out: Block = []
    for field in ("body", "orelse", "finalbody"):
        out += getattr(stmt, field, [])
    for handler in getattr(stmt, "handlers", []):
        out += handler.body
    for case in getattr(stmt, "cases", []):
        out += case.body
    return out


def _returns(stmts: Sequence[ast.stmt]) -> bool:
    return any(isinstance(s, ast.Return) for s in _own_statements(stmts))


def _breaks(stmts: Sequence[ast.stmt]) -> bool:
    """Say whether a `break` of the loop that has this body is in it."""
    for stmt in stmts:
        if isinstance(stmt, ast.Break):
            return True
        if isinstance(stmt, (ast.For, ast.While)):
            if _breaks(stmt.orelse):
                return True
        elif _breaks(_children(stmt)):
            return True
    return False


def _may_leave(stmts: Sequence[ast.stmt]) -> bool:
    return _breaks(stmts) or _returns(stmts)


def may_jump(stmts: Sequence[ast.stmt]) -> bool:
    """Say whether control may leave `stmts` other than at their end."""
    for stmt in stmts:
        if isinstance(stmt, (ast.Return, ast.Break, ast.Continue)):
            return True
        if isinstance(stmt, (ast.For, ast.While)):
            if _returns([stmt]) or may_jump(stmt.orelse):
                return True
        elif not isinstance(stmt, (ast.FunctionDef, ast.ClassDef)) and may_jump(_children(stmt)):
            return True
    return False


def always_jumps(stmts: Sequence[ast.stmt]) -> bool:
    """Say whether control never runs off the end of `stmts`."""
    for stmt in stmts:
        if isinstance(stmt, (ast.Return, ast.Break, ast.Continue, ast.Raise)):
            return True
        if isinstance(stmt, ast.If) and always_jumps(stmt.body) and always_jumps(stmt.orelse):
            return True
        if isinstance(stmt, ast.While) and _is_true(stmt.test) and not _breaks(stmt.body):
            return True
    return False


def _is_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _result_name(returns: Sequence[ast.Return], fresh: Fresh) -> str:
    names = {r.value.id if isinstance(r.value, ast.Name) else None for r in returns}
    only = next(iter(names)) if len(names) == 1 else None
    if only is not None and ":" not in only:
        return only
    return fresh.name("result" if "y" in fresh.used else "y")


def _with_body(node: ast.FunctionDef, body: Block) -> ast.FunctionDef:
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body or [ast.Pass()]}
    return ast.copy_location(ast.FunctionDef(**fields), node)


def _if(stmt: ast.If, body: Block, orelse: Block) -> ast.If:
    if orelse and all(isinstance(s, ast.Pass) for s in body):
        test = ast.UnaryOp(op=ast.Not(), operand=stmt.test)
        return ast.copy_location(ast.If(test=test, body=orelse, orelse=[]), stmt)
    return ast.copy_location(ast.If(test=stmt.test, body=body or [ast.Pass()], orelse=orelse), stmt)


def _flag(name: str, value: bool) -> ast.Assign:
    return assign(name, ast.Constant(value=value))
