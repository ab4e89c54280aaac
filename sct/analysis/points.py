"""What names lead to, and of which of them memory may be written.

In: a flattened function and its `Facts`. Out: the names that lead to memory which is written in place: to an array, a
list or a dict itself, or to a container that holds one. `aliasing` unites the names that may share memory, so that a
list makes all its members one class; here a list leads to its members, and they do not lead to each other.

The relation is that of L. O. Andersen, "Program Analysis and Specialization for the C Programming Language" (1994),
section 4: each expression that makes something stands for what it makes, what is put into an object is in its one
field, and the statements are gone through in any order until nothing changes. A field has a name here where a member
is found by a constant, as long as nothing moves the members of what it is in.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from sct import core, rules
from sct.analysis import purity
from sct.analysis.aliasing import IMMUTABLE, KEEPING_METHODS, TAKING, CallEffects, holds_numbers
from sct.analysis.evaluator import as_load
from sct.analysis.infer import Facts
from sct.analysis.kinds import CONTAINERS
from sct.analysis.lists import sure_arrays
from sct.walk import blocks, given, header, paired, parameters, walk

#: The constant that a member is found by, None for any.
Key = str | int | None
#: What a name may lead to: what an expression made, or what a parameter was given and the members of that.
Site = ast.AST | str
#: Methods of lists and dicts that leave each member where it is.
_STEADY = frozenset("append extend update setdefault get items keys values copy".split())
_PAIRED = ("builtins.zip", "builtins.enumerate")
_COPYING = tuple(f"builtins.{name}" for name in ("list", "tuple", "sorted", "reversed", "iter", "dict", "set"))


def touched(
    node: ast.FunctionDef, facts: Facts, effects: CallEffects, shadowed: Collection[str], result: bool
) -> frozenset[str]:
    """Return the names that lead to memory which is written, here or by the caller.

    The caller writes that of the parameters in `shadowed`, with whatever they come to hold here, and what is returned
    where `result`; but not that of another parameter, which would be in `shadowed` if it did.
    """
    points = Points(node, facts, effects)
    own = {name: {name, _member(name)} for name in parameters(node)}
    passed = points.every(points.returned if result else ()).union(*(points.every(own[name]) for name in shadowed))
    written = points.written | passed.difference(*(sites for name, sites in own.items() if name not in shadowed))
    return frozenset(name for name, sites in points.names.items() if points.every(sites) & written)


def _member(parameter: str) -> str:
    """Return what the members of a parameter stand for, and theirs."""
    return f"{parameter}[]"


class Points:
    """Goes through a function until what each name leads to is known."""

    def __init__(self, node: ast.FunctionDef, facts: Facts, effects: CallEffects) -> None:
        self.facts = facts
        self.effects = effects
        self.arrays = sure_arrays(node)
        self.names: dict[str, set[Site]] = {}
        self.inside: dict[Site, dict[Key, set[Site]]] = {}
        self.written: set[Site] = set()
        self.returned: set[Site] = set()
        self.moved: set[Site] = set()  # of which members may be anywhere
        self.grown = False
        self.loads: dict[ast.expr, ast.expr] = {}
        self.matches: dict[ast.expr, rules.Match | None] = {}
        for name in parameters(node):
            self.names[name] = {name}
            self.put([name, _member(name)], {_member(name)})
        self.settle(node.body)

    def settle(self, body: Sequence[ast.stmt]) -> None:
        self.grown = True
        while self.grown:
            self.grown = False
            self.block(body)

    def loaded(self, place: ast.expr) -> ast.expr:
        """Return a place as it is read: the same expression each time, since it may stand for what it makes."""
        return self.loads.setdefault(place, as_load(place))

    def grow(self, known: set[Site], new: set[Site]) -> None:
        if not new <= known:
            known |= new
            self.grown = True

    def members(self, sites: Iterable[Site], key: Key = None) -> set[Site]:
        """Return what is in what is at some sites: all of it, or what may be found there by a constant."""
        found: set[Site] = set()
        for site in sites:
            fields = self.inside.get(site, {})
            every = key is None or site in self.moved
            found.update(*(held for name, held in fields.items() if every or name in (key, None)))
        return found

    def every(self, sites: Iterable[Site]) -> set[Site]:
        """Return what can be reached from some sites, themselves included."""
        found = set(sites)
        todo = list(found)
        while todo:
            new = self.members([todo.pop()]) - found
            found |= new
            todo += new
        return found

    def put(self, holders: Iterable[Site], held: set[Site], key: Key = None) -> None:
        for site in holders:
            self.grow(self.inside.setdefault(site, {}).setdefault(key, set()), held)

    def made(self, expr: ast.AST, members: set[Site] | None = None) -> set[Site]:
        """Return what an expression makes, which holds `members`, or as far as is known more of what it made."""
        self.put([expr], {expr} if members is None else members)
        return {expr}

    def what(self, stmt: ast.stmt, expr: ast.expr) -> str:
        return self.facts.kind(stmt, expr).what

    def parts(self, stmt: ast.stmt, expr: ast.expr) -> set[Site]:
        """Return what the members of an expression are: those of an array are views of it."""
        return self.parts_of(self.what(stmt, expr), self.value(stmt, expr))

    def parts_of(self, what: str, sites: set[Site], key: Key = None) -> set[Site]:
        return sites if what == "array" else self.members(sites, key) | (set() if what in CONTAINERS else sites)

    def leads(self, names: Sequence[str]) -> dict[int, frozenset[int]]:
        """Return to which parameters each leads in the end, by position, and at -1 to which the result does."""
        own = [{name, _member(name)} for name in names]
        ends = {-1: self.every(self.returned), **{i: self.every(sites) for i, sites in enumerate(own)}}
        return {i: frozenset(j for j, sites in enumerate(own) if j != i and sites & end) for i, end in ends.items()}

    def writes(self, parameter: str) -> bool:
        """Say whether memory that a parameter was given may be written."""
        return not self.written.isdisjoint([parameter, _member(parameter)])

    def writes_members(self, parameter: str) -> bool:
        """Say whether the members of a parameter may be written, if it is a list or a dict."""
        return _member(parameter) in self.written

    # Statements.

    def block(self, stmts: Sequence[ast.stmt]) -> None:
        for stmt in stmts:
            self.statement(stmt)
            for inner in blocks(stmt):
                self.block(inner)

    def statement(self, stmt: ast.stmt) -> None:
        for node in header(stmt):
            if isinstance(node, ast.Call):
                self.call(stmt, node)
            elif isinstance(node, ast.NamedExpr):
                self.assign(stmt, node.target, node.value)
            elif isinstance(node, ast.comprehension):
                self.bind(stmt, node.target, self.parts(stmt, node.iter), "unknown")
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                self.assign(stmt, target, stmt.value)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            self.assign(stmt, stmt.target, stmt.value)
        elif isinstance(stmt, ast.AugAssign):
            self.augment(stmt)
        elif isinstance(stmt, ast.For):
            self.bind(stmt, stmt.target, self.parts(stmt, stmt.iter), "unknown")
        elif isinstance(stmt, ast.With):
            for item in stmt.items:
                if item.optional_vars is not None:
                    self.bind(stmt, item.optional_vars, self.every(self.value(stmt, item.context_expr)), "unknown")
        elif isinstance(stmt, ast.Return) and stmt.value is not None:
            self.grow(self.returned, self.value(stmt, stmt.value))
        elif isinstance(stmt, ast.Delete):
            for target in stmt.targets:
                if isinstance(target, (ast.Subscript, ast.Attribute)):
                    self.write(self.value(stmt, self.loaded(target.value)))
                    self.move(self.value(stmt, self.loaded(target.value)))

    def assign(self, stmt: ast.stmt, target: ast.expr, value: ast.expr) -> None:
        if pairs := paired(target, value):
            for sub, part in pairs:
                self.assign(stmt, sub, part)
            return
        self.bind(stmt, target, self.value(stmt, value), self.what(stmt, value))

    def bind(self, stmt: ast.stmt, target: ast.expr, sites: set[Site], what: str) -> None:
        """Bind a target to what is at some sites; `what` is the kind of that."""
        if isinstance(target, ast.Name):
            known = self.names.setdefault(target.id, set())
            if self.facts.name_after(stmt, target.id).what not in IMMUTABLE:
                self.grow(known, sites)
        elif isinstance(target, (ast.Tuple, ast.List)):
            star = any(isinstance(sub, ast.Starred) for sub in target.elts)
            for i, sub in enumerate(target.elts):
                if isinstance(sub, ast.Starred):
                    self.bind(stmt, sub.value, self.made(sub, self.parts_of(what, sites)), "list")
                else:
                    self.bind(stmt, sub, self.parts_of(what, sites, None if star else i), "unknown")
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            holder = self.loaded(target.value)
            holders = self.value(stmt, holder)
            self.write(holders)
            if isinstance(target, ast.Attribute) or not self.is_array(stmt, holder):
                if self.is_slice(target):
                    self.move(holders)
                    sites = sites | self.members(sites)
                self.put(holders, sites, _key(target))

    def is_slice(self, target: ast.Subscript | ast.Attribute) -> bool:
        return isinstance(target, ast.Subscript) and any(isinstance(n, ast.Slice) for n in walk(target.slice))

    def is_array(self, stmt: ast.stmt, holder: ast.expr) -> bool:
        """Say whether what is stored into something is copied, as an array copies it."""
        return self.what(stmt, holder) == "array" or isinstance(holder, ast.Name) and holder.id in self.arrays

    def augment(self, stmt: ast.AugAssign) -> None:
        target = self.loaded(stmt.target)
        old = self.value(stmt, target)
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            self.write(self.value(stmt, target.value))
        elif self.facts.binds_anew(stmt):
            return
        self.write(old)
        if "list" in (self.what(stmt, target), self.what(stmt, stmt.value)):  # a list that grows
            self.put(old, self.parts(stmt, stmt.value))

    def write(self, sites: set[Site]) -> None:
        self.grow(self.written, sites)

    def move(self, sites: set[Site]) -> None:
        self.grow(self.moved, sites)

    def call(self, stmt: ast.stmt, call: ast.Call) -> None:
        name = core.qualname(call.func)
        if name.startswith("@"):
            self.call_of_user(stmt, call, name)
            return
        places = purity.written_by(call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in KEEPING_METHODS:
            places = [*places, call.func.value]
        all_of_it = purity.call_effect(call).unknown or name in core.WRITES_MEMBERS
        for place in places:
            sites = self.value(stmt, place)
            self.write(self.every(sites) if all_of_it else sites)
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in _STEADY:
                self.move(self.every(sites))
            if not name.startswith("numpy.") and not self.is_array(stmt, place):  # NumPy copies
                held = self.union(stmt, [arg for arg in given(call) if arg is not place])
                self.put(sites, held | self.members(held))

    def given(self, stmt: ast.stmt, call: ast.Call) -> set[Site]:
        receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        return self.union(stmt, [*receiver, *given(call)])

    def call_of_user(self, stmt: ast.stmt, call: ast.Call, name: str) -> None:
        effects = self.effects(name)
        values = [self.value(stmt, arg) for arg in call.args]
        for position in effects.written:
            if position < len(values):
                self.write(self.every(values[position]) if position in effects.members else values[position])
                self.move(self.every(values[position]))
        for position, others in effects.leads.items():
            if 0 <= position < len(values):
                held = [self.every(values[i]) for i in sorted(others) if i < len(values)]
                self.put(self.every(values[position]), set().union(*held))

    # Values.

    def union(self, stmt: ast.stmt, exprs: Iterable[ast.expr]) -> set[Site]:
        return set().union(*(self.value(stmt, e) for e in exprs))

    def value(self, stmt: ast.stmt, expr: ast.expr) -> set[Site]:
        """Return what an expression leads to."""
        if isinstance(expr, ast.Constant) or self.what(stmt, expr) in IMMUTABLE:
            return set()
        match expr:
            case ast.Name():
                return self.outside(expr) if core.is_ref(expr) else self.names.setdefault(expr.id, set())
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return self.displayed(stmt, expr, parts)
            case ast.Dict(keys=keys, values=parts):
                for key, part in zip(keys, parts, strict=True):
                    held = self.value(stmt, part)
                    self.put([expr], self.members(held) if key is None else held, core.key_of(key))
                return {expr}
            case ast.IfExp():
                return self.union(stmt, [expr.body, expr.orelse])
            case ast.BoolOp():
                return self.union(stmt, expr.values)
            case ast.NamedExpr() | ast.Starred():
                return self.value(stmt, expr.value)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.made(expr, self.value(stmt, expr.elt))
            case ast.DictComp():
                return self.made(expr, self.value(stmt, expr.value))
            case ast.Subscript():
                return self.part(stmt, expr)
            case ast.BinOp() if self.joins(stmt, expr):
                return self.made(expr, self.parts(stmt, expr.left) | self.parts(stmt, expr.right))
            case ast.Call():
                return self.result(stmt, expr)
        return self.by_rule(stmt, expr)

    def outside(self, name: ast.Name) -> set[Site]:
        """Return what a global leads to: itself, and members that it came with."""
        self.put([name.id, _member(name.id)], {_member(name.id)})
        return {name.id}

    def joins(self, stmt: ast.stmt, expr: ast.BinOp) -> bool:
        """Say whether an operation repeats or joins lists."""
        kinds = [self.what(stmt, side) for side in (expr.left, expr.right)]
        return "array" not in kinds and any(what in ("list", "tuple", "dict") for what in kinds)

    def displayed(self, stmt: ast.stmt, expr: ast.expr, parts: Sequence[ast.expr]) -> set[Site]:
        star = any(isinstance(p, ast.Starred) for p in parts)
        for i, part in enumerate(parts):
            held = self.parts(stmt, part.value) if isinstance(part, ast.Starred) else self.value(stmt, part)
            self.put([expr], held, None if star else i)
        return {expr}

    def part(self, stmt: ast.stmt, expr: ast.Subscript) -> set[Site]:
        whole = self.value(stmt, expr.value)
        kind = self.facts.kind(stmt, expr.value)
        steps = expr.slice.elts if isinstance(expr.slice, ast.Tuple) else [expr.slice]
        if any(isinstance(s, (ast.List, ast.Compare)) or self.what(stmt, s) == "array" for s in steps):
            return self.made(expr, set())  # an index that is an array or a mask copies
        if isinstance(expr.slice, ast.Slice) and kind.what != "array":
            copied = self.made(expr, set() if holds_numbers(kind) else self.members(whole))
            return copied if kind.what in CONTAINERS else copied | whole
        return self.parts_of(kind.what, whole, _key(expr))

    def result(self, stmt: ast.stmt, call: ast.Call) -> set[Site]:
        """Return what a call leads to."""
        name = core.qualname(call.func)
        if name.startswith("@"):
            return self.result_of_user(stmt, call, name)
        out = [k.value for k in call.keywords if k.arg == "out"]
        if out:
            return self.union(stmt, out)  # what is written is what comes back
        if name in _PAIRED or name in _COPYING:
            held = set().union(*(self.parts(stmt, arg) for arg in given(call)))
            held |= self.made(call, held) if name in _PAIRED else set()
            return self.made(call, held | self.union(stmt, (k.value for k in call.keywords)))
        if isinstance(call.func, ast.Attribute) and call.func.attr in TAKING:
            held = self.members(self.value(stmt, call.func.value)) | self.union(stmt, given(call))
            return held | self.made(call, held | {call})
        if name in ("builtins.max", "builtins.min"):
            several = len(call.args) > 1
            return set().union(*(self.value(stmt, a) if several else self.parts(stmt, a) for a in call.args))
        if name == "builtins.sum":
            start = core.begins(call)
            known = set() if start is None else self.union(stmt, given(call))
            return known | self.made(call, self.members(known)) if known else self.made(call)
        copied = core.shallow_copied(call)
        if copied is not None and self.what(stmt, copied) != "array":
            return self.made(call, self.members(self.value(stmt, copied)))
        return self.by_rule(stmt, call)

    def result_of_user(self, stmt: ast.stmt, call: ast.Call, name: str) -> set[Site]:
        effects = self.effects(name)
        places = effects.leads.get(-1, frozenset()) | frozenset(range(len(call.args)) if effects.copies else ())
        shared = self.every(self.union(stmt, [call.args[i] for i in sorted(places) if i < len(call.args)]))
        return self.made(call, shared | {call}) | shared

    def match(self, expr: ast.expr) -> rules.Match | None:
        """Return how an expression matches its rule: once, since operands may be made for that."""
        if expr not in self.matches:
            try:
                self.matches[expr] = rules.match(expr)
            except rules.Unsupported:
                self.matches[expr] = None
        return self.matches[expr]

    def by_rule(self, stmt: ast.stmt, expr: ast.expr) -> set[Site]:
        """Return what comes of a rule: something new, or what shares the memory of its first operand."""
        match = self.match(expr)
        if match is None:
            parts = [expr.value] if isinstance(expr, ast.Attribute) else []
            known = self.given(stmt, expr) if isinstance(expr, ast.Call) else self.union(stmt, parts)
            known = self.every(known)
            return self.made(expr, known | {expr}) | known
        if rules.is_fresh(match, self.facts.kinds(stmt)):
            return self.made(expr)
        first = self.every(self.union(stmt, [match.args[p] for p in match.operands[:1]]))
        return self.made(expr, first | {expr}) | first


def _key(place: ast.expr) -> Key:
    """Return the constant that a member is found by from the start, None where it is another."""
    key = core.key_of(place.slice) if isinstance(place, ast.Subscript) else None
    return None if isinstance(key, int) and key < 0 else key
