"""What is stored into the slots of lists, and what may then be believed of their members.

A list is changed in place by whoever holds it. Where a slot is bound to a value of the sort that all members of the
list had, a number for a number or a list for a list, every other name for the list is still right about the sort. What
else is known of members of this sort, in any list, then holds only as far as it holds of what was stored.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sct.analysis.evaluator import as_load
from sct.analysis.joining import any_of, join, members_of, one_member
from sct.analysis.kinds import UNKNOWN, Kind

Stored = Mapping[str, Kind]  # for each sort of values what holds of those that were stored
Store = tuple[ast.Subscript, Kind]


def stores(stmt: ast.stmt, kind: Callable[[ast.expr], Kind]) -> Iterator[Store]:
    """Yield the parts that an assignment binds anew, each with what is known of its new value."""
    if isinstance(stmt, ast.Assign):
        for target in stmt.targets:
            yield from _parts(target, stmt.value, None, kind)
    elif isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Subscript):
        yield stmt.target, kind(ast.BinOp(left=as_load(stmt.target), op=stmt.op, right=stmt.value))


def _parts(
    target: ast.expr, value: ast.expr | None, known: Kind | None, kind: Callable[[ast.expr], Kind]
) -> Iterator[Store]:
    if isinstance(target, ast.Subscript):
        yield target, kind(value) if value is not None else known or UNKNOWN
    elif isinstance(target, (ast.Tuple, ast.List)):
        starred = any(isinstance(e, ast.Starred) for e in target.elts)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) and not starred:
            for sub, part in zip(target.elts, value.elts, strict=True):
                yield from _parts(sub, part, None, kind)
            return
        items = (kind(value) if value is not None else known or UNKNOWN).items
        same = items is not None and len(items) == len(target.elts) and not starred
        for i, sub in enumerate(target.elts):
            yield from _parts(sub, None, items[i] if same and items is not None else UNKNOWN, kind)
    elif isinstance(target, ast.Starred):
        yield from _parts(target.value, None, UNKNOWN, kind)


def fits(held: Kind, target: ast.Subscript, value: Kind) -> bool:
    """Say whether a value that is stored into a slot is of the sort that all members are."""
    if held.what not in ("list", "unknown") or any(isinstance(n, ast.Slice) for n in ast.walk(target.slice)):
        return False
    members = members_of(held)
    member = any_of(members) if members else None
    return member is not None and member.what == value.what != "unknown"


def with_stored(stored: Stored, value: Kind) -> Stored:
    """Return what holds of what was stored, this value included."""
    old = stored.get(value.what)
    kind = one_member(value if old is None else join(old, value, "?member"))
    return {**stored, value.what: replace(kind, size=None)}


def weakened(kind: Kind, stored: Stored) -> Kind:
    """Return what is still true of a value where such values are stored into lists."""
    if not stored or kind.items is None and kind.element is None:
        return kind
    items = None if kind.items is None else tuple(weakened(k, stored) for k in kind.items)
    element = None if kind.element is None else weakened(kind.element, stored)
    if kind.what in ("list", "unknown"):
        items = None if items is None else tuple(_either(k, stored) for k in items)
        element = None if element is None else _either(element, stored)
    return replace(kind, items=items, element=element)


def _either(member: Kind, stored: Stored) -> Kind:
    other = stored.get(member.what)
    return member if other is None else one_member(join(member, other, "?member"))
