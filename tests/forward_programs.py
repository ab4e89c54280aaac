"""Programs where forward mode goes wrong easily: memory that is shared, paths that differ, names that mean two things."""

# ruff: noqa

import math
from math import cos, exp, log, sin

import numpy as np

from tests.programs.case import Case

X = np.array([0.7, -1.2, 1.9, 0.4])
M = np.arange(1.0, 10.0).reshape(3, 3) / 3 + np.eye(3)


def comprehension_shadows_a_name(xs, n):
    x = 3.0
    xs = [x * 2 * n for x in xs]
    return sum(xs) + x * n


def walrus_in_while(x, n):
    total = 0.0
    while (err := x * n - total) > 0.1:
        total += err * 0.5
    else:
        total += err
    return total + err * x


def walrus_in_comprehension(x):
    ys = [y for k in range(4) if (y := x * k) > 1.0]
    return sum(ys)


def walrus_between_reads(x):
    n = 2
    y = n * x * (n := 3) + x ** (n := n - 1) * n
    return y * (y := y * x) * y


def walrus_in_test(x, y):
    if (z := x * y) > 0 and (w := z * 2) > 0.1:
        return z * w
    return z


def try_and_except(x, y):
    try:
        a = x * y
        if x < 5:
            raise ValueError(x)
        b = log(x)
        a = b * 2
    except ValueError:
        b = y * 3
    return a + b


def for_else_and_break(x, n: int):
    for i in range(n):
        t = x * i
        if t > 2.0:
            break
    else:
        t = 1.0
    return t * x


def continue_keeps_the_old_value(x, n: int):
    t = 2.0
    for i in range(n):
        if i == 1:
            continue
        u = t
        t = x * u
    return t


def delete_and_rebind(x):
    y = x * 2
    del y
    y = 1.0
    z = y * 3
    return z * x


def closure_over_written_array(x):
    a = x.copy()

    def scale(k):
        return a * k

    a[0] = x[1] * x[2]
    b = scale(2.0)
    a[1] *= x[0]
    return (b + scale(x[0])).sum()


def even_of_mutual_recursion(n, x, k):
    return x * k if n == 0 else odd_of_mutual_recursion(n - 1, x, k * x)


def odd_of_mutual_recursion(n, x, k):
    if n == 0:
        return k
    return even_of_mutual_recursion(n - 1, x, k) + 1


def mutual_recursion(x, y):
    return even_of_mutual_recursion(3, x, 2.0) + even_of_mutual_recursion(2, 1.5, y) + odd_of_mutual_recursion(3, x, y)


def stores_through_index_lists(a, i, j):
    a = a.copy()
    a[i], a[j] = a[j] * a[i], a[i]
    a[[0, 2]] = a[[2, 0]]
    a[[0, 0, 1]] = np.array([1.0, 2.0, 3.0]) * a[3]
    a[[1, 1]] += a[2]
    a[[3, 3]] *= a[:2]
    return a


def array_written_in_place(x):
    x[1:] -= x[:-1]
    x[::2] *= x[1::2]
    x -= x.mean()
    x *= x
    x /= 1.0 + x.sum()
    x **= 2
    return x


def matrix_written_in_place(m):
    m -= 0.5 * m.T
    m *= m.T
    m @= m
    m += m[0]
    m /= m.sum(axis=0)
    r = m[1]
    r *= m[0]
    v = m.reshape(-1)
    v[2] = v[3] * v[4]
    return m


def lists_of_lists(x, y):
    rows = [[0.0] * 3] * 2
    rows[0][1] = x
    rows[1][2] += y * x
    g = [[0.0 for _ in range(3)] for _ in range(2)]
    g[1][1] = rows[0][2] * rows[1][1]
    g[0].append(x * y)
    q = rows + g
    return q[0][1] + q[1][1] * q[0][2] + q[3][1] + q[2][-1]


def dicts(x, y):
    d = {"a": x, "b": 2.0}
    d["c"] = d["a"] * y
    for k, v in d.items():
        d[k] = v * x
    s = 0.0
    for v in d.values():
        s += v**2
    t = {k: v * y for k, v in d.items() if k != "a"}
    t.update({"z": x})
    t.setdefault("w", y)
    return s + sum(t.values()) + t.pop("z") + t.get("nope", x) + d.get("a")


def loops_over_sequences(xs, ys):
    s = 0.0
    for i, (a, b) in enumerate(zip(xs, ys)):
        s += a * b**i
    for a, b in [(xs[0], 2.0), (ys[1], xs[1])]:
        s += a * b
    for a in reversed(xs):
        s = s * 0.5 + a
    first, *rest = xs
    (p, q), r = (first, rest[0]), rest[-1]
    return s + sum(a * b for a, b in zip(xs, ys) if a > 0) + p * q * r + max(xs) + min(a * 2 for a in ys)


def chained_targets(x, y):
    a = b = x * y
    a += 1.0
    c = d = np.zeros(3)
    c[0] = a * b
    d[1] = c[0] * x
    return c.sum() + d[1]


def choices(x, mode="sin"):
    act = {"sin": 1.0, "cos": 2.0}[mode]
    y = act * x if mode == "sin" else cos(x)
    z = x or 1.0
    w = (x > 0 and x * 2) or x
    return y * z * w


def return_inside_loops(x):
    while True:
        x = x * 1.5
        if x > 10:
            return x * 2
        for k in range(3):
            if x > 7:
                return x * 3
            x += k * x


def nested_loops(x):
    s = 0.0
    for i in range(3):
        for j in range(3):
            if j > i:
                break
            if i == 2 and j == 1:
                continue
            s += x ** (i + j)
        else:
            s *= x
    return s


def texts_and_prints(x, y):
    s = f"{x:.3f}"
    print(s, end="")
    assert x > 0, f"bad {x}"
    t = [s, x * y]
    if y < 0:
        raise ValueError(s)
    return t[1] * len(s)


G_GLOBAL_BY_ANOTHER_NAME = np.zeros(3)


def global_by_another_name(x):
    v = G_GLOBAL_BY_ANOTHER_NAME
    v[0] = x
    return G_GLOBAL_BY_ANOTHER_NAME[0] * x


G_GLOBAL_GIVEN_TO_A_WRITER = np.zeros(3)


def put_of_global_given_to_a_writer(b, x):
    b[0] = x


def global_given_to_a_writer(x):
    put_of_global_given_to_a_writer(G_GLOBAL_GIVEN_TO_A_WRITER, x)
    return G_GLOBAL_GIVEN_TO_A_WRITER[0] * x


G_ROWS_OF_A_GLOBAL = np.zeros((2, 3))


def rows_of_a_global(x):
    for row in G_ROWS_OF_A_GLOBAL:
        row += x
    return G_ROWS_OF_A_GLOBAL.sum() * x


def fill_of_helper_fills_buffer(buf, x, k=2):
    for i in range(len(buf)):
        buf[i] = x ** (i + k)
    return buf


def helper_fills_buffer(x):
    out = np.empty(4)
    fill_of_helper_fills_buffer(out, x)
    b = fill_of_helper_fills_buffer(np.zeros(2), x * 2, k=1)
    return out.sum() * b[1]


def acc_of_helper_appends(lst, v):
    lst.append(v)
    return len(lst)


def helper_appends(x):
    l = []
    n = acc_of_helper_appends(l, x)
    n += acc_of_helper_appends(l, x * x)
    acc_of_helper_appends(l, 3.0)
    return l[0] * l[1] * l[2] * n


def augmented_numbers(x, y):
    z = x
    z *= y
    z = z - 1.0
    z **= 2
    z %= 3.0
    z -= y
    return z * x


def masks_and_sorting(x):
    y = np.where(x > 0, x**2, -x)
    y[y > 1] = 0.5
    y[x < 0] *= x[x < 0]
    k = np.argsort(x)
    return y[k][::-1] * np.cumsum(x)


def calls_of_all_kinds(x, y):
    def g(a, *rest, scale=2.0, **kw):
        s = a * scale
        for r in rest:
            s += r * x
        return s + kw.get("z", 0.0)

    return g(x) + g(y, x, y) + g(*(x, y), scale=y) + g(x, z=y)


def pair_of_tuples_from_helpers(x, y):
    if x > y:
        return x * y, x
    return y, 3.0


def tuples_from_helpers(x, y):
    a, b = pair_of_tuples_from_helpers(x, y)
    t = pair_of_tuples_from_helpers(y, x)
    c, *d = pair_of_tuples_from_helpers(a, b)
    return a * b + t[0] + c * d[0] + pair_of_tuples_from_helpers(x, x)[0]


def list_methods(x, y):
    xs = [x, y, x * y]
    xs[1:] = [xs[0] * 2, 1.0]
    del xs[0]
    xs.insert(0, y)
    xs.extend([x, 2.0])
    xs.reverse()
    v = xs.pop()
    w = xs.pop(0)
    xs += [v * w]
    ys = xs.copy()
    ys[0] = 0.0
    xs = xs * 2
    return sum(xs) + sum(ys) + xs[0] * ys[-1]


def views_and_columns(x):
    out = np.zeros((2, 2))
    out[0] = x[:2]
    out[:, 1] += x[2]
    out[..., 0] *= x[3]
    for row in out:
        row[0] += row[1]
    flat = out.ravel()
    flat[0] = flat[1] * flat[2]
    return out.T @ x[:2]


def keyword_only(x, c=3.0, *, k=2):
    return (x * c) ** k


def integers_and_rounding(x: int, y: float):
    n = int(y)
    return x * y * n + round(y, 1) + y // 1 + float(x)


def search_in_a_sequence(xs):
    t = 0.0
    i = 0
    while i < len(xs):
        v = xs[i]
        i += 1
        if v < 0:
            continue
        t += v * v
    best = xs[0]
    for v in xs:
        if v > best:
            best = v
    return t * best


def step_of_tuples_as_state(state, dt):
    p, v = state
    return p + dt * v, v - dt * sin(p)


def tuples_as_state(p, v):
    s = (p, v)
    hist = [s]
    for _ in range(3):
        s = step_of_tuples_as_state(s, 0.1)
        hist.append(s)
    return s[0] * hist[1][1], {"last": hist[-1]}


def functions_as_values(x):
    f2 = lambda t: t * t
    fs = [x, f2(x)]
    a, b = fs
    a, b = b, a * b
    return a - b, (lambda u, v=x: u * v)(a)


def local_imports(x, y):
    import math as m
    from numpy import tanh

    z = m.sin(x) * tanh(y)
    return z


def with_and_match(x, y):
    with np.errstate(all="ignore"):
        z = np.log(x)
        z += y
    match len("ab"):
        case 2:
            w = z * x
        case _:
            w = 0.0
    return w


def sorting(x):
    x = sorted(x)
    return x[0] * x[1]


def active_only_on_one_path(x, y):
    t = 2.0
    y2 = t * y
    if x > 0:
        t = x * y2
    return t * t


def argument_written(x, a):
    a[0] = x
    b = a
    a = a * 2
    b[1] = x * x
    return a, b


def rows_and_diagonal(m):
    s = 0.0
    for i in range(m.shape[0]):
        row = m[i]
        row = row * 2
        s += row @ m[:, i]
        m[i, i] = s
    return s, m


def lists_inside_lists(x, y):
    a = [x, y]
    b = [a, a]
    b[0][0] = y * 2
    c2 = list(a)
    c2[1] = x * x
    t = (a, b)
    t[0].append(x)
    return sum(a) + sum(b[1]) + sum(c2)


def g_of_helper_returns_its_argument(xs, k):
    for i in range(len(xs)):
        xs[i] = xs[i] * k
    return xs


def helper_returns_its_argument(x, y):
    a = [x, 1.0, y]
    b = g_of_helper_returns_its_argument(a, y)
    g_of_helper_returns_its_argument(b, 2.0)
    return a[0] * a[1] + b[2]


def best_of_several(x):
    best = None
    for k in range(4):
        v = (x - k) ** 2
        if best is None or v < best:
            best = v
    return best * x


def merged_in_loops(x, y):
    r = 0.0
    for i in range(5):
        if i % 2:
            t = x
        else:
            t = y
        r += t * i
        t = 1.0
    return r * t


def list_built_by_addition(x, n):
    y = x
    out = []
    while n > 0:
        y, n = y * x, n - 1
        out = out + [y]
    return out[-1] + len(out) * x, out


def jacobi_iteration(A, b):
    x = np.zeros(3)
    for _ in range(4):
        x_new = np.zeros(3)
        for i in range(len(b)):
            s = sum(A[i, j] * x[j] for j in range(len(b)) if j != i)
            x_new[i] = (b[i] - s) / A[i, i]
        if np.sum((x_new - x) ** 2) < 1e-24:
            break
        x = x_new
    return x


def dict_with_list(x):
    d = dict(a=x, b=[x * 2, 1.0])
    d["b"][1] = d["a"] ** 2
    e = {**d, "c": 3.0}
    e["b"].append(e["c"] * x)
    return sum(d["b"]) * e["a"]


def builtins_of_numbers(x, y):
    q = max(x, y, 0.2) * min((x, y))
    r = abs(x - y) + pow(x, 2) + divmod(x, 0.5)[1]
    s = sum([x, y], 1.0) + math.hypot(x, y) + math.fsum([x, y * y]) + math.prod([x, y])
    return q + r * s


def nested_closures(x, y):
    def outer(a):
        b = a * x

        def inner(c):
            nonlocal_free = b + c * y
            return nonlocal_free * a

        return inner(b) + inner(1.0)

    return outer(y) + outer(2.0)


def function_defaults(x):
    acts = {"a": 2.0}

    def run(k, fn=lambda v: v * v):
        return fn(k) * acts["a"]

    return run(x) + run(x, math.sin) + run(2.0, lambda v: v * x)


def annotated_names(x: float, n: int = 3) -> float:
    acc: float = 0.0
    k: int
    for k in range(n, 0, -1):
        acc = (acc + x) / k
    return acc


def nested_unpacking(u, v):
    (a, b), [c, *d] = u, v
    a, b, c = c, a * b, b
    d[0], e = d[-1] * a, d[0]
    return a + b * c + e * d[0]


def joined_arrays(x):
    y = x.T @ x
    y[np.diag_indices(2)] += 1.0
    z = np.concatenate([y.ravel(), x[0], [x[0, 0], 2.0]])
    w = np.stack([z, z * 2], axis=1)
    w[:, 1] -= w[:, 0]
    return w.sum(axis=0) * np.array([x[0, 1], 1.0])


def definitions_in_branches(x, y):
    if x > 0:

        def h(t):
            return t * x

        z = h(y)
    else:
        z = y
    for i in range(2):

        def step(s):
            return s * z + i

        y = step(y)
    return y


def fact_of_recursion_in_expressions(n, x):
    if n <= 1:
        return x
    return n * fact_of_recursion_in_expressions(n - 1, x) * x


def recursion_in_expressions(x):
    return (
        fact_of_recursion_in_expressions(4, x)
        + sum(fact_of_recursion_in_expressions(k, x) for k in range(1, 4))
        + max(fact_of_recursion_in_expressions(2, x), fact_of_recursion_in_expressions(3, x))
    )


def split_of_results_with_structure(x):
    return x * 2, {"a": x, "n": 3}


def results_with_structure(x):
    p, q = split_of_results_with_structure(x)
    r = split_of_results_with_structure(p)[1]["a"] if p > 0 else 0.0
    t = [split_of_results_with_structure(v) for v in (x, p)]
    return p * q["a"] + r * q["n"] + t[1][0]


def try_else_finally(x, y):
    z = 0.0
    try:
        z = x * y
        if z > 0.1:
            raise KeyError("k")
        z = z * 2
    except (KeyError, ValueError) as e:
        z += y
    else:
        z *= 3
    finally:
        z = z * x
    return z


def conditional_expressions(x, y):
    v = x if y > 0 else y * 2 if x > 2 else 1.0
    w = [a if a > 1 else a * y for a in (x, y, 2.0)]
    u = x > 1 and y or 3.0
    s = not x
    return v * sum(w) * u + s


def reversed_views(x):
    m = np.outer(x, x)
    n = m.copy()
    view = n[1:, :2]
    view *= 2.0
    n[0] = view[0, 0] * x
    k = m[::-1]
    k[0, 0] = 7.0
    return (m + n)[1:]


def integers_that_become_floats(x, y):
    s = 0
    s += x
    s -= y * 2
    s /= x
    s //= 1.0
    s += x
    n = 3
    n *= 2
    return s * n**x


def fresh_values_with_the_tangent_of_another(x: np.ndarray):
    y = x + 1.0
    y[0] = 5.0
    z = y - 2.0
    z *= 3.0
    w = [z + 1.0, -(-z), +z]
    w[0][1] = 7.0
    w[2] *= 2
    return x * y + z + w[0] + w[1]


def shifted(v):
    return v + 1.0


def with_a_zero(v):
    v[0] = 0.0
    return v


def fresh_values_through_helpers(x: np.ndarray):
    y = shifted(x)
    y[0] = 5.0
    z = with_a_zero(x + 2.0)
    z[1] *= 2
    return x * y * z + 1.0, x - 1.0


def scale_by_itself(p, q):
    p *= p - 1.0
    q /= p + q


def written_in_a_test(x, y):
    if scale_by_itself(x, y):
        pass
    x[1] -= with_a_zero(x)[1] + y[0]
    return x * y


CASES = [
    Case("fresh_values_with_the_tangent_of_another", fresh_values_with_the_tangent_of_another, (X,)),
    Case("fresh_values_through_helpers", fresh_values_through_helpers, (X,)),
    Case("written_in_a_test", written_in_a_test, (X, X[::-1] + 0.3)),
    Case(
        "comprehension_shadows_a_name",
        comprehension_shadows_a_name,
        (
            [1.0, 2.0],
            1.5,
        ),
    ),
    Case(
        "walrus_in_while",
        walrus_in_while,
        (
            1.3,
            2.0,
        ),
    ),
    Case("walrus_in_comprehension", walrus_in_comprehension, (1.3,)),
    Case("walrus_between_reads", walrus_between_reads, (1.3,)),
    Case(
        "walrus_in_test",
        walrus_in_test,
        (
            1.3,
            0.5,
        ),
        expect="any",
    ),
    Case(
        "try_and_except",
        try_and_except,
        (
            1.3,
            0.5,
        ),
    ),
    Case(
        "for_else_and_break",
        for_else_and_break,
        (
            1.3,
            5,
        ),
    ),
    Case(
        "continue_keeps_the_old_value",
        continue_keeps_the_old_value,
        (
            1.3,
            5,
        ),
    ),
    Case("delete_and_rebind", delete_and_rebind, (1.3,)),
    Case("closure_over_written_array", closure_over_written_array, (X,)),
    Case(
        "mutual_recursion",
        mutual_recursion,
        (
            1.3,
            0.8,
        ),
    ),
    Case(
        "stores_through_index_lists",
        stores_through_index_lists,
        (
            X,
            0,
            1,
        ),
        wrt=(0,),
    ),
    Case("array_written_in_place", array_written_in_place, (X,)),
    Case("matrix_written_in_place", matrix_written_in_place, (M,)),
    Case(
        "lists_of_lists",
        lists_of_lists,
        (
            1.3,
            0.8,
        ),
    ),
    Case(
        "dicts",
        dicts,
        (
            1.3,
            0.8,
        ),
    ),
    Case(
        "loops_over_sequences",
        loops_over_sequences,
        (
            [1.3, 0.8, 0.4],
            [0.3, 0.2, 1.1],
        ),
    ),
    Case(
        "chained_targets",
        chained_targets,
        (
            1.3,
            0.8,
        ),
    ),
    Case("choices", choices, (1.3,)),
    Case("return_inside_loops", return_inside_loops, (1.3,)),
    Case("nested_loops", nested_loops, (1.3,)),
    Case(
        "texts_and_prints",
        texts_and_prints,
        (
            1.3,
            0.8,
        ),
    ),
    Case("helper_fills_buffer", helper_fills_buffer, (1.3,)),
    Case("helper_appends", helper_appends, (1.3,)),
    Case(
        "augmented_numbers",
        augmented_numbers,
        (
            1.3,
            0.8,
        ),
    ),
    Case("masks_and_sorting", masks_and_sorting, (X,)),
    Case(
        "calls_of_all_kinds",
        calls_of_all_kinds,
        (
            1.3,
            0.8,
        ),
    ),
    Case(
        "tuples_from_helpers",
        tuples_from_helpers,
        (
            1.3,
            0.8,
        ),
    ),
    Case(
        "list_methods",
        list_methods,
        (
            1.3,
            0.8,
        ),
    ),
    Case("views_and_columns", views_and_columns, (X,)),
    Case(
        "keyword_only",
        keyword_only,
        (
            1.3,
            2.0,
        ),
    ),
    Case(
        "integers_and_rounding",
        integers_and_rounding,
        (
            2,
            1.7,
        ),
        wrt=(0, 1),
    ),
    Case("search_in_a_sequence", search_in_a_sequence, (X,)),
    Case(
        "tuples_as_state",
        tuples_as_state,
        (
            1.3,
            0.2,
        ),
    ),
    Case("functions_as_values", functions_as_values, (1.3,)),
    Case(
        "local_imports",
        local_imports,
        (
            1.3,
            0.2,
        ),
    ),
    Case(
        "with_and_match",
        with_and_match,
        (
            1.3,
            0.2,
        ),
    ),
    Case("sorting", sorting, ([1.3, 0.2],), expect="any"),
    Case(
        "active_only_on_one_path",
        active_only_on_one_path,
        (
            1.3,
            0.2,
        ),
        wrt=(0,),
    ),
    Case(
        "argument_written",
        argument_written,
        (
            1.3,
            np.array([0.0, 0.0, 0.0]),
        ),
        wrt=0,
    ),
    Case("rows_and_diagonal", rows_and_diagonal, (M,)),
    Case(
        "lists_inside_lists",
        lists_inside_lists,
        (
            1.3,
            0.4,
        ),
    ),
    Case(
        "helper_returns_its_argument",
        helper_returns_its_argument,
        (
            1.3,
            0.4,
        ),
    ),
    Case("best_of_several", best_of_several, (1.3,)),
    Case(
        "merged_in_loops",
        merged_in_loops,
        (
            1.3,
            0.4,
        ),
    ),
    Case(
        "list_built_by_addition",
        list_built_by_addition,
        (
            1.3,
            3,
        ),
        wrt=0,
    ),
    Case(
        "jacobi_iteration",
        jacobi_iteration,
        (
            np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 0.3], [0.2, 0.6, 6.0]]),
            np.array([1.0, 2.0, 3.0]),
        ),
    ),
    Case("dict_with_list", dict_with_list, (1.3,)),
    Case(
        "builtins_of_numbers",
        builtins_of_numbers,
        (
            1.3,
            0.4,
        ),
    ),
    Case(
        "nested_closures",
        nested_closures,
        (
            1.3,
            0.4,
        ),
    ),
    Case("function_defaults", function_defaults, (1.3,)),
    Case("annotated_names", annotated_names, (1.3,)),
    Case(
        "nested_unpacking",
        nested_unpacking,
        (
            (1.3, 0.4),
            [0.3, 0.7, 0.2],
        ),
    ),
    Case("joined_arrays", joined_arrays, (np.array([[0.3, 0.7], [1.2, -0.4], [0.5, 0.9]]),)),
    Case(
        "definitions_in_branches",
        definitions_in_branches,
        (
            1.3,
            0.4,
        ),
    ),
    Case("recursion_in_expressions", recursion_in_expressions, (1.3,)),
    Case("results_with_structure", results_with_structure, (1.3,)),
    Case(
        "try_else_finally",
        try_else_finally,
        (
            1.3,
            0.4,
        ),
    ),
    Case(
        "conditional_expressions",
        conditional_expressions,
        (
            1.3,
            0.4,
        ),
    ),
    Case("reversed_views", reversed_views, (np.array([0.5, 1.5, -0.7]),)),
    Case(
        "integers_that_become_floats",
        integers_that_become_floats,
        (
            1.3,
            0.4,
        ),
    ),
]

#: Programs that write an active value into a global, which no tangent survives.
GLOBAL_WRITES = [global_by_another_name, global_given_to_a_writer]
