"""What differentiation adds to a function, line by line.

In: targets and options. Out: a `Pair` of texts for each generated function, and `Row`s that compare two texts.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..emit.format import format_module
from ..emit.header import body_of
from ..emit.notes import last_line
from ..emit.tree import start_line
from ..frontend.read import read_text
from ..frontend.source import Function
from ..room import with_room
from ..texts import Choice, Target, differentiate, file_name


@dataclass(frozen=True)
class Pair:
    """A generated function and the function that it came from, formatted alike: `source` is "" where it has none."""

    source_name: str
    source: str
    name: str
    text: str


@dataclass(frozen=True)
class Row:
    """A line of one text beside one of another, None where there is none; they are `same` or not."""

    left: str | None
    right: str | None
    same: bool


def pairs(targets: Sequence[Target], choice: Choice) -> list[Pair]:
    """Return the functions of a derivative beside the functions that they came from, entries first."""
    return with_room(lambda: _pairs(targets, choice))


def _pairs(targets: Sequence[Target], choice: Choice) -> list[Pair]:
    from ..emit.module import Options, assemble
    from ..emit.units import derived_units

    deriveds, resolver, targets = differentiate(targets, choice)
    options = Options("", choice.standalone, choice.line_length, file_name)
    body = body_of(assemble(deriveds, resolver, options))
    module = read_text(body)
    texts = {
        node.name: "\n".join(module.lines[start_line(node) - 1 : last_line(module, node)]).rstrip("\n")
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
    }
    entries = {d.name for d in deriveds}
    found = []
    for unit in derived_units(deriveds, resolver):
        source = unit.function if not unit.name.endswith("_reverse") or unit.name in entries else None
        if unit.name in texts:
            found.append(_pair(unit.name, texts[unit.name], source, choice.line_length))
    return sorted(found, key=lambda pair: pair.name not in entries)


def _pair(name: str, text: str, source: Function | None, line_length: int) -> Pair:
    if source is None:
        return Pair("", "", name, text)
    return Pair(f"{source.module.path}::{source.qualname}", source_text(source, line_length), name, text)


def source_text(function: Function, line_length: int) -> str:
    """Return the text of a function without its decorators, as generated code is formatted."""
    node, lines = function.node, function.module.lines
    rows = lines[node.lineno - 1 : last_line(function.module, node)]
    cut = [row[node.col_offset :] if not row[: node.col_offset].strip() else row for row in rows]
    try:
        return format_module("\n".join(cut) + "\n", line_length).rstrip("\n")
    except (SyntaxError, ValueError):  # a lambda, or half a line
        return "\n".join(rows)


def compare(left: str, right: str) -> Iterator[Row]:
    """Yield the lines of two texts side by side, those that are the same in both in one row."""
    one, two = left.splitlines(), right.splitlines()
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (Row(line, line, True) for line in one[a:b])
            continue
        for number in range(max(b - a, d - c)):
            before = one[a + number] if a + number < b else None
            after = two[c + number] if c + number < d else None
            yield Row(before, after, False)


def unified(rows: Sequence[Row], context: int) -> Iterator[str]:
    """Yield the lines of a unified diff: those that changed, and up to `context` lines around them."""
    changed = [n for n, row in enumerate(rows) if not row.same]
    near = sorted({n for c in changed for n in range(max(c - context, 0), min(c + context + 1, len(rows)))})
    held: list[str] = []  # what is added, until all that it replaces has been removed
    for position, number in enumerate(near):
        row = rows[number]
        if len(near) < len(rows) and (not position or near[position - 1] != number - 1):
            yield from held
            held = []
            yield _where(rows, near[position:])
        if row.same:
            yield from (*held, f" {row.left}")
            held = []
            continue
        if row.left is not None:
            yield f"-{row.left}"
        if row.right is not None:
            held.append(f"+{row.right}")
    yield from held


def _where(rows: Sequence[Row], near: Sequence[int]) -> str:
    """Return the line of a unified diff that says where its next lines stand."""
    start = near[0]
    end = next((n for n, following in zip(near, near[1:], strict=False) if following != n + 1), near[-1]) + 1
    parts = []
    for side in ("left", "right"):
        before = sum(getattr(row, side) is not None for row in rows[:start])
        length = sum(getattr(row, side) is not None for row in rows[start:end])
        parts.append(f"{before + bool(length)},{length}")
    return f"@@ -{parts[0]} +{parts[1]} @@"
