"""Tangents of expressions.

In: one statement of the primal, and which names carry tangents there. Out: the tangent of any expression in it, and
what that needs: values that the primal computes inside the statement. A value that is cheap is computed again; one
that is dear, or must not be computed twice, gets a temporary before the statement, which then reads it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol

from sct import core, rules
from sct.analysis.infer import Evaluator
from sct.analysis.kinds import INT, UNKNOWN, Kind
from sct.frontend.evaluation import changed
from sct.frontend.scopes import COMPREHENSIONS, Comprehension, bound
from sct.modes.forward_flow import FlowActivity, is_items
from sct.rules.matching import PROPERTIES
from sct.rules.template import clone, helper

Block = list[ast.stmt]
_NUMBERS = ("scalar",)
_SEQUENCES = ("list", "tuple")
_SAME_WALK = ("builtins.reversed", "builtins.list", "builtins.tuple", "builtins.iter")
_MIRRORED_BUILTINS = (*_SAME_WALK, "builtins.dict", "builtins.zip", "copy.copy", "copy.deepcopy")
_MIRRORED_METHODS = ("values", "pop", "popleft", "copy", "tolist")


class Home(Protocol):
    """What an expression needs of the function that it stands in."""

    names: Mapping[str, str]

    @property
    def activity(self) -> FlowActivity:
        """What is active."""

    def temporary(self) -> str:
        """Return a new temporary."""

    def refuse(self, node: ast.AST, reason: str, advice: str) -> NoReturn:
        """Refuse a piece of the primal."""

    def is_pure(self, node: ast.AST) -> bool:
        """Say whether evaluating `node` again, or earlier, makes no difference."""


class Tangents:
    """The tangents of the expressions of one statement."""

    def __init__(self, home: Home, stmt: ast.stmt, active: set[str]) -> None:
        self.home, self.stmt, self.varied = home, stmt, active
        self.values: dict[str, ast.expr] = {}
        self.place: dict[int, str] = {}
        self.fixed: set[str] = set()
        self.held: dict[str, ast.expr] = {}
        self.kind_of: dict[int, Kind] = {}
        self.scope: dict[str, Kind] = {}
        self.depth = 0
        self.whole = False
        self.alive: list[ast.AST] = []

    # Questions.

    def active(self, expr: ast.expr) -> bool:
        """Say whether an expression has a tangent."""
        return self.home.activity.at(self.varied).active(self.stmt, expr)

    def kind(self, expr: ast.expr) -> Kind:
        """Return what is known of an expression of this statement."""
        if id(expr) not in self.kind_of:
            facts = self.home.activity.facts
            env = {**facts.before.get(self.stmt, {}), **self.scope}
            self.alive.append(expr)
            self.kind_of[id(expr)] = Evaluator(env, facts.call, facts.constant).kind(expr)
        return self.kind_of[id(expr)]

    def refuse(self, node: ast.AST, reason: str, advice: str = "") -> NoReturn:
        self.home.refuse(node, reason, advice)

    # Values.

    def value(self, expr: ast.expr) -> ast.expr:
        """Return what stands for the value of an expression in a tangent: a name, a constant or a display of them."""
        if isinstance(expr, (ast.Name, ast.Constant)) or _is_number(expr):
            return expr
        if isinstance(expr, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in expr.elts):
            return changed(expr, elts=[self.value(e) for e in expr.elts])
        if isinstance(expr, (ast.Starred, ast.Slice)):
            return expr
        name = self.place.get(id(expr))
        if name is None:
            name = self.place[id(expr)] = self.home.temporary()
            self.values[name] = expr
            self.scope[name] = self.kind(expr)
            if self.active(expr):
                self.varied = self.varied | {name}
            if self.depth:
                self.fixed.add(name)
        return ast.Name(id=name, ctx=ast.Load())

    def held_tangent(self, tangent: ast.expr) -> ast.expr:
        """Return what stands for a tangent that may be read several times."""
        if isinstance(tangent, (ast.Name, ast.Constant)):
            return tangent
        if isinstance(tangent, (ast.Tuple, ast.List)):
            return tangent
        name = self.home.temporary()
        self.held[name] = tangent
        return ast.Name(id=name, ctx=ast.Load())

    # Tangents.

    def of(self, expr: ast.expr) -> ast.expr | None:
        """Return the tangent of an expression, None where it is zero."""
        if isinstance(expr, ast.Constant) or not self.active(expr):
            return None
        method = getattr(self, f"_{type(expr).__name__.lower()}", None)
        return method(expr) if method is not None else self.operation(expr)

    def or_zero(self, expr: ast.expr) -> ast.expr:
        """Return the tangent of an expression, a zero of its structure where it is inactive."""
        tangent = self.of(expr)
        return self.zero(expr) if tangent is None else tangent

    def zero(self, expr: ast.expr) -> ast.expr:
        """Return the zero tangent of an expression."""
        if isinstance(expr, (ast.Tuple, ast.List)):
            return type(expr)(elts=[self.zero(e) for e in expr.elts], ctx=ast.Load())
        if isinstance(expr, ast.Starred):
            return ast.Starred(value=self.zero(expr.value), ctx=ast.Load())
        if isinstance(expr, ast.Dict):
            return ast.Dict(keys=[k and clone(k) for k in expr.keys], values=[self.zero(v) for v in expr.values])
        if isinstance(expr, ast.ListComp):
            return self.comprehension(expr)
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult):
            for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
                if isinstance(side, (ast.List, ast.Tuple)):
                    return ast.BinOp(left=self.zero(side), op=ast.Mult(), right=clone(other))
        kind, value = self.kind(expr), self.value(expr)
        if self.whole and kind.what == "unknown":
            # The caller may look at the structure: a tuple has a tuple for its tangent.
            return helper("finish", helper("zeros_like", value), value)
        return zero_of(kind, value)

    def _name(self, expr: ast.Name) -> ast.expr:
        if expr.id in self.values:
            return self.or_zero(self.values[expr.id])
        return ast.Name(id=self.home.names[expr.id], ctx=ast.Load())

    def _tuple(self, expr: ast.Tuple | ast.List) -> ast.expr:
        return type(expr)(elts=[self.or_zero(e) for e in expr.elts], ctx=ast.Load())

    _list = _tuple

    def _starred(self, expr: ast.Starred) -> ast.expr:
        return ast.Starred(value=self.or_zero(expr.value), ctx=ast.Load())

    def _dict(self, expr: ast.Dict) -> ast.expr:
        keys = [k if k is None else self.value(k) for k in expr.keys]
        return ast.Dict(keys=keys, values=[self.or_zero(v) for v in expr.values])

    def _subscript(self, expr: ast.Subscript) -> ast.expr:
        return ast.Subscript(value=self.or_zero(expr.value), slice=self.index(expr.slice), ctx=ast.Load())

    def index(self, node: ast.expr) -> ast.expr:
        """Return an index for the tangent: it is evaluated again where that is cheap."""
        if isinstance(node, ast.Tuple):
            return changed(node, elts=[self.index(e) for e in node.elts])
        if isinstance(node, ast.Slice):
            bounds = {n: self.value(b) for n in ("lower", "upper", "step") if (b := getattr(node, n)) is not None}
            return changed(node, **bounds)
        return self.value(node)

    def _ifexp(self, expr: ast.IfExp) -> ast.expr:
        test = self.value(expr.test)
        self.depth += 1
        body, orelse = self.or_zero(expr.body), self.or_zero(expr.orelse)
        self.depth -= 1
        return ast.IfExp(test=test, body=body, orelse=orelse)

    def _boolop(self, expr: ast.BoolOp) -> ast.expr | None:
        if self.rule(expr) is not None:
            return self.operation(expr)
        first = self.value(expr.values[0])
        rest = expr.values[1] if len(expr.values) == 2 else changed(expr, values=expr.values[1:])
        tangent = self.or_zero(expr.values[0])
        self.depth += 1
        later = self.or_zero(rest)
        self.depth -= 1
        if isinstance(expr.op, ast.Or):
            return ast.IfExp(test=first, body=tangent, orelse=later)
        return ast.IfExp(test=first, body=later, orelse=tangent)

    def _namedexpr(self, expr: ast.NamedExpr) -> ast.expr:
        self.refuse(expr, "an active value is named inside an expression", "Name it in a statement of its own.")

    def _lambda(self, expr: ast.Lambda) -> ast.expr:
        self.refuse(expr, "a function of active values is used as a value here", "Call it, or write the loop out.")

    def _listcomp(self, expr: ast.ListComp) -> ast.expr:
        return self.comprehension(expr)

    def _generatorexp(self, expr: ast.GeneratorExp) -> ast.expr:
        return self.comprehension(expr)

    def _dictcomp(self, expr: ast.DictComp) -> ast.expr:
        return self.comprehension(expr)

    def _setcomp(self, expr: ast.SetComp) -> ast.expr:
        self.refuse(expr, "a set of active values", "Use a list.")

    _set = _setcomp

    # Loops in expressions.

    def comprehension(self, expr: Comprehension) -> ast.expr:
        """Return the comprehension of the tangents of the members."""
        saved = self.varied, self.scope, self.kind_of
        self.scope, self.kind_of = dict(self.scope), {}
        generators = []
        for index, generator in enumerate(expr.generators):
            self.depth += bool(index)
            target, source = self.walk(generator.target, generator.iter)
            self.depth -= bool(index)
            self.enter(generator)
            generators.append(changed(generator, target=target, iter=source, ifs=[clone(t) for t in generator.ifs]))
        self.depth += 1
        if isinstance(expr, ast.DictComp):
            parts: dict[str, ast.expr] = {"key": clone(expr.key), "value": self.or_zero(expr.value)}
        else:
            parts = {"elt": self.or_zero(expr.elt)}
        self.depth -= 1
        # What stands for values in here must be put back here: the targets are unknown outside.
        inner = {n: self.put_back(v) for n, v in parts.items()}
        self.varied, self.scope, self.kind_of = saved
        return type(expr)(generators=generators, **inner)  # type: ignore[arg-type]

    def enter(self, generator: ast.comprehension) -> None:
        """Bind the targets of a comprehension."""
        activity = self.home.activity.at(self.varied)
        varied = {n for n, active in activity.members(self.stmt, generator.target, generator.iter) if active}
        self.varied = self.varied - {b.name for b in bound([generator.target])} | varied
        for name, kind in self.member_kinds(generator.target, generator.iter):
            self.scope[name] = kind

    def member_kinds(self, target: ast.expr, source: ast.expr) -> list[tuple[str, Kind]]:
        """Return what is known of the names that a loop binds."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        args = source.args if isinstance(source, ast.Call) else []
        elts = target.elts if isinstance(target, ast.Tuple) else []
        if name == "builtins.zip" and len(elts) == len(args):
            return [pair for sub, arg in zip(elts, args, strict=True) for pair in self.member_kinds(sub, arg)]
        if name == "builtins.enumerate" and len(elts) == 2 and isinstance(elts[0], ast.Name):
            return [(elts[0].id, INT), *self.member_kinds(elts[1], args[0])]
        if isinstance(target, ast.Name):
            if name == "builtins.range":
                return [(target.id, INT)]
            first = ast.Subscript(value=source, slice=ast.Constant(value=0), ctx=ast.Load())
            return [(target.id, self.kind(first))]
        return [(b.name, UNKNOWN) for b in bound([target])]

    def walk(self, target: ast.expr, source: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return target and iterable of a loop that also runs over the tangents."""
        activity = self.home.activity.at(self.varied)
        active = {n for n, varied in activity.members(self.stmt, target, source) if varied}
        if not active:
            return target, self.source(source)
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        if name == "builtins.enumerate" and isinstance(source, ast.Call) and isinstance(target, ast.Tuple):
            if len(target.elts) == 2 and not isinstance(target.elts[1], ast.Starred):
                inner, walked = self.walk(target.elts[1], source.args[0])
                return changed(target, elts=[target.elts[0], inner]), changed(source, args=[walked, *source.args[1:]])
        if is_items(source):
            return self.items(target, source)
        if self.kind(source).what == "dict":
            self.refuse(source, "which values a loop over this dict gives is not clear", "Loop over .items().")
        if name == "builtins.zip" and isinstance(source, ast.Call) and isinstance(target, ast.Tuple):
            if len(target.elts) == len(source.args) and not source.keywords:
                return self.zipped(target, source)
        tangents = self.sources(source)
        return self.pair([target], [self.mirror(target, active)]), _zip([self.source(source), tangents])

    def zipped(self, target: ast.Tuple, source: ast.Call) -> tuple[ast.expr, ast.expr]:
        """Add the tangents of the active sequences to those that are zipped already."""
        targets, sources = list(target.elts), [self.source(a) for a in source.args]
        activity = self.home.activity
        for sub, arg in zip(target.elts, source.args, strict=True):
            active = {n for n, v in activity.at(self.varied).members(self.stmt, sub, arg) if v}
            if active:
                targets.append(self.mirror(sub, active))
                sources.append(self.sources(arg))
        return ast.Tuple(elts=targets, ctx=ast.Store()), _zip(sources)

    def items(self, target: ast.expr, source: ast.expr) -> tuple[ast.expr, ast.expr]:
        assert isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute)
        if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            self.refuse(source, "the pairs of this dict are not taken apart", "Write `for key, value in d.items()`.")
        values = ast.Attribute(value=self.or_zero(source.func.value), attr="values", ctx=ast.Load())
        active = {b.name for b in bound([target.elts[1]])}
        tangents = ast.Call(func=values, args=[], keywords=[])
        return self.pair([target], [self.mirror(target.elts[1], active)]), _zip([self.source(source), tangents])

    def pair(self, targets: Sequence[ast.expr], mirrors: Sequence[ast.expr]) -> ast.expr:
        return ast.Tuple(elts=[*targets, *mirrors], ctx=ast.Store())

    def mirror(self, target: ast.expr, active: set[str]) -> ast.expr:
        """Return the target of the tangents; what has none goes into a temporary."""
        if isinstance(target, ast.Name):
            name = self.home.names.get(target.id) if target.id in active else None
            return ast.Name(id=name or self.home.temporary(), ctx=ast.Store())
        if isinstance(target, ast.Starred):
            return ast.Starred(value=self.mirror(target.value, active), ctx=ast.Store())
        if isinstance(target, (ast.Tuple, ast.List)):
            return type(target)(elts=[self.mirror(e, active) for e in target.elts], ctx=ast.Store())
        self.refuse(target, "a loop stores active values into elements", "Loop over a name and assign it.")

    def source(self, source: ast.expr) -> ast.expr:
        """Return the iterable of the primal, which is not evaluated again by the loop that replaces it."""
        return source

    def sources(self, source: ast.expr) -> ast.expr:
        """Return the iterable of the tangents of the members."""
        name = core.qualname(source.func) if isinstance(source, ast.Call) else ""
        if isinstance(source, ast.Call) and name in ("builtins.zip", *_SAME_WALK):
            args = [self.sources(a) for a in source.args]
            return ast.Call(
                func=source.func, args=args, keywords=[changed(k, value=clone(k.value)) for k in source.keywords]
            )
        if isinstance(source, ast.Call) and name == "builtins.enumerate":
            self.refuse(source, "the pairs of enumerate are not taken apart", "Write `for i, v in enumerate(xs)`.")
        return self.or_zero(source)

    # Operations.

    def rule(self, expr: ast.expr) -> rules.Match | None:
        try:
            return rules.match(expr)
        except rules.Unsupported as unsupported:
            self.refuse(expr, unsupported.reason, unsupported.advice)

    def operation(self, expr: ast.expr) -> ast.expr | None:
        """Return the tangent of an operation that is a rule's, or that is the same for tangents."""
        mirrored = self.mirrored(expr)
        if mirrored is not None:
            return mirrored
        match = self.rule(expr)
        if match is None:
            self.unknown(expr)
        if match.rule.constant:
            return None
        expr = self.on_values(expr, match)
        match = self.rule(expr)
        assert match is not None
        if match.rule.kind == "composite":
            return self.of(rules.expand(match, self.kind))
        tangents: dict[str, ast.expr] = {}
        for operand in match.operands:
            tangent = self.operand(match.args[operand], operand == match.rule.sequence)
            if tangent is not None:
                tangents[operand] = self.held_tangent(tangent)
        if not tangents:
            return None
        try:
            result = rules.tangent(match, tangents, self.value(match.expr), self.kind)
        except rules.Unsupported as unsupported:
            self.refuse(expr, unsupported.reason, unsupported.advice)
        return self.settled(result)

    def on_values(self, expr: ast.expr, match: rules.Match) -> ast.expr:
        """Return an operation with its arguments replaced by what stands for their values."""
        whole = self.value(expr)
        new: dict[int, ast.expr] = {id(arg): self.argument(arg) for arg in match.args.values()}
        made = replaced(expr, new)
        assert isinstance(whole, ast.Name)
        self.alive.append(made)
        self.place[id(made)] = whole.id
        self.kind_of[id(made)] = self.scope[whole.id]
        return made

    def argument(self, arg: ast.expr) -> ast.expr:
        if isinstance(arg, ast.GeneratorExp):
            return arg
        return self.value(arg)

    def operand(self, arg: ast.expr, sequence: bool) -> ast.expr | None:
        if sequence and isinstance(arg, (ast.Tuple, ast.List)) and self.active(arg):
            return type(arg)(elts=[self.operand(e, True) or self.zero(e) for e in arg.elts], ctx=ast.Load())
        if isinstance(arg, ast.Name) and arg.id in self.values:
            return self.of(self.values[arg.id])
        return self.of(arg)

    def settled(self, result: ast.expr) -> ast.expr:
        """Put tangents that are read once back where they are read."""
        counts: dict[str, int] = {}
        for node in ast.walk(result):
            if isinstance(node, ast.Name) and node.id in self.held:
                counts[node.id] = counts.get(node.id, 0) + 1
        once = {n: self.held[n] for n, c in counts.items() if c == 1 or self.depth or is_cheap(self.held[n], 1)}
        for name in once:
            del self.held[name]
        return substituted(result, once) if once else result

    def mirrored(self, expr: ast.expr) -> ast.expr | None:
        """Return the tangent of what only moves values about: the same call on tangents."""
        kind = self.kind(expr)
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add) and kind.what in _SEQUENCES:
            return ast.BinOp(left=self.or_zero(expr.left), op=ast.Add(), right=self.or_zero(expr.right))
        if not isinstance(expr, ast.Call):
            return None
        if isinstance(expr.func, ast.Attribute):
            return self.mirrored_method(expr, expr.func)
        name = core.qualname(expr.func)
        if name in _MIRRORED_BUILTINS and len(expr.args) >= 1 and not expr.keywords:
            if name.startswith("copy.") and self.kind(expr.args[0]).what == "array":
                return None
            if name == "builtins.dict":
                return self.dict_of(expr)
            args = [self.or_zero(a) for a in expr.args]
            return ast.Call(func=expr.func, args=args, keywords=[])
        if name == "builtins.dict" and not expr.args:
            keywords = [changed(k, value=self.or_zero(k.value)) for k in expr.keywords]
            return ast.Call(func=expr.func, args=[], keywords=keywords)
        return None

    def dict_of(self, expr: ast.Call) -> ast.expr:
        """Return the tangent of a dict made of another or of keys and values; the keys stay."""
        source = expr.args[0]
        if isinstance(source, ast.Call) and core.qualname(source.func) == "builtins.zip" and len(source.args) == 2:
            pairs = changed(source, args=[self.value(source.args[0]), self.or_zero(source.args[1])])
            return ast.Call(func=expr.func, args=[pairs], keywords=[])
        if self.kind(source).what != "dict":
            self.refuse(expr, "which keys this dict has is not clear", "Write {key: value for ...}.")
        return ast.Call(func=expr.func, args=[self.or_zero(source)], keywords=[])

    def mirrored_method(self, expr: ast.Call, func: ast.Attribute) -> ast.expr | None:
        kind = self.kind(func.value)
        if kind.what == "array" or not self.active(func.value):
            return None
        if func.attr == "get" and 1 <= len(expr.args) <= 2:
            default = self.or_zero(expr.args[1]) if len(expr.args) > 1 else None
            args = [self.value(expr.args[0]), *([default] if default is not None else [])]
        elif func.attr == "setdefault" and len(expr.args) == 2:
            args = [self.value(expr.args[0]), self.or_zero(expr.args[1])]
        elif func.attr in _MIRRORED_METHODS and (func.attr != "copy" or kind.what in (*_SEQUENCES, "dict")):
            args = [self.value(a) for a in expr.args]
        else:
            return None
        method = ast.Attribute(value=self.or_zero(func.value), attr=func.attr, ctx=ast.Load())
        return ast.Call(func=method, args=args, keywords=[])

    def unknown(self, expr: ast.expr) -> NoReturn:
        """Refuse an operation that no rule knows."""
        if isinstance(expr, ast.Attribute):
            advice = "Pass the numbers in as arguments."
            self.refuse(expr, f"the attribute .{expr.attr} of an active value cannot be differentiated", advice)
        if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
            advice = "Use the NumPy function, or write the operation out."
            self.refuse(expr, f"there is no rule for the method .{expr.func.attr} of an active value", advice)
        if isinstance(expr, ast.Call):
            name = core.spelling(expr.func) or core.qualname(expr.func) or ast.unparse(expr.func)
            if isinstance(expr.func, ast.Name) and not core.is_ref(expr.func):
                advice = "Call a function that is defined with def in this file or one beside it."
                self.refuse(expr, f"which function {name!r} is cannot be told", advice)
            self.refuse(expr, f"there is no rule for {name}()", "Write it with functions that have one.")
        what = type(expr).__name__
        self.refuse(expr, f"an expression of this kind ({what}) has no derivative here", "Write it another way.")

    # Putting values back.

    def put_back(self, tangent: ast.expr) -> ast.expr:
        """Compute values again that no temporary may hold, because they are known only where they stand."""
        names = {n.id for n in ast.walk(tangent) if isinstance(n, ast.Name)}
        here = {n: self.values[n] for n in self.values if n in self.fixed and n in names}
        for node in here.values():
            if not self.home.is_pure(node):
                self.refuse(node, "this would have to be evaluated twice here", "Name it in a statement of its own.")
        return substituted(tangent, {n: clone(v) for n, v in here.items()}) if here else tangent


def zero_of(kind: Kind, value: ast.expr) -> ast.expr:
    """Return the zero tangent of a value of this kind."""
    if kind.what == "scalar":
        return ast.Constant(value=0.0)
    if kind.what in ("text", "none", "function"):
        return ast.Constant(value=None)
    if kind.what == "array" and kind.dtype == "float":
        return ast.Call(func=core.ref("numpy.zeros_like"), args=[value], keywords=[])
    if kind.what == "tuple" and kind.items is not None:
        members = [
            ast.Subscript(value=value, slice=ast.Constant(value=i), ctx=ast.Load()) for i in range(len(kind.items))
        ]
        return ast.Tuple(elts=[zero_of(k, m) for k, m in zip(kind.items, members, strict=True)], ctx=ast.Load())
    zeros = helper("zeros_like", value)
    return helper("finish", zeros, value) if kind.what in ("tuple", "list", "dict") else zeros


def load_of(name: str) -> ast.Name:
    """Return a read of a variable."""
    return ast.Name(id=name, ctx=ast.Load())


def is_cheap(expr: ast.expr, budget: int = 3) -> bool:
    """Say whether computing `expr` again costs next to nothing."""
    cost = 0
    for node in ast.walk(expr):
        if isinstance(node, (ast.BinOp, ast.Compare, ast.BoolOp)):
            cost += 1000 if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) else 1
        elif isinstance(node, ast.Call):
            cost += 1 if core.qualname(node.func) in ("builtins.len", "builtins.range") else 1000
        elif isinstance(node, (ast.IfExp, ast.Lambda, ast.NamedExpr, *COMPREHENSIONS)):
            cost += 1000
        elif isinstance(node, ast.Attribute) and node.attr not in PROPERTIES:
            cost += 1
        if cost > budget:
            return False
    return True


def replaced(node: ast.AST, new: Mapping[int, ast.expr]) -> ast.expr:
    """Return a tree with some of its nodes, known by identity, replaced."""
    if id(node) in new:
        return new[id(node)]
    fields: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            part: object = replaced(value, new)
            if part is not value:
                fields[name] = part
        elif isinstance(value, list):
            items = [replaced(v, new) if isinstance(v, ast.AST) else v for v in value]
            if any(a is not b for a, b in zip(items, value, strict=True)):
                fields[name] = items
    return changed(node, **fields) if fields else node  # type: ignore[return-value]


def substituted(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """Return a tree in which reads of some names give way to expressions."""
    found = {id(n): values[n.id] for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in values}
    return replaced(node, found) if found else node


def _is_number(expr: ast.expr) -> bool:
    return isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub) and isinstance(expr.operand, ast.Constant)


def _zip(sources: Sequence[ast.expr]) -> ast.expr:
    return ast.Call(func=core.ref("builtins.zip", "zip"), args=list(sources), keywords=[])
