"""What nobody needs goes away.

In: a function's statements. Out: the same without assignments, adjoint buffers, tapes, branches and loops on which
neither the result nor any effect depends, and without the remarks of paragraphs that are left empty.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from sct import core
from sct.simplify import effects, liveness, needs, tapes, trees

_ROUNDS = 6


def prune(
    stmts: Sequence[ast.stmt],
    live_out: frozenset[str] = frozenset(),
    removable: Callable[[str], bool] = lambda name: True,
    user: bool = False,
    parameters: frozenset[str] | None = None,
    members: Callable[[str], bool] = lambda name: True,
    plain: bool = False,
) -> list[ast.stmt]:
    """Remove what is dead.

    `live_out` are the names read after the statements (by no ``return`` among them). Only names for which
    `removable` holds lose assignments, and only statements of the compiler's own go, unless `user`. What writes the
    memory of `parameters` stays, because the caller sees it; without them every name that is not plainly the
    function's own is taken for one. `members` says of which names the values may be lists or other
    containers, where the statements do not show it. `plain` says that the compiler's own arithmetic is never on
    lists.
    """
    if not effects.is_straightforward(stmts):
        return list(stmts)

    def may_go(stmt: ast.stmt, name: str) -> bool:
        own = user or not trees.is_user(stmt) or core.is_temporary(name)
        return own and (not name or removable(name))

    body = list(stmts)
    for _ in range(_ROUNDS):
        kept = needs.needed(body, live_out, parameters, may_go, members, plain)
        smaller = _by_need(body, kept)
        gone = liveness.dead(smaller, live_out, may_go)
        smaller = _by_liveness(smaller, gone, may_go)
        if smaller == body:
            break
        body = smaller
    return body


def _by_need(stmts: Sequence[ast.stmt], kept: set[tuple[int, int]]) -> list[ast.stmt]:
    def statement(stmt: ast.stmt) -> ast.stmt | None:
        if isinstance(stmt, ast.Pass) or core.remark_text(stmt) is not None:
            return stmt
        if assigned := tapes.parts(stmt):
            return _some_parts(stmt, [i for i in range(len(assigned)) if (id(stmt), i) in kept], len(assigned))
        if (id(stmt), 0) not in kept:
            return None
        if isinstance(stmt, ast.If | ast.For | ast.While | ast.With):
            return _tidy(stmt, trees.map_blocks(stmt, block))
        return stmt

    def block(body: list[ast.stmt]) -> list[ast.stmt]:
        return trees.keep(body, lambda i: statement(body[i]))

    return block(list(stmts))


def _by_liveness(stmts: Sequence[ast.stmt], gone: set[tuple[int, int]], may_go: needs.Removable) -> list[ast.stmt]:
    def statement(stmt: ast.stmt) -> ast.stmt | None:
        if assigned := tapes.parts(stmt):
            return _some_parts(stmt, [i for i in range(len(assigned)) if (id(stmt), i) not in gone], len(assigned))
        if not isinstance(stmt, ast.If | ast.For | ast.While):
            return stmt
        new = trees.map_blocks(stmt, block)
        assert isinstance(new, ast.If | ast.For | ast.While)
        if may_go(stmt, "") and trees.is_empty(new.body) and trees.is_empty(new.orelse):
            if isinstance(stmt, ast.If) and effects.is_pure(stmt.test):
                return None
            if isinstance(stmt, ast.For) and effects.is_pure(stmt.iter) and (id(stmt), -1) in gone:
                return None
        return _tidy(stmt, new)

    def block(body: list[ast.stmt]) -> list[ast.stmt]:
        return trees.keep(body, lambda i: statement(body[i]))

    return block(list(stmts))


def _some_parts(stmt: ast.stmt, survivors: list[int], number: int) -> ast.stmt | None:
    """An assignment of several names with those that survive."""
    if len(survivors) == number:
        return stmt
    if not survivors:
        return None
    assert isinstance(stmt, ast.Assign)
    assert isinstance(stmt.targets[0], ast.Tuple)
    assert isinstance(stmt.value, ast.Tuple)
    targets = [stmt.targets[0].elts[i] for i in survivors]
    values = [stmt.value.elts[i] for i in survivors]
    if len(survivors) == 1:
        return trees.replace_fields(stmt, targets=targets, value=values[0])
    target = trees.replace_fields(stmt.targets[0], elts=targets)
    return trees.replace_fields(stmt, targets=[target], value=trees.replace_fields(stmt.value, elts=values))


def _tidy(old: ast.stmt, new: ast.stmt) -> ast.stmt:
    """Return the statement without an empty ``else``, and with its ``else`` for its body where that is empty."""
    if isinstance(new, ast.If | ast.For | ast.While) and new.orelse and trees.is_empty(new.orelse):
        new = trees.replace_fields(new, orelse=[])
    if not isinstance(new, ast.If) or not isinstance(old, ast.If) or not new.orelse:
        return new
    if trees.is_empty(new.body) and not trees.is_empty(old.body):
        return trees.replace_fields(new, test=_negated(new.test), body=new.orelse, orelse=[])
    return new


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(op=ast.Not(), operand=test)
