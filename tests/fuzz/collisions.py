"""The same program with other names: its variables and functions are called what generated code calls its own.

In: a program, and the texts of its derivatives. Out: the program in which most of its names stand in these texts for
something else.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .grammar import Program

#: Names of generated code that no text may show.
ALWAYS = ("_", "t", "result", "unused", "member")
_KEPT = frozenset(["np", "math", "scipy", *dir(builtins), *keyword.kwlist, *keyword.softkwlist])


def collided(program: Program, texts: Sequence[str]) -> Program:
    """Return a program of which two of three names are those that these texts give to something of their own."""
    tree = ast.parse(program.text)
    own = _names(tree)
    # What is given by keyword or by the entries of a dict, and what an attribute is, has a name for others too.
    fixed = {n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword)} | {program.name}
    fixed |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    fixed |= {f for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for f in _bound(ast.Module(n.body, []))}
    fixed |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    wanted = sorted({*ALWAYS, *(name for text in texts for name in _names(ast.parse(text)))} - own - _KEPT)
    chooser = random.Random(program.text)
    mine = sorted(_bound(tree) - fixed)
    chooser.shuffle(mine)
    chooser.shuffle(wanted)
    names = dict(zip(mine[: 1 + 2 * len(mine) // 3], wanted, strict=False))
    return replace(program, text=ast.unparse(_Renamed(names).visit(tree)) + "\n")


def _names(tree: ast.AST) -> set[str]:
    """Return every name that stands in a tree."""
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
        n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)
    }
    return found | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def _bound(tree: ast.Module) -> set[str]:
    """Return the names of the program's variables, parameters and functions; of its constants not."""
    constants = {n.id for s in tree.body if isinstance(s, ast.Assign) for n in ast.walk(s) if isinstance(n, ast.Name)}
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    given = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    return (stored | given | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}) - constants - _KEPT


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def generic_visit(self, node: ast.AST) -> Any:
        for field in ("id", "arg", "name"):  # of a name, a parameter, a function, a handler, a pattern
            old = getattr(node, field, None)
            if isinstance(old, str) and not isinstance(node, ast.keyword | ast.alias) and old in self.names:
                setattr(node, field, self.names[old])
        if isinstance(node, ast.Nonlocal | ast.Global):
            node.names = [self.names.get(name, name) for name in node.names]
        return super().generic_visit(node)
