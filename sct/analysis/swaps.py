"""Members that change places: ``x[i], x[j] = x[j], x[i]``, also by way of a third variable.

In: a function. Out: the places. To swap parts of an array that are arrays themselves overwrites one of them, so such
members are numbers, or rows of a list of lists; and what finds them is the index of one member each.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sct.walk import walk


def swapped(node: ast.FunctionDef) -> list[ast.Subscript]:
    """Return the places, as they are stored to, whose contents change places with each other."""
    return [place for block in _blocks(node) for place in _in_block(block)]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for part in walk(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(part, name, None)
            if isinstance(block, list):
                yield block


def _in_block(block: Sequence[ast.stmt]) -> Iterator[ast.Subscript]:
    for position, stmt in enumerate(block):
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
        if isinstance(target, ast.Tuple) and isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Tuple):
            yield from _permuted(target.elts, stmt.value.elts)
        elif isinstance(target, ast.Name):
            yield from _by_a_third(target.id, block[position : position + 3])


def _permuted(targets: list[ast.expr], values: list[ast.expr]) -> list[ast.Subscript]:
    """Return the places whose contents change places, one of them at least as it is."""
    places = [t for t in targets if isinstance(t, ast.Subscript)]
    if len(places) < len(targets) or len(places) < 2 or len(values) != len(places):
        return []
    texts, given = [ast.unparse(p) for p in places], [ast.unparse(v) for v in values]
    moved = any(value in texts and value != text for text, value in zip(texts, given, strict=True))
    read = {ast.unparse(n) for v in values for n in walk(v) if isinstance(n, ast.Subscript)}
    return places if moved and set(texts) <= read else []


def _by_a_third(name: str, stmts: Sequence[ast.stmt]) -> list[ast.Subscript]:
    """Return the places of ``t = p; p = q; q = t``."""
    targets = [s.targets[0] for s in stmts if isinstance(s, ast.Assign)]
    values = [s.value for s in stmts if isinstance(s, ast.Assign)]
    if len(targets) < 3 or not isinstance(values[2], ast.Name) or values[2].id != name:
        return []
    return _permuted(targets[1:], [values[1], values[0]])
