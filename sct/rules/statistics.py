"""Weighted counts, covariances and correlations."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.rules.conditions import both, given, have_ranks, without
from sct.rules.registry import composite, constant, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M34, V3, V4, W3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import (
        astype_like,
        histogram_bar,
    )


@linear("numpy.bincount", examples=[([1, 0, 1], V3), ([1, 0, 4], V3, 7)], operands=("weights",), result=array)
def bincount(y_bar, x, weights, minlength=0):
    return astype_like(np.take(y_bar, x), weights)


def _with_weights(args):
    if "weights" not in args:
        return "it has no weights"
    density = args.get("density")
    plain = density is None or getattr(density, "value", True) in (None, False)
    return "" if plain else "the argument density has no derivative rule"


def _unweighted(args: Mapping[str, ast.expr]) -> str:
    return "the argument weights has no derivative rule here" if "weights" in args else ""


def _fixed_edges(args: Mapping[str, ast.expr]) -> str:
    edges = "range" in args or not isinstance(args.get("bins"), (ast.Constant, ast.Name, type(None)))
    return _unweighted(args) or ("" if edges else "its bins depend on the data unless a range is given")


@custom(
    "numpy.histogram",
    examples=[([0.1, 0.7, 0.4], 2, None, None, V3), ([0.1, 0.7, 0.4], [0.0, 0.2, 0.5], None, None, V3)],
    operands=("weights",),
    fixed=("a", "bins", "range"),
    check=_with_weights,
    memory="maybe",
)
def histogram(y_bar, y, a, bins=10, range=None, density=None, weights=None):
    """Which bin an element falls into is held fixed."""
    return histogram_bar(y_bar[0], a, y[1])


@histogram.tangent
def _(dweights, y, a, bins=10, range=None, density=None, weights=None):
    return ((np.histogram(a, bins, range=range, weights=dweights)[0], np.zeros_like(y[1])),)


@constant("numpy.histogram", check=_fixed_edges, fixed=("bins", "range"))
def counts(a, bins=10, range=None, density=None, weights=None): ...


@constant("numpy.bincount", result=array, check=_unweighted)
def bin_counts(x, weights=None, minlength=0): ...


@composite(
    "numpy.cov",
    examples=[(M23,), (M34,), (M34, {"bias": True}), (M34, {"ddof": 0}), (V3,), (M34, {"bias": True, "ddof": 1})],
    operands=("m",),
    fixed=("ddof",),
    complex=False,
)
def cov(m, *, bias=False, ddof=None):
    return np.cov(m, ddof=1)


@cov.case(both(have_ranks(m=2), without("bias", "ddof")))
def _(m, *, bias=False, ddof=None):
    return np.squeeze((m - np.mean(m, axis=1, keepdims=True)) @ np.transpose(m - np.mean(m, axis=1, keepdims=True))) / (
        m.shape[1] - 1
    )


@cov.case(given("ddof"))
def _(m, *, bias=False, ddof=None):
    """It counts, whatever `bias` says."""
    return np.squeeze(
        (np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
        @ np.transpose(np.atleast_2d(m) - np.mean(m, axis=-1, keepdims=True))
    ) / (np.shape(m)[-1] - ddof)


@cov.case(both(given("bias"), without("ddof")))
def _(m, *, bias=False, ddof=None):
    return np.cov(m, ddof=0)


def _weighted(args):
    return "" if "fweights" in args or "aweights" in args else "it has no weights"


@composite(
    "numpy.cov",
    examples=[
        (M34, {"aweights": [0.3, 1.2, 0.7, 0.5]}),
        (M34, {"fweights": [1, 3, 2, 2]}),
        (V4, {"fweights": [1, 3, 2, 2], "aweights": [0.3, 1.2, 0.7, 0.5], "ddof": 0}),
        (M34, {"aweights": [0.3, 1.2, 0.7, 0.5], "bias": True}),
    ],
    operands=("m", "aweights"),
    fixed=("ddof", "fweights"),
    check=_weighted,
    complex=False,
)
def cov_weighted(m, *, bias=False, ddof=None, fweights=None, aweights=None):
    return np.cov(m, ddof=1, fweights=fweights, aweights=aweights)


@cov_weighted.case(both(given("bias"), without("ddof")))
def _(m, *, bias=False, ddof=None, fweights=None, aweights=None):
    return np.cov(m, ddof=0, fweights=fweights, aweights=aweights)


@cov_weighted.case(both(given("ddof"), without("aweights")))
def _(m, *, bias=False, ddof=None, fweights=None, aweights=None):
    """Each row counts so many times."""
    return np.squeeze(
        ((np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, fweights)[:, None]) * fweights)
        @ np.transpose(np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, fweights)[:, None])
    ) / (np.sum(fweights) - ddof)


@cov_weighted.case(both(given("ddof"), without("fweights")))
def _(m, *, bias=False, ddof=None, fweights=None, aweights=None):
    return np.squeeze(
        ((np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, aweights)[:, None]) * aweights)
        @ np.transpose(np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, aweights)[:, None])
    ) / (np.sum(aweights) - ddof * np.sum(np.square(aweights)) / np.sum(aweights))


@cov_weighted.case(given("ddof"))
def _(m, *, bias=False, ddof=None, fweights=None, aweights=None):
    return np.squeeze(
        ((np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, fweights * aweights)[:, None]) * (fweights * aweights))
        @ np.transpose(np.atleast_2d(m) - np.average(np.atleast_2d(m), 1, fweights * aweights)[:, None])
    ) / (np.sum(fweights * aweights) - ddof * np.sum(fweights * np.square(aweights)) / np.sum(fweights * aweights))


def _by_columns(args):
    return "" if getattr(args.get("rowvar"), "value", True) is False else "rowvar is not written False"


@composite(
    "numpy.cov",
    examples=[(M34, {"rowvar": False}), (M34, {"rowvar": False, "bias": True})],
    operands=("m",),
    fixed=("ddof",),
    check=_by_columns,
    complex=False,
)
def cov_of_columns(m, *, rowvar=True, bias=False, ddof=None):
    return np.cov(np.transpose(m), bias=bias, ddof=ddof)


@composite(
    "numpy.cov",
    examples=[(V3, W3), (M34, M34, {"bias": True})],
    operands=("m", "y_"),
    aliases={"y": "y_"},
    fixed=("ddof",),
    complex=False,
)
def cov_of_two(m, y_, *, bias=False, ddof=None):
    return np.cov(np.concatenate((np.atleast_2d(m), np.atleast_2d(y_))), bias=bias, ddof=ddof)


@composite("numpy.corrcoef", examples=[(M34,), (V4,)], operands=("x",), complex=False)
def corrcoef(x):
    """Of one variable a number, not a matrix."""
    return np.squeeze(
        np.cov(x) / np.sqrt(np.outer(np.diagonal(np.atleast_2d(np.cov(x))), np.diagonal(np.atleast_2d(np.cov(x)))))
    )[()]


@composite("numpy.corrcoef", examples=[(M34, {"rowvar": False})], operands=("x",), check=_by_columns, complex=False)
def corrcoef_of_columns(x, *, rowvar=True):
    return np.corrcoef(np.transpose(x))


@composite(
    "numpy.corrcoef", examples=[(V4, [0.4, 0.1, 1.2, -0.3])], operands=("x", "y_"), aliases={"y": "y_"}, complex=False
)
def corrcoef_of_two(x, y_):
    return np.corrcoef(np.concatenate((np.atleast_2d(x), np.atleast_2d(y_))))
