"""Reductions of some of the elements (`where=`, NaN left out), or of one more (`initial=`)."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import composite, constant, custom
from sct.rules.results import reduced, reduced_float
from sct.rules.samples import M23, V3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        attaining,
        count,
        count_numbers,
        count_where,
        deviations,
        kinked,
        max_share,
        max_tangent,
        others,
        spread,
    )

# With a mask


MASKED = [
    (V3, {"where": [True, False, True]}),
    (M23, {"where": [[True], [False]]}),
    (M23, {"axis": 0, "where": [[True, True, False], [False, True, True]]}),
    (M23, {"axis": (-1,), "keepdims": True, "where": [True, True, False]}),
]


@composite("numpy.mean", "numpy.ndarray.mean", examples=MASKED, operands=("a",), result=reduced_float)
def mean_where(a, axis=None, dtype=None, out=None, keepdims=False, *, where):
    return np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims, where=where) / count_where(a, where, axis, keepdims)


@composite("numpy.prod", "numpy.ndarray.prod", examples=MASKED, operands=("a",), result=reduced)
def prod_where(a, axis=None, dtype=None, out=None, keepdims=False, *, where):
    return np.prod(np.where(where, a, 1.0), axis=axis, dtype=dtype, keepdims=keepdims)


@composite(
    "numpy.var",
    "numpy.ndarray.var",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*MASKED, (M23, {"axis": 1, "ddof": 1, "where": [True, False, True]})],
    operands=("a",),
    result=reduced_float,
    complex=False,
)
def var_where(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where):
    return np.sum(
        np.where(where, a - np.mean(a, axis=axis, keepdims=True, where=where), 0.0) ** 2,
        axis=axis,
        dtype=dtype,
        keepdims=keepdims,
    ) / (count_where(a, where, axis, keepdims) - ddof)


@custom(
    "numpy.std",
    "numpy.ndarray.std",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*MASKED[:3], (M23, {"axis": 1, "ddof": 1, "where": [True, False, True]})],
    operands=("a",),
    result=reduced_float,
)
def std_where(y_bar, y, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where):
    """Zero where all elements are equal, at the kink."""
    return kinked(
        deviations(a, axis, where) * spread(y_bar / (count_where(a, where, axis, keepdims) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@std_where.tangent
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where):
    return kinked(
        np.sum(
            deviations(a, axis, where) * da,
            axis=axis,
            keepdims=keepdims,
        ),
        (count_where(a, where, axis, keepdims) - ddof) * y,
    )


# With a first value: it counts as one more element


FROM = [
    (V3, {"initial": 0.5}),
    (M23, {"axis": 0, "initial": 0.6}),
    (M23, {"axis": 1, "keepdims": True, "initial": 9.5}),
    (M23, {"axis": 1, "initial": 0.75, "where": [True, False, True]}),
]


@custom(
    "numpy.max",
    "numpy.amax",
    "numpy.ndarray.max",
    "numpy.min",
    "numpy.amin",
    "numpy.ndarray.min",
    examples=FROM,
    operands=("a", "initial"),
    follows="a",
    result=reduced,
)
def max_from(y_bar, y, a, axis=None, out=None, keepdims=False, *, initial, where=True):
    """What ties shares the adjoint equally."""
    return (
        max_share(y_bar, y, a, axis, keepdims, initial, where),
        np.sum(np.where(np.equal(y, initial), y_bar / attaining(y, a, axis, keepdims, initial, where), 0.0)),
    )


@max_from.tangent
def _(y, da, dinitial, a, axis=None, out=None, keepdims=False, *, initial, where=True):
    return (
        max_tangent(da, y, a, axis, keepdims, initial, where),
        np.where(np.equal(y, initial), dinitial / attaining(y, a, axis, keepdims, initial, where), 0.0),
    )


@constant("sct.runtime.attaining")
def attaining_(y, x, axis=None, keepdims=False, initial=None, where=True): ...


@custom("numpy.prod", "numpy.ndarray.prod", examples=FROM, operands=("a", "initial"), follows="a", result=reduced)
def prod_from(y_bar, a, axis=None, dtype=None, out=None, keepdims=False, *, initial, where=True):
    return (
        np.where(where, others(np.where(where, a, 1.0), axis), 0.0) * spread(initial * y_bar, a, axis, keepdims),
        np.sum(y_bar * np.prod(np.where(where, a, 1.0), axis=axis, keepdims=keepdims)),
    )


@prod_from.case(lambda match, kinds: "where" not in match.args)
def _(y_bar, a, axis=None, dtype=None, out=None, keepdims=False, *, initial, where=True):
    return (
        others(a, axis) * spread(initial * y_bar, a, axis, keepdims),
        np.sum(y_bar * np.prod(a, axis=axis, keepdims=keepdims)),
    )


@prod_from.tangent
def _(da, dinitial, a, axis=None, dtype=None, out=None, keepdims=False, *, initial, where=True):
    return (
        initial * np.sum(others(np.where(where, a, 1.0), axis) * da, axis=axis, keepdims=keepdims, where=where),
        dinitial * np.prod(np.where(where, a, 1.0), axis=axis, keepdims=keepdims),
    )


# With a mean that is known


WITH_MEAN = [(M23, {"mean": 0.5}), (M23, {"axis": 1, "mean": [[0.5], [0.75]], "keepdims": True, "ddof": 1})]


@composite(
    "numpy.var",
    "numpy.ndarray.var",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=WITH_MEAN,
    operands=("a", "mean"),
    result=reduced_float,
    complex=False,
)
def var_from_mean(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, mean):
    return np.sum((a - mean) ** 2, axis=axis, keepdims=keepdims) / (count(a, axis) - ddof)


@composite(
    "numpy.std",
    "numpy.ndarray.std",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=WITH_MEAN,
    operands=("a", "mean"),
    result=reduced_float,
    complex=False,
)
def std_from_mean(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, mean):
    return np.sqrt(np.var(a, axis=axis, ddof=ddof, keepdims=keepdims, mean=mean))


# With NaN left out


HOLES = [[0.5, float("nan"), 2.3], [1.7, 0.9, -0.4], [0.2, 1.4, -0.7]]
GAPS = [(HOLES,), (HOLES, {"axis": 0}), (HOLES, {"axis": -1, "keepdims": True}), (V3,)]


SOME_GAPS = [*GAPS, (HOLES, {"axis": 1, "initial": 0.75, "where": [True, True, False]})]


@composite("numpy.nansum", examples=SOME_GAPS, operands=("a", "initial"), follows="a", result=reduced)
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return np.sum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@composite("numpy.nanprod", examples=SOME_GAPS, operands=("a", "initial"), follows="a", result=reduced)
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return np.prod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@composite("numpy.nanmean", examples=GAPS, result=reduced_float)
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    return np.sum(np.where(np.isnan(a), 0.0, a), axis=axis, keepdims=keepdims) / count_numbers(a, axis, keepdims)


@composite(
    "numpy.nanvar",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*GAPS, (HOLES, {"ddof": 1})],
    operands=("a",),
    result=reduced_float,
    complex=False,
)
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return np.sum(
        np.where(np.isnan(a), 0.0, a - np.nanmean(a, axis=axis, keepdims=True)) ** 2, axis=axis, keepdims=keepdims
    ) / (count_numbers(a, axis, keepdims) - ddof)


@custom(
    "numpy.nanstd",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*GAPS, (HOLES, {"ddof": 1})],
    result=reduced_float,
)
def nanstd(y_bar, y, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Zero where all elements are equal, at the kink."""
    return kinked(
        deviations(a, axis, ~np.isnan(a))
        * spread(y_bar / (count_numbers(a, axis, keepdims) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@nanstd.tangent
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return kinked(
        np.sum(np.where(np.isnan(a), 0.0, deviations(a, axis, ~np.isnan(a)) * da), axis=axis, keepdims=keepdims),
        (count_numbers(a, axis, keepdims) - ddof) * y,
    )


@custom("numpy.nanmax", examples=GAPS, result=reduced)
def nanmax(y_bar, y, a, axis=None, out=None, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, np.where(np.isnan(a), -np.inf, a), axis, keepdims)


@nanmax.tangent
def _(y, da, a, axis=None, out=None, keepdims=False):
    return max_tangent(da, y, np.where(np.isnan(a), -np.inf, a), axis, keepdims)


@custom("numpy.nanmin", examples=GAPS, result=reduced)
def nanmin(y_bar, y, a, axis=None, out=None, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, np.where(np.isnan(a), np.inf, a), axis, keepdims)


@nanmin.tangent
def _(y, da, a, axis=None, out=None, keepdims=False):
    return max_tangent(da, y, np.where(np.isnan(a), np.inf, a), axis, keepdims)


# With NaN left out, and a mask or a first value


CHOSEN = [(HOLES, {"where": [True, True, False]}), (HOLES, {"axis": 1, "where": [True, True, False]})]
FIRST = [(HOLES, {"initial": 0.5}), (HOLES, {"axis": 1, "initial": 0.6, "where": [True, True, False]})]


@composite("numpy.nanmean", examples=CHOSEN, operands=("a",), result=reduced_float)
def nanmean_where(a, axis=None, dtype=None, out=None, keepdims=False, *, where):
    return np.mean(np.where(np.isnan(a), 0.0, a), axis=axis, dtype=dtype, keepdims=keepdims, where=where & ~np.isnan(a))


@composite(
    "numpy.nanvar",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=CHOSEN,
    operands=("a",),
    result=reduced_float,
    complex=False,
)
def nanvar_where(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where):
    return np.var(
        np.where(np.isnan(a), 0.0, a), axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where & ~np.isnan(a)
    )


@composite(
    "numpy.nanstd",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=CHOSEN,
    operands=("a",),
    result=reduced_float,
    complex=False,
)
def nanstd_where(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where):
    return np.std(
        np.where(np.isnan(a), 0.0, a), axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where & ~np.isnan(a)
    )


@composite("numpy.nanmax", examples=FIRST, operands=("a", "initial"), result=reduced)
def nanmax_from(a, axis=None, out=None, keepdims=False, *, initial, where=True):
    return np.max(a, axis=axis, keepdims=keepdims, initial=initial, where=where & ~np.isnan(a))


@composite("numpy.nanmin", examples=FIRST, operands=("a", "initial"), result=reduced)
def nanmin_from(a, axis=None, out=None, keepdims=False, *, initial, where=True):
    return np.min(a, axis=axis, keepdims=keepdims, initial=initial, where=where & ~np.isnan(a))
