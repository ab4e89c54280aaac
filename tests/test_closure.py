"""Closure: what sct emits is parsed and differentiated again, in both orders of both modes."""

from __future__ import annotations

import copy
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sct
from tests.golden_cases import CASES, FOLDER, load
from tests.programs.case import Case, truth
from tests.programs.checks import check_forward, check_reverse, noise

MODES = {"forward": ("jvp", check_forward), "reverse": ("vjp", check_reverse)}
# What does not work yet, by order (outer over inner) and case; an entry that has come to work fails here.
MISSING = {}
ORDERS = [(inner, outer) for inner in MODES for outer in MODES]


def derive(path: Path, name: str, mode: str, folder: Path, wrt: Any = None) -> tuple[Path, str]:
    """Emit the derivative of a function of a file into another file; return that and the new name."""
    text = sct.transform(path, name, mode=mode, wrt=wrt)
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


def combinations():
    made = []
    for inner, outer in ORDERS:
        for name in CASES:
            order = f"{outer}_over_{inner}"
            reason = MISSING.get((order, name))
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            made.append(pytest.param(name, inner, outer, id=f"{order}-{name}", marks=marks))
    return made


@pytest.mark.parametrize(("name", "inner", "outer"), list(combinations()))
def test_twice(name, inner, outer, tmp_path):
    function, args = CASES[name]
    source = FOLDER / name / "function.py"
    args = with_directions(getattr(load(source), function), args, inner)
    first_path, first = derive(source, function, inner, tmp_path)
    made = getattr(load(first_path), first)
    # A forward derivative has no annotations: that an argument is an int has to be said again.
    wrt = tuple(n for n, x in zip(inspect.signature(made).parameters, args, strict=True) if not isinstance(x, int))
    second_path, second = derive(first_path, first, outer, tmp_path, wrt)
    case = Case(name, made, args, wrt=wrt, tolerance=1e-6)
    MODES[outer][1](case, getattr(load(second_path), second), truth(case))


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: f"{o[1]}_over_{o[0]}")
def test_text_is_stable(order, tmp_path):
    inner, outer = order
    texts = set()
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        path, name = derive(FOLDER / "helpers" / "function.py", "area", inner, tmp_path / run)
        texts.add(derive(path, name, outer, tmp_path / run)[0].read_bytes())
    assert len(texts) == 1
