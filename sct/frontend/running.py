"""What the running program knows beyond its source: live globals, closure cells, default values.

In: a function that was read from a live object, and what reading alone says of a name. Out: what the name means; where
the program and its source disagree, "unknown" and why.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Mapping
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

from .. import core
from ..walk import walk
from . import search, values
from .facts import is_literal
from .meanings import Meaning, unknown
from .names import Library
from .source import Function, Module

_ABSENT = object()


class Running:
    """The live side of a resolver."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.bare: set[ast.AST] = set()
        self._namespaces: dict[str, Mapping[str, object] | None] = {}

    def meaning(self, function: Function, name: str, static: Meaning) -> Meaning:
        """Return what a name that is not a function's own variable means to a live function."""
        live = function.live
        if not isinstance(live, FunctionType):
            return static
        self._namespaces[search.key(function.module.path)] = live.__globals__
        if name in live.__code__.co_freevars:
            return self._captured(function, live, name)
        return self._settled(function.module, name, static, live.__globals__)

    def member(self, owner: Meaning, name: str, static: Meaning) -> Meaning:
        """Return what a member of a module beside a live function means."""
        if owner.module is None:
            return static
        return self._settled(owner.module, name, static, self.namespace(owner.module) or {})

    def namespace(self, module: Module) -> Mapping[str, object] | None:
        """Return the live globals of a module, None where no live function led to it."""
        if not self._namespaces:
            return None
        key = search.key(module.path)
        if key not in self._namespaces:
            self._namespaces[key] = None
            for candidate in list(sys.modules.values()):
                path = vars(candidate).get("__file__") if isinstance(candidate, ModuleType) else None
                if isinstance(path, str) and search.key(path) == key:
                    self._namespaces[key] = vars(candidate)
        return self._namespaces.get(key)

    def closure(self, live: object) -> dict[str, CellType]:
        """Return the cells of a function by the names of their variables."""
        if not isinstance(live, FunctionType):
            return {}
        return dict(zip(live.__code__.co_freevars, live.__closure__ or (), strict=True))

    def defaults(self, live: object) -> dict[str, CellType]:
        """Return the default values of a function by parameter, each in a cell of its own."""
        if not isinstance(live, FunctionType):
            return {}
        code, given = live.__code__, live.__defaults__ or ()
        positional = code.co_varnames[code.co_argcount - len(given) : code.co_argcount]
        named = dict(zip(positional, given, strict=True)) | (live.__kwdefaults__ or {})
        return {name: CellType(value) for name, value in named.items()}

    def with_defaults(
        self, function: Function, node: ast.FunctionDef, functions: Mapping[str, Function]
    ) -> ast.FunctionDef:
        """Replace the default values that the source alone does not tell: they were made when the def was run."""
        cells = self.defaults(function.live)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        places: list[tuple[list[Any], int, str]] = []
        for i, _ in enumerate(arguments.defaults):
            name = positional[len(positional) - len(arguments.defaults) + i].arg
            places.append((arguments.defaults, i, name))
        places += [(arguments.kw_defaults, i, a.arg) for i, a in enumerate(arguments.kwonlyargs)]
        for slots, i, name in places:
            default = slots[i]
            if name in cells and default is not None and not self._is(default, cells[name].cell_contents, functions):
                made = core.ref(f"={function.key}.<defaults>.{name}", "")
                slots[i] = ast.copy_location(made, default)
        return node

    def _holds(self, qualname: str, value: object) -> bool:
        """Say whether a global of the user's has this very value now."""
        try:
            module, name = self.library.split(qualname[1:])
        except KeyError:
            return False
        return (self.namespace(module) or {}).get(name, _ABSENT) is value

    def _is(self, node: ast.expr, value: object, functions: Mapping[str, Function]) -> bool:
        """Say whether an expression still has the value that it had when it was made a default."""
        if isinstance(node, ast.Lambda):
            return _is_lambda(node, value)
        qualname = core.qualname(node)
        if qualname.startswith("="):
            return self._holds(qualname, value)
        if qualname.startswith("@"):
            return functions[qualname[1:]].live is value
        if qualname and qualname[0] not in "?@":
            return values.is_at(qualname, value) is True
        return is_literal(node) and repr(ast.literal_eval(node)) == repr(value)

    def _captured(self, function: Function, live: FunctionType, name: str) -> Meaning:
        """Return what a variable of a function around the live one means."""
        try:
            value = self.closure(live)[name].cell_contents
        except ValueError:
            if name == function.node.name and not function.node.decorator_list:
                return Meaning("function", f"@{function.key}", function=function)
            return unknown(f"the variable '{name}' around the function has no value yet")
        if value is live:
            return Meaning("function", f"@{function.key}", function=function)
        return values.meaning_of(value, Meaning("data", f"={function.key}.<closure>.{name}"), self.library)

    def _settled(self, module: Module, name: str, static: Meaning, namespace: Mapping[str, object]) -> Meaning:
        """Check what the source says of a name against the value that it has, if it has one yet."""
        value = namespace.get(name, _ABSENT)
        if value is _ABSENT:
            return static
        found = values.meaning_of(value, Meaning("data", f"={module.name}.{name}"), self.library)
        if found.what != "data" and name in self.library.table(module).rebound:
            return unknown(f"a function of {module.path} rebinds '{name}' by a global statement")
        if not module.root and static.qualname.startswith("builtins."):
            return found  # a text that is not the whole of its module: another part of it has bound the name
        return self._agreed(name, static, found, value)

    def _agreed(self, name: str, static: Meaning, found: Meaning, value: object) -> Meaning:
        """Return what reading and running together say of a name."""
        differs = unknown(f"'{name}' is at run time not what the source says: something has bound it again")
        if static.what == "unknown":
            return found
        if static.what == "data":
            same = found.what == "data" and (static.qualname == found.qualname or self._holds(static.qualname, value))
            return static if same else found
        if static.what == "function":
            assert static.function is not None
            bare = static.function.node in self.bare
            if found.function is not None and (bare or not _made_by_decorator(found.function, static.function)):
                return found if found.function.node is static.function.node else differs
            # A decorator made something else of it, which whoever differentiates it judges by the text. But a name
            # for what the decorator made is none for the bare function that is being differentiated.
            wrapped = static.function.node.decorator_list and not bare
            return static if wrapped else differs
        if static.what == "module":
            folder = static.module is not None and static.module.is_namespace and isinstance(value, ModuleType)
            return static if folder or found.module is static.module else differs
        here = values.is_at(static.qualname, value)
        if here is None or here:
            # What a module of the user's hands on from elsewhere has the name that it has there.
            theirs = found.what == "external" and not values.is_of_installed(static.qualname)
            return found if theirs or found.what in ("function", "module") else static
        return found if found.what == "data" else differs


def _made_by_decorator(found: Function, written: Function) -> bool:
    """Say whether a function comes from inside the outermost decorator of another, as what it was wrapped in does."""
    if not written.node.decorator_list:
        return False
    decorator = written.node.decorator_list[0]
    maker = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2]
    return found.qualname.partition(".<locals>.")[0].rpartition(".")[2] == maker != found.qualname


def _is_lambda(node: ast.Lambda, value: object) -> bool:
    """Say whether a function is what a lambda expression makes, one that captures nothing."""
    if (
        not isinstance(value, FunctionType)
        or value.__closure__
        or any(isinstance(n, ast.Lambda) for n in walk(node.body))
    ):
        return False
    plain = _Spelled().visit(copy.deepcopy(node))
    code = compile(ast.fix_missing_locations(ast.Expression(body=plain)), "<lambda>", "eval")
    made = next(c for c in code.co_consts if isinstance(c, CodeType))
    own = value.__code__
    return (made.co_code, made.co_names, made.co_varnames) == (own.co_code, own.co_names, own.co_varnames) and (
        made.co_consts == own.co_consts
    )


class _Spelled(ast.NodeTransformer):
    """Writes references as the user did."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not core.is_ref(node):
            return node
        return ast.parse(core.spelling(node), mode="eval").body
