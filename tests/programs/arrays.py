"""NumPy in one piece: elementwise, reductions, shapes, broadcasting, products."""

# ruff: noqa

import numpy as np
from numpy import dot, exp, log
from numpy import sum as total

VECTOR = np.array([0.5, -1.0, 2.0])
SCALE = 1.5


def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


def softmax_rows(x):
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=1, keepdims=True)


def cosine_similarity(a, b):
    return dot(a, b) / (np.sqrt(dot(a, a)) * np.sqrt(total(b * b)))


def broadcasting(x, b, s):
    y = x + b
    z = y * s
    w = z - x.mean(axis=0)
    return w / (1.0 + b**2)


def scalar_meets_array(a, x):
    y = a * x
    z = y + a
    return z**2 / a


def float_or_array(x):
    return x * x + np.sin(x) * 2.0


def column_and_row(u, v):
    table = u[:, None] * v[None, :] + u.reshape(-1, 1)
    return table - v


def reductions(x):
    a = np.sum(x, axis=0)
    b = np.mean(x, axis=1)
    c = x.prod(axis=1)
    d = x.max(axis=0)
    e = np.min(x, axis=-1, keepdims=True)
    return a @ d + np.sum(b * c) + e.sum() + x.sum() * x.mean() + np.prod(x[0])


def axes(x):
    return x.sum(axis=(0, 2)) * np.mean(x, axis=(0, 2)) + x.sum(0).sum(1) - np.max(x, axis=(0, 2))


def products(a, b, x):
    y = a @ b
    z = np.dot(a, x)
    w = np.matmul(x, b.T)
    u = np.outer(z, x)
    return np.sum(y * y) + z @ a @ x + np.sum(w) * np.sum(u * u) + x.dot(x) + a.dot(b).sum()


def batched_matmul(a, b):
    return (a @ b).sum(axis=0)


def quadratic_form(x, m):
    return 0.5 * x.T @ m @ x + VECTOR @ x


def shapes(x):
    y = x.reshape(2, 3)
    z = np.reshape(y.T, (6,))
    w = np.ravel(y.transpose()) * z
    v = np.transpose(y) @ y
    u = y.copy().ravel()
    n = x.shape[0] + len(y) + y.size + y.ndim
    return w.sum() * n + v.sum() + u @ z


def three_axes(x):
    y = np.transpose(x, (2, 0, 1))
    z = x.transpose(1, 0, 2)
    return (y[0] * z[:, 0, :].sum()).sum(axis=1) + y.shape[0]


def constructors(x):
    n = len(x)
    a = np.zeros(n) + x
    b = np.ones_like(x) * a
    c = np.full(n, 2.5) * b + np.full((n,), x[0])
    d = np.eye(n) @ c
    e = np.arange(n) * d
    f = np.linspace(0.0, 1.0, n) + e
    g = np.zeros_like(f)
    h = np.ones((n, n)) @ x
    return f + g + h


def concatenation(x, y):
    z = np.concatenate((x, y, x * 2))
    w = np.stack([x, x**2], axis=1)
    v = np.stack((x, np.sin(x)))
    return z.sum() * (w @ np.array([1.0, -1.0])).sum() + (v[1] * v[0]).sum() + np.concatenate([v, v], axis=1)[0, -1]


def literal_arrays(x, y):
    v = np.array([x, y, x * y])
    m = np.array([[x, 1.0], [y, x + y]])
    return v.sum() + (m @ m)[0, 1] * v[2]


def rotation(theta, p):
    c, s = np.cos(theta), np.sin(theta)
    r = np.array([[c, -s], [s, c]])
    return r @ p


def slices(x):
    a = x[1:] - x[:-1]
    b = x[::2].sum() * x[-1]
    c = x[::-1] * x
    d = x[-3:-1]
    e = x[..., 1:3]
    return np.sum(a**2) + b + c @ x + d @ e


def slices_2d(m):
    a = m[1:, :-1] * m[:-1, 1:]
    b = m[0] + m[-1]
    c = m[:, 0] @ m[:, 1]
    d = m[::2, ::-1]
    return a.sum() + b.prod() + c + d[0, 0] * m[1, 2] + m[..., 0].sum() + m[1][2]


def fancy_reads(x, idx):
    a = x[idx]
    b = x[[0, 0, 2]]
    c = x[np.array([2, 1])]
    return a * 2 + a[0] * b.sum() + c @ c


def fancy_pairs(m, rows, cols):
    return m[rows, cols] ** 2 + m[rows].sum(axis=1) * m[0, cols]


def masked_reads(x):
    positive = x[x > 0]
    mask = (x > -1) & ~(x > 1)
    return np.sum(positive**2) + np.sum(x[mask]) * len(positive) + np.where(x > 0, x, 0.1 * x).sum()


def where_and_clip(x, lo):
    y = np.where(x > lo, x**2, lo * x)
    z = np.clip(x, -0.5, 1.5)
    w = np.maximum(x, lo) * np.minimum(x, 1.0)
    return y + z * w + np.maximum(0.0, x)


def elementwise_many(x):
    y = np.tanh(x) + np.exp(-(x**2)) * np.log1p(x * x) - np.arctan(x)
    z = np.sqrt(1 + x**2) + np.abs(x) + np.sign(x) * x + np.cbrt(x)
    return (y * z) / np.cosh(x) + np.hypot(x, 2.0) + np.power(2.0, x) + np.expm1(x) + np.square(x)


def operators_on_arrays(x, y):
    a = -x + +y
    b = x % y
    c = x // y
    d = abs(x) ** y
    e = 2.0**x
    return a * b + c + d - e / y + (x > y) * x


def norms(x):
    return np.sqrt(np.sum(x**2)) + np.sum(np.abs(x)) + np.max(np.abs(x))


def variance_by_hand(x):
    mu = x.mean()
    return ((x - mu) ** 2).sum() / (x.size - 1)


def standardise(x):
    mu = np.mean(x, axis=0)
    sd = np.sqrt(np.mean((x - mu) ** 2, axis=0))
    return (x - mu) / sd


def pairwise_squared(x, y):
    xx = np.sum(x**2, axis=1)[:, np.newaxis]
    yy = np.sum(y**2, axis=1)
    return xx + yy - 2 * x @ y.T


def rbf_kernel(x, length, variance=1.0):
    d = x[:, None, :] - x[None, :, :]
    r2 = np.sum(d * d, axis=-1) / length**2
    return variance * exp(-0.5 * r2)


def entropy(p):
    q = p / p.sum()
    return -np.sum(q * log(q))


def empty_arrays(x):
    return np.sum(x * 2.0) + np.sum(np.exp(x[:0])) + SCALE


def integer_array_read(x, counts):
    return np.sum(counts * x) / counts.sum()


def reduce_with_method_chain(x):
    return (x - x.mean(axis=1, keepdims=True)).T.copy().ravel().dot(np.arange(x.size) * 0.1)


def scalar_from_item(x):
    first = float(x[0])
    last = x[-1]
    n = int(x.shape[0])
    return first * last * n


def convolve_by_slices(signal, kernel):
    n, k = len(signal), len(kernel)
    out = np.zeros(n - k + 1)
    for j in range(k):
        out = out + kernel[j] * signal[j : n - k + 1 + j]
    return out


def float32_stays(x, w):
    y = x * w
    return np.tanh(y) * np.float32(2.0)


def trace_by_hand(m):
    return sum(m[i, i] for i in range(2)) if False else m[0, 0] + m[1, 1]


def alias_xp(x):
    import numpy as xp

    return xp.linalg.norm(x) if xp.sum(x) > 1e9 else xp.sum(xp.sin(x))


def unpack_array(p):
    a, b, c = p
    (d, e), f = p[:2], p[2]
    return a * b + c * d - e * f


def unpack_rows(m):
    u, v = m
    return u * v[::-1]


M23 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5]])
M33 = np.array([[2.0, -1.2, 2.1], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3]])
T234 = np.sin(np.arange(24.0).reshape(2, 3, 4) * 1.7) + 0.01 * np.arange(24.0).reshape(2, 3, 4)
V3 = np.array([0.4, -1.3, 2.2])
W3 = np.array([1.4, 0.3, -0.2])
WHOLE = np.arange(1, 4)


def floats_among_integers(x: np.ndarray, y: np.ndarray):
    a = np.full_like(WHOLE, 9.0 * x[0]) * y
    b = np.insert(WHOLE, 1, 9.0 * y[1])[:3] * x
    c = np.pad(WHOLE[1:2], 1, constant_values=9.0 * x[2]) * y
    d = np.sum(WHOLE, initial=x[1]) * y + np.add.reduce(WHOLE, initial=y[2]) * x
    e = np.nansum(WHOLE, initial=x[2]) * y + np.nanprod(WHOLE, initial=y[1]) * x
    return a + b + c + d + e


def powers_of_integers_as_floats(x: np.ndarray, y: np.ndarray):
    return (WHOLE * 1.0) ** -2 * x + (WHOLE / 1) ** -1 * y + np.power(0.0 + WHOLE, -1) * x


def places_by_starred_indices(x: np.ndarray, y: np.ndarray):
    a = np.outer(x, y)
    for k in range(2):
        i = (k, k + 1)
        a[*i] *= y[k]
        a[*neighbours(k)] += y[0] * x[k]
        a[*(0,), k] = a[*i[:1], 0] * 2.0
    return a.sum(axis=0) * a[*i[1:]]


def neighbours(k):
    return k, k + 1


def copies_by_indices_written(x: np.ndarray, y: np.ndarray):
    m = np.outer(x, y)
    m[[0, 1]][0] = y
    m[x > 0.0][0] += y
    m[np.argsort(x)][1] *= y
    for i in range(2):
        m[i:][[0]][0] = y
    b = m[0] * x
    m[[0, 1]][0] = 3.0
    m[1:][0] = b
    return np.sum(m * m) * b


CASES = {
    "floats_among_integers": [(V3, W3)],
    "powers_of_integers_as_floats": [(V3, W3)],
    "places_by_starred_indices": [(V3, W3)],
    "copies_by_indices_written": [(V3, W3)],
    "logsumexp": [(V3,), (np.array([700.0, 701.0]),)],
    "softmax": [(V3,)],
    "softmax_rows": [(M23,)],
    "cosine_similarity": [(V3, W3)],
    "broadcasting": [(M23, V3, 0.7), (M23, 0.4, np.array([[2.0], [3.0]])), (V3, W3, 2.0)],
    "scalar_meets_array": [(1.4, V3), (1.4, 0.7), (W3, V3), (V3, 0.6)],
    "float_or_array": [(1.4,), (V3,), (M23,)],
    "column_and_row": [(V3, np.array([1.0, 0.2]))],
    "reductions": [(M23,)],
    "axes": [(T234,)],
    "products": [(M33, M33.T + 0.5, V3)],
    "batched_matmul": [(T234, T234.transpose(0, 2, 1) * 0.5), (T234, np.ones((4, 2)) * 0.3)],
    "quadratic_form": [(V3, M33)],
    "shapes": [(np.array([1.0, 0.2, -0.4, 2.0, 0.9, -1.3]),)],
    "three_axes": [(T234,)],
    "constructors": [(V3,)],
    "concatenation": [(V3, np.array([0.1, 0.2]))],
    "literal_arrays": [(1.2, 0.4)],
    "rotation": [(0.7, np.array([1.0, 0.5]))],
    "slices": [(np.array([1.0, 0.2, -0.4, 2.0]),)],
    "slices_2d": [(M33,)],
    "fancy_reads": {"args": [(V3, np.array([0, 2, 0, 1]))], "wrt": "x"},
    "fancy_pairs": {"args": [(M33, np.array([0, 2, 0]), np.array([1, 1, 1]))], "wrt": (0,)},
    "masked_reads": [(np.array([0.5, -0.7, 2.0, -3.0]),)],
    "where_and_clip": [(np.array([0.5, -0.7, 2.0, -3.0]), 0.1), (0.7, 0.2)],
    "elementwise_many": [(V3,), (0.7,)],
    "operators_on_arrays": [(V3, np.array([0.7, 0.6, 1.3]))],
    "norms": [(V3,)],
    "variance_by_hand": [(V3,), (M23,)],
    "standardise": [(M33,)],
    "pairwise_squared": [(M23, M33)],
    "rbf_kernel": [(M23, 0.8), (M23, 0.8, 2.0)],
    "entropy": [(np.array([0.2, 0.5, 0.9]),)],
    "empty_arrays": [(V3,), (np.array([]),)],
    "integer_array_read": {"args": [(V3, np.array([1, 2, 3]))], "wrt": ("x", "counts")},
    "reduce_with_method_chain": [(M23,)],
    "scalar_from_item": [(V3,)],
    "convolve_by_slices": [(np.array([1.0, 0.2, -0.4, 2.0]), np.array([0.5, 0.25]))],
    "float32_stays": {"args": [(V3.astype(np.float32), np.float32(0.7))], "tolerance": 1e-5},
    "trace_by_hand": [(M33,)],
    "alias_xp": [(V3,)],
    "unpack_array": [(V3,)],
    "unpack_rows": [(M23,)],
}
