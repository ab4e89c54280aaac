"""The adjoint of a sum stays as small as the sum where what it meets makes it as wide as the operand.

In: a function of the reverse mode. Out: the same with ``y * s`` for ``y * spread(s, y * z)`` where the product is
summed to the shape of z or is as wide anyway, and with an adjoint that is only met so left as it is.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence

from sct import core, rules
from sct.analysis.kinds import NO_AXES, Shape, broadcast
from sct.modes.reverse.nodes import ASK_SHAPE
from sct.simplify import effects, trees
from sct.simplify.glance import Glance, count, glance

_SCALARS = ("numpy.pi", "numpy.e", "numpy.inf", "numpy.nan", "math.")
#: Helpers whose results have the shape of an argument, and its place.
_LIKE = {"unbroadcast": 1, "matmul_bar_left": 1, "matmul_bar_right": 2, "spread": 1}
_LIKE = {f"sct.runtime.{name}": place for name, place in _LIKE.items()}
_MOST = 40  # nodes of an expression whose shape is looked for
_MOST_SHAPES = 8  # that a variable is made of; one of more has a shape of its own, so that a long sum is not compared


class Spreads:
    """Knows which shapes meet in an expression, by what its variables are made of."""

    def __init__(self, body: Sequence[ast.stmt], scalars: frozenset[str], shapes: Mapping[str, Shape]) -> None:
        self.scalars = scalars
        self.shapes = shapes
        self.reads, self.stores = count(body)
        self.stores.update(_given(body))
        assigned = {trees.target_name(s): s.value for s in body if isinstance(s, ast.Assign)}
        self.made = {name: value for name, value in assigned.items() if self.stores[name] == 1}
        self.found: dict[str, list[Shape] | None] = {}
        self.parts: dict[str, int] = {}
        self.versions: Counter[str] = Counter()  # how often each variable was bound so far
        self.current: dict[str, list[Shape]] = {}  # of variables that are bound several times

    def narrowed(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the statements with the spreads left out that nothing needs."""
        out: list[ast.stmt] = []
        for stmt in body:
            self.forget([stmt] if trees.blocks(stmt) else [])
            if any(n.startswith("sct.runtime.") for found in _glances(stmt) for n in found.loads):  # what is narrowed
                stmt = trees.rewrite(stmt, lambda node, _: self.visit(node))
            out.append(stmt)
            name = trees.target_name(stmt)
            met = self.met(stmt.value) if isinstance(stmt, ast.Assign) and self.stores[name] > 1 else None
            self.forget([stmt])
            if met is not None and len(met) <= _MOST_SHAPES:
                self.current[name] = met
        self.current = {}
        for position, stmt in enumerate(out):
            name = trees.target_name(stmt)
            whole = self.spread(stmt.value) if isinstance(stmt, ast.Assign) else None
            if whole is None or name not in self.made or self.changing(whole[1]):
                continue
            if not effects.stays(whole[0], out[position + 1 :]):
                continue
            tried = self.without(out[position + 1 :], name, whole[1])
            if tried is not None:
                out[position:] = [trees.replace_fields(stmt, value=whole[0]), *tried]
        return out

    def forget(self, stmts: Sequence[ast.stmt]) -> None:
        """Take the variables that statements bind for others than before."""
        for stmt in stmts:
            for name in (name for found in _glances(stmt) for name in found.stores):
                self.current.pop(name, None)
                self.versions[name] += 1

    def without(self, stmts: Sequence[ast.stmt], name: str, x: ast.expr) -> list[ast.stmt] | None:
        """Return statements that read a name which is not spread any more, None where one of them needs it spread."""
        bare = ast.Call(func=core.ref("sct.runtime.spread"), args=[ast.Name(id=name, ctx=ast.Load()), x], keywords=[])
        out: list[ast.stmt] = []
        left = self.reads[name]
        for position, stmt in enumerate(stmts):
            if not left:
                return [*out, *stmts[position:]]
            reads = sum(isinstance(n, ast.Name) and n.id == name for n in trees.walk(stmt))
            if reads:
                tried = trees.rewrite(trees.substitute(stmt, {name: bare}), lambda node, _: self.visit(node))
                if trees.blocks(stmt) or any(_spreads(n, name) for n in trees.walk(tried)):
                    return None
                left -= reads
                stmt = tried
            out.append(stmt)
        return out if not left else None

    def visit(self, node: ast.AST) -> ast.AST:
        """Leave out a spread that a product, or the sum that a product goes into, makes up for."""
        if trees.is_user(node):
            return node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            return self.product(node, ())
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return self.sum(node)
        name = core.qualname(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in ("sct.runtime.over", "sct.runtime.kinked"):
            below = self.spread(node.args[1])
            if below is not None and self.cover([node.args[0]], below[1]):
                return trees.replace_fields(node, args=[node.args[0], below[0]])
        if isinstance(node, ast.Call) and name in ("sct.runtime.unbroadcast", "sct.runtime.as_product"):
            beside = node.args[1:] if name.endswith("unbroadcast") else ()
            summed = self.product(node.args[0], beside)
            if summed is not node.args[0]:
                node = trees.replace_fields(node, args=[summed, *node.args[1:]])
            return self.outside(node) if beside else node
        if isinstance(node, ast.Call) and name in ASK_SHAPE:
            place = ASK_SHAPE[name]
            args = [_outline(arg) if i == place else arg for i, arg in enumerate(node.args)]
            return node if args[place] is node.args[place] else trees.replace_fields(node, args=args)
        return node

    def sum(self, node: ast.BinOp) -> ast.expr:
        """Return a sum without a spread of its second term, where the first is as wide."""
        whole = self.spread(node.right)
        wide = whole is not None and not isinstance(node.left, ast.Constant) and self.cover([node.left], whole[1])
        return trees.replace_fields(node, right=whole[0]) if whole is not None and wide else node

    def product(self, expr: ast.expr, beside: Sequence[ast.expr]) -> ast.expr:
        """Return a product without the spreads that its other factors, or what stands beside it, make up for."""
        for factor, others in _factors(expr):
            whole = self.spread(factor)
            if whole is not None and (others or beside) and self.cover([*others, *beside], whole[1]):
                return trees.replace(expr, {id(factor): whole[0]}) if factor is not expr else whole[0]
        return expr

    def outside(self, call: ast.Call) -> ast.expr:
        """Return ``unbroadcast(x * a, x)`` with the factors in front that have the shape and precision of x."""
        factors, divisors, negative = _parts(call.args[0])
        own = [f for f in factors if self.is_own(f, call.args[1])]
        if len(own) == len(factors) or not isinstance(call.args[1], ast.Name):
            return call
        below = [d for d in divisors if self.is_own(d, call.args[1])]
        if not own and not below:
            return call
        inside = _product([f for f in factors if f not in own], [d for d in divisors if d not in below])
        whole = _product([*own, trees.replace_fields(call, args=[inside, call.args[1]])], below)
        return ast.UnaryOp(op=ast.USub(), operand=whole) if negative else whole

    def is_own(self, expr: ast.expr, x: ast.expr) -> bool:
        """Say whether an expression is made of `x` and of real numbers alone: the sum may take the real part."""
        if isinstance(expr, ast.Name) and isinstance(x, ast.Name):
            made = self.made.get(expr.id)
            known = made is not None and not _is_long(made) and not self.changing(made)
            return expr.id == x.id or made is not None and known and self.is_own(made, x)
        if isinstance(expr, ast.BinOp) and not isinstance(expr.op, ast.MatMult):
            return self.is_own(expr.left, x) and self.is_own(expr.right, x)
        if isinstance(expr, ast.UnaryOp):
            return self.is_own(expr.operand, x)
        if isinstance(expr, ast.Call):
            return core.qualname(expr.func) in ("sct.runtime.count", "builtins.len") and len(expr.args) == 1
        return isinstance(expr, ast.Constant) and not isinstance(expr.value, complex)

    def cover(self, wide: Sequence[ast.expr], x: ast.expr) -> bool:
        """Say whether values together surely broadcast to at least the shape of `x`."""
        asked = self.met(x)
        if asked is None:
            return False
        given = [shape for expr in wide for shape in self.met(expr) or ()]
        return broadcast(*given, *asked) == broadcast(*given)

    def spread(self, expr: ast.expr) -> tuple[ast.expr, ast.expr] | None:
        """Return s and x of ``spread(s, x, …)``, with the axes that s lacks: all it needs in a product with x."""
        if not isinstance(expr, ast.Call) or not _is_spread(expr):
            return None
        s, x, *rest = expr.args
        if not rest:
            return s, x
        axis, *keepdims = rest
        if keepdims:
            return (s, x) if isinstance(keepdims[0], ast.Constant) and keepdims[0].value is True else None
        where = _axis(axis)
        if where == 0:
            return s, x  # broadcasting puts the axis there by itself
        # NumPy sums a number along axis -1 too, and nothing is put back then.
        if where is None or where == -1 and not any(shape.ndim for shape in self.met(x) or ()):
            return None
        return ast.Call(func=core.ref("numpy.expand_dims"), args=[s, axis], keywords=[]), x

    def changing(self, expr: ast.expr) -> bool:
        """Say whether an expression may have another value where another statement reads it."""
        return any(isinstance(n, ast.Name) and self.stores[n.id] > 1 for n in trees.walk(expr))

    def met(self, expr: ast.expr) -> list[Shape] | None:
        """Return shapes that broadcast to that of an expression, None where they are not known."""
        if isinstance(expr, ast.Constant):
            return []
        if isinstance(expr, ast.Name):
            return self.of_name(expr)
        if isinstance(expr, ast.UnaryOp):
            return self.met(expr.operand)
        if isinstance(expr, ast.BinOp) and not isinstance(expr.op, ast.MatMult):
            left, right = self.met(expr.left), self.met(expr.right)
            return None if left is None or right is None else list(dict.fromkeys([*left, *right]))
        if isinstance(expr, ast.Call) and not expr.keywords:
            name = core.qualname(expr.func)
            if name.startswith("math.") or name in ("sct.runtime.count", "builtins.len") and len(expr.args) == 1:
                return []
            if name in _LIKE:
                return self.met(expr.args[_LIKE[name]])
            if name.startswith("numpy.") and len(expr.args) == 1:
                match = _matched(expr)
                if match is not None and match.rule.kind == "elementwise":
                    return self.met(expr.args[0])
        if isinstance(expr, ast.Subscript) and isinstance(expr.value, ast.Attribute) and expr.value.attr == "shape":
            if isinstance(expr.slice, ast.Constant):
                return []
        return self.of_part(expr)

    def of_part(self, expr: ast.expr) -> list[Shape] | None:
        """Return a shape for what is neither a variable nor arithmetic: another such expression has the same one."""
        plain = (
            isinstance(expr, ast.Subscript | ast.Attribute)
            or core.qualname(getattr(expr, "func", None))[:6] == "numpy."
        )
        if not plain or _is_long(expr):
            return None
        bound = {n.id: self.versions[n.id] for n in trees.walk(expr) if isinstance(n, ast.Name)}
        number = self.parts.setdefault(f"{ast.dump(expr)} {bound}", len(self.parts))
        return [Shape(f"={number}=")]

    def of_name(self, node: ast.Name) -> list[Shape] | None:
        name = node.id
        if core.is_ref(node):
            return [] if core.qualname(node).startswith(_SCALARS) else None
        if name in self.scalars:
            return []
        if self.stores[name] > 1 and name not in self.shapes:
            return self.current.get(name, [Shape(f"={name}@{self.versions[name]}")])
        if name not in self.found:
            self.found[name] = None  # while it is looked for
            shape = self.shapes.get(name)
            made = self.made.get(name)
            if shape is not None:
                self.found[name] = [] if shape == NO_AXES else [shape]
            else:
                # Of what was made of what has changed since, nothing is known; within one statement a name is a name.
                plain = made is not None and not _is_long(made) and not self.changing(made)
                parts = self.met(made) if made is not None and plain else None
                self.found[name] = [Shape(f"={name}")] if parts is None or len(parts) > _MOST_SHAPES else parts
        return self.found[name]


def _is_spread(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and core.qualname(node.func) == "sct.runtime.spread" and not node.keywords


def _axis(expr: ast.expr) -> object:
    """Return the value of an axis, or of several, that is written out; None where it is not."""
    try:
        return ast.literal_eval(expr)
    except ValueError:
        return None


def _given(body: Sequence[ast.stmt]) -> set[str]:
    """Return the names that are read before they are bound: parameters, which have another value then."""
    bound: set[str] = set()
    found: set[str] = set()
    for stmt in body:
        seen = _glances(stmt)
        found |= {name for part in seen for name in part.loads} - bound
        bound |= {name for part in seen for name in part.stores}
    return found


def _glances(stmt: ast.stmt) -> list[Glance]:
    """Return what stands in a statement and in those inside it."""
    return [glance(part) for part in trees.all_statements([stmt])]


def _spreads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and _is_spread(node) and isinstance(s := node.args[0], ast.Name) and s.id == name


def _parts(expr: ast.expr) -> tuple[list[ast.expr], list[ast.expr], bool]:
    """Return the factors of a product, what it is divided by, and whether it is negative."""
    factors: list[ast.expr] = []
    divisors: list[ast.expr] = []
    negative = False
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and not trees.is_user(node):
            stack += [node.right, node.left]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not trees.is_user(node):
            stack.append(node.left)
            divisors.append(node.right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not trees.is_user(node):
            stack.append(node.operand)
            negative = not negative
        else:
            factors.append(node)
    return factors, divisors, negative


def _factors(expr: ast.expr) -> list[tuple[ast.expr, list[ast.expr]]]:
    """Return the factors of a product, each with all others and what the product is divided by."""
    factors, divisors, _ = _parts(expr)
    return [(f, [*(o for o in factors if o is not f), *divisors]) for f in factors]


def _product(factors: Sequence[ast.expr], divisors: Sequence[ast.expr]) -> ast.expr:
    whole, *rest = factors
    for factor in rest:
        whole = ast.BinOp(left=whole, op=ast.Mult(), right=factor)
    for divisor in divisors:
        whole = ast.BinOp(left=whole, op=ast.Div(), right=divisor)
    return whole


def _outline(expr: ast.expr) -> ast.expr:
    """Return what has the shape of an expression without the functions of single elements in it."""

    def visit(node: ast.AST, _: ast.AST) -> ast.AST:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return node.operand
        if isinstance(node, ast.BinOp):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, ast.Constant) and (isinstance(one.value, float) or isinstance(node.op, ast.Pow)):
                    return other  # a list times an integer is a longer list
        if isinstance(node, ast.Call) and core.qualname(node.func).startswith("numpy.") and len(node.args) == 1:
            match = _matched(node) if not node.keywords else None
            return node.args[0] if match is not None and match.rule.kind == "elementwise" else node
        return node

    plain = all(
        isinstance(n, ast.BinOp | ast.UnaryOp | ast.Call | ast.Name | ast.Constant) or not isinstance(n, ast.expr)
        for n in trees.walk(expr)
    )
    return trees.rewrite(expr, visit) if plain else expr


def _is_long(expr: ast.expr) -> bool:
    return any(number > _MOST for number, _ in enumerate(trees.walk(expr)))


def _matched(expr: ast.expr) -> rules.Match | None:
    try:
        return rules.match(expr)
    except rules.Unsupported:
        return None
