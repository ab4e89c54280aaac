"""The facts about one derivative, plain enough to be written as JSON; `schema.json` says what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

VERSION = 1

Status = Literal["active", "varied", "constant"]


def listed(noun: str, items: Sequence[object]) -> str:
    """Return ``line 3``, ``lines 3, 4``."""
    return f"{noun}{'s' if len(items) > 1 else ''} {', '.join(map(str, items))}"


@dataclass(frozen=True)
class Stop:
    """A variable on the way from an independent to the result, and the line where it gets its value."""

    name: str
    line: int


@dataclass(frozen=True)
class Variable:
    """A variable of the function's.

    It is active if an independent influences it and it influences the result, varied if only the first holds. `path`
    is the shortest way from an independent through it, to the result where it is active.
    """

    name: str
    line: int
    status: Status
    why: str
    path: tuple[Stop, ...]


@dataclass(frozen=True)
class Taped:
    """A value that the forward sweep saves for the reverse sweep.

    `times` is "once" or "per iteration", of the loops at the lines `loops`, the outermost first. `read_by` are the
    lines of which the adjoint reads it.
    """

    variable: str
    holder: str
    line: int
    times: Literal["once", "per iteration"]
    loops: tuple[int, ...]
    why: str
    read_by: tuple[int, ...]


@dataclass(frozen=True)
class Recomputed:
    """A value that the reverse sweep computes again rather than reads from a tape."""

    value: str
    line: int
    why: str


@dataclass(frozen=True)
class RuleUse:
    """A derivative rule that was used, and at which lines."""

    rule: str
    function: str
    kind: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Kept:
    """A helper that stayed in the code because too little is known, and what to write to be rid of it.

    `values` are those that it is called for, `line` the line it belongs to, 0 where the function begins or ends.
    """

    helper: str
    line: int
    values: tuple[str, ...]
    why: str
    advice: str


@dataclass(frozen=True)
class Operations:
    """Estimates of the number of operations, as polynomials in the number n of iterations that each loop makes.

    An operator or a call counts as one, whatever the sizes of arrays; of the two arms of a branch the longer counts.
    The ratio is that of derivative and function where each loop makes 1000 iterations.
    """

    primal: str
    derivative: str
    ratio: float


@dataclass(frozen=True)
class FunctionFacts:
    """What is known of one function for one set of independents; `derivatives` are the functions written for it."""

    name: str
    file: str
    line: int
    derivatives: tuple[str, ...]
    independents: tuple[str, ...]
    variables: tuple[Variable, ...]
    taped: tuple[Taped, ...]
    recomputed: tuple[Recomputed, ...]
    rules: tuple[RuleUse, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Derivative:
    """One derivative that was asked for: the function and those that it calls, the entry last."""

    name: str
    functions: tuple[FunctionFacts, ...]
    operations: Operations


@dataclass(frozen=True)
class Facts:
    """All derivatives of one command."""

    mode: str
    derivatives: tuple[Derivative, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {"version": VERSION, **asdict(self)}
