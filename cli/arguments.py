"""What the subcommands have in common: FILE[::FUNCTION] on the command line, options of the project, --quiet.

In: words of the command line and the nearest pyproject.toml. Out: targets and a `Choice`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from sct.errors import UsageError

TYPE_CHECKING = False  # what is imported below is asked for once a target is read

if TYPE_CHECKING:
    from sct.texts import Choice, Target

STDIN = "<stdin>"
_OPTIONS = ("mode", "wrt", "standalone", "rules")


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        raise UsageError(f"{self.prog}: {message} ({self.prog} --help)")


@dataclass(frozen=True)
class Source:
    """One target of the command line: `folder` is where its project is looked for."""

    target: Target
    folder: str


def add_choice(parser: argparse.ArgumentParser, standalone: bool = True, mode: str = "forward") -> None:
    """Add the options that say which derivative is meant; `mode` is the default."""
    forward, reverse = (", the default" if mode == m else "" for m in ("forward", "reverse"))
    parser.add_argument(
        "--mode", choices=("forward", "reverse"), help=f"forward (f_jvp{forward}) or reverse (f_vjp{reverse})"
    )
    parser.add_argument("--wrt", metavar="NAMES", help="the independents: names or positions, such as x1,x2")
    if standalone:
        parser.add_argument(
            "--standalone",
            action=argparse.BooleanOptionalAction,
            default=None,
            help="write the helpers that the code uses into it, so that it needs NumPy alone",
        )
    parser.add_argument(
        "--rules", metavar="FILE", help="a file of derivative rules of your own, which is read and not run"
    )


def add_volume(parser: argparse.ArgumentParser, quiet: str, verbose: str) -> None:
    """Add --quiet and --verbose, with what they do."""
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help=quiet)
    volume.add_argument("-v", "--verbose", action="store_true", help=verbose)


def with_stdin(arguments: Sequence[str]) -> list[str]:
    """Return arguments for a parser: ``-::f`` begins like an option and is written otherwise."""
    return [f"{STDIN}{a[1:]}" if a.startswith("-::") else a for a in arguments]


def sources(texts: Sequence[str], command: str) -> list[Source]:
    """Read FILE[::FUNCTION]s, every file once; `command` is what messages call the command."""
    from sct.frontend.read import decode, read_file, read_text
    from sct.texts import Target

    modules = {}
    found = []
    for text in texts:
        path, name = split(text, command)
        if path not in modules:
            modules[path] = read_text(decode(sys.stdin.buffer.read(), STDIN)) if path == STDIN else read_file(path)
        folder = os.getcwd() if path == STDIN else os.path.dirname(os.path.abspath(path))
        found.append(Source(Target(modules[path], name or None), folder))
    return found


def split(text: str, command: str) -> tuple[str, str]:
    """Return the path and the function, "" for none, of FILE[::FUNCTION]."""
    path, colons, name = text.rpartition("::")
    if not colons:
        path, name = name, ""
    if text.endswith("::") or not path:
        raise UsageError(f"{command}: '{text}' is not FILE or FILE::FUNCTION ({command} --help)")
    return STDIN if path == "-" else path, name


def choice(
    given: argparse.Namespace, sources: Sequence[Source], register: bool = True, mode: str = "forward"
) -> Choice:
    """Return the options: those of the command line before those of the project, `mode` where neither has one.

    `register` the rules that they name.
    """
    from sct.rules.own import load
    from sct.texts import PRODUCTS, Choice, line_length, nearby, parse_wrt, pyproject

    path, project = pyproject(sources[0].folder)
    tool = project.get("tool")
    table = tool.get("sct", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{nearby(path)}: tool.sct is not a table")
    for key in table:
        if key not in _OPTIONS:
            raise UsageError(f"{nearby(path)}: [tool.sct] has no option '{key}'; there are: {', '.join(_OPTIONS)}")
    rules = table.get("rules")
    if rules is not None and not isinstance(rules, str):
        raise UsageError(f"{nearby(path)}: [tool.sct] rules is a path, not {rules!r}")
    rules = given.rules or (os.path.join(os.path.dirname(path), rules) if rules else None)
    if rules and register:
        load(rules)
    mode, wrt, standalone = table.get("mode", mode), table.get("wrt"), table.get("standalone", False)
    if mode not in PRODUCTS:
        raise UsageError(f"{nearby(path)}: [tool.sct] mode is 'forward' or 'reverse', not {mode!r}")
    if not isinstance(standalone, bool):
        raise UsageError(f"{nearby(path)}: [tool.sct] standalone is true or false, not {standalone!r}")
    if isinstance(wrt, list) and all(isinstance(w, str | int) and not isinstance(w, bool) for w in wrt):
        wrt = tuple(wrt)
    elif isinstance(wrt, str):
        wrt = parse_wrt(wrt)
    elif wrt is not None:
        raise UsageError(f"{nearby(path)}: [tool.sct] wrt is a name or a list of names, not {wrt!r}")
    asked = getattr(given, "standalone", None)
    return Choice(
        given.mode or mode,
        wrt if given.wrt is None else parse_wrt(given.wrt),
        standalone if asked is None else asked,
        line_length(sources[0].folder),
        rules or "",
    )
