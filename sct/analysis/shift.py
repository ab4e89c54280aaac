"""Shifts that cancel: the maximum in a log-sum-exp, a softmax, a normalised weight.

In: a flattened function and its facts. Out: the names of maxima and minima on which no value depends, although many
are computed with them: ``m + log(sum(exp(x - m)))`` is the same for every m, so its derivative by m is exactly zero,
and a person who differentiates it leaves m alone. A value whose dependence on m is known is either shifted with it,
``v(m + d) = v(m) + c * d``, or scaled, ``v(m + d) = v(m) * exp(c * d)``; where c comes to zero the dependence ends.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sct import core, rules
from sct.analysis.infer import Facts
from sct.walk import walk

#: How a value lies to the operand of the maximum: one number for all; of its shape; with the axis of the maximum kept
#: as one, or dropped.
Layout = Literal["one", "full", "kept", "dropped"]


@dataclass(frozen=True)
class _Shift:
    """How a value depends on the maximum."""

    scaled: bool
    c: float
    layout: Layout


def cancelled(node: ast.FunctionDef, facts: Facts) -> frozenset[str]:
    """Return the names of the maxima and minima on which nothing depends in the end."""
    loads: Counter[str] = Counter()
    stores: Counter[str] = Counter()
    for part in walk(node):
        if isinstance(part, ast.Name):
            (loads if isinstance(part.ctx, ast.Load) else stores)[part.id] += 1
    found = set()
    for block in _blocks(node.body):
        for position, stmt in enumerate(block):
            origin = _origin(stmt)
            if origin is not None and _Follower(stmt, origin, facts, loads, stores).ends(block[position + 1 :]):
                found.add(origin[0])
    return frozenset(found)


def _blocks(body: Sequence[ast.stmt]) -> Iterator[Sequence[ast.stmt]]:
    yield body
    for stmt in body:
        if isinstance(stmt, (ast.If, ast.For, ast.While)):
            yield from _blocks(stmt.body)
            yield from _blocks(stmt.orelse)


def _origin(stmt: ast.stmt) -> tuple[str, str, str, Layout] | None:
    """Return the name, the operand, the axis and the layout of a maximum or minimum."""
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Name) or len(stmt.targets) > 1:
        return None
    match = _matched(stmt.value)
    if match is None or match.rule.name not in ("max", "min") or not match.qualname.startswith("numpy."):
        return None
    operand = match.args[match.operands[0]] if match.operands else None
    axis = ast.unparse(match.args["axis"]) if "axis" in match.args else "None"
    keepdims = match.args.get("keepdims")
    kept = isinstance(keepdims, ast.Constant) and keepdims.value is True
    if keepdims is not None and not (isinstance(keepdims, ast.Constant) and isinstance(keepdims.value, bool)):
        return None
    if not isinstance(operand, ast.Name) or set(match.args) - {match.operands[0], "axis", "keepdims"}:
        return None
    name = stmt.targets[0].id
    if axis == "None":
        return (name, operand.id, axis, "one")
    if not axis.lstrip("-").isdigit():
        return None
    return (name, operand.id, axis, "kept" if kept else "dropped")


class _Follower:
    """Follows the values that depend on one maximum through the statements of its block."""

    def __init__(
        self,
        stmt: ast.stmt,
        origin: tuple[str, str, str, Layout],
        facts: Facts,
        loads: Counter[str],
        stores: Counter[str],
    ) -> None:
        name, self.operand, self.axis, layout = origin
        self.facts, self.loads, self.stores = facts, loads, stores
        self.shape = facts.kind(stmt, ast.Name(id=self.operand, ctx=ast.Load())).shape
        self.state = {name: _Shift(False, 1.0, layout)}
        self.full: set[str] = {self.operand}  # names of values that have the shape of the operand
        self.seen: Counter[str] = Counter()
        self.alone = stores[name] == 1 and stores[self.operand] <= 1
        self.stmt = stmt

    def ends(self, rest: Sequence[ast.stmt]) -> bool:
        """Say whether the dependence ends in every value that is read further on."""
        if not self.alone:
            return False
        for stmt in rest:
            read = [n.id for n in walk(stmt) if isinstance(n, ast.Name) and n.id in self.state]
            if not read:
                continue
            self.seen.update(read)
            if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1 or not isinstance(stmt.targets[0], ast.Name):
                return False
            target = stmt.targets[0].id
            self.stmt = stmt
            result = self.value(stmt.value)
            if result is None or self.stores[target] != 1:
                return False
            if result.layout == "full":
                self.full.add(target)
            if result.c:
                self.state[target] = result
        return all(self.seen[name] == self.loads[name] for name in self.state)

    def value(self, expr: ast.expr) -> _Shift | None:
        """Return how the value of one operation depends on the maximum; None where that is not known."""
        if isinstance(expr, ast.Name):
            return self.state.get(expr.id)
        if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub):
            inner = self.part(expr.operand)
            return inner and _Shift(inner.scaled, inner.c if inner.scaled else -inner.c, inner.layout)
        if isinstance(expr, ast.BinOp):
            return self.binary(expr)
        if isinstance(expr, ast.Subscript):
            return self.indexed(expr)
        match = _matched(expr)
        if match is None or len(match.operands) != 1:
            return None
        inner = self.part(match.args[match.operands[0]])
        if inner is None:
            return None
        name = match.rule.name
        if name in ("exp", "log") and len(match.args) == 1 and inner.scaled is (name == "log"):
            return _Shift(not inner.scaled, inner.c, inner.layout)
        if name in ("sum", "mean"):
            return self.reduced(match, inner, name == "mean")
        if name in ("expand_dims", "squeeze") and self.at(match.args.get("axis")):
            grows = name == "expand_dims"
            if inner.layout == ("dropped" if grows else "kept"):
                return _Shift(inner.scaled, inner.c, "kept" if grows else "dropped")
        return None

    def part(self, expr: ast.expr) -> _Shift | None:
        return self.state.get(expr.id) if isinstance(expr, ast.Name) else None

    def at(self, axis: ast.expr | None) -> bool:
        return axis is not None and ast.unparse(axis) == self.axis

    def reduced(self, match: rules.Match, inner: _Shift, is_mean: bool) -> _Shift | None:
        """A sum keeps a scaling, a mean a shift too, where all that it joins moves alike."""
        if not inner.scaled and not is_mean or set(match.args) - {match.operands[0], "axis", "keepdims"}:
            return None
        if inner.layout == "one":
            return inner
        keepdims = match.args.get("keepdims")
        if inner.layout != "full" or not self.at(match.args.get("axis")):
            return None
        if keepdims is not None and not isinstance(keepdims, ast.Constant):
            return None
        kept = keepdims is not None and keepdims.value is True
        return _Shift(inner.scaled, inner.c, "kept" if kept else "dropped")

    def indexed(self, expr: ast.Subscript) -> _Shift | None:
        """``m[:, 0]`` drops axis 1, ``m[:, None]`` makes one."""
        inner = self.part(expr.value)
        if inner is None or inner.layout not in ("kept", "dropped"):
            return None
        steps = expr.slice.elts if isinstance(expr.slice, ast.Tuple) else [expr.slice]
        *before, last = steps
        whole = all(isinstance(s, ast.Slice) and not (s.lower or s.upper or s.step) for s in before)
        dots = len(before) == 1 and isinstance(before[0], ast.Constant) and before[0].value is ...
        if not (whole and self.axis == str(len(before)) or dots and self.axis == "-1"):
            return None
        if inner.layout == "kept" and isinstance(last, ast.Constant) and type(last.value) is int and last.value == 0:
            return _Shift(inner.scaled, inner.c, "dropped")
        new = isinstance(last, ast.Constant) and last.value is None or core.qualname(last) == "numpy.newaxis"
        return _Shift(inner.scaled, inner.c, "kept") if inner.layout == "dropped" and new else None

    def binary(self, expr: ast.BinOp) -> _Shift | None:
        left, right = self.part(expr.left), self.part(expr.right)
        layout = self.joined(expr)
        if layout is None:
            return None
        a, b = left or _Shift(False, 0.0, layout), right or _Shift(False, 0.0, layout)
        if isinstance(expr.op, (ast.Add, ast.Sub)):
            sign = 1.0 if isinstance(expr.op, ast.Add) else -1.0
            if not a.scaled and not b.scaled:
                return _Shift(False, a.c + sign * b.c, layout)
            return _Shift(True, a.c, layout) if a.scaled and b.scaled and a.c == b.c else None
        if isinstance(expr.op, (ast.Mult, ast.Div)):
            sign = 1.0 if isinstance(expr.op, ast.Mult) else -1.0
            if (left is None or left.scaled) and (right is None or right.scaled):
                return _Shift(True, a.c + sign * b.c, layout)
        return None

    def joined(self, expr: ast.BinOp) -> Layout | None:
        """Return the layout of an elementwise result; None where elements might meet that move differently."""
        layouts: set[Layout] = set()
        for side in (expr.left, expr.right):
            state = self.part(side)
            if state is not None:
                layouts.add(state.layout)
            elif self.is_full(side):
                layouts.add("full")
            elif self.facts.kind(self.stmt, side).what != "scalar":
                layouts.add("one")  # of a shape that is not known
        if any(s is not None and s.layout == "one" for s in (self.part(expr.left), self.part(expr.right))):
            return "one"
        if not layouts or "one" in layouts or "dropped" in layouts and len(layouts) > 1 and not self._leads(layouts):
            return None
        return "full" if "full" in layouts else next(iter(layouts))

    def _leads(self, layouts: set[Layout]) -> bool:
        """A dropped first axis comes back by broadcasting: ``x - np.max(x, axis=0)``."""
        return self.axis == "0" and layouts == {"full", "dropped"}

    def is_full(self, side: ast.expr) -> bool:
        if isinstance(side, ast.Name) and side.id in self.full:
            return True
        return self.shape is not None and self.facts.kind(self.stmt, side).shape == self.shape


def _matched(expr: ast.expr) -> rules.Match | None:
    try:
        return rules.match(expr)
    except rules.Unsupported:
        return None
