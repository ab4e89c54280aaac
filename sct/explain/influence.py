"""Which variables are active, and why: the way from an independent to the result.

In: a function as the user wrote it and its analysis. Out: a `Variable` for each of its variables. Whether one variable
flows into another is what the activity analysis says when that one alone varies.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis.activity import Activity, Writes, flows
from sct.analysis.program import Analysis
from sct.explain.facts import Stop, Variable
from sct.walk import parameters, root_name, walk

RESULT = "the result"
_SHOWN = 8  # stops at either end of a long way


@dataclass
class Influence:
    """Which variable flows into which, at which line."""

    node: ast.FunctionDef
    analysis: Analysis
    independents: Sequence[str]
    writes: Writes
    into: dict[str, dict[str, int]] = field(default_factory=dict)  # target: source: line
    read_without: set[str] = field(default_factory=set)  # what active values reach without a derivative
    bound: dict[str, int] = field(default_factory=dict)  # where each variable is first bound

    def __post_init__(self) -> None:
        self.bound = dict.fromkeys(parameters(self.node), self.node.lineno)
        for stmt, target, value in flows(self.node.body, self.writes):
            for name, part in _parts(target, value):
                self._flow(stmt, name, part)
        for node in walk(self.node):
            if isinstance(node, ast.Return) and node.value is not None:
                self._flow(node, RESULT, node.value)
        for name in parameters(self.node):
            if self.analysis.alias.is_written(name) and name in self.into:
                self.into.setdefault(RESULT, {}).setdefault(name, self.node.lineno)

    def _flow(self, stmt: ast.stmt, target: str, value: ast.expr) -> None:
        line = getattr(stmt, "lineno", 0) or next((n.lineno for n in walk(stmt) if hasattr(n, "lineno")), 0)
        self.bound.setdefault(target, line)
        varied = self.analysis.activity.varied
        sources = {n.id for n in walk(value) if isinstance(n, ast.Name) and n.id in varied}
        for name in sorted(sources, key=self.order):
            if self._alone(name).active(stmt, value):
                self.into.setdefault(target, {}).setdefault(name, line)
            else:
                self.read_without.add(target)

    def order(self, name: str) -> tuple[int, str]:
        return self.bound.get(name, 0), name

    def _alone(self, name: str) -> Activity:
        """Return the activity of expressions if one name alone varied."""
        alone = copy.copy(self.analysis.activity)
        alone.varied = {name}
        alone._forget()
        return alone

    def variables(self) -> list[Variable]:
        """Return all variables of the user's, in the order in which they are bound."""
        names = [n for n in self.bound if n != RESULT and not core.is_temporary(n)]
        ahead = _ways(self.independents, self._out_of())
        back = _ways([RESULT], self.into)
        return [self.variable(name, ahead, back) for name in names]

    def variable(self, name: str, ahead: Mapping[str, str], back: Mapping[str, str]) -> Variable:
        line = self.bound[name]
        of = ", ".join(self.independents)
        if name not in ahead:
            why = f"depends on none of {of}" if len(self.independents) > 1 else f"does not depend on {of}"
            if name in self.read_without:
                why = f"depends on {of} only through what has no derivative: a comparison, a shape, an integer"
            return Variable(name, line, "constant", why, ())
        way = list(reversed(_way(ahead, name)))
        why = "is an independent" if way[0] == name else f"depends on {way[0]}"
        if name not in back:
            why = f"{why}, but the result does not depend on it"
            return Variable(name, line, "varied", why, self.path(way))
        return Variable(
            name, line, "active", f"{why}, and the result depends on it", self.path(way + _way(back, name)[1:])
        )

    def path(self, names: Sequence[str]) -> tuple[Stop, ...]:
        """Return the stops on a way, each with the line where it gets its value from the one before."""
        lines = [self.bound[names[0]], *(self.into[b][a] for a, b in zip(names, names[1:], strict=False))]
        stops = list(map(Stop, names, lines))
        if len(stops) > 2 * _SHOWN + 1:
            stops[_SHOWN:-_SHOWN] = [Stop("…", 0)]
        return tuple(stops)

    def ancestors(self, name: str) -> set[str]:
        """Return the variables that flow into one, itself included."""
        return set(_ways([name], self.into))

    def _out_of(self) -> dict[str, dict[str, int]]:
        turned: dict[str, dict[str, int]] = {}
        for target, sources in self.into.items():
            for source, line in sources.items():
                turned.setdefault(source, {})[target] = line
        return turned


def _ways(starts: Sequence[str], edges: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Return for all that the starts reach the one before it on the shortest way; a start is before itself."""
    found = {name: name for name in starts}
    todo = list(starts)
    for name in todo:  # it grows on the way
        for other in edges.get(name, {}):
            if other not in found:
                found[other] = name
                todo.append(other)
    return found


def _way(before: Mapping[str, str], name: str) -> list[str]:
    """Return the names from one back to a start."""
    way = [name]
    while before[name] != name:
        name = before[name]
        way.append(name)
    return way


def _parts(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables that a flow sets, each with the part of the value that it gets."""
    if value is None:
        return
    if isinstance(target, ast.Starred):
        yield from _parts(target.value, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        starred = [*target.elts, *(value.elts if isinstance(value, (ast.Tuple, ast.List)) else [])]
        if same and not any(isinstance(e, ast.Starred) for e in starred):
            for sub, part in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                yield from _parts(sub, part)
        else:
            for sub in target.elts:
                yield from _parts(sub, value)
    else:
        name = root_name(target)
        if name is not None:
            yield name, value
