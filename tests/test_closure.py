"""Closure: what sct emits is parsed and differentiated again, in both orders of both modes."""

from __future__ import annotations

import copy
import inspect
import itertools
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sct
from tests.golden_cases import CASES, FOLDER, load
from tests.programs import harness, twice
from tests.programs.case import Case, truth
from tests.programs.checks import check_forward, check_reverse, noise
from tests.programs.registry import cases

MODES = {"forward": ("jvp", check_forward), "reverse": ("vjp", check_reverse)}
ORDERS = [(inner, outer) for inner in MODES for outer in MODES]


def derive(
    path: Path, name: str, mode: str, folder: Path, wrt: Any = None, standalone: bool = False
) -> tuple[Path, str]:
    """Emit the derivative of a function of a file into another file; return that and the new name."""
    text = sct.transform(path, name, mode=mode, wrt=wrt, standalone=standalone)
    derived = f"{name}_{MODES[mode][0]}"
    made = folder / f"{path.stem}_{mode}{'_alone' * standalone}.py"
    made.write_text(text, encoding="utf-8")
    return made, derived


def with_directions(function: Any, args: tuple[Any, ...], mode: str) -> tuple[Any, ...]:
    """Return the arguments at which a first derivative is differentiated: with tangents, or with a seed."""
    rng = np.random.default_rng(5)
    if mode == "reverse":
        return (*args, noise(function(*copy.deepcopy(args)), rng))
    return (*args, *(noise(x, rng) for x in args if not isinstance(x, int)))


def combinations():
    return [
        pytest.param(name, inner, outer, id=f"{outer}_over_{inner}-{name}") for inner, outer in ORDERS for name in CASES
    ]


@pytest.mark.parametrize(("name", "inner", "outer"), combinations())
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


@pytest.mark.parametrize("name", ["helpers", "views", "softmax"])
@pytest.mark.parametrize("outer", MODES)
@pytest.mark.parametrize("inner", MODES)
def test_twice_without_sct(name, inner, outer, tmp_path):
    """What stands alone is differentiated again, and what that gives may stand alone too."""
    function, args = CASES[name]
    source = FOLDER / name / "function.py"
    args = with_directions(getattr(load(source), function), args, inner)
    path, first = derive(source, function, inner, tmp_path, standalone=True)
    assert "sct.runtime" not in path.read_text()
    made = getattr(load(path), first)
    wrt = tuple(n for n, x in zip(inspect.signature(made).parameters, args, strict=True) if not isinstance(x, int))
    path, second = derive(path, first, outer, tmp_path, wrt, standalone=True)
    assert "sct.runtime" not in path.read_text()
    case = Case(name, made, args, wrt=wrt, tolerance=1e-6)
    MODES[outer][1](case, getattr(load(path), second), truth(case))


def smooth(x, k):
    total = 0.0
    for i in range(len(x)):
        total += np.sin(k * x[i]) * x[i - 1] ** 2
    return total * np.exp(-np.sum(x * x))


@pytest.mark.parametrize("modes", list(itertools.product(MODES, repeat=3)), ids="_".join)
def test_three_times(modes, tmp_path):
    made, args = smooth, (np.array([0.4, -0.7, 1.1]), 1.3)
    for mode in modes[:2]:
        args = with_directions(made, args, mode)
        made = harness.derivative(Case("smooth", made, args), mode, "live", tmp_path)
    case = Case("smooth", made, args, tolerance=1e-5)
    MODES[modes[2]][1](case, harness.derivative(case, modes[2], "live", tmp_path), twice.known(case))


THRICE = ("again.entries_written_in_place", "again.members_written_while_a_list_grows", "loops.while_else")


@pytest.mark.parametrize("modes", [("reverse", "reverse", "reverse"), ("reverse", "forward", "reverse")], ids="_".join)
@pytest.mark.parametrize("name", THRICE)
def test_programs_three_times(name, modes, tmp_path):
    case = cases(name)[0]
    for mode in modes[:2]:
        case = twice.first(case, mode, "live", tmp_path)
    case = replace(case, tolerance=1e-5)
    MODES[modes[2]][1](case, harness.derivative(case, modes[2], "live", tmp_path), twice.known(case))


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: f"{o[1]}_over_{o[0]}")
def test_text_is_stable(order, tmp_path):
    inner, outer = order
    texts = set()
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        path, name = derive(FOLDER / "helpers" / "function.py", "area", inner, tmp_path / run)
        texts.add(derive(path, name, outer, tmp_path / run)[0].read_bytes())
    assert len(texts) == 1


# Programs that need most of what generated code is made of; `tests.programs.report --twice` runs the whole corpus.
SAMPLE = {
    "loops.for_else": "live",  # trips, a branch flag, a break
    "calls.integrate_function": "text",  # helpers split in a loop, tapes of what they saved
    "recursion.factorial_like": "live",
    "containers.tuple_argument": "live",
    "inplace.slice_from_scalar": "live",
    "inplace.cholesky_by_hand": "text",
    "again.entries_named_twice_scaled": "live",  # memory put back at an index with repeats
    "found.numbers_beside_what_is_put_back": "live",  # a number has nothing put back into it
    "found.slot_of_a_repeated_list": "live",  # arrays in two lists have one adjoint, numbers two
    "found.sum_of_what_stays_empty": "live",  # an adjoint is a float, also where nothing is summed
}


@pytest.mark.parametrize("order", twice.ORDERS, ids=lambda o: o.replace("/", "_over_"))
@pytest.mark.parametrize("name", SAMPLE)
def test_programs_twice(name, order, tmp_path):
    verdict = twice.judge(cases(name)[0], tmp_path, order, SAMPLE[name], 60.0)
    assert verdict.kind == harness.RIGHT, verdict.reason


def test_what_is_restored_has_other_names(tmp_path):
    """What may be a number is bound anew only where nothing else knows the array that it may be."""
    (case,) = cases("found.restored_under_another_name")
    verdict = twice.judge(case, tmp_path, "reverse/reverse", "live", 60.0)
    assert verdict.kind in (harness.RIGHT, harness.REFUSED), verdict.reason


def pytest_generate_tests(metafunc):
    """Give each order another part of the corpus, a thirty-second of it; all of it with --corpus.

    A program's part is said by its name alone, so that a new program leaves the parts of the others as they are.
    """
    if metafunc.function is test_corpus_twice:
        step = 1 if metafunc.config.getoption("--corpus") else 32
        every = [case for case in cases() if "#" not in case.name]
        pairs = [(case, order) for order in twice.ORDERS for case in every]
        chosen = [(c, o) for c, o in pairs if zlib.crc32(f"{o} {c.name}".encode()) % step == 0]
        ids = [f"{order.replace('/', '_over_')}-{case.name}" for case, order in chosen]
        metafunc.parametrize(("case", "order"), chosen, ids=ids)


def test_corpus_twice(case, order, tmp_path):
    """A second derivative is right or refused, and it does not break."""
    verdict = twice.judge(case, tmp_path, order, "live", 60.0)
    refused = verdict.kind in (harness.REFUSED, harness.RAISES)
    assert refused or verdict.kind in (harness.RIGHT, harness.SKIPPED, harness.UNKNOWN), verdict.reason
