"""Expressions that are statements of their own: comprehensions, assignment expressions, work on lists and dicts.

In: a statement, and what its function is lowered with. Out: the statement without active expressions that take several
steps, and the statements in front of it that take them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Protocol

from sct import core
from sct.analysis.activity import Activity
from sct.analysis.aliasing import IMMUTABLE
from sct.frontend.dicts import Dicts, store
from sct.frontend.evaluation import parts, pure, rebuilt
from sct.frontend.lists import Lists, is_whole_again
from sct.frontend.structure import Block, Fresh
from sct.nodes import assign, load
from sct.walk import clone, walk

Refuse = Callable[[ast.AST, str, str], NoReturn]


class Lowering(Protocol):
    """What a function is lowered with."""

    activity: Activity
    fresh: Fresh
    refuse: Refuse
    lists: Lists
    dicts: Dicts


class Hoist:
    """Moves assignment expressions and active comprehensions of one statement in front of it."""

    def __init__(self, lowerer: Lowering, stmt: ast.stmt) -> None:
        self.lowerer = lowerer
        self.stmt = stmt
        self.setup: Block = []
        self.relower = False
        self.views: set[int] = set()  # views of dicts that a loop runs over

    def generic(self, stmt: ast.stmt) -> ast.stmt:
        moved = (ast.NamedExpr, ast.ListComp, ast.GeneratorExp, ast.DictComp)
        if not any(isinstance(n, moved) or _is_container_work(n) or self._start(n) for n in walk(stmt)):
            return stmt
        changed: dict[str, Any] = {}
        place = self._found_first(stmt) if isinstance(stmt, ast.AugAssign) else None
        for name, value in ast.iter_fields(stmt):
            changed[name] = self.visit(value) if isinstance(value, ast.expr) and name != "target" else value
        if place is not None:
            changed["target"] = place
        return ast.copy_location(type(stmt)(**changed), stmt)

    def _found_first(self, stmt: ast.AugAssign) -> ast.expr | None:
        """Return the place that is added to with its index found, before the value puts something into a dict."""
        puts = any(isinstance(n, ast.Attribute) and n.attr == "setdefault" for n in walk(stmt.value))
        place = stmt.target
        if not puts or not isinstance(place, ast.Subscript) or not any(isinstance(n, ast.Call) for n in walk(place)):
            return None
        if not isinstance(place.value, ast.Name) or any(isinstance(n, ast.Slice) for n in walk(place.slice)):
            self.lowerer.refuse(
                stmt, "the place hangs on what the value changes", "find the index in a statement before"
            )
        return ast.Subscript(value=place.value, slice=self._held(self.visit(place.slice)), ctx=ast.Store())

    def visit(self, expr: ast.expr, conditional: bool = False) -> ast.expr:
        if id(expr) in self.views:
            return expr
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
                start = core.begins(expr)
                at_once = isinstance(inner, ast.GeneratorExp) or start is None or pure(start)
                if not conditional and at_once:  # the start of a sum of a list is found when the list is there
                    return self._loop(inner, start or ast.Constant(value=0))
        if not conditional and (start := self._start(expr)) is not None and self._active(expr):
            assert isinstance(expr, ast.Call)
            over = self.visit(expr.args[0]) if pure(start) else self._held(self.visit(expr.args[0]))
            member = self.lowerer.fresh.name("part")
            turn = ast.comprehension(target=ast.Name(id=member, ctx=ast.Store()), iter=over, ifs=[], is_async=0)
            return self._loop(ast.GeneratorExp(elt=load(member), generators=[turn]), start)
        if isinstance(expr, (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
            return expr
        if not conditional and _is_container_work(expr) and self._active(expr):
            written = self._written_out(expr)
            if written is not None:
                return written
        return self._children(expr, conditional)

    def _start(self, expr: ast.AST) -> ast.expr | None:
        """Return what a sum begins with, where the sum of nothing may be that very object and somebody writes it."""
        if not isinstance(expr, ast.Call) or core.qualname(expr.func) != "builtins.sum":
            return None
        start = core.begins(expr)
        if start is None or self.lowerer.activity.facts.kind(self.stmt, start).what in IMMUTABLE:
            return None
        return start if self.lowerer.activity.alias.written else None

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
            inner = Hoist(self.lowerer, self.stmt)
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
        if isinstance(expr.func, ast.Attribute) and expr.func.attr == "setdefault":
            whole = self._children(expr, False)
            found = dicts.kept(whole) if isinstance(whole, ast.Call) else None
            return whole if found is None else self._after(*found)
        found = dicts.asked(expr) or dicts.popped(self.stmt, expr) or lists.popped(self.stmt, expr)
        if found is None:
            return None
        return self._after(*found)

    def _after(self, setup: Block, value: ast.expr) -> ast.expr:
        self.setup += setup
        return value

    def _joined(self, expr: ast.BinOp) -> ast.expr | None:
        """Return ``xs + [x]`` where `xs` is made sure to be a list; None where it is known, or known to be none."""
        left, right = self._sort(expr.left), self._sort(expr.right)
        both = left == right == "unknown" and is_whole_again(expr)
        if {left, right} != {"list", "unknown"} and not both:
            return None
        sides = [
            s if sort == "list" else call_of("sct.runtime.listed", s)
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
        def visit(part: ast.expr, before: Block | None) -> ast.expr:
            return self.visit(part, conditional or before is None)

        before = None if conditional else self.setup
        return rebuilt(expr, parts(expr), visit, before, self.lowerer.fresh.temporary, self.views)

    def _loop(self, expr: ast.ListComp | ast.GeneratorExp | ast.DictComp, start: ast.expr | None) -> ast.expr:
        block, name = comprehension(self.lowerer.fresh, expr, start)
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
        return node.func.attr in ("pop", "get", "values", "setdefault")
    name = core.qualname(node.func)
    return name in ("builtins.sorted", "builtins.dict")


def comprehension(
    fresh: Fresh, expr: ast.ListComp | ast.GeneratorExp | ast.DictComp, summed: ast.expr | None
) -> tuple[Block, str]:
    """Return the loop that a comprehension is, and the name that holds its list or dict (or its sum)."""
    total = fresh.temporary()
    renamed = _Rename({})
    for gen in expr.generators:
        for node in walk(gen.target):
            if isinstance(node, ast.Name):
                renamed.names[node.id] = fresh.name(node.id)
    elt = renamed.visit(clone(expr.value if isinstance(expr, ast.DictComp) else expr.elt))
    if isinstance(elt, ast.Subscript) and is_all(elt.slice) and isinstance(elt.value, ast.Name):
        # A copy of each row of a list of lists; of an array it would be a view.
        elt = ast.Subscript(value=call_of("sct.runtime.row", elt.value), slice=elt.slice, ctx=ast.Load())
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


def is_all(index: ast.expr) -> bool:
    """Say whether an index is ``[:]``."""
    return isinstance(index, ast.Slice) and index.lower is index.upper is index.step is None


class _Rename(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id not in self.names:
            return node
        return ast.copy_location(ast.Name(id=self.names[node.id], ctx=node.ctx), node)


def call_of(function: str, *args: ast.expr) -> ast.Call:
    """Return a call of the function with this qualified name."""
    return ast.Call(func=core.ref(function), args=list(args), keywords=[])
