"""``sct diff``: what differentiation adds to functions, or what a change of theirs changes in their derivatives."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sct.emit.header import body_of
from sct.errors import SctError, UsageError
from sct.review.differences import Row, compare, pairs, unified
from sct.review.revision import Repository
from sct.rules.own import loaded
from sct.texts import Choice, file_name, transform

from .arguments import STDIN, Parser, Source, add_choice, add_volume, choice, sources, split, with_stdin
from .terminal import columns, has_colours, paint

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}
_WHOLE = 10**9
_NOTES = """\
Without --against, each generated function is shown whole, beside the function that it
came from. Forward mode adds lines: of the function itself, the signature, what it returns
and calls of its own helpers change.

With --against, the derivatives of both states are generated, with the same options, and
their difference is shown: nothing has to be checked in. Exit code 1 says that they differ.
"""


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    given = _parser().parse_intermixed_args(with_stdin(arguments))
    if given.unified is not None and given.unified < 0:
        raise UsageError("sct diff: --unified takes a number of lines, 0 or more")
    found = sources(given.target, "sct diff")
    chosen = choice(given, found, register=False)
    if given.against is not None:
        return _against(given, found, chosen)
    with loaded(chosen.rules):
        shown = pairs([s.target for s in found], chosen)
    context = _WHOLE if given.unified is None else given.unified
    for number, pair in enumerate(shown):
        if number and not given.quiet:
            print()
        _show(given, pair.source_name or "(no source)", pair.name, list(compare(pair.source, pair.text)), context)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="sct diff",
        description="Show what differentiation adds to functions, or how derivatives change with their functions.",
        epilog=_NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", nargs="+", metavar="FILE[::FUNCTION]", help="what is differentiated; - is stdin")
    add_choice(parser)
    parser.add_argument("--against", metavar="REV", help="compare with the derivatives at a git revision")
    parser.add_argument("-U", "--unified", type=int, metavar="N", help="show N lines around what changed")
    parser.add_argument("-y", "--side-by-side", action="store_true", help="show both in columns")
    parser.add_argument("--width", type=int, metavar="N", help="how wide the columns are together (the terminal's)")
    parser.add_argument("--no-color", action="store_true", help="print without colours, as NO_COLOR does")
    add_volume(
        parser, "print nothing: the exit code of --against tells", "say of each file whether its derivative changed"
    )
    return parser


def _show(given: argparse.Namespace, before: str, after: str, rows: Sequence[Row], context: int) -> None:
    if given.quiet:
        return
    coloured = has_colours(wanted=not given.no_color)
    print(paint(f"--- {before}", "bold", coloured))
    print(paint(f"+++ {after}", "bold", coloured))
    if given.side_by_side:
        width = given.width or shutil.get_terminal_size((160, 24)).columns
        for line in _side_by_side(rows, max(width, 20), coloured):
            print(line)
        return
    for line in unified(rows, context):
        print(paint(line.rstrip(), _COLOURS[line[0]], coloured) if line[0] in _COLOURS else line.rstrip())


def _side_by_side(rows: Sequence[Row], width: int, coloured: bool) -> Iterator[str]:
    """Yield rows of two columns; a line that is too long goes on below."""
    half = (width - 3) // 2
    for row in rows:
        mark = " " if row.same else "<" if row.right is None else ">" if row.left is None else "|"
        left, right = _folded(row.left or "", half), _folded(row.right or "", half)
        for number in range(max(len(left), len(right))):
            one = left[number] if number < len(left) else ""
            two = right[number] if number < len(right) else ""
            padding = " " * (half - columns(one))
            if not row.same:
                one, two = paint(one, "red", coloured), paint(two, "green", coloured)
            yield f"{one}{padding} {mark} {two}".rstrip()


def _folded(text: str, width: int) -> list[str]:
    """Return a text in pieces that fit a column."""
    pieces, piece = [], ""
    for character in text.expandtabs():
        if columns(piece + character) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _against(given: argparse.Namespace, found: Sequence[Source], chosen: Choice) -> int:
    """Show how the derivatives of the working tree differ from those at a revision."""
    if any(s.target.module.path == STDIN for s in found):
        raise UsageError("sct diff: --against needs files, not standard input")
    repository = Repository.around(found[0].target.module.path)
    tree = repository.tree(given.against)
    with tempfile.TemporaryDirectory(prefix="sct-") as folder:
        repository.write(tree, folder)
        differ = False
        for text, source in zip(given.target, found, strict=True):
            path, name = split(text, "sct diff")
            after = _generated([source], chosen)
            before = _before(given, repository, folder, path, name, chosen)
            rows = list(compare(before, after))
            if any(not row.same for row in rows):
                differ = True
                _show(given, f"{text} at {given.against}", text, rows, 3 if given.unified is None else given.unified)
            elif given.verbose:
                print(f"{text}: as at {given.against}")
    return int(differ)


def _generated(found: Sequence[Source], chosen: Choice) -> str:
    with loaded(chosen.rules):
        return body_of(transform([s.target for s in found], chosen, file_name)).lstrip("\n")


def _before(
    given: argparse.Namespace, repository: Repository, folder: str, path: str, name: str, chosen: Choice
) -> str:
    """Return the derivatives of a file at the revision, with the rules of that revision."""
    inside = repository.inside(path)
    there = os.path.join(folder, inside)
    if inside.startswith(os.pardir) or not os.path.exists(there):
        raise UsageError(f"sct diff: {path} is not in {given.against}")
    if chosen.rules:
        rules = os.path.join(folder, repository.inside(chosen.rules))
        chosen = replace(chosen, rules=rules if os.path.exists(rules) else chosen.rules)
    try:
        return _generated(sources([f"{there}::{name}" if name else there], "sct diff"), chosen)
    except SctError as error:
        shown = SctError(str(error).replace(folder + os.sep, f"{given.against}:"))
        shown.exit_code = error.exit_code
        raise shown from None
