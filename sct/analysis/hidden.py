"""Writes into memory inside expressions, where no statement of their own stands for them.

In: a statement. Out: its calls that write in place and are not the statement itself, each with what it writes. The
modes take calls back, or give them tangents, as statements: what stands inside a test, an index or a call of something
else would be lost.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator

from sct import core
from sct.analysis import purity
from sct.analysis.aliasing import IMMUTABLE, KEEPING_METHODS, CallEffects
from sct.analysis.kinds import Kind
from sct.walk import header, walk

KindOf = Callable[[ast.expr], Kind]

#: A method that gives a member as well: it is taken out of expressions before.
_TAKING = frozenset({"pop"})


def hidden_writes(
    stmt: ast.stmt, effects: CallEffects | None, giving: Collection[str] = _TAKING
) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Give the calls inside the head of a statement that write, and what they write, or store in it.

    Without `effects`, those of the user's functions are left out; `giving` are methods that the mode takes care of.
    """
    direct = getattr(stmt, "value", None)
    for node in header(stmt):
        if not isinstance(node, ast.Call) or node is direct or _is_unknown(node):
            continue
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if method in giving:
            continue
        for written in written_by(node, effects):
            yield node, written
        if method in KEEPING_METHODS:
            yield from ((node, kept) for kept in node.args)


def _is_unknown(call: ast.Call) -> bool:
    """Say whether nothing is known of a call, so that it is refused with active values whatever it writes."""
    name = core.qualname(call.func)
    return not name.startswith("@") and (name == "builtins.next" or purity.call_effect(call).unknown)


def calls_in(stmt: ast.stmt) -> Iterator[ast.Call]:
    """Give the calls in the head of a statement."""
    return (node for node in header(stmt) if isinstance(node, ast.Call))


def written_by(call: ast.Call, effects: CallEffects | None) -> Iterator[ast.expr]:
    """Give what a call itself writes in place."""
    name = core.qualname(call.func)
    if name.startswith("@"):
        if effects is not None:
            yield from (call.args[i] for i in effects(name).written if i < len(call.args))
        return
    yield from purity.written_by(call)


def index_reads_memory(place: ast.expr, kind: KindOf) -> bool:
    """Say whether an index in a place reads what a call may write: Python finds the place after the value."""
    indices = [n.slice for n in walk(place) if isinstance(n, ast.Subscript)]
    read = (n for index in indices for n in walk(index) if isinstance(n, ast.Name) and not core.is_ref(n))
    return any(kind(name).what not in IMMUTABLE for name in read)
