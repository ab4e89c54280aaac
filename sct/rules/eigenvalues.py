"""Eigenvalues and eigenvectors. The last two axes are those of the matrix.

Of a symmetric matrix one triangle is read, the lower one unless the upper one is asked for, and the adjoint lies in it.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sct.analysis.kinds import Kind
from sct.rules import factors
from sct.rules.conditions import both, is_complex
from sct.rules.registry import KindOf, Match, composite, custom
from sct.rules.results import array, first
from sct.rules.samples import M33, S33

if TYPE_CHECKING:
    import numpy as np
    import scipy

    from sct.runtime import (
        eig_bar,
        eig_tangent,
        eigh_bar,
        eigh_tangent,
        from_lower,
        general_eigh_tangent,
        like,
        lower_bar,
        metric_bar,
        real_spectrum,
    )


def _written(args: Mapping[str, ast.expr], name: str, values: tuple[object, ...]) -> str:
    value = args.get(name)
    return "" if value is None or getattr(value, "value", 0) in values else f"{name} is not written out"


def _a_triangle(args):
    return _written(args, "UPLO", ("L", "U"))


def _upper(match, kinds):
    return getattr(match.args.get("UPLO"), "value", "L") == "U"


REAL = [[2.0, 0.3, -0.4], [0.7, -1.0, 0.5], [-0.2, 0.6, 4.0]]
TRIANGLES = [(S33,), ([S33, S33],), (S33, "L"), (M33, "U")]


@custom("numpy.linalg.eigh", examples=TRIANGLES, operands=("a",), check=_a_triangle, result=factors.eigh)
def eigh(y_bar, y, a, UPLO="L"):
    """For eigenvalues that differ, where the vectors count."""
    return lower_bar(eigh_bar(y_bar, y))


@eigh.case(_upper)
def _(y_bar, y, a, UPLO="L"):
    return np.swapaxes(lower_bar(eigh_bar(y_bar, y)), -1, -2)


@eigh.tangent_case(_upper)
def _(y, da, a, UPLO="L"):
    return eigh_tangent(from_lower(np.swapaxes(da, -1, -2)), y)


@eigh.tangent
def _(y, da, a, UPLO="L"):
    return eigh_tangent(from_lower(da), y)


def _spectrum(match: Match, kinds: KindOf) -> Kind:
    """Real numbers, of Hermitian matrices too."""
    return Kind("array", "float" if first(match, kinds).dtype != "unknown" else "unknown")


@custom(
    "numpy.linalg.eigvalsh",
    examples=TRIANGLES,
    operands=("a",),
    check=_a_triangle,
    result=_spectrum,
    complex=True,
)
def eigvalsh(y_bar, a, UPLO="L"):
    return lower_bar((np.linalg.eigh(a)[1] * np.expand_dims(y_bar, -2)) @ np.swapaxes(np.linalg.eigh(a)[1], -1, -2))


@eigvalsh.case(both(is_complex("a"), _upper))
def _(y_bar, a, UPLO="L"):
    return np.swapaxes(
        lower_bar(
            (np.linalg.eigh(a, UPLO)[1] * np.expand_dims(y_bar, -2))
            @ np.conj(np.swapaxes(np.linalg.eigh(a, UPLO)[1], -1, -2))
        ),
        -1,
        -2,
    )


@eigvalsh.case(is_complex("a"))
def _(y_bar, a, UPLO="L"):
    return lower_bar(
        (np.conj(np.linalg.eigh(a)[1]) * np.expand_dims(y_bar, -2)) @ np.swapaxes(np.linalg.eigh(a)[1], -1, -2)
    )


@eigvalsh.case(_upper)
def _(y_bar, a, UPLO="L"):
    return np.swapaxes(
        lower_bar(
            (np.linalg.eigh(a, UPLO)[1] * np.expand_dims(y_bar, -2)) @ np.swapaxes(np.linalg.eigh(a, UPLO)[1], -1, -2)
        ),
        -1,
        -2,
    )


@eigvalsh.tangent_case(both(is_complex("a"), _upper))
def _(da, a, UPLO="L"):
    return np.real(
        np.sum(
            np.linalg.eigh(a, UPLO)[1] * (from_lower(np.swapaxes(da, -1, -2)) @ np.conj(np.linalg.eigh(a, UPLO)[1])),
            -2,
        )
    )


@eigvalsh.tangent_case(is_complex("a"))
def _(da, a, UPLO="L"):
    return np.real(np.sum(np.conj(np.linalg.eigh(a)[1]) * (from_lower(da) @ np.linalg.eigh(a)[1]), -2))


@eigvalsh.tangent_case(_upper)
def _(da, a, UPLO="L"):
    return np.sum(np.linalg.eigh(a, UPLO)[1] * (from_lower(np.swapaxes(da, -1, -2)) @ np.linalg.eigh(a, UPLO)[1]), -2)


@eigvalsh.tangent
def _(da, a, UPLO="L"):
    return np.sum(np.linalg.eigh(a)[1] * (from_lower(da) @ np.linalg.eigh(a)[1]), -2)


def _values_only(args):
    only = getattr(args.get("eigvals_only"), "value", False) is True
    return ("" if only else "eigvals_only is not written True or False") or _plainly_lower(args)


def _with_vectors(args):
    return _written(args, "eigvals_only", (False,)) or _plainly_lower(args)


def _plainly_lower(args: Mapping[str, ast.expr]) -> str:
    if "b" in args and getattr(args["b"], "value", 0) is not None:
        return "it is another rule that has a second matrix"
    return _written(args, "lower", (True, False))


def _general_values(args):
    only = getattr(args.get("eigvals_only"), "value", False) is True
    return ("" if only else "eigvals_only is not written True or False") or _written(args, "lower", (True, False))


def _general(args):
    return _written(args, "eigvals_only", (False,)) or _written(args, "lower", (True, False))


def _of_upper(match, kinds):
    return getattr(match.args.get("lower"), "value", True) is False


@composite(
    "scipy.linalg.eigh",
    examples=[(S33, {"eigvals_only": True}), (M33, {"lower": False, "eigvals_only": True})],
    operands=("a",),
    check=_values_only,
    result=array,
)
def eigh_values(a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return np.linalg.eigvalsh(a)


@eigh_values.case(_of_upper)
def _(a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return np.linalg.eigvalsh(a, "U")


@composite(
    "scipy.linalg.eigvalsh",
    examples=[(S33,), (M33, {"lower": False})],
    operands=("a",),
    check=_plainly_lower,
    result=array,
)
def scipy_eigvalsh(a, b=None, *, lower=True, overwrite_a=False, check_finite=True):
    return np.linalg.eigvalsh(a)


@scipy_eigvalsh.case(_of_upper)
def _(a, b=None, *, lower=True, overwrite_a=False, check_finite=True):
    return np.linalg.eigvalsh(a, "U")


@custom(
    "scipy.linalg.eigh",
    examples=[(REAL,), (S33, {"lower": False})],
    operands=("a",),
    check=_with_vectors,
    result=factors.eigh,
)
def scipy_eigh(y_bar, y, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    """For eigenvalues that differ, where the vectors count."""
    return lower_bar(eigh_bar(y_bar, y))


@scipy_eigh.case(_of_upper)
def _(y_bar, y, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return np.swapaxes(lower_bar(eigh_bar(y_bar, y)), -1, -2)


@scipy_eigh.tangent_case(_of_upper)
def _(y, da, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return eigh_tangent(from_lower(np.swapaxes(da, -1, -2)), y)


@scipy_eigh.tangent
def _(y, da, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return eigh_tangent(from_lower(da), y)


# With a second matrix, which is positive definite: ``a v = b v w``

METRIC = [[3.0, 0.4, -0.2], [0.4, 2.0, 0.3], [-0.2, 0.3, 1.5]]
PAIRS = [(S33, METRIC), (M33, METRIC, {"lower": False})]


@custom("scipy.linalg.eigh", examples=PAIRS, operands=("a", "b"), check=_general, result=factors.eigh)
def general_eigh(
    y_bar, y, a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True
):
    """For eigenvalues that differ, where the vectors count."""
    return lower_bar(eigh_bar(y_bar, y)), lower_bar(metric_bar(y_bar, y))


@general_eigh.case(_of_upper)
def _(y_bar, y, a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True):
    return (
        np.swapaxes(lower_bar(eigh_bar(y_bar, y)), -1, -2),
        np.swapaxes(lower_bar(metric_bar(y_bar, y)), -1, -2),
    )


@general_eigh.tangent_case(_of_upper)
def _(y, da, db, a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True):
    return general_eigh_tangent(
        from_lower(np.swapaxes(like(da, a), -1, -2)), from_lower(np.swapaxes(like(db, b), -1, -2)), y
    )


@general_eigh.tangent
def _(y, da, db, a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True):
    return general_eigh_tangent(from_lower(like(da, a)), from_lower(like(db, b)), y)


@composite(
    "scipy.linalg.eigh",
    examples=[(S33, METRIC, {"eigvals_only": True}), (S33, METRIC, {"eigvals_only": True, "lower": False})],
    operands=("a", "b"),
    check=_general_values,
    result=array,
)
def general_values(a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, check_finite=True):
    return scipy.linalg.eigh(a, b, lower=lower)[0]


@composite(
    "scipy.linalg.eigvalsh",
    examples=PAIRS,
    operands=("a", "b"),
    check=lambda args: _written(args, "lower", (True, False)),
    result=array,
)
def general_eigvalsh(a, b, *, lower=True, overwrite_a=False, overwrite_b=False, check_finite=True):
    return scipy.linalg.eigh(a, b, lower=lower)[0]


@custom("numpy.linalg.eig", examples=[(REAL,)])
def eig(y_bar, y, a):
    """For a real spectrum."""
    return eig_bar(y_bar, y)


@eig.tangent
def _(y, da, a):
    return eig_tangent(da, y)


@custom("numpy.linalg.eigvals", examples=[(REAL,)], result=array)
def eigvals(y_bar, a):
    """For a real spectrum."""
    return np.swapaxes(np.linalg.inv(real_spectrum(np.linalg.eig(a)[1])), -1, -2) @ (
        np.expand_dims(y_bar, -1) * np.swapaxes(np.linalg.eig(a)[1], -1, -2)
    )


@eigvals.tangent
def _(da, a):
    return np.copy(
        np.diagonal(np.linalg.solve(real_spectrum(np.linalg.eig(a)[1]), da @ np.linalg.eig(a)[1]), 0, -2, -1)
    )
