"""Copy a function with everything that is not its own variable replaced by a reference.

In: a function's definition and what its global names mean. Out: a new tree; see `core` for the references. The walk
has its own stack: deep expressions need no deep recursion.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from .. import core
from ..walk import walk
from .meanings import Meaning
from .scopes import COMPREHENSIONS, Comprehension, Scope, class_scope, comprehension_scope, function_scope

_Node = TypeVar("_Node", bound=ast.AST)
_Entry = tuple[ast.AST, Scope | None, Any, Any]
# Annotations are no part of the program's values, and stay as they were written.
_UNTOUCHED = frozenset({"annotation", "returns", "type_params", "type_comment"})


@dataclass
class Rewriter:
    """What names mean to one function: its globals, the members of modules, the imports inside it."""

    meaning: Callable[[str], Meaning]
    member: Callable[[Meaning, str], Meaning | None]
    imported: Callable[[ast.stmt | None, ast.alias], Meaning]
    unknown: dict[str, str] = field(default_factory=dict)
    _cache: dict[tuple[int, str], Meaning | None] = field(default_factory=dict)
    _scopes: list[Scope] = field(default_factory=list)
    _root: ast.FunctionDef | None = None

    def expression(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression of the module's own scope."""
        return self._copy(node, None)

    def function(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rewrite a function; its decorators, which the caller judges, stay as they were written."""
        scope = self._keep(function_scope(node, None))
        self._root = node
        new = _shallow(node)
        new.args = self._copy(node.args, None)
        new.body = [self._copy(statement, scope) for statement in node.body]
        return new

    def _keep(self, scope: Scope) -> Scope:
        # The cache knows scopes by their identity: keep them alive.
        self._scopes.append(scope)
        return scope

    def _copy(self, root: _Node, outer: Scope | None) -> _Node:
        result: list[Any] = [root]
        # An entry: a node, the scope it stands in, and where its copy goes.
        stack: list[_Entry] = [(root, outer, result, 0)]
        while stack:
            node, scope, owner, place = stack.pop()
            new: ast.AST | None = None
            if isinstance(node, (ast.Name, ast.Attribute)):
                new = self._reference(node, scope)
            if new is None:
                new = _shallow(node)
                self._children(node, new, scope, stack)
            if isinstance(owner, list):
                owner[place] = new
            else:
                setattr(owner, place, new)
        copied: _Node = result[0]
        return copied

    def _children(self, node: ast.AST, new: ast.AST, scope: Scope | None, stack: list[_Entry]) -> None:
        """Put the children of a node on the stack, each with the scope that it stands in."""
        if isinstance(node, COMPREHENSIONS):
            self._comprehension(node, new, scope, stack)
            return
        inner = scope
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            inner = self._keep(function_scope(node, scope))
        elif isinstance(node, ast.ClassDef):
            inner = self._keep(class_scope(node, scope))
        for name in node._fields:
            if name not in _UNTOUCHED:
                _push(node, new, name, inner if name == "body" else scope, stack)

    def _comprehension(self, node: Comprehension, new: Any, scope: Scope | None, stack: list[_Entry]) -> None:
        inner = self._keep(comprehension_scope(node, scope))
        for name in node._fields:
            if name != "generators":
                _push(node, new, name, inner, stack)
        new.generators = [_shallow(generator) for generator in node.generators]
        for i, (generator, copy) in enumerate(zip(node.generators, new.generators, strict=True)):
            # The first iterable is evaluated outside of the comprehension.
            _push(generator, copy, "iter", inner if i else scope, stack)
            _push(generator, copy, "target", inner, stack)
            _push(generator, copy, "ifs", inner, stack)

    def _reference(self, node: ast.Name | ast.Attribute, scope: Scope | None) -> ast.expr | None:
        """Return what stands for a name or a dotted path, None where it is a variable of the function."""
        attributes: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            attributes.append(base)
            base = base.value
        if not isinstance(base, ast.Name) or (attributes and not isinstance(attributes[0].ctx, ast.Load)):
            return None
        meaning = self._of(base.id, scope)
        if meaning is None:
            return None
        spelling = base.id
        placed: ast.Name | ast.Attribute = base
        while attributes:
            longer = self.member(meaning, attributes[-1].attr)
            if longer is None:
                break
            last = placed = attributes.pop()
            meaning, spelling = longer, f"{spelling}.{last.attr}"
        result: ast.expr = self._ref(meaning, spelling, placed)
        for attribute in reversed(attributes):
            result = ast.copy_location(ast.Attribute(value=result, attr=attribute.attr, ctx=ast.Load()), attribute)
        return result

    def _ref(self, meaning: Meaning, spelling: str, node: ast.Name | ast.Attribute) -> ast.Name:
        qualname = meaning.qualname
        if meaning.what == "unknown":
            qualname = f"?{spelling}"
            self.unknown[qualname] = meaning.reason
        elif qualname.startswith("operator.__"):  # `operator.__mul__` is `operator.mul`
            named = getattr(operator, qualname.removeprefix("operator."), None)
            qualname = f"operator.{getattr(named, '__name__', qualname.removeprefix('operator.'))}"
        new = ast.copy_location(core.ref(qualname, spelling), node)
        new.ctx = node.ctx
        return new

    @cached_property
    def _nonlocals(self) -> frozenset[str]:
        """The variables that a function inside this one declares ``nonlocal``."""
        nodes = walk(self._root) if self._root else ()
        return frozenset(name for node in nodes if isinstance(node, ast.Nonlocal) for name in node.names)

    def _of(self, name: str, scope: Scope | None) -> Meaning | None:
        """Return what a name means where it is used, None for a variable of the function."""
        owner = scope.owner(name) if scope else None
        key = (id(owner), name)
        if key not in self._cache:
            self._cache[key] = self._in(owner, name) if owner else self.meaning(name)
        return self._cache[key]

    def _in(self, owner: Scope, name: str) -> Meaning | None:
        """Return what a variable that only imports bind stands for, None for any other."""
        meanings = []
        for binding in owner.bindings[name]:
            if not isinstance(binding.node, ast.alias) or name in self._nonlocals:
                return None
            meanings.append(self.imported(binding.statement, binding.node))
        first = meanings[0]
        return first if first.what == "unknown" or all(m.agrees(first) for m in meanings) else None


def _push(node: ast.AST, new: ast.AST, name: str, scope: Scope | None, stack: list[_Entry]) -> None:
    """Put the children in one field of a node on the stack."""
    value = getattr(node, name, None)
    if isinstance(value, ast.AST):
        stack.append((value, scope, new, name))
    elif isinstance(value, list):
        copies = list(value)
        setattr(new, name, copies)
        stack.extend((child, scope, copies, i) for i, child in enumerate(value) if isinstance(child, ast.AST))


def _shallow(node: _Node) -> _Node:
    """Copy a node, not its children; much faster than ``copy.copy``."""
    new = node.__class__.__new__(node.__class__)
    new.__dict__.update(node.__dict__)
    return new
