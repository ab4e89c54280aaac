"""What has happened since: whether an expression computed earlier would still give the same value now."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable

from sct.analysis.purity import WORLD
from sct.simplify.effects import Alias, Effects, is_global, touch

_FAR = 64  # with more writes than these in between, an expression is taken to be disturbed


class Timeline:
    """The effects of the statements of one block, by position."""

    def __init__(self, alias: Alias | None) -> None:
        self._alias = alias
        self._bound: dict[str, int] = {}
        self._writes: list[tuple[int, str]] = []
        self._anything: list[int] = []
        self._last = -1

    def record(self, position: int, found: Effects) -> None:
        """Note what the statement at `position` does."""
        for name in found.binds:
            self._bound[name] = max(position, self._bound.get(name, -1))
        for name in sorted(found.writes):
            insort(self._writes, (position, name))
        if found.anything:
            insort(self._anything, position)
        if found.binds or found.writes or found.anything:
            self._last = max(self._last, position)

    def disturbed(self, since: int, reads: Iterable[str]) -> bool:
        """Say whether anything among `reads` may have changed after position `since`."""
        if self._last <= since:
            return False
        reads = list(reads)
        if not reads:
            return False
        if self._anything and self._anything[-1] > since:
            return True
        if any(self._bound.get(name, -1) > since for name in reads):
            return True
        first = bisect_right(self._writes, (since, "\uffff"))
        if first == len(self._writes):
            return False
        if self._alias is None or len(self._writes) - first > _FAR:
            return True
        written = {name for _, name in self._writes[first:]}
        if WORLD in written and any(is_global(name) for name in reads):
            return True
        return any(touch(name, other, self._alias) for name in reads for other in written)
