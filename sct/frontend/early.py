"""Places that are found before something else happens, as Python finds the target of an augmented assignment.

In: a place, such as ``d["b"][i > 0]``. Out: the same place, found by temporaries wherever a call could change what
finds it: its base, and the steps of its index; or wherever the store into it does, as in ``b[b[0]] = k``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct.analysis.aliasing import Aliases
from sct.frontend.evaluation import pure
from sct.nodes import assign, changed, load
from sct.walk import root_name, walk


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
        if isinstance(index, ast.Starred):
            return changed(index, value=held(index.value))
        return held(index)

    base = held(place.value) if isinstance(place.value, ast.Subscript) else place.value
    index = place.slice
    whole = changed(index, elts=[step(e) for e in index.elts]) if isinstance(index, ast.Tuple) else step(index)
    return changed(place, value=base, slice=whole)


def found_before(
    index: ast.expr, root: str | None, alias: Aliases, temporary: Callable[[ast.expr], ast.expr]
) -> ast.expr:
    """Return an index that a store through `root` does not change, as it does in ``x[x > 1] = 0``."""
    if not _reads(index, root, alias):
        return index
    if isinstance(index, ast.Tuple):
        return changed(index, elts=[found_before(step, root, alias, temporary) for step in index.elts])
    if isinstance(index, ast.Slice):
        ends = {f: end for f in ("lower", "upper", "step") if (end := getattr(index, f)) is not None}
        return changed(index, **{f: found_before(end, root, alias, temporary) for f, end in ends.items()})
    if isinstance(index, ast.Starred):
        return changed(index, value=found_before(index.value, root, alias, temporary))
    return temporary(index)


def _reads(index: ast.expr, root: str | None, alias: Aliases) -> bool:
    """Say whether an index reads what a store through `root` writes; a mere name may be a mask of it."""
    if root is None:
        return False
    known = {root, *alias.group(root), *(() if isinstance(index, ast.Name) else alias.holders(root))}
    return any(isinstance(n, ast.Name) and n.id in known for n in walk(index))


def settled(
    target: ast.expr,
    value: ast.expr,
    alias: Aliases,
    temporary: Callable[[ast.expr], ast.expr],
    augmented: bool = False,
) -> tuple[ast.expr, ast.expr]:
    """Return a target which nothing finds that it writes, and the value, which comes first unless it is `augmented`."""
    steps: list[ast.expr] = []
    base, root = target, root_name(target)
    while isinstance(base, ast.Subscript):
        steps.append(base.slice)
        base = base.value
    if not any(_reads(step, root, alias) for step in steps):
        return target, value
    if not augmented and not pure(value):
        value = temporary(value)
    for step in reversed(steps):
        found = found_before(step, root, alias, temporary)
        base = ast.copy_location(ast.Subscript(value=base, slice=found, ctx=ast.Load()), target)
    return changed(base, ctx=ast.Store()), value
