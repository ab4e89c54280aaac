"""Programs as beginners write them."""

# ruff: noqa

from math import *

import numpy as np

G = 9.81
RATES = [0.01, 0.02, 0.05]
TABLE = {"a": 1.0, "b": 2.5}


def newton_sqrt(a):
    # start somewhere
    x = a
    while abs(x * x - a) > 1e-12:
        x = 0.5 * (x + a / x)
    return x


def bisect(a, b, c):
    lo = 0.0
    hi = 2.0
    # iterate until the interval is small
    for k in range(60):
        mid = (lo + hi) / 2
        if a * mid + b * mid**3 - c > 0:
            hi = mid
        else:
            lo = mid
    # one newton step so that the derivative exists
    mid = (lo + hi) / 2
    return mid - (a * mid + b * mid**3 - c) / (a + 3 * b * mid**2)


def projectile(v, angle):
    x = 0
    y = 0
    vx = v * cos(angle)
    vy = v * sin(angle)
    dt = 0.05
    while y >= 0:
        x += vx * dt
        y += vy * dt
        vy -= G * dt
    return x


def compound(principal, rate, years=3):
    total = principal
    for year in range(1, years + 1):
        total = total * (1 + rate)
        if year % 2 == 0:
            total += 10
        print("year", year, f"total {total:.2f}")
    return total


def horner(coeffs, x):
    result = 0
    for c in reversed(coeffs):
        result = result * x + c
    return result


def cont_frac(x, n=8):
    result = 0.0
    for i in range(n, 0, -1):
        result = x / (i + result)
    return result


def fact_exp(x):
    term = 1
    total = 1
    n = 0
    while True:
        n += 1
        term = term * x / n
        total += term
        if abs(term) < 1e-14:
            return total


def my_sort(values):
    values = list(values)
    n = len(values)
    for i in range(n):
        for j in range(0, n - i - 1):
            if values[j] > values[j + 1]:
                values[j], values[j + 1] = values[j + 1], values[j]
    return values[0] + 2 * values[1] + 3 * values[2] ** 2


def median_of(values):
    s = []
    for v in values:
        i = 0
        while i < len(s) and s[i] < v:
            i += 1
        s.insert(i, v)
    n = len(s)
    if n % 2 == 1:
        return s[n // 2]
    return (s[n // 2 - 1] + s[n // 2]) / 2


def gcd_like(x, y):
    # euclid with floats
    while y > 0.15:
        x, y = y, x % y
    return x


def collatz_weight(x, n):
    w = x
    while n != 1:
        if n % 2:
            n = 3 * n + 1
            w = w * 1.1
        else:
            n = n // 2
            w = w - 0.01 * x
    return w


def dist(p, q):
    total = 0
    for a, b in zip(p, q):
        total += (a - b) ** 2
    return sqrt(total)


def mean_std(data):
    n = len(data)
    mean = sum(data) / n
    var = sum((x - mean) ** 2 for x in data) / (n - 1)
    return mean, sqrt(var)


def grades(score):
    if score > 90:
        grade = "A"
        bonus = score * 2
    elif score > 80:
        grade = "B"
        bonus = score * 1.5
    elif score > 70:
        grade = "C"
        bonus = score
    else:
        grade = "F"
    if grade == "F":
        bonus = 0.1 * score**2
    return bonus


def tax(income):
    brackets = [(0, 0.1), (10, 0.2), (40, 0.3), (80, 0.4)]
    owed = 0
    for i in range(len(brackets)):
        low, r = brackets[i]
        if i + 1 < len(brackets):
            high = brackets[i + 1][0]
        else:
            high = 1e9
        if income > low:
            owed += (min(income, high) - low) * r
    return owed


def table_lookup(x, y):
    s = 0
    for key in TABLE:
        s += TABLE[key] * x
    for key, value in TABLE.items():
        s = s + value * y**2
    for r in RATES:
        s = s * (1 + r)
    return s


def matmul_lists(a, b):
    n = len(a)
    m = len(b[0])
    c = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    total = 0
    for row in c:
        for v in row:
            total += v * v
    return total


def det3(m):
    (a, b, c), (d, e, f), (g, h, i) = m
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def gauss(a, b):
    n = len(b)
    a = [row[:] for row in a]
    b = b[:]
    for i in range(n):
        # pivot
        p = i
        for r in range(i + 1, n):
            if abs(a[r][i]) > abs(a[p][i]):
                p = r
        a[i], a[p] = a[p], a[i]
        b[i], b[p] = b[p], b[i]
        for r in range(i + 1, n):
            f = a[r][i] / a[i][i]
            for c in range(i, n):
                a[r][c] -= f * a[i][c]
            b[r] -= f * b[i]
    x = [0] * n
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n):
            s -= a[i][j] * x[j]
        x[i] = s / a[i][i]
    return x


def knapsack(v1, v2, v3):
    values = [v1, v2, v3]
    weights = [1, 2, 3]
    cap = 5
    best = [0.0] * (cap + 1)
    for v, w in zip(values, weights):
        for c in range(cap, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[cap]


def edit_distance(s, t, cost):
    m, n = len(s), len(t)
    d = [[0 for _ in range(n + 1)] for _ in range(m + 1)]
    for i in range(m + 1):
        d[i][0] = i * cost
    for j in range(n + 1):
        d[0][j] = j * cost
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            if s[i - 1] == t[j - 1]:
                d[i][j] = d[i - 1][j - 1]
            else:
                d[i][j] = min(d[i - 1][j] + cost, d[i][j - 1] + cost, d[i - 1][j - 1] + 1.5 * cost**2)
    return d[m][n]


def lis(xs):
    n = len(xs)
    best = [x for x in xs]
    for i in range(n):
        for j in range(i):
            if xs[j] < xs[i] and best[j] + xs[i] > best[i]:
                best[i] = best[j] + xs[i]
    return max(best)


def poly_list(x, n):
    terms = []
    for k in range(n):
        if k % 3 == 1:
            continue
        terms.append(x**k / (k + 1))
    s = 0
    for t in terms:
        s += t
    return s


def first_over(xs, limit):
    for i, x in enumerate(xs):
        if x > limit:
            break
    else:
        return limit * 2
    return x * limit + i


def while_else(x):
    n = 0
    while x < 100:
        x = x * 3
        n += 1
        if n > 10:
            break
    else:
        x = x / 7
    return x


def search_grid(m, target):
    for i in range(len(m)):
        for j in range(len(m[i])):
            if m[i][j] > target:
                return m[i][j] * target
    return target


def fib_float(n, a, b):
    if n == 0:
        return a
    if n == 1:
        return b
    return fib_float(n - 1, a, b) + 0.5 * fib_float(n - 2, a, b)


def is_even(n, x):
    if n == 0:
        return x
    return is_odd(n - 1, x * 1.5)


def is_odd(n, x):
    if n == 0:
        return -x
    return is_even(n - 1, sin(x))


def ack_power(x, n):
    # fast power
    if n == 0:
        return 1
    half = ack_power(x, n // 2)
    if n % 2 == 0:
        return half * half
    else:
        return half * half * x


def memo_fib(x):
    memo = {}
    memo[0] = x
    memo[1] = x * x
    for i in range(2, 8):
        memo[i] = memo[i - 1] + 0.3 * memo[i - 2]
    return memo[7]


def bmi_report(weight, height):
    """Compute the bmi.

    And print it.
    """
    bmi = weight / height**2
    if bmi < 18.5:
        msg = "under"
    elif 18.5 <= bmi < 25:
        msg = "ok"
    else:
        msg = "over"
    print(f"bmi is {bmi:.1f}: {msg}")
    print("done", end="\n\n")
    return bmi


def guess(a, b, c):
    disc = b**2 - 4 * a * c
    if disc < 0:
        raise ValueError("no roots for %s %s %s" % (a, b, c))
    elif disc == 0:
        return -b / (2 * a), -b / (2 * a)
    else:
        return (-b + sqrt(disc)) / (2 * a), (-b - sqrt(disc)) / (2 * a)


def temp_convert(t, unit):
    assert unit in ("C", "F"), "bad unit"
    if unit == "C":
        return t * 9 / 5 + 32
    return (t - 32) * 5 / 9


def chars(text, x):
    total = 0.0
    for ch in text:
        if ch == "a":
            total += x
        elif ch in "bcd":
            total *= x
        else:
            pass
    return total


def moving_average(xs, k):
    out = []
    for i in range(len(xs) - k + 1):
        window = xs[i : i + k]
        out.append(sum(window) / k)
    return out


def running_max(xs):
    best = xs[0]
    out = [best]
    for x in xs[1:]:
        if x > best:
            best = x
        out = out + [best]
    return out


def trapezoid(a, b, n=10):
    def f(x):
        return exp(-x * x) * a

    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h


def simpson(f, a, b, n):
    h = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        if i % 2 == 0:
            s += 2 * f(a + i * h)
        else:
            s += 4 * f(a + i * h)
    return s * h / 3


def use_simpson(k, b):
    return simpson(lambda x: sin(k * x), 0, b, 8)


def rk4(f, y, t, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def logistic_ode(y0, r):
    y = y0
    t = 0.0
    h = 0.1
    while t < 1.0:
        y = rk4(lambda t, y: r * y * (1 - y), y, t, h)
        t += h
    return y


CASES = {
    "newton_sqrt": [(2.0,), (9.5,)],
    "bisect": [(1.0, 0.7, 1.2)],
    "projectile": [(10.0, 0.7)],
    "compound": [(100.0, 0.05), (100.0, 0.05, 6)],
    "horner": [([1.0, 2.0, -0.5], 1.3), ((1.0, 2.0, -0.5), 1.3), (np.array([1.0, 2.0, 3.0]), 0.4)],
    "cont_frac": [(1.2,), (0.4, 3), (0.4, 0)],
    "fact_exp": [(1.1,), (-0.5,)],
    "my_sort": [([3.0, 1.0, 2.0],), (np.array([0.3, 0.9, 0.1]),)],
    "median_of": [([3.0, 1.0, 2.0],), ([3.0, 1.0, 2.0, 5.5],)],
    "gcd_like": [(7.3, 2.1)],
    "collatz_weight": {"args": [(1.3, 6), (1.3, 1)], "wrt": 0},
    "dist": [([1.0, 2.0], [4.0, 6.5])],
    "mean_std": [([1.0, 2.0, 4.0],)],
    "grades": [(95.0,), (85.0,), (75.0,), (10.0,)],
    "tax": [(5.0,), (25.0,), (100.0,)],
    "table_lookup": [(1.2, 0.7)],
    "matmul_lists": [([[1.0, 2.0], [3.0, 4.0]], [[0.5, 1.0], [1.5, -1.0]])],
    "det3": [
        ([[1.0, 2.0, 0.5], [3.0, 4.0, -1.0], [0.3, 0.2, 0.9]],),
        (np.array([[1.0, 2.0, 0.5], [3.0, 4.0, -1.0], [0.3, 0.2, 0.9]]),),
    ],
    "gauss": {"args": [([[1.0, 2.0, 0.5], [3.0, 4.0, -1.0], [0.3, 0.2, 0.9]], [1.0, 2.0, 3.0])], "expect": "any"},
    "knapsack": [(1.0, 2.5, 2.7)],
    "edit_distance": {"args": [("kitten", "sitting", 1.2)], "wrt": "cost"},
    "lis": [([1.0, 3.0, 2.0, 4.0],)],
    "poly_list": {"args": [(1.1, 6), (1.1, 0)], "wrt": 0},
    "first_over": [([1.0, 2.0, 5.0], 1.5), ([1.0, 2.0, 5.0], 7.5)],
    "while_else": [(1.5,), (200.0,), (1e-7,)],
    "search_grid": [([[1.0, 2.0], [3.0, 4.0]], 2.5), ([[1.0, 2.0], [3.0, 4.0]], 20.5)],
    "fib_float": {"args": [(5, 1.1, 0.9)], "wrt": (1, 2)},
    "is_even": {"args": [(5, 0.4), (4, 0.4)], "wrt": 1},
    "ack_power": {"args": [(1.3, 11), (1.3, 0)], "wrt": 0},
    "memo_fib": [(1.2,)],
    "bmi_report": [(70.0, 1.8)],
    "guess": [(1.0, 5.0, 2.0)],
    "temp_convert": {"args": [(20.0, "C"), (70.0, "F")], "wrt": 0},
    "chars": {"args": [("abacd", 1.3)], "wrt": 1},
    "moving_average": {"args": [([1.0, 2.0, 4.0, 7.0], 2)], "wrt": 0},
    "running_max": [([1.0, 0.5, 4.0, 3.0],)],
    "trapezoid": [(0.3, 1.7)],
    "use_simpson": [(1.2, 2.0)],
    "logistic_ode": [(0.2, 1.5)],
}
