"""Complex numbers inside of real functions: the gradients are real and right, or the function is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special
from rules_support import differences, flat
from test_rules_whole import Program, Whole, noise

import sct

PROGRAMS = {
    "power_spectrum": "return np.sum(w * np.abs(np.fft.fft(x)) ** 2)",
    "real_part": "return np.sum(w * np.real(np.exp(1j * x)))",
    "property": "z = np.exp(1j * x) * w\n    return np.sum(z.real * z.imag)",
    "conjugate": "z = x + 1j * w\n    return np.sum((z * np.conj(z)).real + (z * z.conj()).real)",
    "rows": "m = np.stack([x, w])\n    z = m[0] + 1j * m[1]\n    return np.sum(np.real(z) ** 2 + np.imag(z))",
    "phase": "return np.sum(w * np.angle(x + 1j * w))",
    "absolute": "return np.sum(np.abs((x + 1j * w) ** 3))",
    "division": "return np.sum(np.abs(1 / (x + 2j * w)))",
    "round_trip": "return np.sum(w * np.real(np.fft.ifft(np.fft.fft(x) * np.exp(1j * w))))",
    "shifted": "return np.sum(w * np.abs(np.fft.fftshift(np.fft.fft(x))))",
    "rfft": "z = np.fft.rfft(x)\n    return np.sum(np.abs(z) ** 2) + np.sum(z.real) + np.sum(z.imag)",
    "rfft_odd": "z = np.fft.rfft(x[:3])\n    return np.sum(np.abs(z) ** 2) + np.sum(z.real * w[:2]) + np.sum(z.imag)",
    "rfft_longer": "z = np.fft.rfft(x, 7)\n    return np.sum(np.abs(z)) + np.sum(z.imag)",
    "irfft": "return np.sum(np.fft.irfft(np.fft.rfft(x) * np.exp(0.3j)) * w)",
    "irfft_odd": "return np.sum(np.fft.irfft(np.fft.rfft(x, n=5) * (1 + 0.5j), n=5) ** 2)",
    "irfft_norm": "return np.sum(np.fft.irfft(np.fft.rfft(x, norm='ortho') * 1j, norm='forward') * w)",
    "fft_cut": "return np.sum(np.abs(np.fft.fft(x, n=3)) ** 2) + np.sum(np.abs(np.fft.ifft(x, n=6)))",
    "fft2": "return np.sum(np.abs(np.fft.fft2(np.outer(x, w))) ** 2) + np.sum(np.fft.ifftn(np.outer(x, w)).real[0])",
    "matrices": "a = np.outer(x, w) + 1j * np.eye(4)\n    return np.sum(np.abs(np.linalg.solve(a, x)))",
    "inverse": "a = np.outer(x, w) + 2j * np.eye(4)\n    return np.abs(np.sum(np.linalg.inv(a) @ w))",
    "loop": "z = 1.0\n    for i in range(4):\n        z = z * np.exp(1j * x[i]) + w[i]\n    return abs(z)",
    "constructor": "z = complex(x[0], w[1])\n    return abs(z * z + w[0])",
    "arcsinh": "return np.sum(np.abs(np.arcsinh(x + 1j * w)))",
    "sine": "return np.sum(np.abs(np.sin(x + 1j * w)) + np.abs(np.sqrt(x + 1j * w)) + np.log(1j * x + w).real)",
    "written": "z = np.zeros(4, complex)\n    z[1:] = x[1:] * 1j\n    z[0] = w[0]\n    return np.sum(np.abs(z * w))",
    "einsum": "return np.abs(np.einsum('i,i->', np.exp(1j * x), w))",
}
X, W = np.array([0.7, -1.2, 2.1, 0.4]), np.array([1.4, 0.3, -0.8, 0.9])


@pytest.mark.parametrize("name", PROGRAMS)
def test_real_functions_of_complex_numbers(name: str) -> None:
    primal = Program(f"import numpy as np\n\n\ndef f(x, w):\n    {PROGRAMS[name]}\n")
    rng = np.random.default_rng(1)
    dx, dw = noise(rng, X), noise(rng, W)
    jvp = primal.derivative("f", "forward", (0, 1))["f_jvp"]
    reverse = primal.derivative("f", "reverse", (0, 1))
    _, dy = jvp(X, W, dx, dw)
    assert not np.iscomplexobj(dy)
    np.testing.assert_allclose(dy, differences(primal["f"], [X, W], [dx, dw])[0], rtol=1e-6)
    vjp = reverse["f_vjp"]
    bars = vjp(X, W, 1.0)[1]
    assert not any(map(np.iscomplexobj, bars)) and [b.shape for b in bars] == [(4,), (4,)]
    np.testing.assert_allclose(bars[0] @ dx + bars[1] @ dw, dy, rtol=1e-10)
    curvature = differences(lambda x, w: vjp(x, w, 1.0)[1], [X, W], [dx, dw])
    twice = reverse.derivative("f_vjp", "forward", (0, 1))["f_vjp_jvp"]
    dbars = twice(X, W, 1.0, dx, dw)[1][1]
    assert not any(map(np.iscomplexobj, dbars))
    np.testing.assert_allclose(flat(dbars), curvature, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "body",
    [
        "return np.linalg.norm(np.outer(np.exp(1j * x), x), 3)",
        "return np.linalg.eigh(np.outer(x, x) * 1j)[0][0]",
        "return np.nanstd(np.exp(1j * x))",
        "return np.max(np.exp(1j * x)).real",
        "return np.sum(w * np.sign(np.exp(1j * x)).real)",
        "return abs(sum([np.exp(1j * x[0]), x[1]]))",
        "return np.abs(np.linalg.qr(np.outer(x, x) + 1j)[1][0, 0])",
    ],
)
def test_what_holds_for_real_numbers_alone_is_refused(body: str) -> None:
    for mode in ("forward", "reverse"):
        with pytest.raises(sct.Refused):
            sct.transform(f"import numpy as np\n\n\ndef f(x, w):\n    {body}\n", "f", mode=mode)  # type: ignore[arg-type]


def use(program: str) -> Any:
    return sct.transform(program, "f", mode="reverse")


def test_real_code_is_not_touched() -> None:
    text = use("import numpy as np\n\n\ndef f(x):\n    return np.sum(np.abs(x) ** 2)\n")
    assert "np.real" not in text and "conj" not in text
    assert text.count("require_real") == 2  # the import and the guard


@pytest.mark.parametrize(
    "text",
    [
        "np.linalg.norm(x * 1j + np.exp(x)) * x",
        "np.linalg.norm(x * 1j + np.exp(x), 3, 0) * x",
        "np.linalg.norm(np.outer(x * 1j + np.exp(x), x), 1, axis=1)",
        "np.linalg.norm(x * 1j + np.exp(x), np.inf, 0) * x",
        "np.std(x * 1j + np.exp(x)) * np.var(x**2 * 1j + x)",
        "np.abs(np.vdot(x * 1j + np.exp(x), x**2 + 2j * x))",
        "np.abs(np.linalg.det(np.outer(x, x) + np.diag(1j * x))) * x",
        "np.abs(np.concatenate([x * 1j, x]) + 2 * np.hstack([x, x * 1j])) ** 2",
        "np.real(np.where(x > 0, x * 1j, 2 + 1j * x) ** 2)",
        "abs(complex(x[0], x[1])) * x",
        "np.abs(x * 1j + x**2) ** 3",
        "np.abs(np.correlate(x * 1j, x**2 + 1j))",
        "np.abs(np.correlate(x, x * 1j, 'full')) ** 2",
        "np.real(np.split(x * 1j + x**2, 2)[0] ** 2)",
        "np.abs((x * x) ** (x * 1j + 2)) ** 2",
    ],
)
def test_second_derivatives_of_complex_programs(text: str) -> None:
    primal = Program(f"import numpy as np\ndef f(x: np.ndarray):\n    return {text}\n")
    whole = Whole(primal, [np.array([0.7, -0.35, 1.3, 0.9])], (0,))
    whole.first()
    whole.second()


@pytest.mark.parametrize("text", ["np.abs(np.cov(z))", "np.linalg.eigh(np.outer(z, np.conj(z)))[0]"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_conjugates_is_refused(text: str, mode: Any) -> None:
    with pytest.raises(sct.Refused, match="complex numbers has no derivative rule"):
        sct.transform(
            f"import numpy as np\ndef f(x: np.ndarray):\n    z = x + 1j * x * x\n    return {text}\n", mode=mode
        )


@pytest.mark.parametrize(
    "text",
    [
        "np.abs((x * 1j + x**2)[0]) * x",
        "np.abs((x * 1j + x**2)[..., None])",
        "np.abs((np.expand_dims(x * 1j + 1, -2) @ (np.outer(x, x) + 1j))[..., 0, :])",
        "np.linalg.eigvalsh(np.outer(x + 1j * x**2, x - 1j * x**2) + np.diag(x))",
        "np.linalg.eigvalsh(np.outer(x + 1j * x**2, x - 1j * x**2) + np.diag(x), UPLO='U')",
        "np.abs(x ** (x * 1j + 2))",
    ],
)
@pytest.mark.parametrize("annotation", ["", ": np.ndarray"])
def test_parts_of_complex_numbers_are_complex(text: str, annotation: str) -> None:
    primal = Program(f"import numpy as np\ndef f(x{annotation}):\n    return {text}\n")
    Whole(primal, [np.array([0.7, -0.35, 1.3, 0.9])], (0,)).first()


@pytest.mark.parametrize(
    "text",
    [
        "complex(2, 1) * x",
        "np.fft.irfft2(x)",
        "np.fft.irfftn(x)",
        "np.abs(x * 1j + 1) * x",
        "np.var(x * 1j + x[0]) * x",
        "np.fft.fft(x) ** 2",
        "np.convolve(x[0], x[1])",
        "np.convolve(x[0], x[1], 'same')",
        "np.sinc(x)",
        "np.exp(1j * x)",
    ],
)
def test_complex_arguments_in_reverse_over_forward(text: str) -> None:
    rng = np.random.default_rng(3)

    def numbers(*shape: int) -> Any:
        return rng.normal(size=shape) + 1j * rng.normal(size=shape)

    primal = Program(f"import numpy as np\ndef f(x):\n    return {text}\n")
    forward = primal.derivative("f", "forward", (0,))
    x, dx, ddx, d2x, h = numbers(2, 4), numbers(2, 4), numbers(2, 4), numbers(2, 4), 1e-6
    y, dy = forward["f_jvp"](x, dx)
    moved = (forward["f_jvp"](x + s * h * ddx, dx + s * h * d2x)[1] for s in (1, -1))
    change = (next(moved) - next(moved)) / (2 * h)
    seed = rng.normal(size=np.shape(dy)) + (1j * rng.normal(size=np.shape(dy)) if np.iscomplexobj(dy) else 0)
    bars = forward.derivative("f_jvp", "reverse", (0, 1))["f_jvp_vjp"](x, dx, (np.zeros_like(y), seed))[1]
    found = np.sum(bars[0] * ddx + bars[1] * d2x).real
    np.testing.assert_allclose(found, np.sum(seed * change).real, rtol=1e-6)


def spread_of(x):
    """Has helpers, of which one alone makes a difference."""
    return shifted(np.sin(x)) + lengths(x, np.ones(3))


def shifted(x):
    return x + 2.0


def lengths(x, w):
    return np.sqrt(np.var(x * w, axis=0))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.abs(x),
        lambda x: abs(x[0]) * 2.0,
        lambda x: (x - x.mean()).std(),
        lambda x: np.linalg.norm(x),
        lambda x: np.linalg.svd(x, compute_uv=False),
        lambda x: np.linalg.eigvalsh(x),
        lambda x: np.linalg.norm(x, "nuc"),
        lambda x: np.sign(x) * x,
        lambda x: np.vdot(x, x),
        lambda x: scipy.linalg.cho_solve((x, True), x[0]),
        lambda x: scipy.linalg.solve(x, x[0], assume_a="sym"),
        lambda x: scipy.linalg.toeplitz(x[0]),
        lambda x: scipy.special.ive(1, x),
        lambda x: scipy.special.jve(2, x),
        lambda x: scipy.special.logsumexp(x, return_sign=True)[0],
        spread_of,
    ],
)
def test_complex_arguments_are_refused_where_real_ones_were_meant(function: Any) -> None:
    real = np.array([[2.0, 0.3, 0.1], [0.4, 1.0, 0.2], [0.5, 0.7, 3.0]])
    value = np.asarray(function(real))
    seed = np.ones(value.shape) if value.ndim else 1.0
    sct.vjp(function)(real, seed)
    sct.jvp(function)(real, real)
    for made, args in ((sct.vjp(function), (real + 0.5j, seed)), (sct.jvp(function), (real + 0.5j, real + 0.2j))):
        with pytest.raises(TypeError, match="x is complex: this derivative was generated for real numbers"):
            made(*args)


def weighted(x, y, n: int):
    return np.abs(x) * y**n


def stated(x: float, y: float):
    return abs(x) * np.linalg.norm([x, y])


def test_only_what_may_be_wrong_has_a_guard() -> None:
    assert "require_real('x', x)" in sct.vjp(weighted).source
    assert "require_real" not in sct.vjp(stated).source + sct.jvp(stated).source
    assert "require_real" not in sct.jvp(lambda x: np.exp(x) * np.maximum(x, 0.0)).source
    assert sct.vjp(sct.vjp(weighted)).source.count("require_real(") == 1


def least_times_the_imaginary_unit(x):
    """What is sorted is real, and so is its adjoint: it is added to one that is made of zeros."""
    r = np.maximum(np.array([x, 0.3, x]), x) * 2
    r[0] *= x
    s = sum([np.exp(-(x**2)) + q for q in r])
    ordered = sorted(r)
    return np.real((r @ r * s + 1j * ordered[0]) ** 2)


@pytest.mark.parametrize("x", [0.6637, 1.4])
def test_what_is_sorted_is_real(x: float) -> None:
    f = least_times_the_imaginary_unit
    assert sct.grad(f)(x) == pytest.approx((f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rel=1e-7)


def complex_in_a_case(x, n: int):
    match n:
        case 2:
            return x
        case 1 | 3:
            w = 1j - x
            x = x * np.linalg.norm(w)
    return x


def test_complex_numbers_in_the_cases_of_a_match() -> None:
    x, dx = np.array([0.7, -0.4]), np.array([0.3, 1.1])
    right = x @ dx / np.sqrt(x @ x + 2) * x + np.sqrt(x @ x + 2) * dx
    assert sct.jvp(complex_in_a_case)(x, 3, dx)[1] == pytest.approx(right, rel=1e-13)
    assert sct.vjp(complex_in_a_case)(x, 3, dx)[1] == pytest.approx(right, rel=1e-13)


def members_of_which_nothing_is_known(x, y, n: int):
    a = np.array([x, 0.3, x])
    held = {}
    for i in range(n):
        held[i] = a
    c = held[0] + a
    pair = [c, c]
    pair[0] *= y
    s = 0.0
    for v in held.values():
        s = s + np.sum(np.abs(v * 1j + y) ** 2)
    e = np.conj(held[0] * 1j) * pair[1]
    return s + np.real(np.sum(e * (1 + 2j))) * x


@pytest.mark.parametrize("wrt", ["x", "y"])
def test_adjoints_of_members_that_may_be_complex_are_real_where_these_are(wrt: str) -> None:
    f, x, y, h = members_of_which_nothing_is_known, 0.7, 0.3, 1e-6
    (a, b), (c, d) = ((x + h, y), (x - h, y)) if wrt == "x" else ((x, y + h), (x, y - h))
    assert sct.grad(f, wrt=wrt)(x, y, 2) == pytest.approx((f(a, b, 2) - f(c, d, 2)) / (2 * h), rel=1e-8)
