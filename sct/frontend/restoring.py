"""Calls as the user's own functions take them.

In: derived functions, in which calls that need no derivative still call routines. Out: the same calls as they were
written, by keyword or starred; routines that are no function of the user's come along as definitions.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from .. import core
from ..walk import walk
from .bind import defaults_of
from .lift import Program, Template


def restore(program: Program, nodes: Sequence[ast.FunctionDef], module: str) -> tuple[ast.FunctionDef, ...]:
    """Return `nodes` with calls of routines made into calls of functions, what they need in front."""
    restorer = _Restorer(program)
    done = [restorer.function(node, module) for node in nodes]
    return (*restorer.made.values(), *done)


class _Restorer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.made: dict[str, ast.FunctionDef] = {}
        self.started: set[str] = set()

    def function(self, node: ast.FunctionDef, module: str) -> ast.FunctionDef:
        if not any(isinstance(n, ast.Name) and n.id[0] == "@" for n in walk(node)):
            return node
        restored = self.visit(node, module)
        assert isinstance(restored, ast.FunctionDef)
        return restored

    def visit(self, node: Any, module: str) -> Any:
        if isinstance(node, ast.Call) and core.qualname(node.func).startswith("@"):
            return self.call(node, module)
        changed: dict[str, Any] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                new = self.visit(value, module)
                if new is not value:
                    changed[name] = new
            elif isinstance(value, list):
                items = [self.visit(v, module) if isinstance(v, ast.AST) else v for v in value]
                if any(a is not b for a, b in zip(items, value, strict=True)):
                    changed[name] = items
        if not changed:
            return node
        fields = dict(ast.iter_fields(node)) | changed
        return ast.copy_location(type(node)(**fields), node)

    def call(self, node: ast.Call, module: str) -> ast.AST:
        key = core.qualname(node.func)
        args = [self.visit(a, module) for a in node.args]
        try:
            template = self.program.template(key)
        except KeyError:
            return ast.copy_location(ast.Call(func=node.func, args=args, keywords=list(node.keywords)), node)
        names = self.program.parameters(template)
        if node.keywords or len(names) != len(args) or any(isinstance(a, ast.Starred) for a in args):
            return ast.copy_location(ast.Call(func=node.func, args=args, keywords=list(node.keywords)), node)
        values = dict(zip(names, args, strict=True))
        if not self.program.is_written(key):
            self.definition(key)
            func = core.ref(f"!{template.name}")
            return ast.copy_location(ast.Call(func=func, args=args, keywords=[]), node)
        way = self.program.way(module, node)
        made = self.as_written(template, values, way[1]) if way and way[0] == key else None
        return ast.copy_location(_call(node.func, *(made or self.in_order(template, values))), node)

    def definition(self, key: str) -> None:
        if key not in self.started:
            self.started.add(key)
            routine = self.program.routine(key)
            self.made[key] = self.function(routine.node, routine.function.module.name)

    def as_written(
        self, template: Template, values: dict[str, ast.expr], way: tuple[tuple[str, bool], ...]
    ) -> tuple[list[ast.expr], list[ast.keyword]] | None:
        """Return the arguments in the user's own way; None where that would not give every one."""
        given = {name for name, _ in way}
        optional = defaults_of(template.node.args)
        for name, value in values.items():
            starred = isinstance(value, ast.Tuple | ast.Dict) and _is_empty(value)
            left_out = name in optional and ast.dump(value) == ast.dump(optional[name])
            if name not in given and not (left_out or starred):
                return None
        args = [values[name] for name, by_keyword in way if not by_keyword]
        return args, [ast.keyword(arg=n, value=values[n]) for n, by_keyword in way if by_keyword]

    def in_order(self, template: Template, values: dict[str, ast.expr]) -> tuple[list[ast.expr], list[ast.keyword]]:
        """Return the arguments in the order of the signature."""
        arguments = template.node.args
        args = [values[a.arg] for a in (*arguments.posonlyargs, *arguments.args)]
        if arguments.vararg:
            extra = values[arguments.vararg.arg]
            args += extra.elts if isinstance(extra, ast.Tuple) else [ast.Starred(value=extra, ctx=ast.Load())]
        keywords = [ast.keyword(arg=a.arg, value=values[a.arg]) for a in arguments.kwonlyargs]
        if arguments.kwarg:
            keywords.append(ast.keyword(arg=None, value=values[arguments.kwarg.arg]))
        return args, keywords


def _call(func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
    keywords = [k for k in keywords if k.arg or not (isinstance(k.value, ast.Dict) and _is_empty(k.value))]
    return ast.Call(func=func, args=args, keywords=keywords)


def _is_empty(node: ast.Tuple | ast.Dict) -> bool:
    return not (node.elts if isinstance(node, ast.Tuple) else node.values)
