"""Fuzz for a while: ``python -m tests.fuzz --seconds 60 [--seed N] [--size N] [--keep FOLDER]``.

Prints how many programs came out right, refused, wrong, …, and shrinks the first program of each kind of failure.
"""

from __future__ import annotations

import argparse
import collections
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.programs import harness
from tests.programs.harness import Verdict

from .grammar import Program, RandomChooser, grow
from .shrink import shrink
from .verdicts import DISCARDED, judge, worst

BAD = (harness.WRONG, harness.CRASH, harness.BREAKS, harness.SLOW)


def signature(verdict: Verdict) -> str:
    """Return what makes two failures the same: the kind, and the reason without names and numbers."""
    if verdict.kind == harness.WRONG:
        return "wrong: " + re.split(r"[:\[(]|should| of ", verdict.reason)[0].strip()
    return verdict.kind + " " + re.sub(r"'[^']*'|\d+|%\w+", "_", verdict.reason)[:90]


def main() -> int:
    """Grow, judge, count, shrink."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=8, help="statements in a program, about")
    parser.add_argument("--only", type=int, help="the one program of this number, printed with its verdicts")
    parser.add_argument("--keep", type=Path, help="a folder for the failing programs")
    parser.add_argument("--each", type=int, default=1, help="how many programs of each failure to print")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false", help="count alone")
    parser.add_argument("--mode", choices=harness.MODES, help="one mode alone")
    options = parser.parse_args()
    modes = (options.mode,) if options.mode else harness.MODES
    counts: collections.Counter[str] = collections.Counter()
    seen: dict[str, int] = {}
    reasons: collections.Counter[str] = collections.Counter()
    harness.bound_memory()
    started, number = time.monotonic(), options.seed if options.only is None else options.only
    with harness.folder() as folder:
        while time.monotonic() - started < options.seconds:
            program = grow(RandomChooser(number), 2 + number % options.size)
            verdicts = judge(program, folder, ("live",) if number % 3 else harness.DOORS, modes)
            way, verdict = worst(verdicts)
            counts[verdict.kind] += 1
            if verdict.kind in (harness.REFUSED, harness.RAISES):
                reasons[re.sub(r"^\S+:\d+:\d+: |'[^']*'|`[^`]*`", "", verdict.reason.splitlines()[0])[:100]] += 1
            if options.only is not None:
                print(program.text, program.args, *verdicts.items(), sep="\n")
                return 0
            if verdict.kind in BAD:
                key = signature(verdict)
                key = f"{way.partition('/')[0]} {key}"
                seen[key] = seen.get(key, 0) + 1
                if seen[key] <= options.each and options.shrink:
                    report(program, number, way, verdict, folder, options)
            number += 1
    judged = sum(counts.values()) - counts[DISCARDED]
    print(f"\n{judged} programs judged: " + "  ".join(f"{k} {v}" for k, v in counts.most_common()))
    for key, times in sorted(seen.items(), key=lambda item: -item[1]):
        print(f"{times:5} {key}")
    for reason, times in reasons.most_common(12):
        print(f"{times:5} refused: {reason}")
    return 1 if seen else 0


def report(
    program: Program, number: int, way: str, verdict: Verdict, folder: Path, options: argparse.Namespace
) -> None:
    """Shrink a failing program and print it."""
    key = signature(verdict)
    mode, _, door = way.partition("/")
    until = time.monotonic() + 40.0

    def fails(text: str) -> bool:
        if time.monotonic() > until:
            return False
        try:
            found = judge(replace(program, text=text), folder, (door,), (mode,))
        except Exception:
            return False
        return way in found and signature(found[way]) == key

    text = shrink(program.text, fails, 400)
    print(f"\n#### program {number}: {way}: {verdict.kind}: {verdict.reason[:500]}\n{text}")
    print(f"# args: {program.args!r} wrt: {program.wrt}", flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"program_{number}.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
