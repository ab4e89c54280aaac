"""What the commands print, to the letter: ``tests/golden/messages/COMMAND.txt`` is a transcript."""

from __future__ import annotations

import io
import shlex
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sct_cli.main import main

from sct.texts import pyproject
from tests.golden_cases import FOLDER
from tests.golden_files import same_text

FILES = {
    "model.py": """
        import numpy as np
        from helpers import scaled


        def loss(w, x):
            return np.sum(scaled(w * x, 2.0))


        def worse(x):
            return eval("x")
        """,
    "helpers.py": """
        def scaled(y, by):
            return y * by
        """,
    "broken.py": "def f(x:\n",
    "empty.py": "",
    "stubs.py": "async def f(x):\n    return x\n",
    "configured/pyproject.toml": "[tool.sct]\ncolour = 'red'\n",
    "configured/f.py": "def f(x):\n    return x * x\n",
}
# Commands, and between them edits of files: `file: old -> new`.
TRANSCRIPTS = {
    "sct": ["sct", "sct --help", "sct --version", "sct transmogrify", "sct --nope"],
    "transform": [
        "sct transform",
        "sct transform model.py --nope",
        "sct transform nowhere.py",
        "sct transform configured",
        "sct transform model.py::los",
        "sct transform model.py::",
        "sct transform model.py::worse",
        "sct transform model.py::loss --wrt z",
        "sct transform model.py::loss --wrt ,",
        "sct transform model.py::loss -o nowhere/f.py",
        "sct transform model.py::loss -o helpers.py",
        "sct transform model.py::loss -o out.py --verbose",
        "sct transform model.py::loss --write -v",
        "sct transform --write -",
        "sct transform broken.py",
        "sct transform empty.py",
        "sct transform stubs.py::f",
        "sct transform configured/f.py",
        "sct transform model.py --rules nowhere.py",
        "sct transform model.py --rules helpers.py",
    ],
    "check": [
        "sct check",
        "sct check nowhere",
        "sct check model.py",
        "sct check .",
        "sct transform model.py::loss --mode reverse --wrt w -o grad.py",
        "sct transform grad.py::loss_vjp --wrt w -o hvp.py",
        "sct check .",
        "sct check . --verbose",
        "sct check . --quiet",
        "helpers.py: y * by -> y * by * by",
        "sct check .",
        "sct check . --quiet",
        "sct check --fix hvp.py",
        "sct check --fix .",
        "grad.py: spread(y_bar -> spread(2 * y_bar",
        "sct check --fix . --verbose",
        "model.py: scaled(w * x -> scaled(w + x",
        "sct check --fix grad.py",
        "model.py: loss -> cost",
        "sct check grad.py",
        "model.py: def cost -> cost",
        "sct check grad.py",
        "model.py: cost -> def loss",
        "grad.py: options= -> option=",
        "sct check grad.py",
        "hvp.py: sct 0.1.0 -> sct 0.0.1",
        "sct check hvp.py",
    ],
    "diff": [
        "sct diff",
        "sct diff nowhere.py",
        "sct diff model.py::loss",
        "sct diff model.py::loss --mode reverse",
        "sct diff model.py::loss --mode reverse --unified 1",
        "sct diff model.py::loss --side-by-side --width 100",
        "sct diff model.py::worse",
        "sct diff model.py::loss --quiet",
        "sct diff model.py::loss -U -1",
    ],
    "explain": [
        "sct explain",
        "sct explain nowhere.py",
        "sct explain broken.py",
        "sct explain model.py::worse",
        "sct explain model.py::loss --wrt z",
        "sct explain model.py::loss",
        "sct explain model.py::loss --wrt x --verbose",
        "sct explain model.py::loss --mode forward",
        "sct explain model.py::loss --quiet",
        "sct explain -",
    ],
    "report": [
        "sct report",
        "sct report nowhere.py -o page.html",
        "sct report model.py::worse -o page.html",
        "sct report model.py::loss -o nowhere/page.html",
        "sct report model.py::loss -o helpers.py",
        "sct report model.py::loss -o page.html --at w",
        "sct report model.py::loss -o page.html --at y=1.0",
        "sct report model.py::loss -o page.html --at w=[1]",
        "sct report model.py::loss -o page.html",
        "sct report model.py::loss -o page.html --quiet",
        "sct transform model.py::loss -o page.html",
    ],
    "gradcheck": [
        "sct gradcheck",
        "sct gradcheck model.py",
        "sct gradcheck -",
        "sct gradcheck nowhere.py::f",
        "sct gradcheck broken.py::f",
        "sct gradcheck model.py::los",
        "sct gradcheck model.py::loss",
        "sct gradcheck model.py::loss --at w=1",
        "sct gradcheck model.py::loss --at w=1,x=",
        "sct gradcheck model.py::loss --at w=1,x=2,y=3",
        "sct gradcheck model.py::loss --at w=1,x=2 --wrt z",
        "sct gradcheck model.py::loss --at w=1,x=2 --points 0",
        "sct gradcheck model.py::loss --at w=1,x=2 --quiet",
        "sct gradcheck model.py::worse --at x=1",
        "helpers.py: y * by -> y.nothing * by",
        "model.py: np.sum( -> 1 / 0 * np.sum(",
        "sct gradcheck model.py::loss --at w=1,x=[1,2]",
    ],
    "rules": [
        "sct rules numpy.cbrt",
        "sct rules numpy.cbrt --quiet",
        "sct rules numpy.cbrt --verbose",
        "sct rules nothing_of_this_name",
        "sct rules --nope",
        "sct rules --rules nowhere.py",
        "sct rules numpy.cbrt --rules helpers.py",
    ],
}


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
    """Return a function that runs one line of a transcript and returns what there is to see."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    monkeypatch.setenv("NO_COLOR", "1")
    pyproject.cache_clear()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def run(line: str) -> str:
        words = shlex.split(line)
        if words[0] != "sct":
            name, _, change = line.partition(": ")
            old, _, new = change.partition(" -> ")
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert old in text, line
            (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
            return f"# {line}\n"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"def f(x):\n    return x\n")))
        code = main(words[1:])
        found = capfdbinary.readouterr()
        said = (found.out + found.err).decode("utf-8")
        return f"$ {line}\n{said}" + (f"exit code {code}\n" if code else "") + "\n"

    yield run
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]  # what gradcheck has imported


@pytest.mark.parametrize("command", TRANSCRIPTS)
def test_transcript(command: str, say: Callable[[str], str], request: pytest.FixtureRequest):
    text = "".join(map(say, TRANSCRIPTS[command]))
    path = FOLDER / "messages" / f"{command}.txt"
    path.parent.mkdir(exist_ok=True)
    same_text(path, text, request.config.getoption("--update-golden"))


@pytest.mark.parametrize("command", TRANSCRIPTS)
def test_errors_name_no_line_of_the_compiler(command: str):
    text = (FOLDER / "messages" / f"{command}.txt").read_text(encoding="utf-8")
    assert "Traceback" not in text and "/tmp" not in text
