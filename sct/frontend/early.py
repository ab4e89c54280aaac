"""Places that are found before something else happens, as Python finds the target of an augmented assignment.

In: a place, such as ``d["b"][i > 0]``. Out: the same place, found by temporaries wherever a call could change what
finds it: its base, and the steps of its index.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct.frontend.evaluation import changed
from sct.nodes import assign, load


def found_early(
    place: ast.Subscript,
    fixed: Callable[[ast.expr], bool],
    temporary: Callable[[], str],
    before: list[ast.stmt],
) -> ast.Subscript:
    """Return a place with temporaries, bound in `before`, for all but constants and what `fixed` says is a number."""

    def held(expr: ast.expr) -> ast.expr:
        if isinstance(expr, ast.Constant) or isinstance(expr, ast.Name) and fixed(expr):
            return expr
        name = temporary()
        before.append(assign(name, expr))
        return load(name)

    def step(index: ast.expr) -> ast.expr:
        if isinstance(index, ast.Slice):
            ends = {f: held(end) for f in ("lower", "upper", "step") if (end := getattr(index, f)) is not None}
            return changed(index, **ends)
        return held(index)

    base = held(place.value) if isinstance(place.value, ast.Subscript) else place.value
    index = place.slice
    whole = changed(index, elts=[step(e) for e in index.elts]) if isinstance(index, ast.Tuple) else step(index)
    return changed(place, value=base, slice=whole)
