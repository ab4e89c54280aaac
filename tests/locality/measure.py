"""How far an edit reaches in a derivative."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import sct
from sct.review.differences import Row, compare, unified
from tests.locality.cases import Edit

MODES = ("forward", "reverse")


@dataclass(frozen=True)
class Reach:
    """What an edit changes in one derivative: `lines` in all, and how many of these only say other numbers."""

    lines: int
    renumbered: int
    by_hand: int
    text: str

    @property
    def ratio(self) -> float:
        return self.lines / self.by_hand


def reach(edit: Edit, mode: str) -> Reach:
    """Differentiate a function before and after an edit, and compare."""
    before, after = edit.sources()
    rows = list(compare(_derivative(before, mode), _derivative(after, mode)))
    changed = [row for row in rows if not row.same]
    return Reach(len(changed), _renumbered(changed), getattr(edit, mode), "\n".join(unified(rows, 2)))


def _derivative(source: str, mode: str) -> str:
    function = source.rpartition("def ")[2].partition("(")[0]
    return sct.transform(source, function, mode=mode).split("\n", 2)[2]


def _renumbered(rows: list[Row]) -> int:
    """Count the lines that are there in both but for the numbers in their names."""
    left = Counter(_without_numbers(row.left) for row in rows if row.left)
    right = Counter(_without_numbers(row.right) for row in rows if row.right)
    return (left & right).total()


def _without_numbers(line: str) -> str:
    return re.sub(r"_\d+(?=\b|_)", "", line)
