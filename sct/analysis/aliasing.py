"""Which names may share memory, and which memory is written in place.

In: a resolved function and its `Facts`. Out: `Aliases`: classes of names, found by uniting whatever an assignment
may make share (a name and its copy, an array and its view, a container and its members), whatever the order of the
statements. Numbers, texts and fresh results of operations share with nothing.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sct import core, rules
from sct.analysis import purity
from sct.analysis.holders import Holders
from sct.analysis.infer import Facts
from sct.analysis.joining import members_of
from sct.analysis.kinds import Kind
from sct.analysis.lists import sure_arrays
from sct.walk import given, header, paired, root_name, walk

#: Methods that keep what they are given.
KEEPING_METHODS = frozenset("append extend insert setdefault update add appendleft extendleft".split())
#: Methods that return members of a list or a dict.
TAKING = ("items", "values", "get", "pop", "setdefault")
#: Functions whose result has one object twice where their argument has.
_SHARING = ("sct.runtime.zeros_mirror", "copy.deepcopy")
#: Functions that run over something, and those that hold what they are given, no member twice.
_RUNNING = tuple(f"builtins.{name}" for name in "zip enumerate reversed list tuple sorted iter dict".split())
_HOLDING = (*_RUNNING, *(f"collections.{name}" for name in ("deque", "defaultdict", "OrderedDict")))
DOUBLED = (
    "this loop writes into what it runs over, in which one object may be twice",
    "Name what it runs over in a statement before.",
)
IMMUTABLE = ("scalar", "text", "none", "function")
#: What a call of a user's function does to memory: positions written, and groups of positions (-1: the result) that
#: may share memory afterwards.
CallEffects = Callable[[str], "Effects"]


@dataclass(frozen=True)
class Effects:
    """What calling a function does to the memory of its arguments.

    `into` has the positions of the arguments that are written, each with those on which what is written may depend.
    Of the arguments at `slots`, if they are lists or dicts, slots are bound anew and nothing else is written; of those
    at `members` what is in them may be written too.
    `tangled` says that the members of a result may share memory with each other that no argument has, `member` that
    what it returns is one member of something, `recursive` that it calls itself, perhaps by way of others,
    `copies` that it returns a copy of something, which has the same members where that is a list or a dict. `leads` has
    for each position, and for the result, the others that it may be, be a part of, or hold afterwards.
    """

    into: Mapping[int, frozenset[int]] = field(default_factory=dict)
    slots: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    shared: tuple[frozenset[int], ...] = ()
    tangled: bool = False
    member: bool = False
    recursive: bool = False
    copies: bool = False
    leads: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def written(self) -> frozenset[int]:
        """Return the positions of the arguments that are written."""
        return frozenset(self.into)


@dataclass(frozen=True)
class Aliases:
    """Classes of names that may share memory."""

    leader: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    written: frozenset[str]  # leaders of classes of which memory is written
    slots: tuple[frozenset[str], ...]  # lists and dicts of which slots are bound anew, each with what holds it
    stores: Mapping[str, tuple[ast.stmt, ...]]
    sources: Mapping[str, frozenset[str]]  # for each name those whose memory it was bound to, or came to hold
    tangled: frozenset[str]  # names of what may hold an object twice that has no other name, and of its members
    doubled: Mapping[ast.stmt, tuple[ast.expr, ...]]  # loops, each with what makes such in what it runs over

    def find(self, name: str) -> str:
        """Return the name that stands for the class of `name`."""
        return self.leader.get(name, name)

    def may_alias(self, a: str, b: str) -> bool:
        """Say whether the two may share memory."""
        return self.find(a) == self.find(b)

    def group(self, name: str) -> tuple[str, ...]:
        """Return all names that may share memory with `name`, itself included."""
        return self.members.get(self.find(name), (name,))

    def holders(self, name: str) -> frozenset[str]:
        """Return the names that see it when a slot of the list or dict `name` is bound anew."""
        return next((group for group in self.slots if name in group), frozenset([name]))

    def seeing(self, name: str) -> frozenset[str]:
        """Return the names that may see it when memory of `name` is written, or a slot of it bound anew."""
        return self.holders(name).union(self.group(name))

    def is_written(self, name: str) -> bool:
        """Say whether memory that `name` may share is written in place."""
        return self.is_memory_written(name) or any(name in group for group in self.slots)

    def is_memory_written(self, name: str) -> bool:
        """Say whether memory that `name` may share is written, not only slots of lists and dicts."""
        return self.find(name) in self.written

    def written_in(self, stmt: ast.stmt, place: ast.expr) -> list[str]:
        """Return the names of whose memory `place`, which a statement writes, is: ``a`` of ``np.transpose(a)``."""
        base = root_name(place)
        if base is not None:
            return [base]
        named = dict.fromkeys(n.id for n in walk(place) if isinstance(n, ast.Name) and not core.is_ref(n))
        return [name for name in named if stmt in self.stores.get(self.find(name), ())]

    def met_again(self, stmt: ast.For) -> tuple[ast.expr, ...]:
        """Return the parts of what a loop runs over that may give an object twice, if the loop's names are written."""
        names = [n.id for n in walk(stmt.target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        return self.doubled.get(stmt, ()) if any(self.is_written(name) for name in names) else ()

    def is_shared(self, name: str) -> bool:
        """Say whether another name may share the memory of `name`."""
        return len(self.group(name)) > 1

    def is_kept(self, name: str) -> bool:
        """Say whether the memory that `name` has may be in use when the name is bound anew: ``x = x.reshape(3)``."""
        return self.is_shared(name) or name in self.sources.get(name, ())


def aliases(
    node: ast.FunctionDef, facts: Facts, effects: CallEffects = lambda key: Effects(), dicts: bool = False
) -> Aliases:
    """Find the alias classes of a function; `dicts`: where what is stored into under a text is taken for a dict."""
    finder = Finder(facts, effects)
    finder.dicts = dicts
    for arg in _parameters(node):
        finder.parent.setdefault(arg, arg)
    finder.arrays = sure_arrays(node)
    finder.block(node.body)
    return finder.result(node)


def _parameters(node: ast.FunctionDef) -> list[str]:
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *([a.vararg] if a.vararg else []), *([a.kwarg] if a.kwarg else [])]
    return [arg.arg for arg in every]


class Finder:
    """Unites the names that may share memory."""

    def __init__(self, facts: Facts, effects: CallEffects) -> None:
        self.facts = facts
        self.effects = effects
        self.parent: dict[str, str] = {}
        self.stores: dict[str, list[ast.stmt]] = {}
        self.bound: dict[str, set[str]] = {}
        self.memory: set[str] = set()
        self.slots: set[str] = set()
        self.tangled: set[str] = set()
        self.doubled: dict[ast.stmt, tuple[ast.expr, ...]] = {}
        self.arrays: frozenset[str] = frozenset()
        self.dicts = False

    def find(self, name: str) -> str:
        self.parent.setdefault(name, name)
        root = name
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[name] != root:
            self.parent[name], name = root, self.parent[name]
        return root

    def unite(self, names: Iterable[str]) -> None:
        first: str | None = None
        for name in names:
            if first is None:
                first = self.find(name)
            else:
                self.parent[self.find(name)] = first

    def block(self, stmts: Sequence[ast.stmt]) -> None:
        for stmt in stmts:
            self.statement(stmt)
            for fieldname in ("body", "orelse", "finalbody"):
                self.block(getattr(stmt, fieldname, []))
            for handler in (*getattr(stmt, "handlers", ()), *getattr(stmt, "cases", ())):
                self.block(handler.body)

    def statement(self, stmt: ast.stmt) -> None:
        for node in header(stmt):
            if isinstance(node, ast.Call):
                self.call(stmt, node)
            elif isinstance(node, ast.NamedExpr):
                self.assign(stmt, node.target, node.value)
            elif isinstance(node, ast.comprehension):
                self.bind(stmt, node.target, self.run_over(stmt, node.iter))
                self.tie(stmt, node.target, node.iter)
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                self.assign(stmt, target, stmt.value)
            if len(stmt.targets) > 1:
                names = [t.id for t in stmt.targets if isinstance(t, ast.Name)]
                if names and not self.immutable(stmt, names[0]):
                    self.unite(names)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            self.assign(stmt, stmt.target, stmt.value)
        elif isinstance(stmt, ast.AugAssign):
            self.store(stmt, stmt.target)
        elif isinstance(stmt, ast.For):
            self.bind(stmt, stmt.target, self.run_over(stmt, stmt.iter))
            self.tie(stmt, stmt.target, stmt.iter)
        elif isinstance(stmt, ast.Delete):
            for target in stmt.targets:
                if isinstance(target, ast.Subscript):
                    self.store(stmt, target)

    def what(self, stmt: ast.stmt, expr: ast.expr) -> str:
        return self.facts.kind(stmt, expr).what

    def immutable(self, stmt: ast.stmt, name: str) -> bool:
        return self.facts.name_after(stmt, name).what in IMMUTABLE

    def immutable_value(self, stmt: ast.stmt, name: str) -> bool:
        return self.facts.kind(stmt, ast.Name(id=name, ctx=ast.Load())).what in IMMUTABLE

    def assign(self, stmt: ast.stmt, target: ast.expr, value: ast.expr) -> None:
        if pairs := paired(target, value):
            for sub, part in pairs:
                self.assign(stmt, sub, part)
            return
        self.bind(stmt, target, self.sources(stmt, value))
        self.tie(stmt, target, value)

    def tie(self, stmt: ast.stmt, target: ast.expr, value: ast.expr) -> None:
        """Unite the names of members of a value of which two may be one object that has no other name."""
        loop = isinstance(stmt, ast.For) and value is stmt.iter
        if not loop and self.what(stmt, value) in (*IMMUTABLE, "array"):
            return
        tangled = [part for part in walk(value) if isinstance(part, ast.expr) and self.tangles(stmt, part)]
        if tangled:
            bound = [n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            self.unite([name for name in bound if not self.immutable(stmt, name)])
            self.tangled.update(bound)
            if loop:
                self.doubled[stmt] = tuple(tangled)

    def tangles(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        """Say whether something of what an expression makes may be in it twice: ``[np.zeros(3)] * 2``."""
        if isinstance(expr, ast.BinOp):
            return isinstance(expr.op, ast.Mult) and self._joins_sequences(stmt, expr)
        if not isinstance(expr, ast.Call):
            return False
        name = core.qualname(expr.func)
        if name.startswith("@"):
            effects = self.effects(name)
            return effects.tangled or any(-1 in group for group in effects.shared)
        if name in _HOLDING or isinstance(expr.func, ast.Attribute) and expr.func.attr in TAKING:
            return False
        try:
            return rules.match(expr) is None or name in _SHARING
        except rules.Unsupported:
            return True

    def bind(self, stmt: ast.stmt, target: ast.expr, sources: frozenset[str]) -> None:
        if isinstance(target, ast.Name):
            self.find(target.id)
            if sources and not self.immutable(stmt, target.id):
                self.share(target.id, sources)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for sub in target.elts:
                self.bind(stmt, sub.value if isinstance(sub, ast.Starred) else sub, sources)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            self.store(stmt, target)
            base = root_name(target)
            # An array copies what is stored into it; a list or a dict keeps the object itself.
            if base is not None and base not in self.arrays and "array" not in self.kinds_of(stmt, target.value):
                self.share(base, sources)

    def share(self, name: str, sources: Iterable[str]) -> None:
        """Note that `name` is bound to the memory of others, or comes to hold it."""
        self.bound.setdefault(name, set()).update(sources)
        self.unite([name, *sorted(sources)])

    def kinds_of(self, stmt: ast.stmt, holder: ast.expr) -> list[str]:
        """Return what that is into which something is stored, and what that is a part of."""
        found: list[str] = [self.what(stmt, _as_load(holder))]
        return [*found, *self.kinds_of(stmt, holder.value)] if isinstance(holder, ast.Subscript) else found

    def store(self, stmt: ast.stmt, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if not (isinstance(stmt, ast.AugAssign) and self.facts.binds_anew(stmt)):
                self.note(stmt, target.id)
        else:
            base = root_name(target)
            if base is not None:
                self.note(stmt, base, isinstance(target, (ast.Subscript, ast.Attribute)) and target.value)
            elif isinstance(target, (ast.Subscript, ast.Attribute)):
                self.note_sources(stmt, target.value)

    def note(self, stmt: ast.stmt, name: str, holder: ast.expr | bool = False) -> None:
        """Note that memory of a name is written; only a slot where `holder`, the name itself, is a list or a dict."""
        self.stores.setdefault(name, []).append(stmt)
        slot = isinstance(holder, ast.Name) and self.is_container(stmt, holder)
        if slot:
            self.slots.add(name)
        if not slot or isinstance(stmt, ast.AugAssign) and not self.immutable_member(stmt):
            self.memory.add(name)

    def note_sources(self, stmt: ast.stmt, place: ast.expr) -> None:
        """Note that memory without a name of its own is written."""
        for source in self.sources(stmt, place):
            self.note(stmt, source)

    def is_container(self, stmt: ast.stmt, holder: ast.Name) -> bool:
        """Say whether a name is of a list or a dict; a text as the key says so where that is enough."""
        what = self.facts.kind(stmt, _as_load(holder)).what
        if not self.dicts or what != "unknown":
            return what in ("list", "dict")
        parts = [n for n in header(stmt) if isinstance(n, ast.Subscript) and not isinstance(n.ctx, ast.Load)]
        keys = [n.slice for n in parts if isinstance(n.value, ast.Name) and n.value.id == holder.id]
        return bool(keys) and all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in keys)

    def immutable_member(self, stmt: ast.AugAssign) -> bool:
        """Say whether an augmented assignment binds a slot anew, rather than write the array that is in it."""
        return self.facts.kind(stmt, _as_load(stmt.target)).what in IMMUTABLE

    def call(self, stmt: ast.stmt, call: ast.Call) -> None:
        name = core.qualname(call.func)
        if isinstance(call.func, ast.Attribute) and call.func.attr in KEEPING_METHODS:
            base = root_name(call.func.value)
            if base is not None:
                for arg in given(call):
                    self.share(base, self.sources(stmt, arg))
        for written in () if name.startswith("@") else purity.written_by(call):
            base = root_name(written)
            if base is not None and not self.immutable_value(stmt, base):
                binds_slots = not purity.call_effect(call).unknown and name not in core.WRITES_MEMBERS
                self.note(stmt, base, binds_slots and written)
            if base is None:
                self.note_sources(stmt, written)  # ``np.asarray(a).sort()``
        if name.startswith("@"):
            effects = self.effects(name)
            for position in effects.written:
                for source in self.sources(stmt, call.args[position]) if position < len(call.args) else ():
                    self.note(stmt, source, position in effects.slots and call.args[position])
            for group in effects.shared:
                self.unite(
                    [
                        s
                        for i in sorted(group)
                        if 0 <= i < len(call.args)
                        for s in sorted(self.sources(stmt, call.args[i]))
                    ]
                )

    def is_dict(self, stmt: ast.stmt, expr: ast.expr) -> bool:
        return self.facts.kind(stmt, expr).what == "dict"

    def run_over(self, stmt: ast.stmt, expr: ast.expr) -> frozenset[str]:
        """Return the names whose memory the members of `expr` may share; the keys of a dict share none."""
        return frozenset() if self.is_dict(stmt, expr) else self.sources(stmt, expr)

    def sources(self, stmt: ast.stmt, expr: ast.expr) -> frozenset[str]:
        """Return the names whose memory the value of `expr` may share."""
        if isinstance(expr, ast.Constant):
            return frozenset()
        if self.facts.kind(stmt, expr).what in IMMUTABLE:
            return frozenset()
        if isinstance(expr, ast.Name):
            return frozenset() if core.is_ref(expr) else frozenset([expr.id])
        if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
            return self._union(stmt, expr.elts)
        if isinstance(expr, ast.Dict):
            return self._union(stmt, expr.values)
        if isinstance(expr, ast.IfExp):
            return self._union(stmt, [expr.body, expr.orelse])
        if isinstance(expr, ast.BoolOp):
            return self._union(stmt, expr.values)
        if isinstance(expr, ast.Starred):
            return self.run_over(stmt, expr.value)
        if isinstance(expr, ast.NamedExpr):
            return self.sources(stmt, expr.value)
        if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
            whole = self.facts.kind(stmt, expr.value)
            if whole.what == "list" and holds_numbers(whole):
                return frozenset()  # a list of its own, of numbers
        if isinstance(expr, ast.Subscript):
            steps = expr.slice.elts if isinstance(expr.slice, ast.Tuple) else [expr.slice]
            if any(isinstance(s, (ast.List, ast.Compare)) or self.facts.kind(stmt, s).what == "array" for s in steps):
                return frozenset()  # an index that is an array or a mask copies
            return self.sources(stmt, expr.value)
        if isinstance(expr, (ast.ListComp, ast.GeneratorExp)):
            return self.sources(stmt, expr.elt)
        if isinstance(expr, ast.DictComp):
            return self.sources(stmt, expr.value)
        if isinstance(expr, ast.BinOp) and self._joins_sequences(stmt, expr):
            return self._union(stmt, [expr.left, expr.right])
        return self._call_sources(stmt, expr)

    def _joins_sequences(self, stmt: ast.stmt, expr: ast.BinOp) -> bool:
        """Say whether an operation repeats or joins lists, which hold the objects themselves."""
        sides = [self.facts.kind(stmt, side) for side in (expr.left, expr.right)]
        joined = any(k.what in ("list", "tuple") for k in sides) and all(k.what != "array" for k in sides)
        return joined and not all(map(holds_numbers, sides))

    def _union(self, stmt: ast.stmt, exprs: Iterable[ast.expr]) -> frozenset[str]:
        return frozenset(name for e in exprs for name in self.sources(stmt, e))

    def _call_sources(self, stmt: ast.stmt, expr: ast.expr) -> frozenset[str]:
        name = core.qualname(expr.func) if isinstance(expr, ast.Call) else ""
        out = [k.value for k in expr.keywords if k.arg == "out"] if isinstance(expr, ast.Call) else []
        if out and not name.startswith("@"):
            return self._union(stmt, out)  # what is written is what comes back
        if isinstance(expr, ast.Call) and name.startswith("@"):
            groups = [g for g in self.effects(name).shared if -1 in g]
            shared = [expr.args[i] for g in groups for i in sorted(g) if 0 <= i < len(expr.args)]
            if self.effects(name).copies and self.facts.kind(stmt, expr).what in ("list", "tuple", "dict"):
                shared = expr.args
            return self._union(stmt, shared)
        if isinstance(expr, ast.Call) and name in _RUNNING:
            copies = name in ("builtins.list", "builtins.tuple", "builtins.sorted") and len(expr.args) == 1
            if copies and holds_numbers(self.facts.kind(stmt, expr.args[0])):
                return frozenset()
            run_over = [a for a in given(expr) if name == "builtins.dict" or not self.is_dict(stmt, a)]
            return self._union(stmt, run_over)
        if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr in TAKING:
            return self.sources(stmt, expr.func.value)
        if isinstance(expr, ast.Call) and name in ("builtins.max", "builtins.min"):
            return self._union(stmt, expr.args)  # one of them, or of their members
        if isinstance(expr, ast.Call) and name == "builtins.sum":
            return self._summed_sources(stmt, expr)
        copied = core.shallow_copied(expr)
        if copied is not None and self.facts.kind(stmt, copied).what in ("list", "tuple", "dict"):
            return frozenset() if holds_numbers(self.facts.kind(stmt, copied)) else self.sources(stmt, copied)
        try:
            match = rules.match(expr)
        except rules.Unsupported:
            match = None
        if match is None:
            unknown = given(expr) if isinstance(expr, ast.Call) else []
            receiver = [expr.func.value] if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) else []
            if isinstance(expr, ast.Attribute):
                receiver = [expr.value]
            return self._union(stmt, [*receiver, *unknown])
        if rules.is_fresh(match, self.facts.kinds(stmt)):
            return frozenset()
        return self._union(stmt, [match.args[p] for p in match.operands[:1]])

    def _summed_sources(self, stmt: ast.stmt, expr: ast.Call) -> frozenset[str]:
        """The sum of nothing is what it begins with, and a sum of lists holds their members."""
        start = core.begins(expr)
        kind = None if start is None else self.facts.kind(stmt, start)
        if start is None or kind is None or kind.what in IMMUTABLE:
            return frozenset()
        return self.sources(stmt, start) if kind.what == "array" else self._union(stmt, given(expr))

    def result(self, node: ast.FunctionDef) -> Aliases:
        leader = {name: self.find(name) for name in list(self.parent)}
        members: dict[str, list[str]] = {}
        for name, root in leader.items():
            members.setdefault(root, []).append(name)
        for name in self.stores:
            leader.setdefault(name, name)
        written = frozenset(leader[name] for name in self.memory)
        holders = Holders(node, lambda a, b: self.find(a) == self.find(b)) if self.slots else None
        slots = _joined([holders.touched(name) for name in sorted(self.slots)] if holders else [])
        stores: dict[str, list[ast.stmt]] = {}
        for name, stmts in self.stores.items():
            stores.setdefault(leader[name], []).extend(stmts)
        groups = {root: tuple(names) for root, names in members.items()}
        sources = {name: frozenset(bound) for name, bound in self.bound.items()}
        found = {root: tuple(stmts) for root, stmts in stores.items()}
        return Aliases(leader, groups, written, slots, found, sources, frozenset(self.tangled), self.doubled)


def holds_numbers(kind: Kind) -> bool:
    """Say whether all members of something are numbers or texts, which share no memory."""
    members = members_of(kind)
    return bool(members) and all(k.what in IMMUTABLE for k in members or ())


def _joined(groups: Sequence[set[str]]) -> tuple[frozenset[str], ...]:
    """Join groups that have a member in common."""
    out: list[set[str]] = []
    for group in groups:
        apart = [g for g in out if not g & group]
        out = [*apart, group.union(*(g for g in out if g & group))]
    return tuple(map(frozenset, out))


def _as_load(place: ast.expr) -> ast.expr:
    """Return a place that is read, for one that may be written."""
    read = copy.copy(place)
    if isinstance(read, (ast.Name, ast.Subscript, ast.Attribute)):
        read.ctx = ast.Load()
    return read
