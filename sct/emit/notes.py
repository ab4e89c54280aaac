"""What stands around the statements of a user's function: comments, blank lines, and the text itself.

In: a function as read. Out: `Notes`, by the place (line and column) of each statement.
"""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ..frontend.source import Function, Module
from ..walk import walk
from .tree import blocks, header_end, start_line

Place = tuple[int, int]
Block = tuple[Place, str]


@dataclass
class Around:
    """One statement, the block that it is in, and the comments around it: before, behind and inside it.

    `opening` are lines at the start of its first block: those before an ``elif``, which nothing can precede.
    """

    node: ast.stmt
    block: Block | None
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Line and column of the statement."""
        return self.node.lineno, self.node.col_offset


@dataclass
class Notes:
    """All that stands around the statements of one function, behind the heads of its blocks and at their ends."""

    module: Module
    root: Place
    around: dict[Place, Around]
    heads: dict[Block, list[str]] = field(default_factory=dict)
    ends: dict[Block, list[str]] = field(default_factory=dict)
    returns: dict[Block, list[Around]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Comment:
    line: int
    column: int
    text: str
    alone: bool


def notes(function: Function) -> Notes:
    """Return what stands around the statements of a function."""
    node, module = function.node, function.module
    found = [Around(node, None), *_statements(node)]
    result = Notes(module, found[0].place, {a.place: a for a in found})
    for around in found:
        if isinstance(around.node, ast.Return) and around.block is not None:
            result.returns.setdefault(around.block, []).append(around)
    last = last_line(module, node)
    rows = {c.line: c for c in _comments(module) if start_line(node) <= c.line <= last}
    for comment in rows.values():
        if not comment.alone:
            _put_behind(found, comment)
    _put_between(result, found, rows, last)
    for around in found:
        if isinstance(around.node, ast.If) and module.lines[around.node.lineno - 1].lstrip().startswith("elif"):
            around.opening = [text for text in around.before if text]
            around.before = []
    found[0].opening, found[0].inside = found[0].inside, []
    return result


def _statements(parent: ast.stmt) -> Iterator[Around]:
    """Yield the statements inside `parent` in the order of the source."""
    for name, body in blocks(parent):
        for node in body:
            yield Around(node, ((parent.lineno, parent.col_offset), name))
            yield from _statements(node)


def last_line(module: Module, node: ast.stmt) -> int:
    """Return the last line that may still hold comments of a function: they stand below its last statement too."""
    end = node.end_lineno or node.lineno
    while end < len(module.lines):
        row = module.lines[end]
        if row.strip() and not (row.lstrip().startswith("#") and len(row) - len(row.lstrip()) > node.col_offset):
            break
        end += 1
    return end


@lru_cache(maxsize=32)
def _comments(module: Module) -> tuple[_Comment, ...]:
    """Return the comments of a module. A text that cannot be cut into tokens has none."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(module.source).readline):
            if token.type == tokenize.COMMENT:
                alone = not token.line[: token.start[1]].strip()
                found.append(_Comment(token.start[0], token.start[1], token.string.rstrip(), alone))
    except (tokenize.TokenError, SyntaxError):
        return ()
    return tuple(found)


def _put_behind(found: list[Around], comment: _Comment) -> None:
    """Give a comment that shares its line with code to the statement that it is behind."""
    owner = found[bisect_right(found, comment.line, key=lambda a: start_line(a.node)) - 1]
    compound = next(blocks(owner.node), None) is not None
    end = header_end(owner.node) if compound else owner.node.end_lineno or owner.node.lineno
    if comment.line < end:
        owner.inside.append(comment.text)
    elif compound or comment.line == end:
        owner.behind.append(comment.text)


def _put_between(result: Notes, found: list[Around], rows: dict[int, _Comment], last: int) -> None:
    """Give the comments and blank lines between statements to the next statement or to the end of a block."""
    ends = [header_end(a.node) if next(blocks(a.node), None) else a.node.end_lineno or 0 for a in found]
    for i, owner in enumerate(found):
        follower = found[i + 1] if i + 1 < len(found) else None
        stop = start_line(follower.node) if follower else last + 1
        for line in range(start_line(owner.node) + 1, ends[i]):
            if line in rows and rows[line].alone:
                owner.inside.append(rows[line].text)
        gap = range(ends[i] + 1, stop)
        divider = max((n for n in gap if _is_code(result.module.lines[n - 1])), default=0)  # such as `else:`
        blanks = 0
        for line in gap:
            comment = rows.get(line)
            if comment is None:
                blanks += not result.module.lines[line - 1].strip()
            else:
                home = _home(result, owner, follower, comment, line < divider)
                home.extend([""] * min(blanks, 1) + [comment.text])
                blanks = 0
            if line == divider:
                blanks = 0
        if blanks and follower is not None:
            follower.before.append("")


def _is_code(row: str) -> bool:
    return bool(row.strip()) and not row.lstrip().startswith("#")


def _home(result: Notes, before: Around, after: Around | None, comment: _Comment, divided: bool) -> list[str]:
    """Return the list that a comment between two statements goes to; `divided`: an ``else:`` is still to come."""
    floor = after.node.col_offset if after is not None else 0
    if divided and after is not None and after.block is not None:
        floor = after.block[0][1]
    if after is not None and after.block is not None and not comment.alone:  # behind an `else:`
        return result.heads.setdefault(after.block, [])
    if after is not None and comment.column <= floor:
        return after.before
    # Deeper than what follows: the comment ends a block that the statement before it is in.
    chosen: Block | None = None
    around: Around | None = before
    while around is not None and around.block is not None:
        if after is not None and around.node.col_offset <= floor:
            break
        chosen = around.block
        if around.node.col_offset <= comment.column:
            break
        around = result.around[around.block[0]]
    if chosen is not None:
        return result.ends.setdefault(chosen, [])
    return after.before if after is not None else result.ends.setdefault((result.root, "body"), [])


def comment_behind(module: Module, node: ast.stmt) -> str:
    """Return the comment at the end of a statement's last line."""
    return next((c.text for c in _comments(module) if c.line == node.end_lineno and not c.alone), "")


def segment(module: Module, node: ast.stmt | ast.expr) -> str | None:
    """Return the source of a node. Lines after the first begin with a null where they may be indented anew."""
    first, last = node.lineno, node.end_lineno or node.lineno
    rows = module.lines[first - 1 : last]
    if not rows or node.end_col_offset is None:
        return None
    rows[-1] = _cut(rows[-1], None, node.end_col_offset)
    indent = len(rows[0]) - len(rows[0].lstrip())
    rows[0] = _cut(rows[0], node.col_offset, None)
    frozen = _frozen_lines(node)
    for i, row in enumerate(rows[1:], 1):
        if first + i not in frozen and not row[:indent].strip():
            rows[i] = "\0" + row[indent:]
    return "\n".join(rows)


def _cut(row: str, start: int | None, end: int | None) -> str:
    """Cut a line at offsets in bytes, which is what ``ast`` counts."""
    if row.isascii():
        return row[start:end]
    return row.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "surrogatepass")


def _frozen_lines(node: ast.stmt | ast.expr) -> set[int]:
    """Return the lines that begin inside a string, whose indentation is part of a value; a docstring's is not."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return set()
    lines: set[int] = set()
    for part in walk(node):
        if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str | bytes)):
            lines.update(range(part.lineno + 1, (part.end_lineno or part.lineno) + 1))
    return lines
