"""Run one program through the compiler and hold it against the oracles."""

from __future__ import annotations

import importlib.util
import itertools
import linecache
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sct import oracles
from tests.programs import harness
from tests.programs.harness import Case, Slow, Truth, Verdict

from .grammar import Program

_numbers = itertools.count()
DISCARDED = "discarded"


def load(program: Program, folder: Path) -> Case:
    """Write the program into a file of its own and import it."""
    name = f"fuzzed_{next(_numbers)}"
    path = folder / f"{name}.py"
    path.write_text(program.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    linecache.checkcache(str(path))
    wrt: Any = program.wrt
    return Case(name, getattr(module, program.name), program.args, wrt=wrt, tolerance=1e-7)


def tame(case: Case) -> Truth | None:
    """Return the truth of a program that runs, stays small and is smooth where it is asked; None for others."""
    try:
        with harness.deadline(5.0):
            known = harness.truth(case, every=True)
    except (Exception, Slow):
        return None
    if oracles.flatten(known.value).size == 0:
        return None
    numbers = np.concatenate([oracles.flatten(known.value), known.jacobian.ravel()])
    return known if np.all(np.isfinite(numbers)) and np.all(abs(numbers) < 1e6) else None


def judge(
    program: Program, folder: Path, doors: Sequence[str] = harness.DOORS, modes: Sequence[str] = harness.MODES
) -> dict[str, Verdict]:
    """Return the verdicts of both modes, or the one verdict that the program is of no use."""
    case = load(program, folder)
    try:
        known = tame(case)
        if known is None:
            return {"program": Verdict(DISCARDED)}
        verdicts = {}
        for mode in modes:
            for door in doors:
                try:
                    with harness.deadline(10.0):
                        verdicts[f"{mode}/{door}"] = harness.verify(case, mode, door, folder, known)
                except Slow:
                    verdicts[f"{mode}/{door}"] = Verdict(harness.SLOW, "more than 10 s")
        return verdicts
    finally:
        sys.modules.pop(case.name, None)


def worst(verdicts: dict[str, Verdict]) -> tuple[str, Verdict]:
    """Return the worst verdict, and how it came about."""
    return min(
        verdicts.items(), key=lambda item: harness.ORDER.index(item[1].kind) if item[1].kind in harness.ORDER else 99
    )
