"""Complex numbers and Fourier transforms.

The adjoint of z = u + iv is dL/du - i dL/dv. With that a function that is holomorphic has the adjoint that the same
formula gives for real numbers, without conjugates, and a transposed matrix is that of the transform itself. What is
not holomorphic (real, imag, conj, angle and the absolute value) has its own rules. A real operand of a complex
result takes the real part, see `sct.rules.kinds`.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import given, is_complex
from sct.rules.elementwise import absolute
from sct.rules.registry import composite, constant, custom, linear
from sct.rules.results import array, complex_scalar, part_of, real_part, same_numbers, signal, spectrum
from sct.rules.samples import M23, T234, V3, V4

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import fit_axis, irfft_bar, over, real_like


@linear("numpy.real", "numpy.ndarray.real", examples=[(V3,), (1.5,)], memory="view", result=real_part)
def real(y_bar, z):
    return np.real(y_bar)


@linear(
    "numpy.imag",
    "numpy.ndarray.imag",
    memory="view",
    result=real_part,
    spelled=["np.imag((x + 1j) ** 3)", "((x + 1j) ** 2).imag"],
)
def imag(y_bar, z):
    return -1j * np.real(y_bar)


@linear(
    "numpy.conj",
    "numpy.conjugate",
    "numpy.ndarray.conj",
    "numpy.ndarray.conjugate",
    examples=[(V3,), (1.5,)],
    memory="maybe",
    result=same_numbers,
)
def conj(y_bar, x):
    return np.conj(y_bar)


def _in_degrees(args):
    return "" if getattr(args.get("deg"), "value", 0) is True else "deg is not written True or False"


@custom("numpy.angle", result=real_part, complex=True, spelled=["np.angle(x + 2j)"])
def angle(y_bar, z):
    """Zero at the origin, where there is no derivative."""
    return over(-1j * np.conj(z) * np.real(y_bar), np.real(z) ** 2 + np.imag(z) ** 2)


@angle.tangent
def _(dz, z):
    return over(np.imag(np.conj(z) * dz), np.real(z) ** 2 + np.imag(z) ** 2)


@composite("numpy.angle", operands=("z",), spelled=["np.angle(x + 2j, deg=True)"], check=_in_degrees, result=real_part)
def angle_in_degrees(z, deg=False):
    return np.degrees(np.angle(z))


@composite("builtins.complex", operands=("re", "im"), result=complex_scalar, spelled=["abs(complex(x[0], x[1])) * x"])
def complex_(re, im=0.0):
    return re + 1j * im


@absolute.case(is_complex("x"))
def _(y, x):
    """Zero at 0."""
    return over(np.conj(x), y)


@absolute.tangent_case(is_complex("x"))
def _(y, dx, x):
    return over(np.real(np.conj(x) * dx), y)


# Fourier transforms

LINES = [(V4,), (V3,), (M23,), (M23, {"axis": 0}), (V4, {"norm": "ortho"}), (V4, {"n": 6}), (V4, {"n": 3})]


@linear(
    "numpy.fft.fft",
    "scipy.fft.fft",
    result=spectrum,
    spelled=["np.abs(np.fft.fft(x)) ** 2", "np.fft.fft(x, 6).real", "scipy.fft.fft(x, norm='ortho').imag"],
)
def fft(y_bar, a, n=None, axis=-1, norm=None):
    return np.fft.fft(y_bar, axis=axis, norm=norm)


@fft.case(given("n"))
def _(y_bar, a, n=None, axis=-1, norm=None):
    return fit_axis(np.fft.fft(y_bar, axis=axis, norm=norm), a, axis)


@linear(
    "numpy.fft.ifft",
    "scipy.fft.ifft",
    result=spectrum,
    spelled=["np.fft.ifft(x * (1 + 2j)).real", "np.fft.ifft(x, 3).imag"],
)
def ifft(y_bar, a, n=None, axis=-1, norm=None):
    return np.fft.ifft(y_bar, axis=axis, norm=norm)


@ifft.case(given("n"))
def _(y_bar, a, n=None, axis=-1, norm=None):
    return fit_axis(np.fft.ifft(y_bar, axis=axis, norm=norm), a, axis)


@linear(
    "numpy.fft.rfft",
    "scipy.fft.rfft",
    result=spectrum,
    spelled=["np.abs(np.fft.rfft(x)) ** 2", "np.fft.rfft(x, 5).real"],
)
def rfft(y_bar, a, n=None, axis=-1, norm=None):
    return np.real(np.fft.fft(y_bar, np.shape(a)[axis], axis, norm))


@rfft.case(given("n"))
def _(y_bar, a, n=None, axis=-1, norm=None):
    return fit_axis(np.real(np.fft.fft(y_bar, n, axis, norm)), a, axis)


@linear(
    "numpy.fft.irfft",
    "scipy.fft.irfft",
    result=signal,
    spelled=["np.fft.irfft(x * (1 + 2j))", "np.fft.irfft(np.fft.rfft(x) ** 2, 5)"],
)
def irfft(y_bar, a, n=None, axis=-1, norm=None):
    return real_like(irfft_bar(y_bar, a, axis, norm), a)


@linear("numpy.fft.fft2", "scipy.fft.fft2", result=spectrum, spelled=["np.abs(np.fft.fft2(np.outer(x, x[:3]))) ** 2"])
def fft2(y_bar, a, *, axes=(-2, -1), norm=None):
    return np.fft.fft2(y_bar, axes=axes, norm=norm)


@linear(
    "numpy.fft.ifft2", "scipy.fft.ifft2", result=spectrum, spelled=["np.fft.ifft2(np.outer(x, x[:3]) * (1 + 2j)).real"]
)
def ifft2(y_bar, a, *, axes=(-2, -1), norm=None):
    return np.fft.ifft2(y_bar, axes=axes, norm=norm)


@linear(
    "numpy.fft.fftn",
    "scipy.fft.fftn",
    result=spectrum,
    spelled=["np.abs(np.fft.fftn(np.outer(x, x[:3]), axes=(0,))) ** 2"],
)
def fftn(y_bar, a, *, axes=None, norm=None):
    return np.fft.fftn(y_bar, axes=axes, norm=norm)


@linear(
    "numpy.fft.ifftn", "scipy.fft.ifftn", result=spectrum, spelled=["np.fft.ifftn(np.outer(x, x[:3]) * (1 + 2j)).imag"]
)
def ifftn(y_bar, a, *, axes=None, norm=None):
    return np.fft.ifftn(y_bar, axes=axes, norm=norm)


@linear(
    "numpy.fft.fftshift", "scipy.fft.fftshift", examples=[(V4,), (V3,), (M23, 1), (T234, (0, 1))], result=same_numbers
)
def fftshift(y_bar, x, axes=None):
    return np.fft.ifftshift(y_bar, axes)


@linear("numpy.fft.ifftshift", "scipy.fft.ifftshift", examples=[(V4,), (V3,), (M23, 1)], result=same_numbers)
def ifftshift(y_bar, x, axes=None):
    return np.fft.fftshift(y_bar, axes)


@constant("numpy.fft.fftfreq", "numpy.fft.rfftfreq", "scipy.fft.fftfreq", "scipy.fft.rfftfreq", result=array)
def frequencies(n): ...


# The helpers, differentiated again


@linear("sct.runtime.fit_axis", examples=[(M23, T234[0], 1), (M23, [[1.0], [2.0]], 1)], operands=("s",), result=array)
def fit_axis_(y_bar, s, x, axis=-1):
    return fit_axis(y_bar, s, axis)


@linear("sct.runtime.irfft_bar", operands=("s",), result=spectrum, spelled=["np.fft.irfft(x * (1 + 2j)) ** 2"])
def irfft_bar_(y_bar, s, a, axis=-1, norm=None):
    return np.fft.irfft(y_bar, np.shape(s)[axis], axis, norm)


@linear("sct.runtime.real_like", operands=("s",), result=part_of, spelled=["np.abs(x * np.exp(1j * x)) ** 2"])
def real_like_(y_bar, s, x):
    return real_like(y_bar, x)
