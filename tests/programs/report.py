"""How the compiler does on the corpus: ``python -m tests.programs.report [pattern] [--truth] [--full]``.

One line for each function, grouped by verdict, worst first, with the first line of what went wrong. With ``--truth``
only the programs and the oracles are run. With ``--text PATTERN`` the emitted text of the cases is printed too. With
``--twice`` it is the second derivatives, in the four orders of two modes.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import os
import pickle
import re
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import twice
from .harness import (
    CRASH,
    DOORS,
    MODES,
    ORDER,
    RAISES,
    REFUSED,
    RIGHT,
    SLOW,
    WRONG,
    Case,
    Slow,
    Truth,
    Verdict,
    allowed_gap,
    bound_memory,
    deadline,
    derivative,
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


def judge(case: Case, known: Truth, place: Path, plan: Plan) -> dict[str, Verdict]:
    """Return the verdict of each mode through each door, and of the dot-product test."""
    verdicts = {}
    for order in plan.orders:
        for door in plan.doors:
            verdicts[f"{order}/{door}"] = twice.judge(case, place, order, door, plan.seconds)
    for mode in plan.modes:
        for door in plan.doors:
            try:
                with deadline(plan.seconds):
                    verdicts[f"{mode}/{door}"] = verify(case, mode, door, place, known)
            except Slow:
                verdicts[f"{mode}/{door}"] = Verdict(SLOW, f"more than {plan.seconds:g} s")
    if len(plan.modes) == 2 and "live" in plan.doors and all(v.kind == RIGHT for v in verdicts.values()):
        missed = gap(case, place, known)
        if missed > allowed_gap(case):
            verdicts["dot product"] = Verdict(WRONG, f"gap {missed:.1e}")
    return verdicts


@dataclass(frozen=True)
class Plan:
    """What to try on each case."""

    modes: tuple[str, ...]
    doors: tuple[str, ...]
    seconds: float
    text: bool
    orders: tuple[str, ...] = ()


Line = tuple[str, str, str, str]  # verdict, case, ways, reason


def lines(cases_of_one: list[Case], plan: Plan) -> list[Line]:
    """Return one line for each input of a function: its worst verdict."""
    found = []
    with folder() as place:
        if plan.text:
            for mode in plan.modes:
                try:
                    print(f"# ---- {cases_of_one[0].name} {mode}\n{emitted(cases_of_one[0], mode)}", flush=True)
                except Exception as error:
                    print(f"# {type(error).__name__}: {error}", flush=True)
        for case in cases_of_one:
            by_reason: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
            for way, verdict in judge(case, truth(case, every=False), place, plan).items():
                by_reason[verdict.kind, verdict.reason].append(way)
            ranked = sorted(by_reason.items(), key=lambda item: ORDER.index(item[0][0]))
            for (kind, reason), ways in ranked if plan.orders else ranked[:1]:
                found.append((kind, case.name, " ".join(ways) if len(by_reason) > 1 else "", reason))
    return found


def apart(work: Callable[[], list[Line]], name: str) -> Callable[[], list[Line]]:
    """Start `work` in a process of its own, which can die without harm; call the result to wait for its lines."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            bound_memory()
            with os.fdopen(writer, "wb") as out:
                pickle.dump(work(), out)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writer)

    def wait() -> list[Line]:
        with os.fdopen(reader, "rb") as source:
            data = source.read()
        os.waitpid(child, 0)
        return pickle.loads(data) if data else [(CRASH, name, "", "the process died")]

    return wait


def warm_up() -> None:
    """Have the whole compiler imported before the first process forks."""
    try:
        for mode in MODES:
            derivative(next(iter(cases("classic"))), mode, "live", Path())
    except Exception as error:
        print(f"the first function fails: {type(error).__name__}: {error}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--truth", action="store_true", help="run the programs and the oracles alone")
    parser.add_argument("--text", action="store_true", help="print the emitted text")
    parser.add_argument("--full", action="store_true", help="print whole reasons")
    parser.add_argument("--first", action="store_true", help="only the first input of each function")
    parser.add_argument("--mode", choices=MODES, help="one mode alone")
    parser.add_argument("--door", choices=DOORS, help="one door alone")
    parser.add_argument("--twice", nargs="?", const="all", choices=("all", *twice.ORDERS), help="second derivatives")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each derivative")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    options = parser.parse_args()
    chosen = cases(options.pattern)
    if options.first:
        chosen = [c for c in chosen if "#" not in c.name]
    if options.truth:
        return min(1, check_truth(chosen))
    plan = Plan(
        () if options.twice else (options.mode,) if options.mode else MODES,
        (options.door,) if options.door else DOORS,
        options.seconds,
        options.text,
        () if not options.twice else twice.ORDERS if options.twice == "all" else (options.twice,),
    )
    started = time.perf_counter()
    groups: dict[str, list[Line]] = collections.defaultdict(list)
    running: collections.deque[Callable[[], list[Line]]] = collections.deque()
    warm_up()
    for name, same in itertools.groupby(chosen, key=lambda case: case.name.partition("#")[0]):
        together = list(same)
        running.append(apart(lambda together=together: lines(together, plan), name))  # type: ignore[misc]
        if len(running) >= options.jobs:
            for line in running.popleft()():
                groups[line[0]].append(line)
    for wait in running:
        for line in wait():
            groups[line[0]].append(line)
    expected = {case.name: case.expect for case in chosen}
    show(groups, expected, time.perf_counter() - started, options.full)
    return 0 if set(groups) <= {RIGHT} else 1


def show(groups: dict[str, list[Line]], expected: dict[str, str], seconds: float, full: bool) -> None:
    """Print the groups, worst first, cases with the same trouble together, and the totals."""
    for kind in ORDER:
        alike: dict[tuple[bool, str], list[Line]] = collections.defaultdict(list)
        for line in groups[kind] if kind != RIGHT else ():
            allowed = kind in (REFUSED, RAISES) and expected.get(line[1]) == "any"
            alike[allowed, signature(line)].append(line)
        for (allowed, _), same in sorted(alike.items(), key=lambda item: (item[0][0], -len(item[1]))):
            names = " ".join(f"{name}{f' ({ways})' if ways else ''}" for _, name, ways, _ in same[:12])
            reason = same[0][3] if full else " | ".join(part.strip() for part in same[0][3].splitlines()[:2])[:240]
            head = f"{kind.upper()}{' (allowed)' if allowed else ''} {len(same):3}"
            print(f"{head}  {names}{' ...' if len(same) > 12 else ''}")
            print(f"         {reason}")
        if groups[kind] and kind != RIGHT:
            print()
    totals = "  ".join(f"{kind} {len(groups[kind])}" for kind in ORDER)
    functions = len({name.partition("#")[0] for group in groups.values() for _, name, _, _ in group})
    count = sum(map(len, groups.values()))
    print(f"{count} cases of {functions} functions in {seconds:.0f} s: {totals}")


def signature(line: Line) -> str:
    """Return what makes two troubles the same: the reason without places, names and numbers; wrong ones are unique."""
    kind, name, _, reason = line
    if kind == WRONG:
        return name.partition("#")[0]
    first = re.sub(r"^.*?:\d+:\d+: ", "", reason.splitlines()[0] if reason else "")
    return re.sub(r"'[^']*'|`[^`]*`|\d+|%\w+|\[[^\]]*\]", "_", first)[:80]


if __name__ == "__main__":
    sys.exit(main())
