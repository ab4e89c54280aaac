"""``sct transform``: print or write the derivatives of the functions in files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sct.errors import UsageError
from sct.frontend.read import decode, read_file, read_text
from sct.frontend.source import Module
from sct.rules.own import load
from sct.texts import PRODUCTS, Choice, Target, file_name, line_length, parse_wrt, pyproject, transform

from .output import check, write

_OPTIONS = ("mode", "wrt", "standalone", "rules")
_STDIN = "<stdin>"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        raise UsageError(f"{self.prog}: {message} ({self.prog} --help)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sct transform",
        description="Write the derivatives of functions. The files are read, never imported or run.",
        epilog="Without ::FUNCTION these are the functions decorated with @differentiate, or else every function of the"
        " file. The options --mode, --wrt and --standalone may also stand in [tool.sct] of the nearest pyproject.toml.",
    )
    parser.add_argument("target", nargs="+", metavar="FILE[::FUNCTION]", help="what to differentiate; - is stdin")
    parser.add_argument("--mode", choices=sorted(PRODUCTS), help="forward (f_jvp, the default) or reverse (f_vjp)")
    parser.add_argument("--wrt", metavar="NAMES", help="the independents: names or positions, such as x1,x2")
    parser.add_argument(
        "--standalone",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="write the helpers that the code uses into it, so that it needs NumPy alone",
    )
    parser.add_argument(
        "--rules", metavar="FILE", help="a file of derivative rules of your own, which is read and not run"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="FILE", help="write to FILE")
    where.add_argument("--write", action="store_true", help="write diff_FILE.py beside each file")
    return parser


@dataclass(frozen=True)
class _Source:
    """One target of the command line: `folder` is where its project is looked for."""

    target: Target
    folder: str


def run(arguments: Sequence[str]) -> int:
    """Run the subcommand."""
    # `-::f` begins like an option; written so, it does not.
    given = _parser().parse_intermixed_args([f"{_STDIN}{a[1:]}" if a.startswith("-::") else a for a in arguments])
    sources = _sources(given.target)
    if given.write:
        _write_beside(sources, given)
        return 0
    name_of = _relative_to(given.output) if given.output else file_name
    if given.output:
        check(given.output)
    text = transform([s.target for s in sources], _choice(given, sources), name_of)
    if given.output:
        write(given.output, text)
    else:
        _print(text)
    return 0


def _sources(texts: Sequence[str]) -> list[_Source]:
    """Read every file once."""
    modules: dict[str, Module] = {}
    sources = []
    for text in texts:
        path, colons, name = text.rpartition("::")
        if not colons:
            path, name = name, ""
        if text.endswith("::") or not path:
            raise UsageError(f"sct transform: '{text}' is not FILE or FILE::FUNCTION (sct transform --help)")
        path = _STDIN if path == "-" else path
        if path not in modules:
            modules[path] = read_text(decode(sys.stdin.buffer.read(), _STDIN)) if path == _STDIN else read_file(path)
        folder = os.getcwd() if path == _STDIN else os.path.dirname(os.path.abspath(path))
        sources.append(_Source(Target(modules[path], name or None), folder))
    return sources


def _choice(given: argparse.Namespace, sources: Sequence[_Source]) -> Choice:
    """Return the options: those of the command line before those of the project."""
    path, project = pyproject(sources[0].folder)
    tool = project.get("tool")
    table = tool.get("sct", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{path}: tool.sct is not a table")
    for key in table:
        if key not in _OPTIONS:
            raise UsageError(f"{path}: [tool.sct] has no option '{key}'; there are: {', '.join(_OPTIONS)}")
    rules = table.get("rules")
    if rules is not None and not isinstance(rules, str):
        raise UsageError(f"{path}: [tool.sct] rules is a path, not {rules!r}")
    rules = given.rules or (os.path.join(os.path.dirname(path), rules) if rules else None)
    if rules:
        load(rules)
    mode, wrt, standalone = table.get("mode", "forward"), table.get("wrt"), table.get("standalone", False)
    if mode not in PRODUCTS:
        raise UsageError(f"{path}: [tool.sct] mode is 'forward' or 'reverse', not {mode!r}")
    if not isinstance(standalone, bool):
        raise UsageError(f"{path}: [tool.sct] standalone is true or false, not {standalone!r}")
    if isinstance(wrt, list) and all(isinstance(w, str | int) and not isinstance(w, bool) for w in wrt):
        wrt = tuple(wrt)
    elif isinstance(wrt, str):
        wrt = parse_wrt(wrt)
    elif wrt is not None:
        raise UsageError(f"{path}: [tool.sct] wrt is a name or a list of names, not {wrt!r}")
    return Choice(
        given.mode or mode,
        wrt if given.wrt is None else parse_wrt(given.wrt),
        standalone if given.standalone is None else given.standalone,
        line_length(sources[0].folder),
        rules or "",
    )


def _write_beside(sources: Sequence[_Source], given: argparse.Namespace) -> None:
    """Write one file for each source file, once all of them are known to be right."""
    files: dict[str, list[_Source]] = {}
    for source in sources:
        path = source.target.module.path
        if path == _STDIN:
            raise UsageError("sct transform: --write needs a file to write beside, not standard input")
        files.setdefault(os.path.join(os.path.dirname(path), f"diff_{os.path.basename(path)}"), []).append(source)
    for output in files:
        check(output)
    texts = {}
    for output, group in files.items():
        texts[output] = transform([s.target for s in group], _choice(given, group), _relative_to(output))
    for output, text in texts.items():
        write(output, text)


def _relative_to(output: str) -> Callable[[Module], str]:
    """Return how a header in the file `output` names source files: by the path from there."""
    folder = os.path.dirname(os.path.realpath(output))

    def name(module: Module) -> str:
        if module.path == _STDIN:
            return file_name(module)
        try:
            path = os.path.relpath(os.path.realpath(module.path), folder)
        except ValueError:  # another drive
            return file_name(module)
        return path.replace(os.sep, "/")

    return name


def _print(text: str) -> None:
    """Write to standard output as Python reads source: UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
