"""What is taken from a list inside an expression, as a statement of its own, so that reverse mode can put it back.

In: a statement. Out: the same statement, after ``t = xs.pop()`` for each ``xs.pop()`` that is surely evaluated once.
What an index in a place binds or puts into a dict, ``a[(k := f(x))] = y``, gets a statement of its own too.
"""

from __future__ import annotations

import ast

from sct import core
from sct.frontend.evaluation import parts, rebuilt, statement_parts
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.walk import walk

#: What evaluates its parts several times, later, or anew for each trip.
_CLOSED = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def taken(expr: ast.AST) -> bool:
    """Say whether an expression takes a member out of a variable: ``xs.pop()``, ``xs.pop(0)``, ``d.pop("a", 1)``."""
    if not isinstance(expr, ast.Call) or expr.keywords or len(expr.args) > 2:
        return False
    func = expr.func
    return (
        isinstance(func, ast.Attribute)
        and func.attr == "pop"
        and isinstance(func.value, ast.Name)
        and not core.is_ref(func.value)
    )


def _acts(expr: ast.AST) -> bool:
    """Say whether an expression binds a name, or puts something into a dict."""
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
        return expr.func.attr == "setdefault"
    return isinstance(expr, ast.NamedExpr)


def with_pops(stmt: ast.stmt, fresh: Fresh) -> Block:
    """Return a statement with what is popped in it taken out; itself alone where nothing is."""
    whole = stmt.value if isinstance(stmt, (ast.Assign, ast.Expr)) else None
    pieces = [] if isinstance(stmt, ast.While) else statement_parts(stmt)
    places = [p.node for p in pieces if p.field in ("target", "targets")]
    placed = any(_acts(n) for place in places for n in walk(place))
    takes = any(taken(n) for p in pieces if p.node is not whole or not taken(whole) for n in walk(p.node))
    if not placed and not takes:
        return [stmt]
    before: Block = []

    def visit(expr: ast.expr, out: Block | None) -> ast.expr:
        if out is None or isinstance(expr, _CLOSED):
            return expr
        if placed and isinstance(expr, ast.NamedExpr):
            value = visit(expr.value, out)
            out.append(ast.copy_location(assign(expr.target.id, value), stmt))
            return load(expr.target.id)
        if (taken(expr) or placed and _acts(expr)) and expr is not whole:
            name = fresh.temporary()
            out.append(ast.copy_location(assign(name, rebuilt(expr, parts(expr), visit, out, fresh.temporary)), stmt))
            return load(name)
        return rebuilt(expr, parts(expr), visit, out, fresh.temporary)

    plain = rebuilt(stmt, pieces, visit, before, fresh.temporary)
    return [*before, plain]
