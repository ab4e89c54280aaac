"""Calls as users write them, hundreds of them: each right in both modes, and the modes each other's transpose.

``tests/spelled/*.txt`` has a line for each: statements that end in an expression, separated by ``;;``. A line that
begins with ``@`` names the parameters of those that follow, and the value of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_rules_whole import IMPORTS, SCIPY, Program, Whole

pytestmark = pytest.mark.long
SPD = np.array([[2.5, -0.3, 0.4], [-0.3, 1.7, 0.6], [0.4, 0.6, 3.1]])


def values() -> dict[str, Any]:
    """Return the values by name: vectors, matrices and tensors are named by their shapes, P and U are positive."""
    rng = np.random.default_rng(1)
    found: dict[str, Any] = {"t": 1.6, "U3": np.array([0.2, 0.35, 0.7])}
    found["V4"], found["P4"] = np.array([0.7, -1.2, 2.1, 0.4]), np.array([0.9, 1.3, 1.7, 0.6])
    found["V3"], found["P3"] = found["V4"][:3].copy(), np.array([0.7, 1.2, 2.1])
    found["M23"] = np.array([[0.5, -1.1, 2.3], [1.7, 0.9, -0.4]])
    found |= {"M34": rng.normal(size=(3, 4)), "M33": rng.normal(size=(3, 3)) + 2 * np.eye(3), "S33": SPD}
    found |= {"T234": rng.normal(size=(2, 3, 4)), "T233": rng.normal(size=(2, 3, 3)) + 2 * np.eye(3)}
    return found


VALUES = values()


def calls() -> Iterator[Any]:
    for path in sorted((Path(__file__).parent / "spelled").glob("*.txt")):
        parameters = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                parameters = line[1:].strip()
            else:
                yield pytest.param(parameters, line, id=f"{path.stem}-{line}")


@pytest.mark.parametrize(("parameters", "line"), list(calls()))
def test_call(parameters: str, line: str) -> None:
    named = dict(part.split(": ") for part in parameters.split(", "))
    at = [VALUES[name] for name in named.values()]
    signature = ", ".join(
        f"{p}: {'float' if isinstance(v, float) else 'np.ndarray'}" for p, v in zip(named, at, strict=True)
    )
    *before, last = line.split(" ;; ")
    body = "".join(f"    {s}\n" for s in [*before, f"return {last}"])
    text = f"{IMPORTS}import numpy.linalg as npl\n{SCIPY}def f({signature}):\n{body}"
    Whole(Program(text), at, tuple(range(len(at)))).first()
