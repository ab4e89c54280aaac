"""What is stored into the slots of lists and dicts, and what may then be believed of their members.

A list is changed in place by whoever holds it. Where a slot is bound to a value of the sort that all members of the
list had, a number for a number or a list for a list, every other name for the list is still right about the sort. What
else is known of members of this sort, in any container, then holds only as far as it holds of what was stored.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sct import core
from sct.analysis.evaluator import as_load
from sct.analysis.joining import any_of, join, members_of, one_member
from sct.analysis.kinds import UNKNOWN, Kind

Store = tuple[ast.Subscript, Kind]
CONTAINERS = ("list", "dict")


@dataclass(frozen=True)
class Changes:
    """What may have been done to lists and dicts that more than one name leads to."""

    doubtful: frozenset[str] = frozenset()  # the sorts of containers of whose members nothing is believed
    grown: bool = False  # whether a list may have got members, or lost some
    stored: Mapping[str, Kind] = field(default_factory=dict)  # for each sort of values what holds of those stored
    entries: Mapping[str | int, Kind] = field(default_factory=dict)  # what was stored into dicts under these keys

    def with_stored(self, value: Kind) -> Changes:
        """Return these changes and that a value was stored, which was of the sort of the other members."""
        old = self.stored.get(value.what)
        kind = one_member(value if old is None else join(old, value, "?member"))
        return replace(self, stored={**self.stored, value.what: replace(kind, size=None)})

    def with_entry(self, key: str | int, value: Kind) -> Changes:
        """Return these changes and that a value was stored into a dict under a key."""
        old = self.entries.get(key)
        kind = one_member(value if old is None else join(old, value, "?member"))
        return replace(self, entries={**self.entries, key: replace(kind, size=None)})

    def with_doubt(self, held: Kind) -> Changes:
        """Return these changes and one of what is held, of which nothing is known."""
        sorts = [held.what] if held.what in CONTAINERS else CONTAINERS if held.what in ("unknown", "tuple") else ()
        return replace(self, doubtful=self.doubtful.union(sorts))

    def and_also(self, other: Changes) -> Changes:
        """Return these changes and those that a call makes."""
        both = replace(self, doubtful=self.doubtful | other.doubtful, grown=self.grown or other.grown)
        for value in other.stored.values():
            both = both.with_stored(value)
        for key, value in other.entries.items():
            both = both.with_entry(key, value)
        return both

    def believable(self, kind: Kind, own: bool = False) -> Kind:
        """Return what is still true of a value; `own`: of a container that nobody else changes."""
        if kind.items is None and kind.element is None:
            return kind
        if kind.what in self.doubtful and not own:
            return Kind(kind.what)
        items = None if kind.items is None else tuple(map(self.believable, kind.items))
        element = None if kind.element is None else self.believable(kind.element)
        if kind.what in (*CONTAINERS, "unknown") and not own:
            items = None if items is None else tuple(map(self._or_stored, items))
            element = None if element is None else self._or_stored(element)
            if self.grown and kind.what != "dict" and items is not None:
                return replace(kind, items=None, element=any_of(items))
        if kind.what == "dict" and self.entries and not own:
            return self._with_entries(replace(kind, items=items, element=element))
        return replace(kind, items=items, element=element)

    def _with_entries(self, kind: Kind) -> Kind:
        if kind.items is None or kind.keys is None:
            return replace(kind, element=any_of([*(members_of(kind) or []), *self.entries.values()]))
        items = dict(zip(kind.keys, kind.items, strict=True))
        for key, value in self.entries.items():
            items[key] = one_member(join(items[key], value, "?member")) if key in items else value
        return replace(kind, items=tuple(items.values()), keys=tuple(items))

    def _or_stored(self, member: Kind) -> Kind:
        other = self.stored.get(member.what)
        return member if other is None else one_member(join(member, other, "?member"))


#: What a function may do of which nothing is known.
ANYTHING = Changes(frozenset(CONTAINERS))


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


def fits(held: Kind, index: ast.expr, value: Kind) -> bool:
    """Say whether a value that is stored into a slot is of the sort that all members are."""
    if held.what not in (*CONTAINERS, "unknown") or any(isinstance(n, ast.Slice) for n in ast.walk(index)):
        return False
    members = members_of(held)
    member = any_of(members) if members else None
    return member is not None and member.what == value.what != "unknown"


def with_members(held: Kind, value: Kind) -> Kind:
    """Return what holds of a list in which a slice is bound to the members of a value; its members were known."""
    more = members_of(value) if value.what in CONTAINERS else None
    return Kind(
        held.what, held.dtype, element=any_of([*(members_of(held) or []), *([UNKNOWN] if more is None else more)])
    )


def with_entry(held: Kind, index: ast.expr, value: Kind) -> Kind:
    """Return what holds of a container in which a slot is bound to a value; its members were known."""
    members = members_of(held) or []
    key = core.key_of(index)
    if held.what == "dict" and held.items is not None and held.keys is not None and key is not None:
        entries = {**dict(zip(held.keys, held.items, strict=True)), key: value}
        return replace(held, items=tuple(entries.values()), keys=tuple(entries))
    return Kind(held.what, held.dtype, element=any_of([*members, value]))
