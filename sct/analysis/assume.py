"""Which parameters are taken for Python scalars, and what their annotations say.

In: an entry routine. Out: `Assumptions`: the kinds of its parameters, and those that were only assumed, for which
generated code that relies on it has a guard. A name that is used only as a Python scalar (arithmetic, comparisons,
``math``, ``range``) is taken for one; so are the members of a sequence that are used only so. Arithmetic ties names
together: none of them is taken for a scalar where one of them meets NumPy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sct import core
from sct.analysis.kinds import BOOL, FLOAT, INT, NO_AXES, REAL, TEXT, Kind, Shape
from sct.frontend.lift import Program
from sct.walk import children, walk

SCALAR = Kind("scalar", "unknown", NO_AXES)


@dataclass(frozen=True)
class Assumptions:
    """Kinds of parameters; `scalars` and `members` (a parameter and its depth) were assumed without an annotation."""

    kinds: Mapping[str, Kind]
    scalars: tuple[str, ...]
    members: tuple[tuple[str, int], ...]


def _note(found: dict[str, list[ast.expr | None]], target: ast.expr, value: ast.expr | None) -> None:
    """Note what a target is bound to; None for what is not known."""
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        parts: Sequence[ast.expr | None] = [None] * len(target.elts)
        if same and isinstance(value, (ast.Tuple, ast.List)):
            parts = value.elts
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            parts = [ast.Constant(value=0)] * len(target.elts)
        for sub, part in zip(target.elts, parts, strict=True):
            _note(found, sub, part)
    elif isinstance(target, ast.Starred):
        _note(found, target.value, None)


def _note_loop(found: dict[str, list[ast.expr | None]], target: ast.expr, it: ast.expr) -> None:
    """Note what a loop binds: ``range`` and the counts of ``enumerate`` give integers."""
    name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
    args = it.args if isinstance(it, ast.Call) else []
    if name == "builtins.range":
        _note(found, target, ast.Constant(value=0))
    elif name == "builtins.reversed" and args:
        _note_loop(found, target, args[0])
    elif name == "builtins.enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2 and args:
        _note(found, target.elts[0], ast.Constant(value=0))
        _note_loop(found, target.elts[1], args[0])
    elif name == "builtins.zip" and isinstance(target, ast.Tuple) and len(target.elts) == len(args):
        for sub, arg in zip(target.elts, args, strict=True):
            _note_loop(found, sub, arg)
    else:
        _note(found, target, None)


def assume(node: ast.FunctionDef, program: Program, alias_of: Callable[[str], ast.expr | None]) -> Assumptions:
    """Return what is assumed of the parameters of an entry; `alias_of` finds what a module calls a type."""
    graph = _Graph(program)
    graph.run(node)
    kinds: dict[str, Kind] = {}
    scalars: list[str] = []
    members: list[tuple[str, int]] = []
    a = node.args
    arguments = [*a.posonlyargs, *a.args, *a.kwonlyargs]
    for arg in arguments:
        name = arg.arg
        said = annotated(name, arg.annotation, alias_of)
        if said is not None and not (said.what == "array" and said.ndim is None):
            kinds[name] = said
            continue
        if said is not None:
            depth = graph.scalar_depth(graph.name(name))
            if depth:
                # Which rank an array has is seen from how often its members are subscripted.
                said = replace(said, shape=Shape(name, depth))
                members.append((name, depth))
            kinds[name] = said
            continue
        if graph.is_scalar(graph.name(name)):
            kinds[name] = SCALAR
            scalars.append(name)
            continue
        depth = graph.scalar_depth(graph.name(name))
        kind = Kind("unknown", "unknown", Shape(name))
        if depth:
            element = SCALAR
            for _ in range(depth - 1):
                element = Kind("unknown", "unknown", None, None, element)
            kind = Kind("unknown", "unknown", Shape(name), None, element)
            members.append((name, depth))
        kinds[name] = kind
    if a.vararg:
        kinds[a.vararg.arg] = Kind("tuple")
    if a.kwarg:
        kinds[a.kwarg.arg] = Kind("dict")
    return Assumptions(kinds, tuple(scalars), tuple(members))


def annotated(name: str, annotation: ast.expr | None, alias_of: Callable[[str], ast.expr | None]) -> Kind | None:
    """Return the kind that an annotation states, None where it states none that matters."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    if isinstance(annotation, ast.Name) and annotation.id not in _PLAIN:
        found = alias_of(annotation.id)
        if found is not None and not (isinstance(found, ast.Name) and found.id == annotation.id):
            return annotated(name, found, lambda n: None)
    if isinstance(annotation, (ast.Name, ast.Attribute)):
        last = annotation.id if isinstance(annotation, ast.Name) else annotation.attr
        if last in _PLAIN:
            return _PLAIN[last]
        if last == "ndarray":
            return Kind("array", "unknown", Shape(name))
        if last in ("list", "List"):
            return Kind("list")
        return Kind("dict") if last in ("dict", "Dict") else None
    if isinstance(annotation, ast.Subscript):
        base = annotation.value
        last = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        if last in ("NDArray", "ndarray"):
            text = ast.unparse(annotation.slice)
            return Kind("array", "float" if "float" in text else "unknown", Shape(name))
        if last in ("Float", "Float64", "Float32", "Num", "Real", "Int", "Shaped"):
            return _jaxtyping(name, last, annotation.slice)
        if last in ("list", "List"):
            inner = annotated(name, annotation.slice, alias_of)
            scalar = inner is not None and inner.what == "scalar"
            return Kind("list", element=inner if scalar else None)
        if last in ("dict", "Dict", "Mapping"):
            return Kind("dict")
    return None


_PLAIN = {
    "float": REAL,
    "int": INT,
    "bool": BOOL,
    "str": TEXT,
    "complex": Kind("scalar", "complex", NO_AXES),
    "floating": REAL,
    "float64": FLOAT,
    "float32": FLOAT,
}


def _jaxtyping(name: str, family: str, inside: ast.expr) -> Kind | None:
    if not isinstance(inside, ast.Tuple) or len(inside.elts) != 2 or not isinstance(inside.elts[1], ast.Constant):
        return None
    text = str(inside.elts[1].value).strip()
    dims = text.split()
    dtype = "float" if family.startswith("Float") else "int" if family == "Int" else "unknown"
    if not dims:
        return Kind("scalar", dtype, NO_AXES)  # type: ignore[arg-type]
    if any(re.search(r"[.*#?=]|^_$", d) for d in dims):
        return Kind("array", dtype, Shape(name))  # type: ignore[arg-type]
    return Kind("array", dtype, Shape("<" + " ".join(dims) + ">", len(dims)))  # type: ignore[arg-type]


Vertex = int


class _Graph:
    """What flows together in a function, and what is known against its being scalar."""

    def __init__(
        self, program: Program, active: frozenset[str] = frozenset(), memo: dict[str, _Graph] | None = None
    ) -> None:
        self.program = program
        self.active = active
        self.memo: dict[str, _Graph] = {} if memo is None else memo
        self.parent: list[int] = []
        self.used: list[bool] = []  # as a scalar
        self.array: list[bool] = []  # as an array or an object
        self.member: list[int | None] = []
        self.met: list[tuple[Vertex, Vertex]] = []  # pairs that meet in arithmetic: one may be an array
        self.tainted: set[Vertex] | None = None
        self.integers: set[str] = set()
        self.names: dict[str, Vertex] = {}
        self.result: Vertex | None = None

    def vertex(self) -> Vertex:
        self.parent.append(len(self.parent))
        self.used.append(False)
        self.array.append(False)
        self.member.append(None)
        return len(self.parent) - 1

    def find(self, v: Vertex) -> Vertex:
        while self.parent[v] != v:
            self.parent[v] = self.parent[self.parent[v]]
            v = self.parent[v]
        return v

    def unite(self, a: Vertex | None, b: Vertex | None) -> Vertex | None:
        if a is None or b is None:
            return a if b is None else b
        todo = [(a, b)]
        while todo:
            x, y = (self.find(v) for v in todo.pop())
            if x == y:
                continue
            self.parent[y] = x
            self.used[x] = self.used[x] or self.used[y]
            self.array[x] = self.array[x] or self.array[y]
            first, second = self.member[x], self.member[y]
            if first is None:
                self.member[x] = second
            elif second is not None:
                todo.append((first, second))
        return self.find(a)

    def name(self, name: str) -> Vertex:
        if name not in self.names:
            self.names[name] = self.vertex()
        return self.names[name]

    def of_member(self, v: Vertex) -> Vertex:
        v = self.find(v)
        held = self.member[v]
        if held is None:
            held = self.vertex()
            self.member[v] = held
        return held

    def mark(self, v: Vertex | None, scalar: bool = False, array: bool = False) -> Vertex | None:
        if v is not None:
            v = self.find(v)
            self.used[v] = self.used[v] or scalar
            self.array[v] = self.array[v] or array
        return v

    def meet(self, *values: Vertex | None) -> Vertex | None:
        """Return what arithmetic on these values gives."""
        present = [v for v in values if v is not None]
        if not present:
            return None
        result = self.vertex()
        for v in present:
            self.met.append((result, v))
            self.mark(v, scalar=True)
        return self.mark(result, scalar=True)

    def components(self) -> dict[Vertex, Vertex]:
        """Return, for each vertex that meets others, the one that stands for all that it meets."""
        leader: dict[Vertex, Vertex] = {}

        def top(v: Vertex) -> Vertex:
            while leader.setdefault(v, v) != v:
                v = leader[v]
            return v

        for a, b in self.met:
            leader[top(self.find(a))] = top(self.find(b))
        return {v: top(v) for v in list(leader)}

    def is_tainted(self, v: Vertex) -> bool:
        """Say whether a value, or one that it meets, is known not to be a plain scalar."""
        if self.tainted is None:
            parts = self.components()
            bad = {parts[v] for v in parts if self.array[v] or self.member[v] is not None}
            self.tainted = {v for v, part in parts.items() if part in bad}
        v = self.find(v)
        return v in self.tainted or self.array[v] or self.member[v] is not None

    def is_scalar(self, v: Vertex) -> bool:
        v = self.find(v)
        return self.used[v] and not self.is_tainted(v)

    def scalar_depth(self, v: Vertex) -> int:
        """Return how often a value has to be subscripted until what comes out is only used as a scalar."""
        depth = 0
        v = self.find(v)
        while self.member[v] is not None and not self.array[v] and not self.used[v]:
            held = self.member[v]
            assert held is not None
            v = self.find(held)
            depth += 1
            if depth > 4:
                return 0
        return depth if depth and self.is_scalar(v) else 0

    # Statements.

    def run(self, node: ast.FunctionDef) -> None:
        """Read a function."""
        self.find_integers(node)
        self.block(node.body)

    def block(self, stmts: Sequence[ast.stmt]) -> None:
        for stmt in stmts:
            self.statement(stmt)

    def statement(self, stmt: ast.stmt) -> None:
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                self.assign(target, stmt.value)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            self.assign(stmt.target, stmt.value)
        elif isinstance(stmt, ast.AugAssign):
            if isinstance(stmt.op, ast.MatMult):
                self.mark(self.place(stmt.target), array=True)
            self.meet(self.place(stmt.target), self.value(stmt.value))
        elif isinstance(stmt, ast.For):
            self.iterate(stmt.target, stmt.iter)
        elif isinstance(stmt, (ast.If, ast.While)):
            self.value(stmt.test)
        elif isinstance(stmt, ast.Return) and stmt.value is not None:
            value = self.value(stmt.value)
            self.result = value if self.result is None else self.unite(self.result, value)
        elif isinstance(stmt, (ast.Expr, ast.Assert)):
            self.value(stmt.value if isinstance(stmt, ast.Expr) else stmt.test)
        for fieldname in ("body", "orelse", "finalbody"):
            self.block(getattr(stmt, fieldname, []))
        for handler in getattr(stmt, "handlers", []):
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
            for sub in target.elts:
                self.bind(sub, self.of_member(value) if value is not None else None)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        else:
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
            self.bind(target, self.mark(self.vertex(), array=True))
        else:
            held = self.value(it)
            self.bind(target, self.of_member(held) if held is not None else None)

    # Expressions. None stands for a value that is surely scalar, or that does not matter.

    def value(self, expr: ast.expr) -> Vertex | None:
        if isinstance(expr, ast.Name):
            if not core.is_ref(expr):
                return self.name(expr.id)
            return self._global(expr)
        if isinstance(expr, ast.Constant):
            return None
        if isinstance(expr, ast.BinOp):
            left, right = self.value(expr.left), self.value(expr.right)
            if isinstance(expr.op, ast.MatMult):
                self.mark(left, array=True)
                self.mark(right, array=True)
                return self.mark(self.vertex(), array=True)
            return self.meet(left, right)
        if isinstance(expr, ast.UnaryOp):
            held = self.mark(self.value(expr.operand), scalar=True)
            return None if isinstance(expr.op, ast.Not) else held
        if isinstance(expr, ast.Compare):
            if any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in expr.ops) or any(
                isinstance(c, ast.Constant) and not isinstance(c.value, (int, float))
                for c in [expr.left, *expr.comparators]
            ):
                return None
            self.meet(*(self.value(e) for e in [expr.left, *expr.comparators]))
            return None
        if isinstance(expr, ast.BoolOp):
            held = None
            for sub in expr.values:
                held = self.unite(held, self.value(sub))
            return held
        if isinstance(expr, ast.IfExp):
            self.value(expr.test)
            return self.unite(self.value(expr.body), self.value(expr.orelse))
        if isinstance(expr, ast.NamedExpr):
            return self.unite(self.name(expr.target.id), self.value(expr.value))
        if isinstance(expr, ast.Subscript):
            return self._subscript(expr)
        if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
            holder = self.vertex()
            inside = self.of_member(holder)
            for sub in expr.elts:
                self.unite(inside, self.value(sub.value if isinstance(sub, ast.Starred) else sub))
            return holder
        if isinstance(expr, ast.Dict):
            holder = self.vertex()
            for sub in expr.values:
                self.unite(self.of_member(holder), self.value(sub))
            return holder
        if isinstance(expr, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
            for gen in expr.generators:
                self.iterate(gen.target, gen.iter)
                for test in gen.ifs:
                    self.value(test)
            holder = self.vertex()
            self.unite(self.of_member(holder), self.value(expr.elt))
            return holder
        if isinstance(expr, ast.Call):
            return self._call(expr)
        if isinstance(expr, ast.Attribute):
            self.mark(self.value(expr.value), array=expr.attr not in ("shape", "size"))
            return None if expr.attr in ("shape", "size", "ndim", "dtype") else self.mark(self.vertex(), array=True)
        for child in children(expr):
            if isinstance(child, ast.expr):
                self.value(child)
        return self.mark(self.vertex(), array=True)

    def _global(self, expr: ast.Name) -> Vertex | None:
        name = core.qualname(expr)
        if name.startswith("="):
            value = self.program.resolver.constant(name)
            literal = isinstance(value, (ast.Constant, ast.UnaryOp, ast.BinOp))
            return None if literal else self.mark(self.vertex(), array=True)
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
        if any(isinstance(s, ast.Constant) and isinstance(s.value, str) for s in steps) or not all(
            whole or self.is_integer(s) for s in steps
        ):
            # Members under keys differ from each other, and an index that is not known may be an array.
            self.of_member(base)
            return self.mark(self.vertex(), array=True)
        if whole or any(isinstance(s, (ast.Compare, ast.List)) for s in steps):
            self.mark(base, array=True)
            return self.mark(self.vertex(), array=True)
        held: Vertex = base
        for _ in steps:
            held = self.of_member(held)
        return held

    def is_integer(self, index: ast.expr) -> bool:
        """Say whether an index is surely one integer."""
        if isinstance(index, ast.Constant):
            return isinstance(index.value, int)
        if isinstance(index, ast.Name):
            return index.id in self.integers or core.is_ref(index)
        if isinstance(index, ast.BinOp):
            return self.is_integer(index.left) and self.is_integer(index.right)
        if isinstance(index, ast.UnaryOp):
            return self.is_integer(index.operand)
        if isinstance(index, ast.Subscript):
            return isinstance(index.value, ast.Attribute) and index.value.attr == "shape"
        if isinstance(index, ast.Attribute):
            return index.attr in ("size", "ndim")
        return isinstance(index, ast.Call) and core.qualname(index.func) in ("builtins.len", "builtins.int")

    def find_integers(self, node: ast.FunctionDef) -> None:
        """Find the names that only ever stand for one integer."""
        found: dict[str, list[ast.expr | None]] = {}
        a = node.args
        padded = [None] * (len([*a.posonlyargs, *a.args]) - len(a.defaults)) + list(a.defaults)
        for arg, default in zip([*a.posonlyargs, *a.args], padded, strict=True):
            said = isinstance(arg.annotation, ast.Name) and arg.annotation.id == "int"
            whole = isinstance(default, ast.Constant) and type(default.value) is int
            found[arg.arg] = [ast.Constant(value=0)] if said or whole else [None]
        for stmt in walk(node):
            if isinstance(stmt, ast.Assign):
                for target in stmt.targets:
                    _note(found, target, stmt.value)
            elif isinstance(stmt, ast.AugAssign):
                _note(found, stmt.target, stmt.value)
            elif isinstance(stmt, (ast.For, ast.comprehension)):
                _note_loop(found, stmt.target, stmt.iter)
            elif isinstance(stmt, ast.NamedExpr):
                _note(found, stmt.target, stmt.value)
        self.integers = set(found)
        changed = True
        while changed:
            kept = {n for n in self.integers if all(v is not None and self.is_integer(v) for v in found[n])}
            changed = kept != self.integers
            self.integers = kept

    def _call(self, call: ast.Call) -> Vertex | None:
        name = core.qualname(call.func)
        if name.startswith("@"):
            return self._user_call(name, call)
        values = [self.value(a.value if isinstance(a, ast.Starred) else a) for a in call.args]
        for keyword in call.keywords:
            self.value(keyword.value)
        if name.startswith("math.") or name in (
            "builtins.float",
            "builtins.int",
            "builtins.range",
            "builtins.bool",
            "builtins.round",
        ):
            for v in values:
                self.mark(v, scalar=name not in ("builtins.bool",))
            return None
        if name in ("builtins.abs", "builtins.pow") or name in ("builtins.max", "builtins.min") and len(values) > 1:
            return self.meet(*values)
        if name in ("builtins.max", "builtins.min", "builtins.sum") and values:
            return None if values[0] is None else self.mark(self.of_member(values[0]), scalar=True)
        if name in (
            "builtins.len",
            "builtins.print",
            "builtins.isinstance",
            "builtins.str",
            "builtins.repr",
            "builtins.format",
            "builtins.id",
            "builtins.type",
            "numpy.shape",
            "numpy.size",
            "numpy.ndim",
        ):
            return None
        if name in ("builtins.zip", "builtins.enumerate", "builtins.list", "builtins.tuple", "builtins.reversed"):
            return values[0] if values else self.vertex()
        return self._array_call(call, name, values)

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
            self.mark(receiver, array=True)
        for v in values:
            self.mark(v, array=True)
        if name in ("numpy.sum", "numpy.mean", "numpy.prod", "numpy.max", "numpy.min") and len(call.args) == 1:
            if not call.keywords:
                return None
        if name in ("numpy.zeros", "numpy.ones", "numpy.empty", "numpy.full", "numpy.zeros_like", "numpy.copy"):
            return self.vertex()
        return self.mark(self.vertex(), array=True)

    def _user_call(self, key: str, call: ast.Call) -> Vertex | None:
        values = [self.value(a) for a in call.args]
        if key in self.active or len(self.active) > 30:
            return self.unite_all(values)
        routine = self.program.routine(key)
        if key not in self.memo:
            self.memo[key] = _Graph(self.program, self.active | {key}, self.memo)
            self.memo[key].run(routine.node)
        inner = self.memo[key]
        names = [a.arg for a in routine.node.args.args]
        copied: dict[int, Vertex] = {}

        def copy(v: Vertex) -> Vertex:
            v = inner.find(v)
            if v not in copied:
                copied[v] = self.vertex()
                self.used[copied[v]] = inner.used[v]
                self.array[copied[v]] = inner.array[v] or inner.is_tainted(v) and inner.member[v] is None
                held = inner.member[v]
                if held is not None:
                    self.unite(self.of_member(copied[v]), copy(held))
            return copied[v]

        parts = inner.components()
        first: dict[Vertex, Vertex] = {}
        ends = [inner.name(n) for n in names] + ([inner.result] if inner.result is not None else [])
        for end in ends:
            part = parts.get(inner.find(end))
            if part is not None:
                self.met.append((first.setdefault(part, copy(end)), copy(end)))
        for param, value in zip(names, values, strict=False):
            if value is not None:
                self.unite(value, copy(inner.name(param)))
        return copy(inner.result) if inner.result is not None else None

    def unite_all(self, values: Sequence[Vertex | None]) -> Vertex | None:
        held: Vertex | None = None
        for v in values:
            held = self.unite(held, v)
        return held
