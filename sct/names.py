"""Names for what the compiler makes: ``dx``, ``x_bar``, ``x_tape``, ``taken``, and what to do where one is taken.

In: the names that a function uses, the names that are wanted. Out: a name for each. The rule is here and nowhere
else: the name as it is wanted, else with ``_2``, ``_3``, … behind it. What is given does not depend on anything but
the function's own text, so that an edit elsewhere changes no name.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Iterable, Sequence

from . import core
from .walk import walk

_RESERVED = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins))


def reserve(in_use: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Return a name for each one wanted: none is in use, a word of Python's, or given to another."""
    used = set(in_use)
    given: dict[str, str] = {}
    for want in wanted:
        if want in given:
            continue
        name, count = want, 1
        while name in used or name in _RESERVED:
            count += 1
            name = f"{want}_{count}"
        used.add(name)
        given[want] = name
    return given


def fresh(wanted: str, used: set[str]) -> str:
    """Return `wanted`, or `wanted_2`, `wanted_3` … where it is in use, and note that it is used now."""
    name, count = wanted, 1
    while name in used:
        count += 1
        name = f"{wanted}_{count}"
    used.add(name)
    return name


def in_use(*nodes: ast.AST) -> set[str]:
    """Return every name that stands in resolved trees: variables, parameters, and the first part of references."""
    found: set[str] = set()
    for tree in nodes:
        for node in walk(tree):
            if isinstance(node, ast.Name):
                shown = core.spelling(node).partition(".")[0] if core.is_ref(node) else node.id
                found.add(shown or core.qualname(node).lstrip("!"))
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add((node.asname or node.name).partition(".")[0])
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                found.add(node.name)
    return found


def unhidden(functions: Sequence[ast.FunctionDef], taken: Iterable[str]) -> dict[str, str]:
    """Return new names for functions that a variable hides where they are called; the last one keeps its name.

    Parameters
    ----------
    functions
        What was written for one derivative, the entry last.
    taken
        Names that may not be given.
    """
    names = {function.name for function in functions[:-1]}
    hidden: dict[str, None] = {}
    for function in functions:
        called = [name for node in walk(function) if (name := core.qualname(node))[:1] == "!" and name[1:] in names]
        own = _variables(function) if called else set()
        hidden.update((name[1:], None) for name in called if name[1:] in own)
    return reserve([*in_use(*functions), *taken], hidden) if hidden else {}


def _variables(function: ast.FunctionDef) -> set[str]:
    """Return the variables of a function, and of those in it."""
    found = {node.arg for node in walk(function) if isinstance(node, ast.arg)}
    return found | {n.id for n in walk(function) if isinstance(n, ast.Name) and not core.is_ref(n)}
