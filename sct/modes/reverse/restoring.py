"""What puts back a number or an array, in generated code that is differentiated again.

In: a flattened function with its guards, and its analysis. Out: the function in which each ``x = restored(x, saved)``
is what it is here: a store into an array, or a name that is bound anew.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import NoReturn

from sct import core
from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.modes.reverse.nodes import helper
from sct.nodes import assign, load
from sct.walk import walk

Refuse = Callable[[ast.AST, str, str], NoReturn]


def with_restores(flat: Flat, analysis: Analysis, refuse: Refuse) -> Flat:
    """Return the function without calls of `restored`; the one that is given where it has none."""
    if not any(_is_restored(n) for n in walk(flat.node)):
        return flat
    origin = dict(flat.origin)
    own = _private(flat.node)

    def block(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [new for stmt in stmts for new in statement(stmt)]

    def statement(stmt: ast.stmt) -> list[ast.stmt]:
        inside = {f: block(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
        if inside:
            fields = {name: getattr(stmt, name) for name in stmt._fields} | inside
            new: list[ast.stmt] = [ast.copy_location(type(stmt)(**fields), stmt)]
        elif isinstance(stmt, ast.Assign) and _is_restored(stmt.value):
            new = [ast.copy_location(made, stmt) for made in _plain(stmt, analysis, own, refuse)]
        else:
            return [stmt]
        if stmt in origin:
            origin.update(dict.fromkeys(new, origin[stmt]))
        return new

    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": block(flat.node.body)}
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


def _is_restored(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and core.qualname(node.func) == "sct.runtime.restored"


def _private(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names of tapes and of what is saved: what they hold is no memory that anything else reads."""
    found: set[str] = set()
    for stmt in walk(node):
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            made = core.qualname(getattr(stmt.value, "func", None))
            empty = isinstance(stmt.value, ast.List) and not stmt.value.elts
            if made == "sct.runtime.save" or empty or core.popped(stmt.value):
                found.add(stmt.targets[0].id)
    return frozenset(found)


def _plain(stmt: ast.Assign, analysis: Analysis, own: frozenset[str], refuse: Refuse) -> list[ast.stmt]:
    target, call = stmt.targets[0], stmt.value
    assert isinstance(target, ast.Name) and isinstance(call, ast.Call)
    x, saved = call.args
    assert isinstance(x, ast.Name)
    kind = analysis.facts.name_after(stmt, target.id).what
    if kind == "scalar":
        return [assign(target.id, saved)]
    if kind == "array":
        guard = ast.Expr(value=helper("require_array", ast.Constant(value=x.id), load(x.id)))
        known = analysis.facts.kind(stmt, x).what == "array"
        whole = ast.Subscript(value=load(x.id), slice=ast.Constant(value=...), ctx=ast.Store())
        again = [] if target.id == x.id else [assign(target.id, load(x.id))]
        return [*([] if known else [guard]), ast.Assign(targets=[whole], value=saved), *again]
    known_by = {name for seen in (target.id, x.id) for name in analysis.alias.group(seen)}
    if known_by <= own | {target.id, x.id}:
        return [assign(target.id, helper("save", saved))]  # nothing else reads the memory that is put back
    refuse(stmt, f"whether `{x.id}` is a number or an array here cannot be told", "Annotate the parameters.")
