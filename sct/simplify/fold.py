"""Algebra that a careful human does without thinking.

In: expressions. Out: the same values with fewer operations: ``1.0 * x``, ``a + -b``, ``2 - 1``. Only operations that
the compiler made (those without a line number) are folded, never the user's, and only so that NaN, infinity and the
sign of zero stay, save that a zero of the compiler's own making is nothing to add.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Container, Sequence

from sct import core
from sct.simplify import effects, order, trees
from sct.simplify.glance import has_made
from sct.simplify.trees import Use

Number = int | float

# f(-x) is -f(x) for these, but for the sign of a sum that is zero.
_ODD = ("numpy.sum", "sct.runtime.unbroadcast", "sct.runtime.as_product", "sct.runtime.spread", "sct.runtime.like")
#: What makes arrays of integers where it is given integers alone.
_OF_INTEGERS = tuple(f"numpy.{name}" for name in ("array", "asarray", "arange", "full"))
_LONG = 1e15  # constants that are longer, or not finite, are left as they were written


def fold(
    stmts: Sequence[ast.stmt],
    zeros: bool = False,
    is_number: Callable[[ast.expr], bool] = lambda _: False,
    whole: Container[str] = (),
    inexact: Container[str] = (),
) -> list[ast.stmt]:
    """Fold every expression of the statements; ``x = x`` goes away.

    ``y = 1.0 * x`` makes a new array and ``y = x`` does not: where the value is kept as it is, that is folded only if
    `is_number` says that x cannot be written in place. Of the names in `whole` the values may be integers, which
    ``1.0 *`` makes floats, as those of the names in `inexact` do: unsigned ones have no negative.
    """
    kept_values = _kept_values(stmts)

    def visit(node: ast.AST, original: ast.AST) -> ast.AST:
        if not isinstance(node, ast.expr) or _makes_floats(node, whole):
            return node
        folded = _node(_without_one(node, whole, inexact), zeros)
        if folded is not node and id(original) in kept_values and _may_share(folded) and not is_number(folded):
            return node
        return folded

    def block(body: Sequence[ast.stmt]) -> list[ast.stmt]:
        def kept(i: int) -> ast.stmt | None:
            if _is_idle(body[i]):
                return None
            return trees.map_blocks(body[i], block) if trees.blocks(body[i]) else body[i]

        return trees.keep(body, kept)

    return block(trees.rewrite_each(stmts, visit, has_made))


def fold_expr(expr: ast.expr, zeros: bool = False) -> ast.expr:
    """Fold one expression. `zeros` lets ``0 * x`` be 0, which is wrong for infinite x."""
    return trees.rewrite(expr, lambda node, _: _node(node, zeros) if isinstance(node, ast.expr) else node)


def _kept_values(stmts: Sequence[ast.stmt]) -> set[int]:
    """The operations whose result something keeps as it is."""
    found: set[int] = set()
    for stmt in filter(has_made, trees.all_statements(stmts)):
        stack = order.uses(stmt)
        while stack:
            use = stack.pop()
            if isinstance(use.node, ast.BinOp | ast.UnaryOp) and not use.fresh:
                found.add(id(use.node))
            stack.extend(order.operands(use))
    return found


def _makes_floats(node: ast.expr, whole: Container[str]) -> bool:
    """Say whether a node is ``1.0 * a``, ``-1.0 * a``, ``a + 0.0`` or ``a / 1``, of an `a` that may be of integers."""
    if not isinstance(node, ast.BinOp) or trees.is_user(node):
        return False
    left, right = number(node.left), number(node.right)
    if isinstance(node.op, ast.Div):
        return right is not None and abs(right) == 1 and _may_be_whole(node.left, whole)
    neutral = {ast.Mult: 1, ast.Add: 0, ast.Sub: 0}.get(type(node.op))
    for value, other in ((left, node.right), (right, node.left)):
        if isinstance(value, float) and abs(value) == neutral:
            return _may_be_whole(other, whole)
    return False


def _without_one(node: ast.expr, whole: Container[str], inexact: Container[str]) -> ast.expr:
    """Return ``a * b`` for ``1.0 * a * b`` and ``a / b`` for ``1.0 * a / b``, if `b` is of floats.

    Signs stay outside: unsigned integers have no negative.
    """
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.Div)) or trees.is_user(node):
        return node
    left, negative = node.left, False
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub) and not trees.is_user(left):
        left, negative = left.operand, True
    if not isinstance(left, ast.BinOp) or not isinstance(left.op, ast.Mult) or not _makes_floats(left, whole):
        return node
    if not _is_inexact(node.right, inexact):
        return node
    one, other = (left.left, left.right) if number(left.left) is not None else (left.right, left.left)
    made = trees.replace_fields(node, left=other)
    return made if _is(one, -1) == negative else ast.UnaryOp(op=ast.USub(), operand=made)


def _is_inexact(expr: ast.expr, inexact: Container[str]) -> bool:
    """Say whether arithmetic is surely of floats: one operand of each operation is."""
    if isinstance(expr, ast.BinOp):
        return _is_inexact(expr.left, inexact) or _is_inexact(expr.right, inexact)
    if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub):
        return _is_inexact(expr.operand, inexact)
    return isinstance(number(expr), float) or isinstance(expr, ast.Name) and expr.id in inexact


def _may_be_whole(expr: ast.expr, whole: Container[str]) -> bool:
    """Say whether a value may be of integers: it is made of nothing but names in `whole` and integers."""
    found = False
    stack: list[ast.AST] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if node.id not in whole and not core.is_ref(node):
                return False
            found = True  # of a global nothing is known
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            return False
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return False
        elif isinstance(node, ast.Call) and core.qualname(node.func) in _ODD:
            stack += node.args[:1]  # the others say what shape it has
        elif isinstance(node, ast.Call) and core.is_ref(node.func):
            stack += node.args
            found = found or core.qualname(node.func) in _OF_INTEGERS
        else:
            stack += ast.iter_child_nodes(node)
    return found


def _may_share(expr: ast.expr) -> bool:
    """Whether a value may share memory with what it is made of, or be a view that nobody may write."""
    stack = [Use(expr)]
    while stack:
        use = stack.pop()
        if not use.fresh and isinstance(use.node, ast.Name):
            return True
        if isinstance(use.node, ast.Call) and core.qualname(use.node.func) in core.READ_ONLY_VIEWS:
            return True
        if not isinstance(use.node, ast.BinOp | ast.UnaryOp | ast.Compare):
            stack.extend(inner for inner in order.operands(use) if not inner.fresh)
    return False


def _is_idle(stmt: ast.stmt) -> bool:
    """Say whether a statement gives a name, or all of an array, what it has: ``x = x``, ``x[...] = x``."""
    match stmt:
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id=whole), slice=ast.Constant(value=value))], value=ast.Name(id=given)
        ) if (value is ...):
            return whole == given and not trees.is_user(stmt)
    name = trees.target_name(stmt)
    if not name or trees.is_user(stmt) or not isinstance(stmt, ast.Assign):
        return False
    return isinstance(stmt.value, ast.Name) and stmt.value.id == name


def _node(node: ast.expr, zeros: bool) -> ast.expr:
    """Fold one node whose operands are folded."""
    if trees.is_user(node):
        return node
    if isinstance(node, ast.Constant):
        value = number(node)
        return node if value is None or math.copysign(1, value) > 0 else constant(value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _negative(node)
    if isinstance(node, ast.Subscript):
        return _member(node)
    if isinstance(node, ast.BinOp):
        known = _constants(node)
        if known is not None:
            return known
        match node.op:
            case ast.Add():
                return _sum(node)
            case ast.Sub():
                return _difference(node)
            case ast.Mult():
                return _product(node, zeros)
            case ast.Div():
                return node.left if _is(node.right, 1) else _unsigned(node)
            case ast.Pow() if _is(node.right, 1):
                return node.left
    return node


def _member(node: ast.Subscript) -> ast.expr:
    """Fold ``(a, b)[1]`` where nothing but a value is lost."""
    at = number(node.slice)
    members = node.value.elts if isinstance(node.value, ast.Tuple) and isinstance(node.ctx, ast.Load) else []
    if not isinstance(at, int) or not -len(members) <= at < len(members):
        return node
    others = [e for i, e in enumerate(members) if i != at % len(members)]
    plain = not isinstance(members[at], ast.Starred) and all(effects.is_pure(e) for e in others)
    return members[at] if plain and not any(isinstance(e, ast.Starred) for e in others) else node


def number(node: ast.expr) -> Number | None:
    """Return the value of a numeric constant, with its sign, None for anything else."""
    sign = 1
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -sign
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return sign * node.value
    return None


def constant(value: Number) -> ast.expr:
    """Return the expression for a number; negative ones are negations."""
    if math.copysign(1, value) < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    return ast.Constant(value=value)


def _is(node: ast.expr, value: int) -> bool:
    return number(node) == value


def _is_own_zero(node: ast.expr) -> bool:
    return not trees.is_user(node) and isinstance(node, ast.Constant) and number(node) == 0


def _constants(node: ast.BinOp) -> ast.expr | None:
    a, b = number(node.left), number(node.right)
    if a is None or b is None or max(abs(a), abs(b)) > _LONG:
        return None
    result: Number
    match node.op:
        case ast.Add():
            result = a + b
        case ast.Sub():
            result = a - b
        case ast.Mult():
            result = a * b
        case ast.Div() if b != 0 and isinstance(a, float) | isinstance(b, float):
            result = a / b
        case _:
            return None
    return constant(result) if abs(result) < _LONG else None


def _negative(node: ast.UnaryOp) -> ast.expr:
    bare = _without_sign(node.operand)
    return bare if bare is not None else node


def _without_sign(node: ast.expr) -> ast.expr | None:
    """Return ``-node`` without a sign where the compiler negated it, a factor of it or what it is the sum of."""
    path: list[ast.expr] = []
    stack = [(node, 0)]
    while stack:
        part, depth = stack.pop()
        del path[depth:]
        if trees.is_user(part):
            continue
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub):
            return _rebuilt(path, part, part.operand)
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult | ast.Div | ast.MatMult):
            path.append(part)
            stack += [(part.right, depth + 1), (part.left, depth + 1)]
        elif isinstance(part, ast.Call) and core.qualname(part.func) in _ODD and part.args:
            path.append(part)
            stack.append((part.args[0], depth + 1))
    return None


def _rebuilt(path: list[ast.expr], old: ast.expr, new: ast.expr) -> ast.expr:
    """Put a new expression in the place of the old one, innermost last on the path."""
    for outer in reversed(path):
        if isinstance(outer, ast.Call):
            changed: ast.expr = trees.replace_fields(outer, args=[new, *outer.args[1:]])
        elif isinstance(outer, ast.BinOp) and outer.left is old:
            changed = trees.replace_fields(outer, left=new)
        else:
            changed = trees.replace_fields(outer, right=new)
        old, new = outer, changed
    return new


def _sum(node: ast.BinOp) -> ast.expr:
    if _is_own_zero(node.left):
        return node.right
    if _is_own_zero(node.right):
        return node.left
    bare = _without_sign(node.right)
    return trees.replace_fields(node, op=ast.Sub(), right=bare) if bare is not None else node


def _difference(node: ast.BinOp) -> ast.expr:
    if _is_own_zero(node.right):
        return node.left
    if _is_own_zero(node.left):
        return _negative(ast.UnaryOp(op=ast.USub(), operand=node.right))
    bare = _without_sign(node.right)
    return trees.replace_fields(node, op=ast.Add(), right=bare) if bare is not None else node


def _product(node: ast.BinOp, zeros: bool) -> ast.expr:
    left, right = node.left, node.right
    for one, other in ((left, right), (right, left)):
        if _is(one, 1):
            return other
        if _is(one, -1):
            return _negative(ast.UnaryOp(op=ast.USub(), operand=other))
        if zeros and number(one) == 0 and effects.is_pure(other):
            return one
        if _is_reciprocal(one):
            assert isinstance(one, ast.BinOp)
            return trees.replace_fields(node, op=ast.Div(), left=other, right=one.right)
    return _unsigned(node)


def _unsigned(node: ast.BinOp) -> ast.expr:
    """Return ``a * b`` for ``-a * -b``, and ``a / b`` for ``-a / -b``."""
    left = _without_sign(node.left)
    right = _without_sign(node.right) if left is not None else None
    return node if left is None or right is None else trees.replace_fields(node, left=left, right=right)


def _is_reciprocal(node: ast.expr) -> bool:
    """Whether an expression is the compiler's own ``1 / b``."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div) or trees.is_user(node):
        return False
    return _is(node.left, 1)
