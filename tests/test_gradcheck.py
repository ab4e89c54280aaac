"""``sct gradcheck``: it runs the function, says so, and tells right derivatives from wrong ones."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sct_cli.point import parse_at

from sct.errors import UsageError
from sct.frontend.read import read_text
from sct.frontend.resolve import Resolver
from sct.points import Points, points
from tests.test_cli import FUNCTION, ROOT, Run, run, write  # noqa: F401

WRONG = """\
import numpy as np
from sct.rules.registry import elementwise


@elementwise("scipy.special.spence")
def spence(y, x):
    return np.log(x) / (1.5 - x)
"""
SPENCE = "from scipy.special import spence\n\n\ndef f(x: float, k: float):\n    return k * spence(x)\n"


def drawn(text: str, seed: int = 0, positive: bool = False, **given: Any) -> dict[str, Any]:
    """Return a point of the only function of a text."""
    return where(text, **given).draw(np.random.default_rng(seed), positive)


def where(text: str, **given: Any) -> Points:
    module = read_text(text)
    resolver = Resolver(module)
    (function,) = resolver.functions(module)
    return points(function, resolver, given)


def test_right_derivatives(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", FUNCTION)
    found = run("gradcheck", "f.py::f", "--at", "x1=2,x2=3")
    assert (found.returncode, found.stderr) == (0, "running f of f.py\n")
    head, *_ = found.stdout.splitlines()
    assert head.split() == ["point", "entry", "mode", "sct", "independent", "by", "error"]
    assert "d result / d x1  forward  2.583853163  2.583853163" in found.stdout
    assert "right: 2 partial derivatives at 1 point, against complex_step, dual_numbers, differences" in found.stdout
    quiet = run("gradcheck", "f.py::f", "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_wrong_derivatives(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "own.py", WRONG)
    write(tmp_path / "f.py", SPENCE)
    found = run("gradcheck", "f.py::f", "--rules", "own.py", "-q")
    assert found.returncode == 1
    assert "WRONG: 6 partial derivatives at 3 points" in found.stdout
    assert "at point 1: --at x=" in found.stdout
    assert "d result / d x" in found.stdout.splitlines()[1]
    mended = WRONG.replace("1.5", "1")
    write(tmp_path / "own.py", mended)
    assert run("gradcheck", "f.py::f", "--rules", "own.py").returncode == 0


def test_the_point_of_a_failure_can_be_given(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "own.py", WRONG)
    write(tmp_path / "f.py", SPENCE)
    found = run("gradcheck", "f.py::f", "--rules", "own.py", "--seed", "3")
    (at,) = [row.partition("--at ")[2] for row in found.stdout.splitlines() if row.startswith("at point 2")]
    again = run("gradcheck", "f.py::f", "--rules", "own.py", "--at", at)
    assert again.returncode == 1 and f"at point 1: --at {at}" in again.stdout


def test_the_same_seed_gives_the_same_table(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", FUNCTION)
    first, again, other = (run("gradcheck", "f.py::f", "--seed", s, "--points", 2).stdout for s in (1, 1, 2))
    assert first == again != other
    assert "4 partial derivatives at 2 points" in first


ARRAYS = (
    'import numpy as np\n\ndef f(x: Float[np.ndarray, "n d"], b: Float[np.ndarray, "d-1"], k: float):\n    return x\n'
)


def test_random_arrays_have_the_sizes_of_their_annotations():
    for seed in range(5):
        found = drawn(ARRAYS, seed)
        assert found["x"].shape[1] - 1 == found["b"].shape[0] and found["x"].ndim == 2
        assert isinstance(found["k"], float)
    positive = drawn(ARRAYS, positive=True)
    assert (positive["x"] > 0).all() and positive["k"] > 0


def test_aliases_and_defaults_and_given_values():
    text = 'Vec = Float[np.ndarray, "n"]\ndef f(x: Vec, i: int, names: list, s=2.0, *, t: float = 1.0):\n    return x\n'
    found = drawn(text, i=3, names=[1.5], t=2)
    assert found["x"].ndim == 1 and "s" not in found
    assert (found["i"], found["names"], found["t"]) == (3, [1.5], 2.0) and type(found["t"]) is float
    given = drawn("def f(x, y):\n    return x\n", x=[[1, 2], [3, 4]], y=1)
    assert given["x"].dtype == float and given["x"].shape == (2, 2)


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("x", 'write --at x=1.0 or annotate x: float, or x: Float[np.ndarray, "n d"]'),
        ("x: np.ndarray", 'write --at x=[1.0,2.0] or say its sizes, as in x: Float[np.ndarray, "n d"]'),
        ("x: int", "write --at x=3"),
        ("x: dict", "write --at x=..."),
        ("*x", "takes *x; check a function with parameters of their own"),
        ("**x", "takes **x; check a function with parameters of their own"),
    ],
)
def test_what_cannot_be_drawn_is_refused(parameter: str, message: str):
    with pytest.raises(UsageError) as caught:
        where(f"def f(k: float, {parameter}):\n    return k\n")
    assert message in str(caught.value)


def test_points_on_the_command_line():
    assert parse_at("x1=1.0, x2=-2e3,y=[1, 2,[3]],z={'a': (1,)}", "sct") == {
        "x1": 1.0,
        "x2": -2e3,
        "y": [1, 2, [3]],
        "z": {"a": (1,)},
    }
    for text in ("", "x", "1", "x=1,2", "**x", "x=1)+f(", "x==1", "x=1;y=2", "(" * 300):
        with pytest.raises(UsageError):
            parse_at(text, "sct")


def test_functions_that_raise_at_some_points(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", "import math\ndef f(x: float, y: float):\n    return math.log(x) + math.sqrt(y)\n")
    assert run("gradcheck", "f.py::f", "--points", "4").returncode == 0


def test_functions_that_have_no_end_at_some_points(run: Run, tmp_path: Path):  # noqa: F811
    text = "def f(x: float):\n    while x < 0.0:\n        x = x - 1.0\n    return x * x\n"
    write(tmp_path / "f.py", text)
    assert run("gradcheck", "f.py::f", "--points", "1", "--seed", "2").returncode == 0


def test_siblings_and_packages_are_found(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "helper.py", "def g(x):\n    return x * x\n")
    write(tmp_path / "colorsys.py", "from helper import g\n\ndef f(x: float):\n    return 3.0 * g(x)\n")
    write(tmp_path / "pack" / "__init__.py", "")
    write(tmp_path / "pack" / "other.py", "def g(x):\n    return x * x\n")
    write(tmp_path / "pack" / "mod.py", "from .other import g\n\ndef f(x: float):\n    return 3.0 * g(x)\n")
    for target in ("colorsys.py::f", "pack/mod.py::f"):
        found = run("gradcheck", target)
        assert found.returncode == 0, found.stderr


def test_decorated_functions(run: Run, tmp_path: Path):  # noqa: F811
    text = "import sct\n\n@sct.differentiate(wrt='x')\ndef f(x: float, k: float):\n    return k * x\n"
    write(tmp_path / "f.py", text)
    found = run("gradcheck", "f.py::f", "--wrt", "k", "--at", "x=2,k=3")
    assert found.returncode == 0 and "d result / d k" in found.stdout and "d result / d x" not in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["f.py"], 2, "sct gradcheck: 'f.py' is not FILE::FUNCTION (sct gradcheck --help)"),
        (["-::f"], 2, "sct gradcheck: what is checked is run, so it has to be a file (sct gradcheck --help)"),
        (["missing.py::f"], 123, "missing.py: no such file"),
        (["f.py::h"], 2, "f.py: there is no function 'h'"),
        (["f.py::f", "--points", "0"], 2, "sct gradcheck: --points takes a number from 1 (sct gradcheck --help)"),
        (["f.py::f", "--seed", "-1"], 2, "sct gradcheck: --seed takes a number from 0 (sct gradcheck --help)"),
        (["f.py::f", "--at", "z=1"], 2, "f has no parameter z; it has x"),
        (["f.py::f", "--at", "x=[1]"], 2, "--at: x is a number, by its annotation, not [1]"),
        (["f.py::g", "--at", "x=[[1],2]"], 2, "--at: x is not an array of numbers: [[1], 2]"),
        (["f.py::f", "--wrt", "q"], 2, "f.py: f has no parameter `q` to differentiate with respect to; it has x"),
        (
            ["f.py::g"],
            2,
            'g: nothing says what x may be: write --at x=1.0 or annotate x: float, or x: Float[np.ndarray, "n d"]',
        ),
        (["f.py::bad", "--at", "x=1"], 123, "f.py: bad at x=1.0 raised ZeroDivisionError: float division by zero"),
        (["broken.py::f"], 123, "broken.py: importing it raised RuntimeError: not today"),
        (["left.py::f"], 123, "left.py: importing it raised SystemExit: 0"),
    ],
)
def test_bad_input(run: Run, tmp_path: Path, arguments: list[str], code: int, message: str):  # noqa: F811
    text = "def f(x: float):\n    return x\n\ndef g(x):\n    return x\n\ndef bad(x):\n    return x / 0.0\n"
    write(tmp_path / "f.py", text)
    write(tmp_path / "broken.py", "raise RuntimeError('not today')\ndef f(x: float):\n    return x\n")
    write(tmp_path / "left.py", "import sys\nsys.exit(0)\ndef f(x: float):\n    return x\n")
    found = run("gradcheck", *arguments)
    said = [line for line in found.stderr.splitlines() if not line.startswith("running ")]
    assert (found.returncode, said, found.stdout) == (code, [message], "")


def test_tracebacks_are_for_those_who_ask(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", "def f(x: float):\n    raise KeyError(x)\n")
    assert "Traceback" not in run("gradcheck", "f.py::f").stderr
    assert "Traceback" in run("gradcheck", "f.py::f", "-v").stderr


def test_a_refusal_is_a_refusal(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", "def f(x: float):\n    return eval('x')\n")
    found = run("gradcheck", "f.py::f")
    assert found.returncode == 123 and "eval() reaches variables" in found.stderr


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_bar_and_colours_on_a_terminal_alone(tmp_path: Path, no_color: str):
    text = "import time\ndef f(x: float):\n    time.sleep(0.05)\n    return x * x\n"
    write(tmp_path / "f.py", text)
    master, slave = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": no_color}
    command = [sys.executable, "-m", "sct", "gradcheck", "f.py::f"]
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=slave, stderr=slave, stdin=slave)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait(60) == 0
    assert b"] 2/3 points" in shown and b"\r\033[K" in shown
    assert (b"\033[32mright" in shown) == (not no_color)
