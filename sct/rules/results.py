"""What is known of the results of functions: number or array, dtype, shape by name.

In: a match, and what is known of any expression. Out: what is known of the result. "Unknown" is always right; what
is claimed must hold in every run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from sct.analysis.kinds import (
    BOOL,
    FLOAT,
    INT,
    NO_AXES,
    UNKNOWN,
    Dtype,
    Kind,
    Shape,
    What,
    broadcast,
    may_be_integers,
    sized,
    sizes,
)
from sct.rules.registry import KindOf, Match, Result
from sct.rules.template import number


def kind_of(node: ast.expr, kinds: KindOf) -> Kind:
    """Return what is known of an argument; a number as written is known without asking."""
    value = number(node)
    if value is not None:
        return INT if isinstance(value, int) else FLOAT
    return kinds(node)


# Keywords of ufuncs that say nothing of the shape of a result.
_NOT_OPERANDS = ("dtype", "casting", "order", "subok")


def operand_kinds(match: Match, kinds: KindOf) -> list[Kind]:
    """Return what is known of the arguments that are broadcast against each other."""
    return [kind_of(a, kinds) for p, a in match.args.items() if not is_none(a) and p not in _NOT_OPERANDS]


def is_none(arg: ast.expr) -> bool:
    return isinstance(arg, ast.Constant) and arg.value is None


def shape_of(kind: Kind) -> Shape | None:
    """Return the shape of a value: numbers have no axes."""
    return NO_AXES if kind.what == "scalar" else kind.shape


def join_dtypes(*dtypes: Dtype) -> Dtype:
    """Return the dtype of an arithmetic result."""
    if "complex" in dtypes:
        return "complex"
    if "unknown" in dtypes:
        return "unknown"
    for dtype in ("inexact", "float", "real", "int"):
        if dtype in dtypes:
            return dtype
    return "unknown"


def joined(found: list[Kind], dtype: Dtype, *, numpy: bool) -> Kind:
    """Return the kind of an elementwise result. `numpy`: of a NumPy function, which makes arrays of lists."""
    if any(k.what in ("tuple", "list", "dict", "text", "none", "function") for k in found):
        only_lists = all(k.what in ("scalar", "array", "tuple", "list") for k in found)
        numpy = numpy or any(k.what == "array" for k in found)
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
    found = operand_kinds(match, kinds)
    return joined(found, join_dtypes(*(k.dtype for k in found), "float"), numpy=match.module == "numpy")


def broadcast_complex(match: Match, kinds: KindOf) -> Kind:
    """A complex number for each element."""
    return joined(operand_kinds(match, kinds), "complex", numpy=True)


def broadcast_same(match: Match, kinds: KindOf) -> Kind:
    """The dtype of the operands: sums, products, `abs`, `maximum`."""
    if match.module == "math":
        return FLOAT
    found = operand_kinds(match, kinds)
    return joined(found, join_dtypes(*(k.dtype for k in found)), numpy=match.module == "numpy")


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
    if dtype in ("int", "real") and (p is None or p < 0):
        dtype = "unknown"
    return FLOAT if match.module == "math" else _elementwise(match, kinds, dtype)


def first(match: Match, kinds: KindOf) -> Kind:
    """The kind of the first argument, all of it."""
    return kind_of(next(iter(match.args.values())), kinds)


def as_floats(match: Match, kinds: KindOf) -> Kind:
    """The kind of the first argument, of floats where it is an array of integers; a number of Python's is exact.

    What may be integers, or floats, or complex numbers is not known to be real by this.
    """
    kind = first(match, kinds)
    return replace(kind, dtype="float") if may_be_integers(kind) and kind.dtype != "unknown" else kind


def real_part(match: Match, kinds: KindOf) -> Kind:
    """The shape of the first argument, and its dtype unless that is complex: the real part of it."""
    kind = first(match, kinds)
    return joined([kind], "float" if kind.dtype in ("complex", "inexact") else kind.dtype, numpy=True)


def part_of(match: Match, kinds: KindOf) -> Kind:
    """The first argument where the second one is complex, else its real part."""
    x = list(match.args.values())[1]
    return first(match, kinds) if kind_of(x, kinds).dtype == "complex" else real_part(match, kinds)


def magnitude(match: Match, kinds: KindOf) -> Kind:
    """An absolute value: of the operand's dtype, but for complex numbers real."""
    kind = broadcast_same(match, kinds)
    return kind if kind.dtype not in ("complex", "inexact") else replace(kind, dtype="float")


def same_numbers(match: Match, kinds: KindOf) -> Kind:
    """The dtype and the shape of the first argument."""
    kind = first(match, kinds)
    return joined([kind], kind.dtype, numpy=True)


def array_joined(match: Match, kinds: KindOf) -> Kind:
    """An array of the dtype of an arithmetic result of the operands."""
    return Kind("array", join_dtypes(*(k.dtype for k in operand_kinds(match, kinds)), "float"))


def complex_scalar(match: Match, kinds: KindOf) -> Kind:
    """A complex number."""
    return Kind("scalar", "complex", NO_AXES)


def signal(match: Match, kinds: KindOf) -> Kind:
    """An array of real numbers."""
    return Kind("array", "float")


def spectrum(match: Match, kinds: KindOf) -> Kind:
    """An array of complex numbers."""
    return Kind("array", "complex")


def first_array(match: Match, kinds: KindOf) -> Kind:
    """An array, for sure, of the first argument's dtype and shape: `np.copy`, `np.asarray`."""
    kind = first(match, kinds)
    if kind.what in ("scalar", "array", "unknown"):
        return Kind("array", kind.dtype, kind.shape)
    return Kind("array", "unknown")


def first_array_of_axes(least: int) -> Result:
    """An array of the first argument's dtype, and of its shape where that surely has so many axes."""

    def result(match: Match, kinds: KindOf) -> Kind:
        kind = first_array(match, kinds)
        return kind if kind.ndim is not None and kind.ndim >= least else replace(kind, shape=None)

    return result


def joined_parts(match: Match, kinds: KindOf) -> Kind:
    """An array of the parts in a sequence: of complex numbers where one of them has such."""
    found = list(_leaves(match.args[match.rule.sequence], kinds))
    dtype = "unknown" if "dtype" in match.args else join_dtypes(*(k.dtype for k in found)) if found else "unknown"
    return Kind("array", dtype)


def _leaves(node: ast.expr, kinds: KindOf) -> Iterator[Kind]:
    """Yield what is known of the numbers and arrays in a nesting of sequences."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for member in node.elts:
            yield from _leaves(member.value if isinstance(member, ast.Starred) else member, kinds)
    else:
        yield from _numbers_in(kind_of(node, kinds))


def _numbers_in(kind: Kind) -> Iterator[Kind]:
    members = [*(kind.items or ()), *([kind.element] if kind.element else [])]
    if kind.what in ("tuple", "list"):
        for member in members or [UNKNOWN]:
            yield from _numbers_in(member)
    else:
        yield kind


def float_array(match: Match, kinds: KindOf) -> Kind:
    """An array of floats in the shape of the first argument: `zeros_like` and kin, if it has floats."""
    return Kind("array", first(match, kinds).dtype, first(match, kinds).shape)


def scalar_float(match: Match, kinds: KindOf) -> Kind:
    """A float."""
    return FLOAT


def scalar_joined(match: Match, kinds: KindOf) -> Kind:
    """A number of the dtype of an arithmetic result of the operands, a float if they are not complex."""
    complex_ = any(k.dtype == "complex" for k in operand_kinds(match, kinds))
    return Kind("scalar", "complex", NO_AXES) if complex_ else FLOAT


def scalar_int(match: Match, kinds: KindOf) -> Kind:
    """An integer."""
    return INT


def scalar_bool(match: Match, kinds: KindOf) -> Kind:
    """A truth value."""
    return BOOL


def array(match: Match, kinds: KindOf) -> Kind:
    """An array."""
    return Kind("array", unknown(match, kinds).dtype)


def unknown(match: Match, kinds: KindOf) -> Kind:
    """Anything; of complex numbers perhaps where an operand is."""
    return Kind("unknown", "complex" if any(k.dtype == "complex" for k in operand_kinds(match, kinds)) else "unknown")


def vector(token: str, dtype: Dtype = "unknown") -> Kind:
    """Return the kind of a vector with a shape of this name."""
    return Kind("array", dtype, Shape(token, 1))


def axes_of(node: ast.expr | None) -> tuple[int, ...] | None:
    """Return the axes that an `axis` argument spells; None for all of them. Raises ValueError where it is not plain."""
    if node is None or is_none(node):
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
        names = sizes(kind.shape)
        if names is not None:
            left = [("1" if i in axes else n) for i, n in enumerate(names) if keep or i not in axes]
            return Kind(what, dtype, sized(left))
    token = kind.shape.made(f".reduce({'all' if axes is None else axes}{', keep' if keep else ''})")
    rank = None if ndim is None else ndim if keep else ndim - len(axes or ())
    return Kind(what, dtype, Shape(token, rank))


def reduced(match: Match, kinds: KindOf) -> Kind:
    """A reduction that keeps the dtype: `sum`, `max`, `prod`."""
    dtype = first(match, kinds).dtype
    changed = dtype == "bool" or "dtype" in match.args or "initial" in match.args
    return _reduced(match, kinds, "unknown" if changed else dtype)


def reduced_float(match: Match, kinds: KindOf) -> Kind:
    """A reduction to floats: `mean`."""
    return _reduced(match, kinds, _mean_dtype(match, kinds))


def reduced_real(match: Match, kinds: KindOf) -> Kind:
    """A reduction to floats, of complex numbers too: norms, variances."""
    return _reduced(
        match, kinds, "float" if first(match, kinds).dtype in ("complex", "inexact") else _mean_dtype(match, kinds)
    )


def _mean_dtype(match: Match, kinds: KindOf) -> Dtype:
    return join_dtypes(first(match, kinds).dtype, "float")


def reduced_int(match: Match, kinds: KindOf) -> Kind:
    """A reduction to integers: `argmax`."""
    return _reduced(match, kinds, "int")


def reduced_bool(match: Match, kinds: KindOf) -> Kind:
    """A reduction to truth values: `any`."""
    return _reduced(match, kinds, "bool")


def scalar_same(match: Match, kinds: KindOf) -> Kind:
    """One of the arguments, where all of them are numbers."""
    found = [kind_of(arg, kinds) for arg in match.args.values()]
    if all(k.what == "scalar" for k in found):
        dtypes = {k.dtype for k in found}
        mixed = len(dtypes) > 1 and dtypes <= {"int", "real", "float"}  # it is one of them, not their sum
        return Kind("scalar", "real" if mixed else join_dtypes(*dtypes), NO_AXES)
    return UNKNOWN


def where(match: Match, kinds: KindOf) -> Kind:
    """An array in any case, of no axes where all arguments are numbers."""
    a, b = (kind_of(match.args[p], kinds) for p in ("a", "b"))
    kind = joined(operand_kinds(match, kinds), join_dtypes(a.dtype, b.dtype), numpy=True)
    return Kind("array", kind.dtype, kind.shape)


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
