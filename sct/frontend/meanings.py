"""What a name can mean.

In: nothing. Out: the vocabulary that reading and the running program share.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Literal

from .source import Function, Module

_BUILTINS = frozenset(dir(builtins))

# Marks the meaning of a name that is bound to None.
NONE = "None"


@dataclass(frozen=True)
class Meaning:
    """What a name stands for.

    ``external`` is a thing, or a module, of an installed package or of Python itself; ``module``, ``function`` and
    ``data`` are the user's. `qualname` is what `core.ref` takes; a user's module has its plain name.
    """

    what: Literal["external", "module", "function", "data", "unknown"]
    qualname: str = ""
    module: Module | None = None
    function: Function | None = None
    reason: str = ""

    def agrees(self, other: Meaning) -> bool:
        """Say whether both stand for the same thing."""
        same = (self.what, self.qualname) == (other.what, other.qualname) and self.function is other.function
        return self.what != "unknown" and same


def external(qualname: str) -> Meaning:
    """Return the meaning of something of an installed package or of Python."""
    return Meaning("external", qualname)


def unknown(reason: str) -> Meaning:
    """Return the meaning of what cannot be found out, and why."""
    return Meaning("unknown", reason=reason)


def agreed(name: str, found: list[tuple[Meaning, int]]) -> Meaning:
    """Return the one meaning that all bindings agree on."""
    first = found[0][0]
    for meaning, _ in found:
        if meaning.what == "unknown":
            return meaning
    if all(meaning.agrees(first) for meaning, _ in found):
        return first
    lines = sorted({line for _, line in found if line})
    where = " and ".join(map(str, lines))
    return unknown(f"'{name}' may be different things, see line{'s' * (len(lines) > 1)} {where}")


def or_builtin(name: str, meaning: Meaning | None, certain: bool) -> Meaning | None:
    """Return what a name means where Python's builtins stand behind a module's names."""
    if name not in _BUILTINS or certain or (meaning and meaning.what == "unknown"):
        return meaning
    builtin = external(f"builtins.{name}")
    return agreed(name, [(builtin, 0), (meaning, 0)]) if meaning else builtin
