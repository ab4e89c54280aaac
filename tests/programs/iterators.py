"""Iterators that have names: what they read is read when they are, not where they are made."""

# ruff: noqa

import itertools

import numpy as np


def members_bound_to_an_element(x: float):
    z = [x, 2 * x, 3 * x]
    for z[1] in [x * 4, x * 5]:
        x = x + z[1]
    return x * z[1]


def place_and_index_bound_together(x: float):
    z = [x, 2 * x, 3 * x]
    i = 0
    for z[i], i in [(x * 4, 1), (x * 5, 2)]:
        x = x + z[1]
    return x * z[1] * z[0] + i


def members_bound_to_a_slice(x: np.ndarray):
    z = np.zeros(3)
    for z[0], * z[1:] in [(np.sum(x), 1, 2), (1, 2, np.sum(x))]:
        x = x * z[0] + z[2]
    return x * z[1]


def _last(z, y):
    for z[0] in (y, y * y):
        z[1] = z[1] + z[0]
    return z[1]


def argument_whose_element_is_bound_by_a_loop(x: float):
    z = [x * 1.0, x * 2.0, x]
    s = _last(z, x)
    return s * z[0] + z[1] * z[2]


def index_counted_in_a_list(x: float):
    q = [0, 1]
    s = 0
    for q[0] in range(3):
        s = s + x * q[0] * q[1]
        q[1] = q[0] + 1
    return s * q[0]


def rows_bound_by_a_loop(x: np.ndarray):
    z = np.zeros((2, 3))
    for k, z[k] in enumerate([x * 2, x * x]):
        pass
    return z[0] * z[1]


def columns_written_in_turn(x: float):
    q = [[x, 1.0], [2 * x, 2.0]]
    t = 0.0
    for a, b in zip(*q):
        q[1][1] = a * x
        t = t + a * b
    return t


def listed_columns_written_in_turn(x: float):
    q = [[x, 1.0], [2 * x, 2.0]]
    t = 0.0
    for a, b in list(zip(*q)):
        q[1][1] = a * x
        t = t + a * b
    return t


def listed_products_written_in_turn(x):
    q = [x, 2 * x, x * x]
    t = 0.0
    for v in list(map(lambda u: 2 * u, q)):
        q[2] = v * x
        t = t + v
    return t


def ordered_products_written_in_turn(x):
    q = [x, 2 * x, x * x]
    t = 0.0
    for v in sorted((u * 2 for u in q), key=lambda u: np.sum(u)):
        q[2] = v * x
        t = t + v
    return t


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


def every_element_with_its_place(x, y):
    t = 0.0
    for (i, j), v in np.ndenumerate(np.outer(x, y)):
        t += v**2 * (i + 1) * (j + 2)
    return t


def places_in_a_sum(x, y):
    return sum(v * idx[0] for idx, v in np.ndenumerate(x * y))


def elements_written_in_turn(x, y):
    m = np.outer(x, y)
    for (i, j), v in np.ndenumerate(m):
        m[i, j] = v * x[i]
    return m.sum()


def next_element_written(x, y):
    m = np.outer(x, y)
    t = 0.0
    for (i, j), v in np.ndenumerate(m):
        if j < 2:
            m[i, j + 1] = v * x[i]
        t += v
    return m.sum() * t


def next_element_of_a_transpose_written(x, y):
    m = np.outer(x, y).T
    t = 0.0
    for (i, j), v in np.ndenumerate(m):
        if j < 2:
            m[i, j + 1] = v * x[i]
        t += v
    return m.sum() * t


def pairs_as_arguments(x, y):
    f = lambda a, b: a * b + a
    return sum(itertools.starmap(f, zip(x, y)))


def entries_under_places(x, y):
    out = {}
    for idx, v in np.ndenumerate(x):
        out[idx] = v * y[idx]
    return sum(out.values()) * out[(1,)]


def argument_written_in_turn(x, y):
    for i, v in np.ndenumerate(x):
        x[i] = v * y[0]
    return x @ y


def generator_of_what_is_written(x, y):
    m = x * y
    k = 0
    t = 0.0
    for v in (m[i] for i in range(3)):
        if k < 2:
            m[k + 1] = v * 2.0
        t += v
        k += 1
    return t * m[2]


def generator_of_pairs_of_what_is_written(x, y):
    m = x * y
    t = 0.0
    for i, v in ((i, m[i]) for i in range(3)):
        if i < 2:
            m[i + 1] = v * 2.0
        t += v
    return t * m[2]


def mapped_positions_of_what_is_written(x, y):
    m = x * y
    t = 0.0
    for v in map(lambda i: m[i], range(3)):
        m[2] = v * 2.0
        t += v
    return t * m[2]


def numbered_generator_of_what_is_written(x, y):
    m = x * y
    t = 0.0
    for i, v in enumerate(m[i] * 1.0 for i in range(3)):
        m[2] = v * 2.0
        t += v * i
    return t * m[2]


def reversed_list_written(x, y):
    l = [a * b for a, b in zip(x, y)]
    t = 0.0
    for v in reversed(l):
        l[0] = v * 2.0
        t += v
    return t * l[0]


def neighbours_written(x, y):
    l = [a * b for a, b in zip(x, y)]
    t = 0.0
    for a, b in itertools.pairwise(l):
        l[2] = a * 2.0
        t += a * b
    return t * l[0]


def generator_with_a_test_and_else(x, y):
    t = 0.0
    for v in (a * b for a, b in zip(x, y) if a > 0):
        if v > 100:
            break
        t += v
    else:
        t *= 2.0
    return t


def filtered_and_mapped(x, y):
    t = 0.0
    for v in filter(lambda a: a > 0, x):
        t += v * y[0]
    for v in map(np.sin, y):
        if v < -5:
            continue
        t += v
    return t


def mapped_pairs(x, y):
    t = 0.0
    for a, b in map(lambda p, q: (p * q, q), x, y):
        t += a * b
        x[2] = a
    return t + x[2]


def generator_that_reads_late(x, y):
    a = 2.0
    t = 0.0
    for v in (a * q for q in x):
        a = a * y[0]
        t += v
    return t


def generator_of_two_loops(x, y):
    t = 0.0
    for v in (p * q for p in x for q in y):
        t += v * v
    return t


def enumerated_list_written(x, y):
    l = [a * b for a, b in zip(x, y)]
    t = 0.0
    for i, v in enumerate(l):
        if i < 2:
            l[i + 1] += v
        t += v
    return t


def views_and_iterators_unpacked(x: np.ndarray, y: np.ndarray):
    d = x * y
    r, d = {"a": 2, "b": np.ones(3)}.values()
    x = x * d + r
    d = x * y
    r, d = {1.0: 2, 2.0: 3}
    x = x * d + r
    d = x * y
    r, d = (q * 2 for q in (1, 2))
    x = x * d + r
    d = x * y
    (r, d), *e = zip((1, 2, 3), (4, 5, 6))
    return x * d * r * e[0][1]


CASES = {
    "views_and_iterators_unpacked": [(V3, W3)],
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
    "every_element_with_its_place": [(V3, W3)],
    "places_in_a_sum": [(V3, W3)],
    "elements_written_in_turn": [(V3, W3)],
    "next_element_written": {"args": [(V3, W3)], "expect": "any"},
    "next_element_of_a_transpose_written": {"args": [(V3, W3)], "expect": "any"},
    "pairs_as_arguments": [(V3, W3)],
    "entries_under_places": [(V3, W3)],
    "argument_written_in_turn": {"args": [(V3, W3)], "expect": "any"},
    "generator_of_what_is_written": [(V3, W3)],
    "generator_of_pairs_of_what_is_written": [(V3, W3)],
    "mapped_positions_of_what_is_written": [(V3, W3)],
    "numbered_generator_of_what_is_written": {"args": [(V3, W3)], "expect": "any"},
    "reversed_list_written": [(V3, W3)],
    "neighbours_written": {"args": [(V3, W3)], "expect": "any"},
    "generator_with_a_test_and_else": [(V3, W3)],
    "filtered_and_mapped": [(V3, W3)],
    "mapped_pairs": [(V3, W3)],
    "generator_that_reads_late": [(V3, W3)],
    "generator_of_two_loops": [(V3, W3)],
    "enumerated_list_written": [(V3, W3)],
    "members_bound_to_an_element": [(0.7,)],
    "place_and_index_bound_together": [(0.7,)],
    "members_bound_to_a_slice": [(V3,)],
    "argument_whose_element_is_bound_by_a_loop": {"args": [(0.7,)], "expect": "any"},
    "index_counted_in_a_list": [(0.7,)],
    "rows_bound_by_a_loop": [(V3,)],
    "columns_written_in_turn": {"args": [(0.7,)], "expect": "any"},
    "listed_columns_written_in_turn": [(0.7,)],
    "listed_products_written_in_turn": [(0.7,), (V3,)],
    "ordered_products_written_in_turn": [(0.7,), (V3,)],
}
