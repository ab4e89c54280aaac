"""Plain facts about a module's text: which statements make a global, which literal it holds, what names there are.

In: the bindings of a module. Out: statements, expressions, names.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .. import core
from ..walk import walk
from .bindings import Table, assigned, root_name, stores_into, strong
from .exports import ALWAYS, SOMETIMES
from .scopes import SCOPES, names_of, parameters
from .source import Module

if TYPE_CHECKING:
    from .names import Library
    from .resolve import Resolver

_DEEPEST = 20


def definitions(table: Table, name: str) -> list[ast.stmt]:
    """Return the top-level statements that bind a name or store into what it is bound to."""
    tops = {id(e.top) for e in strong(table.entries.get(name, []))}
    return [s for s in table.module.tree.body if id(s) in tops or stores_into(s, name)]


def mutations(table: Table, name: str) -> list[ast.stmt]:
    """Return the top-level statements that call a method of a global, or a function with it, for its effect."""
    found: list[ast.stmt] = []
    for statement in table.module.tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            given = [call.func, *call.args, *(k.value for k in call.keywords)]
            if any(root_name(g) == name for g in given) and root_name(call.func) != "print":
                found.append(statement)
    return found


def is_conditional(table: Table, name: str) -> bool:
    """Say whether a name is bound under a condition."""
    return any(e.binding.conditional or e.weak for e in strong(table.entries.get(name, [])))


def constant(table: Table, name: str) -> ast.expr | None:
    """Return the literal that a name is bound to in one place and for good, None for any other."""
    value = bound_once(table, name)
    return value if value is not None and is_literal(value) else None


def bound_once(table: Table, name: str) -> ast.expr | None:
    """Return the expression that a name is bound to in one place and for good, None for any other."""
    entries = table.entries.get(name, [])
    if len(entries) != 1 or entries[0].binding.conditional or name in table.rebound:
        return None
    if any(star.order > entries[0].order for star in table.stars):
        return None
    return assigned(entries[0].binding)


def is_literal(node: ast.expr) -> bool:
    """Say whether an expression is a number, a text, True, False, None or a tuple of these."""
    if isinstance(node, ast.Tuple):
        return all(is_literal(e) for e in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Constant) and node.value is not Ellipsis


def global_names(library: Library, module: Module) -> frozenset[str]:
    """Return every name that a module may bind at its top level."""
    table = library.table(module)
    names = set(table.entries) | table.rebound
    for star in table.stars:
        assert isinstance(star.binding.statement, ast.ImportFrom)
        owner = library.imported_from(module, star.binding.statement)
        names |= ALWAYS.get(owner.qualname, frozenset()) | SOMETIMES.get(owner.qualname, frozenset())
        names |= library.table(owner.module).exported[0] if owner.module else frozenset()
    return frozenset(names)


def imports(library: Library, module: Module) -> dict[str, str]:
    """Return what every name that import statements bind stands for."""
    found = {}
    for name, entries in library.table(module).entries.items():
        if any(isinstance(e.binding.node, ast.alias) for e in strong(entries)):
            meaning = library.lookup(module, name)
            own = f"{module.name}.{name}"
            if meaning.what != "unknown" and meaning.qualname not in (f"@{own}", f"={own}"):
                found[name] = meaning.qualname
    return found


def local_names(node: ast.FunctionDef) -> frozenset[str]:
    """Return every name that a function binds, in itself or in a scope inside it."""
    names: set[str] = set()
    declared = {n for s in node.body for d in walk(s) if isinstance(d, ast.Global) for n in d.names}
    for child in walk(node):
        if child is not node:
            names.update(names_of(child))
        if isinstance(child, SCOPES) and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            names.update(a.arg for a in parameters(child.args))
    return frozenset(names - {""} - declared)


def annotation(resolver: Resolver, module: Module, node: ast.expr, depth: int) -> ast.expr:
    """Return an annotation with references in it, strings parsed and aliases opened up."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return node
    return _Opened(resolver, depth).visit(resolver.resolve_expression(module, node))  # type: ignore[no-any-return]


class _Opened(ast.NodeTransformer):
    """Puts what an alias stands for in its place."""

    def __init__(self, resolver: Resolver, depth: int) -> None:
        self.resolver, self.depth = resolver, depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Open a reference to a global that is bound once."""
        qualname = core.qualname(node)
        if not qualname.startswith("=") or self.depth > _DEEPEST:
            return node
        module, name = self.resolver.module_of(qualname)
        entries = strong(self.resolver.library.table(module).entries.get(name, []))
        value = assigned(entries[0].binding) if len(entries) == 1 else None
        return node if value is None else annotation(self.resolver, module, value, self.depth + 1)
