"""Guards: one line where the meaning of the code hangs on what is known only at run time.

In: a flattened function and its regimes. Out: the function with a guard after each binding that needs one. A guard
also teaches `analysis.infer` what it makes sure of, so the code after it is generated for just that.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from sct import core
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.kinds import UNKNOWN, Kind
from sct.analysis.program import Analysis, parameters
from sct.frontend.flatten import Flat
from sct.modes.reverse.nodes import helper, load, loads
from sct.modes.reverse.places import shown
from sct.modes.reverse.regimes import SHADOW, VALUE, Regimes, is_basic
from sct.walk import names as names_in
from sct.walk import walk

_CONTAINERS = ("list", "dict", "tuple")


def guard(flat: Flat, analysis: Analysis, regimes: Regimes, shadowed: Sequence[str]) -> Flat | None:
    """Return the function with the guards that it lacks; None where it lacks none."""
    # What is written in place is asked about first: that may answer the questions about what it was made of.
    return _guard(flat, analysis, regimes, shadowed, True) or _guard(flat, analysis, regimes, shadowed, False)


def _guard(flat: Flat, analysis: Analysis, regimes: Regimes, shadowed: Sequence[str], first_only: bool) -> Flat | None:
    guards = _Guards(analysis, regimes, first_only)
    guarded = _guarded(flat.node.body)
    first = [
        g
        for name in parameters(flat.node)
        if name not in shadowed and name not in guarded
        for g in guards.needed(name, analysis.facts.entry.get(name, UNKNOWN), None)
    ]
    guards.asked.update(loads(first))
    body = guards.block(flat.node.body)
    if not guards.made:
        return None
    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": [*first, *body]}
    origin = dict(flat.origin)
    origin.update({new: flat.origin[old] for new, old in guards.moved.items() if old in flat.origin})
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


def answered(flat: Flat, analysis: Analysis) -> Flat:
    """Return the function without guards that ask what another guard has answered."""
    origin = dict(flat.origin)

    def kept(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for stmt in stmts:
            if _is_guard(stmt) and not hasattr(stmt, "lineno") and _is_known(stmt, analysis):
                continue
            inside = {f: kept(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
            if any(a is not b for f, new in inside.items() for a, b in itertools.zip_longest(new, getattr(stmt, f))):
                fields = {name: getattr(stmt, name) for name in stmt._fields} | inside
                new_stmt = ast.copy_location(type(stmt)(**fields), stmt)
                if stmt in origin:
                    origin[new_stmt] = origin[stmt]
                stmt = new_stmt
            out.append(stmt)
        return out

    body = kept(flat.node.body)
    if len(origin) == len(flat.origin) and body == flat.node.body:
        return flat
    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": body}
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


def _is_known(stmt: ast.stmt, analysis: Analysis) -> bool:
    """Say whether what a guard asks is known before it."""
    assert isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call)
    name = core.qualname(stmt.value.func)
    value = stmt.value.args[-1]
    kind = analysis.facts.kind(stmt, value)
    if name == "sct.runtime.require_array":
        return kind.what == "array"
    return name == "sct.runtime.require_float" and kind.what == "array" and kind.dtype == "float"


def _guarded(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that guards at the start of a function ask about."""
    found: set[str] = set()
    for stmt in itertools.takewhile(_is_guard, stmts):
        found |= {n.id for n in walk(stmt) if isinstance(n, ast.Name)}
    return found


class _Guards:
    def __init__(self, analysis: Analysis, regimes: Regimes, first: bool) -> None:
        self.first = first
        self.analysis = analysis
        self.regimes = regimes
        self.made = 0
        self.asked: set[str] = set()  # names that this round guards, and what is bound to something of theirs
        self.moved: dict[ast.stmt, ast.stmt] = {}

    def block(self, stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for position, stmt in enumerate(stmts):
            before = self.made
            changed = {f: self.block(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
            if changed and self.made > before:
                fields = {name: getattr(stmt, name) for name in stmt._fields} | changed
                new = ast.copy_location(type(stmt)(**fields), stmt)
                self.moved[new] = stmt
                out.append(new)
            else:
                out.append(stmt)
            # Guards that stand there already: of an earlier round, or of text that sct wrote.
            known = [
                ast.dump(s.value)
                for s in itertools.takewhile(_is_guard, stmts[position + 1 :])
                if isinstance(s, ast.Expr)
            ]
            for new in self.after(stmt):
                if isinstance(new, ast.Expr) and ast.dump(new.value) in known:
                    self.made -= 1
                else:
                    out.append(new)
                    self.asked.update(loads([new]))
        return out

    def after(self, stmt: ast.stmt) -> Iterator[ast.stmt]:
        if not isinstance(stmt, ast.Assign):
            return
        if self.asked & names_in(stmt.value):
            # The answer may say what this is too: it is for the next round.
            self.asked.update(n.id for n in walk(stmt.targets[0]) if isinstance(n, ast.Name))
            return
        target = stmt.targets[0]
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for name in (n.id for n in names if isinstance(n, ast.Name)):
            yield from self.needed(name, self.analysis.facts.name_after(stmt, name), stmt)

    def needed(self, name: str, kind: Kind, stmt: ast.Assign | None) -> list[ast.stmt]:
        """Return the guards of a name that is kept by buffer or by shadow, where it has just been bound."""
        regime = self.regimes.regime(name)
        if regime == VALUE or name not in self.analysis.activity.varied or kind.what in IMMUTABLE:
            return []
        if self.first and name not in self.regimes.written:
            return []
        out: list[ast.stmt] = []
        called = ast.Constant(value=shown(name, stmt.value if stmt is not None else None))
        if regime == SHADOW and kind.what not in ("array", *_CONTAINERS):
            used = name in self.regimes.read and name not in self.regimes.parts | self.regimes.arrays
            if stmt is not None and used and self.is_member(stmt):
                self.made += 1
                return [ast.Expr(value=helper("require_scalar", called, load(name)))]
            out.append(ast.Expr(value=helper("require_array", called, load(name))))
        elif kind.what == "unknown" and name in self.regimes.only_arrays:
            out.append(ast.Expr(value=helper("require_array", called, load(name))))
        if kind.dtype != "float" and kind.what in ("array", "unknown"):
            out.append(ast.Expr(value=helper("require_float", called, load(name))))
            if kind.what == "unknown" and regime != SHADOW:
                # A list has no dtype, so this teaches nothing: ask once.
                if (name, stmt) in self.regimes.asked:
                    return []
                self.regimes.asked.add((name, stmt))
        self.made += len(out)
        return out

    def is_member(self, stmt: ast.Assign) -> bool:
        """Say whether a name is bound to one member of an array, by integers: rather a number than a row."""
        value = stmt.value
        if not isinstance(value, ast.Subscript) or not is_basic(self.analysis, stmt, value.slice):
            return False
        if self.analysis.facts.kind(stmt, value.value).what in _CONTAINERS:
            return False  # of a list of which members are written in place: rather an array
        return not any(isinstance(n, ast.Slice) for n in walk(value.slice))


def _is_guard(stmt: ast.stmt) -> bool:
    name = core.qualname(stmt.value.func) if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call) else ""
    return name.startswith("sct.runtime.require_")
