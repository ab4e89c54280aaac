"""Distribution functions of `scipy.special`, by what they are of gamma and beta functions."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import composite, elementwise
from sct.rules.results import broadcast_float

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy


@elementwise("scipy.special.stdtr", examples=[(3, 0.7), (2.5, [0.4, -1.2])])
def stdtr(y, df, t):
    return (
        None,
        np.exp(-scipy.special.betaln(df / 2, 0.5) - (df + 1) / 2 * np.log1p(t * t / df)) / np.sqrt(df),
    )


@elementwise("scipy.special.stdtrit", examples=[(3, 0.7), (2.5, [0.4, 0.2])])
def stdtrit(y, df, p):
    return (
        None,
        np.sqrt(df) * np.exp(scipy.special.betaln(df / 2, 0.5) + (df + 1) / 2 * np.log1p(y * y / df)),
    )


@elementwise("scipy.special.ndtri_exp", domain=(-2, -0.3))
def ndtri_exp(y, x):
    return math.sqrt(2 * math.pi) * np.exp(y * y / 2 + x)


CHI = [(3, 0.7), (2.5, [0.4, 1.2])]


@composite("scipy.special.chdtr", examples=CHI, operands=("x",), fixed=("v",), result=broadcast_float)
def chdtr(v, x):
    return scipy.special.gammainc(v / 2, x / 2)


@composite("scipy.special.chdtrc", examples=CHI, operands=("x",), fixed=("v",), result=broadcast_float)
def chdtrc(v, x):
    return scipy.special.gammaincc(v / 2, x / 2)


@composite(
    "scipy.special.chdtri",
    examples=[(3, 0.7), (2.5, [0.4, 0.2])],
    operands=("p",),
    fixed=("v",),
    result=broadcast_float,
)
def chdtri(v, p):
    return 2 * scipy.special.gammainccinv(v / 2, p)


GAMMA = [(1.5, 3, 0.7), (0.7, 2.5, [0.4, 1.2])]


@composite("scipy.special.gdtr", examples=GAMMA, operands=("a", "x"), fixed=("b",), result=broadcast_float)
def gdtr(a, b, x):
    return scipy.special.gammainc(b, a * x)


@composite("scipy.special.gdtrc", examples=GAMMA, operands=("a", "x"), fixed=("b",), result=broadcast_float)
def gdtrc(a, b, x):
    return scipy.special.gammaincc(b, a * x)


RATIO = [(3, 5, 0.7), (2.5, 4, [0.4, 1.2])]


@composite("scipy.special.fdtr", examples=RATIO, operands=("x",), fixed=("dfn", "dfd"), result=broadcast_float)
def fdtr(dfn, dfd, x):
    return scipy.special.betainc(dfn / 2, dfd / 2, dfn * x / (dfd + dfn * x))


@composite("scipy.special.fdtrc", examples=RATIO, operands=("x",), fixed=("dfn", "dfd"), result=broadcast_float)
def fdtrc(dfn, dfd, x):
    return scipy.special.betaincc(dfn / 2, dfd / 2, dfn * x / (dfd + dfn * x))


# Of counts


COUNTS = [(2, 5, 0.7), (1, 4, [0.4, 0.2])]


@composite("scipy.special.bdtr", examples=COUNTS[:1], operands=("p",), fixed=("n",), result=broadcast_float)
def bdtr(k, n, p):
    return scipy.special.betaincc(np.floor(k) + 1, n - np.floor(k), p)


@composite("scipy.special.bdtrc", examples=COUNTS[:1], operands=("p",), fixed=("n",), result=broadcast_float)
def bdtrc(k, n, p):
    return scipy.special.betainc(np.floor(k) + 1, n - np.floor(k), p)


@composite("scipy.special.nbdtr", examples=COUNTS, operands=("p",), fixed=("n",), result=broadcast_float)
def nbdtr(k, n, p):
    return scipy.special.betainc(n, np.floor(k) + 1, p)


@composite("scipy.special.nbdtrc", examples=COUNTS, operands=("p",), fixed=("n",), result=broadcast_float)
def nbdtrc(k, n, p):
    return scipy.special.betaincc(n, np.floor(k) + 1, p)


@composite("scipy.special.pdtr", examples=[(2, 0.7), (1, [0.4, 2.2])], operands=("m",), result=broadcast_float)
def pdtr(k, m):
    return scipy.special.gammaincc(np.floor(k) + 1, m)


@composite("scipy.special.pdtrc", examples=[(2, 0.7), (1, [0.4, 2.2])], operands=("m",), result=broadcast_float)
def pdtrc(k, m):
    return scipy.special.gammainc(np.floor(k) + 1, m)
