"""With statements as the calls that they make: ``context.__enter__()`` before, ``context.__exit__(...)`` after.

In: a ``with`` whose managers do nothing but print, time, or open and close, and let exceptions pass. Out: plain
statements, which `simplify.contexts` puts together again in the forward sweep. ``contextlib.suppress`` is a ``try``.
Managers that may swallow an exception leave what they hold half done, and are refused later.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sct import core
from sct.frontend.lift import Program
from sct.frontend.structure import Block, Fresh
from sct.walk import walk

#: Managers that let exceptions pass, and change nothing that is calculated.
_HARMLESS = frozenset(
    "contextlib.nullcontext contextlib.closing contextlib.redirect_stdout contextlib.redirect_stderr "
    "numpy.printoptions warnings.catch_warnings builtins.open".split()
)
_JUMPS = (ast.Return, ast.Break, ast.Continue)


def suppressing(stmt: ast.With) -> ast.Try | None:
    """Return ``with contextlib.suppress(Error)`` as a ``try``, None for any other statement."""
    call = stmt.items[0].context_expr
    if len(stmt.items) > 1 or core.qualname(getattr(call, "func", None)) != "contextlib.suppress":
        return None
    assert isinstance(call, ast.Call)
    if not call.args or call.keywords or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    errors = call.args[0] if len(call.args) == 1 else ast.Tuple(elts=list(call.args), ctx=ast.Load())
    handler = ast.copy_location(ast.ExceptHandler(type=errors, name=None, body=[ast.Pass()]), stmt)
    return ast.copy_location(ast.Try(body=stmt.body, handlers=[handler], orelse=[], finalbody=[]), stmt)


def swallows(stmt: ast.With, program: Program) -> bool:
    """Say whether a ``with`` may go on after what is raised in its body."""
    return not all(
        _made_by(item.context_expr) == "numpy.errstate" or _lets_pass(item.context_expr, program) for item in stmt.items
    )


def entered(stmt: ast.With, fresh: Fresh, program: Program) -> Block:
    """Return the calls that a ``with`` makes around its body; the statement itself where they cannot be written."""
    if not all(_lets_pass(item.context_expr, program) for item in stmt.items):
        return [stmt]
    body, held = list(stmt.body), list[ast.stmt]()
    last = body[-1]
    if isinstance(last, ast.Return) and last.value is not None:
        name = fresh.name("result")
        body[-1] = ast.copy_location(_assign(ast.Name(id=name, ctx=ast.Store()), last.value), last)
        held.append(ast.copy_location(ast.Return(value=ast.Name(id=name, ctx=ast.Load())), last))
    if any(isinstance(n, _JUMPS) for s in body for n in walk(s)):
        return [stmt]
    before: Block = []
    after: Block = []
    for item in stmt.items:
        name = fresh.name("context")
        before.append(_assign(ast.Name(id=name, ctx=ast.Store()), _opaque(item.context_expr)))
        call = _method(name, "__enter__")
        target = item.optional_vars
        before.append(ast.Expr(value=call) if target is None else _assign(target, call))
        nothing: list[ast.expr] = [ast.Constant(value=None) for _ in range(3)]
        after.insert(0, ast.Expr(value=_method(name, "__exit__", nothing)))
    return [*(ast.copy_location(s, stmt) for s in before), *body, *after, *held]


def _lets_pass(expr: ast.expr, program: Program) -> bool:
    """Say whether a context manager is known to let exceptions pass."""
    name = _made_by(expr)
    if name.startswith("@"):
        node = program.template(name).node
        made = [core.qualname(d) for d in node.decorator_list]
        around = [n for n in walk(node) if isinstance(n, (ast.Try, ast.With)) and _yields(n)]
        caught = any(n.handlers if isinstance(n, ast.Try) else swallows(n, program) for n in around)
        return made == ["contextlib.contextmanager"] and not caught
    return name in _HARMLESS or _class_lets_pass(name if name.startswith("=") else f"={name}", program)


def _made_by(expr: ast.expr) -> str:
    return core.qualname(expr.func) if isinstance(expr, ast.Call) else ""


def _yields(node: ast.AST) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in walk(node))


def _class_lets_pass(name: str, program: Program) -> bool:
    """Say whether the method ``__exit__`` of a class of the user's never returns anything true."""
    found = program.class_definition(name)
    if found is None or found.bases or found.decorator_list:
        return False
    methods = [s for s in found.body if isinstance(s, ast.FunctionDef) and s.name == "__exit__"]
    returns = [n for m in methods for n in walk(m) if isinstance(n, ast.Return) and n.value is not None]
    return len(methods) == 1 and all(isinstance(r.value, ast.Constant) and not r.value.value for r in returns)


def _opaque(expr: ast.expr) -> ast.expr:
    """Return a call of a manager of the user's as one of something that is not looked into."""
    if not isinstance(expr, ast.Call) or not core.qualname(expr.func).startswith("@"):
        return expr
    func = core.as_global(expr.func)
    return ast.copy_location(ast.Call(func=func, args=expr.args, keywords=expr.keywords), expr)


def _assign(target: ast.expr, value: ast.expr) -> ast.stmt:
    return ast.Assign(targets=[target], value=value)


def _method(name: str, method: str, args: Sequence[ast.expr] = ()) -> ast.Call:
    func = ast.Attribute(value=ast.Name(id=name, ctx=ast.Load()), attr=method, ctx=ast.Load())
    return ast.Call(func=func, args=list(args), keywords=[])
