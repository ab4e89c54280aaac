"""What is known of the results of functions: number or array, dtype, shape by name.

In: a match, and what is known of any expression. Out: what is known of the result. "Unknown" is always right; what
is claimed must hold in every run.
"""

from __future__ import annotations

import ast

from sct.analysis.kinds import BOOL, FLOAT, INT, NO_AXES, UNKNOWN, Dtype, Kind, Shape, What, broadcast
from sct.core import qualname
from sct.rules.registry import KindOf, Match
from sct.rules.template import number


def kind_of(node: ast.expr, kinds: KindOf) -> Kind:
    """Return what is known of an argument; a number as written is known without asking."""
    value = number(node)
    if value is not None:
        return INT if isinstance(value, int) else FLOAT
    return kinds(node)


def operand_kinds(match: Match, kinds: KindOf) -> list[Kind]:
    """Return what is known of the arguments that are broadcast against each other."""
    return [kind_of(arg, kinds) for arg in match.args.values() if not _none(arg)]


def _none(arg: ast.expr) -> bool:
    return isinstance(arg, ast.Constant) and arg.value is None


def shape_of(kind: Kind) -> Shape | None:
    """Return the shape of a value: numbers have no axes."""
    return NO_AXES if kind.what == "scalar" else kind.shape


def join_dtypes(*dtypes: Dtype) -> Dtype:
    """Return the dtype of an arithmetic result."""
    if "unknown" in dtypes:
        return "unknown"
    for dtype in ("complex", "float", "int"):
        if dtype in dtypes:
            return dtype
    return "unknown"


def joined(found: list[Kind], dtype: Dtype, *, numpy: bool) -> Kind:
    """Return the kind of an elementwise result. `numpy`: a function of NumPy, which makes arrays of lists."""
    if any(k.what in ("tuple", "list", "dict", "text", "none", "function") for k in found):
        only_lists = all(k.what in ("scalar", "array", "tuple", "list") for k in found)
        return Kind("array", dtype) if numpy and only_lists else UNKNOWN
    shape = broadcast(*(shape_of(k) for k in found))
    if shape == NO_AXES:
        return Kind("scalar", dtype, NO_AXES)
    what: What = "array" if any(k.what == "array" for k in found) or (shape and shape.ndim) else "unknown"
    return Kind(what, dtype, shape)


def _elementwise(match: Match, kinds: KindOf, dtype: Dtype) -> Kind:
    if match.module == "math":
        return Kind("scalar", dtype, NO_AXES)
    return joined(operand_kinds(match, kinds), dtype, numpy=match.module == "numpy")


def broadcast_float(match: Match, kinds: KindOf) -> Kind:
    """A float for each element: `sin`, division."""
    if match.module == "math":
        return FLOAT
    dtype = join_dtypes(*(k.dtype for k in operand_kinds(match, kinds)), "float")
    return _elementwise(match, kinds, dtype)


def broadcast_same(match: Match, kinds: KindOf) -> Kind:
    """The dtype of the operands: sums, products, `abs`, `maximum`."""
    if match.module == "math":
        return FLOAT
    return _elementwise(match, kinds, join_dtypes(*(k.dtype for k in operand_kinds(match, kinds))))


def broadcast_int(match: Match, kinds: KindOf) -> Kind:
    """An integer of Python for `math`; whatever the operands are for NumPy's."""
    return INT if match.module == "math" else broadcast_same(match, kinds)


def broadcast_bool(match: Match, kinds: KindOf) -> Kind:
    """A truth value for each element: comparisons, `isnan`."""
    if match.module == "math":
        return BOOL
    return _elementwise(match, kinds, "bool")


def comparison(match: Match, kinds: KindOf) -> Kind:
    """A comparison, or `and` and `or` of such."""
    expr = match.expr
    if isinstance(expr, ast.Compare) and len(expr.ops) == 1:
        if isinstance(expr.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            return BOOL
        return joined([kind_of(e, kinds) for e in (expr.left, *expr.comparators)], "bool", numpy=False)
    if isinstance(expr, (ast.Compare, ast.BoolOp)):
        parts = [expr.left, *expr.comparators] if isinstance(expr, ast.Compare) else expr.values
        return BOOL if all(kind_of(e, kinds).what == "scalar" for e in parts) else UNKNOWN
    return UNKNOWN


def power(match: Match, kinds: KindOf) -> Kind:
    """The result of ``x ** p``: integers only for a constant exponent that is not negative."""
    base, exponent = (kind_of(match.args[p], kinds) for p in ("x1", "x2"))
    p = number(match.args["x2"])
    dtype = join_dtypes(base.dtype, exponent.dtype)
    if dtype == "int" and (p is None or p < 0):
        dtype = "unknown"
    return FLOAT if match.module == "math" else _elementwise(match, kinds, dtype)


def first(match: Match, kinds: KindOf) -> Kind:
    """The kind of the first argument, all of it."""
    return kind_of(next(iter(match.args.values())), kinds)


def first_array(match: Match, kinds: KindOf) -> Kind:
    """An array, for sure, of the first argument's dtype and shape: `np.copy`, `np.asarray`."""
    kind = first(match, kinds)
    if kind.what in ("scalar", "array", "unknown"):
        return Kind("array", kind.dtype, kind.shape)
    return Kind("array", "unknown")


def float_array(match: Match, kinds: KindOf) -> Kind:
    """An array of floats in the shape of the first argument: `zeros_like` and kin, if it has floats."""
    return Kind("array", first(match, kinds).dtype, first(match, kinds).shape)


def scalar_float(match: Match, kinds: KindOf) -> Kind:
    """A float."""
    return FLOAT


def scalar_int(match: Match, kinds: KindOf) -> Kind:
    """An integer."""
    return INT


def scalar_bool(match: Match, kinds: KindOf) -> Kind:
    """A truth value."""
    return BOOL


def array(match: Match, kinds: KindOf) -> Kind:
    """An array of which nothing else is known."""
    return Kind("array")


def vector(token: str, dtype: Dtype = "unknown") -> Kind:
    """Return the kind of a vector with a shape of this name."""
    return Kind("array", dtype, Shape(token, 1))


def axes_of(node: ast.expr | None) -> tuple[int, ...] | None:
    """Return the axes that an `axis` argument spells; None for all of them. Raises ValueError where it is not plain."""
    if node is None or _none(node):
        return None
    members = node.elts if isinstance(node, ast.Tuple) else [node]
    values = [number(m) for m in members]
    if not all(isinstance(v, int) for v in values):
        raise ValueError("the axis is not constant")
    return tuple(v for v in values if isinstance(v, int))


def _reduced(match: Match, kinds: KindOf, dtype: Dtype) -> Kind:
    kind = first(match, kinds)
    axis, keepdims = match.args.get("axis"), match.args.get("keepdims")
    keep = keepdims is not None and not (isinstance(keepdims, ast.Constant) and keepdims.value is False)
    if keep and not (isinstance(keepdims, ast.Constant) and keepdims.value is True):
        return UNKNOWN
    try:
        axes = axes_of(axis)
    except ValueError:
        return UNKNOWN
    if kind.shape == NO_AXES or (axes is None and not keep):
        return Kind("scalar", dtype, NO_AXES)
    ndim = kind.ndim
    if ndim is not None and axes is not None and len(axes) == ndim and not keep:
        return Kind("scalar", dtype, NO_AXES)
    what: What = "array" if keep or (ndim is not None and ndim > len(axes or ())) else "unknown"
    if kind.shape is None:
        return Kind(what, dtype)
    if ndim is not None and axes is not None:
        axes = tuple(sorted(a % ndim for a in axes))
    token = f"{kind.shape.token}.reduce({'all' if axes is None else axes}{', keep' if keep else ''})"
    rank = None if ndim is None else ndim if keep else ndim - len(axes or ())
    return Kind(what, dtype, Shape(token, rank))


def reduced(match: Match, kinds: KindOf) -> Kind:
    """A reduction that keeps the dtype: `sum`, `max`, `prod`."""
    dtype = first(match, kinds).dtype
    return _reduced(match, kinds, "unknown" if dtype == "bool" else dtype)


def reduced_float(match: Match, kinds: KindOf) -> Kind:
    """A reduction to floats: `mean`."""
    return _reduced(match, kinds, join_dtypes(first(match, kinds).dtype, "float"))


def reduced_int(match: Match, kinds: KindOf) -> Kind:
    """A reduction to integers: `argmax`."""
    return _reduced(match, kinds, "int")


def reduced_bool(match: Match, kinds: KindOf) -> Kind:
    """A reduction to truth values: `any`."""
    return _reduced(match, kinds, "bool")


def cumulative(match: Match, kinds: KindOf) -> Kind:
    """A running sum: the operand's shape along an axis, a vector without one."""
    axis = match.args.get("axis")
    return flattened(match, kinds) if axis is None or _none(axis) else first_array(match, kinds)


def flattened(match: Match, kinds: KindOf) -> Kind:
    """All elements in a vector: `ravel`, `flatten`."""
    kind = first_array(match, kinds)
    if kind.shape is None or kind.ndim == 1:
        return kind if kind.shape else Kind("array", kind.dtype)
    return Kind("array", kind.dtype, Shape(f"ravel({kind.shape.token})", 1))


def transposed(match: Match, kinds: KindOf) -> Kind:
    """All axes reversed."""
    kind = first(match, kinds)
    if kind.shape is None or (kind.ndim is not None and kind.ndim < 2):
        return Kind("array", kind.dtype, kind.shape)
    token = kind.shape.token
    flipped = token[2:-1] if token.startswith("T(") and _closes(token) else f"T({token})"
    return Kind("array", kind.dtype, Shape(flipped, kind.ndim))


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
        sizes = axes_of(node)
    except ValueError:
        return None
    if sizes is None or any(n < 0 for n in sizes):
        return None
    return NO_AXES if not sizes else Shape(str(sizes), len(sizes))


def _dtype_of(node: ast.expr | None, default: Dtype) -> Dtype:
    if node is None or _none(node):
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
    if ndim == 0:
        return Kind("scalar", dtype, NO_AXES)
    if a.shape is None or b.shape is None or ndim < 0:
        return Kind("unknown", dtype)
    return Kind("array", dtype, Shape(f"({a.shape.token} @ {b.shape.token})", ndim))


def outer(match: Match, kinds: KindOf) -> Kind:
    """An outer product: a matrix."""
    a, b = (kind_of(arg, kinds) for arg in list(match.args.values())[:2])
    shapes = a.shape and b.shape and Shape(f"({a.shape.token} outer {b.shape.token})", 2)
    return Kind("array", join_dtypes(a.dtype, b.dtype), shapes or None)


def _value_like(kind: Kind) -> Kind:
    """Return the kind of an adjoint or tangent in the shape of a value: of floats."""
    if kind.what in ("scalar", "array", "unknown"):
        return Kind(kind.what, "complex" if kind.dtype == "complex" else "float", shape_of(kind))
    return UNKNOWN


def second(match: Match, kinds: KindOf) -> Kind:
    """A derivative in the shape of the second argument."""
    return _value_like(kind_of(list(match.args.values())[1], kinds))


def third(match: Match, kinds: KindOf) -> Kind:
    """A derivative in the shape of the third argument."""
    return _value_like(kind_of(list(match.args.values())[2], kinds))


def cast(match: Match, kinds: KindOf) -> Kind:
    """An array in another dtype."""
    return Kind("array", _dtype_of(match.args.get("dtype"), "unknown"), shape_of(first(match, kinds)))


def literal_shaped(match: Match, kinds: KindOf) -> Kind:
    """An array broadcast to a given shape."""
    return Kind("array", first(match, kinds).dtype, literal_shape(match.args.get("shape")))


def shape_tuple(match: Match, kinds: KindOf) -> Kind:
    """A tuple of integers, as long as there are axes."""
    ndim = first(match, kinds).ndim if len(match.args) == 1 else None
    return Kind("tuple", "int", None, None if ndim is None else (INT,) * ndim, INT)


def scalar_same(match: Match, kinds: KindOf) -> Kind:
    """One of the arguments, where all of them are numbers."""
    found = [kind_of(arg, kinds) for arg in match.args.values()]
    if all(k.what == "scalar" for k in found):
        return Kind("scalar", join_dtypes(*(k.dtype for k in found)), NO_AXES)
    return UNKNOWN


def where(match: Match, kinds: KindOf) -> Kind:
    """An array in any case, of no axes where all arguments are numbers."""
    a, b = (kind_of(match.args[p], kinds) for p in ("a", "b"))
    kind = joined(operand_kinds(match, kinds), join_dtypes(a.dtype, b.dtype), numpy=True)
    return Kind("array", kind.dtype, kind.shape)


def array_of(match: Match, kinds: KindOf) -> Kind:
    """The array of a display of numbers, or of another value: `np.array`."""
    node = match.args["object"]
    sizes: list[int] = []
    while isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return Kind("array")
        sizes.append(len(node.elts))
        members = node.elts
        node = node.elts[0]
    if not sizes:
        return first_array(match, kinds)
    found = [kind_of(m, kinds) for m in members]
    if len(sizes) > 1 or not all(k.what == "scalar" for k in found):
        return Kind("array", "unknown", Shape(str(tuple(sizes)), len(sizes)) if _numbers(match, kinds) else None)
    return Kind("array", join_dtypes(*(k.dtype for k in found)), Shape(str(tuple(sizes)), 1))


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


def broadcast_first(match: Match, kinds: KindOf) -> Kind:
    """The dtype and the shape of the first argument, as a result of NumPy."""
    kind = first(match, kinds)
    return joined([kind], kind.dtype, numpy=True)


def rounded(match: Match, kinds: KindOf) -> Kind:
    """A number rounded by the built-in: an integer, unless to some digits."""
    kind = first(match, kinds)
    if kind.what != "scalar":
        return UNKNOWN
    return Kind("scalar", kind.dtype, NO_AXES) if "ndigits" in match.args else INT


def converted(match: Match, kinds: KindOf) -> Kind:
    """A conversion by a type of NumPy: of numbers to numbers, of arrays to arrays."""
    return joined([first(match, kinds)], "float", numpy=True)
