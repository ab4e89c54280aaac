"""Nested functions that assign variables of the function around them: they take these and give them back.

In: the body of a resolved function, before it is lifted. Out: the same body, in which ``def add(v): nonlocal total …``
is ``def add(v, *, total): … return result, total``, and a call of it is a statement that binds both. A function that is
used in another way, or called where no statement can stand in front, stays as it is, and is refused.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from ..names import fresh
from ..nodes import assign, changed, load
from ..walk import walk
from .early import found_early
from .evaluation import parts, pure, rebuilt, statement_parts
from .scopes import COMPREHENSIONS

Block = list[ast.stmt]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def passed_back(stmts: list[ast.stmt], used: set[str], known: Sequence[str]) -> list[ast.stmt]:
    """Return statements without ``nonlocal``; `known` are the names of parameters, `used` all that are taken."""
    writers: dict[str, tuple[str, ...]] = {}
    bound = set(known)
    for stmt in stmts:
        if isinstance(stmt, ast.FunctionDef):
            names = _nonlocals(stmt)
            if names and set(names) <= bound and _can_be_changed(stmt):
                writers[stmt.name] = names
        bound |= {n.id for n in walk(stmt) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if not writers:
        return stmts
    writer = _Writer(writers, used | bound)
    writers = {n: v for n, v in writers.items() if writer.is_followed(n, stmts)}
    if not writers:
        return stmts
    writer.writers = writers
    writer.acts = any(isinstance(s, ast.FunctionDef) and s.name in writers and _may_write(s) for s in stmts)
    return writer.block(stmts)


def _nonlocals(node: ast.FunctionDef) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for s in node.body if isinstance(s, ast.Nonlocal) for n in s.names))


def _can_be_changed(node: ast.FunctionDef) -> bool:
    """Say whether a definition can take and return more: it makes no functions that see its variables."""
    inside = [n for s in node.body for n in walk(s)]
    plain = not any(isinstance(n, (*_SCOPES, ast.Yield, ast.YieldFrom)) for n in inside)
    return plain and not node.args.kwarg and not node.decorator_list


def _may_write(node: ast.FunctionDef) -> bool:
    """Say whether a function may write memory, not only variables."""
    inside = [n for s in node.body for n in walk(s)]
    stored = any(isinstance(n, (ast.Subscript, ast.Attribute)) and not isinstance(n.ctx, ast.Load) for n in inside)
    return stored or any(isinstance(n, ast.AugAssign) for n in inside) or not all(map(pure, node.body))


class _Writer:
    def __init__(self, writers: dict[str, tuple[str, ...]], used: set[str]) -> None:
        self.writers = writers
        self.used = used
        self.acts = True  # whether a call may write memory

    # What can be followed.

    def is_followed(self, name: str, stmts: Sequence[ast.stmt]) -> bool:
        """Say whether a function is only called, and where a statement can stand in front of the call."""
        defined = sum(isinstance(n, ast.FunctionDef) and n.name == name for s in stmts for n in walk(s))
        mentions = sum(isinstance(n, ast.Name) and n.id == name for s in stmts for n in walk(s))
        return defined == 1 and mentions == sum(self.calls_in(s, name) for s in stmts)

    def calls_in(self, stmt: ast.stmt, name: str) -> int:
        """Return how many calls in a statement can be followed."""
        if isinstance(stmt, _SCOPES):
            return 0
        found = 0
        for field in ("body", "orelse", "finalbody"):
            found += sum(self.calls_in(s, name) for s in getattr(stmt, field, []))
        found += sum(self.calls_in(s, name) for h in getattr(stmt, "handlers", []) for s in h.body)
        if isinstance(stmt, (ast.While, ast.Try, ast.With, ast.Match)):
            return found
        pieces = [p for p in statement_parts(stmt) if p.field not in ("target", "targets")]
        calls = [c for p in pieces if p.always for c in _calls(p.node, name)]
        variables = set(self.writers[name])
        inside = {id(n) for c in calls for n in walk(c)}
        others = [n for p in pieces for n in walk(p.node) if id(n) not in inside]
        if any(isinstance(n, ast.Name) and n.id in variables for n in others):
            return found  # it may read the variable before or after the call
        if isinstance(stmt, ast.AugAssign) and variables & {n.id for n in walk(stmt.target) if isinstance(n, ast.Name)}:
            return found  # what is found before the call is bound anew by it
        nested = any(c is not d and c in walk(d) for c in calls for d in calls)
        return found if nested else found + len(calls)

    # Writing.

    def block(self, stmts: list[ast.stmt]) -> list[ast.stmt]:
        out = [made for stmt in stmts for made in self.statement(stmt)]
        same = len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts, strict=True))
        return stmts if same else out

    def statement(self, stmt: ast.stmt) -> Block:
        if isinstance(stmt, ast.FunctionDef) and stmt.name in self.writers:
            return [self.definition(stmt, self.writers[stmt.name])]
        if isinstance(stmt, _SCOPES):
            return [stmt]
        fields: dict[str, object] = {}
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(stmt, field, None)
            if inner:
                fields[field] = self.block(inner)
        handlers = getattr(stmt, "handlers", [])
        if handlers:
            parts_of = [changed(h, body=self.block(h.body)) for h in handlers]
            fields["handlers"] = handlers if all(a is b for a, b in zip(parts_of, handlers, strict=True)) else parts_of
        before: Block = []
        if not isinstance(stmt, (ast.While, ast.Try, ast.With, ast.Match)):
            for part in statement_parts(stmt):
                if part.place is None and part.field not in ("target", "targets"):
                    fields[part.field] = self.visit(part.node, before)
        if isinstance(stmt, ast.Expr) and before and isinstance(fields.get("value"), ast.Name):
            return [ast.copy_location(s, stmt) for s in before]
        made = changed(stmt, **fields)
        if before and self.acts and isinstance(made, ast.AugAssign) and isinstance(made.target, ast.Subscript):
            return [ast.copy_location(s, stmt) for s in self.read_first(made, made.target, before)]
        return [*(ast.copy_location(s, stmt) for s in before), made]

    def read_first(self, stmt: ast.AugAssign, target: ast.Subscript, before: Block) -> Block:
        """Return statements that read the place before `before`, as Python does: the calls there may write it."""
        out: Block = []
        place = found_early(target, lambda index: False, lambda: fresh("index", self.used), out)
        name = fresh("value", self.used)
        held = ast.Name(id=name, ctx=ast.Store())
        return [
            *out,
            assign(name, changed(place, ctx=ast.Load())),
            *before,
            changed(stmt, target=held),
            ast.Assign(targets=[place], value=load(name)),
        ]

    def visit(self, node: ast.expr, before: Block | None) -> ast.expr:
        if isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
            return node
        # What is read before the call is read in front of it: the function may write more than its variables.
        made = rebuilt(node, parts(node), self.visit, before, lambda: fresh("value", self.used))
        if before is None or not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name):
            return made
        names = self.writers.get(made.func.id)
        return made if names is None else self.called(made, names, before)

    def called(self, node: ast.Call, names: tuple[str, ...], before: Block) -> ast.expr:
        given = [ast.keyword(arg=n, value=ast.Name(id=n, ctx=ast.Load())) for n in names]
        call = changed(node, keywords=[*node.keywords, *given])
        result = fresh("result", self.used)
        targets: list[ast.expr] = [ast.Name(id=n, ctx=ast.Store()) for n in (result, *names)]
        before.append(ast.Assign(targets=[ast.Tuple(elts=targets, ctx=ast.Store())], value=call))
        return ast.copy_location(ast.Name(id=result, ctx=ast.Load()), node)

    def definition(self, node: ast.FunctionDef, names: tuple[str, ...]) -> ast.FunctionDef:
        """Return a definition that takes the variables and returns them beside its result."""
        body = [s for s in copy.deepcopy(node.body) if not isinstance(s, ast.Nonlocal)] or [ast.Pass()]
        body = [_Returns(names).visit(s) for s in body]
        if not isinstance(body[-1], (ast.Return, ast.Raise)):
            body.append(_returned(None, names))
        a = node.args
        own = [ast.arg(arg=n, annotation=None) for n in names]
        nothing: list[ast.expr | None] = [None] * len(names)
        args = changed(a, kwonlyargs=[*a.kwonlyargs, *own], kw_defaults=[*a.kw_defaults, *nothing])
        return changed(node, args=args, body=body)


class _Returns(ast.NodeTransformer):
    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def visit_Return(self, node: ast.Return) -> ast.Return:
        return ast.copy_location(_returned(node.value, self.names), node)


def _returned(value: ast.expr | None, names: tuple[str, ...]) -> ast.Return:
    loads: list[ast.expr] = [ast.Name(id=n, ctx=ast.Load()) for n in names]
    return ast.Return(value=ast.Tuple(elts=[value or ast.Constant(value=None), *loads], ctx=ast.Load()))


def _calls(node: ast.expr, name: str) -> list[ast.Call]:
    """Return the calls of a function in an expression that are evaluated whatever happens."""
    if isinstance(node, (ast.Lambda, *COMPREHENSIONS)):
        return []
    found = [c for p in parts(node) if p.always for c in _calls(p.node, name)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
        found.append(node)
    return found
