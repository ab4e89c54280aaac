"""``sct report``: one page with the source of functions beside their derivatives."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sct.errors import Refused, UsageError
from sct.page import Report, is_page, page
from sct.texts import Transformed, file_name, transformed

from .arguments import Parser, Source, add_choice, add_volume, choice, sources, split, with_stdin
from .output import check, write
from .point import parse_at

_COMMAND = "sct report"


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    given = _parser().parse_intermixed_args(with_stdin(arguments))
    at = _numbers(parse_at(given.at, _COMMAND)) if given.at is not None else {}
    found = sources([given.target], _COMMAND)
    options = choice(given, found, mode="reverse")
    if given.output:
        check(given.output, is_page)
    made: dict[str, Transformed] = {}
    problems: dict[str, Refused] = {}
    for mode in (options.mode, "forward" if options.mode == "reverse" else "reverse"):
        try:
            made[mode] = transformed([s.target for s in found], replace(options, mode=mode), file_name)
        except Refused as refused:
            problems[mode] = refused
    if not made:
        raise problems[options.mode]
    _known(at, made)
    first = options.mode if options.mode in made else next(iter(made))
    shown = {mode: str(problem) for mode, problem in problems.items()}
    text = page(Report(_title(given.target, found[0]), made, shown, first, at))
    text = text.encode("utf-8", "replace").decode()
    if given.verbose:
        for mode, problem in problems.items():
            print(f"{mode} mode is left out:\n{problem}", file=sys.stderr)
    if given.output:
        write(given.output, text, is_page)
        if not given.quiet:
            print(f"{given.output}: written", file=sys.stderr)
    else:
        sys.stdout.buffer.write(text.encode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=_COMMAND,
        description="Write one HTML page that needs nothing else: the source beside the derivatives, with lines that\n"
        "belong together lit together, the traffic of tapes, the computational graphs of straight-line\n"
        "parts, and what sct explain says. The file is read, never run: with --at, the numbers in the\n"
        "graphs are computed by sct, for arithmetic and the functions of math and NumPy.",
        epilog="example: sct report samples/function.py -o report.html --at x1=2.0,x2=3.0",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", metavar="FILE[::FUNCTION]", help="what to show; - is stdin")
    add_choice(parser, standalone=False, mode="reverse")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE, rather than to standard output")
    parser.add_argument("--at", metavar="X=1.0,Y=2.0", help="numbers for the graphs to carry")
    add_volume(parser, "print nothing but errors", "say why a mode is missing")
    return parser


def _title(target: str, source: Source) -> str:
    path, name = split(target, _COMMAND)
    file = os.path.basename(path)
    return f"{name} in {file}" if name else file


def _numbers(at: Mapping[str, object]) -> dict[str, float]:
    found = {}
    for name, value in at.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError(f"{_COMMAND}: --at: {name} is not a number; the graphs carry numbers ({_COMMAND} --help)")
        found[name] = float(value)
    return found


def _known(at: Mapping[str, float], made: Mapping[str, Transformed]) -> None:
    """Refuse numbers for what no function has."""
    functions = [d.request.function.node.args for one in made.values() for d in one.deriveds]
    names = dict.fromkeys(a.arg for args in functions for a in (*args.posonlyargs, *args.args, *args.kwonlyargs))
    for name in at:
        if name not in names:
            known = ", ".join(names)
            raise UsageError(f"{_COMMAND}: --at: there is no parameter {name}; there are: {known} ({_COMMAND} --help)")
