"""Constants that are arrays of integers: the derivative is that of floats, wherever the function's value is.

A derivative computes with the constants of a function: with their squares, their logarithms, their negatives. Of short
integers those wrap around or are of low precision, and unsigned ones have no negative, where the function itself has no
such trouble: a photograph is an array of bytes.
"""

from __future__ import annotations

import itertools
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from test_rules_keywords import made

import sct
from sct import rules
from sct.errors import Refused

DTYPES = (np.uint8, np.int16, np.uint64)
POINTS = ([0.3, 0.6, 0.8], [1.3, 2.7, 4.1])
WHOLE = ([200, 17, 113], [3, 1, 2])


def functions() -> Iterator[Any]:
    """Yield the name of each function of several arguments, and the places of those it has derivatives by."""
    found: dict[str, tuple[int, tuple[int, ...]]] = {}
    for rule in rules.all_rules():
        name = next((n for n in rule.names if n.startswith(("numpy.", "scipy.")) and ".ndarray." not in n), "")
        params = [p.name for p in rule.parameters if p.default is None]
        if not name or rule.constant or rule.refusal or not 2 <= len(params) <= 4 or rule.sequence in params:
            continue
        count, places = found.get(name, (len(params), ()))
        own = tuple(i for i, p in enumerate(params) if p in rule.operands and i < count)
        found[name] = count, tuple(sorted({*places, *own}))
    for name, (count, places) in sorted(found.items()):
        if name.startswith("scipy.stats.") and zlib.crc32(name.encode()) % 4:
            continue  # distributions are many, and declared alike
        yield pytest.param(name.replace("numpy.", "np.", 1), count, places, id=name)


def value_of(function: Callable[..., Any], args: list[np.ndarray]) -> Any:
    """Return what a call gives, None where it is not taken or gives what is no array of finite floats."""
    try:
        value = np.asarray(function(*args))
    except Exception:
        return None
    return value if value.dtype == float and np.all(np.isfinite(value)) else None


@pytest.mark.parametrize(("name", "count", "places"), list(functions()))
def test_constants_of_integers(name: str, count: int, places: tuple[int, ...]) -> None:
    params = "xyzw"[:count]
    function = made(f"{name}({', '.join(params)})", ", ".join(params))
    for place in places:
        derivatives: list[Callable[..., Any]] = []
        for point, whole, dtype in itertools.product(POINTS, WHOLE, DTYPES):
            plain = [np.array(point) if i == place else np.array(whole, float) for i in range(count)]
            short = [np.array(point) if i == place else np.array(whole, dtype) for i in range(count)]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, expected = value_of(function, short), value_of(function, plain)
                if value is None or expected is None or not np.allclose(value, expected, rtol=1e-12, atol=0.0):
                    continue
                if not derivatives:
                    try:
                        derivatives = [sct.vjp(function, wrt=place), sct.jvp(function, wrt=place)]
                    except Refused:
                        break
                for derivative, seed in zip(derivatives, (np.ones_like(value), np.ones(3)), strict=True):
                    _, right = derivative(*plain, seed)
                    _, got = derivative(*short, seed)
                    assert np.allclose(got, right, rtol=1e-12, atol=1e-300, equal_nan=True), (params[place], dtype)


def among_floats(x: np.ndarray, y: np.ndarray):
    whole = np.arange(1, 4)
    a = np.full_like(whole * 1.0, x[0]) * y + np.insert(whole + 0.0, 1, y[1])[:3] * x
    return a + np.sum(whole / 1, initial=x[1]) * y


def test_what_floats_make_of_integers_keeps_floats():
    """``a * 1.0``, ``a + 0.0`` and ``a / 1`` are no longer of integers, which cut off what is put among them."""
    assert sct.check_grad(among_floats, (np.array([0.4, 1.3, -2.2]), np.array([0.9, -0.6, 1.7])))
