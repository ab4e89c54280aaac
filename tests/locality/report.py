"""``python -m tests.locality.report [NAME …] [--text]``: how far edits of one line reach in the derivatives."""

from __future__ import annotations

import sys

from tests.locality.cases import EDITS
from tests.locality.measure import MODES, reach


def main(arguments: list[str]) -> None:
    names = [a for a in arguments if not a.startswith("--")]
    for mode in MODES:
        found = [(edit.name, reach(edit, mode)) for edit in EDITS if not names or edit.name in names]
        for name, one in found:
            print(f"{mode:<8} {name:<16} {one.lines:>3} lines, {one.by_hand} by hand, {one.renumbered} renumbered")
            if "--text" in arguments:
                print(one.text)
        ratios = [one.ratio for _, one in found]
        renumbered = sum(one.renumbered for _, one in found)
        print(f"{mode}: at most {max(ratios):.1f} times, mean {sum(ratios) / len(ratios):.2f}; {renumbered} renumbered")


if __name__ == "__main__":
    main(sys.argv[1:])
