"""``sct``: find the subcommand and run it. What a subcommand needs is imported when it is asked for."""

from __future__ import annotations

import os
import sys
from importlib import import_module

TYPE_CHECKING = False  # see sct/__init__.py

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "transform": "write the derivatives of functions",
    "check": "say which generated files are stale or edited",
    "diff": "show what differentiation adds, and what a change changes",
    "explain": "say what is active, saved and computed again, and why",
    "report": "write a page with source and derivatives side by side",
    "gradcheck": "run a function and check its derivatives",
    "rules": "list what can be differentiated",
}

OK, USAGE, FAILED = 0, 2, 123
_INTERRUPTED, _BROKEN_PIPE = 130, 141

_HELP = """\
usage: sct COMMAND ...        sct COMMAND --help        sct --version

Derivatives of Python functions, as source code.

commands:
{commands}

examples:
  sct transform model.py::loss --mode reverse --wrt w,b -o model_grad.py
  sct check src                           exit code 1 where a file is stale
  sct check --fix src                     write stale files anew
  sct diff --against HEAD model.py::loss  how the derivative changes

exit codes: 0 ok, 1 stale, different or nothing found, 2 usage or configuration,
123 a file that cannot be processed
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help", "help"):
        print(_help(), end="")
        return OK
    if first == "--version":
        from sct.version import VERSION

        print(f"sct {VERSION}")
        return OK
    if first not in COMMANDS:
        problem = f"there is no command '{first}'" if first else "no command is given"
        print(f"sct: {problem}; there are: {', '.join(COMMANDS)} (sct --help)", file=sys.stderr)
        return USAGE
    return _command(first, arguments[1:])


def _command(name: str, arguments: list[str]) -> int:
    from sct.errors import SctError

    command = import_module(f".{name}", __package__)
    try:
        code: int = command.run(arguments)
        return code
    except SctError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except SystemExit as end:  # argparse, after --help or a usage error
        return end.code if isinstance(end.code, int) else USAGE


def _help() -> str:
    return _HELP.format(commands="\n".join(f"  {name:<15}{summary}" for name, summary in COMMANDS.items()))
