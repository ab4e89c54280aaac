"""``python -m tests.locality.report [NAME …] [--text]``: how far edits of one line reach in the derivatives."""

from __future__ import annotations

import sys

import sct
from sct.review.differences import compare, unified
from tests.locality.cases import EDITS, Edit

MODES = ("forward", "reverse")


def body(source: str, mode: str) -> str:
    return sct.transform(source, source.rpartition("def ")[2].partition("(")[0], mode=mode).split("\n", 2)[2]


def changed(edit: Edit, mode: str) -> tuple[int, str]:
    """Return how many lines of a derivative an edit changes, and the difference."""
    before, after = edit.sources()
    rows = list(compare(body(before, mode), body(after, mode)))
    return sum(not row.same for row in rows), "\n".join(unified(rows, 2))


def main(arguments: list[str]) -> None:
    names = [a for a in arguments if not a.startswith("--")]
    for mode in MODES:
        ratios = []
        for edit in EDITS:
            if names and edit.name not in names:
                continue
            count, text = changed(edit, mode)
            by_hand = getattr(edit, mode)
            ratios.append(count / by_hand)
            print(f"{mode:<8} {edit.name:<16} {count:>3} lines, {by_hand} by hand, {count / by_hand:.1f}")
            if "--text" in arguments:
                print(text)
        print(f"{mode}: {sum(r > 3 for r in ratios)} of {len(ratios)} over 3, mean {sum(ratios) / len(ratios):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
