"""When a parameter without an annotation is taken for a scalar, and what the code for it looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sct
from tests.benchmarks import plain

V = np.array([0.4, 1.3, 2.2])
TEXTS = {
    "one unknown shape": "def f(x): return x * x + 3 * x",
    "two shapes meet": "def f(a, x, y): return a * x + y",
    "a setting": "def f(x, y, a=2.0): return a * x + y",
    "math": "import math\ndef f(x, y): return math.sin(x) * y + x * y",
    "a test": "def f(x, k):\n    if x > 0.5:\n        return k * x\n    return k + x",
    "a count": "def f(x, y, n):\n    for _ in range(n):\n        x = x * 0.5\n    return x * y",
    "a loop": "def f(x, k):\n    for _ in range(3):\n        x = x - 0.1 * k * x\n    return x",
    "meets NumPy": "import numpy as np\ndef f(x, k):\n    for _ in range(3):\n        x = k * np.sin(x)\n    return x",
    "an element": "import numpy as np\ndef f(x, y):\n    a = np.zeros(3)\n    a[0] = x * y\n    return a",
    "in place or not": "def f(x, y):\n    z = x\n    z *= y\n    return z + x",
}
#: Guards, and whether shapes are adjusted.
EXPECTED = {
    "one unknown shape": ("", False),
    "two shapes meet": ("", True),
    "a setting": ("", True),
    "math": ('require_scalar("x, y", x, y)', False),
    "a test": ('require_scalar("x, k", x, k)', False),
    "a count": ("", True),
    "a loop": ('require_scalar("x, k", x, k)', False),
    "meets NumPy": ("", True),
    "an element": ('require_scalar("x, y", x, y)', False),
    "in place or not": ('require_number("x, y", x, y)', False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_guards(name: str) -> None:
    text = sct.transform(TEXTS[name], mode="reverse")
    guard, adjusted = EXPECTED[name]
    body = text[text.index("def f_vjp") :]
    assert ("unbroadcast(" in body) is adjusted
    assert guard in body if guard else "require_" not in body


@pytest.mark.parametrize("function", [plain.classic, plain.lorenz, plain.rosenbrock])
def test_code_for_numbers_is_plain(function: Callable[..., Any]) -> None:
    source = sct.grad(function, wrt=tuple(range(function.__code__.co_argcount))).source
    assert not any(helper in source for helper in ("unbroadcast", "save(", "add(", "check_seed"))


def saxpy(a: Any, x: Any, y: Any) -> Any:
    return a * x + y


def decay(x: Any, k: Any) -> Any:
    for _ in range(3):
        x = x - 0.1 * k * x
    return x


def test_a_wrong_guess_is_refused() -> None:
    derivative = sct.vjp(decay)
    assert derivative(0.7, 0.2)[0] == decay(0.7, 0.2)
    with pytest.raises(TypeError, match="x must be a number, not ndarray.*annotate it"):
        derivative(V, 0.2, np.ones(3))


@pytest.mark.parametrize("number", [2, True, np.float64(0.7), np.float32(0.7), np.int64(3), np.array(0.7)])
def test_numbers_of_every_kind(number: Any) -> None:
    value, (x_bar, k_bar) = sct.vjp(decay, wrt=(0, 1))(number, 0.2)
    assert value == pytest.approx(decay(number, 0.2))
    assert x_bar == pytest.approx(0.98**3)
    assert k_bar == pytest.approx(-0.1 * 3 * 0.98**2 * float(number))


def test_the_default_seed_is_for_numbers() -> None:
    assert sct.vjp(saxpy, wrt=(0, 1, 2))(2.0, 3.0, 4.0) == (10.0, (3.0, 2.0, 1.0))
    with pytest.raises(ValueError, match="needs a seed of that shape"):
        sct.vjp(saxpy)(2.0, V, V)
    with pytest.raises(TypeError, match="only a number has a gradient"):
        sct.grad(saxpy)(2.0, V, V)
