"""Functions as values: which names a function reads from around it, and what a name that is called stands for.

In: resolved syntax. Out: free names, function values, functions that only make functions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import core
from ..walk import children, walk
from .scopes import COMPREHENSIONS, bound, defaults, outside, parameters

FunctionLike = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class External:
    """A function that the user did not write, such as `numpy.sin`; `id` is that of its reference."""

    id: str

    @property
    def key(self) -> str:
        return self.id.partition(":")[0]

    @property
    def environment(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Closure:
    """A function of the user's; `environment` names the variables here that its captured parameters get."""

    key: str
    environment: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nothing:
    """None where a function may be given."""

    key: str = "None"
    environment: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ambiguous:
    """A name that is one of several functions, or a function only sometimes."""

    name: str


Given = External | Closure | Nothing
FunctionValue = Given | Ambiguous


def own_names(node: FunctionLike) -> set[str]:
    """Return the names that belong to the scope of a function."""
    body: Iterable[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    found = {b.name for b in bound(body) if b.name} | {a.arg for a in parameters(node.args)}
    return found


def binding_counts(body: Iterable[ast.AST]) -> dict[str, int]:
    """Return how many places in `body` bind each name."""
    counts: dict[str, int] = {}
    for binding in bound(body):
        counts[binding.name] = counts.get(binding.name, 0) + 1
    return counts


def free_names(node: FunctionLike) -> list[str]:
    """Return the plain names that a function reads from the functions around it, in order of appearance."""
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    own = own_names(node)
    return [n for n in reads(body) if n not in own]


def reads(nodes: Iterable[ast.AST]) -> list[str]:
    """Return the plain names read in `nodes` and in the scopes inside them, as far as they are not bound in those."""
    found: dict[str, None] = {}
    for node in nodes:
        found.update(dict.fromkeys(_reads(node)))
    return list(found)


def _reads(root: ast.AST) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if ":" not in node.id:
                yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from free_names(node)
            stack += list(outside(node))
        elif isinstance(node, COMPREHENSIONS):
            yield from _comprehension_reads(node)
        elif isinstance(node, (ast.Nonlocal, ast.Global)):
            yield from node.names
        else:
            stack += reversed(children(node))


def _comprehension_reads(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Iterator[str]:
    targets = {b.name for g in node.generators for b in bound([g.target])}
    yield from _reads(node.generators[0].iter)
    inner: list[ast.AST] = [n for i, g in enumerate(node.generators) for n in ([g.iter] if i else []) + g.ifs]
    inner += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    yield from (n for n in reads(inner) if n not in targets)


def nodes_of(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a function's own scope, without those of functions inside it."""
    stack = list(body)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += outside(node)
        else:
            stack += reversed(children(node))


def as_definition(node: ast.Lambda, name: str) -> ast.FunctionDef:
    """Return a lambda as a definition that returns its body."""
    returns = ast.copy_location(ast.Return(value=node.body), node.body)
    fields: dict[str, Any] = {"name": name, "args": node.args, "body": [returns], "decorator_list": []}
    # Python 3.12 added a field.
    fields |= {n: [] if n == "type_params" else None for n in ast.FunctionDef._fields if n not in fields}
    made = ast.FunctionDef(**fields)
    return ast.copy_location(made, node)


def as_lambda(node: ast.FunctionDef) -> ast.Lambda | None:
    """Return a definition that does nothing but return a value as a lambda, None for others."""
    body = [s for s in node.body if not _is_docstring(s)]
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None and not node.decorator_list:
        return ast.Lambda(args=_plain(node.args), body=body[0].value)
    return None


def factory_result(node: ast.FunctionDef) -> ast.expr | None:
    """Return what a function returns if all it does is to make that function: one of its own, or a lambda."""
    last = node.body[-1]
    if not isinstance(last, ast.Return) or last.value is None or node.decorator_list:
        return None
    if any(isinstance(n, (ast.Return, ast.Yield, ast.YieldFrom)) for s in node.body[:-1] for n in nodes_of([s])):
        return None
    value = last.value
    if isinstance(value, ast.Lambda):
        return value
    if isinstance(value, ast.Name) and ":" not in value.id:
        definitions = [s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == value.id]
        lambdas = [s for s in node.body if _binds_lambda(s, value.id)]
        if len(definitions) + len(lambdas) == 1 and binding_counts(node.body)[value.id] == 1:
            return value
    return None


def map_names(node: ast.AST, mapping: Mapping[str, str | ast.Constant]) -> ast.AST:
    """Return `node` with the variables of its scope renamed, also where functions inside it read them."""
    if not mapping:
        return node
    if isinstance(node, ast.Name):
        new = mapping.get(node.id)
        if new is None or isinstance(new, ast.Constant):
            return new or node
        return ast.copy_location(ast.Name(id=new, ctx=node.ctx), node)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        own = own_names(node)
        inner = {k: v for k, v in mapping.items() if k not in own}
        return _mapped(node, lambda name, child: map_names(child, inner if name == "body" else mapping), mapping)
    if isinstance(node, COMPREHENSIONS):
        targets = {b.name for g in node.generators for b in bound([g.target])}
        inner = {k: v for k, v in mapping.items() if k not in targets}
        return _mapped(node, lambda name, child: map_names(child, inner), {})
    return _mapped(node, lambda name, child: map_names(child, mapping), mapping)


def _mapped(node: ast.AST, change: Callable[[str, ast.AST], ast.AST], names: Mapping[str, object]) -> ast.AST:
    fields: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields[name] = change(name, value)
        elif isinstance(value, list):
            fields[name] = [change(name, v) if isinstance(v, ast.AST) else v for v in value]
        elif name == "name" and isinstance(value, str):
            fields[name] = names.get(value, value)
        else:
            fields[name] = value
    return ast.copy_location(type(node)(**fields), node)


def _plain(arguments: ast.arguments) -> ast.arguments:
    """Return a signature without annotations, which a lambda cannot have."""

    def bare(arg: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(arg=arg.arg, annotation=None), arg)

    return ast.arguments(
        posonlyargs=[bare(a) for a in arguments.posonlyargs],
        args=[bare(a) for a in arguments.args],
        vararg=bare(arguments.vararg) if arguments.vararg else None,
        kwonlyargs=[bare(a) for a in arguments.kwonlyargs],
        kw_defaults=list(arguments.kw_defaults),
        kwarg=bare(arguments.kwarg) if arguments.kwarg else None,
        defaults=list(arguments.defaults),
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _binds_lambda(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == name
        and isinstance(node.value, ast.Lambda)
    )


def constant(node: ast.expr, value_of: Callable[[str], ast.expr | None]) -> ast.expr | None:
    """Return a default that may be written at each call in its stead, None for one that must be evaluated once.

    `value_of` gives the literal that a global of the user's is bound to, if it is.
    """
    if isinstance(node, ast.Lambda):
        return None if free_names(node) else node
    for part in walk(node):
        if isinstance(part, ast.Name):
            qualname = core.qualname(part)
            if ".<defaults>." in qualname:
                continue  # the very value, made once
            if not qualname or qualname.startswith("=") and value_of(qualname) is None:
                return None
            if qualname.startswith("=") and not _immutable(value_of(qualname)):
                return None
        elif not isinstance(part, _CONSTANT_PARTS):
            return None
    return node


_CONSTANT_PARTS = (
    ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.operator, ast.unaryop, ast.expr_context, ast.Attribute,
    ast.Subscript,
)  # fmt: skip


def _immutable(node: ast.expr | None) -> bool:
    return node is not None and all(isinstance(p, (*_CONSTANT_PARTS, ast.Name)) for p in walk(node))


def default_names(node: FunctionLike) -> list[ast.expr]:
    """Return the defaults of a function's signature."""
    return defaults(node.args)
