"""Kinds of values: an abstract run of a function.

In: a resolved function (flattened or not) and the kinds of its parameters. Out: `Facts`, which answer what is known
of an expression where a statement reads it, and of a name after a statement.

A loop is run until nothing changes. At its head a name that the body assigns keeps its shape only where the value
that comes round the loop has the shape that came in; otherwise it gets a shape of its own, which means "whatever it
is in this iteration", so that equal tokens still mean equal shapes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from weakref import WeakKeyDictionary

from sct import core, rules
from sct.analysis.across import known_here
from sct.analysis.kinds import (
    BOOL,
    FLOAT,
    INT,
    NO_AXES,
    NONE,
    TEXT,
    UNKNOWN,
    Dtype,
    Kind,
    Shape,
    renewed,
    sized,
    sizes,
)
from sct.analysis.lists import WRITING_METHODS, changed_lists, only_lists, own_lists, without_members
from sct.rules import ranks
from sct.walk import children, header, names, walk

#: Guards that say what a value is.
_TEACHING = tuple(f"sct.runtime.require_{what}" for what in ("scalar", "number", "index", "lists", "array", "float"))

Env = dict[str, Kind]
CallKind = Callable[[str, Sequence[Kind]], Kind]


@dataclass(frozen=True)
class Facts:
    """What is known of the values in one function."""

    before: Mapping[ast.stmt, Mapping[str, Kind]]
    after: Mapping[ast.stmt, Mapping[str, Kind]]
    result: Kind
    call: CallKind
    constant: Callable[[str], ast.expr | None]
    stable: frozenset[str]

    entry: Mapping[str, Kind] = field(default_factory=dict)
    end: Mapping[str, Kind] = field(default_factory=dict)  # at the last statement of the body
    evaluators: dict[ast.stmt, Evaluator] = field(default_factory=dict)

    def kind(self, stmt: ast.stmt, expr: ast.expr) -> Kind:
        """Return what is known of `expr` where `stmt` reads it."""
        return self.kinds(stmt)(expr)

    def kinds(self, stmt: ast.stmt) -> Callable[[ast.expr], Kind]:
        """Return `kind` for one statement."""
        if stmt not in self.evaluators:
            self.evaluators[stmt] = Evaluator(self.before.get(stmt, {}), self.call, self.constant, self.stable)
        return self.evaluators[stmt].kind

    def name_after(self, stmt: ast.stmt, name: str) -> Kind:
        """Return what is known of `name` after `stmt` bound it."""
        return self.after.get(stmt, {}).get(name, UNKNOWN)


def infer(
    node: ast.FunctionDef,
    params: Mapping[str, Kind],
    call: CallKind = lambda key, kinds: UNKNOWN,
    constant: Callable[[str], ast.expr | None] = lambda name: None,
    writes: Callable[[str], Collection[int]] = lambda key: (),
) -> Facts:
    """Run `node` on the kinds of its parameters; `writes` says which arguments a function writes to."""
    stable = _stable_names(node)
    runner = _Runner(call, constant, writes, own_lists(node), stable)
    env: Env = dict(params)
    runner.lists = only_lists(node)
    runner.block(node.body, env)
    if runner.doubtful:
        params = {name: without_members(kind) for name, kind in params.items()}
        runner = _Runner(
            lambda key, kinds: without_members(call(key, kinds)), constant, writes, runner.own, stable, wary=True
        )
        runner.lists = only_lists(node)
        env = dict(params)
        runner.block(node.body, env)
    result = _join_all(runner.returned, "~result") if runner.returned else NONE
    return Facts(runner.before, runner.after, result, call, constant, stable, dict(params), env, runner.evaluators)


def join(a: Kind, b: Kind, token: str) -> Kind:
    """Return what holds of a value that is either `a` or `b`; `token` names its shape where the two differ."""
    if a == b:
        return a
    what = a.what if a.what == b.what else "unknown"
    dtype = a.dtype if a.dtype == b.dtype else _wider(a.dtype, b.dtype)
    if a.shape is not None and a.shape == b.shape:
        shape: Shape | None = a.shape
    else:
        ndim = a.ndim if a.ndim == b.ndim else None
        shape = _either(a.shape, b.shape, token, ndim) if what in ("scalar", "array", "unknown") else None
    items = element = None
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        items = tuple(join(x, y, f"{token}.{i}") for i, (x, y) in enumerate(zip(a.items, b.items, strict=True)))
    elif what == "list":
        members = [_members(a), _members(b)]
        element = _any_of([k for found in members for k in found or ()]) if None not in members else None
    elif a.element is not None and a.element == b.element:
        element = a.element
    return Kind(what, dtype, shape, items, element, a.size if a.size == b.size else None)


def _either(a: Shape | None, b: Shape | None, token: str, ndim: int | None) -> Shape:
    """Return the shape of what has either of two shapes: an axis that both have keeps its name."""
    own, others, new = sizes(a), sizes(b), sizes(Shape(token, ndim))
    if own is None or others is None or new is None:
        return Shape(token, ndim)
    return sized([x if x == y else n for x, y, n in zip(own, others, new, strict=True)])


def _members(kind: Kind) -> list[Kind] | None:
    """Return the kinds of the members of a list, None where they are not known; an empty list has none."""
    return list(kind.items) if kind.items is not None else None if kind.element is None else [kind.element]


def _any_of(kinds: Sequence[Kind]) -> Kind | None:
    """Return what holds of any member of a list that holds values of these kinds."""
    return _member(_join_all([_member(k) for k in kinds], "?member")) if kinds else None


def _wider(a: Dtype, b: Dtype) -> Dtype:
    if "complex" in (a, b):
        return "complex"  # which means that it may be complex
    return "real" if {a, b} <= {"int", "real", "float"} else "unknown"


def _join_all(kinds: Sequence[Kind], token: str) -> Kind:
    result = kinds[0]
    for kind in kinds[1:]:
        result = join(result, kind, token)
    return result


@dataclass
class Evaluator:
    """Kinds of expressions in one environment."""

    env: Mapping[str, Kind]
    call: CallKind
    constant: Callable[[str], ast.expr | None]
    stable: frozenset[str]  # names that mean one value throughout
    known: dict[ast.expr, Kind] = field(default_factory=dict)

    def kind(self, expr: ast.expr) -> Kind:
        """Return the kind of an expression; each node is looked at once."""
        if isinstance(expr, (ast.Name, ast.Constant)):
            return self._find(expr)
        if expr not in self.known:
            self.known[expr] = self._find(expr)
        return self.known[expr]

    def _find(self, expr: ast.expr) -> Kind:
        method = _method(expr.__class__.__name__)
        if method is not None:
            found = method(self, expr)
            return found if isinstance(found, Kind) else UNKNOWN
        return self._by_rule(expr)

    def _by_rule(self, expr: ast.expr) -> Kind:
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            return UNKNOWN
        if match is None:
            return UNKNOWN
        kind = rules.result(match, self.kind)
        if kind.shape is None and kind.what in ("array", "unknown"):
            axes = rules.rank(match, self.kind)
            own = f"?{id(expr)}"  # as nothing else
            if isinstance(axes, int):
                return replace(kind, shape=Shape(own, axes))
            if axes is not None:
                return replace(kind, shape=sized([f"{own}.{i}" if s is None else s for i, s in enumerate(axes)]))
        return kind

    def _constant(self, expr: ast.Constant) -> Kind:
        value = expr.value
        if isinstance(value, bool):
            return BOOL
        if isinstance(value, int):
            return INT
        if isinstance(value, float):
            return FLOAT
        if isinstance(value, complex):
            return Kind("scalar", "complex", NO_AXES)
        return TEXT if isinstance(value, (str, bytes)) else NONE if value is None else UNKNOWN

    def _name(self, expr: ast.Name) -> Kind:
        if not core.is_ref(expr):
            return self.env.get(expr.id, UNKNOWN)
        name = core.qualname(expr)
        if name.startswith("="):
            value = self.constant(name)
            if value is not None and isinstance(value, (ast.Constant, ast.UnaryOp, ast.BinOp)):
                kind = self.kind(value)
                return kind if kind.what == "scalar" else UNKNOWN
            return UNKNOWN
        if name.startswith(("numpy.", "math.")) and name.rpartition(".")[2] in ("pi", "e", "inf", "nan", "tau"):
            return FLOAT
        return UNKNOWN

    def _tuple(self, expr: ast.Tuple) -> Kind:
        if any(isinstance(e, ast.Starred) for e in expr.elts):
            return Kind("tuple")
        return Kind("tuple", items=tuple(self.kind(e) for e in expr.elts))

    def _list(self, expr: ast.List) -> Kind:
        if any(isinstance(e, ast.Starred) for e in expr.elts):
            return Kind("list")
        return Kind("list", items=tuple(self.kind(e) for e in expr.elts))

    def _dict(self, expr: ast.Dict) -> Kind:
        return Kind("dict")

    def _listcomp(self, expr: ast.ListComp) -> Kind:
        return Kind("list")

    def _dictcomp(self, expr: ast.DictComp) -> Kind:
        return Kind("dict")

    def _joinedstr(self, expr: ast.JoinedStr) -> Kind:
        return TEXT

    def _lambda(self, expr: ast.Lambda) -> Kind:
        return Kind("function")

    def _namedexpr(self, expr: ast.NamedExpr) -> Kind:
        return self.kind(expr.value)

    def _ifexp(self, expr: ast.IfExp) -> Kind:
        return join(self.kind(expr.body), self.kind(expr.orelse), f"~if@{ast.dump(expr.test)}")

    def _boolop(self, expr: ast.BoolOp) -> Kind:
        kinds = [self.kind(v) for v in expr.values]
        return _join_all(kinds, "~or")

    def _binop(self, expr: ast.BinOp) -> Kind:
        left, right = self.kind(expr.left), self.kind(expr.right)
        if isinstance(expr.op, ast.Add) and left.what == right.what and left.what in ("list", "tuple"):
            known = left.items is not None and right.items is not None
            items = (*left.items, *right.items) if known else None  # type: ignore[misc]
            return Kind(left.what, items=items, element=left.element if left.element == right.element else None)
        if isinstance(expr.op, ast.Mult):
            for one, other in ((left, right), (right, left)):
                count = other.what in ("scalar", "unknown") and other.dtype in ("int", "bool", "unknown")
                if one.what in ("list", "tuple") and count and (other.what == "scalar" or one.items is not None):
                    return Kind(
                        one.what, element=one.element or (_join_all(one.items, "~items") if one.items else None)
                    )
        kind = self._by_rule(expr)
        return self._counted(expr, kind) if kind.what == "scalar" and kind.dtype == "int" else kind

    def _counted(self, expr: ast.BinOp, kind: Kind) -> Kind:
        """Return the kind of an integer, with a name for its value where it is one of sizes."""
        left, right = (ranks.size_of(side, self.kind) for side in (expr.left, expr.right))
        if left is None or right is None:
            return kind
        if isinstance(expr.op, ast.Mult):
            return replace(kind, size=ranks.product_size(left, right))
        if isinstance(expr.op, ast.Add):
            return replace(kind, size=f"({'+'.join(sorted((left, right)))})")
        return replace(kind, size=f"({left}-{right})") if isinstance(expr.op, ast.Sub) else kind

    def _compare(self, expr: ast.Compare) -> Kind:
        kinds = [self.kind(e) for e in [expr.left, *expr.comparators]]
        if all(k.what in ("scalar", "text", "none") for k in kinds):
            return BOOL
        shapes = {k.shape for k in kinds if k.what != "scalar"}
        shape = next(iter(shapes)) if len(shapes) == 1 else None
        return Kind("unknown", "bool", shape)

    def _call(self, expr: ast.Call) -> Kind:
        name = core.qualname(expr.func)
        if name in ("builtins.str", "builtins.repr", "builtins.format"):
            return TEXT
        if name in ("builtins.list", "builtins.tuple") and len(expr.args) == 1:
            given = self.kind(expr.args[0])
            return Kind("list" if name == "builtins.list" else "tuple", items=given.items, element=given.element)
        if name == "builtins.sorted":
            return Kind("list")
        if name == "builtins.dict":
            return Kind("dict")
        if name == "sct.runtime.listed":
            return Kind("list", element=self.kind(expr.args[0]).element)
        if name == "sct.runtime.row":
            return Kind("list", element=Kind("scalar", "unknown", NO_AXES))
        if isinstance(expr.func, ast.Attribute) and expr.func.attr == "copy" and not expr.args:
            given = self.kind(expr.func.value)
            if given.what in ("list", "dict"):
                return given
        if name.startswith("@"):
            return known_here(self.call(name, [self.kind(a) for a in expr.args]), expr)
        if isinstance(expr.func, ast.Attribute) and expr.func.attr == "pop" and not expr.args:
            return self._popped(self.kind(expr.func.value), expr)
        return self._by_rule(expr)

    def _popped(self, base: Kind, expr: ast.Call) -> Kind:
        """Return the kind of a member taken off the end of a list: of a shape that nothing else has."""
        if base.what != "list":
            return UNKNOWN
        members = base.items if base.items else [base.element] if base.element is not None else []
        return _retoken(_join_all(members, "?"), f"?{id(expr)}") if members else UNKNOWN

    def _subscript(self, expr: ast.Subscript) -> Kind:
        base = self.kind(expr.value)
        index = expr.slice
        if base.items is not None and isinstance(index, ast.Constant) and isinstance(index.value, int):
            if -len(base.items) <= index.value < len(base.items):
                return base.items[index.value]
        return self.member(base, index)

    def member(self, base: Kind, index: ast.expr) -> Kind:
        """Return the kind of ``base[index]``."""
        steps = list(index.elts) if isinstance(index, ast.Tuple) else [index]
        integers = [self._is_integer(s) for s in steps]
        if base.what in ("list", "tuple") and isinstance(index, ast.Slice):
            element = base.element or (_join_all(base.items, "~items") if base.items else None)
            return Kind(base.what, element=element)
        if all(integers):
            kind: Kind | None = base
            for _ in steps:
                kind = self._one_member(kind) if kind is not None else None
            return kind if kind is not None else UNKNOWN
        dropped = _dropped(base.shape, steps) if base.what == "array" and base.shape else None
        if dropped is not None:
            return Kind("array" if dropped.ndim else "unknown", base.dtype, dropped)
        axes = self._axes(base, steps) if base.what == "array" else None
        if axes:
            return Kind("array", base.dtype, sized(axes))
        if (
            base.what == "array"
            and base.ndim is not None
            and all(i or isinstance(s, ast.Slice) for i, s in zip(integers, steps, strict=True))
        ):
            token = f"?{id(index)}"  # as nothing else, unless the same slice is read again
            read = {n for n in names(index) if not n.startswith(("=", "builtins.len:"))}
            if base.shape is not None and read <= self.stable:
                token = base.shape.made(f"[{ast.dump(index)}]~")
            return Kind("array", base.dtype, Shape(token, base.ndim - sum(integers)))
        if base.element is not None and base.what == "unknown" and len(steps) == 1 and isinstance(index, ast.Slice):
            return Kind("unknown", base.dtype, None, None, base.element)
        if base.what == "array":
            # A slice keeps its axis, so that what comes out is no number.
            return Kind("array" if any(isinstance(s, ast.Slice) for s in steps) else "unknown", base.dtype)
        return UNKNOWN

    def _axes(self, base: Kind, steps: Sequence[ast.expr]) -> list[str] | None:
        """Return the names of the axes of a part of an array, None where they are not known."""
        left = list(sizes(base.shape) or ())
        spoken = [s for s in steps if not (isinstance(s, ast.Constant) and s.value in (None, ...))]
        gathered = [s for s in spoken if not isinstance(s, ast.Slice) and not self._is_integer(s)]
        if not left or len(spoken) > len(left) or len(gathered) > 1:
            return None
        out: list[str] = []
        for i, step in enumerate(steps):
            if isinstance(step, ast.Constant) and step.value is None:
                out.append("1")
            elif isinstance(step, ast.Constant) and step.value is ...:
                after = sum(1 for s in steps[i + 1 :] if s in spoken)
                out += left[: len(left) - after]
                left = left[len(left) - after :]
            elif isinstance(step, ast.Slice):
                out.append(self._part(left.pop(0), step))
            elif self._is_integer(step):
                left.pop(0)
            else:
                # An array of integers puts its own axes there, where it is the only one and nothing drops an axis.
                kind = self.kind(step)
                own = sizes(kind.shape) if kind.what == "array" and kind.dtype == "int" else None
                if own is None or not all(s is step or isinstance(s, ast.Slice) for s in steps):
                    return None
                out += own
                left.pop(0)
        return [*out, *left]

    def _part(self, axis: str, step: ast.Slice) -> str:
        """Return the size of a part of an axis: equal where the same is read of axes that are equally long."""
        if not (step.lower or step.upper or step.step):
            return axis
        read = {n for n in names(step) if not n.startswith(("=", "builtins.len:"))}
        return f"{axis}[{ast.dump(step)}]" if read <= self.stable else f"?{id(step)}"

    def _one_member(self, base: Kind) -> Kind | None:
        if base.what == "array" and base.ndim is not None:
            if base.ndim == 1:
                return Kind("scalar", base.dtype, NO_AXES)
            axes = sizes(base.shape)
            if axes:
                return Kind("array", base.dtype, sized(axes[1:]))
            if base.ndim > 1 and base.shape is not None:
                return Kind("array", base.dtype, Shape(base.shape.made("[]"), base.ndim - 1))
            return None
        if base.element is not None:
            return _nameless(base.element)
        if base.items:
            return _join_all(base.items, "~items")
        if base.what == "array" and base.shape is not None:
            return Kind("unknown", base.dtype, Shape(base.shape.made("[]")))
        return None

    def _is_integer(self, index: ast.expr) -> bool:
        if isinstance(index, ast.Slice):
            return False
        kind = self.kind(index)
        return kind.what == "scalar" and kind.dtype in ("int", "real", "unknown")


@cache
def _method(sort: str) -> Callable[[Evaluator, ast.expr], object] | None:
    """Return what finds the kind of an expression of this sort, None where a rule does."""
    return getattr(Evaluator, f"_{sort.lower()}", None)


class _Runner:
    def __init__(
        self,
        call: CallKind,
        constant: Callable[[str], ast.expr | None],
        writes: Callable[[str], Collection[int]],
        own: frozenset[str],
        stable: frozenset[str],
        wary: bool = False,
    ) -> None:
        self.call = call
        self.constant = constant
        self.writes = writes
        self.own = own
        self.stable = stable
        self.wary = wary  # whether the members of lists are believed only where the list is the function's own
        self.doubtful = False  # whether a list was changed that may have another name
        self.before: dict[ast.stmt, dict[str, Kind]] = {}
        self.after: dict[ast.stmt, dict[str, Kind]] = {}
        self.evaluators: dict[ast.stmt, Evaluator] = {}  # of assignments, which are asked about again
        self.returned: list[Kind] = []
        self.sites: dict[ast.AST, int] = {}
        self.last: dict[str, ast.stmt] = {}
        self.jumps: list[list[Env]] = []
        self.lists: frozenset[str] = frozenset()  # names that only a list can be: their methods say so

    def site(self, node: ast.AST) -> int:
        return self.sites.setdefault(node, len(self.sites))

    def evaluate(self, expr: ast.expr, env: Env) -> Kind:
        for sub in walk(expr):
            if isinstance(sub, ast.NamedExpr) and isinstance(sub.target, ast.Name):
                env[sub.target.id] = self.fresh(
                    Evaluator(env, self.call, self.constant, self.stable).kind(sub.value), sub, ""
                )
        return Evaluator(env, self.call, self.constant, self.stable).kind(expr)

    def fresh(self, kind: Kind, site: ast.AST, name: str) -> Kind:
        """Give a value of unknown shape a token of its own: the shape that this statement made it."""
        if kind.what in ("array", "unknown"):
            if kind.shape is None or kind.shape.token[0] == "?":
                return replace(kind, shape=Shape(f"~{self.site(site)}{name}", kind.ndim))
            if "?" in kind.shape.token:
                return replace(kind, shape=renewed(kind.shape, f"~{self.site(site)}{name}"))
        return kind

    def record(self, stmt: ast.stmt, nodes: Sequence[ast.AST], env: Env) -> None:
        self.before[stmt] = {n.id: env[n.id] for n in nodes if isinstance(n, ast.Name) and n.id in env}
        self.evaluators.pop(stmt, None)

    def value(self, stmt: ast.Assign, env: Env) -> Kind:
        """Return the kind of what an assignment binds, with all that it found out kept for those who ask again."""
        seen = self.before[stmt]
        if any(env.get(name) is not kind for name, kind in seen.items()) or _binds_inside(stmt.value):
            return self.evaluate(stmt.value, env)
        self.evaluators[stmt] = Evaluator(seen, self.call, self.constant, self.stable)
        return self.evaluators[stmt].kind(stmt.value)

    def bind(self, stmt: ast.stmt, name: str, kind: Kind, env: Env) -> None:
        if self.wary:
            kind = without_members(kind, keep=name in self.own)
        if kind.what == "unknown" and name in self.lists:
            kind = Kind("list", element=kind.element)
        kind = self.fresh(kind, stmt, name)
        env[name] = kind
        self.last[name] = stmt
        self.after.setdefault(stmt, {})[name] = kind

    def block(self, stmts: Sequence[ast.stmt], env: Env) -> bool:
        """Run `stmts` in `env`; say whether control comes out at their end."""
        for stmt in stmts:
            nodes = header(stmt)
            self.record(stmt, nodes, env)
            self.change(stmt, nodes, env)
            if not self.statement(stmt, env):
                return False
        return True

    def statement(self, stmt: ast.stmt, env: Env) -> bool:
        if isinstance(stmt, ast.Return):
            self.returned.append(self.evaluate(stmt.value, env) if stmt.value else NONE)
            return False
        if isinstance(stmt, (ast.Break, ast.Continue)):
            if self.jumps:
                self.jumps[-1].append(dict(env))
            return False
        if isinstance(stmt, ast.Raise):
            return False
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                self.learn_rank(stmt, target, env)
            kind = self.value(stmt, env)
            for target in stmt.targets:
                self.assign(stmt, target, stmt.value, kind, env)
        elif isinstance(stmt, ast.AnnAssign):
            if stmt.value is not None:
                self.assign(stmt, stmt.target, stmt.value, self.evaluate(stmt.value, env), env)
        elif isinstance(stmt, ast.AugAssign):
            self.augment(stmt, env)
        elif isinstance(stmt, ast.If):
            return self.branch(stmt, env)
        elif isinstance(stmt, (ast.For, ast.While)):
            self.loop(stmt, env)
        elif isinstance(stmt, ast.With):
            for item in stmt.items:
                if item.optional_vars is not None:
                    self.assign(stmt, item.optional_vars, None, UNKNOWN, env)
            return self.block(stmt.body, env)
        elif isinstance(stmt, ast.Try):
            self.attempt(stmt, env)
        elif isinstance(stmt, ast.Expr):
            self.evaluate(stmt.value, env)
            self.learn(stmt, env)
        elif isinstance(stmt, ast.Delete):
            for target in stmt.targets:
                if isinstance(target, ast.Name):
                    env.pop(target.id, None)
        elif isinstance(stmt, (ast.FunctionDef, ast.ClassDef)):
            env[stmt.name] = Kind("function")
        return True

    def change(self, stmt: ast.stmt, nodes: Sequence[ast.AST], env: Env) -> None:
        """Note what a statement does to lists."""
        for node in nodes:
            if isinstance(node, ast.Call):
                self.call_changes(stmt, node, env)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
                held = Evaluator(env, self.call, self.constant, self.stable).kind(_as_load(node.value))
                self.doubtful |= held.what not in ("array", "dict", "scalar")
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            self.doubtful |= env.get(stmt.target.id, UNKNOWN).what == "list"

    def call_changes(self, stmt: ast.stmt, call: ast.Call, env: Env) -> None:
        """Note what a call does to lists."""
        name = core.qualname(call.func)
        evaluator = Evaluator(env, self.call, self.constant, self.stable)
        if name.startswith("@"):
            given = [evaluator.kind(call.args[i]) for i in self.writes(name) if i < len(call.args)]
            self.doubtful |= any(kind.what not in ("array", "scalar", "none") for kind in given)
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITING_METHODS:
            return
        held, base = evaluator.kind(call.func.value), call.func.value
        if held.what in ("array", "dict", "text"):
            return
        own = isinstance(base, ast.Name) and base.id in self.own
        if not isinstance(base, ast.Name) or held.what != "list" or call.func.attr not in ("append", "pop"):
            self.doubtful = True
            return
        known = _members(held)
        added = [self.evaluate(call.args[0], env)] if call.func.attr == "append" else []
        # Nothing is known of a list whose members are not all known.
        element = None if known is None else _any_of([*known, *added])
        if held.items == () and not own:
            self.doubtful = True  # a list that was empty is no longer so under its other names
        self.doubtful |= not own and (held.items is not None or element != held.element)
        if known is not None and not (call.func.attr == "pop" and held.items == ()):
            self.bind(stmt, base.id, Kind("list", element=element), env)

    def learn(self, stmt: ast.Expr, env: Env) -> None:
        """Know what a guard has made sure of."""
        name = core.qualname(stmt.value.func) if isinstance(stmt.value, ast.Call) else ""
        if name not in _TEACHING:
            return
        assert isinstance(stmt.value, ast.Call)
        for arg in stmt.value.args[1:]:
            if isinstance(arg, ast.Name):
                old = env.get(arg.id, UNKNOWN)
                if name.endswith(("scalar", "number", "index")):
                    kind = Kind("scalar", old.dtype, NO_AXES)
                elif name.endswith("lists"):
                    inner = old.element.element if old.element is not None else None
                    kind = Kind("list", element=Kind("list", element=inner))
                elif name.endswith("array"):
                    kind = replace(old, what="array")
                else:
                    kind = replace(old, dtype="float") if old.what == "array" and old.dtype != "complex" else old
                bound = self.last.get(arg.id)
                self.bind(stmt, arg.id, kind, env)
                if bound is not None:
                    # The guard stands behind the binding, perhaps behind other guards, and speaks of it.
                    self.after.setdefault(bound, {})[arg.id] = env[arg.id]
                    self.last[arg.id] = bound

    def learn_rank(self, stmt: ast.Assign, target: ast.expr, env: Env) -> None:
        """Know what has as many axes as its shape was unpacked to: ``h, w = image.shape`` fails for anything else."""
        value = stmt.value
        if not isinstance(value, ast.Attribute) or value.attr != "shape" or not isinstance(value.value, ast.Name):
            return
        if not isinstance(target, (ast.Tuple, ast.List)) or _starred(target) or not target.elts:
            return
        name = value.value.id
        old = env.get(name, UNKNOWN)
        if core.is_ref(value.value) or name in assigned_names([stmt]) or old.what not in ("array", "unknown"):
            return
        token = old.shape.token if old.shape else f"~{self.site(stmt)}{name}"
        bound = self.last.get(name)
        self.bind(stmt, name, replace(old, what="array", shape=Shape(token, len(target.elts))), env)
        if bound is not None:
            self.last[name] = bound

    def assign(self, stmt: ast.stmt, target: ast.expr, value: ast.expr | None, kind: Kind, env: Env) -> None:
        if isinstance(target, ast.Name):
            self.bind(stmt, target.id, kind, env)
        elif isinstance(target, (ast.Tuple, ast.List)):
            if kind.items is not None and len(kind.items) == len(target.elts) and not _starred(target):
                for sub, part in zip(target.elts, kind.items, strict=True):
                    self.assign(stmt, sub, None, part, env)
                return
            member = Evaluator(env, self.call, self.constant, self.stable).member(kind, ast.Constant(value=0))
            uniform = kind.what == "array" or kind.element is not None
            for sub in target.elts:
                if isinstance(sub, ast.Starred):
                    self.assign(stmt, sub.value, None, Kind("list"), env)
                else:
                    self.assign(stmt, sub, None, member if uniform else UNKNOWN, env)

    def augment(self, stmt: ast.AugAssign, env: Env) -> None:
        self.evaluate(stmt.value, env)
        if isinstance(stmt.target, ast.Name):
            load = ast.Name(id=stmt.target.id, ctx=ast.Load())
            old = env.get(stmt.target.id, UNKNOWN)
            kind = self.evaluate(ast.BinOp(left=load, op=stmt.op, right=stmt.value), env)
            if old.what == "array":
                kind = old
            elif old.what == "list":
                kind = Kind("list")
            self.bind(stmt, stmt.target.id, kind, env)

    def branch(self, stmt: ast.If, env: Env) -> bool:
        self.evaluate(stmt.test, env)
        other = dict(env)
        first = self.block(stmt.body, env)
        second = self.block(stmt.orelse, other)
        if first and second:
            self.merge(stmt, env, other)
        elif second:
            env.clear()
            env.update(other)
        return first or second

    def merge(self, stmt: ast.stmt, env: Env, other: Env) -> None:
        """Make `env` hold of either of the two."""
        for name in [*assigned_names([stmt]), *changed_lists([stmt])]:
            if name in env and name in other:
                env[name] = join(env[name], other[name], f"~{self.site(stmt)}{name}")
            elif name in other:
                env[name] = other[name]
            if name in env:
                self.after.setdefault(stmt, {})[name] = env[name]

    def loop(self, stmt: ast.For | ast.While, env: Env) -> None:
        changed = list(dict.fromkeys([*assigned_names([stmt]), *changed_lists([stmt])]))
        entry = {name: env[name] for name in changed if name in env}
        head = dict(entry)
        for _ in range(12):
            run = dict(env)
            run.update(head)
            self.record(stmt, header(stmt), run)
            self.jumps.append([])
            exits = [dict(run)]
            if isinstance(stmt, ast.For):
                self.bind_target(stmt, run)
            else:
                self.evaluate(stmt.test, run)
            ends = [run] if self.block(stmt.body, run) else []
            ends += self.jumps.pop()
            exits += ends
            new = dict(head)
            for end in ends:
                for name in changed:
                    if name in end:
                        new[name] = self.head_kind(stmt, name, new.get(name), end[name], name in entry)
            if new == head:
                break
            head = new
        for name in changed:
            kinds = [e[name] for e in exits if name in e]
            if kinds:
                env[name] = _join_all(kinds, f"~{self.site(stmt)}out {name}")
                self.after.setdefault(stmt, {})[name] = env[name]
        if stmt.orelse:
            self.block(stmt.orelse, env)

    def head_kind(self, stmt: ast.stmt, name: str, head: Kind | None, end: Kind, entered: bool) -> Kind:
        token = f"~{self.site(stmt)}{name}"
        if head is None or not entered:
            if end.what == "scalar":
                end = replace(end, size=None)  # of another iteration
                return end if head is None else join(head, end, token)
            base = end if head is None else join(head, end, token)
            return _retoken(base, token)
        if head == end:
            return head
        return join(head, end, token)

    def bind_target(self, stmt: ast.For, env: Env) -> None:
        it = stmt.iter
        name = core.qualname(it.func) if isinstance(it, ast.Call) else ""
        args = it.args if isinstance(it, ast.Call) else []
        self.assign(stmt, stmt.target, None, self._iterated(it, name, args, env), env)

    def _iterated(self, it: ast.expr, name: str, args: Sequence[ast.expr], env: Env) -> Kind:
        """Return the kind of one member of what a for loop runs over."""
        evaluator = Evaluator(env, self.call, self.constant, self.stable)
        if name == "builtins.range":
            return INT
        if isinstance(it, ast.Subscript):
            return self._iterated(
                it.value, core.qualname(getattr(it.value, "func", None)), getattr(it.value, "args", []), env
            )
        if name == "builtins.enumerate" and args:
            return Kind("tuple", items=(INT, self._member_of(args[0], env)))
        if name == "builtins.zip":
            return Kind("tuple", items=tuple(self._member_of(a, env) for a in args))
        if name in ("builtins.reversed", "builtins.list", "builtins.tuple", "builtins.iter") and args:
            return self._member_of(args[0], env)
        return evaluator.member(evaluator.kind(it), ast.Constant(value=0))

    def _member_of(self, expr: ast.expr, env: Env) -> Kind:
        name = core.qualname(expr.func) if isinstance(expr, ast.Call) else ""
        return self._iterated(expr, name, expr.args if isinstance(expr, ast.Call) else [], env)

    def attempt(self, stmt: ast.Try, env: Env) -> None:
        start = dict(env)
        self.block(stmt.body, env)
        self.block(stmt.orelse, env)
        for handler in stmt.handlers:
            other = dict(start)
            for name in assigned_names(stmt.body):
                other[name] = UNKNOWN
            if handler.name:
                other[handler.name] = UNKNOWN
            self.block(handler.body, other)
            self.merge(stmt, env, other)
        self.block(stmt.finalbody, env)


def _member(kind: Kind) -> Kind:
    """Return what holds of a member of a list, wherever it is read: a shape has no name then, but may have a rank."""
    if kind.what in ("array", "unknown"):
        return replace(kind, shape=Shape("?member", kind.ndim))
    if kind.items is not None:
        return replace(kind, items=tuple(map(_member, kind.items)))
    return kind if kind.element is None else replace(kind, element=_member(kind.element))


def _nameless(kind: Kind) -> Kind:
    """Return the kind of a member of a list for one reading of it: two readings need not have the same shape."""
    if kind.shape is not None and kind.shape.token.startswith("?member"):
        kind = replace(kind, shape=None)
    return kind if kind.items is None else replace(kind, items=tuple(map(_nameless, kind.items)))


def _binds_inside(expr: ast.expr) -> bool:
    return any(part.__class__ is ast.NamedExpr for part in walk(expr))


def _as_load(expr: ast.expr) -> ast.expr:
    """Return a place as an expression that reads it."""
    if isinstance(expr, ast.Subscript):
        return ast.Subscript(value=_as_load(expr.value), slice=expr.slice, ctx=ast.Load())
    return ast.Name(id=expr.id, ctx=ast.Load()) if isinstance(expr, ast.Name) else expr


def _retoken(kind: Kind, token: str) -> Kind:
    if kind.what in ("array", "unknown"):
        return replace(kind, shape=Shape(token, kind.ndim))
    if kind.items is not None:
        return replace(kind, items=tuple(_retoken(k, f"{token}.{i}") for i, k in enumerate(kind.items)))
    return kind


def _dropped(shape: Shape, steps: Sequence[ast.expr]) -> Shape | None:
    """Return the shape of ``x[:, 0]``, where axis 1 is the one that a reduction kept, or the sizes have names."""
    *before, last = steps
    whole = all(isinstance(s, ast.Slice) and not (s.lower or s.upper or s.step) for s in before)
    if not before or not whole or not isinstance(last, ast.Constant) or last.value != 0 or type(last.value) is not int:
        return None
    axis = len(before)
    kept = f".reduce(({axis},), keep)"
    if not shape.token.endswith(kept):
        return None
    token = f"{shape.token.removesuffix(kept)}.reduce(({axis},))"
    return Shape(token, None if shape.ndim is None else shape.ndim - 1)


def _starred(target: ast.Tuple | ast.List) -> bool:
    return any(isinstance(e, ast.Starred) for e in target.elts)


def _stable_names(node: ast.FunctionDef) -> frozenset[str]:
    """Return the names that are bound once, and in no loop: parameters that stay, and variables."""
    counts: dict[str, int] = dict.fromkeys((a.arg for a in walk(node) if isinstance(a, ast.arg)), 1)
    for part in walk(node):
        many = isinstance(part, (ast.For, ast.While)) or hasattr(part, "generators")
        for name in walk(part) if many else [part]:
            if isinstance(name, ast.Name) and isinstance(name.ctx, (ast.Store, ast.Del)):
                counts[name.id] = counts.get(name.id, 0) + (2 if many else 1)
    return frozenset(name for name, count in counts.items() if count == 1)


_assigned: WeakKeyDictionary[ast.stmt, tuple[str, ...]] = WeakKeyDictionary()


def assigned_names(stmts: Sequence[ast.stmt]) -> list[str]:
    """Return the names that `stmts` bind, in order of appearance."""
    out: dict[str, None] = {}
    for stmt in stmts:
        found = _assigned.get(stmt)
        if found is None:
            found = _assigned[stmt] = _assigned_in(stmt)
        out.update(dict.fromkeys(found))
    return list(out)


def _assigned_in(stmt: ast.stmt) -> tuple[str, ...]:
    out: dict[str, None] = {}
    stack: list[ast.AST] = [stmt]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            out[node.id] = None
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            out[node.name] = None
            continue
        elif isinstance(node, ast.Lambda):
            continue
        elif isinstance(node, ast.stmt) and node is not stmt:
            out.update(dict.fromkeys(assigned_names([node])))  # once for all statements around it
            continue
        stack += reversed(children(node))
    return tuple(out)
