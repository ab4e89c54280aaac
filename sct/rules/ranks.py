"""How many axes a new array has, where its shape has no name.

In: a match, and what is known of any expression. Out: the number of axes, None where it is not known.
"""

from __future__ import annotations

import ast

from sct.rules.registry import KindOf, Match, Rank
from sct.rules.results import kind_of


def fixed(n: int) -> Rank:
    """Return the rule for results that always have `n` axes."""
    return lambda match, kinds: n


def spaced(match: Match, kinds: KindOf) -> int | None:
    """One axis between numbers; between arrays there are more."""
    ends = [kind_of(match.args[p], kinds) for p in ("start", "stop") if p in match.args]
    return 1 if all(k.what == "scalar" for k in ends) else None


def of_shape(match: Match, kinds: KindOf) -> int | None:
    """The length of the argument `shape`; an integer is a shape of one axis."""
    shape = match.args.get("shape")
    if isinstance(shape, (ast.Tuple, ast.List)):
        return None if any(isinstance(e, ast.Starred) for e in shape.elts) else len(shape.elts)
    if shape is None:
        return None
    kind = kind_of(shape, kinds)
    if kind.what == "tuple" and kind.items is not None:
        return len(kind.items)
    return 1 if kind.what == "scalar" else None


def of_display(match: Match, kinds: KindOf) -> int | None:
    """The depth of a display, plus the axes of what is in it."""
    node: ast.expr = match.args["object"]
    depth = 0
    while isinstance(node, (ast.Tuple, ast.List)):
        if not node.elts or isinstance(node.elts[0], ast.Starred):
            return None
        depth += 1
        node = node.elts[0]
    inner = kind_of(node, kinds).ndim
    return None if inner is None else depth + inner


def _of_member(match: Match, kinds: KindOf) -> int | None:
    node = match.args[match.rule.sequence]
    if isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        member = node.elts[0]
        if isinstance(member, (ast.Tuple, ast.List)):
            flat = member.elts and all(kind_of(e, kinds).what == "scalar" for e in member.elts)
            return 1 if flat else None
        return kind_of(member, kinds).ndim
    return None


def joined(match: Match, kinds: KindOf) -> int | None:
    """As many axes as the parts have."""
    axis = match.args.get("axis")
    return 1 if isinstance(axis, ast.Constant) and axis.value is None else _of_member(match, kinds)


def stacked(match: Match, kinds: KindOf) -> int | None:
    """One axis more than the parts have."""
    inner = _of_member(match, kinds)
    return None if inner is None else inner + 1


def one_more(match: Match, kinds: KindOf) -> int | None:
    """One axis more than the first argument has, for an axis as written."""
    ndim = kind_of(next(iter(match.args.values())), kinds).ndim
    single = isinstance(match.args.get("axis"), (ast.Constant, ast.UnaryOp))
    return ndim + 1 if ndim is not None and single else None


def same(match: Match, kinds: KindOf) -> int | None:
    """As many axes as the first argument has."""
    return kind_of(next(iter(match.args.values())), kinds).ndim


def diagonal(match: Match, kinds: KindOf) -> int | None:
    """Two axes for a vector, one for a matrix."""
    ndim = kind_of(next(iter(match.args.values())), kinds).ndim
    return 3 - ndim if ndim in (1, 2) else None
