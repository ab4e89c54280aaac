"""Python's scoping rules: which names a piece of code binds.

In: statements or expressions. Out: the names they bind in their own scope, in source order. Everything here walks
with a stack of its own, so that a sum of a thousand terms is no deeper than a sum of two.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..walk import children

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, *COMPREHENSIONS)
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True)
class Binding:
    """One place where a name is bound; `conditional` where it may not be reached.

    `node` is what binds: the alias of an import, the definition, the ``ast.Name`` of a target, the handler, …
    `statement` is the innermost statement around it.
    """

    name: str
    node: ast.AST
    statement: ast.stmt | None
    conditional: bool


@dataclass
class Scope:
    """The names of one function, lambda, comprehension or class body."""

    parent: Scope | None
    is_class: bool = False
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)

    def add(self, bindings: Iterable[Binding]) -> None:
        """Add what the code of the scope binds, leaving out what it declares global or nonlocal."""
        for binding in bindings:
            node = binding.node
            if isinstance(node, ast.Global):
                self.globals.update(node.names)
            elif isinstance(node, ast.Nonlocal):
                self.nonlocals.update(node.names)
            else:
                self.bindings.setdefault(binding.name, []).append(binding)
        for name in self.globals | self.nonlocals:
            self.bindings.pop(name, None)

    def owner(self, name: str) -> Scope | None:
        """Return the scope that a name used here belongs to, None for a global or builtin one."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bindings and (scope is self or not scope.is_class):
                return scope
            if name in scope.globals:
                return None
            scope = scope.parent
        return None


def bound(nodes: Iterable[ast.AST], conditional: bool = False) -> Iterator[Binding]:
    """Yield what `nodes` bind in the scope they stand in; ``global`` and ``nonlocal`` come as bindings of "".

    The bodies of nested functions, lambdas, classes and comprehensions are scopes of their own; only ``:=`` reaches
    out of a comprehension.
    """
    stack: list[tuple[ast.AST, ast.stmt | None, bool]] = []
    stack.extend((node, None, conditional) for node in reversed(list(nodes)))
    while stack:
        node, statement, skippable = stack.pop()
        if isinstance(node, (ast.Constant, ast.expr_context, ast.operator)):
            continue
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield Binding(node.id, node, statement, skippable)
            continue
        if isinstance(node, ast.stmt):
            statement = node
        for name in names_of(node):
            yield Binding(name, node, statement, skippable)
        if isinstance(node, _BRANCHES):
            entries = [(child, statement, skippable or maybe) for child, maybe in _branches(node)]
        elif isinstance(node, COMPREHENSIONS):
            entries = [(child, statement, True) for child in _parts(node)]
        else:
            entries = [(child, statement, skippable) for child in outside(node)]
        stack.extend(reversed(entries))


def names_of(node: ast.AST) -> Iterable[str]:
    """Return the names that this very node binds."""
    if isinstance(node, ast.NamedExpr):
        return (node.target.id,)
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    return ("",) if isinstance(node, (ast.Global, ast.Nonlocal)) else ()


def _branches(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Yield the children of a compound statement, each with whether the statement may skip it."""
    for name, value in ast.iter_fields(node):
        maybe = name not in ("test", "iter", "subject", "finalbody")
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, ast.AST):
                yield child, maybe


def _parts(node: Comprehension) -> Iterator[ast.AST]:
    """Yield the expressions of a comprehension, without its targets, which are its own."""
    for generator in node.generators:
        yield generator.iter
        yield from generator.ifs
    if isinstance(node, ast.DictComp):
        yield node.key
        yield node.value
    else:
        yield node.elt


def outside(node: ast.AST) -> Iterable[ast.AST]:
    """Return the children of a node that stand in the scope of the node itself.

    For a function these are its decorators and defaults, for a class its decorators and bases. Annotations are left
    out: nothing in them is a value of the program.
    """
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, *defaults(node.args)]
    if isinstance(node, ast.Lambda):
        return defaults(node.args)
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, ast.NamedExpr):
        return (node.value,)
    if isinstance(node, ast.AnnAssign):
        if isinstance(node.target, ast.Name) and node.value is None and not node.simple:
            return ()
        return (node.target,) if node.value is None else (node.value, node.target)
    return children(node)


def defaults(arguments: ast.arguments) -> list[ast.expr]:
    """Return the default values of a signature."""
    return [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return all parameters of a signature, in the order in which they are written."""
    starred = [arguments.vararg] if arguments.vararg else []
    keywords = [arguments.kwarg] if arguments.kwarg else []
    return [*arguments.posonlyargs, *arguments.args, *starred, *arguments.kwonlyargs, *keywords]


def function_scope(node: AnyFunction | ast.Lambda, parent: Scope | None) -> Scope:
    """Return the scope of a function's body."""
    scope = Scope(parent)
    types = getattr(node, "type_params", ())
    scope.add(Binding(t.name, t, None, False) for t in types)
    scope.add(Binding(a.arg, a, None, False) for a in parameters(node.args))
    scope.add(bound([node.body] if isinstance(node, ast.Lambda) else node.body))
    return scope


def class_scope(node: ast.ClassDef, parent: Scope | None) -> Scope:
    """Return the scope of a class body."""
    scope = Scope(parent, is_class=True)
    scope.add(Binding(t.name, t, None, False) for t in getattr(node, "type_params", ()))
    scope.add(bound(node.body))
    return scope


def comprehension_scope(node: Comprehension, parent: Scope | None) -> Scope:
    """Return the scope of a comprehension: its targets."""
    scope = Scope(parent)
    scope.add(bound(generator.target for generator in node.generators))
    return scope
