"""Programs of statements on a common state: whatever one of them does, the next ones meet.

The statements are in `mixed.txt`. They are what users write, rather than what a grammar grows, so that each of them is
in many programs, beside many others: mechanisms of the compiler meet that a grammar rarely brings together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .expressions import Chooser, Expressions
from .grammar import Program

_PARAGRAPHS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").strip().split("\n\n")
STATEMENTS = tuple(p.strip("\n") for p in _PARAGRAPHS if not p.startswith("#"))
_HEAD = "import contextlib\nimport functools\nimport itertools\nimport math\nimport operator\n\nimport numpy as np\n\n"
_TESTS = ("s > 1", "z[0] > x[1]", "y < 1", "len(l) > 3", "'b' in d", "np.any(m > 1)")
_CAUGHT = ("except (IndexError, ValueError):", "except Exception:", "except:")
_STATE = ("l = [x[0], y * 2, x[2]]", "d = {'a': y, 'b': x[1], 'p': s, 'q': x * s}", "m = np.outer(x[:2], x) + y")
_RESULTS = (
    *("np.sum(z * x) * s + y", "z * s + x", "z, s, y", "(m * s).sum() + l[0] * d['a']", "[z, s * l[0]]", "m @ z"),
    *("{'z': z, 's': s, 'l': l[0]}", "x * y + m[0]", "x, y, m", "l, d", "z.sum() + m.sum() * y", "d"),
)


def mixed(chooser: Chooser, size: int) -> Program:
    """Return a program of about `size` statements."""
    return _Mixer(chooser, size).program()


class _Mixer(Expressions):
    def positive(self) -> float:
        return self.chooser.integer(5, 190) / 100.0 + 0.0037

    def program(self) -> Program:
        vectors = [np.array([self.positive() for _ in range(3)]) for _ in range(4)]
        values: tuple[Any, ...] = (vectors[0], self.positive())
        names, annotations = ["x", "y"], ["np.ndarray", "float"]
        state: tuple[str, ...] = _STATE
        if self.chance(40):  # of the caller's
            lists: list[Any] = [np.stack(vectors[1:3]), [self.positive() for _ in range(3)]]
            entries = {"a": self.positive(), "b": self.positive(), "p": self.positive(), "q": vectors[3]}
            values, state = (*values, *lists, entries), ()
            names, annotations = [*names, "m", "l", "d"], [*annotations, "np.ndarray", "list", "dict"]
        if self.chance(60):
            names = [f"{name}: {annotation}" for name, annotation in zip(names, annotations, strict=True)]
        lines = ["z = x * 1.5", "s = y * x[0]", *state, *self.some(self.budget, 0), f"return {self.pick(_RESULTS)}"]
        body = "\n".join(f"    {line}" for line in lines)
        return Program(f"{_HEAD}\ndef main({', '.join(names)}):\n{body}\n", "main", values, None)

    def some(self, size: int, depth: int) -> list[str]:
        """Return the lines of some statements."""
        lines: list[str] = []
        for _ in range(max(size, 1)):
            form = self.chooser.integer(0, 99) if depth < 2 else 99
            inner = [f"    {line}" for line in self.some(self.chooser.integer(1, 2), depth + 1)] if form < 22 else []
            if form < 10:
                lines += [f"for j{depth} in range(2):", *inner]
            elif form < 18:
                lines += [f"if {self.pick(_TESTS)}:", *inner]
                if self.chance(50):
                    lines += ["else:", *(f"    {line}" for line in self.some(1, depth + 1))]
            elif form < 22:
                rescue = [f"    {line}" for line in self.some(1, depth + 1)]
                lines += ["try:", *inner, self.pick(_CAUGHT), *rescue]
            else:
                lines += self.pick(STATEMENTS).split("\n")
        return lines
