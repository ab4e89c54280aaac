"""What calling a function does to the memory of its arguments.

In: a function, the kinds of the values in it, the effects of what it calls. Out: its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sct import core
from sct.analysis import purity
from sct.analysis.activity import KEEPERS, Activity
from sct.analysis.aliasing import IMMUTABLE, Aliases, CallEffects, Effects, aliases
from sct.analysis.copies import uncertain
from sct.analysis.infer import Facts
from sct.analysis.points import Points
from sct.walk import children, parameters, root_name, walk

#: Methods that change a list, a dict or a set, and put nothing into it that was not there.
_GIVING_NOTHING = tuple("pop popleft popitem sort reverse clear remove discard rotate".split())


def find_effects(node: ast.FunctionDef, facts: Facts, effects: CallEffects, recursive: bool) -> Effects:
    """Return the effects of a function."""
    names = parameters(node)
    alias = aliases(node, facts, effects)
    points = Points(node, facts, effects)
    written = frozenset(i for i, name in enumerate(names) if points.writes(name))
    unsure = aliases(node, facts, effects, dicts=True)
    slots = frozenset(i for i in written if not unsure.is_memory_written(names[i]))
    members = frozenset(i for i in written if points.writes_members(names[i]))
    returned = _returned_names(node, facts)
    groups: dict[str, set[int]] = {}
    for i, name in enumerate(names):
        groups.setdefault(alias.find(name), set()).add(i)
    for name in returned:
        groups.setdefault(alias.find(name), set()).add(-1)
    shared = tuple(frozenset(g) for g in groups.values() if len(g) > 1)
    tangled, member = _tangled(node, facts, alias), _gives_member(node, facts)
    copied = {alias.find(c.name) for c in uncertain(node, facts, effects) if c.name}
    copies = any(alias.find(n) in copied for n in returned) or _returns_copy(node, facts)
    into = _into(node, facts, alias, effects, written)
    return Effects(into, slots, members, shared, tangled, member, recursive, copies, points.leads(names))


def _into(
    node: ast.FunctionDef, facts: Facts, alias: Aliases, effects: CallEffects, written: frozenset[int]
) -> Mapping[int, frozenset[int]]:
    """Return for each argument that is written those on which what is written may depend."""
    names = parameters(node)
    into: dict[int, set[int]] = {i: set() for i in written}
    for source, name in enumerate(names if written else ()):
        varied = Activity(node, facts, alias, [name], call_writes=lambda key: effects(key).into).varied
        for i in written:
            if names[i] in varied:
                into[i].add(source)
    unknown = {n for base in _written_somehow(node) for n in alias.seeing(base)}
    every = frozenset(range(len(names)))
    return {i: every if names[i] in unknown else frozenset(found) for i, found in into.items()}


def _written_somehow(node: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that are written by calls of which the activity does not know what they write."""
    for call in (n for n in walk(node) if isinstance(n, ast.Call)):
        name = core.qualname(call.func)
        method = call.func.attr if isinstance(call.func, ast.Attribute) and not name else ""
        if not name.startswith("@") and name not in core.WRITERS and method not in (*KEEPERS, *_GIVING_NOTHING):
            yield from (base for place in purity.written_by(call) for base in [root_name(place)] if base)


def _gives_member(node: ast.FunctionDef, facts: Facts) -> bool:
    """Say whether a function returns one member of something, found by integers: rather a number than an array."""
    returns = [s for s in walk(node) if isinstance(s, ast.Return) and s.value is not None]
    members = [s for s in returns if isinstance(s.value, ast.Subscript)]
    indices = [(s, s.value.slice) for s in members if isinstance(s.value, ast.Subscript)]
    steps = [(s, step) for s, i in indices for step in (i.elts if isinstance(i, ast.Tuple) else [i])]
    whole = len(members) == len(returns) > 0
    named = [facts.kind(s, i).what in ("scalar", "unknown") and not isinstance(i, ast.Slice) for s, i in steps]
    return whole and all(named)


def _returned_names(node: ast.FunctionDef, facts: Facts) -> list[str]:
    out: list[str] = []
    for stmt in walk(node):
        if isinstance(stmt, ast.Return) and stmt.value is not None:
            if facts.kind(stmt, stmt.value).what in IMMUTABLE:
                continue
            out += [n.id for n in _shared_nodes(stmt.value)]
    return out


def _returns_copy(node: ast.FunctionDef, facts: Facts) -> bool:
    """Say whether a function returns ``x.copy()`` of what may be a list."""
    returns = [s for s in walk(node) if isinstance(s, ast.Return) and s.value is not None]
    copied = [(s, core.shallow_copied(s.value)) for s in returns if s.value is not None]
    return any(c is not None and facts.kind(s, c).what == "unknown" for s, c in copied)


def _tangled(node: ast.FunctionDef, facts: Facts, alias: Aliases) -> bool:
    """Say whether the members of what is returned may share memory with each other that no argument has."""
    given = {alias.find(name) for name in parameters(node)}
    for stmt in walk(node):
        if isinstance(stmt, ast.Return) and stmt.value is not None:
            members = stmt.value.elts if isinstance(stmt.value, (ast.Tuple, ast.List)) else [stmt.value, stmt.value]
            wide = [m for m in members if facts.kind(stmt, m).what not in IMMUTABLE]
            classes = [{alias.find(n.id) for n in _shared_nodes(m)} - given for m in wide]
            if sum(map(len, classes)) > len(set().union(*classes)):
                return True
    return False


def _shared_nodes(expr: ast.expr) -> list[ast.Name]:
    """Return the names whose memory the value of a returned expression may share."""
    if isinstance(expr, ast.Name):
        return [] if ":" in expr.id else [expr]
    if isinstance(expr, (ast.BinOp, ast.Compare, ast.UnaryOp, ast.Constant, ast.JoinedStr)):
        return []
    if isinstance(expr, ast.Subscript) and core.qualname(expr.value) not in core.JOINING:
        return _shared_nodes(expr.value)
    parts = [c.value if isinstance(c, ast.keyword) else c for c in children(expr)]
    return [n for part in parts if isinstance(part, ast.expr) for n in _shared_nodes(part)]
