"""Decompositions of matrices into factors. The last two axes are those of the matrix.

`cholesky` reads the lower triangle alone, and so does its adjoint lie in it alone.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules import factors, ranks
from sct.rules.conditions import have_ranks, is_complex, without
from sct.rules.registry import composite, custom
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, T233, V3, W3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import from_lower, lower_bar, lower_half, qr_bar, qr_tangent, svd_bar, svd_tangent

TALL = [V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]]


@custom(
    "numpy.linalg.cholesky",
    examples=[(S33,), ([S33, S33],)],
    result=array,
    rank=ranks.same,
    complex=True,
    spelled=["np.abs(np.linalg.cholesky(np.outer(x + 1j, x - 1j) + 2 * np.eye(4)) + 1) ** 2"],
)
def cholesky(y_bar, y, a):
    return lower_bar(
        np.linalg.solve(np.swapaxes(y, -1, -2), lower_half(np.swapaxes(y, -1, -2) @ y_bar) @ np.linalg.inv(y))
    )


@cholesky.case(is_complex("a"))
def _(y_bar, y, a):
    return lower_bar(
        np.linalg.solve(np.swapaxes(y, -1, -2), lower_half(np.swapaxes(y, -1, -2) @ y_bar) @ np.conj(np.linalg.inv(y)))
    )


@cholesky.case(have_ranks(a=2))
def _(y_bar, y, a):
    return lower_bar(np.linalg.solve(y.T, lower_half(y.T @ y_bar) @ np.linalg.inv(y)))


@cholesky.tangent_case(is_complex("a"))
def _(y, da, a):
    return y @ lower_half(np.linalg.solve(y, from_lower(da)) @ np.conj(np.swapaxes(np.linalg.inv(y), -1, -2)))


@cholesky.tangent
def _(y, da, a):
    return y @ lower_half(np.linalg.solve(y, from_lower(da)) @ np.swapaxes(np.linalg.inv(y), -1, -2))


def _plainly_upper(args):
    upper = getattr(args.get("upper"), "value", None)
    return "" if isinstance(upper, bool) else "upper is not written True or False"


@composite(
    "numpy.linalg.cholesky",
    examples=[(S33, {"upper": True}), (S33, {"upper": False})],
    operands=("a",),
    check=_plainly_upper,
    result=array,
)
def upper_cholesky(a, *, upper=False):
    """The upper triangle is read."""
    return np.swapaxes(np.linalg.cholesky(np.swapaxes(a, -1, -2)), -1, -2)


@upper_cholesky.case(without("upper"))
def _(a, *, upper=False):
    return np.linalg.cholesky(a)


# QR


def _reduced(args):
    mode = args.get("mode")
    return "" if mode is None or getattr(mode, "value", "") == "reduced" else "it has no rule for this mode"


def _r_alone(args):
    return "" if getattr(args.get("mode"), "value", "") == "r" else "it has no rule for this mode"


def _economic(args):
    economic = getattr(args.get("mode"), "value", "") == "economic"
    unpivoted = getattr(args.get("pivoting"), "value", False) is False
    return "" if economic and unpivoted else 'it has a rule for mode="economic" without pivoting alone'


@custom("numpy.linalg.qr", examples=[(M33,), (TALL,), (T233,), (M23,)], check=_reduced, result=factors.qr)
def qr(y_bar, y, a, mode="reduced"):
    """For matrices whose first columns are independent."""
    return qr_bar(y_bar, y)


@qr.tangent
def _(y, da, a, mode="reduced"):
    return qr_tangent(da, y)


@composite("numpy.linalg.qr", examples=[(M33, "r"), (M23, "r")], operands=("a",), check=_r_alone, result=array)
def qr_r(a, mode="reduced"):
    return np.linalg.qr(a)[1]


@custom(
    "scipy.linalg.qr",
    examples=[(TALL, {"mode": "economic"}), (M23, {"mode": "economic"})],
    operands=("a",),
    check=_economic,
    result=factors.qr,
)
def scipy_qr(y_bar, y, a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    """For matrices whose first columns are independent."""
    return qr_bar(y_bar, y)


@scipy_qr.tangent
def _(y, da, a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    return qr_tangent(da, y)


# Singular values


def _with_vectors(args):
    uv = args.get("compute_uv")
    return "" if uv is None or getattr(uv, "value", None) is True else "compute_uv is not written True or False"


def _without_vectors(args):
    return "" if getattr(args.get("compute_uv"), "value", None) is False else "compute_uv is not written True or False"


@custom(
    "numpy.linalg.svd",
    "scipy.linalg.svd",
    examples=[(M23, {"compute_uv": False}), (M33, {"compute_uv": False})],
    operands=("a",),
    check=_without_vectors,
    result=array,
)
def svd_values(y_bar, a, full_matrices=True, compute_uv=True, *, overwrite_a=False, check_finite=True):
    return (np.linalg.svd(a, full_matrices=False)[0] * np.expand_dims(y_bar, -2)) @ np.linalg.svd(
        a, full_matrices=False
    )[2]


@svd_values.tangent
def _(da, a, full_matrices=True, compute_uv=True, *, overwrite_a=False, check_finite=True):
    return np.sum(
        np.linalg.svd(a, full_matrices=False)[0] * (da @ np.swapaxes(np.linalg.svd(a, full_matrices=False)[2], -1, -2)),
        -2,
    )


@composite("numpy.linalg.svdvals", examples=[(M23,), (M33,)], result=array)
def svdvals(x):
    return np.linalg.svd(x, compute_uv=False)


@composite("scipy.linalg.svdvals", examples=[(M23,), (M33,)], operands=("a",), result=array)
def scipy_svdvals(a, overwrite_a=False, check_finite=True):
    return np.linalg.svd(a, compute_uv=False)


@custom(
    "numpy.linalg.svd",
    "scipy.linalg.svd",
    examples=[(M23, False), (M33,), (TALL, {"full_matrices": False}), (T233, False)],
    operands=("a",),
    check=_with_vectors,
    result=factors.svd,
)
def svd(y_bar, y, a, full_matrices=True, compute_uv=True, *, overwrite_a=False, check_finite=True):
    """For singular values that differ, and are not zero where the vectors count."""
    return svd_bar(y_bar, y)


@svd.tangent
def _(y, da, a, full_matrices=True, compute_uv=True, *, overwrite_a=False, check_finite=True):
    return svd_tangent(da, y)
