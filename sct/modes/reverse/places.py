"""Places in arrays and containers: their indices, their roots, the places of their adjoints."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from sct import core
from sct.analysis import purity
from sct.analysis.kinds import Kind
from sct.modes.reverse.nodes import loads, number
from sct.nodes import load

#: Statements that add to a part of an array or a container, or take from it.
SCATTERS = ("numpy.add.at", "numpy.subtract.at", "sct.runtime.take_add", "sct.runtime.accumulate_at")


def as_index(index: ast.expr) -> ast.expr:
    """Return an argument that is an index as it stands in brackets: calls of ``slice`` as slices."""
    if isinstance(index, ast.Call) and core.qualname(index.func) == "builtins.slice":
        parts = [None if isinstance(a, ast.Constant) and a.value is None else a for a in index.args]
        lower, upper, step = [*parts, None, None, None][:3] if len(parts) > 1 else (None, parts[0], None)
        return ast.Slice(lower=lower, upper=upper, step=step)
    if isinstance(index, ast.Tuple):
        return ast.Tuple(elts=[as_index(e) for e in index.elts], ctx=ast.Load())
    return index


def loaded(target: ast.Subscript) -> ast.Subscript:
    base = target.value
    if isinstance(base, ast.Subscript):
        base = loaded(base)
    elif isinstance(base, ast.Name):
        base = load(base.id)
    return ast.Subscript(value=base, slice=target.slice, ctx=ast.Load())


def as_store(place: ast.Subscript) -> ast.Subscript:
    return ast.Subscript(value=place.value, slice=place.slice, ctx=ast.Store())


class Mirror(ast.NodeTransformer):
    def __init__(self, bars: Mapping[str, str], bases: set[str]) -> None:
        self.bars = bars
        self.bases = bases

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        return ast.Subscript(value=self.visit(node.value), slice=node.slice, ctx=node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return load(self.bars[node.id]) if node.id in self.bases else node


def shared_names(value: ast.expr) -> list[str]:
    """Return the names whose memory the value of an adjoint expression may share."""
    if isinstance(value, ast.Name):
        return [value.id]
    if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.Constant)):
        return []
    if isinstance(value, ast.Call):
        name = core.qualname(value.func)
        if name == "sct.runtime.check_seed" or (name and purity.makes_fresh(value)):
            return []
        parts = value.args[:1] if name in ("sct.runtime.unbroadcast", "sct.runtime.as_product") else value.args
        receiver = [value.func.value] if isinstance(value.func, ast.Attribute) else []
        return [n for part in [*receiver, *parts] for n in shared_names(part)]
    if isinstance(value, (ast.Subscript, ast.Attribute)):
        return shared_names(value.value)
    return list(loads([value]))


def shown(name: str, value: ast.expr | None = None) -> str:
    """Return a name for a message; a temporary is called by what it is bound to."""
    if not core.is_temporary(name):
        return name
    text = ast.unparse(value) if value is not None else "%"
    return "this value" if "%" in text or ":" in text else text


def of_numbers(kind: Kind) -> bool:
    """Say whether a list is known to hold numbers alone."""
    members = kind.items if kind.items is not None else (kind.element,) if kind.element is not None else (Kind(),)
    return all(m.what == "scalar" for m in members)


def reshaping(index: ast.expr, kind: Kind) -> ast.expr | None:
    """Return what takes away the axes that an index of whole slices puts in, None for any other index.

    `kind` is what is known of the value that is indexed: what is indexed by a slice and a new axis is an array.
    """
    steps = index.elts if isinstance(index, ast.Tuple) else []
    if kind.what != "array" and not (kind.what == "unknown" and any(isinstance(s, ast.Slice) for s in steps)):
        return None
    new = [s for s in steps if isinstance(s, ast.Constant) and s.value is None]
    rest = [s for s in steps if isinstance(s, ast.Slice) and not (s.lower or s.upper or s.step)]
    if not new or len(new) + len(rest) < len(steps):
        return None
    back: list[ast.expr] = [number(0) if isinstance(s, ast.Constant) else ast.Slice() for s in steps]
    return ast.Tuple(elts=back, ctx=ast.Load())
