"""Algorithms written out: dynamic programming, solvers, sorting, state in tuples and dicts."""

# ruff: noqa
import math
from collections import namedtuple, deque, defaultdict
from typing import List, Tuple, Dict, Optional, NamedTuple

import collections
import itertools
import numpy as np

Point = namedtuple("Point", "x y")
GAMMA = 0.9
WEIGHTS = {"a": 0.2, "b": 0.8}
MATRIX = [[1.0, 2.0], [3.0, 4.0]]


def rosen(x: List[float]) -> float:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def gradient_descent(x0, lr, steps=5):
    x = x0
    history = []
    for step in range(steps):
        grad = 2 * (x - 3) + math.cos(x)
        x -= lr * grad
        history.append(x)
    return history[-1] + sum(history) / len(history)


def value_iteration(r1, r2):
    rewards = [r1, r2, 0.5]
    values = [0.0, 0.0, 0.0]
    for sweep in range(4):
        new = values[:]
        for s in range(3):
            best = None
            for a in (-1, 1):
                t = (s + a) % 3
                q = rewards[s] + GAMMA * values[t]
                if best is None or q > best:
                    best = q
            new[s] = best
        values = new
    return values[0] + 2 * values[1]


def viterbi(obs: List[int], p: float, q: float) -> float:
    states = (0, 1)
    score = {0: math.log(0.5), 1: math.log(0.5)}
    for o in obs:
        nxt = {}
        for s in states:
            emit = math.log(p if o == s else 1 - p)
            nxt[s] = max(score[t] + math.log(q if t == s else 1 - q) for t in states) + emit
        score = nxt
    return max(score.values())


def floyd(w):
    n = len(w)
    d = [[w[i][j] for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d[0][n - 1] + d[1][0]


def dijkstra_line(costs):
    best = [math.inf] * (len(costs) + 1)
    best[0] = 0.0
    for i, c in enumerate(costs):
        for jump in (1, 2):
            if i + jump < len(best):
                best[i + jump] = min(best[i + jump], best[i] + c * jump)
    return best[-1]


def gauss_copy(a, b):
    n = len(b)
    m = [row[:] + [v] for row, v in zip(a, b)]
    for i in range(n):
        for r in range(i + 1, n):
            f = m[r][i] / m[i][i]
            for c in range(i, n + 1):
                m[r][c] -= f * m[i][c]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (m[i][n] - sum(m[i][j] * x[j] for j in range(i + 1, n))) / m[i][i]
    return x


def cholesky_lists(a: List[List[float]]) -> float:
    n = len(a)
    l = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            s = a[i][j]
            for k in range(j):
                s -= l[i][k] * l[j][k]
            if i == j:
                l[i][j] = math.sqrt(s)
            else:
                l[i][j] = s / l[j][j]
    return sum(2 * math.log(l[i][i]) for i in range(n))


def power_iteration(m, x):
    v = x
    lam = 0.0
    for _ in range(5):
        w = [sum(m[i][j] * v[j] for j in range(len(v))) for i in range(len(v))]
        lam = max(w)
        v = [e / lam for e in w]
    return lam


def named_point(x, y):
    p = Point(x * y, y)
    q = p._replace(x=p.x + 1)
    return q.x * q.y


def tuple_state(x, v):
    state = (x, v)
    for _ in range(5):
        state = step(state, 0.1)
    pos, vel = state
    return pos * vel


def step(state, dt):
    x, v = state
    return x + dt * v, v - dt * math.sin(x)


def dict_state(params):
    state = {"x": params["x0"], "v": 0.0}
    for _ in range(4):
        a = -params["k"] * state["x"]
        state["v"] += 0.1 * a
        state["x"] += 0.1 * state["v"]
    return state["x"] ** 2


def adam(x):
    m = v = 0.0
    for t in range(1, 5):
        g = 2 * x + 1
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        x -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.99**t)) + 1e-8)
    return x


def secant(a, b, c):
    x0, x1 = a, b
    f0, f1 = x0**2 - c, x1**2 - c
    count = 0
    while abs(f1) > 1e-13 and count < 50:
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        f0, f1 = f1, x1**2 - c
        count += 1
    return x1


def nested_break(xs, t):
    found = None
    for i, a in enumerate(xs):
        for j, b in enumerate(xs):
            if i == j:
                continue
            if a * b > t:
                found = a * b
                break
        if found is not None:
            break
    else:
        return t**2
    return found + t


def triple_nest(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i, n):
            if (i + j) % 2:
                continue
            k = j
            while k > 0:
                s += x ** (i + 1) / (k + 1)
                k -= 2
                if s > 50:
                    return s * x
    return s


def piecewise(x):
    if x < 0:
        return 0.0
    elif x < 1:
        y = x**2
    elif x < 2:
        y = 2 * x - 1
        if x > 1.5:
            y += (x - 1.5) ** 3
    else:
        y = math.log(x) + 3
    return y * 2


def bool_active(x, y):
    big = x > y
    both = big and y > 0
    z = x * both + y * (not both)
    return z + (x > 0) * x + int(big) * y


def ints_mixed(x, n: int):
    total = 0
    for i in range(n):
        total += i
        if i // 2 == i / 2:
            total = total + x * i
        else:
            total = total - x // 1
    return total * 1.0


def mod_angle(t):
    a = t % (2 * math.pi)
    if a > math.pi:
        a -= 2 * math.pi
    return math.copysign(a * a, a) + math.fmod(t, 2.0)


def rolling(xs, w):
    q = deque(maxlen=w)
    out = 0.0
    for x in xs:
        q.append(x)
        out += sum(q) / len(q)
    return out


def grouped(xs):
    groups = defaultdict(list)
    for i, x in enumerate(xs):
        groups[i % 2].append(x)
    return sum(groups[0]) * sum(groups[1])


def zip_longest_like(xs, ys):
    total = 0.0
    for i in range(max(len(xs), len(ys))):
        a = xs[i] if i < len(xs) else 0.0
        b = ys[i] if i < len(ys) else 1.0
        total += a * b
    return total


def string_ops(expr, x, y):
    env = {"x": x, "y": y}
    total = 0.0
    for term in expr.split("+"):
        prod = 1.0
        for name in term.strip().split("*"):
            prod *= env[name]
        total += prod
    return total


def early_in_try(x):
    if x <= 0:
        raise ValueError("x must be positive")
    result = math.log(x)
    assert result == result, "nan"
    if result > 5:
        return 5.0
    return result * x


def fold(f, xs, init):
    acc = init
    for x in xs:
        acc = f(acc, x)
    return acc


def use_fold(xs, c):
    return fold(lambda a, b: a * c + b, xs, 1.0) + fold(max, xs, -1.0)


def curry(a):
    def inner(b):
        def innermost(c):
            return a * b + c * a

        return innermost

    return inner


def use_curry(x, y):
    return curry(x)(y)(x * y)


def counter_closure(x):
    total = [0.0]

    def add(v):
        total[0] += v * x

    for i in range(3):
        add(i + x)
    return total[0]


def global_tables(x):
    s = 0.0
    for row in MATRIX:
        for m in row:
            s += m * x
            x = x * 0.9
    for k, w in WEIGHTS.items():
        s += w * x ** len(k)
    return s


def matrix_chain(dims):
    n = len(dims) - 1
    cost = [[0.0] * n for _ in range(n)]
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            cost[i][j] = min(cost[i][k] + cost[k + 1][j] + dims[i] * dims[k + 1] * dims[j + 1] for k in range(i, j))
    return cost[0][n - 1]


def swap_elements(xs):
    ys = list(xs)
    ys[0], ys[-1] = ys[-1], ys[0] * 2
    ys[1] += ys[0]
    ys[1], ys[2] = ys[2] * ys[1], ys[1]
    return ys[0] * ys[1] + ys[2]


def insertion_sort(xs):
    xs = list(xs)
    for i in range(1, len(xs)):
        key = xs[i]
        j = i - 1
        while j >= 0 and xs[j] > key:
            xs[j + 1] = xs[j]
            j -= 1
        xs[j + 1] = key
    return sum((i + 1) * v for i, v in enumerate(xs))


def quicksort(xs):
    if len(xs) <= 1:
        return xs
    pivot = xs[0]
    left = [v for v in xs[1:] if v < pivot]
    right = [v for v in xs[1:] if v >= pivot]
    return quicksort(left) + [pivot] + quicksort(right)


def use_quicksort(xs):
    s = quicksort(xs)
    return s[0] * 1 + s[1] * 2 + s[2] * 3


def tree_sum(tree):
    if isinstance(tree, (int, float)):
        return tree * tree
    left, right = tree
    return tree_sum(left) * 2 + tree_sum(right)


def use_tree(a, b, c):
    return tree_sum(((a, b), (c, (a, 1.5))))


def hanoi(n, a, b):
    if n == 0:
        return a
    return hanoi(n - 1, b, a * 1.1) + hanoi(n - 1, a + b, b) * 0.5


def sigmoid_chain(x, layers):
    for w, b in layers:
        x = 1 / (1 + math.exp(-(w * x + b)))
    return x


def while_true_cond(x):
    k = 0
    while True:
        k += 1
        if k == 2:
            continue
        x = x * 0.7 + 0.1
        if x < 0.5:
            break
        if k > 20:
            return -x
    return x * k


def simpson_adaptive(a, b, eps=1e-3, depth=6):
    def f(t):
        return math.exp(-t * t) * a

    def simpson(lo, hi):
        return (hi - lo) / 6 * (f(lo) + 4 * f((lo + hi) / 2) + f(hi))

    def go(lo, hi, whole, d):
        mid = (lo + hi) / 2
        left, right = simpson(lo, mid), simpson(mid, hi)
        if d == 0 or abs(left + right - whole) < eps:
            return left + right
        return go(lo, mid, left, d - 1) + go(mid, hi, right, d - 1)

    return go(0.0, b, simpson(0.0, b), depth)


A = [1.0, 2.5, 0.7]
SPD = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]


def paths_through_a_table(w, x):
    n, m = len(w), len(x)
    R = np.full((n + 1, m + 1), 1e3)
    R[0, 0] = 0.0
    for i, j in itertools.product(range(1, n + 1), range(1, m + 1)):
        z = np.array([R[i - 1, j], R[i, j - 1], R[i - 1, j - 1]])
        R[i, j] = (w[i - 1] - x[j - 1]) ** 2 - np.log(np.sum(np.exp(-z)))
    return R[-1, -1]


def windows_in_an_expression(w, x):
    return (np.lib.stride_tricks.sliding_window_view(x, 2) @ w[:2]).sum()


def filtered_with_a_deque(w, x):
    q = collections.deque([0.0, 0.0], maxlen=2)
    s = 0.0
    for v in x:
        s += v * w[0] + q[0] * w[1] + q[1] * w[2]
        q.append(v)
    return s


def tree_walked_back_in_place(w, x):
    n = 6
    u = np.exp((0.2 + 0.1 * np.tanh(w[1])) * np.sqrt(1 / n))
    p = (np.exp(0.05 / n) - 1 / u) / (u - 1 / u)
    v = np.maximum((1.0 + 0.1 * w[0]) * u ** np.arange(n, -n - 1, -2) - x[0], 0.0)
    for i in range(n - 1, -1, -1):
        v[: i + 1] = p * v[: i + 1] + (1 - p) * v[1 : i + 2]
    return v[0]


W4 = np.array([0.3, -0.5, 0.8, 0.1])
X4 = np.array([0.9, -0.4, 1.1])

CASES = {
    "rosen": [(A,)],
    "gradient_descent": [(1.0, 0.1)],
    "value_iteration": [(1.0, 0.3)],
    "viterbi": {"args": [([0, 1, 1, 0], 0.8, 0.7)], "wrt": ("p", "q")},
    "floyd": [([[0.1, 1.0, 5.0], [2.0, 0.2, 1.5], [3.0, 4.0, 0.3]],)],
    "dijkstra_line": [(A,)],
    "gauss_copy": [(SPD, A)],
    "cholesky_lists": [(SPD,)],
    "power_iteration": [(SPD, A)],
    "named_point": [(1.2, 0.7)],
    "tuple_state": [(1.2, 0.7)],
    "dict_state": [({"x0": 1.2, "k": 0.7},)],
    "adam": [(1.2,)],
    "secant": [(1.0, 2.0, 2.5)],
    "nested_break": [(A, 1.5), (A, 15.0)],
    "triple_nest": {"args": [(1.2, 5), (3.0, 6)], "wrt": 0},
    "piecewise": [(-1.0,), (0.5,), (1.2,), (1.7,), (3.0,)],
    "bool_active": [(1.2, 0.7), (0.2, 0.7)],
    "ints_mixed": {"args": [(1.2, 5)], "wrt": 0},
    "mod_angle": [(1.2,), (5.5,), (-2.1,)],
    "rolling": {"args": [(A, 2)], "wrt": 0},
    "grouped": [(A,)],
    "zip_longest_like": [(A, [1.0, 2.0])],
    "string_ops": {"args": [("x*y + x*x + y", 1.2, 0.7)], "wrt": ("x", "y")},
    "early_in_try": [(1.2,), (200.0,)],
    "use_fold": [(A, 0.7)],
    "use_curry": [(1.2, 0.7)],
    "counter_closure": [(1.2,)],
    "global_tables": [(1.2,)],
    "matrix_chain": [([1.0, 2.0, 1.5, 0.5, 2.0],)],
    "swap_elements": [(A,)],
    "insertion_sort": [(A,), (np.array(A),)],
    "use_quicksort": [(A,)],
    "use_tree": [(1.2, 0.7, 0.3)],
    "hanoi": {"args": [(4, 1.2, 0.7)], "wrt": ("a", "b")},
    "sigmoid_chain": [(0.5, [(1.0, 0.2), (0.3, -0.4)])],
    "while_true_cond": [(2.0,), (0.1,)],
    "simpson_adaptive": {"args": [(1.2, 2.0)], "wrt": ("a", "b")},
    "paths_through_a_table": [(W4, X4)],
    "windows_in_an_expression": [(W4, X4)],
    "filtered_with_a_deque": {"args": [(W4, X4)], "expect": "any"},
    "tree_walked_back_in_place": [(W4, X4)],
}
for (
    _name
) in (
    "dict_state gauss_copy counter_closure swap_elements named_point use_quicksort use_tree rolling grouped".split()
):  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
