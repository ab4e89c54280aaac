"""The numbers that flow through a graph at a point.

In: a graph and numbers for its inputs. Out: values and adjoints of its nodes. Only arithmetic and functions of `math`
and NumPy are evaluated, here and on numbers; nothing of the user's is run.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sct import core, runtime
from sct.page.graph import Graph

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Mod: operator.mod,
}
_BUILTINS = {"builtins.abs": abs, "builtins.float": float, "builtins.max": max, "builtins.min": min}
#: Of NumPy's functions only those that map a number to a number.
_NUMPY = frozenset(
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp expm1 exp2 log log1p log2 log10 sqrt "
    "cbrt square abs absolute fabs sign negative reciprocal power add subtract multiply divide hypot arctan2 logaddexp "
    "maximum minimum".split()
)


@dataclass
class Numbers:
    """The numbers that flow through a graph, as far as they are known."""

    values: dict[str, float] = field(default_factory=dict)
    adjoints: dict[str, float] = field(default_factory=dict)


class _Unknown(Exception):
    pass


def evaluate(graph: Graph, at: Mapping[str, float], seed: float = 1.0) -> Numbers:
    """Return the values at a point and, where there is one output, the adjoints for its `seed`."""
    found = Numbers(dict(at))
    for node in graph.nodes:
        if node.value is not None:
            _put(found.values, node.name, node.value, found.values)
    return found if len(graph.outputs) != 1 else _back(graph, found, seed)


def _back(graph: Graph, found: Numbers, seed: float) -> Numbers:
    known = {f"{graph.outputs[0]}_bar": seed}
    for node in reversed(graph.nodes):
        if node.name == graph.outputs[0]:
            continue
        total = 0.0
        try:
            for _, share in graph.shares(node.name):
                total += _number(share, {**found.values, **known})
        except _Unknown:
            continue
        known[f"{node.name}_bar"] = total
    found.adjoints = {name.removesuffix("_bar"): value for name, value in known.items()}
    return found


def _put(into: dict[str, float], name: str, expr: ast.expr, known: Mapping[str, float]) -> None:
    try:
        into[name] = _number(expr, known)
    except _Unknown:
        into.pop(name, None)


def _number(node: ast.expr, known: Mapping[str, float]) -> float:
    """Return the value of an expression; raise where it is not a number that can be told here."""
    try:
        value = _value(node, known)
    except Exception:  # whatever a function of the library says to a number
        raise _Unknown from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unknown
    return float(value)


def _value(node: ast.expr, known: Mapping[str, float]) -> Any:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Name):
        if core.is_ref(node):
            return _constant(core.qualname(node))
        if node.id in known:
            return known[node.id]
        raise _Unknown
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand, known)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left, right = _value(node.left, known), _value(node.right, known)
        if isinstance(node.op, ast.Pow) and abs(right) > 64:
            raise _Unknown  # a power of whole numbers may have no end
        return _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.Call) and not node.keywords:
        return _function(core.qualname(node.func))(*(_value(a, known) for a in node.args))
    raise _Unknown


def _constant(name: str) -> float:
    module, _, last = name.rpartition(".")
    if module in ("math", "numpy") and last in ("pi", "e", "tau", "inf"):
        value: float = getattr(math, last)
        return value
    raise _Unknown


def _function(name: str) -> Callable[..., Any]:
    module, _, last = name.rpartition(".")
    found: Any = _BUILTINS.get(name)
    if module == "math" and not last.startswith("_"):
        found = getattr(math, last)
    if module == "sct.runtime":  # helpers of rules, at zero and the like
        found = getattr(runtime, last)
    if found is not None:
        function: Callable[..., Any] = found
        return function
    if module == "numpy" and last in _NUMPY:
        import numpy as np

        ufunc: Any = getattr(np, last)
        return lambda *args: float(ufunc(*args))
    raise _Unknown
