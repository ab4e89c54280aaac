"""What is known of a value before the program runs: scalar or array, its dtype, its shape by name.

Two values whose shapes have equal tokens have equal shapes at run time, and two axes whose sizes have equal names are
equally long. That is all that most derivatives need to know, and it is known far more often than the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sct.analysis import sizes as sizes_of
from sct.analysis.sizes import split

What = Literal["scalar", "array", "tuple", "list", "dict", "function", "text", "none", "unknown"]
# "complex" says that numbers may be complex: what is right for them is right for real ones too. "inexact" says that
# they are no integers, and perhaps not real.
Dtype = Literal["float", "real", "int", "bool", "complex", "inexact", "unknown"]


@dataclass(frozen=True)
class Shape:
    """A shape by name: equal tokens mean equal shapes at run time."""

    token: str
    ndim: int | None = None

    def made(self, how: str) -> str:
        """Return a token for what is made of this shape in a way; a joined shape stays one thing in it."""
        return f"({self.token}){how}" if self.token.startswith("&") else f"{self.token}{how}"


NO_AXES = Shape("()", 0)


@dataclass(frozen=True)
class Kind:
    """What is known of a value.

    The dtype ``real`` is a float or an integer: what an annotation ``float`` lets in.
    ``scalar`` is an immutable Python or NumPy number, ``array`` an ndarray, ``unknown`` may be a scalar, an array
    or a container. `shape` is None where nothing is known, not even that it equals another. `items` are the kinds
    of the members of a tuple or list of known length, `element` that of a list's or array's members otherwise.
    `keys` are those of a dict whose `items` are known one by one.
    `size` names the value of an integer that is the size of an axis, as the axis has it.
    `among` says what a value may be of which `what` is unknown since it is a list, a tuple or a dict on one way and
    something else on another; it is empty for any other value.
    """

    what: What = "unknown"
    dtype: Dtype = "unknown"
    shape: Shape | None = None
    items: tuple[Kind, ...] | None = None
    element: Kind | None = None
    size: str | None = None
    keys: tuple[str | int, ...] | None = None
    among: frozenset[What] = frozenset()

    @property
    def ndim(self) -> int | None:
        """The number of axes, None where it is not known."""
        return self.shape.ndim if self.shape else None


#: What holds other values, by itself and not as NumPy's arrays do.
CONTAINERS = ("list", "tuple", "dict")
UNKNOWN = Kind()
FLOAT = Kind("scalar", "float", NO_AXES)
REAL = Kind("scalar", "real", NO_AXES)
INT = Kind("scalar", "int", NO_AXES)
BOOL = Kind("scalar", "bool", NO_AXES)
NONE = Kind("none")
TEXT = Kind("text")


def may_be_integers(kind: Kind) -> bool:
    """Say whether a value may be an array of integers, short or unsigned ones too; a number of Python's is exact."""
    return kind.what in ("array", "unknown") and kind.dtype in ("int", "bool", "real", "unknown")


def is_inexact(kind: Kind) -> bool:
    """Say whether a value is surely an array that cuts off nothing of what is stored in it, though perhaps complex."""
    return kind.what == "array" and kind.dtype in ("float", "inexact")


def may_be_complex(kind: Kind) -> bool:
    """Say whether a value, or a member of it, may be a complex number."""
    members = [*(kind.items or ()), *([kind.element] if kind.element else [])]
    return kind.dtype == "complex" or any(map(may_be_complex, members))


def sized(names: Sequence[str]) -> Shape:
    """Return the shape whose axes have sizes of these names."""
    if not names:
        return NO_AXES
    whole = names[0].removesuffix(f"#0/{len(names)}")
    for token in (whole, whole[1:-1]):
        if tuple(names) == _axes_of(token, len(names)):
            return Shape(token, len(names))
    return Shape("<" + " ".join(names) + ">", len(names))


def sizes(shape: Shape | None) -> tuple[str, ...] | None:
    """Return the names of the sizes of a shape, None where not even their number is known.

    The size of an axis that has no name is named after the shape: ``X#0/2`` is the first of the two of X.
    """
    if shape is None or shape.ndim is None or shape.token.startswith("?member"):
        return None
    if shape.token.startswith("<") and shape.token.endswith(">"):
        names = split(shape.token[1:-1], " ")
        return tuple(names) if len(names) == shape.ndim else None
    return _axes_of(shape.token, shape.ndim)


def _axes_of(token: str, ndim: int) -> tuple[str, ...]:
    whole = f"({token})" if " " in token else token
    return tuple(f"{whole}#{i}/{ndim}" for i in range(ndim))


def broadcast(*shapes: Shape | None) -> Shape | None:
    """Return the shape that operands of these shapes broadcast to."""
    if all(s is shapes[0] for s in shapes):  # most are numbers, or one array and itself
        return shapes[0] if shapes else NO_AXES
    wide = {s for s in shapes if s != NO_AXES}
    wide -= {s for s in wide if s is not None and any(o is not None and _stretches(s, o) for o in wide - {s})}
    if not wide:
        return NO_AXES
    if len(wide) == 1:
        return next(iter(wide))
    if None in wide:
        return None
    known = [s for s in wide if s]
    named = [n for n in map(sizes, known) if n is not None]
    if len(named) == len(known):
        return sized(_broadcast_sizes(named))
    ranks = [s.ndim for s in known]
    ndim = None if None in ranks else max(r for r in ranks if r is not None)
    # Broadcasting is associative and idempotent, so a joined shape is the set of the shapes that met.
    atoms = sorted({atom for s in known for atom in _atoms(s.token)})
    return Shape("&" + " & ".join(atoms), ndim)


def _broadcast_sizes(named: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the sizes that arrays of these sizes broadcast to; what two names that differ give has a name of both."""
    out: list[str] = []
    for axis in range(-max(map(len, named)), 0):
        out.append(sizes_of.broadcast([names[axis] for names in named if len(names) >= -axis]))
    return out


def stretched(shape: Shape | None, whole: Shape | None) -> tuple[int, tuple[int, ...]] | None:
    """Return how a shape surely becomes `whole` by broadcasting, None where it is not known.

    Returns
    -------
    int, tuple of int
        How many axes are put before its own, and which axes of `whole`, each of size 1 in the shape, are stretched.
    """
    own, others = sizes(shape), sizes(whole)
    if own is None or others is None or len(own) > len(others):
        return None
    new = len(others) - len(own)
    if any(a not in (b, "1") for a, b in zip(own, others[new:], strict=True)):
        return None
    return new, tuple(new + i for i, (a, b) in enumerate(zip(own, others[new:], strict=True)) if a != b)


def _stretches(shape: Shape, other: Shape) -> bool:
    """Say whether a shape is surely stretched to another: that of a reduction that kept its axes, or by its sizes."""
    whole = other.made("")
    rest = shape.token[len(whole) :]
    if shape.token.startswith(whole) and rest.startswith(".reduce(") and rest.endswith(", keep)"):
        return rest.count(".") == 1
    return shape != other and stretched(shape, other) is not None


def _atoms(token: str) -> list[str]:
    """Return the shapes that a joined shape is made of; what stands in brackets is one shape's own name."""
    return split(token[1:], " & ") if token.startswith("&") else [token]


def renewed(shape: Shape, token: str) -> Shape:
    """Return a shape in which what was seen in an expression alone is named after the value that has it."""
    return Shape(re.sub(r"\?\d+", token, shape.token), shape.ndim)
