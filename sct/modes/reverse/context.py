"""What the stages of reverse mode share about one function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from sct.analysis.aliasing import Effects
from sct.analysis.kinds import Kind
from sct.analysis.program import Analysis
from sct.frontend.flatten import Flat
from sct.frontend.structure import Fresh
from sct.modes.reverse.nodes import loads
from sct.modes.reverse.regimes import Regimes


@dataclass(frozen=True)
class CallPlan:
    """How a call of a user's function is split."""

    forward: str
    reverse: str
    active: tuple[int, ...]  # positions whose adjoints the reverse half returns
    shadows: tuple[int, ...]  # positions whose adjoint buffers the forward half takes
    returns_shadow: bool
    result_active: bool
    restores_result: bool = True  # the reverse half takes back what was written into the memory of the result


class Calls(Protocol):
    """Plans calls."""

    def plan(
        self,
        key: str,
        kinds: Sequence[Kind],
        active: Sequence[bool],
        shadows: Sequence[bool],
        shadow_result: bool,
        has_result: bool,
    ) -> CallPlan:
        """Return how a call with arguments of these kinds is split."""


@dataclass(frozen=True)
class Context:
    """What the stages of one function share."""

    flat: Flat
    analysis: Analysis
    regimes: Regimes
    fresh: Fresh
    bars: Mapping[str, str]
    calls: Calls
    params_kinds: Mapping[str, Kind]
    effects: Callable[[str], Effects]
    refuse: Callable[[ast.AST, str, str], NoReturn]
    useful: dict[tuple[ast.stmt, frozenset[str]], frozenset[str]] = field(default_factory=dict)  # what `useful` found

    def bar(self, name: str) -> str:
        """Return the name of the adjoint of `name`."""
        return self.bars[name]

    def ignored(self) -> str:
        """Return the name of what nobody reads: an underscore, unless a variable of that name is read."""
        is_read = "_" in self.analysis.activity.varied or "_" in loads([self.flat.node])
        return self.fresh.name("unused") if is_read else "_"
