"""Maxima on which nothing depends in the end: their adjoints are left out, and all others stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sct
from sct import oracles

X = np.array([[0.3, -1.2, 0.8], [1.5, 0.4, -0.6], [0.1, 0.9, 2.2]])
LABELS = np.array([2, 0, 1])


def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def negative(x):
    m = x.min()
    return m - np.log(np.sum(np.exp(-(x - m))))


def rows(x):
    m = np.max(x, axis=-1, keepdims=True)
    return np.sum(m[..., 0] + np.log(np.sum(np.exp(x - m), axis=-1)))


def entropy(x):
    m = x.max(axis=1)
    values = m + np.log(np.exp(x - m[:, None]).sum(axis=1))
    return np.mean(values - x[np.arange(len(LABELS)), LABELS])


def softmax(x):
    z = x - x.max(axis=1, keepdims=True)
    p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    return np.sum(p**2)


def columns(x):
    m = np.max(x, axis=0)
    e = np.exp(x - m)
    return np.sum(x * (e / np.sum(e, axis=0)))


def in_a_loop(x):
    total = 0.0
    for i in range(3):
        m = np.max(x[i])
        total = total + m + np.log(np.sum(np.exp(x[i] - m)))
    return total


def left_over(x):
    m = np.max(x)
    return np.sum(np.exp(x - m))


def twice(x):
    m = np.max(x, axis=1)
    return np.sum(np.exp(x - m[:, None]).sum(axis=1) * 2.0 + m)


def crossed(x):
    m = np.max(x, axis=1)
    e = np.exp(x - m)
    return np.sum(e / np.sum(e, axis=1))


def wrong_axis(x):
    m = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - m)
    return np.sum(x * (e / np.sum(e, axis=0, keepdims=True)))


def read_later(x):
    m = np.max(x)
    y = m + np.log(np.sum(np.exp(x - m)))
    return y * m


def rebound(x):
    m = np.max(x)
    e = np.exp(x - m)
    m = m * 2.0
    return m + np.log(np.sum(e))


def in_place(x):
    m = np.max(x)
    e = np.exp(x - m)
    e *= 2.0
    return m + np.log(np.sum(e))


@pytest.mark.parametrize("f", [logsumexp, negative, rows, entropy, softmax, columns])
def test_left_out(f: Callable[[Any], Any]) -> None:
    gradient = sct.grad(f)
    assert "max_share" not in gradient.source
    check(f, gradient)


@pytest.mark.parametrize("f", [in_a_loop, left_over, twice, crossed, wrong_axis, read_later, rebound, in_place])
def test_right(f: Callable[[Any], Any]) -> None:
    check(f, sct.grad(f))


@pytest.mark.parametrize("f", [left_over, twice, crossed, wrong_axis, read_later])
def test_kept(f: Callable[[Any], Any]) -> None:
    assert "max_share" in sct.grad(f).source


def check(f: Callable[[Any], Any], gradient: Callable[[Any], Any]) -> None:
    direction = np.random.default_rng(0).normal(size=X.shape)
    slope = oracles.divided_difference(f, (X,), [direction]).value[0]
    assert np.sum(gradient(X) * direction) == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_second_derivative() -> None:
    gradient = sct.grad(logsumexp)
    direction = np.array([0.2, -0.5, 1.0])
    _, product = sct.jvp(gradient)(X[0], direction)
    p = np.exp(X[0] - logsumexp(X[0]))
    assert product == pytest.approx(p * (direction - p @ direction), rel=1e-12)
