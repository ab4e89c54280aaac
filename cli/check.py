"""``sct check``: say which generated files are not what sct writes of their sources, and write them anew."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sct.emit.header import body_of
from sct.errors import ReadError, SctError
from sct.frontend.read import read_source
from sct.review.differences import compare, unified
from sct.review.find import has_header, python_files
from sct.review.freshness import EDITED, FAILED, FRESH, MOVED, ORPHANED, STALE, Checker, Verdict

from .arguments import Parser, add_volume
from .output import write
from .terminal import has_colours, paint

_COLOURS = {FRESH: "green", STALE: "yellow", MOVED: "yellow", EDITED: "red", ORPHANED: "red", FAILED: "red"}
_SIGNS = {"-": "red", "+": "green", "@": "cyan"}
_MENDED = "written anew"
_STATES = """\
states:
  fresh     it is what sct writes; formatting and comments do not count
  stale     a source changed, or a helper that was read
  moved     a source stands elsewhere now, with the same text
  edited    the file was changed by hand
  orphaned  a source, or the function, is gone
  failed    the file or a source cannot be read or differentiated

Fresh files that another version of sct wrote are noted; --strict fails on them. --fix
writes stale and moved files. It never overwrites what was edited, and deletes nothing:
the command that is shown does.

exit codes: 0 all are fresh, 1 not all are, 2 usage, 123 a file that cannot be processed
"""


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    given = _parser().parse_args(arguments)
    checker = Checker(p for p in given.path if os.path.isdir(p))
    verdicts = [v for path in _chosen(given.path) if (v := checker.judge(path))]
    mended: dict[str, str] = {}
    if given.fix:
        verdicts = list(_mend(verdicts, checker, given.strict, mended))
    if not given.quiet:
        coloured = has_colours(wanted=not given.no_color)
        for verdict in verdicts:
            for line in _lines(verdict, given, mended.get(verdict.path), coloured):
                print(line)
            if given.verbose and verdict.state == EDITED and verdict.commands:
                for line in _edits(verdict, checker):
                    print(paint(line, _SIGNS.get(line.strip()[:1], ""), coloured))
        print(_summary(verdicts, mended))
    if any(v.state == FAILED for v in verdicts):
        return 123
    return int(any(_fails(v, given.strict) for v in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="sct check",
        description="Say which generated files are not what sct writes of their sources, and how to mend that.",
        epilog=_STATES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", nargs="+", metavar="PATH", help="a generated file, or a folder to look for them in")
    parser.add_argument("--fix", action="store_true", help="write stale and moved files anew")
    parser.add_argument("--strict", action="store_true", help="fail on files that another version of sct wrote")
    parser.add_argument("--no-color", action="store_true", help="print without colours, as NO_COLOR does")
    add_volume(parser, "print nothing: the exit code tells", "list fresh files too, and show what was edited")
    return parser


def _chosen(paths: Sequence[str]) -> list[str]:
    """Return the files to look at: one that is named has to be there and to be generated."""
    for path in paths:
        if os.path.isfile(path) and not has_header(path):
            raise ReadError("has no header of sct: it was not generated, or its header was taken off", path)
    return list(python_files(paths))


def _fails(verdict: Verdict, strict: bool) -> bool:
    return verdict.state != FRESH or bool(verdict.version and strict)


def _mend(verdicts: Sequence[Verdict], checker: Checker, strict: bool, mended: dict[str, str]) -> Iterator[Verdict]:
    """Write what can be written and yield what is true of the files then; `mended` gets what was wrong with them."""
    paths = {os.path.realpath(v.path): v.path for v in verdicts}
    found: dict[str, Verdict] = {}

    def mend(verdict: Verdict) -> None:
        path = verdict.path
        if path in found:
            return
        found[path] = verdict  # a file that is made of itself comes here again
        for source in checker.sources(path) if verdict.state in (FRESH, STALE, MOVED) else ():
            above = paths.get(os.path.realpath(source))
            if above:  # sources before what is made of them
                mend(checker.judge(above) or verdict)
        found[path] = _written(checker.judge(path) or verdict, checker, strict, mended)

    for verdict in verdicts:
        mend(verdict)
    return iter([found[v.path] for v in verdicts])


def _written(verdict: Verdict, checker: Checker, strict: bool, mended: dict[str, str]) -> Verdict:
    """Write one file, where that may be done unasked."""
    path, text = verdict.path, verdict.text
    try:
        if text is None and verdict.state == FRESH and _fails(verdict, strict):
            text = checker.again(path)
        if text is None:
            return verdict
        write(path, text)
    except SctError as error:
        return replace(verdict, state=FAILED, reason=str(error).removeprefix(f"{path}: "), commands=())
    checker.forget(path)
    if verdict.state != FRESH or verdict.version:
        mended[path] = verdict.reason or f"made by sct {verdict.version}"
    return checker.judge(path) or verdict


def _lines(verdict: Verdict, given: argparse.Namespace, mended: str | None, coloured: bool) -> Iterator[str]:
    """Yield what is said of one file."""
    if mended is not None and verdict.state == FRESH:
        yield f"{verdict.path}: {paint(_MENDED, 'green', coloured)}: {mended}"
        return
    state = paint(verdict.state, _COLOURS[verdict.state], coloured)
    if _fails(verdict, given.strict):
        reason = verdict.reason or f"made by sct {verdict.version}"
        yield f"{verdict.path}: {state}{' ' if verdict.state == EDITED else ': '}{reason}"
        yield from (f"    {command}" for command in verdict.commands)
    elif verdict.version:
        yield f"{verdict.path}: {state}, made by sct {verdict.version}"
    elif given.verbose:
        yield f"{verdict.path}: {state}"


def _edits(verdict: Verdict, checker: Checker) -> Iterator[str]:
    """Yield how a file that was edited differs from what sct writes now."""
    try:
        rows = list(compare(body_of(checker.again(verdict.path)), body_of(read_source(verdict.path))))
    except SctError:
        return  # what sct writes now is an error, or the source is gone: there is nothing to compare with
    for line in unified(rows, 1):
        yield f"      {line}".rstrip()


def _summary(verdicts: Sequence[Verdict], mended: dict[str, str]) -> str:
    """Return one line that counts."""
    if not verdicts:
        return "no generated files"
    counts = Counter(v.state for v in verdicts)
    parts = [f"{counts[state]} {state}" for state in _COLOURS if counts[state]]
    parts += [f"{len(mended)} {_MENDED}"] * bool(mended)
    return f"{len(verdicts)} generated {'file' if len(verdicts) == 1 else 'files'}: {', '.join(parts)}"
