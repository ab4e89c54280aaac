"""Where derivatives are infinite, kinks, dtypes, what is refused, and how the results read."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
import scipy.integrate
from rules_support import evaluate, kinds_of, no_kinds, parse, show
from test_rules_whole import Program

import sct
from sct import core, rules, runtime
from sct.analysis.kinds import FLOAT, Kind, Shape
from sct.rules import Match
from sct.rules.registry import Unsupported


def name(text: str) -> ast.expr:
    return ast.Name(id=text, ctx=ast.Load())


def matched(text: str) -> Match:
    found = rules.match(parse(text))
    assert found is not None
    return found


def derivative(text: str, seed: Any = 1.0, **values: Any) -> Any:
    """Return the contribution to the adjoint of the first operand."""
    match = matched(text)
    env = {**values, "y_bar": seed, "y": evaluate(match.expr, values)}
    bars = rules.adjoints(match, name("y_bar"), name("y"), match.operands, no_kinds)
    return evaluate(bars[match.operands[0]], env)


def tangent(text: str, **values: Any) -> Any:
    """Return the tangent; the tangent of `x` is `dx`."""
    match = matched(text)
    tangents = {p: name(f"d{a.id}") for p in match.operands if isinstance(a := match.args[p], ast.Name)}
    env = {**values, "y": evaluate(match.expr, values)}
    return evaluate(rules.tangent(match, tangents, name("y"), no_kinds), env)


INFINITE_AT_ZERO = [
    "math.sqrt(x)",
    "np.sqrt(x)",
    "math.cbrt(x)",
    "np.cbrt(x)",
    "x ** 0.5",
    "x ** 0.3",
    "math.pow(x, 0.5)",
]


@pytest.mark.parametrize("text", INFINITE_AT_ZERO)
def test_a_zero_seed_wins_against_an_infinite_derivative(text: str) -> None:
    assert derivative(text, 0.0, x=0.0) == 0.0
    assert derivative(text, 2.0, x=0.0) == np.inf
    assert derivative(text, -2.0, x=0.0) == -np.inf
    assert tangent(text, x=0.0, dx=0.0) == 0.0
    assert tangent(text, x=0.0, dx=1.0) == np.inf
    if "math" not in text:
        got = derivative(text, np.array([0.0, 2.0, 0.0]), x=np.array([0.0, 0.0, 4.0]))
        np.testing.assert_array_equal(got, [0.0, np.inf, 0.0])


def test_zero_seeds_at_the_ends_of_inverse_functions() -> None:
    for text in ("math.asin(x)", "np.arccos(x)", "math.acosh(x)"):
        assert derivative(text, 0.0, x=1.0) == 0.0
        assert abs(derivative(text, 1.0, x=1.0)) == np.inf


@pytest.mark.parametrize("x", [0.0, -2.0, 3.0])
@pytest.mark.parametrize("p", [0, 1, 2, 3, 0.0, 1.0, 2.0])
def test_powers_by_a_variable_exponent(x: float, p: float) -> None:
    expected = 0.0 if p == 0 else p * x ** (p - 1)
    assert derivative("x ** p", 1.0, x=x, p=p) == expected
    np.testing.assert_array_equal(derivative("x ** p", np.ones(2), x=np.array([x, x]), p=p), [expected, expected])


def test_powers_by_the_exponent() -> None:
    def by_exponent(x: Any, p: Any, seed: Any = 1.0) -> Any:
        match = matched("x ** p")
        bars = rules.adjoints(match, name("y_bar"), name("y"), ["x2"], no_kinds)
        return evaluate(bars["x2"], {"x": x, "p": p, "y_bar": seed, "y": x**p})

    assert by_exponent(0.0, 2.0) == 0.0
    assert by_exponent(0.0, 0.0) == 0.0
    assert by_exponent(-2.0, 3.0, 0.0) == 0.0
    assert np.isnan(by_exponent(-2.0, 3.0))
    got = by_exponent(np.array([0.0, 2.0, -1.0]), np.array([2.0, 3.0, 2.0]), np.array([1.0, 1.0, 0.0]))
    np.testing.assert_allclose(got, [0.0, 8 * np.log(2.0), 0.0])


def test_negative_powers_of_tiny_numbers_do_not_raise() -> None:
    assert runtime.power_slope(1.0, 1e-200, -1.0) == -np.inf
    assert runtime.power_slope(0.0, 0.0, -1.0) == 0.0


def test_kinks_have_derivative_zero() -> None:
    assert derivative("abs(x)", x=0.0) == 0.0
    assert derivative("np.abs(x)", x=0.0) == 0.0
    assert derivative("np.hypot(x, z)", x=0.0, z=0.0) == 0.0
    assert derivative("math.atan2(x, z)", x=0.0, z=0.0) == 0.0
    np.testing.assert_array_equal(derivative("np.linalg.norm(x)", x=np.zeros(3)), np.zeros(3))
    np.testing.assert_array_equal(runtime.norm_slope(np.zeros((2, 2)), 2), np.zeros((2, 2)))
    assert runtime.norm_slope(np.zeros((0, 0)), "nuc").shape == (0, 0)
    np.testing.assert_array_equal(derivative("np.std(x)", x=np.ones(3)), np.zeros(3))
    assert tangent("np.linalg.norm(x)", x=np.zeros(3), dx=np.ones(3)) == 0.0


@pytest.mark.parametrize("text", ["np.std(x)", "np.nanstd(x)", "np.std(x, where=x > 0)", "np.std(x, axis=0)"])
def test_elements_that_are_equal_but_for_the_rounding_of_their_mean(text: str) -> None:
    x = np.full(3, 182.6384)
    assert 0.0 < np.std(x) < 1e-13
    np.testing.assert_allclose(derivative(text, x=x), np.zeros(3), atol=1e-12)
    assert abs(tangent(text, x=x, dx=np.ones(3))) < 1e-12


def test_a_number_that_is_reduced_to_a_vector() -> None:
    assert runtime.spread(np.array([2.0]), np.array(0.5), (0,), True) == 2.0
    assert np.shape(runtime.spread(np.array([2.0]), np.array(0.5), (0,), True)) == ()


def test_the_order_of_differences_with_ends_is_written() -> None:
    with pytest.raises(Unsupported, match="np.diff"):
        matched("np.diff(x, n, append=z)")


@pytest.mark.parametrize("text", ["np.std(x, axis=0)", "np.linalg.norm(x - x, axis=1)", "np.nanstd(x[:1], axis=0)"])
def test_kinks_have_second_derivative_zero(text: str) -> None:
    primal = Program(f"import numpy as np\ndef f(x: np.ndarray):\n    return {text}\n")
    vjp = primal.derivative("f", "reverse", (0,))
    x, w = np.full((2, 3), 0.7), np.array([[0.3, -0.4, 0.5], [1.3, 0.2, -0.7]])
    y = np.asarray(primal["f"](x))
    twice = vjp.derivative("f_vjp", "reverse", (0, 1))["f_vjp_vjp"]
    bars = twice(x, np.ones_like(y), (np.zeros_like(y), (w,)))[1]
    assert not np.any(bars[0]) and not np.any(bars[1])


def test_ties() -> None:
    np.testing.assert_array_equal(derivative("np.max(x)", x=np.array([1.0, 3.0, 3.0])), [0.0, 0.5, 0.5])
    assert derivative("np.maximum(x, z)", x=2.0, z=2.0) == 0.5
    assert derivative("max(x, z)", x=2.0, z=2.0) == 1.0
    assert derivative("min(x, z)", x=2.0, z=2.0) == 1.0
    assert derivative("max(x)", x=[1.0, 3.0, 3.0]) == [0.0, 1.0, 0.0]
    assert derivative("np.clip(x, 0.0, 1.0)", x=1.0) == 1.0


def test_ties_of_orders() -> None:
    x, seed = np.array([2.0, 1.0, 2.0]), np.array([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(derivative("np.sort(x)", seed, x=x), [10.0, 1.0, 100.0])
    np.testing.assert_array_equal(derivative("np.quantile(x, 1.0)", x=x), [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(derivative("np.maximum.accumulate(x)", seed, x=x), [11.0, 0.0, 100.0])
    assert derivative("np.minimum(x, z)", x=2.0, z=2.0) == derivative("np.fmax(x, z)", x=2.0, z=2.0) == 0.5
    assert derivative("np.clip(x, 0.0, 1.0)", x=0.0) == 1.0
    assert derivative("np.max(x, initial=z)", x=np.array([2.0, 1.0]), z=2.0)[0] == 0.5


def test_an_infinite_adjoint_that_meets_zero() -> None:
    """In reverse mode infinity comes first, in forward mode zero does: this is what README says."""
    text = "import numpy as np\ndef f(x):\n    return np.sqrt(x * 0.0)\n"
    scope: dict[str, Any] = {}
    for mode in ("forward", "reverse"):
        exec(sct.transform(text, "f", mode=mode), scope)  # type: ignore[arg-type]
    assert scope["f_jvp"](3.0, 1.0) == (0.0, 0.0)
    with np.errstate(invalid="ignore"):
        assert np.isnan(scope["f_vjp"](3.0)[1])


def test_max_passes_nan_through() -> None:
    got = derivative("np.max(x)", x=np.array([1.0, np.nan, 3.0]))
    np.testing.assert_array_equal(got, [0.0, 1.0, 0.0])


def test_where_ignores_what_was_not_chosen() -> None:
    x = np.array([0.0, 4.0])
    y_bar = derivative("np.where(c, t, 0.0)", np.ones(2), c=x > 0, t=np.array([-np.inf, 1.4]))
    np.testing.assert_array_equal(y_bar, [0.0, 1.0])
    for text in ("np.log(x)", "z / x", "x ** -1.0", "np.sqrt(x)", "np.exp(x)"):
        match = matched(text)
        with np.errstate(all="ignore"):
            values = {"x": np.array([0.0, 1000.0, 4.0]), "z": np.ones(3)}
            y = evaluate(match.expr, values)
            bars = rules.adjoints(match, name("y_bar"), name("y"), match.operands, no_kinds, masked=True)
            for bar in bars.values():
                got = evaluate(bar, {**values, "y": y, "y_bar": np.array([0.0, 0.0, 1.0])})
                assert not got[:2].any(), show(bar)
                assert got[2]


@pytest.mark.parametrize(
    "text",
    ["x * z", "x / z", "x ** 2", "x ** p", "x ** 0.5", "np.sin(x)", "np.exp(x)", "np.log2(x)", "np.maximum(x, z)"]
    + [
        "np.sum(x, axis=0)",
        "np.mean(x)",
        "np.max(x)",
        "x @ z",
        "np.linalg.norm(x)",
        "np.where(x > 1, x, 0.0)",
        "np.std(x)",
    ]
    + ["np.clip(x, 0.0, 2.0)", "np.prod(x)", "np.cumsum(x)", "np.trace(x)", "np.abs(x)", "np.sqrt(x)", "np.dot(x, z)"],
)
def test_single_precision_stays(text: str) -> None:
    x = np.array([[1.0, 2.0], [0.5, 1.5]], np.float32)
    values = {"x": x, "z": np.float32(2.0) * x, "p": 1.5}
    match = matched(text)
    y = evaluate(match.expr, values)
    seed = np.ones_like(y) if np.ndim(y) else 1.0
    for kinds in (no_kinds, kinds_of(values)):
        for y_bar in (seed, np.asarray(seed, np.float32)[()]):
            bars = rules.adjoints(match, name("y_bar"), name("y"), match.operands[:1], kinds)
            got = evaluate(next(iter(bars.values())), {**values, "y": y, "y_bar": y_bar})
            assert got.dtype == np.float32, show(next(iter(bars.values())))
        dy = rules.tangent(match, {match.operands[0]: name("dx")}, name("y"), kinds)
        got = evaluate(dy, {**values, "y": y, "dx": x})
        assert got.dtype == np.float32, show(dy)


@pytest.mark.parametrize(
    "text", ["x * 2.5", "x ** 3", "x / 2", "np.sin(x)", "np.sum(x)", "np.mean(x)", "np.prod(x)", "np.max(x)"]
)
def test_integers_are_exact_floats(text: str) -> None:
    integers, floats = np.array([3, 1, 2]), np.array([3.0, 1.0, 2.0])
    seed = np.ones(3) if np.ndim(evaluate(parse(text), {"x": floats})) else 1.0
    np.testing.assert_allclose(derivative(text, seed, x=integers), derivative(text, seed, x=floats))
    np.testing.assert_allclose(tangent(text, x=integers, dx=floats), tangent(text, x=floats, dx=floats))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("np.mean(x, initial=z)", "np.mean: the argument initial has no derivative rule"),
        ("np.ptp(x, where=m)", "np.ptp: the argument where has no derivative rule"),
        ("np.mean(x, 0, None, z)", "np.mean writes into out inside an expression"),
        ("np.median(x, overwrite_input=True)", "np.median may overwrite its operand"),
        ("np.log(x, where=m)", "np.log keeps what is not chosen by where, and there is nothing to keep"),
        ("x.max(dtype=int)", ".max: the argument dtype has no derivative rule"),
        ("np.linalg.norm(x, a, b, c, d)", "np.linalg.norm takes at most 4 arguments by position here"),
        ("np.sin(x, out=z)", "np.sin writes into out inside an expression"),
        ("max(x, key=f)", "max: the argument key has no derivative rule"),
        ("np.dot(*x)", "np.dot is called with starred arguments"),
        ("np.asarray(x, dtype=z.dtype)", "it is not known whether this dtype is one of floats"),
        ("pow(x, 2, 5)", "pow takes at most 2 arguments by position here"),
    ],
)
def test_refusals(text: str, reason: str) -> None:
    with pytest.raises(Unsupported) as caught:
        rules.match(parse(text))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "text",
    ["x < z", "x < z < 1", "not x", "x > 0 and z > 0", "x > 0 or not z", "x.shape", "x.size", "len(x)", "np.argmax(x)"]
    + [
        "np.floor(x)",
        "int(x)",
        "x // z",
        "x.astype(int)",
        "np.array(x, dtype=int)",
        "np.zeros_like(x)",
        "np.where(x > 0)",
    ]
    + [
        "round(x, 2)",
        "range(x)",
        "np.sign(x)",
        "x > 0 and math.isfinite(z)",
        "x is None",
        "np.arange(x)",
        "np.asarray(x, int)",
    ],
)
def test_constants(text: str) -> None:
    match = matched(text)
    assert match.rule.constant
    assert match.operands == ()


@pytest.mark.parametrize(
    "text", ["x and z", "x or 1.0", "x > 0 and z", "f(x)", "x[0]", "x.real_thing", "x.unknown()", "x"]
)
def test_what_no_rule_knows(text: str) -> None:
    assert rules.match(parse(text)) is None


VECTOR = Kind("array", "float", Shape("n", 1))
MATRIX = Kind("array", "float", Shape("(m, n)", 2))
KNOWN = {"a": FLOAT, "b": FLOAT, "u": VECTOR, "v": VECTOR, "M": MATRIX}


def known(node: ast.expr) -> Kind:
    return KNOWN.get(node.id, Kind()) if isinstance(node, ast.Name) else Kind()


@pytest.mark.parametrize(
    ("text", "dy", "bars"),
    [
        ("a * b", "da * b + a * db", ["b * y_bar", "a * y_bar"]),
        ("a - b", "da - db", ["y_bar", "-y_bar"]),
        ("a / b", "(da - y * db) / b", ["y_bar / b", "-y * y_bar / b"]),
        ("a * a", "2 * a * da", ["2 * a * y_bar"]),
        ("a ** 2", "2 * a * da", ["2 * a * y_bar"]),
        ("a ** 3", "3 * a ** 2 * da", ["3 * a ** 2 * y_bar"]),
        ("a ** 1", "da", ["y_bar"]),
        ("a ** 1.5", "1.5 * a ** 0.5 * da", ["1.5 * a ** 0.5 * y_bar"]),
        ("2.0 ** a", "math.log(2.0) * y * da", ["math.log(2.0) * y * y_bar"]),
        ("-a", "-da", ["-y_bar"]),
        ("math.sin(a)", "math.cos(a) * da", ["math.cos(a) * y_bar"]),
        ("math.cos(a)", "-math.sin(a) * da", ["-math.sin(a) * y_bar"]),
        ("math.exp(a)", "y * da", ["y * y_bar"]),
        ("math.log(a)", "da / a", ["y_bar / a"]),
        ("math.asinh(a)", "da / math.hypot(1.0, a)", ["y_bar / math.hypot(1.0, a)"]),
        ("np.tanh(u)", "(1 - y ** 2) * du", ["(1 - y ** 2) * y_bar"]),
        ("a + u", "da + du", ["np.sum(y_bar)", "y_bar"]),
        ("u * a", "du * a + u * da", ["a * y_bar", "np.sum(u * y_bar)"]),
        ("np.sum(u)", "np.sum(du)", ["spread(y_bar, u)"]),
        ("u.sum()", "du.sum()", ["spread(y_bar, u)"]),
        ("M.sum(axis=0)", "dM.sum(axis=0)", ["spread(y_bar, M, 0)"]),
        ("u.mean()", "du.mean()", ["spread(y_bar / u.size, u)"]),
        ("np.max(u)", "max_tangent(du, y, u)", ["max_share(y_bar, y, u)"]),
        ("M @ u", "dM @ u + M @ du", ["np.outer(y_bar, u)", "M.T @ y_bar"]),
        ("np.dot(u, v)", "np.dot(du, v) + np.dot(u, dv)", ["v * y_bar", "u * y_bar"]),
        ("M.T", "dM.T", ["y_bar.T"]),
        ("M.reshape(2, -1)", "dM.reshape(2, -1)", ["y_bar.reshape(M.shape)"]),
        ("np.linalg.norm(u)", "kinked(np.sum(u * du), y)", ["kinked(u * y_bar, y)"]),
        ("np.concatenate((u, v))", "np.concatenate((du, dv))", ["(y_bar[:len(u)], y_bar[len(u):])"]),
        ("np.concatenate(([a], u))", "np.concatenate(((da,), du))", ["((y_bar[0],), y_bar[1:])"]),
        ("np.array([a, b])", "np.array((da, db))", ["(y_bar[0], y_bar[1])"]),
        ("np.stack([u, v], axis=1)", "np.stack((du, dv), axis=1)", ["(y_bar[:, 0], y_bar[:, 1])"]),
        ("max(a, b)", "db if b > a else da", ["0.0 if b > a else y_bar", "y_bar if b > a else 0.0"]),
        ("sum([a, b])", "sum((da, db))", ["(y_bar, y_bar)"]),
    ],
)
def test_how_it_reads(text: str, dy: str, bars: list[str]) -> None:
    match = matched(text)

    def tangent_of(arg: ast.expr) -> ast.expr:
        if isinstance(arg, (ast.Tuple, ast.List)):
            return ast.Tuple(elts=[tangent_of(e) for e in arg.elts], ctx=ast.Load())
        return name(f"d{ast.unparse(arg)}")

    def kinds(node: ast.expr) -> Kind:
        return FLOAT if isinstance(node, ast.Name) and node.id == "y" and text.startswith("sum") else known(node)

    tangents = {p: tangent_of(match.args[p]) for p in match.operands}
    assert show(rules.tangent(match, tangents, name("y"), kinds)) == dy
    found = rules.adjoints(match, name("y_bar"), name("y"), match.operands, kinds)
    assert [show(bar) for bar in found.values()] == bars


def test_where_shapes_differ() -> None:
    match = matched("a + u")
    assert show(rules.tangent(match, {"x1": name("da")}, name("y"), known)) == "like(da, y)"
    assert show(rules.tangent(match, {"x1": name("da")}, None, known)) == "like(da, a + u)"
    assert show(rules.tangent(match, {"x2": name("du")}, name("y"), known)) == "du"
    unknown = rules.adjoints(match, name("y_bar"), name("y"), match.operands, no_kinds)
    assert [show(bar) for bar in unknown.values()] == ["unbroadcast(y_bar, a)", "unbroadcast(y_bar, u)"]


def test_lists_are_scaled_not_repeated() -> None:
    values = {"x": [3.0], "dx": [1.0], "a": 3.0, "da": 1.0, "y_bar": np.ones(1)}
    kinds = kinds_of(values)
    for text, dy in (("np.square(x)", 6.0), ("np.add(x, x)", 2.0), ("np.square([a])", 6.0)):
        match = matched(text)
        d = parse("[da]") if "[" in text else name("dx")
        y = evaluate(match.expr, values)
        got = evaluate(rules.tangent(match, dict.fromkeys(match.operands, d), name("y"), kinds), {**values, "y": y})
        np.testing.assert_array_equal(got, [dy])
        bars = rules.adjoints(match, name("y_bar"), name("y"), match.operands, kinds)
        assert sum(evaluate(bar, {**values, "y": y})[0] for bar in bars.values()) == dy


def test_match_does_not_change_what_it_is_given() -> None:
    expr = parse("np.concatenate((u, v)) * u.sum(axis=0)")
    before = ast.dump(expr)
    match = rules.match(expr)
    assert match is not None
    rules.tangent(match, {"x1": name("d"), "x2": name("e")}, None, no_kinds)
    rules.adjoints(match, name("y_bar"), name("y"), match.operands, no_kinds)
    assert ast.dump(expr) == before


def test_every_helper_can_be_differentiated_or_is_a_statement() -> None:
    statements = {name.rpartition(".")[2] for name in core.WRITERS}
    for helper in runtime.__all__:
        known_rules = [rule for rule in rules.all_rules() if f"sct.runtime.{helper}" in rule.names]
        assert bool(known_rules) != (helper in statements), helper


def by_rows(x):
    return scipy.integrate.simpson(np.outer(x, x), x=np.outer(np.arange(1.0, 5.0), np.arange(4.0)))


def test_points_that_differ_by_row_are_refused():
    with pytest.raises(ValueError, match="length of x"):
        sct.vjp(by_rows)(np.array([0.3, 0.7, 1.4, 0.9]), np.ones(4))
