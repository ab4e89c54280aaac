"""What the fuzzer found, made small: each of these was wrong once."""

# ruff: noqa

import math

import numpy as np


def where_with_constant(x):
    d = np.where(x > 0.3, x, 1.5)
    return d


def where_constant_first(x, y):
    return np.where(x > 0.3, 2.0, x * y) + np.where(y > 0, -1.0, 3)


def view_read_before_write(x):
    t = x[:] * (x - 2)
    x[0] = 2.0
    return t @ x


def parameter_rebound(x, y, z):
    y = z[2] - 1.0
    return x


def stores_parameter_in_tuple(x, z):
    z -= z
    z[0], z[1] = 1.0, x
    return z


def augmented_alias_of_parameter(x, y):
    x = y
    x *= 2
    return x


def augmented_parameter(y):
    y -= y
    return y


def read_before_call_writes(z):
    z[2] -= shift(z)
    return z * 2.0


def shift(v):
    v *= 0.5
    return v[0]


def helper_writes_what_it_is_given(x):
    y = x.copy()
    scale(y, 2.0)
    scale(y, y[0])
    return y


def scale(v, factor):
    for i in range(len(v)):
        v[i] *= factor


def two_versions_of_a_buffer(x):
    y = x * 1.0
    v = y[1:]
    y = y * 2.0
    v *= 5.0
    return y[1:] + v


def rebound_and_written_in_loop(x, n: int = 2):
    s = 0.0
    for k in range(n):
        x = x * 0.9
        x[k] = x[k] ** 2
        s += x.sum()
    return s


def mask_of_what_it_writes(x):
    y = x * 2.0
    y[y > 1] *= y[0]
    return y


def kinds_change(x, y):
    y += y.T
    x = np.outer([x, 1.0, x], y[2])
    x[1] = y @ np.array([1.0, 2.0, 1.0])
    z = x @ y
    x = x_bar = 1.0
    return np.array([x, 1.5, x_bar]) @ y + z[1]


def exchanged_in_loop(x, y):
    s, t = x, y
    for k in range(2):
        s, t = t * WEIGHTS, s
    return s + t


def number_becomes_array(a, b, c):
    b *= np.sin(a)
    c, a = np.sin(b), a
    c, b, a = c, a, b
    a = b
    return 1 * a + 2 * b + 3 * c


def list_holds_array_twice(x, z):
    h = [z, z]
    h[0][1] *= x
    return h[1] + h[0]


def augmented_member_of_array_twice(x, z):
    h = [z * 1.0, x]
    h[1] = h[0]
    h[0] *= x
    return h[1]


def dict_holds_array_and_view(x, z):
    h = {"a": z, "b": z[1:]}
    h["a"][1] *= x
    return h["b"]


def pair_of(v):
    return [v, v]


def pair_from_helper(x, z):
    h = pair_of(z * 1.0)
    h[0][1] *= x
    return h[1]


def nested_lists_hold_array_twice(x, z):
    h = [z, [z]]
    h[1][0][1] *= x
    return h[0]


def tuple_member_ends_as_written(x, y: tuple[float, np.ndarray]):
    y[1][1] = x
    return x * y[0]


def starred_in_display(x, z):
    return np.stack([*z, x]) + np.array([0.5, *z])


def starred_rows(m):
    return np.concatenate([*m, m[0]])


def tangent_of_spectrum_written(x):
    s = np.linalg.eigvals(np.array([[2.0, 0.3, 0.4], [0.7, 1.0, 0.5], [0.2, 0.6, 4.0]]) + x)
    s += x
    return s


def cumulated_in_place(v):
    for _ in range(3):
        np.cumsum(v - 0.5, out=v)
    return np.sin(v)


def write_in_try(m, n: int):
    h, a = m[n % 3], m
    try:
        a += a
    except ValueError:
        pass
    return m + h


def popped_and_not_read(x, z):
    xs = [x for _ in z]
    xs.pop()
    return x * z


def popped_twice(x, z):
    xs = [x * q for q in z]
    s = xs.pop()
    return s * xs.pop()


def copied_in_loop(v):
    out = np.empty(3)
    for i in range(3):
        out[i] = v[i]
    return out


def helper_of_vector(z):
    q = copied_in_loop(z)
    return (q - z).mean() + q[0] * z[1]


def calls_idle_inner(p, q):
    def inner(s):
        return s

    d = inner(q)
    return p


def idle_inner_function(z, n: int = 2):
    return np.tanh(calls_idle_inner(z, n))


def of_first(a, b):
    return a


def parameter_bound_by_helper(x, z):
    z = of_first(math.cos(x), x)
    return z


def diagonal_before_write(m):
    e = m.diagonal()
    m += 1.0
    return e * e


def entry_bound_anew(x, d):
    d["b"] = d["b"] * d["a"]
    return x * d["b"]


def entry_changes_dtype(x, d):
    d["b"] = d["b"] * d["a"]
    return x


def member_moved_then_written(m, x):
    rows = [r.copy() for r in m]
    rows[0] = rows[1]
    rows[0][0] *= x
    return rows[1] * 1.0


def rows_exchanged_then_written(m, x):
    rows = [r.copy() for r in m]
    rows[0], rows[1] = rows[1], rows[0]
    rows[0][0] *= x
    return rows[1] * rows[0]


def sum_of_list_of_arrays(vs: list):
    return sum(vs)


def number_appended_under_an_array_s_name(x: float):
    members = []
    for _ in range(3):
        members.append(x)
    for _ in range(3):
        x = np.array(members) ** 2
        x[0] = x[1]
        members.append(x[1])
    return x


def product_into_a_column_that_dot_refuses(v):
    m = np.outer(v, v)
    column = m[:, 0]
    try:
        np.dot(m, np.array([1.0, v[0], v[1]]), out=column)
        m[0, 1] = 5.0
    except ValueError:
        m[1] = 7.0 * v
    return m


WEIGHTS = np.array([1.0, 2.0, 3.0])
V3 = np.array([0.4, 1.3, 2.2])
W3 = np.array([0.7, -1.2, 1.9])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])


def _grown(v, s):
    v += s
    return v


def call_that_writes_beside_a_composite(t, v):
    _grown(v, np.nanmedian(0.02 * np.tanh(np.array([t, 1.0, t]))))
    return t * v[0]


def view_of_a_sum_then_write(a: np.ndarray):
    b = e = (a + 2.0)[:2]
    c = (a + 1.0).reshape(-1)
    a[1] = 1.0
    return b * 2.0 + c[:2]


def last_axis_of_a_number(x):
    return np.sum(np.sin(2.0 + x), axis=-1)


def first_power_written(A):
    B = np.linalg.matrix_power(A, 1)
    B[0, 0] = 2.0
    return A * B


def tally_under_computed_keys(x):
    tally = {}
    for i, v in enumerate(x):
        tally[i % 2] = tally.get(i % 2, 0.0) + v * v
    return tally[0] * tally[1]


def product_with_itself_in_place(z):
    x = z
    x += x @ z
    other = z
    y = x
    return y


def integers_then_floats_under_one_name(x):
    y = np.array([1, 2, 3])
    y = y * x
    y[0] = 7
    return y


def array_then_number_under_one_name(x, m):
    if x[0] >= 5.0:
        return m.sum(axis=1)
    m[2] += x
    m = 2.3
    m *= 1.0
    return x


def number_then_dict_under_one_name(t, s):
    s = {"a": s, "b": 1.0}
    s["a"] += t
    return s["a"] * s["b"]


def unbound_where_nothing_looped(x, n: int = 2):
    for i in range(n):
        y = x * i
    try:
        return y
    except UnboundLocalError:
        return x * 3


def scaled_sum(*parts, scale=1.0, shift=0.0):
    s = shift
    for k, part in enumerate(parts):
        s += scale * part / (k + 1.0)
    return s


def same_in_stars_and_by_keyword(x, y):
    y = scaled_sum(x, y, shift=y)
    return y * x


def slice_of_list_or_array(x, y):
    x[1:] = [1.0, y]
    z = x
    return z


def grouped_by_chosen_key(x):
    groups = {"low": [], "high": [x[0]]}
    for v in x:
        groups["low" if v < 0.5 else "high"].append(v * v)
    return sum(groups["low"]) * groups["high"][-1]


def grouped_with_setdefault(x):
    groups = {}
    for i, v in enumerate(x):
        groups.setdefault(i % 2, []).append(v)
    return sum(groups[0]) * groups[1][0]


def lists_in_a_list_grow(x):
    rows = [[], []]
    for i, v in enumerate(x):
        rows[i % 2].append(v * v)
    return sum(rows[0]) * sum(rows[1])


def array_sorted_in_place(m):
    m.sort(axis=0)
    rows = np.array(m)
    rows[1].sort()
    rows.sort()
    return rows * m[0]


def numbered_in_order(x):
    total = 0.0
    for i, v in enumerate(sorted(x, reverse=True)):
        total += v * i
    return total


def said_to_be_a_number(x: float):
    y = x
    y *= 2
    return x * y


def unpacked_over_itself(x):
    x, b, c = x
    return x * b * c


def unpacked_over_itself_and_not_used(x, z):
    x, b, _ = x
    return z


def repeated_places_times_itself(x):
    x[[0, 0, 1]] *= x
    return x


def entry_augmented_beside_its_name(y):
    x = math.sqrt(y**2)
    options = {"rate": y, "steps": 2}
    options["rate"] += 1.0
    return x


def array_of(p):
    return np.array([p, 2, p]) * math.exp(-(p**2))


def array_from_helper_is_unpacked(a):
    b, a, _ = array_of(a)
    return b * a


def list_added_to_what_may_be_a_list(a, b):
    b += [a]
    return sum(b)


def iterator_is_used_up(x):
    parts = iter([x, x * 2])
    return sum(v * v for v in parts)


def generator_with_a_name(x):
    squares = (v * v for v in x)
    return sum(q * q for q in squares)


def zeroth_difference_written(x):
    t = np.diff(x, 0)
    t *= 2.0
    x[0] += 1.0
    return t * x


def negated_share_of_what_is_written(x, y):
    t = y[::-1]
    t -= x.max() + t[::-1]
    return np.sum(y * y)


def entries_by_keyword_then_written(x):
    r = dict(a=x, b=x)
    x[:] = r["b"] * r["a"]
    return x


def perhaps_bound_before_a_loop_writes(x, z):
    for v in x:
        if v > 5.0:
            y = v
    *_, z = [1.0, 2.0, z]
    for v in x:
        x += z
    return x[0] * z


def unpacked_with_a_guard_amid(x):
    e, y, _ = np.eye(3) @ x
    y = n = np.eye(3)
    s = e
    v = n
    v += e
    s *= e
    return e * v[0, 1]


def one_object_in_two_slots_exchanged(x):
    v = [x for _ in range(2)]
    v[0], v[1] = v[1], v[0]
    return v[1][1] * v[0][2]


def one_object_in_two_slots_replaced(x):
    v = [x, x]
    v[0] = v[1] * x
    return v[1][1] * v[0]


def sum_over_list(x, y):
    return np.sum(y, axis=0) * x


def number_given_axes(x):
    return np.atleast_3d(x) * 2.0


def number_in_a_product_of_vectors(x, y):
    s = np.vdot(1.0, x)
    y[:] += s
    return y.copy()


def keywords_of_what_a_helper_returns(x, y: np.ndarray):
    d = entries_of(x, y)
    d["a"][0] = 2.0
    y *= 2.0
    return x * d["b"]


def entries_of(x, y):
    return dict(a=x, b=y)


def filled_by_a_helper(x):
    state = dict()
    fill_entry(state, x)
    return state["n"] * x


def fill_entry(state, s):
    state["n"] = s * 2.0


def product_spread_over_a_row(x, y):
    y[1] -= x @ x
    return y


def entries_updated_by_keyword(x, y):
    d = {"b": 1.0}
    d.update(a=x, b=y)
    d["a"][0] = 5.0
    return d["a"] * d["b"] * x


def _raised(v, s):
    v += s
    return v


def rows_summed_and_raised(a: float, rows: list[np.ndarray]):
    y = np.sum(rows, axis=0)
    _raised(y[1:], 3.0)
    return a * y[0] + y[-1]


def number_of_numpy_and_single_precision(x: np.ndarray, w: np.ndarray):
    scale = np.sqrt(2.0 * len(x))
    return np.sum(x / scale) + np.hypot(np.exp(0.5), x @ w)


def list_summed_in_two_ways(x, w):
    out = dict(a=np.sum(x), b=np.sum(w, axis=0))
    return out.get("a") ** 2 + sum(w)[0]


def sum_of_what_stays_empty(x):
    found = {"low": [], "high": [1.5]}
    for k in range(2):
        found["high"].append(x[k] * k)
    return sum(found["low"]) * len(found["high"])


def repeated_no_times(x, v, n: int):
    l = [x, v[0]] * n
    rows = n * [v]
    return sum(l) + sum(rows, v).sum() * x


def numbers_beside_what_is_put_back(x, y):
    s = y * x[0]
    l = [x[0], y * 2, x[2]]
    d = {"a": y, "b": x[1], "p": s, "q": x * s}
    m = np.outer(x[:2], x) + y
    if y < 1:
        l.sort(key=lambda v: -v)
    m /= m.sum(axis=1, keepdims=True)
    return d


def slot_of_a_repeated_list(x, y):
    e = [x, x * y]
    e[1] += y
    e = e * 2
    f = e
    f[1] = x * y
    return np.sum(f[1]) * np.sum(f[0]) + np.sum(e[3])


def restored_under_another_name(x, y, z):
    s = np.dot(x, z)
    try:
        x = x * y
        x = [1][2]
    except IndexError:
        x = z
    x -= y
    return s


CASES = {
    "iterator_is_used_up": [(0.7,)],
    "generator_with_a_name": [(V3,)],
    "entry_augmented_beside_its_name": {"args": [(1.5,), (np.array(1.5),)], "expect": "any"},
    "array_from_helper_is_unpacked": [(0.7,)],
    "list_added_to_what_may_be_a_list": {"args": [(0.7, V3), (0.7, [0.5, 1.5])], "expect": "any"},
    "unpacked_over_itself": [(V3,), ([0.5, 1.5, 2.5],)],
    "unpacked_over_itself_and_not_used": [(V3, M33)],
    "repeated_places_times_itself": [(V3,)],
    "said_to_be_a_number": {"args": [(1.5,), (np.array(1.5),)], "expect": "any"},
    "array_sorted_in_place": [(M33,)],
    "numbered_in_order": [(V3,)],
    "grouped_by_chosen_key": [(V3,)],
    "grouped_with_setdefault": [(V3,)],
    "lists_in_a_list_grow": [(V3,)],
    "same_in_stars_and_by_keyword": [(0.7, 1.2)],
    "slice_of_list_or_array": {"args": [(V3, 1.2), ([0.5, 1.5, 2.5], 1.2)], "expect": "any"},
    "tally_under_computed_keys": [(V3,)],
    "product_with_itself_in_place": [(M33,)],
    "integers_then_floats_under_one_name": [(0.7,), (V3,)],
    "array_then_number_under_one_name": [(V3, M33)],
    "number_then_dict_under_one_name": [(0.7, 1.2)],
    "unbound_where_nothing_looped": {"args": [(0.7,), (0.7, 0)], "expect": "any"},
    "exchanged_in_loop": [(0.7, 1.2), (V3, 1.2), (0.7, V3)],
    "number_becomes_array": [(V3, 0.7, 1.2), (V3, V3 + 1.0, 0.4), (0.3, 0.7, 1.2)],
    "where_with_constant": [(V3 - 1.0,)],
    "where_constant_first": [(V3 - 1.0, 2.0 - V3)],
    "view_read_before_write": [(V3,)],
    "parameter_rebound": [(V3, V3 + 1.0, V3 + 2.0), (1.0, 2.0, V3)],
    "stores_parameter_in_tuple": [(1.2, V3)],
    "augmented_alias_of_parameter": [(1.2, V3), (1.2, 0.7)],
    "augmented_parameter": [(V3,), (0.7,)],
    "read_before_call_writes": [(V3,)],
    "helper_writes_what_it_is_given": [(V3,)],
    "two_versions_of_a_buffer": [(V3,)],
    "rebound_and_written_in_loop": [(V3,)],
    "mask_of_what_it_writes": [(V3,)],
    "kinds_change": [(0.7, M33)],
    "list_holds_array_twice": [(1.7, V3)],
    "augmented_member_of_array_twice": {"args": [(1.7, V3)], "expect": "any"},
    "dict_holds_array_and_view": [(1.7, V3)],
    "pair_from_helper": [(1.7, V3)],
    "nested_lists_hold_array_twice": [(1.7, V3)],
    "tuple_member_ends_as_written": [(1.7, (0.4, V3))],
    "starred_in_display": [(1.7, V3)],
    "starred_rows": [(M33,)],
    "write_in_try": {"args": [(M33, 1)], "expect": "any"},
    "popped_and_not_read": [(1.7, V3)],
    "popped_twice": [(1.7, V3)],
    "helper_of_vector": [(V3,)],
    "idle_inner_function": [(V3,)],
    "parameter_bound_by_helper": [(0.7, V3)],
    "diagonal_before_write": {"args": [(M33,)], "expect": "any"},
    "entry_bound_anew": [(1.7, {"a": 0.7, "b": V3})],
    "entry_changes_dtype": [(1.7, {"a": 0.7, "b": np.array([1, 2, 3])})],
    "member_moved_then_written": [(M33, 1.7)],
    "rows_exchanged_then_written": [(M33, 1.7)],
    "cumulated_in_place": [(V3,)],
    "sum_of_list_of_arrays": [([V3, V3 + 1.0],)],
    "tangent_of_spectrum_written": [(0.2,)],
    "view_of_a_sum_then_write": [(V3,)],
    "call_that_writes_beside_a_composite": [(0.7, V3)],
    "last_axis_of_a_number": [(0.4,), (V3,), (M33,)],
    "first_power_written": [(M33,)],
    "zeroth_difference_written": [(V3,)],
    "negated_share_of_what_is_written": [(V3, V3 + 1.0)],
    "entries_by_keyword_then_written": [(V3,)],
    "perhaps_bound_before_a_loop_writes": [(V3, 0.7)],
    "unpacked_with_a_guard_amid": [(V3,)],
    "one_object_in_two_slots_exchanged": [(V3,)],
    "one_object_in_two_slots_replaced": [(V3,)],
    "sum_over_list": [(0.7, [V3, V3 + 1.0]), (0.7, V3)],
    "number_given_axes": [(0.7,), (V3,)],
    "number_in_a_product_of_vectors": [(0.7, V3)],
    "keywords_of_what_a_helper_returns": [(V3, V3 + 1.0)],
    "filled_by_a_helper": {"args": [(0.7,), (V3,)], "expect": "any"},
    "product_spread_over_a_row": {"args": [(V3.astype(np.float32), M33.astype(np.float32))], "tolerance": 2e-3},
    "entries_updated_by_keyword": [(V3, V3 + 1.0)],
    "rows_summed_and_raised": [(1.5, [V3, V3 + 1.0])],
    "number_of_numpy_and_single_precision": {
        "args": [(V3.astype(np.float32), W3.astype(np.float32))],
        "tolerance": 1e-5,
    },
    "list_summed_in_two_ways": [(V3, [W3, V3 * 0.5])],
    "number_appended_under_an_array_s_name": {"args": [(0.37,)], "expect": "any"},
    "product_into_a_column_that_dot_refuses": {"args": [(V3,)], "expect": "any"},
    "sum_of_what_stays_empty": [(V3,)],
    "repeated_no_times": [(0.7, V3, 0), (0.7, V3, 2), (0.7, V3, -1)],
    "numbers_beside_what_is_put_back": [(V3, 1.5737)],
    "slot_of_a_repeated_list": [(np.array([0.4, 1.3, 0.7]), 1.8)],
    "restored_under_another_name": [(np.array([0.4, 1.3, 0.7]), 1.8, np.array([0.9, -0.4, 1.3]))],
}
