"""What the reverse sweep may compute again rather than save.

In: steps and blocks of the paired form. Out: what a value costs, and whether it would still come out the same.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from sct.analysis.aliasing import Aliases
from sct.frontend.expressions import simple
from sct.modes.reverse.grouping import bound_by, stores_of
from sct.modes.reverse.nodes import Node, Step
from sct.walk import root_name

#: What the operations of a value may cost, for it to be computed again rather than saved.
MOST = 4


def value_of(step: Step) -> ast.expr | None:
    """Return what a step binds to a name, None where it does something else."""
    stmt = step.forward[0]
    plain = isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name)
    return stmt.value if plain and isinstance(stmt, ast.Assign) else None


def cost(value: ast.expr | None) -> int:
    """Return roughly what computing a scalar costs; a call or anything unknown costs a lot."""
    if isinstance(value, ast.BinOp) and not isinstance(value.op, ast.MatMult):
        dear = isinstance(value.op, ast.Pow) and not isinstance(value.right, ast.Constant)
        return 1000 if dear else 1 + cost(value.left) + cost(value.right)
    if isinstance(value, ast.UnaryOp):
        return cost(value.operand)
    return 0 if value is not None and simple(value, 0) else 1 if value is not None and simple(value, 1) else 1000


class Changes:
    """Where in a block variables are bound, or memory that they may share is written, for the last time."""

    def __init__(self, nodes: Sequence[Node], alias: Aliases) -> None:
        self.alias = alias
        self.bound: dict[str, int] = {}
        self.written: dict[str, int] = {}  # by the leader of a class
        for position, node in enumerate(nodes):
            self.bound.update(dict.fromkeys(bound_by(node), position))
            for place in stores_of([node]):
                base = root_name(place)
                if base is not None:
                    self.written[alias.find(base)] = position

    def since(self, position: int, names: Collection[str]) -> bool:
        """Say whether any of these names may change its value from a position on."""
        return any(
            self.bound.get(n, -1) >= position or self.written.get(self.alias.find(n), -1) >= position for n in names
        )

    def written_after(self, position: int, name: str) -> bool:
        """Say whether memory that a variable holds at a position is written after it."""
        return self.written.get(self.alias.find(name), -1) > position
