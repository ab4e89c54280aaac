"""Functions that do more than return a value, called within expressions: once each, in the order of the program."""

# ruff: noqa

import itertools
from functools import reduce

import numpy as np

COUNT = [0]
LOG = []
TABLE = {}
V3 = np.array([0.31, 0.74, 1.42])


def tick():
    COUNT[0] += 1
    return COUNT[0]


def own():
    own.calls += 1
    return own.calls


own.calls = 0


def calls_so_far():
    return own.calls


def logged(v):
    LOG.append(1)
    return v * len(LOG)


def table(k, v):
    TABLE[k] = TABLE.get(k, 0) + 1
    return v * TABLE[k]


def bump(q, x):
    q[0] = q[0] + 1
    return x * q[0]


def in_a_list(x):
    COUNT[0] = 0
    w = [x[0] * tick() for _ in range(3)]
    return w[0] * w[1] * w[2] ** 2


def drawn_in_a_list(x):
    rng = np.random.default_rng(0)
    w = [x[i] * rng.random() for i in range(3)]
    return w[0] * w[1] * w[2] ** 2


def next_in_a_list(x):
    it = iter([1.0, 2.0, 3.0])
    w = [x[i] * next(it) for i in range(3)]
    return w[0] * w[1] * w[2] ** 2


def popped_in_a_list(x):
    q = [1.0, 2.0, 3.0]
    w = [x[i] * q.pop() for i in range(3)]
    return w[0] * w[1] * w[2] ** 2


def drawn_in_a_generator(x):
    rng = np.random.default_rng(0)
    return sum(x[i] * rng.random() for i in range(3)) ** 2


def in_a_dict(x):
    COUNT[0] = 0
    d = {i: x[i] * tick() for i in range(3)}
    return d[0] * d[1] * d[2]


def in_a_test_of_a_list(x):
    COUNT[0] = 0
    w = [x[0] ** 2 for _ in range(3) if tick() % 2 == 1]
    return w[0] * w[1] * COUNT[0]


def in_nested_lists(x):
    COUNT[0] = 0
    w = np.array([[x[i] * tick() for i in range(3)] for _ in range(2)])
    return np.prod(w) + np.sum(w**2)


def in_one_arm(x):
    COUNT[0] = 0
    y = x * tick() if x[0] > 0 else x * 2
    return np.sum(y) ** 2 * COUNT[0]


def in_a_map(x):
    COUNT[0] = 0
    w = list(map(lambda v: v * tick(), x))
    return w[0] * w[1] * w[2]


def in_a_while(x):
    COUNT[0] = 0
    s = 1.0
    while tick() < 3:
        s = s * x[COUNT[0]]
    return s * x[0] ** 2


def in_places(x):
    COUNT[0] = 0
    y = x.copy()
    y[tick()] = x[0] ** 2
    y[tick()] *= x[1]
    return np.sum(y**2)


def in_pairs(x):
    COUNT[0] = 0
    w = [(i, x[i] * tick()) for i in range(3)]
    s = 1.0
    for i, v in w:
        s = s * v
    return s


def log_in_a_list(x):
    LOG.clear()
    w = [logged(v) for v in x]
    return w[0] * w[1] * w[2]


def log_twice(x):
    LOG.clear()
    y = logged(x) * logged(x**2)
    return np.sum(y) * len(LOG)


def log_in_a_test(x):
    LOG.clear()
    y = logged(x) if logged(1.0) < 3 else x
    return np.sum(y**2) * len(LOG)


def table_in_a_list(x):
    TABLE.clear()
    w = [table("a", v) for v in x]
    return w[0] * w[1] * w[2] * TABLE["a"]


def counted_in_a_list(x):
    c = itertools.count(1)
    w = [x[0] * next(c) for _ in range(3)]
    return w[0] * w[1] * w[2] ** 2


def read_before_a_call(x):
    q = [1]
    return np.sum(q[0] * bump(q, x))


def test_before_a_call(x):
    q = [1]
    return np.sum(np.where(x > q[0] * 0.5, bump(q, x), x**2))


def arguments_before_a_call(x):
    q = [1]

    def h(s, k, t):
        return s * k + t

    return np.sum(h(x, q[0], bump(q, x)))


def arguments_between_calls(x):
    q = [1]

    def h(s, k, t):
        return s * k + t

    return np.sum(h(bump(q, x), q[0], bump(q, x) * q[0]))


def array_before_a_call(x):
    q = np.array([1.0])
    return np.sum((q * 2) * bump(q, x) + q)


def entries_around_a_call(x):
    q = [1]
    d = {"a": q[0], "b": bump(q, x), "c": q[0] * x}
    return np.sum(d["a"] * d["b"] * d["c"])


def added_at_what_a_call_moves(x):
    q = [1]
    y = x * 1.0
    y[q[0]] += np.sum(bump(q, x))
    return np.sum(y**2)


def members_around_a_call(x):
    q = [1]
    y = np.array([q[0], bump(q, x)[0], q[0]])
    return np.prod(y)


def stacked_around_a_call(x):
    q = [1]
    return np.sum(np.stack([x * q[0], bump(q, x), x + q[0]]) ** 2)


def negative_before_a_call(x):
    q = [1]
    return -q[0] * np.sum(bump(q, x)) ** -q[0]


def rows_and_columns(x):
    COUNT[0] = 0
    y = np.zeros((5, 5))
    y[tick(), tick()] = x[tick() - 3] * tick()
    y[tick() - 5] += x[0] * tick()
    return np.sum(y * np.arange(25.0).reshape(5, 5))


def widths_of_padding(x):
    COUNT[0] = 0
    return np.sum(np.pad(x, tick()) * tick() + np.pad(x, (tick() - 2, 1)) ** tick())


def in_comparisons(x):
    COUNT[0] = 0
    return (x[0] * tick() < tick()) * x[1] * tick() + (x[0] > tick() or x[1] * tick() > 1) * x[2] * tick()


def shapes_and_counts(x):
    COUNT[0] = 0
    return np.sum(np.einsum("i,j->ij", x * tick(), np.ones(tick()))) * np.sum(
        np.linspace(tick(), x[0] * tick(), tick())
    )


def attribute_between(x):
    own.calls = 1
    y = x * own.calls
    own()
    z = y**own.calls
    own()
    return np.sum(z * own.calls)


def attribute_read_by_a_call(x):
    own.calls = 1
    y = x ** calls_so_far() * own() * calls_so_far()
    z = y * calls_so_far() + own() * y ** calls_so_far()
    return np.sum(z) * own.calls


def read_before_a_pop(x):
    q = [2, 1, 0]
    return q[0] * (x[0] * q.pop(0)) * q[0] + x[q[0]]


def length_before_a_pop(x):
    q = [2, 1, 0]
    return len(q) * (x[q.pop()] ** 2) * len(q) * x[len(q)]


def next_in_turn(x):
    it = iter([1.0, 2.0, 3.0, 4.0])
    return next(it) * x[0] + x[1] ** next(it) * next(it) * (x[2] - next(it))


def entry_before_it_goes(x):
    d = {"a": 2.0, "b": 3.0}
    return d["a"] * (x[0] * d.pop("a")) * d.get("a", 5.0) * len(d)


def end_before_a_pop(x):
    q = [0.5, 1.5]
    return np.sum(np.clip(x, q[-1] * 0.2, q.pop() * np.sum(x)) * len(q))


def arguments_before_a_pop(x):
    q = [0.5, 1.5, 2.5]

    def h(a, b, c, d):
        return a * b + c * d

    return np.sum(h(len(q), x * q.pop(), len(q), x ** len(q)))


def appended_within(x):
    q = []
    return (q.append(2) or x[0]) * len(q) + (q.append(3) or len(q)) * x[1] * q[-1]


def added_to_a_set_within(x):
    s = {1, 2}
    return len(s) * x[0] * (s.add(5) or 1.0) * len(s) + x[len(s) - 1]


def sorted_within(x):
    a = [3, 1, 2]
    y = a[0] * x[0] * (a.sort() or 1.0) * a[0] + x[a[0]]
    return y * a[-1]


def places_popped(x):
    q = [1, 2, 0]
    y = np.zeros(3)
    y[q.pop()] = x[q[0]] * len(q)
    y[q[0]] += x[q.pop()] ** len(q)
    return np.sum(y * np.arange(1.0, 4.0))


def values_popped_in_turn(x):
    q = [1, 2, 0]
    a, b, c = x[q.pop()], len(q), x[q.pop()] * len(q)
    return a * b * c ** q[0]


def stacked_around_a_pop(x):
    q = [1, 2, 3]
    return np.sum(np.stack([x * q.pop(), x ** q.pop()]) * q[0]) * len(q)


def popped_from_inner_lists(x):
    q = [[1, 2], [3]]
    return x[0] * q[0].pop() * len(q[0]) + q.pop()[0] * x[1] * len(q) * q[0][0]


def turned_within(x):
    from collections import deque

    q = deque([1, 2, 3])
    return len(q) * x[0] * q.popleft() * len(q) + (q.rotate(1) or x[1]) * q[0]


def turned_under_another_name(x):
    q = [1, 2]
    q2 = q
    return q2[0] * x[0] * (q.reverse() or 1) * q2[0] * len(q2)


def read_by_another_name(x):
    q = [1]
    q2 = q
    return np.sum(q2[0] * x * bump(q, x) * q2[0])


def read_in_a_list(x):
    h = [[1], [2]]
    q = h[0]
    return np.sum(h[0][0] * x * bump(q, x) * h[0][0] * q[0])


def read_through_a_view(x):
    q = np.array([1.0, 2.0])
    v = q[:1]
    return np.sum(v[0] * x * bump(q, x) * v[0] * q[0])


def read_in_a_dict(x):
    d = {"a": [1]}
    q = d["a"]
    return np.sum(d["a"][0] * x * bump(q, x) * q[0] * bump(d["a"], x) * q[0])


def both(a):
    return a * tick(), a ** tick()


def mixed(a, b=1.0, *c, k=2.0, **o):
    return a * b + sum(c) * k + o.get("z", 0.0)


def sq(a):
    return a * a


def lin(a, b, c=1.0):
    return b + c * a + b


def into_small_functions(x):
    COUNT[0] = 0
    return np.sum(sq(x * tick()) * sq(tick())) * sq(sq(tick()))


def arguments_in_turn(x):
    COUNT[0] = 0
    return np.sum(lin(tick(), x * tick(), tick())) * lin(x[0], tick(), c=tick())


def within_a_reduction(x):
    COUNT[0] = 0
    return reduce(lambda a, b: a * b + tick(), x, 1.0) * tick()


def within_a_filter(x):
    COUNT[0] = 0
    return sum(filter(lambda v: v * tick() > 0.5, x)) * tick()


def in_what_is_zipped(x):
    COUNT[0] = 0
    s = 0.0
    for a, b in zip(map(lambda v: v * tick(), x), [tick() for _ in x]):
        s += a * b
    return s


def within_accumulate(x):
    COUNT[0] = 0
    y = list(itertools.accumulate(x, lambda a, b: a * b * tick()))
    return y[0] * y[1] * y[2]


def unpacked_from_a_generator(x):
    COUNT[0] = 0
    a, *b = (v * tick() for v in x)
    return a * b[0] * b[1] * tick()


def in_any_and_all(x):
    COUNT[0] = 0
    return any(v * tick() > 1 for v in x) * x[0] * tick() + all(v * tick() > 100 for v in x) * x[1] + x[2] * tick()


def in_tests_of_a_loop(x):
    COUNT[0] = 0
    s = x[0]
    for _ in range(3):
        if tick() == 2:
            continue
        s = s * tick() + x[1]
        if tick() > 5:
            break
    else:
        s = s * 100
    return s * tick()


def around_a_least_by_key(x):
    COUNT[0] = 0
    return max(v * tick() for v in x) * tick() + min(x[0] * tick(), x[1] * tick(), key=lambda v: -v) * tick()


def around_a_reduction(x):
    COUNT[0] = 0
    return tick() * x[0] * reduce(lambda a, b: a * b + tick(), x) * tick()


def around_pieces(x):
    COUNT[0] = 0
    return tick() * np.sum(np.piecewise(x, [x < 0.5, x >= 0.5], [lambda v: v * 2, lambda v: v**2]) * tick()) * tick()


def around_starred_arguments(x):
    COUNT[0] = 0
    return tick() * mixed(x[0], *[x[1] * tick(), tick()], k=tick(), **{"z": x[2] * tick()}) * tick()


def around_pairs_returned(x):
    COUNT[0] = 0
    a, b = both(x[0] * tick())
    c = tick() * both(x[1] * tick())[0] * both(x[2])[1] * tick()
    return a * b * c


def around_map_and_filter(x):
    COUNT[0] = 0
    return tick() * sum(map(lambda v: v * tick(), x)) * sum(filter(lambda v: v * tick() > 1.5, x)) * tick()


def around_defaults(x):
    COUNT[0] = 0
    return (
        tick()
        * max([x[0] * tick(), x[1] * tick()], default=0.0)
        * tick()
        * max([v for v in x if v * tick() > 1e9], default=x[2] * tick())
    )


def around_choices(x):
    COUNT[0] = 0
    return tick() * (x[0] * tick() if x[1] * tick() > 0 else tick()) * (x[2] * tick() and tick()) * tick()


def around_sums(x):
    COUNT[0] = 0
    return (
        tick()
        * sum(a * b * tick() for a, b in zip(x * tick(), x[::-1] * tick()))
        * sum(i * v * tick() for i, v in enumerate(x, tick()))
    )


def found_in_a_generator(x):
    COUNT[0] = 0
    return tick() * x[0] * (tick() in [1, 2, tick()]) * tick() * (5 in (tick() for _ in x)) + x[0] * tick()


def start_of_enumerate(x):
    COUNT[0] = 0
    s = 0.0
    for i, v in enumerate(x, tick()):
        s += i * v * tick()
    return s * tick()


def ends_of_ranges(x):
    COUNT[0] = 0
    s = 0.0
    for i in range(tick() - 1, tick()):
        s += x[i] * tick()
    for i in reversed(range(tick() - 4, tick() - 4)):
        s += x[i] * tick()
    return s * tick()


def dict_made_for_a_loop(x):
    COUNT[0] = 0
    s = 0.0
    for v, k in zip(x, [tick(), tick(), tick()]):
        s += v * k
    for k, v in {"a": x[0] * tick(), "b": x[1] * tick()}.items():
        s += v * tick() * len(k)
    return s * tick()


def start_bound_anew(x):
    n = 1
    s = 0.0
    for i, v in enumerate(x, n):
        s += i * v**2
        n += 5
    return s * n


def count_bound_anew(x):
    n = 3
    s = 0.0
    for i, v in zip(reversed(range(n)), x):
        s += i * v**2
        n += 5
    return s * n


def dict_bound_anew(x):
    d = {"a": x[0], "b": x[1]}
    s = 0.0
    for k, v in d.items():
        s += v**2 * len(k)
        d = {"a": x[2], "b": x[0] * 2}
    return s * d["a"]


def ends_bound_anew(x):
    a, b = 0, 3
    s = 0.0
    for i, v in zip(range(a, b), x):
        s += i * v**2
        a, b = 5, 9
    return s * a


def length_that_grows(x):
    q = [0, 1, 2]
    s = 0.0
    for i, v in zip(reversed(range(len(q))), x):
        s += i * v**2 * len(q)
        q.append(1)
    return s * len(q)


def dict_chosen_once(x):
    ds = [{"a": x[0], "b": x[1]}, {"a": x[2], "b": x[0]}]
    s = 0.0
    k = 0
    for key, v in ds[k].items():
        s += v * x[k] ** 2
        k = 1
    for v in ds[k].values():
        s += v**2
        k = 0
    return s


def step_bound_anew(x):
    st = 1
    s = 0.0
    for i, v in zip(range(0, 6, st), x):
        s += v**2 * i
        st = 2
    for k, v in reversed(list(enumerate(x, st))):
        s += v * k
        st = 7
    return s * st


def changed_in_place_in_turn(x):
    q = [1]
    y = x * 1.0
    y -= q[0] * bump(q, x) * q[0]
    y[q[0] :] /= bump(q, x)[0] + q[0]
    y[: q[0]] **= q[0]
    return np.sum(y)


def chosen_members(x):
    q = [1]
    r = [q[0] * v for v in bump(q, x) if q[0] * v > 0.1 * q[0]]
    return sum(r) * q[0]


def default_of_a_member(x):
    w = 2.0
    fs = [lambda v, w=w: v * w, np.sin]
    w = w * 2
    return np.sum(fs[0](x)) * w


def default_of_an_entry(x):
    w = 2.0
    fs = {"a": lambda v, w=w: v * w}
    w = w * 2
    return np.sum(fs["a"](x)) * w


def defaults_read_when_made(x):
    q = [1.0]
    fs = [lambda v, c=q[0]: v * c, lambda v, c=len(q): v * c]
    q[0] = 5.0
    q.append(3.0)
    return np.sum(fs[0](x) * fs[1](x)) * q[0]


def keyword_default_of_an_entry(x):
    w = 1.0
    fs = {"a": lambda v, *, k=w: v * k, "b": np.cos}
    w = 5.0
    return np.sum(fs["a"](x)) + np.sum(fs["b"](x)) * w + np.sum(fs["a"](x, k=w))


def chained_assignments(x):
    COUNT[0] = 0
    a = b = x * tick()
    y = np.zeros(3)
    z = np.zeros(3)
    y[tick() - 2] = z[tick() - 2] = x[0] * tick()
    return np.sum(a * b) * y[0] + z[1] * tick()


def entries_at_moving_keys(x):
    COUNT[0] = 0
    d = {1: x[0], 2: x[1]}
    d[tick()] += x[2] * tick()
    d[tick() - 1] *= d[1] * tick()
    return d[1] * d[2] * tick()


def slices_of_a_list(x):
    COUNT[0] = 0
    y = [x[0] * tick(), x[1] * tick(), x[2] * tick()]
    y[tick() - 4 : tick() - 3] = [x[0] * tick(), x[1] * tick()]
    del y[tick() - 7]
    return y[0] * y[1] * tick()


def nested_targets(x):
    COUNT[0] = 0
    a, (b, *c), d = x[0] * tick(), (x[1] * tick(), x[2] * tick(), tick()), tick()
    return a * b * c[0] * c[1] * d


def added_at_places(x):
    COUNT[0] = 0
    y = x * 1.0
    y[[tick() - 1, tick() - 1]] += x[tick() - 3] * tick()
    np.add.at(y, [tick() - 5, tick() - 5], x[0] * tick())
    y[y > tick() * 0.2] *= tick()
    return np.sum(y) * tick()


def writers_of_arrays(x):
    COUNT[0] = 0
    y = np.where(x > 0.5, x * tick(), x ** tick())
    y.sort()
    y.fill(x[0] * tick())
    np.copyto(y, x * tick())
    np.put(y, [tick() - 5], x[1] * tick())
    return np.sum(y) * tick()


def outputs_under_a_mask(x):
    COUNT[0] = 0
    out = np.empty(3)
    np.multiply(x, tick(), out=out)
    np.add(out, x * tick(), out=out, where=x > tick() * 0.2)
    return np.sum(out) * tick()


def within_a_recursion(x):
    COUNT[0] = 0

    def inner(v, k):
        if k == 0:
            return v * tick()
        return inner(v * tick(), k - 1) * tick()

    return np.sum(inner(x, 2)) * tick()


def within_matrices(x):
    COUNT[0] = 0
    m = np.outer(x * tick(), x ** tick()) * tick()
    return np.trace(m @ m.T * tick()) + np.linalg.norm(m[tick() - 5 :, : tick() - 5] * tick()) * tick()


def rows_of_rows(x):
    COUNT[0] = 0
    rows = [[x[i] * tick() for i in range(j + 1)] for j in range(tick() + 1)]
    return sum(sum(r) * tick() for r in rows) * tick()


CASES = {
    name: [(V3,)]
    for name in (
        "in_a_list drawn_in_a_list next_in_a_list popped_in_a_list drawn_in_a_generator in_a_dict "
        "in_a_test_of_a_list in_nested_lists in_one_arm in_a_map in_a_while in_places in_pairs log_in_a_list "
        "log_twice log_in_a_test table_in_a_list counted_in_a_list read_before_a_call test_before_a_call "
        "arguments_before_a_call arguments_between_calls array_before_a_call entries_around_a_call "
        "added_at_what_a_call_moves members_around_a_call stacked_around_a_call negative_before_a_call "
        "rows_and_columns widths_of_padding in_comparisons shapes_and_counts attribute_between "
        "attribute_read_by_a_call read_before_a_pop length_before_a_pop next_in_turn entry_before_it_goes "
        "end_before_a_pop arguments_before_a_pop appended_within added_to_a_set_within sorted_within "
        "places_popped values_popped_in_turn stacked_around_a_pop popped_from_inner_lists turned_within "
        "turned_under_another_name read_by_another_name read_in_a_list read_through_a_view read_in_a_dict "
        "into_small_functions arguments_in_turn within_a_reduction within_a_filter in_what_is_zipped "
        "within_accumulate unpacked_from_a_generator in_any_and_all in_tests_of_a_loop around_a_least_by_key "
        "around_a_reduction around_pieces around_starred_arguments around_pairs_returned "
        "around_map_and_filter around_defaults around_choices around_sums found_in_a_generator "
        "start_of_enumerate ends_of_ranges dict_made_for_a_loop start_bound_anew count_bound_anew "
        "dict_bound_anew ends_bound_anew length_that_grows dict_chosen_once step_bound_anew "
        "changed_in_place_in_turn chosen_members default_of_a_member default_of_an_entry "
        "defaults_read_when_made keyword_default_of_an_entry chained_assignments entries_at_moving_keys "
        "slices_of_a_list nested_targets added_at_places writers_of_arrays outputs_under_a_mask "
        "within_a_recursion within_matrices rows_of_rows "
    ).split()
}
