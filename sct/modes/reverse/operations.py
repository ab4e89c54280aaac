"""Adjoints of operations: what each operand gets of the adjoint of the result."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence

from sct import core, rules
from sct.analysis.kinds import Kind
from sct.frontend.expressions import CONVERSIONS
from sct.modes.reverse.context import Context
from sct.modes.reverse.nodes import AFTER, ASK_SHAPE, add_to, helper, loads, number, stored, total
from sct.modes.reverse.places import of_numbers, reshaping, shared_names, shown
from sct.modes.reverse.record import Record
from sct.modes.reverse.regimes import SHADOW, VALUE, is_basic
from sct.modes.selections import Selections
from sct.nodes import as_argument, assign, load
from sct.simplify import trees
from sct.walk import Put, walk


class Operations(Record):
    """Carries the adjoint of a value to what the value was made of."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.passing = elementwise_temporaries(context.flat.node)
        self.held = {context.analysis.alias.find(n) for n in held_by_calls(context.flat.node)}
        self.selections = Selections(context.flat.node, context.analysis)
        self.wide: set[str] = set()  # temporaries whose adjoints may be wider than they are

    def pull(self, stmt: ast.stmt, name: str, value: ast.expr, y_bar: ast.expr) -> None:
        """Carry the adjoint of ``name = value`` to what `value` reads."""
        shares = [(arg, self.of_number(stmt, name, arg, share)) for arg, share in self.shares(stmt, name, value, y_bar)]
        if isinstance(value, (ast.Tuple, ast.List, ast.Dict)) and self.c.regimes.regime(name) == SHADOW:
            # The shadow of a container holds the shadows of its members.
            shares = [s for s in shares if not self.shares_shadow(stmt, s[0])]
        self.distribute(shares)

    def of_number(self, stmt: ast.stmt, name: str, arg: ast.expr, share: ast.expr) -> ast.expr:
        """Return the contribution to an operand, a number for a number: the result may be an array without axes."""
        facts = self.c.analysis.facts
        becomes = facts.kind(stmt, arg).what == "scalar" and facts.name_after(stmt, name).what == "array"
        return total(share) if becomes and shared_names(share) else share

    def views_itself(self, name: str, y_bar: ast.expr) -> bool:
        """Say whether the adjoint of a part is a view of that of the whole already."""
        return isinstance(y_bar, ast.Name) and y_bar.id == self.c.bar(name)

    def shares(
        self, stmt: ast.stmt, name: str, value: ast.expr, y_bar: ast.expr, result: ast.expr | None = None
    ) -> list[tuple[ast.expr, ast.expr]]:
        """Return the operands of an operation, each with its contribution."""
        if isinstance(value, ast.Name):
            return [(value, y_bar)] if value.id in self.varied else []
        if isinstance(value, (ast.Constant,)):
            return []
        if isinstance(value, ast.Subscript):
            self.part(stmt, value, y_bar)
            return []
        if isinstance(value, (ast.Tuple, ast.List)):
            return self.spread_display(value, y_bar)
        if isinstance(value, ast.Dict):
            # Of entries under one key the last stays.
            last = {(k.value,) if isinstance(k, ast.Constant) else (None, i): i for i, k in enumerate(value.keys)}
            pairs = [(value.keys[i], value.values[i]) for i in last.values()]
            return [
                (v, ast.Subscript(value=y_bar, slice=k, ctx=ast.Load()))
                for k, v in pairs
                if k is not None and isinstance(v, ast.Name) and v.id in self.varied
            ]
        if isinstance(value, ast.Call) and core.qualname(value.func) in CONVERSIONS:
            if not value.args or self.lists_keys(stmt, value):
                return []  # nothing, keys, or keywords: those that are active are written out as a display
            made = core.qualname(value.func).rpartition(".")[2]
            same = self.c.analysis.facts.kind(stmt, value.args[0]).what == made
            return [(value.args[0], y_bar if same else helper("finish", y_bar, value.args[0]))]
        if isinstance(value, ast.BinOp) and self.c.analysis.facts.kind(stmt, value).what in ("list", "tuple"):
            if isinstance(value.op, ast.Mult) and self.c.analysis.alias.is_memory_written(name):
                repeated = value.right if self.is_count(value.left) else value.left
                if not of_numbers(self.c.analysis.facts.kind(stmt, repeated)):
                    self.c.refuse(stmt, "each member stands here several times, and is written in place", "copy it")
            return self.joined(value, y_bar)
        if not self.c.analysis.activity.active(stmt, value):
            return []  # a name that is active elsewhere
        match = self.rule_of(value)
        if match is None or match.rule.constant:
            return []
        wanted = [p for p in match.operands if self.c.analysis.activity.active(stmt, match.args[p])]
        if not wanted:
            return []
        y, wide = result or load(name + AFTER), name in self.wide
        guarded = {p for p in wanted if self.selections.guarded(stmt, name, match, p)}
        found: dict[str, ast.expr] = {}
        for some in ([p for p in wanted if p not in guarded], [p for p in wanted if p in guarded]):
            if some:
                found |= self.by_rule(
                    stmt, match, y_bar, y, some, lambda arg: self.shape_holder(stmt, arg), wide, some[0] in guarded
                )
        self.fired.append((stmt, match.rule))
        out: list[tuple[ast.expr, ast.expr]] = []
        for param in wanted:
            share = self.lighter(match.args[param], found[param])
            arg, share = match.args[param], self.by_shape(stmt, share)
            if isinstance(arg, (ast.Tuple, ast.List)):
                out += self.spread_display(arg, share)
            else:
                out.append((arg, share))
        return _merged(out)

    def rule_of(self, value: ast.expr) -> rules.Match | None:
        """Return the rule for an active operation and what it binds."""
        try:
            return rules.match(value)
        except rules.Unsupported as unsupported:
            self.c.refuse(value, str(unsupported), getattr(unsupported, "advice", ""))

    def by_rule(
        self,
        stmt: ast.stmt,
        match: rules.Match,
        y_bar: ast.expr,
        y: ast.expr,
        wanted: Sequence[str],
        shape_of_operand: Callable[[ast.expr], ast.expr | None] = lambda arg: arg,
        wide: bool = False,
        masked: bool = False,
    ) -> dict[str, ast.expr]:
        """Return what a rule gives the operands in `wanted`; see `rules.adjoints`."""
        kinds = self.c.analysis.facts.kinds(stmt)
        try:
            return rules.adjoints(
                match, y_bar, y, wanted, kinds, masked=masked, wide=wide, shape_of_operand=shape_of_operand
            )
        except rules.Unsupported as unsupported:
            place = match.expr if hasattr(match.expr, "lineno") else stmt  # an augmented assignment is no expression
            self.c.refuse(place, str(unsupported), getattr(unsupported, "advice", ""))

    def by_shape(self, stmt: ast.stmt, share: ast.expr) -> ast.expr:
        """Let another value of the same shape take the place of a temporary of which only the shape is asked."""

        def visit(node: ast.AST, _: ast.AST) -> ast.AST:
            if not isinstance(node, ast.Call) or core.qualname(node.func) not in ASK_SHAPE:
                return node
            place = ASK_SHAPE[core.qualname(node.func)]
            asked = node.args[place]
            if not isinstance(asked, ast.Name) or asked.id not in self.passing:
                return node
            match, made = self.passing[asked.id]
            kinds = self.c.analysis.facts
            kind = kinds.name_after(made, asked.id)
            same = [a for a in match.args.values() if isinstance(a, ast.Name) and self.fits(made, a, kind)]
            floats = [a for a in same if kinds.kind(made, a).dtype not in ("bool", "int") or kind.dtype == "complex"]
            if kind.shape is None or not floats or not match.rule.broadcasts:
                return node
            args = [*node.args[:place], load(floats[0].id), *node.args[place + 1 :]]
            return ast.Call(func=node.func, args=args, keywords=node.keywords)

        return trees.rewrite(share, visit) if self.passing else share

    def shape_holder(self, stmt: ast.stmt, arg: ast.expr) -> ast.expr | None:
        """Return what has the shape of an operand, None where its adjoint may stay as wide as the result.

        The adjoint of a temporary that elementwise operations made may be wider than the temporary: what it was made of
        has its contribution summed to its own shape. So no temporary has to be kept for its shape alone. A product has
        the shape that its operands say.
        """
        while isinstance(arg, ast.Name) and arg.id in self.passing:
            match, made = self.passing[arg.id]
            product = match.expr
            if isinstance(product, ast.BinOp) and not match.rule.broadcasts:
                names = [self.of_shape(made, side) for side in (product.left, product.right)]
                if names[0] is None or names[1] is None:
                    return arg
                return ast.BinOp(left=names[0], op=product.op, right=names[1])
            kind = self.c.analysis.facts.kind(stmt, arg)
            sources = [a for a in match.args.values() if isinstance(a, ast.Name) and not core.is_ref(a)]
            same = [a for a in sources if kind.shape and self.fits(stmt, a, kind)]
            if not same:
                self.wide.add(arg.id)
                return None
            arg = same[0]
        return arg

    def fits(self, stmt: ast.stmt, name: ast.Name, kind: Kind) -> bool:
        """Say whether an adjoint may be fitted to a name in place of a value of this kind: a real one drops parts."""
        found = self.c.analysis.facts.kind(stmt, name)
        return found.shape == kind.shape and (found.dtype == "complex") == (kind.dtype == "complex")

    def of_shape(self, stmt: ast.stmt, expr: ast.expr) -> ast.expr | None:
        """Return what has the shape of an operand and is no dearer than a name, None where there is none."""
        if isinstance(expr, ast.Name) or not any(isinstance(n, (ast.BinOp, ast.Call)) for n in walk(expr)):
            return expr  # no dearer than a name
        shape = self.c.analysis.facts.kind(stmt, expr).shape
        names = [n for n in walk(expr) if isinstance(n, ast.Name) and not core.is_ref(n)]
        same = (n for n in names if shape and self.c.analysis.facts.kind(stmt, n).shape == shape)
        return next(same, None)

    def joined(self, value: ast.BinOp, y_bar: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        """Return the parts of a joined or repeated sequence, each with its part of the adjoint."""
        left, right = value.left, value.right
        if isinstance(value.op, ast.Mult):
            sequence, times = (right, left) if self.is_count(left) else (left, right)
            surely = isinstance(times, ast.Constant) and isinstance(times.value, int) and times.value > 0
            return self.parts_of(sequence, helper("fold", y_bar, times, *([] if surely else [sequence])))
        if isinstance(left, (ast.Tuple, ast.List)):
            size: ast.expr = number(len(left.elts))
        elif isinstance(right, (ast.Tuple, ast.List)):
            size = number(-len(right.elts))
        else:
            size = ast.Call(func=core.ref("builtins.len"), args=[left], keywords=[])
        if isinstance(right, (ast.Tuple, ast.List)) and not right.elts:
            return self.parts_of(left, y_bar)
        held = y_bar if isinstance(y_bar, ast.Name) else load(self.c.fresh.temporary())
        if held is not y_bar:
            self.emit(assign(held.id, y_bar))
        first = ast.Subscript(value=held, slice=ast.Slice(upper=size), ctx=ast.Load())
        second = ast.Subscript(value=held, slice=ast.Slice(lower=size), ctx=ast.Load())
        return [*self.parts_of(left, first), *self.parts_of(right, second)]

    def lists_keys(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a value is a list or a tuple of the keys of a dict."""
        if not isinstance(value, ast.Call) or core.qualname(value.func) not in ("builtins.list", "builtins.tuple"):
            return False
        return len(value.args) == 1 and self.c.analysis.facts.kind(stmt, value.args[0]).what == "dict"

    def is_count(self, expr: ast.expr) -> bool:
        return (
            not isinstance(expr, (ast.Tuple, ast.List)) and self.c.analysis.facts.kind(self.stmt, expr).what == "scalar"
        )

    def parts_of(self, operand: ast.expr, share: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        if isinstance(operand, (ast.Tuple, ast.List)):
            return self.spread_display(operand, share)
        return [(operand, share)] if self.c.analysis.activity.active(self.stmt, operand) else []

    def lighter(self, arg: ast.expr, share: ast.expr) -> ast.expr:
        """Return a contribution that asks what a temporary was made of for its shape, not the temporary: ``x`` for
        ``x ** 2``, so that the square has not to be kept."""
        made_of = arg
        kinds = self.c.analysis.facts.kinds(self.stmt)
        is_complex = kinds(arg).dtype == "complex"  # the shape is asked for with the precision
        while isinstance(made_of, ast.Name) and made_of.id in self.passing:
            match, _ = self.passing[made_of.id]
            sources = [a for a in match.args.values() if not isinstance(a, ast.Constant)]
            if len(sources) != 1 or not match.rule.broadcasts or rules.reads_result(match, kinds):
                break
            if (kinds(sources[0]).dtype == "complex") != is_complex:
                break
            made_of = sources[0]
        if made_of is arg or not isinstance(made_of, ast.Name) or not isinstance(arg, ast.Name):
            return share
        uses = [n for n in walk(share) if isinstance(n, ast.Name) and n.id == arg.id]
        shapes = {id(a) for n in walk(share) for a in _asked_for_shape(n)}
        if not all(id(n) in shapes for n in uses):
            return share
        lighter = Put(arg.id, made_of).visit(share)
        assert isinstance(lighter, ast.expr)
        return lighter

    def spread_display(self, display: ast.Tuple | ast.List, share: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
        """Return the members of a literal sequence, each with its part of `share`."""
        if not isinstance(share, (ast.Tuple, ast.List, ast.Name)) and len(display.elts) > 1:
            held = self.c.fresh.temporary()
            self.emit(assign(held, share))
            share = load(held)
        out: list[tuple[ast.expr, ast.expr]] = []
        for position, member in enumerate(display.elts):
            if isinstance(member, ast.Starred) and self.c.analysis.activity.active(self.stmt, member.value):
                self.c.refuse(self.stmt, "sct cannot take these starred arguments apart", "write them one by one")
            if isinstance(member, ast.Constant) or not self.c.analysis.activity.active(self.stmt, member):
                continue
            if isinstance(share, (ast.Tuple, ast.List)):
                part = share.elts[position]
            else:
                part = ast.Subscript(value=share, slice=number(position), ctx=ast.Load())
            if isinstance(member, (ast.Tuple, ast.List)):
                out += self.spread_display(member, part)
            else:
                out.append((member, part))
        return out

    def part(self, stmt: ast.stmt, value: ast.Subscript, y_bar: ast.expr) -> None:
        """Add the adjoint of a part to that of the whole: ``base_bar[index] += y_bar``."""
        base = value.value
        if not isinstance(base, ast.Name) or base.id not in self.varied:
            return
        if self.c.bar(base.id) in loads([y_bar]):  # the part of a value that takes its place: xs = xs[1:]
            held = self.c.fresh.temporary()
            self.emit(assign(held, y_bar))
            y_bar = load(held)
        kind = self.c.analysis.facts.kind(stmt, base)
        apart = self.c.regimes.regime(base.id) == VALUE and base.id not in self.c.regimes.views
        if apart and kind.what in ("array", "scalar") and isinstance(value.slice, ast.Tuple) and not value.slice.elts:
            self.contribute(base.id, y_bar)  # z[()] is all of z, which may be a number
            return
        whole = reshaping(value.slice, kind) if apart else None
        if whole is not None:
            self.contribute(base.id, ast.Subscript(value=y_bar, slice=whole, ctx=ast.Load()))
            return
        self.ensure(base.id)
        place = ast.Subscript(value=load(self.c.bar(base.id)), slice=value.slice, ctx=ast.Load())
        member = self.c.analysis.facts.kind(stmt, value)
        sliced = any(isinstance(n, ast.Slice) for n in walk(value.slice))
        shadow = self.c.regimes.regime(base.id) == SHADOW and kind.what != "array"
        if shadow and sliced:
            self.c.refuse(
                stmt, f"`{shown(base.id)}` holds arrays that are written in place", "read its members one by one"
            )
        elif shadow and member.what != "scalar":
            # The slot keeps the object that it holds: others know it.
            bar = load(self.c.bar(base.id))
            self.emit(ast.Expr(value=helper("accumulate_at", bar, as_argument(value.slice), y_bar)))
        elif not self.basic(stmt, value.slice):
            self.emit(ast.Expr(value=helper("take_add", load(self.c.bar(base.id)), as_argument(value.slice), y_bar)))
        elif kind.what != "array" and sliced:
            self.emit(ast.Expr(value=helper("take_add", load(self.c.bar(base.id)), as_argument(value.slice), y_bar)))
            self.take_views(base.id)
        elif member.what not in ("scalar", "array") and self.is_structure(kind, value.slice, y_bar):
            bar = load(self.c.bar(base.id))
            self.emit(ast.Expr(value=helper("accumulate_at", bar, as_argument(value.slice), y_bar)))
        else:
            if kind.what != "array" and member.what == "unknown" and member.dtype == "complex":
                y_bar = helper("real_like", y_bar, place)  # a member that may be complex may be real
            self.emit(add_to(place, y_bar))

    def is_structure(self, base: Kind, index: ast.expr, y_bar: ast.expr) -> bool:
        """Say whether the adjoint of a part may be a container, or None as that of a member that is not a number."""
        absent = isinstance(y_bar, ast.Name) and y_bar.id in self.absent and base.what != "array"
        return absent and isinstance(index, ast.Constant) or self.may_be_container(y_bar)

    def basic(self, stmt: ast.stmt, index: ast.expr) -> bool:
        """Say whether an index is made of integers, slices and texts, so that no entry is read twice."""
        return is_basic(self.c.analysis, stmt, index)

    def aliases_something(self, stmt: ast.stmt, value: ast.expr) -> bool:
        """Say whether a shadowed name is bound to memory that exists already."""
        if isinstance(value, (ast.Name, ast.Subscript)):
            return True
        match = matched(value)
        if match is None or (memory := rules.memory(match, self.c.analysis.facts.kinds(stmt))) == "fresh":
            return False
        source = match.args[match.operands[0]] if memory == "maybe" and match.operands else value
        inner = matched(source) if isinstance(source, ast.Call) and source is not value else None
        return inner is None or inner.rule.memory != "fresh"  # what is made of what is made here is new


def _merged(shares: list[tuple[ast.expr, ast.expr]]) -> list[tuple[ast.expr, ast.expr]]:
    """Join equal contributions to one operand: x * x gives ``2 * x * y_bar``."""
    if len(shares) == 2 and all(isinstance(a, ast.Name) for a, _ in shares):
        (a, first), (b, second) = shares
        if isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id:
            if ast.dump(first) == ast.dump(second) and isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult):
                twice = ast.BinOp(left=number(2), op=ast.Mult(), right=first.left)
                return [(a, ast.BinOp(left=twice, op=ast.Mult(), right=first.right))]
    return shares


def held_by_calls(node: ast.FunctionDef) -> set[str]:
    """Return the names that calls of the user's functions are given or bound to: what they save may be their memory."""
    found: set[str] = set()
    for stmt in walk(node):
        value = stmt.value if isinstance(stmt, (ast.Assign, ast.Expr)) else None
        if isinstance(value, ast.Call) and core.qualname(value.func).startswith("@"):
            found.update(loads(value.args))
            found.update(stored([stmt]))
    return found


def elementwise_temporaries(node: ast.FunctionDef) -> dict[str, tuple[rules.Match, ast.stmt]]:
    """Return the temporaries that one elementwise operation or product makes and that are read once."""
    nodes = walk(node)
    reads = Counter(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    bound = Counter(n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load))
    found: dict[str, tuple[rules.Match, ast.stmt]] = {}
    for stmt in nodes:
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name):
            name = stmt.targets[0].id
            if core.is_temporary(name) and reads[name] == bound[name] == 1:
                match = matched(stmt.value)
                if match is None or match.rule.constant:
                    continue
                if match.rule.broadcasts or isinstance(stmt.value, ast.BinOp):
                    found[name] = match, stmt
    return found


def _asked_for_shape(node: ast.AST) -> list[ast.expr]:
    """Return what a node asks for its shape and precision alone."""
    if isinstance(node, ast.Attribute):
        return [node.value] if node.attr in ("shape", "size", "ndim") else []
    name = core.qualname(node.func) if isinstance(node, ast.Call) else ""
    position = ASK_SHAPE.get(name)
    return node.args[position : position + 1] if isinstance(node, ast.Call) and position is not None else []


def matched(expr: ast.expr) -> rules.Match | None:
    try:
        return rules.match(expr)
    except rules.Unsupported:
        return None
