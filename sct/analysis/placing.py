"""Guards put into a function: before the statements that need them, or behind those that bind what they ask about.

In: a block, and what each statement asks for. Out: the block with the guards that do not stand there already.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence

from sct import core
from sct.nodes import changed

#: The guards that a statement asks for: those before it, and those behind.
Asked = Callable[[ast.stmt], tuple[list[ast.stmt], list[ast.stmt]]]


def placed(stmts: list[ast.stmt], asked: Asked, moved: dict[ast.stmt, ast.stmt]) -> list[ast.stmt]:
    """Return a block with guards, the one that is given where it needs none.

    `moved` will hold the compound statements that are made anew.
    """
    out: list[ast.stmt] = []
    for position, stmt in enumerate(stmts):
        before, behind = asked(stmt)
        out += _unless(before, reversed(out))
        out.append(_inside(stmt, asked, moved))
        # A guard that stands before the statement asks about what the name was bound to then.
        out += _unless(behind, stmts[position + 1 :])
    return out if _differs(out, stmts) else stmts


def _unless(guards: list[ast.stmt], beside: Iterable[ast.stmt]) -> list[ast.stmt]:
    """Return the guards that are not among those beside a statement."""
    known: Collection[str] = [ast.dump(s) for s in itertools.takewhile(core.is_guard, beside)] if guards else ()
    return [guard for guard in guards if ast.dump(guard) not in known]


def _inside(stmt: ast.stmt, asked: Asked, moved: dict[ast.stmt, ast.stmt]) -> ast.stmt:
    """Return a statement with guards in its blocks."""
    made: dict[str, object] = {}
    for field in ("body", "orelse", "finalbody"):
        if found := getattr(stmt, field, None):
            made[field] = placed(found, asked, moved)
    for field in ("handlers", "cases"):
        if found := getattr(stmt, field, None):
            parts = [changed(part, body=placed(part.body, asked, moved)) for part in found]
            made[field] = parts if _differs(parts, found) else found
    new = changed(stmt, **made)
    if new is not stmt:
        moved[stmt] = new
    return new


def _differs(new: Sequence[object], old: Sequence[object]) -> bool:
    return len(new) != len(old) or any(a is not b for a, b in zip(new, old, strict=True))
