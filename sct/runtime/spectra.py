"""Adjoints of Fourier transforms, and real parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .structures import save


def real_like(s: Any, x: Any) -> Any:
    """Return the real part of an adjoint where its operand `x` is real, else the adjoint itself; so of every member."""
    if isinstance(x, dict) and isinstance(s, dict):
        return {key: real_like(bar, x[key]) for key, bar in s.items()}
    if isinstance(x, (list, tuple)) and isinstance(s, (list, tuple)):
        parts = [real_like(bar, member) for bar, member in zip(s, x, strict=True)]
        if isinstance(s, list):
            return parts
        return type(s)(*parts) if hasattr(s, "_fields") else tuple(parts)
    return s if s is None or np.iscomplexobj(x) else np.real(s)


def as_complex(dx: Any, x: Any) -> Any:
    """Return the tangent of `x` in memory of its own, of complex numbers where `x` is: some may be written into it."""
    if isinstance(dx, np.ndarray) and isinstance(x, np.ndarray):
        return dx.astype(np.result_type(dx, np.complex64) if x.dtype.kind == "c" else dx.dtype)
    return save(dx)


def real_parts(s: Any, x: Any) -> Any:
    """Return the adjoints of the members of a sequence, the real parts of those whose members are real."""
    if isinstance(x, (list, tuple)):
        return [real_parts(bar, member) for bar, member in zip(s, x, strict=True)]
    return real_like(s, x)


def fit_axis(s: Any, x: Any, axis: int = -1) -> Any:
    """Return `s` cut off, or filled up with zeros, along `axis` to the length of `x`: the adjoint of doing that."""
    n, wanted = np.shape(s)[axis], np.shape(x)[axis]
    cut = np.moveaxis(s, axis, -1)[..., :wanted]
    ends = [(0, 0)] * (np.ndim(s) - 1) + [(0, max(wanted - n, 0))]
    return np.moveaxis(np.pad(cut, ends), -1, axis)


def fit_axes(s: Any, x: Any, axes: Any) -> Any:
    """Return `s` cut off, or filled up with zeros, along some axes to the lengths of `x`."""
    for axis in axes:
        s = fit_axis(s, x, axis)
    return s


def irfft_bar(s: Any, a: Any, axis: int = -1, norm: Any = None) -> Any:
    """Return the adjoint of `a` in ``np.fft.irfft(a, n, axis, norm)``.

    Parameters
    ----------
    s : ndarray
        The adjoint of the result, real.
    a : ndarray
        The operand.
    axis, norm
        As `np.fft.irfft` had them.

    Returns
    -------
    ndarray
        The adjoint, complex, in the shape of `a`: all frequencies but the first, and the last of an even number,
        stand for their opposites too.
    """
    n = np.shape(s)[axis]
    opposite: Any = {"backward": "forward", "forward": "backward", "ortho": "ortho"}[norm or "backward"]
    bar = np.conj(np.moveaxis(np.fft.rfft(np.real(s), axis=axis, norm=opposite), axis, -1))
    bar[..., 1 : (n + 1) // 2] *= 2
    return fit_axis(np.moveaxis(bar, -1, axis), a, axis)


def scaled_ends(s: Any, first: float, last: float, axis: int = -1) -> Any:
    """Return a copy of `s` with the first and the last part along `axis` scaled."""
    scaled = np.moveaxis(np.array(s), axis, -1)
    scaled[..., 0] *= first
    scaled[..., -1] *= last
    return np.moveaxis(scaled, -1, axis)
