"""Keywords that rules have in common: every axis that NumPy takes, and ``dtype=``, tried on each rule that has them."""

from __future__ import annotations

import itertools
import linecache
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import sct
from sct import rules
from sct.errors import Refused

IMPORTS = (
    "import math\nimport numpy as np\nimport scipy.fft\nimport scipy.linalg\nimport scipy.special\nimport scipy.stats\n"
)
AXES = ("None", "0", "-1", "(0,)", "(0, -1)", "(1, 0)", "(0, 1, 2)", "()")
SHAPES = ((3,), (2, 3), (2, 2, 2))
_numbers = itertools.count()


def uses(parameter: str) -> Iterator[Any]:
    """Yield the name of each function whose rule has a parameter, and how many arrays its rule takes at most."""
    found: dict[str, int] = {}
    for rule in rules.all_rules():
        name = next((n for n in rule.names if n.startswith(("numpy.", "scipy.")) and ".ndarray." not in n), "")
        if name and not rule.constant and not rule.refusal and any(p.name == parameter for p in rule.parameters):
            found[name] = max(found.get(name, 0), 2 if len(rule.operands) > 1 else 1)
    for name, count in sorted(found.items()):
        yield pytest.param(name.replace("numpy.", "np.", 1), count, id=name)


def made(call: str, operands: str) -> Callable[..., Any]:
    """Return a function that calls something, with a source that can be read."""
    number = next(_numbers)
    name, text = f"<keywords {number}>", f"{IMPORTS}def f({operands}):\n    return {call}\n"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = types.ModuleType(f"keywords_{number}")
    exec(compile(text, name, "exec"), module.__dict__)
    function: Callable[..., Any] = module.__dict__["f"]
    return function


def arrays(shape: tuple[int, ...], count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    steps = 0.1 * np.arange(np.prod(shape)).reshape(shape)
    return [rng.uniform(0.2, 0.9, size=shape) + steps for _ in range(count)]


def value_of(function: Callable[..., Any], args: list[np.ndarray]) -> Any:
    """Return what a call gives, None where NumPy does not take it or the result is no array of floats."""
    try:
        value = function(*(a.copy() for a in args))
    except Exception:
        return None
    return value if getattr(value, "dtype", np.dtype(int)).kind == "f" else None


@pytest.mark.parametrize(("name", "most"), list(uses("axis")))
def test_axes(name: str, most: int) -> None:
    for count, shape, axis in itertools.product(range(1, most + 1), SHAPES, AXES):
        operands, args = ", ".join("xy"[:count]), arrays(shape, count)
        function = made(f"{name}({operands}, axis={axis})", operands)
        if value_of(function, args) is not None:
            try:
                assert sct.check_grad(function, tuple(args)), (shape, axis)
            except Refused:
                continue


@pytest.mark.parametrize(("name", "most"), list(uses("dtype")))
def test_dtype(name: str, most: int) -> None:
    """The value is the one that NumPy gives, in single precision, and the adjoint is that of the function itself."""
    for count, shape in itertools.product(range(1, most + 1), SHAPES):
        operands, args = ", ".join("xy"[:count]), arrays(shape, count)
        function = made(f"{name}({operands}, dtype=np.float32)", operands)
        value = value_of(function, args)
        if value is None:
            continue
        try:
            found, adjoint = sct.vjp(function, wrt=0)(*(a.copy() for a in args), np.ones_like(value))
            plain = made(f"{name}({operands})", operands)
            _, expected = sct.vjp(plain, wrt=0)(*(a.copy() for a in args), np.ones(np.shape(value)))
        except Refused:
            continue
        assert np.asarray(found).dtype == np.float32
        assert np.allclose(found, value, rtol=1e-6, atol=0.0)
        assert np.allclose(adjoint, expected, rtol=1e-4, atol=1e-5)
