"""Copies of what may be an array, with its own memory, or a list or a dict: its copy holds the same members.

In: a function, its kinds and its aliases, which take what is copied for an array. Out: the function with a guard where
that matters, since members that the copy would share are written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sct import core
from sct.analysis import purity
from sct.analysis.aliasing import IMMUTABLE, Aliases, CallEffects
from sct.analysis.evaluator import as_load
from sct.analysis.infer import Facts
from sct.analysis.lists import sure_arrays
from sct.analysis.placing import placed
from sct.nodes import changed, load
from sct.walk import clone, header, root_name, walk

_GUARD = "sct.runtime.require_own_members"


@dataclass(frozen=True)
class Copy:
    """A copy that `stmt` makes: `name` is bound to it ("" for none), and `source` is what is copied."""

    stmt: ast.stmt
    name: str
    source: ast.expr | None


def guarded(
    node: ast.FunctionDef,
    facts: Facts,
    alias: Aliases,
    effects: CallEffects,
    concerns: Callable[[str], bool],
    moved: dict[ast.stmt, ast.stmt],
) -> ast.FunctionDef:
    """Return a function that asks whether its unsure copies have members of their own, where it matters.

    Only copies are asked about of which `concerns` says that they matter, by their names or what they are copied from.
    `moved` will hold the compound statements that are made anew.
    """
    read = {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    copies = [c for c in shared_if_list(node, facts, alias, effects) if any(map(concerns, _names(c)))]
    copies = [c for c in copies if not c.name or c.name in read]  # what a trial makes is not written
    if not copies:
        return node

    def asked(stmt: ast.stmt) -> tuple[list[ast.stmt], list[ast.stmt]]:
        here = [c for c in copies if c.stmt is stmt and _title(c)]
        return [_guard(c) for c in here if not c.name], [_guard(c) for c in here if c.name]

    return changed(node, body=placed(node.body, asked, moved))


def _names(copy: Copy) -> list[str]:
    root = root_name(copy.source) if copy.source is not None else None
    return [n for n in (copy.name, root) if n]


def _title(copy: Copy) -> str:
    """Return what a guard calls the copy, or what is copied; "" where it is no name or part of one."""
    if copy.name:
        return "this copy" if core.is_temporary(copy.name) else copy.name
    return ast.unparse(copy.source) if copy.source is not None and root_name(copy.source) is not None else ""


def _guard(copy: Copy) -> ast.stmt:
    value: ast.expr = load(copy.name) if copy.name or copy.source is None else clone(copy.source)
    call = ast.Call(func=core.ref(_GUARD), args=[ast.Constant(value=_title(copy)), value], keywords=[])
    return ast.Expr(value=call)


def uncertain(node: ast.FunctionDef, facts: Facts, effects: CallEffects) -> list[Copy]:
    """Return the copies in a function of which nothing says what is copied."""
    return [c for stmt in walk(node) if isinstance(stmt, ast.stmt) for c in _copies(stmt, facts, effects)]


def _copies(stmt: ast.stmt, facts: Facts, effects: CallEffects) -> Iterator[Copy]:
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target] if isinstance(stmt, ast.AnnAssign) else []
    value = getattr(stmt, "value", None)
    bound = targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""
    for part in header(stmt):
        name = bound if part is value else ""
        copied = core.shallow_copied(part) if isinstance(part, ast.expr) else None
        if copied is not None and facts.kind(stmt, copied).what == "unknown":
            yield Copy(stmt, name, copied)
        elif isinstance(part, ast.Call) and core.qualname(part.func)[:1] == "@" and name:
            if effects(core.qualname(part.func)).copies and facts.name_after(stmt, name).what == "unknown":
                yield Copy(stmt, name, None)


def shared_if_list(node: ast.FunctionDef, facts: Facts, alias: Aliases, effects: CallEffects) -> list[Copy]:
    """Return the unsure copies of which members are written that they would share, were they lists or dicts."""
    found: list[Copy] = []
    arrays = sure_arrays(node)
    for copy in uncertain(node, facts, effects):
        if arrays.intersection(_names(copy)):
            continue
        source = root_name(copy.source) if copy.source is not None else None
        tops = {n for n in (copy.name, copy.source.id if isinstance(copy.source, ast.Name) else "") if n}
        leaders = {alias.find(n) for n in (copy.name, source) if n}
        stores = [s for leader in sorted(leaders) for s in alias.stores.get(leader, ())]
        if not copy.name and copy.source is not None:
            stores.append(copy.stmt)
        if any(_reaches_members(s, tops, leaders, facts, alias.find, effects) for s in stores):
            found.append(copy)
    return found


def _reaches_members(
    stmt: ast.stmt,
    tops: set[str],
    leaders: set[str],
    facts: Facts,
    find: Callable[[str], str],
    effects: CallEffects,
) -> bool:
    """Say whether a statement may write a member of the lists `tops`, not only bind a slot of theirs anew."""

    def concerns(name: str | None) -> bool:
        return name is not None and find(name) in leaders

    targets: list[ast.expr] = list(stmt.targets) if isinstance(stmt, (ast.Assign, ast.Delete)) else []
    if isinstance(stmt, (ast.AugAssign, ast.AnnAssign)):
        targets = [stmt.target]
    for target in targets:
        for part in walk(target):
            if not isinstance(part, (ast.Subscript, ast.Attribute)) or isinstance(part.ctx, ast.Load):
                continue
            if concerns(root_name(part)) and not _is_slot(stmt, part, tops, facts):
                return True
    if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name) and concerns(stmt.target.id):
        if stmt.target.id not in tops:
            return True
    for call in (n for n in header(stmt) if isinstance(n, ast.Call)):
        called = effects(core.qualname(call.func)) if core.qualname(call.func).startswith("@") else None
        if called is not None:
            for i in sorted(called.written):
                arg = call.args[i] if i < len(call.args) else None
                held = core.shallow_copied(arg) if arg is not None else None
                if arg is None or not (concerns(root_name(arg)) or held is not None and concerns(root_name(held))):
                    continue
                whole = isinstance(arg, ast.Name) and arg.id in tops or held is not None
                if i not in called.slots or not whole:
                    return True
        elif any(concerns(root_name(w)) and root_name(w) not in tops for w in purity.written_by(call)):
            return True
        elif any(concerns(root_name(w)) and not isinstance(w, ast.Name) for w in purity.written_by(call)):
            return True
    return False


def _is_slot(stmt: ast.stmt, part: ast.Subscript | ast.Attribute, tops: set[str], facts: Facts) -> bool:
    """Say whether a place is a slot of one of the lists themselves that is bound anew."""
    if not isinstance(part, ast.Subscript) or not isinstance(part.value, ast.Name) or part.value.id not in tops:
        return False
    return not isinstance(stmt, ast.AugAssign) or facts.kind(stmt, as_load(part)).what in IMMUTABLE
