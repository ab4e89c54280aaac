"""The helpers of `sct.runtime` for decompositions, differentiated again: what they compute in one expression each."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.registry import composite, constant, linear
from sct.rules.results import array, first
from sct.rules.samples import M33, S33

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import gaps, over, real_spectrum, skew_lower, square_part

R33 = [[1.5, 0.0, 0.0], [0.4, -1.2, 0.0], [0.3, 0.7, 2.1]]
SPREAD = "np.outer(x, x) + np.diag([1.0, 2.0, 4.0, 7.0])"


@composite(
    "sct.runtime.eigh_bar",
    operands=("s", "y_"),
    result=array,
    spelled=[f"np.linalg.eigh({SPREAD})[1] ** 2"],
)
def eigh_bar(s, y_):
    return (
        y_[1]
        @ (
            over(np.swapaxes(y_[1], -1, -2) @ s[1], gaps(y_[0]))
            + np.expand_dims(s[0], -1) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y_[1], -1, -2)
    )


@composite("sct.runtime.eigh_tangent", operands=("da", "y_"), spelled=[f"np.linalg.eigh({SPREAD})[0] ** 2"])
def eigh_tangent(da, y_):
    return (
        np.copy(np.diagonal(np.swapaxes(y_[1], -1, -2) @ da @ y_[1], 0, -2, -1)),
        y_[1] @ over(np.swapaxes(y_[1], -1, -2) @ da @ y_[1], gaps(y_[0])),
    )


GENERAL = f"scipy.linalg.eigh({SPREAD}, np.outer(x, x) / 4 + np.eye(4))"


@composite("sct.runtime.metric_bar", operands=("s", "y_"), result=array, spelled=[f"{GENERAL}[1] ** 2"])
def metric_bar(s, y_):
    return (
        -y_[1]
        @ (
            (
                over(np.swapaxes(y_[1], -1, -2) @ s[1], gaps(y_[0]))
                + np.expand_dims(s[0], -1) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
            )
            * np.expand_dims(y_[0], -2)
            + 0.5 * (np.swapaxes(y_[1], -1, -2) @ s[1]) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y_[1], -1, -2)
    )


@composite("sct.runtime.general_eigh_tangent", operands=("da", "db", "y_"), spelled=[f"{GENERAL}[0] ** 2"])
def general_eigh_tangent(da, db, y_):
    return (
        np.copy(
            np.diagonal(
                np.swapaxes(y_[1], -1, -2) @ da @ y_[1]
                - np.expand_dims(y_[0], -2) * (np.swapaxes(y_[1], -1, -2) @ db @ y_[1]),
                0,
                -2,
                -1,
            )
        ),
        y_[1]
        @ (
            over(
                np.swapaxes(y_[1], -1, -2) @ da @ y_[1]
                - np.expand_dims(y_[0], -2) * (np.swapaxes(y_[1], -1, -2) @ db @ y_[1]),
                gaps(y_[0]),
            )
            - 0.5 * (np.swapaxes(y_[1], -1, -2) @ db @ y_[1]) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
        ),
    )


@composite("sct.runtime.eig_bar", operands=("s", "y_"), result=array, spelled=[f"np.linalg.eig({SPREAD})[1] ** 2"])
def eig_bar(s, y_):
    return (
        np.swapaxes(np.linalg.inv(real_spectrum(y_[1])), -1, -2)
        @ (
            over(
                np.swapaxes(y_[1], -1, -2) @ (s[1] - y_[1] * np.sum(y_[1] * s[1], -2, keepdims=True)),
                gaps(y_[0]),
            )
            + np.expand_dims(s[0], -1) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
        )
        @ np.swapaxes(y_[1], -1, -2)
    )


@composite("sct.runtime.eig_tangent", operands=("da", "y_"), spelled=[f"np.linalg.eig({SPREAD})[0] ** 2"])
def eig_tangent(da, y_):
    return (
        np.copy(np.diagonal(np.linalg.solve(real_spectrum(y_[1]), da @ y_[1]), 0, -2, -1)),
        y_[1] @ over(np.linalg.solve(y_[1], da @ y_[1]), gaps(y_[0]))
        - y_[1] * np.sum(y_[1] * (y_[1] @ over(np.linalg.solve(y_[1], da @ y_[1]), gaps(y_[0]))), -2, keepdims=True),
    )


@composite(
    "sct.runtime.svd_bar",
    operands=("s", "y_"),
    result=array,
    spelled=[f"np.linalg.svd({SPREAD})[0] ** 2"],
)
def svd_bar(s, y_):
    return (
        y_[0][..., : np.shape(y_[1])[-1]]
        @ (
            over(
                np.swapaxes(y_[0][..., : np.shape(y_[1])[-1]], -1, -2) @ s[0][..., : np.shape(y_[1])[-1]]
                - np.swapaxes(s[0][..., : np.shape(y_[1])[-1]], -1, -2) @ y_[0][..., : np.shape(y_[1])[-1]],
                gaps(y_[1] ** 2),
            )
            * np.expand_dims(y_[1], -2)
            + np.expand_dims(y_[1], -1)
            * over(
                y_[2][..., : np.shape(y_[1])[-1], :] @ np.swapaxes(s[2][..., : np.shape(y_[1])[-1], :], -1, -2)
                - s[2][..., : np.shape(y_[1])[-1], :] @ np.swapaxes(y_[2][..., : np.shape(y_[1])[-1], :], -1, -2),
                gaps(y_[1] ** 2),
            )
            + np.expand_dims(s[1], -1) * np.eye(np.shape(y_[1])[-1], dtype=np.bool_)
        )
        @ y_[2][..., : np.shape(y_[1])[-1], :]
        + over(
            s[0][..., : np.shape(y_[1])[-1]]
            - y_[0][..., : np.shape(y_[1])[-1]]
            @ (np.swapaxes(y_[0][..., : np.shape(y_[1])[-1]], -1, -2) @ s[0][..., : np.shape(y_[1])[-1]]),
            np.expand_dims(y_[1], -2),
        )
        @ y_[2][..., : np.shape(y_[1])[-1], :]
        + y_[0][..., : np.shape(y_[1])[-1]]
        @ over(
            s[2][..., : np.shape(y_[1])[-1], :]
            - (s[2][..., : np.shape(y_[1])[-1], :] @ np.swapaxes(y_[2][..., : np.shape(y_[1])[-1], :], -1, -2))
            @ y_[2][..., : np.shape(y_[1])[-1], :],
            np.expand_dims(y_[1], -1),
        )
    )


@composite("sct.runtime.svd_tangent", operands=("da", "y_"), spelled=[f"np.linalg.svd({SPREAD})[2] ** 2"])
def svd_tangent(da, y_):
    """For the vectors that a matrix determines: the rest have no tangents to differentiate again."""
    return (
        y_[0]
        @ over(
            (np.swapaxes(y_[0], -1, -2) @ da @ np.swapaxes(y_[2], -1, -2)) * np.expand_dims(y_[1], -2)
            + np.expand_dims(y_[1], -1) * (y_[2] @ np.swapaxes(da, -1, -2) @ y_[0]),
            gaps(y_[1] ** 2),
        )
        + over(
            da @ np.swapaxes(y_[2], -1, -2) - y_[0] @ (np.swapaxes(y_[0], -1, -2) @ da @ np.swapaxes(y_[2], -1, -2)),
            np.expand_dims(y_[1], -2),
        ),
        np.copy(np.diagonal((np.swapaxes(y_[0], -1, -2) @ da @ np.swapaxes(y_[2], -1, -2)), 0, -2, -1)),
        np.swapaxes(
            over(
                np.expand_dims(y_[1], -1) * (np.swapaxes(y_[0], -1, -2) @ da @ np.swapaxes(y_[2], -1, -2))
                + (y_[2] @ np.swapaxes(da, -1, -2) @ y_[0]) * np.expand_dims(y_[1], -2),
                gaps(y_[1] ** 2),
            ),
            -1,
            -2,
        )
        @ y_[2]
        + over(
            np.swapaxes(y_[0], -1, -2) @ da - (np.swapaxes(y_[0], -1, -2) @ da @ np.swapaxes(y_[2], -1, -2)) @ y_[2],
            np.expand_dims(y_[1], -1),
        ),
    )


@composite(
    "sct.runtime.qr_bar",
    operands=("s", "y_"),
    result=array,
    spelled=["np.linalg.qr(np.outer(x, x * x) + np.eye(4))[0]"],
)
def qr_bar(s, y_):
    return y_[0] @ s[1] + np.concatenate(
        (
            (
                s[0]
                + y_[0]
                @ (
                    np.tril(
                        np.swapaxes(y_[0], -1, -2) @ s[0]
                        - s[1] @ np.swapaxes(y_[1], -1, -2)
                        - np.swapaxes(s[0], -1, -2) @ y_[0]
                        + y_[1] @ np.swapaxes(s[1], -1, -2),
                        -1,
                    )
                    - np.swapaxes(y_[0], -1, -2) @ s[0]
                )
            )
            @ np.swapaxes(np.linalg.inv(y_[1][..., : square_part(y_[0], y_[1])]), -1, -2),
            np.zeros_like(y_[0] @ s[1][..., square_part(y_[0], y_[1]) :]),
        ),
        -1,
    )


@composite("sct.runtime.qr_tangent", operands=("da", "y_"), spelled=["np.linalg.qr(np.outer(x, x * x) + np.eye(4))[1]"])
def qr_tangent(da, y_):
    return (
        da[..., : square_part(y_[0], y_[1])] @ np.linalg.inv(y_[1][..., : square_part(y_[0], y_[1])])
        - y_[0]
        @ (
            np.swapaxes(y_[0], -1, -2)
            @ da[..., : square_part(y_[0], y_[1])]
            @ np.linalg.inv(y_[1][..., : square_part(y_[0], y_[1])])
        )
        + y_[0]
        @ skew_lower(
            np.swapaxes(y_[0], -1, -2)
            @ da[..., : square_part(y_[0], y_[1])]
            @ np.linalg.inv(y_[1][..., : square_part(y_[0], y_[1])])
        ),
        np.swapaxes(y_[0], -1, -2) @ da
        - skew_lower(
            np.swapaxes(y_[0], -1, -2)
            @ da[..., : square_part(y_[0], y_[1])]
            @ np.linalg.inv(y_[1][..., : square_part(y_[0], y_[1])])
        )
        @ y_[1],
    )


@constant("sct.runtime.square_part", "sct.runtime.pivoted")
def fixed_(q, r): ...


@linear("sct.runtime.unit_lower", examples=[(M33,)], result=array)
def unit_lower_(y_bar, a):
    return np.tril(y_bar, -1)


@unit_lower_.tangent
def _(da, a):
    return np.tril(da, -1)


@composite("sct.runtime.lu_slope", examples=[(M33, R33, S33)], result=array)
def lu_slope(da, lower, upper):
    return np.linalg.solve(lower, da) @ np.linalg.inv(upper)


@composite("sct.runtime.lu_bar", examples=[(M33, R33, S33)], result=array)
def lu_bar(s, lower, upper):
    return np.linalg.solve(np.swapaxes(lower, -1, -2), s @ np.swapaxes(np.linalg.inv(upper), -1, -2))


@linear("sct.runtime.real_values", examples=[(M33, S33)], operands=("y_",), result=first, memory="maybe")
def real_values_(y_bar, y_, a):
    return y_bar
