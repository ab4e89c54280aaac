"""Guards: one line where the meaning of the code hangs on what is known only at run time.

In: a flattened function and its regimes. Out: the function with a guard after each binding that needs one. A guard
also teaches `analysis.infer` what it makes sure of, so the code after it is generated for just that.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Literal

from sct import core, rules
from sct.analysis import copies
from sct.analysis.aliasing import IMMUTABLE, Effects
from sct.analysis.binding import assigned_names
from sct.analysis.kinds import CONTAINERS, UNKNOWN, Kind, is_inexact
from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.modes.members import depths, float_guard
from sct.modes.reverse.buffers import buffers
from sct.modes.reverse.nodes import helper, loads
from sct.modes.reverse.places import shown
from sct.modes.reverse.regimes import SHADOW, VALUE, Regimes, is_basic
from sct.nodes import load
from sct.walk import header, parameters, root_name, walk
from sct.walk import names as names_in

_Round = Literal["members", "written", "all"]


def guard(
    flat: Flat,
    analysis: Analysis,
    regimes: Regimes,
    shadowed: Sequence[str],
    effects: Callable[[str], Effects],
    numbers: bool = False,
) -> Flat | None:
    """Return the function with the guards that it lacks; None where it lacks none.

    `numbers` says that what a dict or a recursion gives, and is used as a number would be, shall be one.
    """
    # Where members are numbers, a swap of two of them shares no memory. Then what is written in place is asked about:
    # that may answer the questions about what it was made of.
    moves = [s for s in walk(flat.node) if isinstance(s, ast.Assign) and isinstance(s.value, ast.Name | ast.Subscript)]
    rounds: tuple[_Round, ...] = ("members", "written", "all")
    for part in rounds:
        new = _guard(flat, analysis, regimes, shadowed, effects, part, numbers, moves)
        if new is not None:
            return new
    return None


def _guard(
    flat: Flat,
    analysis: Analysis,
    regimes: Regimes,
    shadowed: Sequence[str],
    effects: Callable[[str], Effects],
    part: _Round,
    numbers: bool,
    moves: Sequence[ast.Assign],
) -> Flat | None:
    guards = _Guards(flat, analysis, regimes, effects, part, moves)
    guards.numbers = numbers
    guarded = _guarded(flat.node.body)
    first = [
        g
        for name in parameters(flat.node)
        if part != "members" and name not in shadowed and name not in guarded
        for g in guards.needed(name, analysis.facts.entry.get(name, UNKNOWN), None)
    ]
    guards.asked.update(loads(first))
    body = guards.block(flat.node.body)
    if not guards.made:
        return None
    first += guards.entry
    fields = {name: getattr(flat.node, name) for name in flat.node._fields} | {"body": [*first, *body]}
    origin = dict(flat.origin)
    origin.update({new: flat.origin[old] for new, old in guards.moved.items() if old in flat.origin})
    return Flat(ast.copy_location(ast.FunctionDef(**fields), flat.node), origin)


def with_copy_guards(flat: Flat, analysis: Analysis, effects: Callable[[str], Effects]) -> Flat:
    """Return the function with guards of copies that may be lists with the members of others."""
    moved: dict[ast.stmt, ast.stmt] = {}
    node = copies.guarded(flat.node, analysis.facts, analysis.alias, effects, lambda name: True, moved)
    if node is flat.node:
        return flat
    origin = dict(flat.origin)
    origin.update({new: flat.origin[old] for old, new in moved.items() if old in flat.origin})
    return Flat(node, origin)


def answered(flat: Flat, analysis: Analysis) -> Flat:
    """Return the function without guards that ask what another guard has answered."""
    origin = dict(flat.origin)
    sliced = _sliced(flat.node)
    numbers: set[str] = set()  # names that may be bound to numbers though they are arrays as far as is known

    def kept(stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for stmt in stmts:
            if isinstance(stmt, ast.Assign) and isinstance(target := stmt.targets[0], ast.Name):
                numbers.discard(target.id)
                if target.id not in sliced and may_be_number(stmt.value, analysis.facts.name_after(stmt, target.id)):
                    numbers.add(target.id)
            if core.is_guard(stmt) and not hasattr(stmt, "lineno") and _is_known(stmt, analysis, numbers):
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


def may_be_number(value: ast.expr, kind: Kind) -> bool:
    """Say whether what passes for an array is a number where the arrays it is computed from have no axes."""
    return kind.what == "array" and not kind.ndim and rules.makes_numbers(value)


def may_hold_number(flat: Flat, analysis: Analysis, name: str) -> bool:
    """Say whether a variable is bound to what passes for an array and may be a number, or is a copy of such."""
    sliced = _sliced(flat.node)
    bound = [s for s in walk(flat.node) if isinstance(s, ast.Assign)]
    todo, seen = [name], {name}
    while todo:
        at = todo.pop()
        for stmt in bound if at not in sliced else ():
            if at not in names_in(stmt.targets[0]):
                continue
            if may_be_number(stmt.value, analysis.facts.name_after(stmt, at)):
                return True
            copied = {n.id for n in _passed(stmt.value) if isinstance(n, ast.Name)} - seen
            todo += sorted(copied)
            seen |= copied
    return False


def _passed(value: ast.expr) -> list[ast.expr]:
    """Return the expressions one of whose values, as it is, an expression has."""
    return [*_passed(value.body), *_passed(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def _is_known(stmt: ast.stmt, analysis: Analysis, numbers: Collection[str]) -> bool:
    """Say whether what a guard asks is known before it; `numbers` are the names that may stand for numbers."""
    assert isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call)
    name = core.qualname(stmt.value.func)
    if name not in ("sct.runtime.require_array", "sct.runtime.require_float"):
        return False
    value = stmt.value.args[1]
    kind = analysis.facts.kind(stmt, value)
    if name == "sct.runtime.require_array":
        return kind.what == "array" and names_in(value).isdisjoint(numbers)
    return is_inexact(kind)


def _guarded(stmts: Sequence[ast.stmt]) -> set[str]:
    """Return the names that guards at the start of a function ask about."""
    found: set[str] = set()
    for stmt in _guards_from(stmts, 0):
        found |= {n.id for n in walk(stmt) if isinstance(n, ast.Name)}
    return found


class _Guards:
    def __init__(
        self,
        flat: Flat,
        analysis: Analysis,
        regimes: Regimes,
        effects: Callable[[str], Effects],
        part: _Round,
        moves: Sequence[ast.Assign],
    ) -> None:
        self.effects = effects
        self.part = part
        # Parameters that are not bound again, and what guards of these there are.
        self.given = frozenset(parameters(flat.node)) - frozenset(assigned_names(flat.node.body))
        self.entry: list[ast.stmt] = []
        self.numbers = False
        self.rows: set[tuple[str, str]] = set()  # names whose members have members, and which of them where it is said
        self.put_back: set[tuple[str | None, str]] = set()  # names, each with what it is put into a slot of
        self.analysis = analysis
        self.regimes = regimes
        self.made = 0
        self.asked: set[str] = set()  # names that this round guards, and what is bound to something of theirs
        self.moved: dict[ast.stmt, ast.stmt] = {}
        self.buffers = buffers(flat.node)
        self.depths = depths(flat.node, analysis)
        self.axes = _axes(flat.node)
        self.sliced = _sliced(flat.node)
        for stmt in moves:
            self.note_rows(stmt.targets[0], stmt.value)

    def note_rows(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Subscript) and isinstance(value, ast.Name):
            self.put_back.add((root_name(target), value.id))
        elif isinstance(target, ast.Name) and isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
            sliced = any(isinstance(n, ast.Slice) for n in walk(value.slice))
            if target.id in self.regimes.parts and not sliced:
                self.rows.add((value.value.id, _which(value)))

    def block(self, stmts: Sequence[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for position, stmt in enumerate(stmts):
            before = self.made
            out += self.before(stmt)
            changed = {f: self.block(getattr(stmt, f)) for f in ("body", "orelse") if getattr(stmt, f, None)}
            if changed and self.made > before:
                fields = {name: getattr(stmt, name) for name in stmt._fields} | changed
                new = ast.copy_location(type(stmt)(**fields), stmt)
                self.moved[new] = stmt
                out.append(new)
            else:
                out.append(stmt)
            # Guards that stand there already: of an earlier round, or of text that sct wrote.
            known = [ast.dump(s.value) for s in _guards_from(stmts, position + 1) if isinstance(s, ast.Expr)]
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
        if self.asked and self.asked & names_in(stmt.value):
            # The answer may say what this is too: it is for the next round.
            self.asked.update(n.id for n in walk(stmt.targets[0]) if isinstance(n, ast.Name))
            return
        target = stmt.targets[0]
        if self.part == "members":
            if isinstance(target, ast.Name) and self.is_number(target.id, stmt) and self.is_member(stmt):
                yield self.scalar(target.id, stmt)
            return
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for name in (n.id for n in names if isinstance(n, ast.Name)):
            yield from self.needed(name, self.analysis.facts.name_after(stmt, name), stmt)

    def before(self, stmt: ast.stmt) -> list[ast.stmt]:
        """Return the guards of what a number or row that is kept by shadow is found by, or found in."""
        if self.part != "members" or not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Name):
            return []
        name, value = stmt.targets[0].id, stmt.value
        if not isinstance(value, ast.Subscript) or self.asked & names_in(value):
            return []
        if self.is_row(name, stmt, value):
            assert isinstance(value.value, ast.Name)
            return self.early("require_lists", value.value.id)
        if not self.is_number(name, stmt):
            return []
        steps = value.slice.elts if isinstance(value.slice, ast.Tuple) else [value.slice]
        open_ones = [s for s in steps if not is_basic(self.analysis, stmt, s)]
        names = [s.id for s in open_ones if isinstance(s, ast.Name) and self.kind(stmt, s).what == "unknown"]
        if len(names) < len(open_ones):
            return []
        return [g for n in names for g in self.early("require_index", n)]

    def early(self, guard: str, name: str) -> list[ast.stmt]:
        """Return a guard that stands before the statement which asks for it, or at the entry where it can."""
        made = ast.Expr(value=helper(guard, ast.Constant(value=shown(name)), load(name)))
        self.made += 1
        self.asked.add(name)
        if name not in self.given:
            return [made]
        self.entry.append(made)
        return []

    def scalar(self, name: str, stmt: ast.Assign) -> ast.stmt:
        self.made += 1
        return ast.Expr(value=helper("require_scalar", ast.Constant(value=shown(name, stmt.value)), load(name)))

    def is_number(self, name: str, stmt: ast.Assign) -> bool:
        """Say whether a name that is kept by shadow is used as a number would be, as far as can be seen."""
        kind = self.analysis.facts.name_after(stmt, name)
        shadow = self.regimes.regime(name) == SHADOW and name in self.analysis.activity.varied
        used = name in self.regimes.read and name not in self.regimes.parts | self.regimes.arrays
        if isinstance(stmt.value, ast.Subscript) and self.may_be_row(stmt.value):
            return False
        return shadow and used and kind.what == "unknown"

    def may_be_row(self, value: ast.Subscript) -> bool:
        """Say whether a part may be one that has members."""
        root, which = root_name(value), _which(value)
        return any(root == name and (not which or not said or which == said) for name, said in self.rows)

    def is_row(self, name: str, stmt: ast.Assign, value: ast.Subscript) -> bool:
        """Say whether a name holds a row of a list of rows, which is put into another slot."""
        kind = self.analysis.facts.name_after(stmt, name)
        rows = self.kind(stmt, value.value).what == kind.what == "unknown" and self.may_be_row(value)
        shadow = self.regimes.regime(name) == SHADOW and isinstance(value.value, ast.Name)
        return shadow and rows and (root_name(value), name) in self.put_back

    def kind(self, stmt: ast.stmt, expr: ast.expr) -> Kind:
        return self.analysis.facts.kind(stmt, expr)

    def needed(self, name: str, kind: Kind, stmt: ast.Assign | None) -> list[ast.stmt]:
        """Return the guards of a name that is kept by buffer or by shadow, where it has just been bound."""
        regime = self.regimes.regime(name)
        if regime == VALUE or name not in self.analysis.activity.varied or kind.what in IMMUTABLE:
            return []
        if name in self.buffers:
            return []
        if self.part == "written" and name not in self.regimes.written:
            return []
        out: list[ast.stmt] = []
        text = shown(name, stmt.value if stmt is not None else None)
        called = ast.Constant(value=text)
        made_of_numbers = stmt is not None and name not in self.sliced and may_be_number(stmt.value, kind)
        if regime == SHADOW and (kind.what not in ("array", *CONTAINERS) or made_of_numbers):
            if stmt is not None and self.is_number(name, stmt) and (self.is_member(stmt) or self.is_found(stmt)):
                return [self.scalar(name, stmt)]
            out.append(ast.Expr(value=helper("require_array", called, load(name))))
        elif kind.what == "unknown" and name in self.regimes.only_arrays:
            out.append(ast.Expr(value=helper("require_array", called, load(name))))
        if kind.dtype not in ("float", "inexact") and kind.what in ("array", "unknown"):
            deep = self.depths.get(name, 1) if stmt is None and kind.what == "unknown" else 1
            out.append(float_guard(text, load(name), deep))
            if kind.what == "unknown" and regime != SHADOW:
                # A list has no dtype, so this teaches nothing: ask once.
                if (name, stmt) in self.regimes.asked:
                    return []
                self.regimes.asked.add((name, stmt))
        self.made += len(out)
        return out

    def is_found(self, stmt: ast.Assign) -> bool:
        """Say whether a name is bound to what a dict has under a variable key, or to what a recursion gives.

        Such a value is rather a number too, but less surely so.
        """
        value = stmt.value
        if not self.numbers:
            return False
        if isinstance(value, ast.Call):
            return self.effects(core.qualname(value.func)).recursive if core.qualname(value.func)[:1] == "@" else False
        by_key = isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Name)
        return by_key and isinstance(value, ast.Subscript) and self.kind(stmt, value.value).what == "dict"

    def is_member(self, stmt: ast.Assign) -> bool:
        """Say whether a name is bound to one member of an array, by integers: rather a number than a row."""
        value = stmt.value
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            held = any(self.kind(stmt, arg).what in CONTAINERS for arg in value.args)
            return self.effects(core.qualname(value.func)).member and not held
        if not isinstance(value, ast.Subscript) or not is_basic(self.analysis, stmt, value.slice):
            return False
        if self.kind(stmt, value.value).what in CONTAINERS:
            return False  # of a list of which members are written in place: rather an array
        if len(_steps(value)) < self.axes.get(root_name(value) or "", 0):
            return False
        return not any(isinstance(n, ast.Slice) for n in walk(value.slice))


def _guards_from(stmts: Sequence[ast.stmt], position: int) -> list[ast.stmt]:
    """Return the guards that follow each other from a position on."""
    end = position
    while end < len(stmts) and core.is_guard(stmts[end]):
        end += 1
    return list(stmts[position:end])


def _steps(part: ast.Subscript) -> list[ast.expr]:
    """Return what finds a part, for each axis."""
    steps = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
    return [s for s in steps if not (isinstance(s, ast.Constant) and s.value in (None, ...))]


def _axes(node: ast.FunctionDef) -> dict[str, int]:
    """Return how many axes arrays have at least, as their parts are found."""
    found: dict[str, int] = {}
    for part in walk(node):
        if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name):
            found[part.value.id] = max(found.get(part.value.id, 0), len(_steps(part)))
    return found


def _sliced(node: ast.FunctionDef) -> set[str]:
    """Return names, bound once, of which a part is taken whatever happens that nothing without axes has."""
    found: set[str] = set()
    for part in (n for stmt in node.body for n in header(stmt)):
        if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name):
            if any(isinstance(step, ast.Slice) or isinstance(step, ast.Constant) for step in _steps(part)):
                found.add(part.value.id)
    bound = Counter(n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {name for name in found if bound[name] == 1}


def _which(value: ast.Subscript) -> str:
    """Return which member a part is, where that is a constant."""
    return ast.dump(value.slice) if isinstance(value.slice, ast.Constant) else ""
