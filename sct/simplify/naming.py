"""Names for the temporaries that are left.

In: a function's statements. Out: the same with a readable name for every temporary: what it computes decides, ``e``
for an exponential, ``exp_x`` for that of a name, ``s`` for a sum, ``t`` otherwise. Names that are made from a
temporary, ``%1_bar``, follow it. The names depend on the text of the function alone.
"""

from __future__ import annotations

import ast
import bisect
import builtins
import itertools
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

_TAPE = re.compile(r"^t_tape(_\d+)?$")  # what the sweeps call the tape of a temporary
_BINDS = (ast.AnnAssign, ast.AugAssign)
_LONGEST = 16  # of the names that go into others


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

    What an edit of one statement changes must not show in the names of all others. So nothing counts temporaries from
    the top of a function. What lives within a paragraph of adjoints gets a name that serves again in the next one,
    where what had it is not read any more: that keeps names short, and arrays no longer than they are needed. Of the
    others the first is ``t``, and each that follows is named after the variable that it helps to compute: ``t_y``.
    """
    order, values, used = _collect(stmts)
    tapes = _tapes(stmts)
    namer = _Namer((used | set(taken)) - tapes.keys())
    forms: dict[str, list[tuple[str, str]]] = {}
    for name in order:
        made = _MADE.match(name)
        assert made, name
        forms.setdefault(made[2], []).append((made[1], made[3]))
    spans, helps = _spans(stmts), _helps(stmts)
    others, popped = [], []
    for number, affixes in forms.items():
        full = f"%{number}".join(affixes[0])
        value = values.get(f"%{number}", values.get(full))
        helped = next((helps[n] for b, a in affixes if (n := f"{b}%{number}{a}") in helps), "")
        in_paragraph = helped.endswith("_bar") or full.endswith("_bar") or _of_adjoints(value)
        span = spans.get(full) if len(affixes) == 1 else None
        one = _Temporary(number, affixes, _base(value), "" if in_paragraph else helped, span)
        if tape := _popped(value):
            popped.append((one, tape))
        elif span and in_paragraph:
            namer.name(one)
        else:
            others.append(one)
    for one in others:
        namer.name(one)
    for tape, name in tapes.items():
        namer.name_tape(tape, name)
    for one, tape in popped:
        namer.name(one._replace(base=namer.names.get(tape, tape).removesuffix("_tape") + "_"))
    return {old: new for old, new in namer.names.items() if old != new}


class _Temporary(NamedTuple):
    """A temporary: what stands around its number in the names made of it, and what it may be called.

    `helps` is the variable that it helps to compute, "" for none.
    """

    number: str
    affixes: Sequence[tuple[str, str]]
    base: str
    helps: str
    span: _Span | None

    def whole(self, stem: str) -> list[str]:
        return [f"{before}{stem}{after}" for before, after in self.affixes]


class _Shared(NamedTuple):
    """A name that serves several temporaries, and the spans of these in order."""

    rank: int
    name: str
    spans: list[tuple[int, int]]

    def is_free(self, span: _Span) -> bool:
        """Say whether none of the temporaries lives within a span; it may be read where the next is bound."""
        after = bisect.bisect(self.spans, (span.start, span.end))
        if after and self.spans[after - 1][1] > span.start:
            return False
        return after == len(self.spans) or self.spans[after][0] >= span.end


class _Namer:
    """Gives names that are not in use."""

    def __init__(self, used: set[str]) -> None:
        self.names: dict[str, str] = {}
        self._used = used
        self._counts: dict[tuple[str, str], int] = {}
        self._shared: dict[tuple[object, ...], list[_Shared]] = {}

    def name(self, one: _Temporary) -> None:
        """Name a temporary: what is read within a span only takes a name that is free there, if there is one."""
        if one.span is None:
            self._given(one)
            return
        known = self._shared.setdefault((one.base, one.helps, tuple(one.affixes), one.span.block), [])
        found = next((shared for shared in known if shared.is_free(one.span)), None)
        if found is None:
            found = _Shared(*self._given(one), [])
            bisect.insort(known, found, key=lambda shared: shared.rank)
        self.names.update(zip(one.whole(f"%{one.number}"), [found.name], strict=True))
        bisect.insort(found.spans, (one.span.start, one.span.end))

    def name_tape(self, tape: str, name: str) -> None:
        """Name a tape after the temporary that it holds."""
        candidates = _numbered(f"{self.names.get(name, 't')}_tape")
        self.names[tape] = next(candidate for candidate in candidates if candidate not in self._used)
        self._used.add(self.names[tape])

    def _given(self, one: _Temporary) -> tuple[int, str]:
        """Take the first candidate that is free with all affixes; return which it is, and the first name.

        Only the first that helps a variable may go without the variable's name. Those that follow are counted as if
        it had it, so that their numbers do not depend on whether it does.
        """
        place = (one.base, one.helps)
        start = self._counts[place] = self._counts.get(place, 0) + 1 if one.helps else 1
        stem = f"{one.base}_{one.helps}" if one.helps else one.base
        numbered = ((n, stem if n == 1 else f"{stem}_{n}") for n in itertools.count(start))
        for _number, candidate in itertools.chain([(0, one.base)] if start == 1 else [], numbered):
            names = one.whole(candidate)
            if not any(_is_reserved(name) or name in self._used for name in (candidate, *names)):
                break
        self._counts[place] = max(start, _number)
        self._used.update((candidate, *names))
        self.names.update(zip(one.whole(f"%{one.number}"), names, strict=True))
        return _number, names[0]


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}_{number}" for number in itertools.count(2))


def _popped(value: ast.expr | None) -> str:
    """Return the tape that an expression pops from, "" where it does not."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="pop"), args=[]) if "%" not in owner:
            return owner if owner.endswith("_tape") or _TAPE.match(owner) else ""
    return ""


def _tapes(stmts: Sequence[ast.stmt]) -> dict[str, str]:
    """Return the tapes of temporaries, with the temporary that each holds."""
    held: dict[str, set[str]] = {}
    for stmt in trees.all_statements(stmts):
        match stmt:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=tape), attr="append"), args=[value])):
                held.setdefault(tape, set()).update(effects.names(value) or {""})
    return {t: name for t, (name, *more) in held.items() if _TAPE.match(t) and not more and name.startswith("%")}


def _of_adjoints(value: ast.expr | None) -> bool:
    """Say whether an expression reads adjoints: it belongs to a paragraph of the reverse sweep."""
    return value is not None and any(name.endswith("_bar") for name in effects.names(value))


def _helps(stmts: Sequence[ast.stmt]) -> dict[str, str]:
    """Return, for temporaries, the variable that the next statement binds that binds one or calls its method."""
    found: dict[str, str] = {}

    def visit(block: Sequence[ast.stmt], following: str) -> None:
        for stmt in reversed(block):
            for body in trees.blocks(stmt):
                visit(body, following)
            names = _targets(stmt)
            found.update((name, following) for name in names if "%" in name and following)
            plain = [name for name in names if "%" not in name and not name.endswith("_saved")]
            if plain or trees.blocks(stmt):
                short = re.sub(r"_\d+$", "", plain[0]) if plain else ""
                following = short if len(short) <= _LONGEST else ""

    visit(stmts, "")
    return found


def _targets(stmt: ast.stmt) -> list[str]:
    """Return the variables that an assignment binds or writes into, or whose method is called."""
    match stmt:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner) as name))) if trees.is_local(name):
            return [] if owner.endswith("_tape") or _TAPE.match(owner) else [owner]
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target] if isinstance(stmt, _BINDS) else []
    names = []
    for target in targets:
        while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
            target = target.value
        names += [n.id for n in trees.walk(target) if isinstance(n, ast.Name) and not core.is_ref(n)]
    return names


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
    """The names made of temporaries in the order of the text, what each is assigned, and all other names.

    What is said of a temporary that branches bind is what they have in common.
    """
    order: dict[str, None] = {}
    values: dict[str, ast.expr] = {}
    used: set[str] = set()
    for stmt in trees.all_statements(stmts):
        name = trees.target_name(stmt)
        if "%" in name and isinstance(stmt, ast.Assign):
            order.setdefault(name)
            if _base(values.setdefault(name, stmt.value)) != _base(stmt.value) and not _is_none(stmt.value):
                values[name] = stmt.value if _is_none(values[name]) else ast.Constant(value=0)
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


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_reserved(name: str) -> bool:
    return keyword.iskeyword(name) or hasattr(builtins, name) or name in ("np", "l", "O", "I")


def _base(value: ast.expr | None) -> str:
    """The name that what is computed suggests."""
    match value:
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
