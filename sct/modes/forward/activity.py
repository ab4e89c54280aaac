"""Whether the values of expressions carry tangents, given the names that do at one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.keys import is_key
from sct.frontend.scopes import COMPREHENSIONS, Comprehension, bound
from sct.walk import walk


class FlowActivity(Activity):
    """Activity of expressions where the active names are those of one place."""

    def __init__(self, base: Activity) -> None:
        self.facts, self.alias, self.call_varies = base.facts, base.alias, base.call_varies
        self.varied = set()
        self._forget()

    def at(self, names: set[str]) -> FlowActivity:
        """Take `names` for the active ones; they may grow by names that nothing reads yet."""
        if names is not self.varied:
            self.varied = names
            self._forget()
        return self

    def _find(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        outer = self.varied
        if isinstance(expr, COMPREHENSIONS):
            parts = [expr.key, expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
            inner = self.at(self.inside(stmt, expr))
            found = any(inner.active(stmt, part) for part in parts)
        elif isinstance(expr, ast.Lambda):
            own = {a.arg for a in walk(expr.args) if isinstance(a, ast.arg)}
            found = self.at(self.varied - own).active(stmt, expr.body)
        else:
            return super()._find(stmt, expr)
        self.at(outer)
        return found

    def inside(self, stmt: ast.stmt, expr: Comprehension) -> set[str]:
        """Return the names that are active inside a comprehension."""
        outer = self.varied
        for generator in expr.generators:
            own = {b.name for b in bound([generator.target])}
            varied = {n for n, active in self.members(stmt, generator.target, generator.iter) if active}
            values = [expr.key, expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
            if is_key(generator.target, generator.iter, [*values, *generator.ifs]):
                varied = set()
            self.at(self.varied - own | varied)
        found = self.varied
        self.at(outer)
        return found

    def members(self, stmt: ast.stmt, target: ast.expr, source: ast.expr) -> Iterator[tuple[str, bool]]:
        """Yield the names that a loop over `source` binds, and whether each is active."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        args = source.args if isinstance(source, ast.Call) else []
        elts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        plain = bool(elts) and not any(isinstance(e, ast.Starred) for e in elts)
        if name == "builtins.zip" and plain and len(elts) == len(args):
            for sub, arg in zip(elts, args, strict=True):
                yield from self.members(stmt, sub, arg)
        elif name == "builtins.enumerate" and plain and len(elts) == 2 and args:
            yield from ((b.name, False) for b in bound([elts[0]]))
            yield from self.members(stmt, elts[1], args[0])
        elif name in _WALKS[2:] and plain and len(args) == 1:
            yield from self.members(stmt, target, args[0])
        elif is_items(source) and plain and len(elts) == 2:
            yield from ((b.name, False) for b in bound([elts[0]]))
            active = self.active(stmt, source)
            yield from ((b.name, active) for b in bound([elts[1]]))
        elif isinstance(source, (ast.Tuple, ast.List)) and plain and all(fits(e, elts) for e in source.elts):
            for i, sub in enumerate(elts):
                active = any(self.active(stmt, e.elts[i]) for e in source.elts)  # type: ignore[attr-defined]
                yield from ((b.name, active) for b in bound([sub]))
        else:
            active = self.iterates_active(stmt, source)
            yield from ((b.name, active) for b in bound([target]))

    def iterates_active(self, stmt: ast.stmt, source: ast.expr) -> bool:
        """Say whether a loop over `source` runs over active members."""
        if isinstance(source, ast.Call) and core.qualname(source.func) in _WALKS:
            return any(self.iterates_active(stmt, a) for a in source.args)
        if self.facts.kind(stmt, source).what == "dict":
            return False
        return self.active(stmt, source)


_WALKS = ("builtins.zip", "builtins.enumerate", "builtins.reversed", "builtins.list", "builtins.tuple")


def is_items(source: ast.expr) -> bool:
    """Say whether `source` is ``d.items()``."""
    return isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items"


def fits(node: ast.expr, elts: Sequence[ast.expr]) -> bool:
    if not isinstance(node, (ast.Tuple, ast.List)) or len(node.elts) != len(elts):
        return False
    return not any(isinstance(e, ast.Starred) for e in node.elts)
