"""Which globals a program changes while it runs.

In: the routines of a program. Out: the qualified names of the globals that they bind or write. The reverse sweep runs
when all of it is done: what it needs of such a global must be read, and kept, in the forward sweep.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from sct import core
from sct.analysis import purity
from sct.analysis.aliasing import Effects
from sct.walk import children, start_of, walk

#: The globals that a program changes, each with the routines and their local names that it is changed by; the name is
#: "" for what changes it by its own. There are none of those for a number, which is bound anew.
Changed = Mapping[str, frozenset[tuple[str, str]]]


_COPIES = tuple(f"builtins.{name}" for name in ("list", "tuple", "sorted", "set", "dict"))


def changed_globals(
    routines: Iterable[ast.FunctionDef], effects: Callable[[str], Effects], immutable: Callable[[str], bool]
) -> Changed:
    """Return the globals that routines bind or write in place, and by which names; `immutable` says what cannot be."""
    found: dict[str, set[tuple[str, str]]] = {}
    for routine in routines:
        names = _names_for_globals(routine, effects, immutable)
        for node in walk(routine):
            for name in (name for place in _written(node, effects) for name in _roots(place)):
                if name.startswith("="):
                    found.setdefault(name, set()).add((routine.name, ""))
                for known in names.get(name, ()):
                    found.setdefault(known, set()).add((routine.name, name))
    return {name: frozenset(() if immutable(name) else by) for name, by in found.items()}


def _written(node: ast.AST, effects: Callable[[str], Effects]) -> Iterator[ast.AST]:
    """Yield what a node binds or writes in place; a local name is bound without a change of what it was bound to."""
    if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        yield node
    elif isinstance(node, ast.Name) and core.is_ref(node) and not isinstance(node.ctx, ast.Load):
        yield node
    elif isinstance(node, ast.AugAssign):
        yield node.target
    elif isinstance(node, ast.Call) and core.qualname(node.func).startswith("@"):
        written = effects(core.qualname(node.func)).written
        yield from (arg for i, arg in enumerate(node.args) if i in written)
    elif isinstance(node, ast.Call):
        yield from purity.written_by(node)


def _names_for_globals(
    routine: ast.FunctionDef, effects: Callable[[str], Effects], immutable: Callable[[str], bool]
) -> dict[str, set[str]]:
    """Return the local names by which globals, or what is in them, are known."""
    pairs: list[tuple[str, str]] = []  # what is bound, and what it may be a part of
    for node in walk(routine):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            value = node.iter if isinstance(node, ast.For) else node.value
            bound = {n.id for t in targets for n in walk(t) if isinstance(n, ast.Name) and not core.is_ref(n)}
            pairs += [(name, part) for part in (shared_by(value, effects) if value else ()) for name in bound]
    names: dict[str, set[str]] = {}
    grown = True
    while grown:
        grown = False
        for name, part in pairs:
            known = names.get(part, set()) if not part.startswith("=") else set() if immutable(part) else {part}
            if not known <= names.get(name, set()):
                names.setdefault(name, set()).update(known)
                grown = True
    return names


def shared_by(value: ast.expr, effects: Callable[[str], Effects]) -> Iterator[str]:
    """Yield the names of what an expression may give another name to, or to a part of it."""
    match value:
        case ast.Name() | ast.Subscript() | ast.Attribute():
            if not isinstance(value, ast.Attribute) or not purity.attribute_is_fresh(value):
                yield _root(value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*shared_by(body, effects), *shared_by(orelse, effects))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            yield from (name for v in values for name in shared_by(v, effects))
        case ast.Starred(value=inner) | ast.NamedExpr(value=inner):
            yield from shared_by(inner, effects)
        case ast.Call() if core.qualname(value.func).startswith("@"):
            kept = {i for group in effects(core.qualname(value.func)).shared for i in group}
            yield from (n for i, arg in enumerate(value.args) if i in kept for n in shared_by(arg, effects))
        case ast.Call() if not purity.makes_fresh(value) and core.qualname(value.func) not in _COPIES:
            receiver = [value.func.value] if isinstance(value.func, ast.Attribute) else []
            yield from (n for arg in [*receiver, *value.args] for n in shared_by(arg, effects))


def _roots(place: ast.AST) -> Iterator[str]:
    """Yield the names of whose memory a place may be: those in ``np.transpose(a)[0]`` and ``[r for r in a][0]`` too."""
    start = start_of(place)
    if isinstance(start, ast.Call) and purity.makes_fresh(start) and core.shallow_copied(start) is None:
        return
    if isinstance(start, ast.Name):
        yield _root(start)
    else:
        yield from (name for part in children(start) for name in _roots(part))


def _root(place: ast.AST) -> str:
    """Return the name that a chain of subscripts and attributes starts from, qualified for a global; "" for none."""
    start = start_of(place)
    if not isinstance(start, ast.Name):
        return ""
    return core.qualname(start) if core.is_ref(start) else start.id


def mentions(node: ast.AST, names: Collection[str]) -> bool:
    """Say whether a tree reads one of these globals."""
    return bool(names) and any(is_part(core.qualname(part), names) for part in walk(node) if isinstance(part, ast.Name))


def is_part(name: str, names: Collection[str]) -> bool:
    """Say whether a name is one of these globals, an attribute of one, or what one is an attribute of."""
    return bool(name) and any(
        name == other or name.startswith(f"{other}.") or other.startswith(f"{name}.") for other in names
    )
