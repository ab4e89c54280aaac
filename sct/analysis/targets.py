"""Places that are stored into in passing: the targets of comprehensions and of ``with``.

In: a function. Out: a refusal. Such a store stands within an expression, or is made by what a manager returns, and
nothing follows it; that of a loop is a statement (see `sct.frontend.writers`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct.walk import names_places, walk


def refuse_places(node: ast.FunctionDef, refuse: Callable[[ast.AST, str, str], object]) -> None:
    """Refuse ``[… for a[0] in …]`` and ``with … as a[0]``."""
    for part in walk(node):
        target = part.target if isinstance(part, ast.comprehension) else None
        target = part.optional_vars if isinstance(part, ast.withitem) else target
        if target is not None and names_places(target):
            where = "a comprehension" if isinstance(part, ast.comprehension) else "a `with` statement"
            refuse(target, f"{where} stores into a part of something", "Bind a name, and store it by a statement.")
