"""Which names hold numbers and arrays of numbers, for certain.

In: a function's statements. Out: the names whose value cannot be a list or another container. It matters because the
sum of two lists has the members of both: what is written into a member of the sum is written into theirs.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sct import core
from sct.analysis import purity
from sct.simplify import effects, tapes, trees
from sct.simplify.glance import glance, own_nodes

_ARITHMETIC = (ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.MatMult)
_NUMERIC_BUILTINS = ("abs", "float", "int", "bool", "len", "round", "complex", "hash", "id")
_LIKE_FIRST = (
    *("zeros_like", "zeros_mirror", "save", "unbroadcast", "as_product", "like", "finish", "astype_like", "spread"),
    *("last_writes", "written"),
)
_OF_ARRAYS = ("T", "shape", "ndim", "size")
_TUPLES = (
    "nonzero",
    "unique",
    "histogram",
    "divmod",
    "modf",
    "frexp",
    "split",
    "array_split",
    "hsplit",
    "vsplit",
    "dsplit",
)


def numeric_names(
    stmts: Sequence[ast.stmt], foreign: Iterable[str], members: Callable[[str], bool], own: set[str]
) -> set[str]:
    """Return the names that hold numbers or arrays whenever they are bound.

    `foreign` names may come from outside; `members` is false for those that are known to be no containers; `own` are
    the function's tapes.
    """
    bindings = _Bindings(stmts, own)
    foreign = set(foreign)
    evident = bindings.evident - bindings.values.keys() if bindings.straight else set()
    known = (bindings.values.keys() - foreign) | evident
    told = {name for name in bindings.names | foreign if not members(name)}
    return bindings.solve((known - bindings.unknown) | told, told)


class _Bindings:
    """What each name is bound to."""

    def __init__(self, stmts: Sequence[ast.stmt], own: set[str]) -> None:
        self.values: defaultdict[str, list[ast.expr]] = defaultdict(list)
        self.unknown: set[str] = set()
        self.straight = True
        self.names: set[str] = set()
        self.evident: set[str] = set()  # those that some operation uses which no container has
        for stmt in trees.all_statements(stmts):
            found = _binding(stmt)
            for name, value, tape in found.values:
                self.values[name].append(ast.Name(id=f"{tape}[]", ctx=ast.Load()) if tape in own else value)
            if found.appends in own:
                self.values[f"{found.appends}[]"] += stmt.value.args  # type: ignore[attr-defined]
            self.unknown |= found.unknown
            self.evident |= found.evident
            self.straight &= found.straight
            self.names.update(glance(stmt).loads, glance(stmt).stores)

    def solve(self, known: set[str], told: set[str]) -> set[str]:
        """Take away what is not numeric, and what is made of it, until all that is left agrees."""
        work = [(name, value) for name, values in self.values.items() for value in values]
        readers: defaultdict[str, list[tuple[str, ast.expr]]] = defaultdict(list)
        for name, value in work:
            for read in effects.expression(value).reads:
                readers[read].append((name, value))
        while work:
            name, value = work.pop()
            if name in known and name not in told and not _is_numeric(value, known):
                known.discard(name)
                work += readers[name]
        return known


class _Binding(NamedTuple):
    """What one statement, without those inside it, binds and shows."""

    values: list[tuple[str, ast.expr, str]]  # with the tape that the value is taken from
    unknown: frozenset[str]
    appends: str
    evident: frozenset[str]
    straight: bool


_found: WeakKeyDictionary[ast.stmt, _Binding] = WeakKeyDictionary()


def _binding(stmt: ast.stmt) -> _Binding:
    found = _found.get(stmt)
    if found is None:
        values = [(name, value, tapes.owner(value, "pop")) for name, value in tapes.parts(stmt)]
        bound = {name for name, _, _ in values}
        if isinstance(stmt, ast.For | ast.AugAssign) and isinstance(stmt.target, ast.Name):
            bound.add(stmt.target.id)
            if isinstance(stmt, ast.For):
                values.append((stmt.target.id, stmt.iter, ""))
        unknown = frozenset(effects.header(stmt).binds - bound)
        appends = tapes.owner(stmt.value, "append") if isinstance(stmt, ast.Expr) else ""
        straight = not {core.qualname(node) for node in own_nodes(stmt)} & {"builtins.isinstance", "builtins.type"}
        found = _found[stmt] = _Binding(values, unknown, appends, frozenset(_evident(stmt)), straight)
    return found


def _evident(stmt: ast.stmt) -> set[str]:
    """The names that some operation in a statement uses which no container has."""
    found: set[str] = set()
    for node in own_nodes(stmt):
        operands: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
            operands = [node.left, node.right]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operands = [node.operand]
        elif isinstance(node, ast.Call) and core.qualname(node.func).startswith("math."):
            operands = node.args
        elif isinstance(node, ast.Attribute) and node.attr in _OF_ARRAYS:
            operands = [node.value]
        found |= {operand.id for operand in operands if isinstance(operand, ast.Name)}
    return found


def _is_numeric(expr: ast.expr, known: set[str]) -> bool:
    nodes = [expr]
    for node in nodes:
        nodes += _deciding(node)
    values: dict[int, bool] = {}
    for node in reversed(nodes):
        values[id(node)] = _node(node, known, values)
    return values[id(expr)]


def _deciding(node: ast.expr) -> list[ast.expr]:
    """The operands that decide whether a value is numeric."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Mult()):
            return [node.left, node.right]
        case ast.BoolOp():
            return node.values
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.Subscript():
            return [node.value]
        case ast.Call(func=ast.Attribute(value=owner)):
            return [owner]
        case ast.Call():
            return node.args[:1]
    return []


def _node(node: ast.expr, known: set[str], values: dict[int, bool]) -> bool:
    match node:
        case ast.Constant():
            return isinstance(node.value, int | float | complex)
        case ast.Name():
            return node.id in known or core.qualname(node).startswith(("numpy.", "math."))
        case ast.BinOp():
            if isinstance(node.op, _ARITHMETIC):
                return True
            if not isinstance(node.op, ast.Add | ast.Mult):
                return False
            left, right = values[id(node.left)], values[id(node.right)]
            if isinstance(node.op, ast.Add):
                return left or right  # a list and a number have no sum
            return (left and right) or _is_fraction(node.left) or _is_fraction(node.right)
        case ast.UnaryOp() | ast.Compare():
            return True
        case ast.BoolOp():
            return all(values[id(value)] for value in node.values)
        case ast.IfExp():
            return values[id(node.body)] and values[id(node.orelse)]
        case ast.Subscript():
            return values[id(node.value)]
        case ast.Attribute():
            return node.attr in _OF_ARRAYS
        case ast.Call():
            return _call(node, values)
    return False


def _is_fraction(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _call(node: ast.Call, values: dict[int, bool]) -> bool:
    if purity.call_effect(node) != purity.PURE or any(isinstance(arg, ast.Starred) for arg in node.args):
        return False
    name = core.qualname(node.func)
    top, _, short = name.rpartition(".")
    first = bool(node.args) and values.get(id(node.args[0]), False)
    if top == "numpy":
        return short not in _TUPLES and not purity.gives_many(short) and not (short == "where" and len(node.args) < 3)
    if top == "sct.runtime":
        return first if short in _LIKE_FIRST else short != "add" and purity.makes_fresh(node)
    if top == "builtins":
        return short in _NUMERIC_BUILTINS or (short == "sum" and len(node.args) == 1) or short == "range"
    if top == "math":
        return short not in _TUPLES
    if isinstance(node.func, ast.Attribute):
        return purity.is_array_method(node.func.attr) or (node.func.attr == "copy" and values[id(node.func.value)])
    return False
