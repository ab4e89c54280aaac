"""How the adjoint of each name is kept.

In: a flattened function and its analysis. Out: `Regimes`. There are three ways:

- by *value*: the adjoint is rebound, ``x_bar = x_bar + …``. This holds for numbers and for arrays whose memory is not
  written in place; where parts of such a name are read, its adjoint is one zeroed buffer and ``x_bar[i] += …``.
- by *buffer*: an array written in place, of one name, has one adjoint buffer of its own, made in the reverse sweep.
- by *shadow*: where several names share memory that is written in place, the forward sweep makes the adjoint buffers
  beside the arrays, and whatever is done to a name (a view, a copy of the reference) is done to its shadow, so that
  the shadows share memory exactly as the arrays do.

A name that only borrows (a view or a copy of a reference which is read before its memory is written again) is kept by
value: what it reads is what it read when it was bound.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from sct import core
from sct.analysis.aliasing import IMMUTABLE, CallEffects, holds_numbers
from sct.analysis.evaluator import as_load
from sct.analysis.kinds import Kind
from sct.analysis.points import touched
from sct.analysis.program import Analysis
from sct.modes.reverse.handed import Handed
from sct.modes.reverse.places import reshaping
from sct.modes.reverse.repeats import Repeats
from sct.walk import header, root_name, walk
from sct.walk import names as names_in

#: Methods of lists and dicts.
LIST_METHODS = ("append", "pop", "items", "keys", "values", "get")
VALUE, BUFFER, SHADOW = "value", "buffer", "shadow"


@dataclass(frozen=True)
class Regimes:
    """The regime of each name, and the names whose parts are read."""

    of: dict[str, str]
    parts: frozenset[str]
    views: dict[str, ast.Subscript]
    read: frozenset[str] = frozenset()  # names whose values are read, not only changed
    arrays: frozenset[str] = frozenset()  # names that are used as arrays: by methods and NumPy's functions
    written: frozenset[str] = frozenset()  # names through which memory is written
    only_arrays: frozenset[str] = frozenset()  # names whose use would fail for anything but an array
    whole: frozenset[str] = frozenset()  # names of what is written by `[...]`, which may have no axes
    sums: frozenset[str] = frozenset()  # names by value of what is put into a slot, and may be a list
    asked: set[tuple[str, ast.stmt | None]] = field(default_factory=set)

    def regime(self, name: str) -> str:
        """Return how the adjoint of `name` is kept."""
        return self.of.get(name, VALUE)

    def buffered(self, name: str) -> bool:
        """Say whether the adjoint of `name` is a buffer that is added to in place."""
        return name in self.parts or self.regime(name) != VALUE


def regimes(
    node: ast.FunctionDef,
    analysis: Analysis,
    shadowed: Sequence[str],
    effects: CallEffects,
    result_shadow: bool = False,
) -> Regimes:
    """Choose the regimes; `shadowed` are parameters whose adjoint buffers the caller passes in."""
    alias, activity = analysis.alias, analysis.activity
    uses = _Uses(node, analysis, effects)
    of: dict[str, str] = {}
    out_arrays = uses.returned if result_shadow else set()
    forced = {alias.find(name) for name in (*shadowed, *out_arrays, *uses.passed_to_writers)}
    reaching = touched(node, analysis.facts, effects, shadowed, result_shadow)
    names = [n for n in uses.names if n in activity.varied and n in reaching]
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(alias.find(name), []).append(name)
    for leader, members in groups.items():
        twice = uses.hold_twice(members)
        if leader not in forced and not twice and not any(n in uses.contested for n in members):
            # Whatever is written has one name when it is written: each name has a value of its own.
            of.update((n, BUFFER) for n in members if n in uses.element_written)
            continue
        for group in [members] if leader in forced else _written_together(members, analysis, uses):
            writers = {n for n in group if n in uses.written or n in shadowed or n in uses.passed_to_writers}
            out = uses.returned if result_shadow else frozenset()
            apart: set[str] = set()
            if not any(n in uses.memory_written for n in group):
                apart = {n for n in group if n not in writers and n not in out and uses.is_handed_over(n)}
            kept = [n for n in group if n in writers or n in out or not (n in apart or uses.borrows(n))]
            shadows = leader in forced or len(kept) > 1 or any(n in twice for n in kept)
            if shadows:
                kept = uses.with_sources(kept, set(group) - apart)
                of.update(dict.fromkeys(kept, SHADOW))
            elif kept and kept[0] in uses.element_written:
                of[kept[0]] = BUFFER
    parts = frozenset(n for n in uses.subscripted if n in activity.varied)
    views = {
        name: source
        for name, source in uses.part_of.items()
        if name in parts
        and name not in uses.returned  # its adjoint begins with the seed
        and len(uses.definitions[name]) == 1
        and of.get(name, VALUE) == VALUE
        and is_basic(analysis, uses.part_from[name], source.slice)
        and _is_member(analysis, uses.part_from[name], source)
        and uses.steady(name, source)
        and uses.remains(name, source)
        and uses.stays(name)
        and (not alias.is_written(name) or uses.borrows(name))
    }
    arrays = frozenset(uses.arrays | out_arrays | uses.passed_to_writers)
    read, written, whole = map(frozenset, (uses.read, uses.written, uses.whole))
    sums = frozenset(n for n in uses.handed.sums if uses.handed.where.get(n) and of.get(n, VALUE) == VALUE)
    return Regimes(of, parts, views, read, arrays, written, uses.only_arrays(), whole, sums)


def _written_together(names: list[str], analysis: Analysis, uses: _Uses) -> list[list[str]]:
    """Return the groups of names of one class of aliases that a write in place concerns."""
    if any(n in uses.memory_written for n in names):
        return [names]
    # Only slots of lists and dicts are written: what is in them stays as it is.
    return [
        [n for n in names if n in touched and (n in uses.slot_written or uses.is_container(n))]
        for touched in analysis.alias.slots
    ]


def is_basic(analysis: Analysis, stmt: ast.stmt, index: ast.expr) -> bool:
    """Say whether an index is made of integers, slices and texts, so that no entry is read twice."""
    if isinstance(index, ast.Tuple):
        return all(is_basic(analysis, stmt, e) for e in index.elts)
    if isinstance(index, ast.Slice):
        return True
    if isinstance(index, ast.Constant):
        return not isinstance(index.value, bool)
    kind = analysis.facts.kind(stmt, index)
    return kind.what in ("text", "none") or kind.what == "scalar" and kind.dtype in ("int", "real", "unknown")


def is_whole(index: ast.expr) -> bool:
    """Say whether an index is ``...`` or ``()``, which find all of an array without axes too."""
    return isinstance(index, ast.Constant) and index.value is ... or isinstance(index, ast.Tuple) and not index.elts


def _is_member(analysis: Analysis, stmt: ast.stmt, part: ast.Subscript) -> bool:
    """Say whether a part shares memory with the whole: a slice of a list does not."""
    if not any(isinstance(n, ast.Slice) for n in walk(part.slice)):
        return True
    return analysis.facts.kind(stmt, part.value).what == "array"


class _Uses:
    """Where names are bound, read, and written in place."""

    def __init__(self, node: ast.FunctionDef, analysis: Analysis, effects: CallEffects) -> None:
        self.analysis = analysis
        self.effects = effects
        self.names: dict[str, None] = {}
        self.written: set[str] = set()
        self.element_written: set[str] = set()
        self.subscripted: set[str] = set()
        self.read: set[str] = set()
        self.slot_written: set[str] = set()  # lists and dicts of which a slot is bound anew
        self.memory_written: set[str] = set()
        self.contested: set[str] = set()  # written while another name may lead to the same memory
        self.arrays: set[str] = set()
        self.calculated: set[str] = set()
        self.whole: set[str] = set()
        self.returned: set[str] = set()
        self.passed_to_writers: set[str] = set()
        self.definitions: dict[str, list[tuple[Sequence[ast.stmt], int]]] = {}
        self.part_of: dict[str, ast.Subscript] = {}
        self.part_from: dict[str, ast.stmt] = {}
        self.sources: dict[str, set[str]] = {}
        self.mentions: dict[str, list[tuple[int, int]]] = {}
        self.repeats = Repeats(node, analysis)
        self.handed = Handed(node)
        self._clock = 0
        self._spans: dict[ast.stmt, tuple[int, int]] = {}
        self._loops: list[tuple[int, int]] = []
        self.stores: list[tuple[int, str, bool]] = []
        self.binds: dict[str, list[int]] = {}
        arguments = node.args
        for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            self.names[arg.arg] = None
            self.definitions.setdefault(arg.arg, []).append(((), -1))
        self.block(node.body)

    def block(self, stmts: Sequence[ast.stmt]) -> None:
        for position, stmt in enumerate(stmts):
            start = self._clock
            self._clock += 1
            self.statement(stmt, stmts, position)
            for fieldname in ("body", "orelse"):
                self.block(getattr(stmt, fieldname, []))
            self._clock += 1
            self._spans[stmt] = (start, self._clock)
            if isinstance(stmt, (ast.For, ast.While)):
                self._loops.append((start, self._clock))

    def only_reshapes(self, stmt: ast.stmt, node: ast.Subscript) -> bool:
        """Say whether a part is the whole array with more axes."""
        kind = self.analysis.facts.kind(stmt, node.value)
        return isinstance(node.value, ast.Name) and reshaping(node.slice, kind) is not None

    def statement(self, stmt: ast.stmt, block: Sequence[ast.stmt], position: int) -> None:
        for node in header(stmt):
            if isinstance(node, ast.Name) and not core.is_ref(node):
                self.names[node.id] = None
                self.mentions.setdefault(node.id, []).append((self._clock, id(block)))
                if isinstance(node.ctx, ast.Load):
                    self.read.add(node.id)
                if isinstance(node.ctx, ast.Store):
                    self.definitions.setdefault(node.id, []).append((block, position))
                    self.binds.setdefault(node.id, []).append(self._clock)
            elif isinstance(node, ast.Subscript):
                base = root_name(node)
                part = base is not None and isinstance(node.ctx, ast.Load) and not _of_shape(node)
                if part and base is not None and not self.only_reshapes(stmt, node):
                    self.subscripted.add(base)
            elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.Pow)):
                self.calculated.update(n.id for n in (node.left, node.right) if isinstance(n, ast.Name))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.attr not in LIST_METHODS:
                    self.arrays.add(node.value.id)
            elif isinstance(node, ast.Call):
                self.call(stmt, node)
                if core.qualname(node.func).startswith("numpy."):
                    self.arrays |= {a.id for a in node.args if isinstance(a, ast.Name)}
        if isinstance(stmt, (ast.Assign, ast.AugAssign)):
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
            for target in targets:
                base = root_name(target)
                if isinstance(target, ast.Subscript) and base is not None:
                    slot = self.is_slot(stmt, target)
                    if isinstance(stmt, ast.AugAssign):  # a number in a slot is bound anew, an array is written
                        slot = slot and self.analysis.facts.kind(stmt, as_load(target)).what in IMMUTABLE
                    self.store(stmt, base, slot)
                    if slot and isinstance(stmt, ast.Assign) and stmt.value is not None:
                        self.sources.setdefault(base, set()).update(names_in(stmt.value))
                    self.element_written.add(base)
                    self.subscripted.add(base)
                    if is_whole(target.slice):
                        self.whole.add(base)
                elif isinstance(stmt, ast.AugAssign) and base is not None:
                    if isinstance(target, ast.Name) and not self.analysis.facts.binds_anew(stmt):
                        self.store(stmt, base)
            if isinstance(stmt, ast.Assign) and isinstance(targets[0], ast.Name):
                reads = names_in(stmt.value)
                self.sources.setdefault(targets[0].id, set()).update(reads)
                if isinstance(stmt.value, ast.Subscript) and isinstance(stmt.value.value, ast.Name):
                    self.part_of[targets[0].id] = stmt.value
                    self.part_from[targets[0].id] = stmt
        elif isinstance(stmt, ast.Return) and stmt.value is not None:
            self.returned |= names_in(stmt.value)

    def only_arrays(self) -> frozenset[str]:
        """Return the names whose slices are subtracted, divided or raised: those of lists cannot be."""
        slices = {
            part: source.value.id
            for part, source in self.part_of.items()
            if isinstance(source.value, ast.Name) and any(isinstance(n, ast.Slice) for n in walk(source.slice))
        }
        return frozenset(slices[n] for n in self.calculated if n in slices)

    def with_sources(self, names: Sequence[str], group: set[str]) -> list[str]:
        """Return names with those whose memory they were bound to: a shadow is bound to a shadow."""
        out = dict.fromkeys(names)
        todo = list(names)
        while todo:
            for source in sorted(self.sources.get(todo.pop(), set()) & group):
                if source not in out:
                    out[source] = None
                    todo.append(source)
        return list(out)

    def hold_twice(self, group: Sequence[str]) -> set[str]:
        """Return the containers of a class of aliases that are written through, and may hold some memory twice."""
        written = [n for n in group if n in self.memory_written and not all(map(holds_numbers, self.kinds_of(n)))]
        return {n for n in written if self.repeats.hold_twice(n, set(group))}

    def is_slot(self, stmt: ast.stmt, target: ast.Subscript) -> bool:
        """Say whether a store binds one slot of a list or a dict anew."""
        kind = self.analysis.facts.kind(stmt, target.value)
        return isinstance(target.value, ast.Name) and kind.what in ("list", "dict")

    def is_container(self, name: str) -> bool:
        """Say whether a name may stand for a list or a dict itself."""
        return any(k.what in ("list", "dict", "tuple") for k in self.kinds_of(name))

    def kinds_of(self, name: str) -> list[Kind]:
        """Return what is known of a name wherever it is bound."""
        facts = self.analysis.facts
        kinds = [after[name] for after in facts.after.values() if name in after]
        return [*kinds, facts.entry[name]] if name in facts.entry else kinds

    def store(self, stmt: ast.stmt, base: str, slot: bool = False) -> None:
        if stmt not in self.analysis.sole_stores:
            self.contested.add(base)
        (self.slot_written if slot else self.memory_written).add(base)
        self.written.add(base)
        self.stores.append((self._clock, base, slot))

    def call(self, stmt: ast.stmt, call: ast.Call) -> None:
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in ("append", "pop")
            and isinstance(call.func.value, ast.Name)
        ):
            self.store(stmt, call.func.value.id, slot=True)
            if call.args:
                self.sources.setdefault(call.func.value.id, set()).update(names_in(call.args[0]))
            self.element_written.add(call.func.value.id)
            self.subscripted.add(call.func.value.id)
        if core.qualname(call.func) in core.WRITERS and call.args:
            base = root_name(call.args[0])
            if base is not None:
                self.store(stmt, base)
                self.element_written.add(base)
                self.subscripted.add(base)
        if core.qualname(call.func).startswith("@"):
            effects = self.effects(core.qualname(call.func))
            for i in effects.written:
                base = root_name(call.args[i]) if i < len(call.args) else None
                what = self.analysis.facts.kind(stmt, call.args[i]).what if base is not None else "none"
                if base is not None and what not in ("scalar", "none"):
                    self.passed_to_writers.add(base)
                    whole = isinstance(call.args[i], ast.Name) and what in ("list", "dict")
                    self.store(stmt, base, slot=i in effects.slots and whole)

    def _range(self, name: str) -> tuple[int, int] | None:
        """Return the span of the statements in which a name is in use: from its binding to its last mention."""
        defs = self.definitions.get(name, [])
        if len(defs) != 1 or defs[0][1] < 0:
            return self._whole_range(name)
        block, position = defs[0]
        start = self._spans[block[position]][0]
        if not self.stays(name):
            return self._whole_range(name)
        last = max(at for at, _ in self.mentions[name])
        holder = next(s for s in block[position:] if self._spans[s][0] <= last <= self._spans[s][1])
        # A mention in a loop may come again until the loop ends.
        return start, self._spans[holder][1] if _loops(holder) else last

    def stays(self, name: str) -> bool:
        """Say whether a name that is bound once is mentioned only where it is bound for sure."""
        block, position = self.definitions[name][0]
        start, end = self._spans[block[position]][0], self._spans[block[-1]][1]
        return all(start <= at <= end for at, _ in self.mentions[name])

    def _whole_range(self, name: str) -> tuple[int, int] | None:
        """Return the span from the first binding of a name, or the start of the function, to its last mention."""
        times = [at for at, _ in self.mentions.get(name, [])]
        if any(position < 0 for _, position in self.definitions.get(name, [])):
            times.append(0)
        if not times:
            return None
        start, end = min(times), max(times)
        for loop_start, loop_end in self._loops:
            if any(loop_start < at < loop_end for at in times):
                start, end = min(start, loop_start), max(end, loop_end)
        return start, end

    def borrows(self, name: str) -> bool:
        """Say whether the memory of `name` is not written while it is in use."""
        span = self._range(name)
        if span is None:
            return False
        return not any(span[0] < at < span[1] and self.reaches(base, slot, name) for at, base, slot in self.stores)

    def reaches(self, base: str, slot: bool, name: str) -> bool:
        """Say whether a write through `base` may be seen through `name`: one into a `slot` leaves what was in it."""
        alias = self.analysis.alias
        return name in alias.holders(base) if slot else alias.may_alias(base, name)

    def is_handed_over(self, name: str) -> bool:
        """Say whether a name is of what is made here, may be a number, and is then put into one slot of a container.

        Whoever writes into its memory later does so through that slot: its adjoint is found there.
        """
        if name in self.returned | self.subscripted or not self.handed.over(name):
            return False
        return all(k.what == "unknown" and k.dtype != "complex" for k in self.kinds_of(name))

    def steady(self, name: str, source: ast.Subscript) -> bool:
        """Say whether the index that a part was read with is the same while the part is in use."""
        span = self._range(name)
        if span is None:
            return False
        index = {n.id for n in walk(source) if isinstance(n, ast.Name)}
        return not any(span[0] < at <= span[1] for n in index for at in self.binds.get(n, []))

    def remains(self, name: str, source: ast.Subscript) -> bool:
        """Say whether a part stays where it was found while it is in use: no other takes its place in the container."""
        span, whole = self._range(name), root_name(source)
        if span is None or whole is None:
            return False
        stores = [(base, slot or self.is_container(base)) for at, base, slot in self.stores if span[0] < at <= span[1]]
        return not any(moves and (b == whole or self.analysis.alias.may_alias(b, whole)) for b, moves in stores)


def _loops(stmt: ast.stmt) -> bool:
    return any(isinstance(n, (ast.For, ast.While)) for n in walk(stmt))


def _of_shape(node: ast.Subscript) -> bool:
    """Say whether a part is that of a shape: a number that tells of an array, and is no part of it."""
    return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
