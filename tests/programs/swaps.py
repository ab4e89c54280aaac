"""Members, rows and columns that change places."""

# ruff: noqa

import math
import numpy as np


def swap_list(x, i, j):
    x = list(x)
    x[i], x[j] = x[j], x[i]
    return [v * (k + 1) for k, v in enumerate(x)]


def swap_arg(x, i, j):
    x[i], x[j] = x[j], x[i]
    return x[0] * x[1]


def swap_matrix_rows_copy(m, i, j):
    m = m.copy()
    m[i], m[j] = m[j].copy(), m[i].copy()
    return m @ np.arange(3.0)


def swap_matrix_fancy(m, i: int, j: int):
    m = m.copy()
    m[[i, j]] = m[[j, i]]
    return m**2


def swap_columns(m, i: int, j: int):
    m = m.copy()
    m[:, [i, j]] = m[:, [j, i]]
    return m * np.arange(1.0, 10.0).reshape(3, 3)


def swap_matrix_elements(m):
    m = m.copy()
    m[0, 1], m[1, 0] = m[1, 0], m[0, 1]
    return m * np.arange(1.0, 10.0).reshape(3, 3)


def swap_temp(x, i, j):
    y = x.copy()
    tmp = y[i]
    y[i] = y[j]
    y[j] = tmp
    return y * np.array([1.0, 2.0, 3.0])


def transpose_in_place(m):
    m = m.copy()
    n = len(m)
    for i in range(n):
        for j in range(i + 1, n):
            m[i][j], m[j][i] = m[j][i], m[i][j]
    return m


def transpose_list_in_place(m):
    m = [row[:] for row in m]
    n = len(m)
    for i in range(n):
        for j in range(i + 1, n):
            m[i][j], m[j][i] = m[j][i], m[i][j]
    return m


def reverse_in_place(x):
    x = x[:]
    i, j = 0, len(x) - 1
    while i < j:
        x[i], x[j] = x[j], x[i]
        i += 1
        j -= 1
    return [math.sin(v) * k for k, v in enumerate(x, start=1)]


def selection_sort(a):
    a = a.copy()
    for i in range(len(a)):
        m = i
        for j in range(i + 1, len(a)):
            if a[j] < a[m]:
                m = j
        a[i], a[m] = a[m], a[i]
    return a[0] * a[1] + a[-1]


def rotate_three(x):
    x = x.copy()
    x[0], x[1], x[2] = x[1], x[2], x[0]
    return x * np.array([1.0, 10.0, 100.0])


def quicksort_in_place(x):
    y = x.copy()
    _quicksort(y, 0, len(y) - 1)
    return y


def _quicksort(a, lo, hi):
    if lo >= hi:
        return
    pivot = a[hi]
    i = lo
    for j in range(lo, hi):
        if a[j] < pivot:
            a[i], a[j] = a[j], a[i]
            i += 1
    a[i], a[hi] = a[hi], a[i]
    _quicksort(a, lo, i - 1)
    _quicksort(a, i + 1, hi)


def heap_like(x: list):
    h = list(x)
    for i in range(len(h) // 2 - 1, -1, -1):
        j = i
        while 2 * j + 1 < len(h):
            c = 2 * j + 1
            if c + 1 < len(h) and h[c + 1] < h[c]:
                c += 1
            if h[j] <= h[c]:
                break
            h[j], h[c] = h[c], h[j]
            j = c
    return h[0] ** 2 + h[1]


def fft_bit_reverse(x):
    y = x.copy()
    n = len(y)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            y[i], y[j] = y[j], y[i]
    return y * np.arange(1.0, n + 1)


def swap_dict(d, a: str, b: str):
    d[a], d[b] = d[b], d[a]
    return d[a] * 2.0 + d[b]


def swap_two_arrays(x, y):
    x, y = y, x
    x[0] = 3.0 * y[0]
    return x @ y


def swap_across(x, y):
    x[0], y[0] = y[0], x[0]
    return x * y


def permute_loop(x, order):
    out = np.empty_like(x)
    for k, p in enumerate(order):
        out[p] = x[k]
    return out * np.arange(1.0, 4.0)


V3 = np.array([0.4, 1.3, -2.2])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
CASES = {
    "swap_list": {"args": [([0.4, 1.3, 2.2], 0, 2), (V3, 0, 2)], "wrt": 0},
    "swap_arg": {"args": [(V3, 0, 2), ([0.4, 1.3, 2.2], 1, 2)], "wrt": 0},
    "swap_matrix_rows_copy": {"args": [(M33, 0, 2), (M33, 1, 1)], "wrt": 0},
    "swap_matrix_fancy": [(M33, 0, 2), (M33, 1, 1)],
    "swap_columns": [(M33, 0, 2), (M33, 1, 1)],
    "swap_matrix_elements": [(M33,)],
    "swap_temp": {"args": [(V3, 0, 2)], "wrt": 0},
    "transpose_in_place": [(M33,)],
    "transpose_list_in_place": [(M33.tolist(),)],
    "reverse_in_place": [([0.4, 1.3, 2.2, 0.1],)],
    "selection_sort": [(V3,), ([3.0, 1.0, 2.0],)],
    "rotate_three": [(V3,)],
    "quicksort_in_place": [(np.array([3.0, 1.0, 2.0, 0.4, 5.0]),)],
    "heap_like": [([3.0, 1.0, 2.0, 0.4, 5.0],)],
    "fft_bit_reverse": [(np.arange(8.0) ** 1.5,)],
    "swap_dict": [({"p": 1.0, "q": 2.0, "r": 0.5}, "p", "q")],
    "swap_two_arrays": [(V3, V3 + 1.0)],
    "swap_across": [(V3, V3 + 1.0)],
    "permute_loop": {"args": [(V3, [2, 0, 1])], "wrt": 0},
}
