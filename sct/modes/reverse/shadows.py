"""Shadows: adjoint buffers that the forward sweep makes beside arrays that share memory.

Whatever is done to a name (a view, a copy of the reference, a place in a list) is done to its shadow, so that the
shadows share memory exactly as the arrays do. The shadow of a number that stands in a container is a slot of the
container's shadow.
"""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Mapping

from sct import core, rules
from sct.analysis.aliasing import IMMUTABLE
from sct.analysis.joining import members_of
from sct.analysis.kinds import CONTAINERS, UNKNOWN
from sct.frontend.evaluation import replaced
from sct.modes.reverse.nodes import Step, helper, loads, number
from sct.modes.reverse.operations import Operations, matched
from sct.modes.reverse.places import Mirror, as_store, loaded, shown
from sct.modes.reverse.regimes import SHADOW
from sct.nodes import assign, load
from sct.walk import clone, root_name, walk

#: Views of which a shadow cannot be one: nothing can be added to those that NumPy does not let one write, and the
#: adjoint of an imaginary part has another sign than that of the whole.
_NOT_MIRRORED = core.READ_ONLY_VIEWS | {"numpy.imag", "numpy.ndarray.imag"}


class Shadows(Operations):
    """Makes shadows in the forward sweep."""

    repeated: Mapping[str, str] = {}  # the shadows of arrays that stand in a display several times

    def bind_shadow(self, stmt: ast.stmt, name: str, value: ast.expr, step: Step) -> None:
        """Let the forward sweep make the shadow of a name that it has just bound."""
        kind = self.c.analysis.facts.name_after(stmt, name)
        forward: list[ast.stmt] = self.mirror_repeated(stmt, value)
        if self.copied_list(stmt, value):
            assert isinstance(value, ast.Call)
            made = "builtins.dict" if core.qualname(value.func) == "builtins.dict" else "builtins.list"
            shadow = ast.Call(func=core.ref(made), args=[self.shadow_of_member(stmt, value.args[0])], keywords=[])
            forward.append(assign(self.c.bar(name), shadow))
        elif isinstance(value, (ast.Tuple, ast.List, ast.Dict)):
            forward.append(assign(self.c.bar(name), self.shadow_of_member(stmt, value)))
        elif self.joins_lists(stmt, value):
            assert isinstance(value, ast.BinOp)
            forward.append(assign(self.c.bar(name), self.shadow_of_joined(stmt, name, value)))
        elif self.is_alias(stmt, name, value) and any(n in self.varied for n in loads([value])):
            checks, shadows = self.mirrored(stmt, name, value)
            if name in loads([value]):  # afterwards the name would be compared with itself
                step.forward = [*(_of_value(check, name, value) for check in checks), *step.forward]
                checks = []
            forward += [*checks, *shadows]
        elif kind.what in CONTAINERS and matched(value) is None and self.takes_members(stmt, value):
            self.c.refuse(
                stmt,
                f"`{shown(name)}` holds an array that is written in place under another name",
                "put a copy into it: `.copy()`",
            )
        else:
            forward.append(assign(self.c.bar(name), self.zero(name, kind)))
        step.forward = [*step.forward, *forward]
        step.kills = (*step.kills, self.c.bar(name))

    def shadow_of_joined(self, stmt: ast.stmt, name: str, value: ast.BinOp) -> ast.expr:
        """Return the shadow of a list that joins others, or repeats one."""
        sides = (value.left, value.right)
        if isinstance(value.op, ast.Mult):
            displays = [side for side in sides if isinstance(side, (ast.List, ast.Tuple))]
            members = [m for display in displays for m in display.elts]
            kept = [m for m in members if self.shares_shadow(stmt, m)]
            others = [m for m in members if m not in kept and self.c.analysis.facts.kind(stmt, m).what != "scalar"]
            if kept and others or any(isinstance(m, (ast.List, ast.Tuple, ast.Dict)) for m in others):
                self.c.refuse(stmt, "what stands here several times is written elsewhere", "copy it")
            if others and any(self.c.analysis.activity.active(stmt, m) for m in others):
                return helper("zeros_like", load(name))  # each repetition has an adjoint of its own; see `joined`
            if any(isinstance(v, ast.Name) and not self.is_count(v) and not self.is_shadow(v) for v in sides):
                return helper("zeros_like", load(name))
        left, right = (v if self.is_count(v) else self.shadow_of_member(stmt, v) for v in sides)
        # As the user's own it is no sum to the passes that shorten text: twice a list holds each member twice.
        return ast.copy_location(ast.BinOp(left=left, op=value.op, right=right), value)

    def is_alias(self, stmt: ast.stmt, name: str, value: ast.expr) -> bool:
        """Say whether a name is bound to memory that something else has: no number is."""
        is_number = self.c.analysis.facts.name_after(stmt, name).what in IMMUTABLE
        return not is_number and self.aliases_something(stmt, value)

    def takes_members(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a container that is made here may hold what active names lead to."""
        active = any(n in self.varied for n in loads([value]))
        return active and not _of_numbers(value) and not self.lists_keys(stmt, value)

    def mirror_repeated(self, stmt: ast.stmt, display: ast.expr) -> list[ast.stmt]:
        """Return the statements that make one shadow of an inactive array that stands in a display several times."""
        self.repeated = {}
        count = Counter(
            n.id
            for n in (walk(display) if isinstance(display, (ast.Tuple, ast.List, ast.Dict)) else ())
            if isinstance(n, ast.Name) and n.id not in self.varied and not core.is_ref(n)
            if self.c.analysis.facts.kind(stmt, n).what not in IMMUTABLE
        )
        leaders = Counter(self.c.analysis.alias.find(name) for name in count)
        for name in count:
            if leaders[self.c.analysis.alias.find(name)] > 1:
                self.c.refuse(stmt, f"`{shown(name)}` stands here under two names", "copy it: `.copy()`")
        self.repeated = {name: self.c.fresh.temporary() for name, times in count.items() if times > 1}
        return [assign(held, helper("zeros_mirror", load(name))) for name, held in self.repeated.items()]

    def copied_list(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a value is a list, a tuple or a dict of the members of a name that has a shadow."""
        if self.lists_keys(stmt, value):
            return False
        made = core.qualname(value.func) if isinstance(value, ast.Call) else ""
        return (
            made in ("builtins.list", "builtins.tuple", "builtins.dict")
            and isinstance(value, ast.Call)
            and len(value.args) == 1
            and not value.keywords
            and self.is_shadow(value.args[0])
        )

    def sliced_list(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a value is a slice of a list that has a shadow: a list of its own, of the same members."""
        if not isinstance(value, ast.Subscript) or not isinstance(value.slice, ast.Slice):
            return False
        kind = self.c.analysis.facts.kind(stmt, value.value)
        members = members_of(kind)
        arrays = bool(members) and all(m.what == "array" for m in members or ())
        return self.is_shadow(value.value) and kind.what in ("list", "tuple") and not arrays

    def joins_lists(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a value joins lists or repeats one: it holds the same members."""
        return isinstance(value, ast.BinOp) and self.c.analysis.facts.kind(stmt, value).what in ("list", "tuple")

    def add_joined(self, stmt: ast.stmt, value: ast.BinOp, bar: ast.expr) -> None:
        """Add the numbers in a joined list to those in its parts; other members have one adjoint, here and there."""
        others: list[tuple[ast.expr, ast.expr]] = []
        for part, share in self.joined(value, bar):
            if not isinstance(part, ast.Name):
                self.c.refuse(stmt, "a list of arrays that are written in place is joined here", "name its parts first")
            if not self.shares_shadow(stmt, part):
                others.append((part, share))
            elif part not in (value.left, value.right):
                continue  # a member of a display
            elif not all(m.what == "array" for m in members_of(self.kind_of(part.id)) or (UNKNOWN,)):
                self.emit(ast.Expr(value=helper("accumulate_numbers", load(self.c.bar(part.id)), share)))
        self.distribute(others)

    def add_to_slice(self, name: str, index: ast.expr, bar: ast.expr) -> None:
        """Add the numbers in a list to those in a slice of a shadow; they are no memory that the two share."""
        held = self.c.fresh.temporary()
        place = ast.Subscript(value=load(self.c.bar(name)), slice=index, ctx=ast.Load())
        self.emit(assign(held, place))
        self.emit(ast.Expr(value=helper("accumulate_numbers", load(held), bar)))
        self.emit(ast.Assign(targets=[as_store(place)], value=load(held)))

    def mirrored(self, stmt: ast.stmt, name: str, value: ast.expr) -> tuple[list[ast.Expr], list[ast.stmt]]:
        """Return the statements that check, and those that make, a shadow of a part or another name of what exists."""
        match = matched(value) if not isinstance(value, (ast.Name, ast.Subscript)) else None
        source = match.args[match.operands[0]] if match is not None and match.operands else value
        bases = [n for n in loads([source]) if n in self.varied]
        fixed = match is not None and match.qualname in _NOT_MIRRORED
        if fixed or not bases or self.c.regimes.regime(bases[0]) != SHADOW:
            other = (bases or loads([value]))[0]
            self.c.refuse(
                stmt,
                f"`{shown(name)}` shares memory with `{shown(other)}` in a way that sct cannot follow",
                "copy it: `.copy()`",
            )
        if isinstance(value, ast.Subscript) and self.is_number(name):
            advice = "give the number a name of its own"
            self.c.refuse(stmt, f"`{shown(name)}` is a number here, and an array that is written elsewhere", advice)
        out: list[ast.Expr] = []
        unsure = match is not None and rules.memory(match, self.c.analysis.facts.kinds(stmt)) == "maybe"
        if unsure or isinstance(value, ast.Subscript) and not self.basic(stmt, value.slice):
            shown_name = ast.Constant(value=shown(name, value))
            out.append(ast.Expr(value=helper("require_view", shown_name, load(name), load(bases[0]))))
        shadow = Mirror(self.c.bars, set(bases)).visit(clone(source))
        made = shadow if source is value else replaced(value, {id(source): shadow})
        shadows: list[ast.stmt] = [assign(self.c.bar(name), made)]
        if isinstance(value, ast.Subscript) and root_name(value) in self.turning:
            title = ast.Constant(value=ast.unparse(value))
            shadows.insert(0, ast.Expr(value=helper("require_array", title, clone(made))))
        return out, shadows

    @functools.cached_property
    def turning(self) -> set[str]:
        """The lists and dicts of which a number may become an array by an augmented assignment.

        Its shadow is a number all the same, which a name of the array cannot share.
        """
        kind = self.c.analysis.facts.kind
        stmts = (s for s in walk(self.c.flat.node) if isinstance(s, ast.AugAssign))
        places = [(s, s.target) for s in stmts if isinstance(s.target, ast.Subscript)]
        return {
            root_name(place) or ""
            for stmt, place in places
            if kind(stmt, stmt.value).what not in IMMUTABLE and kind(stmt, loaded(place)).what == "unknown"
            if kind(stmt, loaded(place).value).what in CONTAINERS
        }

    def is_number(self, name: str) -> bool:
        """Say whether a guard takes what a name is bound to for a number, whose adjoint is no part of a buffer."""
        calls = (n for n in walk(self.c.flat.node) if isinstance(n, ast.Call))
        guards = (n for n in calls if core.qualname(n.func) == "sct.runtime.require_scalar")
        return any(isinstance(a, ast.Name) and a.id == name for guard in guards for a in guard.args)

    def shadow_of_member(self, stmt: ast.stmt, value: ast.expr) -> ast.expr:
        """Return the shadow of what is put into a container."""
        if isinstance(value, (ast.Tuple, ast.List)):
            return ast.List(elts=[self.shadow_of_member(stmt, e) for e in value.elts], ctx=ast.Load())
        if isinstance(value, ast.Dict):
            values = [self.shadow_of_member(stmt, v) for v in value.values]
            return ast.Dict(keys=[k and clone(k) for k in value.keys], values=values)
        if isinstance(value, ast.Starred):
            if self.is_shadow(value.value):
                return ast.Starred(value=self.shadow_of_member(stmt, value.value), ctx=ast.Load())
            members = ast.List(elts=[clone(value)], ctx=ast.Load())
            return ast.Starred(value=helper("zeros_mirror", members), ctx=ast.Load())
        if self.shares_shadow(stmt, value):
            assert isinstance(value, ast.Name)
            return load(self.c.bar(value.id))
        kind = self.c.analysis.facts.kind(stmt, value)
        if kind.what == "scalar":
            return number(0.0)
        if isinstance(value, ast.Name) and value.id in self.repeated:
            return load(self.repeated[value.id])
        tangled = kind.what in CONTAINERS or isinstance(value, ast.Call) and matched(value) is None
        # What is active here has contributions of its own to each of its members.
        tangled = tangled and not self.c.analysis.activity.active(stmt, value)
        return helper("zeros_mirror" if tangled else "zeros_like", clone(value))

    def require_numbers(self, stmt: ast.stmt, value: ast.expr) -> list[ast.stmt]:
        """Return a guard against lists of what is put into a slot by value: lists share their members."""
        if not isinstance(value, ast.Name) or value.id not in self.c.regimes.sums:
            return []
        if self.c.analysis.facts.kind(stmt, value).what != "unknown":
            return []
        return [self.no_list(value)]

    def no_list(self, value: ast.Name) -> ast.stmt:
        """Return a guard that something is no list, with which arithmetic does something else."""
        return ast.Expr(value=helper("require_numbers", ast.Constant(value=shown(value.id)), load(value.id)))

    def append_shadow(self, stmt: ast.stmt, base: str, value: ast.expr, step: Step) -> None:
        """Let the forward sweep append to the shadow of a list too."""
        shared = self.mirror_repeated(stmt, value)
        append = ast.Attribute(value=load(self.c.bar(base)), attr="append", ctx=ast.Load())
        call = ast.Call(func=append, args=[self.shadow_of_member(stmt, value)], keywords=[])
        step.forward = [*self.require_numbers(stmt, value), *step.forward, *shared, ast.Expr(value=call)]

    def is_entry(self, stmt: ast.stmt, place: ast.Subscript) -> bool:
        """Say whether a place is an entry of a dict that has a name."""
        return isinstance(place.value, ast.Name) and self.c.analysis.facts.is_entry(stmt, place)

    def slot_shadow(self, stmt: ast.stmt, target: ast.Subscript, value: ast.expr, step: Step) -> str:
        """Let the forward sweep put another shadow into a slot; return the name that holds the one that was there."""
        base = target.value
        assert isinstance(base, ast.Name)
        bar = load(self.c.bar(base.id))
        place = ast.Subscript(value=bar, slice=target.slice, ctx=ast.Load())
        held = self.c.fresh.temporary()
        old: ast.expr = place
        if self.is_entry(stmt, loaded(target)):  # which may be new
            get = ast.Attribute(value=bar, attr="get", ctx=ast.Load())
            old = ast.Call(func=get, args=[target.slice], keywords=[])
        shared = self.mirror_repeated(stmt, value)
        shadow = ast.Assign(targets=[as_store(place)], value=self.shadow_of_member(stmt, value))
        step.forward = [*self.require_numbers(stmt, value), *step.forward, assign(held, old), *shared, shadow]
        step.kills = (*step.kills, held)
        return held


def _of_numbers(value: ast.expr) -> bool:
    """Say whether a value is a list that repeats constants: ``[0.0] * len(x)``."""
    sides = [value.left, value.right] if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult) else []
    lists = [side for side in sides if isinstance(side, (ast.List, ast.Tuple))]
    return len(lists) == 1 and all(isinstance(e, ast.Constant) for e in lists[0].elts)


def _of_value(check: ast.Expr, name: str, value: ast.expr) -> ast.Expr:
    """Return a check of what a name is going to be bound to, for one of the name."""
    assert isinstance(check.value, ast.Call)
    title, _, base = check.value.args
    return ast.Expr(value=helper("require_view", title, clone(value), base))
