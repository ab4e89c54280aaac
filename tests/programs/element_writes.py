"""Elements, slices and masks of arrays read and written, as people write them."""

# ruff: noqa

import numpy as np
import numpy as xp
from numpy import cos, sin


def prefix_scan(x):
    out = np.empty_like(x)
    acc = 0.0
    for i in range(len(x)):
        acc += x[i]
        out[i] = acc * acc
    return out


def stencil_in_place(u, k, steps: int = 3):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def alternating_buffers(u, k):
    a = u.copy()
    b = np.zeros_like(u)
    for step in range(4):
        b[0] = a[0]
        b[-1] = a[-1]
        b[1:-1] = 0.5 * (a[2:] + a[:-2]) * k
        a, b = b, a
    return a.sum()


def masked_relu(x):
    y = x.copy()
    y[y < 0] *= 0.1
    y[x > 1] = 1.0
    return y


def mask_read(x, t):
    big = x[x > t]
    return np.sum(big**2) + big.mean()


def where_chain(x):
    return np.where(x > 0, np.where(x > 1, 1.0, x), 0.1 * x).sum()


def gather_scatter(x, idx):
    y = np.zeros(4)
    np.add.at(y, idx, x)
    z = x[idx]
    return y * 2, z.sum()


def fancy_store(x, v):
    y = x * 1.0
    y[[0, 2]] = v
    y[[1, 3]] += v * 2
    return y


def row_updates(A, k):
    B = A.copy()
    for i in range(1, B.shape[0]):
        B[i] -= k * B[i - 1]
    B[:, 0] = B[:, 1] * B[:, 2]
    B[-1, ::2] *= 2.0
    return B


def view_writes(x):
    y = x * 2
    tail = y[1:]
    tail *= 3.0
    head = y[:2]
    head += tail[:2]
    return y


def transpose_write(A):
    B = A.copy()
    C = B.T
    C[0] *= 2.0
    C[1, 1] = B[0, 0] * 5
    return B


def ravel_write(A):
    B = A * 1.0
    flat = B.ravel()
    flat[::2] = 0.0
    flat[1] *= flat[3]
    return B.sum(axis=0)


def reshape_chain(x):
    m = x.reshape(2, 2)
    return (m @ m).ravel()[::-1] * m.reshape(-1)


def diagonal_loops(A):
    n = min(A.shape)
    t = 1.0
    for i in range(n):
        t *= A[i, i] + A[n - 1 - i, i]
    return t


def newaxis_distances(X):
    d = X[:, None] - X[None, :]
    return np.exp(-(d**2)).sum()


def ellipsis_index(T):
    return T[..., 0] * T[0, ...].sum() + T[:, 1, None][..., 0]


def stack_results(x, y):
    rows = [x, y, x * y]
    M = np.stack(rows)
    N = np.concatenate([x, y[::-1]])
    return M.sum(axis=1), N * 2


def accumulate_rows(A):
    total = np.zeros(A.shape[1])
    for row in A:
        total += row**2
        total /= 2
    return total


def argmax_pick(x):
    i = int(np.argmax(x))
    return x[i] ** 2 - x[i - 1]


def clip_and_sign(x):
    return np.clip(x, -0.5, 0.8) * np.sign(x) + np.abs(x) ** 1.5


def norms_axis(A):
    r = np.sqrt((A**2).sum(axis=1, keepdims=True))
    return (A / r).max(axis=0) + A.min()


def outer_products(u, v):
    M = np.outer(u, v)
    M += M.T
    return np.trace(M) + M[0, 1]


def cumulative_product(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] *= y[i - 1]
    return y


def sliding_windows(x, w: int = 2):
    n = len(x) - w + 1
    out = np.zeros(n)
    for i in range(n):
        window = x[i : i + w]
        out[i] = window.max() * window.sum()
    return out


def padded_conv(x, k):
    p = np.zeros(len(x) + 2)
    p[1:-1] = x
    return np.array([np.dot(p[i : i + 3], k) for i in range(len(x))])


def jacobi_sweeps(b):
    x = np.zeros(len(b))
    for _ in range(3):
        new = np.empty(len(b))
        for i in range(len(b)):
            left = x[i - 1] if i > 0 else 0.0
            right = x[i + 1] if i < len(b) - 1 else 0.0
            new[i] = (b[i] + left + right) / 3.0
        x = new
    return x


def matrix_build(a, b):
    R = np.array([[cos(a), -sin(a)], [sin(a), cos(a)]])
    S = np.diag([b, 1 / b])
    return (R @ S @ R.T)[0]


def list_to_array(xs):
    a = np.array(xs)
    b = np.asarray([x**2 for x in xs])
    return a @ b


def mean_var_normalise(X):
    mu = X.mean(axis=0)
    sd = np.sqrt(((X - mu) ** 2).mean(axis=0)) + 1e-3
    Z = (X - mu) / sd
    return np.tanh(Z).sum(axis=1)


def negative_steps(x):
    y = x[::-1]
    z = x[-2::-2]
    w = x.copy()
    w[::-1][:2] *= 3
    return y * w, z.sum()


def argument_written(x, k):
    x[0] = k
    x[1:] *= 2
    return np.sum(x**2)


def swap_elements_loop(x):
    y = x.copy()
    n = len(y)
    for i in range(n // 2):
        y[i], y[n - 1 - i] = y[n - 1 - i], y[i]
    y[[0, 1]] = y[[1, 0]]
    return y * np.arange(n)


def bubble_arrays(x):
    y = x.copy()
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return y * np.arange(1, len(y) + 1)


def trapezoid_weights(y, h):
    w = np.ones(len(y))
    w[0] = w[-1] = 0.5
    return h * np.sum(w * y)


def lookup_interp(t, xs, ys):
    k = np.searchsorted(xs, t) - 1
    k = max(0, min(k, len(xs) - 2))
    f = (t - xs[k]) / (xs[k + 1] - xs[k])
    return ys[k] + f * (ys[k + 1] - ys[k])


def vectorised_newton(a):
    x = np.ones_like(a)
    for _ in range(6):
        x = x - (x**2 - a) / (2 * x)
    return x


def shape_dependent(x):
    if x.ndim == 1:
        return x.sum()
    rows, cols = x.shape
    return x.sum(axis=0) * rows / cols


def column_append(A):
    cols = []
    for j in range(A.shape[1]):
        c = A[:, j]
        cols.append(c / (1 + c @ c))
    return np.stack(cols, axis=1)


def where_assign(x, y):
    out = np.zeros_like(x)
    m = x > y
    out[m] = x[m] ** 2
    out[~m] = y[~m] * 3
    return out


V = np.array([0.3, 1.2, -0.7, 0.9])
W = np.array([0.8, -0.4, 0.5, 1.6])
A = np.array([[0.3, 1.2, -0.4], [0.5, -0.2, 0.7], [1.1, 0.6, 0.9]])
CASES = {
    "prefix_scan": [(V,)],
    "stencil_in_place": [(V, 0.2)],
    "alternating_buffers": [(V, 0.7)],
    "masked_relu": [(V,)],
    "mask_read": [(V, 0.1)],
    "where_chain": [(V,)],
    "gather_scatter": {"args": [(V, np.array([0, 2, 2, 1]))], "wrt": "x"},
    "fancy_store": [(V, 0.6), (V, W[:2])],
    "row_updates": [(A, 0.3)],
    "view_writes": [(V,)],
    "transpose_write": [(A,)],
    "ravel_write": [(A,)],
    "reshape_chain": [(V,)],
    "diagonal_loops": [(A,)],
    "newaxis_distances": [(V,)],
    "ellipsis_index": [(np.arange(8.0).reshape(2, 2, 2) / 4,)],
    "stack_results": [(V, W)],
    "accumulate_rows": [(A,)],
    "argmax_pick": [(V,)],
    "clip_and_sign": [(V,)],
    "norms_axis": [(A,)],
    "outer_products": [(V, W)],
    "cumulative_product": [(V,)],
    "sliding_windows": [(V,)],
    "padded_conv": [(V, W[:3])],
    "jacobi_sweeps": [(V,)],
    "matrix_build": [(0.3, 1.4)],
    "list_to_array": [([0.3, 1.2, -0.7],)],
    "mean_var_normalise": [(A,)],
    "negative_steps": [(V,)],
    "argument_written": [(V, 0.6)],
    "swap_elements_loop": [(V,)],
    "bubble_arrays": [(V,)],
    "trapezoid_weights": [(V, 0.1)],
    "lookup_interp": [(1.4, np.array([0.0, 1.0, 2.0, 3.0]), V)],
    "vectorised_newton": [(W**2 + 0.1,)],
    "shape_dependent": [(V,), (A,)],
    "column_append": [(A,)],
    "where_assign": [(V, W)],
}
