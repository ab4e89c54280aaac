"""How many axes a new array has, and what is known of their sizes.

In: a match, and what is known of any expression. Out: the number of axes, or for each axis the name of its size, with
None where it has none that is known; None where not even the number of axes is known.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct.analysis.kinds import Kind, sizes
from sct.analysis.sizes import broadcast
from sct.rules.registry import Axes, KindOf, Match, Rank
from sct.rules.results import kind_of, shape_of
from sct.rules.template import number


def size_of(node: ast.expr | None, kinds: KindOf) -> str | None:
    """Return the name of the value of an integer, None where it has none."""
    if node is None:
        return None
    value = number(node)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value >= 0 else None
    return kinds(node).size


def fixed(n: int) -> Rank:
    """Return the rule for results that always have `n` axes."""
    return lambda match, kinds: n


def counted(parameter: str) -> Rank:
    """Return the rule for vectors as long as an argument says."""
    return lambda match, kinds: [size_of(match.args.get(parameter), kinds)]


def square(match: Match, kinds: KindOf) -> Axes:
    """Two axes: as many rows as the first argument says, as many columns as the second one, if it is there."""
    rows = size_of(match.args.get("N", match.args.get("n")), kinds)
    return [rows, size_of(match.args["M"], kinds) if "M" in match.args else rows]


def spaced(match: Match, kinds: KindOf) -> Axes:
    """One axis between numbers; between arrays there are more."""
    ends = [kind_of(match.args[p], kinds) for p in ("start", "stop") if p in match.args]
    if not all(k.what == "scalar" for k in ends):
        return None
    return [size_of(match.args["num"], kinds) if "num" in match.args else "50"]


def of_shape(match: Match, kinds: KindOf) -> Axes:
    """What the argument `shape` says; an integer is a shape of one axis."""
    shape = match.args.get("shape")
    if isinstance(shape, (ast.Tuple, ast.List)):
        return None if any(isinstance(e, ast.Starred) for e in shape.elts) else [size_of(e, kinds) for e in shape.elts]
    if shape is None:
        return None
    kind = kind_of(shape, kinds)
    if kind.what == "tuple" and kind.items is not None:
        return [item.size for item in kind.items]
    return [size_of(shape, kinds)] if kind.what == "scalar" else None


def reshaped(match: Match, kinds: KindOf) -> Axes:
    """What the argument `shape` says, in which -1, and a difference that may be -1, say nothing of a size."""
    axes = of_shape(match, kinds)
    return axes if axes is None or isinstance(axes, int) else [None if s and "-" in s else s for s in axes]


def of_display(match: Match, kinds: KindOf) -> Axes:
    """The lengths of a display, plus the axes of what is in it."""
    node: ast.expr = match.args["object"]
    lengths: list[str | None] = []
    while isinstance(node, (ast.Tuple, ast.List)):
        if not node.elts or any(isinstance(e, ast.Starred) for e in node.elts):
            return None
        lengths.append(str(len(node.elts)))
        node = node.elts[0]
    inner = _axes(kind_of(node, kinds))
    return None if inner is None else [*lengths, *inner]


def _axes(kind: Kind) -> list[str | None] | None:
    names = sizes(shape_of(kind))
    return None if names is None else list(names)


def _members(match: Match) -> list[ast.expr] | None:
    node = match.args[match.rule.sequence]
    if isinstance(node, (ast.Tuple, ast.List)) and node.elts and not any(isinstance(e, ast.Starred) for e in node.elts):
        return list(node.elts)
    return None


def _of_members(match: Match, kinds: KindOf) -> list[list[str | None]] | None:
    """Return the axes of each part that is joined to others."""
    found: list[list[str | None]] = []
    for member in _members(match) or ():
        if isinstance(member, (ast.Tuple, ast.List)):
            flat = member.elts and all(kind_of(e, kinds).what == "scalar" for e in member.elts)
            axes: list[str | None] | None = [str(len(member.elts))] if flat else None
        else:
            axes = _axes(kind_of(member, kinds))
        if axes is None or found and len(axes) != len(found[0]):
            return None
        found.append(axes)
    return found or None


def joined(match: Match, kinds: KindOf) -> Axes:
    """The axes of the parts, whose sizes are equal but along one axis."""
    axis = match.args.get("axis")
    if isinstance(axis, ast.Constant) and axis.value is None:
        return 1
    parts = _of_members(match, kinds)
    place = 0 if axis is None else number(axis)
    if parts is None or not isinstance(place, int) or not -len(parts[0]) <= place < len(parts[0]):
        return None if parts is None else len(parts[0])
    common = _common(parts)
    common[place] = parts[0][place] if len(parts) == 1 else None
    return common


def stacked(match: Match, kinds: KindOf) -> Axes:
    """The axes of the parts, which have one shape, and one more."""
    parts = _of_members(match, kinds)
    if parts is None:
        return None
    common = _common(parts)
    axis = match.args.get("axis")
    place = 0 if axis is None else number(axis)
    if not isinstance(place, int):
        return len(common) + 1
    common.insert(place % (len(common) + 1), str(len(parts)))
    return common


def _common(parts: Sequence[Sequence[str | None]]) -> list[str | None]:
    """Return the sizes of axes that have to be equal: what one part knows holds of all."""
    return [next((s for s in found if s is not None), None) for found in zip(*parts, strict=True)]


def one_more(match: Match, kinds: KindOf) -> Axes:
    """One axis of size 1 more than the first argument has, or as many as the axes as written."""
    axes = _axes(kind_of(next(iter(match.args.values())), kinds))
    node = match.args.get("axis")
    places = [number(e) for e in (node.elts if isinstance(node, ast.Tuple) else [node] if node else [])]
    if axes is None or not all(isinstance(p, int) for p in places):
        return None
    ndim = len(axes) + len(places)
    for place in sorted(int(p) % ndim for p in places if p is not None):
        axes.insert(place, "1")
    return axes


def same(match: Match, kinds: KindOf) -> Axes:
    """The axes of the first argument."""
    return _axes(kind_of(next(iter(match.args.values())), kinds))


def swapped(match: Match, kinds: KindOf) -> Axes:
    """The axes of the first argument, two of them exchanged: the last two where none are named."""
    axes = same(match, kinds)
    places = [number(match.args[p]) for p in ("axis1", "axis2") if p in match.args] or [-1, -2]
    if axes is None or isinstance(axes, int):
        return axes
    if not all(isinstance(p, int) and -len(axes) <= p < len(axes) for p in places):
        return len(axes)
    i, j = (int(p) for p in places if p is not None)
    out = list(axes)
    out[i], out[j] = out[j], out[i]
    return out


def moved(match: Match, kinds: KindOf) -> Axes:
    """The axes of the first argument in another order."""
    axes = same(match, kinds)
    source, target = number(match.args["source"]), number(match.args["destination"])
    if axes is None or isinstance(axes, int) or not isinstance(source, int) or not isinstance(target, int):
        return axes if axes is None or isinstance(axes, int) else len(axes)
    out = list(axes)
    moving = out.pop(source)
    out.insert(target % len(axes), moving)
    return out


def diagonal(match: Match, kinds: KindOf) -> Axes:
    """Two axes for a vector, one for a matrix."""
    axes = same(match, kinds)
    if axes is None or isinstance(axes, int):
        return None
    plain = "k" not in match.args
    if len(axes) == 1:
        return [axes[0], axes[0]] if plain else 2
    return None if len(axes) != 2 else [axes[0]] if plain and axes[0] == axes[1] else 1


def diagonals(match: Match, kinds: KindOf) -> Axes:
    """The axes of the first argument but for those of the matrices, and that of their diagonals at the end."""
    axes = same(match, kinds)
    places = [number(match.args[p]) if p in match.args else default for p, default in (("axis1", 0), ("axis2", 1))]
    if axes is None or isinstance(axes, int) or not all(isinstance(p, int) for p in places):
        return None
    i, j = (int(p) % len(axes) for p in places if p is not None)
    known = axes[i] if axes[i] == axes[j] and "offset" not in match.args else None
    return [*(a for n, a in enumerate(axes) if n not in (i, j)), known]


def without_last(match: Match, kinds: KindOf) -> Axes:
    """The axes of the first argument but the last: determinants count the last two, see `product`."""
    axes = same(match, kinds)
    return None if axes is None or isinstance(axes, int) else list(axes[:-1])


def solution(match: Match, kinds: KindOf) -> Axes:
    """The axes of the right-hand side, where it is one vector or one matrix and so is the other argument."""
    a, b = (_axes(kind_of(match.args[p], kinds)) for p in ("a", "b"))
    return b if a is not None and b is not None and len(a) == 2 and len(b) <= 2 else None


def product(match: Match, kinds: KindOf) -> Axes:
    """The axes of a matrix product: those before the last two are broadcast."""
    a, b = (_axes(kind_of(arg, kinds)) for arg in list(match.args.values())[:2])
    if not a or not b:
        return None
    rows, columns = a[-2:-1], b[-1:] if len(b) > 1 else []
    stacks: list[list[str | None]] = [axes[:-2] for axes in (a, b) if len(axes) > 2]
    if len(stacks) == 2:
        wide = max(map(len, stacks))
        filled: list[list[str | None]] = [[*["1"] * (wide - len(axes)), *axes] for axes in stacks]
        stack = [None if x is None or y is None else broadcast({x, y}) for x, y in zip(*filled, strict=True)]
        return [*stack, *rows, *columns]
    return [*(stacks[0] if stacks else []), *rows, *columns]
