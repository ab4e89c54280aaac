"""Where functions and methods of NumPy take `out`, the array that they write into.

In: a call. Out: where `out` stands among its positional arguments, and the same call with `out` by keyword.
"""

from __future__ import annotations

import ast

from . import core

#: The parameters by position of functions that take `out` by position too.
_PARAMETERS = {
    "a axis dtype out keepdims initial where": "sum prod nansum nanprod add.reduce multiply.reduce maximum.reduce "
    "minimum.reduce fmax.reduce fmin.reduce hypot.reduce logaddexp.reduce",
    "a axis dtype out keepdims": "mean nanmean",
    "a axis dtype out ddof keepdims": "std var nanstd nanvar",
    "a axis dtype out": "cumsum cumprod nancumsum nancumprod add.accumulate multiply.accumulate "
    "maximum.accumulate minimum.accumulate",
    "a axis out keepdims initial where": "max amax min amin nanmax nanmin",
    "a axis out keepdims": "all any argmax argmin ptp",
    "a axis out overwrite_input keepdims": "median nanmedian",
    "a q axis out overwrite_input method keepdims": "quantile percentile nanquantile nanpercentile",
    "a a_min a_max out": "clip",
    "a indices axis out mode": "take",
    "a indices axis dtype out": "add.reduceat multiply.reduceat maximum.reduceat minimum.reduceat",
    "condition a axis out": "compress",
    "a choices out mode": "choose",
    "a decimals out": "round around",
    "a b out": "dot outer matmul",
    "a offset axis1 axis2 dtype out": "trace",
    "arrays axis out": "concatenate concat stack",
    "x out": "fix",
}
_FUNCTIONS = {name: said.split() for said, names in _PARAMETERS.items() for name in names.split()}
_METHODS = {
    name: _FUNCTIONS[name][1:]
    for name in "sum prod mean std var cumsum cumprod max min all any argmax argmin ptp clip take choose round dot "
    "trace".split()
} | {"compress": ["condition", "axis", "out"]}


def method_of(call: ast.Call) -> str:
    """Return the name of the method that is called, "" for a function."""
    return call.func.attr if isinstance(call.func, ast.Attribute) and not core.is_ref(call.func) else ""


def _parameters(call: ast.Call) -> list[str]:
    method = method_of(call)
    if method:
        return _METHODS.get(method, [])
    name = core.qualname(call.func)
    return _FUNCTIONS.get(name.removeprefix("numpy."), []) if name.startswith("numpy.") else []


def takes_output(call: ast.Call) -> bool:
    """Say whether a call is of a function or method that is known to take `out`."""
    return bool(_parameters(call))


def position(call: ast.Call) -> int | None:
    """Return where `out` stands among the positional arguments of a call, None where it is not there."""
    names = _parameters(call)
    place = names.index("out") if names else len(call.args)
    if place >= len(call.args) or any(isinstance(a, ast.Starred) for a in call.args[: place + 1]):
        return None
    given = call.args[place]
    return None if isinstance(given, ast.Constant) and given.value is None else place


def by_keyword(call: ast.Call) -> ast.Call:
    """Return a call that has `out` by position with it by keyword; any other as it is."""
    place, names = position(call), _parameters(call)
    if place is None or len(call.args) > len(names):
        return call
    moved = [
        ast.keyword(arg=n, value=v)
        for n, v in zip(names[place:], call.args[place:], strict=False)
        if not (isinstance(v, ast.Constant) and v.value is None)
    ]
    new = ast.Call(func=call.func, args=call.args[:place], keywords=[*moved, *call.keywords])
    return ast.copy_location(new, call)
