"""Function definitions made from nothing: names, parameters, bodies."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.analysis.binding import assigned_names
from sct.modes.reverse.nodes import free_loads, loads, number, stored
from sct.walk import walk

Stmts = list[ast.stmt]


def free_loads_deep(stmts: Sequence[ast.stmt], bound: frozenset[str] = frozenset()) -> list[str]:
    """Return the names that statements may read before they bind them, in order."""
    out: dict[str, None] = {}
    known = set(bound)
    for stmt in stmts:
        if isinstance(stmt, ast.If):
            out.update(dict.fromkeys(n for n in loads([stmt.test]) if n not in known))
            for arm in (stmt.body, stmt.orelse):
                out.update(dict.fromkeys(free_loads_deep(arm, frozenset(known))))
        elif isinstance(stmt, (ast.For, ast.While)):
            head = stmt.iter if isinstance(stmt, ast.For) else stmt.test
            out.update(dict.fromkeys(n for n in loads([head]) if n not in known))
            inner = known | (set(stored([stmt.target])) if isinstance(stmt, ast.For) else set())
            out.update(dict.fromkeys(free_loads_deep(stmt.body, frozenset(inner))))
        else:
            out.update(dict.fromkeys(n for n in free_loads([stmt]) if n not in known))
        known |= surely_bound([stmt])
    return list(out)


def surely_bound(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that statements bind whichever way control goes."""
    out: set[str] = set()
    for stmt in stmts:
        if isinstance(stmt, ast.If):
            out |= surely_bound(stmt.body) & surely_bound(stmt.orelse)
        elif not isinstance(stmt, (ast.For, ast.While, ast.With, ast.Try)):
            out |= set(stored([stmt]))
    return out


def replace_body(node: ast.FunctionDef, body: Stmts) -> ast.FunctionDef:
    """Return `node` with another body."""
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body or [ast.Pass()]}
    return ast.copy_location(ast.FunctionDef(**fields), node)


def function(name: str, params: Sequence[str], body: Sequence[ast.stmt]) -> ast.FunctionDef:
    args = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(arg=p, annotation=None) for p in params],
        vararg=None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=None,
        defaults=[],
    )
    made = ast.FunctionDef(
        name=name, args=args, body=list(body) or [ast.Pass()], decorator_list=[], returns=None, type_comment=None
    )
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []  # type: ignore[attr-defined]
    return made


def with_seed(args: ast.arguments, seed: str) -> ast.arguments:
    arg = ast.arg(arg=seed, annotation=None)
    if args.vararg is not None:
        return ast.arguments(
            posonlyargs=args.posonlyargs,
            args=args.args,
            vararg=args.vararg,
            kwonlyargs=[*args.kwonlyargs, arg],
            kw_defaults=[*args.kw_defaults, number(1.0)],
            kwarg=args.kwarg,
            defaults=args.defaults,
        )
    return ast.arguments(
        posonlyargs=args.posonlyargs,
        args=[*args.args, arg],
        vararg=None,
        kwonlyargs=args.kwonlyargs,
        kw_defaults=args.kw_defaults,
        kwarg=args.kwarg,
        defaults=[*args.defaults, number(1.0)],
    )


def all_names(node: ast.FunctionDef) -> list[str]:
    out: dict[str, None] = {}
    for name in assigned_names(node.body):
        out[name] = None
    for n in walk(node):
        if isinstance(n, ast.Name) and ":" not in n.id:
            out[n.id] = None
    return list(out)


def printed(ref: str) -> str:
    """Return the first name that a reference prints as, so that no new variable hides it."""
    qualname, _, spelling = ref.partition(":")
    return (spelling or qualname.lstrip("@=!?").rpartition(".")[2]).partition(".")[0]


def under(made: ast.FunctionDef, settings: Sequence[ast.expr]) -> ast.FunctionDef:
    """Return a function that runs as a whole under settings of NumPy's error state."""
    if not settings:
        return made
    start = 1 if ast.get_docstring(made, clean=False) is not None else 0
    items = [ast.withitem(context_expr=s, optional_vars=None) for s in settings]
    inner = ast.With(items=items, body=made.body[start:], type_comment=None)
    return replace_body(made, [*made.body[:start], inner])
