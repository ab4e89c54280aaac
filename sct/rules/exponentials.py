"""Normalised exponentials of `scipy.special`, and the logarithm of a sum of them."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.analysis.kinds import Kind
from sct.rules.conditions import without
from sct.rules.registry import KindOf, Match, custom
from sct.rules.results import kind_of, reduced_float
from sct.rules.samples import M23, V3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import spread, unbroadcast, zeros_like


@custom("scipy.special.softmax", examples=[(V3,), (M23,), (M23, 1), (M23, {"axis": 0})])
def softmax(y_bar, y, x, axis=None):
    return y * (y_bar - np.sum(y * y_bar, axis=axis, keepdims=True))


@softmax.tangent
def _(y, dx, x, axis=None):
    return y * (dx - np.sum(y * dx, axis=axis, keepdims=True))


@custom("scipy.special.log_softmax", examples=[(V3,), (M23,), (M23, 1), (M23, {"axis": 0})])
def log_softmax(y_bar, y, x, axis=None):
    return y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)


@log_softmax.tangent
def _(y, dx, x, axis=None):
    return dx - np.sum(np.exp(y) * dx, axis=axis, keepdims=True)


def _with_sign(args):
    return (
        "" if getattr(args.get("return_sign"), "value", False) is True else "return_sign is not written True or False"
    )


def _without_sign(args):
    sign = args.get("return_sign")
    return "" if sign is None or getattr(sign, "value", True) is False else "return_sign is not written True or False"


WEIGHTS = [[0.5, 1.5, 2.0], [1.0, 0.3, 0.7]]


def _weights_fit(match: Match, kinds: KindOf) -> bool:
    """Say whether the weights surely do not widen what they weigh."""
    a, b = (kind_of(match.args[p], kinds) for p in ("a", "b"))
    return b.what == "scalar" or a.shape is not None and a.shape == b.shape


def _reduced(match: Match, kinds: KindOf) -> Kind:
    """A float for each sum: weights may widen what they weigh."""
    found = reduced_float(match, kinds)
    return found if without("b")(match, kinds) or _weights_fit(match, kinds) else Kind("unknown", found.dtype)


@custom(
    "scipy.special.logsumexp",
    examples=[
        (V3,),
        (M23,),
        (M23, 1),
        (M23, {"axis": 0, "keepdims": True}),
        (M23, (0, 1)),
        (M23, 1, WEIGHTS),
        (M23, None, 2.5),
        (0.7, 0, WEIGHTS),
    ],
    operands=("a", "b"),
    result=_reduced,
    check=_without_sign,
)
def logsumexp(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        unbroadcast(b * np.exp(a - spread(y, a * b, axis, keepdims)) * spread(y_bar, a * b, axis, keepdims), a),
        unbroadcast(np.exp(a - spread(y, a * b, axis, keepdims)) * spread(y_bar, a * b, axis, keepdims), b),
    )


@logsumexp.case(without("b"))
def _(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        np.exp(a - spread(y, a, axis, keepdims)) * spread(y_bar, a, axis, keepdims),
        None,
    )


@logsumexp.case(_weights_fit)
def _(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        b * np.exp(a - spread(y, a, axis, keepdims)) * spread(y_bar, a, axis, keepdims),
        unbroadcast(np.exp(a - spread(y, a, axis, keepdims)) * spread(y_bar, a, axis, keepdims), b),
    )


@logsumexp.tangent_case(without("b"))
def _(y, da, db, a, axis=None, b=None, keepdims=False, return_sign=False):
    return np.sum(np.exp(a - spread(y, a, axis, keepdims)) * da, axis=axis, keepdims=keepdims), None


@logsumexp.tangent
def _(y, da, db, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        np.sum(b * np.exp(a - spread(y, a * b, axis, keepdims)) * da, axis=axis, keepdims=keepdims),
        np.sum(np.exp(a - spread(y, a * b, axis, keepdims)) * db, axis=axis, keepdims=keepdims),
    )


@custom(
    "scipy.special.logsumexp",
    examples=[
        (V3, None, [0.5, -1.5, 2.0], False, True),
        (M23, {"axis": 1, "return_sign": True}),
        (M23, {"axis": 0, "b": WEIGHTS, "keepdims": True, "return_sign": True}),
        (0.7, {"axis": 0, "b": WEIGHTS, "return_sign": True}),
    ],
    operands=("a", "b"),
    check=_with_sign,
    complex=False,
)
def logsumexp_signed(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        unbroadcast(
            b * np.exp(a - spread(y[0], a * b, axis, keepdims)) * spread(y_bar[0] * y[1], a * b, axis, keepdims), a
        ),
        unbroadcast(
            np.exp(a - spread(y[0], a * b, axis, keepdims)) * spread(y_bar[0] * y[1], a * b, axis, keepdims), b
        ),
    )


@logsumexp_signed.case(without("b"))
def _(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    return np.exp(a - spread(y[0], a, axis, keepdims)) * spread(y_bar[0], a, axis, keepdims), None


@logsumexp_signed.tangent_case(without("b"))
def _(y, da, db, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        (
            np.sum(np.exp(a - spread(y[0], a, axis, keepdims)) * da, axis=axis, keepdims=keepdims),
            zeros_like(y[1]),
        ),
    )


@logsumexp_signed.tangent
def _(y, da, db, a, axis=None, b=None, keepdims=False, return_sign=False):
    return (
        (
            y[1]
            * np.sum(np.exp(a - spread(y[0], a * b, axis, keepdims)) * (b * da + db), axis=axis, keepdims=keepdims),
            zeros_like(y[1]),
        ),
    )
