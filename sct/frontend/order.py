"""The order in which a statement reads and changes things, which taking it apart must not change.

In: a statement, and what the user's functions do. Out: whether a part of it is read before something else in it acts:
``q[0] * bump(q, x)``, of which the call becomes a statement before, reads ``q[0]`` as it was.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from sct import core
from sct.analysis.purity import repeatable
from sct.walk import children

#: Says of one of the user's functions whether it does more than return a value, the same whenever it is called.
Acts = Callable[[str], bool]
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


class Order:
    """Knows the order within one statement at a time."""

    def __init__(self, acts: Acts) -> None:
        self.acts = acts
        self.stmt: ast.stmt | None = None
        self.places: dict[int, int] = {}
        self.last = -1  # the place of the last call that acts

    def moves(self, stmt: ast.stmt, part: ast.expr) -> bool:
        """Say whether something in the statement acts once this part of it is read, or in the part itself."""
        if isinstance(part, (ast.Name, ast.Constant)):
            return False
        if stmt is not self.stmt:
            self.find(stmt)
        return self.last >= self.places.get(id(part), 0)

    def find(self, stmt: ast.stmt) -> None:
        """Number the parts of a statement, as they are evaluated."""
        self.stmt, self.places, self.last = stmt, {}, -1
        for place, node in enumerate(_evaluated(stmt)):
            self.places[id(node)] = place
            if isinstance(node, ast.Call):
                name = core.qualname(node.func)
                if self.acts(name) if name.startswith("@") else not repeatable(node):
                    self.last = place


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    inner = {id(s) for field in _BODIES for s in getattr(node, field, ())} if isinstance(node, ast.stmt) else set()
    for part in children(node):
        if id(part) not in inner:
            yield from _evaluated(part)
