"""Iterators of the standard library over active values, as comprehensions and loops.

In: a call of ``zip(*rows)``, of ``np.ndenumerate``, or of a function of `itertools`. Out: what gives the same members,
None where the call stays as it is: over ranges, say, which no derivative runs through.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from sct.nodes import assign, load, store

from .. import core
from ..names import fresh

Block = list[ast.stmt]
Named = Callable[[ast.expr, Block], ast.expr]
ITERATORS = (
    *(f"itertools.{n}" for n in ("pairwise", "chain", "product", "combinations", "permutations", "accumulate")),
    *("itertools.starmap", "numpy.ndenumerate"),
)


def members_of(node: ast.Call, before: Block | None, named: Named, used: set[str]) -> ast.expr | None:
    """Return an expression with the members of an iterator; `named` gives a value a name in `before`."""
    name = core.qualname(node.func)
    if name == "builtins.zip" and len(node.args) == 1 and isinstance(node.args[0], ast.Starred) and before is not None:
        return _columns(named(node.args[0].value, before), used)
    args = node.args
    if name not in ITERATORS or not args or any(isinstance(a, ast.Starred) for a in args) or all(map(_counts, args)):
        return None
    if name == "itertools.chain" and not node.keywords:
        return ast.List(elts=[ast.Starred(value=a, ctx=ast.Load()) for a in args], ctx=ast.Load())
    if name == "itertools.product" and not node.keywords:
        return _product(args, used)
    if name == "itertools.starmap" and len(args) == 2 and isinstance(args[0], ast.Name):
        item = fresh("item", used)
        given = ast.Starred(value=load(item), ctx=ast.Load())
        return _comprehension(ast.Call(func=args[0], args=[given], keywords=[]), item, args[1])
    if before is None:
        return None
    if name == "numpy.ndenumerate" and len(args) == 1:
        xs = named(args[0], before)
        place = fresh("place", used)
        places = _generator(place, _call("numpy.ndindex", _call("numpy.shape", xs)))
        # Each element is read when its turn comes: the loop may write what it has not come to.
        return ast.GeneratorExp(elt=_tuple([load(place), _item(xs, load(place))]), generators=[places])
    if name == "itertools.pairwise" and len(args) == 1:
        xs = named(args[0], before)
        parts = [_part(xs, None, ast.UnaryOp(op=ast.USub(), operand=_number(1))), _part(xs, _number(1), None)]
        return _call("builtins.zip", *parts)
    if name in ("itertools.combinations", "itertools.permutations") and len(args) == 2:
        count = args[1].value if isinstance(args[1], ast.Constant) else None
        return _chosen(named(args[0], before), name, used) if count == 2 else None
    if name == "itertools.accumulate":
        return _accumulated(node, before, named, used)
    return None


def _counts(arg: ast.expr) -> bool:
    return isinstance(arg, ast.Constant) or isinstance(arg, ast.Call) and core.qualname(arg.func) == "builtins.range"


def _columns(rows: ast.expr, used: set[str]) -> ast.expr:
    """Return the columns of rows: as many as the shortest row has members."""
    row, place, short = fresh("row", used), fresh("k", used), fresh("row", used)
    column = _comprehension(_item(load(row), load(place)), row, rows)
    width = _call("builtins.min", _comprehension(_call("builtins.len", load(short)), short, rows))
    return _comprehension(_call("builtins.tuple", column), place, _call("builtins.range", width))


def _product(args: list[ast.expr], used: set[str]) -> ast.expr:
    names = [fresh("item", used) for _ in args]
    generators = [_generator(n, a) for n, a in zip(names, args, strict=True)]
    return ast.ListComp(elt=_tuple([load(n) for n in names]), generators=generators)


def _chosen(xs: ast.expr, name: str, used: set[str]) -> ast.expr:
    """Return the pairs of two different members."""
    i, j = fresh("i", used), fresh("j", used)
    count = _call("builtins.len", xs)
    first = _generator(i, _call("builtins.range", count))
    pair = _tuple([_item(xs, load(i)), _item(xs, load(j))])
    if name == "itertools.combinations":
        after = ast.BinOp(left=load(i), op=ast.Add(), right=_number(1))
        return ast.ListComp(elt=pair, generators=[first, _generator(j, _call("builtins.range", after, count))])
    second = _generator(j, _call("builtins.range", count))
    second.ifs = [ast.Compare(left=load(i), ops=[ast.NotEq()], comparators=[load(j)])]
    return ast.ListComp(elt=pair, generators=[first, second])


def _accumulated(node: ast.Call, before: Block, named: Named, used: set[str]) -> ast.expr | None:
    """Return the list to which a loop in front appends each total."""
    keywords = {k.arg: k.value for k in node.keywords}
    function = node.args[1] if len(node.args) > 1 else keywords.pop("func", None)
    if keywords:
        return None
    xs = named(node.args[0], before)
    totals, total, item = fresh("totals", used), fresh("total", used), fresh("item", used)
    start = _item(xs, _number(0))
    step: ast.expr = ast.BinOp(left=load(total), op=ast.Add(), right=load(item))
    if function is not None:
        step = ast.Call(func=function, args=[load(total), load(item)], keywords=[])
    append = ast.Attribute(value=load(totals), attr="append", ctx=ast.Load())
    more = ast.Expr(value=ast.Call(func=append, args=[load(total)], keywords=[]))
    loop: Block = [assign(total, step), more]
    before += [
        assign(total, start),
        assign(totals, ast.List(elts=[load(total)], ctx=ast.Load())),
        ast.For(target=store(item), iter=_part(xs, _number(1), None), body=loop, orelse=[]),
    ]
    return load(totals)


def _comprehension(elt: ast.expr, target: str, source: ast.expr) -> ast.expr:
    return ast.ListComp(elt=elt, generators=[_generator(target, source)])


def _generator(target: str, source: ast.expr) -> ast.comprehension:
    return ast.comprehension(target=store(target), iter=copy.deepcopy(source), ifs=[], is_async=0)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(func=core.ref(name), args=[copy.deepcopy(a) for a in args], keywords=[])


def _part(value: ast.expr, lower: ast.expr | None, upper: ast.expr | None) -> ast.expr:
    return _item(value, ast.Slice(lower=lower, upper=upper, step=None))


def _item(value: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(value=copy.deepcopy(value), slice=index, ctx=ast.Load())


def _tuple(members: list[ast.expr]) -> ast.Tuple:
    return ast.Tuple(elts=members, ctx=ast.Load())


def _number(value: int) -> ast.Constant:
    return ast.Constant(value=value)
