"""Arguments that come out of a display: ``args = (x, y)`` and then ``f(*args)``.

In: the body of a resolved function, before it is lifted. Out: the same body, in which such a call names the members,
``f(*(args[0], args[1]))``, so that it is known which parameters they are for. A dict and ``**options`` likewise.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from .. import core
from ..names import fresh
from ..nodes import assign, load
from ..simplify.trees import rewrite
from ..walk import walk
from .choices import own_nodes
from .facts import local_names
from .source import Function

Display = ast.Tuple | ast.List | ast.Dict


def with_members_named(stmts: list[ast.stmt]) -> list[ast.stmt]:
    """Return statements whose calls name the members of the displays that they are given starred."""
    if not any(_is_starred(n) for s in stmts for n in walk(s)):
        return stmts
    displays = _fixed(stmts)

    def named(node: ast.AST, _: ast.AST) -> ast.AST:
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
        return _one_by_one(node) if isinstance(node, ast.Call) else node

    return [rewrite(stmt, named) for stmt in stmts]


def with_positions(function: Function, wrt: object) -> Function:
    """Return a function of ``*args`` with as many parameters in their place as the positions in `wrt` need."""
    args = function.node.args
    own = [*args.posonlyargs, *args.args]
    count = 1 + max((p for p in (wrt if isinstance(wrt, tuple) else (wrt,)) if isinstance(p, int)), default=-1)
    if args.vararg is None or count <= len(own):
        return function
    name, used = args.vararg.arg, set(local_names(function.node))
    added = [fresh(f"{name}_{i}", used) for i in range(count - len(own))]
    fields = {f: getattr(args, f) for f in args._fields}
    fields |= {"args": [*args.args, *(ast.arg(arg=n) for n in added)], "vararg": None}
    if args.defaults:  # whoever names a later position gives the earlier ones too
        fields["defaults"] = []
    body = _without(name, added, function.node.body)
    if any(isinstance(n, ast.Name) and n.id == name for s in body for n in walk(s)):
        first = 1 if ast.get_docstring(function.node, clean=False) is not None else 0
        gathered = ast.copy_location(assign(name, _tuple([load(n) for n in added])), body[0])
        body = [*body[:first], gathered, *body[first:]]
    changed = {"args": ast.arguments(**fields), "body": body}
    fields = {f: getattr(function.node, f) for f in function.node._fields} | changed
    return replace(function, node=ast.copy_location(ast.FunctionDef(**fields), function.node))


def _without(name: str, members: list[str], body: list[ast.stmt]) -> list[ast.stmt]:
    """Return a body which names the members of a tuple, as far as it says which it means."""
    if any(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for s in body for n in walk(s)):
        return body

    def named(node: ast.AST, _: ast.AST) -> ast.AST:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == name:
            found = _chosen(members, node.slice)
            if isinstance(found, str):
                return ast.copy_location(load(found), node)
            return node if found is None else ast.copy_location(_tuple([load(n) for n in found]), node)
        if isinstance(node, ast.Starred) and isinstance(node.value, ast.Name) and node.value.id == name:
            return ast.copy_location(ast.Starred(value=_tuple([load(n) for n in members]), ctx=ast.Load()), node)
        return _one_by_one(node) if isinstance(node, ast.Call) else node

    return [rewrite(stmt, named) for stmt in body]


def _chosen(members: list[str], index: ast.expr) -> str | list[str] | None:
    """Return what an index or a slice, as it is written, takes of a tuple; None where it is not written out."""
    try:
        if isinstance(index, ast.Slice):
            bounds = [None if b is None else ast.literal_eval(b) for b in (index.lower, index.upper, index.step)]
            return members[slice(*bounds)]
        return str(members[ast.literal_eval(index)])
    except (ValueError, TypeError, IndexError):
        return None


def _one_by_one(call: ast.Call) -> ast.Call:
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
