"""Adjoints of writes in place: element and slice stores, augmented assignments, appends, scatters."""

from __future__ import annotations

import ast

from sct import core, rules
from sct.analysis.aliasing import IMMUTABLE, holds_numbers
from sct.analysis.kinds import Kind
from sct.frontend.iteration import ITERATORS
from sct.modes.reverse.nodes import AFTER, Step, helper, number, total
from sct.modes.reverse.places import as_index, as_store, loaded, shared_names, shown
from sct.modes.reverse.regimes import SHADOW, VALUE
from sct.modes.reverse.shadows import Shadows
from sct.nodes import as_argument, assign, load
from sct.walk import root_name


class Writes(Shadows):
    """Takes back what was written in place."""

    def store(self, stmt: ast.Assign, target: ast.Subscript, step: Step) -> None:
        step.stores = (target,)
        base = root_name(target)
        splices = isinstance(target.slice, ast.Slice) and self.may_splice(stmt, target)
        if splices:
            step.forward = self.with_length(stmt, step.forward, target)
        if base is None or base not in self.varied or not self.is_live(base):
            return
        step.forward = [*self.require_part(stmt, target, base), *step.forward]
        place = self.mirror(target)
        value = stmt.value
        kind = self.c.analysis.facts.kind(stmt, loaded(target))
        active = isinstance(value, ast.Name) and value.id in self.varied
        if splices and self.is_shadow(load(base)) and self.store_members(stmt, target, step):
            return
        if self.is_shadow(load(base)) and self.holds(stmt, target):
            self.store_member(stmt, target, step)
        elif active:
            assert isinstance(value, ast.Name)
            held = self.c.fresh.temporary()
            taken: ast.expr = place
            if not self.basic(stmt, target.slice):
                taken = helper("written", place.value, as_argument(place.slice))
            elif kind.what != "scalar":
                taken = helper("save", place)
            self.emit(assign(held, taken))
            self.emit(ast.Assign(targets=[as_store(place)], value=self.cleared(kind, stmt, target)))
            slot = self.c.analysis.facts.kind(stmt, loaded(target).value).what in ("list", "dict")
            single = slot and not isinstance(target.slice, ast.Slice)  # a slot takes the value itself
            whole = single or slot and self.is_listed(stmt, value)
            share: ast.expr = load(held) if whole else self.fit(stmt, load(held), kind, value)
            if kind.dtype == "complex" and self.c.analysis.facts.kind(stmt, value).dtype != "complex":
                share = helper("real_like", share, value)
            self.contribute(value.id, share)
        else:
            self.emit(ast.Assign(targets=[as_store(place)], value=self.cleared(kind, stmt, target)))

    def may_be_slot(self, stmt: ast.Assign | ast.AugAssign, target: ast.Subscript, base: str) -> bool:
        """Say whether a store may bind a slot of what has shadows in it, rather than write into an array.

        What is stored into may be one of a list, or a list here and a dict there. A slice is asked by its length.
        """
        kind = self.c.analysis.facts.kind
        base_kind = kind(stmt, loaded(target).value)
        if isinstance(target.slice, (ast.Slice, ast.Tuple)) or base_kind.what != "unknown":
            return False
        if self.is_entry(stmt, loaded(target)):
            return False
        if not base_kind.among.isdisjoint(("list", "dict")):
            return True
        inner = isinstance(target.value, ast.Subscript) and kind(stmt, load(base)).what in ("list", "tuple", "dict")
        return inner or self.is_shadow(load(base))

    def require_part(self, stmt: ast.Assign | ast.AugAssign, target: ast.Subscript, base: str) -> list[ast.stmt]:
        """Return the guard of a store that may bind a slot."""
        if not self.may_be_slot(stmt, target, base):
            return []
        check = helper("require_part", loaded(target).value, as_argument(target.slice), stmt.value)
        return [ast.Expr(value=check)]

    def may_splice(self, stmt: ast.Assign, target: ast.Subscript) -> bool:
        """Say whether a store into a slice may give a list another length: no place in it is what it was then."""
        facts = self.c.analysis.facts
        base = facts.kind(stmt, loaded(target).value).what
        return base == "list" or base == "unknown" and facts.kind(stmt, stmt.value).what in ("list", "tuple")

    def with_length(self, stmt: ast.Assign, store: list[ast.stmt], target: ast.Subscript) -> list[ast.stmt]:
        """Return a store with the check that the slice is as long as what is put there: before, or once it is put.

        A list of the caller is to stay as long as it is; in another one the slice is to find what was put there. Where
        nothing says that it is a list, one of numbers is taken as an array is, and others are refused.
        """
        value, kind = stmt.value, self.c.analysis.facts.kind
        if isinstance(value, (ast.List, ast.Tuple)) and not any(isinstance(v, ast.Starred) for v in value.elts):
            length: ast.expr = number(len(value.elts))
        else:
            runs = isinstance(value, ast.Call) and core.qualname(value.func) in (*ITERATORS, "builtins.reversed")
            whole = ast.Call(func=core.ref("builtins.list"), args=[value], keywords=[]) if runs else value
            length = ast.Call(func=core.ref("builtins.len"), args=[whole], keywords=[])
        check = ast.Expr(value=helper("require_length", loaded(target), length))
        base = root_name(target) or ""
        given = self.c.params_kinds.keys() & set(self.c.analysis.alias.group(base))
        if kind(stmt, loaded(target).value).what != "list" and (given or self.is_shadow(load(base))):
            alone = ast.Expr(value=helper("require_own_members", ast.Constant(value=shown(base)), loaded(target)))
            return [alone, check, *store, alone]
        return [check, *store] if given else [*store, check]

    def holds(self, stmt: ast.stmt, target: ast.Subscript) -> bool:
        """Say whether what is stored becomes a member of a list or a dict, rather than of an array."""
        kind = self.c.analysis.facts.kind(stmt, loaded(target).value)
        member = kind.what in ("list", "dict") or self.is_entry(stmt, loaded(target))
        if member and not isinstance(target.slice, ast.Slice):
            if isinstance(target.value, ast.Name):
                return True
            self.c.refuse(stmt, "sct cannot follow what is put into a list inside a list here", "name the inner list")
        return False

    def store_member(self, stmt: ast.Assign, target: ast.Subscript, step: Step) -> None:
        """Take back ``base[i] = value`` where the members of `base` have shadows of their own."""
        place, value = self.mirror(target), stmt.value
        before = self.slot_shadow(stmt, target, value, step)
        held = self.c.fresh.temporary()
        self.emit(assign(held, place))
        self.emit(ast.Assign(targets=[as_store(place)], value=load(before + AFTER)))
        if isinstance(value, ast.Name) and value.id in self.varied and not self.shares_shadow(stmt, value):
            self.contribute(value.id, load(held))

    def store_members(self, stmt: ast.Assign, target: ast.Subscript, step: Step) -> bool:
        """Take back ``base[i:j] = value`` if the members of the list `base` have shadows of their own; say whether."""
        base = self.c.analysis.facts.kind(stmt, loaded(target).value)
        numbers = holds_numbers(base) and holds_numbers(self.c.analysis.facts.kind(stmt, stmt.value))
        if numbers or base.what != "list" or not isinstance(target.value, ast.Name):
            return False
        place, value = self.mirror(target), stmt.value
        before = self.slot_shadow(stmt, target, value, step)
        held = self.c.fresh.temporary()
        self.emit(assign(held, place))
        self.emit(ast.Assign(targets=[as_store(place)], value=load(before + AFTER)))
        if isinstance(value, ast.Name) and self.shares_shadow(stmt, value):
            self.emit(ast.Expr(value=helper("accumulate_numbers", load(self.c.bar(value.id)), load(held))))
        elif isinstance(value, ast.Name) and value.id in self.varied:
            kind = self.c.analysis.facts.kind(stmt, loaded(target))
            whole = self.is_listed(stmt, value)
            self.contribute(value.id, load(held) if whole else self.fit(stmt, load(held), kind, value))
        return True

    def is_listed(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a slice of a list takes the members of a value as they are, one each."""
        return self.c.analysis.facts.kind(stmt, value).what in ("list", "tuple")

    def cleared(self, kind: Kind, stmt: ast.Assign, target: ast.Subscript) -> ast.expr:
        old = loaded(target)
        base = self.c.analysis.facts.kind(stmt, old.value)
        if base.what == "dict" or self.is_shadow(old.value) and self.is_entry(stmt, old):  # the entry may be new
            get = ast.Attribute(value=old.value, attr="get", ctx=ast.Load())
            return helper("zeros_like", ast.Call(func=get, args=[old.slice], keywords=[]))
        sliced = isinstance(target.slice, ast.Slice)
        if base.what == "list" or sliced and base.what == "unknown" and self.may_be_list(stmt, stmt.value):
            return number(0.0) if kind.what == "scalar" else helper("zeros_like", old)
        if base.what == "array" or kind.what == "scalar" or sliced:
            return number(0.0)
        return helper("zeros_like", self.mirror(target))

    def may_be_list(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether what is stored into a slice may be a list, so that the slice may be one of a list."""
        return self.c.analysis.facts.kind(stmt, value).what not in ("scalar", "array")

    def mirror(self, target: ast.Subscript) -> ast.Subscript:
        """Return the place of the adjoint buffer that belongs to a place."""
        base = target.value
        if isinstance(base, ast.Subscript):
            inner: ast.expr = self.mirror(base)
        else:
            assert isinstance(base, ast.Name)
            self.ensure(base.id)
            inner = load(self.c.bar(base.id))
        return ast.Subscript(value=inner, slice=target.slice, ctx=ast.Load())

    def fit(self, stmt: ast.stmt, share: ast.expr, place: Kind, value: ast.expr) -> ast.expr:
        """Return `share`, the adjoint of a stored part, in the shape of the stored value."""
        kind = self.c.analysis.facts.kind(stmt, value)
        if place.what == "scalar" or kind.shape is not None and kind.shape == place.shape:
            return share
        if kind.what == "scalar" and place.what == "array":
            return total(share)
        like = self.shape_holder(stmt, value)
        return share if like is None else helper("unbroadcast", share, like)

    def augment_name(self, stmt: ast.AugAssign, name: str, step: Step) -> None:
        facts = self.c.analysis.facts
        kind = facts.name_after(stmt, name)
        if kind.what in ("list", "tuple", "dict"):
            if name not in self.varied:
                in_place = kind.what != "tuple"
                step.kills, step.stores = ((), (load(name),)) if in_place else ((name,), ())
                return
            self.c.refuse(
                stmt, f"`{shown(name)}` is a {kind.what} that grows in place", "use append, or build a new one"
            )
        regime = self.c.regimes.regime(name)
        before = facts.kind(stmt, load(name)).among
        grows = kind.what == "unknown" and facts.kind(stmt, stmt.value).what in ("list", "tuple")
        bound = [self.c.params_kinds.get(name, Kind()), *self._kinds.get(name, ())]
        numbers = kind.what != "scalar" and any(k.what in IMMUTABLE for k in bound)
        if grows or regime == SHADOW and numbers:
            # A number is no memory: it has no shadow that others could share. A list would grow, an array adds.
            check = helper("require_array", ast.Constant(value=shown(name)), load(name))
            step.forward = [ast.Expr(value=check), *step.forward]
        elif not before.isdisjoint(("list", "tuple")):
            step.forward = [self.no_list(load(name)), *step.forward]
        alias = self.c.analysis.alias
        others_see = alias.is_shared(name) or alias.find(name) in self.held
        if regime != VALUE or others_see and not facts.binds_anew(stmt):
            step.kills = ()
            step.stores = (load(name),)  # others see what is written
        else:
            step.kills = (name,)
        if name not in self.varied or not self.is_live(name):
            return
        value = ast.BinOp(left=load(name), op=stmt.op, right=stmt.value)
        y_bar = self.adjoint(name)
        if regime == VALUE:
            self.settle_buffer(name)
            y_bar = self.live.pop(name)
            self.pull(stmt, name, value, y_bar)
            return
        self.ensure(name)
        bar = load(self.c.bar(name))
        others: list[tuple[ast.expr, ast.expr]] = []
        whole = ast.Subscript(value=bar, slice=ast.Constant(value=...), ctx=ast.Load())
        shares = self.shares(stmt, name, value, bar, result=value)
        for arg, share in shares:
            if isinstance(arg, ast.Name) and arg.id != name:
                held = self.c.fresh.temporary()
                self.emit(assign(held, self.apart(self.of_number(stmt, name, arg, share))))
                others.append((arg, load(held)))
        # The operand may be a view of the target: all shares are computed before a buffer changes.
        if isinstance(stmt.value, ast.Name) and stmt.value.id == name:
            own = [share for arg, share in shares]
            total = own[0] if len(own) == 1 else ast.BinOp(left=own[0], op=ast.Add(), right=own[1])
            self.emit(ast.Assign(targets=[as_store(whole)], value=total if own else number(0.0)))
        else:
            self.scale(stmt, name, value, whole, bar)
        self.distribute(others)

    def settle_buffer(self, name: str) -> None:
        if name in self.live and name in self.c.regimes.parts:
            self.settle(name)

    def apart(self, share: ast.expr) -> ast.expr:
        """Return a contribution that shares no memory with a buffer that is still to change."""
        return helper("save", share) if shared_names(share) else share

    def scale(self, stmt: ast.AugAssign, name: str, value: ast.BinOp, place: ast.Subscript, bar: ast.expr) -> None:
        """Change the adjoint of a place in the way that an augmented assignment changed the place."""
        if isinstance(stmt.op, (ast.Add, ast.Sub)):
            return
        match = rules.match(value)
        if match is None or match.rule.constant:
            self.emit(ast.Assign(targets=[as_store(place)], value=number(0.0)))
            return
        self.fired.append((stmt, match.rule))
        first = match.operands[0]
        share = self.by_rule(stmt, match, bar, value, [first])[first]
        self.emit(ast.Assign(targets=[as_store(place)], value=share))

    def augment_part(self, stmt: ast.AugAssign, target: ast.Subscript, step: Step) -> None:
        step.stores = (target,)
        base = root_name(target)
        if base is None or base not in self.varied or not self.is_live(base):
            return
        place = self.mirror(target)
        old = loaded(target)
        value = ast.BinOp(left=old, op=stmt.op, right=stmt.value)
        operand = stmt.value
        active = isinstance(operand, ast.Name) and operand.id in self.varied
        linear = isinstance(stmt.op, (ast.Add, ast.Sub))
        step.forward = [*self.require_part(stmt, target, base), *step.forward]
        if not active and linear:
            return
        held = self.c.fresh.temporary()
        kind = self.c.analysis.facts.kind(stmt, old)
        basic = self.basic(stmt, target.slice)
        taken: ast.expr = place if kind.what == "scalar" else helper("save", place)
        if not basic:
            taken = helper("written", place.value, as_argument(place.slice)) if linear else helper("save", place)
        self.emit(assign(held, taken))
        match = rules.match(value)
        if match is None:
            self.c.refuse(stmt, "sct has no rule for this augmented assignment", "write the operation out")
        slot = self.is_shadow(load(base)) and kind.what != "scalar" and self.is_slot(stmt, target)
        if match.rule.constant:
            self.emit(self.rescaled(place, helper("zeros_like", place) if slot else number(0.0), slot))
            return
        self.fired.append((stmt, match.rule))
        first, second = match.operands[0], match.operands[-1]
        later: tuple[str, ast.expr] | None = None
        if active:
            assert isinstance(operand, ast.Name)
            y_bar: ast.expr = load(held)
            if not basic and not linear:
                y_bar = helper("last_writes", load(held), place.value, as_argument(place.slice))
            share = self.by_rule(stmt, match, y_bar, value, [second], lambda arg: self.shape_holder(stmt, arg))[second]
            if self.c.analysis.alias.may_alias(base, operand.id) and not linear:
                # The place is part of the operand: it changes before the operand gets its share.
                apart = self.c.fresh.temporary()
                self.emit(assign(apart, self.apart(share)))
                later = (operand.id, load(apart))
            else:
                self.contribute(operand.id, share)
        if not linear:
            share = self.by_rule(stmt, match, load(held), value, [first])[first]
            self.emit(self.rescaled(place, share, slot))
        if later is not None:
            self.contribute(*later)

    def is_slot(self, stmt: ast.stmt, target: ast.Subscript) -> bool:
        """Say whether a place may be a slot of a list or a dict, rather than a part of an array."""
        return self.c.analysis.facts.kind(stmt, loaded(target).value).what != "array"

    def rescaled(self, place: ast.Subscript, value: ast.expr, slot: bool) -> ast.stmt:
        """Return what gives the adjoint of a place another value; others may know the array that is in a `slot`."""
        if slot:
            return ast.Expr(value=helper("put_back_at", place.value, as_argument(place.slice), value))
        return ast.Assign(targets=[as_store(place)], value=value)

    def append(self, base: str, value: ast.expr, step: Step) -> None:
        """Take back ``base.append(value)``: its adjoint is popped."""
        step.append_to = base
        step.stores = (load(base),)
        if base not in self.varied or not self.is_live(base):
            return
        self.ensure(base)
        if self.is_shadow(load(base)):
            self.append_shadow(self.stmt, base, value, step)
        popped = ast.Call(
            func=ast.Attribute(value=load(self.c.bar(base)), attr="pop", ctx=ast.Load()), args=[], keywords=[]
        )
        # What was popped is the adjoint itself then.
        mirrored = self.is_shadow(load(base)) and self.shares_shadow(self.stmt, value)
        if isinstance(value, ast.Name) and value.id in self.varied and not mirrored:
            held = self.c.fresh.temporary()
            self.emit(assign(held, popped))
            self.contribute(value.id, load(held))
        else:
            self.emit(ast.Expr(value=popped))

    def pop(self, stmt: ast.stmt, name: str, base: str, step: Step) -> None:
        """Take back ``name = base.pop()``: the adjoint of the member is appended."""
        step.pop_from = base
        step.stores = (load(base),)
        if self.is_shadow(load(base)):
            self.pop_shadow(name, base, step)
            return
        if self.is_shadow(load(name)):
            self.c.refuse(stmt, f"`{shown(name)}` is written in place, and comes out of a list", "copy it: `.copy()`")
        if base not in self.varied or not (self.is_live(base) or self.is_live(name)):
            return
        whole = not self.is_live(base)  # then its zeros are made for the list before the pop, the member included
        self.ensure(base)
        kind = self.c.analysis.facts.name_after(stmt, name)
        if self.is_live(name):
            value = self.adjoint(name)
            del self.live[name]
        else:
            value = number(0.0) if kind.what == "scalar" else helper("zeros_like", load(name + AFTER))
        if whole:
            last = ast.Subscript(value=load(self.c.bar(base)), slice=number(-1), ctx=ast.Store())
            self.emit(ast.Assign(targets=[last], value=value))
            return
        place = ast.Attribute(value=load(self.c.bar(base)), attr="append", ctx=ast.Load())
        self.emit(ast.Expr(value=ast.Call(func=place, args=[value], keywords=[])))

    def pop_shadow(self, name: str, base: str, step: Step) -> None:
        """Let the forward sweep pop from the shadow of a list too, and the reverse sweep put back what it popped."""
        bar = self.c.bar(base)
        held = self.c.bar(name) if self.is_shadow(load(name)) else self.c.fresh.temporary()
        popped = ast.Attribute(value=load(bar), attr="pop", ctx=ast.Load())
        step.forward = [*step.forward, assign(held, ast.Call(func=popped, args=[], keywords=[]))]
        step.kills = (*step.kills, held)
        append = ast.Attribute(value=load(bar), attr="append", ctx=ast.Load())
        self.emit(ast.Expr(value=ast.Call(func=append, args=[load(held + AFTER)], keywords=[])))
        if not self.is_shadow(load(name)) and self.is_live(name):
            self.emit(ast.Expr(value=helper("accumulate_at", load(bar), number(-1), self.adjoint(name))))
            del self.live[name]

    def rewrite(self, stmt: ast.Expr, call: ast.Call, step: Step) -> None:
        """Take back what `accumulate`, `put_back` and their kin did to an array or a container."""
        writer = core.qualname(call.func).rpartition(".")[2]
        target, value = call.args[0], call.args[-1]
        if not isinstance(target, ast.Name):  # a part of something that is not active
            step.stores = tuple(load(n) for n in [root_name(target)] if n)
            return
        kind = self.kind_of(target.id).what
        if writer == "put_back" and kind == "scalar":
            return  # a number stays as it is
        place = ast.Subscript(value=target, slice=as_index(call.args[1]), ctx=ast.Load())
        step.stores = (place,) if len(call.args) > 2 else (load(target.id),)
        if target.id not in self.varied or not self.is_live(target.id):
            return
        self.ensure(target.id)
        bar = load(self.c.bar(target.id))
        held = self.c.fresh.temporary()
        if writer == "accumulate_numbers" and isinstance(value, ast.Name) and self.is_shadow(value):
            self.emit(ast.Expr(value=helper(writer, load(self.c.bar(value.id)), bar)))
            return
        if writer in ("accumulate", "accumulate_numbers"):
            taken = helper("save" if writer == "accumulate" else "numbers_bar", bar)
        elif writer == "put_back":
            taken = helper("save" if kind == "array" else "put_back_bar", bar)
        elif writer == "put_back_at":
            taken = helper("save", ast.Subscript(value=bar, slice=place.slice, ctx=ast.Load()))
            if not self.basic(stmt, place.slice):  # of an entry that is named twice the last one counts
                taken = helper("written", bar, call.args[1])
        else:
            if self.is_shadow(target):
                self.c.refuse(stmt, f"`{shown(target.id)}` holds arrays that are written in place", "copy them")
            taken = helper("entry", bar, call.args[1])
        if isinstance(value, ast.Name) and value.id in self.varied:
            self.emit(assign(held, taken))
        if writer == "put_back":
            self.emit(ast.Expr(value=helper("put_back", bar, helper("zeros_like", bar))))
        elif writer == "put_back_at":
            zero = helper("zeros_like", place)
            self.emit(ast.Expr(value=helper("put_back_at", bar, call.args[1], zero)))
        elif writer == "put_entry":
            get = ast.Attribute(value=target, attr="get", ctx=ast.Load())
            old = ast.Call(func=get, args=[call.args[1]], keywords=[])
            slot = ast.Subscript(value=bar, slice=place.slice, ctx=ast.Store())
            self.emit(ast.Assign(targets=[slot], value=helper("zeros_like", old)))
        if isinstance(value, ast.Name) and value.id in self.varied:
            self.contribute(value.id, load(held))

    def scatter(self, stmt: ast.Expr, call: ast.Call, step: Step) -> None:
        """Take back ``np.add.at(a, index, v)``, which adds as often as an entry is named."""
        target, index, value = call.args
        base = root_name(target)
        if base is None:
            return  # what it is a view of is not active
        step.stores = (target,)
        if base not in self.varied or not self.is_live(base):
            return
        self.ensure(base)
        bar = self.mirror(target) if isinstance(target, ast.Subscript) else load(self.c.bar(base))
        if isinstance(value, ast.Name) and value.id in self.varied:
            slices = as_index(index)
            share = helper("save", ast.Subscript(value=bar, slice=slices, ctx=ast.Load()))
            if core.qualname(call.func) != "sct.runtime.accumulate_at":
                share = helper("unbroadcast", share, value)
            subtracted = core.qualname(call.func) == "numpy.subtract.at"
            self.contribute(value.id, ast.UnaryOp(op=ast.USub(), operand=share) if subtracted else share)
