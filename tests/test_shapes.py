"""Shapes whose sizes have names: what is claimed of them holds for all numbers that the names may stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sct
from sct.analysis.across import Across, canonical, returned
from sct.analysis.kinds import INT, Kind, Shape, broadcast, sized, sizes, stretched
from tests.fuzz import shapes as fuzz

NAMES = st.lists(st.sampled_from(["n", "d", "k", "1", "3", "x#0/2"]), max_size=3)
NUMBERS = st.fixed_dictionaries({name: st.integers(1, 3) for name in ("n", "d", "k", "x#0/2")})


def numbers(shape: Shape | None, values: dict[str, int]) -> tuple[int, ...] | None:
    """Return a shape in numbers, where what met has the size that is not 1."""
    names = sizes(shape)
    if names is None:
        return None
    found = []
    for name in names:
        met = {values.get(part, part) for part in name.strip("()").split(" ^ ")} - {1, "1"}
        found.append(int(met.pop()) if met else 1)
    return tuple(found)


@given(st.lists(NAMES, min_size=1, max_size=3), NUMBERS)
def test_broadcasting_is_that_of_numpy(operands, values):
    given_shapes = [sized(names) for names in operands]
    concrete = [numbers(s, values) for s in given_shapes]
    try:
        expected = np.broadcast_shapes(*concrete)
    except ValueError:
        return  # the program fails
    whole = broadcast(*given_shapes)
    assert numbers(whole, values) == expected
    for shape, own in zip(given_shapes, concrete, strict=True):
        how = stretched(shape, whole)
        if how is not None:
            new, axes = how
            total = np.ones(expected).sum(axis=tuple(range(new))) if new else np.ones(expected)
            assert total.sum(axis=tuple(a - new for a in axes), keepdims=True).shape == own


def test_a_shape_without_names_names_its_axes():
    shape = Shape("x", 2)
    assert sizes(shape) == ("x#0/2", "x#1/2")
    assert sized(sizes(shape)) == shape
    assert sizes(Shape("x")) is None
    joined = Shape("&a & b", 2)
    assert sized(sizes(joined)) == joined
    assert sizes(sized(["(n ^ k)", "a[Slice(lower=Constant(value=1))]"])) == (
        "(n ^ k)",
        "a[Slice(lower=Constant(value=1))]",
    )


def test_names_on_the_two_sides_of_a_call():
    matrix, vector = Kind("array", "float", sized(["n", "d"])), Kind("array", "float", sized(["d"]))
    across = Across()
    inside = [across.enter(k) for k in (matrix, vector, Kind("scalar", "int", size="n"))]
    assert [sizes(k.shape) for k in inside[:2]] == [("$0", "$1"), ("$1",)]
    assert inside[2].size == "$0"
    back = across.leave(returned(Kind("array", "float", sized(["$1", "$0", "local"]))))
    assert sizes(back.shape) == ("d", "n", "?inner.2")
    assert canonical([INT])[0].size is None
    other = Kind("array", "float", sized(["m"]))
    assert canonical([vector, vector]) != canonical([vector, other])


WRONG_ONCE = """
import numpy as np
def product(a, b): return a * b
def f(x: Float[np.ndarray, "n"], y: Float[np.ndarray, "m"]): return np.sum(product(x, y))
"""


def test_arguments_of_equal_rank_may_differ_in_size():
    """A helper took two vectors for equally long because both were vectors."""
    f = fuzz.compiled(WRONG_ONCE, "equal_rank")
    _, (x_bar, y_bar) = sct.vjp(f, wrt=(0, 1))(np.array([1.0, 2.0, 3.0]), np.array([2.0]))
    np.testing.assert_array_equal(x_bar, [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(y_bar, [6.0])


def test_members_that_are_read_by_a_variable_may_differ_in_size():
    """Whatever two members were read, their shapes had one name."""
    text = (
        "import numpy as np\n"
        'def f(x: Float[np.ndarray, "n"], y: Float[np.ndarray, "1"]):\n'
        "    held = [x, y]\n    total = 0.0\n    for i in range(2):\n"
        "        total = total + np.sum(held[i] * held[1 - i] ** 2)\n    return total\n"
    )
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0])
    _, (x_bar, y_bar) = sct.vjp(fuzz.compiled(text, "members"), wrt=(0, 1))(x, y)
    np.testing.assert_array_equal(x_bar, y**2 + 2 * x * y)
    np.testing.assert_array_equal(y_bar, [np.sum(2 * x * y + x**2)])


@pytest.mark.parametrize("seed", range(60))
def test_random_programs(seed):
    verdict = fuzz.judge(seed)
    assert not verdict.startswith("wrong"), verdict


def test_known_sizes_need_no_helper():
    seen = sum(fuzz.UNBROADCAST in fuzz.judge(seed) for seed in range(40))
    assert seen < 30


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("np.sum(w[:, None] * x + 0 * y)", "w_bar = np.sum(x * "),
        ("np.sum((x - w[:, None]) ** 2 @ y.T)", "w_bar = -np.sum("),
    ],
)
def test_what_is_written(expression, written):
    text = (
        "import numpy as np\n"
        'def f(w: Float[np.ndarray, "n"], x: Float[np.ndarray, "n d"], y: Float[np.ndarray, "n d"]):\n'
        f"    return {expression}\n"
    )
    source = sct.vjp(fuzz.compiled(text, expression), wrt=(0, 1, 2)).source
    assert "unbroadcast" not in source
    assert written in source
