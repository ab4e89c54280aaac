"""Closure: what sct emits is parsed and differentiated again, in both orders of both modes."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sct
from tests.golden_cases import CASES, FOLDER, load
from tests.programs.case import Case, truth
from tests.programs.checks import check_forward, check_reverse, noise

MODES = {"forward": ("jvp", check_forward), "reverse": ("vjp", check_reverse)}
ORDERS = [(inner, outer) for inner in MODES for outer in MODES]


def derive(path: Path, name: str, mode: str, folder: Path) -> tuple[Path, str]:
    """Emit the derivative of a function of a file into another file; return that and the new name."""
    text = sct.transform(path, name, mode=mode)
    assert sct.transform(path, name, mode=mode) == text
    derived = f"{name}_{MODES[mode][0]}"
    made = folder / f"{path.stem}_{mode}.py"
    made.write_text(text, encoding="utf-8")
    return made, derived


def with_directions(function: Any, args: tuple[Any, ...], mode: str) -> tuple[Any, ...]:
    """Return the arguments at which a first derivative is differentiated: with tangents, or with a seed."""
    rng = np.random.default_rng(5)
    if mode == "reverse":
        return (*args, noise(function(*copy.deepcopy(args)), rng))
    return (*args, *(noise(x, rng) for x in args if not isinstance(x, int)))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("order", ORDERS, ids=lambda o: f"{o[1]}_over_{o[0]}")
def test_twice(name, order, tmp_path):
    inner, outer = order
    function, args = CASES[name]
    source = FOLDER / name / "function.py"
    args = with_directions(getattr(load(source), function), args, inner)
    first_path, first = derive(source, function, inner, tmp_path)
    second_path, second = derive(first_path, first, outer, tmp_path)
    case = Case(name, getattr(load(first_path), first), args, tolerance=1e-6)
    MODES[outer][1](case, getattr(load(second_path), second), truth(case))
