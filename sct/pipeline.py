"""From a function to its derivative: the passes in their order.

``read → resolve → lift`` happen in `frontend`; the text is made in `emit`. In between, in this order:

1. `analysis.assume`: kinds of the parameters, from annotations and from how they are used; `modes.choice` generates
   code for the least assumptions that no more would better;
2. reverse mode: `frontend.plain`, `frontend.structure` and `frontend.lower` bring the control flow into a form that
   can be walked backwards, `frontend.flatten` takes expressions apart, then `adjoint`, `saving` and `sweeps` of
   `modes.reverse`; forward mode: `modes.forward`;
3. `simplify`: what the compiler took apart is put together again.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Literal

from sct.analysis.assume import assume
from sct.analysis.kinds import UNKNOWN
from sct.analysis.program import Analyst
from sct.analysis.stated import with_stated
from sct.errors import UsageError
from sct.frontend.evaluation import renamed
from sct.frontend.lift import Program
from sct.frontend.raising import refuse_carried
from sct.frontend.resolve import Resolver
from sct.frontend.source import Function
from sct.frontend.spread import with_positions
from sct.modes.log import Log
from sct.modes.real import for_real_numbers
from sct.modes.reverse.body import Wanted
from sct.modes.reverse.compile import derive as derive_reverse
from sct.names import unhidden
from sct.rules.kinds import doubts
from sct.simplify import rename_temporaries, temporary_names
from sct.walk import parameters, walk

Product = Literal["jvp", "vjp", "grad", "value_and_grad"]
Wrt = int | str | tuple[int | str, ...] | None


@dataclass(frozen=True)
class Request:
    """A derivative that somebody asks for."""

    function: Function
    product: Product
    wrt: Wrt = None


@dataclass(frozen=True)
class Derived:
    """A derivative: `functions` in the order in which they are written, the entry last."""

    name: str
    functions: tuple[ast.FunctionDef, ...]
    sources: tuple[Function, ...]
    request: Request


def derive(
    request: Request, resolver: Resolver, names_taken: frozenset[str] = frozenset(), log: Log | None = None
) -> Derived:
    """Differentiate a function; `log` is told what the mode decided."""
    request = replace(request, function=with_positions(request.function, request.wrt))
    program = Program(resolver)
    routine = program.entry(request.function)
    refuse_carried(program, routine)
    name = f"{routine.name}_{request.product}"
    independents, bare = select(request)
    analyst = Analyst(program)

    def alias_of(type_name: str) -> ast.expr | None:
        return type_alias(resolver, request.function, type_name)

    number = request.product in ("grad", "value_and_grad")
    options = with_stated(routine.node, assume(routine.node, program, alias_of, number))
    taken = names_taken | resolver.global_names(request.function.module)
    with doubts() as doubted:
        if request.product == "jvp":
            from sct.modes.forward.compile import derive as derive_forward

            functions = derive_forward(routine, program, independents, options=options, bare=bare, taken=taken, log=log)
        else:
            wanted = Wanted(name, request.product, independents, bare)
            functions = derive_reverse(routine, program, analyst, options, wanted, taken, log)
    unknown = [n for n in parameters(routine.node) if options[0].kinds.get(n, UNKNOWN).dtype == "unknown"]
    functions = for_real_numbers(
        functions, routine.node, unknown, doubted, lambda name: analyst.constant(name).dtype != "unknown"
    )
    functions = tuple(_readable(f) for f in program.restore(functions, request.function.module.name))
    names = unhidden(functions, taken)
    if names:
        references = {f"!{old}": new for old, new in names.items()}
        functions = tuple(renamed(f, names.get(f.name, f.name), references) for f in functions)
        if log is not None:
            log.rename(names)
    return Derived(name, functions, program.reached(), request)


def _readable(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function with names for its temporaries, which a local function that is not differentiated still has."""
    taken = {n.id for n in walk(function) if isinstance(n, ast.Name)}
    taken |= {a.arg for a in walk(function) if isinstance(a, ast.arg)}
    return rename_temporaries(function, temporary_names(function.body, taken))


def select(request: Request) -> tuple[tuple[str, ...], bool]:
    """Return the independents, and whether the adjoint is given bare rather than in a tuple."""
    args = request.function.node.args
    positional = [*args.posonlyargs, *args.args]
    names = [a.arg for a in positional]
    where = f"{request.function.module.path}: {request.function.node.name}"
    wrt = request.wrt
    if wrt is None:
        chosen = tuple(a.arg for a, d in _with_defaults(args) if not _is_discrete(a, d))
        if not chosen:
            raise UsageError(f"{where} has no parameter to differentiate with respect to; give wrt")
        return chosen, len(chosen) == 1
    parts = wrt if isinstance(wrt, tuple) else (wrt,)
    if not parts:
        raise UsageError(f"{where}: wrt is empty")
    chosen_list: list[str] = []
    every = [*names, *(a.arg for a in args.kwonlyargs)]
    for part in parts:
        if isinstance(part, int):
            if not -len(names) <= part < len(names):
                raise UsageError(f"{where}: wrt={part}, but there are {len(names)} positional parameters")
            part = names[part]
        if part not in every:
            known = ", ".join(every) or "none"
            raise UsageError(f"{where} has no parameter `{part}` to differentiate with respect to; it has {known}")
        if part in chosen_list:
            raise UsageError(f"{where}: wrt names `{part}` twice")
        chosen_list.append(part)
    return tuple(chosen_list), not isinstance(wrt, tuple)


def _with_defaults(args: ast.arguments) -> list[tuple[ast.arg, ast.expr | None]]:
    positional = [*args.posonlyargs, *args.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    return list(zip(positional, [*missing, *args.defaults], strict=True))


def _is_discrete(arg: ast.arg, default: ast.expr | None) -> bool:
    text = ast.unparse(arg.annotation).strip("'\"") if arg.annotation is not None else ""
    if isinstance(default, ast.Constant) and default.value is None:
        return True  # whatever it may be when it is given
    if text:
        return text in ("int", "bool", "str", "None")
    if isinstance(default, ast.UnaryOp):
        default = default.operand
    return isinstance(default, ast.Constant) and isinstance(default.value, (int, bool, str))


def type_alias(resolver: Resolver, function: Function, name: str) -> ast.expr | None:
    """Return what a module assigns to a name that an annotation uses."""
    for stmt in resolver.definitions(function.module, name):
        if isinstance(stmt, ast.Assign):
            return stmt.value
        if isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            return stmt.value
        if hasattr(ast, "TypeAlias") and isinstance(stmt, ast.TypeAlias):
            value: ast.expr = stmt.value
            return value
    return None
