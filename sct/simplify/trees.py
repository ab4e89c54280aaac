"""Trees without recursion: evaluation order, rewriting, blocks.

In: syntax trees of any depth. Out: new trees, never changed ones. A sum of 500 terms is a tree 500 deep, so nothing
here descends an expression by recursion; statements nest no deeper than Python's parser allows.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from sct import core
from sct.walk import FIELDS, children, header
from sct.walk import walk as walk  # for the other passes

Node = TypeVar("Node", bound=ast.AST)

LOOPS = ast.For | ast.While
OPAQUE = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.AsyncFor | ast.AsyncWith


class Use(NamedTuple):
    """A sub-expression in its place.

    `once` says that it is evaluated exactly once whenever the whole is; `fresh` that nothing keeps the object it
    evaluates to, because an operation makes a new object of it first.
    """

    node: ast.expr
    once: bool = True
    fresh: bool = False


def is_user(node: ast.AST) -> bool:
    """Say whether a node came from the user's source."""
    return getattr(node, "lineno", None) is not None


def is_local(node: ast.AST | None) -> bool:
    """Say whether a node is a plain local variable."""
    return isinstance(node, ast.Name) and ":" not in node.id


def target_name(stmt: ast.stmt) -> str:
    """Return the name that a plain ``name = value`` binds, "" for any other statement."""
    if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1:
        target = stmt.targets[0]
        if isinstance(target, ast.Name) and ":" not in target.id:
            return target.id
    return ""


def replace_fields(node: Node, **fields: Any) -> Node:
    """Return a copy of `node` with some fields replaced, in the same place."""
    return type(node)(**{**vars(node), **fields})


def rewrite(root: Node, visit: Callable[[ast.AST, ast.AST], ast.AST], nodes: Sequence[ast.AST] | None = None) -> Node:
    """Return the tree in which every node is replaced, children first; untouched parts are shared.

    `visit` is called with the node, its children replaced, and with the node as it was. Where `nodes` are given, outer
    ones first, no others are visited.
    """
    new: dict[int, ast.AST] = {}
    for node in reversed(walk(root) if nodes is None else nodes):
        fresh = _rebuilt(node, new) if new else node
        result = visit(fresh, node)
        if result is not node:
            new[id(node)] = result
    return cast(Node, new.get(id(root), root))


def rewrite_each(
    stmts: Sequence[ast.stmt], visit: Callable[[ast.AST, ast.AST], ast.AST], open_to: Callable[[ast.stmt], bool]
) -> list[ast.stmt]:
    """Rewrite statements one by one, with those inside them; what is not `open_to` it itself is left as it is."""
    out: list[ast.stmt] = []
    for stmt in stmts:
        inside = blocks(stmt)
        if inside:
            stmt = map_blocks(stmt, lambda block: rewrite_each(block, visit, open_to))
        if open_to(stmt):
            stmt = rewrite(stmt, visit, header(stmt) if inside else None)
        out.append(stmt)
    return out


def _rebuilt(node: ast.AST, new: Mapping[int, ast.AST]) -> ast.AST:
    changed: dict[str, Any] = {}
    for name in FIELDS[node.__class__]:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            if id(value) in new:
                changed[name] = new[id(value)]
        elif isinstance(value, list) and any(id(item) in new for item in value):
            changed[name] = [new.get(id(item), item) for item in value]
    return replace_fields(node, **changed) if changed else node


def substitute(root: Node, replacements: Mapping[str, ast.expr]) -> Node:
    """Return the tree in which reads of names give way to expressions."""

    found: dict[int, ast.AST] = {
        id(node): replacements[node.id]
        for node in walk(root)
        if isinstance(node, ast.Name) and node.id in replacements and isinstance(node.ctx, ast.Load)
    }
    return replace(root, found) if found else root


def replace(root: Node, replacements: Mapping[int, ast.AST], inside: bool = False) -> Node:
    """Return the tree in which nodes, by id, give way to others; `inside` keeps the root itself."""
    order: list[ast.AST] = []
    stack: list[ast.AST] = [root]
    new: dict[int, ast.AST] = {}
    while stack:
        node = stack.pop()
        if id(node) in replacements and not (inside and node is root):
            new[id(node)] = replacements[id(node)]
        else:
            order.append(node)
            stack += children(node)
    for node in reversed(order):
        fresh = _rebuilt(node, new) if new else node
        if fresh is not node:
            new[id(node)] = fresh
    return cast(Node, new.get(id(root), root))


def copied(node: Node) -> Node:
    """Return a deep copy of an expression."""
    return rewrite(node, lambda part, _: replace_fields(part))


# Blocks ---------------------------------------------------------------------------------------------------------


def blocks(stmt: ast.stmt) -> list[list[ast.stmt]]:
    """Return the statement lists directly inside a statement; none for nested functions and classes."""
    if isinstance(stmt, ast.Assign | ast.Expr | ast.AugAssign | OPAQUE):
        return []
    found = [block for name in ("body", "orelse", "finalbody") if (block := getattr(stmt, name, None))]
    if isinstance(stmt, ast.Try | ast.TryStar):
        found[1:1] = [handler.body for handler in stmt.handlers]
    if isinstance(stmt, ast.Match):
        found = [case.body for case in stmt.cases]
    return found


def map_blocks(stmt: ast.stmt, change: Callable[[list[ast.stmt]], list[ast.stmt]]) -> ast.stmt:
    """Return the statement with every block directly inside it changed; an emptied body becomes ``pass``."""
    if isinstance(stmt, OPAQUE):
        return stmt
    fields: dict[str, Any] = {}

    def body(node: Node) -> Node:
        old = node.body  # type: ignore[attr-defined]  # all callers hand on nodes with a body
        new = _filled(change(old))
        return node if _identical(old, new) else replace_fields(node, body=new)

    for name in ("body", "orelse", "finalbody"):
        if block := getattr(stmt, name, None):
            new = _filled(change(block)) if name == "body" else change(block)
            if not _identical(block, new):
                fields[name] = new
    for name in ("handlers", "cases"):
        if parts := getattr(stmt, name, None):
            changed = [body(part) for part in parts]
            if not _identical(parts, changed):
                fields[name] = changed
    if isinstance(stmt, ast.Try | ast.TryStar) and not stmt.handlers and not fields.get("finalbody", [stmt]):
        fields["finalbody"] = [ast.Pass()]
    return replace_fields(stmt, **fields) if fields else stmt


def _identical(old: Sequence[ast.AST], new: Sequence[ast.AST]) -> bool:
    return len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))


def _filled(block: list[ast.stmt]) -> list[ast.stmt]:
    return block if any(core.remark_text(stmt) is None for stmt in block) else [ast.Pass()]


def all_statements(stmts: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement of a block and of the blocks inside it, in the order of the text."""
    for stmt in stmts:
        yield stmt
        for block in blocks(stmt):
            yield from all_statements(block)


def is_empty(block: Sequence[ast.stmt]) -> bool:
    """Say whether a block does nothing: it holds remarks and ``pass`` alone."""
    return all(isinstance(stmt, ast.Pass) or core.remark_text(stmt) is not None for stmt in block)


def keep(block: Sequence[ast.stmt], kept: Callable[[int], ast.stmt | None]) -> list[ast.stmt]:
    """Rebuild a block from what `kept` returns for each position.

    A remark goes with the paragraph that it heads, of which no more than a ``return`` may be left.
    """
    heads = [i for i, stmt in enumerate(block) if core.remark_text(stmt) is not None]
    out: list[ast.stmt] = []
    start = heads[0] if heads else len(block)
    out += [new for i in range(start) if (new := kept(i)) is not None]
    for head, end in itertools.pairwise([*heads, len(block)]):
        rest = [new for i in range(head + 1, end) if (new := kept(i)) is not None]
        lost = len(rest) < end - head - 1 and all(isinstance(stmt, ast.Return) for stmt in rest)
        if not lost or core.remark_text(block[head]) == "":
            out.append(block[head])
        out += rest
    return out
