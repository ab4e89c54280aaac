"""Renaming instead of saving.

In: a flattened function and the straight-line assignments that overwrite a value which the reverse sweep reads. Out:
the function in which each of these binds a new name, so that nothing has to be saved: ``x = sin(x)`` becomes
``x_2 = sin(x)``, and what follows reads ``x_2``. Versions count per name.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.frontend.structure import Fresh
from sct.modes.reverse.nodes import Node, Step
from sct.walk import clone, walk


def straight_saves(nodes: Sequence[Node], node: ast.FunctionDef, analysis: Analysis) -> dict[ast.stmt, list[str]]:
    """Return the assignments at the top level of the function that save a name, which can be renamed instead."""
    top = set(node.body)
    out: dict[ast.stmt, list[str]] = {}
    for step in nodes:
        if not isinstance(step, Step) or step.stmt not in top or not step.save:
            continue
        if isinstance(step.stmt, ast.Assign) and len(step.stmt.targets) == 1:
            targets = step.stmt.targets[0]
            names = [n.id for n in walk(targets) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            out[step.stmt] = [n for n in names if n in step.save]
        elif isinstance(step.stmt, ast.AugAssign) and isinstance(step.stmt.target, ast.Name):
            kind = analysis.facts.name_after(step.stmt, step.stmt.target.id)
            if kind.what == "scalar":
                out[step.stmt] = [step.stmt.target.id]
    return {s: names for s, names in out.items() if names}


def rebound(flat: Flat, analysis: Analysis) -> dict[ast.stmt, list[str]]:
    """Return the assignments at the top level that bind a name anew whose memory is written under another name.

    With names of their own, two arrays that have nothing to do with each other are not taken for one, and a number
    that is a member of something is not taken for an array.
    """
    a = flat.node.args
    seen = {arg.arg for arg in [*a.posonlyargs, *a.args, *a.kwonlyargs]}
    out: dict[ast.stmt, list[str]] = {}
    alias = analysis.alias
    for stmt in flat.node.body:
        target = stmt.targets[0] if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 else None
        if isinstance(target, ast.Name) and target.id in seen:
            mutable = analysis.facts.name_after(stmt, target.id).what not in IMMUTABLE
            if alias.is_written(target.id) and (alias.is_shared(target.id) or not mutable):
                out[stmt] = [target.id]
        seen |= {n.id for n in walk(stmt) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return out


def rename(flat: Flat, saves: Mapping[ast.stmt, Sequence[str]], used: set[str]) -> Flat:
    """Give each of these assignments a new name to bind; `used` is extended by the new names."""
    fresh = Fresh(used)
    current: dict[str, str] = {}
    origin: dict[ast.stmt, ast.stmt] = {}
    body: list[ast.stmt] = []
    for stmt in flat.node.body:
        names = saves.get(stmt, ())
        reader = _Renamer(dict(current), flat, origin)
        if names and isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            old = stmt.target.id
            plain = ast.copy_location(
                ast.Assign(
                    targets=[stmt.target],
                    value=ast.BinOp(left=ast.Name(id=old, ctx=ast.Load()), op=stmt.op, right=stmt.value),
                ),
                stmt,
            )
            origin_of = flat.origin.get(stmt)
            current[old] = fresh.name(f"{old}_2")
            new = ast.copy_location(
                ast.Assign(
                    targets=[ast.Name(id=current[old], ctx=ast.Store())], value=reader.visit(clone(plain.value))
                ),
                stmt,
            )
            if origin_of is not None:
                origin[new] = origin_of
            body.append(new)
            continue
        if names and isinstance(stmt, ast.Assign):
            value = reader.visit(clone(stmt.value))
            for name in names:
                current[name] = fresh.name(f"{name}_2")
            writer = _Renamer(dict(current), flat, origin)
            target = writer.visit(clone(stmt.targets[0]))
            new = ast.copy_location(ast.Assign(targets=[target], value=value), stmt)
            if stmt in flat.origin:
                origin[new] = flat.origin[stmt]
            body.append(new)
            continue
        body.append(reader.statement(stmt))
    used |= fresh.used
    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": body}
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str], flat: Flat, origin: dict[ast.stmt, ast.stmt]) -> None:
        self.names = names
        self.flat = flat
        self.origin = origin

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self.names:
            return ast.copy_location(ast.Name(id=self.names[node.id], ctx=node.ctx), node)
        return node

    def statement(self, stmt: ast.stmt) -> ast.stmt:
        """Return a statement with the names replaced, blocks and origins included."""
        if not self.names or not self._touches(stmt):
            self._keep(stmt)
            return stmt
        changed: dict[str, Any] = {}
        for name, value in ast.iter_fields(stmt):
            if name in ("body", "orelse", "finalbody"):
                changed[name] = [self.statement(s) for s in value]
            elif isinstance(value, ast.expr):
                changed[name] = self.visit(clone(value))
            elif isinstance(value, list):
                changed[name] = [self.visit(clone(v)) if isinstance(v, ast.expr) else v for v in value]
            else:
                changed[name] = value
        new = ast.copy_location(type(stmt)(**changed), stmt)
        if stmt in self.flat.origin:
            self.origin[new] = self.flat.origin[stmt]
        return new

    def _touches(self, stmt: ast.stmt) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self.names for n in walk(stmt))

    def _keep(self, stmt: ast.stmt) -> None:
        for node in walk(stmt):
            if isinstance(node, ast.stmt) and node in self.flat.origin:
                self.origin[node] = self.flat.origin[node]
