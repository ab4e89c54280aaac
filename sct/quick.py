"""The guard of numbers at the start of a function that is little more than it.

In: a derivative with ``require_scalar("x", x)``. Out: the same with a test in front, where the call would be a good
part of the run time: ``if not (type(x) is type(y) is float):``. `bare` takes the test away again where such a text is
differentiated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from sct import core
from sct.walk import walk

_GUARDS = tuple(f"sct.runtime.require_{what}" for what in ("scalar", "number", "scalar_result"))
_MOST = 5  # names: the test stays one short line
_BEYOND = (ast.For, ast.While, ast.Subscript, ast.Attribute, ast.comprehension, ast.FunctionDef, ast.Lambda)
#: What code for numbers calls beside `math`.
_CALLED = frozenset(
    [f"builtins.{name}" for name in ("abs", "float", "int", "max", "min", "pow", "round", "list")]
    + [f"sct.runtime.{name}" for name in ("over", "kinked", "times", "power_slope", "exponent_slope")]
)


def quick(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function with a quick test before its guard of numbers, if it is straight-line code on numbers."""
    return _changed(function, _tested) if _is_light(function) else function


def bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function with its guards of numbers without the tests before them."""
    return _changed(function, _untested)


def _changed(function: ast.FunctionDef, change: Callable[[ast.stmt], ast.stmt]) -> ast.FunctionDef:
    body = [change(stmt) for stmt in function.body]
    if all(new is old for new, old in zip(body, function.body, strict=True)):
        return function
    fields = {name: getattr(function, name) for name in function._fields} | {"body": body}
    return ast.copy_location(ast.FunctionDef(**fields), function)


def _is_light(function: ast.FunctionDef) -> bool:
    for stmt in function.body:
        for node in walk(stmt):
            if isinstance(node, _BEYOND):
                return False
            if isinstance(node, ast.Call):
                name = core.qualname(node.func)
                if not name.startswith("math.") and name not in _CALLED and name not in _GUARDS:
                    return False
    return True


def _guarded(stmt: ast.stmt) -> list[ast.expr]:
    """Return the names that a guard of numbers asks about."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    return call.args[1:] if isinstance(call, ast.Call) and core.qualname(call.func) in _GUARDS else []


def _tested(stmt: ast.stmt) -> ast.stmt:
    names = _guarded(stmt)
    if not 0 < len(names) <= _MOST or not all(isinstance(n, ast.Name) for n in names):
        return stmt
    number = core.ref("builtins.float")
    first, *rest = [ast.Call(func=core.ref("builtins.type"), args=[n], keywords=[]) for n in names]
    if not rest:
        test: ast.expr = ast.Compare(left=first, ops=[ast.IsNot()], comparators=[number])
    else:
        chain = ast.Compare(left=first, ops=[ast.Is() for _ in names], comparators=[*rest, number])
        test = ast.UnaryOp(op=ast.Not(), operand=chain)
    return ast.If(test=test, body=[stmt], orelse=[])


def _untested(stmt: ast.stmt) -> ast.stmt:
    """Return the guard in a test that `_tested` wrote."""
    if not isinstance(stmt, ast.If) or len(stmt.body) != 1 or stmt.orelse:
        return stmt
    names = _guarded(stmt.body[0])
    return stmt.body[0] if names and _tests(stmt.test, names) else stmt


def _tests(test: ast.expr, names: list[ast.expr]) -> bool:
    """Say whether a test asks whether any of the names is no float."""
    op: type[ast.cmpop] = ast.IsNot
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        op, test = ast.Is, test.operand
    if not isinstance(test, ast.Compare) or not all(type(o) is op for o in test.ops):
        return False
    *types, last = [test.left, *test.comparators]
    calls = [t.args[0] for t in types if isinstance(t, ast.Call) and core.qualname(t.func) == "builtins.type"]
    asked = [ast.dump(a) for a in calls] == [ast.dump(n) for n in names]
    return asked and len(calls) == len(types) and core.qualname(last) == "builtins.float"
