"""Names that are active first and something else later: an adjoint must end where its value ends."""

# ruff: noqa
import math
import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def multi(x, y):
    z = x * y
    x = y = 1.5
    return z * x + y


def multi_after_loop(x, y):
    z = x
    for i in range(3):
        z = z * x + y
        x = w = 0.5
        y = y * w
    return z * x + y


def annotated(x, y):
    z = x * y
    x: float = 2.0
    return z * x


def annotated_loop(x):
    z = 1.0
    for i in range(3):
        z = z * x
        x: float = 0.5 * i
    return z + x


def loop_target(x, y):
    z = x * y
    for x in range(3):
        z = z * y + x
    return z * x


def loop_target_list(x, y):
    z = x * y
    for x in [1.0, 2.0]:
        z = z * x + y
    return z * x


def loop_target_partial(x, n):
    z = 1.0
    for x in [x, 2.0, x * 3.0]:
        z = z * x
    return z * x


def loop_zero_trips(x, n):
    z = x
    for x in range(n):
        z = z * 2.0
    return z * x


def comp_shadow(x):
    ys = [x for x in range(3)]
    return x * sum(ys)


def comp_shadow_active(x, xs):
    ys = [x * x for x in xs]
    return x * sum(ys)


def walrus_kill(x):
    z = x * x
    if (x := 3.0) > 2:
        z = z * x
    return z * x


def tuple_kill(x, y):
    z = x * y
    x, y = 2.0, 3.0
    return z * x * y


def tuple_half(x, y):
    z = x * y
    x, y = y, 2.0
    return z * x * y


def swap_const(x, y):
    for i in range(3):
        x, y = y * x, 1.0 + i
    return x + y


def branch_kill(x, y):
    z = x * x
    if y > 0:
        x = 1.0
    else:
        x = x * y
    return z * x


def aug_kill(x):
    z = x * x
    x = 0
    x += 2
    return z * x


def del_kill(x):
    z = x * x
    del x
    x = 4.0
    return z * x


def list_reset(x):
    xs = [x, x * x]
    s = xs[0] * xs[1]
    xs = [1.0, 2.0]
    return s * xs[0]


def slot_reset(x):
    xs = [x, x * x]
    s = xs[0] * xs[1]
    xs[0] = 3.0
    xs[1] = xs[0]
    return s * xs[0] * xs[1]


def array_reset(x):
    a = np.array([x, x * x])
    s = a[0] * a[1]
    a[:] = 2.0
    s = s * a[0]
    a = np.zeros(2)
    a[0] = x
    return s + a.sum()


def while_kill(x):
    z = 1.0
    n = 0
    while n < 4:
        z = z * x
        if n == 1:
            x = 0.9
        n += 1
    return z * x


def dict_reset(x):
    d = {"a": x}
    s = d["a"] * x
    d = {}
    d["a"] = 2.0
    return s * d["a"]


def func_local(x):
    def f(x):
        x = 2.0
        return x

    return f(x * x) * x


def try_kill(x):
    z = x * x
    try:
        n = int("3")
    except ValueError:
        n = 0
    return z * n


def with_kill(x):
    z = x * x
    with np.errstate(divide="ignore"):
        n = 2.0
    return z * n


def nested_target(x, y):
    z = x
    for i, (x, y) in enumerate([(1.0, 2.0), (3.0, 4.0)]):
        z = z * x + y * i
    return z * x * y


def starred_kill(x, y):
    z = x * y
    x, *y = [1.0, 2.0, 3.0]
    return z * x * y[0] * y[1]


def reuse_for_int(x):
    total = 0.0
    for v in [x, x * 2]:
        total += v
    v = 3
    for i in range(v):
        total = total * x
    return total / v


def reuse_other_kind(x):
    t = x * x
    s = t
    t = "text"
    print(t)
    t = [s, x]
    s = t[0] * t[1]
    t = np.array(t)
    return s * t.sum()


def chain_assign(x):
    a = b = x * x
    a = a * 2
    c = d = [a, b]
    c[0] = 5.0
    return d[0] * d[1] + b


def chain_empty(x):
    a = b = []
    a.append(x)
    b.append(x * x)
    return a[1] * b[0]


def largest_after_a_view_of_itself_is_written(x, y):
    t = 0.0
    for v in y:
        x = x.reshape(3)
        x[:] += v + x
        t += np.sin(v) * x.max()
    return t


def product_after_a_view_of_itself_is_written(x, y):
    t = 1.0
    for v in y:
        if v > -1.0:
            x = x[::-1]
            x[0] *= v
        t = t * 0.5 + np.prod(x)
    return t


def _flooded(v, s):
    v.fill(s)
    v[0] *= 0.5


def number_under_the_name_of_a_written_array(x: np.ndarray, y: np.ndarray):
    _flooded(x, 2.0)
    x = float(1.5) ** 3
    x += x
    return y[0] * x


def a_list_and_then_an_array(x: np.ndarray, y: np.ndarray):
    a = sorted(x * y)
    a.insert(0, y[-1])
    y = y * a[1]
    a = x[1:]
    a += y[:-1]
    return x * y


def grows_in_two_ways(x: np.ndarray, y: np.ndarray):
    held = x
    a = [y[1], 2.0]
    a += [x[1]]
    a.reverse()
    held = held * a[0]
    a = held[:2]
    a += y[1:]
    return held * y


def arrays_under_the_name_of_a_number(t: float, k: float):
    if k < 1.0:
        t = np.sin(np.array([k, 1.0, 2.0]))
    else:
        t = np.array([t, 0.3, k])
    return t * k


CASES = {
    name: {"args": [(1.3, 0.7)]}
    for name in "multi multi_after_loop annotated loop_target loop_target_list tuple_kill tuple_half swap_const branch_kill nested_target starred_kill".split()
}
CASES |= {
    name: {"args": [(1.3,)]}
    for name in "annotated_loop comp_shadow walrus_kill aug_kill del_kill list_reset slot_reset array_reset while_kill dict_reset func_local try_kill with_kill reuse_for_int reuse_other_kind".split()
}
CASES["loop_target_partial"] = {"args": [(1.3, 2)], "wrt": 0}
CASES["loop_zero_trips"] = {"args": [(1.3, 0), (1.3, 2)], "wrt": 0}
CASES["comp_shadow_active"] = {"args": [(1.3, [1.0, 2.0])]}
CASES["chain_assign"] = {"args": [(1.3,)], "expect": "any"}
CASES["chain_empty"] = {"args": [(1.3,)], "expect": "any"}
CASES["largest_after_a_view_of_itself_is_written"] = [(V3, W3)]
CASES["product_after_a_view_of_itself_is_written"] = [(V3, W3)]
CASES["number_under_the_name_of_a_written_array"] = [(V3, W3)]
CASES["a_list_and_then_an_array"] = [(V3, W3)]
CASES["grows_in_two_ways"] = [(V3, W3)]
CASES["arrays_under_the_name_of_a_number"] = [(1.3, 0.7), (1.3, 1.7)]
