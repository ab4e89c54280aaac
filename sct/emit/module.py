"""Put an emitted module together: header, imports, the slice of the user's module, the derivatives.

In: derived functions. Out: the text of a module that runs by itself.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import core
from ..frontend.closures import map_names
from ..frontend.resolve import Resolver
from ..frontend.source import Module
from . import imports
from .format import format_module
from .header import header
from .notes import comment_behind, segment
from .print import print_function, print_statement
from .reach import Piece, Reach
from .spell import Names, Spelled, references
from .tree import same
from .units import Unit, derived_units

if TYPE_CHECKING:
    from ..pipeline import Derived


@dataclass(frozen=True)
class Options:
    """How a module is written: `text` goes into the header, `name_of` says what the header calls a source file.

    `rules` is the file of the user's own rules that the derivatives came from.
    """

    text: str = "--mode forward"
    standalone: bool = False
    line_length: int = 88
    name_of: Callable[[Module], str] = lambda module: os.path.basename(module.path)
    rules: Module | None = None


@dataclass(frozen=True)
class Emitted:
    """The text of a module, and the units that it was printed from."""

    text: str
    units: tuple[Unit, ...]


def assemble(deriveds: Sequence[Derived], resolver: Resolver, options: Options) -> str:
    """Return the text of the module that holds `deriveds` and what they reach."""
    return emitted(deriveds, resolver, options).text


def emitted(deriveds: Sequence[Derived], resolver: Resolver, options: Options) -> Emitted:
    """Return the module that holds `deriveds` and what they reach, with what its text was printed from."""
    home = deriveds[0].request.function.module
    derived = derived_units(deriveds, resolver)
    reach = Reach(resolver, options.standalone)
    for unit in derived:
        reach.follow(unit.trees, unit.module)
    pieces = reach.ordered(home)
    went_in = [*(f.module for d in deriveds for f in d.sources), *(p.module for p in pieces)]
    modules = [m for m in dict.fromkeys(went_in) if m is not home]
    names = Names(home, modules, resolver)
    units = [*_named(names, derived, pieces, reach), *derived]
    for unit in units:
        names.spell_all(unit.own, unit.trees, reach.key)
    texts = [(_text(unit, names, reach), bool(unit.binds)) for unit in units]
    head = imports.text(names.imports, imports.has_annotations_import(home.tree))
    body = format_module(_joined([(head, True)] * bool(head) + texts), options.line_length)
    body = ("\n\n" if body.startswith(("def ", "class ")) else "\n") + body  # as black has it below a comment
    read = dict.fromkeys([home, *modules, *resolver.library.modules, *([options.rules] if options.rules else [])])
    sources = [(options.name_of(m), m.source) for m in read if not (reach.is_helper(m) or m.is_namespace)]
    return Emitted(header(sources, body, options.text) + body, tuple(units))


def _joined(texts: Sequence[tuple[str, bool]]) -> str:
    """Join imports, constants and functions: constants that follow each other stay together."""
    result = texts[0][0].rstrip("\n")
    for number, (text, is_constant) in enumerate(texts[1:], 1):
        together = is_constant and texts[number - 1][1] and number > 1
        result += ("\n" if together else "\n\n\n") + text.rstrip("\n")
    return result.rstrip("\n") + "\n"


def _named(names: Names, derived: Sequence[Unit], pieces: Sequence[Piece], reach: Reach) -> list[Unit]:
    """Name all that the module defines: derivatives first, then what the home module defines, then the others."""
    for unit in derived:
        names.item(unit.identity, [unit.name])
    units = {p: Unit(p.key, p.trees, p.module, p.function, p.key, p.names) for p in pieces}
    avoid: dict[str, set[str]] = {}
    for unit in (*derived, *units.values()):
        for key in {reach.key(core.qualname(node)) for tree in unit.trees for node in references(tree)}:
            avoid.setdefault(key, set()).update(unit.own.names)
    for piece in sorted(pieces, key=lambda p: p.module is not names.home):
        stem = piece.module.name.rpartition(".")[2]
        keys = [f"={piece.module.name}.{name}" for name in piece.names] or [piece.key]
        for key in keys:
            name = key.rpartition(".")[2].replace("~", "_")  # the resolver numbers closures made by one def
            names.item(key, [name, f"{stem}_{name}"], frozenset(avoid.get(key, ())))
    return [_renamed(units[piece], names) for piece in pieces]


def _renamed(unit: Unit, names: Names) -> Unit:
    """Return a piece under the names that it has in the emitted module."""
    new = {name: names.items[f"={unit.module.name}.{name}"] for name in unit.binds}
    changed = {old: name for old, name in new.items() if old != name}
    trees = tuple(tree for old in unit.trees if isinstance(tree := map_names(old, changed), ast.stmt))
    return Unit(names.items[unit.identity], trees, unit.module, unit.function, unit.identity, tuple(new.values()))


def _text(unit: Unit, names: Names, reach: Reach) -> str:
    """Return the text of one unit."""
    own = unit.own
    speller = Spelled(lambda qualname, spelling: names.spell(own, reach.key(qualname), spelling))
    spelled = [speller.visit(tree) for tree in unit.trees]
    if unit.binds:
        return "\n".join(_statement(new, old, unit.module) for new, old in zip(spelled, unit.trees, strict=True))
    (function,) = spelled
    function.name = unit.name
    return print_function(function, unit.function)


def _statement(tree: ast.stmt, resolved: ast.stmt, module: Module) -> str:
    """Return the text of a statement of the user's module: his own where no name changed."""
    place = resolved.lineno, resolved.col_offset
    original = next((s for s in module.tree.body if (s.lineno, s.col_offset) == place), None)
    text = segment(module, original) if original is not None and same(original, tree) else None
    if getattr(original, "decorator_list", []):
        text = None  # a segment begins at the def
    text = print_statement(tree).rstrip("\n") if text is None else text.replace("\0", "")
    behind = comment_behind(module, original) if original is not None else ""
    return f"{text}  {behind}" if behind else text
