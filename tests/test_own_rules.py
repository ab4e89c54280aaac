"""Rules of the user's: live, and in a file that the command reads; `sct.stop_gradient`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sct
from sct.errors import UsageError
from sct.rules import all_rules, registry
from sct.rules.own import load

LIBRARY = """\
import numpy as np


def softplus(x):
    return np.log1p(np.exp(x))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))
"""
MAIN = """\
import numpy as np
from {library} import softplus
from scipy.special import spence


def energy(x, k):
    return k * x @ x / 2


def f(x, k):
    return energy(softplus(x), k) + np.sum(spence(k + x * x))
"""
RULES = """\
import numpy as np
from sct.rules.registry import custom, elementwise

from {library} import sigmoid

print("run")


@elementwise("{library}.softplus", domain=(-2, 2))
def softplus(y, x):
    return sigmoid(x)


@custom("{main}.energy")
def energy(y_bar, x, k):
    return k * x * y_bar, np.sum(x * x) / 2 * y_bar


@energy.tangent
def _(dx, dk, x, k):
    return k * np.sum(x * dx), np.sum(x * x) / 2 * dk


@elementwise("scipy.special.spence", domain=(0.3, 2))
def spence(y, z):
    return np.log(z) / (1 - z)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a project whose modules have names of their own; take its rules out again."""
    monkeypatch.syspath_prepend(str(tmp_path))
    all_rules()
    before = {name: list(rules) for name, rules in registry._registry.items()}
    all_before = list(registry._rules)
    names = {key: f"{key}_{tmp_path.name.replace('-', '_')}" for key in ("library", "main", "rules")}
    for key, text in (("library", LIBRARY), ("main", MAIN), ("rules", RULES)):
        (tmp_path / f"{names[key]}.py").write_text(text.format(**names))
    yield tmp_path, names
    registry._registry.clear()
    registry._registry.update(before)
    registry._rules[:] = all_before
    for name in names.values():
        sys.modules.pop(name, None)


X, K, DX, DK, H = np.array([0.3, -0.2]), 1.7, np.array([0.4, 0.9]), 0.3, 1e-6


def check(f: Any, jvp: Any, vjp: Any) -> None:
    wanted = (f(X + H * DX, K + H * DK) - f(X - H * DX, K - H * DK)) / (2 * H)
    np.testing.assert_allclose(jvp(X, K, DX, DK)[1], wanted, rtol=1e-7)
    x_bar, k_bar = vjp(X, K)[1]
    np.testing.assert_allclose(x_bar @ DX + k_bar * DK, wanted, rtol=1e-7)


def test_rules_of_a_file_are_read_and_not_run(project: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder, names = project
    load(str(folder / f"{names['rules']}.py"))
    assert capsys.readouterr().out == ""
    derived = {}
    for mode in ("forward", "reverse"):
        text = sct.transform(folder / f"{names['main']}.py", "f", mode=mode)  # type: ignore[arg-type]
        assert "sigmoid(" in text and "np.log(" in text and "def energy" not in text
        exec(compile(text, "<derived>", "exec"), derived)
    check(importlib.import_module(names["main"]).f, derived["f_jvp"], derived["f_vjp"])


def test_rules_of_a_module_that_was_imported(project: Any) -> None:
    _, names = project
    importlib.import_module(names["rules"])
    f = importlib.import_module(names["main"]).f
    vjp = sct.vjp(f, wrt=(0, 1))
    assert "sigmoid(" in vjp.source
    check(f, sct.jvp(f, wrt=(0, 1)), vjp)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@f\ndef g(y, x):\n    return 1\n", "decorators of sct.rules.registry"),
        ("from sct.rules.registry import elementwise\n\n@elementwise(NAME)\ndef g(y, x):\n    return 1\n", "cannot be"),
        ("@g.tangent\ndef _(dx, x):\n    return dx\n", "there is no rule 'g'"),
    ],
)
def test_a_file_of_rules_that_cannot_be_read(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "rules.py"
    path.write_text(text)
    with pytest.raises(UsageError, match=problem):
        load(str(path))


def stopped(x: float) -> float:
    return x * sct.stop_gradient(x * x)


def test_stop_gradient() -> None:
    assert sct.stop_gradient(X) is X
    assert sct.grad(stopped)(3.0) == 9.0
    assert sct.jvp(stopped)(3.0, 2.0) == (27.0, 18.0)
