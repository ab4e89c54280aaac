"""Complex numbers.

The adjoint of z = u + iv is dL/du - i dL/dv. With that a function that is holomorphic has the adjoint that the same
formula gives for real numbers, without conjugates, and a transposed matrix is that of the transform itself. What is
not holomorphic (real, imag, conj, angle and the absolute value) has its own rules. A real operand of a complex
result takes the real part, see `sct.rules.kinds`.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

from typing import TYPE_CHECKING

from sct.rules.conditions import is_complex
from sct.rules.elementwise import absolute
from sct.rules.registry import composite, custom, linear
from sct.rules.results import complex_scalar, part_of, real_part, same_numbers
from sct.rules.samples import V3
from sct.rules.shapes import second

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import over, real_like


@linear("numpy.real", "numpy.ndarray.real", examples=[(V3,), (1.5,)], memory="view", result=real_part)
def real(y_bar, z):
    return np.real(y_bar)


@linear("numpy.real_if_close", examples=[(V3,), (1.5,)], operands=("a",), memory="maybe", complex=False)
def real_if_close(y_bar, a, tol=100):
    """A real array is what it is; whether a complex one becomes real depends on its values."""
    return y_bar


@linear(
    "numpy.imag",
    "numpy.ndarray.imag",
    memory="view",
    result=real_part,
    spelled=["np.imag((x + 1j) ** 3)", "((x + 1j) ** 2).imag"],
)
def imag(y_bar, z):
    return real_like(-1j * np.real(y_bar), z)


@imag.case(is_complex("z"))
def _(y_bar, z):
    return -1j * np.real(y_bar)


@linear("numpy.conj", "numpy.conjugate", examples=[(V3,), (1.5,)], result=same_numbers)
def conj(y_bar, x):
    return np.conj(y_bar)


@linear(
    "numpy.ndarray.conj",
    "numpy.ndarray.conjugate",
    spelled=["((x + 1j).conj() * x).real", "((x + 2j).conjugate() ** 2).imag"],
    memory="maybe",  # of a real array it is the array itself; the function copies it
    result=same_numbers,
)
def conj_method(y_bar, x):
    return np.conj(y_bar)


def _in_degrees(args):
    return "" if getattr(args.get("deg"), "value", 0) is True else "deg is not written True or False"


@custom("numpy.angle", result=real_part, complex=True, spelled=["np.angle(x + 2j)"])
def angle(y_bar, z):
    """Zero at the origin, where there is no derivative."""
    return real_like(over(-1j * np.conj(z) * np.real(y_bar), np.real(z) ** 2 + np.imag(z) ** 2), z)


@angle.case(is_complex("z"))
def _(y_bar, z):
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


# The helpers, differentiated again


@linear("sct.runtime.real_parts", operands=("s",), memory="maybe", spelled=["np.abs(np.hstack([x * 1j, x])) ** 2"])
def real_parts_(y_bar, s, x):
    return y_bar


@linear("sct.runtime.as_complex", examples=[(V3, V3)], operands=("dx",), result=second)
def as_complex_(y_bar, dx, x):
    return real_like(y_bar, dx)


@linear(
    "sct.runtime.real_like",
    operands=("s",),
    memory="maybe",
    result=part_of,
    spelled=["np.abs(x * np.exp(1j * x)) ** 2"],
)
def real_like_(y_bar, s, x):
    return real_like(y_bar, x)
