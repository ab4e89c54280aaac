"""Decompositions of matrices. The last two axes are those of the matrix.

`cholesky` and `eigh` read the lower triangle alone, and so do their adjoints write into it alone.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules import ranks
from sct.rules.registry import custom
from sct.rules.results import array
from sct.rules.samples import M23, M33, S33, T233, V3, W3

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import economic, from_lower, gaps, lower_bar, lower_half, over, real_spectrum, skew_lower, tall


@custom("numpy.linalg.cholesky", examples=[(S33,), ([S33, S33],)], result=array, rank=ranks.same)
def cholesky(y_bar, y, a):
    return lower_bar(
        np.linalg.solve(np.swapaxes(y, -1, -2), lower_half(np.swapaxes(y, -1, -2) @ y_bar) @ np.linalg.inv(y))
    )


@cholesky.tangent
def _(y, da, a):
    return y @ lower_half(np.linalg.solve(y, from_lower(da)) @ np.swapaxes(np.linalg.inv(y), -1, -2))


@custom("numpy.linalg.eigh", examples=[(S33,), ([S33, S33],)])
def eigh(y_bar, y, a):
    return lower_bar(
        y[1]
        @ (
            over(np.swapaxes(y[1], -1, -2) @ y_bar[1], gaps(y[0]))
            + np.expand_dims(y_bar[0], -1) * np.eye(np.shape(a)[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y[1], -1, -2)
    )


@eigh.tangent
def _(y, da, a):
    return (
        (
            np.copy(np.diagonal(np.swapaxes(y[1], -1, -2) @ from_lower(da) @ y[1], 0, -2, -1)),
            y[1] @ over(np.swapaxes(y[1], -1, -2) @ from_lower(da) @ y[1], gaps(y[0])),
        ),
    )


@custom("numpy.linalg.eigvalsh", "scipy.linalg.eigvalsh", examples=[(S33,), ([S33, S33],)], result=array)
def eigvalsh(y_bar, a):
    return lower_bar((np.linalg.eigh(a)[1] * np.expand_dims(y_bar, -2)) @ np.swapaxes(np.linalg.eigh(a)[1], -1, -2))


@eigvalsh.tangent
def _(da, a):
    return np.sum(np.linalg.eigh(a)[1] * (from_lower(da) @ np.linalg.eigh(a)[1]), -2)


REAL = [[2.0, 0.3, -0.4], [0.7, -1.0, 0.5], [-0.2, 0.6, 4.0]]


@custom("numpy.linalg.eig", examples=[(REAL,)])
def eig(y_bar, y, a):
    """For a real spectrum."""
    return (
        np.swapaxes(np.linalg.inv(real_spectrum(y[1])), -1, -2)
        @ (
            over(
                np.swapaxes(y[1], -1, -2) @ y_bar[1]
                - np.swapaxes(y[1], -1, -2) @ (y[1] * np.sum(y[1] * y_bar[1], -2, keepdims=True)),
                gaps(y[0]),
            )
            + np.expand_dims(y_bar[0], -1) * np.eye(np.shape(a)[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y[1], -1, -2)
    )


@eig.tangent
def _(y, da, a):
    return (
        (
            np.copy(np.diagonal(np.linalg.solve(real_spectrum(y[1]), da @ y[1]), 0, -2, -1)),
            y[1] @ over(np.linalg.solve(y[1], da @ y[1]), gaps(y[0]))
            - y[1] * np.sum(y[1] * (y[1] @ over(np.linalg.solve(y[1], da @ y[1]), gaps(y[0]))), -2, keepdims=True),
        ),
    )


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


def _reduced(args):
    mode = args.get("mode")
    return "" if mode is None or getattr(mode, "value", "") == "reduced" else "it has no rule for this mode"


TALL = [V3, W3, [0.2, 1.9, -0.4], [1.1, 0.3, 0.6]]


@custom("numpy.linalg.qr", examples=[(M33,), (TALL,), (T233,)], check=_reduced)
def qr(y_bar, y, a, mode="reduced"):
    """For matrices of full rank that are not wider than high."""
    return (
        y_bar[0] + y[0] @ from_lower(y[1] @ np.swapaxes(y_bar[1], -1, -2) - np.swapaxes(y_bar[0], -1, -2) @ y[0])
    ) @ np.swapaxes(np.linalg.inv(tall(y[1])), -1, -2)


@qr.tangent
def _(y, da, a, mode="reduced"):
    return (
        (
            da @ np.linalg.inv(tall(y[1]))
            - y[0] @ (np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1]))
            + y[0] @ skew_lower(np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1])),
            np.swapaxes(y[0], -1, -2) @ da - skew_lower(np.swapaxes(y[0], -1, -2) @ da @ np.linalg.inv(y[1])) @ y[1],
        ),
    )


def _with_vectors(args):
    uv = args.get("compute_uv")
    return "" if uv is None or getattr(uv, "value", None) is True else "compute_uv is not written True or False"


def _without_vectors(args):
    return "" if getattr(args.get("compute_uv"), "value", None) is False else "compute_uv is not written True or False"


@custom(
    "numpy.linalg.svd",
    examples=[(M23, {"compute_uv": False}), (M33, {"compute_uv": False})],
    operands=("a",),
    check=_without_vectors,
    result=array,
)
def svd_values(y_bar, a, full_matrices=True, compute_uv=True):
    return (np.linalg.svd(a, full_matrices=False)[0] * np.expand_dims(y_bar, -2)) @ np.linalg.svd(
        a, full_matrices=False
    )[2]


@svd_values.tangent
def _(da, a, full_matrices=True, compute_uv=True):
    return np.sum(
        np.linalg.svd(a, full_matrices=False)[0] * (da @ np.swapaxes(np.linalg.svd(a, full_matrices=False)[2], -1, -2)),
        -2,
    )


@custom("numpy.linalg.svdvals", "scipy.linalg.svdvals", examples=[(M23,), (M33,)], result=array)
def svdvals(y_bar, x):
    return (np.linalg.svd(x, full_matrices=False)[0] * np.expand_dims(y_bar, -2)) @ np.linalg.svd(
        x, full_matrices=False
    )[2]


@svdvals.tangent
def _(dx, x):
    return np.sum(
        np.linalg.svd(x, full_matrices=False)[0] * (dx @ np.swapaxes(np.linalg.svd(x, full_matrices=False)[2], -1, -2)),
        -2,
    )


@custom(
    "numpy.linalg.svd",
    examples=[(M23, False), (M33,), (TALL, {"full_matrices": False}), (T233, False)],
    check=_with_vectors,
)
def svd(y_bar, y, a, full_matrices=True, compute_uv=True):
    """For singular values that differ, and are not zero where the vectors count."""
    return (
        economic(y[0], y[2])
        @ (
            over(np.swapaxes(y[0], -1, -2) @ y_bar[0] - np.swapaxes(y_bar[0], -1, -2) @ y[0], gaps(y[1] ** 2))
            * np.expand_dims(y[1], -2)
            + np.expand_dims(y[1], -1)
            * over(y[2] @ np.swapaxes(y_bar[2], -1, -2) - y_bar[2] @ np.swapaxes(y[2], -1, -2), gaps(y[1] ** 2))
            + np.expand_dims(y_bar[1], -1) * np.eye(np.shape(y[1])[-1], dtype=np.bool_)
        )
        @ y[2]
        + over(y_bar[0] - y[0] @ (np.swapaxes(y[0], -1, -2) @ y_bar[0]), np.expand_dims(y[1], -2)) @ y[2]
        + y[0] @ over(y_bar[2] - (y_bar[2] @ np.swapaxes(y[2], -1, -2)) @ y[2], np.expand_dims(y[1], -1))
    )


@svd.tangent
def _(y, da, a, full_matrices=True, compute_uv=True):
    return (
        (
            economic(y[0], y[2])
            @ over(
                (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)) * np.expand_dims(y[1], -2)
                + np.expand_dims(y[1], -1) * (y[2] @ np.swapaxes(da, -1, -2) @ y[0]),
                gaps(y[1] ** 2),
            )
            + over(
                da @ np.swapaxes(y[2], -1, -2) - y[0] @ (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)),
                np.expand_dims(y[1], -2),
            ),
            np.copy(np.diagonal((np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)), 0, -2, -1)),
            np.swapaxes(
                over(
                    np.expand_dims(y[1], -1) * (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2))
                    + (y[2] @ np.swapaxes(da, -1, -2) @ y[0]) * np.expand_dims(y[1], -2),
                    gaps(y[1] ** 2),
                ),
                -1,
                -2,
            )
            @ y[2]
            + over(
                np.swapaxes(y[0], -1, -2) @ da - (np.swapaxes(y[0], -1, -2) @ da @ np.swapaxes(y[2], -1, -2)) @ y[2],
                np.expand_dims(y[1], -1),
            ),
        ),
    )
