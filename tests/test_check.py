"""`sct.check_grad`: right derivatives pass, a wrong rule is found, and the report names the worst entry."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sct
from sct.rules.registry import elementwise


def model(x: np.ndarray, p: dict, k: float, name: str = "plain"):
    y = np.tanh(x * p["scale"]) + k
    return {"total": np.sum(y * y), "parts": [y[0], y[1:]]}


def opaque(x):
    return math.sin(x) if isinstance(x, float) else np.sin(x)


@elementwise("test_check.opaque")
def opaque_rule(y, x):
    return np.cos(x) * np.where(np.asarray(x) > 1.0, 1.01, 1.0)


def uses_opaque(x: np.ndarray, k: float):
    return k * opaque(x)


def kink(x: float):
    return abs(x) + x if x != 0.25 else math.nan


def jump(x: float):
    return math.lgamma(x + 2.0) + (1.0 if x > 0.0 else 0.0)


def test_right_derivatives_pass():
    x = np.array([0.3, -0.7, 1.2])
    report = sct.check_grad(model, (x, {"scale": 1.5}, 0.5, "plain"))
    assert report and report.ok
    assert report.entries == 4 * 5
    assert set(report.applied) == {"complex_step", "dual_numbers", "differences"}
    assert report.gap < 1e-12 and report.worst is not None and report.worst.error < 1e-8
    assert str(report).startswith("right: 20 partial derivatives against complex_step, dual_numbers, differences\n")
    assert x.tolist() == [0.3, -0.7, 1.2]


def probabilities_sum_to_one(x: np.ndarray):
    e = np.exp(x - np.max(x))
    return np.sum(e / np.sum(e))


def of_what_is_centred(x: np.ndarray):
    return np.mean(x - np.mean(x))


def of_unit_length(x: np.ndarray):
    return np.linalg.norm(x / np.linalg.norm(x))


@pytest.mark.parametrize("function", [probabilities_sum_to_one, of_what_is_centred, of_unit_length])
@pytest.mark.parametrize("seed", range(4))
def test_a_derivative_that_vanishes_but_for_rounding_is_right(function, seed):
    report = sct.check_grad(function, (np.random.default_rng(seed).normal(size=5),))
    assert report and report.gap < 1e-15


def test_a_wrong_rule_is_found_and_the_worst_entry_named():
    report = sct.check_grad(uses_opaque, (np.array([0.5, 1.5, 0.7]), 2.0))
    assert not report
    worst = report.worst
    assert (worst.result, worst.argument) == ("result[1]", "x[1]")
    assert worst.found == pytest.approx(2.02 * math.cos(1.5))
    assert worst.expected == pytest.approx(2.0 * math.cos(1.5))
    assert str(report).startswith("WRONG: 12 partial derivatives")
    assert f"worst entry: d result[1] / d x[1] in {worst.mode} mode is 0.14288" in str(report)


def test_a_mode_that_differs_from_the_other_fails_the_dot_product_test():
    report = sct.check_grad(uses_opaque, (np.array([0.5, 1.5, 0.7]), 2.0), tolerance=1.0)
    assert report and report.gap < 1e-12
    assert not sct.check_grad(uses_opaque, (np.array([0.5, 1.5, 0.7]), 2.0), tolerance=1.0, gap=-1.0)


def test_wrt_and_keywords():
    def f(x, y, *, n=2):
        return x**n * y

    report = sct.check_grad(f, (1.5, 2.0), wrt="y", keywords={"n": 3})
    assert report and report.entries == 1 and report.worst.argument == "y"


def test_oracles_that_do_not_apply_say_why():
    report = sct.check_grad(kink, (-0.5,))
    assert report and "complex_step" in report.skipped
    assert "complex_step does not apply: " in str(report)
    with pytest.raises(sct.UsageError, match="no oracle has a derivative here"):
        sct.check_grad(jump, (0.0,))


def test_what_it_does_not_take():
    with pytest.raises(sct.UsageError, match="the function has 1 positional parameters, not 2"):
        sct.check_grad(kink, (1.0, 2.0))
    with pytest.raises(sct.UsageError, match="complex"):
        sct.check_grad(lambda x: 1j * x, (1.0,))
    assert sct.check_grad(lambda *x: x[0], (1.0,))


def test_the_tolerance_follows_the_precision():
    a, x = np.float32([[0.3, 1.2], [0.7, -0.4]]), np.float32([0.9, -1.1])

    def f(a, x):
        return np.sum(np.tanh(a @ x))

    report = sct.check_grad(f, (a, x))
    assert report and report.gap > 1e-12
    assert not sct.check_grad(f, (a, x), gap=0.0)
    assert sct.check_grad(np.exp, (a.astype(np.float16),))


def test_functions_whose_parameters_python_does_not_know():
    assert sct.check_grad(math.hypot, (1.0, 2.0, 3.0))
    assert sct.check_grad(math.log, (2.0, 3.0))
    assert sct.check_grad(max, (2.0, 3.0))
