"""Arrays written in place: elements, slices, masks, accumulation, work buffers."""

# ruff: noqa

import math

import numpy as np
from numpy.typing import NDArray


def scan(x, w):
    a = x.copy()
    s = 1.0
    for i in range(1, len(x)):
        a[i] = a[i - 1] * a[i] * w
        s = s * a[i]
    return s


def rosenbrock_loop(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def fill_elements(x):
    y = np.zeros(4)
    y[0] = x
    y[1] = x * x
    y[2] = math.sin(x)
    y[3] = y[1] * y[2]
    return y


def overwrite_elements(x):
    y = np.empty(3)
    y[0] = x[0] * x[1]
    y[1] = y[0] + x[2]
    y[0] = y[1] * y[0]
    y[2] = y[0]
    y[0] = 1.0
    return y


def matrix_multiply(a, b):
    n, m = a.shape
    p = b.shape[1]
    c = np.zeros((n, p))
    for i in range(n):
        for j in range(p):
            for k in range(m):
                c[i, j] += a[i, k] * b[k, j]
    return c


def cumulative(x):
    y = np.zeros_like(x)
    y[0] = x[0]
    for i in range(1, x.shape[0]):
        y[i] = y[i - 1] + x[i] * y[i - 1]
    return y


def prefix_sums(x):
    total = 0.0
    out = np.empty(len(x))
    for i, v in enumerate(x):
        total += v
        out[i] = total
    return out


def slice_writes(x):
    y = np.zeros(6)
    y[:3] = x
    y[3:] = x**2
    y[1:4] = y[2:5] * 2.0
    y[::2] += 1.0
    y[-1] *= y[0]
    y[::-2] = y[:3] * x[0]
    return y


def slice_from_scalar(a):
    y = np.ones(4)
    y[:] = a
    y[1:3] *= a
    y[...] += a * a
    return y


def broadcast_store(v, m):
    out = m * 2.0
    out[:, 0] = v[0]
    out[1] = v
    out[:, 1:] += v[1:]
    return out


def masked_writes(x):
    y = x * 2.0
    y[y > 1] = 1.0
    y[x < 0] *= 0.1
    y[(x > 0) & (x < 0.5)] += 3.0
    mask = x > 1
    y[mask] = x[mask] ** 3
    return y


def masked_where_2d(m):
    out = m.copy()
    out[m < 0] = 0.0
    out[m > 1] = m[m > 1] ** 2
    return out.sum(axis=0)


def duplicates_add(x, idx):
    y = np.zeros(3)
    y[idx] += x
    return y * y


def duplicates_store(x, idx):
    y = np.ones(3) * x[0]
    y[idx] = x
    return y * y


def scatter_add_at(x, idx):
    y = np.zeros(3)
    np.add.at(y, idx, x)
    return y * y


def scatter_same_in_loop(v, index):
    a = np.zeros(3)
    for _ in range(2):
        np.add.at(a, index, v)
        a = a * a
    return np.sum(a * a)


def scatter_loop(x, idx, weights):
    y = np.zeros(3)
    for k in range(len(idx)):
        y[idx[k]] += weights[k] * x[k]
    return y**2


def swap_elements(x):
    y = x.copy()
    y[0], y[1] = y[1], y[0]
    y[2], y[0] = y[0] * y[1], y[2]
    return y * x


def bubble_sort(x):
    y = x.copy()
    n = len(y)
    for i in range(n):
        for j in range(n - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return y * np.arange(1.0, n + 1.0)


def augmented_array_names(x, y):
    z = x.copy()
    z += y
    z *= x
    z -= 0.5 * y
    z /= 2.0 + y**2
    z **= 2
    return z.sum()


def argument_written(x):
    x[0] = x[0] * 2.0
    x[1:] *= x[0]
    return x.sum()


def argument_written_and_returned(x, k):
    x += k
    x[1] = x[0] * x[1]
    return x


def argument_filled(out, x):
    for i in range(len(x)):
        out[i] = x[i] * x[i]
    out[0] = out[0] + out[1]
    return out.sum()


def loop_relaxation(u, f, n: int = 4):
    """Gauss-Seidel sweeps for the 1-D Poisson problem."""
    u = u.copy()
    h2 = 1.0 / (len(u) - 1) ** 2
    for _ in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + h2 * f[i])
    return u


def jacobi(u, n: int = 3):
    for _ in range(n):
        new = u.copy()
        new[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
        u = new
    return u


def thomas(a: NDArray, b: NDArray, c: NDArray, d: NDArray) -> NDArray:
    """Solve a tridiagonal system."""
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = np.zeros(n)
    x[-1] = dp[-1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


def gauss_elimination(a, b):
    a = a.copy()
    b = b.copy()
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] -= factor * a[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return x


def cholesky_by_hand(m):
    n = m.shape[0]
    low = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = m[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k]
            if i == j:
                low[i, j] = math.sqrt(s)
            else:
                low[i, j] = s / low[j, j]
    return low


def edit_cost(a, b, gap):
    """Dynamic programming with a min over three."""
    n, m = len(a), len(b)
    table = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        table[i, 0] = i * gap
    for j in range(1, m + 1):
        table[0, j] = j * gap
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            table[i, j] = min(table[i - 1, j] + gap, table[i, j - 1] + gap, table[i - 1, j - 1] + cost)
    return table[n, m]


def store_in_branch(x, flag):
    y = x * 1.0
    if flag > 0:
        y[0] = flag * y[1]
    else:
        y[1:] = y[:-1]
    return y @ x


def while_writes(x):
    y = x.copy()
    i = 0
    while y[i] < 2.0:
        y[i + 1] += y[i] * 0.7
        y[i] = y[i] ** 2
        i += 1
        if i == len(y) - 1:
            break
    return y


def write_then_reduce_in_loop(x, n: int = 3):
    best = -1e9
    for k in range(n):
        x = x * 0.9
        x[k] = x[k] ** 2 + k
        best = max(best, x.max())
    return best


def reuse_buffer(x):
    buf = np.zeros(3)
    total = 0.0
    for k in range(3):
        buf[:] = x * (k + 1)
        buf[k] = 0.0
        total += np.sum(buf**2) * buf[0]
    return total


def history(x, n: int = 4):
    states = np.zeros((n + 1, 2))
    states[0] = x
    for t in range(n):
        states[t + 1, 0] = states[t, 0] + 0.1 * states[t, 1]
        states[t + 1, 1] = states[t, 1] - 0.1 * math.sin(states[t, 0])
    return states


def negative_indices(x):
    y = np.zeros(3)
    y[-1] = x[0]
    y[-2] += x[-1] * y[-1]
    y[-3:-1] += x[1]
    return y


def tuple_index(m, i: int, j: int):
    out = m * m
    out[i, j] = out[j, i] * m[i, i]
    idx = (i, j)
    out[idx] += m[idx]
    return out


def integer_zeros_like_float(x):
    total = np.zeros(len(x), dtype=float)
    for i in range(len(x)):
        total[i] = x[i] if i % 2 else -x[i]
    return total @ total


def float32_buffer(x):
    y = np.zeros(3, dtype=np.float32)
    y[:] = x
    y[0] *= y[1]
    return y


V3 = np.array([0.4, -1.3, 2.2])
V4 = np.array([0.7, 0.2, 1.4, 0.9])
M23 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5]])
M33 = np.array([[2.0, -1.2, 2.1], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3]])


def slice_scaled_by_factor(x, a):
    y = x.copy()
    y[1:3] = y[1:3] * a
    return y.sum()


CASES = {
    "slice_scaled_by_factor": {"args": [(V4, 1.7)], "wrt": "a"},
    "scan": [(V3, 0.8)],
    "rosenbrock_loop": [(V3,), (np.array([1.0]),)],
    "fill_elements": [(0.7,)],
    "overwrite_elements": [(V3,)],
    "matrix_multiply": [(M23, M33[:, :2])],
    "cumulative": [(V3,)],
    "prefix_sums": [(V3,)],
    "slice_writes": [(V3,)],
    "slice_from_scalar": [(0.7,)],
    "broadcast_store": [(V3, M23)],
    "masked_writes": [(np.array([0.7, 0.2, 1.4, -0.9]),)],
    "masked_where_2d": [(M33,)],
    "duplicates_add": {"args": [(V4, np.array([0, 2, 0, 2]))], "wrt": 0},
    "duplicates_store": {"args": [(V4, np.array([0, 2, 0, 2]))], "wrt": 0},
    "scatter_add_at": {"args": [(V4, np.array([0, 2, 0, 2]))], "wrt": 0},
    "scatter_same_in_loop": {"args": [(V3, np.array([0, 1, 1]))], "wrt": 0},
    "scatter_loop": {"args": [(V3, np.array([0, 2, 0]), V3 + 1.0)], "wrt": ("x", "weights")},
    "swap_elements": [(V3,)],
    "bubble_sort": [(V3,), (np.array([3.0, 1.0, 2.0, 0.5]),)],
    "augmented_array_names": [(V3, np.array([1.0, 0.3, -0.6]))],
    "argument_written": [(V3,)],
    "argument_written_and_returned": [(V3, 0.7), (V3, np.array([1.0, 0.3, -0.6]))],
    "argument_filled": [(np.array([5.0, 6.0, 7.0, 8.0]), V3)],
    "loop_relaxation": [(V4, V4 * 2 + 1)],
    "jacobi": [(np.sin(np.arange(16.0).reshape(4, 4)),)],
    "thomas": [(np.array([0.0, 1.0, 0.5]), np.array([3.0, 4.0, 5.0]), np.array([0.7, 0.6, 0.0]), V3)],
    "gauss_elimination": [(M33 + 3 * np.eye(3), V3)],
    "cholesky_by_hand": [(M33 @ M33.T + np.eye(3),)],
    "edit_cost": [(V3, V4, 0.6)],
    "store_in_branch": [(V3, 1.5), (V3, -1.0)],
    "while_writes": [(V4,)],
    "write_then_reduce_in_loop": [(V3,)],
    "reuse_buffer": [(V3,)],
    "history": [(np.array([1.0, 0.5]),)],
    "negative_indices": [(V3,)],
    "tuple_index": [(M33, 0, 2)],
    "integer_zeros_like_float": [(V3,)],
    "float32_buffer": {
        "args": [(V3.astype(np.float32),)],
        "tolerance": 1e-5,
        "oracles": ("dual_numbers", "complex_step"),
    },
}
