"""What can be called and is no plain function, and what is called with values that only the running program knows."""

from __future__ import annotations

import copy
import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import scipy.special
import scipy.stats
from numpy.linalg import cholesky
from scipy.linalg import toeplitz
from scipy.stats import cauchy

import sct

A = np.array([[0.4, -1.3, 2.2], [1.1, 0.3, -0.6]])
V = np.array([0.4, -1.3, 2.2])


class Spring:
    """Has a constant, which the derivative reads when it runs."""

    def __init__(self, k: float) -> None:
        self.k = k

    def energy(self, x: Any, rest: float = 1.0) -> Any:
        return 0.5 * self.k * (x - rest) ** 2

    def __call__(self, x: Any) -> Any:
        return self.k * np.sin(x)


def scaled(x: Any, y: Any, factor: float = 2.0, *, power: int = 1) -> Any:
    return factor * x**power * np.cos(y)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (np.sin, (V,)),
        (np.multiply, (V, 2.0)),
        (np.sum, (A,)),
        (np.linalg.inv, (np.array([[2.0, 0.3], [0.1, 1.5]]),)),
        (np.concatenate, ([V, 2.0 * V],)),
        (math.atan2, (0.3, 1.2)),
        (operator.mul, (0.3, 1.2)),
        (lambda x, y: operator.__sub__(x, operator.__and__(True, 1)) * y, (0.3, 1.2)),
        (abs, (-0.7,)),
        (scipy.special.erf, (V,)),
        (scipy.stats.norm.logpdf, (0.3,)),
        (functools.partial(scaled, 0.7), (0.3,)),
        (functools.partial(scaled, power=3), (0.7, 0.3)),
        (functools.partial(scaled, y=0.2), (0.7,)),
        (functools.partial(np.sum, axis=0), (A,)),
        (functools.partial(functools.partial(scaled, 0.7), factor=3.0), (0.3,)),
        (functools.partial(np.multiply, V), (2.0 * V,)),
        (Spring(3.0).energy, (0.7,)),
        (Spring(3.0), (V,)),
    ],
)
def test_what_has_no_definition_of_its_own(function: Callable[..., Any], args: tuple[Any, ...]):
    assert sct.check_grad(function, args, wrt=tuple(range(len(args))))


def test_a_method_reads_its_object_when_it_runs():
    spring = Spring(3.0)
    gradient = sct.grad(spring.energy)
    assert gradient(2.0) == 3.0
    spring.k = 5.0
    assert gradient(2.0) == 5.0
    assert gradient(2.0, 0.0) == 10.0


def test_the_text_calls_the_function():
    assert "return numpy.sin(x), numpy.cos(x) * dx" in sct.jvp(np.sin).source
    assert "scaled(0.7, y, factor, power=power)" not in sct.jvp(functools.partial(scaled, 0.7)).source


def test_a_partial_in_a_closure():
    half = functools.partial(scaled, factor=0.5)
    twice = Spring(2.0).energy
    assert sct.check_grad(lambda x: half(x, x) + twice(x), (0.7,))


def closed(function: Callable[..., Any], options: dict[str, Any], *constants: Any) -> Callable[..., Any]:
    return lambda x: function(x, *constants, **options)


def gathered(function: Callable[..., Any], options: dict[str, Any]) -> Callable[..., Any]:
    return lambda *args: function(*args, **options)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (closed(np.sum, {"axis": 0}), (A,)),
        (closed(np.sum, {"axis": -1, "keepdims": True}), (A,)),
        (closed(np.sin, {}), (V,)),
        (closed(np.reshape, {}, (3, 2)), (A,)),
        (closed(np.transpose, {"axes": [1, 0]}), (A,)),
        (closed(np.roll, {"axis": 1}, -1), (A,)),
        (closed(np.multiply, {}, A), (V,)),
        (closed(np.average, {"weights": np.array([0.2, 0.8]), "axis": 0}), (A,)),
        (closed(scaled, {"power": 2, "factor": 0.3}, 0.4), (0.7,)),
        (gathered(np.sum, {"axis": 0}), (A,)),
        (gathered(np.matmul, {}), (A, V)),
        (gathered(scaled, {"power": 2}), (0.7, 0.4)),
    ],
)
def test_arguments_from_around_the_function(function: Callable[..., Any], args: tuple[Any, ...]):
    assert sct.check_grad(function, args, wrt=tuple(range(len(args))))


P = np.array([[2.0, 0.3, -0.2], [0.3, 1.7, 0.4], [-0.2, 0.4, 2.4]])


@pytest.mark.parametrize(
    ("function", "args", "keywords", "entries"),
    [
        (np.sum, (A, 0), {}, 3 * 6),
        (np.sum, (A,), {"axis": 1, "keepdims": True}, 2 * 6),
        (np.sum, (A,), {"where": A > 0.0}, 6),
        (np.clip, (A, -1.0, 1.0), {}, 6 * 8),
        (np.pad, (V, 2, "reflect"), {}, 7 * 3),
        (np.where, (V > 0.0, V, 2.0 * V), {}, 3 * 6),
        (np.average, (A,), {"weights": np.array([0.2, 0.8]), "axis": 0}, 3 * 6),
        (np.einsum, ("ij,j", A, V), {}, 2 * 9),
        (np.concatenate, ([V, 2.0 * V],), {"axis": 0}, 6 * 6),
        (np.linalg.norm, (A, 1), {}, 6),
        (np.linalg.eigh, (P,), {"UPLO": "U"}, 12 * 9),
        (np.power, (np.abs(V), 2), {}, 3 * 3),
        (np.exp, (2,), {}, 1),
        (scipy.signal.convolve, (V, 2.0 * V), {"mode": "same"}, 3 * 6),
        (scipy.stats.t.logpdf, (V, 3.0), {}, 3 * 4),
        (scipy.stats.gamma.pdf, (np.abs(V), 2), {"scale": 1.5}, 3 * 3),
        (functools.partial(np.tensordot, A), (A,), {"axes": ([0], [0])}, 9 * 6),
    ],
)
def test_what_an_installed_function_is_given(
    function: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any], entries: int
):
    found = sct.check_grad(function, args, keywords=keywords)
    assert found, str(found)
    assert found.entries == entries


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (np.linalg.cholesky, (P,)),
        (np.linalg.svd, (P,)),
        (np.linalg.slogdet, (P,)),
        (scipy.linalg.toeplitz, (V,)),
        (scipy.special.expi, (np.abs(V),)),
        (scipy.stats.cauchy.logpdf, (V,)),
        (lambda x: toeplitz(x) @ x, (V,)),
        (lambda x: cholesky(x @ x.T + P), (P,)),
        (lambda x: cauchy.pdf(x), (V,)),
        (lambda x: np.linalg.norm(x=x), (V,)),
    ],
)
def test_a_complex_step_is_not_taken_where_a_library_conjugates(function: Callable[..., Any], args: tuple[Any, ...]):
    found = sct.check_grad(function, args)
    assert found, str(found)
    assert "complex_step" in found.skipped


def test_independents_of_an_installed_function():
    value, bars = sct.vjp(scipy.stats.t.logpdf, wrt=(0, 1))(V, 3.0, V)
    assert np.allclose(value, scipy.stats.t.logpdf(V, 3.0))
    assert np.shape(bars[0]) == (3,) and np.shape(bars[1]) == ()
    assert sct.check_grad(np.clip, (A, -1.0, 1.0), wrt=0).entries == 36
    assert sct.check_grad(np.clip, (A, -1.0, 1.0), wrt=-1).entries == 6
    assert sct.check_grad(np.multiply, (V, V), wrt="x2").entries == 9
    with pytest.raises(sct.UsageError, match="wrt=2"):
        sct.check_grad(np.multiply, (V, V), wrt=2)


SUBSCRIPTS = "ij,j->i"
OPTIONS = {"axis": 0}


def test_texts_from_around_the_function():
    subscripts, sizes = "ij->j", (3, 2)
    assert sct.check_grad(lambda x: np.einsum(subscripts, x), (A,))
    assert sct.check_grad(lambda x, y: np.einsum(SUBSCRIPTS, x, y), (A, V))
    assert sct.check_grad(lambda x: np.cumsum(x, **OPTIONS), (A,))
    assert sct.check_grad(lambda x: np.fft.irfft2(np.fft.rfft2(x, s=sizes), s=sizes), (A,))
    assert "require_value" not in sct.vjp(lambda x, y: np.einsum(SUBSCRIPTS, x, y)).source


def test_what_has_changed_is_refused():
    options: dict[str, Any] = {"axis": 0}
    derivative = sct.jvp(closed(np.sum, options))
    assert np.array_equal(derivative(A, A)[1], A.sum(axis=0))
    options["axis"] = 1
    with pytest.raises(ValueError, match="options has changed since this derivative was generated"):
        derivative(A, A)
    options["axis"] = 0
    options["keepdims"] = True
    with pytest.raises(ValueError, match="options has changed"):
        derivative(A, A)
    subscripts = "ij->j"
    derivative = sct.jvp(lambda x: np.einsum(subscripts, x))
    subscripts = "ij->i"
    with pytest.raises(ValueError, match="subscripts has changed"):
        derivative(A, A)


def positions(*args: Any) -> Any:
    first, rest = args[0], args[1:]
    return first * sum(rest) * args[-1] + len(args)


def copied(*args: Any) -> Any:
    args = list(args)  # type: ignore[assignment]
    args[1] = np.sin(args[1])  # type: ignore[index]
    return scaled(*args)


@pytest.mark.parametrize("function", [positions, copied, lambda *xs: scaled(xs[1], *xs[:1]), lambda x, *xs: x * xs[0]])
def test_independents_among_starred_arguments(function: Callable[..., Any]):
    assert sct.check_grad(function, (0.7, 1.2), wrt=(0, 1))
    with pytest.raises(TypeError):
        sct.grad(function, wrt=(0, 1))(0.7, 1.2, 0.4)
    with pytest.raises(sct.UsageError):
        sct.grad(positions, wrt="args")


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inside(*args: Any, **options: Any) -> Any:
        result = function(*args, **options)
        return 2.0 * result

    return inside


@logged
def hypotenuse(x: Any, y: Any = 1.5) -> Any:
    return np.sqrt(x**2 + y**2)


def symmetric(function: Callable[..., Any], place: int) -> Callable[..., Any]:
    def inside(*args: Any) -> Any:
        args = list(args)  # type: ignore[assignment]
        args[place] = 0.5 * (args[place] + args[place].T)  # type: ignore[index]
        return function(*args)

    return inside


def test_what_a_decorator_made():
    assert sct.check_grad(hypotenuse, (0.7, 0.4), wrt=(0, 1))
    assert sct.check_grad(lambda x: hypotenuse(x, y=x) + logged(hypotenuse)(x), (0.7,))
    matrix = np.array([[2.0, 0.3], [0.1, 1.5]])
    assert sct.check_grad(symmetric(np.linalg.solve, 0), (matrix, V[:2]), wrt=(0, 1))


def momentum_step(w: Any, dw: Any, config: Any = None) -> Any:
    if config is None:
        config = {}
    config.setdefault("rate", 0.1)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = v * config["momentum"] - dw * config["rate"]
    moved = w + v
    config["velocity"] = v
    return moved, config


@pytest.mark.parametrize("given", [None, {"velocity": np.array([0.2, -0.3, 0.1]), "rate": 0.5}])
def test_options_that_are_left_out_are_not_given_back(given: Any) -> None:
    config = copy.deepcopy(given)
    seed = (np.ones(3), {"velocity": 2.0 * np.ones(3), "rate": 0.0, "momentum": 0.0})
    (_, options), (w_bar, dw_bar) = sct.vjp(momentum_step)(V, 2.0 * V, config, seed)
    rate = 0.1 if given is None else 0.5
    np.testing.assert_allclose(w_bar, np.ones(3))
    np.testing.assert_allclose(dw_bar, -3.0 * rate * np.ones(3))
    primal = momentum_step(V, 2.0 * V, copy.deepcopy(given))[1]
    np.testing.assert_equal(options, primal)
    np.testing.assert_equal(config, None if given is None else primal)


def test_the_default_of_a_seed_says_nothing_of_arguments() -> None:
    twice = sct.vjp(sct.vjp(weighed), wrt=(0, 1, 2))
    seed = (np.zeros(3), (V, 2.0 * V))
    _, (x_bar, y_bar, seed_bar) = twice(V, 2.0 * V, 3.0 * V, seed)
    np.testing.assert_allclose(x_bar, 3.0 * V * 2.0 * V)
    np.testing.assert_allclose(y_bar, 3.0 * V * V)
    np.testing.assert_allclose(seed_bar, 2.0 * V * V + V * 2.0 * V)


def weighed(x: Any, y: Any) -> Any:
    return x * y


def joined_with_a_part_of_itself(p):
    rows = [np.concatenate(([p, 0.5, p], np.zeros(2)))]
    rows = rows + rows[1:]
    rows[0][:] += p
    p = rows
    return p


def joins(x):
    return joined_with_a_part_of_itself(x)


def test_lists_joined_with_parts_of_themselves_twice() -> None:
    """Found by the fuzzer: the derivative of the derivative is refused, and the compiler does not fail."""
    first = sct.vjp(joins)
    assert first(0.7, [np.arange(5.0)])[1] == pytest.approx(np.arange(5.0).sum() + 2.0)
    with pytest.raises(sct.SctError, match="is joined here"):
        sct.vjp(first)
