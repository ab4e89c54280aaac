"""Functions whose results are copies of elements of their operand: what they do to positions tells the adjoint."""

from __future__ import annotations

from typing import Any

import numpy as np

from .shapes import astype_like, unbroadcast


def positions(x: Any) -> Any:
    """Return the flat position of each element of `x`, in the shape of `x`."""
    return np.arange(np.size(x)).reshape(np.shape(x))


def nowhere(x: Any) -> Any:
    """Return -1, which is the position of no element, in the shape of `x`."""
    return np.full(np.shape(x), -1)


def gather(x: Any, source: Any) -> Any:
    """Return the elements of `x` at the flat positions `source`, and zero where a position is negative.

    Parameters
    ----------
    x : float or ndarray
        What to read.
    source : ndarray of int
        The positions.

    Returns
    -------
    ndarray
        A fresh array of the shape of `source`.
    """
    flat = np.ravel(x)
    if not flat.size:
        return np.zeros(np.shape(source), flat.dtype)
    return np.where(np.less(source, 0), flat.dtype.type(0), flat[source])


def gather_bar(s: Any, x: Any, source: Any) -> Any:
    """Return the adjoint of `x` where each element of a result is a copy of an element of `x`: sums over the copies.

    Parameters
    ----------
    s : float or ndarray
        The adjoint of the result, of a shape that broadcasts to that of `source`.
    x : float or ndarray
        The operand.
    source : ndarray of int
        The flat position of the element that each element of the result is a copy of; negative for none.

    Returns
    -------
    float or ndarray
        The adjoint, in the shape of `x`.
    """
    s, dtype = np.asarray(s), np.asarray(x).dtype
    bar = np.zeros(np.size(x) + 1, dtype if dtype.kind == "f" and s.dtype.kind != "c" else s.dtype)
    np.add.at(bar, np.where(np.less(source, 0), -1, source), s)
    return bar[:-1].reshape(np.shape(x))[()]


def histogram_bar(s: Any, a: Any, edges: Any) -> Any:
    """Return the adjoint of the weights in ``np.histogram(a, edges, weights=...)``; elements in no bin have none."""
    a = np.asarray(a)
    inside = np.greater_equal(a, edges[0]) & np.less_equal(a, edges[-1])
    bin_of = np.minimum(np.searchsorted(edges, a, "right") - 1, len(edges) - 2)
    return np.where(inside, np.asarray(s)[bin_of], 0.0)


def meshgrid_bar(s: Any, parts: Any, indexing: str = "xy") -> Any:
    """Return the adjoints of the vectors in ``np.meshgrid(*parts, indexing=indexing)``.

    Parameters
    ----------
    s : sequence of ndarray
        The adjoints of the grids.
    parts : sequence of ndarray
        The vectors.
    indexing : str
        As `np.meshgrid` had it.

    Returns
    -------
    list of ndarray
        The adjoints, each in the shape of its vector.
    """
    bars = []
    for i, (bar, part) in enumerate(zip(s, parts, strict=True)):
        axis = 1 - i if indexing == "xy" and i < 2 and len(parts) > 1 else i
        rest = tuple(k for k in range(np.ndim(bar)) if k != axis)
        bars.append(np.reshape(np.sum(bar, axis=rest), np.shape(part)))
    return bars


def block_bar(s: Any, arrays: Any) -> Any:
    """Return the adjoints of the arrays in ``np.block(arrays)``, in the same nesting of lists."""
    count = [0]
    places = _numbered(arrays, count)
    return _cut_at(gather_bar(s, np.zeros(count[0], np.asarray(s).dtype), np.block(places)), places)


def _numbered(node: Any, count: list[int]) -> Any:
    """Return nested lists of positions, counted through all arrays; `count` is how many there are so far."""
    if isinstance(node, list):
        return [_numbered(member, count) for member in node]
    start = count[0]
    count[0] += int(np.size(node))
    return start + positions(node)


def _cut_at(bar: Any, places: Any) -> Any:
    """Return the elements of `bar` at nested lists of positions."""
    return [_cut_at(bar, member) for member in places] if isinstance(places, list) else bar[places]


def broadcast_bar(s: Any, arrays: Any) -> Any:
    """Return the adjoints of the arrays in ``np.broadcast_arrays(*arrays)``."""
    return [unbroadcast(np.asarray(bar), x) for bar, x in zip(s, arrays, strict=True)]


def broadcast_tangent(dx: Any, y: Any) -> Any:
    """Return the tangents of the results `y` of ``np.broadcast_arrays``: views of tangents, as they are of values."""
    pairs = [
        (d if isinstance(d, np.ndarray) else np.full(np.shape(v), d), np.shape(v)) for d, v in zip(dx, y, strict=True)
    ]
    return tuple(d if d.shape == shape else np.broadcast_to(d, shape) for d, shape in pairs)


def convolve_bar(s: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """Return the adjoint of `a` in ``np.convolve(a, v, mode)``; `s` is that of the result."""
    full = np.zeros(np.size(a) + np.size(v) - 1, np.asarray(s).dtype)
    full[_kept(np.size(a), np.size(v), mode)] = s
    bar = astype_like(np.correlate(full, np.conj(np.atleast_1d(v)), "valid"), a)  # of a number doubles were made
    return np.reshape(bar, np.shape(a)) if np.ndim(a) else bar[0]


def coefficients(p: Any) -> Any:
    """Return the coefficients `p` of one polynomial."""
    if np.ndim(p) > 1:
        raise TypeError(f"p must be the coefficients of one polynomial here, not an array of shape {np.shape(p)}")
    return p


def centred(a: Any, v: Any) -> slice:
    """Return the part of ``np.correlate(a, v, "full")`` that the mode "same" keeps."""
    start = len(a) // 2 if len(a) < len(v) else (len(v) - 1) // 2
    return slice(start, start + max(len(a), len(v)))


def _kept(m: int, n: int, mode: str) -> slice:
    """Return the part of the convolution of `m` and `n` numbers that `mode` keeps."""
    short, long = sorted((m, n))
    if mode == "same":
        return slice((short - 1) // 2, (short - 1) // 2 + long)
    return slice(short - 1, long) if mode == "valid" else slice(None)


def whole_convolution(s: Any, a: Any, b: Any, mode: str = "full") -> Any:
    """Return the adjoint of the whole of ``scipy.signal.convolve(a, b)`` from that of the part that `mode` keeps."""
    whole = np.zeros([m + n - 1 for m, n in zip(np.shape(a), np.shape(b), strict=True)], np.asarray(s).dtype)
    whole[_kept_of_images(a, b, mode)] = s
    return whole


def part_of_convolution(s: Any, a: Any, b: Any, mode: str = "full") -> Any:
    """Return the part of the whole of ``scipy.signal.convolve(a, b)`` that `mode` keeps."""
    return np.array(s[_kept_of_images(a, b, mode)])


def _kept_of_images(a: Any, b: Any, mode: str) -> tuple[slice, ...]:
    """Return the part of ``scipy.signal.convolve(a, b)`` that `mode` keeps."""
    sizes = list(zip(np.shape(a), np.shape(b), strict=True))
    if mode == "same":
        return tuple(slice((n - 1) // 2, (n - 1) // 2 + m) for m, n in sizes)
    return tuple(slice(min(m, n) - 1, max(m, n)) if mode == "valid" else slice(None) for m, n in sizes)


def places_along(a: Any, indices: Any, axis: Any) -> Any:
    """Return the index of what ``np.put_along_axis(a, indices, values, axis)`` writes."""
    if axis is None:
        return np.unravel_index(indices, np.shape(a))
    shape = np.broadcast_shapes(
        np.shape(indices), tuple(1 if i == axis % np.ndim(a) else n for i, n in enumerate(np.shape(a)))
    )
    grid = list(np.ogrid[tuple(slice(n) for n in shape)])
    grid[axis] = np.asarray(indices)
    return tuple(grid)
