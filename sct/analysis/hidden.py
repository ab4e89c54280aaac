"""Writes into memory inside expressions, where no statement of their own stands for them.

In: a statement. Out: its calls that write in place and are not the statement itself, each with what it writes. The
modes take calls back, or give them tangents, as statements: what stands inside a test, an index or a call of something
else would be lost.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sct import core
from sct.analysis.aliasing import CallEffects
from sct.analysis.lists import WRITING_METHODS
from sct.walk import header

#: Methods that give a member as well: those are taken out of expressions before.
_GIVING = frozenset({"pop", "popitem", "setdefault"})


def hidden_writes(stmt: ast.stmt, effects: CallEffects | None) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Give the calls inside the head of a statement that write, and what they write; without `effects`, no user's."""
    direct = getattr(stmt, "value", None)
    for node in header(stmt):
        if isinstance(node, ast.Call) and node is not direct and not _gives_member(node):
            for written in written_by(node, effects):
                yield node, written


def written_by(call: ast.Call, effects: CallEffects | None) -> Iterator[ast.expr]:
    """Give what a call itself writes in place."""
    name = core.qualname(call.func)
    if name.startswith("@"):
        if effects is not None:
            yield from (call.args[i] for i in effects(name).written if i < len(call.args))
        return
    yield from (k.value for k in call.keywords if k.arg == "out")
    if name in core.WRITERS:
        yield from call.args[:1]
    if isinstance(call.func, ast.Attribute) and call.func.attr in WRITING_METHODS:
        yield call.func.value


def _gives_member(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _GIVING
