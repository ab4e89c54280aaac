"""Calls, loops, branches, tuples and closures, as people write them."""

# ruff: noqa

import math
from math import *

import numpy as np
from numpy import exp as np_exp, sum as np_sum

SCALE, OFFSET = 2.0, 0.5
COEFFS = (0.5, -1.0, 0.25)
TABLE = np.array([0.1, 0.5, 0.9])
WEIGHTS: list[float] = [0.2, 0.3, 0.5]


# operators
def every_operator(x, y):
    a = x + y - x * y / (1 + x * x)
    b = x // 0.4 + x % 0.4 + -x + +y
    c = x**3 + 2**y + x**y + x**-2 + x**0.5
    return a + b * c


def chained_comparison(x, lo, hi):
    return (x - lo) ** 2 if lo <= x < hi else (hi - x) ** 2 if not x < lo else lo * x


def and_or_values(x, y):
    z = x and y
    w = (x > 10 and x) or y * 2
    return z + w * (x or 1.0)


def int_division_mix(n: int, x):
    return (n // 2) * x + (n % 3) * x**2 + (n**2) / (1 + x) + (-n) * x + (n >> 1) * x


def bitwise_flags(x, flags: int):
    total = 0.0
    for bit in range(4):
        if flags & (1 << bit):
            total += x ** (bit + 1)
    return total


def matmul_operator(A, x):
    y = A @ x
    y @= np.eye(len(y)) * 2
    return x @ A @ y


# assignment
def nested_targets(p):
    (a, b), c = p[0], p[1]
    [d, (e, *f)] = a * b, (c, a, b)
    a, b = b, a + d
    x = y = z = a * e
    x += 1
    y *= x
    return x + y + z + sum(f) + b


def annotated_locals(x: float, y: float) -> float:
    total: float = 0.0
    count: int = 3
    w: float
    w = x * y
    for k in range(count):
        total += w**k
    return total


def swap_many(a, b, c):
    for _ in range(3):
        a, b, c = c, a * 0.5 + b, a
    a, (b, c) = b, (c, a)
    return a * b + c


def star_head(v):
    *init, last = v
    head, *_ = init
    return head * last + len(init) * last


def augmented_all(x, y):
    x += y
    x -= y**2
    x *= y + 1
    x /= 1 + y * y
    x **= 2
    x %= 50.0
    return x * y


def delete_names(x):
    t = x * 2
    u = t + x
    del t
    t = u * u
    del u
    return t


# loops
def range_steps(x, n: int = 10):
    s = 0.0
    for i in range(n, 0, -3):
        s = s * x + i
    for i in range(3, 3):
        s += 1000 * x
    for i in range(-4, 5, 2):
        s += x * i**2
    return s


def loop_else(xs, limit):
    acc = 1.0
    for x in xs:
        acc *= x
        if abs(acc) > limit:
            break
    else:
        acc = acc**2
    return acc


def continue_pattern(xs):
    total, skipped = 0.0, 0
    for i, x in enumerate(xs):
        if x < 0:
            skipped += 1
            continue
        if i % 2:
            total += x
        else:
            total -= x**2
    return total / (1 + skipped)


def nested_loop_flags(m):
    best = -1e9
    for i in range(len(m)):
        row_total = 0.0
        ok = True
        for v in m[i]:
            if v < -1:
                ok = False
                break
            row_total += v * v
        if not ok:
            continue
        best = max(best, row_total)
    return best


def while_collatz_like(x):
    n = 0
    while x > 1.5 and n < 20:
        x = x / 2 if n % 2 == 0 else 0.9 * x + 0.1
        n += 1
    return x * n


def while_true_break(x, tol=1e-10):
    guess = x / 2 + 0.5
    while True:
        new = 0.5 * (guess + x / guess)
        if abs(new - guess) < tol:
            break
        guess = new
    return new


def zip_three(a, b, c):
    return sum(x * y - z for x, y, z in zip(a, b, c))


def enumerate_start(xs):
    total = 0.0
    for k, x in enumerate(xs, start=1):
        total += x / k
    return total


def reversed_list(xs):
    acc = 0.0
    for x in reversed(xs):
        acc = acc * 0.5 + x
    for i in reversed(range(len(xs))):
        acc += i * xs[i]
    return acc


def rows_of_matrix(A):
    out = 0.0
    for row in A:
        for v in row:
            out += np.sin(v)
        out *= 0.9
    return out


def columns_loop(A):
    n, m = A.shape
    norms = np.zeros(m)
    for j in range(m):
        norms[j] = np.sqrt(np.sum(A[:, j] ** 2))
    return norms


def zip_rows(A, b):
    total = 0.0
    for row, bi in zip(A, b):
        total += (row @ row - bi) ** 2
    return total


def loop_over_tuple(x):
    total = 0.0
    for name, power in (("a", 1), ("b", 2), ("c", 3)):
        if name != "b":
            total += x**power
    return total


def loop_over_items(params, x):
    total = 0.0
    for key, value in params.items():
        total += value * x if key.startswith("w") else value
    return total


def sum_while_pop(xs):
    stack = list(xs)
    acc = 1.0
    while stack:
        v = stack.pop()
        acc = acc * 0.5 + v
    return acc


# branches
def elif_ladder(x):
    if x < -1:
        y = -x
    elif x < 0:
        y = x**2
    elif x < 1:
        y = math.sin(x)
    elif x < 2:
        return x**3
    else:
        y = math.log(x)
    return 2 * y


def early_exits(x, y):
    if x > y:
        return x - y
    if x < 0:
        return x * y
    z = x * y
    if z > 1:
        return z**2
    return z + 1


def branch_on_len(xs):
    if len(xs) == 0:
        return 0.0
    if len(xs) == 1:
        return xs[0]
    if len(xs) % 2 == 0:
        return xs[0] * xs[-1]
    return sum(xs) / len(xs)


def unassigned_in_branch(x, flag: bool = True):
    if flag:
        scale = x
    y = x**2
    if flag:
        y *= scale
    return y


# calls
def _poly(x, a=1.0, b=2.0, *, c=0.0):
    return a * x**2 + b * x + c


def defaults_everywhere(x, y):
    return _poly(x) + _poly(y, 3.0) + _poly(x, b=y) + _poly(y, c=x, a=x)


def _stats(xs):
    m = sum(xs) / len(xs)
    v = sum((x - m) ** 2 for x in xs) / len(xs)
    return m, v


def tuple_result_used(xs):
    m, v = _stats(xs)
    both = _stats([x * 2 for x in xs])
    return m * both[1] + v * both[0]


def _scaled(factor, *values, power=1):
    return [factor * v**power for v in values]


def star_calls(x, y):
    vals = _scaled(x, y, x + y, power=2)
    return sum(_scaled(y, *vals)) + _scaled(*vals)[0]


def calls_before_definition(x):
    return _later(_later(x) + 1)


def _later(x):
    return _poly(x, c=0.5) if x > 0 else x


def global_constants(x):
    return SCALE * x + OFFSET + COEFFS[0] + sum(c * x**i for i, c in enumerate(COEFFS)) + TABLE[1] * x


def global_weights(v):
    return sum(w * x for w, x in zip(WEIGHTS, v)) + float(TABLE.sum()) * v[0]


def in_place_helper_call(v, k):
    def scale(a, s):
        for i in range(len(a)):
            a[i] = a[i] * s

    w = v.copy()
    scale(w, k)
    scale(w, k + 1)
    return w.sum()


def _normalize(v):
    n = np.sqrt(np.sum(v * v))
    return v / n, n


def helper_tuple_arrays(a, b):
    u, nu = _normalize(a)
    v, nv = _normalize(b)
    return np.dot(u, v) + nu * nv


def function_argument(f, x, n: int):
    for _ in range(n):
        x = f(x)
    return x


def passes_functions(x, k):
    return function_argument(math.sin, x, 2) + function_argument(lambda t: k * t * (1 - t), x, 3)


def callback_with_state(x):
    history = []

    def record(v):
        history.append(v)
        return v * 0.5

    y = x
    for _ in range(3):
        y = record(y) + 1.0
    return sum(history) + y


# closures
def closure_over_loop(x):
    fs = []
    total = 0.0
    for k in range(3):

        def g(t):
            return t * k + x

        total += g(x)
    return total


def closure_rebound(x, a):
    def f(t):
        return a * t

    y = f(x)
    a = a + 1.0
    return y + f(x)


def nested_three(x, y):
    def outer(u):
        def middle(v):
            def inner(w):
                return u * v * w + x

            return inner(v + y)

        return middle(u * 2)

    return outer(x) + outer(y)


def lambda_captures(x, y):
    f = lambda a, b=y: a * b + x
    g = lambda: f(x) * 2
    return f(y) + g() + (lambda t: t**2)(x)


def recursive_inner(x, n: int):
    def series(k):
        if k == 0:
            return 1.0
        return 1.0 + x / k * series(k - 1)

    return series(n)


def recursion_two_results(x, n: int):
    if n == 0:
        return x, 1.0
    a, b = recursion_two_results(x * 0.9, n - 1)
    return a + b * x, b * 1.1


def _even_part(x, n: int):
    return 1.0 if n == 0 else x * _odd_part(x + 0.1, n - 1)


def _odd_part(x, n: int):
    return 0.5 if n == 0 else x + _even_part(x * 1.1, n - 1)


def mutual_recursion(x):
    return _even_part(x, 5) + _odd_part(x, 4)


def recursion_on_lists(xs):
    if not xs:
        return 0.0
    return xs[0] ** 2 + 0.5 * recursion_on_lists(xs[1:])


def recursion_on_arrays(v):
    if len(v) == 1:
        return v[0]
    h = len(v) // 2
    return recursion_on_arrays(v[:h]) * 0.5 + recursion_on_arrays(v[h:]) ** 2


def recursive_power_sum(x, n: int, memo=None):
    if memo is None:
        memo = {}
    if n in memo:
        return memo[n]
    if n < 2:
        r = x
    else:
        r = recursive_power_sum(x, n - 1, memo) * 0.5 + recursive_power_sum(x, n - 2, memo) * x
    memo[n] = r
    return r


# statements kept
def documented(x):
    """Return something.

    With a long text.
    """
    # a comment
    print("x =", x)
    assert x > 0, f"x must be positive, not {x}"
    if x > 1e6:
        raise ValueError("too large")
    pass
    return np.sqrt(x)  # the root


def uses_walrus(xs):
    total = 0.0
    i = 0
    while (n := len(xs) - i) > 0:
        if (v := xs[i]) > 0.5:
            total += v * n
        i += 1
    return total + (last := xs[-1]) * last


V = np.array([0.3, 1.2, -0.7, 0.9])
S = [0.3, 1.2, -0.7, 0.9]
A = np.array([[0.3, 1.2, -0.4], [0.5, -0.2, 0.7]])
SQ = np.array([[0.3, 1.2], [0.5, -0.2]])
CASES = {
    "every_operator": [(1.3, 0.7)],
    "chained_comparison": [(0.5, 0.1, 0.9), (1.5, 0.1, 0.9), (0.05, 0.1, 0.9)],
    "and_or_values": [(1.3, 0.7), (11.0, 0.7)],
    "int_division_mix": {"args": [(5, 0.7)], "wrt": "x"},
    "bitwise_flags": [(0.7, 11)],
    "matmul_operator": [(SQ, V[:2])],
    "nested_targets": {"args": [(((1.2, 0.7), 0.3),)], "expect": "any"},
    "annotated_locals": [(1.2, 0.7)],
    "swap_many": [(1.2, 0.7, 0.3)],
    "star_head": [(S,)],
    "augmented_all": [(1.237, 0.711)],
    "delete_names": [(1.2,)],
    "range_steps": [(0.7,)],
    "loop_else": [(S, 0.2), (S, 5.0)],
    "continue_pattern": [(S,), (V,)],
    "nested_loop_flags": [([[0.3, 0.5], [-2.0, 1.0], [0.7, -0.8]],)],
    "while_collatz_like": [(9.0,)],
    "while_true_break": {"args": [(3.0,)], "wrt": "x", "tolerance": 1e-6},
    "zip_three": [(S, S[::-1], [1.0, 2.0, 3.0])],
    "enumerate_start": [(S,), (V,)],
    "reversed_list": [(S,), (V,)],
    "rows_of_matrix": [(A,)],
    "columns_loop": [(A,)],
    "zip_rows": [(A, V[:2])],
    "loop_over_tuple": [(0.7,)],
    "loop_over_items": [({"w1": 0.3, "b": 0.7, "w2": 1.1}, 0.4)],
    "sum_while_pop": [(S,)],
    "elif_ladder": [(-2.0,), (-0.5,), (0.5,), (1.5,), (2.5,)],
    "early_exits": [(2.0, 1.0), (-1.0, 1.0), (1.5, 2.0), (0.5, 0.7)],
    "branch_on_len": [(S,), (S[:3],), (S[:1],)],
    "unassigned_in_branch": [(0.7,), (0.7, False)],
    "defaults_everywhere": [(0.7, 0.3)],
    "tuple_result_used": [(S,)],
    "star_calls": [(0.7, 0.3)],
    "calls_before_definition": [(0.7,)],
    "global_constants": [(0.7,)],
    "global_weights": [(S[:3],), (V[:3],)],
    "in_place_helper_call": [(V, 0.7)],
    "helper_tuple_arrays": [(V, V[::-1].copy() + 1)],
    "passes_functions": [(0.7, 2.1)],
    "callback_with_state": [(0.7,)],
    "closure_over_loop": [(0.7,)],
    "closure_rebound": [(0.7, 0.3)],
    "nested_three": [(0.7, 0.3)],
    "lambda_captures": [(0.7, 0.3)],
    "recursive_inner": {"args": [(0.7, 5)], "wrt": "x"},
    "recursion_two_results": {"args": [(0.7, 4)], "wrt": "x"},
    "mutual_recursion": [(0.7,)],
    "recursion_on_lists": [(S,)],
    "recursion_on_arrays": [(V,)],
    "recursive_power_sum": {"args": [(0.7, 5)], "wrt": "x"},
    "documented": [(0.7,)],
    "uses_walrus": [(S,), (V,)],
}

for _name in "recursive_power_sum".split():  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
