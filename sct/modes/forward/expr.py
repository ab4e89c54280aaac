"""Tangents of expressions.

In: one statement of the primal, and which names carry tangents there. Out: the tangent of any expression in it, and
what that needs: values that the primal computes inside the statement. A value that is cheap is computed again; one
that is dear, or must not be computed twice, gets a temporary before the statement, which then reads it.
"""

from __future__ import annotations

import ast
from typing import NoReturn

from sct import core, rules
from sct.frontend.evaluation import replaced, substituted
from sct.frontend.lists import REPEATED, ordered
from sct.frontend.repeated import named_once
from sct.modes.forward.loops import SAME_WALK, Loops
from sct.modes.forward.values import is_cheap, zero_of
from sct.modes.selections import SELECTORS
from sct.nodes import changed
from sct.rules.template import clone, helper
from sct.walk import names, walk

Block = list[ast.stmt]
_NUMBERS = ("scalar",)
_SEQUENCES = ("list", "tuple")
_MIRRORED_BUILTINS = (*SAME_WALK, "builtins.dict", "builtins.zip", "copy.copy", "copy.deepcopy")
#: Containers that begin empty, or with a factory of their members.
_EMPTY = ("collections.deque", "collections.defaultdict", "collections.OrderedDict")
#: Functions that make arrays of nothing but numbers.
_MAKERS = tuple(f"numpy.{name}" for name in "zeros ones full eye identity arange linspace".split())
_MIRRORED_METHODS = ("values", "pop", "popleft", "copy", "tolist")


class Tangents(Loops):
    """The tangents of the expressions of one statement."""

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
        if isinstance(expr, (ast.ListComp, ast.GeneratorExp)):
            return self.comprehension(expr)
        if isinstance(expr, ast.Call) and core.qualname(expr.func) in _EMPTY:
            if all(map(_is_plain, expr.args)):
                return clone(expr)
            if core.qualname(expr.func) == "collections.defaultdict":
                return self.zero_of_members(expr)
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
        if expr.id in self.tangents:
            return clone(self.tangents[expr.id])
        if expr.id in self.values:
            return self.or_zero(self.values[expr.id])
        return ast.Name(id=self.home.names[expr.id], ctx=ast.Load())

    def _tuple(self, expr: ast.Tuple | ast.List) -> ast.expr:
        return type(expr)(elts=[self.own(e) for e in expr.elts], ctx=ast.Load())

    _list = _tuple

    def _starred(self, expr: ast.Starred) -> ast.expr:
        return ast.Starred(value=self.or_zero(expr.value), ctx=ast.Load())

    def _dict(self, expr: ast.Dict) -> ast.expr:
        keys = [k if k is None else self.value(k) for k in expr.keys]
        return ast.Dict(keys=keys, values=[self.own(v) for v in expr.values])

    def _subscript(self, expr: ast.Subscript) -> ast.expr:
        if core.qualname(expr.value) in core.JOINING:
            advice = "Use np.concatenate or np.column_stack."
            self.refuse(expr, f"there is no rule for {core.spelling(expr.value)}", advice)
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
        body, orelse = self.own(expr.body), self.own(expr.orelse)
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
        for parameter in match.rule.fixed:
            if parameter in match.args and self.active(match.args[parameter]):
                self.refuse(expr, f"there is no derivative by the argument {parameter}", "Pass a constant.")
        if match.rule.constant:
            try:
                rules.check_complex(match, self.kind)
            except rules.Unsupported as unsupported:
                self.refuse(expr, unsupported.reason, unsupported.advice)
            return None
        selects = match.rule.names[0] in SELECTORS and any(
            self.home.selections.may_be_undefined(self.stmt, arg) for arg in match.args.values()
        )
        expr = self.on_values(expr, match)
        match = self.rule(expr)
        assert match is not None
        if match.rule.kind == "composite":
            try:
                expanded = rules.expand(match, self.kind)
            except rules.Unsupported as unsupported:
                self.refuse(expr, unsupported.reason, unsupported.advice)
            return self.of(named_once(expanded, self.repeated))
        tangents: dict[str, ast.expr] = {}
        for operand in match.operands:
            tangent = self.operand(match.args[operand], operand == match.rule.sequence)
            if tangent is not None:
                tangents[operand] = self.held_tangent(tangent)
        if not tangents:
            return None
        self.home.fired.append((self.stmt, match.rule))
        try:
            result = rules.tangent(match, tangents, self.value(match.expr), self.kind, selects=selects)
        except rules.Unsupported as unsupported:
            self.refuse(expr, unsupported.reason, unsupported.advice)
        return self.settled(result)

    def repeated(self, part: ast.expr) -> ast.expr:
        """Return what stands for a value that a composite computes several times, and hold its tangent too."""
        name = self.value(part)
        tangent = None if self.depth else self.of(part)
        if tangent is not None and isinstance(name, ast.Name):
            self.tangents[name.id] = self.held_tangent(tangent)
        return name

    def on_values(self, expr: ast.expr, match: rules.Match) -> ast.expr:
        """Return an operation with its arguments replaced by what stands for their values."""
        whole = self.value(expr)
        lists = match.rule.kind != "linear"
        new: dict[int, ast.expr] = {id(arg): self.argument(arg, lists) for arg in match.args.values()}
        made = replaced(expr, new)
        assert isinstance(whole, ast.Name)
        self.alive.append(made)
        self.place[id(made)] = whole.id
        self.kind_of[id(made)] = self.scope[whole.id]
        return made

    def argument(self, arg: ast.expr, lists: bool) -> ast.expr:
        if isinstance(arg, ast.GeneratorExp) and not lists:
            return arg
        return self.value(self.listed(arg))

    def operand(self, arg: ast.expr, sequence: bool) -> ast.expr | None:
        if sequence and isinstance(arg, (ast.Tuple, ast.List)) and self.active(arg):
            return type(arg)(elts=[self.operand(e, True) or self.zero(e) for e in arg.elts], ctx=ast.Load())
        if isinstance(arg, ast.Name) and arg.id in self.values and arg.id not in self.tangents:
            return self.of(self.values[arg.id])
        return self.of(arg)

    def settled(self, result: ast.expr) -> ast.expr:
        """Put tangents that are read once back where they are read; those of what a composite repeats stay."""
        counts: dict[str, int] = {}
        repeated = {name for tangent in self.tangents.values() for name in names(tangent)}
        for node in walk(result):
            if isinstance(node, ast.Name) and node.id in self.held and node.id not in repeated:
                counts[node.id] = counts.get(node.id, 0) + 1
        once = {n: self.held[n] for n, c in counts.items() if c == 1 or self.depth or is_cheap(self.held[n], 1)}
        for name in once:
            del self.held[name]
        return substituted(result, once) if once else result

    def may_join(self, expr: ast.BinOp) -> bool:
        """Say whether a sum joins lists or adds an array to one: the sum of the tangents is of the same sort."""
        sides = {self.kind(expr.left).what, self.kind(expr.right).what}
        return "unknown" in sides and not sides.isdisjoint(_SEQUENCES)

    def mirrored(self, expr: ast.expr) -> ast.expr | None:
        """Return the tangent of what only moves values about: the same call on tangents."""
        kind = self.kind(expr)
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mult) and kind.what in _SEQUENCES:
            # One side is the sequence, the other says how often: a count has no influence on the values.
            sides = (expr.left, expr.right)
            if any(self.kind(s).what == "unknown" and self.active(s) for s in sides):
                self.refuse(expr, *REPEATED)
            left, right = (self.or_zero(s) if self.kind(s).what in _SEQUENCES else clone(s) for s in sides)
            return ast.BinOp(left=left, op=ast.Mult(), right=right)
        if (
            isinstance(expr, ast.BinOp)
            and isinstance(expr.op, ast.Add)
            and (kind.what in _SEQUENCES or self.may_join(expr))
        ):
            return ast.BinOp(left=self.or_zero(expr.left), op=ast.Add(), right=self.or_zero(expr.right))
        if not isinstance(expr, ast.Call):
            return None
        if isinstance(expr.func, ast.Attribute):
            return self.mirrored_method(expr, expr.func)
        name = core.qualname(expr.func)
        if name == "sct.runtime.restored":
            return helper("restored", *(self.or_zero(arg) for arg in expr.args))
        if name == "builtins.sorted" and len(expr.args) == 1 and any(k.arg == "key" for k in expr.keywords):
            self.home.check_key(expr.keywords)
            given = self.with_positions(expr.args[0])
            xs, tangents = self.value(given), self.held_tangent(self.or_zero(given))
            return ordered(tangents, xs, expr.keywords, self.home.temporary())
        if name in _MIRRORED_BUILTINS and len(expr.args) >= 1 and not expr.keywords:
            if name.startswith("copy.") and self.kind(expr.args[0]).what == "array":
                return None
            if name == "builtins.dict":
                return self.dict_of(expr)
            args = [self.or_zero(a) for a in expr.args]
            return ast.Call(func=expr.func, args=args, keywords=[])
        if name == "builtins.dict" and not expr.args:
            keywords = [changed(k, value=self.own(k.value)) for k in expr.keywords]
            return ast.Call(func=expr.func, args=[], keywords=keywords)
        return None

    def listed(self, arg: ast.expr) -> ast.expr:
        """Return a generator as the list of what it gives, which can be run over twice."""
        if isinstance(arg, ast.GeneratorExp):
            arg = ast.ListComp(elt=arg.elt, generators=arg.generators)
            self.alive.append(arg)
        return arg

    def with_positions(self, arg: ast.expr) -> ast.expr:
        """Return members that have no positions, those of ``d.values()`` or a zip, as a list."""
        if isinstance(arg, ast.Call) and self.kind(arg).what not in ("list", "tuple", "array"):
            arg = ast.copy_location(ast.Call(func=core.ref("builtins.list"), args=[arg], keywords=[]), arg)
            self.alive.append(arg)
        return self.listed(arg)

    def dict_of(self, expr: ast.Call) -> ast.expr:
        """Return the tangent of a dict made of another or of keys and values; the keys stay."""
        source = expr.args[0]
        if isinstance(source, ast.Call) and core.qualname(source.func) == "builtins.zip" and len(source.args) == 2:
            pairs = changed(source, args=[self.value(source.args[0]), self.or_zero(source.args[1])])
            return ast.Call(func=expr.func, args=[pairs], keywords=[])
        if self.kind(source).what != "dict":
            return helper("dict_tangent", self.or_zero(source), self.value(source))
        return ast.Call(func=expr.func, args=[self.or_zero(source)], keywords=[])

    def zero_of_members(self, expr: ast.Call) -> ast.expr:
        """Return the tangent of a `defaultdict`: it makes the zeros of what the other makes, each one anew."""
        factory = expr.args[0]
        if len(expr.args) > 1 or expr.keywords or not isinstance(factory, ast.Lambda) or not _is_made(factory.body):
            advice = "Let it be made in place, e.g. `lambda: np.zeros(n)`."
            self.refuse(expr, "what this defaultdict puts under a new key cannot be followed", advice)
        body: ast.expr = clone(factory.body)
        if isinstance(body, ast.Constant):
            body = ast.Constant(value=0.0)
        elif not (
            isinstance(body, ast.Call)
            and core.qualname(body.func) == "numpy.zeros"
            and len(body.args) == 1
            and not body.keywords
        ):
            body = helper("zeros_like", body)
        zero = ast.Lambda(args=factory.args, body=body)
        return ast.Call(func=expr.func, args=[zero], keywords=[])

    def mirrored_method(self, expr: ast.Call, func: ast.Attribute) -> ast.expr | None:
        kind = self.kind(func.value)
        if kind.what == "array" or not self.active(func.value):
            return None
        if func.attr == "get" and 1 <= len(expr.args) <= 2:
            default = self.own(expr.args[1]) if len(expr.args) > 1 else None
            args = [self.value(expr.args[0]), *([default] if default is not None else [])]
        elif func.attr in ("setdefault", "pop") and len(expr.args) == 2:
            args = [self.value(expr.args[0]), self.own(expr.args[1])]
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
            name = core.called(expr.func)
            if isinstance(expr.func, ast.Name) and not core.is_ref(expr.func):
                advice = "Call a function that is defined with def in this file or one beside it."
                self.refuse(expr, f"which function {name!r} is cannot be told", advice)
            self.refuse(expr, f"there is no rule for {name}()", "Write it with functions that have one.")
        what = type(expr).__name__
        self.refuse(expr, f"an expression of this kind ({what}) has no derivative here", "Write it another way.")


def _is_made(value: ast.expr) -> bool:
    """Say whether every evaluation of an expression gives a value of its own, in which there is no other."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return all(map(_is_made, value.elts))
    if isinstance(value, ast.Dict):
        return all(map(_is_made, value.values))
    return isinstance(value, ast.Constant) or isinstance(value, ast.Call) and core.qualname(value.func) in _MAKERS


def _is_plain(arg: ast.expr) -> bool:
    """Say whether an argument makes no members: the factory of a `defaultdict`, or an empty display."""
    return core.is_ref(arg) or isinstance(arg, (ast.List, ast.Tuple)) and not arg.elts
