"""Recursion and containers, as people write them."""

# ruff: noqa

import functools
import itertools
import math
import operator
from collections import defaultdict, namedtuple
from functools import partial, reduce
from typing import Callable, Optional

import numpy as np

Point = namedtuple("Point", "x y")
Fit = namedtuple("Fit", ["slope", "intercept", "error"])
CONFIG = {"gain": 0.7, "bias": 0.1, "order": 3}


def fib_weighted(n: int, a, b):
    if n == 0:
        return a
    if n == 1:
        return b
    return fib_weighted(n - 1, a, b) + 0.5 * fib_weighted(n - 2, a, b)


def tree_sum(tree, decay):
    value, children = tree
    total = value
    for child in children:
        total += decay * tree_sum(child, decay)
    return total


def binary_tree_depth(node, w):
    if node is None:
        return 0.0
    left, value, right = node
    return w * value + max(binary_tree_depth(left, w), binary_tree_depth(right, w))


def ping(n: int, x):
    return x if n <= 0 else math.sin(pong(n - 1, x * 1.1))


def pong(n: int, x):
    if n <= 0:
        return x * x
    return 0.5 * ping(n - 1, x) + x


def mutual(x):
    return ping(5, x) + pong(4, x)


def ackermann_like(m: int, n: int, x):
    if m == 0:
        return x + n
    if n == 0:
        return ackermann_like(m - 1, 1, x * 1.5)
    return ackermann_like(m - 1, n - 1, x) + ackermann_like(m, n - 1, 0.5 * x)


def merge_sort(xs):
    if len(xs) <= 1:
        return xs
    mid = len(xs) // 2
    left, right = merge_sort(xs[:mid]), merge_sort(xs[mid:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


def trimmed_by_merge(xs, k: int = 1):
    s = merge_sort(xs)
    return sum(s[k:-k]) / (len(s) - 2 * k)


def power_by_squaring(x, n: int):
    if n == 0:
        return 1.0
    half = power_by_squaring(x, n // 2)
    return half * half if n % 2 == 0 else half * half * x


def flatten(nested):
    out = []
    for item in nested:
        if isinstance(item, list):
            out.extend(flatten(item))
        else:
            out.append(item)
    return out


def flatten_norm(nested):
    return math.sqrt(sum(v * v for v in flatten(nested)))


def evaluate(expr, x):
    if isinstance(expr, (int, float)):
        return expr
    if expr == "x":
        return x
    op, left, right = expr
    a, b = evaluate(left, x), evaluate(right, x)
    if op == "+":
        return a + b
    if op == "*":
        return a * b
    if op == "^":
        return a**b
    raise ValueError(op)


def combinations_sum(xs, k: int, start: int = 0):
    if k == 0:
        return 1.0
    total = 0.0
    for i in range(start, len(xs)):
        total += xs[i] * combinations_sum(xs, k - 1, i + 1)
    return total


def tree_fold(xs, op):
    if len(xs) == 1:
        return xs[0]
    m = len(xs) // 2
    return op(tree_fold(xs[:m], op), tree_fold(xs[m:], op))


def folded_products(xs, k):
    return tree_fold(xs, lambda a, b: a * b + k * (a + b))


# containers
def params_dict(params, x):
    y = params["a"] * x**2 + params["b"] * x
    if "c" in params:
        y += params["c"]
    return y + params.get("d", 1.0)


def nested_params(model, x):
    h = x
    for layer in model["layers"]:
        h = math.tanh(layer["w"] * h + layer["b"])
    return model["scale"] * h


def update_params(params, grads, lr=0.1):
    return {k: params[k] - lr * grads[k] for k in params}


def train_dict(w, b):
    params = {"w": w, "b": b}
    data = [(1.0, 2.0), (2.0, 3.5)]
    for _ in range(3):
        grads = {"w": 0.0, "b": 0.0}
        for x, y in data:
            e = params["w"] * x + params["b"] - y
            grads["w"] += 2 * e * x
            grads["b"] += 2 * e
        params = update_params(params, grads, lr=0.05)
    return params


def group_by_label(values, labels):
    groups = defaultdict(list)
    for v, l in zip(values, labels):
        groups[l].append(v)
    means = {k: sum(g) / len(g) for k, g in groups.items()}
    return sum(m**2 for m in means.values())


def setdefault_groups(values, labels):
    groups = {}
    for v, l in zip(values, labels):
        groups.setdefault(l, []).append(v)
    return max(sum(g) for g in groups.values())


def fit_record(xs, ys):
    n = len(xs)
    mx = sum(xs) / n
    my = sum(ys) / n
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
    intercept = my - slope * mx
    error = sum((y - slope * x - intercept) ** 2 for x, y in zip(xs, ys))
    return Fit(slope, intercept, error)


def use_fit(xs, ys):
    fit = fit_record(xs, ys)
    return fit.slope * 2.0 + fit.intercept - fit.error


def points_perimeter(coords):
    pts = [Point(*c) for c in coords]
    total = 0.0
    for p, q in zip(pts, pts[1:] + [pts[0]]):
        total += math.hypot(p.x - q.x, p.y - q.y)
    return total


def stack_machine(program, x):
    stack = []
    for token in program:
        if token == "x":
            stack.append(x)
        elif token in ("+", "*", "-"):
            b = stack.pop()
            a = stack.pop()
            stack.append(a + b if token == "+" else a * b if token == "*" else a - b)
        elif token == "sin":
            stack.append(math.sin(stack.pop()))
        else:
            stack.append(float(token))
    return stack[-1]


def matrix_of_lists(n: int, a, b):
    m = [[0.0 for _ in range(n)] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            m[i][j] = a * i + b * j if i != j else a * b
    m[0], m[-1] = m[-1], m[0]
    return [sum(row) for row in m]


def pascal(n: int, x):
    rows = [[1.0]]
    for i in range(n):
        prev = rows[-1]
        rows.append([1.0] + [prev[k] * x + prev[k + 1] for k in range(len(prev) - 1)] + [x])
    return sum(rows[-1])


def memo_dict(n: int, x):
    memo = {0: 1.0, 1: x}

    def go(k):
        if k in memo:
            return memo[k]
        memo[k] = 2 * x * go(k - 1) - go(k - 2)
        return memo[k]

    return go(n)


def list_of_pairs_sorted(items):
    ranked = sorted(items, key=lambda p: p[1], reverse=True)
    best, second = ranked[0], ranked[1]
    return best[0] * second[1] + ranked[-1][0]


def argsort_weights(xs, ws):
    order = sorted(range(len(xs)), key=lambda i: xs[i])
    acc = 0.0
    for rank, i in enumerate(order, start=1):
        acc += rank * ws[i] * xs[i]
    return acc


def rotate(xs, k: int):
    k %= len(xs)
    ys = xs[k:] + xs[:k]
    ys[0], ys[-1] = ys[-1] * 2, ys[0]
    return ys


def slice_assign(xs):
    ys = list(xs)
    ys[1:3] = [ys[2] * 2, ys[1] * 3]
    ys[:1] = [ys[0], 1.0]
    del ys[-1]
    return sum((i + 1) * y for i, y in enumerate(ys))


def sort_in_place(xs):
    ys = list(xs)
    ys.sort()
    return ys[0] + 2 * ys[-1]


def sort_in_place_reverse(xs):
    ys = [x**2 for x in xs]
    ys.sort(reverse=True)
    return sum(y / (i + 1) for i, y in enumerate(ys))


def sort_array_in_place(x):
    y = x.copy()
    y.sort()
    return np.sum(y * np.arange(len(y)))


def remove_outliers(xs, limit):
    kept = [x for x in xs if abs(x) < limit]
    while len(kept) > 2:
        worst = max(kept, key=abs)
        kept.remove(worst)
    return sum(kept)


S = [0.3, 1.2, -0.7, 0.9]
TREE = (1.0, [(0.5, []), (2.0, [(0.3, []), (0.8, [])])])
BIN = ((None, 0.5, None), 1.0, ((None, 2.0, None), 0.3, None))


def turn_of(a, x, n: int):
    a[0] = a[0] * x + 0.5
    if n > 0:
        other_turn(a, x, n - 1)


def other_turn(a, x, n: int):
    if n > 0:
        turn_of(a, x, n - 1)


def writes_in_turn(x):
    a = np.ones(2)
    turn_of(a, x, 1)
    s = a[0] ** 2
    other_turn(a, x, 2)
    return a[0] * s


def first_calls(a, x, n: int):
    if n > 0:
        then_writes(a, x, n - 1)


def then_writes(a, x, n: int):
    if n > 0:
        first_calls(a, x, n - 1)
    a[0] = a[0] * x + 0.5


def writes_after_its_turn(x):
    a = np.ones(2)
    then_writes(a, x, 1)
    s = a[0] ** 2
    first_calls(a, x, 2)
    return a[0] * s


def product_of_popped(q, x):
    j = q.pop()
    if q:
        return x[j] * product_of_popped(q, x)
    return x[j]


def pops_until_empty(x):
    q, r = [0, 1, 2, 1], [2, 2]
    return product_of_popped(q, x) + product_of_popped(r, x**2) * (1 + len(q))


CASES = {
    "fib_weighted": [(5, 1.2, 0.7)],
    "tree_sum": [(TREE, 0.7)],
    "binary_tree_depth": [(BIN, 0.7)],
    "mutual": [(0.6,)],
    "writes_in_turn": [(0.6,)],
    "writes_after_its_turn": [(0.6,)],
    "pops_until_empty": [(np.array([0.4, 1.3, -0.7]),)],
    "ackermann_like": {"args": [(2, 2, 0.7)], "wrt": "x"},
    "trimmed_by_merge": [(S,)],
    "power_by_squaring": {"args": [(1.3, 5)], "wrt": "x"},
    "flatten_norm": [([1.0, [2.0, [0.5]], 3.0],)],
    "evaluate": {"args": [(("+", ("*", 2.0, "x"), ("^", "x", 3)), 1.3)], "wrt": "x"},
    "combinations_sum": [(S, 2)],
    "folded_products": [(S, 0.3)],
    "params_dict": [({"a": 1.0, "b": 2.0, "c": 0.3}, 0.7), ({"a": 1.0, "b": 2.0, "d": 0.3}, 0.7)],
    "nested_params": [({"layers": [{"w": 0.3, "b": 0.1}, {"w": 0.7, "b": -0.2}], "scale": 2.0}, 0.5)],
    "train_dict": [(0.5, 0.1)],
    "group_by_label": {"args": [(S, ["a", "b", "a", "b"])], "wrt": "values"},
    "setdefault_groups": {"args": [(S, ["a", "b", "a", "b"])], "wrt": "values"},
    "use_fit": [(S, [1.0, 2.0, 0.5, 1.5])],
    "points_perimeter": [([(0.0, 0.1), (2.0, 0.2), (1.5, 1.5)],)],
    "stack_machine": {"args": [(["x", "2", "*", "sin", "x", "+"], 0.7)], "wrt": "x"},
    "matrix_of_lists": [(3, 0.5, 0.7)],
    "pascal": [(4, 0.7)],
    "memo_dict": [(5, 0.7)],
    "list_of_pairs_sorted": [([(1.0, 0.3), (2.0, 0.9), (3.0, 0.5)],)],
    "argsort_weights": [(S, [1.0, 2.0, 0.5, 1.5])],
    "rotate": [(S, 5)],
    "slice_assign": [(S,)],
    "sort_in_place": [(S,)],
    "sort_in_place_reverse": [(S,)],
    "sort_array_in_place": [(np.array(S),)],
    "remove_outliers": [(S, 1.0), (S, 5.0)],
}
for (
    _name
) in "tree_sum group_by_label setdefault_groups use_fit points_perimeter stack_machine sort_array_in_place remove_outliers".split():  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
