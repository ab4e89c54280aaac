"""``sct explain``: what it says of functions is true of the code that is generated for them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import sct.explain
from sct.explain import as_text, collect
from sct.explain.counting import polynomial
from sct.frontend.read import read_text
from sct.texts import Choice, Target, file_name, transformed
from tests.golden_cases import CASES
from tests.test_cli import Run, run, write  # noqa: F401

SCHEMA = json.loads((Path(sct.explain.__file__).parent / "schema.json").read_text())
GOLDEN = Path(__file__).parent / "golden"


def facts(text: str, mode: str = "reverse", **options: Any) -> Any:
    """Return the facts about the only function of a text, as JSON has them, and the text of its derivative."""
    made = transformed([Target(read_text(text))], Choice(mode=mode, **options), file_name)
    found = json.loads(json.dumps(collect(made.deriveds, made.logs, mode).as_json()))
    Draft202012Validator(SCHEMA).validate(found)
    return found["derivatives"][-1]["functions"][-1] | {
        "operations": found["derivatives"][-1]["operations"],
        "text": made.text,
    }


def status(found: Any) -> dict[str, str]:
    return {v["name"]: v["status"] for v in found["variables"]}


def path(found: Any, name: str) -> list[tuple[str, int]]:
    return next([(s["name"], s["line"]) for s in v["path"]] for v in found["variables"] if v["name"] == name)


MANY = """\
import math

def f(x: float, k: float, n: int):
    unused = k * 2.0
    steps = int(x)
    name = "f"
    y = x
    for i in range(n):
        z = math.sin(y)
        if z > 0.5:
            y = y * z
        else:
            y = y + k
    return y
"""


def test_activity():
    found = facts(MANY)
    assert found["independents"] == ["x", "k"]
    assert status(found) == {
        "x": "active",
        "k": "active",
        "n": "constant",
        "unused": "varied",
        "steps": "constant",
        "name": "constant",
        "y": "active",
        "i": "constant",
        "z": "active",
    }
    assert path(found, "z") == [("x", 3), ("y", 7), ("z", 9), ("y", 11), ("the result", 14)]
    assert path(found, "unused") == [("k", 3), ("unused", 4)]
    why = {v["name"]: v["why"] for v in found["variables"]}
    assert "only through what has no derivative" in why["steps"]
    assert why["name"] == "depends on none of x, k"


def test_savings():
    found = facts(MANY)
    taped = {t["variable"]: t for t in found["taped"]}
    assert {t["holder"] for t in found["taped"]} <= set(re.findall(r"\w+", found["text"]))
    assert taped["y"]["times"] == "per iteration" and taped["y"]["loops"] == [8]
    assert taped["y"]["read_by"] == [9, 11]
    assert "overwritten" in taped["y"]["why"]
    # Every tape of the code is explained.
    tapes = set(re.findall(r"\b(\w+_tape)\b", found["text"]))
    assert tapes == {t["holder"] for t in found["taped"]}


def test_what_is_saved_once():
    text = """\
import numpy as np
def f(x: np.ndarray):
    y = x * 1.0
    z = np.sum(y ** 2)
    y[0] = 3.0
    return z + y[0]
"""
    found = facts(text)
    (taped,) = found["taped"]
    assert taped["times"] == "once" and taped["loops"] == [] and taped["line"] == 5
    assert taped["variable"] == "y" and "what it holds is overwritten" in taped["why"]
    assert taped["holder"] in found["text"]


def test_what_is_computed_again():
    found = facts("def f(x: float, n: int):\n    for _ in range(n):\n        x = x * (2.0 * x + 1.0)\n    return x\n")
    assert [(r["value"], r["line"]) for r in found["recomputed"]] == [("2.0 * x", 3), ("2.0 * x + 1.0", 3)]


def test_rules():
    found = facts(MANY)
    assert {(r["function"], tuple(r["lines"])) for r in found["rules"]} == {
        ("numpy.sin", (9,)),
        ("operator.mul", (11,)),
        ("operator.add", (13,)),
    }
    assert {(r["function"], tuple(r["lines"])) for r in facts(MANY, "forward")["rules"]} == {
        ("operator.mul", (4, 11)),
        ("numpy.sin", (9,)),
        ("operator.add", (13,)),
    }


def test_what_an_annotation_would_spare():
    plain = "import numpy as np\ndef f(x, b):\n    return np.tanh(x + b)\n"
    (kept,) = [k for k in facts(plain)["kept"] if "b" in k["values"]]
    assert kept["helper"] == "unbroadcast" and kept["line"] == 3
    assert 'b: Float[np.ndarray, "n"]' in kept["advice"]
    sized = plain.replace("(x, b)", '(x: Float[np.ndarray, "n"], b: Float[np.ndarray, "n"])')
    assert "unbroadcast" not in facts(sized)["text"]
    assert facts(sized)["kept"] == []


def test_the_advice_about_numbers_is_right():
    text = "import math\ndef f(x, y):\n    return x * y + math.sin(x)\n"
    advices = [k["advice"] for k in facts(text)["kept"] if k["helper"] == "require_scalar"]
    assert advices == ["Annotate x: float, y: float."]
    assert facts(text.replace("(x, y)", "(x: float, y: float)"))["kept"] == []


def test_operations():
    found = facts("def f(x: float, n: int):\n    for _ in range(n):\n        x = x * x\n    return 3.0 * x\n")
    assert found["operations"]["primal"] == "1 + 1n"
    assert found["operations"]["ratio"] >= 2
    thrice = facts("def f(x: float):\n    for _ in range(2, 8, 2):\n        x = x * x + 1.0\n    return x\n")
    assert thrice["operations"]["primal"] == "6"
    assert polynomial((0, 2.5, 0, 1)) == "2.5n + 1n^3"


def test_helpers_and_recursion():
    text = (GOLDEN / "recursion" / "function.py").read_text()
    made = transformed([Target(read_text(text))], Choice(mode="reverse"), file_name)
    found = collect(made.deriveds, made.logs, "reverse")
    assert len({f.derivatives for d in found.derivatives for f in d.functions}) > 1
    for derivative in found.derivatives:
        assert derivative.functions[-1].derivatives == (derivative.name,)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("case", CASES)
def test_every_golden_function_is_explained(case: str, mode: str):
    made = transformed([Target(read_text((GOLDEN / case / "function.py").read_text()))], Choice(mode=mode), file_name)
    found = collect(made.deriveds, made.logs, mode)
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(found.as_json())))
    assert as_text(found, verbose=True)
    functions = [f for d in found.derivatives for f in d.functions]
    for function in functions:
        silent = case == "rescued" and function.name == "spend"  # it returns nothing that an adjoint could begin with
        assert silent or function.rules or not any(v.status == "active" for v in function.variables if v.path[1:-1])
        for variable in function.variables:
            if variable.status == "active":
                assert variable.path[0].name in function.independents and variable.path[-1].name == "the result"
    if mode == "reverse":
        # Every tape in the code is explained, and no other.
        tapes = {t.holder for f in functions for t in f.taped if t.holder.endswith("_tape")}
        assert tapes == set(re.findall(r"\b(\w+_tape)\b", made.text))


def test_the_schema_is_strict():
    found = collect([], [], "reverse").as_json()
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(found)))
    assert not Draft202012Validator(SCHEMA).is_valid(found | {"more": 1})


def test_the_command(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", MANY)
    plain = run("explain", "f.py::f")
    assert plain.returncode == 0 and not plain.stderr
    assert "f (f.py:3): f_vjp, reverse mode, by x, k" in plain.stdout
    assert "\033" not in plain.stdout
    assert "constant variables\n  n, steps, name, i\n" in plain.stdout
    verbose = run("explain", "f.py", "-v")
    assert "steps (line 5): depends on x, k only through what has no derivative" in verbose.stdout
    forward = run("explain", "f.py", "--mode", "forward", "--wrt", "k")
    assert "f_jvp, forward mode, by k" in forward.stdout and "saved" not in forward.stdout
    printed = json.loads(run("explain", "f.py", "--json").stdout)
    Draft202012Validator(SCHEMA).validate(printed)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.py"], 123, "missing.py: no such file"),
        (["f.py::g"], 2, "f.py: there is no function 'g'"),
        (["f.py::"], 2, "sct explain: 'f.py::' is not FILE or FILE::FUNCTION (sct explain --help)"),
        (["f.py", "--wrt", "z"], 2, "f.py: f has no parameter `z` to differentiate with respect to; it has x, k, n"),
        ([], 2, "sct explain: the following arguments are required: FILE[::FUNCTION] (sct explain --help)"),
    ],
)
def test_bad_input(run: Run, tmp_path: Path, arguments: list[str], code: int, message: str):  # noqa: F811
    write(tmp_path / "f.py", MANY)
    found = run("explain", *arguments)
    assert (found.returncode, found.stderr, found.stdout) == (code, message + "\n", "")
