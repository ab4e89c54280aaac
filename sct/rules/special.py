"""Functions of `scipy.special`. Orders are held fixed; where a parameter has no derivative here, its use is refused."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import elementwise

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy

    from sct.runtime import over, times

# Error functions and the normal distribution


@elementwise("scipy.special.erf", domain=(-2, 2))
def erf(y, x):
    return 2 / math.sqrt(math.pi) * np.exp(-x * x)


@elementwise("scipy.special.erfc", domain=(-2, 2))
def erfc(y, x):
    return -2 / math.sqrt(math.pi) * np.exp(-x * x)


@elementwise("scipy.special.erfcx", domain=(-2, 2))
def erfcx(y, x):
    return 2 * x * y - 2 / math.sqrt(math.pi)


@elementwise("scipy.special.erfinv", domain=(-0.8, 0.8))
def erfinv(y, x):
    return math.sqrt(math.pi) / 2 * np.exp(y * y)


@elementwise("scipy.special.erfcinv", domain=(0.3, 1.7))
def erfcinv(y, x):
    return -math.sqrt(math.pi) / 2 * np.exp(y * y)


@elementwise("scipy.special.dawsn", domain=(-2, 2))
def dawsn(y, x):
    return 1 - 2 * x * y


@elementwise("scipy.special.ndtr", domain=(-2, 2))
def ndtr(y, x):
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


@elementwise("scipy.special.log_ndtr", domain=(-2, 2))
def log_ndtr(y, x):
    return np.exp(-x * x / 2 - y) / math.sqrt(2 * math.pi)


@elementwise("scipy.special.ndtri", domain=(0.2, 0.8))
def ndtri(y, x):
    return math.sqrt(2 * math.pi) * np.exp(y * y / 2)


# Gamma and beta functions


@elementwise("scipy.special.gamma", domain=(0.5, 3))
def gamma(y, x):
    return scipy.special.digamma(x) * y


@elementwise("scipy.special.gammaln", "scipy.special.loggamma", domain=(0.5, 3))
def gammaln(y, x):
    return scipy.special.digamma(x)


@elementwise("scipy.special.rgamma", domain=(0.5, 3))
def rgamma(y, x):
    return -scipy.special.digamma(x) * y


@elementwise("scipy.special.digamma", "scipy.special.psi", domain=(0.5, 3))
def digamma(y, x):
    return scipy.special.polygamma(1, x)


@elementwise("scipy.special.polygamma", examples=[(1, 0.7), (2, [0.4, 2.5])], operands=("x",))
def polygamma(y, n, x):
    return scipy.special.polygamma(n + 1, x)


@elementwise("scipy.special.multigammaln", examples=[(2.5, 2), ([3.5, 2.2], 3)], operands=("a",))
def multigammaln(y, a, d):
    return np.sum(scipy.special.digamma(np.expand_dims(a, -1) - np.arange(d) / 2), -1)


@elementwise("scipy.special.beta", domain=(0.5, 3))
def beta(y, a, b):
    return (
        (scipy.special.digamma(a) - scipy.special.digamma(a + b)) * y,
        (scipy.special.digamma(b) - scipy.special.digamma(a + b)) * y,
    )


@elementwise("scipy.special.betaln", domain=(0.5, 3))
def betaln(y, a, b):
    return (
        scipy.special.digamma(a) - scipy.special.digamma(a + b),
        scipy.special.digamma(b) - scipy.special.digamma(a + b),
    )


@elementwise("scipy.special.binom", domain=(3.2, 5))
def binom(y, n, k):
    return (
        (scipy.special.digamma(n + 1) - scipy.special.digamma(n - k + 1)) * y,
        (scipy.special.digamma(n - k + 1) - scipy.special.digamma(k + 1)) * y,
    )


@elementwise("scipy.special.betainc", examples=[(2, 3, 0.3), (2, 3, [0.3, 0.7])])
def betainc(y, a, b, x):
    return (
        None,
        None,
        np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - scipy.special.betaln(a, b)),
    )


@elementwise("scipy.special.gammainc", examples=[(2, 0.3), (3, [0.3, 1.7])])
def gammainc(y, a, x):
    return None, np.exp((a - 1) * np.log(x) - x - scipy.special.gammaln(a))


@elementwise("scipy.special.gammaincc", examples=[(2, 0.3), (3, [0.3, 1.7])])
def gammaincc(y, a, x):
    return None, -np.exp((a - 1) * np.log(x) - x - scipy.special.gammaln(a))


# Exponentials, logarithms, entropies


@elementwise("scipy.special.expit", domain=(-3, 3))
def expit(y, x):
    return y * (1 - y)


@elementwise("scipy.special.logit", domain=(0.2, 0.8))
def logit(y, x):
    return 1 / (x * (1 - x))


@elementwise("scipy.special.log_expit", domain=(-3, 3))
def log_expit(y, x):
    return scipy.special.expit(-x)


@elementwise("scipy.special.softplus", domain=(-3, 3))
def softplus(y, x):
    return scipy.special.expit(x)


@elementwise("scipy.special.exp10", domain=(-1, 1))
def exp10(y, x):
    return math.log(10.0) * y


@elementwise("scipy.special.exp1", domain=(0.5, 2))
def exp1(y, x):
    return -np.exp(-x) / x


@elementwise("scipy.special.expi", domain=(0.5, 2))
def expi(y, x):
    return np.exp(x) / x


@elementwise("scipy.special.exprel", domain=(0.3, 2), examples=[(0.0,)])
def exprel(y, x):
    return scipy.special.hyp1f1(2.0, 3.0, x) / 2


@elementwise("scipy.special.xlogy", domain=(0.5, 3))
def xlogy(y, x1, x2):
    """A zero seed gives zero by the first operand where the logarithm is infinite."""
    return times(1, scipy.special.xlogy(1.0, x2)), over(x1, x2)


@elementwise("scipy.special.xlog1py", domain=(0.5, 3))
def xlog1py(y, x1, x2):
    """A zero seed gives zero by the first operand where the logarithm is infinite."""
    return times(1, scipy.special.xlog1py(1.0, x2)), over(x1, 1 + x2)


@elementwise("scipy.special.entr", domain=(0.3, 3))
def entr(y, x):
    """A zero seed gives zero at 0, where the derivative is infinite."""
    return -times(1, 1 + scipy.special.xlogy(1.0, x))


@elementwise("scipy.special.rel_entr", domain=(0.3, 3))
def rel_entr(y, x1, x2):
    return 1 + np.log(x1 / x2), -x1 / x2


@elementwise("scipy.special.kl_div", domain=(0.3, 3))
def kl_div(y, x1, x2):
    return np.log(x1 / x2), 1 - x1 / x2


# Bessel functions


@elementwise("scipy.special.j0", domain=(-3, 3))
def j0(y, x):
    return -scipy.special.j1(x)


@elementwise("scipy.special.j1", domain=(-3, 3))
def j1(y, x):
    return (scipy.special.j0(x) - scipy.special.jv(2, x)) / 2


@elementwise("scipy.special.jv", "scipy.special.jn", examples=[(2, 0.7), (1, [0.4, 2.5])])
def jv(y, v, z):
    return None, (scipy.special.jv(v - 1, z) - scipy.special.jv(v + 1, z)) / 2


@elementwise("scipy.special.y0", domain=(0.5, 3))
def y0(y, x):
    return -scipy.special.y1(x)


@elementwise("scipy.special.y1", domain=(0.5, 3))
def y1(y, x):
    return (scipy.special.y0(x) - scipy.special.yv(2, x)) / 2


@elementwise("scipy.special.yv", "scipy.special.yn", examples=[(2, 0.7), (1, [0.4, 2.5])])
def yv(y, v, z):
    return None, (scipy.special.yv(v - 1, z) - scipy.special.yv(v + 1, z)) / 2


@elementwise("scipy.special.i0", domain=(-2, 2))
def i0(y, x):
    return scipy.special.i1(x)


@elementwise("scipy.special.i1", domain=(-2, 2))
def i1(y, x):
    return (scipy.special.i0(x) + scipy.special.iv(2, x)) / 2


@elementwise("scipy.special.iv", examples=[(2, 0.7), (1, [0.4, 2.5])])
def iv(y, v, z):
    return None, (scipy.special.iv(v - 1, z) + scipy.special.iv(v + 1, z)) / 2


@elementwise("scipy.special.i0e", domain=(0.3, 2))
def i0e(y, x):
    return scipy.special.i1e(x) - np.sign(x) * y


@elementwise("scipy.special.i1e", domain=(0.3, 2))
def i1e(y, x):
    return (scipy.special.i0e(x) + scipy.special.ive(2, x)) / 2 - np.sign(x) * y


@elementwise("scipy.special.ive", examples=[(2, 0.7), (1, [0.4, 2.5])], complex=False)
def ive(y, v, z):
    return None, (scipy.special.ive(v - 1, z) + scipy.special.ive(v + 1, z)) / 2 - np.sign(z) * y


@elementwise("scipy.special.k0", domain=(0.5, 3))
def k0(y, x):
    return -scipy.special.k1(x)


@elementwise("scipy.special.k1", domain=(0.5, 3))
def k1(y, x):
    return -(scipy.special.k0(x) + scipy.special.kv(2, x)) / 2


@elementwise("scipy.special.kv", "scipy.special.kn", examples=[(2, 0.7), (1, [0.4, 2.5])])
def kv(y, v, z):
    return None, -(scipy.special.kv(v - 1, z) + scipy.special.kv(v + 1, z)) / 2
