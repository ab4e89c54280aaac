"""Which parameters are taken for Python scalars, and what their annotations say.

In: an entry routine. Out: `Assumptions`: the kinds of its parameters, and those that were only assumed, for which
generated code that relies on it has a guard. There are several, from the one that assumes nothing to the one that
assumes most, and a mode takes the first that buys something:

- nothing: the code is right for numbers and for arrays; left out where a result that must be a number says more;
- evidence: a name is used where an array would fail (see `evidence`);
- loops: so is one that is only used in arithmetic, in a loop that counts, where each adjustment of shapes would cost;
- arithmetic: so is one that is only used in arithmetic. This is for code whose meaning differs between numbers and
  arrays, as that of ``z = x; z *= y; return x`` does;
- held: so is one that is only put into a dict, whose members are then changed;
- numbers: so is what a dict has under a variable key or a recursion gives, where it is used as a number would be.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sct.analysis.annotations import annotated
from sct.analysis.binding import assigned_names
from sct.analysis.evidence import Evidence
from sct.analysis.kinds import NO_AXES, Kind, Shape
from sct.analysis.vertices import AUGMENTED, HELD, INDEX, LOOPED, SPREADS, SURE, USED, WIDE
from sct.frontend.lift import Program
from sct.walk import walk

SCALAR = Kind("scalar", "unknown", NO_AXES)
#: Methods of lists; a deque, which has them too, has no adjoint.
_OF_LISTS = ("append", "extend", "insert", "reverse")
AliasOf = Callable[[str], ast.expr | None]
Level = Literal["nothing", "evidence", "loops", "arithmetic", "held", "numbers"]
_ENOUGH: dict[Level, int] = {
    "evidence": SPREADS,
    "loops": SPREADS | LOOPED,
    "arithmetic": SPREADS | LOOPED | USED,
    "held": SPREADS | LOOPED | USED | HELD,
}


@dataclass(frozen=True)
class Assumptions:
    """Kinds of parameters.

    Of these `scalars`, `members` (a parameter and its depth) and `indices` were assumed without an annotation.
    Those in `results` must be numbers because the result must be one.
    """

    kinds: Mapping[str, Kind]
    scalars: tuple[str, ...] = ()
    members: tuple[tuple[str, int], ...] = ()
    indices: tuple[str, ...] = ()
    level: Level = "nothing"
    augmented: bool = False  # whether one of the scalars is changed by an augmented assignment
    results: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()  # annotated as numbers, and changed by an augmented assignment

    @property
    def assumed(self) -> tuple[str, ...]:
        """The parameters that are not known to be what they are taken for."""
        return (*self.scalars, *self.results, *(name for name, _ in self.members), *self.indices)


def assume(node: ast.FunctionDef, program: Program, alias_of: AliasOf, number: bool = False) -> tuple[Assumptions, ...]:
    """Return what may be assumed of the parameters of an entry, the least first, none twice.

    `alias_of` finds what a module calls a type; `number` says that any other result than a number is an error.
    """
    a = node.args
    arguments = [*a.posonlyargs, *a.args, *a.kwonlyargs]
    said = {arg.arg: annotated(arg.arg, arg.annotation, alias_of) for arg in arguments}
    optional = _optional(a) | _unread(node)
    evidence = Evidence(program)
    evidence.run(node)
    for name, kind in said.items():
        if kind is not None and kind.what == "array":
            evidence.mark(evidence.name(name), WIDE)
    evidence.settle()
    stars = {a.vararg.arg: Kind("tuple")} if a.vararg else {}
    stars |= {a.kwarg.arg: Kind("dict")} if a.kwarg else {}
    lists = _lists(node)
    unsaid = {name: Kind("list") if name in lists else Kind(shape=Shape(name)) for name in said}
    least = {name: kind or unsaid[name] for name, kind in said.items()} | stars
    levels = [_assume(said, unsaid, optional, evidence, level) for level in _ENOUGH]
    results = _of_result(said, evidence) if number else ()
    found: list[Assumptions] = []
    for option in levels if results else (Assumptions(least), *levels):
        more = tuple(name for name in results if name not in option.assumed)
        kinds = {**option.kinds, **stars, **dict.fromkeys(more, SCALAR)}
        option = replace(option, kinds=kinds, results=more, stated=_stated(said, evidence))
        if not found or option.assumed != found[-1].assumed:
            found.append(option)
    return (*found, replace(found[-1], level="numbers"))


def _of_result(said: Mapping[str, Kind | None], evidence: Evidence) -> tuple[str, ...]:
    """Return the parameters that are numbers where the result is one, and that nothing else says so of."""
    names = [n for n, kind in said.items() if kind is None and not evidence.has(evidence.name(n), AUGMENTED)]
    sure = [n for n in names if evidence.is_number(evidence.name(n))]
    evidence.mark(evidence.result, SURE)
    evidence.settle()
    return tuple(n for n in names if n not in sure and evidence.is_number(evidence.name(n)))


def _optional(args: ast.arguments) -> frozenset[str]:
    """Return the parameters that are None or a text where they are not given."""
    positional = [*args.posonlyargs, *args.args]
    late = positional[len(positional) - len(args.defaults) :]
    pairs = zip([*late, *args.kwonlyargs], [*args.defaults, *args.kw_defaults], strict=True)
    return frozenset(a.arg for a, d in pairs if isinstance(d, ast.Constant) and isinstance(d.value, (str, type(None))))


def _unread(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that are bound anew before anything reads them: what they were given does not matter."""
    read: set[str] = set()
    unread: set[str] = set()
    for stmt in node.body:
        for part in walk(stmt):
            augmented = isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                read.add(part.id)
            elif augmented:
                read.add(part.target.id)  # type: ignore[attr-defined]
        targets = stmt.targets if isinstance(stmt, ast.Assign) else []
        unread |= {t.id for t in targets if isinstance(t, ast.Name)} - read
    return frozenset(unread)


def _lists(node: ast.FunctionDef) -> frozenset[str]:
    """Return the parameters that are sure to be lists: each call of the function begins with appending to them."""
    found: set[str] = set()
    bound: set[str] = set()
    for stmt in node.body:
        func = stmt.value.func if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call) else None
        if isinstance(func, ast.Attribute) and func.attr in _OF_LISTS and isinstance(func.value, ast.Name):
            found |= {func.value.id} - bound
        if any(isinstance(part, ast.Return) for part in walk(stmt)):
            break  # what comes after it need not be reached
        bound.update(assigned_names([stmt]))
    return frozenset(found)


def _assume(
    said: Mapping[str, Kind | None],
    unsaid: Mapping[str, Kind],
    optional: frozenset[str],
    evidence: Evidence,
    level: Level,
) -> Assumptions:
    """Assume what the evidence allows; `unsaid` is what the others are where it says nothing."""
    kinds: dict[str, Kind] = {}
    scalars: list[str] = []
    members: list[tuple[str, int]] = []
    indices: list[str] = []
    enough = _ENOUGH[level]
    for name, kind in said.items():
        v = evidence.name(name)
        if kind is not None and not (kind.what == "array" and kind.ndim is None):
            kinds[name] = kind
            continue
        depth = evidence.scalar_depth(v, enough)
        if kind is None and name in optional:
            kinds[name] = Kind(shape=Shape(name))
        elif kind is None and evidence.is_scalar(v, enough):
            kinds[name] = SCALAR
            scalars.append(name)
        elif kind is None and evidence.has(v, INDEX) and not evidence.is_holder(v):
            kinds[name] = SCALAR
            indices.append(name)
        elif depth:
            # Which rank an array has is seen from how often its members are subscripted.
            kinds[name] = _of_members(name, kind, depth)
            members.append((name, depth))
        else:
            kinds[name] = kind or unsaid[name]
    augmented = any(evidence.has(evidence.name(name), AUGMENTED) for name in scalars)
    return Assumptions(kinds, tuple(scalars), tuple(members), tuple(indices), level, augmented)


def _stated(said: Mapping[str, Kind | None], evidence: Evidence) -> tuple[str, ...]:
    """Return the parameters that are said to be numbers, and of which an array without axes would be written."""
    numbers = [n for n, kind in said.items() if kind is not None and kind.what == "scalar" and kind.dtype != "int"]
    return tuple(n for n in numbers if evidence.has(evidence.name(n), AUGMENTED))


def _of_members(name: str, kind: Kind | None, depth: int) -> Kind:
    """Return the kind of something that gives scalars when it is subscripted `depth` times."""
    if kind is not None:
        return replace(kind, shape=Shape(name, depth))
    element = SCALAR
    for _ in range(depth - 1):
        element = Kind(element=element)
    return Kind(shape=Shape(name), element=element)
