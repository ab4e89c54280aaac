"""``sct transform``: print or write the derivatives of the functions in files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from sct.errors import UsageError
from sct.texts import file_name, relative_to, transform

from .arguments import STDIN, Parser, Source, add_choice, add_volume, choice, sources, with_stdin
from .output import check, write


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="sct transform",
        description="Write the derivatives of functions. The files are read, never imported or run.",
        epilog="Without ::FUNCTION these are the functions decorated with @differentiate, or else every function of the"
        " file. The options --mode, --wrt and --standalone may also stand in [tool.sct] of the nearest pyproject.toml.",
    )
    parser.add_argument("target", nargs="+", metavar="FILE[::FUNCTION]", help="what to differentiate; - is stdin")
    add_choice(parser)
    add_volume(parser, "print nothing but what was asked for, as without it", "say on standard error what is written")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="FILE", help="write to FILE")
    where.add_argument("--write", action="store_true", help="write diff_FILE.py beside each file")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    given = _parser().parse_intermixed_args(with_stdin(arguments))
    found = sources(given.target, "sct transform")
    if given.write:
        _write_beside(found, given)
        return 0
    if given.output:
        check(given.output)
    text = transform(
        [s.target for s in found], choice(given, found), relative_to(given.output) if given.output else file_name
    )
    if given.output:
        _write(given.output, text, given)
    else:
        _print(text)
    return 0


def _write_beside(found: Sequence[Source], given: argparse.Namespace) -> None:
    """Write one file for each source file, once all of them are known to be right."""
    files: dict[str, list[Source]] = {}
    for source in found:
        path = source.target.module.path
        if path == STDIN:
            raise UsageError("sct transform: --write needs a file to write beside, not standard input")
        files.setdefault(os.path.join(os.path.dirname(path), f"diff_{os.path.basename(path)}"), []).append(source)
    for output in files:
        check(output)
    texts = {}
    for output, group in files.items():
        texts[output] = transform([s.target for s in group], choice(given, group), relative_to(output))
    for output, text in texts.items():
        _write(output, text, given)


def _write(output: str, text: str, given: argparse.Namespace) -> None:
    write(output, text)
    if given.verbose:
        print(f"{output}: written", file=sys.stderr)


def _print(text: str) -> None:
    """Write to standard output as Python reads source: UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
