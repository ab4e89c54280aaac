"""What belongs together comes together.

In: a function's statements, temporaries put back where they can stay in order. Out: the same with the reader of a
temporary moved up to it where that lets the temporary go, and with a temporary that is copied into a variable
computed in that variable.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence

from sct import core
from sct.simplify import effects, propagate, trees
from sct.simplify.effects import Alias, Effects
from sct.simplify.glance import count

_REACH = 8  # how many statements a reader may pass


def gather(stmts: Sequence[ast.stmt], alias: Alias | None, loads: Counter[str], stores: Counter[str]) -> list[ast.stmt]:
    """Move readers up to the temporaries that only they read."""
    late = effects.captured(stmts)
    single = {n for n in loads if core.is_temporary(n) and loads[n] == stores[n] == 1} - late

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = [trees.map_blocks(stmt, block) for stmt in body]
        position = 0
        while position < len(out):
            name = trees.target_name(out[position])
            if name in single and (place := _reader(out, position, name, alias)):
                out.insert(position + 1, out.pop(place))
            position += 1
        return out

    return block(stmts)


def _reader(body: list[ast.stmt], position: int, name: str, alias: Alias | None) -> int:
    """The place of the statement that reads a temporary, if it can come right after it; 0 if not."""
    value = body[position]
    if not isinstance(value, ast.Assign) or not effects.is_pure(value.value):
        return 0
    passed: list[Effects] = []
    for place in range(position + 1, min(position + 2 + _REACH, len(body))):
        stmt = body[place]
        if core.remark_text(stmt) is not None or trees.blocks(stmt):
            return 0
        found = effects.statement(stmt)
        if name in found.reads:
            free = not trees.is_user(stmt) and not found.ordered and not found.anything
            return place if passed and free and not any(effects.clash(p, found, alias) for p in passed) else 0
        if trees.is_user(stmt) or found.ordered or found.anything:
            return 0
        passed.append(found)
    return 0


def coalesce(stmts: Sequence[ast.stmt], alias: Alias | None) -> list[ast.stmt]:
    """Compute a temporary that is copied into a variable in that variable, where all its readers can read that."""
    excluded: set[str] = set()
    for _ in range(3):
        swapped, names = _swapped(stmts, excluded)
        if not names:
            break
        new = propagate.propagate(swapped, alias, lambda _: False)
        left = {name for found in count(new) for name in found} & names
        if not left:
            return new
        excluded |= left
    return list(stmts)


def _swapped(stmts: Sequence[ast.stmt], excluded: set[str]) -> tuple[list[ast.stmt], set[str]]:
    """Let ``x = E; %1 = x`` take the place of ``%1 = E; …; x = %1`` wherever nothing in between concerns x."""
    _, stores = count(stmts)
    late = effects.captured(stmts)
    usable = {name for name in stores if core.is_temporary(name) and stores[name] == 1} - late - excluded
    names: set[str] = set()

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        out = [[_inside(stmt, block)] for stmt in body]
        made: dict[str, int] = {}
        touched: dict[str, int] = {}
        barrier = -1
        for position, stmt in enumerate(body):
            found = effects.statement(stmt)
            target, source = trees.target_name(stmt), _copied(stmt)
            place = made.get(source, -1)
            if place > max(barrier, touched.get(target, -1) - 1) and target not in late and source in usable - names:
                definition = body[place]
                assert isinstance(definition, ast.Assign)
                names.add(source)
                first = trees.replace_fields(stmt, value=definition.value)
                then = ast.Assign(targets=definition.targets, value=ast.Name(id=target, ctx=ast.Load()))
                out[place], out[position] = [first, then], []
            for name in found.reads | found.binds | found.writes:
                touched[name] = position
            if found.ordered or found.anything or (trees.is_user(stmt) and not core.is_temporary(target)):
                barrier = position
            if target in usable and effects.is_pure(stmt.value if isinstance(stmt, ast.Assign) else ast.Constant(0)):
                made[target] = position
        return [stmt for group in out for stmt in group]

    return block(stmts), names


def _inside(stmt: ast.stmt, change: Callable[[Sequence[ast.stmt]], list[ast.stmt]]) -> ast.stmt:
    """Change the blocks of a statement that is known to run them whole or to leave the function."""
    return trees.map_blocks(stmt, change) if isinstance(stmt, ast.If | ast.For | ast.While) else stmt


def _copied(stmt: ast.stmt) -> str:
    """Return the temporary that a statement copies into a variable, "" for any other statement."""
    name = trees.target_name(stmt)
    if not name or core.is_temporary(name) or not isinstance(stmt, ast.Assign):
        return ""
    return stmt.value.id if isinstance(stmt.value, ast.Name) and core.is_temporary(stmt.value.id) else ""
