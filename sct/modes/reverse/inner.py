"""Lists in lists that are stored into get names, so that their adjoints are followed like those of any other list.

In: a flattened function and its analysis. Out: the function in which ``rows[i][j] = v`` is ``t = rows[i]; t[j] = v``
where ``rows[i]`` is a list or a dict that is kept by shadow.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.modes.reverse.places import loaded
from sct.modes.reverse.regimes import SHADOW, Regimes
from sct.nodes import assign, load
from sct.simplify.trees import map_blocks, replace_fields
from sct.walk import root_name


def with_inner_names(flat: Flat, analysis: Analysis, regimes: Regimes, temporary: Callable[[], str]) -> Flat:
    """Return the function with names for inner lists; the one that is given where there are none to name."""
    origin = dict(flat.origin)

    def block(stmts: list[ast.stmt]) -> list[ast.stmt]:
        return [new for stmt in stmts for new in statement(stmt)]

    def statement(stmt: ast.stmt) -> list[ast.stmt]:
        mapped = map_blocks(stmt, block)
        if isinstance(mapped, ast.Assign) and (inner := inner_list(mapped)) is not None:
            name = temporary()
            place = replace_fields(mapped.targets[0], value=load(name))
            made: list[ast.stmt] = [assign(name, inner), replace_fields(mapped, targets=[place])]
            out = [ast.copy_location(new, stmt) for new in made]
        else:
            out = [mapped]
        if stmt in origin:
            origin.update(dict.fromkeys(out, origin[stmt]))
        return out

    def inner_list(stmt: ast.Assign) -> ast.expr | None:
        """Return the list in a list, or the dict in one, into which a statement stores."""
        target = stmt.targets[0]
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Subscript):
            return None
        base, inner = root_name(target), loaded(target.value)
        shadow = base in analysis.activity.varied and regimes.regime(base or "") == SHADOW
        slot = not isinstance(target.slice, ast.Slice) and analysis.facts.kind(stmt, inner).what in ("list", "dict")
        return inner if shadow and slot else None

    body = block(flat.node.body)
    if all(a is b for a, b in zip(body, flat.node.body, strict=False)) and len(body) == len(flat.node.body):
        return flat
    return Flat(ast.copy_location(replace_fields(flat.node, body=body), flat.node), origin)
