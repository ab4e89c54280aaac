"""Lists and dicts as people build, change and ask them."""

# ruff: noqa
import numpy as np


def ins(xs):
    s = []
    for v in xs:
        i = 0
        while i < len(s) and s[i] < v:
            i += 1
        s.insert(i, v * 2)
    return s[0] * s[1] + s[-1]


def stack_machine(x, y):
    stack = []
    for op in ["x", "y", "*", "x", "+", "2", "**"]:
        if op == "x":
            stack.append(x)
        elif op == "y":
            stack.append(y)
        elif op == "2":
            stack.append(2)
        else:
            b = stack.pop()
            a = stack.pop()
            if op == "+":
                stack.append(a + b)
            elif op == "*":
                stack.append(a * b)
            else:
                stack.append(a**b)
    return stack.pop()


def extend_all(xs, y):
    out = [y]
    out.extend(xs)
    out += [y * v for v in xs]
    out += [1.0, y]
    return sum(out) * out[1]


def join(xs: list, y):
    a = [y, y * y]
    b = xs + a
    c = [1.0] + b + [y]
    return c[0] + c[1] * c[2] + sum(c)


def repeat(x, n):
    a = [x] * n
    b = 2 * [x, x * x]
    return sum(a) * sum(b)


def sorting(xs):
    s = sorted(xs)
    t = sorted(xs, reverse=True)
    return s[0] * 2 + s[1] * 3 + t[0] * s[2]


def sort_method(x, y):
    v = [x, y, x * y]
    v.sort()
    return v[0] + 2 * v[1] + 3 * v[2]


def sort_key(xs):
    pairs = [(x, x * x) for x in xs]
    pairs = sorted(pairs, key=lambda p: -p[1])
    return pairs[0][0] * pairs[1][1]


def queue(x):
    q = [x, x * 2]
    total = 0.0
    while q:
        v = q.pop(0)
        total += v
        if v < 5:
            q.append(v * 2)
    return total


def reverse_list(xs):
    r = xs[:]
    r.reverse()
    s = 0.0
    for i, v in enumerate(r):
        s += i * v
    return s


def del_item(xs):
    r = list(xs)
    del r[0]
    return r[0] * r[-1]


def two_rows(xs, c):
    prev = [0.0] * (len(xs) + 1)
    for i in range(3):
        cur = [c]
        for j in range(len(xs)):
            cur.append(max(prev[j] + xs[j], cur[j] * 0.5))
        prev = cur
    return prev[-1]


def two_rows_in_place(xs, c):
    n = len(xs)
    prev = [c] * (n + 1)
    for i in range(3):
        cur = [0.0] * (n + 1)
        cur[0] = prev[0] * c
        for j in range(1, n + 1):
            cur[j] = prev[j - 1] * xs[j - 1] + cur[j - 1]
        prev = cur
    return sum(prev)


def rows_numpy(xs, c):
    n = len(xs)
    prev = np.ones(n + 1) * c
    for i in range(3):
        cur = np.zeros(n + 1)
        cur[0] = prev[0] * c
        for j in range(1, n + 1):
            cur[j] = prev[j - 1] * xs[j - 1] + cur[j - 1]
        prev = cur
    return np.sum(prev)


def tuple_grow(x):
    t = ()
    for i in range(4):
        t += (x * i,)
    t = t + (x,)
    return t[1] * t[3] + t[-1]


def nested_lists(x, y):
    table = []
    for i in range(3):
        row = []
        for j in range(3):
            row.append(x * i + y * j)
        table.append(row)
    table[1][1] = x * y
    total = 0.0
    for row in table:
        for v in row:
            total += v * v
    return total


def rebuild(xs):
    values = [x * x for x in xs]
    while len(values) > 1:
        values = [0.5 * (a + b) * a for a, b in zip(values, values[1:])]
    return values[0]


def star_display(xs, y):
    a = [y, *xs, y * 2]
    b = (*a, y)
    return a[0] * a[1] + b[-1] * b[2] + sum(b)


def dicts(params, x):
    p = dict(params)
    p["w"] = p["w"] * x
    q = {**p, "extra": x}
    total = 0.0
    for k, v in q.items():
        total += v
    return total + p.get("b", 0.0) + p.get("zz", x)


def dict_update(params, lr):
    new = {}
    for k in params:
        new[k] = params[k] - lr * params[k] ** 2
    grads = {k: 2 * v for k, v in new.items()}
    return sum(grads.values()) + sum(new[k] * grads[k] for k in grads)


def dict_counts(x):
    d = {}
    for name, w in [("a", 1.0), ("b", 2.0), ("a", 3.0)]:
        d[name] = d.get(name, 0.0) + w * x
    return d["a"] * d["b"]


def setdefault(x):
    d = {}
    d.setdefault("a", x)
    d.setdefault("a", x * 2)
    if "b" not in d:
        d["b"] = x * d["a"]
    return d["a"] + d["b"]


def min_default(xs):
    return min((x * x for x in xs if x > 0), default=1.0) + max(xs, key=abs) + min(xs, key=lambda v: -v)


def sum_of_nothing_is_what_it_begins_with(x: np.ndarray, y):
    parts = [x]
    total = sum(parts[1:], parts[0])
    total *= y
    return x * 1.0


def sum_of_some_is_new(x: np.ndarray, y):
    parts = [x, x * y]
    total = sum(parts[1:], parts[0])
    total *= y
    return x * total


def lists_summed_into_one(x, y):
    parts = [[x * i, y] for i in range(3)]
    joined = sum(parts, [])
    return joined[0] + joined[2] * joined[5]


def lists_summed_and_a_member_written(x: np.ndarray, y):
    joined = sum([[x], [x * y]], start=[])
    joined[0] *= 2.0
    return x * joined[1]


def tuples_summed_into_one(x, y):
    joined = sum([(x, y), (y,)], ())
    return joined[0] * joined[2] + joined[1]


V3 = np.array([1.2, -0.4, 0.8])


def keys_in_a_display(x, d: dict):
    m = [x, *d]
    return m[1] * m[0] * m[2]


def keys_beside_an_array(x, d: dict):
    s = x * 1.0
    for a, b in zip(d, x):
        s = s * a + b
    return s


def keys_into_a_list(x, d: dict):
    l = []
    l.extend(d)
    l += d
    return l[1] * l[2] * x


def keys_in_a_slice(x, d: dict):
    l = [x, x]
    l[1:] = d
    return l[1] * l[2] * l[0]


def keys_in_an_inner_target(x, d: dict):
    (a, b), c = d, x
    return a * b * c


def _product(*a):
    return a[0] * a[1]


def keys_as_arguments(x, d: dict):
    return _product(*d) * x + np.array([*d])[1]


def _by_numbers(a):
    return {0.5: a, 2.5: a * a}


def keys_of_what_a_helper_makes(x):
    h = _by_numbers(x)
    m = [x, *h]
    return m[2] * m[0] + x


def members_or_keys(x, d):
    l = []
    l.extend(d)
    (a, b), c = d, x
    return l[1] * a * b * c


X3 = np.array([0.6, 1.1, 0.3])
NUMBERED = {0.5: 1.5, 2.5: 0.2}


def keys_of_dicts_in_a_dict(x, y):
    d = {1.5: {2.5: x}, 2: {3.5: y * x}}
    s = x
    for k in d:
        for j in d[k]:
            s = s * j + d[k][j] * k
    return s


def views_of_keys_in_a_display(x, y):
    d = {1.5: x, 2.0: y * x}
    ks = [*d.keys()]
    return ks[1] * d[ks[0]] * y


def lists_made_in_a_display(x, k):
    rates = [k, *list(x), *list(k * a for a in x)]
    pair = (*tuple(x), *list(map(np.sin, x)), k)
    return sum(rates) * pair[0] + pair[-2] * pair[-1]


def best_key(d, x):
    k = max(d, key=d.get)
    worst = min(d, key=lambda name: d[name])
    return d[k] * x - d[worst] ** 2


def best_key_of_what_is_made_here(x, k):
    d = {1: x[0] * k, 0: x[1] * x[2]}
    first = max(d, key=lambda i: -i)
    return d[first] * k + d[max(d)]


def best_member_or_key(d, k):
    return max(d, key=lambda i: -i) * k


def farthest_member(d, k):
    return max(d, key=lambda v: abs(v - d[0])) * k


def longest_key(d: dict, x):
    return d[max(d, key=len)] * x + d[min(d, key=lambda name: -len(name), default="w")]


def best_key_by_another_name(x, k):
    d = {1: x[0], 0: x[1] * 3}
    e = d
    c = e.copy()
    return max(e, key=lambda i: -i) * k + d[0] * max(c, key=lambda i: i)


def _numbered(x):
    return {0: x[0], 1: x[1]}


def best_of_what_a_helper_makes(x, k):
    made = _numbered(x)
    return max(made, key=lambda i: -i) * k + made[0]


def best_of_a_row(x, k):
    rows = [[x[0], x[1] * 2], [x[2] * k]]
    return max(rows[0], key=lambda v: -v) * k + max([r[0] for r in rows], key=abs)


def best_member_beside_a_first(d, k):
    return max(d, key=lambda i: -i) * k + d[0]


def most_frequent(x, k):
    labels = [1, 2, 2, 0]
    frequent = max(set(labels), key=labels.count)
    least = min({3, 1, 2}, key=lambda i: i * i)
    return x[frequent] * k + x[least]


def best_key_of_what_is_joined(x, k):
    d = {0: x[0], 1: 2 * x[1]} | {2: k}
    e = {1: x[1]}
    e |= {0: k}
    return d[max(d, key=lambda i: -i)] * max(e, key=lambda i: -i) + e[1] * (1 + max(e, key=lambda i: i))


CASES = {
    "sum_of_nothing_is_what_it_begins_with": [(V3, 0.7)],
    "sum_of_some_is_new": [(V3, 0.7)],
    "lists_summed_into_one": [(1.3, 0.7)],
    "lists_summed_and_a_member_written": [(V3, 0.7)],
    "tuples_summed_into_one": [(1.3, 0.7)],
    "ins": [([3.0, 1.0, 2.0],)],
    "stack_machine": [(1.5, 0.7)],
    "extend_all": [([1.0, 2.0], 3.0), ((1.0, 2.0), 3.0)],
    "join": [([1.0, 2.0], 3.0)],
    "repeat": {"args": [(1.5, 3)], "wrt": 0},
    "sorting": [([3.0, 1.0, 2.0],), (np.array([3.0, 1.0, 2.0]),)],
    "sort_method": [(1.5, 0.7)],
    "sort_key": [([3.0, 1.0, 2.0],)],
    "queue": [(1.1,)],
    "reverse_list": [([3.0, 1.0, 2.0],)],
    "del_item": [([3.0, 1.0, 2.0],)],
    "two_rows": [([3.0, 1.0, 2.0], 0.3)],
    "two_rows_in_place": [([3.0, 1.0, 2.0], 0.3)],
    "rows_numpy": [([3.0, 1.0, 2.0], 0.3), (np.array([3.0, 1.0, 2.0]), 0.3)],
    "tuple_grow": [(1.5,)],
    "nested_lists": [(1.5, 0.7)],
    "rebuild": [([3.0, 1.0, 2.0],)],
    "star_display": [([3.0, 1.0, 2.0], 0.7), ((3.0, 1.0), 0.7)],
    "dicts": [({"w": 1.0, "b": 2.0}, 3.0)],
    "dict_update": [({"w": 1.0, "b": 2.0}, 0.1)],
    "dict_counts": [(1.5,)],
    "setdefault": [(1.5,)],
    "min_default": [([3.0, 1.0, -2.0],), ([-2.0, -1.0],)],
    "keys_in_a_display": [(X3, NUMBERED)],
    "keys_beside_an_array": [(X3, NUMBERED)],
    "keys_into_a_list": [(X3, NUMBERED)],
    "keys_in_a_slice": [(X3, NUMBERED)],
    "keys_in_an_inner_target": [(X3, NUMBERED)],
    "keys_as_arguments": [(X3, NUMBERED)],
    "keys_of_what_a_helper_makes": [(X3,)],
    "members_or_keys": {"args": [(X3, [1.5, 0.2]), (X3, NUMBERED)], "expect": "any"},
    "keys_of_dicts_in_a_dict": [(X3, 0.7)],
    "views_of_keys_in_a_display": [(X3, 0.7)],
    "lists_made_in_a_display": [([3.0, 1.0, 2.0], 0.7), (X3, 0.7)],
    "best_key": [({"w": 1.0, "b": 2.0}, 0.7)],
    "best_key_of_what_is_made_here": [(X3, 0.7)],
    "best_member_or_key": {"args": [(X3, 0.7), ([1.0, -2.0], 0.7), ({0: 0.3, 1: 0.8}, 0.7)], "expect": "any"},
    "farthest_member": [(X3, 0.7), ([1.0, -2.0], 0.7)],
    "longest_key": [({"w": 1.0, "bb": 2.0}, 0.7)],
    "best_key_by_another_name": [(X3, 0.7)],
    "best_of_what_a_helper_makes": {"args": [(X3, 0.7)], "expect": "any"},
    "best_of_a_row": [(X3, 0.7)],
    "best_member_beside_a_first": {"args": [(X3, 0.7), ({0: 0.3, 1: 0.8}, 0.7)], "expect": "any"},
    "most_frequent": [(X3, 0.7)],
    "best_key_of_what_is_joined": [(X3, 0.7)],
}
