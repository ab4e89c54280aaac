"""The last word on a generated function: the order of the simplifying passes.

In: a generated function as the modes write it, full of temporaries. Out: the same as a person would have written it.
"""

from __future__ import annotations

import ast

from sct import core, simplify
from sct.modes.nodes import loads, stored


def tidy(function: ast.FunctionDef, seed_is_one: bool = False) -> ast.FunctionDef:
    """Simplify a function of the reverse mode."""
    body = list(function.body)
    params = [a.arg for a in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
    body = simplify.prune(body, frozenset(), parameters=frozenset(params))
    body = simplify.renest(body)
    body = simplify.fold(body)
    body = simplify.merge_adjoints(body)
    body = simplify.renest(body)
    body = simplify.fold(body)
    body = simplify.prune(body, frozenset(), parameters=frozenset(params))
    taken = frozenset([*params, *loads(body), *stored(body)]) | _spelled(body)
    body = simplify.name_temporaries(body, taken)
    body = _trim(body)
    fields = {name: getattr(function, name) for name in function._fields} | {"body": body or [ast.Pass()]}
    return ast.copy_location(ast.FunctionDef(**fields), function)


def _spelled(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names that references print as, which no variable may hide."""
    out: set[str] = set()
    for stmt in body:
        for node in ast.walk(stmt):
            if core.is_ref(node):
                text = core.spelling(node) or core.qualname(node).rpartition(".")[2]
                out |= {text.partition(".")[0], core.qualname(node).rpartition(".")[2]}
    return frozenset(out | {"np"})


def _trim(body: list[ast.stmt]) -> list[ast.stmt]:
    """Drop remarks that head nothing, and blank lines that follow each other."""
    out: list[ast.stmt] = []
    for stmt in body:
        text = core.remark_text(stmt)
        if text == "" and out and core.remark_text(out[-1]) == "":
            continue
        out.append(stmt)
    while out and core.remark_text(out[-1]) is not None:
        out.pop()
    if len(out) > 1 and isinstance(out[-1], ast.Return) and core.remark_text(out[-2]) == "" and len(out) > 2:
        del out[-2]
    return out
