"""Arrays written in place whose reverse sweep asks for their shapes, their values or both."""

# ruff: noqa

import numpy as np

V3, W3 = np.array([0.4, 1.3, 0.7]), np.array([0.77, 1.43, 0.44])


def product_of_what_is_scaled(x, w):
    y = x.copy()
    for k in range(3):
        z = y * w
        y[1:] *= z[:-1]
    return np.sum(y)


def sum_between_two_writes(x, w):
    y = x.copy()
    s = 0.0
    for k in range(3):
        y += w
        s = s + np.sum(y[1:] * 2.0)
        y *= 0.5
        s = s * y[0]
    return s


def view_of_what_grows(x, w):
    y = x.copy()
    v = y[1:]
    for k in range(2):
        y += w * np.sin(v[0])
        y *= 2.0
        v += x[:-1]
    return np.sum(y**2)


def rows_from_rows_before(x, w):
    a = np.zeros((3, 3))
    for i in range(3):
        a[i] = x * w[i]
        a[i] += np.sum(a[:i], axis=0) * 0.5
        if a[i, 0] > 0.2:
            a[i] = a[i] - w
    a *= 2.0
    return np.sum(a * a)


def copies_between(x, w):
    y = x.copy()
    y += w
    t = y + 1.0
    y *= t
    u = y - t
    y -= u * w
    return np.sum(y)


def until_it_is_large(x, w):
    y = x.copy()
    n = 0
    while np.sum(y) < 9.0 and n < 5:
        y += 0.5 * np.abs(w)
        y[n % 3] *= 1.1
        n += 1
    return y @ w + y.shape[0] * x[0]


def ends_follow_the_middle(x, w):
    y = np.concatenate([x, w])
    for k in range(3):
        lap = y[2:] - y[:-2]
        y[1:-1] += 0.1 * lap
        y[0] = y[1] * w[0]
        y[-1] = y[-2] + np.max(y)
    return np.sum(np.exp(y))


def bump(z, c):
    z += c
    z[0] *= 2.0
    return np.sum(z)


def helper_that_writes(x, w):
    y = x.copy()
    s = 0.0
    for k in range(2):
        s += bump(y, w)
        y -= x
        s += bump(y, w[0]) * y[1]
    return s


def transposed_view(x, w):
    b = np.outer(x, w)
    b[:, 0] += x
    b[0] -= w
    c = b.T
    c[1] = c[1] + w
    b *= 3.0
    return np.sum(b[1] * x) + np.sum(c)


def snapshots(x, w):
    y = x.copy()
    out = []
    for k in range(3):
        y += w
        out.append(y.copy())
        y *= 0.5
        out.append(np.zeros_like(y) + np.mean(y))
    return sum(np.sum(o * w) for o in out)


def buffers_exchanged(x, w):
    cur, new = x.copy(), np.zeros(3)
    for k in range(4):
        new[:] = cur + 0.1 * w
        new[1] += cur[0]
        cur, new = new, cur
    return np.sum(cur) + np.sum(new * x)


def indices_and_masks(x, w):
    y = x * 1.0
    idx = np.array([0, 2, 0])
    y[idx] += w
    y[y > 0.5] -= 1.0
    y += np.mean(y)
    return np.sum(y * y)


def bound_anew_on_one_way_and_reduced_after_its_use(x: np.ndarray, w: np.ndarray):
    s = np.dot(x, w * w)
    if w[0] < 0.5:
        x = x * 2.0
    x -= w
    return s


def bound_anew_in_a_loop_and_written_after_its_use(x: np.ndarray, w, n: int):
    s = np.dot(x, w * w)
    for _ in range(n):
        x = x * 2.0
    x[1] = 3.0
    return s


def bound_anew_twice_and_written_after_its_use(x: np.ndarray, w: np.ndarray):
    s = np.dot(x, w * w)
    while w[0] < 0.5:
        x = x * 2.0
        w = w + 1.0
    x -= w
    s = s * 2.0
    if w[0] < 0.5:
        x = x * 3.0
    x *= w
    return s


def turned_in_a_loop_and_reduced_after_its_use(x: np.ndarray, w, n: int):
    s = np.dot(x, w * w)
    for _ in range(n):
        x = x[::-1]
    x -= w
    return s


def bound_anew_where_it_fails_and_filled_after_its_use(x: np.ndarray, w: np.ndarray):
    s = np.dot(x, w * w)
    try:
        t = x * w[:2]
    except TypeError:
        x = x * 2.0
    except ValueError:
        w = w * 2.0
    x.fill(0.0)
    w *= x
    return s


def made_in_place_and_bound_anew(x: np.ndarray, w: np.ndarray):
    y = x * w
    s = np.dot(y, w)
    if w[0] < 0.5:
        y = y * 2.0
    y -= w
    return s


CASES = {
    "product_of_what_is_scaled": [(V3, W3)],
    "sum_between_two_writes": [(V3, W3)],
    "view_of_what_grows": [(V3, W3)],
    "rows_from_rows_before": [(V3, W3)],
    "copies_between": [(V3, W3)],
    "until_it_is_large": [(V3, W3)],
    "ends_follow_the_middle": [(V3, W3)],
    "helper_that_writes": [(V3, W3)],
    "transposed_view": [(V3, W3)],
    "snapshots": [(V3, W3)],
    "buffers_exchanged": [(V3, W3)],
    "indices_and_masks": [(V3, W3)],
    "bound_anew_on_one_way_and_reduced_after_its_use": [(V3, W3), (W3, V3)],
    "bound_anew_in_a_loop_and_written_after_its_use": [(V3, W3, 0), (V3, W3, 1)],
    "bound_anew_twice_and_written_after_its_use": [(V3, W3), (W3, V3)],
    "turned_in_a_loop_and_reduced_after_its_use": [(V3, W3, 0), (V3, W3, 1)],
    "bound_anew_where_it_fails_and_filled_after_its_use": [(V3, W3)],
    "made_in_place_and_bound_anew": [(V3, W3), (W3, V3)],
}
