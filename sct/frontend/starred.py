"""Arguments that come out of a display: ``args = (x, y)`` and then ``f(*args)``.

In: the body of a resolved function, before it is lifted. Out: the same body, in which such a call names the members,
``f(*(args[0], args[1]))``, so that it is known which parameters they are for. A dict and ``**options`` likewise.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .. import core
from ..nodes import changed
from ..simplify.trees import rewrite
from ..walk import walk
from .choices import own_nodes
from .evaluation import taken_late

Display = ast.Tuple | ast.List | ast.Dict


def with_members_named(stmts: list[ast.stmt]) -> list[ast.stmt]:
    """Return statements whose calls name the members of the displays that they are given starred."""
    if not any(_is_starred(n) for s in stmts for n in walk(s)):
        return stmts
    displays = _fixed(stmts)

    def named(node: ast.AST, old: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call) and isinstance(old, ast.Call) and taken_late(node):
            return changed(node, args=old.args)
        if isinstance(node, ast.Starred) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            display = displays.get(node.value.id)
            if isinstance(display, (ast.Tuple, ast.List)):
                members = [_member(node.value.id, ast.Constant(value=i)) for i in range(len(display.elts))]
                return ast.copy_location(ast.Starred(value=_tuple(members), ctx=ast.Load()), node)
        if isinstance(node, ast.keyword) and node.arg is None and isinstance(node.value, ast.Name):
            display = displays.get(node.value.id)
            if isinstance(display, ast.Dict):
                members = [_member(node.value.id, key) for key in display.keys if key is not None]
                return ast.copy_location(ast.keyword(arg=None, value=ast.Dict(display.keys, members)), node)
        return displays_opened(node) if isinstance(node, ast.Call) else node

    return [rewrite(stmt, named) for stmt in stmts]


def displays_opened(call: ast.Call) -> ast.Call:
    """Return a call whose starred displays are arguments of their own."""
    if not _is_starred(call):
        return call
    args: list[ast.expr] = []
    for arg in call.args:
        display = arg.value if isinstance(arg, ast.Starred) else None
        args += display.elts if isinstance(display, (ast.Tuple, ast.List)) else [arg]
    keywords: list[ast.keyword] = []
    for keyword in call.keywords:
        display = keyword.value if keyword.arg is None else None
        if isinstance(display, ast.Dict) and _is_plain(display):
            pairs = zip(display.keys, display.values, strict=True)
            keywords += [ast.keyword(arg=str(k.value), value=v) for k, v in pairs if isinstance(k, ast.Constant)]
        else:
            keywords.append(keyword)
    return ast.copy_location(ast.Call(func=call.func, args=args, keywords=keywords), call)


def _is_starred(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
    )


def _fixed(stmts: Sequence[ast.stmt]) -> dict[str, Display]:
    """Return the variables that are bound to a display of which no member comes or goes.

    Bound a second time they may be to a copy of themselves, as in ``args = list(args)``.
    """
    bound: dict[str, list[ast.expr]] = {}
    stores: dict[str, int] = {}
    for node in (n for s in stmts for n in walk(s)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            stores[node.id] = stores.get(node.id, 0) + 1
    nodes = own_nodes(stmts)
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            bound.setdefault(node.targets[0].id, []).append(node.value)
    found = {n: v for n, v in bound.items() if len(v) == stores.get(n) and all(_is_copy(c, n) for c in v[1:])}
    made = {n: _display(v[0]) for n, v in found.items()}
    displays = {n: v for n, v in made.items() if v is not None}
    loose = _other_uses(stmts)
    steady = {n for n, v in displays.items() if isinstance(v, ast.Tuple) and len(found[n]) == 1}
    return {n: v for n, v in displays.items() if _is_plain(v) and (n in steady or n not in loose)}


def _display(node: ast.expr) -> Display | None:
    """Return what an expression displays; ``dict(a=x)`` is ``{"a": x}``."""
    if isinstance(node, ast.Call) and core.qualname(node.func) == "builtins.dict" and not node.args:
        keys: list[ast.expr | None] = [ast.Constant(value=k.arg) if k.arg else None for k in node.keywords]
        return ast.Dict(keys=keys, values=[k.value for k in node.keywords])
    return node if isinstance(node, (ast.Tuple, ast.List, ast.Dict)) else None


def _is_copy(node: ast.expr, name: str) -> bool:
    """Say whether an expression is ``list(name)`` or ``tuple(name)``."""
    copied = isinstance(node, ast.Call) and core.qualname(node.func) in ("builtins.list", "builtins.tuple")
    return copied and len(node.args) == 1 and isinstance(node.args[0], ast.Name) and node.args[0].id == name  # type: ignore[attr-defined]


def _is_plain(display: Display) -> bool:
    if isinstance(display, ast.Dict):
        return all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in display.keys)
    return not any(isinstance(e, ast.Starred) for e in display.elts)


def _other_uses(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that are used for more than to read or write a member, to be copied or to be given starred."""
    out: set[str] = set()
    stack: list[tuple[ast.AST, bool]] = [(s, False) for s in stmts]
    while stack:
        node, harmless = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not harmless:
            out.add(node.id)
        for child in ast.iter_child_nodes(node):
            member = isinstance(node, ast.Subscript) and child is node.value and not isinstance(node.ctx, ast.Del)
            if member and isinstance(node.ctx, ast.Store):  # type: ignore[attr-defined]
                member = not isinstance(node.slice, ast.Slice)  # type: ignore[attr-defined]
            given = isinstance(node, ast.Starred) or isinstance(node, ast.keyword) and node.arg is None
            copied = isinstance(child, ast.Name) and isinstance(node, ast.expr) and _is_copy(node, child.id)
            stack.append((child, member or given or copied))
    return out


def _member(name: str, key: ast.expr) -> ast.expr:
    return ast.Subscript(value=ast.Name(id=name, ctx=ast.Load()), slice=key, ctx=ast.Load())


def _tuple(members: list[ast.expr]) -> ast.Tuple:
    return ast.Tuple(elts=members, ctx=ast.Load())
