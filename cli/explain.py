"""``sct explain``: what sct decided about functions, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from sct.explain import as_text, collect, in_short
from sct.texts import file_name, transformed

from .arguments import Parser, add_choice, add_volume, choice, sources, with_stdin
from .terminal import has_colours, paint

_COMMAND = "sct explain"


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    given = _parser().parse_intermixed_args(with_stdin(arguments))
    found = sources([given.target], _COMMAND)
    options = choice(given, found, mode="reverse")
    made = transformed([s.target for s in found], options, file_name)
    facts = collect(made.deriveds, made.logs, options.mode)
    if given.json:
        print(json.dumps(facts.as_json(), indent=2))
        return 0
    if given.quiet:
        print(*map(in_short, facts.derivatives), sep="\n")
        return 0
    coloured = has_colours()
    text = as_text(facts, lambda text, colour: paint(text, colour, coloured), given.verbose)
    print(text.rstrip("\n"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=_COMMAND,
        description="Say which variables are active and by which way the result depends on them, what is saved for\n"
        "the reverse sweep, how often and why, what is computed again, which rules were used, what\n"
        "annotations would make simpler, and how many operations the derivative takes.\n"
        "The file is read, never run.",
        epilog="example: sct explain samples/function.py::f",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", metavar="FILE[::FUNCTION]", help="what to explain; - is stdin")
    add_choice(parser, standalone=False, mode="reverse")
    parser.add_argument("--json", action="store_true", help="print JSON, as sct/explain/schema.json describes it")
    add_volume(parser, "print one line for each derivative", "say of each constant why it is one")
    return parser
