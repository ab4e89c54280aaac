"""Running sums and products, differences and quadrature."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import both, given, is_number_but, is_vector, without
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, T234, V3, V4, W3
from sct.rules.shapes import cumulative
from sct.rules.template import number

if TYPE_CHECKING:
    import numpy as np
    import scipy.integrate

    from sct.runtime import (
        astype_like,
        cumsum_bar,
        diff_bar,
        gradient_bar,
        last_axis,
        recurrence,
        recurrence_bar,
        save,
        shifted,
        slab,
    )


def _plainly_initial(args):
    initial = args.get("include_initial")
    written = initial is None or isinstance(getattr(initial, "value", None), bool)
    return "" if written else "include_initial is not written True or False"


SCANS = [(V3,), (M23,), (M23, 0), (M23, -1), (M23, {"axis": None})]
V7 = [0.7, -1.2, 2.1, 0.4, 1.3, -0.6, 0.9]
M57 = [[0.3 * i * i - 0.7 * j + 0.1 * i * j * j for j in range(7)] for i in range(5)]
ZEROS = [[0.0, -1.1, 2.3], [1.7, 0.0, 0.0]]


@linear("numpy.cumsum", "numpy.ndarray.cumsum", examples=SCANS, result=cumulative)
def cumsum(y_bar, a, axis=None, dtype=None, out=None):
    return cumsum_bar(y_bar, a, axis)


@cumsum.case(both(is_vector("a"), without("axis")))
def _(y_bar, a, axis=None, dtype=None, out=None):
    return np.cumsum(y_bar[::-1])[::-1]


@custom(
    "numpy.cumprod", "numpy.ndarray.cumprod", examples=[*SCANS, (ZEROS,), (ZEROS, 0), (ZEROS, 1)], result=cumulative
)
def cumprod(y_bar, y, a, axis=None, dtype=None, out=None):
    """Right where elements are zero."""
    return np.reshape(shifted(y, axis, 1.0) * recurrence_bar(y_bar, a, axis), np.shape(a))


@cumprod.tangent
def _(y, da, a, axis=None, dtype=None, out=None):
    return recurrence(shifted(y, axis, 1.0) * np.reshape(da, np.shape(y)), a, axis)


WITH_FIRST = [(V3, {"include_initial": True}), (M23, {"axis": 1, "include_initial": True})]


@composite(
    "numpy.cumulative_sum", examples=[(V3,), (M23, {"axis": 0}), *WITH_FIRST], operands=("x",), check=_plainly_initial
)
def cumulative_sum(x, *, axis=None, dtype=None, out=None, include_initial=False):
    return np.cumsum(x, axis=axis)


@cumulative_sum.case(given("include_initial"))
def _(x, *, axis=None, dtype=None, out=None, include_initial=False):
    return np.insert(np.cumsum(x, axis=axis), 0, 0.0, axis)


@composite(
    "numpy.cumulative_prod", examples=[(V3,), (M23, {"axis": 0}), *WITH_FIRST], operands=("x",), check=_plainly_initial
)
def cumulative_prod(x, *, axis=None, dtype=None, out=None, include_initial=False):
    return np.cumprod(x, axis=axis)


@cumulative_prod.case(given("include_initial"))
def _(x, *, axis=None, dtype=None, out=None, include_initial=False):
    return np.insert(np.cumprod(x, axis=axis), 0, 1.0, axis)


@composite("numpy.nancumsum", examples=SCANS, operands=("a",))
def nancumsum(a, axis=None, dtype=None, out=None):
    return np.cumsum(np.where(np.isnan(a), 0.0, a), axis)


@composite("numpy.nancumprod", examples=SCANS, operands=("a",))
def nancumprod(a, axis=None, dtype=None, out=None):
    return np.cumprod(np.where(np.isnan(a), 1.0, a), axis)


@linear(
    "numpy.diff",
    examples=[
        (V3,),
        (M23,),
        (M23, {"axis": 0}),
        (T234, {"axis": 1}),
        (M23, 2),
        (T234, 2, 0),
        (V3, 3),
        (V3, 4),
        (V3, 0),
    ],
    result=array,
    memory="maybe",
    fresh=is_number_but("n", 0),
)
def diff(y_bar, a, n=1, axis=-1):
    return diff_bar(y_bar, a, n, axis)


def _written_order(args):
    written = "n" not in args or isinstance(number(args["n"]), int)
    return "" if written else "n is not an integer as written, and of order 0 the ends are left out"


@composite(
    "numpy.diff",
    examples=[
        (V3, {"prepend": 0.5, "append": W3}),
        (M23, {"append": 1.5, "axis": 0}),
        (M23, 2, {"prepend": [[1.0], [2.0]]}),
        (V3, 0, {"prepend": 0.5, "append": W3}),
    ],
    operands=("a", "prepend", "append"),
    result=array,
    memory="maybe",
    fresh=is_number_but("n", 0),
    check=_written_order,
)
def diff_with_ends(a, n=1, axis=-1, prepend=None, append=None):
    return np.diff(np.concatenate((slab(prepend, a, axis), a, slab(append, a, axis)), axis), n, axis)


@diff_with_ends.case(lambda match, kinds: number(match.args.get("n")) == 0)
def _(a, n=1, axis=-1, prepend=None, append=None):
    """NumPy gives `a` back, without its ends."""
    return np.diff(a, 0, axis)


@diff_with_ends.case(without("append"))
def _(a, n=1, axis=-1, prepend=None, append=None):
    return np.diff(np.concatenate((slab(prepend, a, axis), a), axis), n, axis)


@diff_with_ends.case(without("prepend"))
def _(a, n=1, axis=-1, prepend=None, append=None):
    return np.diff(np.concatenate((a, slab(append, a, axis)), axis), n, axis)


@custom(
    "numpy.unwrap",
    examples=[([0.5, 3.0, 6.5, -1.0],), (M57, {"axis": 0}), (M57, {"period": 2.5})],
    operands=("p",),
    fixed=("period",),
)
def unwrap(y_bar, p, discont=None, axis=-1, *, period=6.283185307179586):
    """How many periods are added is held fixed."""
    return y_bar


@unwrap.tangent
def _(dp, p, discont=None, axis=-1, *, period=6.283185307179586):
    return save(dp)


@composite("numpy.ediff1d", examples=[(V3,), (M23,)])
def ediff1d(ary):
    return np.diff(np.ravel(ary))


@composite("numpy.ediff1d", examples=[(V3, W3, 1.5), (V3, {"to_begin": 0.5})], operands=("ary", "to_end", "to_begin"))
def ediff1d_with_ends(ary, to_end=None, to_begin=None):
    return np.concatenate(
        (astype_like(np.ravel(to_begin), ary), np.diff(np.ravel(ary)), astype_like(np.ravel(to_end), ary))
    )


@ediff1d_with_ends.case(without("to_begin"))
def _(ary, to_end=None, to_begin=None):
    return np.concatenate((np.diff(np.ravel(ary)), astype_like(np.ravel(to_end), ary)))


@ediff1d_with_ends.case(without("to_end"))
def _(ary, to_end=None, to_begin=None):
    return np.concatenate((astype_like(np.ravel(to_begin), ary), np.diff(np.ravel(ary))))


@linear(
    "numpy.gradient",
    examples=[
        *[(V7,), (V7, 2), (V3,), (V7, {"edge_order": 2}), (M57,), (M57, {"axis": 0}), (M57, {"axis": (0, 1)})],
        *[(M57, 2, {"axis": -1, "edge_order": 2}), (V3[:2],), (M57, 0.5, [0.0, 0.5, 2.0, 2.5, 3.0, 4.5, 5.0])],
    ],
    operands=("f",),
    fixed=("h",),
)
def gradient(y_bar, f, *h, axis=None, edge_order=1):
    return gradient_bar(y_bar, f, h, axis, edge_order)


POINTS = ([[0.5, -1.1, 2.3], [1.7, 0.9, -0.4]], [[0.0, 0.5, 2.0], [1.0, 1.5, 3.0]])


@composite(
    "numpy.trapezoid",
    "numpy.trapz",
    "scipy.integrate.trapezoid",
    examples=[(V3,), (M23,), (M23, {"axis": 0}), (V3, {"dx": 0.5}), (V3, W3), (M23, V3), POINTS, (*POINTS, 1.0, 0)],
    operands=("y_", "x", "dx"),
    aliases={"y": "y_"},
)
def trapezoid(y_, x=None, dx=1.0, axis=-1):
    return (
        np.sum(
            np.diff(last_axis(x, y_, axis))
            * (np.moveaxis(y_, axis, -1)[..., 1:] + np.moveaxis(y_, axis, -1)[..., :-1]),
            axis=-1,
        )
        / 2
    )


@trapezoid.case(both(without("x"), given("axis")))
def _(y_, x=None, dx=1.0, axis=-1):
    return np.sum(np.moveaxis(y_, axis, -1)[..., 1:] + np.moveaxis(y_, axis, -1)[..., :-1], axis=-1) * dx / 2


@trapezoid.case(both(given("x"), without("axis")))
def _(y_, x=None, dx=1.0, axis=-1):
    return np.sum(np.diff(x) * (y_[..., 1:] + y_[..., :-1]), axis=-1) / 2


@trapezoid.case(without("x"))
def _(y_, x=None, dx=1.0, axis=-1):
    return np.sum(y_[..., 1:] + y_[..., :-1], axis=-1) * dx / 2


@linear(
    "scipy.integrate.simpson",
    examples=[(V4,), (V3, {"dx": 0.5}), (M23, {"axis": 0}), (V4, {"x": [0.0, 0.3, 0.5, 1.2]})],
    operands=("y_",),
    aliases={"y": "y_"},
    fixed=("x", "dx"),
)
def simpson(y_bar, y_, x=None, *, dx=1.0, axis=-1):
    return astype_like(
        np.moveaxis(np.multiply.outer(y_bar, scipy.integrate.simpson(np.eye(np.shape(y_)[axis]), dx=dx)), -1, axis),
        y_,
    )


@simpson.case(given("x"))
def _(y_bar, y_, x=None, *, dx=1.0, axis=-1):
    """For points that are the same for all rows: others have another number of elements, which SciPy refuses."""
    return astype_like(
        np.moveaxis(
            np.multiply.outer(y_bar, scipy.integrate.simpson(np.eye(np.shape(y_)[axis]), x=np.ravel(x))), -1, axis
        ),
        y_,
    )


def _along_other_axis(match, kinds):
    return "axis" in match.args and number(match.args["axis"]) != -1


@composite(
    "scipy.integrate.cumulative_trapezoid",
    examples=[(V3,), (M23, V3), (M23, {"dx": 0.5}), (V3, {"initial": 0}), (M23, {"axis": 0}), (*POINTS, 1.0, 0, 0)],
    operands=("y_", "x", "dx"),
    aliases={"y": "y_"},
)
def cumulative_trapezoid(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.cumsum((y_[..., 1:] + y_[..., :-1]) / 2 * dx, axis=-1)


@cumulative_trapezoid.case(both(given("x"), _along_other_axis))
def _(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.moveaxis(
        scipy.integrate.cumulative_trapezoid(
            np.moveaxis(y_, axis, -1), last_axis(x, y_, axis), dx, axis=-1, initial=initial
        ),
        -1,
        axis,
    )


@cumulative_trapezoid.case(_along_other_axis)
def _(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.moveaxis(
        scipy.integrate.cumulative_trapezoid(np.moveaxis(y_, axis, -1), dx=dx, axis=-1, initial=initial), -1, axis
    )


@cumulative_trapezoid.case(both(without("x"), given("initial")))
def _(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.insert(np.cumsum((y_[..., 1:] + y_[..., :-1]) / 2 * dx, axis=-1), 0, 0.0, -1)


@cumulative_trapezoid.case(given("initial"))
def _(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.insert(np.cumsum((y_[..., 1:] + y_[..., :-1]) / 2 * np.diff(x), axis=-1), 0, 0.0, -1)


@cumulative_trapezoid.case(given("x"))
def _(y_, x=None, dx=1.0, axis=-1, initial=None):
    return np.cumsum((y_[..., 1:] + y_[..., :-1]) / 2 * np.diff(x), axis=-1)
