"""In-place writes by helpers and NumPy functions."""

# ruff: noqa

import numpy as np

FIRST = 0


def in_place_helper_twice(x):
    y = x.copy()
    y = add_into(y, y, 0.5)
    return y


def add_into(target, other, w):
    target += w * other
    return target


def helper_returns_arg(x, z):
    y = x * 1.0
    w = add_into(y, z, 0.5)
    w[0] = 3.0 * w[1]
    return y


def axpy_chain(x, z):
    r = np.zeros_like(x)
    axpy(2.0, x, r)
    axpy(-1.0, z, r)
    axpy(0.5, r, r)
    return r


def axpy(a, x, y):
    for i in range(len(x)):
        y[i] += a * x[i]


def augment_by_writer(z):
    z[2] -= shift(z)
    return z * 2.0


def shift(v):
    v *= 0.5
    return v[0]


def augment_by_counter(x, n: int = 3):
    acc = np.zeros(2)
    buf = x.copy()
    for i in range(n):
        acc[0] += push(buf, i)
    return acc[0] * buf


def push(buf, i):
    buf[i] *= 2.0
    return buf[i] ** 2


def put_items(x):
    y = np.zeros(4)
    np.put(y, [0, 2], x[:2])
    return y * np.arange(1.0, 5.0)


def put_by_the_method(x):
    y = x * 1.0
    y.put([0, -1], [y[-1] * 2, y[0]])
    y.put(1, y[0] ** 2)
    return y * x


def fill_diag(m, x):
    a = m.copy()
    np.fill_diagonal(a, x)
    return a * np.arange(1.0, 10.0).reshape(3, 3)


def fill_diag_vector(m, v):
    a = m.copy()
    np.fill_diagonal(a, v)
    return a @ a


def copy_to(x, y):
    z = np.zeros_like(x)
    np.copyto(z, x * 2)
    z[0] = y[0]
    np.copyto(z[1:], y[1:])
    return z * x


def copy_where(x, y):
    z = x.copy()
    np.copyto(z, y * 3.0, where=x > 0)
    return z


def place_mask(x):
    y = x.copy()
    np.place(y, y < 0, [0.5])
    return y * x


def number_added_without_axes(y: float):
    z = np.zeros(())
    z[...] = 1.0
    z += y
    w = z
    return w


def stored_without_axes(x, y):
    z = np.zeros(())
    z[...] = x[0] * y
    z += y
    return z


def reshaped_after_an_addition(x, y):
    z = np.zeros(())
    z += y
    return x * np.reshape(z, (1,))


def number_of_a_diagonal_added_to(x, m):
    diagonal = np.diagonal(m)
    a = diagonal[FIRST]
    if x[0] > 0.0:
        a += 1.0
    return a * x


def transposed_by_default(m, axes=None):
    return np.transpose(m, axes) * np.arange(3.0)


def place_of_what_is_repeated(x, y):
    z = np.ones(3)
    np.place(z, x * np.arctan(0.3 * np.tanh(y)) > 0.0, x * np.arctan(0.3 * np.tanh(y)))
    return z


def putmask(x, v):
    y = x.copy()
    np.putmask(y, y < 0, v)
    return y * 2


def put_along(x):
    m = x.copy()
    idx = np.argmax(m, axis=1)[:, None]
    np.put_along_axis(m, idx, 0.0, axis=1)
    return m.sum()


def fill(x, v):
    y = x.copy()
    y.fill(v)
    y[0] = x[0]
    return y


def add_at(x, idx):
    h = np.zeros(3)
    np.add.at(h, idx, x)
    return h**2


def subtract_at(x, idx):
    h = np.ones(3)
    np.subtract.at(h, idx, x)
    return h**2


def out_keyword(x, y):
    buf = np.empty_like(x)
    np.multiply(x, y, out=buf)
    np.add(buf, 1.0, out=buf)
    return buf.sum()


def out_positional(x, y):
    buf = np.empty_like(x)
    np.multiply(x, y, buf)
    return buf * 2


def list_sort_in_place(x):
    y = list(x)
    y.sort()
    return y[0] * 1.0 + y[1] * 2.0


def list_sort_key(x):
    y = [v for v in x]
    y.sort(key=lambda v: -abs(v))
    return y[0] * y[1]


def list_reverse(x):
    y = list(x)
    y.reverse()
    return [v * k for k, v in enumerate(y)]


def list_extend(x, y):
    z = [x]
    z.extend([y, x * y])
    z += [y**2]
    z.insert(1, 2.0 * x)
    z.pop(0)
    return sum(v * (i + 1) for i, v in enumerate(z))


def matrix_fill(x):
    n = len(x)
    V = np.empty((n, n))
    for i in range(n):
        V[i, :] = x[i] ** np.arange(n)
    return V


def diag_set(x):
    n = len(x)
    A = np.zeros((n, n))
    A[np.arange(n), np.arange(n)] = x
    A[range(n - 1), range(1, n)] = x[:-1] * 2
    return A @ x


def upper_from_vector(v):
    A = np.zeros((3, 3))
    A[np.triu_indices(3)] = v
    return A.T @ A


def helper_fills_two(x):
    a = np.zeros(3)
    b = np.zeros(3)
    fill_both(a, b, x)
    return a @ b


def fill_both(a, b, x):
    for i in range(3):
        a[i] = x[i] ** 2
        b[i] = a[i] * x[0]


def normalise_rows(m):
    m = m.copy()
    for row in m:
        row /= row.sum()
    return m


def running_stats(xs):
    stats = {"n": 0, "mean": 0.0, "m2": 0.0}
    for x in xs:
        stats["n"] += 1
        d = x - stats["mean"]
        stats["mean"] += d / stats["n"]
        stats["m2"] += d * (x - stats["mean"])
    return stats["m2"] / (stats["n"] - 1)


def param_update(params, grads, lr):
    for name in params:
        params[name] -= lr * grads[name]
    return params["w"] @ params["w"] + params["b"].sum()


def param_update_copy(params, grads, lr):
    new = {}
    for name, p in params.items():
        new[name] = p - lr * grads[name]
    return new


def nested_dict(cfg, x):
    cfg["a"]["w"] = cfg["a"]["w"] * x
    return cfg["a"]["w"] + cfg["b"]


def list_of_dict_states(x):
    bodies = [{"m": 1.0, "x": x}, {"m": 2.0, "x": 0.5 * x}]
    for b in bodies:
        b["x"] += 0.1 * b["m"]
    bodies[0]["x"] *= bodies[1]["x"]
    return sum(b["m"] * b["x"] for b in bodies)


V3 = np.array([0.4, 1.3, -2.2])
W3 = np.array([0.9, -0.6, 1.7])
V4 = np.array([0.4, 1.3, -2.2, 0.3])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
PG = ({"w": V3, "b": V4}, {"w": V3 * 2, "b": V4 + 1}, 0.1)


def row_of_a_comprehension_scaled(x: np.ndarray, y):
    a = np.outer(x, x)
    [r for r in a][0][:] *= 2.0
    return a * y


def row_of_a_list_set(x: np.ndarray, y):
    a = np.outer(x, x)
    list(a)[1][:] = 3.0
    return a * y


def sorted_behind_a_call(x: np.ndarray, y):
    a = x * y
    np.asarray(a).sort()
    return a * x


def shuffled_by_a_generator(x: np.ndarray, y):
    a = x * y
    np.random.default_rng(3).shuffle(a)
    return a * x


def transposed_by_a_helper(x: np.ndarray):
    a = np.tanh(np.eye(3))
    y = a[1] * x
    halve_row(a.T, 2)
    return x * y[-1] * a[1]


def transposed_members_by_a_helper(x: np.ndarray):
    rows = [np.tanh(np.eye(3)) for i in range(3)]
    s = x * 1.0
    for i in range(3):
        s = s * rows[i][1] * x
        halve_row(rows[i].T, i)
        halve_row(rows[(i + 1) % 3][::-1].T, i)
    return s


def row_of_a_list_filled(x: np.ndarray, y: np.ndarray):
    rows = [x * 1.0, y * 1.0]
    r = rows[0]
    rows[0].fill(2.0)
    return r * x + rows[0] * y


def row_of_a_list_copied_to(x: np.ndarray, y: np.ndarray):
    rows = [x * 1.0, y * 1.0]
    r = rows[0]
    np.copyto(rows[0], y)
    return r * x + rows[0] * y


def row_of_a_list_as_output(x: np.ndarray, y: np.ndarray):
    rows = [x * 1.0, y * 1.0]
    r = rows[0]
    np.multiply(x, y, out=rows[0])
    return r * x + rows[0] * y


def row_of_a_dict_filled(x: np.ndarray, y: np.ndarray):
    rows = {"a": x * 1.0, "b": y * 1.0}
    r = rows["a"]
    rows["a"].fill(y[0])
    return r * x + rows["a"] * y


def row_of_a_list_filled_elsewhere(x: np.ndarray, y: np.ndarray):
    rows = [x * 1.0, y * 1.0]
    r = rows[0]
    fill_first(rows, y)
    return r * x + rows[0] * y


def fill_first(rows, y):
    rows[0].fill(y[0])


def copy_by_an_index_filled(x: np.ndarray, y: np.ndarray):
    a = x * 2.0
    a[[0, 1]].fill(3.0)
    return a * y


def row_of_a_copied_list_filled(x: np.ndarray, y: np.ndarray):
    rows = [np.ones(3), np.ones(3)]
    r = rows[0]
    [row for row in rows][0].fill(2.0)
    (rows + rows)[1].fill(3.0)
    rows[:][1].fill(4.0)
    return r * x + rows[1] * y


def member_of_a_display_filled(x: np.ndarray, y: np.ndarray):
    a = np.ones(3)
    np.copyto([a][0], 4.0)
    b = a * x
    {"p": a}["p"].fill(2.0)
    return a * b * y


def rows_of_an_array_as_outputs(x: np.ndarray, y: np.ndarray):
    a = np.zeros((3, 3))
    for i in range(3):
        np.multiply(x, y, out=a[i])
        np.add(a[i], a[i - 1], out=a[i])
    a[0].fill(x[0])
    return a.sum(axis=0)


def view_by_a_helper(x: np.ndarray, y: np.ndarray):
    a = np.arange(9.0).reshape(3, 3) * 0.1
    b = a[1] * x
    first_row_times(np.transpose(a), y)
    c = a[1] * b
    first_row_times(np.transpose(a), 2.0)
    return c * a[1]


def first_row_times(m, y):
    m[0] = m[0] * y


def view_of_constants_sorted(x: np.ndarray, y: np.ndarray):
    a = np.arange(9.0).reshape(3, 3)[::-1] * 0.1
    b = a[1] * x + a[0] * y
    np.asarray(a).sort(axis=0)
    c = b * a[0]
    np.add.at(a.reshape(-1), 0, 2.0)
    return c * a[0]


def view_in_a_helper_filled(x: np.ndarray, y: np.ndarray):
    a = np.arange(9.0).reshape(3, 3) * 0.1
    b = a[1] * x + a[0] * y
    fill_a_view(a)
    return b * a[1]


def fill_a_view(m):
    [np.transpose(r) for r in m][0].fill(4.0)


HELD = [np.arange(3.0), np.ones(3)]


def view_of_a_global_filled(x: np.ndarray, y: np.ndarray):
    HELD[0][:] = 0.5
    b = HELD[0] * x
    HELD.copy()[0].fill(2.0)
    c = HELD[0] * b
    [r for r in HELD][0].fill(3.0)
    return c * HELD[0] * y


def halve_row(m, k: int):
    m[k] *= 0.5
    m[:, 0] += m[k]


CASES = {
    "stored_without_axes": [(V3, 0.7), (V3, np.float64(0.7))],
    "reshaped_after_an_addition": [(V3, 0.7)],
    "number_of_a_diagonal_added_to": [(V3, np.outer(V3, W3))],
    "transposed_by_default": [(np.outer(V3, W3),)],
    "number_added_without_axes": [(np.float64(0.7),), (0.7,)],
    "place_of_what_is_repeated": [(V3, 0.7)],
    "row_of_a_list_filled": [(V3, W3)],
    "row_of_a_list_copied_to": [(V3, W3)],
    "row_of_a_list_as_output": [(V3, W3)],
    "row_of_a_dict_filled": [(V3, W3)],
    "row_of_a_list_filled_elsewhere": [(V3, W3)],
    "copy_by_an_index_filled": [(V3, W3)],
    "row_of_a_copied_list_filled": [(V3, W3)],
    "member_of_a_display_filled": [(V3, W3)],
    "rows_of_an_array_as_outputs": [(V3, W3)],
    "view_by_a_helper": [(V3, W3)],
    "view_of_constants_sorted": [(V3, W3)],
    "view_in_a_helper_filled": [(V3, W3)],
    "view_of_a_global_filled": [(V3, W3)],
    "transposed_by_a_helper": [(V3,)],
    "transposed_members_by_a_helper": [(V3,)],
    "row_of_a_comprehension_scaled": {"args": [(V3, 0.7)], "expect": "refused"},
    "row_of_a_list_set": [(V3, 0.7)],
    "sorted_behind_a_call": [(V3, 0.7)],
    "shuffled_by_a_generator": {"args": [(V3, 0.7)], "expect": "refused"},
    "in_place_helper_twice": [(V3,)],
    "helper_returns_arg": [(V3, V3 + 1)],
    "axpy_chain": [(V3, V3 + 1)],
    "augment_by_writer": [(V3,)],
    "augment_by_counter": [(V3,)],
    "put_items": [(V3,)],
    "put_by_the_method": [(V3,)],
    "fill_diag": [(M33, 0.7)],
    "fill_diag_vector": [(M33, V3)],
    "copy_to": [(V3, V3 + 1)],
    "copy_where": [(V3, V3 + 1)],
    "place_mask": [(V3,)],
    "putmask": [(V3, V3 * 2)],
    "put_along": [(M33,)],
    "fill": [(V3, 0.7)],
    "add_at": {"args": [(V4, np.array([0, 1, 0, 2]))], "wrt": 0},
    "subtract_at": {"args": [(V4, np.array([0, 1, 0, 2]))], "wrt": 0},
    "out_keyword": [(V3, V3 + 1)],
    "out_positional": [(V3, V3 + 1)],
    "list_sort_in_place": [([3.0, 1.0, 2.0],)],
    "list_sort_key": [([3.0, 1.0, 2.0],)],
    "list_reverse": [([3.0, 1.0, 2.0],)],
    "list_extend": [(0.7, 1.2)],
    "matrix_fill": [(V3,)],
    "diag_set": [(V3,)],
    "upper_from_vector": [(np.arange(1.0, 7.0),)],
    "helper_fills_two": [(V3,)],
    "normalise_rows": [(M33 + 1.0,)],
    "running_stats": [(V4,), ([1.0, 2.0, 4.0],)],
    "param_update": [PG],
    "param_update_copy": [PG],
    "nested_dict": [({"a": {"w": 2.0}, "b": 1.0}, 0.7)],
    "list_of_dict_states": [(0.7,)],
}
