"""What a composite computes several times, computed once.

In: the expression that a use of a composite rule stands for. Out: the same with names for the calls and the products of
matrices that it repeats: the condition number is the quotient of two members of one vector of singular values.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from typing import TypeGuard

from sct import rules
from sct.frontend.evaluation import replaced
from sct.walk import walk


def named_once(expr: ast.expr, name: Callable[[ast.expr], ast.expr | None]) -> ast.expr:
    """Return an expression with what is dear and repeated in it replaced by what `name` gives for it.

    What only gives views stays, as does that for which `name` gives None.
    """
    kept: set[str] = set()
    while True:
        dear = [(ast.dump(node), node) for node in walk(expr) if _is_dear(node)]
        counts = Counter(text for text, _ in dear)
        outermost = next((part for part in dear if counts[part[0]] > 1 and part[0] not in kept), None)
        if outermost is None:
            return expr
        text, first = outermost
        match = rules.match(first)
        held = name(first) if match is not None and match.rule.memory == "fresh" else None
        if held is None:
            kept.add(text)
        else:
            expr = replaced(expr, {id(node): held for other, node in dear if other == text})


def _is_dear(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.Call) or isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
