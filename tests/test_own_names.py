"""Derivatives in modules whose own names collide with those of NumPy, of builtins and of sct's helpers."""

from __future__ import annotations

import importlib
import itertools
import sys
from typing import Any

import numpy as np
import pytest
from resolve_support import write

import sct

COLLIDING = """
import math as np
import numpy
from numpy import max, min, sin, sum

def cos(x):
    return 100.0 * x

def unbroadcast(x, y):
    return x

def spread(*args):
    return 7.0

def helper(x, y):
    dot = 0.0
    for a, b in zip(x, x[:-1]):
        dot = dot + a * b
    return sin(x * y) * numpy.sqrt(x) * dot

def f(x, y):
    return helper(x, y) * sin(x) + max(x) + sum(x * x) * np.sqrt(y) + cos(y)
"""
HANDED_ON = """
from numpy import tanh as squash
from numpy import tensordot
from .sub import double, logistic
"""
USES = """
import hands_on as T
from hands_on import double, logistic, squash, tensordot

def f(x):
    return tensordot(squash(double(x)), T.logistic(x), 1) * T.sub.double(x)
"""


@pytest.fixture
def load(tmp_path: Any, monkeypatch: Any) -> Any:
    """Import modules from two folders that know of each other by `sys.path` alone."""

    def imported(name: str, **files: str) -> Any:
        write(tmp_path, **files)
        for folder in {file.partition("__")[0] for file in files}:
            monkeypatch.syspath_prepend(tmp_path / folder)
        importlib.invalidate_caches()
        for file in files:
            monkeypatch.delitem(sys.modules, file.rpartition("__")[2], raising=False)
        return importlib.import_module(name)

    return imported


def slope(f: Any, x: Any, d: Any) -> Any:
    return (np.asarray(f(x + 1e-5 * d)) - f(x - 1e-5 * d)) / 2e-5


@pytest.mark.parametrize(("first", "second"), [*itertools.product(("jvp", "vjp"), repeat=2)])
def test_names_of_the_modules_own_are_not_taken_for_others(load: Any, first: str, second: str) -> None:
    f = load("colliding", main__colliding=COLLIDING).f
    x, y, d, seed = np.array([0.5, 0.7]), 1.3, np.array([1.0, -2.0]), np.array([0.3, 1.1])
    once = getattr(sct, first)(f, wrt=0)
    other = d if first == "jvp" else seed
    np.testing.assert_allclose(sct.jvp(f, wrt=0)(x, y, d)[1], slope(lambda x: f(x, y), x, d), rtol=1e-8)
    np.testing.assert_allclose(sct.vjp(f, wrt=0)(x, y, seed)[1] @ d, seed @ sct.jvp(f, wrt=0)(x, y, d)[1], rtol=1e-12)
    wanted = slope(lambda x: once(x, y, other)[1], x, d)
    twice = getattr(sct, second)(once, wrt=0)
    if second == "jvp":
        np.testing.assert_allclose(twice(x, y, other, d)[1][1], wanted, rtol=1e-6)
    else:
        np.testing.assert_allclose(twice(x, y, other, (np.zeros(2), seed))[1] @ d, seed @ wanted, rtol=1e-6)


def test_a_module_on_the_path_may_hand_on_what_numpy_has(load: Any) -> None:
    files = {
        "lib__hands_on__init": HANDED_ON,
        "lib__hands_on__sub": "import numpy as np\nfrom scipy.special import expit as logistic\ndef double(x):\n"
        "    return 2.0 * x\n",
        "main__uses": USES,
    }
    f = load("uses", **files).f
    x, d = np.array([0.5, 0.7]), np.array([1.0, -2.0])
    np.testing.assert_allclose(sct.jvp(f)(x, d)[1], slope(f, x, d), rtol=1e-8)
    np.testing.assert_allclose(sct.vjp(f)(x, d)[1] @ d, d @ slope(f, x, d), rtol=1e-8)


def test_a_builtin_that_was_imported_anew_is_imported_again() -> None:
    text = """
from numpy import min, sin

def f(xs, ys):
    t = 0.0
    for a, b in zip(xs, ys):
        t = t + sin(a) * b
    return t * min(xs)
"""
    once = sct.transform(text, "f", mode="reverse")
    twice = sct.transform(once, "f_vjp", mode="forward")
    assert "from builtins import min as min_" in once and "from builtins import min as min_" in twice
    scopes: list[dict[str, Any]] = [{}, {}]
    for source, scope in zip((once, twice), scopes, strict=True):
        exec(source, scope)
    x, y, d = np.array([0.5, 0.7, 0.2]), np.array([1.3, -0.4]), np.array([1.0, -2.0, 0.5])
    found = scopes[1]["f_vjp_jvp"](x, y, 1.0, d, np.zeros(2), 0.0)[1][1][0]
    wanted = slope(lambda x: scopes[0]["f_vjp"](x, y)[1][0], x, d)
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8)


CALLING = """
import numpy as np

def same(v):
    v[0] *= 2.0
    return v * v

def f(x, y):
    {0} = same(x * y)
    def inner(p):
        nonlocal {0}
        {0} = {0} * p
    {1} = x * 0.5
    inner({1} + y)
    {2} = same({0} + {1})
    return {2} * {0}
"""
OF_GENERATED_CODE = (
    "same_forward same_reverse same_jvp f_inner f_inner_jvp f_inner_forward f_inner_reverse f_vjp f_jvp same_saved "
    "_ unused t result x_bar dx zeros_like finish"
).split()


def derived(names: tuple[str, ...], mode: Any) -> Any:
    scope: dict[str, Any] = {}
    exec(sct.transform(CALLING.format(*names), "f", mode=mode), scope)
    return scope["f_jvp" if mode == "forward" else "f_vjp"]


@pytest.mark.parametrize("names", [*itertools.permutations(OF_GENERATED_CODE, 3)][::83])
def test_variables_may_have_the_names_of_generated_functions(names: tuple[str, ...]) -> None:
    x, y, seed = np.array([0.3, 1.2, 0.7]), np.array([0.9, 0.4, 1.1]), np.array([1.0, -2.0, 0.5])
    for mode, more in (("forward", (y, x)), ("reverse", (seed,))):
        wanted = derived(("u", "v", "w"), mode)(x, y, *more)
        found = derived(names, mode)(x, y, *more)
        np.testing.assert_allclose(np.ravel(found[1]), np.ravel(wanted[1]), rtol=1e-12)
