"""The links of an emitted module, with the tapes that the log of its modes knows."""

from __future__ import annotations

from collections.abc import Sequence

from sct.emit.links import Holders, Link, links
from sct.modes.log import Log
from sct.modes.reverse.sweeps import line_of
from sct.texts import Transformed


def linked(made: Transformed, mode: str) -> list[Link]:
    """Return which line of the user's each line of a module belongs to."""
    sources = {name: one.routine.function for log in made.logs for one in log.made for name in one.functions}
    return links(made.text, made.units, mode, sources, _holders(made.logs))


def _holders(logs: Sequence[Log]) -> dict[str, Holders]:
    """Return, for each function, the variables that hold values for the reverse sweep, and where they are saved."""
    found: dict[str, Holders] = {}
    for made in (m for log in logs for m in log.made if m.body is not None):
        tapes: dict[str, set[int]] = {}
        single: dict[str, set[int]] = {}
        assert made.body is not None
        for saved in made.body.saved:
            line = line_of(saved.stmt) if saved.stmt is not None else 0
            holder = made.names.get(saved.holder, saved.holder)
            (tapes if saved.on_tape else single).setdefault(holder, set()).add(line)
        frozen = Holders(*({name: frozenset(lines) for name, lines in kept.items()} for kept in (tapes, single)))
        found.update(dict.fromkeys(made.functions, frozen))
    return found
