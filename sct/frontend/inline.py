"""Small functions of numbers in the place of their calls.

In: a first-order function and what is known of its values. Out: the same, in which the call of a function that does
nothing but return a short expression of its parameters, given numbers alone, is that expression. For numbers a call
costs more than what it computes.
"""

from __future__ import annotations

import ast
from collections import Counter

from sct import core
from sct.analysis.infer import Facts
from sct.frontend.lift import Program, Routine
from sct.frontend.structure import Fresh
from sct.simplify import trees
from sct.walk import walk

_LONGEST = 40  # nodes
_ODD = (ast.Lambda, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp, ast.BoolOp)


def inlined(node: ast.FunctionDef, routine: Routine, program: Program, facts: Facts, fresh: Fresh) -> ast.FunctionDef:
    """Return the function with calls inlined, itself where there are none."""

    def block(stmts: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for stmt in stmts:
            out += statement(stmt)
        return out

    def statement(stmt: ast.stmt) -> list[ast.stmt]:
        if trees.blocks(stmt):
            return [trees.map_blocks(stmt, block)] if isinstance(stmt, (ast.If, ast.For, ast.While)) else [stmt]
        if not isinstance(stmt, (ast.Assign, ast.AugAssign, ast.Return)) or stmt.value is None:
            return [stmt]
        if not any(isinstance(n, ast.Name) and n.id.startswith("@") for n in walk(stmt.value)):
            return [stmt]
        numbers = facts.kinds(stmt)

        def visit(part: ast.AST, _: ast.AST) -> ast.AST:
            found = _expression(part, routine, program)
            if found is None or not isinstance(part, ast.Call):
                return part
            params, body = found
            counts = Counter(n.id for n in walk(body) if isinstance(n, ast.Name))
            once = all(_is_plain(arg) or counts[p] == 1 for p, arg in zip(params, part.args, strict=True))
            if not once or not all(numbers(arg).what == "scalar" for arg in part.args):
                return part
            return _placed(body, dict(zip(params, part.args, strict=True)), part)

        value = trees.rewrite(stmt.value, visit)
        if value is not stmt.value:
            stmt = trees.replace_fields(stmt, value=value)
        found = _expression(value, routine, program)
        if found is None or not isinstance(value, ast.Call) or isinstance(stmt, ast.AugAssign):
            return [stmt]
        params, body = found
        if not all(numbers(arg).what == "scalar" for arg in value.args):
            return [stmt]
        before: list[ast.stmt] = []
        values: dict[str, ast.expr] = {}
        for name, arg in zip(params, value.args, strict=True):
            if _is_plain(arg):
                values[name] = arg
                continue
            own = fresh.name(name)
            target = ast.copy_location(ast.Name(id=own, ctx=ast.Store()), arg)
            before.append(ast.copy_location(ast.Assign(targets=[target], value=arg), stmt))
            values[name] = ast.copy_location(ast.Name(id=own, ctx=ast.Load()), arg)
        return [*before, trees.replace_fields(stmt, value=_placed(body, values, value))]

    body = block(node.body)
    same = len(body) == len(node.body) and all(a is b for a, b in zip(body, node.body, strict=True))
    return node if same else trees.replace_fields(node, body=body)


def _is_plain(arg: ast.expr) -> bool:
    return isinstance(arg, (ast.Name, ast.Constant))


def _expression(call: ast.AST, routine: Routine, program: Program) -> tuple[list[str], ast.expr] | None:
    """Return the parameters and the expression of the function that is called, None where it is not such a one."""
    key = core.qualname(call.func) if isinstance(call, ast.Call) else ""
    if not key.startswith("@") or not isinstance(call, ast.Call) or call.keywords:
        return None
    if any(isinstance(n, _ODD) or core.qualname(n).startswith("@") for arg in call.args for n in walk(arg)):
        return None
    called = program.routine(key)
    a = called.node.args
    params = [p.arg for p in [*a.posonlyargs, *a.args, *a.kwonlyargs]]
    stmts = called.node.body[1:] if ast.get_docstring(called.node, clean=False) is not None else called.node.body
    if len(stmts) != 1 or not isinstance(stmts[0], ast.Return) or stmts[0].value is None:
        return None
    value = stmts[0].value
    own = called.function.module is routine.function.module and not called.function.node.decorator_list
    if not own or a.vararg or a.kwarg or len(params) != len(call.args):
        return None
    nodes = walk(value)
    names = {n.id for n in nodes if isinstance(n, ast.Name) and not core.is_ref(n)}
    plain = not any(isinstance(n, (*_ODD, ast.Tuple, ast.List, ast.Dict)) for n in nodes)
    calls = any(core.qualname(n)[:1] in ("@", "=", "?") for n in nodes)
    return (params, value) if plain and not calls and names <= set(params) and len(nodes) <= _LONGEST else None


def _placed(body: ast.expr, values: dict[str, ast.expr], call: ast.expr) -> ast.expr:
    """Return the expression with arguments for parameters, all of it where the call stands."""

    def visit(node: ast.AST, old: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id in values:
            return trees.copied(values[node.id])
        if isinstance(node, ast.expr):
            return ast.copy_location(trees.replace_fields(node), call)
        return node

    return trees.rewrite(body, visit)
