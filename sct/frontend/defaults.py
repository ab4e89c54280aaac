"""Defaults of lambdas that are called later than they are made, as members of a list or a dict of functions.

In: the body of a resolved function, before it is lifted. Out: the same body, in which the values of such defaults have
names: ``fs = [lambda v, w=w: v * w]`` becomes ``w_2 = w`` and ``fs = [lambda v, w=w_2: v * w]``. The function is
written out where it is called, and `w` may be bound anew before that.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

from ..names import fresh
from ..nodes import assign, changed, load
from .choices import own_nodes

Block = list[ast.stmt]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def with_defaults_named(stmts: list[ast.stmt], used: set[str]) -> list[ast.stmt]:
    """Return statements in which lambdas that are members, or one of several, have defaults that stay."""
    if not any(isinstance(n, ast.Lambda) and any(map(_varies, _defaults(n))) for n in own_nodes(stmts)):
        return stmts
    bound = Counter(n.id for n in own_nodes(stmts) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return _block(stmts, used, bound)


def _block(stmts: Sequence[ast.stmt], used: set[str], bound: Counter[str]) -> Block:
    out: Block = []
    for stmt in stmts:
        if isinstance(stmt, _SCOPES):
            out.append(stmt)
            continue
        before: Block = []
        fields: dict[str, object] = {}
        for name in ("body", "orelse", "finalbody"):
            if getattr(stmt, name, None):
                fields[name] = _block(getattr(stmt, name), used, bound)
        for name in ("handlers", "cases"):
            if getattr(stmt, name, None):
                fields[name] = [changed(p, body=_block(p.body, used, bound)) for p in getattr(stmt, name)]
        if isinstance(stmt, ast.Assign):
            several = isinstance(stmt.targets[0], ast.Name) and bound[stmt.targets[0].id] > 1
            fields["value"] = _named(stmt.value, used, before, several)
        elif isinstance(stmt, ast.For):
            fields["iter"] = _named(stmt.iter, used, before, False)
        out += [*(ast.copy_location(s, stmt) for s in before), changed(stmt, **fields)]
    return out


def _named(value: ast.expr, used: set[str], before: Block, alone: bool) -> ast.expr:
    """Return a display whose lambdas have names for defaults, or one lambda alone."""
    if isinstance(value, ast.Lambda):
        return _steady(value, used, before) if alone else value
    if isinstance(value, ast.Dict):
        return changed(value, values=[_named(v, used, before, True) for v in value.values])
    if isinstance(value, (ast.Tuple, ast.List)):
        return changed(value, elts=[_named(e, used, before, True) for e in value.elts])
    return value


def _steady(function: ast.Lambda, used: set[str], before: Block) -> ast.expr:
    if not any(map(_varies, _defaults(function))):
        return function

    def named(default: ast.expr | None) -> ast.expr | None:
        if default is None or not _varies(default):
            return default
        name = fresh(default.id if isinstance(default, ast.Name) and ":" not in default.id else "default", used)
        before.append(assign(name, default))
        return load(name)

    args = function.args
    new = [named(d) for d in args.defaults], [named(d) for d in args.kw_defaults]
    return changed(function, args=changed(args, defaults=new[0], kw_defaults=new[1]))


def _defaults(function: ast.Lambda) -> list[ast.expr | None]:
    return [*function.args.defaults, *function.args.kw_defaults]


def _varies(default: ast.expr | None) -> bool:
    return default is not None and not isinstance(default, ast.Constant)
