"""What a selection leaves out has adjoint zero, though it is infinite or undefined there; peers give NaN."""

import warnings

import numpy as np
import pytest

import sct


def entropy(p: np.ndarray):
    return np.sum(np.where(p > 0, p * np.log(p), 0.0))


def entropy_in_steps(p: np.ndarray):
    q = np.log(p)
    return np.sum(np.where(p > 0, q * p, 0.0))


def reciprocals(p: np.ndarray):
    return np.sum(np.where(p > 0, 1.0 / p, 0.0))


def masked_reads(p: np.ndarray):
    r = np.log(p)
    return np.sum(r[p > 0])


def stored_over(p: np.ndarray):
    r = 1.0 / p
    r[1] = p[0]
    return np.sum(r)


def mended(p: np.ndarray):
    q = p / p[::-1]
    q[np.isnan(q)] = 1.0
    q[~np.isfinite(q)] = 1.0
    return np.sum(q * q)


def by_a_count(p: np.ndarray):
    n = np.sum(p) - 3.3
    return np.sum(np.where(n > 0, p / n, p))


def by_a_count_mended(p: np.ndarray):
    r = p / (np.sum(p) - 3.3)
    r[~np.isfinite(r)] = 0.0
    return np.sum(r * p)


def sigmoid(p: np.ndarray):
    q = 1000.0 * p
    return np.sum(np.where(q >= 0, 1 / (1 + np.exp(-q)), np.exp(q) / (1 + np.exp(q))))


def floored(p: np.ndarray):
    return np.sum(np.maximum(np.log(p), -10.0))


def clipped(p: np.ndarray):
    return np.sum(np.clip(1.0 / p, 0.0, 100.0))


def cardinal_sine(p: np.ndarray):
    return np.sum(np.where(p == 0, 1.0, np.sin(p) / p))


def powers(p: np.ndarray):
    return np.sum(np.where(p > 0, p**-1.5 + p**p, 0.0))


def in_pieces(p: np.ndarray):
    return np.sum(np.select([p > 1, p > 0], [np.log(p), 1 / p], 0.0))


def sum_where(p: np.ndarray):
    return np.sum(np.log(p), where=p > 0)


def sum_of_numbers(p: np.ndarray):
    return np.nansum(p / p * p)


def in_a_branch(p: np.ndarray):
    s = 0.0
    for v in p:
        r = 1.0 / v
        if np.isfinite(r):
            s += r
    return s


def chosen_by_if(p: np.ndarray):
    z = p[0] / p[1]
    if np.isfinite(z):
        r = z * 2
    else:
        r = p[0] * 3
    return r * p[2]


PROGRAMS = [
    *(
        entropy,
        entropy_in_steps,
        reciprocals,
        masked_reads,
        stored_over,
        mended,
        by_a_count,
        by_a_count_mended,
        sigmoid,
    ),
    *(floored, clipped, cardinal_sine, powers, in_pieces, sum_where, sum_of_numbers, in_a_branch, chosen_by_if),
]
P = np.array([0.5, 0.0, 2.8])


@pytest.mark.parametrize("function", PROGRAMS)
def test_what_is_left_out_has_adjoint_zero(function):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value, found = sct.vjp(function)(P.copy())
        assert value == function(P.copy())
        wanted = np.zeros(3)
        for i in (0, 2):  # by the other element the function has no derivative
            ends = [function(P + step * np.eye(3)[i]) for step in (1e-6, -1e-6)]
            wanted[i] = (ends[0] - ends[1]) / 2e-6
        if function in (by_a_count, by_a_count_mended):  # at the point at which the count is zero itself
            wanted = np.ones(3) if function is by_a_count else np.zeros(3)
    np.testing.assert_allclose(found[[0, 2]], wanted[[0, 2]], rtol=1e-6, atol=1e-6)
    assert np.isfinite(found[1])


@pytest.mark.parametrize(
    "function", [f for f in PROGRAMS if f not in (by_a_count, by_a_count_mended, floored, clipped)]
)
def test_what_a_condition_leaves_out_has_tangent_zero(function):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        bars = sct.vjp(function)(P.copy())[1]
        along = sct.jvp(function)(P.copy(), np.array([1.0, 0.5, -2.0]))[1]
    assert along == pytest.approx(np.dot(bars, [1.0, 0.5, -2.0]), rel=1e-9)


@pytest.mark.parametrize("function", [entropy, reciprocals, masked_reads, cardinal_sine, mended])
def test_second_derivatives(function):
    h = np.diag([1.0, 0.0, 1.0])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        grad = sct.grad(function)
        wanted = [(grad(P + 1e-6 * e) - grad(P - 1e-6 * e)) / 2e-6 for e in h[[0, 2]]]
        by_reverse = sct.vjp(grad)
        for row, e in zip(wanted, h[[0, 2]], strict=True):
            found = by_reverse(P.copy(), e)[1]
            np.testing.assert_allclose(found[[0, 2]], row[[0, 2]], rtol=1e-5, atol=1e-5)
            assert np.isfinite(found[1])


def test_nothing_is_guarded_where_nothing_is_infinite():
    def scaled(x: np.ndarray, scale: float):
        return np.sum(np.maximum((x - 1.0) / scale, 0.0) * np.tanh(x))

    def chosen(x: np.ndarray):
        return np.sum(np.where(x > 0, np.sin(x) * x**2, -x))

    for function in (scaled, chosen):
        source = sct.vjp(function).source
        assert "over(" not in source and "times(" not in source
    source = sct.jvp(chosen).source
    assert "over(" not in source and "times(" not in source
