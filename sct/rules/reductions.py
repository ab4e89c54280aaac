"""Reductions along axes, and what the methods of ufuncs do."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import both, flat, given, is_array, is_complex, without
from sct.rules.registry import composite, custom, linear
from sct.rules.results import reduced, reduced_float, reduced_real
from sct.rules.samples import M23, T234, V3, W3
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import along, count, deviations, kinked, like, max_share, max_tangent, others, spread

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
        (M23, 0, None, None, True),
        (M23, {"axis": 1, "initial": 0.5, "where": [True, False, True]}),
    ],
    operands=("a", "initial"),
    follows="a",
    result=reduced,
)
def sum_(y_bar, a, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return spread(y_bar, a, axis, keepdims), np.sum(y_bar)


@sum_.case(given("where"))
def _(y_bar, a, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.where(where, spread(y_bar, a, axis, keepdims), 0.0), np.sum(y_bar)


@linear("numpy.mean", "numpy.ndarray.mean", examples=AXES, result=reduced_float)
def mean(y_bar, a, axis=None, dtype=None, out=None, keepdims=False):
    return spread(y_bar / count(a, axis), a, axis, keepdims)


@mean.case(both(is_array("a"), without("axis")))
def _(y_bar, a, axis=None, dtype=None, out=None, keepdims=False):
    return spread(y_bar / a.size, a, None, keepdims)


@mean.case(both(is_array("a"), flat("axis")))
def _(y_bar, a, axis=None, dtype=None, out=None, keepdims=False):
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
def max_(y_bar, y, a, axis=None, out=None, keepdims=False):
    """Elements that tie share the adjoint equally."""
    return max_share(y_bar, y, a, axis, keepdims)


@max_.tangent
def _(y, da, a, axis=None, out=None, keepdims=False):
    return max_tangent(da, y, a, axis, keepdims)


@custom(
    "numpy.prod",
    "numpy.ndarray.prod",
    examples=[*AXES, ([0.0, 2.0, 3.0],), ([0.0, 2.0, 0.0],)],
    result=reduced,
    complex=True,
)
def prod(y_bar, a, axis=None, dtype=None, out=None, keepdims=False):
    return others(a, axis) * spread(y_bar, a, axis, keepdims)


@prod.case(without("axis"))
def _(y_bar, a, axis=None, dtype=None, out=None, keepdims=False):
    return others(a) * y_bar


@prod.tangent
def _(y, da, a, axis=None, dtype=None, out=None, keepdims=False):
    return np.sum(others(a, axis) * da, axis=axis, dtype=dtype, keepdims=keepdims)


@custom(
    "numpy.var",
    "numpy.ndarray.var",
    aliases={"correction": "ddof"},
    fixed=("ddof",),
    examples=[*AXES, (M23, {"axis": 1, "ddof": 1}), (V3, {"ddof": 1})],
    result=reduced_real,
    complex=True,
)
def var(y_bar, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return 2 * (a - np.mean(a, axis=axis, keepdims=True)) * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims)


@var.case(is_complex("a"))
def _(y_bar, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return (
        2
        * np.conj(a - np.mean(a, axis=axis, keepdims=True))
        * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims)
    )


@var.tangent_case(is_complex("a"))
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return (
        2
        * np.sum(np.real(np.conj(a - np.mean(a, axis=axis, keepdims=True)) * da), axis=axis, keepdims=keepdims)
        / (count(a, axis) - ddof)
    )


@var.case(without("axis"))
def _(y_bar, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return 2 * (a - np.mean(a)) * (y_bar / (count(a) - ddof))


@var.tangent
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
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
    result=reduced_real,
    complex=True,
)
def std(y_bar, y, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Zero where all elements are equal, at the kink."""
    return kinked(
        deviations(a, axis) * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@std.case(is_complex("a"))
def _(y_bar, y, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return kinked(
        np.conj(deviations(a, axis)) * spread(y_bar / (count(a, axis) - ddof), a, axis, keepdims),
        spread(y, a, axis, keepdims),
    )


@std.tangent_case(is_complex("a"))
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return kinked(
        np.sum(np.real(np.conj(deviations(a, axis)) * da), axis=axis, keepdims=keepdims),
        (count(a, axis) - ddof) * y,
    )


@std.case(without("axis"))
def _(y_bar, y, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return kinked(deviations(a) * (y_bar / (count(a) - ddof)), y)


@std.tangent
def _(y, da, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return kinked(
        np.sum(deviations(a, axis) * da, axis=axis, keepdims=keepdims),
        (count(a, axis) - ddof) * y,
    )


@composite("numpy.ptp", examples=AXES, result=reduced)
def ptp(a, axis=None, out=None, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


def _along_last(match, kinds):
    """Weights along the last axis, which the average is taken over."""
    axis, ndim = number(match.args.get("axis")), kinds(match.args["a"]).ndim
    vector = "weights" in match.args and kinds(match.args["weights"]).ndim == 1
    return vector and ndim is not None and (axis == -1 or axis == ndim - 1)


def _of_each(match, kinds):
    """A weight for each element."""
    if "weights" not in match.args or number(match.args.get("axis")) is None:
        return False
    shapes = [kinds(match.args[p]).shape for p in ("a", "weights")]
    return shapes[0] is not None and shapes[0] == shapes[1]


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


@average.case(_along_last)
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / np.sum(weights)


@average.case(_of_each)
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / np.sum(weights, axis=axis, keepdims=keepdims)


@average.case(without("weights"))
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.mean(a, axis=axis, keepdims=keepdims)


@average.case(without("axis"))
def _(a, axis=None, weights=None, *, keepdims=False):
    return np.sum(a * weights, keepdims=keepdims) / np.sum(weights, keepdims=keepdims)


def _returned(args):
    returned = getattr(args.get("returned"), "value", None) is True
    return "" if returned else "returned is not written True or False"


@composite(
    "numpy.average",
    examples=[(M23, 1, V3, True), (M23, {"weights": M23, "returned": True}), (V3, {"returned": True})],
    operands=("a", "weights"),
    check=_returned,
)
def average_and_weight(a, axis=None, weights=None, returned=False, *, keepdims=False):
    return np.average(a, axis=axis, weights=weights, keepdims=keepdims), np.sum(
        like(along(weights, a, axis), a), axis=axis, keepdims=keepdims
    )


@average_and_weight.case(without("weights"))
def _(a, axis=None, weights=None, returned=False, *, keepdims=False):
    return np.average(a, axis=axis, keepdims=keepdims), np.sum(np.ones_like(a), axis=axis, keepdims=keepdims)
