"""The derivative rules. In: an expression. Out: its tangent, its adjoints, what is known of its result.

A rule is declared once, in the module of its topic (see `sct.rules.registry`), and serves every mode. Modes use
`match`, `tangent`, `adjoints`, `expand` and `result`; the topics are loaded on first use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache

from sct.rules.kinds import adjoints, expand, rank, reads_result, result, tangent
from sct.rules.matching import match as find
from sct.rules.registry import KindOf, Match, Rule, Unsupported

__all__ = [
    "KindOf",
    "Match",
    "Rule",
    "Unsupported",
    "adjoints",
    "all_rules",
    "expand",
    "match",
    "rank",
    "reads_result",
    "result",
    "tangent",
]


@cache
def _load() -> None:
    # Each topic declares its rules when it is imported. Arithmetic first: other rules stand on `square`.
    from sct.rules import (  # noqa: F401
        arithmetic,
        choosing,
        closure,
        closure_matrices,
        closure_scans,
        complex_numbers,
        constants,
        creation,
        einsum,
        elementwise,
        linalg,
        matrices,
        products,
        reductions,
        scans,
        scipy_functions,
        selection,
        sequences,
        shaping,
        sorting,
        special,
    )


def match(expr: ast.expr) -> Match | None:
    """Return the rule that `expr` is a use of, with its arguments; None where no rule knows it."""
    _load()
    return find(expr)


def all_rules() -> Iterable[Rule]:
    """Return all rules, in the order of their declaration."""
    from sct.rules.registry import registered

    _load()
    return registered()
