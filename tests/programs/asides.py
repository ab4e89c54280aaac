"""What an expression does beside giving its value: inside a test, an index, a place or an argument."""

# ruff: noqa
import numpy as np

V3 = np.array([0.31, 0.74, 1.42])
W3 = np.array([0.52, 0.23, 1.11])


def entry_made_in_a_test(x: np.ndarray, y: np.ndarray):
    d = {"j": x[0]}
    s = x[0] if d.setdefault("k", x[1]) > 0.4 else y[1]
    if d.setdefault("m", x[2]) < 0.4:
        s = s * 2.0
    n = 0
    while d.setdefault("n", y[0] * y[1]) < 1.0 and n < 2:
        n += 1
    return x * d["k"] * s + d["m"] * d["n"] * n


def entry_made_in_an_index(x: np.ndarray, y: np.ndarray):
    d = {"j": x[0]}
    a = x * y
    a[int(d.setdefault("k", x[1]) > 0.4)] += y[0]
    a[: int(d.setdefault("m", x[2]) > 0.4)] = y[1]
    s = a[int(d.setdefault("n", y[2]) > 5.0)]
    return a * d["k"] * d["m"] * s * d["n"]


def entry_made_in_an_argument(x: np.ndarray, y: np.ndarray):
    d = {}
    s = x[0] * d.setdefault("k", x[1] * y[0])
    text = f"{d.setdefault('m', x[2])}"
    count = len([d.setdefault(i % 2, x[i]) for i in range(3)])
    u, v = d.setdefault("b", x * y), d.setdefault("b", y)
    return u * v * s * d["k"] * d["m"] * d[1] * len(text[:1]) * count


def entry_that_may_be_made(x: np.ndarray, y: np.ndarray):
    d = {"a": x}
    if "b" not in d and d.setdefault("b", y)[0] > 0.1:
        x = x * 2.0
    return d["b"] * x


def entry_of_a_part(x: np.ndarray, y: np.ndarray):
    d = {"a": {}}
    n = int(d["a"].setdefault("k", x[1]) > 0.4)
    return d["a"]["k"] * x * n


def default_that_writes(x: np.ndarray, y: np.ndarray):
    d = {"a": x}
    a = x * y
    d.setdefault("a", _grown(a, y[0]))
    b = d.setdefault("a", _grown(a, y[1]))
    return d["a"] * a * b


def bound_in_a_place(x: np.ndarray, y: np.ndarray):
    a = x * y
    rows = {"u": a}
    a[int((t := x[1] * 2.0) > 0.4)] += y[2]
    rows["u"][int((u := x[2] * 2.0) > 0.4)] += u
    a[0], a[int((v := y[1] * 3.0) > 0.4)] = y[0], y[1]
    for a[int((w := x[0] * 2.0) > 0.4)] in y:
        pass
    return a * t * u * v * w


def _grown(v, s):
    v += s
    return v


def _summed_into(out, v):
    return np.cumsum(v, out=out)


def _summed_backwards(p, v):
    m = _summed_into(p[::-1], v)
    return p * 2.0


def sum_into_what_is_new(x: np.ndarray, y: np.ndarray):
    z = _summed_into(2.0 + y, x)
    return y[0] * x * z


def sum_into_a_view_of_what_is_new(x: np.ndarray, y: np.ndarray):
    z = _summed_backwards(2.0 + y, x)
    return y[0] * x * z


def _first_total(rows, n):
    return np.sum(rows, axis=0)[n % 3]


def rows_summed_here_and_in_a_helper(y, rows):
    s = _first_total(rows, 2)
    return np.sum(rows, axis=0) * y * s


def copied_into_what_multiplies(x: np.ndarray, y: np.ndarray):
    t, u = np.ones(3), np.ones(3)
    c = np.ones(3)
    np.copyto(c, x)
    t *= c
    np.copyto(u.reshape(3), x - t)
    c[1:] *= u[1:]
    return t * y * c


def asked_before_and_after(x: np.ndarray, y: np.ndarray):
    d = {"j": x[0]}
    a = x * y
    s = np.hypot(d.get("k", 0.5), d.setdefault("k", x[1])) + len(d)
    parts = [d.get("m", y[0]), d.setdefault("m", x[2]), d.get("m", y[1])]
    a[len(d) - 1] += d.setdefault("n", y[2]) * len(d)
    return a * s * parts[0] * parts[1] * parts[2] * d["n"]


def _in_three(v):
    return v


def _noted(notes, value):
    notes.append(1.0 * value)


def underscore_that_counts(x: np.ndarray):
    notes = []
    first, second, _ = _in_three(x)
    _noted(notes, second)
    return first * notes[0]


def underscore_of_a_loop(x: np.ndarray, y):
    _ = x[0] * 2.0
    t = 0.0
    while t < 2.0:
        y = y * _
        t = t + 1.0
    return y * _


def underscore_of_the_members(x: np.ndarray, y: np.ndarray):
    total, notes = 0.0, []
    for _ in x:
        _noted(notes, _)
        total = total + _ * notes[-1]
    return total * y


CASES = {
    "entry_made_in_a_test": [(V3, W3)],
    "entry_made_in_an_index": [(V3, W3)],
    "entry_made_in_an_argument": [(V3, W3)],
    "entry_that_may_be_made": [(V3, W3)],
    "entry_of_a_part": {"args": [(V3, W3)], "expect": "any"},
    "default_that_writes": [(V3, W3)],
    "bound_in_a_place": [(V3, W3)],
    "sum_into_what_is_new": [(V3, W3)],
    "sum_into_a_view_of_what_is_new": [(V3, W3)],
    "rows_summed_here_and_in_a_helper": [(V3, [W3, V3])],
    "copied_into_what_multiplies": [(V3, W3)],
    "asked_before_and_after": [(V3, W3)],
    "underscore_that_counts": [(V3,)],
    "underscore_of_a_loop": [(V3, 1.3)],
    "underscore_of_the_members": [(V3, W3)],
}
