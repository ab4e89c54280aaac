"""What the global names of a module mean, across the modules beside it, without running any.

In: a `Module` and a name. Out: a `Meaning`.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable

from ..errors import ReadError
from . import search
from .bindings import Entry, Table, assigned, strong
from .exports import ALWAYS, SOMETIMES
from .meanings import NONE, Meaning, agreed, external, or_builtin, unknown
from .patches import open_at
from .read import read_source
from .source import Function, Module, define, parse, place
from .standalone import copied

_MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__package__", "__spec__", "__builtins__"})

# The decorator that leaves a function as it is, under the names that reach it.
DIFFERENTIATE = frozenset({"sct.differentiate", "sct.api.differentiate"})


class Library:
    """The modules that have been read, by path, and what their names mean."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self._modules: dict[str, Module] = {}
        self._names: set[str] = set()
        self._tables: dict[Module, Table] = {}
        self._functions: dict[ast.AST, Function] = {}
        self._meanings: dict[tuple[Module, str], tuple[Meaning | None, bool]] = {}
        self._bindings: dict[tuple[Module, str, int], Meaning | None] = {}
        for module in modules:
            self.add(module)

    def add(self, module: Module) -> Module:
        """Make a module known; the one that is returned has a name that no other module has."""
        key = search.key(module.path)
        known = self._modules.get(key)
        if known is not None and known.source == module.source:
            return known
        name, count = module.name, 1
        while name in self._names:
            count += 1
            name = f"{module.name}_{count}"
        if name != module.name:
            module = Module(name, module.path, module.source, module.tree, module.root)
        self._names.add(name)
        self._modules[key] = module
        return module

    @property
    def modules(self) -> list[Module]:
        """Return the modules that have been read so far."""
        return list(self._modules.values())

    def table(self, module: Module) -> Table:
        """Return what a module binds."""
        if module not in self._tables:
            self._tables[module] = Table(module)
        return self._tables[module]

    def lookup(self, module: Module, name: str) -> Meaning:
        """Return what a global name means to the functions of a module, once the module has run."""
        found = or_builtin(name, *self._final(module, name))
        return found or unknown(f"'{name}' is not defined in {module.path}")

    def member(self, owner: Meaning, name: str) -> Meaning | None:
        """Return what ``owner.name`` means, None where it is an attribute of a value."""
        if owner.what == "external":
            return external(f"{owner.qualname}.{name}")
        if owner.what != "module" or owner.module is None:
            return None
        meaning, _ = self._final(owner.module, name)
        path = search.inside(owner.module, name)
        if meaning is None:
            absent = unknown(f"{owner.module.path} has no name '{name}'")
            return self._located(owner.module, search.Found(path)) or absent
        entries = self.table(owner.module).entries.get(name, [])
        if path and not any(isinstance(e.binding.node, ast.alias) for e in entries):
            return unknown(f"'{name}' is both a name and a submodule of {owner.module.path}")
        return meaning

    def split(self, dotted: str) -> tuple[Module, str]:
        """Split ``module.name`` into a module that is known and the rest; KeyError where none is."""
        parts = dotted.split(".")
        by_name = {module.name: module for module in self._modules.values()}
        for length in range(len(parts) - 1, 0, -1):
            module = by_name.get(".".join(parts[:length]))
            if module is not None:
                return module, ".".join(parts[length:])
        raise KeyError(dotted)

    def _final(self, module: Module, name: str) -> tuple[Meaning | None, bool]:
        """Return what the module itself binds a name to, None for nothing, and whether it certainly does."""
        key = (module, name)
        if key not in self._meanings:
            self._meanings[key] = unknown(f"'{name}' is defined in terms of itself"), False
            try:
                meaning, certain = self._at(module, name, None)
                self._meanings[key] = meaning and self._checked(module, name, meaning), certain
            except RecursionError:
                self._meanings[key] = unknown(f"'{name}' is an alias of an alias, too many times over"), False
        return self._meanings[key]

    def _checked(self, module: Module, name: str, meaning: Meaning) -> Meaning:
        """Make a meaning unknown where the name may be bound again, or the thing has lost its own name."""
        if name in self.table(module).rebound and meaning.what not in ("data", "unknown"):
            return unknown(f"a function of {module.path} rebinds '{name}' by a global statement")
        if open_at(module) and meaning.what not in ("data", "unknown"):
            line = open_at(module)
            return unknown(f"line {line} of {module.path} may bind '{name}' again, by globals() or exec()")
        found = meaning.function
        if found is None or found.module is not module or found.qualname == name:
            return meaning
        # `old = g` before a second `def g`: the first g has no name of its own any more.
        if self.lookup(module, found.qualname).function is found:
            return meaning
        return unknown(f"'{name}' is a function whose own name '{found.qualname}' was bound again")

    def _at(self, module: Module, name: str, before: int | None) -> tuple[Meaning | None, bool]:
        """Return what a name is bound to, and whether certainly, at a point of the module's execution or its end."""
        table = self.table(module)
        entries = [e for e in (*table.entries.get(name, ()), *table.stars) if before is None or e.order < before]
        found: list[tuple[Meaning, int]] = []
        certain = False
        for entry in sorted(strong(entries), key=lambda e: e.order, reverse=True):
            meaning, certain = self._bound(module, name, entry)
            if meaning is not None:
                found.append((meaning, (entry.binding.statement or entry.top).lineno))
            if certain:
                break
        if found:
            # `except ImportError: np = None`: where it is None, no use of it works.
            return agreed(name, [f for f in found if f[0].reason != NONE] or found), certain
        return (Meaning("data", f"={module.name}.{name}"), True) if name in _MODULE_NAMES else (None, False)

    def _bound(self, module: Module, name: str, entry: Entry) -> tuple[Meaning | None, bool]:
        """Return what an entry binds the name to, None for not at all, and whether it certainly does."""
        if entry.binding.name == "*":
            meaning, certain = self._starred(module, name, entry)
            return meaning, certain and _certain(entry)
        key = (module, name, entry.order)
        if key not in self._bindings:
            self._bindings[key] = self._meaning(module, name, entry)
        return self._bindings[key], _certain(entry)

    def _meaning(self, module: Module, name: str, entry: Entry) -> Meaning | None:
        node = entry.binding.node
        if isinstance(node, ast.FunctionDef):
            helper = copied(module, node)
            return external(helper) if helper else self._user_function(module, node, name)
        if isinstance(node, ast.alias):
            return self.imported(module, entry.binding.statement, node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            return unknown(f"'{name}' is deleted at line {node.lineno} of {module.path}")
        value = assigned(entry.binding)
        nothing = isinstance(value, ast.Constant) and value.value is None
        data = Meaning("data", f"={module.name}.{name}", reason=NONE if nothing else "")
        return data if value is None else self._value(module, name, value, entry.order) or data

    def _user_function(self, module: Module, node: ast.FunctionDef | ast.Lambda, name: str) -> Meaning:
        found = Function(module, define(node, name) if isinstance(node, ast.Lambda) else node, name)
        found = self._functions.setdefault(node, found)
        return Meaning("function", f"@{found.key}", function=found)

    def _value(self, module: Module, name: str, value: ast.expr, order: int) -> Meaning | None:
        """Return what a module-level expression means, None for plain data."""
        if isinstance(value, ast.Lambda):
            return self._user_function(module, value, name)
        if isinstance(value, ast.Name):
            meaning = or_builtin(value.id, *self._at(module, value.id, order))
            return None if meaning is None or meaning.what == "data" else meaning
        if isinstance(value, ast.Attribute):
            owner = self._value(module, name, value.value, order)
            meaning = self.member(owner, value.attr) if owner else None
            return None if meaning is None or meaning.what == "data" else meaning
        if isinstance(value, (ast.IfExp, ast.BoolOp)):
            parts = value.values if isinstance(value, ast.BoolOp) else [value.body, value.orelse]
            meanings = [self._value(module, name, part, order) for part in parts]
            data = Meaning("data", f"={module.name}.{name}")
            known = any(meaning is not None for meaning in meanings)
            return agreed(name, [(meaning or data, value.lineno) for meaning in meanings]) if known else None
        if isinstance(value, ast.Call) and len(value.args) == 1:
            # `f = differentiate(f)` is what the decorator would have done.
            callee = self._value(module, name, value.func, order)
            if callee is not None and callee.qualname in DIFFERENTIATE:
                return self._value(module, name, value.args[0], order)
        return None

    def imported(self, module: Module, statement: ast.stmt | None, alias: ast.alias) -> Meaning:
        """Return what one name of an import statement is bound to."""
        if isinstance(statement, ast.ImportFrom):
            owner = self.imported_from(module, statement)
            if owner.what == "external":
                # `from folder import part` where the folder has no `__init__.py`.
                submodule = self._located(module, search.absolute(module, f"{owner.qualname}.{alias.name}"))
                return submodule or external(f"{owner.qualname}.{alias.name}")
            return self.member(owner, alias.name) or owner
        first, *rest = alias.name.split(".")
        meaning = self._located(module, search.absolute(module, alias.name, first=True)) or external(first)
        for part in rest if alias.asname else ():
            meaning = self.member(meaning, part) or meaning
        return meaning

    def imported_from(self, module: Module, statement: ast.ImportFrom) -> Meaning:
        """Return the module that a ``from`` import names."""
        if statement.level:
            found = search.relative(module, statement.level, statement.module)
            return self._located(module, found) or unknown(found.reason)
        dotted = statement.module or ""
        return self._located(module, search.absolute(module, dotted)) or external(dotted)

    def _located(self, module: Module, found: search.Found) -> Meaning | None:
        """Read the module of a file that was found."""
        if found.reason:
            return unknown(found.reason)
        if not found.path:
            return None
        known = self._modules.get(search.key(found.path))
        if known is None:
            try:
                known = self.add(_read(search.shown(module, found.path), module.root))
            except ReadError as error:
                return unknown(str(error))
        return Meaning("module", known.name, module=known)

    def _starred(self, module: Module, name: str, entry: Entry) -> tuple[Meaning | None, bool]:
        """Return what ``from … import *`` binds a name to, None for not at all, and whether it certainly does."""
        statement = entry.binding.statement
        assert isinstance(statement, ast.ImportFrom)
        owner = self.imported_from(module, statement)
        if owner.what == "external":
            exported = ALWAYS.get(owner.qualname)
            if exported is None:
                return unknown(f"'{name}' may come from 'from {owner.qualname} import *': import it by name"), False
            found = name in exported or name in SOMETIMES[owner.qualname]
            return external(f"{owner.qualname}.{name}") if found else None, name in exported
        if owner.module is None:
            return unknown(owner.reason), False
        table = self.table(owner.module)
        names, listed = table.exported
        meaning, certain = self._final(owner.module, name)
        if name in names:
            return self.member(owner, name), certain and listed
        passed_on = "__all__" not in table.entries and not name.startswith("_") and name not in table.entries
        return (meaning, certain) if passed_on else (None, False)


def _certain(entry: Entry) -> bool:
    return not entry.binding.conditional and not entry.weak


def _read(path: str, root: str) -> Module:
    """Read a module, or the empty module of a folder without an ``__init__.py``."""
    source = "" if os.path.isdir(path) else read_source(path)
    return parse(source, path, *place(path, root))
