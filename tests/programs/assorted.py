"""Root finding, quadrature, interpolation, geometry, finance, dynamic programming and odd corners of the language."""

# ruff: noqa

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Optional

import numpy as np

TOL = 1e-10
GAUSS_NODES = [(-0.7745966692414834, 5 / 9), (0.0, 8 / 9), (0.7745966692414834, 5 / 9)]


def newton(a, x0=1.0, max_iter=50):
    x = x0
    for it in range(max_iter):
        fx = x**3 + a * x - 2
        if abs(fx) < TOL:
            return x
        x -= fx / (3 * x**2 + a)
    return x


def secant(a):
    x0, x1 = 1.0, 1.5
    f0, f1 = x0**2 - a, x1**2 - a
    while abs(x1 - x0) > 1e-9:
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        f0, f1 = f1, x1**2 - a
    return x1


def newton_system(p, q):
    x = np.array([1.0, 1.0])
    for _ in range(4):
        F = np.array([x[0] ** 2 + p * x[1] - 2, x[0] * x[1] - q])
        J = np.array([[2 * x[0], p], [x[1], x[0]]])
        x = x - np.linalg.solve(J, F)
    return x.sum()


def fixed_point(g: float):
    x = 0.5
    n = 0
    while (new := math.cos(g * x)) != x and n < 30:
        x = new
        n += 1
    return x


def gauss_legendre(f_scale, a, b):
    half, mid = (b - a) / 2, (a + b) / 2
    return half * sum(w * math.exp(-f_scale * (mid + half * t) ** 2) for t, w in GAUSS_NODES)


def romberg(a, b, k):
    f = lambda x: np.sin(k * x) / (1 + x**2)
    R = [[0.0] * 4 for _ in range(4)]
    h = b - a
    R[0][0] = h / 2 * (f(a) + f(b))
    for i in range(1, 4):
        h /= 2
        s = sum(f(a + (2 * j - 1) * h) for j in range(1, 2 ** (i - 1) + 1))
        R[i][0] = R[i - 1][0] / 2 + h * s
        for j in range(1, i + 1):
            R[i][j] = R[i][j - 1] + (R[i][j - 1] - R[i - 1][j - 1]) / (4**j - 1)
    return R[3][3]


def adaptive(f, a, b, tol=1e-3, depth=8):
    c = (a + b) / 2
    whole = (b - a) / 6 * (f(a) + 4 * f(c) + f(b))
    left = (c - a) / 6 * (f(a) + 4 * f((a + c) / 2) + f(c))
    right = (b - c) / 6 * (f(c) + 4 * f((c + b) / 2) + f(b))
    if depth == 0 or abs(left + right - whole) < tol:
        return left + right
    return adaptive(f, a, c, tol / 2, depth - 1) + adaptive(f, c, b, tol / 2, depth - 1)


def adaptive_use(k, b):
    return adaptive(lambda x: math.exp(-k * x) * math.sin(3 * x), 0.0, b)


def lagrange(xs, ys, x):
    total = 0.0
    for i, (xi, yi) in enumerate(zip(xs, ys)):
        term = yi
        for j, xj in enumerate(xs):
            if i != j:
                term *= (x - xj) / (xi - xj)
        total += term
    return total


def divided(xs, ys):
    coef = list(ys)
    n = len(xs)
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            coef[i] = (coef[i] - coef[i - 1]) / (xs[i] - xs[i - j])
    return coef


def neville(xs, ys, x):
    p = ys.copy()
    for k in range(1, len(xs)):
        p[: len(xs) - k] = ((x - xs[k:]) * p[: len(xs) - k] + (xs[: len(xs) - k] - x) * p[1 : len(xs) - k + 1]) / (
            xs[: len(xs) - k] - xs[k:]
        )
    return p[0]


def bilinear(grid, x, y):
    i, j = int(x), int(y)
    fx, fy = x - i, y - j
    return (
        grid[i][j] * (1 - fx) * (1 - fy)
        + grid[i + 1][j] * fx * (1 - fy)
        + grid[i][j + 1] * (1 - fx) * fy
        + grid[i + 1][j + 1] * fx * fy
    )


def natural_spline(xs, ys):
    n = len(xs)
    h = [xs[i + 1] - xs[i] for i in range(n - 1)]
    alpha = [0.0] + [3 * ((ys[i + 1] - ys[i]) / h[i] - (ys[i] - ys[i - 1]) / h[i - 1]) for i in range(1, n - 1)]
    l, mu, z = [1.0] * n, [0.0] * n, [0.0] * n
    for i in range(1, n - 1):
        l[i] = 2 * (xs[i + 1] - xs[i - 1]) - h[i - 1] * mu[i - 1]
        mu[i] = h[i] / l[i]
        z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / l[i]
    c = [0.0] * n
    for j in range(n - 2, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
    return c


def clenshaw(coeffs, x):
    b1 = b2 = 0.0
    for c in reversed(coeffs[1:]):
        b1, b2 = c + 2 * x * b1 - b2, b1
    return coeffs[0] + x * b1 - b2


def lentz(x, n: int = 12):
    f, C, D = 1e-30, 1e-30, 0.0
    for k in range(1, n):
        a = x if k == 1 else (k - 1) ** 2 * x * x
        b = 2 * k - 1
        D = 1 / (b + a * D)
        C = b + a / C
        f *= C * D
    return f


def horner_star(x, *coeffs):
    result, *_ = coeffs
    for c in coeffs[1:]:
        result = result * x + c
    return result


def polygon_area(points):
    area = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        area += x1 * y2 - x2 * y1
    return abs(area) / 2


def centroid(points):
    xs, ys = zip(*points)
    return sum(xs) / len(xs), sum(ys) / len(ys)


def point_segment(px, py, ax, ay, bx, by):
    dx, dy = bx - ax, by - ay
    t = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)
    t = max(0.0, min(1.0, t))
    return math.hypot(px - (ax + t * dx), py - (ay + t * dy))


def rotation(angles):
    R = np.eye(3)
    for axis, a in enumerate(angles):
        c, s = np.cos(a), np.sin(a)
        i, j = [(1, 2), (0, 2), (0, 1)][axis]
        M = np.eye(3)
        M[i, i] = M[j, j] = c
        M[i, j] = -s
        M[j, i] = s
        R = R @ M
    return R


def bezier(points, t):
    pts = [np.asarray(p) for p in points]
    while len(pts) > 1:
        pts = [(1 - t) * a + t * b for a, b in zip(pts[:-1], pts[1:])]
    return pts[0]


def haversine(lat1, lon1, lat2, lon2, *, radius=6371.0):
    p1, p2 = math.radians(lat1), math.radians(lat2)
    dphi, dlmb = p2 - p1, math.radians(lon2 - lon1)
    a = math.sin(dphi / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dlmb / 2) ** 2
    return 2 * radius * math.asin(math.sqrt(a))


def mesh_normals(vertices, faces):
    total = np.zeros(3)
    for a, b, c in faces:
        total += np.cross(vertices[b] - vertices[a], vertices[c] - vertices[a])
    return total


def crr_tree(S, K, r, sigma, T, n: int = 4, american: bool = True):
    dt = T / n
    u = math.exp(sigma * math.sqrt(dt))
    d = 1 / u
    p = (math.exp(r * dt) - d) / (u - d)
    disc = math.exp(-r * dt)
    values = [max(K - S * u ** (n - i) * d**i, 0.0) for i in range(n + 1)]
    for step in range(n - 1, -1, -1):
        for i in range(step + 1):
            hold = disc * (p * values[i] + (1 - p) * values[i + 1])
            values[i] = max(hold, K - S * u ** (step - i) * d**i) if american else hold
    return values[0]


def implied_vol(price, S, K, T):
    sigma = 0.3
    for _ in range(20):
        d1 = (math.log(S / K) + 0.5 * sigma**2 * T) / (sigma * math.sqrt(T))
        d2 = d1 - sigma * math.sqrt(T)
        N = lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2)))
        diff = S * N(d1) - K * N(d2) - price
        vega = S * math.exp(-0.5 * d1 * d1) / math.sqrt(2 * math.pi) * math.sqrt(T)
        if abs(diff) < 1e-12:
            break
        sigma -= diff / vega
    return sigma


def monte_carlo(S0, mu, sigma, normals):
    payoffs = []
    for path in normals:
        S = S0
        running = 0.0
        for z in path:
            S *= math.exp((mu - 0.5 * sigma**2) * 0.1 + sigma * math.sqrt(0.1) * z)
            running += S
        payoffs.append(max(running / len(path) - S0, 0.0))
    return sum(payoffs) / len(payoffs)


def bond_duration(cashflows, y):
    price = sum(c / (1 + y) ** t for t, c in enumerate(cashflows, start=1))
    weighted = sum(t * c / (1 + y) ** t for t, c in enumerate(cashflows, start=1))
    return weighted / price


def irr(cashflows, guess=0.1):
    rate = guess
    for _ in range(30):
        npv = sum(c / (1 + rate) ** i for i, c in enumerate(cashflows))
        d = sum(-i * c / (1 + rate) ** (i + 1) for i, c in enumerate(cashflows))
        step = npv / d
        rate -= step
        if abs(step) < 1e-12:
            return rate
    raise ValueError("no convergence")


def heston_path(s0, v0, kappa, theta, xi, zs):
    s, v = s0, v0
    for z1, z2 in zs:
        vp = max(v, 0.0)
        s *= np.exp(-0.5 * vp * 0.1 + np.sqrt(vp * 0.1) * z1)
        v += kappa * (theta - vp) * 0.1 + xi * np.sqrt(vp * 0.1) * z2
    return s


def knapsack_soft(values, weights, cap: int):
    best = [0.0] * (cap + 1)
    for v, w in zip(values, weights):
        for c in range(cap, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[cap]


def matrix_chain(costs):
    n = len(costs)
    m = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            m[i, j] = min(m.get((i, k), 0.0) + m.get((k + 1, j), 0.0) + costs[i] * costs[j] for k in range(i, j))
    return m[0, n - 1]


def paths_table(grid):
    h, w = len(grid), len(grid[0])
    cost = [[0.0] * w for _ in range(h)]
    for i in range(h):
        for j in range(w):
            prev = []
            if i:
                prev.append(cost[i - 1][j])
            if j:
                prev.append(cost[i][j - 1])
            cost[i][j] = grid[i][j] + (min(prev) if prev else 0.0)
    return cost[-1][-1]


def expression_tree(node, env):
    if isinstance(node, str):
        return env[node]
    if isinstance(node, (int, float)):
        return float(node)
    op, left, right = node
    a, b = expression_tree(left, env), expression_tree(right, env)
    if op == "+":
        return a + b
    if op == "*":
        return a * b
    raise ValueError(op)


def flatten_sum(tree):
    if isinstance(tree, list):
        return sum(flatten_sum(t) for t in tree)
    return tree**2


def weighted_depth(tree, depth=1):
    total = 0.0
    for item in tree:
        if isinstance(item, list):
            total += weighted_depth(item, depth + 1)
        else:
            total += depth * item
    return total


def optional_default(x, scale: Optional[float] = None):
    if scale is None:
        scale = 2.0
    return x * scale


def for_else(x, limits):
    for lim in limits:
        if x < lim:
            y = x * lim
            break
    else:
        y = x**2
    return y


def walrus_filter(xs):
    return [y for x in xs if (y := x * x - 1) > 0]


def starred_middle(xs):
    first, *mid, last = xs
    return first * last + sum(m**2 for m in mid)


def kwonly(x, *, alpha=0.5, power: int = 2):
    return alpha * x**power


def kwonly_use(x, y):
    return kwonly(x, alpha=y) + kwonly(y, power=3)


def dict_kwargs_use(x, y):
    opts = {"alpha": y, "power": 3}
    return kwonly(x, **opts)


def star_args_use(x, y):
    args = (x, y)
    return weighted_pair(*args) + weighted_pair(*[y, x], w=2.0)


def weighted_pair(a, b, w=1.0):
    return w * a * a + b


def chained_compare(x, lo, hi):
    return x**2 if lo < x <= hi else lo * x


def nested_functions(x):
    def outer(a):
        def inner(b):
            return a * b + x

        return inner(a + 1) * inner(2)

    return outer(x**2)


def counter_nonlocal(xs):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * v

    for x in xs:
        add(x)
    return total


def accumulate_tools(xs):
    return list(itertools.accumulate(xs, lambda a, b: a * b))


def pairwise_tools(xs):
    return sum((b - a) ** 2 for a, b in itertools.pairwise(xs))


def product_tools(xs, ys):
    return sum(x * y for x, y in itertools.product(xs, ys))


def combos(xs):
    return sum(a * b for a, b in itertools.combinations(xs, 2))


def chain_tools(xs, ys):
    total = 0.0
    for i, v in enumerate(itertools.chain(xs, ys)):
        total += (i + 1) * v
    return total


def matrix_power(m, k: int):
    result = np.eye(len(m))
    while k > 0:
        if k % 2:
            result = result @ m
        m = m @ m
        k //= 2
    return result


def any_all(xs):
    if all(x > 0 for x in xs) and not any(x > 100 for x in xs):
        return sum(math.log(x) for x in xs)
    return 0.0


def assert_and_print(x, verbose=False):
    """Documented."""
    assert x > 0, f"bad {x}"
    y = math.sqrt(x)
    if verbose:
        print(f"{y=:.3f}")
    return y


def match_shape(shape, x):
    match shape:
        case "circle":
            return math.pi * x**2
        case "square":
            return x * x
        case _:
            return 0.0


def type_dispatch(x):
    if isinstance(x, np.ndarray):
        return np.sum(x**2)
    elif isinstance(x, (list, tuple)):
        return sum(v**2 for v in x)
    return x**2


def nested_comprehensions(m):
    n = len(m)
    t = [[m[j][i] for j in range(n)] for i in range(n)]
    return [sum(a * b for a, b in zip(r, c)) for r, c in zip(m, t)]


def sum_of_dict(d):
    return sum(v**2 for v in d.values()) + sum(len(k) * v for k, v in d.items())


def sort_by_key(pairs):
    ordered = sorted(pairs, key=lambda p: p[1])
    return ordered[0][0] * ordered[-1][0] + ordered[1][1]


def zip_star(rows):
    return [sum(col) ** 2 for col in zip(*rows)]


def enumerate_matrix(m):
    total = 0.0
    for i, row in enumerate(m):
        for j, v in enumerate(row):
            if i == j:
                continue
            total += v * (i - j)
    return total


def while_pop(xs):
    stack = list(xs)
    total = 0.0
    while stack:
        v = stack.pop()
        total = total * 0.5 + v
    return total


def queue_pop(xs):
    queue = list(xs)
    total = 0.0
    while len(queue) > 1:
        a = queue.pop(0)
        b = queue.pop(0)
        queue.append(a * b)
        total += a
    return total + queue[0]


V3 = np.array([0.4, 1.3, -2.2])
V4 = np.array([0.4, 1.3, -2.2, 0.7])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
GRID = [[1.0, 2.0, 0.5], [0.3, 0.8, 1.1], [2.0, 0.4, 0.9]]
XS, YS = [0.0, 1.0, 2.5, 3.0], [1.0, 0.5, 2.0, 1.5]
Z = np.array([[0.1, -0.4], [0.3, 0.2], [-0.5, 0.9]])
CASES = {
    "newton": {"args": [(1.5,)], "wrt": "a"},
    "secant": [(1.7,)],
    "newton_system": [(1.1, 0.9)],
    "fixed_point": [(0.8,)],
    "gauss_legendre": [(0.7, 0.1, 1.2)],
    "romberg": [(0.1, 1.2, 0.7)],
    "adaptive_use": [(0.7, 1.2)],
    "lagrange": [(XS, YS, 1.7), (np.array(XS), np.array(YS), 1.7)],
    "divided": [(XS, YS), (np.array(XS), np.array(YS))],
    "neville": [(np.array(XS), np.array(YS), 1.7)],
    "bilinear": [(GRID, 1.3, 0.6), (np.array(GRID), 0.2, 0.6)],
    "natural_spline": [(XS, YS)],
    "clenshaw": [([1.0, 0.5, 0.3], 0.7), (V4, 0.7)],
    "lentz": [(0.7,)],
    "horner_star": {"args": [(0.7, 1.0, 2.0, 3.0)], "wrt": 0},
    "polygon_area": [([(0.0, 0.1), (1.0, 0.2), (0.7, 1.1)],)],
    "centroid": [([(0.0, 0.1), (1.0, 0.2), (0.7, 1.1)],)],
    "point_segment": [(0.3, 0.8, 0.0, 0.1, 1.0, 0.2)],
    "rotation": [(V3,), ([0.1, 0.2, 0.3],)],
    "bezier": [([V3[:2], V3[1:], V3[:2] * 2], 0.3)],
    "haversine": [(10.0, 20.0, 30.0, 50.0)],
    "mesh_normals": {"args": [(M33, [(0, 1, 2), (2, 1, 0), (0, 2, 1)])], "wrt": 0},
    "crr_tree": [(100.0, 95.0, 0.05, 0.2, 1.0)],
    "implied_vol": [(10.0, 100.0, 98.0, 1.0)],
    "monte_carlo": {"args": [(1.0, 0.05, 0.2, Z)], "wrt": (0, 1, 2)},
    "bond_duration": [([5.0, 5.0, 105.0], 0.04)],
    "irr": [([-100.0, 60.0, 60.0],)],
    "heston_path": [(1.0, 0.04, 1.5, 0.04, 0.3, Z)],
    "knapsack_soft": {"args": [([3.0, 4.5, 1.2], [2, 3, 1], 4)], "wrt": 0},
    "matrix_chain": [([1.0, 2.0, 0.5, 1.5],)],
    "paths_table": [(GRID,), (np.array(GRID),)],
    "expression_tree": {"args": [(("+", ("*", "x", "y"), 2.0), {"x": 0.7, "y": 1.2})], "wrt": 1},
    "flatten_sum": [([1.0, [2.0, 3.0], [[0.5]]],)],
    "weighted_depth": {"args": [([1.0, [2.0, 3.0], [[0.5]]],)], "wrt": 0},
    "optional_default": [(0.7,), (0.7, 3.0)],
    "for_else": {"args": [(0.7, [0.5, 1.0]), (2.0, [0.5, 1.0])], "wrt": 0},
    "walrus_filter": [([2.0, 0.5, 3.0],)],
    "starred_middle": [([2.0, 0.5, 3.0, 1.0],), (V4,)],
    "kwonly_use": [(0.7, 1.2)],
    "dict_kwargs_use": [(0.7, 1.2)],
    "star_args_use": [(0.7, 1.2)],
    "chained_compare": [(0.7, 0.1, 1.0), (2.0, 0.1, 1.0)],
    "nested_functions": [(0.7,)],
    "counter_nonlocal": [(V3,)],
    "accumulate_tools": [([1.0, 2.0, 0.5],)],
    "pairwise_tools": [([1.0, 2.0, 0.5],)],
    "product_tools": [([1.0, 2.0], [0.5, 0.3])],
    "combos": [([1.0, 2.0, 0.5],)],
    "chain_tools": [([1.0, 2.0], [0.5, 0.3])],
    "matrix_power": [(M33, 5)],
    "any_all": [([1.0, 2.0, 0.5],)],
    "assert_and_print": [(0.7,)],
    "match_shape": {"args": [("circle", 0.7), ("square", 0.7)], "wrt": 1},
    "type_dispatch": [(0.7,), (V3,), ([0.7, 0.2],)],
    "nested_comprehensions": [(GRID,)],
    "sum_of_dict": [({"a": 0.7, "bb": 1.2},)],
    "sort_by_key": [([(1.0, 3.0), (2.0, 0.5), (3.0, 1.0)],)],
    "zip_star": [(GRID,)],
    "enumerate_matrix": [(GRID,), (M33,)],
    "while_pop": [([1.0, 2.0, 0.5],)],
    "queue_pop": [([1.0, 2.0, 0.5, 3.0],)],
}
