"""Small questions about syntax trees that printing needs: are two the same, where does a statement begin.

In: nodes of ``ast``. Out: answers; nothing is changed.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import inspect
from collections.abc import Callable, Iterator

from sct.walk import walk

# How a node was written or is used, not what it says.
_IGNORED = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


def same(left: object, right: object) -> bool:
    """Say whether two trees say the same. A field that is missing, None or an empty list says nothing.

    Docstrings are compared as readers see them, since indenting a function changes them. There is no recursion: a
    sum of a thousand terms is a thousand levels deep.
    """
    pending = [(left, right)]
    while pending:
        a, b = pending.pop()
        if a is b:
            continue
        if isinstance(a, ast.AST) and isinstance(b, ast.AST):
            if type(a) is not type(b):
                return False
            if isinstance(a, ast.JoinedStr) and isinstance(b, ast.JoinedStr):
                pending.append((_pieces(a), _pieces(b)))
                continue
            if _is_string(a) and _is_string(b):
                if _docstring(a) != _docstring(b):
                    return False
                continue
            pending.extend((getattr(a, n, None), getattr(b, n, None)) for n in a._fields if n not in _IGNORED)
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            pending.extend(zip(a, b, strict=True))
        elif a in (None, []) and b in (None, []):
            continue
        elif type(a) is not type(b) or not _equal(a, b):
            return False
    return True


def digest(tree: ast.AST) -> str:
    """Return a hash that two trees share where they are the `same`, on every Python."""
    found = hashlib.sha256()
    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _Text):
            found.update(node)
        elif isinstance(node, ast.AST):
            found.update(type(node).__name__.encode())
            pending.append(_Text(b")"))
            if _is_string(node):
                pending.append(_docstring(node))
            elif isinstance(node, ast.JoinedStr):
                pending.append(_pieces(node))
            else:
                for name in reversed(node._fields):
                    value = getattr(node, name, None)
                    if name not in _IGNORED and value is not None and value != []:
                        pending += [value, _Text(f" {name}=".encode())]
        elif isinstance(node, list):
            found.update(b"[%d" % len(node))
            pending.extend(reversed(node))
        else:
            found.update(_constant(node))
    return found.hexdigest()


class _Text(bytes):
    """A piece of what is hashed."""


def _constant(value: object) -> bytes:
    """Return a constant so that no other looks like it, whatever Python prints it."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        data = value
    else:
        data = (hex(value) if type(value) is int else repr(value)).encode()
    return b"%s %d:%s" % (type(value).__name__.encode(), len(data), data)


def _docstring(node: ast.AST) -> str:
    """Return a docstring as readers see it: printers indent it, and take off spaces at the ends of its lines."""
    text: str = node.value.value  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in inspect.cleandoc(text).split("\n")).strip()


def _equal(a: object, b: object) -> bool:
    if isinstance(a, float | complex):
        return repr(a) == repr(b)  # tells 0.0 from -0.0, and takes nan for nan
    return a == b


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _pieces(node: ast.JoinedStr) -> list[ast.expr]:
    """Return the parts of an f-string with neighbouring texts joined: printers cut them differently."""
    pieces: list[ast.expr] = []
    for value in node.values:
        if isinstance(value, ast.Constant) and value.value == "":
            continue
        last = pieces[-1] if pieces else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            pieces[-1] = ast.Constant(value=str(last.value) + str(value.value))
        else:
            pieces.append(value)
    return pieces


def blocks(node: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield the lists of statements directly inside `node`, in the order of the source, with a name for each."""
    for field in BLOCKS:
        inner = getattr(node, field, None)
        if not isinstance(inner, list) or not inner:
            continue
        if isinstance(inner[0], ast.stmt):
            yield field, inner
        else:
            for number, part in enumerate(inner):
                for name, statements in blocks(part):
                    yield f"{field}{number}.{name}", statements


def with_blocks(node: ast.stmt, change: Callable[[str, list[ast.stmt]], list[ast.stmt]]) -> ast.stmt:
    """Return a copy of a statement with each of its blocks changed; its expressions are shared."""
    result = copy.copy(node)
    _change_blocks(result, "", change)
    return result


def _change_blocks(node: ast.AST, prefix: str, change: Callable[[str, list[ast.stmt]], list[ast.stmt]]) -> None:
    for field in BLOCKS:
        inner = getattr(node, field, None)
        if not isinstance(inner, list) or not inner:
            continue
        if isinstance(inner[0], ast.stmt):
            setattr(node, field, change(prefix + field, inner))
        else:
            parts = [copy.copy(part) for part in inner]
            setattr(node, field, parts)
            for number, part in enumerate(parts):
                _change_blocks(part, f"{prefix}{field}{number}.", change)


def start_line(node: ast.stmt) -> int:
    """Return the line where a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def place(node: ast.AST) -> tuple[int, int] | None:
    """Return line and column of a statement that came from the user's source, None for the compiler's own."""
    line = getattr(node, "lineno", None)
    return (line, getattr(node, "col_offset", 0)) if line else None


def header_end(node: ast.stmt) -> int:
    """Return the last line of what comes before a compound statement's first block."""
    lines = [node.lineno]
    for field, value in ast.iter_fields(node):
        if field in BLOCKS or field == "decorator_list":
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                lines.extend(end for n in walk(part) if (end := getattr(n, "end_lineno", None)))
    return max(lines)
