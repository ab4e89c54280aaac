"""Functions of ``*args`` and ``**options`` with a parameter for each argument.

In: a definition, and how many arguments it is given. Out: the same with plain parameters, in whose body the members
stand where ``*args``, ``args[0]`` or ``**options`` stood.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from .. import core
from ..analysis.lists import WRITING_METHODS
from ..names import fresh
from ..nodes import assign, load
from ..simplify.trees import replace_fields, rewrite
from ..walk import walk
from .facts import local_names
from .source import Function
from .starred import displays_opened

_Found = tuple[ast.FunctionDef, dict[str, ast.expr], str]


def reach(wrt: object) -> int:
    """Return how many arguments by position the positions in `wrt` need."""
    return 1 + max((p for p in (wrt if isinstance(wrt, tuple) else (wrt,)) if isinstance(p, int)), default=-1)


def with_positions(function: Function, wrt: object) -> Function:
    """Return a function of ``*args`` with as many parameters in their place as the positions in `wrt` need."""
    args = function.node.args
    own = [*args.posonlyargs, *args.args]
    count = reach(wrt)
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


def one_by_one(node: ast.FunctionDef, values: Mapping[str, ast.expr], used: set[str]) -> _Found | None:
    """Return a definition for a call of this shape, what its parameters get, and the shape as a text.

    None where it hands on nothing of what it is given, or does something else with it.
    """
    args = node.args
    gathered, options = values.get(args.vararg.arg if args.vararg else ""), values.get(
        args.kwarg.arg if args.kwarg else ""
    )
    members = gathered.elts if isinstance(gathered, ast.Tuple) else []
    keys = (
        [k.value if isinstance(k, ast.Constant) else None for k in options.keys]
        if isinstance(options, ast.Dict)
        else []
    )
    left = {a.arg for a in (args.vararg, args.kwarg) if a}
    if not _hands_on(node.body, left) or None in keys or any(isinstance(m, ast.Starred) for m in members):
        return None
    used = used | set(local_names(node))
    given = {name: value for name, value in values.items() if value is not gathered and value is not options}
    body = node.body
    places: list[str] = []
    if args.vararg:
        places = [fresh(f"{args.vararg.arg}_{i}", used) for i in range(len(members))]
        given |= dict(zip(places, members, strict=True))
        body = _without(args.vararg.arg, places, body)
    named: dict[str, str] = {}
    if args.kwarg and isinstance(options, ast.Dict):
        named = {str(key): fresh(str(key), used) for key in keys}
        given |= dict(zip(named.values(), options.values, strict=True))
        body = _without_options(args.kwarg.arg, named, body)
    if any(isinstance(n, ast.Name) and n.id in left for s in body for n in walk(s)):
        return None
    fields = {f: getattr(args, f) for f in args._fields} | {"vararg": None, "kwarg": None}
    fields["kwonlyargs"] = [
        *(ast.arg(arg=n) for n in places),
        *args.kwonlyargs,
        *(ast.arg(arg=n) for n in named.values()),
    ]
    fields["kw_defaults"] = [*(None for _ in places), *args.kw_defaults, *(None for _ in named)]
    whole = {f: getattr(node, f) for f in node._fields} | {"args": ast.arguments(**fields), "body": body}
    shape = ",".join(["*" * bool(args.vararg) + str(len(places)), *map(str, keys)])
    return ast.copy_location(ast.FunctionDef(**whole), node), given, shape


def with_own_options(node: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """Return a routine that changes a copy of its ``**options``: no caller sees what it does to them."""
    if not any(_changes(part, name) for stmt in node.body for part in walk(stmt)):
        return node
    given = fresh(f"{name}_given", set(local_names(node)))
    made = assign(name, ast.Call(func=core.ref("builtins.dict"), args=[load(given)], keywords=[]))
    first = 1 if ast.get_docstring(node, clean=False) is not None else 0
    body = [*node.body[:first], ast.copy_location(made, node.body[first]), *node.body[first:]]
    args = [replace_fields(a, arg=given) if a.arg == name else a for a in node.args.args]
    return replace_fields(node, args=replace_fields(node.args, args=args), body=body)


def _changes(node: ast.AST, name: str) -> bool:
    """Say whether a node changes what is in a variable: an entry, or by a method."""
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return isinstance(node.value, ast.Name) and node.value.id == name
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.attr in WRITING_METHODS and node.value.id == name


def _hands_on(body: list[ast.stmt], names: set[str]) -> bool:
    """Say whether one of these names is given to a call, starred."""
    given = [a for s in body for n in walk(s) if isinstance(n, ast.Call) for a in (*n.args, *n.keywords)]
    starred = [a.value for a in given if isinstance(a, ast.Starred) or isinstance(a, ast.keyword) and a.arg is None]
    return any(isinstance(n, ast.Name) and n.id in names for value in starred for n in walk(value))


def _without_options(name: str, members: Mapping[str, str], body: list[ast.stmt]) -> list[ast.stmt]:
    """Return a body that names the members of a dict, as far as it says which it means."""

    def named(node: ast.AST, _: ast.AST) -> ast.AST:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == name:
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            return ast.copy_location(load(members[key]), node) if isinstance(key, str) and key in members else node
        if isinstance(node, ast.keyword) and node.arg is None and isinstance(node.value, ast.Name):
            if node.value.id == name:
                keys: list[ast.expr | None] = [ast.Constant(value=key) for key in members]
                made = ast.Dict(keys=keys, values=[load(n) for n in members.values()])
                return ast.copy_location(ast.keyword(arg=None, value=made), node)
        return displays_opened(node) if isinstance(node, ast.Call) else node

    return [rewrite(stmt, named) for stmt in body]


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
        return displays_opened(node) if isinstance(node, ast.Call) else node

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


def _tuple(members: list[ast.expr]) -> ast.Tuple:
    return ast.Tuple(elts=members, ctx=ast.Load())
