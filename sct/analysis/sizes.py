"""Names for the sizes of axes, and what arithmetic on sizes makes of them.

A name is a symbol, such as the ``n`` of an annotation or ``x#0/2``, the first of the two axes of x; or digits; or a
sum, difference or product of names in brackets, written in one order only: equal names mean equal sizes, in every run
that does not fail.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_LESS = re.compile(r"\((.*)-(\d+)\)$")


def broadcast(met: Collection[str]) -> str:
    """Return the size that axes of these sizes broadcast to; what names that differ give has a name of all of them."""
    rest = {part for size in met for part in parts(size)} - {"1"}
    numbers = {size for size in rest if size.isdigit()}  # only an axis of size 1 stretches to a number
    if len(numbers) == 1:
        return numbers.pop()
    return "1" if not rest else rest.pop() if len(rest) == 1 else f"({' ^ '.join(sorted(rest))})"


def parts(size: str) -> list[str]:
    """Return the sizes that met in a size."""
    return split(size[1:-1], " ^ ") if size.startswith("(") and size.endswith(")") and " ^ " in size else [size]


def split(text: str, separator: str) -> list[str]:
    """Split a text where the separator stands in no brackets."""
    if not any(bracket in text for bracket in "([<"):
        return text.split(separator)
    depth, start, out = 0, 0, []
    for position, char in enumerate(text):
        depth += (char in "([<") - (char in ")]>")
        if depth == 0 and text.startswith(separator, position):
            out.append(text[start:position])
            start = position + len(separator)
    return [*out, text[start:]]


def product(a: str, b: str) -> str:
    """Return the name of a product."""
    factors = [factor for size in (a, b) for factor in _factors(size)]
    whole = 1
    for factor in factors:
        whole *= int(factor) if factor.isdigit() else 1
    names = sorted(f for f in factors if not f.isdigit())
    if whole != 1 or not names:
        names.insert(0, str(whole))
    return names[0] if len(names) == 1 else f"({'*'.join(names)})"


def _factors(size: str) -> list[str]:
    bracketed = size.startswith("(") and size.endswith(")")
    found = split(size[1:-1], "*") if bracketed else [size]
    return found if len(found) > 1 else [size]


def plus(a: str, b: str) -> str:
    """Return the name of a sum."""
    if a.isdigit() and b.isdigit():
        return str(int(a) + int(b))
    return f"({'+'.join(sorted((a, b)))})"


def minus(a: str, b: str) -> str:
    """Return the name of a difference; what is taken off several times is taken off at once."""
    if not b.isdigit():
        return f"({a}-{b})"
    if a.isdigit():
        return str(max(int(a) - int(b), 0))
    base, count = _less(a)
    return f"({base}-{count + int(b)})" if count + int(b) else base


def _less(size: str) -> tuple[str, int]:
    """Return what a size is less than, and by how much."""
    found = _LESS.match(size)
    return (found[1], int(found[2])) if found else (size, 0)


def between(axis: str, lower: int, upper: int | str | None) -> str | None:
    """Return the size of ``x[lower:upper]`` along an axis, None where it has no name.

    A part that is cut at both ends by constants is shorter by their sum, and empty where the axis is shorter than
    that, as what is cut at one end alone by as much.
    """
    if upper is None:
        cut = 0
    elif isinstance(upper, str):
        (base, less), (other, more) = _less(axis), _less(upper)
        cut = more - less
        # An end of less than zero would count from the other end: not where at most two are taken off.
        if base != other or not 0 <= cut <= 2:
            return None
    elif upper < 0:
        cut = -upper
    else:
        return str(min(int(axis), upper) - min(int(axis), upper, lower)) if axis.isdigit() and lower >= 0 else None
    return minus(axis, str(lower + cut)) if lower >= 0 else None
