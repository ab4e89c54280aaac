"""What a mode knows of the derivative that it wrote: for those who explain it.

In: the stages of a mode, which note what they decided while they decide it. Out: a `Log`, which the pipeline fills
where one is handed to it. No pass reads it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from sct.analysis.assume import Assumptions
from sct.analysis.kinds import Kind
from sct.analysis.program import Analyst
from sct.frontend.lift import Program, Routine
from sct.rules import Rule

if TYPE_CHECKING:
    from sct.modes.reverse.body import Body

#: The rules of which a mode wrote tangents or adjoints, each with the statement that uses it.
Fired = list[tuple[ast.stmt, Rule]]


Why = Literal["overwritten", "bound anew", "decision", "count", "members"]


@dataclass(frozen=True)
class Saved:
    """What the forward sweep saves: a variable, whose contents end in ``[]``, and what holds it for the reverse sweep.

    It is saved at a statement of the user's, or of the compiler's (None), inside of `loops`. `why`: it is overwritten
    there, or bound anew by each iteration, or the way that a branch took, the number of iterations of a loop, what a
    loop runs over.
    """

    variable: str
    holder: str
    why: Why
    stmt: ast.stmt | None
    loops: tuple[ast.For | ast.While, ...]
    on_tape: bool


@dataclass(frozen=True)
class Made:
    """One function of the user's for one set of independents, and the functions that were written for it.

    `handed` are the variables that the forward half of a call hands to the reverse half, `names` those that temporaries
    and their tapes have in the code.
    """

    routine: Routine
    functions: tuple[str, ...]
    kinds: Mapping[str, Kind]
    independents: tuple[str, ...]
    fired: Sequence[tuple[ast.stmt, Rule]]
    body: Body | None = None  # of the reverse mode
    handed: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class Log:
    """What the code of one derivative was written for, and from: called functions first, the entry last."""

    program: Program | None = None
    analyst: Analyst | None = None
    assumptions: Assumptions = field(default_factory=lambda: Assumptions({}))
    made: list[Made] = field(default_factory=list)

    def rename(self, names: Mapping[str, str]) -> None:
        """Take note that functions go by other names."""
        self.made = [replace(m, functions=tuple(names.get(f, f) for f in m.functions)) for m in self.made]
