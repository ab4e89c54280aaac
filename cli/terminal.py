"""Colours, where there is a terminal that shows them and nobody has said that they are not wanted.

In: texts. Out: the same, in colour or as they came.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36", "bold": "1", "dim": "2"}


def has_colours(stream: TextIO | None = None, wanted: bool = True) -> bool:
    """Say whether to write in colour: NO_COLOR (see no-color.org) and dumb terminals say no."""
    stream = sys.stdout if stream is None else stream
    if not wanted or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def paint(text: str, colour: str, coloured: bool) -> str:
    """Return a text in a colour, or as it is."""
    return f"\033[{_CODES[colour]}m{text}\033[0m" if coloured and text and colour else text
