"""Polynomials by their coefficients."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import any_of, both, given, is_literal, is_vector, without
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array, first
from sct.rules.samples import M23, V3, V4

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        astype_like,
        coefficients,
        real_spectrum,
    )


@custom("numpy.polyval", examples=[(V3, 0.7), (V4, M23), ([1.5], V3)])
def polyval(y_bar, p, x):
    return (
        astype_like(np.ravel(y_bar) @ np.vander(np.ravel(x), len(coefficients(p))), p),
        np.polyval(coefficients(p)[:-1] * np.arange(len(p) - 1, 0, -1), x) * y_bar,
    )


@polyval.case(any_of(is_vector("p"), is_literal("p")))
def _(y_bar, p, x):
    return (
        astype_like(np.ravel(y_bar) @ np.vander(np.ravel(x), len(p)), p),
        np.polyval(p[:-1] * np.arange(len(p) - 1, 0, -1), x) * y_bar,
    )


@polyval.tangent_case(any_of(is_vector("p"), is_literal("p")))
def _(dp, dx, p, x):
    return np.polyval(dp, x), np.polyval(p[:-1] * np.arange(len(p) - 1, 0, -1), x) * dx


@polyval.tangent
def _(dp, dx, p, x):
    return np.polyval(dp, x), np.polyval(coefficients(p)[:-1] * np.arange(len(p) - 1, 0, -1), x) * dx


@linear("sct.runtime.coefficients", memory="maybe", examples=[(V3,)], result=first)
def coefficients_(y_bar, p):
    return y_bar


@composite("numpy.polyder", examples=[(V4,)], result=array)
def polyder(p):
    return p[:-1] * np.arange(len(p) - 1, 0, -1)


@composite("numpy.polymul", examples=[(V4, V3)], result=array)
def polymul(a1, a2):
    return np.convolve(a1, a2)


@composite("numpy.polyadd", examples=[(V4, V3), (V3, V4), (V3, V3)], result=array)
def polyadd(a1, a2):
    return np.pad(a1, (max(len(a2) - len(a1), 0), 0)) + np.pad(a2, (max(len(a1) - len(a2), 0), 0))


@composite("numpy.polysub", examples=[(V4, V3), (V3, V4), (V3, V3)], result=array)
def polysub(a1, a2):
    return np.pad(a1, (max(len(a2) - len(a1), 0), 0)) - np.pad(a2, (max(len(a1) - len(a2), 0), 0))


@composite("numpy.polyint", examples=[(V4,)], result=array)
def polyint(p):
    return np.append(p / np.arange(len(p), 0, -1), 0.0)


@composite(
    "numpy.polyfit",
    spelled=["np.polyfit(x, x**2, 1)", "np.polyfit(x, np.exp(x), 1, w=x * x + 1)"],
    operands=("x", "y_", "w"),
    aliases={"y": "y_"},
    result=array,
)
def polyfit(x, y_, deg, *, w=None):
    """For as many points as the degree needs."""
    return np.linalg.pinv(np.expand_dims(w, -1) * np.vander(x, deg + 1)) @ np.transpose(w * np.transpose(y_))


@polyfit.case(without("w"))
def _(x, y_, deg, *, w=None):
    return np.linalg.pinv(np.vander(x, deg + 1)) @ y_


@composite("numpy.polynomial.polynomial.polyval", examples=[(0.7, V3), (V3, V4)])
def polyval_rising(x, c):
    return np.polyval(c[::-1], x)


@composite(
    "numpy.vander", examples=[(V3,), (V3, 4), (V3, 2, True), (V3, {"increasing": True})], operands=("x",), result=array
)
def vander(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(N - 1, -1, -1)


@vander.case(both(without("N"), given("increasing")))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(len(x))


@vander.case(given("increasing"))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(N)


@vander.case(without("N"))
def _(x, N=None, increasing=False):
    return np.expand_dims(x, -1) ** np.arange(len(x) - 1, -1, -1)


@custom("numpy.roots", examples=[([1.0, -2.5, 0.7, 0.9],), ([2.0, 1.0, -3.0],)], result=array)
def roots(y_bar, y, p):
    """For real roots that differ (implicit function theorem: ``dr = -dp(r) / p'(r)``)."""
    return astype_like(-(y_bar / np.polyval(np.polyder(p), real_spectrum(y))) @ np.vander(y, len(p)), p)


@roots.tangent
def _(dp, y, p):
    return astype_like(-np.polyval(dp, real_spectrum(y)) / np.polyval(np.polyder(p), y), y)
