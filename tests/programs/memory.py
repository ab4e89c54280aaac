"""Who shares memory with whom, and what the reverse sweep needs of memory that was written again: each was wrong once."""

# ruff: noqa

import math

import numpy as np

C = np.array([0.5, 1.0, 2.0])


def double_buffer(x):
    bufs = np.zeros((2, 3))
    bufs[0] = x
    for k in range(4):
        src, dst = bufs[k % 2], bufs[(k + 1) % 2]
        dst[:] = src * 0.9
        dst[0] += src[2] ** 2
    return bufs


def same_list_twice(x):
    rows = [x * 1.0] * 2
    rows[0][0] = 5.0
    return rows[1] * 2


def _writes_and_returns(z, s):
    z[0] = s * 0.5
    return z[1] * 2.0


def multiplied_by_what_writes_it(z):
    z = z * 1.0
    z *= _writes_and_returns(z, z @ z)
    return np.sum(z)


def member_augmented_by_what_writes_it(z):
    z = z.copy()
    z[2] += _writes_and_returns(z, z[1])
    return np.sum(z * z)


def row_read_and_the_whole_copied(m):
    a = m[0]
    b = a[:2]
    c = m.copy()
    c[0, :2] = b * 2
    d = c[0]
    d *= a
    return c


def _first_two(v):
    return v[0] * v[1]


def member_named_and_read_again(ms):
    a = ms[0]
    b = a[:2]
    r = _first_two(ms[0])
    return np.sum(b**2) * r + _first_two(a) * a[1]


def member_named_before_a_loop(ms):
    a = ms[0]
    r = _first_two(a)
    total = 0.0
    for i in range(2):
        total = total + _first_two(ms[0]) * np.sum(a[:2]) * r
    return total


def _twice(s):
    return (s, s)


def bound_by_a_call_after_it_was_shared(x: float, y: np.ndarray):
    held = (y, y)
    held[0][:] = x
    y, d = _twice(x)
    return y * d


def written_in_a_branch_under_a_new_name(x, z):
    y = x * z
    if len(z) > 1:
        r = z
        r *= r
    return y.copy()


def two_names_for_a_result(y):
    x = z = np.tanh(y)
    p = np.sum(z)
    x -= x
    return p


def result_read_after_it_is_scaled(x):
    y = x * 1.0
    y *= y
    y /= y + 1.0
    y -= y[::-1]
    return y


def mask_of_what_it_writes(z, y):
    w = z.copy()
    h = np.array([y, 2, y])
    k = 0
    while k < 3:
        k += 1
        w[w > 0.3] = h @ z[0]
    return w


def adds_itself(x):
    x[1] *= 1.0
    x += x
    return x


def inactive_array_is_put_back(x, y, z):
    k = 0
    while k < 3:
        k += 1
        z[k % 3][0] += 1.0 if np.any(y - y > 1.5) else float(0.5)
        y[1:] -= math.exp(-math.exp(-(2**2)) ** 2)
    return x


def scaled_by_a_sum_of_itself(y, z):
    y *= (y * z).sum(axis=1)
    return y


def parameter_bound_to_another(x: np.ndarray, z: np.ndarray):
    x = z
    x[1] -= np.sin(1.0)
    return 3.0 * z


def slices_with_a_changing_end(x: float, z: float):
    v = np.array([x * 1.0, z, x * z])
    k = 1
    a = v[:k]
    if x < 10:
        k = 3
    b = v[:k]
    return a * b


def integers_in_an_array(x: float):
    return np.array([x, 2, x])[:]


def slot_of_another_kind(x):
    L = [x[0], x[1]]
    L[0] = x * 2
    y = L[0] * L[0]
    return y.sum() + L[1]


def dict_that_grows(x):
    d = {}
    d["a"] = x[0] * 2
    d["b"] = x * d["a"]
    d["a"] = d["b"] * x
    d["b"] = d["a"].sum()
    return d["a"] * d["b"]


def member_read_before_it_is_scaled(x):
    d = [x * 1.0, x[0]]
    v = d[0]
    y = v * v
    d[0] *= 2
    d[1] *= 3
    return y + d[0] * d[1]


def member_scaled_in_a_loop(x):
    d = [x * 1.0, x[0]]
    for i in range(3):
        v = d[0]
        y = v * v
        d[0] *= 2
        d[1] *= 3
    return y + d[0] * d[1]


def square(s):
    return s * s


def exponential(s):
    return np.exp(s)


def pair(s):
    t = np.sin(s)
    return t, t * s


def argument_written_after_the_call(x):
    y = x * 1.0
    s = 0.0
    for i in range(3):
        s += square(y).sum()
        y[i] = 2 * y[i]
    return s


def result_written_after_the_call(x):
    r = exponential(x)
    r *= 2.0
    return r * x


def results_written_after_the_call(x):
    a, b = pair(x)
    a += b
    b[:] = a * b
    return a * b


def buffer_given_in_turn(x):
    buf = np.zeros(3)
    out = 0.0
    for i in range(3):
        buf[:] = x * i
        out = out + exponential(buf)[i]
    return out


def fill_both(p, x):
    p[0][:] = x**2
    p[1][:] = x**3


def display_written_by_a_helper(x):
    a = np.zeros(3)
    b = np.zeros(3)
    fill_both((a, b), x)
    return a * b


def eye_sum(p, q):
    return np.eye(3).sum(axis=1)


def constant_result_written(x):
    y = e = eye_sum(x, 1.0)
    y[0], y[1] = (1, x)
    return y @ e


def swapped(s, t):
    return (t, s)


def parameter_bound_by_a_call(x: np.ndarray, y: np.ndarray):
    x, z = swapped(1.0, 2)
    return z + y * x


def product_of_three(p):
    return np.array([p, p, p]).prod()


def helper_saves_one_temporary(x):
    return product_of_three(x)


def divided_differences(x, y):
    coef = y.copy()
    n = len(x)
    for j in range(1, n):
        coef[j:] = (coef[j:] - coef[j - 1 : -1]) / (x[j:] - x[:-j])
    return coef


def single_with_double(x):
    y = np.ones(3) * x + np.arange(3)
    return np.outer(C, x) @ C / np.sqrt(np.mean(C)) + y


def rows_written_after_append(x):
    rows = []
    for i in range(3):
        r = np.zeros(3)
        r[i] = x[i]
        rows.append(r)
        r[i - 1] = x[i] ** 2
    return np.array(rows)


def history_of_buffers(x):
    u = x * 1.0
    hist = [u]
    for k in range(3):
        u_next = np.zeros_like(u)
        u_next[1:] = u[:-1] * 2
        u_next[0] = u[-1]
        u = u_next
        hist.append(u)
    return np.stack(hist)


def list_under_two_names(x):
    L = [x[0], x[1] * 2]
    M = L
    M.append(x[2])
    M[0] = L[1] * L[2]
    return L[0] * M[1]


def dict_with_a_number(x):
    p = {"w": x * 1.0, "b": x[0]}
    w = p["w"]
    for k in range(3):
        w -= 0.1 * w**2
        p["b"] = p["b"] * w[0]
    return p["w"] * p["b"]


def tuple_of_arrays_unpacked(x):
    t = (x * 1.0, x * 2.0, x[1])
    a, b, s = t
    a[0] = 3.0 * s
    b += a
    return t[0] * t[1] * s


def buffers_of_a_list_in_turn(x):
    bufs = [x * 1.0, np.zeros(3)]
    for k in range(4):
        s, d = bufs[k % 2], bufs[1 - k % 2]
        d[:] = s * s[::-1]
        d[0] += 1.0
    return bufs[0] + bufs[1]


def two_lists_swap(x):
    cur = [x * 1.0, x * 2.0]
    new = [np.zeros(3), np.zeros(3)]
    for k in range(3):
        for i in range(2):
            new[i][:] = cur[i] * 0.5 + cur[1 - i] ** 2
        cur, new = new, cur
    return cur[0] * cur[1]


def update(params, lr):
    for i in range(len(params)):
        params[i] -= lr * params[i] ** 2


def parameters_updated_by_a_helper(x):
    ps = [x * 1.0, x * 3.0]
    first = ps[0]
    update(ps, 0.1)
    update(ps, 0.2)
    return first * ps[1]


def update_members(params, lr):
    for p in params:
        p -= lr * p**2


def members_updated_by_a_helper(x):
    ps = [x * 1.0, x * 3.0]
    update_members(ps, 0.1)
    return ps[0] * ps[1]


def entry_bound_anew(x):
    s = {}
    s["a"] = x * 1.0
    v = s["a"]
    v[0] = 2 * x[1]
    s["a"] = s["a"] * v
    s["a"][1] = 0.5
    return s["a"] + v


def arrays_of_an_argument_written(ws):
    for w in ws:
        w *= 2.0
        w[0] = w[1] * w[2]
    return ws[0] * ws[1]


def list_of_results_written(ws):
    out = []
    for w in ws:
        v = w.copy()
        v[0] = w[1] * w[2]
        out.append(v)
    out[0][1] = out[1][2]
    return out


def rows_of_a_list_filled(x):
    grid = [np.zeros(3) for _ in range(3)]
    for r, row in enumerate(grid):
        for q in range(3):
            row[q] = x[r] * x[q]
    return grid[0] * grid[1] + grid[2]


def members_swap(x):
    rows = [x * 1.0, x * 2.0]
    rows[0], rows[1] = rows[1], rows[0]
    rows[0][0] = rows[1][2]
    return rows[0] * rows[1]


def scattered_rows_by_itself(z):
    x = z
    x[[0, 2, 0]] *= x
    return z


def part_of_itself(y):
    y = y[1]
    t = y[2]
    return y


def sum_under_another_name(x):
    y = x
    a = b = np.eye(3)
    a += y
    y = b
    return y


def number_that_becomes_an_array(x):
    y = 1.0
    y *= x @ x
    x = y
    return x.min()


def bound_in_a_loop_that_may_not_run(x, y, z):
    if 1.0 < x[0] < 1.5:
        for v in reversed(z[-1]):
            x = y[-1]
            if np.exp(-(v**2)) >= 1.5:
                return v * 3.0
    return x[-1]


def reshaped_and_written(z):
    x = z.reshape(9)
    x += 1.0
    return z @ z


def part_in_an_expression(x: float, y: float):
    v = x * np.array([y, -0.7, y])
    z = np.sin(v[::-1])
    w = v
    w[0] = 3.0
    return z * v[0]


def tuple_that_is_written_and_returned(x):
    y = x * 1.0
    pair = (y, x.sum())
    y[0] = 5.0 * y[1]
    return pair, x * 2.0


def one_array_twice_in_a_list(x):
    y = x * 1.0
    found = [y, y]
    y[0] = 5.0 * y[1]
    return found


def one_array_in_several_containers(x):
    y = x * 1.0
    rows = [y, x * 3]
    table = {"a": y, "rows": rows}
    y[0] = 5.0 * y[1]
    return table, rows, y


def one_array_appended_again(x):
    y = x * 1.0
    rows = []
    for i in range(2):
        rows.append(y)
    y[0] = 5.0 * y[1]
    return rows, y


def an_array_or_a_list_of_it(x):
    y = x * 1.0
    found = y
    if x[0] > 0:
        found = [y, y]
    y[0] = 5.0 * y[1]
    return found, y


def sines(s):
    t = np.sin(s)
    return [t, (t, t * s)]


def results_in_a_display_written(x):
    found = sines(x)
    a = found[0]
    a[0] = 3.0 * a[1]
    b = found[1][1]
    b[:] *= 2.0
    return found[1][0] * b


def buffer_and_result(s):
    room = np.zeros(3)
    return s * s, room, (room, s)


def buffer_of_a_helper_filled(x):
    y, room, held = buffer_and_result(x)
    room[0] = y[1] * y[2]
    return held[0] * x


V3 = np.array([0.5, 0.7, 1.3])
V4 = np.array([0.7, 0.2, 1.4, 0.9])
M33 = np.array([[0.4, 1.2, -0.3], [1.1, 0.2, 0.5], [0.7, -0.6, 0.1]])
CASES = {
    "double_buffer": [(V3,)],
    "same_list_twice": {"args": [(V3,)], "expect": "any"},
    "two_names_for_a_result": [(V3,)],
    "result_read_after_it_is_scaled": [(V3,)],
    "mask_of_what_it_writes": [(M33, 0.5)],
    "adds_itself": [(V3,)],
    "inactive_array_is_put_back": [(V3, V3 * 2, M33)],
    "scaled_by_a_sum_of_itself": [(M33, M33.T.copy())],
    "parameter_bound_to_another": [(V3, M33)],
    "slices_with_a_changing_end": [(0.5, 0.7)],
    "integers_in_an_array": {"args": [(3,)], "wrt": 0},
    "slot_of_another_kind": [(V3,)],
    "dict_that_grows": [(V3,)],
    "member_read_before_it_is_scaled": [(V3,)],
    "member_scaled_in_a_loop": [(V3,)],
    "argument_written_after_the_call": [(V3,)],
    "result_written_after_the_call": [(V3,)],
    "row_read_and_the_whole_copied": [(M33,)],
    "member_named_and_read_again": [([V3, V3 + 1.0],), (M33,)],
    "member_named_before_a_loop": [([V3, V3 + 1.0],), (M33,), ([[1.2, 0.7], [0.4, 1.5]],)],
    "multiplied_by_what_writes_it": [(V3,)],
    "bound_by_a_call_after_it_was_shared": {"args": [(1.2, V3)], "expect": "any"},
    "written_in_a_branch_under_a_new_name": [(V3, M33)],
    "member_augmented_by_what_writes_it": [(V3,)],
    "results_written_after_the_call": [(V3,)],
    "buffer_given_in_turn": [(V3,)],
    "display_written_by_a_helper": {"args": [(V3,)], "expect": "any"},
    "constant_result_written": [(1.4,)],
    "parameter_bound_by_a_call": [(V3, V3)],
    "helper_saves_one_temporary": [(1.3,)],
    "divided_differences": [(V4, V4**2 + 0.1)],
    "single_with_double": {"args": [(V3.astype(np.float32),)], "tolerance": 1e-5},
    "rows_written_after_append": [(V3,)],
    "history_of_buffers": [(V3,)],
    "list_under_two_names": [(V3,)],
    "dict_with_a_number": {"args": [(V3,)], "expect": "any"},
    "tuple_of_arrays_unpacked": {"args": [(V3,)], "expect": "any"},
    "buffers_of_a_list_in_turn": [(V3,)],
    "two_lists_swap": [(V3,)],
    "parameters_updated_by_a_helper": {"args": [(V3,)], "expect": "any"},
    "members_updated_by_a_helper": {"args": [(V3,)], "expect": "any"},
    "entry_bound_anew": [(V3,)],
    "arrays_of_an_argument_written": {"args": [([V3 * 1.0, V3 * 2.0],)], "expect": "any"},
    "list_of_results_written": [([V3 * 1.0, V3 * 2.0],)],
    "rows_of_a_list_filled": [(V3,)],
    "members_swap": [(V3,)],
    "scattered_rows_by_itself": [(M33,)],
    "part_of_itself": [(M33,)],
    "sum_under_another_name": [(1.1,)],
    "number_that_becomes_an_array": [(V3,)],
    "bound_in_a_loop_that_may_not_run": [(V3, M33, M33.T.copy()), (V3 * 2.1, M33, M33.T.copy())],
    "reshaped_and_written": {"args": [(M33,), (np.asfortranarray(M33),)], "expect": "any"},
    "part_in_an_expression": [(-2.0, 1.75)],
    "tuple_that_is_written_and_returned": [(V3,)],
    "one_array_twice_in_a_list": [(V3,)],
    "one_array_in_several_containers": [(V3,)],
    "one_array_appended_again": [(V3,)],
    "an_array_or_a_list_of_it": [(V3,)],
    "results_in_a_display_written": [(V3,)],
    "buffer_of_a_helper_filled": {"args": [(V3,)], "expect": "any"},
}
