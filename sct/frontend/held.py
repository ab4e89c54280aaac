"""What the running program holds, written into calls that hang on it: ``np.einsum(texts, a, b)``, ``f(x, **options)``.

In: the body of a resolved function, before it is lifted. Out: the same body, in which such a call has its arguments one
by one, and guards at its top, which refuse other values than those that the code was made for.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from typing import Any

from .. import core
from ..rules import match
from ..rules.registry import Unsupported, lookup
from ..simplify.trees import rewrite
from ..walk import walk

NOTHING = object()
_MOST = 32


def with_values_held(
    stmts: list[ast.stmt], value_of: Callable[[str], object], is_fixed: Callable[[str], object]
) -> list[ast.stmt]:
    """Return statements without calls that only a value of the running program makes clear.

    `value_of` gives what a global or a variable of a function around this one holds, NOTHING where it holds nothing;
    what `is_fixed` needs no guard.
    """
    if not any(isinstance(n, ast.Call) and any(_held(n)) for s in stmts for n in walk(s)):
        return stmts
    known = _Known(value_of, is_fixed)
    made = [rewrite(stmt, known.visit) for stmt in stmts]
    first = isinstance(made[0], ast.Expr) and isinstance(made[0].value, ast.Constant)
    return [*made[:first], *known.guards(), *made[first:]]


def _held(call: ast.Call) -> Iterator[ast.Name]:
    """Yield the arguments of a call that refer to data which is not the function's own."""
    for value in (*call.args, *(k.value for k in call.keywords)):
        node = value.value if isinstance(value, ast.Starred) else value
        if isinstance(node, ast.Name) and core.qualname(node).startswith("="):
            yield node


class _Known:
    """Writes values into calls, and notes which."""

    def __init__(self, value_of: Callable[[str], object], is_fixed: Callable[[str], object]) -> None:
        self.value_of, self.is_fixed = value_of, is_fixed
        self.used: dict[str, tuple[ast.Name, object]] = {}

    def visit(self, node: ast.AST, _: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Call) or not any(_held(node)):
            return node
        name = core.qualname(node.func)
        fixed = name[:1] in ("@", "")
        if name.startswith(("?", "=")) or not fixed and (_is_clear(node) or not lookup(name)):
            return node
        whole = ast.Call(
            func=node.func,
            args=[made for a in node.args for made in self.positional(a, fixed)],
            keywords=[made for k in node.keywords for made in self.keyword(k)],
        )
        if not fixed and not _is_clear(whole):
            written = ast.Call(
                func=whole.func,
                args=[self.written(a) for a in whole.args],
                keywords=[ast.keyword(arg=k.arg, value=self.written(k.value)) for k in whole.keywords],
            )
            whole = written if _is_clear(written) else whole
        return ast.copy_location(whole, node)

    def positional(self, node: ast.expr, fixed: bool) -> list[ast.expr]:
        """Return what an argument stands for: a function of the user's takes a starred one apart itself."""
        held = node.value if isinstance(node, ast.Starred) and not fixed else None
        value = self.value(held)
        if not isinstance(held, ast.Name) or type(value) not in (tuple, list) or len(value) > _MOST:
            return [node]
        self.note(held, value)
        return [_member(held, i, member) for i, member in enumerate(value)]

    def keyword(self, node: ast.keyword) -> list[ast.keyword]:
        held = node.value if node.arg is None else None
        value = self.value(held)
        if not isinstance(held, ast.Name) or type(value) is not dict or not all(type(k) is str for k in value):
            return [node]
        self.note(held, value)
        return [ast.keyword(arg=key, value=_member(held, key, member)) for key, member in value.items()]

    def written(self, node: ast.expr) -> ast.expr:
        """Return an argument as its value is written, itself where it has none that can be."""
        value = self.value(node)
        literal = _literal(value) if isinstance(node, ast.Name) else None
        if literal is None or not isinstance(node, ast.Name):
            return node
        self.note(node, value)
        return ast.copy_location(literal, node)

    def value(self, node: ast.expr | None) -> Any:
        name = core.qualname(node) if isinstance(node, ast.Name) else ""
        return self.value_of(name) if name.startswith("=") else NOTHING

    def note(self, node: ast.Name, value: object) -> None:
        if not self.is_fixed(core.qualname(node)):
            self.used[node.id] = (node, value)

    def guards(self) -> list[ast.stmt]:
        """Return what refuses other values than those that were written into calls."""
        out: list[ast.stmt] = []
        for node, value in self.used.values():
            guard = core.ref("sct.runtime.require_value")
            shown = ast.Constant(value=core.spelling(node))
            out.append(ast.Expr(value=ast.Call(func=guard, args=[shown, node, _expected(value)], keywords=[])))
        return out


def _is_clear(call: ast.Call) -> bool:
    """Say whether a rule takes a call as it is written."""
    try:
        return match(call) is not None
    except Unsupported:
        return False


def _member(held: ast.Name, key: int | str, value: object) -> ast.expr:
    """Return what to write for a member: the value itself where it can be written."""
    made = _literal(value)
    if made is None:
        made = ast.Subscript(value=held, slice=ast.Constant(value=key), ctx=ast.Load())
    return made


def _literal(value: object) -> ast.expr | None:
    """Return a number, a text, True, False, None, or a tuple or list of these as it is written; None for all else."""
    if type(value) in (tuple, list):
        members = [_literal(v) for v in value]  # type: ignore[attr-defined]
        elts = [m for m in members if m is not None]
        kind = ast.Tuple if type(value) is tuple else ast.List
        return kind(elts=elts, ctx=ast.Load()) if len(elts) == len(members) <= _MOST else None
    if isinstance(value, bool | str | None) and type(value) in (bool, str, type(None)):
        return ast.Constant(value=value)
    if type(value) in (int, float) and math.isfinite(value):  # type: ignore[arg-type]
        number = ast.Constant(value=abs(value))  # type: ignore[arg-type]
        return number if math.copysign(1.0, value) > 0 else ast.UnaryOp(op=ast.USub(), operand=number)  # type: ignore[arg-type]
    return None


def _expected(value: object) -> ast.expr:
    """Return a value as the guard compares it: an ellipsis stands for a member that may be anything."""
    if type(value) is dict:
        keys: list[ast.expr | None] = [ast.Constant(value=k) for k in value]
        return ast.Dict(keys=keys, values=[_expected(v) for v in value.values()])
    literal = _literal(value)
    if literal is not None:
        return literal
    if type(value) in (tuple, list):
        kind = ast.Tuple if type(value) is tuple else ast.List
        return kind(elts=[_literal(v) or ast.Constant(value=...) for v in value], ctx=ast.Load())  # type: ignore[attr-defined]
    return ast.Constant(value=...)
