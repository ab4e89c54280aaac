"""Functions of `scipy.stats`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.rules.conditions import have_ranks
from sct.rules.registry import composite, custom, linear
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, V3, W3
from sct.rules.shapes import second

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy

    from sct.runtime import covariance, covariance_bar, from_lower, points


@composite(
    "scipy.stats.norm.logpdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_logpdf(x, loc=0, scale=1):
    return -(((x - loc) / scale) ** 2) / 2 - np.log(scale) - math.log(2 * math.pi) / 2


@composite(
    "scipy.stats.norm.pdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_pdf(x, loc=0, scale=1):
    return np.exp(-(((x - loc) / scale) ** 2) / 2) / (math.sqrt(2 * math.pi) * scale)


@composite(
    "scipy.stats.norm.cdf",
    examples=[(V3,), (V3, 0.5), (V3, 0.5, 1.5), (V3, {"scale": 1.5})],
    operands=("x", "loc", "scale"),
)
def norm_cdf(x, loc=0, scale=1):
    return scipy.special.ndtr((x - loc) / scale)


@composite("scipy.stats.norm.logcdf", examples=[(V3,), (V3, 0.5, 1.5)], operands=("x", "loc", "scale"))
def norm_logcdf(x, loc=0, scale=1):
    return scipy.special.log_ndtr((x - loc) / scale)


@composite("scipy.stats.norm.sf", examples=[(V3,), (V3, 0.5, 1.5)], operands=("x", "loc", "scale"))
def norm_sf(x, loc=0, scale=1):
    return scipy.special.ndtr((loc - x) / scale)


@composite("scipy.stats.norm.logsf", examples=[(V3,), (V3, 0.5, 1.5)], operands=("x", "loc", "scale"))
def norm_logsf(x, loc=0, scale=1):
    return scipy.special.log_ndtr((loc - x) / scale)


@composite("scipy.stats.norm.isf", examples=[([0.2, 0.7],), ([0.2, 0.7], 0.5, 1.5)], operands=("q", "loc", "scale"))
def norm_isf(q, loc=0, scale=1):
    return loc - scale * scipy.special.ndtri(q)


@composite("scipy.stats.norm.ppf", examples=[([0.2, 0.7],), ([0.2, 0.7], 0.5, 1.5)], operands=("q", "loc", "scale"))
def norm_ppf(q, loc=0, scale=1):
    return loc + scale * scipy.special.ndtri(q)


def _regular(args: Mapping[str, ast.expr]) -> str:
    singular = args.get("allow_singular")
    plain = singular is None or getattr(singular, "value", True) is False
    return "" if plain else "it has a rule for regular covariances alone"


def _with_mean(args):
    return "the mean is None" if getattr(args.get("mean"), "value", 0) is None else _regular(args)


@composite("scipy.stats.norm.entropy", examples=[(0.5, 1.5), (0.5, [0.7, 1.5])], operands=("scale",))
def norm_entropy(loc=0, scale=1):
    return np.log(scale) + (math.log(2 * math.pi) + 1) / 2 + 0 * loc


@composite(
    "scipy.stats.multivariate_normal.logpdf",
    examples=[
        *[(V3, W3, S33), (M23, V3, S33), (V3, {"mean": W3, "cov": S33}), (M23, V3, [0.5, 1.5, 2.0]), (M23, V3, 1.5)],
        *[(0.4, 0.7, 1.5), (V3, 0.7, 1.5), (V3, W3), ([M23], V3, S33), ([[V3]], W3, S33)],
    ],
    operands=("x", "mean", "cov"),
    check=_with_mean,
)
def multivariate_normal_logpdf(x, mean, cov=1, allow_singular=False):
    """The lower triangle of the covariance is read; a vector is a diagonal, a number a multiple of the unit matrix."""
    return (
        -np.squeeze(
            np.sum(
                (points(x, mean) - mean)
                * np.linalg.solve(covariance(cov, mean), np.expand_dims(points(x, mean) - mean, -1))[..., 0],
                -1,
            )
            + np.linalg.slogdet(covariance(cov, mean))[1]
            + np.size(mean) * math.log(2 * math.pi)
        )
        / 2
    )


@multivariate_normal_logpdf.case(have_ranks(x=1, mean=1, cov=2))
def _(x, mean, cov=1, allow_singular=False):
    return (
        -(
            np.sum((x - mean) * np.linalg.solve(from_lower(cov), x - mean))
            + np.linalg.slogdet(from_lower(cov))[1]
            + len(cov) * math.log(2 * math.pi)
        )
        / 2
    )


def _without_mean(args):
    mean = args.get("mean")
    return _regular(args) if mean is None or getattr(mean, "value", 0) is None else "it has a mean"


@composite(
    "scipy.stats.multivariate_normal.logpdf",
    examples=[(V3,), (M23, {"cov": S33}), (V3, None, S33), (0.4,)],
    operands=("x", "cov"),
    check=_without_mean,
)
def centred_normal_logpdf(x, mean=None, cov=1, allow_singular=False):
    return scipy.stats.multivariate_normal.logpdf(x, np.zeros(len(np.atleast_2d(cov))), cov)


@composite(
    "scipy.stats.multivariate_normal.pdf",
    examples=[(V3, W3, S33), (M23, V3, S33), (M23, {"cov": S33}), (V3, 0.7, 1.5), (V3, W3, S33, False)],
    operands=("x", "mean", "cov"),
    check=_regular,
)
def multivariate_normal_pdf(x, mean=None, cov=1, allow_singular=False):
    return np.exp(scipy.stats.multivariate_normal.logpdf(x, mean, cov))


@composite(
    "scipy.stats.multivariate_normal.entropy",
    examples=[(W3, S33), (W3, [0.5, 1.5, 2.0]), (W3, 1.5)],
    operands=("cov",),
)
def multivariate_normal_entropy(mean, cov):
    return (np.linalg.slogdet(covariance(cov, mean))[1] + np.size(mean) * math.log(2 * math.pi * math.e)) / 2


@custom(
    "scipy.stats.dirichlet.logpdf",
    operands=("x", "alpha"),
    spelled=["scipy.stats.dirichlet.logpdf(x**2 / np.sum(x**2), np.exp(x))"],
)
def dirichlet_logpdf(y_bar, y, x, alpha):
    return (
        np.transpose((alpha - 1) / np.transpose(x)) * y_bar,
        np.reshape(np.log(x), (np.size(alpha), -1)) @ np.atleast_1d(y_bar)
        + (scipy.special.digamma(np.sum(alpha)) - scipy.special.digamma(alpha)) * np.sum(y_bar),
    )


@dirichlet_logpdf.tangent
def _(dx, dalpha, y, x, alpha):
    return (
        np.sum(np.transpose((alpha - 1) / np.transpose(x)) * dx, 0),
        dalpha @ np.log(x) + np.sum((scipy.special.digamma(np.sum(alpha)) - scipy.special.digamma(alpha)) * dalpha),
    )


@composite(
    "scipy.stats.dirichlet.pdf",
    operands=("x", "alpha"),
    spelled=["scipy.stats.dirichlet.pdf(x**2 / np.sum(x**2), np.exp(x))"],
)
def dirichlet_pdf(x, alpha):
    return np.exp(scipy.stats.dirichlet.logpdf(x, alpha))


# The helpers, differentiated again


@linear("sct.runtime.points", memory="maybe", examples=[(V3, 1.5), (M23, V3), (0.5, [1.5])], operands=("x",))
def points_(y_bar, x, mean):
    return np.reshape(y_bar, np.shape(x))


@linear(
    "sct.runtime.covariance", examples=[(S33, V3), (V3, V3), (1.5, V3), (1.5, 0.5)], operands=("cov",), result=array
)
def covariance_(y_bar, cov, mean):
    return covariance_bar(y_bar, cov)


@linear("sct.runtime.covariance_bar", examples=[(M33, S33), (M33, V3), (M33, 1.5)], operands=("s",), result=second)
def covariance_bar_(y_bar, s, cov):
    return covariance(y_bar, np.zeros(len(s)))
