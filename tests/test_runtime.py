"""The helpers that generated code calls."""

from __future__ import annotations

import ast
import inspect
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sct import runtime
from sct.runtime import guards

SHAPES: list[tuple[Any, ...]] = [
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((2, 3), (1, 3)),
    ((2, 3), (2, 1)),
    ((2, 3), ()),
    ((4, 2, 3), (2, 1)),
    ((0, 3), (3,)),
    ((1, 3), (3,)),
    ((3,), (3,)),
    ((3, 1), (1, 1)),
]


@pytest.mark.parametrize(("wide", "narrow"), SHAPES)
def test_unbroadcast_is_the_transpose_of_like(wide: tuple[int, ...], narrow: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    v, x = rng.normal(size=wide), rng.normal(size=narrow)
    x = x if narrow else float(x)
    summed = runtime.unbroadcast(v, x)
    assert np.shape(summed) == narrow
    assert (summed is v) == (wide == narrow)
    assert wide == narrow or not np.shares_memory(summed, v)
    spread = runtime.like(x, v)
    assert spread.shape == wide
    np.testing.assert_allclose(np.sum(v * spread), np.sum(summed * x))


def test_unbroadcast_of_numbers() -> None:
    assert runtime.unbroadcast(2.0, 1.0) == 2.0
    assert runtime.unbroadcast(np.ones(3), 1) == 3.0
    assert runtime.unbroadcast(np.ones(3, np.float32), np.float32(1)).dtype == np.float32
    assert isinstance(runtime.unbroadcast(np.ones(3), np.float64(1)), float)
    np.testing.assert_array_equal(runtime.unbroadcast(np.ones((2, 3)), [1.0, 2.0, 3.0]), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(runtime.unbroadcast(1.0, np.zeros(3)), np.ones(3))


def test_like() -> None:
    y = np.zeros((2, 3), np.float32)
    assert runtime.like(1.5, 2.0) == 1.5
    assert runtime.like(1.5, y).dtype == np.float32
    filled = runtime.like(np.ones(3), y)
    filled += 1.0
    np.testing.assert_array_equal(filled, np.full((2, 3), 2.0))
    assert isinstance(runtime.like(np.array([1.0]), np.float64(1)), float)


def test_spread() -> None:
    x = np.zeros((2, 3))
    np.testing.assert_array_equal(runtime.spread(2.0, x), np.full((2, 3), 2.0))
    np.testing.assert_array_equal(runtime.spread(np.array([1.0, 2.0]), x, -1), [[1.0] * 3, [2.0] * 3])
    np.testing.assert_array_equal(runtime.spread(np.array([[1.0], [2.0]]), x, 1, True), [[1.0] * 3, [2.0] * 3])
    assert runtime.spread(2.0, x.astype(np.float32)).dtype == np.float32
    assert runtime.spread(2.0, np.zeros(3, int)).dtype == float
    assert runtime.spread(2.0, 1.0) == 2.0
    assert runtime.spread(np.ones(()), x).flags.writeable


def test_over_and_times_let_zero_win() -> None:
    assert runtime.over(0.0, 0.0) == 0.0
    assert runtime.over(0.0, float("nan")) == 0.0
    assert runtime.over(1.0, 0.0) == np.inf
    assert runtime.over(-1.0, 0.0) == -np.inf
    assert runtime.over(1, 4) == 0.25
    np.testing.assert_array_equal(
        runtime.over(np.array([0.0, 1.0, 4.0]), np.array([0.0, 0.0, 2.0])), [0.0, np.inf, 2.0]
    )
    np.testing.assert_array_equal(runtime.over(np.zeros(2), 0.0), np.zeros(2))
    np.testing.assert_array_equal(runtime.over(0.0, np.array([0.0, np.nan])), np.zeros(2))
    assert np.isnan(runtime.over(np.array([np.nan]), np.array([0.0]))).all()
    assert isinstance(runtime.over(np.float64(0.0), np.float64(0.0)), float)
    assert runtime.over(np.float32(1.0), np.float32(2.0)).dtype == np.float32
    assert runtime.times(0.0, float("inf")) == 0.0
    np.testing.assert_array_equal(runtime.times(np.array([0.0, 1.0]), np.array([np.nan, np.inf])), [0.0, np.inf])


def test_zeros_like() -> None:
    assert runtime.zeros_like(3) == 0.0
    assert isinstance(runtime.zeros_like(3), float)
    assert runtime.zeros_like(np.float32(3)).dtype == np.float32
    assert runtime.zeros_like(np.ones(2, int)).dtype == float
    assert runtime.zeros_like(np.ones(2, np.float32)).dtype == np.float32
    assert runtime.zeros_like(np.ones(2, complex)).dtype == complex
    structure = {"a": (1.0, [2.0, "text"]), "b": None}
    assert runtime.zeros_like(structure) == {"a": [0.0, [0.0, None]], "b": None}


Point = namedtuple("Point", "x y")


def test_finish_gives_back_the_container_types() -> None:
    x = {"p": Point(1.0, (2.0, [3.0])), "t": "text"}
    bar = runtime.zeros_like(x)
    bar["p"][1][1][0] = 5.0
    assert runtime.finish(bar, x) == {"p": Point(0.0, (0.0, [5.0])), "t": None}
    assert isinstance(runtime.finish(bar, x)["p"], Point)
    assert runtime.finish(2.0, 1.0) == 2.0
    assert runtime.finish(np.array([1.0, 2.0]), [0.0, 0.0]) == [1.0, 2.0]


def test_add() -> None:
    assert runtime.add(1.0, 2.0) == 3.0
    assert runtime.add(None, 2.0) == 2.0
    assert runtime.add(2.0, None) == 2.0
    assert runtime.add([1.0, None], (2.0, None)) == [3.0, None]
    assert runtime.add((1.0, 2.0), [1.0, 1.0]) == (2.0, 3.0)
    assert runtime.add(Point(1.0, 2.0), (1.0, 1.0)) == Point(2.0, 3.0)
    assert runtime.add({"a": 1.0}, {"a": 2.0, "b": 3.0}) == {"a": 3.0, "b": 3.0}
    assert runtime.add([1.0, 2.0], np.array([1.0, 1.0])) == [2.0, 3.0]
    np.testing.assert_array_equal(runtime.add(np.ones(2), [1.0, 2.0]), [2.0, 3.0])
    a = np.ones(2)
    assert not np.shares_memory(runtime.add(a, 1.0), a)


def test_take_add() -> None:
    bar = np.zeros(4)
    runtime.take_add(bar, np.array([1, 1, 2]), np.array([1.0, 2.0, 3.0]))
    runtime.take_add(bar, [0, 0], 1.0)
    runtime.take_add(bar, 3, 5.0)
    runtime.take_add(bar, slice(0, 2), 10.0)
    runtime.take_add(bar, bar > 11, 100.0)
    np.testing.assert_array_equal(bar, [112.0, 113.0, 3.0, 5.0])
    matrix = np.zeros((2, 2))
    runtime.take_add(matrix, (np.array([0, 0]), 1), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(matrix, [[0.0, 3.0], [0.0, 0.0]])
    numbers = [0.0, 0.0, 0.0]
    runtime.take_add(numbers, 1, 2.0)
    runtime.take_add(numbers, slice(1, 3), [1.0, 1.0])
    assert numbers == [0.0, 3.0, 1.0]


def test_accumulate() -> None:
    row = np.ones(2)
    bar: dict[str, Any] = {"a": [row, row, 1.0], "b": row}
    runtime.accumulate(bar, {"a": ([1.0, 2.0], np.ones(2), 3.0), "b": None, "c": row})
    assert bar["a"][0] is bar["a"][1] is bar["b"] is row
    np.testing.assert_array_equal(row, [3.0, 4.0])
    assert bar["a"][2] == 4.0
    assert not np.shares_memory(bar["c"], row)
    runtime.accumulate_at(bar["a"], 0, row)
    np.testing.assert_array_equal(row, [6.0, 8.0])
    with pytest.raises(ValueError, match="2 members is added to one of 3"):
        runtime.accumulate(bar["a"], [1.0, 2.0])


def test_accumulate_numbers() -> None:
    row = np.ones(2)
    bar: list[Any] = [row, 1.0]
    runtime.accumulate_numbers(bar, [row, 2.0])
    assert bar[0] is row
    assert bar[1] == 3.0
    np.testing.assert_array_equal(row, np.ones(2))


def test_once_counts_an_object_once() -> None:
    row, v = np.zeros(2), np.ones(2)
    first, second, (third, number) = runtime.once([v, v, (v, 1.0)], [row, row, (row, 0.0)])
    np.testing.assert_array_equal([first, second, third], [v, 0 * v, 0 * v])
    assert number == 1.0
    assert first is not v
    with pytest.raises(TypeError, match="overlap"):
        runtime.once([v, v[:1]], [row, row[:1]])


def test_last_writes_count() -> None:
    index = np.array([2, 0, 2])
    x, v = np.zeros(4), np.array([1.0, 2.0, 3.0])
    x[index] = v
    np.testing.assert_array_equal(x, [2.0, 0.0, 3.0, 0.0])
    np.testing.assert_array_equal(runtime.last_writes(v, x, index), [0.0, 2.0, 3.0])
    np.testing.assert_array_equal(runtime.written(np.array([10.0, 20.0, 30.0, 40.0]), index), [0.0, 10.0, 30.0])
    rows = np.arange(6.0).reshape(3, 2)
    np.testing.assert_array_equal(runtime.written(rows, np.array([1, 1])), [[0.0, 0.0], [2.0, 3.0]])
    kept = runtime.written(rows, slice(0, 1))
    assert not np.shares_memory(kept, rows)
    np.testing.assert_array_equal(runtime.scatter(v, x, index), [2.0, 0.0, 4.0, 0.0])


def test_save_and_put_back() -> None:
    x: dict[str, Any] = {"a": np.ones(2), "n": 1.0, "l": [1.0, (2.0,)]}
    kept = runtime.save(x)
    x["a"] += 1.0
    x["l"].append(3.0)
    np.testing.assert_array_equal(kept["a"], np.ones(2))
    assert kept["l"] == [1.0, (2.0,)]
    for value, saved in (([1.0, 2.0], [3.0]), ({"a": 1.0}, {"b": 2.0})):
        runtime.put_back(value, saved)
        assert value == saved
    a = np.zeros(2)
    runtime.put_back(a, np.ones(2))
    np.testing.assert_array_equal(a, np.ones(2))


def test_put_back_at() -> None:
    row = np.zeros(2)
    x: list[Any] = [row, 1.0, row]
    runtime.put_back_at(x, 0, np.ones(2))
    runtime.put_back_at(x, 1, 2.0)
    assert x[0] is x[2] is row
    assert x[1] == 2.0
    np.testing.assert_array_equal(row, np.ones(2))


def test_require_scalar() -> None:
    runtime.require_scalar("x, y", 1.0, np.float32(2))
    runtime.require_scalar("a, b, c, d", 1, True, np.array(2.0), np.int64(3))
    with pytest.raises(TypeError, match=r"^y must be a number, not ndarray: .* annotate it, e\.g\. `y: np\.ndarray`$"):
        runtime.require_scalar("x, y", 1.0, np.ones(2))
    for value in ([1.0], (1.0,), "1", None):
        with pytest.raises(TypeError, match="x must be a number"):
            runtime.require_scalar("x", value)


def test_guards_on_arrays() -> None:
    x = np.ones(4)
    runtime.require_array("x", x)
    runtime.require_view("v", x[1:], x)
    runtime.require_distinct("x, y, z", x, np.ones(4), 1.0)
    runtime.require_distinct("x, y", x[::2], x[1::2])
    runtime.require_float("x", x)
    with pytest.raises(TypeError, match="z must be an array, not float"):
        runtime.require_array("z", 1.0)
    with pytest.raises(TypeError, match="v must be a view"):
        runtime.require_view("v", x.copy(), x)
    with pytest.raises(ValueError, match="x and y share memory"):
        runtime.require_distinct("x, y", x, x[1:])
    with pytest.raises(TypeError, match="x has dtype int64"):
        runtime.require_float("x", np.ones(2, np.int64))


def test_require_scalar_result() -> None:
    runtime.require_scalar_result("f", np.float64(1))
    for value, what in ((np.ones(2), "an array of shape"), ((1.0, 2.0), "a tuple")):
        with pytest.raises(TypeError, match=f"f returns {what}.* vjp .* jvp"):
            runtime.require_scalar_result("f", value)


def test_check_tangent() -> None:
    assert runtime.check_tangent("dx", 1.5, 2.0) == 1.5
    assert isinstance(runtime.check_tangent("dx", 1, 2.0), float)
    assert runtime.check_tangent("dx", np.ones(2, int), np.ones(2)).dtype == float
    assert runtime.check_tangent("dx", np.ones(2), np.ones(2, np.float32)).dtype == np.float32
    assert runtime.check_tangent("dx", (1, [2.0]), (1.0, [2.0])) == (1.0, [2.0])
    assert runtime.check_tangent("dx", None, "text") is None
    for dx, x, error in (
        (np.ones(3), np.ones(2), ValueError),
        (1.0, np.ones(2), ValueError),
        (np.ones(2), 1.0, ValueError),
        ([1.0], (1.0,), TypeError),
        ((1.0,), (1.0, 2.0), TypeError),
        ({"a": 1.0}, {"b": 1.0}, TypeError),
        ("text", 1.0, TypeError),
    ):
        with pytest.raises(error, match="dx"):
            runtime.check_tangent("dx", dx, x)


def test_check_seed() -> None:
    assert runtime.check_seed("y_bar", 1.0, np.float64(2)) == 1.0
    assert runtime.check_seed("y_bar", 2, 3.0) == 2.0
    seed = np.ones(2)
    checked = runtime.check_seed("y_bar", seed, np.zeros(2))
    assert not np.shares_memory(checked, seed)
    assert runtime.check_seed("y_bar", (1, {"a": 2.0}), (1.0, {"a": 2.0})) == [1.0, {"a": 2.0}]
    without_axes = runtime.check_seed("y_bar", 1.0, np.array(2.0))
    assert isinstance(without_axes, np.ndarray) and without_axes == 1.0  # the reverse sweep may write it in place
    with pytest.raises(ValueError, match=r"the result of shape \(2,\) needs a seed of that shape: pass y_bar"):
        runtime.check_seed("y_bar", 1.0, np.zeros(2))
    with pytest.raises(ValueError, match="y_bar has shape"):
        runtime.check_seed("y_bar", np.ones(3), np.zeros(2))
    with pytest.raises(ValueError, match="the result is a tuple and needs a seed of that structure: pass y_bar"):
        runtime.check_seed("y_bar", 1.0, (1.0, 2.0))
    with pytest.raises(TypeError, match="y_bar must be a tuple of 2"):
        runtime.check_seed("y_bar", (1.0,), (1.0, 2.0))


def test_others_with_zeros() -> None:
    for x in ([2.0, 3.0, 4.0], [0.0, 3.0, 4.0], [0.0, 3.0, 0.0], [5.0]):
        expected = [np.prod(np.delete(x, i)) for i in range(len(x))]
        np.testing.assert_allclose(runtime.others(np.array(x)), expected)
    assert runtime.others(np.zeros((0,))).shape == (0,)
    assert runtime.others(2.0) == 1.0


def test_helpers_stand_alone() -> None:
    """Each helper reads nothing but np, built-ins and other helpers, and says what it does."""
    import builtins

    folder = Path(runtime.__file__).parent
    nodes = [
        n for p in sorted(folder.glob("*.py")) for n in ast.parse(p.read_text()).body if not isinstance(n, ast.Expr)
    ]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    top = {node.name for node in functions}
    assert runtime.__all__ == sorted(name for name in top if not name.startswith("_"))
    assert len(top) == len(functions), "two helpers have one name"
    for node in functions:
        assert ast.get_docstring(node), node.name
        bound = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        bound |= {a.arg for a in ast.walk(node) if isinstance(a, ast.arg)}
        bound |= {f.name for f in ast.walk(node) if isinstance(f, ast.FunctionDef)}
        bound |= {h.name for h in ast.walk(node) if isinstance(h, ast.ExceptHandler) and h.name}
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
                known = {*bound, *top, "np", "Any"}
                assert name.id in known or hasattr(builtins, name.id), (node.name, name.id)


def test_require_number() -> None:
    runtime.require_number("x, y", 1.0, np.float32(2))
    with pytest.raises(TypeError, match="y must be a number, not an array without axes"):
        runtime.require_number("x, y", 1.0, np.array(2.0))
    with pytest.raises(TypeError, match="x must be a number, not ndarray"):
        runtime.require_number("x", np.ones(2))


def test_restored() -> None:
    a = np.zeros(2)
    assert runtime.restored(a, np.ones(2)) is a
    np.testing.assert_array_equal(a, np.ones(2))
    assert runtime.restored(2.0, 3.0) == 3.0


@pytest.mark.parametrize("x", [np.ma.array([1.0, 2.0], mask=[False, True]), np.ones(2).view(np.matrix)])
def test_arrays_with_operators_of_their_own_are_refused(x: np.ndarray) -> None:
    with pytest.raises(TypeError, match=r"pass `np.asarray"):
        runtime.check_tangent("dx", np.ones(x.shape), x)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, bool])
def test_floats_of_integers(dtype: type) -> None:
    x = np.array([1, 0, 1], dtype)
    assert runtime.floats(x).dtype == float
    assert runtime.floats(x[0]).dtype == float
    single = np.ones(3, np.float32)
    assert runtime.floats(single) is single
    assert runtime.floats(3) == 3


def test_what_is_put_back_in_a_slot_stays_where_others_know_it():
    x = np.zeros(3, np.float32)
    held = [1.0, x]
    runtime.put_back_at(held, 1, np.array([1.0, 2.0, 3.0]))
    assert held[1] is x and x.tolist() == [1.0, 2.0, 3.0]
    point = np.zeros(())
    held = [point, point]
    runtime.put_back_at(held, 0, 2.5)
    assert held[0] is point and held[1][()] == 2.5
    runtime.put_back_at(held, 0, np.zeros(2))
    assert held[0].shape == (2,) and point[()] == 2.5


def test_real_parts_in_a_structure():
    found = runtime.real_like({"a": [1.0 + 2j, (3j, None)], "b": 1.0 + 1j}, {"a": [0.5, (1j, "text")], "b": 2})
    assert found == {"a": [1.0, (3j, None)], "b": 1.0}


def test_a_slice_of_a_list_stays_as_long_as_it_is():
    runtime.require_length([1.0, 2.0], 2)
    runtime.require_length(np.ones(3), 1)  # broadcast
    with pytest.raises(TypeError, match="2 members are put where a slice has 1"):
        runtime.require_length([1.0], 2)


def test_a_list_in_a_list_is_told_from_an_array():
    runtime.require_part(np.ones(3), slice(1, None), np.ones(2))
    runtime.require_part([1.0, 2.0], 1, np.float64(3.0))
    runtime.require_part({"a": 1.0}, "a", 2.0)
    for x, index, value in [([1.0], 0, np.ones(2)), ([np.ones(2)], 0, 1.0), ({}, "a", 1.0)]:
        with pytest.raises(TypeError, match="give what is stored into a name"):
            runtime.require_part(x, index, value)


def test_a_store_is_tried_and_not_made():
    target = np.zeros(3)
    for value, index, error in [(np.ones(4), ..., ValueError), (1.0, 3, IndexError), ([1.0, 2.0], 0, ValueError)]:
        with pytest.raises(error) as raised:
            target[index] = value
        with pytest.raises(error) as tried:
            runtime.require_storable(value, target, index)
        assert type(raised.value) is type(tried.value)
        runtime.require_unguarded(tried.value)  # it is not the guard that refuses
    runtime.require_storable(np.ones((1, 2)), target, slice(1, None))
    runtime.require_storable(1.0, {}, "new")
    runtime.require_storable(1.0, 2.0, ...)
    runtime.require_storable([1.0, 2.0], [1.0], ...)
    with pytest.raises(IndexError):
        runtime.require_storable(1.0, [1.0], 1)
    with pytest.raises(TypeError):
        runtime.require_storable(1.0, (1.0,), 0)
    with pytest.raises(ValueError, match="read-only"):
        runtime.require_storable(1.0, np.diag(np.eye(2)), 0)
    assert not target.any()


def test_every_guard_is_known_to_the_one_that_lets_them_through() -> None:
    known = set(inspect.getsource(guards.require_unguarded).replace('"', " ").split())
    asked = {name.removeprefix("require_") for name in vars(guards) if name.startswith("require_")}
    assert asked - known == {"storable", "unguarded"}
