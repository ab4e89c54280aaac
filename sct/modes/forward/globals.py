"""Names that may share memory with a global of the user's.

In: a function and its facts. Out: `Globals`, which knows them. What is written into a global outlives the call, and
no tangent does, so an active value must not get there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sct import core, rules
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.infer import Facts
from sct.frontend.scopes import bound
from sct.walk import given, walk

_PASSING = ("zip", "enumerate", "reversed", "list", "tuple", "iter", "dict", "sorted")
_GIVING = ("items", "values", "get", "pop", "setdefault", "copy")


class Globals:
    """The names that may share memory with globals."""

    def __init__(self, node: ast.FunctionDef, facts: Facts) -> None:
        self.facts = facts
        self.names: set[str] = set()
        if not any(isinstance(n, ast.Name) and n.id.startswith("=") for n in walk(node)):
            return
        flows = list(_flows(node.body))
        count = -1
        while count < len(self.names):
            count = len(self.names)
            for stmt, target, value in flows:
                if self.shares(stmt, value):
                    own = [b.name for b in bound([target])]
                    self.names.update(n for n in own if facts.name_after(stmt, n).what not in IMMUTABLE)

    def shares(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether the value of an expression may share memory with a global."""
        if isinstance(expr, ast.Name) and not expr.id.startswith("=") and expr.id not in self.names:
            return False
        if isinstance(expr, (ast.Constant, ast.Compare, ast.Lambda)) or self.facts.kind(stmt, expr).what in IMMUTABLE:
            return False
        if isinstance(expr, ast.Name):
            return True
        return any(self.shares(stmt, part) for part in self.sources(expr))

    def sources(self, expr: ast.expr) -> Sequence[ast.expr]:
        """Return the parts of an expression whose memory its value may share."""
        if isinstance(expr, (ast.Subscript, ast.Attribute, ast.Starred, ast.NamedExpr)):
            return [expr.value]
        if isinstance(expr, (ast.Tuple, ast.List)):
            return expr.elts
        if isinstance(expr, (ast.Dict, ast.BoolOp)):
            return expr.values
        if isinstance(expr, ast.IfExp):
            return [expr.body, expr.orelse]
        if not isinstance(expr, ast.Call):
            return []
        name = core.qualname(expr.func)
        if name.startswith("@"):
            return expr.args
        if name.startswith("builtins.") and name.rpartition(".")[2] in _PASSING:
            return given(expr)
        if isinstance(expr.func, ast.Attribute) and expr.func.attr in _GIVING:
            return [expr.func.value, *expr.args]
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            match = None
        if match is None or match.rule.memory == "fresh":
            return []
        return [match.args[p] for p in match.operands[:1]]


def _flows(stmts: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr]]:
    """Yield what is bound to what."""
    for stmt in stmts:
        for node in walk(stmt):
            if isinstance(node, ast.Assign):
                yield from ((node, target, node.value) for target in node.targets)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                yield node, node.target, node.value
            elif isinstance(node, ast.For):
                yield node, node.target, node.iter
            elif isinstance(node, ast.NamedExpr):
                yield stmt, node.target, node.value
