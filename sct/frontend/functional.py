"""Calls that take a function and run it over a sequence, written as what they run.

In: the body of a resolved function, before it is lifted. Out: the same body, in which ``map`` and ``filter`` are
comprehensions, ``functools.reduce`` is a loop, ``max`` and ``min`` with a key or a default say which member they
choose, ``np.piecewise`` writes into a new array piece by piece, ``np.fromiter`` makes an array of a list, and what
``np.fromfunction`` calls is given the indices. What is where no statement can be put in front stays as it is.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sct.analysis.purity import call_effect
from sct.nodes import assign, changed, load, store

from .. import core
from ..names import fresh
from ..walk import Put, header, walk
from .evaluation import parts, rebuilt
from .iteration import ITERATORS, members_of
from .scopes import COMPREHENSIONS
from .sorts import Mappings, Sort, finds

Block = list[ast.stmt]
_FUNCTIONS = "builtins.next builtins.map builtins.filter functools.reduce builtins.max builtins.min builtins.sum "
_FUNCTIONS += "numpy.piecewise numpy.fromiter numpy.fromfunction"
_CALLS = frozenset([*_FUNCTIONS.split(), *ITERATORS])
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NOTHING_SAID: Mapping[str, Sort] = MappingProxyType({})
#: What takes its members one by one.
_EATERS = ("builtins.sum", "builtins.any", "builtins.all")


def written_out(
    stmts: list[ast.stmt], used: set[str], known: Sequence[str] = (), said: Mapping[str, Sort] = _NOTHING_SAID
) -> list[ast.stmt]:
    """Return statements in which functions are called, not given away.

    `used` are names that are taken, `known` those that have values before the statements run; `said`
    is what some of these are then.
    """
    nodes = [n for s in stmts for n in walk(s)]
    calls = any(core.qualname(n) in _CALLS for n in nodes if isinstance(n, ast.Name)) or any(map(_turns, nodes))
    if not calls and not any(isinstance(n, ast.For) and isinstance(n.iter, ast.GeneratorExp) for n in nodes):
        return stmts
    mentions = Counter(n.id for n in nodes if isinstance(n, ast.Name))
    mentions.update(known)
    return _Writer(used | mentions.keys(), mentions, Mappings(nodes, known, said)).block(stmts)


def takes_turns(source: ast.expr) -> bool:
    """Say whether a loop over an iterator becomes one over what the iterator reads."""
    if any(isinstance(n, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)) for n in walk(source)):
        return False
    if isinstance(source, ast.GeneratorExp):
        plain = not any(isinstance(n, ast.Lambda) for n in walk(source))
        return plain and len(source.generators) == 1 and not source.generators[0].is_async
    if not isinstance(source, ast.Call) or source.keywords or any(isinstance(a, ast.Starred) for a in source.args):
        return False
    name, count = core.qualname(source.func), len(source.args)
    if name == "numpy.ndenumerate":
        return count == 1
    if name not in ("builtins.map", "builtins.filter", "itertools.starmap") or count < 2:
        return False
    first = source.args[0]
    a = first.args if isinstance(first, ast.Lambda) else None
    if any(isinstance(n, ast.Lambda) for arg in source.args[1:] for n in walk(arg)):
        return False
    if a is None:
        return isinstance(first, ast.Name)
    free = any(isinstance(n, (ast.Lambda, *COMPREHENSIONS)) for n in walk(a) if n is not first)
    return not (a.vararg or a.kwarg or a.kwonlyargs or a.defaults or free)


class _Writer:
    def __init__(self, used: set[str], mentions: Mapping[str, int], mappings: Mappings) -> None:
        self.used = used
        self.mentions = mentions
        self.mappings = mappings
        self.alone = False

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        out: Block = []
        for stmt in stmts:
            out += self.statement(stmt)
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, _SCOPES):
            return [stmt]
        before: Block = []
        fields: dict[str, object] = {}
        self.alone = self.is_alone(stmt)
        for name, value in ast.iter_fields(stmt):
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                fields[name] = self.block(value)
            elif name in ("handlers", "cases") and isinstance(value, list):
                fields[name] = [changed(part, body=self.block(part.body)) for part in value]
            elif isinstance(value, ast.expr) and name != "target":
                fields[name] = self.visit(value, None if isinstance(stmt, ast.While) else before)
        lists = {k: v for k, v in fields.items() if isinstance(v, list) and k in ("handlers", "cases")}
        for key, new in lists.items():
            old = getattr(stmt, key)
            if all(a is b for a, b in zip(new, old, strict=True)):
                fields[key] = old
        made = changed(stmt, **fields)
        if isinstance(stmt, ast.For) and isinstance(made, ast.For) and takes_turns(stmt.iter):
            made = self.in_turn(made)
        return [*(ast.copy_location(s, stmt) for s in before), made]

    def in_turn(self, loop: ast.For) -> ast.For:
        """Return a loop over what an iterator reads, in which each member is made when its turn comes."""
        source = loop.iter
        if not isinstance(source, (ast.ListComp, ast.GeneratorExp)) or len(source.generators) > 1:
            return loop
        part = source.generators[0]
        inside = Counter(n.id for n in walk(source) if isinstance(n, ast.Name))
        own = {n.id for n in walk(part.target) if isinstance(n, ast.Name)}
        elsewhere = [n for n in sorted(own) if self.mentions.get(n, 0) > inside[n]]
        renamed = _Renamed({n: fresh(n, self.used) for n in elsewhere})
        target, elt = (renamed.visit(copy.deepcopy(node)) for node in (part.target, source.elt))
        body: Block = [ast.copy_location(ast.Assign(targets=[loop.target], value=elt), loop), *loop.body]
        for test in reversed(part.ifs):
            body = [ast.copy_location(ast.If(test=renamed.visit(copy.deepcopy(test)), body=body, orelse=[]), loop)]
        return changed(loop, target=target, iter=part.iter, body=body)

    def is_alone(self, stmt: ast.stmt) -> bool:
        """Say whether nothing in the head of a statement changes anything, or it is one call."""
        if isinstance(getattr(stmt, "value", None), ast.Call):
            nexts = core.qualname(stmt.value.func) == "builtins.next"  # type: ignore[attr-defined]
            if nexts and (isinstance(stmt, ast.Return) or isinstance(stmt, ast.Assign)):
                return True
        calls = [n for n in header(stmt) if isinstance(n, ast.Call) and core.qualname(n.func) != "builtins.next"]
        effects = [call_effect(c) for c in calls]
        return not any(e.written or e.ordered or e.unknown for e in effects)

    def visit(self, node: ast.expr, before: Block | None) -> ast.expr:
        """Write out the calls in an expression; `before` takes the statements that go in front of it."""
        if isinstance(node, (ast.Lambda, ast.Constant, ast.Name)):
            return node
        if isinstance(node, COMPREHENSIONS):
            first = node.generators[0]
            new = changed(first, iter=self.visit(first.iter, before))
            return node if new is first else changed(node, generators=[new, *node.generators[1:]])
        name = core.qualname(node.func) if isinstance(node, ast.Call) else ""

        def inside(part: ast.expr, hoist: Block | None) -> ast.expr:
            made = self.visit(part, hoist)
            if made is not part and isinstance(made, ast.ListComp) and name in _EATERS:
                return ast.copy_location(ast.GeneratorExp(elt=made.elt, generators=made.generators), made)
            return made

        whole = rebuilt(node, parts(node), inside, before, lambda: fresh("value", self.used))
        if isinstance(whole, ast.Call) and whole is not node and name == "builtins.list" and len(whole.args) == 1:
            if isinstance(whole.args[0], ast.ListComp):
                return whole.args[0]
        return self.call(whole, before) if isinstance(whole, ast.Call) else whole

    def call(self, node: ast.Call, before: Block | None) -> ast.expr:
        name = core.qualname(node.func)
        made = members_of(node, before, self.named, self.used)
        if made is not None:
            return self.visit(ast.copy_location(made, node), before)
        if any(isinstance(a, ast.Starred) for a in node.args):
            return node
        if name == "builtins.map" and len(node.args) > 1 and not node.keywords:
            made = self.mapped(node.args[0], node.args[1:])
        elif name == "builtins.filter" and len(node.args) == 2:
            made = self.filtered(node.args[0], node.args[1])
        elif name == "functools.reduce" and before is not None and not node.keywords:
            made = self.reduced(node.args, before)
        elif name == "numpy.piecewise" and before is not None and len(node.args) == 3 and not node.keywords:
            x, conditions, functions = node.args
            made = self.pieces(x, conditions, functions, before)
        elif name == "numpy.fromfunction" and before is not None and len(node.args) == 2:
            made = self.on_grid(node, before)
        elif name == "numpy.fromiter":
            made = self.collected(node)
        elif name == "builtins.next" and before is not None and not node.keywords and self.alone:
            made = self.first(node.args, before)
        elif name in ("builtins.max", "builtins.min") and node.keywords:
            made = self.chosen(node, before)
        elif name == "builtins.sum":
            made = self.joined(node)
        return node if made is None else ast.copy_location(made, node)

    def applied(self, function: ast.expr, names: Sequence[str]) -> ast.expr | None:
        """Return a function called with these variables."""
        args: list[ast.expr] = [ast.Name(id=n, ctx=ast.Load()) for n in names]
        if not isinstance(function, ast.Lambda):
            return ast.copy_location(ast.Call(func=copy.deepcopy(function), args=args, keywords=[]), function)
        a = function.args
        if a.vararg or a.kwarg or a.kwonlyargs or a.defaults or len(a.posonlyargs) + len(a.args) != len(names):
            return None
        own = [p.arg for p in (*a.posonlyargs, *a.args)]
        if any(isinstance(n, (ast.Lambda, ast.NamedExpr, *COMPREHENSIONS)) for n in walk(function.body)):
            return ast.copy_location(ast.Call(func=copy.deepcopy(function), args=args, keywords=[]), function)
        return _Renamed(dict(zip(own, names, strict=True))).visit(copy.deepcopy(function.body))  # type: ignore[no-any-return]

    def on_grid(self, node: ast.Call, before: Block) -> ast.expr | None:
        """Return a function called with arrays of indices, which are bound in front."""
        function, shape = node.args
        if not isinstance(shape, (ast.Tuple, ast.List)) or any(k.arg != "dtype" for k in node.keywords):
            return None
        if not shape.elts or any(isinstance(e, ast.Starred) for e in shape.elts):
            return None
        own = [a.arg for a in function.args.args] if isinstance(function, ast.Lambda) else []
        stems = own if len(own) == len(shape.elts) else [f"index_{i}" for i, _ in enumerate(shape.elts, 1)]
        names = [fresh(stem, self.used) for stem in stems]
        made = self.applied(function, names)
        if made is None:
            return None
        dtype = node.keywords or [ast.keyword(arg="dtype", value=core.ref("builtins.float"))]
        grid = ast.Call(func=core.ref("numpy.indices"), args=[shape], keywords=dtype)
        target = ast.Tuple(elts=[store(n) for n in names], ctx=ast.Store())
        before.append(ast.copy_location(ast.Assign(targets=[target], value=grid), node))
        return made

    def mapped(self, function: ast.expr, sources: Sequence[ast.expr]) -> ast.expr | None:
        names = [fresh("item" if len(sources) == 1 else f"item_{i}", self.used) for i, _ in enumerate(sources, 1)]
        elt = self.applied(function, names)
        if elt is None:
            return None
        targets: list[ast.expr] = [ast.Name(id=n, ctx=ast.Store()) for n in names]
        if len(sources) == 1:
            return _comprehension(elt, targets[0], sources[0], [])
        together = ast.Call(func=core.ref("builtins.zip"), args=list(sources), keywords=[])
        return _comprehension(elt, ast.Tuple(elts=targets, ctx=ast.Store()), together, [])

    def filtered(self, function: ast.expr, source: ast.expr) -> ast.expr | None:
        name = fresh("item", self.used)
        item = ast.Name(id=name, ctx=ast.Load())
        test: ast.expr | None = item
        if not (isinstance(function, ast.Constant) and function.value is None):
            test = self.applied(function, [name])
        return None if test is None else _comprehension(item, ast.Name(id=name, ctx=ast.Store()), source, [test])

    def reduced(self, args: Sequence[ast.expr], before: Block) -> ast.expr | None:
        """Return the variable in which a loop in front accumulates."""
        total, item = fresh("total", self.used), fresh("item", self.used)
        step = self.applied(args[0], [total, item])
        if step is None or len(args) < 2:
            return None
        source = self.named(args[1], before)
        start: ast.expr = args[2] if len(args) > 2 else _subscript(source, ast.Constant(value=0))
        rest = source
        if len(args) == 2:
            rest = _subscript(source, ast.Slice(lower=ast.Constant(value=1), upper=None, step=None))
        before.append(assign(total, start))
        before.append(ast.For(target=store(item), iter=rest, body=[assign(total, step)], orelse=[]))
        return ast.Name(id=total, ctx=ast.Load())

    def joined(self, node: ast.Call) -> ast.expr | None:
        """Return the list of all members of several: ``sum(lists, [])``, or of several tuples."""
        start = core.begins(node)
        if len(node.args) + len(node.keywords) != 2 or not isinstance(start, (ast.List, ast.Tuple)) or start.elts:
            return None
        part, member = fresh("part", self.used), fresh("member", self.used)
        made = _comprehension(load(member), store(part), node.args[0], [])
        made.generators.append(ast.comprehension(target=store(member), iter=load(part), ifs=[], is_async=0))
        return made if isinstance(start, ast.List) else _call("builtins.tuple", ast.copy_location(made, node))

    def collected(self, node: ast.Call) -> ast.expr | None:
        """Return the array of what an iterator gives, numbers of a dtype."""
        said = {k.arg: k.value for k in node.keywords}
        if len(node.args) + len(said) != 2 or not node.args or not said.keys() <= {"dtype"}:
            return None
        source = node.args[0]
        if isinstance(source, (ast.GeneratorExp, ast.ListComp)):
            source = ast.copy_location(ast.ListComp(elt=source.elt, generators=source.generators), source)
        else:
            source = ast.copy_location(_call("builtins.list", source), source)
        return _call("numpy.array", source, said["dtype"] if said else node.args[1])

    def named(self, value: ast.expr, before: Block) -> ast.expr:
        if isinstance(value, ast.Name):
            return value
        if isinstance(value, ast.GeneratorExp):  # it is gone through more than once
            value = ast.copy_location(ast.ListComp(elt=value.elt, generators=value.generators), value)
        elif isinstance(value, ast.Call) and _has_no_positions(value):
            value = ast.copy_location(_call("builtins.list", value), value)
        name = fresh("members", self.used)
        before.append(assign(name, value))
        return ast.Name(id=name, ctx=ast.Load())

    def first(self, args: Sequence[ast.expr], before: Block) -> ast.expr | None:
        """Return the first member of an iterator that is made for it: a loop in front stops there."""
        source, default = args[0], args[1] if len(args) > 1 else None
        if core.qualname(getattr(source, "func", None)) == "builtins.iter" and default is None:
            made = source.args if isinstance(source, ast.Call) and len(source.args) == 1 else []
            return _subscript(_call("builtins.list", made[0]), ast.Constant(value=0)) if made else None
        if not isinstance(source, ast.GeneratorExp) or len(source.generators) > 1:
            return None
        if any(isinstance(n, (ast.Lambda, ast.NamedExpr)) for n in walk(source)):
            return None
        if default is not None and not isinstance(default, (ast.Constant, ast.Name)):
            return None
        part = source.generators[0]
        own = [n.id for n in walk(part.target) if isinstance(n, ast.Name)]
        renamed = _Renamed({n: fresh(n, self.used) for n in own})
        found = fresh("found", self.used)
        body: Block = [assign(found, renamed.visit(copy.deepcopy(source.elt))), ast.Break()]
        for test in reversed(part.ifs):
            body = [ast.If(test=renamed.visit(copy.deepcopy(test)), body=body, orelse=[])]
        missing: Block = [ast.Raise(exc=core.ref("builtins.StopIteration", "StopIteration"), cause=None)]
        if default is not None:
            missing = [assign(found, default)]
        target = renamed.visit(copy.deepcopy(part.target))
        before.append(ast.For(target=target, iter=part.iter, body=body, orelse=missing))
        return load(found)

    def pieces(self, x: ast.expr, conditions: ast.expr, functions: ast.expr, before: Block) -> ast.expr | None:
        """Return the array that ``np.piecewise`` fills: a function sees the elements for which its condition holds."""
        tests, values = _members(conditions), _members(functions)
        if not tests or len(values) - len(tests) not in (0, 1):
            return None
        points, out, mask, part = (fresh(name, self.used) for name in ("points", "pieces", "mask", "part"))
        if len(values) > len(tests):  # what is left over
            anywhere = _call("numpy.any", ast.Tuple(elts=copy.deepcopy(tests), ctx=ast.Load()), ast.Constant(value=0))
            tests = [*tests, _call("numpy.logical_not", anywhere)]
        written: Block = [assign(points, _call("numpy.asarray", x))]
        written.append(assign(out, _call("numpy.zeros_like", load(points))))
        for test, value in zip(tests, values, strict=True):
            written.append(assign(mask, _call("numpy.asarray", test)))
            if isinstance(value, ast.Lambda) or core.is_ref(value):
                written.append(assign(part, _subscript(load(points), load(mask))))
                made = self.applied(value, [part])
                if made is None:
                    return None
                value = made
            elif not isinstance(value, ast.Constant) and not isinstance(value, ast.UnaryOp):
                return None
            place = ast.Subscript(value=load(out), slice=load(mask), ctx=ast.Store())
            written.append(ast.Assign(targets=[place], value=value))
        before += written
        return load(out)

    def chosen(self, node: ast.Call, before: Block | None) -> ast.expr | None:
        """Return what ``max(xs, key=…, default=…)`` gives: the member that wins."""
        given = {k.arg: k.value for k in node.keywords}
        if not given.keys() <= {"key", "default"} or not node.args or before is None:
            return None
        source = node.args[0]
        if len(node.args) > 1:
            source = ast.Tuple(elts=list(node.args), ctx=ast.Load())
        sort = self.mappings.sort(source)
        if sort == "set":
            return None  # nothing in it is active
        if sort == "dict" or isinstance(source, ast.Name) and finds(given.get("key"), source.id):
            keys = ast.Call(func=ast.Attribute(value=source, attr="keys", ctx=ast.Load()), args=[], keywords=[])
            return changed(node, args=[ast.copy_location(keys, source)])  # one of the keys wins
        title = ast.Constant(value=ast.unparse(source))
        source = self.named(source, before)
        if "key" in given and sort == "unknown":
            before.append(ast.Expr(value=_call("sct.runtime.require_sequence", title, source)))
        best: ast.expr = changed(node, args=[source], keywords=[])
        if "key" in given:
            place = fresh("k", self.used)
            member = _subscript(source, ast.Name(id=place, ctx=ast.Load()))
            key = self.applied(given["key"], ["%member"])
            if key is None:
                return None
            key = Put("%member", member).visit(key)
            arguments = ast.arguments([], [ast.arg(arg=place, annotation=None)], None, [], [], None, [])
            order = ast.keyword(arg="key", value=ast.Lambda(args=arguments, body=key))
            count = ast.Call(func=core.ref("builtins.len"), args=[source], keywords=[])
            every = ast.Call(func=core.ref("builtins.range"), args=[count], keywords=[])
            best = _subscript(source, ast.Call(func=node.func, args=[every], keywords=[order]))
        if "default" not in given:
            return best
        count = ast.Call(func=core.ref("builtins.len"), args=[source], keywords=[])
        test = ast.Compare(left=count, ops=[ast.Gt()], comparators=[ast.Constant(value=0)])
        return ast.IfExp(test=test, body=best, orelse=given["default"])


def _turns(node: ast.AST) -> bool:
    """Say whether a call is ``zip(*rows)``, which gives columns."""
    return core.qualname(getattr(node, "func", None)) == "builtins.zip" and any(
        isinstance(a, ast.Starred) for a in getattr(node, "args", ())
    )


def _comprehension(elt: ast.expr, target: ast.expr, source: ast.expr, tests: list[ast.expr]) -> ast.ListComp:
    part = ast.comprehension(target=target, iter=source, ifs=tests, is_async=0)
    return ast.ListComp(elt=elt, generators=[part])


def _subscript(value: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(value=value, slice=index, ctx=ast.Load())


def _members(node: ast.expr) -> list[ast.expr]:
    """Return the members of a display, none of anything else."""
    plain = isinstance(node, (ast.List, ast.Tuple)) and not any(isinstance(e, ast.Starred) for e in node.elts)
    return list(node.elts) if plain and isinstance(node, (ast.List, ast.Tuple)) else []


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref(name), args=list(args), keywords=[])


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(id=self.names.get(node.id, node.id), ctx=node.ctx), node)


def _has_no_positions(call: ast.Call) -> bool:
    """Say whether what a call gives is run over, and has no members by position: ``d.values()``, a zip, a map."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in ("items", "values", "keys") and not call.args
    return core.qualname(call.func).removeprefix("builtins.") in ("zip", "map", "filter", "reversed", "enumerate")
