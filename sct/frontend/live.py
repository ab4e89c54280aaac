"""Find the source of a function object.

In: a function of the running program. Out: a `Function` in the syntax tree of its whole module. The object is looked
at, never called; its code is compared with the source, so that an edited file is never taken for what runs.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import os
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from ..errors import ReadError, Refused, span_of
from .read import normalise
from .source import Function, Module, define, identifier, parse, place

#: How the names begin under which `linecache` knows the texts of live derivatives.
GENERATED = "<sct "
_CACHE = type(lru_cache(len))
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def read_function(value: object, known: Callable[[Module], Module] = lambda module: module) -> Function:
    """Return the definition of a function object; `known` gives the module that already stands for a source."""
    function = plain(value)
    module = known(module_of(function))
    code = function.__code__
    found = _definitions(module).get((code.co_firstlineno, code.co_name), [])
    if len(found) > 1:
        found = [candidate for candidate in found if _covers(candidate[0], code)]
    if not found or not _is_current(module, function):
        reason = f"the source of '{_name(function)}' is not what runs: the file changed after it was imported"
        raise ReadError(reason, module.path, code.co_firstlineno, 1)
    if len(found) > 1:
        reason = "which of the lambdas on this line is meant is not clear: give it a name with def"
        raise ReadError(reason, module.path, code.co_firstlineno, 1)
    node, qualname = found[0]
    if isinstance(node, ast.AsyncFunctionDef):
        raise Refused(f"'{node.name}' is an async function", span_of(module, node), "Write it with a plain def.")
    definition = define(node, qualname) if isinstance(node, ast.Lambda) else node
    return Function(module, definition, qualname, function)


def plain(value: object) -> FunctionType:
    """Return the plain function that an object is; whatever else can be called is refused."""
    if isinstance(value, staticmethod):
        value = value.__func__
    *wrappers, inner = layers(value)
    if not isinstance(inner, FunctionType):
        advice = "Differentiate a function written with def or lambda; write one that calls this."
        raise Refused(f"{describe(value)} has no Python source that can be differentiated", None, advice)
    outer = next((w for w in wrappers if not _keeps_meaning(w)), None)
    if isinstance(outer, FunctionType):
        return outer  # what a decorator of the user's made is a function like any other
    if outer is not None:
        advice = "Differentiate the function under the decorator, or write what the decorator does into it."
        raise Refused(f"'{_name(inner)}' is wrapped by a decorator, which may change what it means", None, advice)
    return inner


def layers(value: object) -> list[object]:
    """Return an object and what it wraps, by the ``__wrapped__`` that decorators leave, outermost first."""
    found = [value]
    while len(found) < 100 and hasattr(found[-1], "__dict__") and "__wrapped__" in vars(found[-1]):
        found.append(vars(found[-1])["__wrapped__"])
    return found


def _keeps_meaning(wrapper: object) -> bool:
    """Recognise wrappers that return what the function returns: caches, compilers and checkers of types."""
    maker = wrapper.__globals__.get("__name__", "") if isinstance(wrapper, FunctionType) else type(wrapper).__module__
    return isinstance(wrapper, _CACHE) or str(maker).partition(".")[0] in ("numba", "jaxtyping", "beartype")


def describe(value: object) -> str:
    """Say what an object is, in a few words."""
    kind = type(value)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if isinstance(value, type):
        return f"the class '{value.__qualname__}'"
    if inspect.ismethod(value):
        return f"the bound method '{value.__func__.__qualname__}'"
    return f"'{name}', a {kind.__name__}," if isinstance(name, str) else f"an object of type {kind.__qualname__}"


def module_of(function: FunctionType) -> Module:
    """Read the whole module that a function object comes from."""
    path = function.__code__.co_filename
    source = _source(function, path)
    if os.path.isfile(path):
        name, root = place(path)
    else:
        # A notebook cell, a doctest, a text of sct's own: known to `linecache` alone.
        name, root = identifier(function.__module__ or path), ""
    return parse(source, path, name, root, complete=False)


def _source(function: FunctionType, path: str) -> str:
    linecache.checkcache(path)
    lines = linecache.getlines(path, function.__globals__)
    if not lines:
        try:
            lines = inspect.findsource(function)[0]
        except (OSError, TypeError):
            reason = f"the source of '{_name(function)}' is not available; put it into a file"
            raise ReadError(reason, path, function.__code__.co_firstlineno, 1) from None
    return normalise("".join(lines))


@lru_cache(maxsize=64)
def _definitions(module: Module) -> dict[tuple[int, str], list[tuple[_Definition, str]]]:
    """Return the functions of a module by their first line and the name of their code, with qualified names."""
    found: dict[tuple[int, str], list[tuple[_Definition, str]]] = {}
    stack: list[tuple[ast.AST, str, str]] = [(module.tree, "", "")]
    while stack:
        node, prefix, target = stack.pop()
        inner = prefix
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.setdefault((_first_line(node), node.name), []).append((node, prefix + node.name))
            inner = f"{prefix}{node.name}.<locals>."
        elif isinstance(node, ast.Lambda):
            # A lambda has the name it is assigned to; one that has none still needs one in generated code.
            qualname = prefix + (target or "anonymous")
            found.setdefault((node.lineno, "<lambda>"), []).append((node, qualname))
            inner = f"{qualname}.<locals>."
        elif isinstance(node, ast.ClassDef):
            inner = f"{prefix}{node.name}."
        name = _target(node)
        stack.extend((child, inner, name) for child in ast.iter_child_nodes(node))
    return found


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def is_definition_of(node: ast.FunctionDef, live: object) -> bool:
    """Say whether a definition, or one made of a lambda, is where a function object comes from."""
    code = getattr(live, "__code__", None)
    if not isinstance(code, CodeType) or not hasattr(node, "lineno"):
        return False
    return code.co_firstlineno == _first_line(node) and code.co_name in (node.name, "<lambda>")


def _target(node: ast.AST) -> str:
    """Return the name that the value of an assignment gets."""
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        targets: list[ast.expr] = [node.target]
    elif isinstance(node, ast.Assign):
        targets = node.targets
    else:
        return ""
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def _covers(node: _Definition, code: CodeType) -> bool:
    """Say whether the instructions of `code` come from the body of this very lambda."""
    if not isinstance(node, ast.Lambda):
        return True
    body = node.body
    places = {p for p in code.co_positions() if None not in p}
    return (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset) in places


def _is_current(module: Module, function: FunctionType) -> bool:
    """Say whether the source, compiled, gives the code that the function runs."""
    code = function.__code__
    if code.co_filename.startswith(GENERATED):
        # Its imports are variables of a function around it, and its text stays under this name.
        return True
    loader = function.__globals__.get("__loader__")
    if _is_hook(loader):
        # Import hooks compile something else than the source: pytest rewrites asserts, for one.
        return True
    wanted = _fingerprint(code)
    return any(_fingerprint(c) == wanted for c in _codes(module).get((code.co_firstlineno, code.co_name), ()))


def _is_hook(loader: object) -> bool:
    standard = ("_frozen_importlib", "importlib", "zipimport")
    return loader is not None and not type(loader).__module__.startswith(standard)


@lru_cache(maxsize=64)
def _codes(module: Module) -> dict[tuple[int, str], list[CodeType]]:
    """Return the code objects of a module, compiled and not run, by first line and name."""
    found: dict[tuple[int, str], list[CodeType]] = {}
    stack = [module.code]
    while stack:
        code = stack.pop()
        found.setdefault((code.co_firstlineno, code.co_name), []).append(code)
        stack.extend(c for c in code.co_consts if isinstance(c, CodeType))
    return found


def _fingerprint(value: Any) -> Any:
    """Return what two pieces of code share when they do the same, wherever they stand."""
    if isinstance(value, CodeType):
        counts = (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount)
        names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
        return (value.co_name, counts, names, value.co_code, tuple(map(_fingerprint, value.co_consts)))
    if isinstance(value, tuple):
        return (tuple, *map(_fingerprint, value))
    if isinstance(value, frozenset):
        return (frozenset, frozenset(map(_fingerprint, value)))
    return (type(value), repr(value))


def _name(function: FunctionType) -> str:
    return getattr(function, "__qualname__", "function")
