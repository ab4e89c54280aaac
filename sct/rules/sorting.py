"""Order: sorting, quantiles. Which element stands where is held fixed; elements that tie keep their order."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import is_number_but
from sct.rules.registry import When, custom
from sct.rules.samples import M23, T234, V3
from sct.rules.shapes import ordered

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        first_places,
        gather,
        gather_bar,
        quantile_bar,
        quantile_tangent,
        sorted_bar,
        sorted_tangent,
    )

AXES = [(V3,), (M23,), (M23, {"axis": 0}), (M23, {"axis": -1, "keepdims": True}), (T234, {"axis": (0, 2)})]


@custom(
    "numpy.sort",
    examples=[(V3,), (M23,), (M23, 0), (M23, {"axis": None}), (T234, 1), (V3, {"stable": True})],
    operands=("a",),
    result=ordered,
)
def sort(y_bar, a, axis=-1, kind=None, *, stable=None):
    return np.reshape(
        np.take_along_axis(y_bar, np.argsort(np.argsort(a, axis, kind="stable"), axis), axis), np.shape(a)
    )


@sort.case(is_number_but("axis"))
def _(y_bar, a, axis=-1, kind=None, *, stable=None):
    return np.take_along_axis(y_bar, np.argsort(np.argsort(a, axis=axis, kind="stable"), axis=axis), axis)


@sort.tangent
def _(da, a, axis=-1, kind=None, *, stable=None):
    return np.take_along_axis(da, np.argsort(a, axis, kind="stable"), axis)


@sort.tangent_case(is_number_but("axis"))
def _(da, a, axis=-1, kind=None, *, stable=None):
    return np.take_along_axis(da, np.argsort(a, axis=axis, kind="stable"), axis)


@custom(
    "numpy.partition",
    examples=[(V3, 1), (M23, 0), (M23, 1, 0), (T234, 2, 1), (M23, [0, 1, 2, 3, 4, 5], None)],
    result=ordered,
)
def partition(y_bar, y, a, kth, axis=-1, kind=None):
    """Where an element went is found by sorting both sides."""
    return np.reshape(
        np.take_along_axis(
            y_bar, np.take_along_axis(np.argsort(y, axis), np.argsort(np.argsort(a, axis), axis), axis), axis
        ),
        np.shape(a),
    )


@partition.tangent
def _(y, da, a, kth, axis=-1, kind=None):
    return np.take_along_axis(
        da, np.take_along_axis(np.argsort(a, axis), np.argsort(np.argsort(y, axis), axis), axis), axis
    )


@custom("builtins.sorted", examples=[(V3,), (V3, {"reverse": True})], sequence="x")
def sorted_(y_bar, x, *, reverse=False):
    return sorted_bar(y_bar, x, reverse)


@sorted_.tangent
def _(dx, x, *, reverse=False):
    return sorted_tangent(dx, x, reverse)


@custom("numpy.unique", examples=[(V3,), ([[0.5, -1.0], [2.5, 1.5]],)])
def unique(y_bar, ar):
    """Of equal elements, the first."""
    return gather_bar(y_bar, ar, first_places(ar))


@unique.tangent
def _(dar, ar):
    return gather(dar, first_places(ar))


def _with_places(args):
    flags = [args[p] for p in ("return_index", "return_inverse", "return_counts") if p in args]
    written = flags and all(getattr(flag, "value", None) is True for flag in flags)
    return "" if written else "what it returns is not written out"


def _results(count: int) -> When:
    return lambda match, kinds: sum(p.startswith("return_") for p in match.args) == count


@custom(
    "numpy.unique",
    operands=("ar",),
    check=_with_places,
    spelled=["np.unique(x, return_index=True)[0]", "np.unique(x, return_inverse=True, return_counts=True)[0]"],
)
def unique_with_places(y_bar, ar, return_index=False, return_inverse=False, return_counts=False):
    """Of equal elements, the first."""
    return gather_bar(y_bar[0], ar, first_places(ar))


@unique_with_places.tangent_case(_results(1))
def _(dar, ar, return_index=False, return_inverse=False, return_counts=False):
    return ((gather(dar, first_places(ar)), None),)


@unique_with_places.tangent_case(_results(2))
def _(dar, ar, return_index=False, return_inverse=False, return_counts=False):
    return ((gather(dar, first_places(ar)), None, None),)


@unique_with_places.tangent
def _(dar, ar, return_index=False, return_inverse=False, return_counts=False):
    return ((gather(dar, first_places(ar)), None, None, None),)


@custom("numpy.median", examples=[*AXES, ([0.5, 2.0, -1.0, 0.25],)])
def median(y_bar, a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return quantile_bar(y_bar, a, 0.5, axis, keepdims)


@median.tangent
def _(da, a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return quantile_tangent(da, a, 0.5, axis, keepdims)


METHODS = ("lower", "higher", "nearest", "midpoint", "hazen", "weibull", "median_unbiased", "inverted_cdf")


@custom(
    "numpy.quantile",
    examples=[
        *((a[0], 0.3, *a[1:]) for a in AXES),
        *((a[0], [0.3, 0.75, 1.0], *a[1:]) for a in AXES),
        *((M23, [0.35, 0.6], 1, {"method": method}) for method in METHODS),
        (M23, [0.35, 0.6], 1, {"method": "inverted_cdf", "weights": [1.0, 3.0, 0.5]}),
    ],
    operands=("a", "q"),
)
def quantile(y_bar, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    return quantile_bar(y_bar, a, q, axis, keepdims, method, False, weights), None


@quantile.tangent
def _(da, dq, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    return quantile_tangent(da, a, q, axis, keepdims, method, False, weights), None


@custom(
    "numpy.percentile",
    examples=[(V3, 30.0), (M23, [25.0, 80.0], {"axis": 1}), (V3, 45.0, {"method": "higher"})],
    operands=("a", "q"),
)
def percentile(
    y_bar, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None
):
    return quantile_bar(y_bar, a, np.divide(q, 100), axis, keepdims, method, False, weights), None


@percentile.tangent
def _(da, dq, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    return quantile_tangent(da, a, np.divide(q, 100), axis, keepdims, method, False, weights), None


# With NaN left out

GAPPED = [0.5, float("nan"), 2.3, -0.4]
HOLES = [[0.5, float("nan"), 2.3], [1.7, 0.9, -0.4]]
WITH_HOLES = [(GAPPED,), (HOLES,), (HOLES, {"axis": 1}), (HOLES, {"axis": 0, "keepdims": True})]


@custom("numpy.nanmedian", examples=WITH_HOLES, operands=("a",))
def nanmedian(y_bar, a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return quantile_bar(y_bar, a, 0.5, axis, keepdims, "linear", True)


@nanmedian.tangent
def _(da, a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return quantile_tangent(da, a, 0.5, axis, keepdims, "linear", True)


@custom(
    "numpy.nanquantile",
    examples=[(GAPPED, 0.3), (M23, [0.3, 0.6]), (HOLES, [0.3, 0.6], 1), (HOLES, 0.4, {"axis": 1, "method": "higher"})],
    operands=("a", "q"),
)
def nanquantile(
    y_bar, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None
):
    return quantile_bar(y_bar, a, q, axis, keepdims, method, True, weights), None


@nanquantile.tangent
def _(da, dq, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    return quantile_tangent(da, a, q, axis, keepdims, method, True, weights), None


@custom("numpy.nanpercentile", examples=[(GAPPED, 30.0), (HOLES, [30.0, 60.0], 1)], operands=("a", "q"))
def nanpercentile(
    y_bar, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None
):
    return quantile_bar(y_bar, a, np.divide(q, 100), axis, keepdims, method, True, weights), None


@nanpercentile.tangent
def _(da, dq, a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    return quantile_tangent(da, a, np.divide(q, 100), axis, keepdims, method, True, weights), None
