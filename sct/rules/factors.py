"""What is known of the results of decompositions of matrices: tuples of arrays.

In: a match, and what is known of any expression. Out: what is known of the result; see `sct.rules.results`. SciPy
returns a list of what it computes of a stack of matrices.
"""

from __future__ import annotations

from sct.analysis.kinds import FLOAT, UNKNOWN, Dtype, Kind, Shape, sized, sizes
from sct.rules.registry import KindOf, Match
from sct.rules.results import first, join_dtypes


def _parts(match: Match, kind: Kind, *items: Kind) -> Kind:
    if match.module == "scipy" and kind.ndim != 2:
        return UNKNOWN
    return Kind("tuple", "unknown", None, items)


def _array(dtype: Dtype, shape: Shape | None) -> Kind:
    return Kind("array", dtype, shape)


def _dtype(kind: Kind) -> Dtype:
    return join_dtypes(kind.dtype, "float")


def slogdet(match: Match, kinds: KindOf) -> Kind:
    """Numbers of a matrix; of a stack of them, and where that is not known, anything."""
    kind = first(match, kinds)
    if kind.ndim == 2 and _dtype(kind) == "float":
        return _parts(match, kind, FLOAT, FLOAT)
    return _parts(match, kind, Kind("unknown", _dtype(kind)), Kind("unknown", _dtype(kind)))


def eigh(match: Match, kinds: KindOf) -> Kind:
    """The eigenvalues, with one axis less than the matrices have, and the vectors, in the shape of the matrices."""
    kind = first(match, kinds)
    names = sizes(kind.shape) if kind.what == "array" else None
    values = None if not names else sized(names[:-1])
    return _parts(match, kind, _array(_dtype(kind), values), _array(_dtype(kind), kind.shape if names else None))


def qr(match: Match, kinds: KindOf) -> Kind:
    """Two arrays with as many axes as the matrix has."""
    kind = first(match, kinds)
    q, r = (Shape(kind.shape.made(f".{n}"), kind.ndim) if kind.shape and kind.ndim == 2 else None for n in "qr")
    return _parts(match, kind, _array(_dtype(kind), q), _array(_dtype(kind), r))


def svd(match: Match, kinds: KindOf) -> Kind:
    """Two arrays with as many axes as the matrix has, and between them one with an axis less."""
    kind, full = first(match, kinds), match.args.get("full_matrices")
    if kind.shape is None or kind.ndim != 2 or getattr(full, "value", True) is not False:
        return _parts(match, kind, *(_array(_dtype(kind), None) for _ in range(3)))
    u, s, v = (Shape(kind.shape.made(f".{n}"), 1 if n == "s" else 2) for n in ("u", "s", "vh"))
    return _parts(match, kind, _array(_dtype(kind), u), _array(_dtype(kind), s), _array(_dtype(kind), v))
