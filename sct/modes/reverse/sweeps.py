"""The two sweeps: the last of the three stages of reverse mode.

In: the marked paired form. Out: the statements of the forward sweep and those of the reverse sweep, in which tapes are
plain lists. Each paragraph of the reverse sweep restores what its statement overwrote, computes again what is cheap,
and then runs the adjoint statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from sct import core
from sct.analysis.evaluator import as_load
from sct.analysis.kinds import UNKNOWN, Kind
from sct.frontend.lists import append, call
from sct.frontend.structure import Fresh
from sct.modes.log import Saved, Why
from sct.modes.reverse.backwards import backwards, breaks, turned
from sct.modes.reverse.context import Context
from sct.modes.reverse.grouping import every, groups, guards_first, resizes, stores_of
from sct.modes.reverse.guards import may_hold_number
from sct.modes.reverse.nodes import (
    AFTER,
    Branch,
    Loop,
    Node,
    Step,
    has_backward,
    helper,
    loads,
    number,
    sized_parts,
    stored,
    value_loads,
)
from sct.modes.reverse.operations import held_by_calls
from sct.modes.reverse.places import of_numbers
from sct.modes.reverse.saving import Saving
from sct.modes.reverse.signature import surely_bound
from sct.nodes import as_argument, assign, load
from sct.walk import clone, root_name, walk

Stmts = list[ast.stmt]
Again = Callable[[ast.expr | None], ast.expr]


class Sweeps:
    """Writes the sweeps of one function."""

    def __init__(self, context: Context, parameters: Sequence[str], saving: Saving) -> None:
        self.c = context
        self.saving = saving
        self.fresh: Fresh = context.fresh
        self.tapes: dict[str, str] = {}
        self.unbound: dict[str, None] = {}
        self.parameters = set(parameters)
        self.saved: list[Saved] = []
        self.loops: list[ast.For | ast.While] = []
        self.at: ast.stmt | None = None

    def run(self, nodes: Sequence[Node]) -> tuple[Stmts, Stmts]:
        """Return the forward and the reverse sweep."""
        forward, backward = self.block(nodes, False, set(self.parameters))
        setup: Stmts = [assign(name, ast.Constant(value=None)) for name in self.unbound]
        return [*self.tape_setup(), *setup, *forward], backward

    def tape_setup(self) -> Stmts:
        names = list(self.tapes.values())
        if not names:
            return []
        empty = [ast.List(elts=[], ctx=ast.Load()) for _ in names]
        if len(names) == 1:
            return [assign(names[0], empty[0])]
        target = ast.Tuple(elts=[ast.Name(id=n, ctx=ast.Store()) for n in names], ctx=ast.Store())
        return [ast.Assign(targets=[target], value=ast.Tuple(elts=list(empty), ctx=ast.Load()))]

    # Saving and restoring.

    def tape(self, name: str) -> str:
        if name not in self.tapes:
            self.tapes[name] = self.fresh.name(f"{_readable(name)}_tape")
        return self.tapes[name]

    def note(self, name: str, holder: str, why: Why, on_tape: bool = False) -> None:
        self.saved.append(Saved(name, holder, why, self.at, tuple(self.loops), on_tape))

    def push(self, name: str, value: ast.expr, why: Why) -> ast.stmt:
        self.note(name, self.tape(name), why, True)
        call = ast.Call(
            func=ast.Attribute(value=load(self.tape(name)), attr="append", ctx=ast.Load()), args=[value], keywords=[]
        )
        return ast.Expr(value=call)

    def pop(self, name: str) -> ast.expr:
        return ast.Call(
            func=ast.Attribute(value=load(self.tape(name)), attr="pop", ctx=ast.Load()), args=[], keywords=[]
        )

    def save(self, step: Step, in_loop: bool, bound: set[str]) -> tuple[Stmts, Stmts]:
        """Return what saves what `step` overwrites, and what restores it."""
        saves: Stmts = []
        restores: Stmts = []
        for name in sorted(step.save):
            copied = name in step.copied
            if isinstance(step.stmt, ast.AugAssign) and not step.saved:  # an array is changed in place
                copied = self.kind_before(step.stmt, name).what != "scalar"
            value = helper("save", load(name)) if copied else load(name)
            if name not in bound:
                self.unbound[name] = None
            if in_loop:
                saves.append(self.push(name, value, "overwritten"))
                restores.append(assign(name, self.pop(name)))
            else:
                kept = self.fresh.name(f"{_readable(name)}_saved")
                self.note(name, kept, "overwritten")
                saves.append(assign(kept, value))
                restores.append(assign(name, load(kept)))
        contents: Stmts = []
        for place in (p for p in step.stores if p in step.saved):
            sure = not isinstance(place, ast.Name) or place.id in bound
            if isinstance(place, ast.Name) and not sure:
                self.unbound[place.id] = None
            self.save_store(step, place, in_loop, saves, contents, sure)
        # First each name is what it was, then what it refers to.
        return saves, [*reversed(restores), *reversed(contents)]

    def is_private(self, name: str) -> bool:
        """Say whether no other variable, no caller and nothing that a call saved knows the memory of a variable."""
        known = self.parameters | held_by_calls(self.c.flat.node)
        return name not in known and not self.c.analysis.alias.is_shared(name)

    def kind_before(self, stmt: ast.stmt, name: str) -> Kind:
        return self.c.analysis.facts.kind(stmt, load(name))

    def save_store(self, step: Step, place: ast.expr, in_loop: bool, saves: Stmts, restores: Stmts, sure: bool) -> None:
        base = root_name(place)
        assert base is not None
        while isinstance(place, ast.Attribute):
            place = place.value  # all of `a` is written as `a.T` or `a.real`
        if step.append_to:
            restores.append(
                ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=load(base), attr="pop", ctx=ast.Load()), args=[], keywords=[]
                    )
                )
            )
            return
        if step.pop_from:
            last = ast.Subscript(value=load(base), slice=ast.UnaryOp(op=ast.USub(), operand=number(1)), ctx=ast.Load())
            kept = self.keep(f"{base}[]", last, in_loop, saves)
            back = ast.Attribute(value=load(base), attr="append", ctx=ast.Load())
            restores.append(ast.Expr(value=ast.Call(func=back, args=[kept], keywords=[])))
            return
        # Contents have a tape of their own: a variable's tape holds what the variable was bound to.
        if isinstance(place, ast.Name):
            kind = self.c.analysis.facts.kind(step.stmt, load(base)) if step.stmt is not None else Kind()
            how = "contents" if self.holds_objects(base, kind) else "save"
            value = load(base) if kind.what == "scalar" else helper(how, load(base))
            kept = self.keep(f"{base}[]", value, in_loop, saves)
            # An augmented name may be a number; an augmented attribute is one of an object.
            augmented = isinstance(step.stmt, ast.AugAssign) and isinstance(step.stmt.target, ast.Name)
            unsure = augmented and (kind.what == "unknown" or may_hold_number(self.c.flat, self.c.analysis, base))
            if kind.what == "scalar" or unsure and kind.what == "unknown" and self.is_private(base):
                restores.append(assign(base, kept))  # nobody else knows the array, if it is one
            elif unsure:
                restores.append(assign(base, helper("restored", load(base), kept)))  # it may be a number
            else:
                restores.append(put_back(load(base), kept, kind if sure else UNKNOWN))
        else:
            assert isinstance(place, ast.Subscript)
            self.save_part(step, base, place, in_loop, saves, restores)

    def holds_objects(self, name: str, kind: Kind) -> bool:
        """Say whether a list or a dict holds more than numbers: it is to get each object back."""
        facts = self.c.analysis.facts
        kinds = [kind] if kind.what != "unknown" else [k for after in facts.after.values() if (k := after.get(name))]
        return any(k.what in ("list", "dict") and not of_numbers(k) for k in kinds)

    def save_part(
        self, step: Step, base: str, place: ast.Subscript, in_loop: bool, saves: Stmts, restores: Stmts
    ) -> None:
        """Save what a statement overwrites in part of an array, or in a slot of a list or dict."""
        read = _loaded(place)
        assert isinstance(read, ast.Subscript)
        target = ast.Subscript(value=read.value, slice=place.slice, ctx=ast.Store())
        kind = self.c.analysis.facts.kind(step.stmt, read) if step.stmt is not None else Kind()
        holder = self.c.analysis.facts.kind(step.stmt, read.value).what if step.stmt is not None else "unknown"
        if self.may_be_new(step, place):
            kept = self.keep(f"{base}_entry[]", helper("entry", read.value, read.slice), in_loop, saves)
            restores.append(ast.Expr(value=helper("put_entry", read.value, read.slice, kept)))
            return
        # The slice of a list is a list of its own, of the same objects.
        slots = holder == "list" and isinstance(place.slice, ast.Slice) and isinstance(step.stmt, ast.Assign)
        copied: ast.expr = read if kind.what == "scalar" or slots else helper("save", read)
        if step.stmt is not None and holder == "unknown" and isinstance(step.stmt, ast.AugAssign):
            text = self.c.analysis.facts.kind(step.stmt, place.slice).what == "text"
            holder = "dict" if text else "list" if self.c.analysis.alias.is_shared(base) else holder
        if holder not in ("list", "dict") or isinstance(place.slice, ast.Slice) or kind.what == "scalar":
            kept = self.keep(f"{base}[]", copied, in_loop, saves)
            restores.append(ast.Assign(targets=[target], value=kept))
            return
        # A slot holds an object that others may know: it gets that object back, or what was in it.
        if isinstance(step.stmt, (ast.AugAssign, ast.Expr)):
            kept = self.keep(f"{base}[]", copied, in_loop, saves)
            back = put_back(read, kept, kind)
            if kind.what != "array":
                back = ast.Expr(value=helper("put_back_at", read.value, as_argument(place.slice), kept))
            restores.append(back)
            return
        kept = self.keep(f"{base}_member[]", read, in_loop, saves)
        restores.append(ast.Assign(targets=[target], value=kept))

    def keep(self, name: str, value: ast.expr, in_loop: bool, saves: Stmts) -> ast.expr:
        """Save a value; return what reads it in the reverse sweep."""
        if in_loop:
            saves.append(self.push(name, value, "overwritten"))
            return self.pop(name)
        kept = self.fresh.name(f"{_readable(name)}_saved")
        self.note(name, kept, "overwritten")
        saves.append(assign(kept, value))
        return load(kept)

    def may_be_new(self, step: Step, place: ast.Subscript) -> bool:
        """Say whether a store may make a new entry: one under a key of a dict."""
        if not isinstance(step.stmt, ast.Assign) and not _puts_entry(step.stmt):
            return False  # what an entry holds is written, and it stays the same entry
        assert step.stmt is not None
        return self.c.analysis.facts.is_entry(step.stmt, place)

    # Nodes.

    def block(self, nodes: Sequence[Node], in_loop: bool, bound: set[str]) -> tuple[Stmts, Stmts]:
        forward: Stmts = []
        paragraphs: list[Stmts] = []
        for run in groups(nodes):
            first = run[0]
            if isinstance(first, Branch):
                ahead, back = self.branch(first, in_loop, bound)
            elif isinstance(first, Loop):
                ahead, back = self.loop(first, in_loop, bound)
            else:
                ahead, back = self.group([s for s in run if isinstance(s, Step)], in_loop, bound)
            forward += ahead
            paragraphs.append(back)
        forward = guards_first(forward, self.c.bars.values())
        backward: Stmts = []
        heading: str | None = None
        for back in reversed(paragraphs):
            text = core.remark_text(back[0]) if back else None
            backward += back[1:] if text is not None and text == heading else back
            heading = text if back else heading
        return forward, backward

    def group(self, steps: list[Step], in_loop: bool, bound: set[str]) -> tuple[Stmts, Stmts]:
        forward: Stmts = []
        restores: list[Stmts] = []
        again: Stmts = []
        restored: set[str] = set()
        first: list[ast.stmt] = []
        own = {k for s in steps for k in s.kills if self.saving.is_private(s, k)}
        early: Stmts = []
        for step in steps:
            self.at = step.source
            saves, back = self.save(step, in_loop, bound)
            # Saving first keeps the user's statement in one piece.
            (forward if own & set(loads(saves)) else early).extend(saves)
            forward += step.forward
            if not any(isinstance(s, ast.Break) for s in step.forward):
                forward += [self.push(n, load(n), "bound anew") for n in sorted(step.push)]
            bound |= surely_bound(step.forward) if step.opaque else set(step.kills)
            restores.append(back)
            restored |= step.save
            if step.recompute:
                again += step.forward
            popped = [n for n in sorted(step.push) if self.saving.is_private(step, n)]
            again += [assign(n, self.pop(n)) for n in popped if n not in step.early]
            first += [assign(n, self.pop(n)) for n in popped if n in step.early]
        adjoint = [s for step in reversed(steps) for s in step.backward]
        backward: Stmts = []
        marked = {n.removesuffix(AFTER) for n in loads(adjoint) if n.endswith(AFTER)}
        put = {b for s in steps for p in s.saved for b in [root_name(p)] if b}
        changed = {n for n in marked - own if any(self.saving.alias.may_alias(n, b) for b in put)}
        captures = {name: self.fresh.temporary() for name in sorted(marked & restored | changed)}
        for name, held in captures.items():
            backward.append(assign(held, helper("save", load(name)) if name in changed else load(name)))
        adjoint = [_Unmark(captures).visit(s) for s in adjoint] if marked else adjoint
        paragraph = [*first, *(s for back in reversed(restores) for s in back), *again, *adjoint]
        if first or again:
            # The reverse sweep has temporaries of its own, each bound once, so that they can be put back.
            anew = {n: self.fresh.temporary() for n in stored([*first, *again])}
            paragraph = [Renaming(anew).visit(clone(s)) for s in paragraph]
        backward += paragraph
        source = steps[0].source
        if adjoint and backward and source is not None and (text := statement_text(source)):
            backward.insert(0, core.remark(text, line_of(source)))
        return [*early, *forward], backward

    def restore(self, restored: Sequence[str], recomputed: Sequence[Sequence[Step]]) -> Stmts:
        """Return what a block's reverse sweep starts with."""
        out: Stmts = [assign(n, self.pop(n)) for n in restored]
        # They were found from the last to the first; each may read the ones before it.
        again = [s for chain in reversed(recomputed) for step in chain for s in step.forward]
        results = {name for chain in recomputed for name in chain[-1].kills}
        inner = [n for n in stored(again) if core.is_temporary(n) and n not in results]
        anew = {n: self.fresh.temporary() for n in inner}
        return out + [Renaming(anew).visit(clone(s)) for s in again]

    def branch(self, node: Branch, in_loop: bool, bound: set[str]) -> tuple[Stmts, Stmts]:
        first, second = set(bound), set(bound)
        body, body_back = self.block(node.body, in_loop, first)
        orelse, orelse_back = self.block(node.orelse, in_loop, second)
        bound |= first & second
        arms = [body_back, orelse_back]
        for slot in (0, 1):
            arms[slot] = [*self.restore(node.restored[slot], node.recomputed[slot]), *arms[slot]]
        self.at = node.stmt
        back: Stmts = list(node.before)
        if not arms[0] and not arms[1]:
            plain = ast.If(test=node.stmt.test, body=body or [ast.Pass()], orelse=orelse)
            return [ast.copy_location(plain, node.stmt), *self.pushes(node)], back
        forward: Stmts = []
        if node.recompute_test:
            test = decision = node.stmt.test
        else:
            name = self.fresh.name("taken")
            kind = self.c.analysis.facts.kinds(node.stmt)
            whole = node.stmt.test if _is_settled(node.stmt.test, kind) else call("builtins.bool", node.stmt.test)
            forward.append(assign(name, whole))
            test = load(name)
            decision = test
            if in_loop:
                forward.append(self.push(name, load(name), "decision"))
                decision = self.pop(name)
            else:
                self.note(name, name, "decision")
        new = ast.If(test=test, body=body or [ast.Pass()], orelse=orelse)
        forward.append(ast.copy_location(new, node.stmt))
        forward += self.pushes(node)
        if arms[0]:
            back.append(ast.If(test=decision, body=arms[0], orelse=arms[1]))
        else:
            back.append(ast.If(test=_negated(decision), body=arms[1], orelse=[]))
        return forward, back

    def pushes(self, node: Branch | Loop) -> Stmts:
        return [self.push(n, load(n), "bound anew") for n in sorted(node.push)]

    def loop(self, node: Loop, in_loop: bool, bound: set[str]) -> tuple[Stmts, Stmts]:
        saves: Stmts = []
        restores: Stmts = []
        self.at = node.stmt
        for name in sorted(node.save):
            if name not in bound:
                self.unbound[name] = None
            if in_loop:
                saves.append(self.push(name, load(name), "overwritten"))
                restores.append(assign(name, self.pop(name)))
            else:
                kept = self.fresh.name(f"{name}_saved")
                self.note(name, kept, "overwritten")
                saves.append(assign(kept, load(name)))
                restores.append(assign(name, load(kept)))
        inner = set(bound)
        stmt = node.stmt
        if isinstance(stmt, ast.For):
            inner |= {n.id for n in walk(stmt.target) if isinstance(n, ast.Name)}
        self.loops.append(stmt)
        body, body_back = self.block(node.body, True, inner)
        self.loops.pop()
        self.at = stmt
        body_back = [*self.restore(node.restored, node.recomputed), *body_back]
        if not has_backward(node.body):
            fields = {name: getattr(stmt, name) for name in stmt._fields} | {"body": body}
            return [*saves, ast.copy_location(type(stmt)(**fields), stmt), *self.pushes(node)], restores
        noted = self.changes_what_it_runs_over(node, body)
        counted = not noted and (isinstance(stmt, ast.While) or breaks(body))
        forward = list(saves)
        trips: ast.expr = number(0)
        if counted:
            name = self.fresh.name("trips")
            forward.append(assign(name, number(0)))
            more = ast.AugAssign(target=ast.Name(id=name, ctx=ast.Store()), op=ast.Add(), value=number(1))
            body = [more, *body]
            trips = load(name)
        held: Stmts = []
        done: Stmts = []
        if isinstance(stmt, ast.For):
            if noted:
                iterable, again, held, body, done = self.noted_members(stmt, body, in_loop)
            else:
                iterable, again, held = self.reversed_iterable(stmt, in_loop)
            new: ast.stmt = ast.For(target=stmt.target, iter=iterable, body=body, orelse=[])
        else:
            new = ast.While(test=stmt.test, body=body, orelse=[])
        forward += [*held, ast.copy_location(new, stmt)]
        if counted and in_loop:
            forward.append(self.push(name, load(name), "count"))
            popped = self.pop(name)
            again_count: ast.expr = popped
        else:
            again_count = trips
            if counted:
                self.note(name, name, "count")
        if isinstance(stmt, ast.For):
            back_target: ast.expr = stmt.target
            back_iter = again(again_count) if counted else again(None)
        else:
            back_target = ast.Name(id=self.c.ignored(), ctx=ast.Store())
            back_iter = ast.Call(func=core.ref("builtins.range"), args=[again_count], keywords=[])
        loop_back = ast.For(target=back_target, iter=back_iter, body=body_back or [ast.Pass()], orelse=[])
        forward += [*done, *self.pushes(node)]
        return forward, [*node.before, loop_back, *restores]

    def changes_what_it_runs_over(self, node: Loop, body: Stmts) -> bool:
        """Say whether the members that a loop meets are not those that its iterable has before or after it."""
        if not isinstance(node.stmt, ast.For):
            return False
        it, kind = node.stmt.iter, self.c.analysis.facts.kinds(node.stmt)
        changed = {*stored(body), *stored([node.stmt])}
        keys = isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr == "keys"
        if keys or kind(it).what == "dict":  # of which no key may come or go while a loop runs over it
            return not changed.isdisjoint(loads([it]))
        values = set(value_loads([it]))
        if not isinstance(it, ast.Call) or core.qualname(it.func) != "builtins.range":
            values.update(loads([it]))
        steps = [step for step in every(node.body) if isinstance(step, Step)]
        if not values.isdisjoint(changed.union(*map(self.written_by, steps))):
            return True
        sized = {n: kind(load(n)).what for n in loads([it]) if n not in values}
        dicts = {n for n, what in sized.items() if what == "dict"}
        parts = {n for n in sized_parts([it]) if sized.get(n) != "array"}  # ``rows[0] = []`` changes ``len(rows[0])``
        if any(_binds_slot(step) and not parts.isdisjoint(self.written_by(step)) for step in steps):
            return True
        lists = {n for n, what in sized.items() if what not in ("dict", "array")}
        return any(
            not dicts.isdisjoint(self.written_by(step)) or resizes(step) and not lists.isdisjoint(self.written_by(step))
            for step in steps
        )

    def written_by(self, step: Step) -> set[str]:
        """Return the names under which what a step writes may be known."""
        alias, found = self.c.analysis.alias, set[str]()
        for base in (name for place in stores_of([step]) if (name := root_name(place))):
            found.update([base], alias.holders(base))
            if not (step.append_to or step.pop_from):  # which leave the members as they are
                found.update(alias.group(base))
        return found

    def noted_members(self, stmt: ast.For, body: Stmts, in_loop: bool) -> tuple[ast.expr, Again, Stmts, Stmts, Stmts]:
        """Return the parts of a loop that notes each member when its turn comes; see `reversed_iterable`."""
        name = self.fresh.name("members")
        held: Stmts = [assign(name, ast.List(elts=[], ctx=ast.Load()))]
        done = [self.push(name, load(name), "members")] if in_loop else []
        source = self.pop(name) if in_loop else load(name)
        return stmt.iter, lambda count: turned(source, None), held, [append(name, as_load(stmt.target)), *body], done

    def reversed_iterable(self, stmt: ast.For, in_loop: bool) -> tuple[ast.expr, Again, Stmts]:
        """Return the iterable of the forward sweep, a maker of that of the reverse sweep, and what comes before."""
        it = stmt.iter
        if isinstance(it, ast.Call) and core.qualname(it.func) == "builtins.range" and not it.keywords:
            return it, lambda count: backwards(it, count), []
        held: Stmts = []
        kind = self.c.analysis.facts.kind(stmt, it)
        if not (isinstance(it, ast.Name) and kind.what in ("list", "tuple")):
            name = self.fresh.name("members")
            value = ast.Call(func=core.ref("builtins.list"), args=[it], keywords=[])
            held.append(assign(name, value))
            if in_loop:
                held.append(self.push(name, load(name), "members"))

                def again(count: ast.expr | None) -> ast.expr:
                    return turned(self.pop(name), count)

                return load(name), again, held
            it = load(name)
        return it, lambda count: turned(it, count), held


def _puts_entry(stmt: ast.stmt | None) -> bool:
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    return isinstance(call, ast.Call) and core.qualname(call.func) == "sct.runtime.put_entry"


def put_back(target: ast.expr, value: ast.expr, kind: Kind) -> ast.stmt:
    """Return the statement that gives an array or a list the contents that it had."""
    if kind.what == "array":
        whole = ast.Subscript(value=target, slice=ast.Constant(value=...), ctx=ast.Store())
        return ast.Assign(targets=[whole], value=value)
    return ast.Expr(value=helper("put_back", target, value))


def shown(node: ast.AST) -> str:
    """Return the text of a tree with references as the user spelled them."""
    return ast.unparse(ast.fix_missing_locations(_Shown().visit(clone(node))))


def statement_text(stmt: ast.stmt) -> str:
    """Return the first line of a user's statement as it heads a paragraph; "" where it has no such text."""
    text = shown(stmt).partition("\n")[0]
    if "%" in text and any(core.is_temporary(n.id) for n in walk(stmt) if isinstance(n, ast.Name)):
        return ""
    return text if len(text) <= 76 else text[:73] + "..."


def line_of(stmt: ast.stmt) -> int:
    """Return the line of a user's statement, or of what a statement of the compiler's was made of; 0 for none."""
    return next((n.lineno for n in walk(stmt) if hasattr(n, "lineno")), 0)


def _readable(name: str) -> str:
    """Return what a saved variable is called after."""
    return "t" if core.is_temporary(name) else name.removesuffix("[]")


class Renaming(ast.NodeTransformer):
    """Gives variables other names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(id=self.names.get(node.id, node.id), ctx=node.ctx), node)


class _Shown(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not core.is_ref(node):
            return node
        text = core.spelling(node) or core.qualname(node).rpartition(".")[2]
        return ast.Name(id=text, ctx=node.ctx)


class _Unmark(ast.NodeTransformer):
    """Replaces reads of a value after its statement by the name that holds it."""

    def __init__(self, captures: dict[str, str]) -> None:
        self.captures = captures

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if not node.id.endswith(AFTER):
            return node
        name = node.id.removesuffix(AFTER)
        return load(self.captures.get(name, name))


def _binds_slot(step: Step) -> bool:
    """Say whether a step stores into a variable itself, rather than into a part of a part."""
    return any(
        isinstance(p, ast.Name) or isinstance(p, ast.Subscript) and isinstance(p.value, ast.Name) for p in step.stores
    )


def _is_settled(test: ast.expr, kind: Callable[[ast.expr], Kind]) -> bool:
    """Say whether the outcome of a test is the same later on, as that of an array or a list need not be."""
    if isinstance(test, ast.BoolOp):
        return all(_is_settled(value, kind) for value in test.values)
    made = (
        isinstance(test, ast.Compare | ast.Constant) or isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )
    return made or kind(test).what in ("scalar", "none", "text")


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _loaded(place: ast.expr) -> ast.expr:
    if isinstance(place, ast.Subscript):
        return ast.Subscript(value=_loaded(place.value), slice=place.slice, ctx=ast.Load())
    return load(place.id) if isinstance(place, ast.Name) else place
