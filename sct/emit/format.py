"""A module as black formats it, in a fraction of black's time.

In: the text of a module. Out: the same program, formatted. Most lines of a derivative are plain assignments that are
spelled as black spells them. Black leaves those alone, at a great cost, so it gets one short line for each run of them
and they are put back afterwards.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Sequence

from .tree import blocks, same

# Nothing is tried in two ways (``++`` takes all that there is), so that a line that does not fit costs no more.
_NAME = r"(?!(?:not|await|yield|lambda)\b)[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+"
_NUMBER = r"\d[\d.]*+(?:e[-+]?\d++)?(?![\w.])"
_TOKEN = (
    rf"(?:{_NAME}|{_NUMBER}|(?<![(\[])\(|[)\[\]]|, (?=[\w(\[-])"
    r"|(?<=[\w)\]]) (?:[-+*/@%]|//) |(?<=[(\[ ])-|(?<=\w)=(?=[\w(\[-]))"
)
#: Assignments and calls of names, numbers, arithmetic, subscripts and calls, spaced as they should be, and without
#: parentheses that may be idle.
_PLAIN = re.compile(rf"{_NAME}{_TOKEN}*+(?: [-+*/]?= (?!\(.*\)$){_TOKEN}++)?")
_REMARK = re.compile(r"# \S(?:.*\S)?")
Runs = dict[str, tuple[str, list[str]]]  # by the name that stands for a run: its indent and its lines


def format_module(text: str, line_length: int) -> str:
    """Return the text of a module as black formats it, still the same program."""
    from black import Mode, format_str
    from black.mode import TargetVersion
    from black.parsing import InvalidInput

    mode = Mode(line_length=line_length, target_versions={TargetVersion.PY311})
    tree = parse(text)
    short, runs = _shortened(text, tree, line_length)
    try:
        result = _restored(format_str(short, mode=mode), runs) or format_str(text, mode=mode)
    except InvalidInput:
        return text
    return result if parses_to(result, tree) else text


def parse(text: str) -> ast.Module:
    """Parse without warnings about what the user wrote."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parses_to(text: str, tree: ast.Module) -> bool:
    """Say whether a text is that of a tree."""
    try:
        return same(parse(text).body, tree.body)
    except (SyntaxError, ValueError, MemoryError):
        return False


def _shortened(text: str, tree: ast.Module, line_length: int) -> tuple[str, Runs]:
    """Return a text with a name for each run of plain lines, and what the names stand for."""
    if "fmt:" in text or "yapf:" in text or "\r" in text or "\f" in text:
        return text, {}  # remarks that tell black what to do, other ends of lines
    stem = "_run"
    while stem in text:
        stem += "_"
    lines = text.split("\n")
    plain = {stmt.lineno - 1 for stmt in _statements(tree.body) if _is_plain(stmt, lines, line_length)}
    out: list[str] = []
    runs: Runs = {}
    start = 0
    while start < len(lines):
        if start not in plain:
            out.append(lines[start])
            start += 1
            continue
        indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        last = _end_of_run(lines, start, indent, plain)
        name = f"{stem}{len(runs)}"
        runs[name] = indent, [line[len(indent) :] for line in lines[start : last + 1]]
        out.append(indent + name)
        start = last + 1
    return "\n".join(out), runs


def _is_plain(stmt: ast.stmt, lines: Sequence[str], line_length: int) -> bool:
    line = lines[stmt.lineno - 1]
    if stmt.lineno != stmt.end_lineno or not stmt.col_offset or len(line) > line_length or not line.isascii():
        return False
    return _PLAIN.fullmatch(line, stmt.col_offset) is not None


def _end_of_run(lines: Sequence[str], start: int, indent: str, plain: Collection[int]) -> int:
    """Return where the plain lines and remarks of one block end that follow each other."""
    last = start
    for position in range(start + 1, len(lines)):
        line = lines[position]
        if not line.startswith(indent) or line[len(indent) : len(indent) + 1].isspace():
            break
        if position in plain:
            last = position
        elif not _REMARK.fullmatch(line, len(indent)):
            break
    return last


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the assignments and expressions of a block and of those inside it."""
    for stmt in body:
        if isinstance(stmt, ast.Assign | ast.AugAssign | ast.Expr):
            yield stmt
        else:
            for _, inner in blocks(stmt):
                yield from _statements(inner)


def _restored(text: str, runs: Runs) -> str | None:
    """Return a text with the lines in the place of their names; None where black indents them otherwise."""
    out: list[str] = []
    for line in text.split("\n"):
        found = runs.get(line.lstrip(" "))
        if found is None:
            out.append(line)
            continue
        indent, plain = found
        if len(line) - len(line.lstrip(" ")) != len(indent):
            return None
        out += [indent + part for part in plain]
    return "\n".join(out)
