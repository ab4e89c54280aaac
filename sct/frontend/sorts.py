"""What is a dict, a set or a sequence, as far as the text of one function says so.

In: the nodes of a function, before anything is known of kinds. Out: of an expression, whether a loop over it runs over
keys or over members.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from .. import core
from ..analysis.kinds import Kind
from ..walk import walk

Sort = Literal["dict", "set", "sequence", "unknown"]
_DISPLAYS: Mapping[type[ast.expr], Sort] = {
    **dict.fromkeys((ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp), "sequence"),
    **dict.fromkeys((ast.Dict, ast.DictComp), "dict"),
    **dict.fromkeys((ast.Set, ast.SetComp), "set"),
}
_MAKE_SEQUENCES = frozenset(
    f"builtins.{name}" for name in "list tuple sorted range zip map filter reversed enumerate".split()
)
_VIEWS = ("keys", "values", "items")


class Mappings:
    """Knows which variables hold dicts; `known` are the names that are bound before, `said` what is said of some."""

    def __init__(self, nodes: Iterable[ast.AST], known: Collection[str], said: Mapping[str, Sort]) -> None:
        self.known, self.said = known, said
        self.bound: dict[str, list[ast.expr]] = {}
        self.stores: dict[str, int] = {}
        for node in nodes:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                for target in (t for t in targets if isinstance(t, ast.Name)):
                    self.bound.setdefault(target.id, []).append(node.value)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.stores[node.id] = self.stores.get(node.id, 0) + 1

    def sort(self, expr: ast.expr) -> Sort:
        """Return what an expression is."""
        return self._sort(expr, ())

    def _sort(self, expr: ast.expr, seen: tuple[str, ...]) -> Sort:
        if (sort := _DISPLAYS.get(type(expr))) is not None:
            return sort
        if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
            return "sequence"
        if isinstance(expr, ast.BinOp):
            if not isinstance(expr.op, (ast.Add, ast.Sub, ast.BitOr, ast.BitAnd)):
                return "sequence"
            return next(
                (s for s in (self._sort(e, seen) for e in (expr.left, expr.right)) if s != "unknown"), "unknown"
            )
        if isinstance(expr, ast.Call):
            return self._made(expr, seen)
        return self._named(expr.id, seen) if isinstance(expr, ast.Name) and expr.id not in seen else "unknown"

    def _made(self, call: ast.Call, seen: tuple[str, ...]) -> Sort:
        name = core.qualname(call.func)
        if name in ("builtins.dict", "builtins.set", "builtins.frozenset"):
            return "dict" if name == "builtins.dict" else "set"
        if name in _MAKE_SEQUENCES or name.startswith("numpy."):
            return "sequence"
        if isinstance(call.func, ast.Attribute) and not call.args:
            if call.func.attr in _VIEWS:
                return "sequence"
            return self._sort(call.func.value, seen) if call.func.attr == "copy" else "unknown"
        return "unknown"

    def _named(self, name: str, seen: tuple[str, ...]) -> Sort:
        values = self.bound.get(name, [])
        sorts = {self._sort(value, (*seen, name)) for value in values}
        if name in self.known:
            sorts.add(self.said.get(name, "unknown"))
        if len(values) < self.stores.get(name, 0):
            sorts.add("unknown")
        if sorts <= {"dict", "unknown"} and "dict" in sorts:
            return "dict"
        return sorts.pop() if len(sorts) == 1 else "unknown"


def sort_of(kind: Kind) -> Sort:
    """Return what a value of a kind is."""
    return "dict" if kind.what == "dict" else "sequence" if kind.what in ("array", "list", "tuple") else "unknown"


def finds(key: ast.expr | None, name: str) -> bool:
    """Say whether a function finds what it is given in a dict: ``d.get``, ``lambda k: d[k]``."""
    if isinstance(key, ast.Attribute):
        return key.attr in ("get", "__getitem__") and getattr(key.value, "id", None) == name
    if not isinstance(key, ast.Lambda) or len(key.args.args) != 1:
        return False
    found = (n for n in walk(key.body) if isinstance(n, ast.Subscript) and getattr(n.value, "id", None) == name)
    return any(getattr(n.slice, "id", None) == key.args.args[0].arg for n in found)
