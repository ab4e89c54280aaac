"""Which line of the user's each line of an emitted module belongs to.

In: the text of a module and the trees that it was printed from, in which statements of the user's and the remarks of
adjoint paragraphs know their lines. Out: a `Link` for each line of code. Nothing is found by how a line looks: the text
is parsed, and its statements are paired with those of the trees.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .. import core
from ..frontend.scopes import COMPREHENSIONS
from ..frontend.source import Function
from ..walk import header, walk
from .format import parse
from .tree import blocks, header_end
from .units import Unit

Role = Literal["primal", "tangent", "adjoint", "setup", "result", "definition"]
_ZEROS = ("numpy.zeros_like", "numpy.zeros", "sct.runtime.zeros_like", "sct.runtime.zeros_mirror")


@dataclass(frozen=True)
class Link:
    """A line of the emitted module: what it is, and the statements of the user's (their first lines) it belongs to.

    `saves` and `restores` are the variables that hold values for the reverse sweep and are written or read there.
    """

    line: int
    role: Role
    path: str
    sources: tuple[int, ...]
    saves: tuple[str, ...] = ()
    restores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Holders:
    """Variables that hold values for the reverse sweep: tapes, and others; and the lines at which they are saved."""

    tapes: Mapping[str, frozenset[int]] = field(default_factory=dict)
    single: Mapping[str, frozenset[int]] = field(default_factory=dict)


def links(
    text: str, units: Sequence[Unit], mode: str, sources: Mapping[str, Function], holders: Mapping[str, Holders]
) -> list[Link]:
    """Return the links of the functions of a module, in the order of its lines.

    `sources` and `holders` say, by the name of a function, what it was made from and what holds values in it.
    """
    printed = {s.name: s for s in parse(text).body if isinstance(s, ast.FunctionDef)}
    rows = text.split("\n")
    found: list[Link] = []
    for unit in units:
        (tree,) = unit.trees if len(unit.trees) == 1 else (None,)
        source = unit.function or sources.get(unit.name)
        if isinstance(tree, ast.FunctionDef) and source is not None and unit.name in printed:
            pairing = _Pairing(source, rows, mode, holders.get(unit.name, Holders()))
            found += pairing.function(tree, printed[unit.name])
    return sorted(found, key=lambda link: link.line)


def statements(function: Function) -> dict[int, int]:
    """Return for each line of a function the first line of the statement that it belongs to."""
    owner: dict[int, int] = {}

    def mark(stmt: ast.stmt) -> None:
        inner = next(blocks(stmt), None) is not None
        end = header_end(stmt) if inner else stmt.end_lineno or stmt.lineno
        for line in range(stmt.lineno, end + 1):
            owner.setdefault(line, stmt.lineno)
        for _, block in blocks(stmt):
            for part in block:
                mark(part)

    mark(function.node)
    return owner


@dataclass
class _Pairing:
    """Pairs the statements of one function with what was printed for them."""

    source: Function
    rows: Sequence[str]
    mode: str
    holders: Holders
    out: list[Link] = field(default_factory=list)
    mirrors: list[_Mirror] = field(default_factory=list)
    loops: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)  # of the forward sweep, by their variables
    around: _Mirror | None = None

    def __post_init__(self) -> None:
        self.owner = statements(self.source)
        self.nested = _compounds(self.source.node)

    def function(self, tree: ast.FunctionDef, printed: ast.FunctionDef) -> list[Link]:
        start = self.owner.get(self.source.node.lineno, self.source.node.lineno)
        self.note(printed.lineno, header_end(printed), "definition", (start,))
        divided = any(core.remark_text(s) == "" for s in tree.body)
        self.block(tree.body, printed.body, printed.lineno, not divided and self.is_half(tree), 0)
        self.taken_back()
        return self.out

    def is_half(self, tree: ast.FunctionDef) -> bool:
        """Say whether a function is a reverse sweep alone."""
        return self.mode == "reverse" and any(core.remark_line(n) for n in walk(tree) if isinstance(n, ast.Expr))

    def block(
        self, tree: Sequence[ast.stmt], printed: Sequence[ast.stmt], after: int, backward: bool, remark: int
    ) -> set[int]:
        """Link the statements of a block; return the lines of the user's that they belong to."""
        reached: set[int] = set()
        rest = iter(printed)
        for position, stmt in enumerate(tree):
            text = core.remark_text(stmt)
            if text is not None:
                backward = backward or text == "" and self.mode == "reverse"
                remark = core.remark_line(stmt)
                continue
            shown = next(rest, None)
            if shown is None:
                break
            reached |= self.statement(tree, position, shown, after, backward, remark)
            after = shown.end_lineno or shown.lineno
            if next(blocks(stmt), None) is not None:
                remark = 0  # a paragraph ends where a loop or branch begins
        return reached

    def statement(
        self, block: Sequence[ast.stmt], position: int, shown: ast.stmt, after: int, backward: bool, remark: int
    ) -> set[int]:
        stmt = block[position]
        inside = list(zip(blocks(stmt), blocks(shown), strict=False))
        if inside:
            return self.compound(stmt, shown, inside, backward)
        role, lines = self.place(block, position, backward, remark)
        saves, restores = self.traffic(stmt, backward)
        if role == "adjoint" and backward:
            # The remark above belongs to it.
            first = shown.lineno
            while first - 1 > after and self.rows[first - 2].lstrip().startswith("#"):
                first -= 1
            self.note(first, shown.lineno - 1, role, lines)
        self.note(shown.lineno, shown.end_lineno or shown.lineno, role, lines, saves, restores)
        return set(lines)

    def compound(
        self,
        stmt: ast.stmt,
        shown: ast.stmt,
        inside: Sequence[tuple[tuple[str, list[ast.stmt]], tuple[str, list[ast.stmt]]]],
        backward: bool,
    ) -> set[int]:
        end = header_end(shown)
        saves, restores = self.traffic(stmt, backward)
        own = getattr(stmt, "lineno", 0)
        mirror = None
        if backward and not own:
            mirror = _Mirror(
                isinstance(stmt, (ast.For, ast.While)), (shown.lineno, end), (saves, restores), self.around
            )
            mirror.lines = tuple(self.saved_at(stmt, backward)[:1])
            mirror.target = ast.dump(stmt.target) if isinstance(stmt, ast.For) else ""
            self.mirrors.append(mirror)
            self.around = mirror
        reached: set[int] = set()
        for (_, mine), (_, theirs) in inside:
            reached |= self.block(mine, theirs, end, backward, 0)
        if mirror is not None:
            mirror.reached = reached
            self.around = mirror.parent
            return reached
        guard = all(_is_guard(s) for _, block in blocks(stmt) for s in block)
        lines = (self.owner.get(own, own),) if own else () if guard else self.inner(stmt)
        if isinstance(stmt, ast.For):
            self.loops.setdefault(ast.dump(stmt.target), set()).add(lines)
        self.note(shown.lineno, end, "primal" if lines else "setup", lines, saves, restores)
        return reached | set(lines)

    def taken_back(self) -> None:
        """Link the loops and branches of the reverse sweep to those that they take back, the outermost first.

        A loop has the variable of the one that it takes back. Otherwise each is the outermost around all that it takes
        back that no loop or branch around it stands for.
        """
        for mirror in self.mirrors:
            same = self.loops.get(mirror.target, set())
            if not mirror.lines and len(same) == 1:
                (mirror.lines,) = same
            used = mirror.used()
            around = [
                c for c in self.nested if c.loop == mirror.loop and c.first not in used and c.holds(mirror.reached)
            ]
            if not mirror.lines and around:
                mirror.lines = (min(around, key=lambda c: (c.first, -c.last)).first,)
            elif not mirror.lines and len(mirror.reached) == 1:
                mirror.lines = tuple(mirror.reached)
            self.note(*mirror.rows, "adjoint", mirror.lines, *mirror.traffic)

    def place(
        self, block: Sequence[ast.stmt], position: int, backward: bool, remark: int
    ) -> tuple[Role, tuple[int, ...]]:
        """Return what a simple statement is, and the statements of the user's that it belongs to."""
        stmt = block[position]
        own = getattr(stmt, "lineno", 0)
        if isinstance(stmt, ast.Return):
            returns = [n.lineno for n in walk(self.source.node) if isinstance(n, ast.Return)]
            return "result", (own,) if own else tuple(dict.fromkeys(returns))
        if own:
            text = isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)  # a docstring
            return "definition" if text else "primal", (self.owner.get(own, own),)
        if self.begins_tapes(stmt) or _is_guard(stmt):
            return "setup", ()
        if backward:
            if remark and not _is_for_later(block, position):
                return "adjoint", (self.owner.get(remark, remark),)
            # A statement of the compiler's own has no remark; what it reads of the user's says where it belongs.
            found = tuple(self.saved_at(stmt, backward)[:1]) or self.inner(stmt)
            return ("adjoint", found) if found else ("setup", ())
        around = self.neighbours(block, position)
        found_at = self.saved_at(stmt, backward)
        saved = [line for line in found_at if line in around] or found_at
        if saved:
            return "primal", (saved[0],)
        found = self.inner(stmt)
        if self.mode == "forward":
            found = found or tuple(around[:1])
            return ("tangent", found) if around else ("setup", ())
        return ("primal", found) if found else ("setup", ())

    def begins_tapes(self, stmt: ast.stmt) -> bool:
        """Say whether a statement makes the tapes, which are empty at first."""
        names = [n.id for n in header(stmt) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        return bool(names) and all(n in self.holders.tapes for n in names)

    def inner(self, stmt: ast.stmt) -> tuple[int, ...]:
        """Return the line of the first of the user's expressions in the head of a statement."""
        lines = [line for n in header(stmt) if (line := getattr(n, "lineno", 0)) and not isinstance(n, ast.arg)]
        starts = [self.owner[line] for line in lines if line in self.owner]
        return tuple(starts[:1])

    def neighbours(self, block: Sequence[ast.stmt], position: int) -> list[int]:
        """Return the lines of the nearest statements of the user's before and after one of the compiler's."""
        before = (s.lineno for s in reversed(block[:position]) if getattr(s, "lineno", 0))
        after = (s.lineno for s in block[position + 1 :] if getattr(s, "lineno", 0))
        found = [n for n in (next(before, 0), next(after, 0)) if n]
        return [self.owner.get(n, n) for n in found]

    def saved_at(self, stmt: ast.stmt, backward: bool) -> list[int]:
        """Return the lines of the user's at which is saved what the head of a statement saves or reads back."""
        saves, restores = self.traffic(stmt, backward)
        every = {**self.holders.single, **self.holders.tapes}
        lines = [n for holder in (*saves, *restores) for n in every.get(holder, ()) if n]
        return sorted({self.owner.get(n, n) for n in lines})

    def traffic(self, stmt: ast.stmt, backward: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what the head of a statement saves for the reverse sweep, and what that reads back."""
        saves: dict[str, None] = {}
        restores: dict[str, None] = {}
        for node in header(stmt):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                base = node.func.value
                if isinstance(base, ast.Name) and base.id in self.holders.tapes:
                    (restores if node.func.attr == "pop" else saves)[base.id] = None
            elif isinstance(node, ast.Name) and node.id in self.holders.single:
                if isinstance(node.ctx, ast.Store):
                    saves[node.id] = None
                elif backward:
                    restores[node.id] = None
        return tuple(saves), tuple(restores)

    def note(
        self,
        first: int,
        last: int,
        role: Role,
        lines: tuple[int, ...],
        saves: tuple[str, ...] = (),
        restores: tuple[str, ...] = (),
    ) -> None:
        path = self.source.module.path
        self.out += [Link(n, role, path, lines, saves, restores) for n in range(first, last + 1)]


@dataclass(frozen=True)
class _Compound:
    first: int
    last: int
    loop: bool

    def holds(self, lines: Collection[int]) -> bool:
        return bool(lines) and all(self.first <= line <= self.last for line in lines)


@dataclass
class _Mirror:
    """A loop or branch of the reverse sweep: its rows, and the lines of the user's that are taken back in it."""

    loop: bool
    rows: tuple[int, int]
    traffic: tuple[tuple[str, ...], tuple[str, ...]]
    parent: _Mirror | None
    target: str = ""
    reached: set[int] = field(default_factory=set)
    lines: tuple[int, ...] = ()

    def used(self) -> set[int]:
        """Return the lines that the loops and branches around it stand for."""
        return {*self.parent.lines, *self.parent.used()} if self.parent is not None else set()


def _compounds(node: ast.FunctionDef) -> list[_Compound]:
    """Return the loops and branches of a function; those of comprehensions become loops, one inside of another."""
    nodes = walk(node)
    plain = (n for n in nodes if isinstance(n, (ast.For, ast.While, ast.If)))
    found = [_Compound(n.lineno, n.end_lineno or n.lineno, not isinstance(n, ast.If)) for n in plain]
    within: dict[int, int] = {}
    for stmt in nodes:
        comprehensions = (
            [n for n in header(stmt) if isinstance(n, COMPREHENSIONS)] if isinstance(stmt, ast.stmt) else []
        )
        if comprehensions:
            line: int = stmt.lineno  # type: ignore[attr-defined]
            within[line] = max(len(n.generators) for n in comprehensions)
    return found + [_Compound(line, line, True) for line, count in within.items() for _ in range(count)]


def _is_for_later(block: Sequence[ast.stmt], position: int) -> bool:
    """Say whether a statement gives an adjoint its zero, and a loop or branch follows that adds to it."""
    while position < len(block) and _is_zero(block[position]):
        position += 1
        if position < len(block) and isinstance(block[position], (ast.For, ast.While, ast.If)):
            return True
    return False


def _is_zero(stmt: ast.stmt) -> bool:
    """Say whether a statement of the reverse sweep gives an adjoint its zero, for whatever is added to it later."""
    if not isinstance(stmt, ast.Assign) or not isinstance(stmt.targets[0], ast.Name):
        return False
    parts = stmt.value.elts if isinstance(stmt.value, ast.Tuple) else [stmt.value]
    return all(
        isinstance(p, ast.Constant) and p.value == 0.0 or isinstance(p, ast.Call) and core.qualname(p.func) in _ZEROS
        for p in parts
    )


def _is_guard(stmt: ast.stmt) -> bool:
    """Say whether a statement checks what the code was generated for."""
    calls: Iterator[str] = (core.qualname(n.func) for n in header(stmt) if isinstance(n, ast.Call))
    return any(name.startswith(("sct.runtime.require_", "sct.runtime.check_")) for name in calls)
