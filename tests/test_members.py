"""What lists, dicts and tuples hold, stored into: arrays of integers are refused, arrays of floats are right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sct
from sct.oracles import divided_difference


def slot(x, y: float):
    w = [x * 2, x * y]
    w[0][0] = y
    return w[0] * w[1]


def key(x, y: float):
    d = {"a": x * 2}
    d["a"][1:] += x[1:] * y
    return d["a"]


def inner(x, y: float):
    w = [[x * 2, x], x]
    w[0][0][0] = y
    w[0][1][0:1] = y
    return w[0][0] * w[1]


def looped(x: np.ndarray, y: float):
    w = []
    for i in range(3):
        w.append(x * i)
    for i in range(3):
        w[i][i] = y
    return w[1] * w[2]


def unpacked(x, y: float):
    w = [x * 2, x * y]
    (w[0][0], w[0][1]), x = (y, 2.0), x * y
    return w[0] * x


def filled(x, y: float):
    w = (x * 2, x)
    w[0][1:].fill(y)
    return w[1] * w[0]


def put(x, y: float):
    w = [x * 2, x * y]
    np.put(w[0], [0], y)
    return w[0] * w[1]


def flat(x, y: float):
    w = [x * 2, x * y]
    w[0].flat[1] = y
    return w[0] * w[1]


def called(x, y: float):
    def put(a):
        a[0][0] = y

    w = [x * 2, x * y]
    put(w)
    return w[0] * w[1]


def tried(x, y: float):
    w = [x * 2, x * y]
    try:
        w[0][0] = y
    except TypeError:
        w[0] = y * x
    return w[0] * w[1]


PROGRAMS = [slot, key, inner, looped, unpacked, filled, put, flat, called, tried]


def derivative(mode: str, function: Callable[..., Any], x: np.ndarray) -> Any:
    if mode == "forward":
        return sct.jvp(function)(x, 0.7, np.array([0.3, -0.4, 1.1]), 0.6)[1]
    return sct.vjp(function)(x, 0.7, np.array([0.2, 1.3, -0.5]))[1]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("function", PROGRAMS)
def test_members_that_are_arrays_of_integers_are_refused(mode, function):
    x = np.array([1, 2, 3])
    with pytest.raises(TypeError, match="cuts off"):
        derivative(mode, function, x)
    np.testing.assert_array_equal(x, [1, 2, 3])


@pytest.mark.parametrize("function", PROGRAMS)
def test_members_that_are_arrays_of_floats_are_stored_into(function):
    args, tangents = (np.array([1.2, 0.4, 2.1]), 0.7), (np.array([0.3, -0.4, 1.1]), 0.6)
    wanted = divided_difference(function, args, tangents).value
    found = derivative("forward", function, args[0].copy())
    np.testing.assert_allclose(found, wanted, rtol=1e-7)
    x_bar, y_bar = derivative("reverse", function, args[0].copy())
    along = np.dot(x_bar, tangents[0]) + y_bar * tangents[1]
    assert along == pytest.approx(np.dot(wanted, [0.2, 1.3, -0.5]), rel=1e-7)


def scaled(rows, y):
    for i in range(len(rows)):
        for j in range(len(rows[0])):
            rows[i][j] = rows[i][j] * y
    return rows[0][0]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_a_parameter_holds_is_asked_once_at_the_entry(mode):
    derived = sct.jvp(scaled) if mode == "forward" else sct.vjp(scaled)
    assert derived.source.count("require_float('rows', rows, 2)") == 1
    rows = [np.array([1, 2]), np.array([3, 4])]
    with pytest.raises(TypeError, match=r"rows\[0\] has dtype int64"):
        derived(rows, 0.5, *(([[1.0, 0.0], [0.0, 0.0]], 1.0) if mode == "forward" else ()))
    np.testing.assert_array_equal(rows, [[1, 2], [3, 4]])
