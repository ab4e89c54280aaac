"""Guards that ask what was asked before.

In: the statements of a function. Out: the same without guards that ask of the same names what a guard on every way
to them has asked, where no name was bound since. What a value is stays as it is for as long as the name does; what
memory it shares may change with what is stored into lists, so that it is asked again after a store.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from sct import core
from sct.simplify import effects, trees

_OF_VALUES = "require_array require_float require_scalar require_number require_dict require_sequence".split()
_OF_MEMORY = ("require_view", "require_distinct")


@dataclass(frozen=True)
class _Question:
    """What a guard asks: something of each name, or of all of them together."""

    guard: str
    names: frozenset[str]


def asked_once(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Leave out guards whose questions are answered."""
    if not effects.is_straightforward(stmts):
        return list(stmts)
    return _left(stmts, set())


def _left(stmts: Sequence[ast.stmt], known: set[_Question]) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    for stmt in stmts:
        questions = _questions(stmt)
        if questions and all(any(_answers(k, q) for k in known) for q in questions):
            continue
        if trees.blocks(stmt):
            _forget(known, stmt)
            stmt = trees.map_blocks(stmt, lambda block: _left(block, set(known)))
        elif not questions:
            _forget(known, stmt)
        known.update(questions)
        out.append(stmt)
    return out


def _forget(known: set[_Question], stmt: ast.stmt) -> None:
    """Leave out what a statement may give another answer to."""
    found = effects.statement(stmt)
    stores = bool(found.writes) or found.anything
    known -= {q for q in known if q.names & found.binds or stores and q.guard in _OF_MEMORY}


def _answers(known: _Question, question: _Question) -> bool:
    if known.guard != question.guard:
        return False
    return question.names == known.names or question.guard == "require_distinct" and question.names <= known.names


def _questions(stmt: ast.stmt) -> list[_Question]:
    """Return what a guard asks; nothing where it is no guard, or asks of more than names."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords:
        return []
    guard = core.qualname(call.func).removeprefix("sct.runtime.")
    names = [a.id for a in call.args[1:] if isinstance(a, ast.Name) and not core.is_ref(a)]
    if len(names) < len(call.args) - 1 or not names:
        return []
    if guard in _OF_VALUES:
        return [_Question(guard, frozenset({name})) for name in names]
    return [_Question(guard, frozenset(names))] if guard in _OF_MEMORY else []
