"""Which lists and dicts a function holds alone, and which it changes.

A list is changed in place by whoever holds it. What is known of its members when it is made stays true where every
use of the list is in sight: then it is a function's own. The members of other lists are believed only as long as the
function changes no list in a way that could be one of them.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from sct import core
from sct.analysis.reach import Reach, head
from sct.walk import children, walk

#: Methods that change what they are called on.
WRITING_METHODS = frozenset(
    "append extend insert pop remove clear sort reverse update setdefault popitem fill put resize itemset partition "
    "setflags add discard".split()
)
#: Methods of which it is known what they change.
CHANGING = ("append", "pop", "setdefault", "update")
_READERS = ("builtins.len", "builtins.zip", "builtins.enumerate", "builtins.reversed", "builtins.sum", "builtins.range")


def own_lists(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names of lists and dicts that only this function holds, until it returns: displays, never shared."""
    made: set[str] = set()
    shared: set[str] = set()
    built = _built(node)
    for stmt in walk(node):
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                for name, value in _pairs(target, stmt.value):
                    moved = isinstance(value, ast.Name) and value.id in built
                    (made if moved or _is_display(value) else shared).add(name)
    stack: list[tuple[ast.AST, bool]] = [(child, False) for child in children(node)]
    while stack:
        part, harmless = stack.pop()
        if isinstance(part, ast.Name):
            if isinstance(part.ctx, ast.Load) and not harmless and part.id not in built:
                shared.add(part.id)
            continue
        for child in children(part):
            stack.append((child, _is_harmless(part, child, harmless)))
    return frozenset(made - shared)


def _built(node: ast.FunctionDef) -> frozenset[str]:
    """Return the temporaries in which comprehensions collect their members: each is read once, when it is complete."""
    loads: dict[str, int] = {}
    for part in walk(node):
        if isinstance(part, ast.Name) and part.id.startswith("%") and isinstance(part.ctx, ast.Load):
            loads[part.id] = loads.get(part.id, 0) + 1
        elif isinstance(part, ast.Attribute) and part.attr == "append" and isinstance(part.value, ast.Name):
            loads[part.value.id] = loads.get(part.value.id, 0) - 1
    return frozenset(name for name, count in loads.items() if count == 1 and name.startswith("%"))


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr | None]]:
    """Return the names that an assignment binds, each with its value where that is in sight."""
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, (ast.Tuple, ast.List)):
        plain = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        if plain and isinstance(value, (ast.Tuple, ast.List)):
            return [pair for t, v in zip(target.elts, value.elts, strict=True) for pair in _pairs(t, v)]
        return [(n.id, None) for n in walk(target) if isinstance(n, ast.Name)]
    return []


def _is_display(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call) and core.qualname(value.func) in ("builtins.list", "builtins.dict"):
        return True
    if isinstance(value, ast.Dict):
        return None not in value.keys
    return isinstance(value, ast.List) and not any(isinstance(e, ast.Starred) for e in value.elts)


def _is_harmless(parent: ast.AST, child: ast.AST, inherited: bool) -> bool:
    """Say whether a use of a list leaves no second way to reach it."""
    if isinstance(parent, (ast.Return, ast.For)):
        return True
    if isinstance(parent, ast.Tuple):
        return inherited  # a returned tuple
    if isinstance(parent, ast.Subscript):
        return child is parent.value and isinstance(parent.ctx, (ast.Load, ast.Store))
    if isinstance(parent, ast.Attribute):
        return parent.attr in (*CHANGING, "get", "keys", "values", "items")
    return isinstance(parent, ast.Call) and core.qualname(parent.func) in _READERS


def changed_lists(stmts: Collection[ast.stmt], own: Collection[str]) -> list[str]:
    """Return the names of containers that statements change by methods, and of their own ones that they store into."""
    out: dict[str, None] = {}
    for stmt in stmts:
        for node in walk(stmt):
            if isinstance(node, ast.Attribute) and node.attr in CHANGING and isinstance(node.value, ast.Name):
                out[node.value.id] = None
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                if isinstance(node.value, ast.Name) and node.value.id in own:
                    out[node.value.id] = None
    return list(out)


#: Methods that only lists have.
_OF_LISTS = ("append", "extend", "insert", "reverse")


def only_lists(node: ast.FunctionDef) -> frozenset[tuple[str, ast.stmt]]:
    """Return the bindings, each a name and a statement, of what gets to the call of a method that only lists have."""
    if not any(_of_list(part) for part in walk(node)):
        return frozenset()
    bindings: list[tuple[str, ast.stmt]] = []
    numbers: dict[tuple[str, ast.stmt], int] = {}

    def define(name: str, stmt: ast.stmt) -> int:
        if (name, stmt) not in numbers:
            numbers[name, stmt] = len(bindings)
            bindings.append((name, stmt))
        return numbers[name, stmt]

    reach = Reach(define)
    reach.block(node.body, {})
    todo = [(_of_list(part), stmt) for stmt in reach.reaching for part in head(stmt)]
    found: set[tuple[str, ast.stmt]] = set()
    while todo:
        name, stmt = todo.pop()
        for binding in (bindings[number] for number in reach.reaching[stmt].get(name, ())):
            if binding not in found:
                found.add(binding)
                if isinstance(binding[1], ast.AugAssign):  # what grows was a list before
                    todo.append(binding)
    return frozenset(found)


def _of_list(node: ast.AST) -> str:
    """Return the variable of which a node calls a method that only lists have, "" for any other node."""
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr not in _OF_LISTS or not isinstance(func.value, ast.Name):
        return ""
    return func.value.id


#: What only arrays have, of the attributes that code asks for.
_OF_ARRAYS = frozenset("T shape size ndim dtype sum mean std var max min dot reshape ravel flatten astype fill".split())
_OF_NUMBERS = (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv)


def sure_arrays(node: ast.FunctionDef) -> frozenset[str]:
    """Return names bound once that have parts and are no lists: a use would fail for one, or arithmetic gave them."""
    bound: dict[str, int] = {}
    parts: set[str] = set()
    used: set[str] = set()
    arguments = node.args
    for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        bound[arg.arg] = 1
    for part in walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            bound[part.id] = bound.get(part.id, 0) + 1
        elif isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name):
            parts.add(part.value.id)
        elif isinstance(part, ast.Assign) and isinstance(part.value, ast.BinOp) and _is_number(part.value):
            used |= {target.id for target in part.targets if isinstance(target, ast.Name)}
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.attr in _OF_ARRAYS:
            used.add(part.value.id)
        elif isinstance(part, ast.BinOp) and isinstance(part.op, _OF_NUMBERS):
            used |= {n.id for n in (part.left, part.right) if isinstance(n, ast.Name)}
        elif isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Lt, ast.Gt, ast.LtE, ast.GtE)):
            sides = [part.left, *part.comparators]
            used |= {n.id for n in sides if isinstance(n, ast.Name) and any(map(_is_number, sides))}
    return frozenset(n for n in parts & used if bound.get(n) == 1)


def _is_number(expr: ast.expr) -> bool:
    """Say whether an expression is a number, or arithmetic that no list takes part in."""
    if isinstance(expr, ast.BinOp):
        floats = any(isinstance(e, ast.Constant) and isinstance(e.value, float) for e in (expr.left, expr.right))
        return floats or isinstance(expr.op, _OF_NUMBERS)
    return isinstance(expr, ast.Constant) and isinstance(expr.value, (int, float))
