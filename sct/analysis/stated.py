"""What guards in the text of a function say of its parameters: generated code is input too."""

from __future__ import annotations

import ast
from dataclasses import replace

from sct import core
from sct.analysis.assume import SCALAR, Assumptions
from sct.analysis.kinds import Kind, Shape

_NUMBERS = tuple(f"sct.runtime.require_{what}" for what in ("scalar", "index", "scalar_result"))


def with_stated(node: ast.FunctionDef, options: tuple[Assumptions, ...]) -> tuple[Assumptions, ...]:
    """Return what may be assumed of the parameters of a function, where its own guards make sure of some of it."""
    found: list[Assumptions] = []
    for option in options:
        more = _with_stated(node, option)
        if not found or more.level == "numbers" or more.assumed != found[-1].assumed:
            found.append(more)
    return tuple(found)


def _with_stated(node: ast.FunctionDef, assumed: Assumptions) -> Assumptions:
    kinds = dict(assumed.kinds)
    stated: set[str] = set()
    for stmt in node.body:
        call = stmt.value if isinstance(stmt, ast.Expr) else None
        name = core.qualname(call.func) if isinstance(call, ast.Call) else ""
        if not isinstance(call, ast.Call) or name not in (*_NUMBERS, "sct.runtime.require_members"):
            guard = isinstance(call, ast.Constant) or name.startswith("sct.runtime.require_")
            if not guard and not _is_bookkeeping(stmt):
                break
            continue
        if name in _NUMBERS:
            for arg in call.args[1:]:
                if isinstance(arg, ast.Name) and arg.id in kinds:
                    kinds[arg.id] = SCALAR
                    stated.add(arg.id)
        elif isinstance(call.args[1], ast.Name) and isinstance(call.args[2], ast.Constant):
            holder, depth = call.args[1].id, call.args[2].value
            if holder in kinds and kinds[holder].what == "unknown" and isinstance(depth, int):
                kinds[holder] = replace(_of_members(depth), shape=Shape(holder))
                stated.add(holder)
    scalars = tuple(n for n in assumed.scalars if n not in stated)
    members = tuple((n, depth) for n, depth in assumed.members if n not in stated)
    indices = tuple(n for n in assumed.indices if n not in stated)
    results = tuple(n for n in assumed.results if n not in stated)
    return replace(assumed, kinds=kinds, scalars=scalars, members=members, indices=indices, results=results)


def _of_members(depth: int) -> Kind:
    """Return the kind of what gives numbers when it is subscripted `depth` times."""
    return SCALAR if depth == 0 else Kind(element=_of_members(depth - 1))


def _is_bookkeeping(stmt: ast.stmt) -> bool:
    """Say whether a statement only makes the empty lists that generated code begins with."""
    if not isinstance(stmt, ast.Assign):
        return False
    values = stmt.value.elts if isinstance(stmt.value, ast.Tuple) else [stmt.value]
    return all(isinstance(v, ast.List) and not v.elts or isinstance(v, ast.Constant) for v in values)
