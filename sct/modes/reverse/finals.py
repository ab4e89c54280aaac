"""The members that arguments have when the primal ends, which a derivative gives them back.

In: the name of a list or a dict. Out: statements that keep its members, and that put the very objects back.
"""

from __future__ import annotations

import ast

from sct import core
from sct.analysis.aliasing import Aliases
from sct.analysis.infer import Facts
from sct.nodes import assign, load
from sct.walk import walk


def entries_bound(node: ast.FunctionDef) -> set[str]:
    """Return the dicts of which an entry is bound anew."""
    places = (n for n in walk(node) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
    texts = (p for p in places if isinstance(p.slice, ast.Constant) and isinstance(p.slice.value, str))
    return {p.value.id for p in texts if isinstance(p.value, ast.Name)}


def slots_bound(node: ast.FunctionDef, facts: Facts) -> set[str]:
    """Return the variables that are lists where a slot of theirs is bound anew."""
    found: set[str] = set()
    for stmt in (s for s in walk(node) if isinstance(s, ast.Assign)):
        for base in (t.value for t in stmt.targets if isinstance(t, ast.Subscript)):
            if isinstance(base, ast.Name) and facts.kind(stmt, load(base.id)).what == "list":
                found.add(base.id)
    return found


def optional(node: ast.FunctionDef) -> set[str]:
    """Return the parameters that are None where they are left out."""
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [*zip(positional[::-1], node.args.defaults[::-1], strict=False)]
    pairs += [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None]
    return {a.arg for a, d in pairs if isinstance(d, ast.Constant) and d.value is None}


def may_lose(name: str, entries: bool, alias: Aliases) -> bool:
    """Say whether members that are written may be members no longer at the end, so that nothing leads to them."""
    return alias.is_memory_written(name) and (entries or any(name in group for group in alias.slots))


def given_members(name: str, members: str, entries: bool) -> ast.stmt:
    """Return what keeps the members that a list, or a dict with `entries`, has at first."""
    values = ast.Call(func=ast.Attribute(value=load(name), attr="values", ctx=ast.Load()), args=[], keywords=[])
    return assign(members, ast.Call(core.ref("builtins.list"), [values if entries else load(name)], []))


def same_members(given: str, members: str, entries: bool, may_be_none: bool) -> tuple[ast.stmt, ast.stmt]:
    """Return what keeps the members of a list, or the entries of a dict, and what gives it these very objects."""
    make = core.ref("builtins.dict" if entries else "builtins.list")
    kept: ast.expr = ast.Call(func=make, args=[load(given)], keywords=[])
    if entries:
        update = ast.Attribute(value=load(given), attr="update", ctx=ast.Load())
        back: ast.stmt = ast.Expr(value=ast.Call(func=update, args=[load(members)], keywords=[]))
    else:
        everything = ast.Subscript(value=load(given), slice=ast.Slice(), ctx=ast.Store())
        back = ast.Assign(targets=[everything], value=load(members))
    if not may_be_none:
        return assign(members, kept), back
    there = ast.Compare(left=load(given), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])
    kept = ast.IfExp(test=there, body=kept, orelse=ast.Constant(value=None))
    return assign(members, kept), ast.If(test=there, body=[back], orelse=[])
