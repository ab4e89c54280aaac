"""Points: ``x1=1.0,x2=[1, 2, 3]`` on the command line.

In: the words after ``--at``. Out: values by the names of parameters. They are literals; nothing is evaluated.
"""

from __future__ import annotations

import ast
from typing import Any

from sct.errors import UsageError


def parse_at(text: str, command: str) -> dict[str, Any]:
    """Return the values by name.

    Parameters
    ----------
    text : str
        Names and literals, as the arguments of a call by keyword.
    command : str
        What messages call the command.

    Returns
    -------
    dict
        Numbers, lists, tuples and dicts.
    """
    try:
        call = ast.parse(f"at({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _wrong(text, command) from None
    if not isinstance(call, ast.Call) or call.args or not call.keywords or not isinstance(call.func, ast.Name):
        raise _wrong(text, command)
    found: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise _wrong(text, command)
        if keyword.arg in found:
            raise UsageError(f"{command}: --at gives {keyword.arg} twice ({command} --help)")
        try:
            found[keyword.arg] = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            value = ast.unparse(keyword.value)
            raise UsageError(
                f"{command}: --at: '{value}' is not a number or a list of numbers ({command} --help)"
            ) from None
    return found


def _wrong(text: str, command: str) -> UsageError:
    shown = " ".join(text.split())
    return UsageError(f"{command}: --at: '{shown}' is not NAME=VALUE,NAME=VALUE ({command} --help)")
