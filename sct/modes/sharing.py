"""Function values that generated code would compute twice, computed once.

In: statements of a mode. Out: the same, where what a derivative computes of a function reads the variable that already
holds it: ``cos_x`` for ``np.cos(x)``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core, rules, simplify
from sct.simplify.effects import Alias


def shared(stmts: Sequence[ast.stmt], alias: Alias | None, parameters: frozenset[str]) -> list[ast.stmt]:
    """Return the statements with equal values of elementwise functions shared; for the rest see `simplify.share`."""
    return simplify.share(stmts, alias, _is_function, parameters)


def _is_function(expr: ast.expr) -> bool:
    """Say whether an expression is a call of an elementwise function, which costs more than arithmetic."""
    if not isinstance(expr, ast.Call) or not core.qualname(expr.func).startswith(("math.", "numpy.", "scipy.")):
        return False
    try:
        match = rules.match(expr)
    except rules.Unsupported:
        return False
    return match is not None and match.rule.kind == "elementwise"
