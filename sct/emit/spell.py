"""Give every reference the name that it has in the emitted text.

In: trees full of `core.ref`. Out: the same trees with names as the user's module would write them, and the imports
that those names need. A reference that the user wrote is spelled as he wrote it where that still means the same; one
that the compiler made follows the imports of the module. No name hides another: a module-level name is only used
where no function that uses it has a variable of that name.
"""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from .. import core
from ..frontend.resolve import Resolver
from ..frontend.source import Module
from ..walk import children, walk
from .imports import Import, records_of, written

_BUILTINS = frozenset(dir(builtins))
_NUMPY_MODULES = frozenset({"linalg", "fft", "random", "polynomial", "testing", "typing"})


class Candidate(NamedTuple):
    """A way to spell a reference: what its first name stands for, and the imports that it needs."""

    text: str
    identity: str
    imports: tuple[Import, ...] = ()
    value: object = None  # what a live function finds under the first name


@dataclass
class Names:
    """The names at the top level of the emitted text, and what has to be imported for them."""

    home: Module
    modules: Sequence[Module]
    resolver: Resolver
    taken: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    imports: set[Import] = field(default_factory=set)

    def __post_init__(self) -> None:
        tables = self.resolver.library
        self.written = {module: written(tables.table(module)) for module in (self.home, *self.modules)}
        self._meanings: dict[tuple[Module, str], str] = {}

    def meaning(self, module: Module, spelling: str) -> str:
        """Return what a spelling means in a module, "" for nothing that is known."""
        key = (module, spelling)
        if key not in self._meanings:
            self._meanings[key] = self.resolver.meaning(module, spelling)
        return self._meanings[key]

    def claim(self, name: str, identity: str) -> bool:
        """Take a name for what `identity` says; False where it already is something else."""
        return self.taken.setdefault(name, identity) == identity

    def item(self, identity: str, wanted: Iterable[str], avoid: frozenset[str] = frozenset()) -> str:
        """Return the name of something that the emitted module defines: the first of `wanted` that is free."""
        if identity not in self.items:
            wanted = list(wanted)
            names = itertools.chain(wanted, (f"{wanted[-1]}_{n}" for n in itertools.count(2)))
            self.items[identity] = next(n for n in names if n not in avoid and self.claim(n, identity))
        return self.items[identity]

    def spell(self, local: Locals, qualname: str, spelling: str) -> str:
        """Return the text of a reference inside a function whose own names are `local`."""
        if qualname in self.items:
            return self.items[qualname]
        if spelling and local.imports.get(spelling.partition(".")[0], "?") in (qualname, *_owners(qualname)):
            return spelling
        for found in self.candidates(qualname, spelling):
            root = found.text.partition(".")[0]
            if local.first.get(root) == found.identity:
                return found.text
            if root not in local.names and self.claim(root, found.identity):
                self.accept(root, found)
                return found.text
        return self.anew(qualname, local)

    def spell_all(self, local: Locals, trees: Iterable[ast.AST], key: Callable[[str], str]) -> None:
        """Spell what the user spelled, before anything that the compiler made takes a name."""
        for tree in trees:
            for node in references(tree):
                if core.spelling(node):
                    self.spell(local, key(core.qualname(node)), core.spelling(node))

    def accept(self, root: str, found: Candidate) -> None:
        """Take note of what a spelling needs."""
        self.imports.update(found.imports)

    def candidates(self, qualname: str, spelling: str) -> Iterator[Candidate]:
        """Yield the spellings that would do, best first."""
        if qualname[0] in "=?":  # only names like `__name__` are left: all others are defined by the module
            yield Candidate(spelling, qualname)
            return
        if spelling:
            for module in self.written:
                if self.meaning(module, spelling) == qualname:
                    yield from self.as_written(qualname, spelling, module)
        yield from self.as_imported(qualname)

    def as_written(self, qualname: str, spelling: str, module: Module) -> Iterator[Candidate]:
        """Yield the user's own spelling with the imports behind it."""
        root, dot, rest = spelling.partition(".")
        defined = self.items.get(f"={module.name}.{root}")
        if defined is not None:  # an assignment such as `Vec = np.ndarray`, which is in the slice
            yield Candidate(f"{defined}{dot}{rest}", f"={module.name}.{root}")
            return
        target = self.meaning(module, root)
        records = tuple(r for r in self.written[module] if r.binds == root and r.target == target)
        if records:  # ``from builtins import min as min_`` too, as sct writes where `min` is NumPy's
            yield Candidate(spelling, target, tuple(r for r in records if not _idle(r, qualname)) or records)
        elif target.startswith("builtins."):
            yield Candidate(spelling, target)
        elif target[:1] not in ("", "@", "=", "?"):
            # What a star import brought in, or what another module of the user's passes on.
            owner, name = split(target)
            record = Import(owner, name, root) if owner else Import(name, "", root)
            yield Candidate(spelling, target, (replace(record, alias="") if root == name else record,))

    def as_imported(self, qualname: str) -> Iterator[Candidate]:
        """Yield the spellings that the imports of the home module offer, then the usual one."""
        if qualname.startswith("builtins."):
            yield Candidate(qualname.partition(".")[2], qualname)
            return
        module, name = split(qualname)
        if module == "sct.runtime":
            yield Candidate(name, qualname, (Import(module, name),))
            return
        records = [r for r in self.written[self.home] if not r.guarded]
        for record in records:
            if record.target == qualname and not record.is_plain:
                yield Candidate(record.binds, qualname, (record,))
        owners = [r for r in records if _reaches(r.module if r.is_plain else r.target, qualname)]
        for record in sorted(owners, key=lambda r: -len(r.target)):
            yield Candidate(record.binds + qualname[len(record.target) :], record.target, (record,))
        imported = not owners and any(r.name and r.module == module for r in records)
        if imported and "." not in name and name not in _BUILTINS:
            yield Candidate(name, qualname, (Import(module, name),))
        yield from _usual(module, name, qualname)

    def anew(self, qualname: str, local: Locals) -> str:
        """Import something under a name that nobody has."""
        module, name = split(qualname)
        first, _, rest = name.partition(".")
        alias = first + "_"
        while alias in local.names or not self.claim(alias, f"{module}.{first}"):
            alias += "_"
        self.imports.add(Import(module, first, alias))
        return f"{alias}.{rest}" if rest else alias


def _usual(module: str, name: str, qualname: str) -> Iterator[Candidate]:
    """Yield the spelling of something in a module that imports nothing from where it is."""
    if qualname.startswith("numpy."):
        yield Candidate(f"np.{qualname.partition('.')[2]}", "numpy", (Import("numpy", "", "np"),))
    elif "." in module:
        parent, _, last = module.rpartition(".")
        yield Candidate(f"{last}.{name}", module, (Import(parent, last),))
    elif module:
        yield Candidate(qualname, module, (Import(module),))


def _idle(record: Import, qualname: str) -> bool:
    """Say whether ``import a.b`` does nothing for a name in ``a.c``."""
    return record.is_plain and not _reaches(record.module, qualname)


def _owners(qualname: str) -> Iterator[str]:
    """Yield the dotted names above a qualified name."""
    while "." in qualname:
        qualname = qualname.rpartition(".")[0]
        yield qualname


def _reaches(module: str, qualname: str) -> bool:
    return qualname == module or qualname.startswith(module + ".")


def split(qualname: str) -> tuple[str, str]:
    """Cut a qualified name into the module to import and the name in it, by what is known of NumPy and SciPy."""
    parts = qualname.split(".")
    if len(parts) == 1:
        return "", qualname
    deep = parts[0] == "numpy" and parts[1] in _NUMPY_MODULES or parts[0] in ("scipy", "sct")
    cut = 2 if deep and len(parts) > 2 else 1
    return ".".join(parts[:cut]), ".".join(parts[cut:])


def references(tree: ast.AST) -> Iterator[ast.Name]:
    """Yield the references in a tree, in the order of the text."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if core.is_ref(node):
            assert isinstance(node, ast.Name)
            yield node
        pending.extend(reversed(children(node)))


@dataclass(frozen=True)
class Locals:
    """The variables of a function, and what its own imports bind: anywhere in it, and before all else."""

    names: frozenset[str]
    imports: Mapping[str, str] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)


def locals_of(trees: Iterable[ast.stmt], less: Iterable[str] = ()) -> Locals:
    """Return every name that means something of its own somewhere in `trees`, without the names in `less`."""
    names: set[str] = set()
    imports: dict[str, str] = {}
    first: dict[str, str] = {}
    for tree in trees:
        for node in walk(tree):
            names.update(_bound_at(node, tree))
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports.update({r.binds: r.target for r in records_of(node)})
        for statement in getattr(tree, "body", ()):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                first.update({r.binds: r.target for r in records_of(statement)})
            elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                break
    return Locals(frozenset(names) - set(less), imports, first)


def _bound_at(node: ast.AST, root: ast.AST) -> Iterable[str]:
    """Return the variables that a node names."""
    if isinstance(node, ast.Name):
        return () if core.is_ref(node) else (node.id,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return () if node is root else (node.name,)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name else ()
    return (node.rest,) if isinstance(node, ast.MatchMapping) and node.rest else ()


class Copier(ast.NodeTransformer):
    """A transformer that changes a copy and shares what it does not visit."""

    def generic_visit(self, node: ast.AST) -> Any:
        result = node.__class__.__new__(node.__class__)
        for name, value in node.__dict__.items():
            setattr(result, name, list(value) if isinstance(value, list) else value)  # lists are changed in place
        return super().generic_visit(result)


class Spelled(Copier):
    """Copies a tree with every reference spelled."""

    def __init__(self, spell: Callable[[str, str], str]) -> None:
        self.spell = cache(spell)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not core.is_ref(node):
            return node
        text = self.spell(core.qualname(node), core.spelling(node))
        first, *rest = text.split(".")
        result: ast.expr = ast.copy_location(ast.Name(id=first, ctx=ast.Load()), node)
        for part in rest:
            result = ast.copy_location(ast.Attribute(value=result, attr=part, ctx=ast.Load()), node)
        return result
