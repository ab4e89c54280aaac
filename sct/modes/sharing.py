"""Function values that generated code would compute twice, computed once.

In: statements of a mode. Out: the same, where what a derivative computes of a function reads the variable that already
holds it: ``cos_x`` for ``np.cos(x)``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core, rules, simplify
from sct.simplify.effects import Alias

#: Where functions of whole matrices stand: factorizations, solutions, inverses. They cost more than all around them.
_OF_MATRICES = ("numpy.linalg.", "scipy.linalg.")


def shared(stmts: Sequence[ast.stmt], alias: Alias | None, parameters: frozenset[str]) -> list[ast.stmt]:
    """Return the statements with equal values of functions shared; for the rest see `simplify.share`."""
    return simplify.share(stmts, alias, _is_function, parameters)


def _is_function(expr: ast.expr) -> bool:
    """Say whether an expression is a call, elementwise or of matrices, which costs more than arithmetic."""
    if not isinstance(expr, ast.Call) or not core.qualname(expr.func).startswith(("math.", "numpy.", "scipy.")):
        return False
    if core.qualname(expr.func).startswith(_OF_MATRICES):
        return True
    try:
        match = rules.match(expr)
    except rules.Unsupported:
        return False
    return match is not None and match.rule.kind == "elementwise"
