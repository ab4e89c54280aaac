"""Turn a derivative into a function of the running program.

In: a derived function whose primal is live. Out: a plain function whose globals are the primal's own, so that what a
global holds is read when the function runs. What these globals lack (helpers of sct, other modules, variables of
functions around the primal) are variables of a function around the derivative: cells, as of any closure.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
from collections.abc import Iterator
from functools import partial
from types import CellType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from sct.nodes import load

from .. import core
from ..errors import Refused
from ..frontend.live import GENERATED
from ..frontend.resolve import Resolver
from ..frontend.source import Module
from ..frontend.values import is_at
from . import imports
from .imports import Import
from .print import print_function
from .spell import Candidate, Copier, Names, Spelled
from .units import derived_units

if TYPE_CHECKING:
    from ..pipeline import Derived

_FLAGS = __future__.annotations.compiler_flag
# Names that no text can contain: they hide nothing.
_CELLS, _OBJECTS = "<cells>", "<objects>"
_AROUND = f"{_CELLS}.<locals>.{_OBJECTS}.<locals>."
_LITERALS = (bool, int, float, str, type(None))


def build(derived: Derived, resolver: Resolver, qualname: str = "") -> FunctionType:
    """Return the function that `derived` describes; `qualname` is where it will be found, for pickle."""
    live = derived.request.function.live
    assert isinstance(live, FunctionType)
    names = _LiveNames(derived, resolver, live)
    text, entry = _text(derived, resolver, names)
    filename = _register(f"{GENERATED}{live.__module__}.{entry}>", text)
    made = _run(_factory(text, filename, entry, names, live), names, live)
    _adopt(made, live, qualname or entry)
    made.__dict__["source"] = text
    return made


class _LiveNames(Names):
    """Names where the globals of a live module are there already."""

    def __init__(self, derived: Derived, resolver: Resolver, live: FunctionType) -> None:
        home = derived.request.function.module
        super().__init__(home, [f.module for f in derived.sources if f.module is not home], resolver)
        self.live = live
        self.cells: dict[str, CellType] = {}
        self.objects: dict[str, object] = {}
        held = live.__globals__
        # What a text of sct's own imports is in cells: a global of that name may be something else of the user's.
        made = home.path.startswith(GENERATED)
        static = [r for r in self.written[home] if r.binds in held and (not made or is_at(r.target, held[r.binds]))]
        known = {record.binds for record in static}
        found = ((name, value) for name, value in held.items() if isinstance(value, ModuleType))
        self.written[home] = [*static, *(Import(v.__name__, "", n) for n, v in found if n not in known)]

    def meaning(self, module: Module, spelling: str) -> str:
        """Return what a spelling means to the live function."""
        key = (module, spelling)
        if key not in self._meanings:
            live = self.live if module is self.home else None
            self._meanings[key] = self.resolver.meaning(module, spelling, live)
        return self._meanings[key]

    def accept(self, root: str, found: Candidate) -> None:
        """Take note of what a spelling needs."""
        super().accept(root, found)
        if isinstance(found.value, CellType):
            self.cells[root] = found.value
        elif found.value is not None:
            self.objects[root] = found.value

    def candidates(self, qualname: str, spelling: str) -> Iterator[Candidate]:
        """Yield spellings: through the globals of the primal first, then through something bound for the text."""
        root = spelling.partition(".")[0]
        if qualname.startswith("builtins."):
            for found in self.as_imported(qualname):
                hidden = found.text in self.live.__globals__ and not is_at(qualname, self.live.__globals__[found.text])
                yield from () if hidden else (found,)  # as by ``from numpy import *``
            return
        captured = dict(zip(self.live.__code__.co_freevars, self.live.__closure__ or (), strict=True))
        helper = qualname.startswith("sct.runtime.")  # whether it is in a cell of a derivative already or not
        if qualname[0] == "?" or (spelling and not helper and self.meaning(self.home, spelling) == qualname):
            if root in captured:
                yield Candidate(spelling, f"cell {root}", value=captured[root])
            elif root in self.live.__globals__ or not self.home.path.startswith(GENERATED):
                yield Candidate(spelling, f"global {root}")
        if qualname[0] == "?":  # what nothing defines, and nothing may ever read
            yield Candidate(spelling, f"global {root}")
            return
        if qualname[0] in "@=":
            yield from self.of_the_users(qualname)
            return
        for found in self.as_imported(qualname):
            present = found.imports and found.imports[0] in self.written[self.home]
            yield Candidate(found.text, f"global {found.text.partition('.')[0]}") if present else found

    def of_the_users(self, qualname: str) -> Iterator[Candidate]:
        """Yield names for something of the user's: in a cell of its own, or as an attribute of the module it is in."""
        last = qualname.rpartition(".")[2].replace("~", "_")
        cell = self.resolver.cell(qualname)
        if cell is not None:
            yield from (Candidate(name, f"cell {qualname}", value=cell) for name in self.free(last))
        elif "<" in qualname or self.is_made(qualname):
            function = self.resolver.function(qualname[1:]).live
            yield from (Candidate(name, qualname, value=function) for name in self.free(last))
        else:
            module, name = self.resolver.module_of(qualname)
            value = self.module(module)
            for root in self.free(module.name.rpartition(".")[2]):
                yield Candidate(f"{root}.{name}", f"module {module.name}", value=value)

    def is_made(self, qualname: str) -> bool:
        """Say whether a function stands in a text that sct wrote, which is an attribute of no module."""
        if qualname[0] != "@" or not self.home.path.startswith(GENERATED):
            return False
        function = self.resolver.function(qualname[1:])
        return function.live is not None and function.module.path.startswith(GENERATED)

    def free(self, name: str) -> Iterator[str]:
        """Yield names that hide no global of the primal's module."""
        names = (name, *(f"{name}_{n}" for n in range(2, 10_000)))
        return (n for n in names if n not in self.live.__globals__)

    def module(self, module: Module) -> ModuleType:
        """Return the running module."""
        namespace = self.resolver.namespace(module)
        for candidate in list(sys.modules.values()):
            if isinstance(candidate, ModuleType) and vars(candidate) is namespace:
                return candidate
        raise Refused(f"the module '{module.name}' is not imported", None, "Import it where the function is defined.")


def _text(derived: Derived, resolver: Resolver, names: _LiveNames) -> tuple[str, str]:
    """Return the printed text, imports of what the live module lacks first, and the name of its last function."""
    units = derived_units([derived], resolver)
    for unit in units:
        names.item(unit.identity, [unit.name])
    trees = [_Defaults(resolver).visit(unit.trees[0]) for unit in units]
    for unit, tree in zip(units, trees, strict=True):
        names.spell_all(unit.own, [tree], str)
    functions = []
    for unit, tree in zip(units, trees, strict=True):
        own = unit.own
        spelled = Spelled(partial(names.spell, own)).visit(tree)
        functions.append(print_function(spelled, unit.function, pretty=False))
    head = imports.text(names.imports)
    return "\n\n".join([head + "\n"] * bool(head) + functions), units[-1].name


class _Defaults(Copier):
    """Writes default values that only the function object knows as literals, where they have one."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def visit_Name(self, node: ast.Name) -> ast.expr:
        cell = self.resolver.cell(core.qualname(node)) if ".<defaults>." in node.id else None
        if cell is None or not isinstance(cell.cell_contents, _LITERALS):
            return node
        return ast.copy_location(ast.Constant(value=cell.cell_contents), node)


def _register(filename: str, text: str) -> str:
    """Make a text known to tracebacks, pdb and `inspect`; return the file name that it has there."""
    lines = text.splitlines(keepends=True)
    stem, count = filename.removesuffix(">"), 1
    while filename in linecache.cache and linecache.cache[filename][2:3] != (lines,):
        count += 1
        filename = f"{stem} {count}>"
    linecache.cache[filename] = (len(text), None, lines, filename)
    return filename


def _factory(text: str, filename: str, entry: str, names: _LiveNames, live: FunctionType) -> CodeType:
    """Compile the text inside two functions: the outer one's variables are cells, the inner one's are objects."""
    tree = ast.parse(text, filename)
    defined = next(s for s in reversed(tree.body) if isinstance(s, ast.FunctionDef) and s.name == entry)
    _without_defaults(defined.args, _defaults(live))
    inner = _function(_OBJECTS, list(names.objects), [*tree.body, ast.Return(value=load(entry))])
    outer = _function(_CELLS, list(names.cells), [inner, ast.Return(value=load(_OBJECTS))])
    module = ast.fix_missing_locations(ast.Module(body=[outer], type_ignores=[]))
    code: CodeType = compile(module, filename, "exec", flags=_FLAGS, dont_inherit=True)
    return _plainly_named(code)


def _plainly_named(code: CodeType) -> CodeType:
    """Return code whose functions are not called after the two functions around them."""
    constants = tuple(_plainly_named(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_consts=constants, co_qualname=code.co_qualname.removeprefix(_AROUND))


def _run(code: CodeType, names: _LiveNames, live: FunctionType) -> FunctionType:
    """Run the definitions with the globals of the primal and return the last."""
    scope: dict[str, Any] = {}
    exec(code, live.__globals__, scope)
    inner: FunctionType = scope[_CELLS](*(None for _ in names.cells))
    closure = tuple(names.cells[name] for name in inner.__code__.co_freevars)
    bound = FunctionType(inner.__code__, live.__globals__, inner.__name__, None, closure)
    made: FunctionType = bound(*names.objects.values())
    return made


def _adopt(made: FunctionType, live: FunctionType, qualname: str) -> None:
    """Give a derivative the default values of its primal, the very objects, and the name under which it is found."""
    defaults = _defaults(live)
    positional = made.__code__.co_varnames[: made.__code__.co_argcount]
    own = made.__defaults__ or ()
    named = zip(positional[len(positional) - len(own) :], own, strict=True)
    made.__defaults__ = tuple(defaults.get(name, value) for name, value in named) or None
    if made.__kwdefaults__:
        made.__kwdefaults__ = {name: defaults.get(name, value) for name, value in made.__kwdefaults__.items()}
    made.__qualname__ = qualname
    made.__module__ = live.__module__


def _defaults(live: FunctionType) -> dict[str, Any]:
    """Return the default values of a function by parameter."""
    given, code = live.__defaults__ or (), live.__code__
    positional = code.co_varnames[code.co_argcount - len(given) : code.co_argcount]
    return dict(zip(positional, given, strict=True)) | (live.__kwdefaults__ or {})


def _without_defaults(arguments: ast.arguments, known: dict[str, Any]) -> None:
    """Replace default expressions whose values are there already: they are not evaluated a second time."""
    positional = [*arguments.posonlyargs, *arguments.args]
    count = len(arguments.defaults)
    for i, arg in enumerate(positional[len(positional) - count :]):
        if arg.arg in known:
            arguments.defaults[i] = ast.Constant(value=None)
    for i, arg in enumerate(arguments.kwonlyargs):
        if arg.arg in known:
            arguments.kw_defaults[i] = ast.Constant(value=None)


def _function(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    args = [ast.arg(arg=parameter) for parameter in parameters]
    arguments = ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], kw_defaults=[], defaults=[])
    node = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[], lineno=1, col_offset=0)
    if "type_params" in node._fields:
        setattr(node, "type_params", [])  # noqa: B010
    return node
