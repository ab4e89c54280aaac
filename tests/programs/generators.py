"""Generators of one's own, and iterators that are read step by step."""

# ruff: noqa

import math

import numpy as np


def pieces(v, s):
    for x in v:
        yield x * s


def summed(x, s):
    return sum(pieces(x, s))


def looped(x, s):
    t = 0.0
    for p in pieces(x, s):
        t = t * s + p
    return t


def stepped_by_hand(x, s):
    it = pieces(x, s)
    a = next(it) * next(it)
    return a + sum(it)


def stepped_over_several_statements(x, s):
    it = iter(x)
    a = next(it) * s
    b = a - next(it)
    rest = [v * a for v in it]
    return sum(rest) + b


def made_a_list(x, s):
    return np.array(list(pieces(x, s)))


def zipped(x, s):
    return sum(a * b for a, b in zip(pieces(x, s), pieces(x, s * s)))


def first_member(x, s):
    return next(iter(x)) * s


def first_that_fits(x, s):
    return next(v * v for v in x if v > s)


def first_that_fits_or_else(x, s):
    a = next((v for v in x if v > 100), s)
    v = 2.0
    return a * v + next((u * a for u in x if u < 0), 1.0)


def counting_up(x):
    while True:
        yield x
        x = x * 1.5


def until_large(x):
    t = 0.0
    for v in counting_up(x):
        t = t + v
        if v > 10:
            break
    return t


def returned_from_the_loop(x):
    k = 0
    for v in counting_up(x):
        k += 1
        if v > 10:
            return v * k


def writes_what_the_generator_reads(x, s):
    y = x.copy()
    for p in pieces(y, s):
        y += p
    return y.sum()


def doubling(v, count):
    for _ in range(count):
        v *= 2
        yield v


def same_array_every_time(x):
    y = x.copy()
    kept = list(doubling(y, 3))
    return kept[0] @ kept[1] + y.sum()


def same_array_in_a_loop(x):
    y = x.copy()
    t = 0.0
    for v in doubling(y, 3):
        t = t + v @ x
        v[0] += t
    return t + y[0]


def running(v):
    total = 0.0
    for x in v:
        total += x * x
        yield total


def running_sums(x):
    return sum(running(x)) + sum(r * r for r in running(-x))


def running_sums_of_rows(m):
    return sum(np.tanh(r) for r in running(m))


def running_rows_kept(m):
    rows = [r for r in running(m)]
    return rows[0] @ rows[1]


def running_rows_by_hand(m):
    it = running(m)
    first = next(it)
    return first @ next(it)


def bumped(v):
    v[0] += 1.0
    return v


def zipped_with_a_call_that_writes(x, s):
    return sum(a * b for a, b in zip(pieces(x, s), bumped(x)))


def sum_with_a_start_that_writes(x, s):
    return sum(pieces(x, s), bumped(x)[1])


def running_and_more(x, s):
    t = s
    for i, r in enumerate(running(x), 1):
        if r > 3:
            break
        t = t * 0.5 + r * i
    return t


def skipping(x):
    t = 0.0
    for p in pieces(x, 2.0):
        if p < 0:
            continue
        t += p * p
    return t


def halves(x):
    while x > 0.5:
        x = x / 2
        if x < 0.6:
            return
        yield x


def generator_that_returns(x):
    t = 1.0
    for h in halves(x):
        t = t * h + x
    return t


def in_two_parts(v):
    yield v[0]
    for x in v[1:]:
        yield x * v[0]


def two_yields(x):
    t = 1.0
    for p in in_two_parts(x):
        t = t * 0.5 + p
    return t + sum(in_two_parts(x))


def all_of(v, w):
    yield from v
    yield from pieces(w, 2.0)


def from_two(x, s):
    t = s
    for p in all_of(x, x):
        t = t + p * t
    return t + sum(q * q for q in all_of(x, [s, s * s]))


def leaves(tree):
    if isinstance(tree, tuple):
        for part in tree:
            yield from leaves(part)
    else:
        yield tree


def tree_of_leaves(x, y):
    tree = (x, (y, x * y), (x,))
    return sum(leaves(tree))


def starred(x, s):
    return max(*pieces(x, s)) * min(*pieces(x, s))


def unpacked(x, s):
    a, b, c = pieces(x, s)
    return a * b - c


def in_a_dict(x, s):
    d = dict(zip(("a", "b", "c"), pieces(x, s)))
    return d["a"] * d["c"]


def generator_names_clash(x, s):
    total, v = 1.0, 2.0
    for t in running(x):
        total = total + t * v
    return total * s


def in_comprehension(x, s):
    rows = [[p * q for p in pieces(x, q)] for q in pieces(x, s)]
    return sum(sum(r) for r in rows)


def used_up(x, s):
    it = pieces(x, s)
    return sum(it) + sum(it)


def shares_state(x, s):
    it = pieces(x, s)
    return sum(a * b for a, b in zip(it, it))


def written_between(x, s):
    it = iter(x)
    a = next(it)
    x[1] = a * s
    return a + next(it)


def bump(v):
    v[0] += 1.0
    return v[0]


def written_before_the_first(x):
    return bump(x) + next(v for v in x if v > 0)


def raises_later(v):
    for x in v:
        yield 1.0 / x


def only_the_first(x):
    it = raises_later(x)
    return next(it)


def printed_in_between(v):
    for x in v:
        print("made")
        yield x


def printing_zip(x):
    t = 0.0
    for a, b in zip(printed_in_between(x), x):
        print("read")
        t = t + a * b
    return t


V3 = np.array([0.4, 1.3, -2.2])
U3 = np.array([0.3, 0.5, 0.2])
M23 = np.array([[0.7, -0.3, 0.2], [0.4, 1.2, -0.6]])

CASES = {
    "summed": [(V3, 0.7)],
    "looped": [(V3, 0.7)],
    "stepped_by_hand": [(V3, 0.7)],
    "stepped_over_several_statements": [(V3, 0.7)],
    "made_a_list": [(V3, 0.7)],
    "zipped": [(V3, 0.7)],
    "first_member": [(V3, 0.7), ([1.5, 2.0], 0.7)],
    "first_that_fits": [(V3, 0.7)],
    "first_that_fits_or_else": [(V3, 0.7), (U3, 0.7)],
    "until_large": [(1.2,)],
    "returned_from_the_loop": [(1.2,)],
    "writes_what_the_generator_reads": [(V3, 0.7)],
    "same_array_every_time": [(V3,)],
    "same_array_in_a_loop": [(V3,)],
    "running_sums": [(V3,)],
    "running_sums_of_rows": {"args": [(M23,)], "expect": "any"},
    "running_rows_kept": {"args": [(M23,)], "expect": "any"},
    "running_rows_by_hand": {"args": [(M23,)], "expect": "any"},
    "zipped_with_a_call_that_writes": {"args": [(V3, 0.7)], "expect": "any"},
    "sum_with_a_start_that_writes": {"args": [(V3, 0.7)], "expect": "any"},
    "running_and_more": [(V3, 0.7), (U3, 0.7)],
    "skipping": [(V3,)],
    "generator_that_returns": [(9.5,), (1.1,)],
    "two_yields": [(V3,)],
    "from_two": [(V3, 0.7)],
    "tree_of_leaves": [(0.7, 1.3)],
    "starred": [(V3, 0.7)],
    "unpacked": {"args": [(V3, 0.7)], "expect": "any"},
    "in_a_dict": [(V3, 0.7)],
    "generator_names_clash": [(V3, 0.7)],
    "in_comprehension": [(V3, 0.7)],
    "used_up": {"args": [(V3, 0.7)], "expect": "any"},
    "shares_state": {"args": [(np.array([0.4, 1.3]), 0.7)], "expect": "any"},
    "written_between": {"args": [(V3, 0.7)], "expect": "any"},
    "written_before_the_first": {"args": [(V3,)], "expect": "any"},
    "only_the_first": {"args": [([1.5, 0.0],)], "expect": "any"},
    "printing_zip": {"args": [(V3,)], "expect": "any"},
}
