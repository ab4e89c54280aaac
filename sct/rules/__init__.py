"""The derivative rules. In: an expression. Out: its tangent, its adjoints, what is known of its result.

A rule is declared once, in the module of its topic (see `sct.rules.registry`), and serves every mode. Modes use
`match`, `tangent`, `adjoints`, `expand` and `result`; the topics are loaded on first use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

from sct.rules.kinds import adjoints, check_complex, expand, is_fresh, memory, rank, reads_result, result, tangent
from sct.rules.matching import match as find
from sct.rules.registry import KindOf, Match, Rule, Unsupported

__all__ = [
    "KindOf",
    "Match",
    "Rule",
    "Unsupported",
    "adjoints",
    "all_rules",
    "check_complex",
    "expand",
    "is_fresh",
    "makes_numbers",
    "memory",
    "match",
    "rank",
    "reads_result",
    "result",
    "tangent",
    "ufunc_operands",
]


@cache
def _load() -> None:
    # Each topic declares its rules when it is imported. Arithmetic first: other rules stand on `square`.
    from sct.rules import (  # noqa: F401
        arithmetic,
        banded,
        choosing,
        closure,
        closure_decompositions,
        closure_matrices,
        closure_scans,
        complex_numbers,
        constants,
        cosines,
        creation,
        decompositions,
        densities,
        distributions,
        eigenvalues,
        einsum,
        elementwise,
        exponentials,
        fourier,
        linalg,
        masked,
        matrices,
        matrix_functions,
        norms,
        padding,
        polynomials,
        products,
        reductions,
        scans,
        scipy_functions,
        selection,
        sequences,
        shaping,
        signals,
        sorting,
        special,
        special_distributions,
        special_inverses,
        special_series,
        statistics,
        ufunc_methods,
    )


def match(expr: ast.expr) -> Match | None:
    """Return the rule that `expr` is a use of, with its arguments; None where no rule knows it."""
    _load()
    return find(expr)


def makes_numbers(expr: ast.expr) -> bool:
    """Say whether the result of an operation is a number where its operands are arrays without axes."""
    if isinstance(expr, (ast.BinOp, ast.UnaryOp)):
        return True
    try:
        found = match(expr)
    except Unsupported:
        return False
    return found is not None and found.rule.kind == "elementwise"


def ufunc_operands(name: str) -> int | None:
    """Return how many operands a ufunc of NumPy has that is differentiated element by element; None for the rest."""
    from sct.rules.matching import is_ufunc
    from sct.rules.registry import lookup

    _load()
    for rule in lookup(name):
        if is_ufunc(rule, name):
            return len(rule.parameters)
    return None


def all_rules() -> Iterable[Rule]:
    """Return all rules, in the order of their declaration."""
    from sct.rules.registry import registered

    _load()
    return registered()
