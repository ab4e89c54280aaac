"""Contributions to one adjoint into one assignment, where that reads better.

In: a reverse sweep that writes ``x_bar = x_bar + B`` for each contribution. Out: the same sums in the same order,
those within one paragraph joined up to the length of a line, and no zero that is at once added to or overwritten.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from sct import core
from sct.simplify import effects, needs, trees
from sct.simplify.effects import Alias, Effects
from sct.simplify.factors import collect
from sct.simplify.timeline import Timeline

_LONGEST = 70
_MOST_NODES = 60


def merge_adjoints(
    stmts: Sequence[ast.stmt],
    alias: Alias | None = None,
    unshared: Callable[[ast.expr], bool] | bool = False,
    is_zero: Callable[[ast.expr], bool] | None = None,
    longest: int = _LONGEST,
    parameters: frozenset[str] | None = None,
    members: Callable[[str], bool] = lambda name: True,
    plain: bool = False,
) -> list[ast.stmt]:
    """Join assignments to one adjoint inside every block.

    `unshared` says which expressions make something that nothing else shares memory with: only those may take the
    place of a zero that they were added to. `is_zero` knows zeros other than 0.0 whose shape and dtype the
    contributions are known to have. The statements must be the compiler's own; a remark ends the reach. For
    `alias` see `renest`, for the rest see `prune`.
    """
    alias = needs.inferred_alias(stmts, alias, parameters, members, plain)
    alone = unshared if callable(unshared) else (lambda _: bool(unshared))
    zero = is_zero or (lambda _: False)

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        return _Merger(alias, alone, zero, longest).run([trees.map_blocks(stmt, block) for stmt in body])

    return block(stmts)


class _Merger:
    def __init__(
        self,
        alias: Alias | None,
        alone: Callable[[ast.expr], bool],
        zero: Callable[[ast.expr], bool],
        longest: int,
    ) -> None:
        self._timeline = Timeline(alias)
        self._alone, self._zero, self._longest = alone, zero, longest
        self._open: dict[str, tuple[int, int, ast.Assign, set[str]]] = {}
        self._paragraph = 0

    def run(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the block with its assignments joined."""
        new: list[ast.stmt | None] = list(body)
        for position, stmt in enumerate(body):
            if core.remark_text(stmt) is not None:
                self._paragraph += 1
                continue
            found = effects.statement(stmt)
            name = trees.target_name(stmt)
            if name in self._open and isinstance(stmt, ast.Assign) and not trees.is_user(stmt):
                joined = self._joined(name, stmt, found)
                if joined is not None:
                    new[self._open[name][0]] = None
                    new[position] = stmt = joined
                    found = effects.statement(stmt)
            self._close(found)
            self._timeline.record(position, found)
            if name and isinstance(stmt, ast.Assign) and not trees.is_user(stmt) and effects.is_pure(stmt.value):
                self._open[name] = (position, self._paragraph, stmt, effects.expression(stmt.value).reads)
        return trees.keep(body, lambda i: new[i])

    def _close(self, found: Effects) -> None:
        """Whatever else reads or binds an adjoint sees what it was: nothing joins across that."""
        if found.ordered or found.anything:
            self._open.clear()
        for name in found.reads | found.binds | found.writes:
            self._open.pop(name, None)

    def _joined(self, name: str, stmt: ast.Assign, found: Effects) -> ast.Assign | None:
        position, paragraph, before, reads = self._open[name]
        if name not in found.reads:
            # The first value is overwritten before anything reads it.
            return stmt if self._is_zero(before.value) else None
        added = _contribution(stmt.value, name)
        if added is None or found.binds != {name} or not effects.is_pure(stmt.value) or name in effects.names(added):
            return None
        if self._is_zero(before.value):
            return trees.replace_fields(stmt, value=added) if self._alone(added) else None
        if paragraph != self._paragraph or self._timeline.disturbed(position, reads):
            return None
        whole = trees.replace_fields(stmt, value=collect(_sum(before.value, added)))
        return whole if self._is_readable(whole) else None

    def _is_zero(self, value: ast.expr) -> bool:
        bare = isinstance(value, ast.Constant) and type(value.value) in (int, float) and value.value == 0
        return (bare or self._zero(value)) and not trees.is_user(value)

    def _is_readable(self, stmt: ast.Assign) -> bool:
        for number, _ in enumerate(trees.walk(stmt)):
            if number > _MOST_NODES:
                return False
        return len(trees.target_name(stmt)) + 3 + len(_spelled(stmt.value)) <= self._longest


def _contribution(value: ast.expr, name: str) -> ast.expr | None:
    """Return B of ``name + B``, and -B of ``name - B``."""
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and value.left.id == name:
        if isinstance(value.op, ast.Add):
            return value.right
        if isinstance(value.op, ast.Sub):
            return ast.UnaryOp(op=ast.USub(), operand=value.right)
    return None


def _sum(first: ast.expr, added: ast.expr) -> ast.expr:
    if isinstance(added, ast.UnaryOp) and isinstance(added.op, ast.USub) and not trees.is_user(added):
        return ast.BinOp(left=first, op=ast.Sub(), right=added.operand)
    return ast.BinOp(left=first, op=ast.Add(), right=added)


def _spelled(expr: ast.expr) -> str:
    """Return about the text that an expression will print as."""

    def visit(node: ast.AST, _: ast.AST) -> ast.AST:
        if not core.is_ref(node):
            return node
        return ast.Name(id=core.spelling(node) or "np." + core.qualname(node).rpartition(".")[2], ctx=ast.Load())

    return ast.unparse(trees.rewrite(expr, visit))
