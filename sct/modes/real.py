"""Complex arguments, of which rules for real numbers would make something wrong.

In: a primal, its derivative, and the uses of rules of which it is not known that numbers are real. Out: the derivative,
which refuses complex arguments where they would reach one of these uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from sct import core
from sct.nodes import load
from sct.rules.registry import Match, lookup
from sct.walk import walk


def for_real_numbers(
    entry: ast.FunctionDef, primal: ast.FunctionDef, names: Sequence[str], doubted: Sequence[Match]
) -> ast.FunctionDef:
    """Return a derivative with a guard for those parameters in `names` that may reach what is doubted."""
    calls = [s.value for s in entry.body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    called = {name for match in doubted for name in match.rule.names}
    wanted = [name for name in names if _reaches(name, primal, called)] if doubted else []
    if not wanted or any(core.qualname(call.func) == "sct.runtime.require_real" for call in calls):
        return entry
    shown = ast.Constant(value=", ".join(wanted))
    call = ast.Call(func=core.ref("sct.runtime.require_real"), args=[shown, *map(load, wanted)], keywords=[])
    first = 1 if ast.get_docstring(entry, clean=False) is not None else 0
    body = [*entry.body[:first], ast.Expr(value=call), *entry.body[first:]]
    fields = {field: getattr(entry, field) for field in entry._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), entry)


def _reaches(name: str, primal: ast.FunctionDef, called: set[str]) -> bool:
    """Say whether a parameter may flow into a call of one of these functions, or of one of the user's."""
    flowed, size = {name}, 0
    nodes = list(walk(primal))
    while len(flowed) > size:
        size = len(flowed)
        for node in nodes:
            targets, value = _binding(node)
            if value is not None and flowed & set(_names([value])):
                flowed |= set(_names(targets))
    return any(isinstance(n, ast.Call) and _may_be(n, called) and flowed & set(_names([n])) for n in nodes)


def _binding(node: ast.AST) -> tuple[list[ast.AST], ast.AST | None]:
    """Return what a node binds, and to what."""
    if isinstance(node, ast.Assign):
        return list(node.targets), node.value
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
        return [node.target], node.value
    if isinstance(node, (ast.For, ast.comprehension)):
        return [node.target], node.iter
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [node.func.value], node  # what a method is given may stay in its object
    return [], None


def _may_be(call: ast.Call, called: set[str]) -> bool:
    if isinstance(call.func, ast.Attribute):
        return f"numpy.ndarray.{call.func.attr}" in called
    name = core.qualname(call.func)
    rules = lookup(name)
    written_out = bool(rules) and all(rule.kind == "composite" for rule in rules)
    return not name or name.startswith(("@", "?")) or name in called or written_out


def _names(nodes: Iterable[ast.AST]) -> Iterable[str]:
    return (n.id for node in nodes for n in walk(node) if isinstance(n, ast.Name) and ":" not in n.id)
