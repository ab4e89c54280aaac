"""Statements that reverse mode can walk backwards.

In: a structured function and its activity. Out: the same function, where loops over active values count
(``for i in range(len(xs)): v = xs[i]``), comprehensions of active values are loops that append, and assignment
expressions are statements of their own. What is inactive stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sct import core
from sct.analysis import purity
from sct.analysis.activity import Activity
from sct.analysis.binding import assigned_names
from sct.analysis.keys import is_key, run_over
from sct.analysis.lists import sure_arrays
from sct.analysis.program import Analysis
from sct.frontend.dicts import Dicts
from sct.frontend.hoist import Hoist, Refuse, call_of, is_all
from sct.frontend.lists import Lists
from sct.frontend.pops import with_pops
from sct.frontend.structure import Block, Fresh
from sct.frontend.writers import into_part
from sct.nodes import assign, changed, load
from sct.walk import root_name, walk

#: Methods that make a list longer or shorter.
RESIZING = ("append", "extend", "insert", "pop", "remove", "clear")
#: Iterators that ask what they run over for each member when its turn comes.
_IN_STEP = ("builtins.zip", "builtins.enumerate", "builtins.reversed")
#: What a loop goes over without a sequence: their keywords have meanings.
_ITERATORS = ("builtins.zip", "builtins.reversed", "builtins.range", "builtins.map", "builtins.filter")


def lower(node: ast.FunctionDef, analysis: Analysis, fresh: Fresh, refuse: Refuse) -> ast.FunctionDef:
    """Return `node` with only those loops and expressions that reverse mode knows."""
    activity = analysis.activity
    lists = Lists(activity, fresh, analysis.sole_stores)
    body = _Lowerer(node, activity, fresh, refuse, lists).block(node.body)
    fields = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), node)


@dataclass(frozen=True)
class _Walk:
    """A way to run over something by position."""

    setup: Block
    length: ast.expr
    member: Callable[[ast.expr], ast.expr]


class _Lowerer:
    def __init__(self, node: ast.FunctionDef, activity: Activity, fresh: Fresh, refuse: Refuse, lists: Lists) -> None:
        places = [n for n in walk(node) if isinstance(n, ast.Subscript) and not isinstance(n.ctx, ast.Load)]
        self.written = {p.value.id for p in places if isinstance(p.value, ast.Name)}  # names of which members change
        self.arrays = sure_arrays(node)
        self.activity = activity
        self.fresh = fresh
        self.refuse = refuse
        self.lists = lists
        self.dicts = Dicts(activity, fresh, lists.sole_stores)

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        return [out for stmt in stmts for plain in with_pops(stmt, self.fresh) for out in self.statement(plain)]

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, ast.For):
            return self.loop(stmt)
        if isinstance(stmt, ast.While):
            return self.repeat(stmt)
        if isinstance(stmt, ast.If):
            hoist = Hoist(self, stmt)
            test = hoist.visit(stmt.test)
            new = ast.If(test=test, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
            return [*hoist.setup, ast.copy_location(new, stmt)]
        if isinstance(stmt, (ast.With, ast.Try)):
            return [stmt]
        stmt = into_part(stmt, self.activity.facts.kinds(stmt))
        grown = self.lists.statement(stmt)
        if grown is None:
            grown = self.dicts.statement(stmt)
        if grown is not None:
            return [ast.copy_location(new, stmt) for new in grown]
        if isinstance(stmt, ast.Assign) and self._copies_a_list(stmt):
            assert isinstance(stmt.value, ast.Subscript)
            own = ast.Subscript(
                value=call_of("sct.runtime.row", stmt.value.value), slice=stmt.value.slice, ctx=ast.Load()
            )
            return [ast.copy_location(ast.Assign(targets=stmt.targets, value=own), stmt)]
        hoist = Hoist(self, stmt)
        whole = self.lists.with_slice(stmt)
        if whole is not None:
            value = hoist.visit(whole[1])
            return [*hoist.setup, ast.copy_location(assign(whole[0], value), stmt)]
        made = hoist.generic(stmt)
        return [*hoist.setup, made]

    def _copies_a_list(self, stmt: ast.Assign) -> bool:
        """Say whether a statement is ``ys = xs[:]`` for a list: that of an array is no copy, and is written to."""
        value, target = stmt.value, stmt.targets[0]
        if not isinstance(value, ast.Subscript) or not is_all(value.slice) or not isinstance(value.value, ast.Name):
            return False
        other = isinstance(target, ast.Name) and (target.id == value.value.id or target.id in self.written)
        unknown = self.activity.facts.kind(stmt, value.value).what == "unknown"
        return other and unknown and value.value.id not in self.arrays

    def repeat(self, stmt: ast.While) -> Block:
        hoist = Hoist(self, stmt)
        test = hoist.visit(stmt.test)
        body = self.block(stmt.body)
        if not hoist.setup:
            return [ast.copy_location(ast.While(test=stmt.test, body=body, orelse=[]), stmt)]
        inner = ast.If(test=test, body=body, orelse=[ast.Break()])
        return [
            ast.copy_location(ast.While(test=ast.Constant(value=True), body=[*hoist.setup, inner], orelse=[]), stmt)
        ]

    def loop(self, stmt: ast.For) -> Block:
        hoist = Hoist(self, stmt)
        it = hoist.visit(self._views(stmt, stmt.iter, hoist))
        body = self.block(stmt.body)
        inactive = not self.activity.active(stmt, stmt.iter) and not self._mixed(stmt)
        if self._is_dict_view(it) or inactive and not self._written_members(stmt):
            rebound = set(assigned_names(body))
            targets = {n.id for n in walk(stmt.target) if isinstance(n, ast.Name)}
            if isinstance(it, ast.Call) and rebound & {n.id for n in walk(it) if isinstance(n, ast.Name)}:
                args: list[ast.expr] = []
                for arg in it.args:
                    held = self.fresh.temporary()
                    hoist.setup.append(assign(held, arg))
                    args.append(load(held))
                it = ast.copy_location(ast.Call(func=it.func, args=args, keywords=it.keywords), it)
            new = self.over_keys(stmt, it, body)
            bound = {n.id for n in walk(new.target) if isinstance(n, ast.Name)}
            over_dict = self._is_dict_view(it) or self.activity.active(stmt, stmt.iter)
            if bound & (self.activity.varied | rebound & targets) and not over_dict:
                # Each trip binds the name anew, in a statement that ends what the name held.
                index = self.fresh.name(_index_name(self.fresh))
                again = ast.copy_location(ast.Assign(targets=[new.target], value=load(index)), stmt)
                target = ast.Name(id=index, ctx=ast.Store())
                new = ast.For(target=target, iter=new.iter, body=[again, *new.body], orelse=[])
            return [*hoist.setup, ast.copy_location(new, stmt)]
        if self._uses_as_key(stmt, it):
            return [*hoist.setup, ast.copy_location(ast.For(target=stmt.target, iter=it, body=body, orelse=[]), stmt)]
        way = self.walk(stmt, it)
        index = self.fresh.name(_index_name(self.fresh))
        bind = self.bind(stmt.target, way.member(load(index)), stmt)
        trips = ast.Call(func=core.ref("builtins.range"), args=[way.length], keywords=[])
        new = ast.For(target=ast.Name(id=index, ctx=ast.Store()), iter=trips, body=[*bind, *body], orelse=[])
        return [*hoist.setup, *way.setup, ast.copy_location(new, stmt)]

    def _views(self, loop: ast.For, it: ast.expr, hoist: Hoist) -> ast.expr:
        """Return what a loop runs over with each ``d.items()`` in it one of a variable that stays what it is.

        Its members are read in the trip that meets them: it is no list.
        """
        if isinstance(it, ast.Call) and self._is_dict_view(it) and isinstance(it.func, ast.Attribute):
            base = self.held(loop, it.func.value, hoist.setup)
            view = it if base is it.func.value else changed(it, func=changed(it.func, value=base))
            hoist.views.add(id(view))
            return view
        if isinstance(it, ast.Call) and core.qualname(it.func) in _IN_STEP:
            args = [self._views(loop, arg, hoist) for arg in it.args]
            return it if all(new is old for new, old in zip(args, it.args, strict=True)) else changed(it, args=args)
        return it

    def held(self, loop: ast.stmt, value: ast.expr, setup: Block) -> ast.expr:
        """Return a constant or a variable for what a loop reads in each trip, and that it must find once."""
        if isinstance(value, ast.Constant):
            return value
        if isinstance(value, ast.Name) and not core.is_ref(value) and value.id not in assigned_names([loop]):
            return value
        name = self.fresh.temporary()
        setup.append(assign(name, value))
        return load(name)

    def _mixed(self, stmt: ast.For) -> bool:
        """Say whether an active member comes out of an iterable such as zip(range(n), xs)."""
        return any(n.id in self.activity.varied for n in walk(stmt.target) if isinstance(n, ast.Name)) and any(
            isinstance(n, ast.Name) and n.id in self.activity.varied for n in walk(stmt.iter)
        )

    def _written_members(self, stmt: ast.For) -> bool:
        """Say whether active values are stored into the members of what a loop runs over."""
        targets = {n.id for n in walk(stmt.target) if isinstance(n, ast.Name)}
        return any(n in self.activity.varied and self.activity.alias.is_written(n) for n in targets)

    def _is_dict_view(self, it: ast.expr) -> bool:
        return (
            isinstance(it, ast.Call)
            and isinstance(it.func, ast.Attribute)
            and it.func.attr in ("items", "values", "keys")
            and not it.args
        )

    def _uses_as_key(self, stmt: ast.For, it: ast.expr) -> bool:
        """Say whether a loop runs over the keys of a dict, which are not active."""
        if self.activity.facts.kind(stmt, run_over(it) or it).what == "dict":
            return True
        return run_over(it) is not None and is_key(stmt.target, it, stmt.body)

    def over_keys(self, stmt: ast.For, it: ast.expr, body: Block) -> ast.For:
        """Return a loop over inactive members; one over ``d.items()`` runs over the keys and reads the values."""
        target = stmt.target
        if self._is_dict_view(it) and isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute):
            base = it.func.value
            # That these are keys, and no members of a list, is to be seen in the derivative too.
            keys = ast.Call(func=ast.Attribute(value=base, attr="keys", ctx=ast.Load()), args=[], keywords=[])
            if it.func.attr == "items" and isinstance(target, ast.Tuple) and len(target.elts) == 2:
                key = target.elts[0]
                value = ast.Subscript(value=base, slice=_load(key), ctx=ast.Load())
                return ast.For(target=key, iter=keys, body=[*self.bind(target.elts[1], value, stmt), *body], orelse=[])
            if it.func.attr == "values":
                name = self.fresh.name("key")
                value = ast.Subscript(value=base, slice=load(name), ctx=ast.Load())
                key = ast.Name(id=name, ctx=ast.Store())
                return ast.For(target=key, iter=keys, body=[*self.bind(target, value, stmt), *body], orelse=[])
        return ast.For(target=target, iter=it, body=body, orelse=[])

    def bind(self, target: ast.expr, value: ast.expr, stmt: ast.stmt) -> Block:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, ast.Tuple):
            if len(target.elts) == len(value.elts) and not any(isinstance(e, ast.Starred) for e in target.elts):
                out: Block = []
                for sub, part in zip(target.elts, value.elts, strict=True):
                    out += self.bind(sub, part, stmt)
                return out
        return [ast.Assign(targets=[target], value=value)]

    def walk(self, stmt: ast.stmt, it: ast.expr) -> _Walk:
        name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
        args = it.args if isinstance(it, ast.Call) else []
        if isinstance(it, ast.Call) and it.keywords and name in _ITERATORS:
            strict = name == "builtins.zip" and [k.arg for k in it.keywords] == ["strict"]
            if not strict:
                self.refuse(it, "this iterable has keywords that sct does not know", "loop over the sequence itself")
        if name == "builtins.zip":
            walks = [self.walk(stmt, a) for a in args]
            lengths = [w.length for w in walks]
            shortest = lengths[0] if len(lengths) == 1 else call_of("builtins.min", *lengths)
            setup = [s for w in walks for s in w.setup]
            return _Walk(setup, shortest, lambda k: ast.Tuple(elts=[w.member(k) for w in walks], ctx=ast.Load()))
        if name == "builtins.enumerate" and args and isinstance(it, ast.Call):
            inner = self.walk(stmt, args[0])
            setup = list(inner.setup)
            start = args[1] if len(args) > 1 else it.keywords[0].value if it.keywords else None
            start = None if start is None else self.held(stmt, start, setup)

            def numbered(k: ast.expr) -> ast.expr:
                count = k if start is None else ast.BinOp(left=k, op=ast.Add(), right=start)
                return ast.Tuple(elts=[count, inner.member(k)], ctx=ast.Load())

            return _Walk(setup, inner.length, numbered)
        if name == "builtins.reversed" and args:
            return self._backwards(stmt, args[0])
        copies = name in ("builtins.list", "builtins.tuple") and len(args) == 1
        keys = copies and self.activity.facts.kind(stmt, args[0]).what == "dict"
        if copies and not keys and not self._is_changed(stmt, args[0]):
            return self.walk(stmt, args[0])
        if self._is_dict_view(it):
            return self._through_keys(it)
        if name == "builtins.range" and isinstance(it, ast.Call):
            if len(args) == 1:
                return _Walk([], args[0] if isinstance(args[0], (ast.Name, ast.Constant)) else _len(it), lambda k: k)
            steady = all(isinstance(a, ast.Constant) or a is self.held(stmt, a, []) for a in args)
            setup = []
            every = it if steady else self.held(stmt, it, setup)
            return _Walk(setup, _len(every), lambda k: ast.Subscript(value=every, slice=k, ctx=ast.Load()))
        if isinstance(it, ast.Name) and not core.is_ref(it) and it.id not in assigned_names([stmt]):
            self._refuse_growing(stmt, it)
            return _Walk([], _len(it), lambda k: ast.Subscript(value=it, slice=k, ctx=ast.Load()))
        held = self.fresh.temporary()
        value = it
        if not isinstance(it, (ast.Tuple, ast.List, ast.Subscript)) and not self.activity.active(stmt, it):
            value = call_of("builtins.list", it)
        setup = [assign(held, value)]
        return _Walk(setup, _len(load(held)), lambda k: ast.Subscript(value=load(held), slice=k, ctx=ast.Load()))

    def _is_changed(self, loop: ast.stmt, it: ast.expr) -> bool:
        """Say whether the body of a loop may write what the loop would run over if nothing were copied."""
        names = self._sharing(it)
        for part in (n for s in getattr(loop, "body", ()) for n in walk(s)):
            if isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(part.ctx, ast.Load):
                found = root_name(part) in names
            elif isinstance(part, ast.AugAssign):
                found = isinstance(part.target, ast.Name) and part.target.id in names
            elif isinstance(part, ast.Call):
                written = part.args if core.qualname(part.func).startswith("@") else purity.written_by(part)
                found = any(isinstance(n, ast.Name) and n.id in names for w in written for n in walk(w))
            else:
                found = False
            if found:
                return True
        return False

    def _sharing(self, it: ast.expr) -> set[str]:
        """Return the names that may share memory with what is in an expression."""
        names = {n.id for n in walk(it) if isinstance(n, ast.Name) and not core.is_ref(n)}
        return names.union(*(self.activity.alias.group(n) for n in names))

    def _refuse_growing(self, loop: ast.stmt, it: ast.Name) -> None:
        """Refuse a loop over a list that its body makes longer or shorter: how often it runs is counted before."""
        for part in (n for s in getattr(loop, "body", ()) for n in walk(s)):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in RESIZING:
                if isinstance(part.func.value, ast.Name) and part.func.value.id == it.id:
                    self.refuse(
                        part, "this list changes its length while a loop runs over it", "loop over a copy of it"
                    )

    def _through_keys(self, it: ast.expr) -> _Walk:
        """Return a walk over the keys, values or items of a dict: the keys have positions, once they are in a list."""
        assert isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute)
        base, what = it.func.value, it.func.attr
        keys = self.fresh.temporary()
        listed = ast.Call(func=ast.Attribute(value=base, attr="keys", ctx=ast.Load()), args=[], keywords=[])

        def member(k: ast.expr) -> ast.expr:
            key = ast.Subscript(value=load(keys), slice=k, ctx=ast.Load())
            value = ast.Subscript(value=base, slice=key, ctx=ast.Load())
            return key if what == "keys" else value if what == "values" else ast.Tuple([key, value], ast.Load())

        return _Walk([assign(keys, call_of("builtins.list", listed))], _len(load(keys)), member)

    def _backwards(self, stmt: ast.stmt, it: ast.expr) -> _Walk:
        inner = self.walk(stmt, it)
        if isinstance(inner.member(ast.Constant(value=0)), ast.Subscript):
            # Whatever has members by position counts from its end with negative positions.
            return _Walk(inner.setup, inner.length, lambda k: inner.member(_minus_one_minus(k)))
        setup = list(inner.setup)
        length = self.held(stmt, inner.length, setup)
        last = ast.BinOp(left=length, op=ast.Sub(), right=ast.Constant(value=1))
        return _Walk(setup, length, lambda k: inner.member(ast.BinOp(left=last, op=ast.Sub(), right=k)))


def _index_name(fresh: Fresh) -> str:
    return next((n for n in "ijkm" if n not in fresh.used), "i")


def _minus_one_minus(k: ast.expr) -> ast.expr:
    return ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)), op=ast.Sub(), right=k)


def _load(target: ast.expr) -> ast.expr:
    return ast.Name(id=target.id, ctx=ast.Load()) if isinstance(target, ast.Name) else target


def _len(expr: ast.expr) -> ast.Call:
    return call_of("builtins.len", expr)
