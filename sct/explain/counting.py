"""Estimates of how many operations a function takes, in powers of the number n of iterations that each loop makes.

In: function definitions. Out: a `Count`: the operations outside of loops, in loops, in loops inside of loops, ...
A loop over a literal range counts as often as it runs. Functions that are called count where they are called.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import reduce

from sct import core
from sct.walk import children

Count = tuple[float, ...]
_ITERATIONS = 1000
#: What costs next to nothing, or is done once for checking.
_FREE = ("builtins.", "sct.runtime.require_", "sct.runtime.check_")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Counter:
    """Counts the operations of functions; `called` finds the function that a reference stands for, if any."""

    def __init__(self, called: Callable[[str], ast.FunctionDef | None]) -> None:
        self.called = called
        self.running: list[str] = []
        self.known: dict[str, Count] = {}

    def function(self, node: ast.FunctionDef) -> Count:
        """Return what one call of a function takes."""
        return self.total(node.body)

    def total(self, nodes: Sequence[ast.AST]) -> Count:
        return reduce(_plus, map(self.node, nodes), ())

    def node(self, node: ast.AST) -> Count:
        if isinstance(node, (ast.For, ast.While)):
            head: list[ast.AST] = [node.iter] if isinstance(node, ast.For) else []
            inner: list[ast.AST] = [*node.body, *([node.test] if isinstance(node, ast.While) else [])]
            return _plus(self.total([*head, *node.orelse]), self.repeated(self.total(inner), node))
        if isinstance(node, ast.If):
            arms = self.total(node.body), self.total(node.orelse)
            return _plus(self.node(node.test), max(arms, key=_at_large))
        if isinstance(node, _COMPREHENSIONS):
            return self.repeated(self.total(children(node)), node)
        own: Count = (1,) if isinstance(node, (ast.BinOp, ast.AugAssign, ast.Compare)) else ()
        if isinstance(node, ast.UnaryOp):
            own = (1,) if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant) else ()
        if isinstance(node, ast.Call):
            own = self.call(node)
        return _plus(own, self.total(children(node)))

    def call(self, node: ast.Call) -> Count:
        name = core.qualname(node.func)
        if not name:
            return (1,) if isinstance(node.func, ast.Attribute) else ()  # a method
        function = self.called(name)
        if function is None:
            return () if name.startswith(_FREE) and name not in ("builtins.sum", "builtins.abs") else (1,)
        if name in self.running:
            return ()  # each call of itself is one more
        if name not in self.known:
            self.running.append(name)
            self.known[name] = self.function(function)
            self.running.pop()
        return self.known[name]

    def repeated(self, inner: Count, node: ast.AST) -> Count:
        it = node.iter if isinstance(node, ast.For) else None
        if isinstance(it, ast.Call) and core.qualname(it.func) == "builtins.range":
            numbers = [_integer(a) for a in it.args]
            if all(n is not None for n in numbers) and numbers:
                times = len(range(*[n for n in numbers if n is not None][:3]))
                return tuple(times * c for c in inner)
        return (0, *inner) if inner else ()


def ratio(derivative: Count, primal: Count) -> float:
    """Return how many operations of the derivative there are for one of the function, for many iterations."""
    return _at_large(derivative) / max(_at_large(primal), 1.0)


def polynomial(count: Count) -> str:
    """Return a count as text: ``3 + 12n``."""
    powers = ["", "n", *(f"n^{k}" for k in range(2, len(count)))]
    terms = [f"{c:g}{p}" for c, p in zip(count, powers, strict=False) if c]
    return " + ".join(terms) or "0"


def _integer(node: ast.expr) -> int | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        left, right = _integer(node.left), _integer(node.right)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, ast.Add) else left - right
    return sign * node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _plus(a: Count, b: Count) -> Count:
    if len(a) < len(b):
        a, b = b, a
    return (*(x + y for x, y in zip(a, b, strict=False)), *a[len(b) :])


def _at_large(count: Count) -> float:
    return sum(c * float(_ITERATIONS) ** k for k, c in enumerate(count))
