"""One operation a statement: active expressions taken apart.

In: a structured, lowered function and its activity. Out: the same function, in which the right-hand side of every
active statement is one operation on names and constants, and `Flat.origin`, which says for each statement which
statement of the function before it belongs to. Inactive expressions (tests, indices, shapes) stay whole; one that
an active operation reads and that is dear gets a temporary, so that the reverse sweep need not compute it again.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sct import core, rules
from sct.analysis.activity import Activity
from sct.analysis.aliasing import IMMUTABLE, CallEffects, Effects
from sct.analysis.evaluator import as_load
from sct.analysis.hidden import index_reads_memory, written_by
from sct.analysis.lists import WRITING_METHODS
from sct.analysis.outside import Changed, is_part, mentions, shared_by
from sct.analysis.purity import BYSTANDING
from sct.frontend.early import found_before, settled
from sct.frontend.evaluation import pure, replaced
from sct.frontend.expressions import Expressions, Refuse, member_at, number, simple
from sct.frontend.order import Acts
from sct.frontend.structure import Block, Fresh, may_jump
from sct.nodes import assign, changed, load
from sct.rules.stores import why_not
from sct.walk import children, header, root_name, start_of, walk

#: Calls that a statement may make for their effect alone and that do not touch numbers.
_BYSTANDERS = (
    "builtins.print",
    "logging.",
    "warnings.",
    "sys.stdout.",
    "sys.stderr.",
    "time.",
    "builtins.input",
    "sct.runtime.require_",
)
#: Sorts of values of which an index gives the members in order.
_INDEXED = ("array", "list", "tuple", "text")


@dataclass(frozen=True)
class Flat:
    """A flattened function; `origin` maps each of its simple statements to the one it came from."""

    node: ast.FunctionDef
    origin: Mapping[ast.stmt, ast.stmt]


def flatten(
    node: ast.FunctionDef,
    activity: Activity,
    fresh: Fresh,
    refuse: Refuse,
    effects: CallEffects = lambda key: Effects(),
    changing: Changed | None = None,
    acts: Acts = lambda key: True,
) -> Flat:
    """Take the active expressions of `node` apart.

    `effects` says what calls of the user's functions do to memory, `acts` whether they do anything besides returning
    a value, `changing` which globals the program changes.
    """
    flattener = _Flattener(activity, fresh, refuse, effects, acts)
    flattener.changing = changing or {}
    flattener.routine, flattener.containers = node.name, _containers(node)
    flattener.reads = [n for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    body = flattener.block(node.body)
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return Flat(ast.copy_location(ast.FunctionDef(**fields), node), flattener.origin)


class _Flattener(Expressions):
    def __init__(self, activity: Activity, fresh: Fresh, refuse: Refuse, effects: CallEffects, acts: Acts) -> None:
        super().__init__(activity, fresh, refuse, effects, acts)
        self.reads: list[ast.Name] = []
        self.texts: set[str] = set()  # names of texts that the function makes
        self.changing: Changed = {}
        self.routine = ""
        self.containers: set[str] = set()  # names of which a part or the truth is asked, or that are handed on

    # Statements.

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        saved = self.out
        self.out = []
        for stmt in stmts:
            self.stmt = stmt
            self.statement(stmt)
        done, self.out = self.out, saved
        return done

    def check_text(self, stmt: ast.stmt) -> None:
        """Refuse numbers that are read back from text, through which no derivative can be followed."""
        for node in walk(stmt):
            if (
                isinstance(node, ast.Call)
                and core.qualname(node.func) in ("builtins.float", "builtins.complex")
                and node.args
            ):
                arg = node.args[0]
                if self.activity.facts.kind(stmt, arg).what != "text" or isinstance(arg, ast.Constant):
                    continue
                names = {n.id for n in walk(arg) if isinstance(n, ast.Name)}
                if names & (self.activity.varied | self.texts):
                    self.refuse(
                        node,
                        "this number is read back from text that was made of an active value",
                        "use the number itself",
                    )

    def statement(self, stmt: ast.stmt) -> None:
        if self.changing and any(is_part(core.qualname(n), self.changing) for n in header(stmt)):
            self.refuse_names(stmt)
            stmt = self.without_globals(stmt)
        if isinstance(stmt, (ast.For, ast.While, ast.If)):
            self.compound(stmt)
        elif isinstance(stmt, ast.Assign):
            self.check_text(stmt)
            for target in stmt.targets:
                if isinstance(target, ast.Name) and self.activity.facts.name_after(stmt, target.id).what == "text":
                    self.texts.add(target.id)
            self.assign(stmt)
        elif isinstance(stmt, ast.AnnAssign):
            if stmt.value is not None and (self.active(stmt.value) or self._names_active([stmt.target])):
                plain = ast.copy_location(ast.Assign(targets=[stmt.target], value=stmt.value), stmt)
                self.assign(plain)
            else:
                self.emit(stmt)
        elif isinstance(stmt, ast.AugAssign):
            self.check_text(stmt)
            self.augment(stmt)
        elif isinstance(stmt, ast.Expr):
            self.effect(stmt)
        elif isinstance(stmt, ast.Return):
            self.check_text(stmt)
            self.leave(stmt)
        elif isinstance(stmt, (ast.With, ast.Try)):
            self.guarded(stmt)
        elif isinstance(stmt, ast.Delete):
            self.delete(stmt)
        elif isinstance(stmt, (ast.Pass, ast.Break, ast.Assert, ast.Raise, ast.Global, ast.Import, ast.ImportFrom)):
            self.emit(stmt)
        elif isinstance(stmt, (ast.FunctionDef, ast.ClassDef)):
            self.refuse(stmt, "this nested definition cannot be followed", "move it to the top level of the module")
        else:
            if any(isinstance(n, ast.Name) and n.id in self.activity.varied for n in walk(stmt)):
                self.refuse(
                    stmt,
                    f"sct cannot differentiate a `{type(stmt).__name__.lower()}` statement",
                    "write it as if and elif" if isinstance(stmt, ast.Match) else "write it another way",
                )
            self.emit(stmt)

    def refuse_names(self, stmt: ast.stmt) -> None:
        """Refuse another name for a global that is changed by its own: the reverse sweep would read it there."""
        if not isinstance(stmt, ast.Assign):
            return
        bound = [n for t in stmt.targets for n in walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        targets = {n.id for n in bound if not core.is_ref(n)}
        shared = {by for n in shared_by(stmt.value, self.effects) for by in self.changing.get(n, ())}
        # What is written by yet another name is no number, which would be bound anew.
        if not any(name for _, name in shared):
            targets &= self.containers
        if targets and shared - {(self.routine, name) for name in targets}:
            reason = "this gives another name to a global that the program changes"
            self.refuse(stmt.value, reason, "copy it, or use the one name or the other")
        if shared and any(n.id in targets & self.containers and self.active(n) for n in bound):
            reason = "an active value is stored into what may be a global"
            self.refuse(stmt, reason, "Pass the array in as an argument and return it, or write into a copy.")

    def without_globals(self, stmt: ast.stmt) -> ast.stmt:
        """Return a statement that reads globals which the program changes from temporaries, where sweeps may ask it."""
        if isinstance(stmt, ast.While):
            reason = "the test of this loop reads a global that the program changes"
            self.refuse(stmt.test, reason, "read it in the loop, or pass it as an argument")
        if not isinstance(stmt, (ast.For, ast.If)) and not any(
            self.active(e) for e in children(stmt) if isinstance(e, ast.expr) and not isinstance(e, ast.Constant)
        ):
            return stmt
        if any(isinstance(n, ast.Call) and core.qualname(n.func).startswith("@") for n in header(stmt)):
            reason = "this statement reads a global that the program changes, and calls what may change it"
            self.refuse(stmt, reason, "read it in a statement of its own, or pass it as an argument")
        if isinstance(stmt, ast.For) and core.qualname(getattr(stmt.iter, "func", stmt.iter)) != "builtins.range":
            inside = [n for part in stmt.body for n in walk(part)]
            called = any(isinstance(n, ast.Call) and core.qualname(n.func).startswith("@") for n in inside)
            by_name = {name for g in self.changing.values() for by, name in g if by == self.routine and name}
            named = any(isinstance(n, ast.Name) and n.id in by_name for n in inside)
            if called or named or any(is_part(core.qualname(n), self.changing) for n in inside):
                reason = "this loop runs over a global that the program changes, perhaps in the loop"
                self.refuse(stmt.iter, reason, "loop over a copy of it, made in a statement before")
        new: dict[int, ast.expr] = {}
        fields = {"iter", "test", "value", "target", "targets"}
        for name in fields.intersection(stmt._fields):
            value = getattr(stmt, name)
            for part in value if isinstance(value, list) else [value]:
                self.held_globals(part, new)
        made: ast.AST = replaced(stmt, new)
        assert isinstance(made, ast.stmt)
        return made

    def held_globals(self, expr: ast.AST, new: dict[int, ast.expr]) -> None:
        """Find the largest inactive parts that read globals which change, and keep their values."""
        if not mentions(expr, self.changing):
            return
        if isinstance(expr, (ast.Lambda, ast.IfExp, ast.BoolOp, ast.comprehension, ast.ListComp)):
            reason = "this reads a global that the program changes"
            self.refuse(expr, reason, "read it in a statement before, or pass it as an argument")
        loaded = isinstance(getattr(expr, "ctx", ast.Load()), ast.Load)
        if isinstance(expr, ast.expr) and loaded and not isinstance(expr, ast.Slice) and not self.active(expr):
            immutable = self.activity.facts.kind(self.stmt, expr).what in IMMUTABLE
            saved = expr if immutable else ast.Call(func=core.ref("sct.runtime.save"), args=[expr], keywords=[])
            new[id(expr)] = self.temporary(saved)
            return
        for part in children(expr):
            # What is stored into is the global itself, and so is what a method is called of.
            itself = not loaded and part is not getattr(expr, "slice", None)
            if itself and isinstance(part, (ast.Subscript, ast.Attribute)):
                self.held_globals(changed(part, ctx=ast.Store()), new)
            elif not itself and not (isinstance(expr, ast.Call) and part is expr.func):
                self.held_globals(part, new)

    def compound(self, stmt: ast.For | ast.While | ast.If) -> None:
        if isinstance(stmt, ast.While) and self.parts(stmt.test, set()):
            self.refuse(stmt.test, "this test takes from an active list", "call .pop() in a statement of its own")
        if isinstance(stmt, ast.For):
            it = self.without_pops(stmt.iter)
            if isinstance(it, ast.Call) and not simple(it, 6):
                it = ast.copy_location(
                    ast.Call(func=it.func, args=[self.inactive(a) for a in it.args], keywords=it.keywords), it
                )
            new: ast.stmt = ast.For(target=stmt.target, iter=it, body=self.block(stmt.body), orelse=[])
        elif isinstance(stmt, ast.While):
            new = ast.While(test=stmt.test, body=self.block(stmt.body), orelse=[])
        else:
            new = ast.If(test=self.without_pops(stmt.test), body=self.block(stmt.body), orelse=self.block(stmt.orelse))
        self.stmt = stmt
        self.emit(ast.copy_location(new, stmt))

    def guarded(self, stmt: ast.With | ast.Try) -> None:
        names = {n.id for n in walk(stmt) if isinstance(n, ast.Name)}
        if names & self.activity.varied and not self.is_trial(stmt):
            what = "with" if isinstance(stmt, ast.With) else "try"
            self.refuse(
                stmt,
                f"reverse mode cannot walk back through a `{what}` statement that holds active values",
                (
                    "let its manager return nothing true from __exit__, and return after it; or use forward mode"
                    if isinstance(stmt, ast.With)
                    else "call what writes in a statement of its own, and what takes from a container outside of it"
                ),
            )
        if may_jump([stmt]):
            self.refuse(stmt, "reverse mode cannot follow a jump out of this statement", "move the jump out of it")
        self.emit(stmt)

    def is_trial(self, stmt: ast.With | ast.Try) -> bool:
        """Say whether a try binds no active value that is read outside it; see `frontend.attempts`."""
        nodes = [n for n in walk(stmt) if isinstance(n, (ast.Name, ast.Subscript, ast.Attribute))]
        stored = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        acts = any(isinstance(n, ast.Expr) and not core.is_guard(n) for n in walk(stmt))
        places = (n for n in nodes if isinstance(n, (ast.Subscript, ast.Attribute)))
        if isinstance(stmt, ast.With) or acts or not all(isinstance(n.ctx, ast.Load) for n in places):
            return False
        if any(isinstance(n, ast.AugAssign) and self.may_write(n) for n in walk(stmt)):
            return False
        calls = (n for n in walk(stmt) if isinstance(n, ast.Call))
        written = (place for call in calls for place in written_by(call, self.effects))
        if any(isinstance(n, ast.Name) and n.id in self.activity.varied for place in written for n in walk(place)):
            return False
        inside = {id(n) for n in nodes}
        read = {n.id for n in self.reads if id(n) not in inside}
        return not stored & read & self.activity.varied

    def may_write(self, stmt: ast.AugAssign) -> bool:
        """Say whether an augmented assignment to a name may write memory that holds active values."""
        target = stmt.target
        if not isinstance(target, ast.Name) or target.id not in self.activity.varied:
            return False
        return self.activity.facts.kind(stmt, load(target.id)).what not in IMMUTABLE

    def delete(self, stmt: ast.Delete) -> None:
        kept: list[ast.expr] = []
        for target in stmt.targets:
            if isinstance(target, ast.Name):
                continue  # the reverse sweep may still read it
            if any(isinstance(n, ast.Name) and n.id in self.activity.varied for n in walk(target)):
                self.refuse(stmt, "deleting a part of an active container cannot be undone", "build a new container")
            kept.append(target)
        if kept:
            self.emit(ast.copy_location(ast.Delete(targets=kept), stmt))

    def assign(self, stmt: ast.Assign) -> None:
        for target in stmt.targets:
            if isinstance(target, ast.Attribute) and self.base_active(target) and not self.active(stmt.value):
                advice = "keep it in a local variable or a dict"
                self.refuse(target, "an attribute of an active value is changed", advice)
        stored = any(isinstance(t, ast.Subscript) and self.base_active(t) for t in stmt.targets)
        made = core.qualname(stmt.value.func) if isinstance(stmt.value, ast.Call) else ""
        if made.startswith(("collections.", "queue.")) and self._names_active(stmt.targets):
            self.refuse(stmt, f"reverse mode does not know what a {made} does to active values", "use a list or a dict")
        if not self.active(stmt.value) and not stored:
            if self._names_active(stmt.targets) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Tuple):
                self.unpack(stmt, stmt.targets[0], stmt.value)
                return
            if self._names_active(stmt.targets) and len(stmt.targets) > 1:
                # Each name that was active gives up its adjoint; what is made is made once.
                held = stmt.value if isinstance(stmt.value, ast.Constant) else self.temporary(stmt.value)
                for target in stmt.targets:
                    self.bind(stmt, target, held)
                return
            plain = changed(stmt, value=self.without_pops(stmt.value))
            target, value = stmt.targets[0], plain.value
            if len(stmt.targets) == 1 and isinstance(target, ast.Subscript):
                target, value = settled(target, value, self.activity.alias, self.temporary)
            self.emit(plain if target is stmt.targets[0] else changed(plain, targets=[target], value=value))
            return
        if len(stmt.targets) == 1:
            self.bind(stmt, stmt.targets[0], stmt.value)
            return
        value = self.atom(stmt.value)
        for target in stmt.targets:
            self.bind(stmt, target, value)

    def _names_active(self, targets: Sequence[ast.expr]) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self.activity.varied for t in targets for n in walk(t))

    def base_active(self, target: ast.expr) -> bool:
        start = start_of(target)
        if isinstance(start, ast.Name):
            return start.id in self.activity.varied
        return isinstance(start, ast.expr) and start is not target and self.active(start)

    def bind(self, stmt: ast.stmt, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if core.is_ref(target):
                self.refuse(target, "an active value is stored into a global", "pass it in and return it")
            self.emit(_like(stmt, ast.Assign(targets=[target], value=self.operation(value))))
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(stmt, target, value)
        elif isinstance(target, ast.Subscript):
            calls = [n for n in walk(value) if isinstance(n, ast.Call) and any(written_by(n, self.effects))]
            early = pure(target.slice) and not (calls and index_reads_memory(target, self.kinds()))
            held = None if early else self.atom(value) if self.active(value) else self.temporary(value)
            place = self.place(target)  # after the value, as Python has it: an index may change what the value reads
            self.emit(_like(stmt, ast.Assign(targets=[place], value=self.atom(value) if held is None else held)))
        else:
            self.refuse(target, "an active value is stored into an attribute", "keep it in a local variable or a dict")

    def place(self, target: ast.Subscript) -> ast.Subscript:
        base = target.value
        if isinstance(base, ast.Subscript):
            base = self.place(base)
            if self.may_copy(base):  # ``a[[0, 1]][0] = v`` is written into a copy that nobody sees
                base = self.temporary(as_load(base), active=True)
        elif self.is_view(base):
            base = self.atom(base)
        elif not isinstance(base, ast.Name):
            self.refuse(target, "an active value is stored into something that is not a variable", "name it first")
        elif core.is_ref(base):
            self.refuse(
                target, "an active value is stored into a global", "pass the array in as an argument and return it"
            )
        index = found_before(self.index(target.slice), root_name(base), self.activity.alias, self.temporary)
        return ast.copy_location(ast.Subscript(value=base, slice=index, ctx=target.ctx), target)

    def may_copy(self, part: ast.Subscript) -> bool:
        """Say whether a part may be a copy: its index is a list, an array or a mask, or it is all of a number."""
        kind = self.kinds()
        held = kind(as_load(part.value)).what
        steps = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
        whole = all(isinstance(s, ast.Constant) and s.value in (None, ...) for s in steps)
        if whole and isinstance(part.value, ast.Subscript):
            return held in ("scalar", "unknown")  # ``m[0, 1][...]``
        for step in (s for s in steps if not isinstance(s, ast.Slice | ast.Constant)):
            what = kind(step).what
            if what in ("array", "list") and held not in ("list", "dict") or what == "unknown" and held == "array":
                return True
        return False

    def is_view(self, base: ast.expr) -> bool:
        """Say whether a rule knows what a store into this expression reaches: ``a.T[0] = v``."""
        if not isinstance(base, ast.Attribute) or not self.active(base):
            return False
        try:
            return rules.match(base) is not None
        except rules.Unsupported:
            return False

    def unpack(self, stmt: ast.stmt, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        starred = [e for e in target.elts if isinstance(e, ast.Starred)]
        value = self.composed(value) or value
        if isinstance(value, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in value.elts):
            parts = list(value.elts)
            if starred:
                parts = _gather(target, parts)
            if len(parts) == len(target.elts):
                self.parallel(stmt, target.elts, parts)
                return
        plain = all(isinstance(e, ast.Name) for e in target.elts)
        user = isinstance(value, ast.Call) and core.qualname(value.func).startswith("@")
        array = user and self.activity.facts.kind(stmt, value).what == "array"
        if plain and user and not array and not self.is_tangled(target, value):
            self.emit(_like(stmt, ast.Assign(targets=[target], value=self.operation(value))))
            return
        bound = {n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        again = isinstance(value, ast.Name) and value.id in bound  # it is read after one of the parts has its name
        if self.active(value):
            held = self.atom(value, copy_names=again)
        else:
            if self.activity.facts.kind(stmt, value).what not in _INDEXED:
                value = ast.Call(func=core.ref("builtins.list"), args=[value], keywords=[])  # of a dict, an iterator
            held = self.temporary(value)
        count = len(target.elts)
        star = target.elts.index(starred[0]) if starred else count
        for position, sub in enumerate(target.elts):
            if position < star:
                part: ast.expr = member_at(held, position)
            elif position > star:
                part = member_at(held, position - count)
            else:
                part = _rest(held, position, count - position - 1)
            inner = sub.value if isinstance(sub, ast.Starred) else sub
            self.bind_part(stmt, inner, part, held)

    def is_tangled(self, target: ast.Tuple | ast.List, call: ast.expr) -> bool:
        """Say whether parts of what a call returns may share memory, which is written: they are parts of one value."""
        assert isinstance(call, ast.Call)
        effects, alias = self.effects(core.qualname(call.func)), self.activity.alias
        if not effects.tangled and not any(-1 in group for group in effects.shared):
            return False
        return any(isinstance(e, ast.Name) and alias.is_written(e.id) for e in target.elts)

    def bind_part(self, stmt: ast.stmt, target: ast.expr, part: ast.expr, whole: ast.expr) -> None:
        if isinstance(whole, ast.Name) and whole.id in self.activity.varied or self.active(whole):
            self.bind(stmt, target, part)
        elif isinstance(target, (ast.Tuple, ast.List)) and self._names_active([target]):
            self.unpack(stmt, target, part)
        else:
            self.emit(_like(stmt, ast.Assign(targets=[target], value=part)))

    def parallel(self, stmt: ast.stmt, targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> None:
        """Assign several values at once: all are computed before the first name is bound."""
        bound: set[str] = set()
        held: list[ast.expr] = []
        for position, value in enumerate(values):
            later = [t.value if isinstance(t, ast.Starred) else t for t in targets[:position]]
            bound |= {n.id for t in later for n in walk(t) if isinstance(n, ast.Name)}
            reads = {n.id for n in walk(value) if isinstance(n, ast.Name)}
            if reads & bound or reads and len(values) > 1:
                held.append(self.atom(value, copy_names=True) if self.active(value) else self.temporary(value))
            else:
                held.append(value)
        for target, value in zip(targets, held, strict=True):
            inner = target.value if isinstance(target, ast.Starred) else target
            if self.active(value) or not isinstance(inner, ast.Name):
                self.bind(stmt, inner, value)
            else:
                self.emit(_like(stmt, ast.Assign(targets=[inner], value=value)))

    def augment(self, stmt: ast.AugAssign) -> None:
        target_active = (
            stmt.target.id in self.activity.varied
            if isinstance(stmt.target, ast.Name)
            else self.base_active(stmt.target)
        )
        if not self.active(stmt.value) and not target_active:
            target, _ = settled(stmt.target, stmt.value, self.activity.alias, self.temporary, augmented=True)
            self.emit(changed(stmt, target=target))
            return
        if isinstance(stmt.target, ast.Attribute):
            self.refuse(stmt, "an active value is stored into an attribute", "keep it in a local variable or a dict")
        target = self.place(stmt.target) if isinstance(stmt.target, ast.Subscript) else stmt.target
        value = self.atom(stmt.value) if self.active(stmt.value) else self.inactive(stmt.value)
        self.emit(_like(stmt, ast.AugAssign(target=target, op=stmt.op, value=value)))

    def effect(self, stmt: ast.Expr) -> None:
        value = stmt.value
        if not isinstance(value, ast.Call):
            self.emit(stmt)
            return
        if isinstance(value.func, ast.Name) and not core.is_ref(value.func):
            if any(self.active(part) for part in (value.func, *value.args, *(k.value for k in value.keywords))):
                reason = f"sct does not know what `{value.func.id}` does to the active values it is given"
                self.refuse(stmt, reason, "call the function or the method itself")
            self.emit(stmt)
            return
        name = core.qualname(value.func)
        if name.startswith("@"):
            if any(self.active(a) for a in value.args):
                self.emit(_like(stmt, ast.Expr(value=self.user_call(value))))
            else:
                self.emit(stmt)
            return
        if isinstance(value.func, ast.Attribute) and self.base_active(value.func):
            if value.func.attr == "append" and isinstance(value.func.value, ast.Name) and len(value.args) == 1:
                new = ast.Call(func=value.func, args=[self.atom(value.args[0])], keywords=[])
                self.emit(_like(stmt, ast.Expr(value=ast.copy_location(new, value))))
                return
            if core.popped(value):
                self.temporary(value, active=True)
                return
            self.refuse(
                stmt,
                why_not(value)
                or f"the method `{value.func.attr}` changes an active value in a way that sct does not know",
                "assign to elements or slices, or use append",
            )
        if name in core.WRITERS and len(value.args) == core.WRITERS[name] + 1 and not value.keywords:
            target = value.args[0]
            part = isinstance(target, ast.Subscript)
            if (part or isinstance(target, ast.Name) and not core.is_ref(target)) and self.base_active(target):
                args = [self.atom(target), *(self.index(a) for a in value.args[1:-1]), self.atom(value.args[-1])]
                call = ast.copy_location(ast.Call(func=value.func, args=args, keywords=[]), value)
                self.emit(_like(stmt, ast.Expr(value=call)))
                return
        if name in core.WRITERS and any(core.popped(a) for a in value.args):
            # What is taken from a list is taken back by a step of its own.
            taken = [self.temporary(a) if core.popped(a) and not self.takes(a) else a for a in value.args]
            stmt = changed(stmt, value=changed(value, args=taken))
        touched = [*value.args, *(k.value for k in value.keywords)]
        if isinstance(value.func, ast.Attribute) and value.func.attr in WRITING_METHODS:
            if any(self.active(a) for a in touched):
                self.refuse(stmt, "an active value is stored into a global or an object", "keep it in a local variable")
        if isinstance(value.func, ast.Attribute) and not name:
            name = "" if value.func.attr in BYSTANDING else f".{value.func.attr}"
        if name and any(self.active(a) for a in touched) and not name.startswith(_BYSTANDERS):
            shown = core.spelling(value.func) or name
            self.refuse(
                stmt,
                why_not(value) or f"sct does not know what `{shown}` does to the active values it is given",
                "assign its result, or write the operation out",
            )
        self.emit(stmt)

    def leave(self, stmt: ast.Return) -> None:
        value = stmt.value
        if value is None or not self.active(value) or isinstance(value, ast.Name):
            self.emit(stmt)
        elif isinstance(value, ast.Tuple):
            # Members of what is returned have only this in common: a display of them that had a name would tie them.
            self.emit(_like(stmt, ast.Return(value=self.display(value))))
        else:
            name = self.fresh.name("result" if "y" in self.fresh.used else "y")
            self.activity.varied.add(name)
            self.emit(_like(stmt, assign(name, self.operation(value))))
            self.emit(ast.Return(value=load(name)))

    def display(self, value: ast.Tuple) -> ast.Tuple:
        """Return a tuple, and tuples in it, of atoms and inactive expressions."""
        parts = [
            self.display(e) if isinstance(e, ast.Tuple) else self.atom(e) if self.active(e) else e for e in value.elts
        ]
        return ast.Tuple(elts=parts, ctx=ast.Load())


def _gather(target: ast.Tuple | ast.List, parts: list[ast.expr]) -> list[ast.expr]:
    star = next(i for i, e in enumerate(target.elts) if isinstance(e, ast.Starred))
    after = len(target.elts) - star - 1
    if len(parts) < len(target.elts) - 1:
        return parts
    middle = ast.List(elts=parts[star : len(parts) - after], ctx=ast.Load())
    return [*parts[:star], middle, *parts[len(parts) - after :]]


def _rest(base: ast.expr, start: int, after: int) -> ast.expr:
    upper = number(-after) if after else None
    piece = ast.Slice(lower=ast.Constant(value=start) if start else None, upper=upper, step=None)
    part = ast.Subscript(value=base, slice=piece, ctx=ast.Load())
    return ast.Call(func=core.ref("builtins.list"), args=[part], keywords=[])


def _like(stmt: ast.stmt, new: ast.stmt) -> ast.stmt:
    return ast.copy_location(new, stmt)


def _containers(node: ast.FunctionDef) -> set[str]:
    """Return the names of which a part or the truth is asked, or that are handed on: all but those of numbers alone."""
    found: set[str] = set()
    for part in walk(node):
        asked: list[ast.expr] = []
        if isinstance(part, (ast.Subscript, ast.Attribute, ast.Starred)):
            asked = [part.value]
        elif isinstance(part, (ast.For, ast.comprehension)):
            asked = [part.iter]
        elif isinstance(part, ast.Call):
            asked = part.args
        elif isinstance(part, (ast.If, ast.While, ast.IfExp)):
            asked = [part.test]
        elif isinstance(part, (ast.BoolOp, ast.Tuple, ast.List)):
            asked = part.values if isinstance(part, ast.BoolOp) else part.elts
        found.update(e.id for e in asked if isinstance(e, ast.Name))
    return found
