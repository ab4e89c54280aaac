"""What is known of a value before the program runs: scalar or array, its dtype, its shape by name.

Two values whose shapes have equal tokens have equal shapes at run time. That is all that most derivatives need to
know, and it is known far more often than the shape itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

What = Literal["scalar", "array", "tuple", "list", "dict", "function", "text", "none", "unknown"]
# "complex" says that numbers may be complex: what is right for them is right for real ones too.
Dtype = Literal["float", "real", "int", "bool", "complex", "unknown"]


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
    """

    what: What = "unknown"
    dtype: Dtype = "unknown"
    shape: Shape | None = None
    items: tuple[Kind, ...] | None = None
    element: Kind | None = None

    @property
    def ndim(self) -> int | None:
        """The number of axes, None where it is not known."""
        return self.shape.ndim if self.shape else None


UNKNOWN = Kind()
FLOAT = Kind("scalar", "float", NO_AXES)
REAL = Kind("scalar", "real", NO_AXES)
INT = Kind("scalar", "int", NO_AXES)
BOOL = Kind("scalar", "bool", NO_AXES)
NONE = Kind("none")
TEXT = Kind("text")


def broadcast(*shapes: Shape | None) -> Shape | None:
    """Return the shape that operands of these shapes broadcast to."""
    wide = {s for s in shapes if s != NO_AXES}
    wide -= {s for s in wide if s is not None and any(o is not None and _stretches(s, o) for o in wide - {s})}
    if not wide:
        return NO_AXES
    if len(wide) == 1:
        return next(iter(wide))
    if None in wide:
        return None
    known = [s for s in wide if s]
    ranks = [s.ndim for s in known]
    ndim = None if None in ranks else max(r for r in ranks if r is not None)
    # Broadcasting is associative and idempotent, so a joined shape is the set of the shapes that met.
    atoms = sorted({atom for s in known for atom in _atoms(s.token)})
    return Shape("&" + " & ".join(atoms), ndim)


def _stretches(shape: Shape, other: Shape) -> bool:
    """Say whether a shape is surely stretched to another: that of a reduction that kept its axes, or by its sizes."""
    whole = other.made("")
    rest = shape.token[len(whole) :]
    if shape.token.startswith(whole) and rest.startswith(".reduce(") and rest.endswith(", keep)"):
        return rest.count(".") == 1
    own, others = sizes(shape), sizes(other)
    if own is None or others is None or len(own) > len(others) or own == others:
        return False
    return all(a in (b, "1") for a, b in zip(own, others[len(others) - len(own) :], strict=True))


def sized(names: Sequence[str]) -> Shape:
    """Return the shape whose sizes have these names."""
    return Shape("<" + " ".join(names) + ">", len(names)) if names else NO_AXES


def sizes(shape: Shape) -> tuple[str, ...] | None:
    """Return the names of the sizes of a shape, None where they are not known."""
    inside = shape.token[1:-1]
    known = shape.token[0] == "<" and shape.token[-1] == ">" and not set(inside) & set("<>")
    return tuple(inside.split()) if known else None


def _atoms(token: str) -> list[str]:
    """Return the shapes that a joined shape is made of; what stands in brackets is one shape's own name."""
    if not token.startswith("&"):
        return [token]
    out, depth, start = [], 0, 1
    for position, char in enumerate(token):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and token.startswith(" & ", position):
            out.append(token[start:position])
            start = position + 3
    return [*out, token[start:]]
