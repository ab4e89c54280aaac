"""Signatures and shapes of the functions that forward mode writes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, TypeVar

from sct.nodes import changed, load
from sct.walk import is_exhaustive, walk

Block = list[ast.stmt]
_Node = TypeVar("_Node", bound=ast.AST)


def entry_arguments(arguments: ast.arguments, tangents: Sequence[str]) -> tuple[ast.arguments, Block]:
    """Return the signature of an entry; after ``*args`` the tangents are its last members."""
    moved = [ast.arg(arg=n, annotation=None) for n in tangents]
    positional = [_bare(a) for a in (*arguments.posonlyargs, *arguments.args)]
    unpack: Block = []
    if arguments.vararg is not None:
        rest = arguments.vararg.arg
        count = len(tangents)
        names = [ast.Name(id=n, ctx=ast.Store()) for n in (rest, *tangents)]
        cut = ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=count))
        first = ast.Subscript(value=load(rest), slice=ast.Slice(upper=cut), ctx=ast.Load())
        others = [_from_end(rest, count - i) for i in range(count)]
        value = ast.Tuple(elts=[first, *others], ctx=ast.Load())
        unpack = [ast.Assign(targets=[ast.Tuple(elts=list(names), ctx=ast.Store())], value=value)]
        moved = []
    made = ast.arguments(
        posonlyargs=positional[: len(arguments.posonlyargs)] if not moved else [],
        args=positional[len(arguments.posonlyargs) :] if not moved else [*positional, *moved],
        vararg=arguments.vararg and _bare(arguments.vararg),
        kwonlyargs=[_bare(a) for a in arguments.kwonlyargs],
        kw_defaults=list(arguments.kw_defaults),
        kwarg=arguments.kwarg and _bare(arguments.kwarg),
        defaults=[],
    )
    return made, unpack


def _from_end(name: str, count: int) -> ast.expr:
    index = ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=count))
    return ast.Subscript(value=load(name), slice=index, ctx=ast.Load())


def _bare(arg: ast.arg) -> ast.arg:
    return ast.copy_location(ast.arg(arg=arg.arg, annotation=None), arg)


def definition(name: str, args: ast.arguments, body: Block, node: ast.FunctionDef) -> ast.FunctionDef:
    made = changed(node, name=name, args=args, body=body or [ast.Pass()], decorator_list=[], returns=None)
    if "type_params" in ast.FunctionDef._fields:
        made = changed(made, type_params=[])
    return made


def falls_off(stmts: Sequence[ast.stmt]) -> bool:
    """Say whether control may reach the end of `stmts`."""
    for stmt in stmts:
        if isinstance(stmt, (ast.Return, ast.Raise)):
            return False
        if isinstance(stmt, ast.If) and not falls_off(stmt.body) and stmt.orelse and not falls_off(stmt.orelse):
            return False
        if isinstance(stmt, ast.With) and not falls_off(stmt.body):
            return False
        if isinstance(stmt, ast.While) and isinstance(stmt.test, ast.Constant) and stmt.test.value:
            if not any(isinstance(n, ast.Break) for n in walk(stmt)):
                return False
        if isinstance(stmt, ast.Try) and not falls_off([*stmt.body, *stmt.orelse]):
            if not any(falls_off(h.body) for h in stmt.handlers):
                return False
        if isinstance(stmt, ast.Match) and is_exhaustive(stmt) and not any(falls_off(c.body) for c in stmt.cases):
            return False
    return True


def unshared(node: _Node, seen: set[int]) -> _Node:
    """Return a tree in which no node stands twice: printers remember nodes."""
    again = id(node) in seen
    seen.add(id(node))
    fields: dict[str, Any] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields[name] = unshared(value, seen)
        elif isinstance(value, list):
            fields[name] = [unshared(v, seen) if isinstance(v, ast.AST) else v for v in value]
        else:
            fields[name] = value
    made = type(node)(**fields)
    return made if again else ast.copy_location(made, node)
