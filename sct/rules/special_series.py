"""Functions of `scipy.special` that are solutions of differential equations: hypergeometric, orthogonal, Bessel's kin.

Orders, degrees and parameters are held fixed.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import both, given, is_number_but
from sct.rules.registry import composite, custom, elementwise
from sct.rules.results import broadcast_complex, broadcast_float

if TYPE_CHECKING:
    import math

    import numpy as np
    import scipy

    from sct.runtime import astype_like


@elementwise("scipy.special.hyp0f1", examples=[(1.5, 0.7), (2.5, [0.4, -1.2])])
def hyp0f1(y, v, z):
    return None, scipy.special.hyp0f1(v + 1, z) / v


@elementwise("scipy.special.hyp1f1", examples=[(0.7, 1.5, 0.7), (2, 3, [0.4, -1.2])])
def hyp1f1(y, a, b, x):
    return None, None, a / b * scipy.special.hyp1f1(a + 1, b + 1, x)


@elementwise("scipy.special.hyperu", examples=[(0.7, 1.5, 0.7), (2, 3, [0.4, 1.2])])
def hyperu(y, a, b, x):
    return None, None, -a * scipy.special.hyperu(a + 1, b + 1, x)


@elementwise("scipy.special.hyp2f1", examples=[(0.7, 1.5, 2.5, 0.4), (2, 1, 3, [0.4, -1.2])])
def hyp2f1(y, a, b, c, z):
    return None, None, None, a * b / c * scipy.special.hyp2f1(a + 1, b + 1, c + 1, z)


@elementwise("scipy.special.wright_bessel", examples=[(0.7, 1.5, 0.4), (1, 2, [0.4, 1.2])])
def wright_bessel(y, a, b, x):
    return None, None, scipy.special.wright_bessel(a, a + b, x)


# Orthogonal polynomials: there is none of a degree below 0


@elementwise("scipy.special.eval_jacobi", examples=[(3, 0.5, 1.5, 0.4), (0, 0.5, 1.5, 0.4), (2, 1, 1, [0.4, -0.3])])
def eval_jacobi(y, n, alpha, beta, x):
    return (
        None,
        None,
        None,
        np.sign(n)
        * (n + alpha + beta + 1)
        / 2
        * scipy.special.eval_jacobi(np.maximum(n - 1, 0), alpha + 1, beta + 1, x),
    )


@eval_jacobi.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, alpha, beta, x):
    return (
        None,
        None,
        None,
        (n + alpha + beta + 1) / 2 * scipy.special.eval_jacobi(n - 1, alpha + 1, beta + 1, x),
    )


@elementwise("scipy.special.eval_gegenbauer", examples=[(3, 0.5, 0.4), (0, 0.5, 0.4), (2, 1, [0.4, -0.3])])
def eval_gegenbauer(y, n, alpha, x):
    return (
        None,
        None,
        2 * alpha * np.sign(n) * scipy.special.eval_gegenbauer(np.maximum(n - 1, 0), alpha + 1, x),
    )


@eval_gegenbauer.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, alpha, x):
    return None, None, 2 * alpha * scipy.special.eval_gegenbauer(n - 1, alpha + 1, x)


@elementwise("scipy.special.eval_genlaguerre", examples=[(3, 0.5, 0.4), (0, 0.5, 0.4), (2, 1, [0.4, 1.3])])
def eval_genlaguerre(y, n, alpha, x):
    return None, None, -np.sign(n) * scipy.special.eval_genlaguerre(np.maximum(n - 1, 0), alpha + 1, x)


@eval_genlaguerre.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, alpha, x):
    return None, None, -scipy.special.eval_genlaguerre(n - 1, alpha + 1, x)


DEGREES = [(3, 0.4), (0, 0.4), (1, [0.4, -0.3])]


@composite("scipy.special.eval_legendre", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_legendre(n, x):
    return scipy.special.eval_jacobi(n, 0, 0, x)


@composite("scipy.special.eval_sh_legendre", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_sh_legendre(n, x):
    return scipy.special.eval_jacobi(n, 0, 0, 2 * x - 1)


@elementwise("scipy.special.eval_chebyt", examples=DEGREES)
def eval_chebyt(y, n, x):
    return None, n * scipy.special.eval_chebyu(n - 1, x)


@composite("scipy.special.eval_chebyu", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_chebyu(n, x):
    return scipy.special.eval_gegenbauer(n, 1, x)


@composite("scipy.special.eval_sh_chebyt", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_sh_chebyt(n, x):
    return scipy.special.eval_chebyt(n, 2 * x - 1)


@composite("scipy.special.eval_sh_chebyu", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_sh_chebyu(n, x):
    return scipy.special.eval_gegenbauer(n, 1, 2 * x - 1)


@composite("scipy.special.eval_laguerre", examples=DEGREES, operands=("n", "x"), result=broadcast_float)
def eval_laguerre(n, x):
    return scipy.special.eval_genlaguerre(n, 0, x)


@elementwise("scipy.special.eval_hermite", examples=DEGREES)
def eval_hermite(y, n, x):
    return None, 2 * n * scipy.special.eval_hermite(np.maximum(n - 1, 0), x)


@eval_hermite.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, x):
    return None, 2 * n * scipy.special.eval_hermite(n - 1, x)


@elementwise("scipy.special.eval_hermitenorm", examples=DEGREES)
def eval_hermitenorm(y, n, x):
    return None, n * scipy.special.eval_hermitenorm(np.maximum(n - 1, 0), x)


@eval_hermitenorm.case(both(given("n"), is_number_but("n", 0)))
def _(y, n, x):
    return None, n * scipy.special.eval_hermitenorm(n - 1, x)


# Derivatives of Bessel functions, spherical ones, and those of Struve, Kelvin and Airy

ORDERS = [(2, 0.7), (1, [0.4, 2.5]), (2, 0.7, 2)]


@elementwise("scipy.special.jvp", examples=ORDERS)
def jvp(y, v, z, n=1):
    return None, scipy.special.jvp(v, z, n + 1)


@elementwise("scipy.special.yvp", examples=ORDERS)
def yvp(y, v, z, n=1):
    return None, scipy.special.yvp(v, z, n + 1)


@elementwise("scipy.special.ivp", examples=ORDERS)
def ivp(y, v, z, n=1):
    return None, scipy.special.ivp(v, z, n + 1)


@elementwise("scipy.special.kvp", examples=ORDERS)
def kvp(y, v, z, n=1):
    return None, scipy.special.kvp(v, z, n + 1)


SPHERES = [(2, 0.7), (0, [0.4, 2.5])]


def _plain(args):
    return "" if getattr(args.get("derivative"), "value", False) is False else "it has no rule for the derivative"


@elementwise("scipy.special.spherical_jn", examples=SPHERES, check=_plain)
def spherical_jn(y, n, z, derivative=False):
    return (
        None,
        (n * scipy.special.spherical_jn(abs(n - 1), z) - (n + 1) * scipy.special.spherical_jn(n + 1, z)) / (2 * n + 1),
    )


@elementwise("scipy.special.spherical_yn", examples=SPHERES, check=_plain)
def spherical_yn(y, n, z, derivative=False):
    return (
        None,
        (n * scipy.special.spherical_yn(abs(n - 1), z) - (n + 1) * scipy.special.spherical_yn(n + 1, z)) / (2 * n + 1),
    )


@elementwise("scipy.special.spherical_in", examples=SPHERES, check=_plain)
def spherical_in(y, n, z, derivative=False):
    return (
        None,
        (n * scipy.special.spherical_in(abs(n - 1), z) + (n + 1) * scipy.special.spherical_in(n + 1, z)) / (2 * n + 1),
    )


@elementwise("scipy.special.spherical_kn", examples=SPHERES, check=_plain)
def spherical_kn(y, n, z, derivative=False):
    return (
        None,
        -(n * scipy.special.spherical_kn(abs(n - 1), z) + (n + 1) * scipy.special.spherical_kn(n + 1, z)) / (2 * n + 1),
    )


@elementwise("scipy.special.struve", examples=[(2, 0.7), (0.5, [0.4, 2.5])])
def struve(y, v, x):
    return (
        None,
        (
            scipy.special.struve(v - 1, x)
            - scipy.special.struve(v + 1, x)
            + (x / 2) ** v * scipy.special.rgamma(v + 1.5) / math.sqrt(math.pi)
        )
        / 2,
    )


@elementwise("scipy.special.modstruve", examples=[(2, 0.7), (0.5, [0.4, 2.5])])
def modstruve(y, v, x):
    return (
        None,
        (
            scipy.special.modstruve(v - 1, x)
            + scipy.special.modstruve(v + 1, x)
            + (x / 2) ** v * scipy.special.rgamma(v + 1.5) / math.sqrt(math.pi)
        )
        / 2,
    )


@elementwise("scipy.special.ber", domain=(0.5, 3))
def ber(y, x):
    return scipy.special.berp(x)


@elementwise("scipy.special.bei", domain=(0.5, 3))
def bei(y, x):
    return scipy.special.beip(x)


@elementwise("scipy.special.ker", domain=(0.5, 3))
def ker(y, x):
    return scipy.special.kerp(x)


@elementwise("scipy.special.kei", domain=(0.5, 3))
def kei(y, x):
    return scipy.special.keip(x)


@elementwise("scipy.special.berp", domain=(0.5, 3))
def berp(y, x):
    return -scipy.special.bei(x) - y / x


@elementwise("scipy.special.beip", domain=(0.5, 3))
def beip(y, x):
    return scipy.special.ber(x) - y / x


@elementwise("scipy.special.kerp", domain=(0.5, 3))
def kerp(y, x):
    return -scipy.special.kei(x) - y / x


@elementwise("scipy.special.keip", domain=(0.5, 3))
def keip(y, x):
    return scipy.special.ker(x) - y / x


@custom("scipy.special.airy", spelled=[f"scipy.special.airy(x - 1)[{i}]" for i in range(4)])
def airy(y_bar, y, z):
    """Two solutions of ``w'' = z * w``, each with its derivative."""
    return y_bar[0] * y[1] + y_bar[1] * z * y[0] + y_bar[2] * y[3] + y_bar[3] * z * y[2]


@airy.tangent
def _(dz, y, z):
    return ((y[1] * dz, z * y[0] * dz, y[3] * dz, z * y[2] * dz),)


# Others


@elementwise("scipy.special.spence", domain=(0.3, 0.9))
def spence(y, z):
    return -astype_like(scipy.special.hyp2f1(1.0, 1.0, 2.0, 1 - z), z)


@elementwise("scipy.special.wrightomega", domain=(-1, 2))
def wrightomega(y, z):
    return y / (1 + y)


@elementwise(
    "scipy.special.lambertw",
    operands=("z",),
    complex=True,
    result=broadcast_complex,
    spelled=["scipy.special.lambertw(x).real", "np.real(scipy.special.lambertw(x + 0.3j, 1) ** 2)"],
)
def lambertw(y, z, k=0, tol=1e-8):
    return np.exp(-y) / (1 + y)


@elementwise(
    "scipy.special.wofz",
    complex=True,
    result=broadcast_complex,
    spelled=["scipy.special.wofz(x).imag", "np.abs(scipy.special.wofz(x + 0.3j))"],
)
def wofz(y, z):
    return 2j / math.sqrt(math.pi) - 2 * z * y


@elementwise("scipy.special.powm1", domain=(0.5, 2))
def powm1(y, x, y_):
    return y_ * x ** (y_ - 1), np.log(x) * (y + 1)


@elementwise("scipy.special.sindg", domain=(-70, 70))
def sindg(y, x):
    return math.pi / 180 * scipy.special.cosdg(x)


@elementwise("scipy.special.cosdg", domain=(-70, 70))
def cosdg(y, x):
    return -math.pi / 180 * scipy.special.sindg(x)


@elementwise("scipy.special.tandg", domain=(-70, 70))
def tandg(y, x):
    return math.pi / 180 * (1 + y * y)


@elementwise("scipy.special.cotdg", domain=(20, 70))
def cotdg(y, x):
    return -math.pi / 180 * (1 + y * y)
