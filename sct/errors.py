"""Everything that sct raises on purpose, each with the place it speaks of.

In: a reason, a place in the user's source, what to write instead. Out: a message that a compiler would print: file,
line and column, the line itself, a caret under the code.
"""

from __future__ import annotations

import ast
import unicodedata
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .frontend.source import Module

_LONGEST_LINE = 160


@dataclass(frozen=True)
class Span:
    """A piece of one source line; columns count characters from 1, `end_column` is one past the last.

    A `line` of 0 means the file as a whole.
    """

    file: str
    line: int
    column: int
    end_column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class SctError(Exception):
    """What sct raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 123


class UsageError(SctError):
    """The caller asked for something that does not exist: an unknown function, option or independent."""

    exit_code = 2


class ReadError(SctError):
    """A source that cannot be read: missing, not Python, not text. Its message is one line."""

    def __init__(self, reason: str, file: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason, file, line, column)
        self.reason, self.file, self.line, self.column = reason, file, line, column

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{max(self.column, 1)}"
        return f"{place}: {' '.join(self.reason.split())}"


class Refused(SctError):
    """A program that sct does not differentiate: where, why, and what to write instead."""

    def __init__(self, reason: str, span: Span | None, advice: str = "") -> None:
        super().__init__(reason, span, advice)
        self.reason, self.span, self.advice = reason, span, advice

    def __str__(self) -> str:
        head = f"{self.span}: {self.reason}" if self.span else self.reason
        lines = [head, *(_picture(self.span) if self.span else ())]
        if self.advice:
            lines.append(self.advice)
        return "\n".join(lines)


def span_of(module: Module, node: ast.AST) -> Span:
    """Return where `node` is; for a node that the compiler made, where the first user's node inside it is."""
    placed = _first_placed(node)
    if placed is None:
        return Span(module.path, 0, 0, 0, "")
    line: int = placed.lineno  # type: ignore[attr-defined]
    start: int = placed.col_offset  # type: ignore[attr-defined]
    text = module.lines[line - 1] if 0 < line <= len(module.lines) else ""
    column = _characters(text, start) + 1
    end = len(text.rstrip()) + 1
    end_line, end_offset = getattr(placed, "end_lineno", None), getattr(placed, "end_col_offset", None)
    if end_line == line and end_offset is not None:
        end = _characters(text, end_offset) + 1
    return Span(module.path, line, column, max(end, column + 1), text)


def _first_placed(node: ast.AST) -> ast.AST | None:
    """Return the outermost first node that has a place in the source."""
    queue = deque([node])
    while queue:
        found = queue.popleft()
        if getattr(found, "lineno", None) and hasattr(found, "col_offset"):
            return found
        queue.extend(ast.iter_child_nodes(found))
    return None


def _characters(text: str, offset: int) -> int:
    """Turn an offset in UTF-8 bytes, which is what ``ast`` counts, into one in characters."""
    return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))


def _picture(span: Span) -> list[str]:
    """Return the source line and the carets under the span, a window of it where the line is very long."""
    if not span.line or not span.text.strip():
        return []
    text, start, end = span.text.rstrip(), span.column - 1, span.end_column - 1
    indent = len(text) - len(text.lstrip())
    cut = indent if start >= indent else 0
    if len(text) - cut > _LONGEST_LINE and start - cut > _LONGEST_LINE // 2:
        cut = start - _LONGEST_LINE // 2
    shown = text[cut : cut + _LONGEST_LINE]
    before, under = shown[: start - cut], shown[start - cut : end - cut]
    # A tab under a tab keeps the caret in its column, whatever width the terminal gives tabs.
    padding = "".join("\t" if c == "\t" else " " * _width(c) for c in before)
    carets = "^" * max(sum(map(_width, under)), 1)
    return [f"    {shown}", f"    {padding}{carets}"]


def _width(character: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
