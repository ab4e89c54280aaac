"""Functions of several values in a sequence: joining arrays, sums and products of lists."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sct.analysis.kinds import FLOAT, NO_AXES, UNKNOWN, Kind
from sct.core import ref
from sct.rules import ranks
from sct.rules.conditions import without
from sct.rules.creation import array_
from sct.rules.registry import KindOf, Match, bilinear, composite, custom, linear
from sct.rules.results import array, join_dtypes, joined_parts, kind_of, scalar_float, shape_of
from sct.rules.samples import M23, M33, T234, V3, W3
from sct.rules.template import binary, clone, constant, helper, number

if TYPE_CHECKING:
    import math

    import numpy as np

    from sct.runtime import (
        as_list,
        block_bar,
        column_split_like,
        dsplit_like,
        hsplit_like,
        joined_like,
        members,
        others,
        over,
        split_like,
        sum_bar,
        unbroadcast,
        vsplit_like,
    )


@linear(
    "numpy.concatenate",
    "numpy.concat",
    examples=[([V3, W3],), ([M23, M33], 0), ([M23, M23], -1)],
    sequence="arrays",
    result=joined_parts,
    rank=ranks.joined,
)
def concatenate(y_bar, arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return split_like(y_bar, arrays, axis)


@linear("numpy.append", examples=[(V3, W3), (V3, 1.5), (M23, M33, 0)], result=array)
def append(y_bar, arr, values, axis=None):
    return split_like(y_bar, (arr, values), axis)[0], split_like(y_bar, (arr, values), axis)[1]


@linear(
    "numpy.stack",
    examples=[([V3, W3],), ([M23, M23], 1), ([M23, M23], -1)],
    sequence="arrays",
    result=joined_parts,
    rank=ranks.stacked,
)
def stack(y_bar, arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return members(y_bar, arrays, axis)


@linear(
    "numpy.vstack",
    examples=[([V3, W3],), ([M23, M33],), ([V3, M33],)],
    sequence="tup",
    result=joined_parts,
)
def vstack(y_bar, tup, *, dtype=None, casting="same_kind"):
    return vsplit_like(y_bar, tup)


@linear("numpy.hstack", examples=[([V3, W3],), ([M23, M23],), ([1.5, V3],)], sequence="tup", result=joined_parts)
def hstack(y_bar, tup, *, dtype=None, casting="same_kind"):
    return hsplit_like(y_bar, tup)


@linear("numpy.dstack", examples=[([V3, W3],), ([M23, M23],), ([T234, T234],)], sequence="tup", result=joined_parts)
def dstack(y_bar, tup):
    return dsplit_like(y_bar, tup)


@linear(
    "numpy.block",
    sequence="arrays",
    result=joined_parts,
    spelled=["np.block([[np.outer(x, x), np.outer(x, x * x)]])", "np.block([x, 2 * x])"],
)
def block(y_bar, arrays):
    return block_bar(y_bar, arrays)


@linear(
    "numpy.column_stack", examples=[([V3, W3],), ([M33, V3],)], sequence="tup", result=joined_parts, rank=ranks.fixed(2)
)
def column_stack(y_bar, tup):
    return column_split_like(y_bar, tup)


@linear(
    "sct.runtime.join",
    operands=("parts",),
    sequence="parts",
    result=joined_parts,
    spelled=["np.r_[x, x[0], 1.0]", "np.c_[x, x * x]"],
)
def join(y_bar, parts, axis=0):
    return joined_like(y_bar, parts, axis)


def _total(match: Match, kinds: KindOf) -> Kind:
    """A number, where all that is summed are numbers as written."""
    members = display(match.args["x"]) or []
    found = [kind_of(m, kinds) for m in (*members, *([match.args["start"]] if "start" in match.args else []))]
    numbers = bool(members) and all(k.what == "scalar" for k in found)
    return Kind("scalar", join_dtypes(*(k.dtype for k in found)), NO_AXES) if numbers else UNKNOWN


@linear("builtins.sum", examples=[(V3,), (V3, 1.5), (M23,)], sequence="x", result=_total)
def sum_(y_bar, x, start=0):
    return sum_bar(y_bar, x), unbroadcast(y_bar, start)


def _may_be_empty(match: Match, kinds: KindOf) -> bool:
    return without("start")(match, kinds) and not display(match.args["x"])


@sum_.tangent_case(_may_be_empty)
def _(dx, x, start=0):
    """A tangent is a float, also where nothing is summed."""
    return sum(dx, 0.0)


@linear("math.fsum", examples=[(V3,)], sequence="x", result=scalar_float)
def fsum(y_bar, x):
    return sum_bar(y_bar, x)


@bilinear("math.sumprod", examples=[(V3, W3)], result=scalar_float)
def sumprod(y_bar, p, q):
    return as_list(y_bar * np.array(q), p), as_list(y_bar * np.array(p), q)


def _product(match: Match, kinds: KindOf) -> Kind:
    """A number where the members are numbers; those of an array may be rows."""
    kind = kinds(match.args["x"])
    members = kind.items or ([kind.element] if kind.element else [])
    numbers = bool(members) and all(m.what == "scalar" for m in members)
    return FLOAT if numbers or kind.ndim == 1 else UNKNOWN


@custom(
    "math.prod",
    examples=[(V3,), ([0.0, 2.0, 3.0],)],
    sequence="x",
    result=_product,
    spelled=["math.prod(np.outer(x, x))"],
)
def prod(y_bar, x):
    return as_list(others(x, 0) * y_bar, x)


def _gives_number(match: Match, kinds: KindOf) -> bool:
    """Hold where the product is one of Python's numbers, which leaves the precision of an array as it is."""
    members = display(match.args["x"]) or []
    return bool(members) and all(kind_of(m, kinds).what == "scalar" for m in members)


@prod.tangent_case(_gives_number)
def _(dx, x):
    return float(np.sum(others(x, 0) * dx, 0))


@prod.tangent
def _(dx, x):
    return np.sum(others(x, 0) * dx, 0)


@composite("math.prod", examples=[(V3, {"start": 1.5})], operands=("x", "start"), sequence="x", result=_product)
def prod_from(x, *, start):
    return start * math.prod(x)


@custom("math.hypot", examples=[(1.5, 2.5, 0.5), (1.5,)], sequence="x", result=scalar_float)
def hypot(y_bar, y, *x):
    """Zero at the origin, where there is no derivative."""
    return as_list(over(y_bar, y) * np.array(x), x)


@hypot.tangent
def _(dx, y, *x):
    return over(float(np.dot(x, dx)), y)


@custom("math.dist", examples=[(V3, W3)], operands=("p", "q"), result=scalar_float)
def dist(y_bar, y, p, q):
    """Zero where the points are the same, at the kink."""
    return (
        as_list(over(y_bar, y) * np.subtract(p, q), p),
        as_list(over(y_bar, y) * np.subtract(q, p), q),
    )


@dist.tangent
def _(dp, dq, y, p, q):
    return over(float(np.dot(np.subtract(p, q), dp)), y), over(float(np.dot(np.subtract(q, p), dq)), y)


# Literals: what each member of a display receives


def display(node: ast.expr | None) -> Sequence[ast.expr] | None:
    """Return the members of a tuple or list as written, None for anything else."""
    if isinstance(node, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in node.elts):
        return node.elts
    return None


def _at(y_bar: ast.expr, *index: ast.expr) -> ast.expr:
    key = index[0] if len(index) == 1 else ast.Tuple(elts=list(index), ctx=ast.Load())
    return ast.Subscript(value=clone(y_bar), slice=key, ctx=ast.Load())


def _tuple(parts: Sequence[ast.expr]) -> ast.expr:
    return ast.Tuple(elts=list(parts), ctx=ast.Load())


@array_.literal
def _array_literal(match: Match, y_bar: ast.expr, y: ast.expr, kinds: KindOf) -> ast.expr | None:
    def bars(node: ast.expr, path: tuple[int, ...]) -> ast.expr:
        members = display(node)
        if members is not None:
            return _tuple([bars(member, (*path, i)) for i, member in enumerate(members)])
        bar = _at(y_bar, *map(constant, path))
        return helper("as_list", bar, clone(node)) if kinds(node).what in ("list", "tuple") else bar

    node = match.args["object"]
    return bars(node, ()) if display(node) is not None else None


@stack.literal
def _stack_literal(match: Match, y_bar: ast.expr, y: ast.expr, kinds: KindOf) -> ast.expr | None:
    members = display(match.args["arrays"])
    axis = number(match.args.get("axis", ast.Constant(value=0)))
    if members is None or axis not in (0, 1, -1) or any(display(m) is not None for m in members):
        return None
    before: dict[int, list[ast.expr]] = {0: [], 1: [ast.Slice()], -1: [ast.Constant(value=...)]}
    return _tuple([_at(y_bar, *before[int(axis)], constant(i)) for i in range(len(members))])


@concatenate.literal
def _concatenate_literal(match: Match, y_bar: ast.expr, y: ast.expr, kinds: KindOf) -> ast.expr | None:
    members = display(match.args["arrays"])
    axis = number(match.args.get("axis", ast.Constant(value=0)))
    if members is None or axis != 0 or len(members) > 3:
        return None
    found: list[ast.expr] = []
    start: ast.expr | None = None
    for i, member in enumerate(members):
        inner = display(member)
        last = i == len(members) - 1
        if inner is not None and any(display(m) is not None for m in inner):
            return None
        if inner is not None:
            found.append(_tuple([_at(y_bar, _plus(start, constant(k))) for k in range(len(inner))]))
        size = constant(len(inner)) if inner is not None else _len(member)
        stop = None if last else _plus(start, size)
        if inner is None:
            found.append(
                _at(y_bar, ast.Slice(lower=clone(start) if start else None, upper=clone(stop) if stop else None))
            )
        start = stop
    return _tuple(found)


def _len(node: ast.expr) -> ast.expr:
    return ast.Call(func=ref("builtins.len"), args=[clone(node)], keywords=[])


def _plus(a: ast.expr | None, b: ast.expr) -> ast.expr:
    return b if a is None else binary(ast.Add(), clone(a), b)


@sum_.literal
def _sum_literal(match: Match, y_bar: ast.expr, y: ast.expr, kinds: KindOf) -> ast.expr | None:
    members = display(match.args["x"])
    if members is None or any(display(m) is not None for m in members):
        return None
    known = shape_of(_total(match, kinds)) or shape_of(kinds(y))
    return _tuple(
        [
            (
                clone(y_bar)
                if known and shape_of(kind_of(m, kinds)) == known
                else helper("unbroadcast", clone(y_bar), clone(m))
            )
            for m in members
        ]
    )
