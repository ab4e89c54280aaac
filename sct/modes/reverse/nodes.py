"""The paired form of a function in reverse mode: each statement beside what takes it back.

`adjoint` builds it, `saving` decides what each node saves, `sweeps` writes the two sweeps from it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.walk import children, walk

#: Marks a read of a name's value after the statement that binds it: the result rather than the operand.
AFTER = "\x01"


@dataclass
class Step:
    """A simple statement (or a whole inactive one) and its adjoint statements."""

    stmt: ast.stmt | None
    source: ast.stmt | None
    forward: list[ast.stmt]
    backward: list[ast.stmt] = field(default_factory=list)
    kills: tuple[str, ...] = ()
    stores: tuple[ast.expr, ...] = ()
    opaque: bool = False
    append_to: str = ""
    pop_from: str = ""
    holds: tuple[str, ...] = ()  # names whose memory the adjoint statements read through what a call saved
    restores: tuple[str, ...] = ()  # names whose memory the adjoint statements put back themselves
    # Filled by `saving`.
    save: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)  # those of `save` of which a copy is saved
    saved: tuple[ast.expr, ...] = ()  # those of `stores` that are saved and put back
    recompute: bool = False
    push: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)  # of those pushed, what finds the places that are restored
    group: int = -1


@dataclass
class Branch:
    """An ``if``; `before` runs in the reverse sweep before the arms are taken back."""

    stmt: ast.If
    body: list[Node]
    orelse: list[Node]
    before: list[ast.stmt] = field(default_factory=list)
    # Filled by `saving`; `restored` and `recomputed` have one list for each arm.
    chained: bool = False  # an ``elif``, which it stays where its test can be made again
    recompute_test: bool = False
    restored: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    recomputed: tuple[list[list[Step]], list[list[Step]]] = field(default_factory=lambda: ([], []))
    push: set[str] = field(default_factory=set)


@dataclass
class Loop:
    """A loop; `before` runs in the reverse sweep before the iterations are taken back."""

    stmt: ast.For | ast.While
    body: list[Node]
    before: list[ast.stmt] = field(default_factory=list)
    # Filled by `saving`.
    save: set[str] = field(default_factory=set)
    restored: list[str] = field(default_factory=list)
    recomputed: list[list[Step]] = field(default_factory=list)
    push: set[str] = field(default_factory=set)


Node = Step | Branch | Loop


def loads(nodes: Iterable[ast.AST]) -> list[str]:
    """Return the variables that trees read, in order and once each."""
    out: dict[str, None] = {}
    for tree in nodes:
        for node in walk(tree):
            kind = node.__class__
            if kind is ast.Name:
                if ":" not in node.id and node.ctx.__class__ is ast.Load:  # type: ignore[attr-defined]
                    out[node.id] = None  # type: ignore[attr-defined]
            elif kind is ast.AugAssign and isinstance(node.target, ast.Name):  # type: ignore[attr-defined]
                out[node.target.id] = None  # type: ignore[attr-defined]
    return list(out)


#: Runtime helpers that do the same for another argument of its shape and precision, and its place.
ASK_SHAPE = {"sct.runtime.spread": 1, "sct.runtime.count": 0}
#: Functions, and the place of an argument of which they read the shape alone.
_ASKED_FOR_SHAPE = ASK_SHAPE | {
    "sct.runtime.unbroadcast": 1,
    "sct.runtime.like": 1,
    "sct.runtime.zeros_like": 0,
    "sct.runtime.zeros_mirror": 0,
    "sct.runtime.matmul_bar_left": 1,
    "sct.runtime.matmul_bar_right": 2,
    "builtins.len": 0,
    "numpy.shape": 0,
    "numpy.ndim": 0,
    "numpy.size": 0,
}


def value_loads(nodes: Iterable[ast.AST]) -> list[str]:
    """Return the variables that trees read, without those whose shape alone is asked for."""
    out: dict[str, None] = {}
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if ":" not in node.id and isinstance(node.ctx, ast.Load):
                out[node.id] = None
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            out[node.target.id] = None
            stack.append(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in ("shape", "ndim", "size", "dtype"):
            stack += beside_shape(node.value)
        elif isinstance(node, ast.Call) and core.qualname(node.func) in _ASKED_FOR_SHAPE:
            place = _ASKED_FOR_SHAPE[core.qualname(node.func)]
            stack += [part for i, arg in enumerate(node.args) for part in (beside_shape(arg) if i == place else [arg])]
            stack += [keyword.value for keyword in node.keywords]
        else:
            stack += children(node)
    return list(out)


def beside_shape(expr: ast.AST) -> list[ast.AST]:
    """Return what else is read for the shape of an expression: all but a variable and a basic part of one."""
    if isinstance(expr, ast.Subscript) and isinstance(expr.value, ast.Name):
        return [expr.slice]
    return [] if isinstance(expr, ast.Name) else [expr]


def sized_parts(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the variables of a part of which the shape is asked: ``len(rows[0])``."""
    asked: list[ast.expr] = []
    for node in (n for tree in nodes for n in walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr in ("shape", "ndim", "size", "dtype"):
            asked.append(node.value)
        elif isinstance(node, ast.Call) and core.qualname(node.func) in _ASKED_FOR_SHAPE:
            asked += node.args
    return {e.value.id for e in asked if isinstance(e, ast.Subscript) and isinstance(e.value, ast.Name)}


def stored(nodes: Iterable[ast.AST]) -> list[str]:
    """Return the variables that trees bind."""
    out: dict[str, None] = {}
    for tree in nodes:
        for node in walk(tree):
            if node.__class__ is ast.Name and node.ctx.__class__ is ast.Store:
                out[node.id] = None
    return list(out)


def free_loads(stmts: Sequence[ast.stmt]) -> list[str]:
    """Return the variables that straight-line statements read before they bind them."""
    bound: set[str] = set()
    out: dict[str, None] = {}
    for stmt in stmts:
        for name in loads([stmt]):
            if name not in bound:
                out[name] = None
        bound.update(stored([stmt]))
    return list(out)


def backward(node: Node) -> Iterator[ast.stmt]:
    """Give the adjoint statements in a node."""
    if isinstance(node, Step):
        yield from node.backward
        return
    yield from node.before
    for inner in [*node.body, *(node.orelse if isinstance(node, Branch) else ())]:
        yield from backward(inner)


def has_backward(nodes: Sequence[Node]) -> bool:
    """Say whether anything in `nodes` has an adjoint."""
    for node in nodes:
        if isinstance(node, Step):
            if node.backward:
                return True
        elif isinstance(node, Branch):
            if node.before or has_backward(node.body) or has_backward(node.orelse):
                return True
        elif node.before or has_backward(node.body):
            return True
    return False


def total(bar: ast.expr) -> ast.expr:
    """Return the sum of an adjoint, which is a number."""
    return ast.Call(func=core.ref("numpy.sum"), args=[bar], keywords=[])


def add_to(target: ast.expr, value: ast.expr) -> ast.AugAssign:
    """Return ``target += value``."""
    if isinstance(target, ast.Name):
        place: ast.expr = ast.Name(id=target.id, ctx=ast.Store())
    else:
        assert isinstance(target, ast.Subscript)
        place = ast.Subscript(value=target.value, slice=target.slice, ctx=ast.Store())
    return ast.AugAssign(target=place, op=ast.Add(), value=value)  # type: ignore[arg-type]


def helper(name: str, *args: ast.expr) -> ast.Call:
    """Return a call of a helper of `sct.runtime`."""
    return ast.Call(func=core.ref(f"sct.runtime.{name}"), args=list(args), keywords=[])


def number(value: float | int) -> ast.Constant:
    """Return a constant."""
    return ast.Constant(value=value)
