"""Numerical methods, signals and dynamic programming, as people write them."""

# ruff: noqa

import cmath
import functools
import math
from collections import deque

import numpy as np


def newton_generic(f, df, x, tol=1e-12, maxit=50):
    for i in range(maxit):
        step = f(x) / df(x)
        x -= step
        if abs(step) < tol:
            return x
    raise RuntimeError("no convergence")


def newton_root(a, b):
    return newton_generic(lambda x: x**3 + a * x - b, lambda x: 3 * x**2 + a, 1.0)


def simpson(f, a, b, n=10):
    if n % 2:
        raise ValueError("n must be even")
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += f(a + i * h) * (4 if i % 2 else 2)
    return total * h / 3


def arc_length(a, b, k):
    return simpson(lambda t: math.sqrt(1 + (k * math.cos(t)) ** 2), a, b, n=8)


def romberg(a, b, k, levels: int = 4):
    def f(x):
        return math.exp(-k * x) * math.sin(x)

    R = [[0.0] * levels for _ in range(levels)]
    h = b - a
    R[0][0] = 0.5 * h * (f(a) + f(b))
    for i in range(1, levels):
        h /= 2
        s = 0.0
        for j in range(1, 2**i, 2):
            s += f(a + j * h)
        R[i][0] = 0.5 * R[i - 1][0] + h * s
        for j in range(1, i + 1):
            R[i][j] = R[i][j - 1] + (R[i][j - 1] - R[i - 1][j - 1]) / (4**j - 1)
    return R[-1][-1]


def adaptive_quad(f, a, b, eps, depth=0):
    m = (a + b) / 2
    whole = (b - a) / 6 * (f(a) + 4 * f(m) + f(b))
    left = (m - a) / 6 * (f(a) + 4 * f((a + m) / 2) + f(m))
    right = (b - m) / 6 * (f(m) + 4 * f((m + b) / 2) + f(b))
    if depth > 6 or abs(left + right - whole) < 15 * eps:
        return left + right
    return adaptive_quad(f, a, m, eps / 2, depth + 1) + adaptive_quad(f, m, b, eps / 2, depth + 1)


def bump_integral(c, w):
    def bump(x):
        return 1.0 / (1.0 + ((x - c) / w) ** 2)

    return adaptive_quad(bump, 0.0, 1.0, 1e-3)


def cubic_spline(xs, ys, x):
    n = len(xs)
    h = [xs[i + 1] - xs[i] for i in range(n - 1)]
    alpha = [0.0] * n
    for i in range(1, n - 1):
        alpha[i] = 3 / h[i] * (ys[i + 1] - ys[i]) - 3 / h[i - 1] * (ys[i] - ys[i - 1])
    l, mu, z = [1.0] + [0.0] * (n - 1), [0.0] * n, [0.0] * n
    for i in range(1, n - 1):
        l[i] = 2 * (xs[i + 1] - xs[i - 1]) - h[i - 1] * mu[i - 1]
        mu[i] = h[i] / l[i]
        z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / l[i]
    c = [0.0] * n
    b = [0.0] * n
    d = [0.0] * n
    for j in range(n - 2, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
        b[j] = (ys[j + 1] - ys[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3
        d[j] = (c[j + 1] - c[j]) / (3 * h[j])
    j = 0
    while j < n - 2 and x > xs[j + 1]:
        j += 1
    t = x - xs[j]
    return ys[j] + b[j] * t + c[j] * t**2 + d[j] * t**3


def newton_interp(xs, ys, x):
    coef = list(ys)
    n = len(xs)
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            coef[i] = (coef[i] - coef[i - 1]) / (xs[i] - xs[i - j])
    result = coef[-1]
    for i in reversed(range(n - 1)):
        result = result * (x - xs[i]) + coef[i]
    return result


def fft_pairs(re, im):
    n = len(re)
    if n == 1:
        return [re[0]], [im[0]]
    er, ei = fft_pairs(re[::2], im[::2])
    dr, di = fft_pairs(re[1::2], im[1::2])
    outr = [0.0] * n
    outi = [0.0] * n
    for k in range(n // 2):
        ang = -2 * math.pi * k / n
        c, s = math.cos(ang), math.sin(ang)
        tr = c * dr[k] - s * di[k]
        ti = s * dr[k] + c * di[k]
        outr[k] = er[k] + tr
        outi[k] = ei[k] + ti
        outr[k + n // 2] = er[k] - tr
        outi[k + n // 2] = ei[k] - ti
    return outr, outi


def power_spectrum(signal):
    re, im = fft_pairs(signal, [0.0] * len(signal))
    return [a * a + b * b for a, b in zip(re, im)]


def fft_arrays(x_re, x_im):
    n = x_re.shape[0]
    if n == 1:
        return x_re, x_im
    er, ei = fft_arrays(x_re[0::2], x_im[0::2])
    dr, di = fft_arrays(x_re[1::2], x_im[1::2])
    ang = -2 * np.pi * np.arange(n // 2) / n
    c, s = np.cos(ang), np.sin(ang)
    tr, ti = c * dr - s * di, s * dr + c * di
    return np.concatenate([er + tr, er - tr]), np.concatenate([ei + ti, ei - ti])


def spectrum_arrays(x):
    r, i = fft_arrays(x, np.zeros_like(x))
    return r**2 + i**2


def fir_filter(signal, taps):
    out = []
    for n in range(len(signal)):
        acc = 0.0
        for k, h in enumerate(taps):
            if n - k >= 0:
                acc += h * signal[n - k]
        out.append(acc)
    return out


def iir_biquad(signal, b, a):
    x1 = x2 = y1 = y2 = 0.0
    out = np.zeros(len(signal))
    for n, x in enumerate(signal):
        y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
        x2, x1 = x1, x
        y2, y1 = y1, y
        out[n] = y
    return out


def moving_average_deque(xs, window: int):
    buf = deque()
    total = 0.0
    out = []
    for x in xs:
        buf.append(x)
        total += x
        if len(buf) > window:
            total -= buf.popleft()
        out.append(total / len(buf))
    return out


def moving_average_queue(xs, window: int):
    buf = []
    out = []
    for x in xs:
        buf.append(x)
        if len(buf) > window:
            buf.pop(0)
        out.append(sum(buf) / len(buf))
    return out


def exponential_holt(xs, alpha, beta):
    level, trend = xs[0], xs[1] - xs[0]
    err = 0.0
    for x in xs[1:]:
        last = level
        err += (x - (level + trend)) ** 2
        level = alpha * x + (1 - alpha) * (level + trend)
        trend = beta * (level - last) + (1 - beta) * trend
    return err


def lms_filter(x, d, mu, taps: int = 2):
    w = np.zeros(taps)
    errors = []
    for n in range(taps - 1, len(x)):
        u = x[n - taps + 1 : n + 1][::-1]
        e = d[n] - w @ u
        w += mu * e * u
        errors.append(e)
    return sum(e**2 for e in errors) + w[0]


def soft_dtw(x, y, gamma):
    n, m = len(x), len(y)
    D = np.full((n + 1, m + 1), 1e3)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (x[i - 1] - y[j - 1]) ** 2
            a, b, c = -D[i - 1, j] / gamma, -D[i, j - 1] / gamma, -D[i - 1, j - 1] / gamma
            top = max(a, b, c)
            soft = -gamma * (top + np.log(np.exp(a - top) + np.exp(b - top) + np.exp(c - top)))
            D[i, j] = cost + soft
    return D[n, m]


def dtw_lists(x, y):
    inf = float("inf")
    table = [[inf] * (len(y) + 1) for _ in range(len(x) + 1)]
    table[0][0] = 0.0
    for i in range(1, len(x) + 1):
        for j in range(1, len(y) + 1):
            table[i][j] = abs(x[i - 1] - y[j - 1]) + min(table[i - 1][j], table[i][j - 1], table[i - 1][j - 1])
    return table[-1][-1]


def edit_distance_weighted(a: str, b: str, ins, dele, sub):
    prev = [j * ins for j in range(len(b) + 1)]
    for i, ca in enumerate(a, 1):
        cur = [i * dele]
        for j, cb in enumerate(b, 1):
            cur.append(min(prev[j] + dele, cur[j - 1] + ins, prev[j - 1] + (0.0 if ca == cb else sub)))
        prev = cur
    return prev[-1]


def knapsack_relaxed(values, weights: list[int], cap: int):
    best = [0.0] * (cap + 1)
    for v, w in zip(values, weights):
        for c in range(cap, w - 1, -1):
            cand = best[c - w] + v
            if cand > best[c]:
                best[c] = cand
    return best[cap]


def grid_path(cost):
    rows, cols = len(cost), len(cost[0])
    dp = {}
    for r in range(rows):
        for c in range(cols):
            if r == 0 and c == 0:
                dp[r, c] = cost[0][0]
            elif r == 0:
                dp[r, c] = dp[r, c - 1] + cost[r][c]
            elif c == 0:
                dp[r, c] = dp[r - 1, c] + cost[r][c]
            else:
                dp[r, c] = min(dp[r - 1, c], dp[r, c - 1]) + cost[r][c]
    return dp[rows - 1, cols - 1]


def viterbi_path(obs: list[int], start, trans, emit):
    V = [[math.log(start[s]) + math.log(emit[s][obs[0]]) for s in range(2)]]
    path = {s: [s] for s in range(2)}
    for t in range(1, len(obs)):
        V.append([])
        newpath = {}
        for s in range(2):
            prob, state = max((V[t - 1][p] + math.log(trans[p][s]) + math.log(emit[s][obs[t]]), p) for p in range(2))
            V[t].append(prob)
            newpath[s] = path[state] + [s]
        path = newpath
    return max(V[-1])


def horner_star(x, *coeffs):
    acc = 0.0
    for c in reversed(coeffs):
        acc = acc * x + c
    return acc


def golden(a, b, c, n: int = 6):
    phi = (math.sqrt(5) - 1) / 2

    def f(x):
        return (x - c) ** 2 + 0.1 * x

    x1, x2 = b - phi * (b - a), a + phi * (b - a)
    f1, f2 = f(x1), f(x2)
    for _ in range(n):
        if f1 < f2:
            b, x2, f2 = x2, x1, f1
            x1 = b - phi * (b - a)
            f1 = f(x1)
        else:
            a, x1, f1 = x1, x2, f2
            x2 = a + phi * (b - a)
            f2 = f(x2)
    return (a + b) / 2


def brent_like(f, lo, hi, tol=1e-10):
    flo, fhi = f(lo), f(hi)
    assert flo * fhi < 0
    for _ in range(30):
        x = (lo * fhi - hi * flo) / (fhi - flo)
        fx = f(x)
        if abs(fx) < tol:
            break
        if fx * flo < 0:
            hi, fhi = x, fx
            flo *= 0.5
        else:
            lo, flo = x, fx
            fhi *= 0.5
    return x


def implied_root(k):
    return brent_like(lambda v: v * math.exp(v) - k, 0.0, 2.0)


def legendre(n, x):
    if n == 0:
        return 1.0
    if n == 1:
        return x
    p0, p1 = 1.0, x
    for k in range(2, n + 1):
        p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
    return p1


def legendre_series(coef, x):
    return sum(c * legendre(i, x) for i, c in enumerate(coef))


def bezier(points, t):
    pts = [list(p) for p in points]
    while len(pts) > 1:
        pts = [[(1 - t) * a + t * b for a, b in zip(p, q)] for p, q in zip(pts, pts[1:])]
    return pts[0]


def catmull_rom(p, t):
    i = int(t)
    u = t - i
    p0, p1, p2, p3 = p[i - 1], p[i], p[i + 1], p[i + 2]
    return 0.5 * (
        (2 * p1) + (-p0 + p2) * u + (2 * p0 - 5 * p1 + 4 * p2 - p3) * u**2 + (-p0 + 3 * p1 - 3 * p2 + p3) * u**3
    )


def polygon_area_centroid(points):
    area = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1]):
        cross = x0 * y1 - x1 * y0
        area += cross
        cx += (x0 + x1) * cross
        cy += (y0 + y1) * cross
    area /= 2
    return area, (cx / (6 * area), cy / (6 * area))


def agm_pi(a, b):
    t, p = 0.25, 1
    while abs(a - b) > 1e-10:
        a, b, t, p = (a + b) / 2, math.sqrt(a * b), t - p * (a - (a + b) / 2) ** 2, 2 * p
    return (a + b) ** 2 / (4 * t)


def convolution_full(a, b):
    out = [0.0] * (len(a) + len(b) - 1)
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            out[i + j] += u * v
    return out


def goertzel(signal, freq):
    w = 2 * math.pi * freq
    coeff = 2 * math.cos(w)
    s_prev, s_prev2 = 0.0, 0.0
    for x in signal:
        s = x + coeff * s_prev - s_prev2
        s_prev2, s_prev = s_prev, s
    return s_prev2**2 + s_prev**2 - coeff * s_prev * s_prev2


def median_filter(xs):
    out = []
    for i in range(1, len(xs) - 1):
        window = sorted(xs[i - 1 : i + 2])
        out.append(window[1])
    return sum(o**2 for o in out)


S = [0.3, 1.2, -0.7, 0.9]
CASES = {
    "newton_root": [(1.3, 2.1)],
    "arc_length": [(0.0, 1.5, 0.8)],
    "romberg": [(0.1, 1.2, 0.5)],
    "bump_integral": [(0.4, 0.3)],
    "cubic_spline": [([0.0, 1.0, 2.0, 3.5], [1.0, 0.5, 2.0, 1.0], 1.6)],
    "newton_interp": [([0.0, 1.0, 2.0, 3.5], [1.0, 0.5, 2.0, 1.0], 1.6)],
    "power_spectrum": [(S,)],
    "spectrum_arrays": [(np.array(S),)],
    "fir_filter": [(S, [0.5, 0.3, 0.2])],
    "iir_biquad": [(np.array(S), [0.5, 0.3, 0.2], [0.1, -0.2]), (S, (0.5, 0.3, 0.2), (0.1, -0.2))],
    "moving_average_deque": [(S, 2)],
    "moving_average_queue": [(S, 2)],
    "exponential_holt": [(S, 0.4, 0.3)],
    "lms_filter": [(np.array(S), np.array([0.2, 0.3, 0.1, 0.4]), 0.1)],
    "soft_dtw": [([0.3, 1.2], [0.1, 0.9, 1.4], 0.5), (np.array([0.3, 1.2]), np.array([0.1, 0.9, 1.4]), 0.5)],
    "dtw_lists": [(S, [0.1, 0.95, 1.4])],
    "edit_distance_weighted": {"args": [("kitten", "sitting", 1.0, 1.2, 0.9)], "wrt": ("ins", "dele", "sub")},
    "knapsack_relaxed": {"args": [([3.0, 4.5, 2.0], [2, 3, 1], 4)], "wrt": "values"},
    "grid_path": [([[1.0, 3.0, 1.5], [1.2, 5.0, 1.1], [4.0, 2.0, 1.0]],)],
    "viterbi_path": {
        "args": [([0, 1, 1], [0.6, 0.4], [[0.7, 0.3], [0.4, 0.6]], [[0.9, 0.1], [0.2, 0.8]])],
        "wrt": ("start", "trans", "emit"),
    },
    "horner_star": [(1.3, 0.5, 2.0, -1.0)],
    "golden": [(0.0, 2.0, 0.7)],
    "implied_root": {"args": [(1.5,)], "tolerance": 1e-7},
    "legendre_series": [([0.5, 1.0, 2.0, 0.3], 0.4)],
    "bezier": [([(0.0, 0.0), (1.0, 2.0), (3.0, 1.0)], 0.3)],
    "catmull_rom": [(S + [1.0], 1.4)],
    "polygon_area_centroid": [([(0.0, 0.0), (2.0, 0.2), (1.5, 1.5)],)],
    "agm_pi": [(1.0, 0.7)],
    "convolution_full": [(S, [0.5, 0.3])],
    "goertzel": [(S, 0.2)],
    "median_filter": [(S,)],
}

for _name in "moving_average_deque viterbi_path".split():  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
