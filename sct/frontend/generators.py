"""Generators of the user's where they are used up at once.

In: the statements of a function, before it is lifted. Out: the same, in which a loop over a generator is the generator
itself with the body of the loop at its ``yield``, and one that is used up by a call is a function that returns a list.
All else stays as it is, and is refused later: a generator runs between the steps of what reads it.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy

from sct import core
from sct.analysis.purity import call_effect
from sct.frontend.closures import nodes_of, own_names
from sct.frontend.evaluation import replaced
from sct.frontend.inlining import body_at_yield
from sct.frontend.lift import Program, Template
from sct.frontend.scopes import COMPREHENSIONS
from sct.frontend.stepped import Steps
from sct.frontend.structure import always_jumps
from sct.names import fresh
from sct.nodes import assign, changed, load, store
from sct.walk import children, names, walk

Block = list[ast.stmt]
#: What takes all members before it does anything with them, and what does something with each one.
_KEEPING = frozenset(f"builtins.{n}" for n in ("list", "tuple", "sorted", "dict"))
_EATING = frozenset(f"builtins.{n}" for n in ("sum", "any", "all"))
_CHOOSING = frozenset({"builtins.min", "builtins.max"})
_PASSING = frozenset({"builtins.zip", "builtins.enumerate"})
_STOPPING = frozenset({"builtins.any", "builtins.all", "builtins.zip"})
_MAKERS = frozenset(f"builtins.{n}" for n in ("iter", "zip", "enumerate", "reversed"))
_MARK = "(listed"
_CALM = [("builtins", n) for n in ("range", "len", "zip", "enumerate", "float", "abs", "isinstance")]
_CALM += [("math", n) for n in ("sin", "cos", "tanh", "atan", "fabs")]
_DEEPEST = 4


def without_generators(stmts: Block, template: Template, program: Program, used: set[str]) -> Block:
    """Return statements in which generators are loops and lists, where that is the same."""
    maker = _Maker(template, program, used)
    calls = [n for s in stmts for n in walk(s) if isinstance(n, ast.Call)]
    if not any(core.qualname(n.func) in ("builtins.next", "builtins.iter") or maker.generator(n) for n in calls):
        return stmts
    if any(isinstance(n, ast.Nonlocal) for s in stmts for n in walk(s)):
        return stmts  # a call may bind what a generator was given
    return maker.block(stmts, 0)


class _Use(NamedTuple):
    """How an expression is used, and what runs between the steps."""

    reads: bool = False  # it is gone through at once
    keeps: bool = False  # all of its members are taken before anything is done with them
    eats: bool = False  # no member is kept as it is
    stops: bool = False  # not all of it may be read
    around: tuple[ast.AST, ...] = ()


def _use_in(stmt: ast.stmt, node: ast.expr) -> _Use:
    """Return how a statement uses one of its expressions."""
    if not isinstance(stmt, ast.For) or node is not stmt.iter:
        return _Use()
    stops = any(isinstance(n, ast.Break | ast.Return) for s in stmt.body for n in walk(s))
    return _Use(reads=True, stops=stops, around=tuple(stmt.body))


class _Maker:
    def __init__(self, template: Template, program: Program, used: set[str]) -> None:
        self.template, self.program, self.used = template, program, used
        every = [n.id for s in template.node.body for n in walk(s) if isinstance(n, ast.Name)]
        self.mentions = Counter(every)
        self.has_endless = any(n.startswith("itertools.") for n in every)

    def generator(self, node: ast.AST) -> Template | None:
        """Return the generator function that an expression calls, if it can be followed."""
        key = core.qualname(node.func) if isinstance(node, ast.Call) else ""
        if not key.startswith("@"):
            return None
        try:
            found = self.program.template(key)
        except KeyError:
            return None
        parts = list(nodes_of(found.node.body))
        yields = [n for n in parts if isinstance(n, ast.Yield | ast.YieldFrom)]
        if not yields or found.node.decorator_list or isinstance(found.node, ast.AsyncFunctionDef):
            return None
        plain = {id(n.value) for n in parts if isinstance(n, ast.Expr)}
        guarded = (n for n in parts if isinstance(n, ast.Try | ast.With | ast.FunctionDef | ast.Global | ast.Nonlocal))
        returned = any(isinstance(n, ast.Return) and n.value is not None for n in parts)
        return None if returned or any(guarded) or any(id(n) not in plain for n in yields) else found

    def block(self, stmts: Block, depth: int) -> Block:
        out: Block = []
        for stmt in self.stepped(stmts):
            out += self.statement(stmt, depth)
        return out

    def stepped(self, stmts: Block) -> Block:
        """Return statements in which iterators that are gone through step by step, one after the other, are lists."""
        out = list(stmts)
        for position, stmt in enumerate(stmts):
            name = stmt.targets[0].id if _binds_one(stmt) else ""  # type: ignore[attr-defined]
            if not name or self.mentions[name] < 2:
                continue
            rest, seen = out[position + 1 :], sum(_mentions(s, name) for s in out[: position + 1])
            last = max((i for i, s in enumerate(rest) if _mentions(s, name)), default=-1)
            between = rest[: last + 1]
            whole = seen == 1 and seen + sum(_mentions(s, name) for s in between) == self.mentions[name]
            source = self.members(stmt.value, between) if whole else None  # type: ignore[attr-defined]
            if source is None or not all(map(self.is_straight, between)):
                continue
            made = Steps(name).block(between)
            if made is not None:
                out[position] = changed(stmt, value=source)
                out[position + 1 : position + 2 + last] = made
        return out

    def members(self, value: ast.expr, between: Block) -> ast.expr | None:
        """Return the list of what an iterator gives, None where it is another one in the end than now."""
        found = self.generator(value)
        if found is not None:
            fits = self.may_list(found, _Use(reads=True, stops=True))
            return self.listed(value, found, False) if fits else None
        if core.qualname(getattr(value, "func", None)) not in _MAKERS or not isinstance(value, ast.Call):
            return None
        if value.keywords or any(self.generator(n) for n in walk(value)) or not self.is_quiet([value]):
            return None
        if core.qualname(value.func) == "builtins.iter":
            if len(value.args) != 1:
                return None
            value = value.args[0]
        return ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[value], keywords=[]), value)

    def is_straight(self, stmt: ast.stmt) -> bool:
        """Say whether a statement computes and binds variables, or returns."""
        if isinstance(stmt, ast.Assign):
            plain = all(isinstance(n, ast.Name | ast.Tuple | ast.Store) for t in stmt.targets for n in walk(t))
        else:
            plain = (
                isinstance(stmt, ast.Return) or isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name)
            )
        value = getattr(stmt, "value", None)
        nexts = {id(n) for n in walk(stmt) if isinstance(n, ast.Call) and core.qualname(n.func) == "builtins.next"}
        parts = [] if value is None else [n for n in walk(value) if id(n) not in nexts]
        calls = [n for n in parts if isinstance(n, ast.Call) and self.generator(n) is None]
        bare = [ast.Call(func=n.func, args=[], keywords=n.keywords) for n in calls]
        return plain and self.is_quiet(list(bare)) and not any(isinstance(n, ast.NamedExpr) for n in parts)

    def statement(self, stmt: ast.stmt, depth: int) -> Block:
        if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return [stmt]
        if isinstance(stmt, ast.For) and depth < _DEEPEST and (done := self.looped(stmt)) is not None:
            return self.block(done, depth + 1)
        fields: dict[str, Any] = {}
        for name, value in ast.iter_fields(stmt):
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                made = self.block(value, depth)
                same = len(made) == len(value) and all(a is b for a, b in zip(made, value, strict=True))
                fields[name] = value if same else made
            elif name in ("handlers", "cases") and isinstance(value, list):
                fields[name] = [changed(part, body=self.block(part.body, depth)) for part in value]
            elif isinstance(value, ast.expr):
                fields[name] = self.expression(value, _use_in(stmt, value))
        return [changed(stmt, **fields)]

    # Loops.

    def looped(self, stmt: ast.For) -> Block | None:
        """Return a loop over a generator as the generator with the loop's body in it, None for any other."""
        source, number, start = stmt.iter, "", None
        if core.qualname(getattr(source, "func", None)) == "builtins.enumerate" and isinstance(source, ast.Call):
            given = [*source.args[1:], *(k.value for k in source.keywords)]
            if not source.args or len(given) > 1 or not isinstance(stmt.target, ast.Tuple):
                return None
            source, start = source.args[0], given[0] if given else ast.Constant(value=0)
            if not isinstance(start, ast.Constant | ast.Name):
                return None
        found = self.generator(source)
        if found is None or found.function.module is not self.template.function.module:
            return None
        assert isinstance(source, ast.Call)
        if any(core.qualname(n) == found.key for n in nodes_of(found.node.body)):
            return None  # it goes through itself
        head, target, body = [], stmt.target, stmt.body
        if start is not None:
            number = fresh("number", self.used)
            head = [assign(number, start)]
            assert isinstance(target, ast.Tuple)
            if len(target.elts) != 2 or any(isinstance(e, ast.Starred) for e in target.elts):
                return None
            more = ast.AugAssign(target=store(number), op=ast.Add(), value=ast.Constant(value=1))
            body = [ast.Assign(targets=[target.elts[0]], value=load(number)), more, *body]
            target = target.elts[1]
        inlined = body_at_yield(found.node, source, changed(stmt, target=target, body=body), self.used)
        return None if inlined is None else [*(ast.copy_location(s, stmt) for s in head), *inlined]

    # Expressions.

    def expression(self, node: ast.expr, use: _Use) -> ast.expr:
        """Return an expression in which generators that it uses up are lists."""
        new: dict[int, ast.expr] = {}
        for part, how in self.uses(node, use):
            found = self.generator(part)
            if found is not None and how.reads and self.may_list(found, how):
                new[id(part)] = self.listed(part, found, how.keeps)
            elif how.reads and (whole := _iterated(part)) is not None:
                new[id(part)] = whole
        return self.expression(replaced(node, new), use) if new else node

    def uses(self, node: ast.AST, use: _Use) -> Iterator[tuple[ast.expr, _Use]]:
        """Yield the parts of an expression, each with how it is used."""
        if isinstance(node, ast.expr):
            yield node, use
        rest = _Use(stops=use.stops, around=use.around)
        if isinstance(node, COMPREHENSIONS):
            own = [getattr(node, f) for f in ("elt", "key", "value") if hasattr(node, f)]
            tests = [test for g in node.generators for test in g.ifs]
            for generator in node.generators:
                others = [g.iter for g in node.generators if g is not generator]
                within = (*use.around, *own, *tests, *others)
                how = rest._replace(reads=True, eats=all(map(_is_new, own)), around=within)
                yield from self.uses(generator.iter, how)
            for part in (*own, *tests):
                yield from self.uses(part, rest._replace(around=(*use.around, *own, *tests)))
        elif isinstance(node, ast.Starred):
            yield from self.uses(node.value, rest._replace(reads=True, keeps=True))
        elif isinstance(node, ast.Call):
            yield from self.uses_in_call(node, use)
        else:
            for inside in children(node):
                yield from self.uses(inside, rest)

    def uses_in_call(self, node: ast.Call, use: _Use) -> Iterator[tuple[ast.expr, _Use]]:
        name = core.qualname(node.func)
        given = [*node.args, *(k.value for k in node.keywords)]
        rest = _Use(stops=use.stops, around=use.around)
        eats = use.eats if name in _PASSING else name in _EATING
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                yield from self.uses(arg, rest)
                continue
            others = [n for n in given if n is not arg and not isinstance(n, ast.Constant | ast.Name)]
            reads = name in _KEEPING | _EATING | _PASSING | _CHOOSING
            stops = use.stops or name in _STOPPING
            yield from self.uses(arg, _Use(reads, name in _KEEPING, eats, stops, (*use.around, *others)))
        for child in (node.func, *(k.value for k in node.keywords)):
            yield from self.uses(child, rest)

    def may_list(self, found: Template, use: _Use) -> bool:
        """Say whether a generator may run to its end before anything reads it."""
        if use.keeps and not use.around and not use.stops:
            return True
        grows = any(isinstance(n, ast.AugAssign) for n in walk(found.node))
        if grows and (use.keeps or not use.eats):
            return False  # what it yielded may be kept, and change
        if use.stops and (not _is_finite(found.node) or self.has_endless):
            return False
        if (use.stops or use.around) and not self.raises_nothing(found.node, (found.key,)):
            return False  # what it raises comes too early
        return self.is_quiet([found.node], (found.key,)) and all(self.is_quiet([n]) for n in use.around)

    def is_quiet(self, nodes: list[ast.AST], seen: tuple[str, ...] = ()) -> bool:
        """Say whether statements and expressions do nothing but compute, and bind variables of their own."""
        whole = next((n for n in nodes if isinstance(n, ast.FunctionDef)), self.template.node)
        for node in (n for given in nodes for n in walk(given)):
            if isinstance(node, ast.Call) and _grows(node, whole):
                continue
            if isinstance(node, ast.Call):
                key = core.qualname(node.func)
                if key.startswith("@"):
                    if key not in seen and not self.is_quiet([self.program.template(key).node], (*seen, key)):
                        return False
                elif isinstance(node.func, ast.Name) and not key:
                    return False
                elif (effect := call_effect(node)) and (effect.written or effect.ordered or effect.unknown):
                    return False
            elif isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
                return False
            elif isinstance(node, ast.NamedExpr | ast.Global | ast.Nonlocal | ast.Delete | ast.Await | ast.Raise):
                return False
            elif isinstance(node, ast.AugAssign):
                if not isinstance(node.target, ast.Name) or not _is_own(node.target.id, whole):
                    return False
        return True

    def raises_nothing(self, node: ast.FunctionDef, seen: tuple[str, ...]) -> bool:
        """Say whether a function adds and multiplies, and calls what raises nothing."""
        for part in walk(node):
            if isinstance(part, ast.BinOp | ast.AugAssign) and not isinstance(part.op, ast.Add | ast.Sub | ast.Mult):
                return False
            if isinstance(part, ast.Subscript) and not isinstance(part.slice, ast.Slice):
                return False
            if isinstance(part, ast.Call) and not self.is_calm(part, seen):
                return False
        return True

    def is_calm(self, call: ast.Call, seen: tuple[str, ...]) -> bool:
        key = core.qualname(call.func)
        if key.startswith("@"):
            return key in seen or self.raises_nothing(self.program.template(key).node, (*seen, key))
        module, _, name = key.rpartition(".")
        return module == "numpy" and isinstance(getattr(numpy, name, None), numpy.ufunc) or (module, name) in _CALM

    def listed(self, call: ast.expr, found: Template, keeps: bool) -> ast.expr:
        """Return a call of the function that returns what a generator yields, as a list."""
        assert isinstance(call, ast.Call)
        whole = keeps or not any(isinstance(n, ast.AugAssign) for n in walk(found.node))
        made = f"{found.key}{_MARK}{'' if whole else ' copies'})"
        out, each = fresh("members", own_names(found.node)), fresh("each", own_names(found.node))
        body = _Lister(out, each, whole).block(found.node.body)
        first = 1 if ast.get_docstring(found.node, clean=False) is not None else 0
        body.insert(first, assign(out, ast.List(elts=[], ctx=ast.Load())))
        if not always_jumps(body):
            body.append(ast.Return(value=load(out)))
        body = [ast.copy_location(s, found.node) if not hasattr(s, "lineno") else s for s in body]
        name = self.program.unique_name(made, f"listed_{found.name}")
        self.program.add(replace(found, key=made, name=name, node=changed(found.node, body=body, returns=None)))
        func = ast.copy_location(core.ref(made, name), call.func)
        return changed(call, func=func)


def _iterated(value: ast.expr) -> ast.expr | None:
    """Return the x of ``iter(x)``, which gives the same members to what goes through it at once."""
    one = isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords
    return value.args[0] if one and core.qualname(value.func) == "builtins.iter" else None  # type: ignore[attr-defined]


def _is_new(value: ast.expr) -> bool:
    """Say whether an expression makes a value of its own, whatever it reads."""
    if isinstance(value, ast.Call):
        module, _, name = core.qualname(value.func).rpartition(".")
        return module == "math" or module == "numpy" and isinstance(getattr(numpy, name, None), numpy.ufunc)
    return isinstance(value, ast.BinOp | ast.Compare | ast.Constant)


def _binds_one(stmt: ast.stmt) -> bool:
    one = isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name)
    return one and isinstance(stmt.value, ast.Call)  # type: ignore[attr-defined]


def _mentions(stmt: ast.stmt, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name for n in walk(stmt))


class _Lister(ast.NodeTransformer):
    """Makes a list of what a generator yields; `whole`: as it is, not as it was when it was yielded."""

    def __init__(self, out: str, each: str, whole: bool) -> None:
        self.out, self.each, self.whole = out, each, whole

    def block(self, stmts: Block) -> Block:
        return [self.visit(copy.deepcopy(s)) for s in stmts]

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        value = node.value
        if isinstance(value, ast.YieldFrom):
            each = ast.For(target=store(self.each), iter=value.value, body=[self.append(load(self.each))], orelse=[])
            return ast.copy_location(each, node)
        if not isinstance(value, ast.Yield):
            return node
        given = value.value or ast.Constant(value=None)
        return ast.copy_location(self.append(given if self.whole else self.as_it_was(given)), node)

    def as_it_was(self, value: ast.expr) -> ast.expr:
        """Return the value of an expression that the generator goes on to change."""
        if isinstance(value, ast.BinOp | ast.Constant):
            return value
        if isinstance(value, ast.Tuple):
            return ast.copy_location(ast.Tuple([self.as_it_was(e) for e in value.elts], ast.Load()), value)
        return ast.copy_location(ast.UnaryOp(op=ast.UAdd(), operand=value), value)

    def append(self, value: ast.expr) -> ast.stmt:
        add = ast.Attribute(value=load(self.out), attr="append", ctx=ast.Load())
        return ast.Expr(value=ast.Call(func=add, args=[value], keywords=[]))

    def visit_Return(self, node: ast.Return) -> ast.Return:
        return ast.copy_location(ast.Return(value=load(self.out)), node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node


def _is_finite(node: ast.FunctionDef) -> bool:
    """Say whether a generator ends by itself: it goes through what is there, and through ranges."""
    loops = [n for n in walk(node) if isinstance(n, ast.For | ast.comprehension)]
    calls = [core.qualname(n.func) for loop in loops for n in walk(loop.iter) if isinstance(n, ast.Call)]
    known = (f"builtins.{n}" for n in ("range", "len", "zip", "enumerate", "reversed", "sorted", "list", "tuple"))
    if any(isinstance(n, ast.While | ast.YieldFrom) for n in walk(node)):
        return False
    return all(name in tuple(known) or name.startswith("numpy.") for name in calls)


def _grows(call: ast.Call, node: ast.FunctionDef) -> bool:
    """Say whether a call appends to a list that a function made itself."""
    func = call.func
    own = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and _is_own(func.value.id, node)
    return own and func.attr == "append"  # type: ignore[attr-defined]


def _is_own(name: str, node: ast.FunctionDef) -> bool:
    """Say whether a variable of a function never is another name of what something else may read."""
    if any(isinstance(a, ast.arg) and a.arg == name for a in walk(node.args)):
        return False
    for part in walk(node):
        if isinstance(part, ast.Assign):
            computed = isinstance(part.value, ast.Constant | ast.BinOp | ast.UnaryOp | ast.List)
            if not computed or not all(isinstance(t, ast.Name) for t in part.targets):
                if any(isinstance(n, ast.Name) and n.id == name for t in part.targets for n in walk(t)):
                    return False
            if name in names(part.value) and isinstance(part.value, ast.Name):
                return False
        elif isinstance(part, ast.For | ast.comprehension | ast.With | ast.NamedExpr | ast.AnnAssign):
            target = part.items if isinstance(part, ast.With) else [part.target]
            if any(name in names(t) for t in target):
                return False
    return True
