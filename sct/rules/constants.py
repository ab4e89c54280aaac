"""What has derivative zero everywhere: rounding, comparisons, shapes, indices."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from sct.rules.registry import constant
from sct.rules.results import (
    array,
    broadcast_bool,
    broadcast_first,
    broadcast_int,
    broadcast_same,
    comparison,
    first,
    reduced_bool,
    reduced_int,
    rounded,
    scalar_bool,
    scalar_int,
)
from sct.rules.shapes import length, shape_tuple


@constant("operator.lt", "operator.le", "operator.gt", "operator.ge", "operator.eq", "operator.ne", result=comparison)
def comparison_(x1, x2): ...


@constant(
    "operator.not_",
    *(f"builtins.{name}" for name in ("bool", "isinstance", "callable", "hasattr", "issubclass", "any", "all")),
    *(f"math.{name}" for name in ("isnan", "isinf", "isfinite", "isclose")),
    *(f"numpy.{name}" for name in ("isscalar", "array_equal", "allclose", "iterable")),
    *(f"sct.runtime.{name}" for name in ("is_mapping", "is_sequence")),
    result=scalar_bool,
)
def bool_(x): ...


@constant("sct.stop_gradient", "sct.api.stop_gradient", memory="maybe", result=first)
def stop_gradient(x): ...


@constant(
    *(f"numpy.{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)),
    *(f"numpy.{name}" for name in ("intp", "uintp", "bool", "bool_")),
    result=broadcast_int,
)
def whole(x): ...


@constant("an array of integers", result=array)
def integers(x):
    """What a function makes that is told to cut the fraction off, as by dtype=int."""


@constant("operator.invert", "operator.and_", "operator.or_", "operator.xor", "operator.lshift", "operator.rshift")
def bits(x1, x2): ...


@constant(
    *(f"numpy.{name}" for name in ("isnan", "isinf", "isfinite", "isneginf", "isposinf", "isclose", "signbit")),
    *(f"numpy.{name}" for name in ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal")),
    *(f"numpy.logical_{name}" for name in ("and", "or", "not", "xor")),
    result=broadcast_bool,
)
def tests(x1, x2): ...


@constant(
    *(f"{module}.{name}" for module in ("math", "numpy") for name in ("floor", "ceil", "trunc")), result=broadcast_int
)
def floor(x): ...


@constant(
    *(f"numpy.{name}" for name in ("rint", "fix", "nextafter", "spacing", "bitwise_and", "bitwise_or", "bitwise_not")),
    "math.nextafter",
    "math.ulp",
    "sct.runtime.sign",
    "sct.runtime.exceeds",
    result=broadcast_same,
)
def step(x1, x2): ...


@constant("numpy.sign", result=broadcast_same, complex=False)
def sign(x):
    """Of a complex number it is the direction, which does have a derivative."""


@constant("numpy.round", "numpy.around", "numpy.ndarray.round", result=broadcast_first)
def round_(x): ...


@constant("builtins.round", result=rounded)
def round_to(number, ndigits=None): ...


@constant(
    "builtins.int",
    "builtins.id",
    "builtins.hash",
    "builtins.ord",
    "numpy.size",
    "numpy.ndim",
    "numpy.ndarray.size",
    "numpy.ndarray.ndim",
    "numpy.ndarray.itemsize",
    "numpy.ndarray.nbytes",
    "math.factorial",
    "math.comb",
    "math.perm",
    "math.gcd",
    "math.lcm",
    "math.isqrt",
    "sct.runtime.count",
    result=scalar_int,
)
def int_(x): ...


@constant("builtins.len", result=length)
def len_(x): ...


@constant("numpy.shape", "numpy.ndarray.shape", "numpy.broadcast_shapes", result=shape_tuple)
def shape(x): ...


@constant(
    "builtins.range",
    "builtins.str",
    "builtins.repr",
    "builtins.format",
    "builtins.print",
    "builtins.type",
    "builtins.slice",
    "numpy.dtype",
    "numpy.finfo",
    "numpy.iinfo",
    "numpy.result_type",
    "numpy.linalg.matrix_rank",
    "numpy.nanargmax",
    "numpy.nanargmin",
    "numpy.argpartition",
    "numpy.lexsort",
    "numpy.ravel_multi_index",
    "numpy.diag_indices_from",
    "numpy.triu_indices_from",
    "numpy.tril_indices_from",
    "numpy.mask_indices",
    "numpy.iscomplex",
    "numpy.isreal",
    "numpy.iscomplexobj",
    "numpy.isrealobj",
    "numpy.issubdtype",
    "numpy.can_cast",
    "numpy.promote_types",
    "numpy.array_equiv",
    "numpy.ndarray.dtype",
    "numpy.ndarray.strides",
    "numpy.ndarray.flags",
    "numpy.shares_memory",
    "numpy.may_share_memory",
    "numpy.nonzero",
    "numpy.ndarray.nonzero",
    "numpy.ix_",
    "numpy.indices",
    "numpy.triu_indices",
    "numpy.tril_indices",
    "numpy.diag_indices",
    "numpy.unravel_index",
)
def others(x): ...


@constant(
    "numpy.argmax",
    "numpy.argmin",
    "numpy.count_nonzero",
    "numpy.ndarray.argmax",
    "numpy.ndarray.argmin",
    result=reduced_int,
)
def argmax(a, axis=None, *, keepdims=False): ...


@constant("numpy.any", "numpy.all", "numpy.ndarray.any", "numpy.ndarray.all", result=reduced_bool)
def any_(a, axis=None, *, keepdims=False): ...


@constant(
    *(f"numpy.{name}" for name in ("argsort", "argwhere", "flatnonzero", "searchsorted", "digitize", "isin")),
    *(f"numpy.ndarray.{name}" for name in ("argsort", "searchsorted")),
    result=array,
)
def argsort(a): ...


@constant(
    *(f"numpy.{name}" for name in ("apply_along_axis", "apply_over_axes", "vectorize", "frompyfunc")),
    refusal="it calls a function that it is given: write the loop out",
)
def calling(func): ...


@constant(
    *(f"scipy.integrate.{name}" for name in ("odeint", "solve_ivp", "quad")),
    *(f"scipy.optimize.{name}" for name in ("minimize", "root", "fsolve", "brentq", "newton")),
    refusal="its steps hang on values that it computes: write them out, or declare a rule of your own",
)
def solving(func): ...


@constant("numpy.where")
def where(condition): ...
