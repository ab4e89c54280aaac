"""Names for the temporaries that are left.

In: a function's statements. Out: the same with a readable name for every temporary: what it computes decides, ``e``
for an exponential, ``exp_x`` for that of a name, ``s`` for a sum, ``t`` otherwise. Names that are made from a
temporary, ``%1_bar``, follow it. The names depend on the text of the function alone.
"""

from __future__ import annotations

import ast
import builtins
import heapq
import itertools
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sct import core
from sct.simplify import effects, trees
from sct.walk import header

Statement = TypeVar("Statement", bound=ast.stmt)

_MADE = re.compile(r"^([A-Za-z_]*)%(\d+)(\w*)$")
_LETTERS = {
    **dict.fromkeys(("exp", "expm1", "exp2"), "e"),
    **dict.fromkeys(("sum", "nansum", "add"), "s"),
    **dict.fromkeys(("matmul", "dot", "outer", "prod", "multiply", "inner", "vdot", "einsum", "tensordot"), "p"),
    **dict.fromkeys(("max", "min", "amax", "amin", "maximum", "minimum", "mean"), "m"),
    **dict.fromkeys(("sqrt", "cbrt", "norm", "hypot"), "r"),
    **dict.fromkeys(("divide", "true_divide", "reciprocal"), "q"),
    "cos": "c",
    "sin": "s",
    **dict.fromkeys(("abs", "absolute", "fabs"), "a"),
}
_OPERATIONS: dict[type[ast.operator], str] = {ast.MatMult: "p", ast.Div: "q", ast.Pow: "p"}
_SIMPLE = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "tanh", "sinh", "cosh"),
    *("arctan", "arcsin", "arccos", "sqrt", "cbrt", "square", "abs", "sum", "mean", "max", "min", "prod", "sign"),
)


def name_temporaries(stmts: Sequence[ast.stmt], taken: frozenset[str] = frozenset()) -> list[ast.stmt]:
    """Name the temporaries; `taken` are further names that must not be used."""
    new = temporary_names(stmts, taken)
    return [rename_temporaries(stmt, new) for stmt in stmts] if new else list(stmts)


def rename_temporaries(stmt: Statement, new: Mapping[str, str]) -> Statement:
    """Give the temporaries of a statement, which may be a function, the names that were found for them."""

    def visit(node: ast.AST, _: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id in new:
            return trees.replace_fields(node, id=new[node.id])
        if isinstance(node, ast.arg) and node.arg in new:
            return trees.replace_fields(node, arg=new[node.arg])
        return node

    return trees.rewrite(stmt, visit)


def temporary_names(stmts: Sequence[ast.stmt], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the readable name of each temporary and of each name made from one.

    A name serves again where what had it is not read any more: that keeps names short, and arrays no longer than they
    are needed.
    """
    order, values, used = _collect(stmts)
    used |= set(taken)
    forms: dict[str, list[tuple[str, str]]] = {}
    for name in order:
        made = _MADE.match(name)
        assert made, name
        forms.setdefault(made[2], []).append((made[1], made[3]))
    spans = _spans(stmts)
    new: dict[str, str] = {}
    counts: dict[str, int] = {}
    busy: dict[tuple[object, ...], list[tuple[int, int, str]]] = {}  # names by the end of what has them
    free: dict[tuple[object, ...], list[tuple[int, str]]] = {}
    for number, affixes in forms.items():
        full = f"%{number}".join(affixes[0])
        base = _base(values.get(f"%{number}", values.get(full)), new)
        span = spans.get(full) if len(affixes) == 1 else None
        place = (base, affixes[0], span.block if span else 0)
        if span:
            waiting = busy.setdefault(place, [])
            while waiting and waiting[0][0] <= span.start:
                _, count, name = heapq.heappop(waiting)
                heapq.heappush(free.setdefault(place, []), (count, name))
            if free.get(place):
                count, name = heapq.heappop(free[place])
                new[full] = name
                heapq.heappush(waiting, (span.end, count, name))
                continue
        count = counts.get(base, 0) + 1
        while True:
            candidate = base if count == 1 else f"{base}_{count}"
            whole = [f"{before}{candidate}{after}" for before, after in affixes]
            if not any(_is_reserved(name) or name in used for name in (candidate, *whole)):
                break
            count += 1
        counts[base] = count
        used.update((candidate, *whole))
        new.update((f"{b}%{number}{a}", name) for (b, a), name in zip(affixes, whole, strict=True))
        if span:
            heapq.heappush(busy[place], (span.end, count, whole[0]))
    return new


class _Span(NamedTuple):
    """The statements of one block between the only assignment of a name and its last reader."""

    block: int
    start: int
    end: int


def _spans(stmts: Sequence[ast.stmt]) -> dict[str, _Span]:
    """Return the spans of the temporaries that one plain assignment binds, before all their readers."""
    places: dict[str, list[tuple[tuple[int, int], ...]]] = {}  # where each is, from the outermost block inwards
    bound: dict[str, tuple[tuple[int, int], ...]] = {}
    blocks = itertools.count()

    def visit(block: Sequence[ast.stmt], around: tuple[tuple[int, int], ...]) -> None:
        own = next(blocks)
        for position, stmt in enumerate(block):
            path = (*around, (own, position))
            name = trees.target_name(stmt)
            inner = trees.blocks(stmt)
            nodes = header(stmt) if inner else trees.walk(stmt)
            for node in nodes:
                if isinstance(node, ast.Name) and "%" in node.id:
                    places.setdefault(node.id, []).append(path)
                    if not isinstance(node.ctx, ast.Load):
                        plain = name == node.id and node.id not in bound and len(places[node.id]) == 1
                        plain = plain and isinstance(stmt, ast.Assign) and name not in effects.names(stmt.value)
                        bound[node.id] = path if plain else ()
            for body in inner:
                visit(body, path)

    visit(stmts, ())
    late = effects.captured(stmts)
    found = {}
    for name, path in bound.items():
        if path and name not in late:
            depth = len(path) - 1
            inside = all(len(p) > depth and p[depth][0] == path[depth][0] for p in places[name])
            if inside:
                end = max(p[depth][1] for p in places[name])
                found[name] = _Span(path[depth][0], path[depth][1], end)
    return found


def _collect(stmts: Sequence[ast.stmt]) -> tuple[list[str], dict[str, ast.expr], set[str]]:
    """The names made of temporaries in the order of the text, what each is first assigned, and all other names."""
    order: dict[str, None] = {}
    values: dict[str, ast.expr] = {}
    used: set[str] = set()
    for stmt in trees.all_statements(stmts):
        name = trees.target_name(stmt)
        if "%" in name and isinstance(stmt, ast.Assign):
            order.setdefault(name)
            values.setdefault(name, stmt.value)
    for stmt in stmts:
        for node in trees.walk(stmt):
            if isinstance(node, ast.Name) and core.is_ref(node):
                used |= {core.spelling(node).partition(".")[0], core.qualname(node).rpartition(".")[2].lstrip("!@=?")}
            elif isinstance(node, ast.Name | ast.arg):
                name = node.id if isinstance(node, ast.Name) else node.arg
                if "%" in name:
                    order.setdefault(name)
                else:
                    used.add(name)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                used.add(node.name)
    return list(order), values, used


def _is_reserved(name: str) -> bool:
    return keyword.iskeyword(name) or hasattr(builtins, name) or name in ("np", "l", "O", "I")


def _base(value: ast.expr | None, new: dict[str, str]) -> str:
    """The name that what is computed suggests."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="pop")) if "%" not in owner:
            return owner.removesuffix("_tape") + "_" if owner.endswith("_tape") else "t"
        case ast.Call():
            return _called(value)
        case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=int() | str() as key)) if _plain(owner):
            return f"{owner}_{key}" if f"{owner}_{key}".isidentifier() else owner
        case ast.Subscript(value=ast.Name(id=owner), slice=ast.Name(id=key)) if _plain(owner) and _plain(key):
            return f"{owner}_{key}"
        case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=2)):
            return "sq"
        case ast.BinOp():
            return _OPERATIONS.get(type(value.op), "t")
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return "chosen"
    return "t"


def _plain(name: str) -> bool:
    return "%" not in name and ":" not in name and not name.endswith("_bar") and len(name) <= 6


def _called(call: ast.Call) -> str:
    function = core.qualname(call.func)
    if function == "sct.runtime.as_product":
        return "p"
    short = function.rpartition(".")[2]
    arguments = list(call.args)
    if isinstance(call.func, ast.Attribute):
        short, function = call.func.attr, "numpy."
        arguments.insert(0, call.func.value)
    if not function.startswith(("numpy.", "math.", "builtins.")):
        return "t"
    first = arguments[0] if arguments else None
    plain = isinstance(first, ast.Name) and trees.is_local(first) and "%" not in first.id and len(first.id) <= 6
    if plain and isinstance(first, ast.Name) and len(arguments) == 1 and not call.keywords and short in _SIMPLE:
        return f"{short}_{first.id.strip('_')}"
    return _LETTERS.get(short, "t")
