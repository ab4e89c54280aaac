"""Reductions along axes, and what the methods of ufuncs do."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import both, flat, given, is_array, without
from sct.rules.registry import composite, custom, linear
from sct.rules.results import reduced, reduced_float
from sct.rules.samples import M23, T234, V3, W3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import along, count, count_numbers, like, max_share, max_tangent, others, over, spread

AXES = [
    (V3,),
    (M23,),
    (M23, {"axis": 0}),
    (M23, {"axis": -1, "keepdims": True}),
    (T234, {"axis": (0, 2)}),
    (T234, {"axis": (-1, 0), "keepdims": True}),
    (M23, {"axis": None, "keepdims": True}),
]


@linear(
    "numpy.sum",
    "numpy.ndarray.sum",
    examples=[
        *AXES,
        (M23, {"where": [[True, False, True]]}),
        (M23, 1, {"where": [[True], [False]]}),
        (M23, 0, "float"),
    ],
    operands=("a", "initial"),
    result=reduced,
)
def sum_(y_bar, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    return spread(y_bar, a, axis, keepdims), np.sum(y_bar)


@sum_.case(given("where"))
def _(y_bar, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    return np.where(where, spread(y_bar, a, axis, keepdims), 0.0), np.sum(y_bar)


@linear("numpy.mean", "numpy.ndarray.mean", examples=AXES, result=reduced_float)
def mean(y_bar, a, axis=None, dtype=None, *, keepdims=False):
    return spread(y_bar / count(a, axis), a, axis, keepdims)


@mean.case(both(is_array("a"), without("axis")))
def _(y_bar, a, axis=None, dtype=None, *, keepdims=False):
    return spread(y_bar / a.size, a, None, keepdims)


@mean.case(both(is_array("a"), flat("axis")))
def _(y_bar, a, axis=None, dtype=None, *, keepdims=False):
    return spread(y_bar / a.shape[axis], a, axis, keepdims)


@custom(
    "numpy.max",
    "numpy.amax",
    "numpy.ndarray.max",
    "numpy.min",
    "numpy.amin",
    "numpy.ndarray.min",
    examples=AXES,
    result=reduced,
)
def max_(y_bar, y, a, axis=None, *, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, a, axis, keepdims)


@max_.tangent
def _(y, da, a, axis=None, *, keepdims=False):
    return max_tangent(da, y, a, axis, keepdims)


@custom(
    "numpy.prod",
    "numpy.ndarray.prod",
    examples=[*AXES, ([0.0, 2.0, 3.0],), ([0.0, 2.0, 0.0],)],
    result=reduced,
    complex=True,
)
def prod(y_bar, a, axis=None, *, keepdims=False):
    return others(a, axis) * spread(y_bar, a, axis, keepdims)


@prod.tangent
def _(y, da, a, axis=None, *, keepdims=False):
    return np.sum(others(a, axis) * da, axis=axis, keepdims=keepdims)


@custom(
    "numpy.var",
    "numpy.ndarray.var",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*AXES, (M23, {"axis": 1, "ddof": 1}), (V3, {"ddof": 1})],
    result=reduced_float,
)
def var(y_bar, a, axis=None, *, ddof=0, keepdims=False):
    return 2 * (a - np.mean(a, axis=axis, keepdims=True)) * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims)


@var.case(without("axis"))
def _(y_bar, a, axis=None, *, ddof=0, keepdims=False):
    return 2 * (a - np.mean(a)) * (y_bar / (count(a) - ddof))


@var.tangent
def _(y, da, a, axis=None, *, ddof=0, keepdims=False):
    return (
        2
        * np.sum((a - np.mean(a, axis=axis, keepdims=True)) * da, axis=axis, keepdims=keepdims)
        / (count(a, axis) - ddof)
    )


@custom(
    "numpy.std",
    "numpy.ndarray.std",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*AXES, (M23, {"axis": 1, "ddof": 1}), (V3, {"ddof": 1})],
    result=reduced_float,
)
def std(y_bar, y, a, axis=None, *, ddof=0, keepdims=False):
    """Zero where all elements are equal, at the kink."""
    return over(
        (a - np.mean(a, axis=axis, keepdims=True)) * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@std.case(without("axis"))
def _(y_bar, y, a, axis=None, *, ddof=0, keepdims=False):
    return over((a - np.mean(a)) * (y_bar / (count(a) - ddof)), y)


@std.tangent
def _(y, da, a, axis=None, *, ddof=0, keepdims=False):
    return over(
        np.sum((a - np.mean(a, axis=axis, keepdims=True)) * da, axis=axis, keepdims=keepdims),
        (count(a, axis) - ddof) * y,
    )


@composite("numpy.ptp", examples=AXES, result=reduced)
def ptp(a, axis=None, *, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@composite(
    "numpy.average",
    examples=[(V3,), (M23, {"axis": 0}), (V3, {"weights": W3}), (M23, 1, V3), (M23, {"weights": M23}), (M23, 1, M23)],
    operands=("a", "weights"),
    result=reduced_float,
)
def average(a, axis=None, weights=None, *, keepdims=False):
    return np.sum(a * along(weights, a, axis), axis=axis, keepdims=keepdims) / np.sum(
        like(along(weights, a, axis), a), axis=axis, keepdims=keepdims
    )


@average.case(without("weights"))
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.mean(a, axis=axis, keepdims=keepdims)


@average.case(without("axis"))
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.sum(a * weights, keepdims=keepdims) / np.sum(weights, keepdims=keepdims)


# With a first value: it counts as one more element


FROM = [
    (V3, {"initial": 0.5}),
    (M23, {"axis": 0, "initial": 0.6}),
    (M23, {"axis": 1, "keepdims": True, "initial": 9.5}),
]


@composite("numpy.max", "numpy.amax", "numpy.ndarray.max", examples=FROM, operands=("a", "initial"), result=reduced)
def max_from(a, axis=None, *, keepdims=False, initial):
    return np.maximum(np.max(a, axis=axis, keepdims=keepdims), initial)


@composite("numpy.min", "numpy.amin", "numpy.ndarray.min", examples=FROM, operands=("a", "initial"), result=reduced)
def min_from(a, axis=None, *, keepdims=False, initial):
    return np.minimum(np.min(a, axis=axis, keepdims=keepdims), initial)


@composite("numpy.prod", "numpy.ndarray.prod", examples=FROM, operands=("a", "initial"), result=reduced)
def prod_from(a, axis=None, *, keepdims=False, initial):
    return initial * np.prod(a, axis=axis, keepdims=keepdims)


# With NaN left out


HOLES = [[0.5, float("nan"), 2.3], [1.7, 0.9, -0.4], [0.2, 1.4, -0.7]]
GAPS = [(HOLES,), (HOLES, {"axis": 0}), (HOLES, {"axis": -1, "keepdims": True}), (V3,)]


@composite("numpy.nansum", examples=GAPS, result=reduced)
def nansum(a, axis=None, *, keepdims=False):
    return np.sum(np.where(np.isnan(a), 0.0, a), axis=axis, keepdims=keepdims)


@composite("numpy.nanprod", examples=GAPS, result=reduced)
def nanprod(a, axis=None, *, keepdims=False):
    return np.prod(np.where(np.isnan(a), 1.0, a), axis=axis, keepdims=keepdims)


@composite("numpy.nanmean", examples=GAPS, result=reduced_float)
def nanmean(a, axis=None, *, keepdims=False):
    return np.sum(np.where(np.isnan(a), 0.0, a), axis=axis, keepdims=keepdims) / count_numbers(a, axis, keepdims)


@composite(
    "numpy.nanvar", fixed=("ddof",), examples=[*GAPS, (HOLES, {"ddof": 1})], operands=("a",), result=reduced_float
)
def nanvar(a, axis=None, *, ddof=0, keepdims=False):
    return np.sum(
        np.where(np.isnan(a), 0.0, a - np.nanmean(a, axis=axis, keepdims=True)) ** 2, axis=axis, keepdims=keepdims
    ) / (count_numbers(a, axis, keepdims) - ddof)


@custom("numpy.nanstd", fixed=("ddof",), examples=[*GAPS, (HOLES, {"ddof": 1})], result=reduced_float)
def nanstd(y_bar, y, a, axis=None, *, ddof=0, keepdims=False):
    """Zero where all elements are equal, at the kink."""
    return over(
        np.where(np.isnan(a), 0.0, a - np.nanmean(a, axis=axis, keepdims=True))
        * spread(y_bar / (count_numbers(a, axis, keepdims) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@nanstd.tangent
def _(y, da, a, axis=None, *, ddof=0, keepdims=False):
    return over(
        np.sum(
            np.where(np.isnan(a), 0.0, (a - np.nanmean(a, axis=axis, keepdims=True)) * da), axis=axis, keepdims=keepdims
        ),
        (count_numbers(a, axis, keepdims) - ddof) * y,
    )


@custom("numpy.nanmax", examples=GAPS, result=reduced)
def nanmax(y_bar, y, a, axis=None, *, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, np.where(np.isnan(a), -np.inf, a), axis, keepdims)


@nanmax.tangent
def _(y, da, a, axis=None, *, keepdims=False):
    return max_tangent(da, y, np.where(np.isnan(a), -np.inf, a), axis, keepdims)


@custom("numpy.nanmin", examples=GAPS, result=reduced)
def nanmin(y_bar, y, a, axis=None, *, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, np.where(np.isnan(a), np.inf, a), axis, keepdims)


@nanmin.tangent
def _(y, da, a, axis=None, *, keepdims=False):
    return max_tangent(da, y, np.where(np.isnan(a), np.inf, a), axis, keepdims)


# The methods of ufuncs


@composite("numpy.add.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def add_reduce(array, axis=0, *, keepdims=False):
    return np.sum(array, axis, keepdims=keepdims)


@composite("numpy.multiply.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def multiply_reduce(array, axis=0, *, keepdims=False):
    return np.prod(array, axis, keepdims=keepdims)


@composite("numpy.maximum.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def maximum_reduce(array, axis=0, *, keepdims=False):
    return np.max(array, axis, keepdims=keepdims)


@composite("numpy.minimum.reduce", examples=[(V3,), (M23,), (M23, {"axis": None}), (M23, 1)], operands=("array",))
def minimum_reduce(array, axis=0, *, keepdims=False):
    return np.min(array, axis, keepdims=keepdims)


@composite("numpy.logaddexp.reduce", examples=[(V3,), (M23,), (M23, 1)], operands=("array",))
def logaddexp_reduce(array, axis=0, *, keepdims=False):
    return np.max(array, axis, keepdims=keepdims) + np.log(
        np.sum(np.exp(array - np.max(array, axis, keepdims=True)), axis, keepdims=keepdims)
    )


@composite("numpy.add.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def add_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) + B


@composite("numpy.subtract.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def subtract_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) - B


@composite("numpy.multiply.outer", examples=[(V3, W3), (M23, V3), (V3, 1.5)])
def multiply_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) * B


@composite("numpy.divide.outer", "numpy.true_divide.outer", examples=[(V3, W3), (M23, V3)])
def divide_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) / B


@composite("numpy.power.outer", examples=[([0.5, 1.5], W3)])
def power_outer(A, B):
    return np.reshape(A, np.shape(A) + (1,) * np.ndim(B)) ** B


@composite("numpy.maximum.outer", examples=[(V3, W3)])
def maximum_outer(A, B):
    return np.maximum(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


@composite("numpy.minimum.outer", examples=[(V3, W3)])
def minimum_outer(A, B):
    return np.minimum(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)
