"""Names to qualified names, without importing or running anything.

In: the modules to start from, and functions in them. Out: functions whose every name is either a variable of their
own or a reference (see `core`).

A function that was read from a live object is resolved by the same reading of its source; what it finds is then
checked against the running program, which also settles what reading alone cannot. Variables of the functions around
a live function, and default values that only the function object knows, are ``=KEY.<closure>.name`` and
``=KEY.<defaults>.parameter``, where KEY is the key of the function; `Resolver.cell` gives the cell of either.
"""

from __future__ import annotations

import ast
import difflib
import numbers
from collections.abc import Mapping
from types import CellType

from .. import core
from ..errors import Refused, UsageError, span_of
from ..rules.registry import lookup
from . import facts, patches
from .held import NOTHING
from .live import is_definition_of
from .meanings import Meaning, external, unknown
from .names import Library
from .rewrite import Rewriter
from .running import Running
from .scopes import bound
from .source import Function, Module, definition


class Resolver:
    """What the names of the given modules, and of the modules beside them, mean."""

    def __init__(self, *modules: Module) -> None:
        self.library = Library(modules)
        self.running = Running(self.library)
        self._functions: dict[str, Function] = {}
        self._unknown: dict[str, str] = {}
        self._patches: tuple[int, dict[str, str]] = (0, {})

    def functions(self, module: Module) -> tuple[Function, ...]:
        """Return the functions defined at the top level of a module, in the order of the source."""
        module, found = self.library.add(module), []
        for name, entries in self.library.table(module).entries.items():
            definitions = [
                e.binding.node for e in entries if not e.weak and isinstance(e.binding.node, ast.FunctionDef)
            ]
            if definitions:
                meaning = self.library.lookup(module, name)
                if meaning.function is not None and meaning.qualname == f"@{module.name}.{name}":
                    found.append(self._known(meaning.function))
                elif meaning.what == "unknown":
                    # `resolve` says why it cannot be told which one is meant.
                    found.append(Function(module, definitions[-1], name))
        return tuple(sorted(found, key=lambda f: f.node.lineno))

    def find(self, module: Module, name: str) -> Function:
        """Return the function of a module that a user calls ``name`` or ``Class.method``."""
        module = self.library.add(module)
        first, *rest = name.split(".")
        meaning = self.library.lookup(module, first)
        if meaning.function is not None and not rest:
            return self._known(meaning.function)
        entries = self.library.table(module).entries.get(first, [])
        node: ast.AST | None = entries[-1].binding.node if entries else None
        for part in rest:
            members = list(bound(node.body)) if isinstance(node, ast.ClassDef) else []
            node = next((b.node for b in reversed(members) if b.name == part), None)
        if isinstance(node, ast.FunctionDef):
            found = Function(module, node, name)
            self._check(found)
            return self._known(found)
        if isinstance(node, ast.AsyncFunctionDef):
            raise Refused(f"'{name}' is an async function", span_of(module, node), "Write it with a plain def.")
        near = difflib.get_close_matches(name, [f.qualname for f in self.functions(module)], 1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise UsageError(f"{module.path}: there is no function '{name}'{hint}")

    def function(self, key: str) -> Function:
        """Return the function that a reference ``@key`` speaks of."""
        return self._functions[key]

    def resolve(self, function: Function) -> ast.FunctionDef:
        """Return a copy of a function in which every name that is not its own variable is a reference."""
        if function.live is None:
            self._check(function)
            self._functions.setdefault(function.key, function)
        elif is_definition_of(function.node, function.live):
            function = self._known(function)
            self.running.bare.add(function.node)
        rewriter = self._rewriter(function)
        node = rewriter.function(function.node)
        self._unknown.update(rewriter.unknown)
        if function.node in self.running.bare:
            # Whatever the decorators did, they gave back this very function.
            node.decorator_list = []
        else:
            node.decorator_list = [rewriter.expression(d) for d in node.decorator_list]
        return self.running.with_defaults(function, node, self._functions)

    def resolve_expression(self, module: Module, node: ast.expr, live: object | None = None) -> ast.expr:
        """Return a copy of an expression that stands at the top level of a module, with references in it."""
        function = Function(module, _NOWHERE, "<module>", live)
        rewriter = self._rewriter(function)
        result = rewriter.expression(node)
        self._unknown.update(rewriter.unknown)
        return result

    def meaning(self, module: Module, spelling: str, live: object | None = None) -> str:
        """Return the qualified name that a name or dotted path has in a module, "" for one that has none."""
        resolved = self.resolve_expression(module, ast.parse(spelling, mode="eval").body, live)
        qualname = core.qualname(resolved)
        return "" if qualname.startswith("?") else qualname

    def annotation(self, module: Module, node: ast.expr | None) -> ast.expr | None:
        """Return an annotation with references in it, strings parsed and aliases such as ``Vec = …`` opened up."""
        return None if node is None else facts.annotation(self, module, node, 0)

    def why_unknown(self, qualname: str) -> str:
        """Return why a reference ``?name`` could not be resolved."""
        return self._unknown.get(qualname if qualname.startswith("?") else f"?{qualname}", "")

    def constant(self, qualname: str) -> ast.expr | None:
        """Return the literal that a global ``=module.NAME`` is bound to, once and for all; None for any other."""
        try:
            module, name = self.module_of(qualname)
        except KeyError:
            return None
        return facts.constant(self.library.table(module), name)

    def bound_once(self, qualname: str) -> ast.expr | None:
        """Return what a global ``=module.NAME`` is bound to, once and for all, with references; None for any other."""
        try:
            module, name = self.module_of(qualname)
        except KeyError:
            return None
        value = facts.bound_once(self.library.table(module), name)
        return None if value is None else self.resolve_expression(module, value)

    def module_of(self, qualname: str) -> tuple[Module, str]:
        """Return the module and the name in it that a reference ``=module.NAME`` or ``@module.name`` speaks of."""
        return self.library.split(qualname.lstrip("=@"))

    def cell(self, qualname: str) -> CellType | None:
        """Return the cell behind ``=KEY.<closure>.name`` or ``=KEY.<defaults>.name``, None for anything else."""
        for mark, cells in (("<closure>", self.running.closure), ("<defaults>", self.running.defaults)):
            key, found, name = qualname.lstrip("=").rpartition(f".{mark}.")
            if found:
                return cells(self._functions[key].live).get(name)
        return None

    def held(self, qualname: str) -> object:
        """Return what ``=module.NAME`` or a cell holds in the running program, or the literal that it is bound to."""
        cell = self.cell(qualname)
        if cell is not None:
            try:
                return cell.cell_contents
            except ValueError:
                return NOTHING
        literal = self.constant(qualname)
        if literal is not None:
            return ast.literal_eval(literal)
        try:
            module, name = self.module_of(qualname)
        except KeyError:
            return NOTHING
        return (self.namespace(module) or {}).get(name, NOTHING)

    def is_immutable(self, qualname: str) -> bool:
        """Say whether a global ``=module.NAME`` is a number, a text or None, whatever it is bound to."""
        held = self.held(qualname)
        if held is not NOTHING:
            return held is None or isinstance(held, (numbers.Number, str, bytes))
        try:
            bound = self.definitions(*self.module_of(qualname))
        except KeyError:
            return False
        return bool(bound) and all(isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant) for s in bound)

    def namespace(self, module: Module) -> Mapping[str, object] | None:
        """Return the live globals of a module, None where it is only known as a file."""
        return self.running.namespace(module)

    def local_names(self, function: Function) -> frozenset[str]:
        """Return every name that a function binds, in itself or in a scope inside it."""
        return facts.local_names(function.node)

    def global_names(self, module: Module) -> frozenset[str]:
        """Return every name that a module may bind at its top level."""
        return facts.global_names(self.library, module)

    def imports(self, module: Module) -> dict[str, str]:
        """Return the qualified name of everything that a module imports, by the name it has there."""
        return facts.imports(self.library, module)

    def definitions(self, module: Module, name: str) -> list[ast.stmt]:
        """Return the top-level statements that bind a name or store into what it is bound to."""
        return facts.definitions(self.library.table(module), name)

    def mutations(self, module: Module, name: str) -> list[ast.stmt]:
        """Return the top-level statements that call something with a global, and so may change what it holds."""
        return facts.mutations(self.library.table(module), name)

    def is_conditional(self, module: Module, name: str) -> bool:
        """Say whether a global is bound under a condition."""
        return facts.is_conditional(self.library.table(module), name)

    def _check(self, function: Function) -> None:
        """Refuse a function of which it is not clear that its name means it."""
        name = function.qualname.partition(".")[0]
        entries = self.library.table(function.module).entries.get(name, [])
        if function.qualname == name and any(e.binding.node is function.node for e in entries):
            meaning = self.library.lookup(function.module, name)
            if meaning.what == "unknown" and not patches.open_at(function.module):
                reason = f"which '{name}' is meant is not clear: {meaning.reason}"
                advice = "Bind it once, at the top level of the module."
                raise Refused(reason, span_of(function.module, function.node), advice)

    def _rewriter(self, function: Function) -> Rewriter:
        module, library, patched = function.module, self.library, self._patched()
        home = _class_around(function.qualname)

        def noted(meaning: Meaning) -> Meaning:
            reason = patched.get(meaning.qualname)
            return unknown(reason) if reason else self._noted(meaning)

        def meaning(name: str) -> Meaning:
            name = f"_{home}{name}" if home and name.startswith("__") and not name.endswith("__") else name
            return noted(self.running.meaning(function, name, library.lookup(module, name)))

        def member(owner: Meaning, name: str) -> Meaning | None:
            found = library.member(owner, name)
            return found and noted(self.running.member(owner, name, found))

        def imported(statement: ast.stmt | None, alias: ast.alias) -> Meaning:
            return noted(library.imported(module, statement, alias))

        return Rewriter(meaning, member, imported)

    def _patched(self) -> dict[str, str]:
        """Return what the modules that have been read so far bind anew from outside."""
        count = len(self.library.modules)
        if self._patches[0] != count:
            self._patches = (count, patches.patched(self.library))
        return self._patches[1]

    def _noted(self, meaning: Meaning) -> Meaning:
        """Remember the function that a reference will speak of."""
        if meaning.function is None:
            return meaning
        known = self._known(meaning.function)
        if lookup(known.key):
            return external(known.key)  # a rule of the user's says what its derivative is
        return Meaning("function", f"@{known.key}", function=known)

    def _known(self, function: Function) -> Function:
        """Return the function under a key that no other has: closures made by one def differ in what they hold."""
        qualname, count = function.qualname, 1
        while True:
            known = self._functions.get(function.key)
            if known is None or (known.live is None and known.node is function.node):
                self._functions[function.key] = function
                return function
            if known.node is function.node and function.live in (None, known.live):
                return known
            count += 1
            function = Function(function.module, function.node, f"{qualname}~{count}", function.live)


def _class_around(qualname: str) -> str:
    """Return the class that a function stands in, without its leading underscores: it mangles private names."""
    parts = qualname.split(".")
    classes = [p for p, after in zip(parts, parts[1:], strict=False) if "<locals>" not in (p, after)]
    return classes[-1].lstrip("_") if classes else ""


_NOTHING = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
_NOWHERE = definition("<module>", _NOTHING, [])
