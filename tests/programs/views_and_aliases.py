"""One array under several names, and pieces of arrays that are written through."""

# ruff: noqa

import numpy as np


def alias_then_write(a):
    b = a.copy()
    c = b
    c[0] = c[1] * c[2]
    return b[0] * b[1]


def alias_of_product(x):
    y = x * 2.0
    z = y
    y[1] = y[0] * y[0]
    return z.sum() * z[1]


def row_view(m):
    work = m.copy()
    row = work[1]
    row *= 2.0
    row[0] = work[0, 0] * row[1]
    return work


def slice_view(x):
    y = x.copy()
    v = y[1:]
    v *= 3.0
    v[0] += y[0] ** 2
    return y @ x


def view_of_view(x):
    y = x * 1.0
    u = y[1:]
    w = u[::-1]
    w[0] = w[1] * y[0]
    return y


def transpose_view(m):
    work = m * 1.0
    t = work.T
    t[0] = t[1] * 2.0
    t[2, 1] *= t[0, 0]
    return work


def reshape_view(x):
    y = x * 2.0
    m = y.reshape(2, 2)
    m[0, 1] = m[1, 0] * m[0, 0]
    m += 1.0
    return y


def ravel_view(m):
    work = m.copy()
    flat = work.ravel()
    flat[1:] *= flat[0]
    return work


def rows_in_loop(m):
    out = m.copy()
    for i in range(1, len(out)):
        row = out[i]
        row -= row.mean() * out[i - 1]
    return out


def iterate_rows_and_write(m):
    out = m.copy()
    for row in out:
        row /= row.sum()
    return out


def argument_alias(x):
    y = x
    y[0] = y[0] ** 2
    return x[0] * x[1]


def argument_view(x):
    head = x[:2]
    head *= 2.0
    return x


def reassigned_after_alias(x):
    y = x
    x = x * 2.0
    y = y + x
    x[0] = 0.0
    return x * y


def augmented_alias(x, y):
    z = x.copy()
    w = z
    z *= y
    return z + w


def augmented_rebinds_float(x, y):
    z = x
    z *= y
    return z + x


def two_views_overlap(x):
    y = x.copy()
    left, right = y[:3], y[1:]
    left += right
    right[0] = left[0] * left[2]
    return y


def conditional_alias(x, y, pick):
    a, b = x * 1.0, y * 1.0
    c = a if pick > 0 else b
    c[0] *= c[1]
    return a * b


def view_survives_rebinding(x):
    y = x * 1.0
    v = y[1:]
    y = y * 2.0
    v *= 5.0
    return y[1:] + v


def helper_writes(x):
    y = x.copy()
    normalise(y)
    double_head(y, 2)
    return y * x


def normalise(v):
    v /= np.sqrt(np.sum(v**2))


def double_head(v, n):
    v[:n] *= 2.0


def helper_returns_alias(x):
    y = x * 3.0
    z = same(y)
    z[0] = 1.0
    return y.sum() * z[1]


def same(v):
    return v


def helper_returns_view(m):
    work = m * 1.0
    last = last_row(work)
    last *= work[0]
    return work


def last_row(m):
    return m[-1]


def list_of_arrays_written(x):
    parts = [x * 1.0, x * 2.0]
    parts[0][1] = parts[1][0]
    first = parts[0]
    first[0] *= 2.0
    return parts[0] @ parts[1]


def column_writes(m):
    out = np.zeros((2, 3))
    for j in range(3):
        col = out[:, j]
        col[:] = m[:, j] * (j + 1)
        col[0] -= col[1]
    return out


def copy_breaks_alias(x):
    y = x.copy()
    z = y.copy()
    y[0] = z[1] * 2
    z[0] = y[0] * z[0]
    return y * z


def same_array_read_twice(x):
    return outer_sum(x, x)


def outer_sum(a, b):
    return a @ b + a.sum()


def newaxis_view(x):
    y = x * 1.0
    c = y[:, None]
    c *= 2.0
    c[0, 0] = y[2]
    return y


def fancy_is_a_copy(x):
    y = x * 1.0
    p = y[[0, 1]]
    p *= 10.0
    y[0] += p[1]
    return y


def swap_buffers(x, n: int = 3):
    cur = x.copy()
    new = np.zeros_like(x)
    for _ in range(n):
        for i in range(len(x)):
            new[i] = cur[i - 1] * 0.5 + cur[i] ** 2
        cur, new = new, cur
    return cur


def diagonal_read_after_a_write(a: np.ndarray):
    d = np.diag(a)
    a[0, 0] = 2.0 * a[0, 1]
    return np.sum(d * d)


def differences_before_a_write(x: np.ndarray):
    n = x.shape[0]
    d = np.diff(x)
    x[0] = 2.0
    return np.sum(d * d) + x[0] * n


def gradients_of_an_alias_in_one_arm(x: np.ndarray, y: np.ndarray, c: float):
    if c > 0:
        z = x
    else:
        z = 2 * x
    return z + y


def gradients_of_an_alias_in_a_loop(x: np.ndarray, y: np.ndarray, c: float):
    z = y
    for i in range(2):
        if c > i:
            z = x
        else:
            z = z * 2
    return z + y


V3 = np.array([0.4, -1.3, 2.2])
W3 = np.array([1.1, 0.6, -0.8])
V4 = np.array([0.7, 0.2, 1.4, 0.9])
M23 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5]])
M33 = np.array([[2.0, -1.2, 2.1], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3]])


def view_of_a_list_written(x: np.ndarray, y: np.ndarray):
    a, b = x * y, x + y
    d = np.transpose([a, b])
    d *= 1.7
    return a * b * np.sum(d)


def member_of_a_list_written_after_its_view(x: np.ndarray, y: np.ndarray):
    a, b = x * y, x + y
    held = [a, b]
    d = np.squeeze(held)
    a *= y
    return a * b * np.sum(d)


def pieces_of_a_tuple_written(x: np.ndarray, y: np.ndarray):
    a, b = x * y, x + y
    d, e = np.split(np.flip((a, b)), 2)
    d[0] *= y
    return a * b * np.sum(d * e)


def axes_around_a_list_written(x: np.ndarray, y: np.ndarray):
    a = x * y
    d = np.expand_dims([a, a], 0)
    d[0, 1] = y
    a[0] = 2.0
    return a * np.sum(d[0, 0]) + d[0, 1]


CASES = {
    "view_of_a_list_written": [(V3, W3)],
    "member_of_a_list_written_after_its_view": [(V3, W3)],
    "pieces_of_a_tuple_written": [(V3, W3)],
    "axes_around_a_list_written": [(V3, W3)],
    "alias_then_write": [(V3,)],
    "alias_of_product": [(V3,)],
    "row_view": [(M23,)],
    "slice_view": [(V3,)],
    "view_of_view": [(V3,)],
    "transpose_view": [(M33,)],
    "reshape_view": [(V4,)],
    "ravel_view": [(M23,)],
    "rows_in_loop": [(M33,)],
    "iterate_rows_and_write": [(M33,)],
    "argument_alias": [(V3,)],
    "argument_view": [(V3,)],
    "reassigned_after_alias": [(V3,)],
    "augmented_alias": [(V3, V3 + 2.0)],
    "augmented_rebinds_float": [(1.5, 0.4)],
    "two_views_overlap": [(V4,)],
    "diagonal_read_after_a_write": {"args": [(M33,)], "expect": "any"},
    "differences_before_a_write": [(V3,)],
    "gradients_of_an_alias_in_one_arm": [(V3, V3 + 2.0, 1.0), (V3, V3 + 2.0, -1.0)],
    "gradients_of_an_alias_in_a_loop": [(V3, V3 + 2.0, 3.0), (V3, V3 + 2.0, -1.0)],
    "conditional_alias": [(V3, V3 + 2.0, 1.0), (V3, V3 + 2.0, -1.0)],
    "view_survives_rebinding": [(V3,)],
    "helper_writes": [(V3,)],
    "helper_returns_alias": [(V3,)],
    "helper_returns_view": [(M23,)],
    "list_of_arrays_written": [(V3,)],
    "column_writes": [(M23,)],
    "copy_breaks_alias": [(V3,)],
    "same_array_read_twice": [(V3,)],
    "newaxis_view": [(V3,)],
    "fancy_is_a_copy": [(V3,)],
    "swap_buffers": [(V3,)],
}
