"""What annotations say of the kinds of parameters.

In: an annotation. Out: a `Kind`, or None where it says nothing that matters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from sct.analysis.kinds import BOOL, FLOAT, INT, NO_AXES, REAL, TEXT, UNKNOWN, Kind, Shape, sized
from sct.analysis.sizes import minus, plus, product


def annotated(name: str, annotation: ast.expr | None, alias_of: Callable[[str], ast.expr | None]) -> Kind | None:
    """Return the kind that an annotation states, None where it states none that matters."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(annotation, ast.Name) and annotation.id not in _PLAIN:
        found = alias_of(annotation.id)
        if found is not None and not (isinstance(found, ast.Name) and found.id == annotation.id):
            return annotated(name, found, lambda n: None)
    if isinstance(annotation, (ast.Name, ast.Attribute)):
        last = annotation.id if isinstance(annotation, ast.Name) else annotation.attr
        if last in _PLAIN:
            return _PLAIN[last]
        if last == "ndarray":
            return Kind("array", "unknown", Shape(name))
        if last in ("list", "List"):
            return Kind("list")
        if last in ("tuple", "Tuple"):
            return Kind("tuple")
        return Kind("dict") if last in ("dict", "Dict") else None
    if isinstance(annotation, ast.Subscript):
        base = annotation.value
        last = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        if last in ("NDArray", "ndarray"):
            text = ast.unparse(annotation.slice)
            return Kind("array", "float" if "float" in text else "unknown", Shape(name))
        if last in ("Float", "Float64", "Float32", "Num", "Real", "Int", "Shaped"):
            return _jaxtyping(name, last, annotation.slice)
        if last in ("list", "List"):
            inner = annotated(name, annotation.slice, alias_of)
            scalar = inner is not None and inner.what == "scalar"
            return Kind("list", element=inner if scalar else None)
        if last in ("dict", "Dict", "Mapping"):
            return Kind("dict")
        if last in ("tuple", "Tuple"):
            return _tuple(name, annotation.slice, alias_of)
    return None


def _tuple(name: str, inside: ast.expr, alias_of: Callable[[str], ast.expr | None]) -> Kind:
    """Return what a tuple holds: a kind for each member, where their number is said."""
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    if any(isinstance(p, ast.Constant) and p.value is ... for p in parts):
        return Kind("tuple")
    return Kind("tuple", items=tuple(annotated(f"{name}[{i}]", p, alias_of) or UNKNOWN for i, p in enumerate(parts)))


_PLAIN = {
    "float": REAL,
    "int": INT,
    "bool": BOOL,
    "str": TEXT,
    "complex": Kind("scalar", "complex", NO_AXES),
    "floating": REAL,
    "float64": FLOAT,
    "float32": FLOAT,
}


def _jaxtyping(name: str, family: str, inside: ast.expr) -> Kind | None:
    if not isinstance(inside, ast.Tuple) or len(inside.elts) != 2 or not isinstance(inside.elts[1], ast.Constant):
        return None
    text = str(inside.elts[1].value).strip()
    dims = text.split()
    dtype = "float" if family.startswith("Float") else "int" if family == "Int" else "unknown"
    if not dims:
        return Kind("scalar", dtype, NO_AXES)  # type: ignore[arg-type]
    sizes = [_size(dim) for dim in dims]
    if None in sizes:
        return Kind("array", dtype, Shape(name))  # type: ignore[arg-type]
    return Kind("array", dtype, sized([s for s in sizes if s]))  # type: ignore[arg-type]


def _size(dim: str) -> str | None:
    """Return the name of a size as it stands in an annotation, which may be arithmetic; None for any other form."""
    if re.search(r"[.#?=]|^_$|^\*", dim):
        return None
    try:
        node = ast.parse(dim, mode="eval").body
    except SyntaxError:
        return None
    return _arithmetic(node)


def _arithmetic(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return str(node.value)
    if isinstance(node, ast.BinOp):
        left, right = _arithmetic(node.left), _arithmetic(node.right)
        combine = {ast.Add: plus, ast.Sub: minus, ast.Mult: product}.get(type(node.op))
        return None if left is None or right is None or combine is None else combine(left, right)
    return None
