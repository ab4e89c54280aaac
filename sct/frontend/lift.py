"""First-order routines: what is left of a user's function when functions are no longer values.

In: a resolved function. Out: a `Routine` for it and, when asked for, one for each function that it reaches. In these
no function is nested in another, no name stands for a function, and every call of a user's function gives one
positional argument for each parameter of the routine it calls:

- a nested function or a lambda is a routine of its own; what it reads from around it became extra parameters at the
  end, which each call passes, so that the value is the one of the moment of the call;
- a function given as an argument is gone: the routine is specialised, ``@model.apply(f=numpy.sin)``;
- a function that only makes another is written out where it is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from .. import core
from ..errors import Refused, SctError, span_of
from ..names import fresh
from ..quick import bare
from ..walk import walk
from .bind import Binder, Bound, Temporary, defaults_of, parameter_names
from .closures import Closure, FunctionValue, Given, constant, nodes_of, own_names
from .scopes import parameters
from .source import Function, Module
from .spread import one_by_one, with_own_options

_TRANSPARENT = frozenset(
    "sct.differentiate functools.lru_cache functools.cache functools.wraps numba.njit numba.jit jaxtyping.jaxtyped "
    "beartype.beartype typeguard.typechecked typing.no_type_check typing.final builtins.staticmethod".split()
)
_LOOKING = ("builtins.eval", "builtins.exec", "builtins.locals", "builtins.vars")


class Resolving(Protocol):
    """What lifting needs of `frontend.resolve.Resolver`."""

    def function(self, key: str) -> Function:
        """Return the function with this key."""

    def resolve(self, function: Function) -> ast.FunctionDef:
        """Return its definition with references in it."""

    def module_of(self, key: str) -> tuple[Module, str]:
        """Return the module that a global belongs to, and its name there."""

    def bound_once(self, qualname: str) -> ast.expr | None:
        """Return what a global ``=module.NAME`` is bound to, once and for all, with references; None for any other."""

    def constant(self, qualname: str) -> ast.expr | None:
        """Return the literal that a global is bound to, if it is."""

    def is_immutable(self, qualname: str) -> bool:
        """Say whether a global is a number, a text or None."""

    def held(self, qualname: str) -> object:
        """Return what a global or a variable around a function holds in the running program, or `held.NOTHING`."""

    def definitions(self, module: Module, name: str) -> list[ast.stmt]:
        """Return the top-level statements that bind a name or store into what it is bound to."""

    def mutations(self, module: Module, name: str) -> list[ast.stmt]:
        """Return the top-level statements that call something with a global."""

    def is_conditional(self, module: Module, name: str) -> bool:
        """Say whether a global is bound under a condition."""

    def resolve_expression(self, module: Module, node: ast.expr, live: object | None = None) -> ast.expr:
        """Return an expression of a module's top level with references in it."""


@dataclass(frozen=True)
class Routine:
    """A first-order function: its `node` calls others by `key`, with one positional argument a parameter.

    `function` is the one whose text it comes from; `captured` are the parameters at the end that lifting added.
    """

    key: str
    name: str
    function: Function
    node: ast.FunctionDef
    captured: tuple[str, ...] = ()


@dataclass
class Template:
    """A function before lifting: where it comes from, and the functions that it sees around it."""

    key: str
    name: str
    function: Function
    node: ast.FunctionDef
    captured: tuple[str, ...] = ()
    outer: dict[str, FunctionValue] = field(default_factory=dict)
    given: dict[str, FunctionValue] = field(default_factory=dict)
    default_from: dict[str, str] = field(default_factory=dict)
    depth: int = 0


_Place = tuple[str, int, int, int, int]
_Way = tuple[str, tuple[tuple[str, bool], ...]]


class Program:
    """The routines that one or more entries reach."""

    def __init__(self, resolver: Resolving) -> None:
        self.resolver = resolver
        self._templates: dict[str, Template] = {}
        self._routines: dict[str, Routine] = {}
        self._entries: dict[str, Routine] = {}
        self._names: dict[str, str] = {}
        self._ways: dict[_Place, _Way] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._bodies: tuple[int, list[ast.FunctionDef]] = (0, [])  # of so many entries

    def entry(self, function: Function) -> Routine:
        """Return the routine for a function with its own signature, as its caller sees it."""
        key = "@" + function.key
        if key not in self._entries:
            template = self._top_level(function)
            from .lifting import lift

            self._entries[key] = Routine(key, template.name, function, bare(lift(self, template, True)))
        return self._entries[key]

    def routine(self, key: str) -> Routine:
        """Return the routine that calls name by `key`; a KeyError where it is not one of the user's."""
        if key not in self._routines:
            from .lifting import lift

            template = self.template(key)
            node = bare(lift(self, template, False))
            if template.node.args.kwarg is not None:
                node = with_own_options(node, template.node.args.kwarg.arg)
            self._routines[key] = Routine(key, template.name, template.function, node, template.captured)
        return self._routines[key]

    def followed(self, key: str) -> ast.FunctionDef | None:
        """Return the node of a routine; None for a manager that is only entered: it is refused where it is called."""
        try:
            return self.routine(key).node
        except SctError:
            return None

    def arity(self, key: str) -> int:
        """Return how many arguments the calls of a routine have, which may be one that cannot be followed."""
        return len(plain_arguments(self.template(key)).args)

    def reached_from(self, key: str) -> frozenset[str]:
        """Return the functions that a function calls, and that these call, as far as they can be followed."""
        if key not in self._reach:
            seen: dict[str, None] = {}
            todo = [key]
            while todo:
                node = self.followed(todo.pop())
                for part in walk(node) if node is not None else ():
                    name = core.qualname(part) if isinstance(part, ast.Name) else ""
                    if name.startswith("@") and name not in seen:
                        seen[name] = None
                        todo.append(name)
            self._reach[key] = frozenset(seen)
        return self._reach[key]

    def bodies(self) -> list[ast.FunctionDef]:
        """Return the routines that the entries reach, the entries included, but for those that cannot be followed."""
        if self._bodies[0] == len(self._entries):
            return self._bodies[1]
        found: dict[str, ast.FunctionDef] = {}
        todo = list(reversed(self._entries))
        while todo:
            key = todo.pop()
            if key in found:
                continue
            node = self.followed(key)
            if node is None:
                continue
            found[key] = node
            reached = {core.qualname(n) for n in walk(node) if isinstance(n, ast.Name)}
            todo += sorted((name for name in reached if name.startswith("@")), reverse=True)
        self._bodies = len(self._entries), list(found.values())
        return self._bodies[1]

    def reached(self) -> tuple[Function, ...]:
        """Return the functions whose routines were asked for, each once, in order."""
        routines = [*self._entries.values(), *self._routines.values()]
        return tuple({r.function.key: r.function for r in routines}.values())

    def is_user(self, node: ast.AST | None) -> bool:
        """Say whether `node` refers to a function that the user wrote."""
        return core.qualname(node).startswith("@")

    def restore(self, nodes: Sequence[ast.FunctionDef], module: str) -> tuple[ast.FunctionDef, ...]:
        """Return derived functions with the calls left in them as the user's own functions take them.

        What calls routines that exist only here gets them, as definitions in front.
        """
        from .restoring import restore

        return restore(self, nodes, module)

    # What follows is for the rooms next door.

    def template(self, key: str) -> Template:
        """Return the function that a key names, before lifting."""
        if key not in self._templates:
            if not key.startswith("@"):
                raise KeyError(key)
            self._top_level(self.resolver.function(key[1:]))
        return self._templates[key]

    def add(self, template: Template) -> Template:
        """Note a template; the one that is known under this key already wins."""
        return self._templates.setdefault(template.key, template)

    def unique_name(self, key: str, *wanted: str) -> str:
        """Return the first of `wanted` that no other routine goes by, made unique where all are taken."""
        options = [w for w in wanted if self._names.get(w, key) == key]
        name, count = options[0] if options else wanted[0], 1
        while self._names.get(name, key) != key:
            count += 1
            name = f"{wanted[0]}_{count}"
        self._names[name] = key
        return name

    def is_written(self, key: str) -> bool:
        """Say whether `key` names a function that stands at the top level of a module or class of the user's."""
        template = self.template(key)
        return not template.given and key == "@" + template.function.key

    def note(self, module: str, call: ast.Call, key: str, bound: Bound) -> None:
        """Remember how a call was written."""
        if bound.way is not None and hasattr(call, "lineno"):
            self._ways[_place(module, call)] = (key, bound.way)

    def way(self, module: str, call: ast.Call) -> _Way | None:
        """Return how a call was written, if it stands where the user wrote it."""
        return self._ways.get(_place(module, call)) if hasattr(call, "lineno") else None

    def default(self, template: Template, name: str) -> ast.expr:
        """Return what to write for a parameter that a call leaves out."""
        node = defaults_of(template.node.args)[name]
        value = constant(node, self.resolver.constant)
        if value is None:
            reason = f"the default of the parameter {name!r} of {template.node.name}() is not a constant"
            advice = f"Give {name!r} at the call: a default is made once, when the function is defined."
            raise Refused(reason, span_of(template.function.module, node), advice)
        return value

    def specialised(self, key: str, functions: Mapping[str, Given]) -> tuple[str, tuple[str, ...]]:
        """Return the routine for which these parameters are these functions, and what they capture, in order."""
        template = self.template(key)
        depth = (
            template.depth
            + 1
            + max((self.template(f.key).depth for f in functions.values() if isinstance(f, Closure)), default=0)
        )
        if depth > 8:
            reason = f"{template.node.name}() is given ever new functions"
            raise Refused(reason, span_of(template.function.module, template.node))
        parts = ",".join(f"{p}={f.key}" for p, f in functions.items())
        made = f"{key}({parts})"
        used = own_names(template.node) | set(template.captured)
        given, extra = dict(template.given), list(template.captured)
        outside: list[str] = []
        for parameter, value in functions.items():
            if isinstance(value, Closure):
                inner = [fresh(n, used) for n in self.template(value.key).captured]
                outside += value.environment
                extra += inner
                given[parameter] = replace(value, environment=tuple(inner))
            else:
                given[parameter] = value
        names = [self._short(f) for f in functions.values()]
        name = self.unique_name(made, "_".join([template.name, *names])) if made not in self._templates else ""
        new = Template(made, name, template.function, template.node, tuple(extra), template.outer, given)
        new.default_from, new.depth = template.default_from, depth
        self.add(new)
        return made, tuple(outside)

    def merged(self, key: str, kept: int, dropped: int) -> str:
        """Return the key of a routine that has one parameter for two which are given the same variable."""
        template = self.template(key)
        names = self.parameters(template)
        one, other = names[kept], names[dropped]
        made = f"{key}({other}={one})"
        if made not in self._templates:
            args = template.node.args
            rest = {f: [a for a in getattr(args, f) if a.arg != other] for f in ("posonlyargs", "args", "kwonlyargs")}
            fields = {f: getattr(args, f) for f in args._fields} | rest | {"defaults": []}
            fields["kw_defaults"] = [None for _ in rest["kwonlyargs"]]
            bind = ast.Assign(targets=[ast.Name(id=other, ctx=ast.Store())], value=ast.Name(id=one, ctx=ast.Load()))
            first = 1 if ast.get_docstring(template.node, clean=False) is not None else 0
            body = [*template.node.body[:first], bind, *template.node.body[first:]]
            node = ast.copy_location(
                ast.FunctionDef(
                    **{f: getattr(template.node, f) for f in template.node._fields}
                    | {"args": ast.arguments(**fields), "body": body}
                ),
                template.node,
            )
            name = self.unique_name(made, f"{template.name}_itself")
            captured = tuple(n for n in template.captured if n != other)
            self.add(replace(template, key=made, name=name, node=node, captured=captured))
        return made

    def spread(self, key: str, values: Mapping[str, ast.expr]) -> tuple[str, dict[str, ast.expr]] | None:
        """Return the routine with a parameter for each argument that a call gathers in ``*args`` and ``**options``.

        And what it is given; None where the function does more with them than to hand them on or to read a member.
        """
        template = self.template(key)
        found = one_by_one(template.node, values, set(template.captured))
        if found is None:
            return None
        node, given, shape = found
        made = f"{key}({shape})"
        if made not in self._templates:
            self.add(replace(template, key=made, name=self.unique_name(made, template.name), node=node))
        return made, given

    def parameters(self, template: Template) -> list[str]:
        """Return the parameters of a template's routine, in the order in which calls give them."""
        own = [n for n in parameter_names(template.node.args) if n not in template.given]
        return own + list(template.captured)

    @staticmethod
    def is_transparent(decorator: ast.expr) -> bool:
        """Say whether a decorator leaves what the function returns as it is."""
        made = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = core.qualname(made)
        return name in _TRANSPARENT or name.startswith("sct.") or _attribute(made) in _HARMLESS

    def class_definition(self, key: str) -> ast.ClassDef | None:
        """Return the one class statement that binds a global of the user's, None where there is none."""
        parts = key.lstrip("=").split(".")
        for start in range(len(parts) - 1):  # a running class knows its module by a longer name than its file tells
            try:
                module, name = self.resolver.module_of("=" + ".".join(parts[start:]))
            except KeyError:
                continue
            found = self.resolver.definitions(module, name)
            return found[0] if len(found) == 1 and isinstance(found[0], ast.ClassDef) else None
        return None

    def decorators(self, key: str) -> list[ast.expr]:
        """Return the decorators that change what a function of a module does, where they are functions themselves."""
        written = self.template(key).node.decorator_list if self.is_written(key) else []
        found = [d for d in written if not self.is_transparent(d)]
        plain = all(self.is_user(d.func if isinstance(d, ast.Call) else d) for d in found)
        return found if plain else []

    def undecorated(self, key: str) -> str:
        """Return the key of a function as its text says, without its decorators."""
        template = self.template(key)
        made = f"{key}.undecorated"
        if made not in self._templates:
            fields = {n: getattr(template.node, n) for n in template.node._fields} | {"decorator_list": []}
            node = ast.copy_location(ast.FunctionDef(**fields), template.node)
            self.add(replace(template, key=made, name=self.unique_name(made, template.name), node=node))
        return made

    def _top_level(self, function: Function) -> Template:
        key = "@" + function.key
        if key not in self._templates:
            node = self.resolver.resolve(function)
            base = function.qualname.rpartition("<locals>.")[2].replace(".", "_")
            module = function.module.name.rpartition(".")[2]
            name = self.unique_name(key, base, f"{module}_{base}")
            self._templates[key] = Template(key, name, function, node)
        return self._templates[key]

    def _short(self, value: Given) -> str:
        if isinstance(value, Closure):
            template = self.template(value.key)
            return template.node.name if template.node.name.isidentifier() else template.name
        return value.key.rpartition(".")[2]


_HARMLESS = frozenset({"differentiate", "lru_cache", "njit", "jit", "jaxtyped"})


def check(program: Program, template: Template) -> None:
    """Refuse functions that do something else than run their body when they are called."""
    function = template.function
    for decorator in template.node.decorator_list if program.is_written(template.key) else ():
        if not program.is_transparent(decorator):
            reason = f"{template.node.name}() is decorated, so it may not do what its text says"
            advice = "Differentiate the function without the decorator, and decorate a function that calls it."
            raise Refused(reason, span_of(function.module, decorator), advice)
    for node in nodes_of(template.node.body):
        if core.qualname(node) in _LOOKING:
            reason = f"{core.qualname(node).rpartition('.')[2]}() reaches variables in ways that cannot be followed"
            raise Refused(reason, span_of(function.module, node), "Use the variables by their names.")
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            reason = f"{template.node.name}() is a generator or a coroutine"
            raise Refused(reason, span_of(function.module, node), "Return a list, or write the loop where it is used.")
        if isinstance(node, ast.TryStar):
            reason = "except* may run several handlers for the parts of a group of exceptions"
            raise Refused(reason, span_of(function.module, node), "Use except.")


def plain_arguments(template: Template) -> ast.arguments:
    """Return the signature of a routine that is called: positional parameters, without defaults."""
    starred = {a.arg for a in (template.node.args.vararg, template.node.args.kwarg) if a}
    args = [_bare(a) if a.arg in starred else a for a in parameters(template.node.args) if a.arg not in template.given]
    args += [ast.arg(arg=n, annotation=None) for n in template.captured]
    return ast.arguments(posonlyargs=[], args=args, vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])


def binder_for(template: Template, temporary: Temporary | None) -> Binder:
    """Return what binds the arguments of a call to a template."""
    return Binder(template.node.args, template.node.name, temporary)


def _bare(arg: ast.arg) -> ast.arg:
    return ast.copy_location(ast.arg(arg=arg.arg, annotation=None), arg)


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _place(module: str, call: ast.Call) -> _Place:
    return module, call.lineno, call.col_offset, call.end_lineno or 0, call.end_col_offset or 0


def fresh_names(wanted: Iterable[str], used: set[str]) -> list[str]:
    """Return names like `wanted` that are not in `used`, and add them to it."""
    return [fresh(w, used) for w in wanted]
