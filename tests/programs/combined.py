"""Everything at once: nested combinations of what the other files have one at a time."""

# ruff: noqa

import math

import numpy as np
from numpy import exp

from . import helpers as hp

LIMIT = 6
BOUNDS = (-1.5, 2.5)


def early_return_in_nested_loops(m, threshold):
    total = 0.0
    for i, row in enumerate(m):
        for j, v in enumerate(row):
            if v > threshold:
                if i == 0:
                    continue
                return total + v**2 * j
            total += v * (i + 1)
        else:
            total *= 1.1
    return total * threshold


def while_inside_for_with_walrus(xs):
    s = 0.0
    for x in xs:
        n = 0
        while (y := x * 1.5**n) < 2.0:
            s += y
            n += 1
            if n > LIMIT:
                break
        else:
            s *= 0.5
    return s


def helper_in_loop_writes_buffer(x, n: int = 3):
    buf = np.zeros(len(x))
    for k in range(n):
        update(buf, x, k)
        if buf[0] > 1.0:
            buf[0] = buf[0] / 2.0
            continue
        buf[-1] += k * x[0]
    return buf, buf.sum()


def update(buffer, x, k):
    for i in range(len(buffer)):
        if i == k:
            buffer[i] += x[i] ** 2
        else:
            buffer[i] = 0.5 * buffer[i] + x[i]


def recursion_in_loop(x, depth: int = 2):
    if depth == 0:
        return math.sin(x)
    total = 0.0
    for k in range(2):
        total += recursion_in_loop(x * 0.5 + k, depth - 1) * x
    return total


def closure_in_loop(x, n: int = 3):
    def step(t, k):
        if k % 2:
            return t * x
        return t + x

    t = 1.0
    for k in range(n):
        t = step(t, k)
    return t


def dict_state_simulation(params, n: int = 3):
    x, v = params["x"], params["v"]
    k, c = params["k"], params.get("c", 0.1) if False else params["c"]
    energy = []
    for _ in range(n):
        a = -k * x - c * v
        x, v = x + 0.1 * v, v + 0.1 * a
    return {"x": x, "v": v, "energy": 0.5 * v**2 + 0.5 * k * x**2}


def tuple_through_helpers(x, y):
    (a, b), *rest = pair_and_rest(x, y)
    c, d = rest
    return a * b + c * d


def pair_and_rest(x, y):
    return (x * y, x + y), x - y, y**2


def masked_update_in_loop(x, n: int = 3):
    y = x.copy()
    for k in range(n):
        mask = y > 0.5 * k
        y[mask] = np.sqrt(y[mask] + 1.0)
        y[~mask] *= 1.5
        if mask.sum() == 0:
            break
    return y.sum() * y[0]


def aliases_in_branches(x, flag):
    y = x * 2.0
    if flag > 0:
        v = y[1:]
    else:
        v = y[:-1]
    v *= flag
    y[0] += v[0]
    return y @ x


def scalar_then_array(x, v):
    y = x * x
    y = y * v
    y = np.sum(y) + x
    y = math.exp(-y * 0.1)
    return y


def name_reused_for_kinds(x):
    t = x * 2.0
    s = 0.0
    for t in (t, t * t):
        s += t
    t = np.array([s, t])
    return t[0] * t[1]


def loop_else_break_chain(x):
    for i in range(4):
        x = x * 1.2
        for j in range(3):
            if x * j > 3.0:
                x = x - 1.0
                break
            x = x + 0.1 * j
        else:
            continue
        if x < 1:
            break
    else:
        x = x * 2.0
    return x


def bounds_from_globals(x):
    low, high = BOUNDS
    if not low <= x <= high:
        return min(max(x, low), high)
    return hp.softplus(x) * (high - x) * (x - low)


def matrix_power_loop(m, n: int):
    result = np.eye(m.shape[0])
    base = m
    while n > 0:
        if n & 1:
            result = result @ base
        base = base @ base
        n >>= 1
    return result


def sequential_updates_2d(m):
    a = m.copy()
    rows, cols = a.shape
    for i in range(rows):
        for j in range(cols):
            left = a[i, j - 1] if j > 0 else 0.0
            up = a[i - 1, j] if i > 0 else 0.0
            a[i, j] += 0.5 * left * up
    return a[-1, -1]


def viterbi_soft(scores, transition):
    n, k = scores.shape
    alpha = scores[0].copy()
    for t in range(1, n):
        new = np.zeros(k)
        for j in range(k):
            terms = alpha + transition[:, j]
            top = terms.max()
            new[j] = top + np.log(np.sum(exp(terms - top))) + scores[t, j]
        alpha = new
    return alpha.max()


def minimise_by_descent(x0, target, rate: float = 0.1):
    x = x0.copy()
    history = np.zeros(4)
    for i in range(4):
        g = 2 * (x - target) + 0.3 * np.sign(x)
        x -= rate * g
        history[i] = np.sum((x - target) ** 2)
        if history[i] < 1e-3:
            break
    return history, x


def lots_of_names(x, y):
    x1 = x2 = x * y
    y_ = x_ = 1.0
    x_bar, x1_bar = x1 * y_, x2 * x_
    dx, dx1, dx_ = x_bar, x1_bar, y
    tape, x_tape, x1_tape = dx * 2, dx1 * 3, dx_ * 4
    for i in range(2):
        taken = x_tape * i
        trips = taken + tape
        t = t1 = trips * x1_tape
        s_ = t - t1 * x
        x_tape = s_ * 0.1
    return x_tape + dx_ + x_bar


def self_reference_swap(v):
    v = v.copy()
    i, j = 0, len(v) - 1
    while i < j:
        v[i], v[j] = v[j] * v[i], v[i] + v[j]
        i, j = i + 1, j - 1
    return v


def conditional_in_place(x, scale):
    out = np.empty_like(x)
    for i in range(x.size):
        out[i] = x[i] * scale if x[i] > 0 else x[i] / scale
        if i and out[i] > out[i - 1]:
            out[i], out[i - 1] = out[i - 1], out[i]
    return out


def several_results_used_partly(x):
    q, r, s = three(x)
    _, r2, _ = three(r)
    return r2 * s


def three(x):
    return x**2, math.sin(x), x * 3.0


def returns_nothing_on_a_path(x):
    result = inner_maybe(x)
    if result is None:
        return x * 5.0
    return result * x


def inner_maybe(x):
    if x > 0:
        return x * x
    return None


def in_place_helper_returns_same(x):
    y = np.zeros(3)
    y = add_into(y, x, 2.0)
    y = add_into(y, y, 0.5)
    return y.sum() * y[0]


def add_into(acc, v, factor):
    acc += factor * v
    return acc


V3 = np.array([0.4, 1.3, 2.2])
M23 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5]])
M33 = np.array([[0.5, -0.2, 0.1], [0.7, 0.4, -0.5], [0.1, 0.9, -0.3]])
CASES = {
    "early_return_in_nested_loops": [(M23, 0.5), (M23, 5.0), (M23[:, :0], 0.5)],
    "while_inside_for_with_walrus": [([0.3, 0.01, 5.0],), (V3,)],
    "helper_in_loop_writes_buffer": [(V3,)],
    "recursion_in_loop": {"args": [(0.7,)], "wrt": "x"},
    "closure_in_loop": [(0.7,)],
    "dict_state_simulation": [({"x": 1.0, "v": 0.3, "k": 2.0, "c": 0.1},)],
    "tuple_through_helpers": [(1.2, 0.7)],
    "masked_update_in_loop": [(V3,), (-V3,)],
    "aliases_in_branches": [(V3, 1.5), (V3, -1.5)],
    "scalar_then_array": [(0.7, V3)],
    "name_reused_for_kinds": [(0.7,)],
    "loop_else_break_chain": [(0.7,), (1.4,), (0.1,)],
    "bounds_from_globals": [(0.7,), (3.0,)],
    "matrix_power_loop": [(M33, 5), (M33, 0)],
    "sequential_updates_2d": [(M23,)],
    "viterbi_soft": [(M23, M33)],
    "minimise_by_descent": [(V3, V3 - 1.7)],
    "lots_of_names": [(1.2, 0.7)],
    "self_reference_swap": [(V3,), (np.array([1.0, 2.0, -0.5, 0.3]),)],
    "conditional_in_place": [(V3, 0.7), (-V3, 0.7)],
    "several_results_used_partly": [(0.7,)],
    "returns_nothing_on_a_path": [(0.7,), (-0.7,)],
    # The helper writes into memory that it gets twice: reverse mode refuses it.
    "in_place_helper_returns_same": [(V3,)],
}
