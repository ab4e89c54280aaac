"""Random programs for the tests of `sct.simplify`, and a machine to run them on.

The programs work on floats, arrays that may share memory, globals, tapes and functions that write, count and print;
they branch, loop, break and return anywhere. Some statements are the user's, the others the compiler's.
"""

from __future__ import annotations

import ast
import copy
import random
from typing import Any

import numpy as np

from sct import core
from sct.simplify.effects import Alias

FLOATS = ["f0", "f1", "f2"]
ARRAYS = ["a0", "a1", "u", "v"]
TAPES = ["tp", "tq"]
LISTS = ["l0", "l1"]
PARAMETERS = frozenset(("f0", "u", "v"))

_BINARY: list[type[ast.operator]] = [ast.Add, ast.Sub, ast.Mult]


class Program:
    """A random program: its statements and what is known of them."""

    def __init__(self, source: random.Random) -> None:
        self._random = source
        self._temporaries = self._loops = 0
        self._floats: list[str] = []
        self._arrays: list[str] = []
        self._indices: list[str] = []
        self._numbers: set[str] = set(FLOATS)
        self._user_share = self._pick([0, 30, 100])
        tapes = ", ".join(["[]"] * 2 if self._below(2) else ["tape()"] * 2)
        start = ast.parse(
            f"f1 = 1.5\nf2 = -0.5\na0 = u.copy()\na1 = v\ntp, tq = {tapes}\nl0 = [a0, u]\nl1 = l0 + [v]"
        ).body
        for stmt in start:
            for node in ast.walk(stmt):
                if isinstance(node, ast.Name) and node.id == "tape":
                    node.id = "@user.tape:"
        self.body: list[ast.stmt] = [self._marked(_unplaced(stmt)) for stmt in start]
        for _ in range(3 + self._below(22)):
            self.body += self._statement(0, False)
        self.body.append(self._result())

    def alias(self) -> Alias:
        """What may share memory: arrays with arrays."""

        def array(name: str) -> bool:
            return name not in self._numbers and name[0] not in "it"

        return lambda a, b: array(a) and array(b)

    # Choices

    def _below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def _pick(self, items: list[Any]) -> Any:
        return items[self._below(len(items))]

    def _float(self) -> str:
        return str(self._pick(FLOATS + 2 * self._floats))

    def _array(self) -> str:
        return str(self._pick(ARRAYS + 2 * self._arrays))

    # Expressions

    def _number(self, depth: int = 0) -> ast.expr:
        if depth > 2 or self._below(3) == 0:
            choice = self._below(4)
            if choice == 0:
                return ast.Constant(value=self._pick([1.0, 2.0, 0.5, 0.0, 1, 3.25]))
            return self._element() if choice == 1 else _name(self._float())
        deeper = depth + 1
        match self._below(11):
            case 0 | 1 | 2:
                operator = self._pick(_BINARY)()
                return ast.BinOp(left=self._number(deeper), op=operator, right=self._number(deeper))
            case 3:
                return ast.UnaryOp(op=ast.USub(), operand=self._number(deeper))
            case 4:
                return _call(self._pick(["numpy.sin", "numpy.tanh"]), self._number(deeper))
            case 5:
                return _call("numpy.sum", self._vector(deeper))
            case 6:
                return ast.IfExp(test=self._test(deeper), body=self._number(deeper), orelse=self._number(deeper))
            case 7:
                return _call(self._pick(["@user.bump", "@user.count", "@user.change"]), _name(self._array()))
            case 8:
                return _method(_name(self._pick(TAPES)), "pop")
            case 9:
                return core.ref("=glob.S")
            case _:
                return _call("sct.runtime.unbroadcast", self._number(deeper), self._number(deeper))

    def _vector(self, depth: int = 0) -> ast.expr:
        if depth > 2 or self._below(3) == 0:
            return _name(self._array())
        deeper = depth + 1
        match self._below(11):
            case 9 | 10:
                return ast.Subscript(value=_name(self._pick(LISTS)), slice=self._place(), ctx=ast.Load())
            case 0:
                backwards = ast.Slice(step=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)))
                return ast.Subscript(value=_name(self._array()), slice=backwards, ctx=ast.Load())
            case 1 | 2:
                return ast.BinOp(left=self._vector(deeper), op=self._pick(_BINARY)(), right=self._vector(deeper))
            case 3:
                return ast.BinOp(left=self._number(deeper), op=ast.Mult(), right=self._vector(deeper))
            case 4:
                return _call("numpy.cos", self._vector(deeper))
            case 5:
                return _method(self._vector(deeper), "copy")
            case 6:
                return ast.Attribute(value=self._vector(deeper), attr="T", ctx=ast.Load())
            case 7:
                return _call("@user.same", _name(self._array()))
            case _:
                return core.ref("=glob.G")

    def _index(self) -> ast.expr:
        if self._indices and self._below(2):
            return _name(self._pick(self._indices))
        return ast.Constant(value=self._below(3))

    def _place(self) -> ast.expr:
        return ast.Constant(value=self._below(2))

    def _members(self) -> ast.expr:
        """A list of arrays."""
        name = _name(self._pick(LISTS))
        match self._below(6):
            case 0:
                return ast.List(elts=[self._vector(1), self._vector(1)], ctx=ast.Load())
            case 1:
                more = ast.List(elts=[self._vector(1)], ctx=ast.Load())
                return ast.BinOp(left=name, op=ast.Add(), right=more)
            case 2:
                return ast.BinOp(left=name, op=ast.Mult(), right=ast.Constant(value=1))
            case 3:
                return _method(name, "copy")
            case 4:
                return _call("builtins.list", _call("builtins.reversed", name))
            case _:
                return name

    def _element(self, stored: bool = False) -> ast.Subscript:
        ctx = ast.Store() if stored else ast.Load()
        return ast.Subscript(value=_name(self._array()), slice=self._index(), ctx=ctx)

    def _test(self, depth: int = 1) -> ast.expr:
        test = ast.Compare(left=self._number(depth), ops=[ast.Gt()], comparators=[self._number(depth)])
        return ast.BoolOp(op=ast.And(), values=[test, self._test(2)]) if self._below(6) == 0 else test

    # Statements

    def _statement(self, depth: int, in_loop: bool) -> list[ast.stmt]:
        choice = self._below(29)
        if choice > 25:
            return [self._marked(self._on_list(in_loop))]
        if choice < 18:
            return [self._marked(self._simple(choice))]
        if choice < 22:
            return [self._marked(self._write(choice - 18))]
        return [self._marked(stmt) for stmt in self._compound(choice - 22, depth, in_loop)]

    def _simple(self, choice: int) -> ast.stmt:
        if choice < 7:
            return self._temporary()
        if choice < 9:
            return _assign(self._pick(FLOATS), self._number())
        if choice < 11:
            return _assign(self._pick(ARRAYS), self._vector())
        if choice == 11:
            return _assign(self._pick(FLOATS), ast.Constant(value=0.0))
        if choice < 14:
            name = self._pick(FLOATS)
            return _assign(name, ast.BinOp(left=_name(name), op=self._pick(_BINARY)(), right=self._number(1)))
        if choice == 14:
            targets = ast.Tuple(elts=[_name("f1", True), _name("f2", True)], ctx=ast.Store())
            values = ast.Tuple(elts=[self._number(), self._number()], ctx=ast.Load())
            return ast.Assign(targets=[targets], value=values)
        if choice == 15:
            return core.remark(self._pick(["p", "q", ""]))
        if choice == 16:
            return ast.Expr(value=_call("builtins.print", self._number()))
        return ast.Expr(value=_method(_name(self._pick(TAPES)), "append", self._number()))

    def _temporary(self) -> ast.stmt:
        self._temporaries += 1
        name = f"%{self._temporaries}"
        if self._below(3) == 0:
            value = self._vector(1)
            self._arrays.append(name)
        else:
            value = self._number(1)
            self._floats.append(name)
            self._numbers.add(name)
        return _assign(name, value)

    def _on_list(self, in_loop: bool) -> ast.stmt:
        name = self._pick(LISTS)
        place = ast.Subscript(value=_name(name), slice=self._place(), ctx=ast.Load())
        match self._below(6):
            case 0:
                return _assign(name, self._members())
            case 1:
                more = self._members()
                if in_loop:  # what doubles in every trip of three loops within each other has no room in memory
                    more = ast.Subscript(value=more, slice=ast.Slice(upper=ast.Constant(value=2)), ctx=ast.Load())
                return ast.AugAssign(target=_name(name, True), op=ast.Add(), value=more)
            case 2:
                return ast.Assign(targets=[_stored(place)], value=self._vector())
            case 3:
                return ast.AugAssign(target=_stored(place), op=ast.Add(), value=self._vector())
            case 4:
                return ast.Expr(value=_method(_name(name), "append", self._vector()))
            case _:
                inner = ast.Subscript(value=place, slice=self._index(), ctx=ast.Store())
                return ast.Assign(targets=[inner], value=self._number())

    def _write(self, choice: int) -> ast.stmt:
        if choice == 0:
            return ast.Assign(targets=[self._element(True)], value=self._number())
        if choice == 1:
            return ast.AugAssign(target=self._element(True), op=ast.Add(), value=self._number())
        if choice == 2:
            return ast.AugAssign(target=_name(self._pick(FLOATS), True), op=ast.Add(), value=self._number())
        return ast.AugAssign(target=_name(self._pick(ARRAYS), True), op=ast.Mult(), value=self._vector())

    def _compound(self, choice: int, depth: int, in_loop: bool) -> list[ast.stmt]:
        if depth > 2:
            return []
        if choice == 3:
            if in_loop and self._below(2):
                return [ast.If(test=self._test(), body=[self._pick([ast.Break(), ast.Continue()])], orelse=[])]
            return [ast.If(test=self._test(), body=[self._result()], orelse=[])] if self._below(3) == 0 else []
        if choice == 0:
            orelse = self._block(depth, 3, in_loop)
            return [ast.If(test=self._test(), body=self._block(depth, 4, in_loop) or [ast.Pass()], orelse=orelse)]
        self._loops += 1
        index = f"i{self._loops}"
        if choice == 1:
            self._indices.append(index)
            body = self._block(depth, 5, True) or [ast.Pass()]
            self._indices.remove(index)
            rounds = _call("builtins.range", ast.Constant(value=self._below(4)))
            return [ast.For(target=_name(index, True), iter=rounds, body=body, orelse=self._block(depth, 2, in_loop))]
        count = ast.AugAssign(target=_name(index, True), op=ast.Add(), value=ast.Constant(value=1))
        few = ast.Compare(left=_name(index), ops=[ast.Lt()], comparators=[ast.Constant(value=3)])
        test = ast.BoolOp(op=ast.And(), values=[few, self._test()])
        loop = ast.While(test=test, body=[count, *self._block(depth, 4, True)], orelse=[])
        return [_assign(index, ast.Constant(value=0)), loop]

    def _block(self, depth: int, most: int, in_loop: bool) -> list[ast.stmt]:
        seen = list(self._floats), list(self._arrays)
        body = [stmt for _ in range(self._below(most + 1)) for stmt in self._statement(depth + 1, in_loop)]
        self._floats, self._arrays = seen
        return body

    def _result(self) -> ast.stmt:
        names = [name for name in FLOATS + ARRAYS + LISTS if self._below(2)]
        return ast.Return(value=ast.Tuple(elts=[_name(name) for name in names], ctx=ast.Load()))

    def _marked(self, stmt: ast.stmt) -> ast.stmt:
        """Make the statement the user's, now and then."""
        if self._below(100) < self._user_share and core.remark_text(stmt) is None:
            for node in ast.walk(stmt):
                if isinstance(node, ast.expr | ast.stmt):
                    node.lineno, node.col_offset = 1, 0
        return stmt


def _name(name: str, stored: bool = False) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Store() if stored else ast.Load())


def _stored(place: ast.Subscript) -> ast.Subscript:
    return ast.Subscript(value=place.value, slice=place.slice, ctx=ast.Store())


def _call(function: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref(function), args=list(args), keywords=[])


def _method(owner: ast.expr, method: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Attribute(value=owner, attr=method, ctx=ast.Load()), args=list(args), keywords=[])


def _assign(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign(targets=[_name(name, True)], value=value)


def _unplaced(stmt: ast.stmt) -> ast.stmt:
    for node in ast.walk(stmt):
        for place in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            vars(node).pop(place, None)
    return stmt


def run(stmts: list[ast.stmt], sharing: int) -> list[Any]:
    """Run a program; return all that can be seen of it: results, arguments, globals, what it printed.

    `sharing` says what the argument v is: 0 an array of its own, 1 the argument u, 2 a global.
    """
    seen: list[Any] = []
    counted = [0]
    g = np.array([0.3, 0.7, -1.1])
    u = np.array([0.5, -1.0, 2.0])
    v = [np.array([1.0, 0.25, -0.75]), u, g][sharing]

    def bump(a: Any) -> float:
        a[0] += 1.0
        seen.append(float(a[0]))
        return float(a[1])

    def count(_: Any) -> float:
        counted[0] += 1
        return float(counted[0])

    def change(_: Any) -> float:
        g[1] += 0.5
        scope["=glob.S:"] += 1.0
        return float(g[1])

    scope: dict[str, Any] = {"=glob.G:": g, "=glob.S:": 2.0}
    scope |= {f"numpy.{name}:": getattr(np, name) for name in ("sin", "tanh", "cos", "sum", "zeros_like")}
    scope |= {"@user.bump:": bump, "@user.count:": count, "@user.change:": change, "@user.same:": lambda a: a}
    scope |= {"@user.tape:": lambda: [i / 7 for i in range(60)], "builtins.range:": range}
    scope |= {"builtins.list:": list, "builtins.reversed:": reversed}
    scope |= {"builtins.print:": lambda x: seen.append(float(x)), "sct.runtime.unbroadcast:": lambda a, _: a}
    with np.errstate(all="ignore"):
        exec(compile(_module(stmts), "<program>", "exec"), scope)
        result = scope["f"](0.8, u, v)
    shown = [[np.array(r, float).tolist() for r in (r if isinstance(r, list) else [r])] for r in result]
    return [shown, *map(np.ndarray.tolist, (u, v, g)), scope["=glob.S:"], seen]


def _module(stmts: list[ast.stmt]) -> ast.Module:
    module = ast.parse("def f(f0, u, v): pass")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = copy.deepcopy(stmts)
    for node in ast.walk(module):
        if isinstance(node, ast.expr | ast.stmt | ast.arg):
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
    return module
