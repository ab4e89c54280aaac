"""The oracles against derivatives known in closed form, and against each other."""

import math

import numpy as np
import pytest
import scipy.special

from sct import oracles
from sct.oracles import (
    NotApplicable,
    complex_step,
    differences,
    divided_difference,
    dual_numbers,
    interpolation,
    jacobian,
)

ALL = [complex_step, differences, dual_numbers, interpolation]
SLOPE = 2.0
TABLE = np.array([1.0, -2.0, 0.5])


def polynomial(x, y):
    return x**3 * y - SLOPE * x / y


def helper(v):
    return np.exp(-v) * TABLE


def loop_with_writes(x, a):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x[i] * math.sin(a) + x[i - 1] ** 2
    y[1:] *= a
    view = y[::-1]
    view[0] += y[1]
    return helper(y) @ x, {"y": y, "name": "result"}


def branch(x):
    return abs(x) * 2 if x < 0 else max(x, 0.5) * x


def kink(x):
    return abs(x)


@pytest.mark.parametrize("oracle", ALL)
def test_closed_form(oracle):
    x, y = 1.3, 0.7
    expected = [[3 * x**2 * y - SLOPE / y, x**3 + SLOPE * x / y**2]]
    np.testing.assert_allclose(jacobian(oracle, polynomial, (x, y), (0, 1)), expected, rtol=1e-9)


def test_all_agree_on_writes_views_and_helpers():
    x = np.array([1.0, 2.0, 0.5])
    found = [jacobian(oracle, loop_with_writes, (x, 0.7), (0, 1)) for oracle in ALL]
    assert found[0].shape == (4, 4)
    np.testing.assert_allclose(found[0], found[2], rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found[0], found[3], rtol=1e-8, atol=1e-9)
    assert x.tolist() == [1.0, 2.0, 0.5]


def test_comparisons_and_absolute_values():
    assert dual_numbers(branch, (-1.5,), (1.0,)).tolist() == [-2.0]
    assert dual_numbers(branch, (1.5,), (1.0,)).tolist() == [3.0]
    np.testing.assert_allclose(differences(branch, (-1.5,), (1.0,)), [-2.0], rtol=1e-9)
    with pytest.raises(NotApplicable):
        complex_step(branch, (-1.5,), (1.0,))


def test_absolute_value_has_no_complex_step():
    for f in (kink, lambda x: np.abs(x), lambda x: math.fabs(x), lambda x: np.std(np.array([x, 1.0]))):
        with pytest.raises(NotApplicable):
            complex_step(f, (-1.5,), (1.0,))


def test_differences_tell_of_a_jump_and_estimate_their_error():
    with pytest.raises(NotApplicable):
        differences(lambda x: 1.0 if x > 0 else 0.0, (0.0,), (1.0,))
    found = divided_difference(math.exp, (0.3,), (1.0,))
    assert abs(found.value[0] - math.exp(0.3)) < 10 * found.error[0] + 1e-11
    assert found.error[0] < 1e-9


def steps(y):
    """A step function, steep as a quotient of one that is: over large steps its jumps look like a slope."""
    d = y + y
    for _ in range(2):
        d = d * 0.5 + abs(d) * d
    return d // 0.7


def test_differences_tell_jumps_from_a_slope():
    assert divided_difference(steps, (-1.6363,), (1.0,)).error[0] > 100.0
    with pytest.raises(NotApplicable):
        differences(steps, (-1.6363,), (1.0,))


def test_a_dual_number_never_becomes_a_float_in_silence():
    with pytest.raises(NotApplicable):
        dual_numbers(lambda x: np.array([x]).astype("float64")[0], (1.5,), (1.0,))
    assert dual_numbers(lambda x: float(x) * 2, (1.5,), (1.0,)).tolist() == [2.0]


def doubled_if_it_can(x):
    y = x * 2.0
    try:
        y = y * scipy.special.ndtri(x)
    except Exception:
        pass
    return y


def test_what_the_function_catches_is_not_another_path():
    for oracle in (complex_step, dual_numbers):
        with pytest.raises(NotApplicable):  # neither knows ndtri, and the function goes on without it
            oracle(doubled_if_it_can, (0.5,), (1.0,))


NAMES = "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arctanh exp exp2 expm1 log log1p log2 log10 sqrt cbrt"


@pytest.mark.parametrize("name", NAMES.split() + ["absolute", "square", "reciprocal", "radians", "degrees"])
def test_elementwise_partials(name):
    function = getattr(np, name)
    x = np.array([0.3, 0.6])
    expected = jacobian(differences, lambda v: function(v), (x,), (0,))
    np.testing.assert_allclose(
        jacobian(dual_numbers, lambda v: function(v), (x,), (0,)), expected, rtol=1e-8, atol=1e-9
    )


@pytest.mark.parametrize("name", ["arctan2", "hypot", "logaddexp", "remainder", "fmod", "power", "copysign"])
def test_partials_of_two(name):
    function = getattr(np, name)
    x, y = np.array([0.3, -7.6, 7.6]), np.array([0.8, 2.1, -2.1])
    if name == "power":
        x = abs(x)
    expected = jacobian(differences, lambda a, b: function(a, b), (x, y), (0, 1))
    found = jacobian(dual_numbers, lambda a, b: function(a, b), (x, y), (0, 1))
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-8)


def test_interpolants_tell_of_kinks_and_jumps():
    for f in (abs, lambda x: 1.0 if x > 1e-7 else 0.0):
        with pytest.raises(NotApplicable):
            interpolation(f, (0.0,), (1.0,))


def test_structures_there_and_back():
    value = (1.0, {"a": np.arange(4.0).reshape(2, 2), "b": [2, "text", None]}, np.float32(0.5))
    flat = oracles.flatten(value)
    assert flat.tolist() == [1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 0.5]
    back = oracles.unflatten(flat * 2, value)
    assert back[0] == 2.0 and back[1]["b"] == [4.0, "text", None] and back[2].dtype == np.float32
    assert back[1]["a"].tolist() == [[0.0, 2.0], [4.0, 6.0]]


def test_dot_product_gap():
    assert oracles.dot_product_gap([1.0, 2.0], [3.0, 4.0], (11.0,), (1.0,)) == 0.0
    assert oracles.dot_product_gap([1.0, 2.0], [3.0, 4.0], (11.1,), (1.0,)) > 1e-3


def test_dual_numbers_have_any_number_of_components():
    x, y = oracles.Dual(1.5, [1.0, 0.0]), oracles.Dual(0.5, [0.0, 1.0])
    z = x * y + x**2 / y - 3.0 * y
    assert z.tangent.tolist() == [0.5 + 2 * 1.5 / 0.5, 1.5 - 1.5**2 / 0.5**2 - 3.0]
    assert (oracles.Dual(0.0, [0.0, 1.0]) ** 0.5).tangent.tolist() == [0.0, math.inf]
    assert x > y and float(x.value) == 1.5


def test_one_run_of_dual_numbers_gives_the_whole_matrix():
    x = np.array([1.0, 2.0, 0.5])
    whole = oracles.dual_jacobian(loop_with_writes, (x, 0.7), (0, 1))
    np.testing.assert_allclose(whole, jacobian(differences, loop_with_writes, (x, 0.7), (0, 1)), rtol=1e-8, atol=1e-9)
    by_a = oracles.dual_jacobian(loop_with_writes, (x, 0.7), (1,))
    np.testing.assert_array_equal(by_a, whole[:, 3:])
    assert oracles.dual_jacobian(lambda x: 1.5, (2.0,), (0,)).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: math.sin(1000.0 * x), 0.3, 1000.0 * math.cos(300.0)),  # wants small steps
        (lambda x: math.sin(x) + 1e9, 3.0, math.cos(3.0)),  # wants large ones
        (lambda x: math.log(x), 1e-3, 1e3),  # the first steps leave the domain
    ],
)
def test_steps_are_controlled(f, x, slope):
    found = divided_difference(f, (x,), (1.0,))
    assert abs(found.value[0] - slope) <= 2 * found.error[0]
    assert found.error[0] < 1e-4 * (1.0 + abs(slope))


def writes_through_ravel(x):
    flat = x.ravel()  # a view where `x` is laid out by rows, else a copy
    flat[1] *= 3.0
    return x * 1.0


@pytest.mark.parametrize("oracle", ALL)
@pytest.mark.parametrize(("order", "slope"), [("C", 3.0), ("F", 1.0)])
def test_arrays_are_laid_out_as_they_are_given(oracle, order, slope):
    x = np.array([[1.0, 2.0], [0.5, 0.7]], order=order)
    expected = np.diag([1.0, slope, 1.0, 1.0])
    np.testing.assert_allclose(jacobian(oracle, writes_through_ravel, (x,), (0,)), expected, atol=1e-8)
