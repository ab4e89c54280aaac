"""Fourier transforms. A transposed transform is the transform itself: see `sct.rules.complex_numbers`."""

# mypy: allow-untyped-defs, allow-untyped-decorators
# The bodies are templates: read from their source, never executed. See `sct.rules.registry`.

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sct.rules.conditions import given
from sct.rules.registry import Match, composite, constant, linear
from sct.rules.results import array, same_numbers, signal, spectrum
from sct.rules.samples import M23, T234, V3, V4
from sct.rules.template import call, clone

if TYPE_CHECKING:
    import numpy as np

    from sct.runtime import fit_axes, fit_axis, irfft_bar, real_like


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


# Along several axes

OUTER = "np.outer(x, x[:3])"


def _axes_with_sizes(args):
    return "" if "s" not in args or "axes" in args else "s is given without axes"


@linear(
    "numpy.fft.fft2",
    "scipy.fft.fft2",
    result=spectrum,
    spelled=[f"np.abs(np.fft.fft2({OUTER})) ** 2", f"np.fft.fft2({OUTER}, (3, 5)).imag"],
)
def fft2(y_bar, a, s=None, axes=(-2, -1), norm=None):
    return np.fft.fft2(y_bar, axes=axes, norm=norm)


@fft2.case(given("s"))
def _(y_bar, a, s=None, axes=(-2, -1), norm=None):
    return fit_axes(np.fft.fft2(y_bar, axes=axes, norm=norm), a, axes)


@linear(
    "numpy.fft.ifft2",
    "scipy.fft.ifft2",
    result=spectrum,
    spelled=[f"np.fft.ifft2({OUTER} * (1 + 2j)).real", f"np.fft.ifft2({OUTER}, s=(3, 5)).imag"],
)
def ifft2(y_bar, a, s=None, axes=(-2, -1), norm=None):
    return np.fft.ifft2(y_bar, axes=axes, norm=norm)


@ifft2.case(given("s"))
def _(y_bar, a, s=None, axes=(-2, -1), norm=None):
    return fit_axes(np.fft.ifft2(y_bar, axes=axes, norm=norm), a, axes)


@linear(
    "numpy.fft.fftn",
    "scipy.fft.fftn",
    result=spectrum,
    check=_axes_with_sizes,
    spelled=[f"np.abs(np.fft.fftn({OUTER}, axes=(0,))) ** 2", f"np.fft.fftn({OUTER}, (2, 4), (0, 1)).imag"],
)
def fftn(y_bar, a, s=None, axes=None, norm=None):
    return np.fft.fftn(y_bar, axes=axes, norm=norm)


@fftn.case(given("s"))
def _(y_bar, a, s=None, axes=None, norm=None):
    return fit_axes(np.fft.fftn(y_bar, axes=axes, norm=norm), a, axes)


@linear(
    "numpy.fft.ifftn",
    "scipy.fft.ifftn",
    result=spectrum,
    check=_axes_with_sizes,
    spelled=[f"np.fft.ifftn({OUTER} * (1 + 2j)).imag", f"np.fft.ifftn({OUTER}, (2, 4), (0, 1)).imag"],
)
def ifftn(y_bar, a, s=None, axes=None, norm=None):
    return np.fft.ifftn(y_bar, axes=axes, norm=norm)


@ifftn.case(given("s"))
def _(y_bar, a, s=None, axes=None, norm=None):
    return fit_axes(np.fft.ifftn(y_bar, axes=axes, norm=norm), a, axes)


# Of real numbers along several axes: along one of them, and then of complex numbers along the others.


def _members(args: Mapping[str, ast.expr], name: str) -> Sequence[ast.expr] | None:
    """Return what a tuple or list as written holds, None where there is none."""
    node = args.get(name)
    return node.elts if isinstance(node, (ast.Tuple, ast.List)) else None


def _written_axes(args: Mapping[str, ast.expr]) -> str:
    for name in ("s", "axes"):
        node = args.get(name)
        if node is not None and getattr(node, "value", 0) is not None and not _members(args, name):
            return f"{name} is not written out"
    return ""


def _axes_of(match: Match) -> Sequence[ast.expr] | None:
    """Return the axes of a transform: the last ones, as many as there are sizes, where none are given."""
    axes, sizes = _members(match.args, "axes"), _members(match.args, "s")
    two = match.qualname.endswith("2")
    count = 2 if two else len(sizes) if sizes else 0
    last = [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=n)) for n in range(count, 0, -1)]
    return axes or last or None


def _along(name: str, a: ast.expr, match: Match, part: slice) -> ast.expr:
    """Return the transform of complex numbers along some of the axes."""
    axes, sizes = _axes_of(match), _members(match.args, "s")
    if not axes or not axes[part]:
        return a
    chosen: dict[str, ast.expr] = {"axes": ast.Tuple(elts=[clone(n) for n in axes[part]], ctx=ast.Load())}
    if sizes:
        chosen["s"] = ast.Tuple(elts=[clone(n) for n in sizes[part]], ctx=ast.Load())
    return call(f"numpy.fft.{name}", a, **chosen, **_norm(match))


def _norm(match: Match) -> dict[str, ast.expr]:
    return {"norm": clone(match.args["norm"])} if "norm" in match.args else {}


def _last(name: str, a: ast.expr, match: Match) -> ast.expr:
    """Return the transform of real numbers along the last of the axes."""
    axes, sizes = _axes_of(match), _members(match.args, "s")
    chosen: dict[str, ast.expr] = {"axis": clone(axes[-1])} if axes else {}
    if sizes:
        chosen["n"] = clone(sizes[-1])
    return call(f"numpy.fft.{name}", a, **chosen, **_norm(match))


def _forward(match: Match) -> ast.expr | None:
    if _axes_of(match) is None:
        return None
    return _along("fftn", _last("rfft", clone(match.args["a"]), match), match, slice(-1))


def _backward(match: Match) -> ast.expr | None:
    if _axes_of(match) is None:
        return None
    return _last("irfft", _along("ifftn", clone(match.args["a"]), match, slice(-1)), match)


@composite(
    "numpy.fft.rfft2",
    "scipy.fft.rfft2",
    operands=("a",),
    rewrite=_forward,
    check=_written_axes,
    result=spectrum,
    spelled=[f"np.abs(np.fft.rfft2({OUTER})) ** 2", f"np.fft.rfft2({OUTER}, (3, 5), norm='ortho').imag"],
)
def rfft2(a, s=None, axes=(-2, -1), norm=None): ...


@composite(
    "numpy.fft.irfft2",
    "scipy.fft.irfft2",
    operands=("a",),
    rewrite=_backward,
    check=_written_axes,
    result=signal,
    spelled=[f"np.fft.irfft2({OUTER} * (1 + 2j))", f"np.fft.irfft2({OUTER}, (3, 5))"],
)
def irfft2(a, s=None, axes=(-2, -1), norm=None): ...


@composite(
    "numpy.fft.rfftn",
    "scipy.fft.rfftn",
    operands=("a",),
    rewrite=_forward,
    check=_written_axes,
    result=spectrum,
    spelled=[f"np.abs(np.fft.rfftn({OUTER})) ** 2", f"np.fft.rfftn({OUTER}, axes=(1, 0)).imag"],
)
def rfftn(a, s=None, axes=None, norm=None):
    return np.fft.fftn(np.fft.rfft(a, norm=norm), axes=tuple(range(np.ndim(a) - 1)), norm=norm)


@composite(
    "numpy.fft.irfftn",
    "scipy.fft.irfftn",
    operands=("a",),
    rewrite=_backward,
    check=_written_axes,
    result=signal,
    spelled=[f"np.fft.irfftn({OUTER} * (1 + 2j))", f"np.fft.irfftn({OUTER}, (3, 4), (1, 0))"],
)
def irfftn(a, s=None, axes=None, norm=None):
    return np.fft.irfft(np.fft.ifftn(a, axes=tuple(range(np.ndim(a) - 1)), norm=norm), norm=norm)


# Of signals that are symmetric: the norm is that of the opposite direction.


def _plain_norm(args):
    return "" if getattr(args.get("norm"), "value", None) in (None, "ortho") else "it has no rule for this norm"


@composite(
    "numpy.fft.hfft",
    "scipy.fft.hfft",
    operands=("a",),
    check=_plain_norm,
    result=signal,
    spelled=["np.fft.hfft(x * (1 + 2j))", "np.fft.hfft(x, 5, norm='ortho')"],
)
def hfft(a, n=None, axis=-1, norm=None):
    return np.fft.irfft(np.conj(a), n, axis, "forward")


@hfft.case(given("norm"))
def _(a, n=None, axis=-1, norm=None):
    return np.fft.irfft(np.conj(a), n, axis, norm)


@composite(
    "numpy.fft.ihfft",
    "scipy.fft.ihfft",
    operands=("a",),
    check=_plain_norm,
    result=spectrum,
    spelled=["np.fft.ihfft(x).imag", "np.fft.ihfft(x, 5, norm='ortho').real"],
)
def ihfft(a, n=None, axis=-1, norm=None):
    return np.conj(np.fft.rfft(a, n, axis, "forward"))


@ihfft.case(given("norm"))
def _(a, n=None, axis=-1, norm=None):
    return np.conj(np.fft.rfft(a, n, axis, norm))


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


@linear("sct.runtime.fit_axes", examples=[(M23, T234[0], (0, 1))], operands=("s",), result=array)
def fit_axes_(y_bar, s, x, axes):
    return fit_axes(y_bar, s, axes)
