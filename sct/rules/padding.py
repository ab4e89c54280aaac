"""Arrays with a border: `np.pad` in its modes."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import spells
from sct.rules.registry import custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, V3, V4
from sct.rules.shapes import second

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import choice_bar, choice_tangent, gather_bar, nowhere, pad_bar, positions, unpad

_COPYING = ("edge", "reflect", "symmetric", "wrap")


def _copies(args):
    mode = args.get("mode")
    text = getattr(mode, "value", None)
    if getattr(args.get("reflect_type"), "value", "even") != "even":
        return "it has no rule for this reflect_type"
    if text == "empty":
        return 'what the mode "empty" leaves in the border has no value: use "constant"'
    return "" if mode is None or text in ("constant", *_COPYING) else "it has no rule for this mode"


@linear(
    "numpy.pad",
    examples=[
        *[(V3, 2), (V3, (1, 2)), (M23, 1), (M23, ((0, 1), (2, 0))), (V3, 1, {"constant_values": 2.5}), (M23, (1, 2))],
        (M23, 1, {"constant_values": ((1.0, 2.0), (3.0, 4.0))}),
        *[(V3, 1, "edge"), (M23, 1, "reflect"), (V3, (1, 2), "wrap"), (V3, 2, {"mode": "symmetric"})],
    ],
    operands=("array", "constant_values"),
    follows="array",
    result=array,
    check=_copies,
)
def pad(y_bar, array, pad_width, mode="constant", *, constant_values=0, reflect_type="even"):
    return (
        unpad(y_bar, array, pad_width),
        gather_bar(
            y_bar, constant_values, np.pad(nowhere(array), pad_width, constant_values=positions(constant_values))
        ),
    )


@pad.case(spells("mode", *_COPYING))
def _(y_bar, array, pad_width, mode="constant", *, constant_values=0, reflect_type="even"):
    return gather_bar(y_bar, array, np.pad(positions(array), pad_width, mode)), None


def _linear_in_each_axis(args):
    mode = getattr(args.get("mode"), "value", "")
    odd = mode in ("reflect", "symmetric") and getattr(args.get("reflect_type"), "value", "") == "odd"
    if not odd and mode not in ("linear_ramp", "mean"):
        return "it has no rule for this mode"
    return ""


@linear(
    "numpy.pad",
    examples=[
        *[
            (V3, (2, 1), "mean"),
            (M23, 2, "mean", {"stat_length": ((2, 1), (3, 2))}),
            (M23, ((1, 0), (2, 3)), "linear_ramp"),
        ],
        *[(M23, (1, 2), "reflect", {"reflect_type": "odd"}), (V4, 2, "symmetric", {"reflect_type": "odd"})],
        (V3, 1, {"mode": "linear_ramp", "end_values": 1.5}),
    ],
    operands=("array", "end_values"),
    follows="array",
    result=array,
    check=_linear_in_each_axis,
)
def pad_by_axis(y_bar, array, pad_width, mode, *, stat_length=None, end_values=0, reflect_type="even"):
    return pad_bar(y_bar, array, pad_width, mode, stat_length, reflect_type), None


def _chosen(args):
    mode = getattr(args.get("mode"), "value", "")
    if mode == "empty":
        return 'what the mode empty leaves in the border has no value: write mode="constant"'
    return "" if mode in ("maximum", "minimum", "median") else "it has no rule for this mode"


@custom(
    "numpy.pad",
    examples=[
        (V3, (2, 1), "maximum"),
        (M23, 2, "minimum", {"stat_length": 2}),
        (M23, ((1, 0), (2, 3)), "median"),
        (V4, 3, {"mode": "median", "stat_length": ((3, 2),)}),
    ],
    operands=("array",),
    result=array,
    check=_chosen,
)
def pad_by_choice(y_bar, array, pad_width, mode, *, stat_length=None):
    """Of elements that tie, one counts."""
    return choice_bar(y_bar, array, pad_width, mode, stat_length)


@pad_by_choice.tangent
def _(darray, array, pad_width, mode, *, stat_length=None):
    return choice_tangent(darray, array, pad_width, mode, stat_length)


# The helpers, differentiated again


@linear("sct.runtime.unpad", examples=[([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], V3, (1, 2))], operands=("s",), result=second)
def unpad_(y_bar, s, x, pad_width):
    return np.pad(y_bar, pad_width)


@linear(
    "sct.runtime.pad_bar",
    operands=("s",),
    result=array,
    spelled=['np.pad(x, 1, "mean") ** 2', 'np.pad(x, 1, "reflect", reflect_type="odd") ** 2'],
)
def pad_bar_(y_bar, s, x, pad_width, mode, stat_length=None, reflect_type="even"):
    return np.pad(y_bar, pad_width, mode, stat_length=stat_length)


@pad_bar_.case(spells("mode", "reflect", "symmetric"))
def _(y_bar, s, x, pad_width, mode, stat_length=None, reflect_type="even"):
    return np.pad(y_bar, pad_width, mode, reflect_type=reflect_type)


@linear(
    "sct.runtime.choice_bar",
    operands=("s",),
    spelled=['np.pad(x, 1, "maximum") ** 2', 'np.pad(x, (2, 1), "median", stat_length=2) ** 2'],
)
def choice_bar_(y_bar, s, x, pad_width, mode, stat_length=None):
    return choice_tangent(y_bar, x, pad_width, mode, stat_length)


@linear("sct.runtime.choice_tangent", operands=("dx",), spelled=['np.pad(x, 1, "minimum") ** 2'])
def choice_tangent_(y_bar, dx, x, pad_width, mode, stat_length=None):
    return choice_bar(y_bar, x, pad_width, mode, stat_length)
