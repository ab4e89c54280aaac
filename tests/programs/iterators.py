"""Iterators that have names: what they read is read when they are, not where they are made."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def source_written_under_another_name(x, y):
    it = map(np.sin, x)
    z = x
    z[0] = y[1]
    return sum(it)


def _bumped(a, y):
    a[0] *= y[0]
    return a[1]


def source_written_by_a_call(x, y):
    it = (v * y[0] for v in x)
    b = _bumped(x, y)
    return sum(it) + b


def source_written_in_the_loop_that_reads(x, y):
    it = zip(x, y)
    t = 0.0
    for a, b in it:
        x[1] = a * b
        t = t + x[1] * a
    return t


def loop_over_a_named_zip(x, y):
    it = zip(x, y)
    t = 0.0
    for a, b in it:
        t += a * b
    return t


def loop_over_a_named_enumerate(x, y):
    it = enumerate(x)
    s = np.zeros(3)
    for i, a in it:
        s[i] = a * y[i]
    return s @ s


def source_written_by_a_call_in_the_reading_statement(x, y):
    it = iter(x)
    s = _bumped(x, y) + sum(it)
    return s


def value_read_late_is_written(x, y):
    it = (v * y[0] for v in x)
    y[0] = y[1]
    return sum(it)


def one_of_two_generators(x, y):
    it = (v * y[0] for v in x) if y[0] > 5.5 else (v for v in x)
    return sum(it)


def variable_read_late_is_bound_anew(x, y):
    t = y[0]
    it = (v * t for v in x)
    t = t * 2.0
    return sum(it)


def variable_of_a_lambda_bound_anew(x, y):
    t = y[0]
    it = map(lambda v: v * t, x)
    t = t * 2.0
    return sum(it)


def variable_of_a_mapped_function_bound_anew(x, y):
    t = y[0]

    def f(v):
        return v * t

    it = map(f, x)
    t = t * 2.0
    return sum(it)


def variable_of_a_named_lambda_bound_anew(x, y):
    t = y[0]
    g = lambda v: v * t
    it = map(g, x)
    t = t * 2.0
    return sum(it)


def generator_made_in_a_loop(x, y):
    s = 0.0
    for i in range(2):
        it = (v * y[i] for v in x)
        s = s + sum(it)
    return s


def variable_read_late_is_bound_in_the_loop(x, y):
    t = y[0]
    it = (v * t for v in x)
    s = 0.0
    for v in it:
        s = s + v * t
        t = t * 2.0
    return s


def _products(x, y):
    for v in x:
        yield v * y[0]


def source_of_own_generator_written_by_a_call(x, y):
    it = _products(x, y)
    s = _bumped(x, y)
    return sum(it) * s


def variable_of_a_closure_bound_anew(x, y):
    t = 1.0
    h = lambda v: v * t
    t = 2.0 * y[0]
    return h(x[0])


def variable_kept_by_a_default(x, y):
    t = 1.0

    def h(v, k=t):
        return v * k

    t = 2.0 * y[0]
    return h(x[0])


def results_kept_by_active_keys(x, y):
    cache = {}
    s = 0.0
    for v in x:
        cache[v] = np.sin(v)
        s += cache[v] * y[0]
    return s


def products_kept_by_active_keys(x, y):
    w = {}
    for v in x:
        w[v] = v * y[0]
    return sum(w.values())


CASES = {
    "source_written_under_another_name": {"args": [(V3, W3)], "expect": "any"},
    "source_written_by_a_call": {"args": [(V3, W3)], "expect": "any"},
    "source_written_in_the_loop_that_reads": {"args": [(V3, W3)], "expect": "any"},
    "loop_over_a_named_zip": [(V3, W3)],
    "loop_over_a_named_enumerate": [(V3, W3)],
    "source_written_by_a_call_in_the_reading_statement": {"args": [(V3, W3)], "expect": "any"},
    "value_read_late_is_written": {"args": [(V3, W3)], "expect": "any"},
    "one_of_two_generators": [(V3, W3)],
    "variable_read_late_is_bound_anew": {"args": [(V3, W3)], "expect": "any"},
    "variable_of_a_lambda_bound_anew": {"args": [(V3, W3)], "expect": "any"},
    "variable_of_a_mapped_function_bound_anew": {"args": [(V3, W3)], "expect": "any"},
    "variable_of_a_named_lambda_bound_anew": {"args": [(V3, W3)], "expect": "any"},
    "generator_made_in_a_loop": [(V3, W3)],
    "variable_read_late_is_bound_in_the_loop": {"args": [(V3, W3)], "expect": "any"},
    "source_of_own_generator_written_by_a_call": {"args": [(V3, W3)], "expect": "any"},
    "variable_of_a_closure_bound_anew": [(V3, W3)],
    "variable_kept_by_a_default": [(V3, W3)],
    "results_kept_by_active_keys": [(V3, W3)],
    "products_kept_by_active_keys": [(V3, W3)],
}
