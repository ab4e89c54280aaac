"""Context managers of the user's that may write into what they are handed.

In: a function and the kinds of the values in it. Out: a refusal. Such a manager is entered and left as it stands, and
nothing follows what it does: it may get what cannot be written into, and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.infer import Facts
from sct.walk import given, walk


def refuse_managers(node: ast.FunctionDef, facts: Facts, refuse: Callable[[ast.AST, str, str], object]) -> None:
    """Refuse managers that are handed arrays, lists and other things that they may write into."""
    for stmt, made in _managers(node):
        if not core.qualname(made.func).startswith(("@", "=")):
            continue
        for arg in given(made):
            if facts.kind(stmt, arg).what not in IMMUTABLE:
                reason = f"the manager `{core.spelling(made.func)}` may write into what it is handed here"
                advice = "Hand it numbers and text alone; annotate a parameter that is one, e.g. `name: str`."
                refuse(arg, reason, advice)


def _managers(node: ast.FunctionDef) -> Iterator[tuple[ast.stmt, ast.Call]]:
    """Yield the calls that make managers, which a statement ``with`` enters, or a call of ``__enter__``."""
    entered = {
        n.func.value.id
        for n in walk(node)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "__enter__"
        and isinstance(n.func.value, ast.Name)
    }
    for stmt in walk(node):
        made: list[ast.expr] = []
        if isinstance(stmt, ast.With):
            made = [item.context_expr for item in stmt.items]
        elif isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            made = [stmt.value] if stmt.targets[0].id in entered else []
        if isinstance(stmt, (ast.With, ast.Assign)):
            yield from ((stmt, call) for call in made if isinstance(call, ast.Call))
