"""Loops over functions beside other things: ``for f, w in [(np.sin, 1.0), (np.cos, 2.0)]``.

In: the body of a resolved function, before it is lifted. Out: the same body, in which such a loop runs over the names
of the functions, and a call of one is a choice between calls. The functions may stand in a display, in a variable or
global that is bound to one, and under ``zip``, ``enumerate``, ``reversed`` and ``.items()``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence

from .. import core
from ..walk import walk
from .choices import Choices, choice, defined_in, is_function, own_nodes

Constant = Callable[[str], ast.expr | None]
_Loop = ast.For | ast.comprehension


def with_names_of_functions(stmts: list[ast.stmt], constant: Constant) -> list[ast.stmt]:
    """Return statements in which loops run over the names of functions; `constant` finds the displays of globals."""
    loops = _Loops(stmts, constant)
    if not loops.targets:
        return stmts
    return [_Writer(loops).visit(copy.deepcopy(stmt)) for stmt in stmts]


class _Loops:
    """The loops whose targets stand for functions."""

    def __init__(self, stmts: Sequence[ast.stmt], constant: Constant) -> None:
        self.defined, self.constant = defined_in(stmts), constant
        self.labels = Choices()
        self.bound: dict[str, list[ast.expr | None]] = {}
        nodes = own_nodes(stmts)
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.bound.setdefault(node.targets[0].id, []).append(node.value)
        self.displays: dict[str, ast.expr] = {}  # variables bound to displays that are looped over
        found: dict[str, Choices] = {}
        self.loops: list[_Loop] = []
        for node in nodes:
            if isinstance(node, (ast.For, ast.comprehension)):
                pairs = list(self.pairs(node.target, node.iter))
                functions = [(t, values) for t, values in pairs if any(map(self.is_function, values))]
                if functions and all(all(map(self.is_function, values)) for _, values in functions):
                    self.loops.append(node)
                    for target, values in functions:
                        known = found.setdefault(target, Choices())
                        for value in values:
                            known.functions[self.labels.label(value)] = value
        self.targets = found if self.only_called(stmts, found) else {}

    def is_function(self, expr: ast.expr) -> bool:
        return is_function(expr, self.defined)

    def only_called(self, stmts: Sequence[ast.stmt], found: dict[str, Choices]) -> bool:
        """Say whether the names that stand for functions are bound in loops alone, and only called."""
        counts = dict.fromkeys([*found, *self.displays], 0)
        for node in (n for s in stmts for n in walk(s)):
            if isinstance(node, ast.Name) and node.id in counts:
                counts[node.id] += 1
        for node in own_nodes(stmts):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in found:
                counts[node.func.id] -= 1
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in self.displays:
                    counts[node.targets[0].id] -= 1
        for loop in self.loops:
            for name in (n.id for part in (loop.target, loop.iter) for n in walk(part) if isinstance(n, ast.Name)):
                if name in counts:
                    counts[name] -= 1
        return not any(counts.values())

    def pairs(self, target: ast.expr, it: ast.expr) -> Iterator[tuple[str, list[ast.expr]]]:
        """Yield the names that a loop binds to members of displays, each with these members."""
        name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
        if isinstance(it, ast.Call) and name == "builtins.zip" and isinstance(target, ast.Tuple):
            if len(it.args) == len(target.elts):
                for sub, arg in zip(target.elts, it.args, strict=True):
                    yield from self.pairs(sub, arg)
        elif isinstance(it, ast.Call) and name == "builtins.enumerate" and isinstance(target, ast.Tuple):
            if len(target.elts) == 2 and it.args:
                yield from self.pairs(target.elts[1], it.args[0])
        elif isinstance(it, ast.Call) and name in ("builtins.reversed", "builtins.list", "builtins.tuple") and it.args:
            yield from self.pairs(target, it.args[0])
        elif isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr in ("items", "values"):
            display = self.display(it.func.value)
            if isinstance(display, ast.Dict):
                whole = isinstance(target, ast.Tuple) and len(target.elts) == 2 and it.func.attr == "items"
                sub = target.elts[1] if whole and isinstance(target, ast.Tuple) else target
                yield from self.members(sub, display.values)
        else:
            display = self.display(it)
            if isinstance(display, (ast.Tuple, ast.List)):
                yield from self.members(target, display.elts)

    def members(self, target: ast.expr, values: list[ast.expr]) -> Iterator[tuple[str, list[ast.expr]]]:
        if isinstance(target, ast.Name):
            yield target.id, values
        elif isinstance(target, (ast.Tuple, ast.List)):
            rows = [v.elts for v in values if isinstance(v, (ast.Tuple, ast.List)) and len(v.elts) == len(target.elts)]
            if len(rows) == len(values):
                for place, sub in enumerate(target.elts):
                    yield from self.members(sub, [row[place] for row in rows])

    def display(self, expr: ast.expr) -> ast.expr | None:
        """Return the display that holds functions, and that an expression is or stands for."""
        found: ast.expr | None = expr
        if core.qualname(expr).startswith("="):
            found = self.constant(core.qualname(expr))
        elif isinstance(expr, ast.Name):
            values = self.bound.get(expr.id, [])
            found = values[0] if len(values) == 1 else None
        if not isinstance(found, (ast.Tuple, ast.List, ast.Dict)) or not self.holds(found):
            return None
        if isinstance(expr, ast.Name) and not core.is_ref(expr):
            self.displays[expr.id] = found
        return found

    def holds(self, display: ast.expr) -> bool:
        members = display.values if isinstance(display, ast.Dict) else getattr(display, "elts", [])
        return any(self.is_function(m) or self.holds(m) for m in members)


class _Writer(ast.NodeTransformer):
    """Puts names of functions in the place of functions, and choices in the place of their calls."""

    def __init__(self, loops: _Loops) -> None:
        self.loops = loops
        self.iterated = {ast.dump(loop.iter) for loop in loops.loops}

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in self.loops.displays:
            return ast.copy_location(ast.Assign(targets=node.targets, value=self.named(node.value)), node)
        self.generic_visit(node)
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        if ast.dump(node.iter) in self.iterated:
            node.iter = self.named(node.iter)
        self.generic_visit(node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        if ast.dump(node.iter) in self.iterated:
            node.iter = self.named(node.iter)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.loops.targets:
            return choice(node, self.loops.targets[node.func.id], node.func)
        return node

    def named(self, expr: ast.expr) -> ast.expr:
        """Return what is looped over, with the names of functions in their places."""
        if core.qualname(expr).startswith("=") and (display := self.loops.display(expr)) is not None:
            return ast.copy_location(self.named(copy.deepcopy(display)), expr)
        if self.loops.is_function(expr):
            return ast.copy_location(ast.Constant(value=self.loops.labels.label(expr)), expr)
        if isinstance(expr, (ast.Tuple, ast.List)):
            expr.elts = [self.named(e) for e in expr.elts]
        elif isinstance(expr, ast.Dict):
            expr.values = [self.named(v) for v in expr.values]
        elif isinstance(expr, ast.Call):
            expr.args = [self.named(a) for a in expr.args]
            if isinstance(expr.func, ast.Attribute):
                expr.func.value = self.named(expr.func.value)
        return expr
