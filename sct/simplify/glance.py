"""What stands in a statement itself, looked up once: most passes ask the same of statements that did not change.

In: a statement. Out: the names in it, apart from those in the blocks inside it, which are statements of their own.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sct import core
from sct.simplify import trees
from sct.walk import header, walk


class Glance(NamedTuple):
    """The names in a statement, each as often as it stands there, and whether the compiler made any of it."""

    loads: tuple[str, ...]
    stores: tuple[str, ...]  # deleted ones are among them
    made: bool  # remarks aside


_seen: WeakKeyDictionary[ast.stmt, Glance] = WeakKeyDictionary()


def glance(stmt: ast.stmt) -> Glance:
    """Return what stands in a statement itself."""
    found = _seen.get(stmt)
    if found is None:
        nodes = own_nodes(stmt)
        names = [node for node in nodes if isinstance(node, ast.Name)]
        loads = tuple(n.id for n in names if n.ctx.__class__ is ast.Load)
        stores = tuple(n.id for n in names if n.ctx.__class__ is not ast.Load)
        made = any(isinstance(node, ast.expr | ast.stmt) and not trees.is_user(node) for node in nodes)
        found = _seen[stmt] = Glance(loads, stores, made and core.remark_text(stmt) is None)
    return found


def has_made(stmt: ast.stmt) -> bool:
    """Say whether anything in a statement itself is the compiler's own, and so open to simplification."""
    return glance(stmt).made


def own_nodes(stmt: ast.stmt) -> list[ast.AST]:
    """Return the nodes of a statement that are not in statements inside it."""
    if not trees.blocks(stmt):
        return walk(stmt)
    handlers = getattr(stmt, "handlers", ())
    return [*header(stmt), *(node for handler in handlers if handler.type for node in walk(handler.type))]


def count(stmts: Iterable[ast.stmt]) -> tuple[Counter[str], Counter[str]]:
    """Count how often each name is loaded, and how often it is stored or deleted, in the blocks inside too."""
    loads: list[str] = []
    stores: list[str] = []
    for stmt in trees.all_statements(stmts):
        found = glance(stmt)
        loads += found.loads
        stores += found.stores
    return Counter(loads), Counter(stores)
