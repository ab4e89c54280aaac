"""Marks: statements and expressions that stand for text which a syntax tree cannot hold.

In: a comment, a blank line, or the user's own spelling of something. Out: a node which prints as a name that nobody
writes; `settle` then puts the text where the name is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .. import core

_KINDS = ("line", "tail", "text", "inline")
_HEAD = re.compile(r"\s*def .*:$")
_MARK = re.compile(r"__sct_mark_(\d+)__")
_OWN_LINE = re.compile(r"( *)__sct_mark_(\d+)__")


class Mark(ast.Name):
    """A name that stands for a text."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(id="__sct_mark__", ctx=ast.Load())
        self.kind, self.text = kind, text


def line(text: str) -> ast.Expr:
    """Return a mark for a line of its own: a comment with its ``#``, or "" for a blank line."""
    return ast.Expr(value=Mark("line", text))


def tail(text: str) -> ast.Expr:
    """Return a mark for a comment at the end of the line before."""
    return ast.Expr(value=Mark("tail", text))


def text(source: str) -> ast.Expr:
    """Return a mark for a whole statement as the user wrote it."""
    return ast.Expr(value=Mark("text", source))


def inline(source: str) -> Mark:
    """Return a mark for an expression as the user wrote it."""
    return Mark("inline", source)


def is_comment(node: ast.stmt) -> bool:
    """Say whether a statement is a comment or a blank line: something that Python does not see."""
    if core.remark_text(node) is not None:
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, Mark) and node.value.kind in ("line", "tail")


def number(marks: list[Mark], mark: Mark) -> ast.Name:
    """Return the name that `mark` prints as, and keep the mark under it."""
    marks.append(mark)
    return ast.Name(id=f"__sct_mark_{len(marks) - 1}__", ctx=ast.Load())


def settle(printed: str, marks: list[Mark]) -> str:
    """Return the printed text with every mark replaced by what it stands for."""
    result: list[str] = []
    for row in printed.split("\n"):
        own = _OWN_LINE.fullmatch(row)
        mark = marks[int(own[2])] if own else None
        if own is None or mark is None or mark.kind == "inline":
            while _MARK.search(row):  # the text of a mark may hold marks
                row = _MARK.sub(lambda m: marks[int(m[1])].text, row)
            result.append(row)
        elif mark.kind == "text":
            result.extend(_indented(mark.text, own[1]))
        elif mark.kind == "line":
            begun = bool(result and result[-1]) and not _HEAD.match(result[-1])
            if mark.text or begun:  # no blank line is the first of a function
                result.extend((own[1] + text) if text else "" for text in mark.text.split("\n"))
        elif result and "#" not in result[-1] and result[-1].strip():
            result[-1] += "  " + mark.text
        else:
            result.append(own[1] + mark.text)
    return "\n".join(result)


def _indented(source: str, indent: str) -> Iterator[str]:
    rows = source.split("\n")
    yield indent + rows[0]
    yield from ((indent + row[1:] if row.startswith("\0") else row) for row in rows[1:])
