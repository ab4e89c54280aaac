"""Evaluate what rules write: references become the things they name."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sct import rules
from sct.analysis.kinds import FLOAT, INT, NO_AXES, UNKNOWN, Dtype, Kind, sized
from sct.core import is_ref, qualname, ref

SYMBOLS: dict[str, str] = {
    "operator.add": "+",
    "operator.sub": "-",
    "operator.mul": "*",
    "operator.truediv": "/",
    "operator.mod": "%",
    "operator.pow": "**",
    "operator.matmul": "@",
}


class _Refs(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        path = ast.unparse(node)
        for short, name in (("np", "numpy"), ("math", "math"), ("rt", "sct.runtime"), ("operator", "operator")):
            if path.startswith(f"{short}."):
                return ref(f"{name}.{path[len(short) + 1 :]}", path)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        import builtins

        return ref(f"builtins.{node.id}", node.id) if hasattr(builtins, node.id) else node


def parse(text: str) -> ast.expr:
    """Return a Python expression with references for what it takes from np, math, rt (the runtime) and builtins."""
    tree = ast.parse(text, mode="eval").body
    found = _Refs().visit(tree)
    assert isinstance(found, ast.expr)
    return found


def find(name: str) -> Any:
    """Return the thing with a qualified name."""
    parts = name.split(".")
    for i in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:i]))
        except ImportError:
            continue
        for attribute in parts[i:]:
            found = getattr(found, attribute)
        return found
    raise LookupError(name)


def evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression with references."""
    env = dict(values)
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and is_ref(name):
            env[name.id] = find(qualname(name))
    return eval(compile(ast.fix_missing_locations(ast.Expression(body=node)), "<rule>", "eval"), env)


def show(node: ast.expr) -> str:
    """Return an expression as text, with np for NumPy and bare names for the rest."""
    copy = ast.parse(ast.unparse(_short(node)), mode="eval").body
    return ast.unparse(copy)


def _short(node: ast.AST) -> ast.AST:
    class Short(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.AST:
            if not is_ref(name):
                return name
            return ast.Name(
                id=qualname(name).replace("numpy.", "np.").replace("sct.runtime.", "").replace("builtins.", "")
            )

    return Short().visit(ast.parse("0") and _clone(node))


def _clone(node: ast.AST) -> ast.AST:
    import copy

    return copy.deepcopy(node)


def no_kinds(node: ast.expr) -> Kind:
    """Nothing is known of any expression."""
    return UNKNOWN


def kinds_of(values: Mapping[str, Any]) -> Callable[[ast.expr], Kind]:
    """Everything is known of names; the kinds of calls come from the rules."""

    def kind(node: ast.expr) -> Kind:
        if isinstance(node, ast.Name) and node.id in values:
            return value_kind(values[node.id])
        if isinstance(node, (ast.Tuple, ast.List)):
            return Kind("tuple")
        if isinstance(node, ast.Constant):
            return value_kind(node.value)
        match = rules.match(node)
        return rules.result(match, kind) if match else UNKNOWN

    return kind


def value_kind(value: Any) -> Kind:
    """Return all that there is to know of a value."""
    if isinstance(value, (bool, np.bool_)):
        return Kind("scalar", "bool", NO_AXES)
    if isinstance(value, (int, np.integer)):
        return INT
    if isinstance(value, (float, np.floating)):
        return FLOAT
    if isinstance(value, np.ndarray):
        names: dict[str, Dtype] = {"f": "float", "i": "int", "b": "bool"}
        return Kind("array", names[value.dtype.kind], sized([str(n) for n in value.shape]))
    if isinstance(value, list):
        return Kind("list")
    return Kind("tuple") if isinstance(value, tuple) else UNKNOWN


def flat(value: Any) -> Any:
    """Return all numbers of a structure in one vector."""
    if isinstance(value, (list, tuple)):
        return np.concatenate([flat(v) for v in value]) if value else np.zeros(0)
    return np.ravel(np.asarray(value, float))


def shapes(value: Any) -> Any:
    """Return the shape of a value, a list of them for a sequence."""
    return [np.shape(v) for v in value] if isinstance(value, (list, tuple)) else np.shape(value)


def like_flat(vector: Any, value: Any) -> Any:
    """Put the numbers of a vector into the structure of a value."""
    if isinstance(value, (list, tuple)):
        parts, start = [], 0
        for v in value:
            n = len(flat(v))
            parts.append(like_flat(vector[start : start + n], v))
            start += n
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, np.ndarray):
        return np.reshape(vector, value.shape).copy()
    return float(vector[0])


def differences(function: Callable[..., Any], values: Sequence[Any], directions: Sequence[Any], h: float = 1e-6) -> Any:
    """Return the central difference of a function along a direction, in one vector."""

    def moved(sign: float) -> Any:
        return flat(
            function(*[like_flat(flat(v) + sign * h * flat(d), v) for v, d in zip(values, directions, strict=True)])
        )

    return (moved(1.0) - moved(-1.0)) / (2 * h)
