"""Changes of active lists, as assignments and appends: for reverse mode.

In: a statement that changes a list in place. Out: statements that do the same. What grows a list at its end becomes
appends. Anything else builds the list anew, which nobody can tell where the list has no other name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct import core
from sct.analysis.activity import Activity
from sct.frontend.evaluation import substituted
from sct.frontend.structure import Block, Fresh
from sct.frontend.writers import array_sorted
from sct.nodes import assign, load
from sct.rules.template import number
from sct.walk import root_name, walk

#: Of a display times an active value of which nothing is known: the reason, and what to write instead.
REPEATED = (
    "whether this repeats a list or is a product of arrays is not known",
    "for a product write np.array([...]); or say what the other operand is by an annotation, `: np.ndarray` or `: int`",
)
#: Methods of lists that are written as something else.
METHODS = ("extend", "insert", "pop", "remove", "reverse", "sort", "clear")


class Lists:
    """Rewrites what changes a list of active values."""

    def __init__(self, activity: Activity, fresh: Fresh, sole_stores: frozenset[ast.stmt]) -> None:
        self.activity = activity
        self.fresh = fresh
        self.sole_stores = sole_stores

    def statement(self, stmt: ast.stmt) -> Block | None:
        """Return what stands for a statement that changes a list, None for any other."""
        if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
            return self.augmented(stmt, stmt.target.id)
        if isinstance(stmt, ast.Delete) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Subscript):
            place = stmt.targets[0]
            if isinstance(place.value, ast.Name) and self.rebuildable(stmt, place.value.id):
                return self.deleted(place.value.id, place.slice)
        call = stmt.value if isinstance(stmt, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return None
        if call.func.attr == "sort":
            return self.sorted(stmt, call)
        base = call.func.value
        if not isinstance(base, ast.Name) or core.is_ref(base) or base.id not in self.activity.varied:
            return None
        if call.func.attr == "extend" and len(call.args) == 1:
            return self.grown(base.id, call.args[0])
        if self.rebuildable(stmt, base.id) and not call.keywords and not self.is_stack(stmt, call):
            return self.method(base.id, call.func.attr, call.args)
        if call.func.attr == "reverse" and self.is_given(stmt, base.id):
            return [_into(base.id, ast.Subscript(value=base, slice=ast.Slice(step=minus_one()), ctx=ast.Load()))]
        return None

    def is_given(self, stmt: ast.stmt, name: str) -> bool:
        """Say whether a name holds the list of a caller, who sees what is done to it."""
        facts = self.activity.facts
        return name in facts.entry and name in self.activity.varied and facts.kind(stmt, load(name)).what == "list"

    def augmented(self, stmt: ast.AugAssign, name: str) -> Block | None:
        kind = self.activity.facts.kind(stmt, load(name))
        if name not in self.activity.varied and not self.activity.active(stmt, stmt.value):
            return None
        if kind.what == "list" and isinstance(stmt.op, ast.Add):
            return self.grown(name, stmt.value)
        if kind.what == "tuple" or kind.what == "list" and self.rebuildable(stmt, name):
            return [assign(name, ast.BinOp(left=load(name), op=stmt.op, right=stmt.value))]
        return None

    def is_stack(self, stmt: ast.stmt, call: ast.Call) -> bool:
        """Say whether a call takes the last member off a list: that has an adjoint of its own, an append."""
        name = core.popped(call)
        return bool(name) and self.activity.facts.kind(stmt, load(name)).what == "list"

    def rebuildable(self, stmt: ast.stmt, name: str) -> bool:
        """Say whether a name holds a list that has no other name."""
        if name not in self.activity.varied or stmt not in self.sole_stores:
            return False
        return self.activity.facts.kind(stmt, load(name)).what in ("list", "unknown")

    def grown(self, name: str, more: ast.expr) -> Block:
        """Return the appends that ``name += more`` stands for."""
        if isinstance(more, (ast.List, ast.Tuple)) and not any(isinstance(e, ast.Starred) for e in more.elts):
            if len(more.elts) == 1:
                return [append(name, more.elts[0])]
            names = [self.fresh.temporary() for _ in more.elts]  # all are computed before the list grows
            held = [assign(n, e) for n, e in zip(names, more.elts, strict=True)]
            return [*held, *(append(name, load(n)) for n in names)]
        if isinstance(more, (ast.ListComp, ast.GeneratorExp)):
            more = ast.ListComp(elt=more.elt, generators=more.generators)
        if name in {n.id for n in walk(more) if isinstance(n, ast.Name)}:
            more = call("builtins.list", more)
        member = self.fresh.name("member")
        target = ast.Name(id=member, ctx=ast.Store())
        return [ast.For(target=target, iter=more, body=[append(name, load(member))], orelse=[], type_comment=None)]

    def method(self, name: str, method: str, args: list[ast.expr]) -> Block | None:
        xs = load(name)
        if method == "insert" and len(args) == 2:
            at, setup = self.held(args[0])
            value = ast.List(elts=[args[1]], ctx=ast.Load())
            front, back = part(xs, None, at), part(xs, at, None)
            return [*setup, assign(name, plus(plus(front, value), back))]
        if method == "pop" and len(args) < 2:
            return self.deleted(name, args[0] if args else minus_one())
        if method == "remove" and len(args) == 1:
            index = ast.Call(func=ast.Attribute(value=xs, attr="index", ctx=ast.Load()), args=args, keywords=[])
            return self.without(name, index)
        if method == "reverse" and not args:
            return [assign(name, ast.Subscript(value=xs, slice=ast.Slice(step=minus_one()), ctx=ast.Load()))]
        if method == "clear" and not args:
            return [assign(name, ast.List(elts=[], ctx=ast.Load()))]
        return None

    def sorted(self, stmt: ast.stmt, sort: ast.Call) -> Block | None:
        """Return the assignment that ``name.sort(...)`` stands for."""
        facts = self.activity.facts
        if root_name(sort.func) in self.activity.varied:
            store = array_sorted(stmt, lambda a: facts.kind(stmt, a).what == "array")
            if store is not None:
                return [store]
        func = sort.func
        if not isinstance(func, ast.Attribute) or func.attr != "sort" or not isinstance(func.value, ast.Name):
            return None
        name = func.value.id
        made = ast.Call(func=core.ref("builtins.sorted"), args=[func.value], keywords=sort.keywords)
        if self.is_given(stmt, name):
            return [_into(name, made)]
        if facts.kind(stmt, func.value).what != "list" or not self.rebuildable(stmt, name):
            return None
        return [assign(name, made)]

    def with_slice(self, stmt: ast.stmt) -> tuple[str, ast.expr] | None:
        """Return the name of a list of which a slice is replaced by as many members as may be, and the new list."""
        if not isinstance(stmt, ast.Assign) or len(stmt.targets) != 1:
            return None
        place = stmt.targets[0]
        if not isinstance(place, ast.Subscript) or not isinstance(place.slice, ast.Slice):
            return None
        if not isinstance(place.value, ast.Name) or place.slice.step is not None:
            return None
        name, lower, upper = place.value.id, place.slice.lower, place.slice.upper
        kind = self.activity.facts.kind
        if kind(stmt, load(name)).what != "list" or not self.rebuildable(stmt, name) or not _in_order(lower, upper):
            return None
        if name in self.activity.facts.entry:
            return None  # the caller sees what is stored into the list that it gave
        front = [] if lower is None else [part(load(name), None, lower)]
        back = [] if upper is None else [part(load(name), upper, None)]
        # The whole of a list is a list of its own all the same.
        own = bool(front or back) or _is_new(stmt.value)
        plain = own and kind(stmt, stmt.value).what == "list"
        more = stmt.value if plain else call("builtins.list", stmt.value)
        whole: ast.expr | None = None
        for piece in [*front, more, *back]:
            whole = piece if whole is None else plus(whole, piece)
        return (name, whole) if whole is not None else None

    def deleted(self, name: str, index: ast.expr) -> Block:
        """Return the statements that delete a member of a list, which has to be there, or a slice."""
        if not _is_end(index):
            return self.without(name, index)
        return [
            ast.Expr(value=ast.Subscript(value=load(name), slice=index, ctx=ast.Load())),
            *self.without(name, index),
        ]

    def without(self, name: str, index: ast.expr) -> Block:
        """Return the statements that take a member, or a slice of them, out of a list."""
        xs = load(name)
        if isinstance(index, ast.Slice):
            if index.step is not None:
                return []
            return [assign(name, plus(part(xs, None, index.lower or zero()), part(xs, index.upper, None)))]
        if _is_end(index):
            last = isinstance(index, ast.UnaryOp)
            return [assign(name, part(xs, None, index) if last else part(xs, ast.Constant(value=1), None))]
        positions = call("builtins.range", call("builtins.len", xs))  # from which a missing one cannot be taken either
        at, setup = self.held(ast.Subscript(value=positions, slice=index, ctx=ast.Load()))
        rest = part(xs, ast.BinOp(left=at, op=ast.Add(), right=ast.Constant(value=1)), None)
        return [*setup, assign(name, plus(part(xs, None, at), rest))]

    def held(self, index: ast.expr) -> tuple[ast.expr, Block]:
        """Return an index that can be read twice, and what must happen before."""
        if isinstance(index, (ast.Constant, ast.Name)):
            return index, []
        name = self.fresh.temporary()
        return load(name), [assign(name, index)]

    def popped(self, stmt: ast.stmt, expr: ast.Call) -> tuple[Block, ast.expr] | None:
        """Return the statements that take a member out of a list, and that member, for ``xs.pop()`` as a value."""
        func = expr.func
        if not (isinstance(func, ast.Attribute) and func.attr == "pop" and isinstance(func.value, ast.Name)):
            return None
        name = func.value.id
        if self.is_stack(stmt, expr):
            return None
        if expr.keywords or len(expr.args) > 1 or not self.rebuildable(stmt, name):
            return None
        mentions = [n for n in walk(stmt) if isinstance(n, ast.Name) and n.id == name]
        if len(mentions) > 1:
            return None
        at, setup = self.held(expr.args[0]) if expr.args else (minus_one(), [])
        member = self.fresh.temporary()
        taken = assign(member, ast.Subscript(value=load(name), slice=at, ctx=ast.Load()))
        return [*setup, taken, *self.without(name, at)], load(member)

    def in_order(self, expr: ast.Call, setup: Callable[[ast.stmt], None]) -> ast.expr | None:
        """Return ``sorted(xs, ...)`` as a comprehension over the positions in their order."""
        if len(expr.args) != 1 or any(k.arg not in ("key", "reverse") for k in expr.keywords):
            return None
        xs = expr.args[0]
        if not isinstance(xs, ast.Name):
            name = self.fresh.temporary()
            if isinstance(xs, ast.GeneratorExp):
                xs = ast.ListComp(elt=xs.elt, generators=xs.generators)
            setup(assign(name, xs if isinstance(xs, (ast.ListComp, ast.List)) else call("builtins.list", xs)))
            xs = load(name)
        made = ordered(xs, xs, expr.keywords, self.fresh.temporary())
        order = made.generators[0]
        order.iter = self.kept(order.iter, setup)
        return made

    def kept(self, order: ast.expr, setup: Callable[[ast.stmt], None]) -> ast.expr:
        name = self.fresh.temporary()
        setup(assign(name, order))
        return load(name)


def _is_new(value: ast.expr) -> bool:
    """Say whether an expression that gives a list makes it."""
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Slice)
    if isinstance(value, ast.Call):
        return core.qualname(value.func) in ("builtins.list", "builtins.sorted")
    return isinstance(value, (ast.List, ast.ListComp))


def _into(name: str, value: ast.expr) -> ast.Assign:
    """Return ``name[:] = value``."""
    return ast.Assign(targets=[ast.Subscript(value=load(name), slice=ast.Slice(), ctx=ast.Store())], value=value)


def _in_order(lower: ast.expr | None, upper: ast.expr | None) -> bool:
    """Say whether a slice surely does not end before it begins."""
    if lower is None or upper is None:
        return True
    if isinstance(upper, ast.BinOp) and isinstance(upper.op, ast.Add) and ast.dump(upper.left) == ast.dump(lower):
        more = number(upper.right)
        return more is not None and more >= 0
    first, last = number(lower), number(upper)
    return first is not None and last is not None and (first >= 0) == (last >= 0) and first <= last


def by_position(xs: ast.expr, keywords: list[ast.keyword], index: str) -> ast.expr:
    """Return a key for the positions in `xs` that orders them as the keyword ``key`` orders the members."""
    key = next((k.value for k in keywords if k.arg == "key"), None)
    if key is None or isinstance(key, ast.Constant):
        return ast.Attribute(value=xs, attr="__getitem__", ctx=ast.Load())
    member = ast.Subscript(value=xs, slice=load(index), ctx=ast.Load())
    if isinstance(key, ast.Lambda):
        value = substituted(key.body, {key.args.args[0].arg: member})
    else:
        value = ast.Call(func=key, args=[member], keywords=[])
    return ast.Lambda(args=one_argument(index), body=value)


def ordered(of: ast.expr, xs: ast.expr, keywords: list[ast.keyword], index: str) -> ast.ListComp:
    """Return the members of `of` in the order in which ``sorted(xs, ...)`` puts those of `xs`."""
    by = by_position(xs, keywords, index)
    order = call("builtins.sorted", call("builtins.range", call("builtins.len", xs)))
    order.keywords = [ast.keyword(arg="key", value=by), *(k for k in keywords if k.arg == "reverse")]
    target = ast.Name(id=index, ctx=ast.Store())
    generator = ast.comprehension(target=target, iter=order, ifs=[], is_async=0)
    return ast.ListComp(elt=ast.Subscript(value=of, slice=load(index), ctx=ast.Load()), generators=[generator])


def is_whole_again(expr: ast.BinOp) -> bool:
    """Say whether two ends of one sequence are put together, as in ``xs[1:] + xs[:1]``: those of a list."""
    one, other = expr.left, expr.right
    if not isinstance(one, ast.Subscript) or not isinstance(other, ast.Subscript):
        return False
    first, second = one.slice, other.slice
    if not isinstance(first, ast.Slice) or not isinstance(second, ast.Slice):
        return False
    if ast.dump(one.value) != ast.dump(other.value) or first.step is not None or second.step is not None:
        return False
    if first.lower is None:
        first, second = second, first
    ends = first.lower is not None and first.upper is None and second.lower is None and second.upper is not None
    # Of an array, ``x[1:] + x[:-1]`` adds what is side by side.
    less = (ast.USub, ast.Sub)
    return ends and not any(isinstance(getattr(n, "op", None), less) for s in (first, second) for n in walk(s))


def one_argument(name: str) -> ast.arguments:
    """Return the parameters of a function of one argument."""
    return ast.arguments(
        posonlyargs=[], args=[ast.arg(arg=name)], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )


def call(function: str, *args: ast.expr) -> ast.Call:
    """Return a call of a function that is known by its qualified name."""
    return ast.Call(func=core.ref(function), args=list(args), keywords=[])


def _is_end(index: ast.expr) -> bool:
    """Say whether an index is that of the first or of the last member."""
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
        return isinstance(index.operand, ast.Constant) and index.operand.value == 1
    return isinstance(index, ast.Constant) and index.value == 0


def append(name: str, value: ast.expr) -> ast.Expr:
    """Return ``name.append(value)``."""
    method = ast.Attribute(value=load(name), attr="append", ctx=ast.Load())
    return ast.Expr(value=ast.Call(func=method, args=[value], keywords=[]))


def part(xs: ast.expr, lower: ast.expr | None, upper: ast.expr | None) -> ast.Subscript:
    """Return a slice of `xs`."""
    return ast.Subscript(value=xs, slice=ast.Slice(lower=lower, upper=upper, step=None), ctx=ast.Load())


def plus(a: ast.expr, b: ast.expr) -> ast.BinOp:
    """Return ``a + b``."""
    return ast.BinOp(left=a, op=ast.Add(), right=b)


def minus_one() -> ast.expr:
    """Return ``-1``."""
    return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))


def zero() -> ast.expr:
    """Return ``0``."""
    return ast.Constant(value=0)
