"""What is raised and who catches it, as far as the text tells.

In: references to classes of exceptions. Out: whether a handler catches what a ``raise`` raises. What an exception
carries is not followed: a handler that reads an active value from one is refused.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from sct import core
from sct.errors import Refused, SctError, span_of
from sct.frontend.lift import Program, Routine
from sct.walk import walk

_TEXTS = frozenset({"builtins.str", "builtins.repr", "builtins.format", "builtins.type", "builtins.len"})
_NUMBERS = frozenset({"builtins.float", "builtins.int", "builtins.complex", "builtins.sum", "builtins.list"})


def ancestors(name: str, program: Program) -> frozenset[str] | None:
    """Return the qualified names of a class of exceptions and of all that it comes from; None where unknown."""
    module, _, short = name.rpartition(".")
    if module == "builtins":
        found = getattr(builtins, short, None)
        if not isinstance(found, type) or not issubclass(found, BaseException):
            return None
        return frozenset(f"builtins.{c.__name__}" for c in found.__mro__ if c is not object)
    if name.startswith("numpy.linalg."):
        return frozenset({name}) | (ancestors("builtins.ValueError", program) or frozenset())
    definition = program.class_definition(name) if name.startswith("=") else None
    if definition is None or definition.keywords or definition.decorator_list:
        return None
    home = program.resolver.module_of(name)[0]
    every = {name}
    for base in definition.bases:
        known = ancestors(core.qualname(program.resolver.resolve_expression(home, base)), program)
        if known is None:
            return None
        every |= known
    return frozenset(every)


def catcher(handlers: Sequence[ast.ExceptHandler], error: ast.expr, program: Program) -> int | None:
    """Return the position of the handler that catches a class, -1 where none does; None where it is not known."""
    name = core.qualname(error)
    line = ancestors(name, program) if name else None
    if line is None:
        return None
    for position, handler in enumerate(handlers):
        if handler.type is None:
            return position
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        caught = [ancestors(core.qualname(t), program) for t in types]
        own = {_own_name(core.qualname(t)) for t in types}
        if own & line:
            return position
        if any(c is None for c in caught):
            return None
    return -1


def _own_name(name: str) -> str:
    """Return what a class is called by itself: `IOError` is `OSError`."""
    found = getattr(builtins, name.removeprefix("builtins."), None) if name.startswith("builtins.") else None
    return f"builtins.{found.__name__}" if isinstance(found, type) else name


def refuse_carried(program: Program, entry: Routine) -> None:
    """Refuse handlers that read values from an exception, where exceptions are raised that carry any."""
    every = [(r, n) for r in _routines(program, entry) for n in walk(r.node)]
    if not any(isinstance(n, ast.Raise) and n.exc is not None and _carries(n.exc) for _, n in every):
        return
    for routine, node in every:
        for handler in node.handlers if isinstance(node, ast.Try) else ():
            if handler.name and (read := _taken_from(handler.name, handler.body, routine.node)) is not None:
                reason = "a value may come out of an exception here, and what one carries is not followed"
                advice = "Return the value, or keep it in a variable before the exception is raised."
                raise Refused(reason, span_of(routine.function.module, read), advice)


def _routines(program: Program, entry: Routine) -> list[Routine]:
    """Return the entry and what it reaches, but for what cannot be followed."""
    found: dict[str, Routine] = {}
    todo = [entry]
    while todo:
        routine = todo.pop()
        found[routine.key] = routine
        names = {core.qualname(n) for n in walk(routine.node) if isinstance(n, ast.Name)}
        for key in sorted(n for n in names if n.startswith("@") and n not in found):
            try:
                todo.append(program.routine(key))
            except SctError:
                continue
    return list(found.values())


def _carries(raised: ast.expr) -> bool:
    """Say whether what is raised may hold numbers: it is made with something that is no text."""
    if not isinstance(raised, ast.Call):
        return not core.is_ref(raised)
    values = [*raised.args, *(k.value for k in raised.keywords)]
    return any(not _is_text(v) for v in values)


def _is_text(value: ast.expr) -> bool:
    if isinstance(value, (ast.Constant, ast.JoinedStr)):
        return True
    if isinstance(value, ast.BinOp):  # "%s" % x, or texts put together
        return isinstance(value.op, ast.Mod) and _is_text(value.left) or _is_text(value.left) and _is_text(value.right)
    if not isinstance(value, ast.Call):
        return False
    func = value.func
    return core.qualname(func) in _TEXTS or isinstance(func, ast.Attribute) and _is_text(func.value)


def _taken_from(name: str, stmts: Sequence[ast.stmt], node: ast.FunctionDef) -> ast.expr | None:
    """Return where statements take a value from the exception of this name; `node` is the function around them."""
    inside = [n for s in stmts for n in walk(s)]
    shown = {id(n.args[0]) for n in inside if isinstance(n, ast.Call) and core.qualname(n.func) in _TEXTS and n.args}
    shown |= {id(n.value) for n in inside if isinstance(n, ast.FormattedValue)}
    shown |= {id(a) for n in inside if isinstance(n, ast.Call) and _only_shows(n) for a in n.args}
    shown |= {id(p) for n in inside if isinstance(n, ast.Raise) for p in (n.exc, n.cause)}
    shown |= {id(n.left) for n in inside if isinstance(n, ast.Compare) and isinstance(n.ops[0], (ast.Is, ast.IsNot))}
    for part in inside:
        if isinstance(part, ast.Call) and core.qualname(part.func) in _NUMBERS:
            if any(isinstance(n, ast.Name) and n.id == name for a in part.args for n in walk(a)):
                return part
        target = part.targets[0] if isinstance(part, ast.Assign) else None
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Name) and isinstance(target, ast.Name):
            if part.value.id == name != target.id:  # it is kept, to be raised again
                shown.add(id(part.value))
                if (read := _taken_from(target.id, node.body, node)) is not None:
                    return read
    reads = (n for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id == name)
    return next((n for n in reads if id(n) not in shown), None)


def _only_shows(call: ast.Call) -> bool:
    name = core.qualname(call.func)
    return name in ("builtins.print", "builtins.isinstance") or name.startswith(
        ("logging.", "warnings.", "sct.runtime.")
    )
