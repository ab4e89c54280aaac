"""Single precision in, single precision out: the adjoints of the corpus, with its arrays in `float32`.

They are those of double precision, as far as single precision tells, in the dtype of what they belong to. A buffer that
is bound anew instead of written, because what comes is in another precision, shows here, and a constant in double
precision that spreads.
"""

import copy
import math
import zlib

import numpy as np
import pytest
import scipy.special

import sct
from sct import oracles
from sct.oracles.structures import map_leaves
from tests.programs.case import Call, deadline, silence
from tests.programs.registry import cases

V = np.array([1.3, -0.7, 0.4])
CASES = {case.name: case for case in cases() if case.expect == "right"}
EACH = [pytest.param(n, marks=() if zlib.crc32(n.encode()) % 10 == 0 else pytest.mark.long) for n in CASES]


def single(value):
    return map_leaves(lambda a: a.astype(np.float32) if getattr(a, "dtype", None) == np.float64 else a, value)


def quietly(function, args, kwargs):
    with silence():
        return function(*copy.deepcopy(list(args)), **copy.deepcopy(kwargs))


def seed_like(value):
    size = len(oracles.flatten(value))
    return oracles.unflatten(np.random.default_rng(1).normal(size=size), value)


def judge(case):
    """Compare the adjoints of a case in both precisions; skip what says that it is not for this."""
    call = Call(case)
    given = [call.values, [single(value) for value in call.values]]
    try:
        values = [quietly(case.function, *call.split(own)) for own in given]
    except TypeError as error:  # of an argument that only doubles fit
        pytest.skip(str(error))
    wanted, found = map(oracles.flatten, values)
    if wanted.shape != found.shape or not np.allclose(wanted, found, 2e-3, 2e-3):
        pytest.skip("it takes another way in single precision")
    derivative = sct.vjp(case.function, wrt=tuple(case.wrt) if isinstance(case.wrt, list) else case.wrt)
    bars = []
    for own, value in zip(given, values, strict=True):
        args, kwargs = call.split(own)
        bars.append(quietly(derivative, [*args, seed_like(value)], kwargs)[1])
    wanted, found = map(oracles.flatten, bars)
    if np.all(np.isfinite(wanted)):
        assert np.allclose(wanted, found, 5e-3, 5e-3 * max(1.0, abs(wanted).max(initial=0.0)))
    parts = [bars[1]] if call.bare else bars[1]
    for place, bar in zip(call.independent, parts, strict=True):
        x = given[1][place]
        assert not isinstance(x, np.ndarray) or x.dtype != np.float32 or bar.dtype == np.float32


@pytest.mark.parametrize("name", EACH)
def test_adjoints_of_the_corpus(name):
    with deadline(60.0):
        judge(CASES[name])


def scaled_in_a_slot(x, y):
    held = [1.0, x]
    held[1] *= np.dot(np.zeros(2), np.zeros(2))
    return x * y


def times_a_double(x, y):
    total = sum(part for part in x * scipy.special.hyp1f1(0.7, 1.5, math.tanh(2)))
    return y * total


def first_share_in_double(x, y):
    z = np.asarray(math.cos(0.4))
    shared = x * z[()]
    x[0] = x[1] * 2.0
    return shared * y + x


def appends_nothing(x, y):
    return np.append(x, []) * x * y


def as_doubles(x, y):
    return x.astype(float) * x * y


def a_sum_in_double(x, y):
    return np.sum(x, dtype=float) * x * y


def times_a_list(x: np.ndarray, y: np.ndarray):
    weights = [0.5, 1.0, 1.5]
    return weights * x * x * y


def interpolated(x, y):
    return np.interp(x, [-1.0, 0.0, 2.0], [0.3, 0.4, 1.7]) * x * y


def a_power_in_double(x, y):
    return np.float_power(np.abs(x), 1.5) * x * y


def differences_from_a_number(x, y):
    z = np.diff(x, prepend=0.5) * 1.0
    z[0] = y[0]
    return np.cumsum(z * x) * y


DOUBLES = [
    differences_from_a_number,
    appends_nothing,
    as_doubles,
    a_sum_in_double,
    times_a_list,
    interpolated,
    a_power_in_double,
]


@pytest.mark.parametrize("function", [scaled_in_a_slot, times_a_double, first_share_in_double, *DOUBLES])
@pytest.mark.parametrize("also", [np.float32, np.float64])
def test_what_meets_doubles(function, also):
    x, y = V.astype(np.float32), (2.0 * V).astype(also)
    seed = np.array([0.3, 1.1, -0.4])
    bars = sct.vjp(function)(V.copy(), 2.0 * V, seed)[1]
    singles = sct.vjp(function)(x, y, seed.astype(also))[1]
    assert [bar.dtype for bar in singles] == [np.float32, also]
    for bar, one in zip(bars, singles, strict=True):
        assert np.allclose(bar, one, 1e-5, 1e-5)


def by_matmul(x):
    return float(x @ x)


def by_dot(x):
    return math.sqrt(np.dot(x, x))


def by_method(x):
    return math.exp(-float(x.dot(x)))


def by_inner(x):
    return np.float64(np.inner(x, x))


def by_tensordot(x):
    return float(np.tensordot(np.outer(x, x), np.outer(x, x)))


def by_several(x):
    return float(np.linalg.multi_dot([x, np.outer(x, x), x]))


@pytest.mark.parametrize("function", [by_matmul, by_dot, by_method, by_inner, by_tensordot, by_several])
def test_a_product_that_is_made_a_number_of_pythons(function):
    bar = sct.grad(function)(V.astype(np.float32))
    assert bar.dtype == np.float32
    assert np.allclose(bar, sct.grad(function)(V), 1e-5)


def follows_its_arguments(x: np.ndarray):
    k = 2.0
    scaled = np.maximum(x, 0.5) ** k + np.where(x > 0.0, x, 0.0) * np.clip(x, -1.0, 1.0)
    return np.sum(np.power(scaled, 3) * np.concatenate([x[1:], x[:1]]), axis=0)


def test_what_follows_its_arguments_is_not_converted():
    derivative = sct.grad(follows_its_arguments)
    assert derivative(V.astype(np.float32)).dtype == np.float32
    assert "astype_like" not in derivative.source


def counts_up(x):
    total = 0.0
    for _ in range(2):
        total = total + 0.5
    return np.sum(x * total)


def test_a_number_that_is_made_of_itself():
    assert sct.grad(counts_up)(V.astype(np.float32)).dtype == np.float32
