"""What is known of functions and methods: which are pure, which write, whose result is a new object."""

from __future__ import annotations

import ast
from typing import NamedTuple

import numpy

from sct import core, outputs
from sct.analysis.lists import WRITING_METHODS

WORLD = "="  # stands for every global of the user's


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PURE_BUILTINS = _words(
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate float format frozenset getattr "
    "hasattr hash hex id int isinstance issubclass iter len list max min oct ord pow range repr reversed round set "
    "slice sorted str sum tuple type zip object ValueError TypeError"
)
_FRESH_BUILTINS = _words(
    "abs all any bool complex divmod float hasattr hash id int isinstance len pow range repr round str sum"
)
_IMPURE_NUMPY = _words(
    "save savez savez_compressed savetxt load loadtxt genfromtxt fromfile fromiter fromfunction vectorize seterr "
    "seterrcall setbufsize set_printoptions printoptions memmap apply_along_axis apply_over_axes piecewise "
    "frompyfunc nditer ndenumerate ndindex lib show_config"
)
_WRITING_NUMPY = _words("copyto put place putmask fill_diagonal put_along_axis")
_VIEW_NUMPY = _words(
    "asarray asanyarray ascontiguousarray asfortranarray asarray_chkfinite ravel reshape transpose permute_dims "
    "matrix_transpose swapaxes moveaxis rollaxis squeeze expand_dims broadcast_to broadcast_arrays atleast_1d "
    "atleast_2d atleast_3d diagonal diag flip fliplr flipud rot90 real imag real_if_close split array_split hsplit "
    "vsplit dsplit unstack nan_to_num require meshgrid ix_ trim_zeros unwrap frombuffer from_dlpack conj conjugate "
    "histogram sliding_window_view"
)
#: Functions that return their first argument itself where the second, `n`, is this number.
_ITSELF_FOR = {"numpy.diff": 0, "numpy.linalg.matrix_power": 1}
_PURE_METHODS = _words(
    "all any argmax argmin argsort astype choose clip compress conj conjugate copy cumprod cumsum dot item max mean "
    "min nonzero prod ptp repeat round searchsorted std sum take tobytes tolist trace var "
    "count index get keys values items join split strip startswith endswith format lower upper replace "
    "ravel reshape squeeze swapaxes transpose flatten diagonal view is_integer bit_length issubset union"
)
_ARRAY_METHODS = _words(
    "all any argmax argmin argsort astype clip conj conjugate cumprod cumsum diagonal dot flatten max mean min prod "
    "ptp ravel reshape squeeze std sum swapaxes trace transpose var"
)
_VIEW_METHODS = _words("ravel reshape squeeze swapaxes transpose diagonal view conj conjugate get keys values items")
_FRESH_ATTRIBUTES = _words("shape ndim size dtype itemsize nbytes")
#: Methods of what logs and prints: they do nothing to what they are given.
BYSTANDING = _words("debug info warning error exception critical log write flush format join")
_WRITING_METHODS = WRITING_METHODS | _words(
    "appendleft popleft extendleft rotate intersection_update difference_update symmetric_difference_update byteswap "
    "__setitem__ __delitem__ __iadd__ __imul__ __next__ shuffle"
)
_IN_PLACE = _words(
    "setitem delitem iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift iconcat"
)
#: Modules whose functions read what they are given, whatever else they do.
_READING_MODULES = _words(
    "abc cmath collections contextlib copy dataclasses datetime decimal enum fractions functools itertools json "
    "logging math numbers operator os pathlib re scipy statistics string sys textwrap time typing warnings"
)
#: Functions of other modules that write into their first argument, and of these modules those that do not.
_WRITING_STANDARD = {
    "heapq": _words("heappush heappop heapify heapreplace heappushpop"),
    "bisect": _words("insort insort_left insort_right"),
    "random": _words("shuffle"),
}
_TYPES_WITH_METHODS = ("builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray", "collections.deque")
_FRESH_RUNTIME = _words(
    "zeros_like zeros_mirror save contents count over kinked times power_slope exponent_slope sign exceeds max_share "
    "max_tangent "
    "others others_slope others_curve cumsum_bar diff_bar matmul_bar_left matmul_bar_right dot_bar_left dot_bar_right "
    "inner_bar_left inner_bar_right diag_bar last_writes written polygamma bessel_i sinc_slope exponent_of "
    "interp_slope interp_bar interp_slope_bar recurrence recurrence_bar shifted shifted_back gradient_bar positions "
    "nowhere gather unpad coefficients convolve_bar from_lower lower_bar lower_half skew_lower gaps cofactor "
    "norm_slope norm_curve tensordot_bar_left tensordot_bar_right quantile_bar histogram_bar first_places "
    "scaled_ends cofactor_slope as_complex"
)
_WRITING_RUNTIME = _words("restored") | {n.rpartition(".")[2] for n in core.WRITERS if n.startswith("sct.")}
_PURE_SCIPY = ("scipy.special.", "scipy.linalg.", "scipy.fft.", "scipy.signal.")
#: Methods of distributions that draw nothing; those of several variables estimate their `cdf` by random numbers.
_DENSITIES = _words("pdf logpdf pmf logpmf cdf logcdf sf logsf ppf isf")


class Effect(NamedTuple):
    """What a call does beside returning a value; `written` are expressions whose memory it may write."""

    written: tuple[ast.expr, ...] = ()
    ordered: bool = False  # must keep its place among the other ordered ones: it prints, draws, raises on purpose
    unknown: bool = False  # may write whatever it is given, and globals
    anything: bool = False  # may write whatever there is


PURE = Effect()


def call_effect(call: ast.Call) -> Effect:
    """Say what a call does beside returning a value."""
    name = core.qualname(call.func)
    if name:
        return _ref_effect(name, call)
    if isinstance(call.func, ast.Attribute):
        return _method_effect(call, call.func)
    return Effect(ordered=True, unknown=True, anything=True)


def _ref_effect(name: str, call: ast.Call) -> Effect:
    if any(k.arg == "key" and not core.is_ref(k.value) for k in call.keywords):
        return Effect(ordered=True, unknown=True)
    module, _, short = name.rpartition(".")
    top = name.partition(".")[0]
    if top == "numpy":
        return _numpy_effect(name, short, call)
    if top in ("math", "cmath") or name.startswith(_PURE_SCIPY):
        return PURE
    if name.startswith("scipy.stats.") and short in _DENSITIES and "multivariate" not in name:
        return PURE
    if module == "operator":
        writes = short in _IN_PLACE
        return Effect(tuple(call.args[:1])) if writes else PURE
    if module == "builtins":
        return _builtin_effect(short, call)
    if module == "sct.runtime":
        return _runtime_effect(short, call)
    if module in _TYPES_WITH_METHODS:
        return Effect(tuple(call.args[:1]), ordered=True) if short in _WRITING_METHODS else Effect(ordered=True)
    if module in _WRITING_STANDARD:
        return Effect(tuple(call.args[:1]) if short in _WRITING_STANDARD[module] else (), ordered=True)
    if top in _READING_MODULES:
        return Effect(_overwritten(call), ordered=True)
    return Effect(ordered=True, unknown=True)


def _overwritten(call: ast.Call) -> tuple[ast.expr, ...]:
    """Return the arguments that a function was allowed to use as its workspace, as ``overwrite_a=True`` does."""
    allowed = any((k.arg or "").startswith("overwrite_") for k in call.keywords)
    return tuple(call.args) if allowed else ()


def _numpy_effect(name: str, short: str, call: ast.Call) -> Effect:
    parts = name.split(".")
    apart = parts[1] in ("random", "lib", "ctypeslib", "testing", "memmap") and short not in _VIEW_NUMPY
    if apart or short in _IMPURE_NUMPY:
        first_written = parts[1] != "random" or short == "shuffle"
        return Effect(tuple(call.args[:1]) if first_written else (), ordered=True, unknown=short in _IMPURE_NUMPY)
    if short in _WRITING_NUMPY or short == "at" or (parts[1] == "ndarray" and short in _WRITING_METHODS):
        return Effect(tuple(call.args[:1]))
    written: list[ast.expr] = [*(k.value for k in call.keywords if k.arg in ("out", None)), *_overwritten(call)]
    if short == "nan_to_num" and any(k.arg == "copy" for k in call.keywords):
        written.extend(call.args[:1])
    found, place = getattr(numpy, short, None), outputs.position(call)
    if isinstance(found, numpy.ufunc) and len(parts) == 2:
        written += call.args[found.nin :]
    elif place is not None:
        written.append(call.args[place])
    return Effect(tuple(written)) if written else PURE


def _runtime_effect(short: str, call: ast.Call) -> Effect:
    if short in _WRITING_RUNTIME:
        return Effect(tuple(call.args[:1]))
    return Effect(ordered=True) if short.startswith(("require_", "check_")) else PURE


def _builtin_effect(short: str, call: ast.Call) -> Effect:
    if short in ("exec", "eval", "globals", "locals", "vars", "setattr", "delattr", "compile", "__import__", "super"):
        return Effect(ordered=True, unknown=True, anything=True)
    if short in _PURE_BUILTINS or short.endswith(("Error", "Exception", "Warning")):
        return PURE
    if short == "next":
        return Effect(tuple(call.args[:1]))
    return Effect(ordered=True, unknown=short not in ("print", "input"))


def _method_effect(call: ast.Call, func: ast.Attribute) -> Effect:
    if func.attr in _PURE_METHODS:
        place = outputs.position(call)
        out = tuple(k.value for k in call.keywords if k.arg in ("out", None))
        out += () if place is None else (call.args[place],)
        return Effect(out) if out else PURE
    if func.attr in _WRITING_METHODS:
        of_argument = func.attr == "shuffle" and call.args  # a generator of random numbers changes what it is given
        return Effect(tuple(call.args[:1]) if of_argument else (func.value,), ordered=bool(of_argument))
    return Effect(ordered=True, unknown=True)


def written_by(call: ast.Call) -> list[ast.expr]:
    """Return whatever a call of anything but the user's functions may write in place."""
    effect = call_effect(call)
    if not effect.unknown or _asks_a_function(call):
        return list(effect.written)
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    unknown = [] if core.is_ref(call.func) or isinstance(call.func, ast.Attribute) else [call.func]
    return [*effect.written, *receiver, *unknown, *call.args, *(k.value for k in call.keywords)]


def repeatable(call: ast.Call) -> bool:
    """Say whether calling anything but the user's functions a second time gives the same, and changes nothing."""
    effect, name = call_effect(call), core.qualname(call.func)
    if _asks_a_function(call):
        return not effect.written
    if effect.written or effect.unknown:
        return False
    return not name.startswith(("builtins.", "numpy.random.", "random.", "time.", "datetime.")) or not effect.ordered


def _asks_a_function(call: ast.Call) -> bool:
    """Say whether a call is of unknown effect only for the function that is given to it."""
    name = core.qualname(call.func)
    return name in ("builtins.min", "builtins.max", "builtins.sorted", "builtins.map", "builtins.filter")


def makes_fresh(call: ast.Call) -> bool:
    """Say whether the result of a pure call can share no memory with its arguments, its members aside."""
    name = core.qualname(call.func)
    module, _, short = name.rpartition(".")
    if name.startswith("numpy."):
        view = short in _VIEW_NUMPY or (short == "einsum" and len(call.args) < 3) or _may_be_itself(name, call)
        return not view and all(k.arg != "copy" for k in call.keywords)
    if module == "builtins":
        return short in _FRESH_BUILTINS
    if name:
        return module in ("math", "cmath") or (module == "sct.runtime" and short in _FRESH_RUNTIME)
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in _PURE_METHODS - _VIEW_METHODS
        and all(k.arg != "copy" for k in call.keywords)
    )


def _may_be_itself(name: str, call: ast.Call) -> bool:
    given = [*call.args[1:2], *(k.value for k in call.keywords if k.arg in ("n", None))]
    own = _ITSELF_FOR.get(name)
    return own is not None and any(not isinstance(n, ast.Constant) or n.value == own for n in given)


_MANY_VIEWS = _words("broadcast_arrays atleast_1d atleast_2d atleast_3d meshgrid ix_")


def shares_first_only(call: ast.Call) -> bool:
    """Say whether the result of a pure call can share memory with its first argument, or its receiver, alone."""
    name = core.qualname(call.func)
    short = name.rpartition(".")[2]
    if name:
        numpy_view = name.startswith("numpy.") and short in _VIEW_NUMPY - _MANY_VIEWS
        return numpy_view or (name.startswith("sct.runtime.") and short != "add")
    return isinstance(call.func, ast.Attribute) and call.func.attr in _VIEW_METHODS - {"get"}


def gives_many(short: str) -> bool:
    """Say whether a NumPy function returns several arrays."""
    return short in _MANY_VIEWS


def is_array_method(name: str) -> bool:
    """Say whether a method is one that only arrays have, and returns one or a number."""
    return name in _ARRAY_METHODS


def attribute_is_fresh(node: ast.Attribute) -> bool:
    """Say whether an attribute is immutable data about an array rather than a part of it."""
    return node.attr in _FRESH_ATTRIBUTES
