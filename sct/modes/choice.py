"""Which assumptions a derivative is generated for.

In: assumptions, the least first, and a way to generate code for each. Out: the code of the first that the next does
not better. What an assumption buys is seen from the helpers that the code needs without it: code for numbers adjusts
no shapes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Generic, TypeVar

from sct import core
from sct.analysis.assume import Assumptions
from sct.errors import Refused
from sct.walk import children, walk

Made = TypeVar("Made")

_ONLY_ARRAYS = 1_000_000_000  # code that refuses numbers is the last resort: it costs more than helpers ever do
_LAST = ("arithmetic", "held", "numbers")  # assumptions that are only made to avoid it
_PLAINLY_MORE = 20  # helpers: if other assumptions need none, it does not matter how many more there are


class Costly(Exception):
    """Code is given up before it is done, since it needs more helpers than it may."""


def choose(
    options: Sequence[Assumptions],
    attempt: Callable[[Assumptions, int | None], Made],
    functions: Callable[[Made], Sequence[ast.FunctionDef]],
    helpers: Collection[str],
) -> Made:
    """Return what is made of the least assumptions that the next do not better.

    Parameters
    ----------
    options
        The assumptions, the least first.
    attempt
        Generates code. It may raise `Costly` where it sees that the code has more helpers than it is told.
    functions
        Gives the functions of such code.
    helpers
        The names of the helpers that count as costs.
    """
    attempts = _Attempts(options, attempt)
    if len(options) > 1 and options[1].level != "numbers" and attempts.is_costly(0):
        second = attempts.made(1)
        if second is not None and not _costs(functions(second), helpers)[0]:
            return second
    kept: Made | None = None
    cost = loop_cost = 0
    for number, option in enumerate(options):
        if kept is not None and (not cost or option.level in _LAST and cost < _ONLY_ARRAYS):
            break
        made = attempts.made(number)
        if made is None:
            continue
        total, in_loops = _costs(functions(made), helpers)
        better = in_loops < loop_cost if option.level == "loops" else total + 1 < cost
        better = better and (option.level != "numbers" or total < _ONLY_ARRAYS)
        if kept is None or better or total < _ONLY_ARRAYS <= cost:
            kept, cost, loop_cost = made, total, in_loops
    if kept is None:
        assert attempts.refused is not None
        raise attempts.refused
    return kept


class _Attempts(Generic[Made]):
    """What assumptions give, each made once."""

    def __init__(self, options: Sequence[Assumptions], attempt: Callable[[Assumptions, int | None], Made]) -> None:
        self.options = options
        self.attempt = attempt
        self.found: dict[int, Made | None] = {}
        self.refused: Refused | None = None  # the first refusal

    def made(self, number: int, most: int | None = None) -> Made | None:
        """Return the code for the assumptions of a number, None where they are refused."""
        if number not in self.found:
            try:
                self.found[number] = self.attempt(self.options[number], most)
            except Refused as error:
                self.refused = self.refused or error
                self.found[number] = None
        return self.found[number]

    def is_costly(self, number: int) -> bool:
        """Say whether code was given up for its cost: most long functions of numbers are not made twice then."""
        try:
            self.made(number, _PLAINLY_MORE)
        except Costly:
            return True
        return False


def count(stmts: Iterable[ast.stmt], helpers: Collection[str]) -> int:
    """Return how often statements refer to helpers."""
    names = (n for stmt in stmts for n in walk(stmt) if isinstance(n, ast.Name) and core.is_ref(n))
    return sum(_cost(core.qualname(n), helpers) for n in names)


def _costs(functions: Sequence[ast.FunctionDef], helpers: Collection[str]) -> tuple[int, int]:
    """Return how many helpers for arrays are called, and how many of them in loops."""
    inner: dict[str, list[str]] = {}
    total: dict[str, int] = {}
    looped: dict[str, int] = {}
    called_in_loops: set[str] = set()
    for function in functions:
        names = _references(function)
        total[function.name] = sum(_cost(n, helpers) for n, _ in names)
        looped[function.name] = sum(_cost(n, helpers) for n, within in names if within)
        inner[function.name] = [n[1:] for n, _ in names if n.startswith("!")]
        called_in_loops |= {n[1:] for n, within in names if within and n.startswith("!")}
    todo = list(called_in_loops)
    while todo:
        more = set(inner.get(todo.pop(), ())) - called_in_loops
        called_in_loops |= more
        todo += more
    in_loops = sum(total[f] if f in called_in_loops else looped[f] for f in total)
    return sum(total.values()), in_loops


def _references(function: ast.FunctionDef) -> list[tuple[str, bool]]:
    """Return what the references in a function mean, and whether they stand in loops."""
    found: list[tuple[str, bool]] = []
    stack: list[tuple[ast.AST, bool]] = [(function, False)]
    while stack:
        node, within = stack.pop()
        if isinstance(node, ast.Name):
            if core.is_ref(node):
                found.append((core.qualname(node), within))
        else:
            within = within or isinstance(node, (ast.For, ast.While))
            stack += [(child, within) for child in children(node)]
    return found


def _cost(qualname: str, helpers: Collection[str]) -> int:
    if not qualname.startswith("sct.runtime."):
        return 0
    name = qualname.rpartition(".")[2]
    return _ONLY_ARRAYS if name in ("require_array", "require_view") else int(name in helpers)
