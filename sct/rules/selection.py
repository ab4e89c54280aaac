"""Choosing between values: the derivative is that of the value that was chosen."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import without
from sct.rules.registry import custom, elementwise, linear
from sct.rules.results import array, broadcast_same, scalar_same
from sct.rules.results import where as where_result
from sct.rules.samples import M23, V3, W3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        choose_bar,
        exceeds,
        first_max_bar,
        first_max_tangent,
        first_min_bar,
        first_min_tangent,
        select_bar,
        unbroadcast,
    )


@linear(
    "numpy.where",
    examples=[([True, False, True], V3, W3), (True, V3, 2.0), ([True, False, False], 1.5, M23)],
    operands=("a", "b"),
    broadcasts=True,
    result=where_result,
)
def where(y_bar, condition, a, b):
    """What was not chosen gets exactly zero."""
    return np.where(condition, y_bar, 0.0), np.where(condition, 0.0, y_bar)


@linear(
    "numpy.select",
    examples=[([[True, False, True], [True, True, False]], [V3, W3]), ([[True, False, False]], [V3], 1.5)],
    spelled=["np.select([x > 1, x[0] > 0.5], [x, 0.5 * x[1]], default=x**2)"],
    operands=("choicelist", "default"),
    sequence="choicelist",
)
def select(y_bar, condlist, choicelist, default=0):
    """What was not chosen gets exactly zero."""
    return select_bar(y_bar, condlist, choicelist), unbroadcast(
        np.select(condlist, np.zeros(len(condlist)), y_bar), default
    )


@linear(
    "numpy.choose",
    examples=[([1, 0, 1], [V3, W3]), ([[0, 1, 0], [1, 1, 0]], [M23, V3]), ([0, 1, 0], [V3, 1.5])],
    operands=("choices",),
    sequence="choices",
    result=array,
)
def choose(y_bar, a, choices):
    """What was not chosen gets exactly zero."""
    return choose_bar(y_bar, a, choices)


@elementwise("numpy.maximum", domain=(-3, 3), examples=[(V3, W3), (M23, V3), (V3, 0.0)], result=broadcast_same)
def maximum(y, x1, x2):
    """One half each where they are equal."""
    return exceeds(x1, x2), exceeds(x2, x1)


@elementwise("numpy.minimum", domain=(-3, 3), examples=[(V3, W3), (M23, V3), (V3, 0.0)], result=broadcast_same)
def minimum(y, x1, x2):
    """One half each where they are equal."""
    return exceeds(x2, x1), exceeds(x1, x2)


@elementwise("numpy.fmax", domain=(-3, 3), result=broadcast_same)
def fmax(y, x1, x2):
    """One half each where they are equal; a NaN is passed over."""
    return exceeds(x1, x2) + np.isnan(x2), exceeds(x2, x1) + np.isnan(x1)


@elementwise("numpy.fmin", domain=(-3, 3), result=broadcast_same)
def fmin(y, x1, x2):
    """One half each where they are equal; a NaN is passed over."""
    return exceeds(x2, x1) + np.isnan(x2), exceeds(x1, x2) + np.isnan(x1)


@elementwise(
    "numpy.clip",
    "numpy.ndarray.clip",
    aliases={"min": "a_min", "max": "a_max"},
    examples=[
        *[(V3, -1.0, 1.0), (V3, None, 1.0), (V3, -1.0, None), (M23, W3, 3.0), (0.5, -1.0, 1.0), (V3, W3, 1.0)],
        *[(V3, {"min": -1.0, "max": 1.0}), (V3, {"max": 1.0})],
    ],
    result=broadcast_same,
)
def clip(y, a, a_min=None, a_max=None):
    """All of it goes to the operand itself at a bound; where the bounds are the wrong way round, to the upper one."""
    return (a >= a_min) & (a <= a_max), (a < a_min) & (a_min <= a_max), np.maximum(a, a_min) > a_max


@clip.case(without("a_min", "a_max"))
def _(y, a, a_min=None, a_max=None):
    return 1, 0, 0


@clip.case(without("a_min"))
def _(y, a, a_min=None, a_max=None):
    return a <= a_max, 0, a > a_max


@clip.case(without("a_max"))
def _(y, a, a_min=None, a_max=None):
    return a >= a_min, a < a_min, 0


@custom("builtins.max", examples=[(1.5, 2.5), (2.5, 1.5)], result=scalar_same)
def max_(y_bar, x1, x2):
    """All of it goes to the first winner."""
    return 0.0 if x2 > x1 else y_bar, y_bar if x2 > x1 else 0.0


@max_.tangent
def _(dx1, dx2, x1, x2):
    return dx2 if x2 > x1 else dx1


@custom("builtins.min", examples=[(1.5, 2.5), (2.5, 1.5)], result=scalar_same)
def min_(y_bar, x1, x2):
    """All of it goes to the first winner."""
    return 0.0 if x2 < x1 else y_bar, y_bar if x2 < x1 else 0.0


@min_.tangent
def _(dx1, dx2, x1, x2):
    return dx2 if x2 < x1 else dx1


@custom("builtins.max", examples=[(V3,)], sequence="x")
def max_of(y_bar, x):
    """All of it goes to the first winner."""
    return first_max_bar(y_bar, x)


@max_of.tangent
def _(dx, x):
    return first_max_tangent(dx, x)


@custom("builtins.min", examples=[(V3,)], sequence="x")
def min_of(y_bar, x):
    """All of it goes to the first winner."""
    return first_min_bar(y_bar, x)


@min_of.tangent
def _(dx, x):
    return first_min_tangent(dx, x)


@custom("builtins.max", examples=[(0.5, 2.5, 1.5)], sequence="x", result=scalar_same)
def max_many(y_bar, *x):
    """All of it goes to the first winner."""
    return first_max_bar(y_bar, x)


@max_many.tangent
def _(dx, *x):
    return first_max_tangent(dx, x)


@custom("builtins.min", examples=[(2.5, 0.5, 1.5)], sequence="x", result=scalar_same)
def min_many(y_bar, *x):
    """All of it goes to the first winner."""
    return first_min_bar(y_bar, x)


@min_many.tangent
def _(dx, *x):
    return first_min_tangent(dx, x)
