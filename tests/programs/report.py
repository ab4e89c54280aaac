"""How the compiler does on the corpus: ``python -m tests.programs.report [pattern] [--truth] [--full]``.

One line for each function, grouped by verdict, worst first, with the first line of what went wrong. With ``--truth``
only the programs and the oracles are run. With ``--text PATTERN`` the emitted text of the cases is printed too.
"""

from __future__ import annotations

import argparse
import collections
import sys
import time
import traceback
from pathlib import Path

from .harness import (
    DOORS,
    MODES,
    ORDER,
    RIGHT,
    SLOW,
    WRONG,
    Case,
    Slow,
    Truth,
    Verdict,
    deadline,
    emitted,
    folder,
    gap,
    truth,
    verify,
)
from .registry import cases


def check_truth(chosen: list[Case]) -> int:
    """Run the programs and the oracles alone."""
    bad = 0
    for case in chosen:
        started = time.perf_counter()
        try:
            with deadline(20.0):
                truth(case)
        except (Exception, Slow) as error:
            bad += 1
            print(f"BAD   {case.name}: {type(error).__name__}: {error}")
            if not isinstance(error, AssertionError | Slow):
                traceback.print_exc(limit=-3)
        else:
            if time.perf_counter() - started > 0.5:
                print(f"slow  {case.name}: {time.perf_counter() - started:.1f} s")
    print(f"{len(chosen) - bad} of {len(chosen)} cases have oracles that agree")
    return bad


def judge(case: Case, known: Truth, place: Path, seconds: float) -> dict[str, Verdict]:
    """Return the verdict of each mode through each door, and of the dot-product test."""
    verdicts = {}
    for mode in MODES:
        for door in DOORS:
            try:
                with deadline(seconds):
                    verdicts[f"{mode}/{door}"] = verify(case, mode, door, place, known)
            except Slow:
                verdicts[f"{mode}/{door}"] = Verdict(SLOW, f"more than {seconds:g} s")
    if all(v.kind == RIGHT for v in verdicts.values()):
        missed = gap(case, place, known)
        if missed > max(1e-12, case.tolerance * 1e-4):
            verdicts["dot product"] = Verdict(WRONG, f"gap {missed:.1e}")
    return verdicts


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--truth", action="store_true", help="run the programs and the oracles alone")
    parser.add_argument("--text", action="store_true", help="print the emitted text")
    parser.add_argument("--full", action="store_true", help="print whole reasons")
    parser.add_argument("--first", action="store_true", help="only the first input of each function")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each derivative")
    options = parser.parse_args()
    chosen = cases(options.pattern)
    if options.first:
        chosen = [c for c in chosen if "#" not in c.name]
    if options.truth:
        return min(1, check_truth(chosen))
    started = time.perf_counter()
    groups: dict[str, list[tuple[str, str, str]]] = collections.defaultdict(list)
    with folder() as place:
        for case in chosen:
            if options.text:
                for mode in MODES:
                    try:
                        print(f"# ---- {case.name} {mode}\n{emitted(case, mode)}")
                    except Exception as error:
                        print(f"# {type(error).__name__}: {error}")
            by_reason: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
            for way, verdict in judge(case, truth(case, every=False), place, options.seconds).items():
                by_reason[verdict.kind, verdict.reason].append(way)
            worst = min((kind for kind, _ in by_reason), key=ORDER.index)
            for (kind, reason), ways in by_reason.items():
                if kind == worst:
                    groups[worst].append((case.name, " ".join(ways) if len(ways) < 4 else "", reason))
                    break
    show(groups, len(chosen), time.perf_counter() - started, options.full)
    return 0 if set(groups) <= {RIGHT} else 1


def show(groups: dict[str, list[tuple[str, str, str]]], count: int, seconds: float, full: bool) -> None:
    """Print the groups, worst first, and the totals."""
    for kind in ORDER:
        if kind == RIGHT:
            continue
        for name, ways, reason in groups[kind]:
            line = reason if full else " | ".join(reason.splitlines()[:2])[:230]
            print(f"{kind.upper():8} {name:40} {ways}\n         {line}")
        if groups[kind]:
            print()
    totals = "  ".join(f"{kind} {len(groups[kind])}" for kind in ORDER)
    functions = len({name.partition("#")[0] for group in groups.values() for name, _, _ in group})
    print(f"{count} cases of {functions} functions in {seconds:.0f} s: {totals}")


if __name__ == "__main__":
    sys.exit(main())
