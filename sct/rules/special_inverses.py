"""Further functions of `scipy.special`: inverses, elliptic integrals, losses. Orders are held fixed."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import both, given, is_number_but
from sct.rules.registry import constant, custom, elementwise
from sct.rules.results import broadcast_same

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy

    from sct.runtime import astype_like, over


@elementwise("scipy.special.erfi", domain=(-1.5, 1.5))
def erfi(y, x):
    return 2 / math.sqrt(math.pi) * np.exp(x * x)


@elementwise("scipy.special.betaincinv", examples=[(2, 3, 0.3), (2, 3, [0.3, 0.7])])
def betaincinv(y, a, b, x):
    return None, None, np.exp(scipy.special.betaln(a, b) - (a - 1) * np.log(y) - (b - 1) * np.log1p(-y))


@elementwise("scipy.special.betaincc", examples=[(2, 3, 0.3), (2, 3, [0.3, 0.7])])
def betaincc(y, a, b, x):
    return None, None, -np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - scipy.special.betaln(a, b))


@elementwise("scipy.special.gammaincinv", examples=[(2, 0.3), (3, [0.3, 0.7])])
def gammaincinv(y, a, x):
    return None, np.exp(y + scipy.special.gammaln(a) - (a - 1) * np.log(y))


@elementwise("scipy.special.gammainccinv", examples=[(2, 0.3), (3, [0.3, 0.7])])
def gammainccinv(y, a, x):
    return None, -np.exp(y + scipy.special.gammaln(a) - (a - 1) * np.log(y))


@constant("scipy.special.gammasgn", result=broadcast_same)
def gammasgn(x): ...


@elementwise("scipy.special.poch", domain=(0.5, 3))
def poch(y, z, m):
    return (
        (scipy.special.digamma(z + m) - scipy.special.digamma(z)) * y,
        scipy.special.digamma(z + m) * y,
    )


@elementwise("scipy.special.zeta", examples=[(2.5, 1.5), (3.5, [0.7, 2.5])])
def zeta(y, x, q=1):
    return None, -x * scipy.special.zeta(x + 1, q)


@elementwise("scipy.special.expn", examples=[(2, 0.7), (3, [0.4, 2.5]), (0, [0.4, 2.5])])
def expn(y, n, x):
    """Of order 0 it is ``exp(-x) / x``, and there is none of a lower order."""
    return None, np.where(np.equal(n, 0), -(1 + 1 / x) * np.exp(-x) / x, -scipy.special.expn(np.maximum(n - 1, 0), x))


@expn.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, x):
    return None, -scipy.special.expn(n - 1, x)


@elementwise("scipy.special.cosm1", domain=(-2, 2))
def cosm1(y, x):
    return -np.sin(x)


@elementwise("scipy.special.exp2", domain=(-2, 2))
def exp2(y, x):
    return math.log(2.0) * y


@elementwise("scipy.special.log1p", domain=(-0.5, 2))
def log1p(y, x):
    return over(1, 1 + x)


@elementwise("scipy.special.expm1", domain=(-2, 2))
def expm1(y, x):
    return y + 1


@elementwise("scipy.special.cbrt", domain=(0.3, 2))
def cbrt(y, x):
    """A zero seed gives zero at 0, where the derivative is infinite."""
    return over(1, 3 * y * y)


@elementwise("scipy.special.boxcox", domain=(0.5, 3))
def boxcox(y, x, lmbda):
    return x ** (lmbda - 1), np.log(x) ** 2 * scipy.special.hyp1f1(2.0, 3.0, lmbda * np.log(x)) / 2


@elementwise("scipy.special.inv_boxcox", examples=[(0.7, 0.5), ([0.4, 1.5], 1.5), (0.7, 0.0)])
def inv_boxcox(y, x, lmbda):
    return y ** (1 - lmbda), -y * x**2 / 2 * astype_like(scipy.special.hyp2f1(2.0, 2.0, 3.0, -lmbda * x), y)


@elementwise("scipy.special.boxcox1p", domain=(0.5, 3))
def boxcox1p(y, x, lmbda):
    return (1 + x) ** (lmbda - 1), np.log1p(x) ** 2 * scipy.special.hyp1f1(2.0, 3.0, lmbda * np.log1p(x)) / 2


@elementwise("scipy.special.inv_boxcox1p", examples=[(0.7, 0.5), ([0.4, 1.5], 1.5), (0.7, 0.0)])
def inv_boxcox1p(y, x, lmbda):
    return (1 + y) ** (1 - lmbda), -(1 + y) * x**2 / 2 * astype_like(scipy.special.hyp2f1(2.0, 2.0, 3.0, -lmbda * x), y)


@elementwise("scipy.special.huber", examples=[(1.0, [0.4, -2.5]), (0.7, 0.3)])
def huber(y, delta, r):
    return np.maximum(np.abs(r) - delta, 0.0), np.clip(r, -delta, delta)


@elementwise("scipy.special.pseudo_huber", domain=(0.5, 3))
def pseudo_huber(y, delta, r):
    return np.hypot(delta, r) + over(delta * delta, np.hypot(delta, r)) - 2 * delta, over(delta * r, np.hypot(delta, r))


@elementwise("scipy.special.ellipk", domain=(0.2, 0.8), examples=[(0.0,)])
def ellipk(y, m):
    return math.pi / 8 * astype_like(scipy.special.hyp2f1(1.5, 1.5, 2.0, m), m)


@elementwise("scipy.special.ellipe", domain=(0.2, 0.8), examples=[(0.0,)])
def ellipe(y, m):
    return -math.pi / 8 * astype_like(scipy.special.hyp2f1(0.5, 1.5, 2.0, m), m)


@elementwise("scipy.special.ellipkm1", domain=(0.2, 0.8))
def ellipkm1(y, p):
    return -math.pi / 8 * astype_like(scipy.special.hyp2f1(1.5, 1.5, 2.0, 1 - p), p)


@elementwise("scipy.special.ellipkinc", examples=[(0.7, 0.4), ([0.4, 1.2], 0.0)])
def ellipkinc(y, phi, m):
    return 1 / np.sqrt(1 - m * np.sin(phi) ** 2), None


@elementwise("scipy.special.ellipeinc", examples=[(0.7, 0.4), ([0.4, 1.2], 0.0)])
def ellipeinc(y, phi, m):
    return np.sqrt(1 - m * np.sin(phi) ** 2), None


@elementwise("scipy.special.owens_t", domain=(0.3, 2))
def owens_t(y, h, a):
    return (
        -np.exp(-h * h / 2) * scipy.special.erf(a * h / math.sqrt(2.0)) / (2 * math.sqrt(2 * math.pi)),
        np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)),
    )


# Bessel functions


@elementwise("scipy.special.jve", examples=[(2, 0.7), (1, [0.4, 2.5])], complex=False)
def jve(y, v, z):
    return None, (scipy.special.jve(v - 1, z) - scipy.special.jve(v + 1, z)) / 2


@elementwise("scipy.special.k0e", domain=(0.5, 3))
def k0e(y, x):
    return y - scipy.special.k1e(x)


@elementwise("scipy.special.k1e", domain=(0.5, 3))
def k1e(y, x):
    return y - (scipy.special.k0e(x) + scipy.special.kve(2, x)) / 2


@elementwise("scipy.special.kve", examples=[(2, 0.7), (1, [0.4, 2.5])])
def kve(y, v, z):
    return None, y - (scipy.special.kve(v - 1, z) + scipy.special.kve(v + 1, z)) / 2


# Integrals, in pairs


@custom("scipy.special.sici", spelled=["scipy.special.sici(x * x + 1)[0]", "scipy.special.sici(x * x + 1)[1]"])
def sici(y_bar, x):
    return y_bar[0] * np.sinc(x / math.pi) + y_bar[1] * np.cos(x) / x


@sici.tangent
def _(dx, x):
    return ((np.sinc(x / math.pi) * dx, np.cos(x) / x * dx),)


@custom("scipy.special.shichi", spelled=["scipy.special.shichi(x)[0]", "scipy.special.shichi(x * x + 1)[1]"])
def shichi(y_bar, x):
    return y_bar[0] * (scipy.special.exprel(x) + scipy.special.exprel(-x)) / 2 + y_bar[1] * np.cosh(x) / x


@shichi.tangent
def _(dx, x):
    return (((scipy.special.exprel(x) + scipy.special.exprel(-x)) / 2 * dx, np.cosh(x) / x * dx),)


@custom("scipy.special.fresnel", spelled=["scipy.special.fresnel(x)[0]", "scipy.special.fresnel(x)[1]"])
def fresnel(y_bar, z):
    return y_bar[0] * np.sin(math.pi / 2 * z**2) + y_bar[1] * np.cos(math.pi / 2 * z**2)


@fresnel.tangent
def _(dz, z):
    return ((np.sin(math.pi / 2 * z**2) * dz, np.cos(math.pi / 2 * z**2) * dz),)
