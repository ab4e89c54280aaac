"""What NumPy returns as named tuples: their fields as members by position.

In: the statements of a resolved function. Out: which of its variables hold such a tuple, and which fields it has:
``np.linalg.svd(a).S`` is ``np.linalg.svd(a)[1]``.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from .. import core
from ..walk import walk

_FIELDS = {
    "numpy.linalg.eig": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.eigh": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.qr": ("Q", "R"),
    "numpy.linalg.slogdet": ("sign", "logabsdet"),
    "numpy.linalg.svd": ("U", "S", "Vh"),
}
#: Keywords with which a function may return one array alone, and where they stand among the arguments.
_ALONE = {"numpy.linalg.svd": ("compute_uv", 2), "numpy.linalg.qr": ("mode", 1)}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def fields_of(node: ast.expr) -> tuple[str, ...]:
    """Return the fields of what a call returns, none where they are not known."""
    name = core.qualname(node.func) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or name not in _FIELDS or any(isinstance(a, ast.Starred) for a in node.args):
        return ()
    keyword, position = _ALONE.get(name, ("", len(node.args)))
    alone = len(node.args) > position or any(k.arg in (keyword, None) for k in node.keywords)
    return () if alone else _FIELDS[name]


def named_variables(stmts: list[ast.stmt], known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the variables that only ever hold such a tuple, with its fields; `known` have a value before."""
    nodes = [n for s in stmts for n in walk(s)]
    assigned: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    fields = {name: {fields_of(v) for v in values} for name, values in assigned.items()}
    found = {name: next(iter(f)) for name, f in fields.items() if len(f) == 1 and name not in known}
    found = {name: f for name, f in found.items() if f}
    if not found:
        return found
    stored = [n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
    inside = {n.id for scope in nodes if isinstance(scope, _SCOPES) for n in walk(scope) if isinstance(n, ast.Name)}
    return {n: f for n, f in found.items() if stored.count(n) == len(assigned[n]) and n not in inside}
