"""The slice of the user's modules that a derivative needs: functions it calls, constants it reads, what these reach.

In: derived functions and the resolver. Out: `Piece` after `Piece`, in an order in which a module can run them.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from .. import core
from ..errors import Refused, span_of
from ..frontend.lift import Program
from ..frontend.read import read_file
from ..frontend.resolve import Resolver
from ..frontend.scopes import bound
from ..frontend.source import Function, Module
from .annotations import with_annotations
from .spell import references

_ADVICE = "Bind it once, at the top level of its module, or pass it as an argument."


@dataclass(frozen=True, eq=False)
class Piece:
    """A definition of the user's that goes into the emitted module: a function, or statements that bind `names`."""

    key: str
    module: Module
    trees: tuple[ast.stmt, ...]
    names: tuple[str, ...] = ()
    function: Function | None = None

    @property
    def line(self) -> tuple[int, int]:
        """Where the piece begins in its module."""
        return min((tree.lineno, tree.col_offset) for tree in self.trees)


class Reach:
    """Follows references from derived functions to what the user defined."""

    def __init__(self, resolver: Resolver, standalone: bool) -> None:
        self.resolver = resolver
        self.runtime = resolver.library.add(_runtime()) if standalone else None
        self.pieces: dict[str, Piece] = {}
        self.modules: list[Module] = []
        self._second_names: dict[tuple[Module, str, str], str] = {}
        self._keys: dict[str, str] = {}

    def key(self, qualname: str) -> str:
        """Return the key of what a reference means: helpers of sct's own are pieces where the module has their text."""
        if qualname[:1] in ("@", "="):
            if qualname not in self._keys:
                self._keys[qualname] = self._kind(qualname[1:], qualname[0]) + qualname[1:]
            return self._keys[qualname]
        if self.runtime is None or not qualname.startswith("sct.runtime."):
            return qualname
        return f"@{self.resolver.find(self.runtime, qualname.rpartition('.')[2]).key}"

    def _kind(self, name: str, kind: str) -> str:
        """Return "=" for a function that statements of its module give attributes, "@" for one that has none."""
        if "<" in name or "(" in name:
            return kind
        try:
            module, own = self.resolver.module_of(name)
        except KeyError:  # it is one of a module of rules
            return kind
        found = [*self.resolver.definitions(module, own), *self.resolver.mutations(module, own)]
        if not any(isinstance(s, ast.FunctionDef) and s.name == own for s in found):
            return kind
        return "@" if len(found) == 1 else "="

    def is_helper(self, module: Module) -> bool:
        """Say whether a module is one of sct's own."""
        return self.runtime is not None and module.directory == self.runtime.directory

    def follow(self, trees: Iterable[ast.AST], module: Module) -> None:
        """Add everything that `trees` refer to, depth first; `module` is where they stand."""
        for tree in trees:
            for node in references(tree):
                key = self.key(core.qualname(node))
                self.add(self.second_name(node, key, module) or key, node, module)

    def second_name(self, node: ast.Name, key: str, module: Module) -> str:
        """Return the key of an assignment such as ``Vec = np.ndarray`` that gave something the name used here."""
        spelling = core.spelling(node)
        if not spelling or key[0] in "@=?!":
            return ""
        place = (module, spelling, key)
        if place not in self._second_names:
            self._second_names[place] = self._second_name(spelling, key, module)
        return self._second_names[place]

    def _second_name(self, spelling: str, key: str, module: Module) -> str:
        root = spelling.partition(".")[0]
        if self.resolver.meaning(module, spelling) != key:
            return ""
        found = self.resolver.definitions(module, root)
        return (
            f"={module.name}.{root}" if found and all(isinstance(s, ast.Assign | ast.AnnAssign) for s in found) else ""
        )

    def add(self, key: str, node: ast.Name, module: Module) -> None:
        """Add what one reference means, unless it is there."""
        if key in self.pieces:
            return
        if key.startswith("?"):
            reason = self.resolver.why_unknown(key) or f"'{key[1:]}' is not defined"
            raise Refused(reason, span_of(module, node), _ADVICE)
        if key.startswith("@"):
            self.enter(self.function(key))
        elif key.startswith("=") and not key.endswith("__"):
            if ".<" in key:
                raise Refused("the value lives only in the running program", span_of(module, node), _ADVICE)
            self.enter(self.statements(key, node, module))

    def enter(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece
        for name in piece.names:
            self.pieces[f"={piece.module.name}.{name}"] = piece
        self.follow(piece.trees, piece.module)
        if piece.module not in self.modules:
            self.modules.append(piece.module)

    def function(self, key: str) -> Piece:
        """Return the definition of a function without the decorators that leave it as it is."""
        found = self.resolver.function(key[1:])
        tree = self.resolver.resolve(found)
        fields = {n: getattr(tree, n) for n in tree._fields if hasattr(tree, n)}
        kept = [d for d in tree.decorator_list if not Program.is_transparent(d) or _caches(d)]
        bare = ast.copy_location(ast.FunctionDef(**fields | {"decorator_list": kept}), found.node)
        return Piece(key, found.module, (with_annotations(bare, self.resolver, found.module),), (), found)

    def statements(self, key: str, node: ast.Name, reader: Module) -> Piece:
        """Return the statements that bind a global of the user's, and those that write into it afterwards."""
        module, name = self.resolver.module_of(key)
        names, found = [name], []
        for known in names:  # grows: a statement that binds one name may bind others
            if known in self.resolver.library.table(module).rebound:
                self.refuse(f"the global '{known}' is bound by a function of {module.path}", node, reader)
            defined = self.resolver.definitions(module, known)
            if self.resolver.is_conditional(module, known) and not all(map(_always_runs, defined)):
                self.refuse(f"the global '{known}' is bound under a condition", node, reader)
            if not defined:
                self.refuse(f"the global '{known}' is not bound by a statement of {module.path}", node, reader)
            found += [s for s in (*defined, *self.resolver.mutations(module, known)) if s not in found]
            names += [b.name for s in found for b in bound([s]) if b.name and b.name not in names]
        found.sort(key=lambda s: (s.lineno, s.col_offset))
        trees = self.resolver.resolve(Function(module, _body(found), "<module>")).body
        return Piece(key, module, tuple(trees), tuple(names))

    def refuse(self, reason: str, node: ast.Name, module: Module) -> NoReturn:
        raise Refused(reason, span_of(module, node), _ADVICE)

    def ordered(self, home: Module) -> list[Piece]:
        """Return the pieces: a module's in the order of its text, modules before those that read them."""
        pieces = list(dict.fromkeys(self.pieces.values()))
        rank = {module: i for i, module in enumerate(m for m in self.modules if m is not home)}
        return sorted(pieces, key=lambda p: (rank.get(p.module, len(rank)), p.line))


def _body(statements: list[ast.stmt]) -> ast.FunctionDef:
    """Return statements as the body of a function, which is what the resolver takes."""
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    node = ast.FunctionDef(name="<module>", args=nothing, body=statements, decorator_list=[], returns=None)
    if "type_params" in node._fields:
        setattr(node, "type_params", [])  # noqa: B010
    return ast.copy_location(node, statements[0])


def _caches(decorator: ast.expr) -> bool:
    """Say whether a decorator keeps what a function returns, which may save much."""
    name = core.qualname(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name in ("functools.lru_cache", "functools.cache")


def _always_runs(statement: ast.stmt) -> bool:
    """Say whether a statement binds what it binds whenever the module runs: a loop over a table is taken to."""
    return isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.ClassDef | ast.For | ast.With)


def _runtime() -> Module:
    """Return the module of sct's helpers, read and not imported."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return read_file(os.path.join(package, "runtime", "__init__.py"))
