"""The order in which Python evaluates things.

In: an expression or a statement. Out: the expressions directly inside it, in the order of their evaluation, each with
what its place makes of it: whether it is evaluated exactly once, and whether anything keeps its value.
"""

from __future__ import annotations

import ast

from sct import core
from sct.analysis import purity
from sct.simplify.trees import Use
from sct.walk import children

_OF_MEMBERS = tuple(f"builtins.{name}" for name in ("list", "tuple", "sorted", "reversed", "map", "zip"))


def operands(use: Use) -> list[Use]:
    """Return the sub-expressions directly inside an expression, in the order of their evaluation."""
    node, once, fresh = use
    kind = node.__class__
    if kind is ast.Name or kind is ast.Constant:  # three of four
        return []
    if isinstance(node, ast.BinOp):
        left, right = node.left, node.right
        return [Use(left, once, fresh or not _is_display(left)), Use(right, once, fresh or not _is_display(right))]
    if isinstance(node, ast.Call):
        return _call_operands(node, once, fresh)
    match node:
        case ast.UnaryOp():
            return [Use(node.operand, once, True)]
        case ast.Compare():
            rest = [Use(c, False, True) for c in node.comparators[1:]]
            return [Use(node.left, once, True), Use(node.comparators[0], once, True), *rest]
        case ast.BoolOp():
            return [Use(value, once and i == 0, fresh) for i, value in enumerate(node.values)]
        case ast.IfExp():
            return [Use(node.test, once, True), Use(node.body, False, fresh), Use(node.orelse, False, fresh)]
        case ast.Subscript():
            return [Use(node.value, once, fresh), Use(node.slice, once, True)]
        case ast.Slice():
            return [Use(part, once, True) for part in (node.lower, node.upper, node.step) if part]
        case ast.Attribute():
            return [Use(node.value, once, fresh or purity.attribute_is_fresh(node))]
        case ast.Tuple() | ast.List() | ast.Set():
            return [Use(item, once, fresh) for item in node.elts]
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return [Use(part, once, fresh) for pair in pairs for part in pair if part]
        case ast.Starred():
            return [Use(node.value, once, fresh)]
        case ast.NamedExpr():
            return [Use(node.value, once, False)]
    return _other_operands(node)


def _is_display(node: ast.expr) -> bool:
    """Say whether an operand is a list that is written out: joined or repeated, it still holds its members."""
    if node.__class__ is ast.Name or node.__class__ is ast.Constant:
        return False
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.BinOp):
            stack += (part.left, part.right)
        elif isinstance(part, ast.List | ast.Tuple):
            return True
    return False


def _holds_members(node: ast.expr) -> bool:
    """Say whether a list that grows by a value keeps the members of that."""
    called = core.qualname(node.func) if isinstance(node, ast.Call) else ""
    return _is_display(node) or called in _OF_MEMBERS or isinstance(node, (ast.ListComp, ast.GeneratorExp))


def _call_operands(node: ast.Call, once: bool, fresh: bool) -> list[Use]:
    pure = purity.call_effect(node) == purity.PURE
    inner = pure and (fresh or purity.makes_fresh(node))
    rest = inner or (pure and purity.shares_first_only(node))
    arguments = [Use(value, once, rest) for value in (*node.args, *(k.value for k in node.keywords))]
    if core.is_ref(node.func):
        return [Use(use.node, once, inner) if i == 0 else use for i, use in enumerate(arguments)]
    if isinstance(node.func, ast.Attribute):
        return [Use(node.func.value, once, inner), *arguments]
    return [Use(node.func, once, False), *arguments]


def _other_operands(node: ast.expr) -> list[Use]:
    """Comprehensions, lambdas, f-strings and the like: nothing may move into them but a first iterable."""
    found: list[Use] = []
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        parts: list[ast.AST] = [*node.generators]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    else:
        parts = list(children(node))
    while parts:
        part = parts.pop(0)
        if isinstance(part, ast.expr):
            found.append(Use(part, False, False))
        else:
            parts[:0] = children(part)
    return found


def uses(stmt: ast.stmt) -> list[Use]:
    """Return the expressions that a statement itself evaluates, in order; those of its blocks are not its own."""
    if isinstance(stmt, ast.Assign):
        if len(stmt.targets) == 1 and stmt.targets[0].__class__ is ast.Name:
            return [Use(stmt.value)]
        return [Use(stmt.value), *(use for target in stmt.targets for use in _target(target))]
    match stmt:
        case ast.AugAssign():
            return [*_target(stmt.target), Use(stmt.value, True, not _holds_members(stmt.value))]
        case ast.AnnAssign():
            return [*([Use(stmt.value)] if stmt.value else []), *_target(stmt.target)]
        case ast.Expr():
            return [Use(stmt.value)]
        case ast.Return():
            return [Use(stmt.value)] if stmt.value else []
        case ast.If():
            return [Use(stmt.test, True, True)]
        case ast.While():
            return [Use(stmt.test, False, True)]
        case ast.For():
            return [Use(stmt.iter), *(use._replace(once=False) for use in _target(stmt.target))]
        case ast.With():
            contexts = [Use(item.context_expr, i == 0) for i, item in enumerate(stmt.items)]
            return contexts + [use for item in stmt.items if item.optional_vars for use in _target(item.optional_vars)]
        case ast.Assert():
            return [Use(stmt.test, True, True), *([Use(stmt.msg, False)] if stmt.msg else [])]
        case ast.Raise():
            return [Use(part) for part in (stmt.exc, stmt.cause) if part]
        case ast.Delete():
            return [use for target in stmt.targets for use in _target(target)]
        case ast.Match():
            return [Use(stmt.subject)]
    return []


def _target(node: ast.expr) -> list[Use]:
    """The expressions evaluated to find where a value goes; nothing moves into the object that is written."""
    match node:
        case ast.Subscript():
            return [Use(node.value, False), Use(node.slice, True, True)]
        case ast.Attribute() | ast.Starred():
            return [Use(node.value, False)] if isinstance(node, ast.Attribute) else _target(node.value)
        case ast.Tuple() | ast.List():
            return [use for item in node.elts for use in _target(item)]
    return []
