"""Statements that reverse mode can walk backwards.

In: a structured function and its activity. Out: the same function, where loops over active values count
(``for i in range(len(xs)): v = xs[i]``), comprehensions of active values are loops that append, and assignment
expressions are statements of their own. What is inactive stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.binding import assigned_names
from sct.analysis.lists import sure_arrays
from sct.analysis.program import Analysis
from sct.frontend.dicts import Dicts, store
from sct.frontend.lists import Lists, is_whole_again
from sct.frontend.pops import with_pops
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.walk import clone, walk

Refuse = Callable[[ast.AST, str, str], NoReturn]
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
        self.dicts = Dicts(activity, fresh)

    def block(self, stmts: Sequence[ast.stmt]) -> Block:
        return [out for stmt in stmts for plain in with_pops(stmt, self.fresh) for out in self.statement(plain)]

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, ast.For):
            return self.loop(stmt)
        if isinstance(stmt, ast.While):
            return self.repeat(stmt)
        if isinstance(stmt, ast.If):
            hoist = _Hoist(self, stmt)
            test = hoist.visit(stmt.test)
            new = ast.If(test=test, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
            return [*hoist.setup, ast.copy_location(new, stmt)]
        if isinstance(stmt, (ast.With, ast.Try)):
            return [stmt]
        grown = self.lists.statement(stmt)
        if grown is None:
            grown = self.dicts.statement(stmt)
        if grown is not None:
            return [ast.copy_location(new, stmt) for new in grown]
        if isinstance(stmt, ast.Assign) and self._copies_a_list(stmt):
            assert isinstance(stmt.value, ast.Subscript)
            own = ast.Subscript(
                value=_call("sct.runtime.row", stmt.value.value), slice=stmt.value.slice, ctx=ast.Load()
            )
            return [ast.copy_location(ast.Assign(targets=stmt.targets, value=own), stmt)]
        hoist = _Hoist(self, stmt)
        whole = self.lists.with_slice(stmt)
        if whole is not None:
            value = hoist.visit(whole[1])
            return [*hoist.setup, ast.copy_location(assign(whole[0], value), stmt)]
        changed = hoist.generic(stmt)
        return [*hoist.setup, changed]

    def _copies_a_list(self, stmt: ast.Assign) -> bool:
        """Say whether a statement is ``ys = xs[:]`` for a list: that of an array is no copy, and is written to."""
        value, target = stmt.value, stmt.targets[0]
        if not isinstance(value, ast.Subscript) or not _is_whole(value.slice) or not isinstance(value.value, ast.Name):
            return False
        changed = isinstance(target, ast.Name) and (target.id == value.value.id or target.id in self.written)
        unknown = self.activity.facts.kind(stmt, value.value).what == "unknown"
        return changed and unknown and value.value.id not in self.arrays

    def repeat(self, stmt: ast.While) -> Block:
        hoist = _Hoist(self, stmt)
        test = hoist.visit(stmt.test)
        body = self.block(stmt.body)
        if not hoist.setup:
            return [ast.copy_location(ast.While(test=stmt.test, body=body, orelse=[]), stmt)]
        inner = ast.If(test=test, body=body, orelse=[ast.Break()])
        return [
            ast.copy_location(ast.While(test=ast.Constant(value=True), body=[*hoist.setup, inner], orelse=[]), stmt)
        ]

    def loop(self, stmt: ast.For) -> Block:
        hoist = _Hoist(self, stmt)
        it = stmt.iter if self._is_dict_view(stmt.iter) else hoist.visit(stmt.iter)
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
        """Say whether a loop runs over the keys of a dict: its target subscripts something, as no active value can."""
        if not (isinstance(it, ast.Name) and isinstance(stmt.target, ast.Name)):
            return False
        return any(
            isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Name) and n.slice.id == stmt.target.id
            for s in stmt.body
            for n in walk(s)
        )

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
            shortest = lengths[0] if len(lengths) == 1 else _call("builtins.min", *lengths)
            setup = [s for w in walks for s in w.setup]
            return _Walk(setup, shortest, lambda k: ast.Tuple(elts=[w.member(k) for w in walks], ctx=ast.Load()))
        if name == "builtins.enumerate" and args and isinstance(it, ast.Call):
            inner = self.walk(stmt, args[0])
            start = args[1] if len(args) > 1 else it.keywords[0].value if it.keywords else None

            def numbered(k: ast.expr) -> ast.expr:
                count = k if start is None else ast.BinOp(left=k, op=ast.Add(), right=start)
                return ast.Tuple(elts=[count, inner.member(k)], ctx=ast.Load())

            return _Walk(inner.setup, inner.length, numbered)
        if name == "builtins.reversed" and args:
            return self._backwards(stmt, args[0])
        if name in ("builtins.list", "builtins.tuple") and len(args) == 1:
            return self.walk(stmt, args[0])
        if self._is_dict_view(it):
            return self._through_keys(it)
        if name == "builtins.range" and isinstance(it, ast.Call):
            if len(args) == 1:
                return _Walk([], args[0] if isinstance(args[0], (ast.Name, ast.Constant)) else _len(it), lambda k: k)
            return _Walk([], _len(it), lambda k: ast.Subscript(value=it, slice=k, ctx=ast.Load()))
        if isinstance(it, ast.Name) and not core.is_ref(it) and it.id not in assigned_names([stmt]):
            return _Walk([], _len(it), lambda k: ast.Subscript(value=it, slice=k, ctx=ast.Load()))
        held = self.fresh.temporary()
        value = it
        if not isinstance(it, (ast.Tuple, ast.List, ast.Subscript)) and not self.activity.active(stmt, it):
            value = _call("builtins.list", it)
        setup = [assign(held, value)]
        return _Walk(setup, _len(load(held)), lambda k: ast.Subscript(value=load(held), slice=k, ctx=ast.Load()))

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

        return _Walk([assign(keys, _call("builtins.list", listed))], _len(load(keys)), member)

    def _backwards(self, stmt: ast.stmt, it: ast.expr) -> _Walk:
        inner = self.walk(stmt, it)
        if isinstance(inner.member(ast.Constant(value=0)), ast.Subscript):
            # Whatever has members by position counts from its end with negative positions.
            return _Walk(inner.setup, inner.length, lambda k: inner.member(_minus_one_minus(k)))
        last = ast.BinOp(left=inner.length, op=ast.Sub(), right=ast.Constant(value=1))
        return _Walk(inner.setup, inner.length, lambda k: inner.member(ast.BinOp(left=last, op=ast.Sub(), right=k)))

    def comprehension(
        self, stmt: ast.stmt, expr: ast.ListComp | ast.GeneratorExp | ast.DictComp, summed: ast.expr | None
    ) -> tuple[Block, str]:
        """Return the loop that a comprehension is, and the name that holds its list or dict (or its sum)."""
        total = self.fresh.temporary()
        renamed = _Rename({})
        for gen in expr.generators:
            for node in walk(gen.target):
                if isinstance(node, ast.Name):
                    renamed.names[node.id] = self.fresh.name(node.id)
        elt = renamed.visit(clone(expr.value if isinstance(expr, ast.DictComp) else expr.elt))
        if isinstance(elt, ast.Subscript) and _is_whole(elt.slice) and isinstance(elt.value, ast.Name):
            # A copy of each row of a list of lists; of an array it would be a view.
            elt = ast.Subscript(value=_call("sct.runtime.row", elt.value), slice=elt.slice, ctx=ast.Load())
        if isinstance(expr, ast.DictComp):
            step: ast.stmt = store(total, renamed.visit(clone(expr.key)), elt)
        elif summed is not None:
            step = assign(total, ast.BinOp(left=load(total), op=ast.Add(), right=elt))
        else:
            append = ast.Attribute(value=load(total), attr="append", ctx=ast.Load())
            step = ast.Expr(value=ast.Call(func=append, args=[elt], keywords=[]))
        body: Block = [step]
        for count, gen in enumerate(reversed(expr.generators)):
            for test in reversed(gen.ifs):
                body = [ast.If(test=renamed.visit(clone(test)), body=body, orelse=[])]
            outermost = count == len(expr.generators) - 1
            it = gen.iter if outermost else renamed.visit(clone(gen.iter))
            body = [ast.For(target=renamed.visit(clone(gen.target)), iter=it, body=body, orelse=[])]
        start = summed if summed is not None else ast.List(elts=[], ctx=ast.Load())
        if isinstance(expr, ast.DictComp):
            start = ast.Dict(keys=[], values=[])
        return [assign(total, start), *body], total


class _Hoist:
    """Moves assignment expressions and active comprehensions of one statement in front of it."""

    def __init__(self, lowerer: _Lowerer, stmt: ast.stmt) -> None:
        self.lowerer = lowerer
        self.stmt = stmt
        self.setup: Block = []
        self.relower = False

    def generic(self, stmt: ast.stmt) -> ast.stmt:
        moved = (ast.NamedExpr, ast.ListComp, ast.GeneratorExp, ast.DictComp)
        if not any(isinstance(n, moved) or _is_container_work(n) for n in walk(stmt)):
            return stmt
        changed: dict[str, Any] = {}
        for name, value in ast.iter_fields(stmt):
            changed[name] = self.visit(value) if isinstance(value, ast.expr) and name != "target" else value
        return ast.copy_location(type(stmt)(**changed), stmt)

    def visit(self, expr: ast.expr, conditional: bool = False) -> ast.expr:
        if isinstance(expr, ast.NamedExpr):
            return self._named(expr, conditional)
        if isinstance(expr, (ast.ListComp, ast.GeneratorExp, ast.DictComp)) and self._active(expr):
            if conditional:
                self.lowerer.refuse(
                    expr, "a comprehension of active values in an expression that may not run", "write a loop"
                )
            return self._loop(expr, None)
        if isinstance(expr, ast.IfExp) and self._hoists([expr.body, expr.orelse]):
            return self._choice(expr.test, expr.body, expr.orelse, conditional)
        if isinstance(expr, ast.BoolOp) and self._hoists(expr.values[1:]):
            held = self._held(self.visit(expr.values[0], conditional))
            rest = expr.values[1] if len(expr.values) == 2 else ast.BoolOp(op=expr.op, values=expr.values[1:])
            arms = (held, rest) if isinstance(expr.op, ast.Or) else (rest, held)
            return self._choice(held, *arms, conditional)
        if isinstance(expr, ast.Call) and core.qualname(expr.func) == "builtins.sum" and expr.args:
            inner = expr.args[0]
            if isinstance(inner, (ast.ListComp, ast.GeneratorExp)) and self._active(inner):
                start = expr.args[1] if len(expr.args) > 1 else expr.keywords[0].value if expr.keywords else None
                if not conditional:
                    return self._loop(inner, start or ast.Constant(value=0))
        if isinstance(expr, (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
            return expr
        if not conditional and _is_container_work(expr) and self._active(expr):
            written = self._written_out(expr)
            if written is not None:
                return written
        return self._children(expr, conditional)

    def _active(self, expr: ast.expr) -> bool:
        return self.lowerer.activity.active(self.stmt, expr)

    def _named(self, expr: ast.NamedExpr, conditional: bool) -> ast.expr:
        name = expr.target.id
        if conditional:
            self.lowerer.refuse(
                expr, "an assignment expression that may not run cannot be differentiated", "assign in a statement"
            )
        start = (getattr(expr, "lineno", 0), getattr(expr, "col_offset", 0))
        for node in walk(self.stmt) if not isinstance(self.stmt, (ast.For, ast.While, ast.If)) else ():
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                if hasattr(node, "lineno") and (node.lineno, node.col_offset) < start:
                    self.lowerer.refuse(
                        expr, f"`{name}` is read before this expression assigns it", "assign in a statement"
                    )
        value = self.visit(expr.value)
        assign = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
        self.setup.append(ast.copy_location(assign, self.stmt))
        return load(name)

    def _hoists(self, exprs: Sequence[ast.expr]) -> bool:
        """Say whether something in expressions that may not run has to be moved in front of the statement."""
        for node in (n for e in exprs for n in walk(e)):
            if isinstance(node, ast.NamedExpr):
                return True
            moved = isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.DictComp)) or _is_container_work(node)
            if moved and isinstance(node, ast.expr) and self._active(node):
                return True
        return False

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr, conditional: bool) -> ast.expr:
        """Return the result of an ``if`` statement in front of this one that stands for a conditional expression."""
        tested = self.visit(test, conditional)
        result = self.lowerer.fresh.temporary()
        arms: list[Block] = []
        for arm in (body, orelse):
            inner = _Hoist(self.lowerer, self.stmt)
            value = inner.visit(arm)
            arms.append([*inner.setup, assign(result, value)])
        self.setup.append(ast.copy_location(ast.If(test=tested, body=arms[0], orelse=arms[1]), self.stmt))
        return load(result)

    def _held(self, expr: ast.expr) -> ast.expr:
        if isinstance(expr, (ast.Name, ast.Constant)):
            return expr
        name = self.lowerer.fresh.temporary()
        self.setup.append(assign(name, expr))
        return load(name)

    def _written_out(self, expr: ast.expr) -> ast.expr | None:
        """Return what stands for an operation on a list or a dict of active values that has no rule."""
        lists, dicts = self.lowerer.lists, self.lowerer.dicts
        if isinstance(expr, ast.Dict):
            setup, whole = dicts.display(expr)
            self.setup += setup
            return whole
        if isinstance(expr, ast.BinOp):
            return self._joined(expr)
        assert isinstance(expr, ast.Call)
        name = core.qualname(expr.func)
        if name == "builtins.sorted":
            if not any(k.arg == "key" for k in expr.keywords):
                return None  # there is a rule
            return lists.in_order(expr, self.setup.append)
        if name == "builtins.dict":
            return dicts.made(self.stmt, expr)
        values = dicts.values(expr)
        if values is not None:
            return self._loop(values, None)
        found = dicts.asked(expr) or lists.popped(self.stmt, expr)
        if found is None:
            return None
        self.setup += found[0]
        return found[1]

    def _joined(self, expr: ast.BinOp) -> ast.expr | None:
        """Return ``xs + [x]`` where `xs` is made sure to be a list; None where it is known, or known to be none."""
        left, right = self._sort(expr.left), self._sort(expr.right)
        both = left == right == "unknown" and is_whole_again(expr)
        if {left, right} != {"list", "unknown"} and not both:
            return None
        sides = [
            s if sort == "list" else _call("sct.runtime.listed", s)
            for s, sort in ((expr.left, left), (expr.right, right))
        ]
        whole = ast.copy_location(ast.BinOp(left=sides[0], op=expr.op, right=sides[1]), expr)
        return self._children(whole, False)

    def _sort(self, expr: ast.expr) -> str:
        """Return what an operand of a sum is: a sum that a list takes part in joins lists."""
        what = self.lowerer.activity.facts.kind(self.stmt, expr).what
        if what == "unknown" and isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
            return "list" if "list" in (self._sort(expr.left), self._sort(expr.right)) else what
        return what

    def _children(self, expr: ast.expr, conditional: bool) -> ast.expr:
        changed: dict[str, Any] = {}
        different = False
        for name, value in ast.iter_fields(expr):
            new: object = value
            if isinstance(value, ast.expr):
                later = isinstance(expr, ast.IfExp) and name != "test"
                new = self.visit(value, conditional or later)
            elif isinstance(value, list):
                new = [
                    self._item(
                        v, conditional or isinstance(expr, (ast.BoolOp, ast.Compare)) and i > 0 and name != "ops"
                    )
                    for i, v in enumerate(value)
                ]
                different = different or any(a is not b for a, b in zip(value, new, strict=True))
            different = different or not isinstance(value, list) and new is not value
            changed[name] = new
        return ast.copy_location(type(expr)(**changed), expr) if different else expr

    def _item(self, item: object, conditional: bool) -> object:
        if isinstance(item, ast.expr):
            return self.visit(item, conditional)
        if isinstance(item, ast.keyword):
            value = self.visit(item.value, conditional)
            return item if value is item.value else ast.copy_location(ast.keyword(arg=item.arg, value=value), item)
        return item

    def _loop(self, expr: ast.ListComp | ast.GeneratorExp | ast.DictComp, start: ast.expr | None) -> ast.expr:
        block, name = self.lowerer.comprehension(self.stmt, expr, start)
        self.setup += block
        return load(name)


def _is_container_work(node: ast.AST) -> bool:
    """Say whether a node may be an operation on a list or a dict that is written out: ``xs.pop()``, ``{**d}``."""
    if isinstance(node, ast.Dict):
        return any(k is None for k in node.keys)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (ast.List, ast.ListComp, ast.Subscript)
        return any(isinstance(s, parts) or _is_container_work(s) for s in (node.left, node.right))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in ("pop", "get", "values")
    name = core.qualname(node.func)
    return name in ("builtins.sorted", "builtins.dict")


def _is_whole(index: ast.expr) -> bool:
    return isinstance(index, ast.Slice) and index.lower is index.upper is index.step is None


class _Rename(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id not in self.names:
            return node
        return ast.copy_location(ast.Name(id=self.names[node.id], ctx=node.ctx), node)


def _index_name(fresh: Fresh) -> str:
    return next((n for n in "ijkm" if n not in fresh.used), "i")


def _minus_one_minus(k: ast.expr) -> ast.expr:
    return ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)), op=ast.Sub(), right=k)


def _load(target: ast.expr) -> ast.expr:
    return ast.Name(id=target.id, ctx=ast.Load()) if isinstance(target, ast.Name) else target


def _call(function: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref(function), args=list(args), keywords=[])


def _len(expr: ast.expr) -> ast.Call:
    return _call("builtins.len", expr)
