"""Constant factors where a person would put them: in front of a product, once, and on what is small.

In: a function's statements. Out: the same with the numbers of each product that the compiler wrote in front of it as
one, ``2 * x * (0.5 * y_bar)`` as ``1.0 * x * y_bar``, outside what sums, ``-0.5 * np.sum(a_bar)``, and on the products
and sums that an adjoint goes into where it goes into nothing else. Values change by rounding alone.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Sequence

from sct import core
from sct.simplify import effects, trees
from sct.simplify.fold import constant, number
from sct.simplify.glance import has_made

_MOST_TERMS = 12
_LONGEST = 6  # characters of a number that terms together have
_MOST, _LEAST = 1e15, 1e-15  # numbers beyond are left where they are

#: Calls that are linear in their first argument and whose results are no larger.
_SUMS = frozenset(
    ["numpy.sum", "numpy.expand_dims"]
    + [f"sct.runtime.{name}" for name in ("unbroadcast", "as_product", "matmul_bar_left", "matmul_bar_right")]
)


def factor(stmts: Sequence[ast.stmt], hand_on: bool = False) -> list[ast.stmt]:
    """Bring constant factors to the front; `hand_on` lets adjoints go without theirs to what sums or multiplies them.

    Signs cancel as expressions come together: those that are left are handed on last.
    """
    led = trees.rewrite_each(stmts, lambda node, _: _visit(node), has_made)
    return _handed_on(led) if hand_on else led


def _visit(node: ast.AST) -> ast.AST:
    """Bring the numbers in a node, of whose operands they stand in front, in front of it."""
    if trees.is_user(node):
        return node
    if isinstance(node, ast.AugAssign) or isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return _sum(node)
    if isinstance(node, ast.Assign):
        return _copied(node)
    if not isinstance(node, ast.expr):
        return node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _product(node)
    if isinstance(node, ast.Call) and core.qualname(node.func) in _SUMS and node.args:
        first, found = _led(node.args[0]), [1.0]
        args = [node.args[0] if first is None else first[1], *node.args[1:]]
        if core.qualname(node.func).endswith("matmul_bar_right"):
            second = _led(args[1], users=True)
            if second is not None:
                args[1] = second[1]
                found.append(second[0])
        if first is not None:
            found.append(first[0])
        whole = _times(*found[1:]) if len(found) > 1 else None
        return node if whole is None or whole == 1 else _led_by(whole, trees.replace_fields(node, args=args))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and number(node) is None:
        led = _led(node.operand)
        bare = _unsigned(node.operand)
        if bare is not None:
            return bare
        return node if led is None or led[0] < 0 else _led_by(-led[0], led[1])
    if isinstance(node, ast.Attribute) and node.attr == "T":
        led = _led(node.value) or _negated(node.value)
        return node if led is None else _led_by(led[0], trees.replace_fields(node, value=led[1]))
    return node


def _copied(node: ast.Assign) -> ast.Assign:
    """Return ``d_bar = 1.0 * d`` for ``d_bar = 2 * d * 0.5``: it is an array of its own, and of floats."""
    value, above, below = _split(node.value)
    if value != 1 or len(above) != 1 or below or not trees.is_local(above[0]) or not isinstance(node.value, ast.BinOp):
        return node
    if trees.is_user(node.value):
        return node
    return trees.replace_fields(node, value=ast.BinOp(left=ast.Constant(value=1.0), op=ast.Mult(), right=above[0]))


def _sum(node: ast.AugAssign | ast.BinOp) -> ast.AST:
    """Subtract what a negative number is in front of, rather than add it."""
    place = "value" if isinstance(node, ast.AugAssign) else "right"
    added = getattr(node, place)
    led = _led(added) if isinstance(node.op, ast.Add | ast.Sub) else None
    negated = _negated(added)
    bare = _led_by(-led[0], led[1]) if led is not None and led[0] < 0 else _unsigned(added)
    bare = bare if bare is not None or negated is None else negated[1]
    if bare is None or not isinstance(node.op, ast.Add | ast.Sub):
        return collect(node) if isinstance(node, ast.BinOp) else node
    op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    return trees.replace_fields(node, **{"op": op, place: bare})


def _unsigned(expr: ast.expr) -> ast.expr | None:
    """Return a product of which the first factor has a sign without it: ``k * y_bar`` for ``-k * y_bar``."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult) and not trees.is_user(expr):
        first = expr.left
        if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub) and number(first) is None:
            return trees.replace_fields(expr, left=first.operand)
        bare = _unsigned(first)
        return trees.replace_fields(expr, left=bare) if bare is not None else None
    return None


def _product(node: ast.BinOp) -> ast.expr:
    right = number(node.right)
    led = (right, None) if right is not None else _led(node.right)
    if led is None:
        return node
    alone = number(node.left)
    own = _led(node.left) if alone is None else (alone, None)
    factor, left = own if own is not None else (1, node.left)
    whole = _times(factor, led[0])
    if whole is None or left is None and led[1] is None:
        return node
    if right is not None and own is None and abs(right) == 1:
        return ast.BinOp(left=node.right, op=node.op, right=node.left)
    rest = led[1] if left is None else left if led[1] is None else _joined(left, led[1])
    assert rest is not None
    if abs(whole) == 1 and not _is_new_float(rest):
        return node
    return _led_by(whole, rest)


def _is_new_float(expr: ast.expr) -> bool:
    """Say whether an expression surely makes a value of its own that is no integer: the number in front may go."""
    bare = expr.value if isinstance(expr, ast.Attribute) and expr.attr == "T" else expr
    called = core.qualname(bare.func) if isinstance(bare, ast.Call) else ""
    new = isinstance(bare, ast.BinOp) or called == "numpy.sum" or called.startswith("sct.runtime.matmul_bar")
    if not new or trees.is_user(expr):
        return False
    stack: list[ast.expr] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return True
        if isinstance(node, ast.Name) and node.id.endswith("_bar") or isinstance(number(node), float):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            stack += [node.left, node.right]
        elif isinstance(node, ast.UnaryOp):
            stack.append(node.operand)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            stack.append(node.value)
        elif isinstance(node, ast.Call) and core.qualname(node.func) in _SUMS:
            stack.append(node.args[0])
    return False


def _joined(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the product of two expressions, where the second may be ``1 / b``."""
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Div) and number(right.left) == 1:
        return ast.BinOp(left=left, op=ast.Div(), right=right.right)
    return ast.BinOp(left=left, op=ast.Mult(), right=right)


def _led(expr: ast.expr, users: bool = False) -> tuple[float, ast.expr] | None:
    """Return the number in front of a product and the rest of it; `users` looks into the user's own as well.

    There only floats count: a list times an integer is a longer list.
    """
    if trees.is_user(expr) and not users:
        return None
    if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub) and number(expr) is None:
        inner = _led(expr.operand)
        return (-inner[0], inner[1]) if inner is not None else None
    if not isinstance(expr, ast.BinOp) or not isinstance(expr.op, ast.Mult | ast.Div):
        return None
    value = number(expr.left)
    if value is not None:
        if isinstance(expr.op, ast.Mult):
            apart = number(expr.right) is None and abs(value) != 1  # 1.0 * x is an array of its own, of floats
            return (value, expr.right) if apart and (isinstance(value, float) or not users) else None
        return (value, ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=expr.right)) if value != 1 else None
    inner = _led(expr.left, users)
    if inner is None or isinstance(inner[1], ast.BinOp) and _is_inverse(inner[1]):
        return None
    return inner[0], trees.replace_fields(expr, left=inner[1])


def _is_inverse(expr: ast.BinOp) -> bool:
    return isinstance(expr.op, ast.Div) and number(expr.left) == 1


def _times(*factors: float) -> float | None:
    """Return the product of numbers, None where it is not fit to be written."""
    whole = 1.0
    for value in factors:
        whole = value if whole == 1 else -whole if value == -1 else whole if value == 1 else whole * value
    short = len(repr(whole)) <= sum(len(repr(f)) for f in factors)
    return whole if short and (_LEAST < abs(whole) < _MOST) else None


def _led_by(value: float, expr: ast.expr) -> ast.expr:
    """Return a number times a product, in front of its first factor."""
    if value == 1:
        return expr
    if value == -1:
        return ast.UnaryOp(op=ast.USub(), operand=expr)
    path: list[ast.BinOp] = []
    while isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult | ast.Div) and not trees.is_user(expr):
        if _is_inverse(expr):
            expr = trees.replace_fields(expr, left=constant(value))
            break
        path.append(expr)
        expr = expr.left
    else:
        expr = ast.BinOp(left=constant(value), op=ast.Mult(), right=expr)
    for outer in reversed(path):
        expr = trees.replace_fields(outer, left=expr)
    return expr


def collect(expr: ast.expr) -> ast.expr:
    """Return a sum with terms that are equal but for their numbers as one: ``2 * x * y`` for ``x * y + y * x``."""
    terms = _terms(expr)
    if not 1 < len(terms) <= _MOST_TERMS:
        return expr
    out: list[tuple[float, ast.expr]] = []
    places: dict[object, int] = {}
    for sign, term in terms:
        value, above, below = _split(term)
        key = tuple(sorted(map(ast.dump, above))), tuple(sorted(map(ast.dump, below)))
        place = places.setdefault(key, len(out))
        if place < len(out):
            first, above, below = _split(out[place][1])
            whole = _whole(out[place][0] * first + sign * value, _quotient(above, below))
            if whole is not None:
                out[place] = whole
                continue
        out.append((sign, term))
    return expr if len(out) == len(terms) else _total(out)


def _whole(value: float, rest: ast.expr) -> tuple[float, ast.expr] | None:
    """Return the sign and the rest of a term, None where its number may not go or is not fit to be written."""
    if not _LEAST < abs(value) < _MOST or len(repr(value)) > _LONGEST or abs(value) == 1 and not _is_new_float(rest):
        return None
    return (1 if value > 0 else -1), _led_by(abs(value), rest)


def _terms(expr: ast.expr) -> list[tuple[int, ast.expr]]:
    """Return the terms of a sum that the compiler wrote, with their signs."""
    out: list[tuple[int, ast.expr]] = []
    stack = [(1, expr)]
    while stack:
        sign, node = stack.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and not trees.is_user(node):
            stack += [(sign if isinstance(node.op, ast.Add) else -sign, node.right), (sign, node.left)]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not trees.is_user(node):
            stack.append((-sign, node.operand))
        else:
            out.append((sign, node))
    return out


def _split(term: ast.expr) -> tuple[float, list[ast.expr], list[ast.expr]]:
    """Return the number of a product, its other factors, and what it is divided by."""
    value: float = 1
    above: list[ast.expr] = []
    below: list[ast.expr] = []
    stack = [term]
    while stack:
        node = stack.pop()
        given = number(node)
        if given is not None:
            value *= given
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            stack += [node.right, node.left]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            stack.append(node.left)
            below.append(node.right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = -value
            stack.append(node.operand)
        else:
            above.append(node)
    return value, above, below


def _quotient(above: Sequence[ast.expr], below: Sequence[ast.expr]) -> ast.expr:
    whole, *rest = above or [ast.Constant(value=1)]
    for factor_ in rest:
        whole = ast.BinOp(left=whole, op=ast.Mult(), right=factor_)
    for divisor in below:
        whole = ast.BinOp(left=whole, op=ast.Div(), right=divisor)
    return whole


def _total(terms: Sequence[tuple[float, ast.expr]]) -> ast.expr:
    (sign, whole), *rest = terms
    if sign < 0:
        led = _led(whole)
        whole = ast.UnaryOp(op=ast.USub(), operand=whole) if led is None else _led_by(-led[0], led[1])
    for sign, term in rest:
        whole = ast.BinOp(left=whole, op=ast.Add() if sign > 0 else ast.Sub(), right=term)
    return whole


def _handed_on(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Multiply what an adjoint goes into rather than the adjoint, where that leaves no more numbers to multiply by."""
    names = [node for stmt in stmts for node in trees.walk(stmt) if isinstance(node, ast.Name)]
    reads = Counter(n.id for n in names if isinstance(n.ctx, ast.Load))
    stores = Counter(n.id for n in names if not isinstance(n.ctx, ast.Load))
    numbers = [n.id[1:].split("_")[0] for n in names if n.id[:1] == "%"]
    fresh = itertools.count(1 + max((int(n) for n in numbers if n.isdigit()), default=0))

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        out = [trees.map_blocks(stmt, block) for stmt in body]
        summed = Counter(n for s in out if not trees.blocks(s) for n in _summed(s))
        for position, stmt in enumerate(out):
            name = trees.target_name(stmt)
            if isinstance(stmt, ast.Assign) and summed[name] == reads[name] > 1 and stores[name] == 1:
                led = _led(stmt.value) or _negated(stmt.value)
                if led is not None and effects.stays(led[1], out[position + 1 :]):
                    bare = f"%{next(fresh)}_bar"
                    changed = [
                        _without(stmt, bare, led[1]),
                        *(_reading(s, name, led[0], bare) for s in out[position + 1 :]),
                    ]
                    if _weight(changed) <= _weight(out[position:]):
                        out[position:] = changed
        return out

    return block(stmts)


def _weight(stmts: Sequence[ast.stmt]) -> int:
    """Return how many numbers and signs the compiler wrote."""
    nodes = (node for stmt in stmts for node in trees.walk(stmt) if not trees.is_user(node))
    return sum(isinstance(node, ast.USub) or isinstance(node, ast.Constant) for node in nodes)


def _without(stmt: ast.Assign, bare: str, value: ast.expr) -> ast.Assign:
    return trees.replace_fields(stmt, targets=[ast.Name(id=bare, ctx=ast.Store())], value=value)


def _reading(stmt: ast.stmt, name: str, value: float, bare: str) -> ast.stmt:
    """Return a statement in which what sums or multiplies the value of `name` does so with `bare`, times a number."""
    return trees.rewrite(stmt, lambda node, _: _visit(_read(node, name, value, bare)))


def _negated(expr: ast.expr) -> tuple[float, ast.expr] | None:
    if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub) and not trees.is_user(expr):
        return -1, expr.operand
    return None


def _summed(stmt: ast.stmt) -> list[str]:
    """Return the names of which a statement sums or multiplies the value, once for each time."""
    calls = (node for node in trees.walk(stmt) if isinstance(node, ast.Call) and not trees.is_user(node))
    firsts = (call.args[0] for call in calls if core.qualname(call.func) in _SUMS and call.args)
    return [first.id for first in firsts if isinstance(first, ast.Name)]


def _read(node: ast.AST, name: str, value: float, bare: str) -> ast.AST:
    if isinstance(node, ast.Call) and core.qualname(node.func) in _SUMS and node.args:
        first = node.args[0]
        if isinstance(first, ast.Name) and first.id == name:
            return _led_by(value, trees.replace_fields(node, args=[ast.Name(id=bare, ctx=ast.Load()), *node.args[1:]]))
    return node
