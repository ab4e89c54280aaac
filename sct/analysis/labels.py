"""Keys of dicts that are active values, and come back as values.

In: a function and its activity. Out: a refusal of what may read such a key back. A key is a label, which has no
derivative: to find things by an active value is harmless, to compute with one that was a key has to be refused.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.aliasing import Aliases
from sct.analysis.keys import RUNNING, finds_members, is_key
from sct.analysis.program import Analyst
from sct.frontend.scopes import COMPREHENSIONS
from sct.walk import given, header, names, parameters, root_name, walk

_COPIES = ("builtins.dict", "copy.copy", "copy.deepcopy")
_GIVING = ("keys", "items", "popitem")  # methods of a dict that give keys back


def refuse_keys(
    node: ast.FunctionDef,
    activity: Activity,
    independents: Collection[str],
    analyst: Analyst,
    refuse: Callable[[ast.AST, str, str], object],
) -> None:
    """Refuse what may read keys back that active values have become."""
    if not _labelled(node, activity, analyst):
        return
    # What is a key has no memory, so that nothing which is written in place reaches it; an integer has no derivative.
    integers = _integers(node)
    alias = _without(_keys_in(node) | integers, activity.alias)
    active = [name for name in independents if name not in integers]
    closer = Activity(node, activity.facts, alias, active, call_writes=lambda key: analyst.effects(key).into)
    closer.without(integers)
    labelled = _labelled(node, closer, analyst)
    for part in _read_back(node, analyst):
        if isinstance(part, ast.Name) and part.id in labelled:
            refuse(part, "the keys of this dict are active values, and may be read here", "Keep them as values too.")


def _keys_in(node: ast.FunctionDef) -> set[str]:
    """Return the variables that find something under a key, and those that they are bound to."""
    found = {n.slice.id for n in walk(node) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Name)}
    bound = [s for s in walk(node) if isinstance(s, ast.Assign) and isinstance(s.value, ast.Name)]
    grown = True
    while grown:
        before = len(found)
        found |= {s.value.id for s in bound if isinstance(s.value, ast.Name) and _targets(s) & found}
        grown = len(found) > before
    return found


def _integers(node: ast.FunctionDef) -> set[str]:
    """Return the variables that a range or a slice takes for an integer."""
    found: set[str] = set()
    for part in walk(node):
        ends: list[ast.expr | None] = []
        if isinstance(part, ast.Slice):
            ends = [part.lower, part.upper, part.step]
        elif isinstance(part, ast.Call) and core.qualname(part.func) == "builtins.range":
            ends = [*part.args]
        found |= {e.id for e in ends if isinstance(e, ast.Name)}
    values: dict[str, list[ast.expr]] = {}
    for part in walk(node):
        targets = part.targets if isinstance(part, ast.Assign) else [part.target] if _rebinds(part) else []
        for target in targets:
            if isinstance(target, ast.Name):
                values.setdefault(target.id, []).append(part.value)  # type: ignore[attr-defined]
    stores = Counter(n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    while True:
        made = {n for n, v in values.items() if stores[n] == len(v) and all(_is_integer(e, found) for e in v)}
        if made <= found:
            return found
        found |= made


def _rebinds(node: ast.AST) -> TypeGuard[ast.AugAssign | ast.AnnAssign]:
    return isinstance(node, ast.AugAssign) or isinstance(node, ast.AnnAssign) and node.value is not None


def _is_integer(value: ast.expr | None, integers: Collection[str]) -> bool:
    if isinstance(value, ast.BinOp):
        return not isinstance(value.op, (ast.Div, ast.Pow)) and all(
            _is_integer(side, integers) for side in (value.left, value.right)
        )
    if isinstance(value, ast.Name):
        return value.id in integers
    return isinstance(value, ast.Constant) and isinstance(value.value, int)


def _without(names: Collection[str], alias: Aliases) -> Aliases:
    """Return alias classes that some names are in no more."""
    return replace(alias, members={k: tuple(n for n in group if n not in names) for k, group in alias.members.items()})


def _labelled(node: ast.FunctionDef, activity: Activity, analyst: Analyst) -> set[str]:
    """Return the names of dicts that may have active values for keys."""
    statements = [s for s in walk(node) if isinstance(s, ast.stmt)]
    members = {n for s in statements if isinstance(s, ast.For) for n in _only_labels(s, activity)}
    found: set[str] = set()
    for stmt in statements:
        for place, keys in _stores(stmt, analyst):
            active = any(activity.active(stmt, k) or isinstance(k, ast.Name) and k.id in members for k in keys)
            if active and activity.facts.kind(stmt, place).what in ("dict", "unknown"):
                found.add(root_name(place) or "")
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)) and stmt.value is not None:
            if _makes_labels(stmt, stmt.value, activity):
                found |= _targets(stmt)
    found -= {""}
    shared = [(n, _targets(s)) for s in statements if isinstance(s, (ast.Assign, ast.AnnAssign)) for n in _sources(s)]
    grown = True
    while grown:
        before = len(found)
        for name, targets in shared:
            if name in found or found & targets:  # another name for it, or a copy
                found |= {name, *targets}
        grown = len(found) > before
    return found


def _sources(stmt: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """Yield the names that an assignment may give another name, or whose keys it copies."""
    for part in _copied(stmt.value) if stmt.value is not None else ():
        if isinstance(part, ast.Name):
            yield part.id


def _only_labels(loop: ast.For, activity: Activity) -> Iterator[str]:
    """Yield what a loop over active members uses for keys alone: it counts as a key there, and might be none."""
    place = (loop.target, loop.iter, loop.body)
    if isinstance(loop.target, ast.Name) and is_key(*place) and not finds_members(*place):
        if activity.active(loop, ast.Starred(value=loop.iter, ctx=ast.Load())):
            yield loop.target.id


def _stores(stmt: ast.stmt, analyst: Analyst) -> Iterator[tuple[ast.expr, Sequence[ast.expr]]]:
    """Yield what may be a dict into which a statement stores, each with the keys."""
    for part in header(stmt):
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            yield part.value, [part.slice]
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in ("setdefault", "__setitem__"):
                yield part.func.value, part.args[:1]
        elif isinstance(part, ast.Call) and core.qualname(part.func).startswith("@"):
            name = core.qualname(part.func)
            by = _keys_of(name, analyst, set())
            for position in analyst.effects(name).written if by else ():
                if position < len(part.args):
                    yield part.args[position], [part.args[i] for i in by if i < len(part.args)]


def _targets(stmt: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
    return {name for target in targets if (name := root_name(target)) is not None}


def _body(name: str, analyst: Analyst) -> list[ast.stmt]:
    """Return the statements of what is called; what cannot be read has no active values, or is refused elsewhere."""
    node = analyst.program.followed(name)
    return node.body if node is not None else []


def _keys_of(name: str, analyst: Analyst, seen: set[str]) -> set[int]:
    """Return the positions of the arguments that a function stores something under."""
    if name in seen:
        return set()
    seen.add(name)
    body = _body(name, analyst)
    found: set[str] = set()
    for part in (n for stmt in body for n in walk(stmt)):
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            found |= names(part.slice)
        elif isinstance(part, ast.Call) and core.qualname(part.func).startswith("@"):
            inner = _keys_of(core.qualname(part.func), analyst, seen)
            found |= {n for i in inner if i < len(part.args) for n in names(part.args[i])}
    own = parameters(analyst.program.routine(name).node) if body else []
    return {i for i, parameter in enumerate(own) if parameter in found}


def _makes_labels(stmt: ast.stmt, value: ast.expr, activity: Activity) -> bool:
    """Say whether an expression makes a dict with active values for keys."""
    for part in walk(value):
        if isinstance(part, ast.Dict) and any(k is not None and activity.active(stmt, k) for k in part.keys):
            return True
        if isinstance(part, ast.DictComp) and _has_active_key(stmt, part, activity):
            return True
        if isinstance(part, ast.Call) and core.qualname(part.func) == "builtins.dict" and part.args:
            pairs = part.args[0]
            if isinstance(pairs, ast.Call) and core.qualname(pairs.func) == "builtins.zip" and pairs.args:
                if activity.active(stmt, pairs.args[0]):
                    return True
    return False


def _has_active_key(stmt: ast.stmt, made: ast.DictComp, activity: Activity) -> bool:
    """Say whether a comprehension makes keys of active values, and not of what is a key already."""
    inside = [made.key, made.value, *(test for g in made.generators for test in g.ifs)]
    for generator in made.generators:
        target, source = generator.target, generator.iter
        method = source.func.attr if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) else ""
        if method == "items" and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            target = target.elts[0]
        if isinstance(source, ast.Call) and isinstance(target, ast.Tuple) and isinstance(made.key, ast.Name):
            target, paired = _paired(made.key.id, target, source)
            if paired is None:
                return False
            source = paired
        if isinstance(made.key, ast.Name) and made.key.id in names(target):
            known = method in _GIVING or activity.is_dict(stmt, source) or is_key(target, source, inside)
            return not known and activity.active(stmt, source)
    return activity.active(stmt, made.key)


def _paired(key: str, target: ast.Tuple, source: ast.Call) -> tuple[ast.expr, ast.expr | None]:
    """Return what one name of a pair runs over; None for the count of `enumerate`."""
    name = core.qualname(source.func)
    place = next((i for i, part in enumerate(target.elts) if key in names(part)), 0)
    if name == "builtins.enumerate" and place == 0:
        return target, None
    whole = any(isinstance(part, ast.Starred) for part in (*target.elts, *source.args))
    if name == "builtins.zip" and not whole and len(source.args) == len(target.elts):
        return target.elts[place], source.args[place]
    return target, source


def _copied(value: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression takes the keys of, or may be itself."""
    if isinstance(value, ast.Name):
        yield value
    elif isinstance(value, ast.IfExp):
        yield from (*_copied(value.body), *_copied(value.orelse))
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        yield from (*_copied(value.left), *_copied(value.right))
    elif isinstance(value, ast.Dict):
        yield from (v for k, v in zip(value.keys, value.values, strict=True) if k is None)
    elif isinstance(value, ast.Call) and core.qualname(value.func) in _COPIES:
        yield from value.args
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "copy":
        yield value.func.value


def _read_back(node: ast.FunctionDef, analyst: Analyst) -> Iterator[ast.expr]:
    """Yield what gives its keys if it is a dict, unless things are only found by them."""
    looked_at: set[int] = set()
    for part in walk(node):  # what is inside comes later
        if isinstance(part, ast.For):
            looked_at.add(id(part.iter))
            yield from _found_otherwise(part.target, part.iter, part.body)
        elif isinstance(part, COMPREHENSIONS):
            values = [part.key, part.value] if isinstance(part, ast.DictComp) else [part.elt]
            for generator in part.generators:
                looked_at.add(id(generator.iter))
                yield from _found_otherwise(generator.target, generator.iter, [*values, *generator.ifs])
        elif isinstance(part, ast.Call):
            name = core.qualname(part.func)
            if name in RUNNING or name.startswith("@") and any(_runs(_body(name, analyst))):
                yield from given(part)
            elif isinstance(part.func, ast.Attribute) and part.func.attr in _GIVING and id(part) not in looked_at:
                yield part.func.value
        elif isinstance(part, ast.Starred):
            yield part.value
        elif isinstance(part, ast.Assign) and any(isinstance(t, (ast.Tuple, ast.List)) for t in part.targets):
            yield part.value


def _runs(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what may run over the keys of a dict in a function that is called."""
    for part in (n for stmt in body for n in walk(stmt)):
        if isinstance(part, (ast.For, ast.comprehension)):
            yield part
        elif isinstance(part, ast.Call):
            name = core.qualname(part.func)
            if name in RUNNING or name.startswith("@"):
                yield part


def _found_otherwise(target: ast.expr, source: ast.expr, inside: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """Yield what a loop runs over, unless it only finds things by the keys, or does not look at them."""
    method = source.func if isinstance(source, ast.Call) else None
    if isinstance(method, ast.Attribute) and method.attr in _GIVING:
        over = method.value
        if method.attr == "items":
            target = target.elts[0] if isinstance(target, ast.Tuple) and len(target.elts) == 2 else target
    else:
        over = source
    nodes = [n for part in inside for n in walk(part)]
    labels = {id(n.slice) for n in nodes if isinstance(n, ast.Subscript)}
    labels |= {id(c) for n in nodes if isinstance(n, ast.Compare) for c in (n.left, *n.comparators)}
    reads = [n for n in nodes if isinstance(n, ast.Name) and isinstance(target, ast.Name) and n.id == target.id]
    if not isinstance(target, ast.Name) or not all(id(n) in labels for n in reads):
        yield over
