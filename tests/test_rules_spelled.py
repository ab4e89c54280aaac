"""Functions of NumPy, SciPy and math in the ways in which users call them: right in both modes, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rules_support import differences, flat, like_flat
from test_rules_whole import Program

import sct

HEAD = """\
import math

import numpy as np
import scipy.linalg
import scipy.special
import scipy.stats
from scipy import stats
from scipy.special import logsumexp
from scipy.stats import norm


def f(x: np.ndarray):
    return {}
"""
VALUES = {
    "V": np.array([0.7, -1.2, 2.1, 0.4]),
    "M": np.array([[0.5, -1.1, 2.3], [1.7, 0.9, -0.4]]),
    "S": np.array([[2.5, -0.3, 0.4], [-0.3, 1.7, 0.6], [0.4, 0.6, 3.1]]),
}
# By what x is: a vector, a matrix, a symmetric matrix.
RIGHT = {
    "M": """
        np.sum(x, axis=0, dtype=np.float64)
        x.sum(0)
        x.sum(axis=(0,1))
        np.sum(x > 0) * np.sum(x)
        np.std(x, axis=1, ddof=1)
        np.median(x, axis=0)
        np.percentile(x, [25, 50], axis=1)
        np.quantile(x, 0.3)
        np.cumprod(x, axis=1)
        np.gradient(x)[0]
        np.average(x, axis=0, weights=np.array([1., 2.]))
        np.block([[x, 2 * x]])
        np.hsplit(x, 3)[1]
        np.rot90(x)
        np.einsum("ij,kj->ik", x, x)
        np.einsum("ij->i", x)
        np.einsum("...j,...j->...", x, x)
        np.tensordot(x, x, axes=([0], [0]))
        np.linalg.multi_dot([x.T, x, x.T])
        np.linalg.pinv(x)
        np.linalg.lstsq(x.T, np.array([1., 2., 3.]), rcond=None)[0]
        np.linalg.svd(x, full_matrices=False)[1]
        np.linalg.svd(x, compute_uv=False)
        np.linalg.norm(x, axis=1)
        np.linalg.norm(x, "fro")
        np.linalg.norm(x, 2)
        np.moveaxis(x, 0, 1)
        np.cov(x)
        np.corrcoef(x)
        scipy.special.logsumexp(x, axis=1)
        scipy.special.softmax(x, axis=0)
        np.max(x, axis=0, keepdims=True)
        x.max() - x.min()
        x.mean(axis=-1)
        x.flatten()
        x.ravel()
        x.T @ x
        x.reshape(3, 2)
        x.reshape(-1)
        x.swapaxes(0, 1)
        np.sum(x, axis=None)
    """,
    "V": """
        np.logspace(x[0], 1.0, 3)
        np.geomspace(abs(x[0]), 3.0, 4)
        np.max(x, initial=0.0)
        np.sort(x)[::-1]
        np.sort(x)[-2:]
        np.argsort(x) * x
        np.cumsum(x)[-1] * x
        np.diff(x, n=2)
        np.gradient(x)
        np.gradient(x, 0.5)
        np.trapezoid(x, dx=0.1)
        np.trapezoid(x, np.array([0., 1., 3., 4.]))
        np.average(x, weights=np.array([1., 2., 3., 4.]))
        np.ptp(x)
        np.clip(x, 0, 1)
        np.clip(x, a_min=0, a_max=None)
        x.clip(0, 1)
        x.clip(min=0)
        np.where(x > 0, x, 0.1 * x)
        np.select([x > 1, x > 0], [x ** 2, x], default=0.5 * x)
        np.interp(0.3, np.array([0., 1., 2., 3.]), x)
        np.interp(x, np.array([-2., 1., 2., 3.]), np.array([1., 3., 2., 5.]))
        np.concatenate([x, x ** 2])
        np.stack([x, 2 * x], axis=-1)
        np.vstack((x, x))
        np.hstack([x, np.array([1.0])])
        np.column_stack([x, x * 2])
        np.dstack([x, x])
        np.split(x, 2)[0]
        np.array_split(x, 3)[1]
        np.tile(x, 2)
        np.repeat(x, 2)
        np.repeat(x, [1, 2, 3, 1])
        np.roll(x, 1)
        np.flip(x)
        np.pad(x, 1)
        np.pad(x, (1, 2), mode="edge")
        np.pad(x, 1, "constant", constant_values=3.0)
        np.append(x, 1.0)
        np.insert(x, 1, 5.0)
        np.delete(x, 0)
        np.meshgrid(x, x)[0]
        np.take(x, [0, 2])
        np.take_along_axis(x, np.argsort(x), 0)
        np.compress(np.array([True, False, True, True]), x)
        np.diag(x)
        np.vander(x, 3)
        np.bincount(np.array([0, 1, 1, 2]), weights=x)
        np.bincount(np.array([0, 1, 1, 2]), x, 5)
        np.histogram(np.array([0.1, 0.5, 0.6, 0.9]), bins=3, weights=x)[0]
        np.convolve(x, np.array([1., 2.]))
        np.convolve(x, x, "same")
        np.correlate(x, np.array([1., 2.]))
        np.polyval(x, 2.0)
        np.kron(x, x)
        np.einsum("i,i->", x, x)
        np.linalg.norm(x)
        np.linalg.norm(x, ord=1)
        np.linalg.norm(x, np.inf)
        np.add.reduce(x)
        np.multiply.reduce(x)
        np.maximum.reduce(x)
        np.add.accumulate(x)
        np.multiply.outer(x, x)
        np.nan_to_num(x)
        np.nansum(x)
        np.nanmean(x)
        np.heaviside(x, 0.5) * x
        np.fmod(x, 0.65)
        np.remainder(x, 0.65)
        np.divmod(x, 0.65)[1]
        np.float_power(np.abs(x), 2.5)
        np.logaddexp2(x, 1.0)
        np.sinc(x)
        np.i0(x)
        np.deg2rad(x)
        np.reciprocal(x)
        np.unique(x)
        np.broadcast_to(x, (3, 4))
        np.broadcast_arrays(x, np.zeros((3, 4)))[0]
        np.atleast_2d(x)
        np.expand_dims(x, 0)
        np.squeeze(x[None])
        np.outer(x, x)
        np.inner(x, x)
        np.vdot(x, x)
        np.full((2,), x[0])
        np.full_like(x, 2.0) * x
        np.fmax(x, 0.3)
        np.copysign(x, -1.0)
        np.hypot(x, 1.0)
        np.sqrt(np.abs(x))
        np.real(x)
        x.real
        np.conj(x)
        np.abs(np.exp(1j * x))
        np.real(np.exp(1j * x))
        np.fft.fft(x).real
        np.abs(np.fft.rfft(x)) ** 2
        np.real(np.fft.ifft(np.fft.fft(x) * 2))
        max(x[0], x[1], 0.0)
        sorted(x)[0]
        sum(x)
        sum([x[0], x[1]])
        abs(x)
        pow(x, 2)
        divmod(x[0], 0.3)[1]
        round(x[0], 1) * x[1]
        math.gamma(x[0])
        math.lgamma(x[0]) + math.erf(x[1])
        math.hypot(x[0], x[1], x[2])
        math.dist(x, [1.0, 2.0, 3.0, 4.0])
        math.fsum(x)
        math.prod(x)
        math.frexp(x[0])[0]
        math.modf(x[0])[0]
        scipy.special.logsumexp(x)
        scipy.special.erf(x)
        scipy.special.gammaln(x + 3)
        scipy.special.expit(x)
        scipy.special.xlogy(x + 2, x + 3)
        scipy.stats.norm.logpdf(x)
        scipy.stats.norm.pdf(x, loc=1.0, scale=2.0)
        norm.logpdf(x, 0.3, 1.2)
        logsumexp(x)
        x.prod()
        x.std()
        x.var(ddof=1)
        x.cumsum()
        x.dot(x)
        x.repeat(2)
        x.take([0, 1])
        x.astype(float)
        x.copy()
        x.round(2) * x
        x.argmax() * x
        x.tolist()[0]
        x[0].item()
        np.add(x, 1.0, out=None)
        np.linalg.norm(x[:, None] - x[None, :])
        np.mean((x - np.mean(x)) ** 2)
        np.nanmax(x)
        np.nanstd(x)
        np.linspace(x[0], x[1], 5)
        np.linspace(0, 1, 4) * x
        np.arange(4) * x
        np.eye(4) @ x
        np.identity(4) @ x
        np.tri(4) @ x
        np.array([x[0], x[1]])
        np.array([[x[0], 0.0], [1.0, x[1]]])
        np.asarray([x[0] * 2, x[1]])
        np.fromiter([x[0], x[1]], float)
    """,
    "S": """
        np.diagonal(x)
        np.tril(x)
        np.trace(x)
        np.cross(x, np.array([1., 2., 3.]))
        np.einsum("ii", x)
        np.linalg.matrix_power(x, 3)
        np.linalg.inv(x)
        np.linalg.solve(x, np.array([1., 2., 3.]))
        np.linalg.det(x)
        np.linalg.slogdet(x)[1]
        np.linalg.cholesky(x)
        np.linalg.qr(x)[1]
        np.linalg.qr(x)[0]
        np.linalg.eigh(x)[0]
        np.linalg.eigh(x)[1] ** 2
        np.linalg.eigvalsh(x)
        np.linalg.eigvals(x)
        np.linalg.cond(x)
        scipy.linalg.solve_triangular(x, np.ones(3), lower=True)
        scipy.linalg.cholesky(x)
        scipy.linalg.expm(x)
        scipy.linalg.cho_solve(scipy.linalg.cho_factor(x), np.ones(3))
        stats.multivariate_normal.logpdf(x[0], np.zeros(3), x)
        x.diagonal()
        x.trace()
    """,
}
REFUSED = {
    "M": """
        np.apply_along_axis(np.sum, 0, x)
        np.reshape(x, -1, order="A")
    """,
    "V": """
        np.r_["0,2", x, x]
        np.poly1d(x)(2.0)
        np.vectorize(lambda t: t * x)(2.0)
        np.vectorize(lambda t: t * t)(x)
        np.exp(x, where=x > 0)
        np.fromiter(x, float, count=2)
    """,
}


def uses(table: dict[str, str]) -> list[Any]:
    return [
        pytest.param(kind, line.strip(), id=line.strip())
        for kind, text in table.items()
        for line in text.split("\n")
        if line.strip()
    ]


@pytest.mark.parametrize(("kind", "expression"), uses(RIGHT))
def test_right(kind: str, expression: str) -> None:
    x = VALUES[kind]
    primal = Program(HEAD.format(expression))
    rng = np.random.default_rng(0)
    dx = rng.normal(size=x.shape)
    y = primal["f"](x)
    wanted = differences(primal["f"], [x], [dx])
    dy = primal.derivative("f", "forward", (0,))["f_jvp"](x, dx)[1]
    np.testing.assert_allclose(flat(dy), wanted, rtol=1e-5, atol=1e-7)
    seed = like_flat(rng.normal(size=len(flat(y))), y)
    (x_bar,) = primal.derivative("f", "reverse", (0,))["f_vjp"](x, seed)[1]
    assert x_bar.shape == x.shape and x_bar.dtype == np.float64
    np.testing.assert_allclose(flat(x_bar) @ flat(dx), flat(seed) @ flat(dy), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("kind", "expression"), uses(REFUSED))
def test_refused(kind: str, expression: str) -> None:
    for mode in ("forward", "reverse"):
        with pytest.raises(sct.Refused):
            sct.transform(HEAD.format(expression), "f", mode=mode)  # type: ignore[arg-type]
