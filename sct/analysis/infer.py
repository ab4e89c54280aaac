"""Kinds of values: an abstract run of a function.

In: a resolved function (flattened or not) and the kinds of its parameters. Out: `Facts`, which answer what is known
of an expression where a statement reads it, and of a name after a statement.

A loop is run until nothing changes. At its head a name that the body assigns keeps its shape only where the value
that comes round the loop has the shape that came in; otherwise it gets a shape of its own, which means "whatever it
is in this iteration", so that equal tokens still mean equal shapes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sct import core
from sct.analysis import purity
from sct.analysis.binding import assigned_names, stable_names
from sct.analysis.evaluator import CallKind, Env, Evaluator, as_load
from sct.analysis.joining import any_of, join, join_all, members_of, retoken
from sct.analysis.kinds import (
    NO_AXES,
    NONE,
    UNKNOWN,
    Kind,
    Shape,
    may_be_complex,
    renewed,
)
from sct.analysis.lists import CHANGING, WRITING_METHODS, changed_lists, only_lists, own_lists
from sct.analysis.stores import ANYTHING, CONTAINERS, Changes, fits, stores, with_entry, with_members
from sct.walk import header, is_exhaustive, walk

#: Guards that say what a value is.
_TEACHING = tuple(f"sct.runtime.require_{what}" for what in "scalar number index lists array float members".split())
#: Methods that take members from a dict: the others stay as they are.
_TAKING = ("pop", "popitem", "clear")
CallChanges = Callable[[str, Sequence[Kind]], Changes]


@dataclass(frozen=True)
class Facts:
    """What is known of the values in one function."""

    before: Mapping[ast.stmt, Mapping[str, Kind]]
    after: Mapping[ast.stmt, Mapping[str, Kind]]
    result: Kind
    call: CallKind
    constant: Callable[[str], Kind]
    stable: frozenset[str]

    entry: Mapping[str, Kind] = field(default_factory=dict)
    end: Mapping[str, Kind] = field(default_factory=dict)  # at the last statement of the body
    evaluators: dict[ast.stmt, Evaluator] = field(default_factory=dict)
    changes: Changes = Changes()  # of lists and dicts that it did not make itself

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

    def is_entry(self, stmt: ast.stmt, place: ast.Subscript) -> bool:
        """Say whether a place is an entry of a dict: what is found by a text is one."""
        base = self.kind(stmt, place.value).what
        return base == "dict" or base == "unknown" and self.kind(stmt, place.slice).what == "text"

    def binds_anew(self, stmt: ast.AugAssign) -> bool:
        """Say whether an augmented assignment to a name surely binds it anew, as of a number: no memory is written."""
        assert isinstance(stmt.target, ast.Name)
        before = self.kind(stmt, ast.Name(id=stmt.target.id, ctx=ast.Load()))
        return not {before.what, self.name_after(stmt, stmt.target.id).what}.isdisjoint(("scalar", "text", "none"))


#: Loops within more loops than these start from what was found of them before.
_DEEP = 4


def infer(
    node: ast.FunctionDef,
    params: Mapping[str, Kind],
    call: CallKind = lambda key, kinds: UNKNOWN,
    constant: Callable[[str], Kind] = lambda name: UNKNOWN,
    changes: CallChanges = lambda key, kinds: Changes(),
) -> Facts:
    """Run `node` on the kinds of its parameters; `changes` says what a call does to lists and dicts it is given."""
    stable = stable_names(node)
    own, lists = own_lists(node), only_lists(node)

    def run(changed: Changes, imaginary: bool = False) -> tuple[_Runner, Env, Env]:
        runner = _Runner(call, constant, changes, own, stable, changed)
        runner.lists, runner.imaginary = lists, imaginary
        env: Env = {name: runner.believable(kind) for name, kind in params.items()}
        entry = dict(env)
        runner.block(node.body, env)
        return runner, entry, env

    changed = Changes()
    for _ in range(6):
        runner, entry, env = run(changed)
        if runner.changed == changed:
            break
        changed = runner.changed
    settled = runner.changed == changed
    changed = changed if settled else ANYTHING
    imaginary = runner.has_complex(params) or any(_spells_complex(n) for n in walk(node))
    if imaginary or not settled:
        runner, entry, env = run(changed, imaginary)
    result = join_all(runner.returned, "~result") if runner.returned else NONE
    evaluators = runner.evaluators
    return Facts(runner.before, runner.after, result, runner.call, constant, stable, entry, env, evaluators, changed)


def _spells_complex(node: ast.AST) -> bool:
    """Say whether a node is a complex number as written."""
    return isinstance(node, ast.Constant) and isinstance(node.value, complex)


class _Runner:
    def __init__(
        self,
        call: CallKind,
        constant: Callable[[str], Kind],
        changes: CallChanges,
        own: frozenset[str],
        stable: frozenset[str],
        changed: Changes,
    ) -> None:
        self.call: CallKind = lambda key, kinds: self.believable(call(key, kinds))
        self.constant = constant
        self.changes = changes
        self.own = own
        self.stable = stable
        self.believed = changed  # what may have been done to lists and dicts that have another name
        self.changed = changed
        self.before: dict[ast.stmt, dict[str, Kind]] = {}
        self.after: dict[ast.stmt, dict[str, Kind]] = {}
        self.evaluators: dict[ast.stmt, Evaluator] = {}  # of assignments, which are asked about again
        self.returned: list[Kind] = []
        self.sites: dict[ast.AST, int] = {}
        self.last: dict[str, ast.stmt] = {}
        self.jumps: list[list[Env]] = []
        self.heads: dict[ast.stmt, Env] = {}  # what each loop came to when it was last gone through
        self.depth = 0  # of loops
        self.lists: frozenset[tuple[str, ast.stmt]] = frozenset()  # bindings of what its methods call a list
        self.imaginary = False  # whether members that nothing is known of may be complex

    def believable(self, kind: Kind, own: bool = False) -> Kind:
        """Return what is still true of a value, whatever is stored into lists; `own`: of a list of its own."""
        return self.believed.believable(kind, own)

    def has_complex(self, params: Mapping[str, Kind]) -> bool:
        """Say whether any value may be complex, or hold what is."""
        return any(may_be_complex(k) for env in (params, *self.after.values()) for k in env.values())

    def site(self, node: ast.AST) -> int:
        return self.sites.setdefault(node, len(self.sites))

    def evaluate(self, expr: ast.expr, env: Env) -> Kind:
        return Evaluator(env, self.call, self.constant, self.stable).kind(expr)

    def named(self, nodes: Iterable[ast.AST], env: Env) -> None:
        """Take note of what assignment expressions bind."""
        for sub in nodes:
            if isinstance(sub, ast.NamedExpr) and isinstance(sub.target, ast.Name):
                env[sub.target.id] = self.fresh(
                    Evaluator(env, self.call, self.constant, self.stable).kind(sub.value), sub, ""
                )

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
        kind = self.believable(kind, name in self.own)
        if kind.what == "unknown" and (name, stmt) in self.lists:
            kind = Kind("list", element=kind.element)
        kind = self.fresh(kind, stmt, name)
        if self.imaginary and kind.what in ("list", "tuple", "dict") and kind.items is None and kind.element is None:
            kind = replace(kind, dtype="complex")
        env[name] = kind
        self.last[name] = stmt
        self.after.setdefault(stmt, {})[name] = kind

    def block(self, stmts: Sequence[ast.stmt], env: Env) -> bool:
        """Run `stmts` in `env`; say whether control comes out at their end."""
        for stmt in stmts:
            nodes = header(stmt)
            self.record(stmt, nodes, env)
            self.named(nodes, env)
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
        elif isinstance(stmt, ast.Match):
            return self.cases(stmt, env)
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
        """Note what a statement does to lists and dicts."""
        places = []
        for node in nodes:
            if isinstance(node, ast.Call):
                self.call_changes(stmt, node, env)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
                held = Evaluator(env, self.call, self.constant, self.stable).kind(as_load(node.value))
                if isinstance(node.ctx, ast.Del):
                    self.changed = self.changed if held.what == "dict" else self.changed.with_doubt(held)
                elif held.what not in ("array", "scalar"):
                    places.append((node, held))
        if places:
            self.store(stmt, places, env)
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            held = env.get(stmt.target.id, UNKNOWN)
            if held.what in CONTAINERS:
                self.changed = self.changed.with_doubt(held)

    def store(self, stmt: ast.stmt, places: Sequence[tuple[ast.Subscript, Kind]], env: Env) -> None:
        """Note what a statement stores into slots of what may be lists or dicts."""
        values = dict(stores(stmt, lambda expr: self.evaluate(expr, env)))
        for place, held in places:
            value = values.get(place, UNKNOWN)
            base, known = place.value, members_of(held)
            if isinstance(base, ast.Name) and base.id in self.own and known is not None:
                sliced = _sliced(place)
                new = with_members(held, value) if sliced else with_entry(held, place.slice, value)
                self.bind(stmt, base.id, new, env)
            else:
                self.put(held, place.slice, value)

    def put(self, held: Kind, index: ast.expr, value: Kind) -> None:
        """Note that a value is stored into what may have other names."""
        key = core.key_of(index)
        if key is not None and (held.what == "dict" or held.what == "unknown" and isinstance(key, str)):
            self.changed = self.changed.with_entry(key, value)
            return
        fit = fits(held, index, value)
        self.changed = self.changed.with_stored(value) if fit else self.changed.with_doubt(held)

    def call_changes(self, stmt: ast.stmt, call: ast.Call, env: Env) -> None:
        """Note what a call does to lists and dicts."""
        name = core.qualname(call.func)
        evaluator = Evaluator(env, self.call, self.constant, self.stable)
        if name.startswith("@"):
            self.changed = self.changed.and_also(self.changes(name, [evaluator.kind(arg) for arg in call.args]))
        elif name == "sct.runtime.accumulate_at":
            place = ast.Subscript(value=call.args[0], slice=call.args[1], ctx=ast.Load())
            added = ast.BinOp(left=place, op=ast.Add(), right=call.args[2])
            self.put(evaluator.kind(call.args[0]), call.args[1], evaluator.kind(added))
        elif isinstance(call.func, ast.Attribute) and call.func.attr in WRITING_METHODS and not name:
            self.method(stmt, call, call.func, env)
        else:
            for written in purity.written_by(call):
                self.changed = self.changed.with_doubt(evaluator.kind(written))

    def method(self, stmt: ast.stmt, call: ast.Call, func: ast.Attribute, env: Env) -> None:
        """Note what a method does to a list or a dict that it is called on."""
        held, base = self.evaluate(func.value, env), func.value
        own = isinstance(base, ast.Name) and base.id in self.own
        if held.what not in (*CONTAINERS, "unknown") or held.what == "dict" and func.attr in _TAKING:
            return
        known = members_of(held)
        if not isinstance(base, ast.Name) or known is None or func.attr not in CHANGING or held.what == "unknown":
            self.changed = self.changed.with_doubt(held)
        elif held.what == "dict":
            value = self.evaluate(call.args[1], env) if func.attr == "setdefault" and len(call.args) == 2 else None
            if not own:
                self.changed = self.changed.with_doubt(held)
            else:
                new = Kind("dict", held.dtype) if value is None else with_entry(held, call.args[0], value)
                self.bind(stmt, base.id, join(held, new, ""), env)
        elif func.attr == "append" or held.items != ():
            added = [self.evaluate(call.args[0], env)] if func.attr == "append" else []
            if not own:
                self.grow(held, added)
            self.bind(stmt, base.id, Kind("list", element=any_of([*known, *added])), env)

    def grow(self, held: Kind, added: Sequence[Kind]) -> None:
        """Note that a list which may have other names got members, or lost one."""
        self.changed = replace(self.changed, grown=True)
        for value in added:
            self.put(held, ast.Name(id="", ctx=ast.Load()), value)

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
                elif name.endswith("members"):
                    kind = _with_members(old, stmt.value.args[-1])
                else:
                    kind = _without_integers(old)
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
            parts = Evaluator(env, self.call, self.constant, self.stable).unpacked(target, kind)
            for sub, part in zip(target.elts, parts, strict=True):
                self.assign(stmt, sub.value if isinstance(sub, ast.Starred) else sub, None, part, env)

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
        taken = _is_none(stmt.test, env)
        other = dict(env)
        first = self.block(stmt.body, env)
        second = self.block(stmt.orelse, other)
        if first and second and taken is not None:
            self.only(stmt, env, env if taken else other)
        elif first and second:
            self.merge(stmt, env, other)
        elif second:
            env.clear()
            env.update(other)
        return first or second

    def cases(self, stmt: ast.Match, env: Env) -> bool:
        """Run each case on what holds before all of them; control may come out of any, or pass all of them by."""
        start = dict(env)
        ends = [dict(env)]
        for case in stmt.cases:
            inside = dict(start)
            if self.block(case.body, inside):
                ends.append(inside)
        if is_exhaustive(stmt):
            del ends[0]
        if ends:
            self.only(stmt, env, ends[0])
            for other in ends[1:]:
                self.merge(stmt, env, other)
        return bool(ends)

    def only(self, stmt: ast.stmt, env: Env, true: Env) -> None:
        """Make `env` hold of the one arm that is run."""
        if true is not env:
            env.clear()
            env.update(true)
        for name in assigned_names([stmt]):
            if name in env:
                self.after.setdefault(stmt, {})[name] = env[name]

    def merge(self, stmt: ast.stmt, env: Env, other: Env) -> None:
        """Make `env` hold of either of the two."""
        for name in [*assigned_names([stmt]), *changed_lists([stmt], self.own)]:
            if name in env and name in other:
                env[name] = join(env[name], other[name], f"~{self.site(stmt)}{name}")
            elif name in other:
                env[name] = other[name]
            if name in env:
                self.after.setdefault(stmt, {})[name] = env[name]

    def begun(self, stmt: ast.For | ast.While, entry: Env) -> Env:
        """Return what a loop starts from; deep inside others what it came to before, or each would double the time."""
        head = dict(entry)
        for name, kind in self.heads.get(stmt, {}).items() if self.depth > _DEEP else ():
            head[name] = join(head[name], kind, f"~{self.site(stmt)}{name}") if name in head else kind
        return head

    def loop(self, stmt: ast.For | ast.While, env: Env) -> None:
        changed = list(dict.fromkeys([*assigned_names([stmt]), *changed_lists([stmt], self.own)]))
        entry = {name: env[name] for name in changed if name in env}
        head = self.begun(stmt, entry)
        self.depth += 1
        for _ in range(12):
            run = dict(env)
            run.update(head)
            self.record(stmt, header(stmt), run)
            self.jumps.append([])
            exits = [dict(run)]
            if isinstance(stmt, ast.For):
                self.bind_target(stmt, run)
            else:
                self.named(walk(stmt.test), run)
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
        self.depth -= 1
        self.heads[stmt] = head
        for name in changed:
            kinds = [e[name] for e in exits if name in e]
            if kinds:
                env[name] = join_all(kinds, f"~{self.site(stmt)}out {name}")
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
            return retoken(base, token)
        if head == end:
            return head
        return join(head, end, token)

    def bind_target(self, stmt: ast.For, env: Env) -> None:
        evaluator = Evaluator(env, self.call, self.constant, self.stable)
        self.assign(stmt, stmt.target, None, evaluator.iterated(stmt.iter), env)

    def attempt(self, stmt: ast.Try, env: Env) -> None:
        start = dict(env)
        self.block(stmt.body, env)
        after = dict(env)
        self.block(stmt.orelse, env)
        for handler in stmt.handlers:
            other = dict(start)
            for name in assigned_names(stmt.body):
                held = [known[name] for known in (start, after) if name in known]
                other[name] = replace(UNKNOWN, among=join_all([UNKNOWN, *held], "").among)
            if handler.name:
                other[handler.name] = UNKNOWN
            self.block(handler.body, other)
            self.merge(stmt, env, other)
        self.block(stmt.finalbody, env)


def _without_integers(kind: Kind) -> Kind:
    """Return what is known of a value that has turned out to be no array of integers."""
    if kind.what != "array" or kind.dtype == "complex":
        return kind
    return replace(kind, dtype="inexact" if kind.dtype in ("inexact", "unknown") else "float")


def _with_members(kind: Kind, depth: ast.expr) -> Kind:
    """Return the kind of a value that gives numbers when it is subscripted `depth` times."""
    if not isinstance(depth, ast.Constant) or not isinstance(depth.value, int):
        return kind
    if kind.what == "array" and kind.shape is not None:
        return replace(kind, shape=Shape(kind.shape.token, depth.value))
    if kind.what not in ("array", "list", "unknown") or kind.items is not None:
        return kind
    element = Kind("scalar", "unknown", NO_AXES)
    for _ in range(depth.value - 1):
        element = Kind(element=element)
    return replace(kind, element=element)


def _binds_inside(expr: ast.expr) -> bool:
    return any(part.__class__ is ast.NamedExpr for part in walk(expr))


def _sliced(place: ast.Subscript) -> bool:
    return any(isinstance(n, ast.Slice) for n in walk(place.slice))


def _starred(target: ast.Tuple | ast.List) -> bool:
    return any(isinstance(e, ast.Starred) for e in target.elts)


def _is_none(test: ast.expr, env: Mapping[str, Kind]) -> bool | None:
    """Say whether a test that a variable is None, or is not, is true; None where it is not known, or another test."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return None
    other, op = test.comparators[0], test.ops[0]
    kind = env.get(test.left.id)
    if not isinstance(other, ast.Constant) or other.value is not None or not isinstance(op, (ast.Is, ast.IsNot)):
        return None
    if kind is None or kind.what == "unknown":
        return None
    return (kind.what == "none") is isinstance(op, ast.Is)
