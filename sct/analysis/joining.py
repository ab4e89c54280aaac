"""What holds of a value that is one of several: kinds joined, and the kinds of members.

In: kinds. Out: kinds. Where shapes differ, the joined one has a token of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sct.analysis.kinds import (
    CONTAINERS,
    Dtype,
    Kind,
    Shape,
    What,
    sized,
    sizes,
)


def join(a: Kind, b: Kind, token: str) -> Kind:
    """Return what holds of a value that is either `a` or `b`; `token` names its shape where the two differ."""
    if a == b:
        return a
    what = a.what if a.what == b.what else "unknown"
    dtype = a.dtype if a.dtype == b.dtype else _wider(a.dtype, b.dtype)
    if a.shape is not None and a.shape == b.shape:
        shape: Shape | None = a.shape
    else:
        ndim = a.ndim if a.ndim == b.ndim else None
        shape = _either(a.shape, b.shape, token, ndim) if what in ("scalar", "array", "unknown") else None
    items = element = None
    if a.items is not None and b.items is not None and len(a.items) == len(b.items) and a.keys == b.keys:
        items = tuple(join(x, y, f"{token}.{i}") for i, (x, y) in enumerate(zip(a.items, b.items, strict=True)))
    elif what in ("list", "dict"):
        members = [members_of(a), members_of(b)]
        element = any_of([k for found in members for k in found or ()]) if None not in members else None
    elif a.element is not None and a.element == b.element:
        element = a.element
    size = a.size if a.size == b.size else None
    return Kind(what, dtype, shape, items, element, size, a.keys if items is not None else None, _among(a, b))


def _among(a: Kind, b: Kind) -> frozenset[What]:
    """Return what a value may be that is either of two, where these differ and a list, a tuple or a dict is one."""
    if a.what == b.what != "unknown":
        return frozenset()
    found = (a.among or {a.what}) | (b.among or {b.what})
    return frozenset() if found.isdisjoint(CONTAINERS) else frozenset(found - {"none"})


def _either(a: Shape | None, b: Shape | None, token: str, ndim: int | None) -> Shape:
    """Return the shape of what has either of two shapes: an axis that both have keeps its name."""
    own, others, new = sizes(a), sizes(b), sizes(Shape(token, ndim))
    if own is None or others is None or new is None:
        return Shape(token, ndim)
    return sized([x if x == y else n for x, y, n in zip(own, others, new, strict=True)])


def members_of(kind: Kind) -> list[Kind] | None:
    """Return the kinds of the members of a container, None where they are not known; an empty one has none."""
    return list(kind.items) if kind.items is not None else None if kind.element is None else [kind.element]


def any_of(kinds: Sequence[Kind]) -> Kind | None:
    """Return what holds of any member of a list that holds values of these kinds."""
    return one_member(join_all([one_member(k) for k in kinds], "?member")) if kinds else None


def any_item(items: Sequence[Kind]) -> Kind:
    """Return what holds of whichever item is read: two readings have one shape only where all items have."""
    return items[0] if all(kind == items[0] for kind in items) else one_member(join_all(items, "?member"))


def _wider(a: Dtype, b: Dtype) -> Dtype:
    if "complex" in (a, b):
        return "complex"  # which means that it may be complex
    if {a, b} == {"float", "inexact"}:
        return "inexact"
    return "real" if {a, b} <= {"int", "real", "float"} else "unknown"


def join_all(kinds: Sequence[Kind], token: str) -> Kind:
    result = kinds[0]
    for kind in kinds[1:]:
        result = join(result, kind, token)
    return result


def one_member(kind: Kind) -> Kind:
    """Return what holds of a member of a list, wherever it is read: a shape has no name then, but may have a rank."""
    if kind.what in ("array", "unknown"):
        return replace(kind, shape=Shape("?member", kind.ndim))
    if kind.items is not None:
        return replace(kind, items=tuple(map(one_member, kind.items)))
    return kind if kind.element is None else replace(kind, element=one_member(kind.element))


def nameless(kind: Kind) -> Kind:
    """Return the kind of a member of a list for one reading of it: two readings need not have the same shape."""
    if kind.shape is not None and kind.shape.token.startswith("?member"):
        kind = replace(kind, shape=None)
    return kind if kind.items is None else replace(kind, items=tuple(map(nameless, kind.items)))


def retoken(kind: Kind, token: str) -> Kind:
    if kind.what in ("array", "unknown"):
        return replace(kind, shape=Shape(token, kind.ndim))
    if kind.items is not None:
        return replace(kind, items=tuple(retoken(k, f"{token}.{i}") for i, k in enumerate(kind.items)))
    return kind


def outermost(kind: Kind, depth: int) -> Kind:
    """Return a kind that says of containers within containers only what holds to a depth."""
    if kind.items is None and kind.element is None:
        return kind
    if not depth:
        return Kind(kind.what)
    items = None if kind.items is None else tuple(outermost(k, depth - 1) for k in kind.items)
    return replace(kind, items=items, element=kind.element and outermost(kind.element, depth - 1))
