"""What the uses of names say of their being scalars.

In: a function and the program around it. Out: `Evidence`, which answers for each name. Evidence is a use in which an
array would fail: `math`, a test, `range`, `float`, a store into an element of an array with one axis. Arithmetic by
itself says nothing; but what meets a scalar in arithmetic is taken for one too, where nothing that it meets is an
array.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Collection

import numpy

from sct import core
from sct.analysis.integers import integers, is_integer
from sct.analysis.swaps import swapped
from sct.analysis.vertices import (
    ARRAY,
    AUGMENTED,
    FLAT,
    GIVEN,
    HELD,
    INDEX,
    LOOPED,
    SLICED,
    SPREADS,
    SURE,
    UNSURE,
    USED,
    WIDE,
    Vertex,
    Vertices,
)
from sct.frontend.lift import Program
from sct.walk import children, walk

#: Calls whose arguments say nothing, and whose results are numbers or texts.
_ASIDE = frozenset(
    "builtins.len builtins.print builtins.isinstance builtins.str builtins.repr builtins.format builtins.id "
    "builtins.type numpy.shape numpy.size numpy.ndim".split()
)
_SAME = frozenset(
    "builtins.zip builtins.enumerate builtins.list builtins.tuple builtins.reversed builtins.sorted".split()
)
_JOINING = frozenset("numpy.array numpy.asarray".split())
_REDUCTIONS = frozenset("numpy.sum numpy.mean numpy.prod numpy.max numpy.min".split())
_MAKERS = frozenset("numpy.zeros numpy.ones numpy.empty numpy.full".split())
#: Helpers of generated code: arguments that are numbers or arrays together, as the result is; the argument of whose
#: kind the result is; arithmetic.
_TOGETHER = {"check_tangent": 1, "check_seed": 1, "finish": 0, "add": 0, "restored": 0}
_OF_KIND = {"save": 0, "zeros_like": 0, "zeros_mirror": 0, "astype_like": 0, "unbroadcast": 1, "like": 1, "spread": 1}
_ARITHMETIC = ("over", "kinked", "times", "power_slope", "exponent_slope")
_ENTRY = ""  # the name of the function that nothing calls
_GUARDS = {"require_scalar": SURE, "require_number": SURE, "require_array": ARRAY}


class Evidence(Vertices):
    """What flows together in a function, and how it is used."""

    def __init__(self, program: Program, memo: dict[str, Evidence] | None = None) -> None:
        super().__init__()
        self.program = program
        self.memo: dict[str, Evidence] = {} if memo is None else memo
        self.scope = _ENTRY  # of which function the names are: those that call each other in a circle are read together
        self.names: dict[str, dict[str, Vertex]] = {}
        self.results: dict[str, Vertex] = {}
        self.integers: frozenset[str] = frozenset()
        self.indices: set[str] = set()  # expressions that find one member each, as text
        self.entries: list[Vertex] = []  # names that are put into dicts
        self.listed: list[Vertex] = []  # names that are put into lists
        self.loops = 0

    def name(self, name: str) -> Vertex:
        """Return the vertex of a name."""
        names = self.names.setdefault(self.scope, {})
        if name not in names:
            names[name] = self.vertex()
        return names[name]

    @property
    def result(self) -> Vertex | None:
        """The vertex of what the function returns."""
        return self.results.get(self.scope)

    def arithmetic(self, *values: Vertex | None) -> Vertex | None:
        """Return what arithmetic on values gives."""
        return self.meet(values, USED | LOOPED if self.loops else USED)

    def array(self) -> Vertex:
        """Return the vertex of a value that may be an array."""
        return self.vertex(ARRAY)

    def is_integer(self, expr: ast.expr) -> bool:
        """Say whether an expression is surely one integer."""
        return is_integer(expr, self.integers) or bool(self.indices) and ast.unparse(expr) in self.indices

    # Statements.

    def run(self, node: ast.FunctionDef, scope: str = _ENTRY) -> None:
        """Read a function."""
        self.scope = scope
        self.names.setdefault(scope, {})
        self.integers = integers(node)
        read = {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for stmt in walk(node):
            if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name) and stmt.target.id not in read:
                self.mark(self.name(stmt.target.id), ARRAY)  # to change a number that nobody reads is no use
        self.defaults(node.args, _seeds(node))
        places = swapped(node)
        steps = [s for p in places for s in (p.slice.elts if isinstance(p.slice, ast.Tuple) else [p.slice])]
        found = [s for s in steps if not isinstance(s, ast.Slice)]
        self.indices = {ast.unparse(s) for s in found}
        self.block(node.body)
        if any(isinstance(s, ast.AugAssign) and _is_entry(s.target) for s in walk(node)):
            for v in self.entries:
                self.mark(v, AUGMENTED)
        lists = {t.id for s in walk(node) for t in _bound_to_list(s)}
        if any(isinstance(s, ast.AugAssign) and _is_member(s.target, lists) for s in walk(node)):
            for v in self.listed:
                self.mark(v, AUGMENTED)
        for index in found:
            self.mark(self.value(index), INDEX if isinstance(index, ast.Name) else SURE)
        self.swapped += [v for v in map(self.value, places) if v is not None]

    def defaults(self, args: ast.arguments, seeds: Collection[str]) -> None:
        """Take a parameter with a number as its default for a scalar. It is a setting: it says nothing of others.

        The default of a seed that is checked says nothing: an array of seeds takes its place.
        """
        positional = [*args.posonlyargs, *args.args]
        late = positional[len(positional) - len(args.defaults) :]
        for arg, default in zip([*late, *args.kwonlyargs], [*args.defaults, *args.kw_defaults], strict=True):
            value = default.operand if isinstance(default, ast.UnaryOp) else default
            if isinstance(value, ast.Constant) and type(value.value) in (int, float) and arg.arg not in seeds:
                self.mark(self.name(arg.arg), SURE)

    def block(self, stmts: list[ast.stmt]) -> None:
        for stmt in stmts:
            self.statement(stmt)

    def statement(self, stmt: ast.stmt) -> None:
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                self.assign(target, stmt.value)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            self.assign(stmt.target, stmt.value)
        elif isinstance(stmt, ast.AugAssign):
            place = self.place(stmt.target)
            if isinstance(stmt.target, ast.Name):
                self.mark(place, AUGMENTED)
            if isinstance(stmt.op, ast.MatMult):
                self.mark(place, ARRAY)
            self.unite(place, self.arithmetic(place, self.value(stmt.value)))
        elif isinstance(stmt, ast.For):
            self.iterate(stmt.target, stmt.iter)
        elif isinstance(stmt, (ast.If, ast.Assert)):
            self.test(stmt.test)
        elif isinstance(stmt, ast.Return) and stmt.value is not None:
            value = self.unite(self.result, self.value(stmt.value))
            if value is not None:
                self.results[self.scope] = value
        elif isinstance(stmt, ast.Expr):
            self.value(stmt.value)
        counts = isinstance(stmt, ast.While) or isinstance(stmt, ast.For) and _counts(stmt.iter)
        self.loops += counts
        if isinstance(stmt, ast.While):
            self.test(stmt.test)
        for fieldname in ("body", "orelse", "finalbody"):
            self.block(getattr(stmt, fieldname, []))
        self.loops -= counts
        for handler in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())):
            self.block(handler.body)

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            if len(target.elts) == len(value.elts):
                for sub, part in zip(target.elts, value.elts, strict=True):
                    self.assign(sub.value if isinstance(sub, ast.Starred) else sub, part)
                return
        self.bind(target, self.value(value))

    def bind(self, target: ast.expr, value: Vertex | None) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            entries = self.keyed[self.find(value)] if value is not None else {}
            for i, sub in enumerate(target.elts):
                held = None if value is None else entries[i] if i in entries else self.of_member(value)
                self.bind(sub, held)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        else:
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                base = self.name(target.value.id) if not core.is_ref(target.value) else None
                if base is not None and self.has(base, FLAT) and self.is_integer(target.slice):
                    self.mark(value, SURE | SPREADS)
            self.unite(self.place(target), value)

    def place(self, target: ast.expr) -> Vertex | None:
        if isinstance(target, ast.Name):
            return self.name(target.id)
        return self.value(target)

    def iterate(self, target: ast.expr, it: ast.expr) -> None:
        name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
        args = it.args if isinstance(it, ast.Call) else []
        if name == "builtins.zip" and isinstance(target, ast.Tuple) and len(target.elts) == len(args):
            for sub, arg in zip(target.elts, args, strict=True):
                self.iterate(sub, arg)
        elif name == "builtins.enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2 and args:
            self.iterate(target.elts[1], args[0])
        elif name in ("builtins.reversed", "builtins.list", "builtins.tuple") and args:
            self.iterate(target, args[0])
        elif name == "builtins.range":
            self.value(it)
        elif isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute):
            self.value(it)
            self.bind(target, self.array())
        else:
            held = self.value(it)
            self.bind(target, self.of_member(held) if held is not None else None)

    def test(self, expr: ast.expr) -> None:
        """Read an expression whose truth is asked for, which an array has not."""
        if isinstance(expr, ast.BoolOp):
            for sub in expr.values:
                self.test(sub)
        elif isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.Not):
            self.test(expr.operand)
        elif isinstance(expr, ast.Compare):
            self.compare(expr, SURE)
        else:
            self.mark(self.value(expr), SURE)

    def compare(self, expr: ast.Compare, marks: int) -> None:
        sides = [expr.left, *expr.comparators]
        values = [self.value(side) for side in sides]
        if any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in expr.ops) or any(
            isinstance(side, ast.Constant) and not isinstance(side.value, (int, float)) for side in sides
        ):
            return
        ordered = all(isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in expr.ops)
        counts = any(self.is_integer(side) and not isinstance(side, ast.Constant) for side in sides)
        if marks and ordered and not counts:
            marks |= SPREADS  # counts are compared too, and modes for equality: those say nothing of what they meet
        for value in values:
            self.mark(value, marks)

    # Expressions. None stands for a value that is surely scalar, or that does not matter.

    def value(self, expr: ast.expr) -> Vertex | None:
        """Read an expression; return the vertex of its value."""
        if isinstance(expr, ast.Name):
            return self._global(expr) if core.is_ref(expr) else self.name(expr.id)
        if isinstance(expr, ast.Constant):
            return None
        method: Callable[[ast.expr], Vertex | None] | None = getattr(self, f"_{type(expr).__name__.lower()}", None)
        if method is not None:
            return method(expr)
        for child in children(expr):
            if isinstance(child, ast.expr):
                self.value(child)
        return self.array()

    def _binop(self, expr: ast.BinOp) -> Vertex | None:
        left, right = self.value(expr.left), self.value(expr.right)
        if isinstance(expr.op, ast.MatMult):
            flat = all(v is not None and self.has(v, FLAT) for v in (left, right))
            self.mark(left, ARRAY)
            self.mark(right, ARRAY)
            return self.vertex(SURE) if flat else self.array()
        if isinstance(expr.op, ast.Add) and any(
            isinstance(e, (ast.List, ast.ListComp)) for e in (expr.left, expr.right)
        ):
            return self.unite(left, right)
        if isinstance(expr.op, ast.Mult):
            for display, times in ((expr.left, right), (expr.right, left)):
                if isinstance(display, (ast.List, ast.Tuple)) and len(display.elts) == 1:
                    self.mark(times, SURE)  # ``[0.0] * n``: how often a member is repeated
        return self.arithmetic(left, right)

    def _unaryop(self, expr: ast.UnaryOp) -> Vertex | None:
        if isinstance(expr.op, ast.Not):
            self.test(expr.operand)
            return None
        return self.mark(self.value(expr.operand), USED | LOOPED if self.loops else USED)

    def _compare(self, expr: ast.Compare) -> Vertex | None:
        self.compare(expr, SURE if len(expr.ops) > 1 else 0)  # a chain asks for the truth of its links
        return None

    def _boolop(self, expr: ast.BoolOp) -> Vertex | None:
        held = None
        for sub in expr.values[:-1]:
            if isinstance(sub, ast.Compare):
                self.test(sub)
            else:
                held = self.unite(held, self.mark(self.value(sub), SURE))
        return self.unite(held, self.value(expr.values[-1]))

    def _ifexp(self, expr: ast.IfExp) -> Vertex | None:
        self.test(expr.test)
        return self.unite(self.value(expr.body), self.value(expr.orelse))

    def _namedexpr(self, expr: ast.NamedExpr) -> Vertex | None:
        return self.unite(self.name(expr.target.id), self.value(expr.value))

    def _tuple(self, expr: ast.Tuple | ast.List | ast.Set) -> Vertex | None:
        holder = self.vertex()
        whole = isinstance(expr, ast.Tuple) and not any(isinstance(sub, ast.Starred) for sub in expr.elts)
        for i, sub in enumerate(expr.elts):
            value = self.value(sub.value if isinstance(sub, ast.Starred) else sub)
            if isinstance(expr, ast.List):
                self.listed += self.chosen(sub)
            self.unite(self.entry(holder, i) if whole else self.of_member(holder), value)
        return holder

    _list = _set = _tuple

    def _dict(self, expr: ast.Dict) -> Vertex | None:
        holder = self.vertex()
        for place, sub in zip(expr.keys, expr.values, strict=True):
            value, key = self.value(sub), core.key_of(place)
            if isinstance(sub, ast.Name) and not core.is_ref(sub):
                self.mark(value, HELD)
            self.entries += self.chosen(sub)
            self.unite(self.of_member(holder) if key is None else self.entry(holder, key), value)
        return holder

    def chosen(self, expr: ast.expr) -> list[Vertex]:
        """Return the vertices of the variables that an expression may be the value of."""
        if isinstance(expr, ast.IfExp):
            return [*self.chosen(expr.body), *self.chosen(expr.orelse)]
        if isinstance(expr, ast.Call) and core.qualname(expr.func) in ("builtins.max", "builtins.min"):
            return [v for arg in expr.args for v in self.chosen(arg)]
        value = self.value(expr) if isinstance(expr, ast.Name) and not core.is_ref(expr) else None
        return [] if value is None else [value]

    def _listcomp(self, expr: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Vertex | None:
        counts = 0
        for gen in expr.generators:
            self.iterate(gen.target, gen.iter)
            counts += _counts(gen.iter)
            for test in gen.ifs:
                self.test(test)
        holder = self.vertex()
        self.loops += counts
        self.unite(self.of_member(holder), self.value(expr.elt))
        self.loops -= counts
        return holder

    _generatorexp = _setcomp = _listcomp

    def _attribute(self, expr: ast.Attribute) -> Vertex | None:
        value = self.value(expr.value)
        if expr.attr in ("real", "imag"):  # numbers have these too
            self.mark(value, GIVEN)
            return self.arithmetic(value)
        self.mark(value, 0 if expr.attr in ("shape", "size") else ARRAY)
        return None if expr.attr in ("shape", "size", "ndim", "dtype") else self.array()

    def _global(self, expr: ast.Name) -> Vertex | None:
        name = core.qualname(expr)
        if name.startswith("="):
            value = self.program.resolver.constant(name)
            literal = isinstance(value, (ast.Constant, ast.UnaryOp, ast.BinOp))
            return None if literal else self.array()
        return None

    def _subscript(self, expr: ast.Subscript) -> Vertex | None:
        base = self.value(expr.value)
        steps = list(expr.slice.elts) if isinstance(expr.slice, ast.Tuple) else [expr.slice]
        whole = False
        for step in steps:
            if isinstance(step, ast.Slice) or isinstance(step, ast.Constant) and not isinstance(step.value, (int, str)):
                whole = True
            if not isinstance(step, (ast.Slice, ast.Name)):
                self.value(step)
            for part in (step.lower, step.upper, step.step) if isinstance(step, ast.Slice) else ():
                if part is not None:
                    self.value(part)
        if base is None:
            return None
        key = core.key_of(expr.slice)
        known = len(self.keyed[self.find(base)])
        if isinstance(key, str) or known and key is not None:
            return self.entry(base, key + known if isinstance(key, int) and key < 0 else key, UNSURE)
        if not all(whole or self.is_integer(s) for s in steps):
            # Members under keys differ from each other, and an index that is not known may be an array.
            self.of_member(base)
            one = len(steps) == 1 and isinstance(steps[0], ast.Name)
            return self.vertex(UNSURE) if one else self.array()
        if len(steps) == 1 and isinstance(steps[0], ast.Slice):
            self.mark(base, SLICED)
            sliced = self.vertex(SLICED)
            self.unite(self.of_member(sliced), self.of_member(base))
            return sliced
        if whole or any(isinstance(s, (ast.Compare, ast.List)) for s in steps):
            axes = [s for s in steps if not (isinstance(s, ast.Constant) and s.value in (None, ...))]
            row: Vertex = self.find(base)
            self.mark(row, ARRAY)
            for _ in axes[1:]:
                row = self.of_member(row)
                self.mark(row, ARRAY)  # the rows of what has several axes are arrays too
            return self.array()
        held: Vertex = base
        flat = self.has(base, FLAT)
        for _ in steps:
            held = self.of_member(held)
        return self.mark(held, SURE) if flat else held

    # Calls.

    def _call(self, call: ast.Call) -> Vertex | None:
        name = core.qualname(call.func)
        if name.startswith("@"):
            return self._user_call(name, call)
        values = [self.value(a.value if isinstance(a, ast.Starred) else a) for a in call.args]
        for keyword in call.keywords:
            self.value(keyword.value)
        if name.startswith("math.") or name in ("builtins.float", "builtins.round"):
            for v in values:
                self.mark(v, SURE | SPREADS)
            return self.vertex(SURE | SPREADS) if any(v is not None for v in values) else None  # or a constant
        if name in ("builtins.int", "builtins.range", "builtins.bool"):
            for v in values:
                self.mark(v, SURE)
            return None
        if name in ("builtins.abs", "builtins.pow"):
            return self.arithmetic(*values)
        if name in ("builtins.max", "builtins.min") and len(values) > 1:
            for v in values:
                self.mark(v, SURE | SPREADS)
            return functools.reduce(self.unite, values)  # it is one of them
        if name in ("builtins.max", "builtins.min", "builtins.sum") and values:
            return None if values[0] is None else self.mark(self.of_member(values[0]), USED | self.compared(call))
        if name in _ASIDE:
            if name == "numpy.ndim":  # code that asks is for numbers and for arrays
                self.mark(values[0] if values else None, ARRAY)
            return None
        if name == "builtins.dict" and not values:
            return self._dict(ast.Dict([ast.Constant(k.arg) for k in call.keywords], [k.value for k in call.keywords]))
        if name in _SAME:
            if name == "builtins.sorted" and values and values[0] is not None:
                self.mark(self.of_member(values[0]), self.compared(call))
            return values[0] if values else self.vertex()
        if name.startswith("sct.runtime.") and (known := self._helper(name.rpartition(".")[2], values)):
            return known[0]
        return self._array_call(call, name, values)

    def compared(self, call: ast.Call) -> int:
        """Return what is known of members that are compared: nothing where keys of theirs are."""
        numbers = core.qualname(call.func) != "builtins.sum" and not call.keywords
        return SURE | SPREADS if numbers else 0

    def joins_numbers(self, display: ast.expr) -> bool:
        """Read what becomes an array: where one of the members is a number, all of them are."""
        members = display.elts if isinstance(display, (ast.List, ast.Tuple)) else []
        if not any(isinstance(e, ast.Constant) and isinstance(e.value, (int, float)) for e in members):
            return False
        for sub in members:
            self.mark(self.value(sub), SURE)
        return True

    def _helper(self, name: str, values: list[Vertex | None]) -> tuple[Vertex | None] | None:
        """Return what a helper of generated code gives, None where it is one that says that it is given arrays."""
        if name.startswith("require_"):
            for v in values:
                self.mark(v, _GUARDS.get(name, 0))
            return (None,)
        if name in _TOGETHER:
            first, second = values[_TOGETHER[name] :][:2]
            return (self.unite(first, second),)
        if name in _OF_KIND:
            return (values[_OF_KIND[name]],)
        return (self.arithmetic(*values),) if name in _ARITHMETIC else None

    def _array_call(self, call: ast.Call, name: str, values: list[Vertex | None]) -> Vertex | None:
        if isinstance(call.func, ast.Attribute):
            receiver = self.value(call.func.value)
            if call.func.attr == "append" and receiver is not None and len(values) == 1:
                self.unite(self.of_member(receiver), values[0])
                return None
            if call.func.attr == "copy" and receiver is not None and not values:
                holder = self.vertex()
                self.unite(self.of_member(holder), self.of_member(receiver))
                return holder
            self.mark(receiver, ARRAY)
        elif name in _JOINING and call.args and self.joins_numbers(call.args[0]):
            return self.vertex(ARRAY | FLAT)
        for v in values:
            self.mark(v, GIVEN if _takes_numbers(name) else ARRAY)
        if name in _REDUCTIONS and len(call.args) == 1 and not call.keywords:
            return None
        if name in _MAKERS:
            return self.vertex(FLAT if call.args and self.is_integer(call.args[0]) else 0)
        if name in ("numpy.zeros_like", "numpy.copy"):
            return self.vertex()
        return self.array()

    def _user_call(self, key: str, call: ast.Call) -> Vertex | None:
        values = [self.value(a) for a in call.args]
        node = self.program.routine(key).node
        names = [a.arg for a in node.args.args]
        if not self.program.reached_from(key).isdisjoint(self.names):
            if key not in self.names:
                self.read_along(key, node)
            for param, value in zip(names, values, strict=False):
                self.unite(self.names[key].setdefault(param, self.vertex()), value)
            return self.results.setdefault(key, self.vertex())
        if key not in self.memo:
            self.memo[key] = Evidence(self.program, self.memo)
            self.memo[key].run(node, key)
        copy = _Copy(self.memo[key], self)
        copy.ties(names)
        for param, value in zip(names, values, strict=False):
            if value is not None:
                self.unite(value, copy.of(copy.inner.name(param)))
        return copy.of(copy.inner.result) if copy.inner.result is not None else None

    def read_along(self, key: str, node: ast.FunctionDef) -> None:
        """Read a function that calls the one which is being read."""
        scope, loops, known, indices = self.scope, self.loops, self.integers, self.indices
        self.loops = 0
        self.run(node, key)
        self.scope, self.loops, self.integers, self.indices = scope, loops, known, indices


class _Copy:
    """What the evidence of a called function says where it is called."""

    def __init__(self, inner: Evidence, outer: Evidence) -> None:
        inner.settle()
        self.inner = inner
        self.outer = outer
        self.made: dict[Vertex, Vertex] = {}

    def of(self, v: Vertex) -> Vertex:
        """Return the caller's vertex for one of the called function."""
        inner, outer = self.inner, self.outer
        v = inner.find(v)
        if v not in self.made:
            marks = inner.marks[v]
            if marks & USED and outer.loops:
                marks |= LOOPED
            if inner.member[v] is None and inner.is_tainted(v):
                marks |= WIDE if inner.is_tainted(v, 0) else UNSURE
            self.made[v] = outer.vertex(marks)
            for key, entry in inner.keyed[v].items():
                outer.unite(outer.entry(self.made[v], key), self.of(entry))
            held = inner.member[v]
            if held is not None:
                outer.unite(outer.of_member(self.made[v]), self.of(held))
        return self.made[v]

    def ties(self, names: list[str]) -> None:
        """Tie what meets in the called function."""
        inner = self.inner
        first: dict[Vertex, Vertex] = {}
        ends = [inner.name(n) for n in names] + ([inner.result] if inner.result is not None else [])
        for end in ends:
            part = inner.part(end)
            if part is not None:
                self.outer.tied.append((first.setdefault(part, self.of(end)), self.of(end)))


def _seeds(node: ast.FunctionDef) -> set[str]:
    """Return the names of seeds that generated code checks."""
    calls = (n for n in walk(node) if isinstance(n, ast.Call) and core.qualname(n.func) == "sct.runtime.check_seed")
    return {call.args[1].id for call in calls if isinstance(call.args[1], ast.Name)}


def _takes_numbers(name: str) -> bool:
    """Say whether a function of NumPy works on numbers as it does on members of arrays."""
    short = name.removeprefix("numpy.")
    return short in ("where", "clip", "nan_to_num") or isinstance(getattr(numpy, short, None), numpy.ufunc)


def _is_entry(target: ast.expr) -> bool:
    """Say whether a target is an entry of a dict, under a text."""
    key = target.slice if isinstance(target, ast.Subscript) else None
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def _bound_to_list(stmt: ast.AST) -> list[ast.Name]:
    """Return the names that a statement binds to the display of a list."""
    display = isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.List)
    return [t for t in stmt.targets if isinstance(t, ast.Name)] if display else []  # type: ignore[attr-defined]


def _is_member(target: ast.expr, lists: set[str]) -> bool:
    """Say whether a target is a member of one of these lists."""
    return isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id in lists


def _counts(it: ast.expr) -> bool:
    """Say whether a loop over this counts, as loops do that step through time."""
    return core.qualname(it.func) == "builtins.range" if isinstance(it, ast.Call) else False
