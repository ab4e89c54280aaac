"""Golden files: what sct makes of the functions in ``tests/golden``, to the letter, and that it is right."""

from __future__ import annotations

import difflib
import functools

import black
import pytest

import sct
from tests.golden_cases import CASES, FOLDER, load
from tests.golden_files import compare
from tests.programs.case import Case, truth
from tests.programs.checks import check_forward, check_reverse, dot_product

SAMPLE = (FOLDER.parents[1] / "samples" / "function.py").read_text(encoding="utf-8")
CLASSIC = """\
def f_jvp(x1, x2, dx1, dx2):
    w3 = x1 * x2
    dw3 = dx1 * x2 + x1 * dx2
    w4 = sin(x1)
    dw4 = cos(x1) * dx1
    w5 = w3 + w4
    dw5 = dw3 + dw4
    return w5, dw5
"""


@functools.cache
def case(name):
    function, args = CASES[name]
    made = Case(name, getattr(load(FOLDER / name / "function.py"), function), args)
    return made, truth(made)


def derivative(name, mode, product):
    return getattr(load(FOLDER / name / f"{mode}.py"), f"{CASES[name][0]}_{product}")


def test_every_folder_is_a_case():
    assert sorted(CASES) == sorted(p.parent.name for p in FOLDER.glob("*/function.py"))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("name", CASES)
def test_text(name, mode, request):
    folder = FOLDER / name
    text = sct.transform(folder / "function.py", mode=mode)
    compare(folder / f"{mode}.py", text, request.config.getoption("--update-golden"))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("name", CASES)
def test_black_finds_nothing_to_change(name, mode):
    text = (FOLDER / name / f"{mode}.py").read_text(encoding="utf-8")
    style = black.Mode(line_length=120, target_versions={black.TargetVersion.PY311})
    assert black.format_str(text, mode=style) == text


@pytest.mark.parametrize("name", CASES)
def test_forward_files_are_right(name):
    check_forward(case(name)[0], derivative(name, "forward", "jvp"), case(name)[1])


@pytest.mark.parametrize("name", CASES)
def test_reverse_files_are_right(name):
    check_reverse(case(name)[0], derivative(name, "reverse", "vjp"), case(name)[1])


@pytest.mark.parametrize("name", CASES)
def test_the_modes_agree(name):
    known = case(name)
    gap = dot_product(known[0], derivative(name, "forward", "jvp"), derivative(name, "reverse", "vjp"), known[1])
    assert gap <= 1e-12


@pytest.mark.parametrize("source", [SAMPLE, SAMPLE.replace(": float", "")], ids=["annotated", "plain"])
def test_the_classic_to_the_letter(source):
    text = sct.transform(source, "f")
    assert text[text.index("def f_jvp") :] == CLASSIC


@pytest.mark.parametrize("source", [SAMPLE, SAMPLE.replace(": float", "")], ids=["annotated", "plain"])
def test_the_classic_only_adds_lines(source):
    before = source[source.index("def f") :].splitlines()
    after = sct.transform(source, "f")
    after = after[after.index("def f_jvp") :].splitlines()
    removed = [line[2:] for line in difflib.ndiff(before, after) if line.startswith("- ")]
    assert removed == [before[0], before[-1]]
