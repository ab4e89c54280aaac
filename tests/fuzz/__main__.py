"""Fuzz for a while: ``python -m tests.fuzz --seconds 3600 [--seed N] [--programs N] [--jobs N] [--keep FOLDER]``.

Grows random programs, one a number from the seed on, every third mixed from statements on a common state, and judges
each in both modes. Every tenth is also judged through the other door and in a second process whose hashes differ, every
tenth with its helpers written out, every tenth with the names of generated code, and three of ten in a second
derivative. Prints how many programs came out right, refused (by the compiler, or ``raises``: by the generated code;
``refused twice`` is the second derivative alone), wrong, …, and shrinks the first program of each kind of failure. The
exit code is 1 where something failed. An hour is some 5,000 programs for each job; ``--only N --way WAY`` looks at one
of them again.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import linecache
import multiprocessing
import queue
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.programs import harness
from tests.programs.harness import Verdict

from .grammar import Program, RandomChooser, grow
from .mixed import mixed
from .shrink import shrink
from .verdicts import BAD, DISCARDED, TWICE, judge, ways, worst

BATCH = 50
SPAN = 300  # programs that one process judges: what it remembers of them makes it slower
OFTEN = 1000  # programs between two lines that say how it goes


def signature(way: str, verdict: Verdict) -> str:
    """Return what makes two failures the same: the mode, the kind, and the reason without names and numbers."""
    if verdict.kind == harness.WRONG:
        reason = re.split(r"[:\[(]|should| of ", verdict.reason)[0].strip()
    else:
        reason = re.sub(r"'[^']*'|\d+|%\w+|\[fuzzed[^\]]*\]", "_", verdict.reason)[:90]
    return f"{way.partition('/')[0]} {verdict.kind}: {reason}"


def main() -> int:
    """Grow, judge, count, shrink."""
    options = arguments()
    if options.only is not None:
        return look(options)
    counts: collections.Counter[str] = collections.Counter()
    seen: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()
    last = options.seed
    for number, way, verdict in verdicts(options):
        counts[verdict.kind] += 1
        last = max(last, number)
        if sum(counts.values()) % OFTEN == 0:
            print(f"{sum(counts.values()) - counts[DISCARDED]} judged, to {last}: {dict(counts)}", flush=True)
        if verdict.kind in (harness.REFUSED, harness.RAISES, TWICE):
            line = re.sub(r"^\S+:\d+:\d+: |'[^']*'|`[^`]*`", "", (verdict.reason.splitlines() or [""])[0])[:100]
            reasons[f"{verdict.kind}: {line}"] += 1
        if verdict.kind in BAD:
            key = signature(way, verdict)
            seen[key] += 1
            print(f"#### program {number}: {key}", flush=True)
            if seen[key] <= options.each and options.shrink:
                with harness.folder() as folder:
                    report(number, way, verdict, folder, options)
    judged = sum(counts.values()) - counts[DISCARDED]
    print(f"\n{judged} programs judged, from {options.seed} to {last}:", counts.most_common())
    for key, times in seen.most_common():
        print(f"{times:5} {key}")
    for reason, times in reasons.most_common(options.reasons):
        print(f"{times:5} {reason}")
    return 1 if seen else 0


def look(options: argparse.Namespace) -> int:
    """Print one program with its verdicts."""
    program = program_of(options.only, options)
    with harness.folder() as folder:
        found = judge(program, folder, options.way or ways(options.only))
    print(program.text, program.args, *found.items(), sep="\n")
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--programs", type=int, help="how many, whatever time it takes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=8, help="statements in a program, about")
    parser.add_argument("--only", type=int, help="the one program of this number, printed with its verdicts")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--keep", type=Path, help="a folder for the failing programs")
    parser.add_argument("--each", type=int, default=1, help="how many programs of each failure to print")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false", help="count alone")
    parser.add_argument("--way", action="append", help="these ways alone, such as reverse/live")
    parser.add_argument("--reasons", type=int, default=12, help="how many reasons for refusals to print")
    return parser.parse_args()


def verdicts(options: argparse.Namespace) -> Iterator[tuple[int, str, Verdict]]:
    """Yield the number of each program and its worst verdict, from as many processes as are asked for."""
    context = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[Any] = context.Queue()
    until = None if options.programs is not None else time.monotonic() + options.seconds
    end = sys.maxsize if options.programs is None else options.seed + options.programs
    begins = itertools.takewhile(lambda begin: begin < end, itertools.count(options.seed, SPAN))
    running: dict[int, multiprocessing.process.BaseProcess] = {}

    def work(begin: int) -> None:
        for line in share(range(begin, min(begin + SPAN, end)), until, options):
            found.put(line)
        found.put(begin)

    def start() -> None:
        for begin in itertools.islice(begins, 1):
            running[begin] = context.Process(target=work, args=(begin,), daemon=True)
            running[begin].start()

    for _ in range(options.jobs):
        start()
    while running:
        line = next_of(found, running)
        if isinstance(line, int):
            running.pop(line).join()
            if until is None or time.monotonic() < until:
                start()
        else:
            yield line


def next_of(found: multiprocessing.Queue[Any], running: Mapping[int, multiprocessing.process.BaseProcess]) -> Any:
    """Return what comes next; end where a process did not come to its own end."""
    while True:
        died = [begin for begin, process in running.items() if not process.is_alive()]
        try:
            return found.get(timeout=10)
        except queue.Empty:
            if died:
                raise SystemExit(f"the process that began at program {died[0]} died") from None


def share(
    numbers: Sequence[int], until: float | None, options: argparse.Namespace
) -> Iterator[tuple[int, str, Verdict]]:
    """Judge what falls to one of the processes."""
    for first in numbers[::BATCH]:
        linecache.clearcache()
        with harness.folder() as folder:
            for number in range(first, min(first + BATCH, numbers[-1] + 1)):
                if until is not None and time.monotonic() >= until:
                    return
                yield number, *worst(judge(program_of(number, options), folder, options.way or ways(number)))


def program_of(number: int, options: argparse.Namespace) -> Program:
    """Return the program of a number: every third is mixed from statements as users write them."""
    chooser = RandomChooser(number)
    return mixed(chooser, 2 + number % 5) if number % 3 == 2 else grow(chooser, 2 + number % options.size)


def report(number: int, way: str, verdict: Verdict, folder: Path, options: argparse.Namespace) -> None:
    """Shrink a failing program and print it."""
    program, key = program_of(number, options), signature(way, verdict)
    until = time.monotonic() + 60.0

    def fails(text: str) -> bool:
        if time.monotonic() > until:
            return False
        try:
            found = judge(replace(program, text=text), folder, (way,))
        except Exception:
            return False
        return way in found and signature(way, found[way]) == key

    text = shrink(program.text, fails, 600)
    print(f"{way}: {verdict.kind}: {verdict.reason[:500]}\n{text}")
    print(f"# args: {program.args!r} wrt: {program.wrt}", flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"program_{number}.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
