"""What is known of the results of functions that make, reshape and join arrays.

In: a match, and what is known of any expression. Out: what is known of the result; see `sct.rules.results`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from sct.analysis.kinds import INT, NO_AXES, NONE, Dtype, Kind, Shape, What, sized, sizes
from sct.analysis.sizes import product as product_of
from sct.core import qualname
from sct.rules import ranks
from sct.rules.registry import KindOf, Match
from sct.rules.results import axes_of, first, first_array, is_none, join_dtypes, joined, kind_of, shape_of
from sct.rules.template import number


def cumulative(match: Match, kinds: KindOf) -> Kind:
    """A running sum: the operand's shape along an axis, a vector without one."""
    axis = match.args.get("axis")
    return flattened(match, kinds) if axis is None or is_none(axis) else first_array(match, kinds)


def ordered(match: Match, kinds: KindOf) -> Kind:
    """A sorted array: the operand's shape, a vector where the axis is None."""
    axis = match.args.get("axis")
    return flattened(match, kinds) if axis is not None and is_none(axis) else first_array(match, kinds)


def flattened(match: Match, kinds: KindOf) -> Kind:
    """All elements in a vector: `ravel`, `flatten`."""
    kind = first_array(match, kinds)
    if kind.shape is None or kind.ndim == 1:
        return kind if kind.shape else Kind("array", kind.dtype)
    names = sizes(kind.shape)
    if names is None:
        return Kind("array", kind.dtype, Shape(f"ravel({kind.shape.token})", 1))
    whole = names[0] if names else "1"
    for name in names[1:]:
        whole = product_of(whole, name)
    return Kind("array", kind.dtype, sized([whole]))


def transposed(match: Match, kinds: KindOf) -> Kind:
    """All axes reversed."""
    kind = first(match, kinds)
    names = sizes(kind.shape)
    if match.args.get("axes") is not None and not is_none(match.args["axes"]):
        return _permuted(kind, names, match.args["axes"])
    if kind.shape is None or (kind.ndim is not None and kind.ndim < 2):
        return Kind("array", kind.dtype, kind.shape)
    token = kind.shape.token
    if names is not None:
        return Kind("array", kind.dtype, sized(names[::-1]))
    flipped = token[2:-1] if token.startswith("T(") and _closes(token) else f"T({token})"
    return Kind("array", kind.dtype, Shape(flipped, kind.ndim))


def _permuted(kind: Kind, names: Sequence[str] | None, axes: ast.expr) -> Kind:
    try:
        order = axes_of(axes)
    except ValueError:
        order = None
    if names is None or order is None or sorted(a % len(names) for a in order) != list(range(len(names))):
        return Kind("array", kind.dtype)
    return Kind("array", kind.dtype, sized([names[a] for a in order]))


def _closes(token: str) -> bool:
    """Say whether the bracket that `T(` opens closes at the end of the token."""
    depth = 0
    for i, c in enumerate(token):
        depth += (c == "(") - (c == ")")
        if c == ")" and depth == 0:
            return i == len(token) - 1
    return False


def literal_shape(node: ast.expr | None) -> Shape | None:
    """Return the shape that an argument spells: an integer, or a tuple of integers."""
    try:
        lengths = axes_of(node)
    except ValueError:
        return None
    if lengths is None or any(n < 0 for n in lengths):
        return None
    return sized([str(n) for n in lengths])


def _dtype_of(node: ast.expr | None, default: Dtype) -> Dtype:
    if node is None or is_none(node):
        return default
    text = node.value if isinstance(node, ast.Constant) else qualname(node).rpartition(".")[2]
    for dtype in ("float", "int", "bool", "complex"):
        if isinstance(text, str) and text.startswith((dtype, f"u{dtype}")):
            return (
                "float" if dtype == "float" else "int" if dtype == "int" else "bool" if dtype == "bool" else "complex"
            )
    return "unknown"


def created(match: Match, kinds: KindOf) -> Kind:
    """A new array of a given shape: `zeros`, `ones`, `empty`, `full`."""
    default: Dtype = "float"
    if "fill_value" in match.args:
        default = kind_of(match.args["fill_value"], kinds).dtype
    return Kind("array", _dtype_of(match.args.get("dtype"), default), literal_shape(match.args.get("shape")))


def created_like(match: Match, kinds: KindOf) -> Kind:
    """A new array of the shape of another: `zeros_like` and kin."""
    kind = first(match, kinds)
    if "shape" in match.args:
        return Kind("array")
    known = kind.what in ("scalar", "array", "unknown")
    dtype = _dtype_of(match.args.get("dtype"), kind.dtype if known else "unknown")
    return Kind("array", dtype, shape_of(kind) if known else None)


def reshaped(match: Match, kinds: KindOf) -> Kind:
    """A reshaped array."""
    shape = match.args.get("shape")
    if shape is not None and number(shape) == -1:
        return flattened(match, kinds)
    return Kind("array", first(match, kinds).dtype, literal_shape(shape))


def product(match: Match, kinds: KindOf) -> Kind:
    """A matrix product: a number where both operands are vectors."""
    a, b = (kind_of(arg, kinds) for arg in list(match.args.values())[:2])
    dtype = join_dtypes(a.dtype, b.dtype)
    dot = not match.qualname.endswith("matmul")
    if a.ndim is None or b.ndim is None:
        return Kind("unknown", dtype)
    if dot and 0 in (a.ndim, b.ndim):
        return joined([a, b], dtype, numpy=True)
    ndim = (a.ndim - 1) + (b.ndim - 1) if dot else max(a.ndim, b.ndim) - (a.ndim == 1) - (b.ndim == 1)
    if ndim == 0 or a.ndim == b.ndim == 1:
        return Kind("scalar", dtype, NO_AXES)
    if a.shape is None or b.shape is None or ndim < 0:
        return Kind("unknown", dtype)
    axes = ranks.product(match, kinds) if not dot or max(a.ndim, b.ndim) <= 2 else None
    if axes is not None and not isinstance(axes, int) and None not in axes:
        return Kind("array", dtype, sized([axis or "" for axis in axes]))
    return Kind("array", dtype, Shape(f"({a.shape.token} @ {b.shape.token})", ndim))


def outer(match: Match, kinds: KindOf) -> Kind:
    """An outer product: a matrix."""
    a, b = (kind_of(arg, kinds) for arg in list(match.args.values())[:2])
    names = [sizes(shape_of(k)) for k in (a, b)]
    if names[0] is not None and names[1] is not None and len(names[0]) == len(names[1]) == 1:
        return Kind("array", join_dtypes(a.dtype, b.dtype), sized([*names[0], *names[1]]))
    shapes = a.shape and b.shape and Shape(f"({a.shape.token} outer {b.shape.token})", 2)
    return Kind("array", join_dtypes(a.dtype, b.dtype), shapes or None)


def _value_like(kind: Kind, sequence: What | None = None) -> Kind:
    """Return the kind of an adjoint or tangent of a value, in which sequences may be of another type."""
    if kind.what in ("scalar", "array", "unknown"):
        # Of what nobody knows the tangent may be complex too.
        return Kind(
            kind.what, kind.dtype if kind.dtype in ("complex", "inexact", "unknown") else "float", shape_of(kind)
        )
    if kind.what in ("tuple", "list"):
        items = None if kind.items is None else tuple(_value_like(k, sequence) for k in kind.items)
        element = None if kind.element is None else _value_like(kind.element, sequence)
        return Kind(sequence or kind.what, "unknown", None, items, element)
    return Kind("dict", kind.dtype) if kind.what == "dict" else NONE


def zeros(match: Match, kinds: KindOf) -> Kind:
    """Zeros in the structure of the first argument, with lists for tuples."""
    return _value_like(first(match, kinds), "list")


def seed(match: Match, kinds: KindOf) -> Kind:
    """A derivative in the structure of the third argument, with lists for tuples."""
    return _value_like(kind_of(list(match.args.values())[2], kinds), "list")


def second(match: Match, kinds: KindOf) -> Kind:
    """A derivative in the shape of the second argument, of complex numbers where the first one has them."""
    s, x = (kind_of(arg, kinds) for arg in list(match.args.values())[:2])
    found = _value_like(x)
    return (
        replace(found, dtype="complex")
        if s.dtype == "complex" and found.dtype in ("float", "inexact", "unknown")
        else found
    )


def third(match: Match, kinds: KindOf) -> Kind:
    """A derivative in the shape of the third argument."""
    return _value_like(kind_of(list(match.args.values())[2], kinds))


def cast(match: Match, kinds: KindOf) -> Kind:
    """An array in another dtype."""
    return Kind("array", _dtype_of(match.args.get("dtype"), "unknown"), shape_of(first(match, kinds)))


def literal_shaped(match: Match, kinds: KindOf) -> Kind:
    """An array broadcast to a given shape."""
    return Kind("array", first(match, kinds).dtype, literal_shape(match.args.get("shape")))


def pieces(match: Match, kinds: KindOf) -> Kind:
    """A list of arrays: `split` and kin."""
    return Kind("list", element=Kind("array", first(match, kinds).dtype))


def shape_tuple(match: Match, kinds: KindOf) -> Kind:
    """A tuple of integers, as long as there are axes."""
    names = sizes(first(match, kinds).shape) if len(match.args) == 1 else None
    return Kind("tuple", "int", None, None if names is None else tuple(replace(INT, size=n) for n in names), INT)


def length(match: Match, kinds: KindOf) -> Kind:
    """An integer: for arrays, which do not change their length, the size of the first axis."""
    kind = first(match, kinds)
    names = sizes(kind.shape) if kind.what == "array" else None
    return replace(INT, size=names[0]) if names else INT


def array_of(match: Match, kinds: KindOf) -> Kind:
    """The array of a display of numbers, or of another value: `np.array`."""
    kind = _array_of(match, kinds)
    return replace(kind, dtype=_dtype_of(match.args.get("dtype"), kind.dtype))


def _array_of(match: Match, kinds: KindOf) -> Kind:
    node = match.args["object"]
    lengths: list[str] = []
    while isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return Kind("array")
        lengths.append(str(len(node.elts)))
        members = node.elts
        node = node.elts[0]
    if not lengths:
        return first_array(match, kinds)
    found = [kind_of(m, kinds) for m in members]
    if len(lengths) > 1 or not all(k.what == "scalar" for k in found):
        return Kind("array", "unknown", sized(lengths) if _numbers(match, kinds) else None)
    return Kind("array", join_dtypes(*(k.dtype for k in found)), sized(lengths))


def _numbers(match: Match, kinds: KindOf) -> bool:
    """Say whether all members at the bottom of a display are numbers."""

    def bottom(node: ast.expr) -> bool:
        if isinstance(node, (ast.Tuple, ast.List)):
            return all(map(bottom, node.elts))
        return kind_of(node, kinds).what == "scalar"

    return bottom(match.args["object"])


def inner(match: Match, kinds: KindOf) -> Kind:
    """An inner product over the last axes: a number where both operands are vectors."""
    a, b = (kind_of(arg, kinds) for arg in list(match.args.values())[:2])
    dtype = join_dtypes(a.dtype, b.dtype)
    return Kind("scalar", dtype, NO_AXES) if a.ndim == b.ndim == 1 else Kind("unknown", dtype)
