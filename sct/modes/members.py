"""Members of containers that active values are stored into: asked whether they are arrays of integers.

In: a statement, and what is known of its function. Out: guards to put before it. A name is asked where it is bound;
what a list or a dict holds has no such place, for it may be put there by any name of the container.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from sct import core
from sct.analysis.aliasing import KEEPING_METHODS
from sct.analysis.binding import assigned_names
from sct.analysis.evaluator import as_load
from sct.analysis.kinds import is_inexact
from sct.analysis.program import Analysis
from sct.analysis.reach import head
from sct.nodes import load
from sct.rules.template import helper
from sct.walk import leaves, parameters, root_name, walk


def float_guards(stmt: ast.stmt, analysis: Analysis, asked: Collection[str]) -> list[ast.stmt]:
    """Return the guards of the members that a statement stores active values into, but those `asked` already."""
    found: dict[str, ast.expr] = {}
    for base, value in _stores(stmt):
        root, kind = root_name(base), analysis.facts.kind(stmt, base)
        if isinstance(base, ast.Name) or root is None or kind.what not in ("array", "unknown"):
            continue
        if is_inexact(kind) or kind.dtype == "complex" or analysis.facts.kind(stmt, load(root)).what == "array":
            continue
        if root not in asked and analysis.activity.active(stmt, value):
            found.setdefault(ast.unparse(base), base)
    return [float_guard(_shown(text, base), base) for text, base in found.items() if text not in asked]


def float_guard(called: str, value: ast.expr, depth: int = 1) -> ast.Expr:
    """Return the guard of a value, or of what lies under as many subscripts in it, by which a message calls it."""
    deep: list[ast.expr] = [ast.Constant(value=depth)] if depth > 1 else []
    return ast.Expr(value=helper("require_float", ast.Constant(value=called), value, *deep))


def _shown(text: str, base: ast.expr) -> str:
    hidden = any(isinstance(n, ast.Name) and core.is_temporary(n.id) for n in walk(base))
    return "this value" if hidden else text


def asked_members(node: ast.FunctionDef) -> frozenset[str]:
    """Return the members that a function asks itself, as generated code does, and the names whose members it asks."""
    calls = (n for n in walk(node) if isinstance(n, ast.Call) and core.qualname(n.func) == "sct.runtime.require_float")
    return frozenset(ast.unparse(c.args[1]) for c in calls if not isinstance(c.args[1], ast.Name) or len(c.args) > 2)


def depths(node: ast.FunctionDef, analysis: Analysis) -> Mapping[str, int]:
    """Return how deep what is stored into lies, in unknown parameters that keep the members they come with."""
    alias, entry = analysis.alias, analysis.facts.entry
    given = {n for n in parameters(node) if n in entry and entry[n].what == "unknown"} - {*assigned_names(node.body)}
    found: dict[str, int] = {}
    for stmt in (s for s in walk(node) if isinstance(s, ast.stmt)):
        for base, _ in _stores(stmt):
            depth = 1
            while isinstance(base, ast.Subscript):
                base, depth = base.value, depth + 1
            if isinstance(base, ast.Name) and depth > 1:
                found[base.id] = max(depth, found.get(base.id, 0))
            elif isinstance(base, ast.Name):
                given -= set(alias.group(base.id))
        for call in (n for n in head(stmt) if isinstance(n, ast.Call)):
            keeps = isinstance(call.func, ast.Attribute) and call.func.attr in KEEPING_METHODS
            if keeps or core.qualname(call.func).startswith("@"):
                given -= {n for part in walk(call) if isinstance(part, ast.Name) for n in alias.group(part.id)}
    return {name: depth for name, depth in found.items() if name in given}


def _stores(stmt: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what a statement stores into in place, and what it stores."""
    if isinstance(stmt, (ast.Assign, ast.AugAssign)):
        for top in stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]:
            for target in leaves(top):
                if isinstance(target, ast.Subscript):
                    base = target.value
                    yield as_load(base.value if isinstance(base, ast.Attribute) else base), stmt.value  # ``a.flat[i]``
    for call in (n for n in head(stmt) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "fill" and call.args:
            yield call.func.value, call.args[0]
