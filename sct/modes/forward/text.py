"""Active values that go through a text and come back as numbers.

In: a function and its active names. Out: the first call that reads a number out of a text in which an active value
was written. Such a value has a derivative that no rule sees, so the call has to be refused.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from sct import core
from sct.frontend.scopes import bound
from sct.walk import walk

_READERS = ("builtins.float", "builtins.int", "builtins.complex", "numpy.float64", "json.loads", "ast.literal_eval",
            "numpy.fromstring", "decimal.Decimal", "fractions.Fraction")  # fmt: skip
_WRITERS = ("builtins.str", "builtins.repr", "builtins.format", "json.dumps", "numpy.array2string", "numpy.array_str")
_METHODS = ("format", "join", "hex", "tobytes", "__str__", "__repr__", "__format__")


def number_from_text(node: ast.FunctionDef, active: Collection[str]) -> ast.Call | None:
    """Return the first call that makes a number of a text of an active value."""
    calls = [n for n in walk(node) if isinstance(n, ast.Call) and core.qualname(n.func) in _READERS]
    if not calls:
        return None
    texts = _texts(node, active)
    return next((c for c in calls if any(_is_text(a, active, texts) for a in c.args)), None)


def _texts(node: ast.FunctionDef, active: Collection[str]) -> set[str]:
    """Return the variables that may hold such a text, or hold one inside."""
    assigned = [s for s in walk(node) if isinstance(s, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For))]
    texts: set[str] = set()
    while True:
        found = set(texts)
        for stmt in assigned:
            value = stmt.iter if isinstance(stmt, ast.For) else stmt.value
            if value is not None and _is_text(value, active, texts):
                targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
                found |= {b.name for b in bound(targets)}
        if found == texts:
            return texts
        texts = found


def _is_text(expr: ast.expr, active: Collection[str], texts: Collection[str]) -> bool:
    for part in walk(expr):
        if isinstance(part, ast.Name) and part.id in texts:
            return True
        written = isinstance(part, ast.JoinedStr)
        if isinstance(part, ast.Call):
            method = isinstance(part.func, ast.Attribute) and part.func.attr in _METHODS
            written = method or core.qualname(part.func) in _WRITERS
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod):
            written = isinstance(part.left, ast.Constant) and isinstance(part.left.value, str)
        if written and any(isinstance(n, ast.Name) and n.id in active for n in walk(part)):
            return True
    return False
