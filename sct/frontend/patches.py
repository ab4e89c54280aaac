"""Names that are bound anew from outside: ``np.sin = …``, ``globals()["g"] = …``, ``exec``.

In: the modules that have been read. Out: the qualified names that must not be taken at their word, and why.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..walk import walk
from .meanings import Meaning
from .source import Module

if TYPE_CHECKING:
    from .names import Library


def patched(library: Library) -> dict[str, str]:
    """Return the qualified names that a known module binds anew from outside, each with the reason."""
    found: dict[str, str] = {}
    for module in library.modules:
        for path in _paths(module):
            first, *rest = path.split(".")
            owner: Meaning | None = library.lookup(module, first)
            for part in rest[:-1]:
                owner = owner and library.member(owner, part)
            if owner is not None and owner.what in ("external", "module") and rest:
                for prefix in ("", "@", "="):
                    found[f"{prefix}{owner.qualname}.{rest[-1]}"] = f"{module.path} binds '{path}' anew"
    return found


@lru_cache(maxsize=128)
def open_at(module: Module) -> int:
    """Return the line where a module writes into its namespace under names that cannot be read, 0 for none."""
    if not any(word in module.source for word in ("globals", "vars", "locals", "exec")):
        return 0
    return next((n.lineno for n in walk(module.tree) if isinstance(n, ast.expr) and _opens(n)), 0)


@lru_cache(maxsize=128)
def _paths(module: Module) -> frozenset[str]:
    """Return the dotted paths, such as ``np.sin``, that a module or a function in it binds."""
    return frozenset(_patches(module.tree))


def _patches(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield dotted(node)
        elif isinstance(node, ast.Call) and dotted(node.func) in ("setattr", "delattr") and len(node.args) > 1:
            if isinstance(node.args[1], ast.Constant):
                yield f"{dotted(node.args[0])}.{node.args[1].value!s}"


def _opens(node: ast.expr) -> bool:
    """Recognise ``globals()[…] = …``, ``globals().update(…)`` and ``exec`` in the module's own namespace."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load) and _is_namespace(node.value)
    if isinstance(node, ast.Call):
        writes = isinstance(node.func, ast.Attribute) and node.func.attr in ("update", "setdefault", "pop", "clear")
        runs = dotted(node.func) == "exec" and (len(node.args) < 2 or _is_namespace(node.args[1]))
        return runs or (writes and _is_namespace(node.func.value))  # type: ignore[attr-defined]
    return False


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in ("globals", "vars", "locals") and not node.args


def dotted(node: ast.AST) -> str:
    """Return the dotted path that an expression is, "" for any other."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
