"""Walks through syntax trees that many passes share, several times as fast as those of the module ``ast``.

In: trees. Out: their nodes, without the contexts of names and without operators, which no pass looks for as nodes.
"""

from __future__ import annotations

import ast
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)

#: Fields that never hold nodes, or hold contexts and operators.
_PLAIN = frozenset(
    "ctx op ops id attr arg name asname kind type_comment module level simple is_async conversion rest kwd_attrs tag "
    "lineno".split()
)
_NO_CHILDREN = (ast.Constant, ast.Global, ast.Nonlocal, ast.MatchSingleton, ast.expr_context, ast.operator)
_GAPS = (ast.Dict, ast.arguments)  # their lists hold None where something is left out


_NAME, _CONSTANT, _BINOP, _CALL = ast.Name, ast.Constant, ast.BinOp, ast.Call  # looked up faster than in the module


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of a kind of node that may hold nodes, found out when they are first asked for."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        if issubclass(kind, ast.AST) and not issubclass(kind, _NO_CHILDREN):
            nodes = ("name",) if kind.__name__ == "TypeAlias" else ()  # a name there is an expression
            names = tuple(name for name in kind._fields if name in nodes or name not in _PLAIN)
        self[kind] = names
        return names


FIELDS = _Fields()


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly inside a node."""
    found: list[ast.AST] = []
    for name in FIELDS[node.__class__]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += value if node.__class__ not in _GAPS else [child for child in value if child is not None]
        elif value is not None:
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """Return `node` and all nodes below it, level by level as ``ast.walk`` does."""
    found: list[Any] = [node]
    for part in found:  # it grows on the way
        kind = part.__class__
        if kind is _NAME or kind is _CONSTANT:  # half of all nodes
            continue
        if kind is _BINOP:
            found += (part.left, part.right)
            continue
        if kind is _CALL:
            found.append(part.func)
            found += part.args
            found += part.keywords
            continue
        for name in FIELDS[kind]:
            value = getattr(part, name, None)
            if value.__class__ is list:
                found += value if kind not in _GAPS else [child for child in value if child is not None]
            elif value is not None:
                found.append(value)
    return found


def header(stmt: ast.stmt) -> list[ast.AST]:
    """Return a statement and the nodes below it without those of the blocks in it."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        found.append(node)
        for name in FIELDS[node.__class__]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                stack += [v for v in value if v is not None and not isinstance(v, _BLOCK_PARTS)]
            elif value is not None:
                stack.append(value)
    return found


_BLOCK_PARTS = (ast.stmt, ast.ExceptHandler)


def blocks(stmt: ast.stmt) -> list[list[ast.stmt]]:
    """Return the blocks of a statement, those of handlers and of cases included."""
    own = [getattr(stmt, name, None) or [] for name in ("body", "orelse", "finalbody")]
    parts = [*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())]
    return [block for block in (*own, *(part.body for part in parts)) if block]


def names(node: ast.AST) -> set[str]:
    """Return the ids of all names in a tree, references included."""
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def given(call: ast.Call) -> list[ast.expr]:
    """Return what a call is given, by position and by keyword."""
    return [*call.args, *(k.value for k in call.keywords)]


def equal(a: object, b: object) -> bool:
    """Say whether two trees are the same but for their places; parts that they share are not looked at."""
    pending: list[tuple[object, object]] = [(a, b)]
    while pending:
        one, other = pending.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, ast.AST):
            pending += [(getattr(one, name, None), getattr(other, name, None)) for name in one._fields]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending += zip(one, other, strict=True)
        elif repr(one) != repr(other):
            return False
    return True


def root_name(target: ast.AST) -> str | None:
    """Return the variable that a chain of subscripts and attributes starts from; None where that is no variable."""
    start = start_of(target)
    return start.id if isinstance(start, ast.Name) and ":" not in start.id else None


def start_of(target: ast.AST) -> ast.AST:
    """Return what a chain of subscripts and attributes starts from."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target


def clone(node: Node) -> Node:
    """Return a copy of a tree; operators and contexts, which nobody changes, are shared."""
    fields = dict(vars(node))
    for name in FIELDS[node.__class__]:
        value = fields.get(name)
        if value.__class__ is list:
            fields[name] = [clone(part) if isinstance(part, ast.AST) else part for part in value]
        elif value is not None:
            fields[name] = clone(value)
    copied = node.__class__.__new__(node.__class__)
    copied.__dict__.update(fields)
    return copied


class Rewriter(ast.NodeVisitor):
    """A transformer that changes no tree: it returns a new one, which shares what is the same."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return the node with what its children give way to in their place."""
        changed: dict[str, object] = {}
        for name in FIELDS[node.__class__]:
            value = getattr(node, name, None)
            if isinstance(value, list):
                new = [self.visit(part) if isinstance(part, ast.AST) else part for part in value]
                if any(a is not b for a, b in zip(new, value, strict=True)):
                    changed[name] = new
            elif isinstance(value, ast.AST):
                part = self.visit(value)
                if part is not value:
                    changed[name] = part
        return type(node)(**{**vars(node), **changed}) if changed else node


class Put(Rewriter):
    """Puts copies of an expression in the place of a variable."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self.name = name
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return a copy of the expression where the name is the variable's."""
        return clone(self.value) if node.id == self.name else node


def parameters(node: ast.FunctionDef) -> list[str]:
    """Return the names of all parameters, positional ones first."""
    a = node.args
    stars = [s for s in (a.vararg, a.kwarg) if s]
    return [arg.arg for arg in [*a.posonlyargs, *a.args, *a.kwonlyargs, *stars]]


def paired(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the parts of a display with what an assignment of another binds each to, none where they do not pair."""
    if not isinstance(target, (ast.Tuple, ast.List)) or not isinstance(value, (ast.Tuple, ast.List)):
        return []
    if any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts]) or len(target.elts) != len(value.elts):
        return []
    return list(zip(target.elts, value.elts, strict=True))


def leaves(target: ast.expr) -> list[ast.expr]:
    """Return the names and places in a target."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [leaf for e in target.elts for leaf in leaves(e)]
    return leaves(target.value) if isinstance(target, ast.Starred) else [target]


def names_places(target: ast.expr) -> bool:
    """Say whether a target stores into a part of something: ``for a[0], k in …``."""
    return any(isinstance(leaf, (ast.Subscript, ast.Attribute)) for leaf in leaves(target))


def is_exhaustive(stmt: ast.Match) -> bool:
    """Say whether a match is sure to take one of its cases: the last one matches anything."""
    last = stmt.cases[-1]
    return last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
