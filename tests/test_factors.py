"""Constant factors, like terms, sums that stay small and quick guards: the text, and that its values are right."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from simplify_helper import expression, program, same, show

import sct
from sct.oracles import divided_difference
from sct.simplify import factor
from sct.simplify.factors import collect


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y_bar = 2 * x * (0.5 * z_bar)", "y_bar = x * z_bar"),
        ("y_bar = 2 * x * (100.0 * z_bar)", "y_bar = 200.0 * x * z_bar"),
        ("y_bar = x * (0.1 * z_bar)", "y_bar = 0.1 * x * z_bar"),
        ("y_bar = 3 * (0.1 * x)", "y_bar = 3 * (0.1 * x)"),  # 0.30000000000000004
        ("y_bar = 2 * x * 0.5", "y_bar = 1.0 * x"),  # x may be of integers, and must not be the adjoint itself
        ("y_bar = np.exp(2 * x * 0.5)", "y_bar = np.exp(2 * x * 0.5)"),
        ("y_bar = z_bar + 2 * x * (-0.5 / s)", "y_bar = z_bar - x / s"),
        ("y_bar = z_bar + -k * x", "y_bar = z_bar - k * x"),
        ("y_bar = -(-k * x)", "y_bar = k * x"),
        ("y_bar = rt.unbroadcast(-0.5 * z_bar, y)", "y_bar = -0.5 * rt.unbroadcast(z_bar, y)"),
        ("y_bar = rt.unbroadcast(1.0 * z, y)", "y_bar = rt.unbroadcast(1.0 * z, y)"),
        ("y_bar = np.sum(3.0 * z_bar, axis=0)", "y_bar = 3.0 * np.sum(z_bar, axis=0)"),
        ("y_bar = rt.matmul_bar_right(z_bar, 2.0 * x, y)", "y_bar = 2.0 * rt.matmul_bar_right(z_bar, x, y)"),
        ("y_bar = rt.matmul_bar_right(z_bar, 2 * x, y)", "y_bar = rt.matmul_bar_right(z_bar, 2 * x, y)"),
        ("y_bar += -2.0 * z_bar", "y_bar -= 2.0 * z_bar"),
    ],
)
def test_factors(before: str, after: str) -> None:
    stmts = program(before)
    if "matmul" in before:  # where the factor is the user's own: an integer may repeat a list
        stmts[0].value.args[1].lineno = 1  # type: ignore[attr-defined]
    assert show(factor(stmts)) == same(after)


def test_factors_are_handed_on_to_sums() -> None:
    before = """
        q_bar = -0.5 * y_bar
        a_bar = 2 * np.sum(q_bar, axis=0)
        b_bar = 2.0 * rt.matmul_bar_right(q_bar, x, y)
    """
    after = """
        T1_bar = y_bar
        a_bar = -np.sum(T1_bar, axis=0)
        b_bar = -rt.matmul_bar_right(T1_bar, x, y)
    """
    assert show(factor(program(before), hand_on=True)) == same(after)
    more = "q_bar = 3.0 * y_bar\na_bar = np.sum(q_bar)\nb_bar = np.sum(q_bar, axis=0)"
    assert show(factor(program(more), hand_on=True)) == same(more)  # two multiplications for one


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x * y_bar + y_bar * x", "2 * x * y_bar"),
        ("c * v * v * y_bar + c * v * (v * y_bar) + c * (v * (v * y_bar))", "3 * c * v * v * y_bar"),
        ("0.5 * s * y_bar + 0.5 * (s * y_bar)", "s * y_bar"),
        ("0.5 * i + 0.5 * i", "0.5 * i + 0.5 * i"),
        ("x * y_bar - x * y_bar", "x * y_bar - x * y_bar"),  # NaN where they are
        ("x @ y_bar + y_bar @ x", "x @ y_bar + y_bar @ x"),
        ("x / s * y_bar + y_bar / s * x + z", "2 * x * y_bar / s + z"),
        ("-(x * y_bar) - x * y_bar", "-2 * x * y_bar"),
    ],
)
def test_like_terms(before: str, after: str) -> None:
    stmt = program(f"t = {before}")[0]
    found = collect(expression(before))
    stmt.value = found  # type: ignore[attr-defined]
    assert show([stmt]) == same(f"t = {after}")


def mean_of_product(x: Any, y: Any) -> Any:
    return np.mean(x * np.log(y))


def halved(x: Any) -> Any:
    return 0.5 * np.sum(x * x)


def product(x: Any, y: Any) -> Any:
    return np.sum(x * y)


def centred(x: Any) -> Any:
    d = x - np.mean(x, axis=1, keepdims=True)
    return np.sum(np.tanh(d) * d)


def distances(x: Any, c: Any) -> Any:
    d = x[:, None, :] - c[None, :, :]
    return np.sum(np.exp(-np.sum(d * d, axis=2)))


def scaled(x: Any, s: Any) -> Any:
    return np.sum(np.exp(-0.5 * x / s**2))


def softmax(x: Any, y: Any) -> Any:
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.sum(y * np.log(p))


M, N, V = np.random.default_rng(0).uniform(0.5, 2.0, size=(3, 4, 3))


@pytest.mark.parametrize(
    ("function", "args", "lines"),
    [
        (mean_of_product, (M, N), ["count(x * log_y)"]),
        (mean_of_product, (M[0], N), []),
        (mean_of_product, (M, N[0]), []),
        (halved, (M,), ["x_bar = 1.0 * x"]),
        (product, (M, N), ["1.0 * unbroadcast(y, x)"]),
        (product, (M, N[0]), []),
        (product, (M[0], N), []),
        (centred, (M,), ["x_bar = d_bar - unbroadcast(d_bar, m) / count(x, 1)"]),
        (distances, (M, N), ["[0, :, :]", "[:, 0, :]"]),
        (scaled, (M, 1.5), ["s * (unbroadcast("]),
        (scaled, (M, V[0]), []),
        (scaled, (M[0], V), []),
        (softmax, (M, N), []),
    ],
)
def test_sums_stay_small(function: Callable[..., Any], args: tuple[Any, ...], lines: list[str]) -> None:
    made = sct.grad(function, wrt=tuple(range(len(args))))
    source = inspect.getsource(made)
    for line in lines:
        assert line in source, source
    found = made(*args)
    rng = np.random.default_rng(1)
    for i, bar in enumerate(found):
        assert np.shape(bar) == np.shape(args[i])
        assert not any(np.may_share_memory(bar, arg) for arg in args)
        tangents = [rng.normal(size=np.shape(a)) if i == j else None for j, a in enumerate(args)]
        slope = divided_difference(function, args, tangents).value[0]
        assert slope == pytest.approx(float(np.sum(bar * tangents[i])), rel=1e-6)


def test_precision_and_integers() -> None:
    single = sct.grad(mean_of_product, wrt=(0, 1))(M.astype(np.float32), N.astype(np.float32))
    assert [bar.dtype for bar in single] == [np.float32, np.float32]
    x = np.arange(3)
    assert sct.grad(halved)(x).dtype == float
    assert all(bar.dtype == float for bar in sct.grad(product, wrt=(0, 1))(x, x + 1))


def cube(x: Any) -> Any:
    return x * x * x


def weighted(x: Any, w: Any) -> Any:
    return w * np.sum(x * x) + 1.0


def test_the_result_of_a_gradient_says_what_is_a_number() -> None:
    first = sct.grad(cube)
    assert "3 * x * x" in inspect.getsource(first) and first(2.0) == 12.0
    assert first(np.array(2.0)) == 12.0
    assert sct.grad(first)(2.0) == 12.0
    with pytest.raises(TypeError, match=r"cube_grad returns an array of shape \(4, 3\).* use vjp"):
        first(M)
    assert np.allclose(sct.vjp(cube)(M, np.ones_like(M))[1], 3 * M * M)
    assert np.allclose(sct.grad(weighted)(M, 2.0), 4 * M)
    with pytest.raises(TypeError, match="only a number has a gradient"):
        sct.grad(weighted)(M, V[0])
    value, bar = sct.value_and_grad(weighted)(M, 2)
    assert value == weighted(M, 2) and np.allclose(bar, 4 * M)


def test_a_quick_test_stands_before_the_guard_of_light_code() -> None:
    import math

    def light(x: Any, y: Any) -> Any:
        return math.sin(x) * y

    def loop(x: Any, y: Any) -> Any:
        for _ in range(3):
            x = x - 0.1 * x * y
        return x

    source = inspect.getsource(sct.grad(light, wrt=(0, 1)))
    assert "if not type(x) is type(y) is float:\n        require_scalar(" in source
    source = inspect.getsource(sct.vjp(loop, wrt=(0, 1)))
    assert "    require_scalar(" in source and "type(x)" not in source
    gradient = sct.grad(light, wrt=(0, 1))
    assert gradient(1, np.float64(2.0)) == pytest.approx((2 * math.cos(1), math.sin(1)))
    with pytest.raises(TypeError, match="x must be a number"):
        gradient(V[0], 2.0)
    second = sct.vjp(gradient, wrt=(0, 1))  # the test is no branch of the derivative
    assert "if" not in inspect.getsource(second).split("return")[0].partition("require_scalar")[2]
    assert second(0.5, 2.0, (1.0, 0.0))[1] == pytest.approx((-2 * math.sin(0.5), math.cos(0.5)))


def test_shapes_that_met_do_not_pile_up():
    """Each of 200 statements once doubled what was known of the shapes of the one before it."""
    steps = "".join("    x = x * y + np.sin(x)\n    y = y / (2.0 + x * x) - x\n" for _ in range(100))
    text = sct.transform(f"import numpy as np\ndef f(x, y):\n{steps}    return x + y\n", mode="reverse")
    assert len(text.splitlines()) < 2000
