"""Functions with some arguments bound: ``partial(f, a, k=b)`` as a nested function.

In: the call of ``functools.partial``. Out: what holds its arguments, and ``def applied(x, *, k=b): return f(a, x, k)``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from .closures import as_definition

Made = tuple[list[ast.stmt], ast.FunctionDef]


def partial_definition(
    call: ast.Call, signature: Callable[[ast.expr], ast.arguments | None], fresh: Callable[[str], str]
) -> Made | None:
    """Return the function that a partial application is, None where its parameters cannot be told."""
    func, given = call.args[0] if call.args else None, call.args[1:]
    own = func.args if isinstance(func, ast.Lambda) else signature(func) if isinstance(func, ast.Name) else None
    if own is None or not isinstance(func, ast.Name | ast.Lambda) or own.vararg or own.kwarg or own.posonlyargs:
        return None
    if any(isinstance(a, ast.Starred) for a in given) or any(k.arg is None for k in call.keywords):
        return None
    names = [a.arg for a in own.args]
    said = {k.arg: k.value for k in call.keywords if k.arg is not None}
    if len(given) > len(names) or not said.keys() <= {*names[len(given) :], *(a.arg for a in own.kwonlyargs)}:
        return None
    held: list[ast.stmt] = []
    if isinstance(func, ast.Lambda):
        function = as_definition(func, fresh("function"))
        held.append(function)
        func = ast.copy_location(ast.Name(id=function.name, ctx=ast.Load()), func)

    def keep(name: str, value: ast.expr) -> ast.expr:
        if isinstance(value, ast.Constant):
            return value
        held.append(ast.copy_location(ast.Assign(targets=[_store(at := fresh(name))], value=value), call))
        return ast.Name(id=at, ctx=ast.Load())

    first = [keep(name, value) for name, value in zip(names, given, strict=False)]
    bound = {name: keep(name, value) for name, value in said.items()}
    missing: list[ast.expr | None] = [None] * (len(names) - len(own.defaults))
    defaults = {
        **dict(zip(names, [*missing, *own.defaults], strict=True)),
        **{a.arg: d for a, d in zip(own.kwonlyargs, own.kw_defaults, strict=True)},
        **bound,
    }
    rest = names[len(given) :]
    plain = rest[: next((i for i, n in enumerate(rest) if n in bound), len(rest))]
    named = [*rest[len(plain) :], *(a.arg for a in own.kwonlyargs)]
    late = [copy.deepcopy(d) for n in plain if (d := defaults[n]) is not None]
    args = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(arg=n, annotation=None) for n in plain],
        vararg=None,
        kwonlyargs=[ast.arg(arg=n, annotation=None) for n in named],
        kw_defaults=[copy.deepcopy(defaults[n]) for n in named],
        kwarg=None,
        defaults=late,
    )
    loads: list[ast.expr] = [ast.Name(id=n, ctx=ast.Load()) for n in plain]
    keywords = [ast.keyword(arg=n, value=ast.Name(id=n, ctx=ast.Load())) for n in named]
    inner = ast.copy_location(ast.Call(func=func, args=[*first, *loads], keywords=keywords), call)
    body: list[ast.stmt] = [ast.copy_location(ast.Return(value=inner), call)]
    made = ast.FunctionDef(name=fresh("applied"), args=args, body=body, decorator_list=[], returns=None)
    if "type_params" in made._fields:
        setattr(made, "type_params", [])  # noqa: B010
    return held, ast.copy_location(made, call)


def _store(name: str) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Store())
