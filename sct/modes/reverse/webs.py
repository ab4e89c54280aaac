"""Names that are used again for something else.

In: a flattened function and its analysis. Out: the function in which bindings of one name that no read has in common
have names of their own. What is written in place under one of them is then not taken for what the other holds: a
value that comes from a tape under the name of a variable is not that variable.
"""

from __future__ import annotations

import ast
from typing import Any

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.program import Analysis
from sct.analysis.reach import Reach, State, head
from sct.frontend.flatten import Flat
from sct.frontend.structure import Fresh
from sct.walk import parameters, walk

_OPAQUE = (ast.Try, ast.TryStar, ast.With, ast.Match, ast.Delete, ast.Lambda, ast.NamedExpr)


def split(flat: Flat, analysis: Analysis, used: set[str]) -> Flat:
    """Give names of their own to bindings that have nothing in common; `used` is extended by the new names."""
    if any(isinstance(n, _OPAQUE) for n in walk(flat.node)):
        return flat
    webs = _Webs(flat.node)
    fresh = Fresh(used)
    new: dict[int, str] = {}  # by the first binding of a web
    for name, firsts in webs.by_name().items():
        if len(firsts) > 1 and _is_contested(name, analysis):
            new.update((first, fresh.name(f"{name}_2")) for first in firsts[1:])
    if not new:
        return flat
    used |= fresh.used
    origin: dict[ast.stmt, ast.stmt] = {}
    body = [_renamed(stmt, webs, new, flat, origin) for stmt in flat.node.body]
    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": body}
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


def _is_contested(name: str, analysis: Analysis) -> bool:
    """Say whether memory is written that a name may stand for, in some of its bindings."""
    if core.is_temporary(name) or not analysis.alias.is_written(name):
        return False
    return any(after[name].what not in IMMUTABLE for after in analysis.facts.after.values() if name in after)


class _Webs:
    """The bindings of a function, those that one read may have met joined."""

    def __init__(self, node: ast.FunctionDef) -> None:
        self.leader: list[int] = []
        self.names: list[str] = []
        self.places: dict[tuple[ast.stmt | None, str], int] = {}
        state: State = {name: frozenset([self.define(name, None)]) for name in parameters(node)}
        reach = Reach(self.define)
        reach.block(node.body, state)
        self.reaching = reach.reaching
        for stmt in self.reaching:
            augmented = stmt.target if isinstance(stmt, ast.AugAssign) else None
            for name in (n for n in head(stmt) if isinstance(n, ast.Name)):
                if isinstance(name.ctx, ast.Load) or name is augmented:
                    found = sorted(self.reaching[stmt].get(name.id, ()))
                    own = [self.places[stmt, name.id]] if name is augmented else []
                    self.join([*found, *own])

    def define(self, name: str, stmt: ast.stmt | None) -> int:
        if (stmt, name) not in self.places:
            self.places[stmt, name] = len(self.names)
            self.leader.append(len(self.names))
            self.names.append(name)
        return self.places[stmt, name]

    def find(self, binding: int) -> int:
        while self.leader[binding] != binding:
            binding = self.leader[binding]
        return binding

    def join(self, bindings: list[int]) -> None:
        leaders = [self.find(b) for b in bindings]
        for leader in leaders:
            self.leader[leader] = min(leaders)

    def by_name(self) -> dict[str, list[int]]:
        """Return the first bindings of the webs of each name, in the order of the text."""
        found: dict[str, list[int]] = {}
        for binding, name in enumerate(self.names):
            if self.find(binding) == binding:
                found.setdefault(name, []).append(binding)
        return found

    def web(self, stmt: ast.stmt, name: ast.Name) -> int:
        """Return the first binding of the web that a name in the head of a statement belongs to; -1 for none."""
        if isinstance(name.ctx, ast.Load):
            places = self.reaching.get(stmt, {}).get(name.id, frozenset())
            return self.find(min(places)) if places else -1
        place = self.places.get((stmt, name.id))
        return -1 if place is None else self.find(place)


def _renamed(
    stmt: ast.stmt, webs: _Webs, new: dict[int, str], flat: Flat, origin: dict[ast.stmt, ast.stmt]
) -> ast.stmt:
    """Return a statement with the new names, blocks and origins included."""
    blocks = {f: getattr(stmt, f) for f in ("body", "orelse") if hasattr(stmt, f)}
    renamed = {f: [_renamed(s, webs, new, flat, origin) for s in stmts] for f, stmts in blocks.items()}
    names = {id(n): new[w] for n in head(stmt) if isinstance(n, ast.Name) and (w := webs.web(stmt, n)) in new}
    made = stmt
    if names or any(a is not b for f in blocks for a, b in zip(renamed[f], blocks[f], strict=True)):
        fields = {f: getattr(stmt, f) for f in stmt._fields} | renamed
        for field, value in fields.items():
            if field not in blocks:
                fields[field] = _put(value, names)
        made = ast.copy_location(type(stmt)(**fields), stmt)
    if stmt in flat.origin:
        origin[made] = flat.origin[stmt]
    return made


def _put(value: Any, names: dict[int, str]) -> Any:
    """Return a copy of an expression, or of several, with other names in some places."""
    if isinstance(value, list):
        return [_put(v, names) for v in value]
    if not isinstance(value, ast.AST):
        return value
    if isinstance(value, ast.Name) and id(value) in names:
        return ast.copy_location(ast.Name(id=names[id(value)], ctx=value.ctx), value)
    return ast.copy_location(type(value)(**{f: _put(v, names) for f, v in ast.iter_fields(value)}), value)
