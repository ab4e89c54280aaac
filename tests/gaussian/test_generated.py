"""What is checked in under mixtures/generated is what sct writes of mixtures/objective.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from golden_files import compare
from sct_cli.main import main

MIXTURES = Path(__file__).resolve().parents[2] / "mixtures"
TYPES = ("full", "tied", "diag", "spherical")

# The file, the mode, where the functions stand and what they are called, and the independents.
FILES = [
    ("rows_vjp.py", "reverse", "objective.py::rows_{}", "whiten,shift,log_scale"),
    ("rows_hvp.py", "forward", "generated/rows_vjp.py::rows_{}_vjp", "whiten,shift,log_scale"),
    ("natural_vjp.py", "reverse", "objective.py::natural_{}", ""),
    ("natural_jvp.py", "forward", "objective.py::natural_{}", ""),
    ("natural_hvp.py", "forward", "generated/natural_vjp.py::natural_{}_vjp", ""),
    ("free_vjp.py", "reverse", "objective.py::free_{}", "logits,means,factors"),
    ("free_jvp.py", "forward", "objective.py::free_{}", "logits,means,factors"),
    ("free_hvp.py", "forward", "generated/free_vjp.py::free_{}_vjp", "logits,means,factors,y_bar"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a copy of the package in which everything is written anew."""
    copy = tmp_path_factory.mktemp("fresh") / "mixtures"
    (copy / "generated").mkdir(parents=True)
    shutil.copy(MIXTURES / "objective.py", copy)
    shutil.copy(MIXTURES.parent / "pyproject.toml", copy.parent)  # says how long lines are
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        for name, mode, source, wrt in FILES:
            chosen = ["--wrt", wrt] if wrt else []
            functions = [source.format(kind) for kind in TYPES]
            assert main(["transform", "--mode", mode, *chosen, *functions, "-o", f"generated/{name}"]) == 0
    return copy / "generated"


@pytest.mark.parametrize("name", [row[0] for row in FILES])
def test_generated_code_is_fresh(folder, name, request):
    text = (folder / name).read_text(encoding="utf-8")
    compare(MIXTURES / "generated" / name, text, request.config.getoption("--update-golden"))


def test_nothing_else_is_checked_in():
    assert {p.name for p in (MIXTURES / "generated").glob("*.py")} == {"__init__.py", *(row[0] for row in FILES)}


def test_known_shapes_need_no_sums_at_run_time():
    for name in ("rows_vjp.py", "rows_hvp.py"):
        assert "unbroadcast" not in (MIXTURES / "generated" / name).read_text(encoding="utf-8")
