"""Loops of every kind over numbers, lists and arrays."""

# ruff: noqa

import math

import numpy as np


def power_loop(x, n=5):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


def geometric(x, n: int):
    total = 0.0
    term = 1.0
    for k in range(n):
        total += term
        term *= x
    return total


def ranges(x):
    s = 0.0
    for i in range(3, 10, 2):
        s += x**i / i
    for i in range(10, 0, -3):
        s = s * 0.5 + i * x
    for i in range(5, 5):
        s = s * 100
    for i in range(3, -2):
        s = s * 100
    for i in range(-4, 4):
        s += math.sin(i * x)
    return s


def loop_variable_after(x):
    i = 0
    for i in range(4):
        x = x * 1.1
    return x * i


def newton_sqrt(a):
    x = a
    while abs(x * x - a) > 1e-13 * a:
        x = 0.5 * (x + a / x)
    return x


def collatz_like(x):
    steps = 0
    while x > 1.0:
        if int(x) % 2 == 0:
            x = x / 2.0
        else:
            x = x * 0.3 + 0.2
        steps += 1
        if steps > 50:
            break
    return x + steps


def break_and_continue(x, n: int = 10):
    total = 0.0
    for i in range(n):
        if i % 3 == 1:
            continue
        total = total * x + i
        if total > 20:
            break
    return total


def nested_break(x):
    total = 1.0
    for i in range(5):
        for j in range(5):
            if j > i:
                break
            if (i + j) % 3 == 0:
                continue
            total = total * x + j
            if total > 30:
                break
        else:
            total = total + x
            continue
        total *= 0.9
    return total


def for_else(values, threshold):
    for v in values:
        if v > threshold:
            found = v * v
            break
    else:
        found = threshold * 3.0
    return found


def while_else(x):
    n = 0
    while n < 5:
        x = x * 1.5
        n += 1
        if x > 40:
            break
    else:
        x = x - 1.0
    return x * x


def return_inside_loop(x):
    for i in range(10):
        x = x * 1.3
        if x > 5:
            return x * i
    return x - 1


def return_inside_nested(x, y):
    for i in range(4):
        for j in range(4):
            x = x + i * y
            if x * y > 6:
                return x * j + y
        y = y * 1.1
    return x * y


def while_true(x, tol=1e-8):
    total = 0.0
    term = x
    k = 1
    while True:
        total += term
        k += 2
        term = -term * x * x / (k * (k - 1))
        if abs(term) < tol:
            return total


def zip_loop(xs, ws):
    total = 0.0
    for x, w in zip(xs, ws):
        total += w * x**2
    return total


def enumerate_loop(xs):
    total = 0.0
    for i, x in enumerate(xs):
        total += (i + 1) * x
    for k, v in enumerate(xs, start=3):
        total *= 1 + v / k
    return total


def reversed_loop(coefficients, x):
    result = 0.0
    for c in reversed(coefficients):
        result = result * x + c
    return result


def nested_zip(a, b, c):
    s = 0.0
    for i, (x, (y, z)) in enumerate(zip(a, zip(b, c))):
        s += i * x * y - z
    return s


def zip_strict_lengths(a, b):
    s = 1.0
    for u, v in zip(a, b[1:]):
        s = s * (u + v)
    return s


def list_of_tuples(x):
    s = 0.0
    for scale, shift in [(1.0, 0.5), (2.0, -0.5), (0.1, 3.0)]:
        s = s + scale * (x - shift) ** 2
    return s


def loop_over_literal(x, y):
    product = 1.0
    for v in (x, y, x * y, 2.0):
        product *= v + 1
    return product


def loop_over_array(x):
    s = 0.0
    for v in x:
        s = s + v * math.sin(v)
    return s


def loop_over_rows(m, v):
    total = 0.0
    for row in m:
        total += np.dot(row, v) ** 2
    return total


def loop_over_columns(m):
    total = 1.0
    for column in m.T:
        total = total * np.sum(column**2)
    return total


def zero_trip(x, n: int):
    y = x
    for i in range(n):
        y = y * x
        z = y + i
    while y > 1e6:
        y = y / 2
    return y


def lagged(x):
    prev = 0.0
    cur = x
    for k in range(1, 8):
        prev, cur = cur, cur * 0.5 + prev * x / k
    return cur - prev


def accumulate_in_branch(xs):
    positive = negative = 0.0
    for v in xs:
        if v > 0:
            positive += v * v
        elif v < 0:
            negative += v
        else:
            continue
    return positive * negative


def triple_nest(x, y):
    s = 0.0
    for i in range(3):
        for j in range(i, 3):
            for k in range(j + 1):
                s += x ** (i + 1) * y ** (j + 1) / (k + 1)
                y = y * 0.99
    return s


def countdown(x, n: int = 6):
    while n:
        x = x + math.cos(x) / n
        n -= 1
    return x


def while_with_two_exits(x, y):
    n = 0
    while x < 100 and y > 0.01:
        x = x * 1.7 + y
        y = y * 0.6
        n += 1
        if n == 7:
            break
        if x > 60:
            y = y + 0.001
            continue
        y = y + 0.1
    return x * y


def best_so_far(xs):
    best = xs[0]
    index = 0
    for i in range(1, len(xs)):
        if xs[i] < best:
            best = xs[i]
            index = i
    return best * (index + 1)


def loop_changes_bound(x):
    n = 3
    s = 0.0
    for i in range(n):
        n = n + 5
        s += x * n
    return s


def loop_variable_overwritten(x):
    s = 0.0
    for i in range(5):
        i = i * i
        s += i * x
    return s


def running_minmax(x):
    low = high = x[0]
    for v in x[1:]:
        low = min(low, v)
        high = max(high, v)
    return high - low * low


def step_by_float(x0, x1, n: int):
    h = (x1 - x0) / n
    s = 0.0
    x = x0
    while x < x1 - 0.5 * h:
        s += h * math.exp(-x)
        x += h
    return s


CASES = {
    "power_loop": [(1.3,), (0.7, 3)],
    "geometric": [(0.6, 7), (0.6, 0)],
    "ranges": [(0.7,)],
    "loop_variable_after": [(0.7,)],
    "newton_sqrt": [(2.3,), (130.0,)],
    "collatz_like": [(9.7,), (0.5,), (33.3,)],
    "break_and_continue": [(1.4,), (0.3,), (0.3, 0)],
    "nested_break": [(1.4,), (0.6,), (2.7,)],
    "for_else": [([0.1, 0.9, 0.5], 0.3), ([0.1, 0.2], 0.3), ([], 0.7)],
    "while_else": [(1.7,), (20.0,)],
    "return_inside_loop": [(1.7,), (0.1,)],
    "return_inside_nested": [(1.1, 0.8), (0.1, 0.1)],
    "while_true": [(0.9,), (2.1,)],
    "zip_loop": [([1.0, 2.0, -1.5], [0.3, 0.4, 0.5]), (np.array([1.0, 2.0]), np.array([0.3, 0.4]))],
    "enumerate_loop": [(np.array([1.0, 2.0, -1.5]),), ([0.3, 0.5],)],
    "reversed_loop": [([1.0, 2.0, -1.5], 0.7), (np.array([1.0, 2.0, 0.5]), 1.7)],
    "nested_zip": [([1.0, 2.0], [3.0, 4.0], [0.5, 0.6])],
    "zip_strict_lengths": [(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.6, 0.7])), ([1.0, 2.0], [0.1, 0.2])],
    "list_of_tuples": [(1.1,)],
    "loop_over_literal": [(1.1, 0.6)],
    "loop_over_array": [(np.array([1.0, 0.4, -2.0]),), (np.array([]),)],
    "loop_over_rows": [(np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.1]]), np.array([0.3, 0.9]))],
    "loop_over_columns": [(np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.1]]),)],
    "zero_trip": [(1.2, 3), (1.2, 0)],
    "lagged": [(0.8,)],
    "accumulate_in_branch": [(np.array([1.0, -0.4, 2.0, -3.0, 0.5]),), ([1.0, -2.0],)],
    "triple_nest": [(0.8, 1.1)],
    "countdown": [(0.8,), (0.8, 0)],
    "while_with_two_exits": [(0.8, 0.9), (30.0, 0.3)],
    "best_so_far": [(np.array([1.0, -0.4, 2.0, -3.0, 0.5]),), ([1.0, 2.0],)],
    "loop_changes_bound": [(1.1,)],
    "loop_variable_overwritten": [(1.1,)],
    "running_minmax": [(np.array([1.0, -0.4, 2.0, -3.0, 0.5]),)],
    "step_by_float": [(0.0, 1.0, 5)],
}
