"""The order in which Python evaluates the parts of an expression, and which parts may change places.

In: expressions with references. Out: their parts in order; whether evaluating them earlier or later matters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from .. import core
from ..nodes import changed
from ..walk import walk

_Node = TypeVar("_Node", bound=ast.AST)
_PURE_BUILTINS = frozenset(
    "abs all any bool complex dict divmod enumerate float frozenset int isinstance len list max min pow range "
    "reversed round set sorted str sum tuple type zip".split()
)
_PURE_MODULES = ("math", "cmath", "numpy", "operator", "scipy")


def pure(node: ast.AST | Iterable[ast.AST]) -> bool:
    """Say whether evaluating `node` earlier or later than its neighbours makes no difference."""
    nodes = [node] if isinstance(node, ast.AST) else list(node)
    acting = {id(n) for each in nodes for n in walk(each) if not _pure(n)}
    if not acting:
        return True
    lambdas = [n for each in nodes for n in walk(each) if isinstance(n, ast.Lambda)]
    return acting <= {id(n) for each in lambdas for n in walk(each.body)}  # which is run when it is called


def trivial(node: ast.expr) -> bool:
    """Say whether `node` is a name or a constant."""
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, (ast.Constant, ast.Name))


def reads_nothing(value: ast.expr) -> bool:
    """Say whether evaluating a value reads no memory yet: a name, or a generator over one."""
    return trivial(value.generators[0].iter if isinstance(value, ast.GeneratorExp) else value)


def taken_late(call: ast.Call) -> bool:
    """Say whether the members of a lone ``*args`` are taken after keywords that may change them: in the call."""
    lone = len(call.args) == 1 and isinstance(call.args[0], ast.Starred)
    return lone and not pure(k.value for k in call.keywords)


def _pure(node: ast.AST) -> bool:
    if isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)):
        return False
    if not isinstance(node, ast.Call):
        return True
    module, _, name = core.qualname(node.func).rpartition(".")
    if module == "builtins":
        return name in _PURE_BUILTINS
    return module.partition(".")[0] in _PURE_MODULES and "random" not in module


def renamed(function: ast.FunctionDef, name: str, references: Mapping[str, str]) -> ast.FunctionDef:
    """Return a function with a name of its own, and references to functions that were written by other names."""
    found = [n for n in walk(function) if isinstance(n, ast.Name) and core.qualname(n) in references]
    new: dict[int, ast.expr] = {id(n): core.ref("!" + references[core.qualname(n)]) for n in found}
    return changed(function, name=name, body=[replaced(s, new) for s in function.body])


def replaced(node: ast.AST, new: Mapping[int, ast.expr]) -> ast.expr:
    """Return a tree with some of its nodes, known by identity, replaced."""
    if id(node) in new:
        return new[id(node)]
    fields: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            part: object = replaced(value, new)
            if part is not value:
                fields[name] = part
        elif isinstance(value, list):
            items = [replaced(v, new) if isinstance(v, ast.AST) else v for v in value]
            if any(a is not b for a, b in zip(items, value, strict=True)):
                fields[name] = items
    return changed(node, **fields) if fields else node  # type: ignore[return-value]


def substituted(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """Return a tree in which reads of some names give way to expressions."""
    found = {id(n): values[n.id] for n in walk(node) if isinstance(n, ast.Name) and n.id in values}
    return replaced(node, found) if found else node


class Part(NamedTuple):
    """An expression in a node: its field, its place in the field, and whether it is evaluated whatever happens."""

    field: str
    place: int | None
    node: ast.expr
    always: bool = True


def parts(node: ast.AST) -> list[Part]:
    """Return the expressions in an expression in the order in which they are evaluated."""
    if isinstance(node, ast.IfExp):
        return [
            Part("test", None, node.test),
            Part("body", None, node.body, False),
            Part("orelse", None, node.orelse, False),
        ]
    if isinstance(node, ast.NamedExpr):
        return [Part("value", None, node.value)]
    if isinstance(node, ast.Dict):
        both = zip(node.keys, node.values, strict=True)
        pairs = [(Part("keys", i, k) if k else None, Part("values", i, v)) for i, (k, v) in enumerate(both)]
        return [p for pair in pairs for p in pair if p is not None]
    first = {ast.BoolOp: 1, ast.Compare: 1}.get(type(node), 1 << 30)
    out: list[Part] = []
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            out.append(Part(name, None, value))
        elif isinstance(value, list):
            items = [(i, v.value if isinstance(v, ast.keyword) else v) for i, v in enumerate(value)]
            out += [Part(name, i, v, i < first) for i, v in items if isinstance(v, ast.expr)]
    return out


def statement_parts(stmt: ast.stmt) -> list[Part]:
    """Return the expressions in a simple statement, or in the head of a compound one, in order of evaluation."""
    order = ("value", "targets", "target") if isinstance(stmt, ast.Assign | ast.AnnAssign) else stmt._fields
    out: list[Part] = []
    for name in order:
        value = getattr(stmt, name, None)
        if isinstance(value, ast.expr) and name != "annotation":
            out.append(Part(name, None, value, name != "msg"))
        elif isinstance(value, list):
            out += [Part(name, i, v) for i, v in enumerate(value) if isinstance(v, ast.expr)]
    return out


Visit = Callable[[ast.expr, "list[ast.stmt] | None"], ast.expr]


def rebuilt(
    node: _Node,
    pieces: list[Part],
    visit: Visit,
    before: list[ast.stmt] | None,
    temporary: Callable[[], str],
    views: Container[int] = (),
) -> _Node:
    """Return `node` with `visit` applied to its parts; what `visit` puts into `before` keeps its place in the order.

    `visit` gets None instead of `before` for parts that are not always evaluated. `views` are the ids of parts that
    only say where to look later on: ``d.values()``, of which a loop reads the members in the trips that meet them.
    """
    done: list[ast.expr] = []
    for part in pieces:
        mark = len(before) if before is not None else 0
        new = visit(part.node, before if part.always else None)
        if before is not None and len(before) > mark:
            _name_earlier(done, before, mark, pieces, temporary, views)
        done.append(new)
    fields: dict[str, Any] = {n: list(v) if isinstance(v, list) else v for n, v in ast.iter_fields(node)}
    differs = False
    for part, new in zip(pieces, done, strict=True):
        differs |= new is not part.node
        if part.place is None:
            fields[part.field] = new
        elif part.field == "keywords":
            fields[part.field][part.place] = changed(fields[part.field][part.place], value=new)
        else:
            fields[part.field][part.place] = new
    return ast.copy_location(type(node)(**fields), node) if differs else node


def _stores(node: ast.AST) -> bool:
    """Say whether a node is a place that is written in what others may read, which a temporary is not."""
    if not isinstance(node, (ast.Subscript, ast.Attribute)) or isinstance(node.ctx, ast.Load):
        return False
    return not (isinstance(node.value, ast.Name) and core.is_temporary(node.value.id))


def _taken(value: ast.expr) -> ast.expr:
    """Return what a star takes out of a value there and then: its members."""
    if isinstance(value, (ast.Tuple, ast.List, ast.ListComp)):
        return value
    return ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[value], keywords=[]), value)


def _name_earlier(
    done: list[ast.expr],
    before: list[ast.stmt],
    mark: int,
    pieces: list[Part],
    temporary: Callable[[], str],
    views: Container[int],
) -> None:
    """Give names to what is evaluated before the statements that were just put in front, and may be changed by them."""
    apart = pure(done) and pure(before[mark:]) and not any(_stores(n) for s in before[mark:] for n in walk(s))
    stored = [n for s in before[mark:] for n in walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    bound = {n.id for n in stored}
    for index, value in enumerate(done):
        rebound = any(isinstance(n, ast.Name) and n.id in bound for n in walk(value))
        if (apart or trivial(value)) and not rebound or id(value) in views:
            continue
        if pieces[index].field in ("target", "targets", "func") or isinstance(value, ast.Slice):
            continue
        name = temporary()
        inside = value
        if isinstance(value, ast.Starred):
            # CPython takes the members of a lone `*args` once the keywords are evaluated, as it calls.
            lone = sum(p.field == "args" for p in pieces) == 1
            inside = value.value if lone else _taken(value.value)
        before.insert(mark, ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=inside))
        mark += 1
        load = ast.Name(id=name, ctx=ast.Load())
        done[index] = ast.Starred(value=load, ctx=ast.Load()) if isinstance(value, ast.Starred) else load
