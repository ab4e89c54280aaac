"""The helpers of `sct.runtime`, so that generated code can be differentiated again."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import is_array, is_numeric
from sct.rules.registry import bilinear, constant, custom, elementwise, linear
from sct.rules.results import as_floats, broadcast_float, first, first_array, reduced_float
from sct.rules.samples import M23, M33, M34, T234, V3, W3
from sct.rules.shapes import second, seed, third, zeros

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        astype_like,
        bessel_i,
        contents,
        dot_bar_left,
        dot_bar_right,
        entry,
        entry_bar,
        exponent_slope,
        finish,
        first_max_bar,
        first_max_tangent,
        first_min_bar,
        first_min_tangent,
        fold,
        inner_bar_left,
        inner_bar_right,
        interp_bar,
        interp_slope,
        interp_slope_bar,
        join,
        kinked,
        last_writes,
        matmul_bar_left,
        matmul_bar_right,
        max_share,
        max_tangent,
        numbers_bar,
        once,
        others_curve,
        others_slope,
        over,
        polygamma,
        power_slope,
        put_back_bar,
        reshape_like,
        scatter,
        sinc_slope,
        times,
        unbroadcast,
        unfold,
    )


@constant("sct.runtime.zeros_like", "sct.runtime.zeros_mirror", result=zeros)
def zeros_like(x): ...


@constant(
    *(
        f"sct.runtime.require_{name}"
        for name in (
            *(
                "array",
                "dict",
                "distinct",
                "float",
                "index",
                "length",
                "lists",
                "members",
                "number",
                "numbers",
                "output",
            ),
            *("own_members", "part", "real", "scalar", "scalar_result", "sequence", "storable"),
            *("unguarded", "value", "view"),
        )
    )
)
def require(name, *values): ...


@linear(
    "sct.runtime.unbroadcast",
    memory="maybe",
    examples=[(M23, V3), (M23, 1.5), (M23, M23), (M23, [V3]), (1.5, V3), (V3, M23), ([V3], V3)],
    operands=("v",),
    result=second,
)
def unbroadcast_(y_bar, v, x):
    """It sums to the shape of `x`, and repeats what has less: its own transpose, from that shape back."""
    return unbroadcast(y_bar, v)


@linear(
    "sct.runtime.as_product",
    examples=[(M34, M33, M34), (M34, W3, M34), (T234, M33, M34)],
    operands=("s",),
    memory="maybe",
)
def as_product_(y_bar, s, a, b):
    return unbroadcast(y_bar, s)


@linear(
    "sct.runtime.like", memory="maybe", examples=[(V3, M23), (1.5, M23), (M23, M23)], operands=("dx",), result=second
)
def like_(y_bar, dx, value):
    return unbroadcast(y_bar, dx)


@linear(
    "sct.runtime.spread",
    examples=[(1.5, M23), (V3, M23, 0), ([V3], M23, 0, True), (1.5, 2.5), ([0.5, 1.5], M23, -1)],
    operands=("s",),
    result=second,
)
def spread(y_bar, s, x, axis=None, keepdims=False):
    return np.sum(y_bar, axis=axis, keepdims=keepdims)


@linear(
    "sct.runtime.reshape_like",
    memory="maybe",
    examples=[([[1.5]], 2.5), (V3, [[0.5, 1.0, 2.0]]), (M23, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])],
    operands=("v",),
    result=second,
)
def reshape_like_(y_bar, v, x, order="C"):
    return reshape_like(y_bar, v, order)


@linear("sct.runtime.astype_like", memory="maybe", examples=[(V3, W3)], operands=("s",), result=first)
def astype_like_(y_bar, s, x):
    return astype_like(y_bar, s)


@linear("sct.runtime.floats", memory="maybe", examples=[(V3,)], operands=("x",), result=as_floats)
def floats_(y_bar, x):
    return y_bar


@elementwise("sct.runtime.over", domain=(0.5, 3), result=broadcast_float, complex=True)
def over_(y, s, d):
    return over(1, d), -over(y, d)


@elementwise(
    "sct.runtime.kinked",
    domain=(0.5, 3),
    result=broadcast_float,
    complex=True,
)
def kinked_(y, s, d):
    return kinked(1, d), -kinked(y, d)


@elementwise("sct.runtime.times", domain=(0.5, 3), result=broadcast_float, complex=True)
def times_(y, s, p):
    return times(1, p), s


@elementwise("sct.runtime.power_slope", domain=(0.5, 3), result=broadcast_float, complex=True)
def power_slope_(y, s, x, p):
    return (
        power_slope(1, x, p),
        power_slope(p * s, x, p - 1),
        times(1, times(s, np.power(x, p - 1.0)) + exponent_slope(p * s, x, p - 1)),
    )


@elementwise("sct.runtime.exponent_slope", domain=(0.5, 3), result=broadcast_float, complex=True)
def exponent_slope_(y, s, x, p):
    return (
        exponent_slope(1, x, p),
        times(1, times(s, np.power(x, p - 1.0)) + exponent_slope(p * s, x, p - 1)),
        times(1, exponent_slope(y, x, 0.0)),
    )


@linear(
    "sct.runtime.max_share",
    examples=[(1.5, 2.1, V3), ([0.5, 1.5], [2.3, 1.7], M23, 1), (1.5, 2.0, [2.0, 2.0, 1.0])],
    operands=("s",),
)
def max_share_(y_bar, s, value, x, axis=None, keepdims=False, initial=None, where=True):
    return max_tangent(y_bar, value, x, axis, keepdims, initial, where)


@linear(
    "sct.runtime.max_tangent",
    examples=[(W3, 2.1, V3), (M23, [2.3, 1.7], M23, 1), (W3, 2.0, [2.0, 2.0, 1.0])],
    operands=("dx",),
)
def max_tangent_(y_bar, dx, value, x, axis=None, keepdims=False, initial=None, where=True):
    return max_share(y_bar, value, x, axis, keepdims, initial, where)


@custom("sct.runtime.others", examples=[(V3,), (M23, 0), ([0.0, 2.0, 3.0],), (M23,)], result=first_array)
def others(y_bar, x, axis=None):
    return others_slope(y_bar, x, axis)


@others.tangent
def _(dx, x, axis=None):
    return others_slope(dx, x, axis)


@custom("sct.runtime.others_slope", examples=[(W3, V3), (M23, M23, 0)], result=second)
def others_slope_(y_bar, s, x, axis=None):
    return others_slope(y_bar, x, axis), others_curve(s, y_bar, x, axis)


@others_slope_.tangent
def _(ds, dx, s, x, axis=None):
    return others_slope(ds, x, axis), others_curve(s, dx, x, axis)


@custom("sct.runtime.others_curve", examples=[(W3, V3, [0.3, 0.8, 0.6])], result=second)
def others_curve_(y_bar, s, t, x, axis=None):
    """The fourth derivative of a product is not offered."""
    return others_curve(y_bar, t, x, axis), others_curve(s, y_bar, x, axis), None


@others_curve_.tangent
def _(ds, dt, s, t, x, axis=None):
    return others_curve(ds, t, x, axis), others_curve(s, dt, x, axis), None


@bilinear("sct.runtime.matmul_bar_left", examples=[(V3, M34, [1.0, 2.0, 3.0, 4.0])], operands=("s", "b"), result=second)
def matmul_bar_left_(y_bar, s, a, b):
    return np.matmul(y_bar, b), matmul_bar_right(s, y_bar, b)


@bilinear("sct.runtime.matmul_bar_right", examples=[([1.0, 2.0], M23, V3)], operands=("s", "a"))
def matmul_bar_right_(y_bar, s, a, b):
    return np.matmul(a, y_bar), matmul_bar_left(s, a, y_bar)


@bilinear("sct.runtime.dot_bar_left", examples=[([1.0, 2.0], M23, V3)], operands=("s", "b"), result=second)
def dot_bar_left_(y_bar, s, a, b):
    return np.dot(y_bar, b), dot_bar_right(s, y_bar, b)


@bilinear("sct.runtime.dot_bar_right", examples=[([1.0, 2.0], M23, V3)], operands=("s", "a"))
def dot_bar_right_(y_bar, s, a, b):
    return np.dot(a, y_bar), dot_bar_left(s, a, y_bar)


@bilinear("sct.runtime.inner_bar_left", examples=[([1.0, 2.0], M23, V3)], operands=("s", "b"), result=second)
def inner_bar_left_(y_bar, s, a, b):
    return np.inner(y_bar, b), inner_bar_right(s, y_bar, b)


@bilinear("sct.runtime.inner_bar_right", examples=[([1.0, 2.0], M23, V3)], operands=("s", "a"))
def inner_bar_right_(y_bar, s, a, b):
    return np.inner(a, y_bar), inner_bar_left(s, a, y_bar)


@linear("sct.runtime.diag_bar", examples=[(M33, V3), (V3, M33), (W3, M34)], operands=("s",))
def diag_bar_(y_bar, s, v, k=0):
    return np.diag(y_bar, k)


@linear("sct.runtime.split_like", memory="maybe", operands=("s",), spelled=["np.concatenate((x, x * x, 2 * x, x[:2]))"])
def split_like(y_bar, s, parts, axis=0):
    return np.concatenate(y_bar, axis)


@linear(
    "sct.runtime.members",
    memory="maybe",
    operands=("s",),
    spelled=["np.stack([np.outer(x, x), np.outer(x, x * x)], axis=2)"],
)
def members(y_bar, s, parts, axis=0):
    return np.stack(y_bar, axis)


@linear("sct.runtime.as_list", memory="maybe", examples=[(V3, W3)], operands=("s",))
def as_list_(y_bar, s, x):
    return np.array(y_bar)


@linear("sct.runtime.sum_bar", memory="maybe", operands=("s",), spelled=["sum(x)"])
def sum_bar(y_bar, s, x):
    return sum(y_bar, 0.0)


@linear("sct.runtime.first_max_bar", examples=[(1.5, V3)], operands=("s",))
def first_max_bar_(y_bar, s, x):
    return first_max_tangent(y_bar, x)


@linear("sct.runtime.first_max_tangent", examples=[(W3, V3)], operands=("dx",))
def first_max_tangent_(y_bar, dx, x):
    return first_max_bar(y_bar, x)


@linear("sct.runtime.first_min_bar", examples=[(1.5, V3)], operands=("s",))
def first_min_bar_(y_bar, s, x):
    return first_min_tangent(y_bar, x)


@linear("sct.runtime.first_min_tangent", examples=[(W3, V3)], operands=("dx",))
def first_min_tangent_(y_bar, dx, x):
    return first_min_bar(y_bar, x)


@linear("sct.runtime.add", examples=[(V3, W3), (1.5, 2.5)], result=first)
def add(y_bar, a, b):
    return y_bar, y_bar


@linear("sct.runtime.finish", memory="maybe", operands=("x_bar",), examples=[(V3, W3)], result=second)
def finish_(y_bar, x_bar, x):
    return y_bar


@finish_.case(is_array("x_bar"))
def _(y_bar, x_bar, x):
    return np.asarray(y_bar)


@linear("sct.runtime.restored", memory="maybe", operands=("saved",), result=first)
def restored(y_bar, x, saved):
    """See `modes.reverse.restoring`: in reverse mode only what it does to its operands' activity and kinds counts."""
    return y_bar


@linear("sct.runtime.last_writes", operands=("v",), result=first)
def last_writes_(y_bar, v, x, index):
    return last_writes(y_bar, x, index)


@linear("sct.runtime.written", operands=("s",))
def written(y_bar, s, index):
    return scatter(last_writes(y_bar, s, index), s, index)


@linear("sct.runtime.scatter", operands=("v",), result=second)
def scatter_(y_bar, v, x, index):
    return y_bar[index]


@linear("sct.runtime.vsplit_like", memory="maybe", operands=("s",), spelled=["np.vstack((x, x * x))"])
def vsplit_like(y_bar, s, parts):
    return np.vstack(y_bar)


@linear("sct.runtime.hsplit_like", memory="maybe", operands=("s",), spelled=["np.hstack((x, x * x))"])
def hsplit_like(y_bar, s, parts):
    return np.hstack(y_bar)


@linear("sct.runtime.column_split_like", memory="maybe", operands=("s",), spelled=["np.column_stack((x, x * x))"])
def column_split_like(y_bar, s, parts):
    return np.column_stack(y_bar)


@linear("sct.runtime.repeat_bar", examples=[([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], V3, 2)], operands=("s",), result=second)
def repeat_bar(y_bar, s, x, repeats, axis=None):
    return np.repeat(y_bar, repeats, axis)


@linear("sct.runtime.tile_bar", examples=[([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], V3, 2)], operands=("s",), result=second)
def tile_bar(y_bar, s, x, reps):
    return np.tile(y_bar, reps)


@linear("sct.runtime.listed", "sct.runtime.row", operands=("x",), result=first)
def listed(y_bar, x):
    return y_bar


@linear("sct.runtime.fold", operands=("s",), result=first)
def fold_(y_bar, s, times, x=None):
    return unfold(y_bar, times)


@linear("sct.runtime.unfold", operands=("x",), result=first)
def unfold_(y_bar, x, times):
    return fold(y_bar, times)


@linear("sct.runtime.put_back_bar", operands=("x_bar",), result=first)
def put_back_bar_(y_bar, x_bar):
    return put_back_bar(y_bar)


@linear("sct.runtime.numbers_bar", operands=("x_bar",), result=first)
def numbers_bar_(y_bar, x_bar):
    return numbers_bar(y_bar)


@linear("sct.runtime.once", operands=("v",), result=first)
def once_(y_bar, v, x):
    return once(y_bar, x)


@linear("sct.runtime.entry", memory="maybe", operands=("d",))
def entry_(y_bar, d, key):
    return entry_bar(y_bar, key)


@linear("sct.runtime.entry_bar", memory="maybe", operands=("s",))
def entry_bar_(y_bar, s, key):
    return entry(y_bar, key)


@linear("sct.runtime.dict_tangent", operands=("dx",), result=first)
def dict_tangent(y_bar, dx, x):
    return finish(y_bar, dx)


@custom("sct.runtime.contents", operands=("x",))
def contents_(y_bar, x):
    return None  # what is given back is objects: there is a tangent alone


@contents_.tangent
def _(dx, x):
    return contents(dx)


@linear("sct.runtime.save", examples=[(V3,)], result=first)
def save(y_bar, x):
    return y_bar


@linear("sct.runtime.check_tangent", operands=("dx",), result=third)
def check_tangent(y_bar, name, dx, x):
    return finish(y_bar, dx)


@check_tangent.case(is_numeric("dx"))
def _(y_bar, name, dx, x):
    return y_bar


@linear("sct.runtime.check_seed", operands=("s",), result=seed)
def check_seed(y_bar, name, s, value):
    return finish(y_bar, s)


@check_seed.case(is_numeric("s"))
def _(y_bar, name, s, value):
    return y_bar


@elementwise("sct.runtime.polygamma", examples=[(0, 0.7), (1, [0.3, 2.5, -0.6]), (2, 20.5)], operands=("x",))
def polygamma_(y, n, x):
    return polygamma(n + 1, x)


@elementwise("sct.runtime.bessel_i", examples=[(1, 0.7), (0, [-1.5, 2.5]), (2, 20.5), (1, 0.0)], operands=("x",))
def bessel_i_(y, n, x):
    return (bessel_i(n - 1, x) + bessel_i(n + 1, x)) / 2


@elementwise("sct.runtime.sinc_slope", examples=[(0.0,), ([0.3, -0.31, 1.7],), (0.7, 2)], operands=("x",))
def sinc_slope_(y, x, n=1):
    return sinc_slope(x, n + 1)


@constant("sct.runtime.count_numbers", result=reduced_float)
def numbers_(x, axis=None, keepdims=False): ...


@constant("sct.runtime.exponent_of", "sct.runtime.count_where")
def exponent(x): ...


TABLE = [-1.0, 0.0, 0.5, 2.0]


@custom("sct.runtime.interp_slope", examples=[(V3, TABLE, [1.0, -0.5, 2.5, 0.5])], operands=("xp", "fp"))
def interp_slope_(y_bar, y, x, xp, fp):
    return interp_slope_bar(-y * y_bar, x, xp), interp_slope_bar(y_bar, x, xp)


@interp_slope_.tangent
def _(dxp, dfp, y, x, xp, fp):
    return -y * interp_slope(x, xp, dxp), interp_slope(x, xp, dfp)


@custom("sct.runtime.interp_bar", examples=[(W3, V3, TABLE)])
def interp_bar_(y_bar, s, x, xp):
    return (
        np.interp(x, xp, y_bar),
        s * interp_slope(x, xp, y_bar),
        interp_bar(-s * interp_slope(x, xp, y_bar), x, xp),
    )


@interp_bar_.tangent
def _(ds, dx, dxp, s, x, xp):
    return (
        interp_bar(ds, x, xp),
        interp_slope_bar(s * dx, x, xp),
        -interp_slope_bar(s * np.interp(x, xp, dxp), x, xp),
    )


@custom("sct.runtime.interp_slope_bar", examples=[(W3, V3, TABLE)], operands=("s", "xp"))
def interp_slope_bar_(y_bar, s, x, xp):
    return interp_slope(x, xp, y_bar), interp_slope_bar(-s * interp_slope(x, xp, y_bar), x, xp)


@interp_slope_bar_.tangent
def _(ds, dxp, s, x, xp):
    return interp_slope_bar(ds, x, xp), -interp_slope_bar(s * interp_slope(x, xp, dxp), x, xp)


@linear("sct.runtime.select_bar", operands=("s",), spelled=["np.select([x > 1, x > 0], [x**2, x**3], -x)"])
def select_bar(y_bar, s, condlist, choicelist):
    return np.select(condlist, y_bar)


@linear("sct.runtime.joined_like", memory="maybe", operands=("s",), spelled=["np.r_[x, x[0], 1.0]", "np.c_[x, x * x]"])
def joined_like(y_bar, s, parts, axis=0):
    return join(y_bar, axis)


@linear("sct.runtime.choose_bar", operands=("s",), spelled=["np.choose([0, 1, 0, 1], [x, x * x])"])
def choose_bar(y_bar, s, index, choices):
    return np.choose(index, y_bar)


@linear("sct.runtime.dsplit_like", memory="maybe", operands=("s",), spelled=["np.dstack((x, x * x))"])
def dsplit_like(y_bar, s, parts):
    return np.dstack(y_bar)
