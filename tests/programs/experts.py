"""Programs in an expert's style: closures, defaults, stars, decorators, names that collide."""

# ruff: noqa

from __future__ import annotations

import functools
import math
import typing as t
from collections.abc import Callable, Sequence
from typing import Final, Optional

import numpy as np
import numpy.linalg as la
from numpy import exp, log, pi as PI

EPS: Final = 1e-9
N_STEPS: int = 5
_COEFFS = (0.5, -0.25, 0.125)
Vector = list[float]


def scaled(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return 2.0 * fn(*args, **kwargs)

    return wrapper


def times(k):
    def decorate(fn):
        def inner(x):
            return k * fn(x)

        return inner

    return decorate


@scaled
def decorated(x, y=1.5):
    return x * y**2


def use_decorated(x: float, y: float) -> float:
    return decorated(x, y=y) + decorated(x)


@times(3.0)
def decorated_param(x):
    return math.sin(x)


def use_decorated_param(x):
    return decorated_param(x) * decorated_param(2 * x)


def black_scholes(s: float, k: float, sigma: float, r: float, tau: float, *, call: bool = True) -> float:
    """Price of a European option."""
    d1 = (math.log(s / k) + (r + sigma**2 / 2) * tau) / (sigma * math.sqrt(tau))
    d2 = d1 - sigma * math.sqrt(tau)
    cdf = lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2)))
    return s * cdf(d1) - k * math.exp(-r * tau) * cdf(d2) if call else k * math.exp(-r * tau) * cdf(-d2) - s * cdf(-d1)


def binomial_tree(s0: float, k: float, sigma: float, r: float, n: int = 4) -> float:
    dt = 1 / n
    u = math.exp(sigma * math.sqrt(dt))
    d = 1 / u
    p = (math.exp(r * dt) - d) / (u - d)
    values = [max(s0 * u**j * d ** (n - j) - k, 0.0) for j in range(n + 1)]
    for _ in range(n):
        values = [math.exp(-r * dt) * (p * up + (1 - p) * down) for down, up in zip(values, values[1:])]
    return values[0]


def kalman(z, q, r):
    x, p = 0.0, 1.0
    nll = 0.0
    for obs in z:
        p = p + q
        s = p + r
        innov = obs - x
        nll += 0.5 * (math.log(2 * math.pi * s) + innov**2 / s)
        k = p / s
        x, p = x + k * innov, (1 - k) * p
    return nll


def mlp(params: dict[str, np.ndarray], x: np.ndarray) -> float:
    h = x
    for i in range(2):
        h = np.tanh(params[f"w{i}"] @ h + params[f"b{i}"])
    return float(np.sum(h**2))


def mlp_list(params, x):
    *hidden, last = params
    for w, b in hidden:
        x = np.maximum(0, w @ x + b)
    w, b = last
    return np.sum(w @ x + b)


def config_model(cfg, x):
    scale, shift = cfg["scale"], cfg.get("shift", 0.0)
    power = cfg.get("power", 2)
    return scale * x**power + shift


def results_dict(x, y):
    out = {"sum": x + y, "prod": x * y}
    out["ratio"] = x / y
    return out


def nested_result(x, y):
    return (x * y, (x, [y**2, x + y])), {"k": math.sin(x)}


def keyword_only(x, *, scale=2.0, offset=0.5):
    return scale * x + offset * x**2


def use_keyword_only(x, y):
    return keyword_only(x, offset=y) + keyword_only(scale=y, x=x) + keyword_only(y)


def star_args(*xs):
    return sum(x * (i + 1) for i, x in enumerate(xs))


def use_star(x, y, z):
    args = (x, y)
    more = [z, x * y]
    return star_args(*args, z) + star_args(*more) + star_args(x, *args, *more)


def default_expr(x, a=math.pi / 2, b=_COEFFS[0], f=lambda v: v * v):
    return a * x + b * f(x)


def use_default_expr(x, y):
    return default_expr(x) + default_expr(y, b=x) + default_expr(x, f=lambda v: v * y)


def closure_counter(x):
    fs = []
    for i in range(3):
        fs.append(lambda v, i=i: v * (i + 1))
    return sum(f(x) for f in fs)


def closure_late(x):
    k = x

    def g(v):
        return k * v

    a = g(2.0)
    k = x * x
    return a + g(3.0)


def make_adder(n):
    def add(x):
        return x + n

    return add


def use_factory(x, y):
    add_y = make_adder(y * y)
    return add_y(x) * make_adder(x)(3.0)


def compose(*fs):
    def composed(x):
        for f in fs:
            x = f(x)
        return x

    return composed


def use_compose(x):
    return compose(math.sin, math.exp, lambda v: v * x)(x)


def iterate(f, n, x):
    return x if n == 0 else iterate(f, n - 1, f(x))


def use_iterate(x, c):
    return iterate(lambda v: v - c * math.cos(v), 4, x)


def apply_all(fs, x):
    total = 0.0
    for f in fs:
        total += f(x)
    return total


def use_apply_all(x):
    return apply_all([math.sin, math.cos, lambda u: u**3], x)


def walrus_test(x):
    total = 0.0
    while (y := x * 0.7) > 0.1:
        total += y
        x = y
    return total


def walrus_comp(xs, c):
    return sum(y for x in xs if (y := x * c) > 1.0)


def chained_cmp(x, y):
    if 0 < x < y <= 10 != y:
        return x * y
    elif not (x > y) and y != 3:
        return x + y
    return x - y


def bool_values(x, y):
    a = x and y
    b = x or y
    c = y > 2 and x
    return a * 2 + b * 3 + (c or 1.0)


def nested_ternary(x):
    return -x if x < 0 else x**2 if x < 1 else math.sqrt(x) if x < 4 else 2.0 + (x - 4) * 0.1


def divmods(x, y):
    q, r = divmod(x, y)
    return q + r * x + x // y + x % y


def builtins_mix(x, y):
    return (
        abs(x)
        + max(x, y, 0.5)
        + min([x, y])
        + pow(x, y)
        + pow(abs(x), 3)
        + sum((x, y))
        + round(x, 1)
        + float(x) * int(y)
    )


def any_all(xs, t):
    if any(x > t for x in xs) and not all(x > 0 for x in xs):
        return max(x * t for x in xs)
    return min((x * x for x in xs), default=0.0)


def dict_memo(x, n):
    cache: dict[int, float] = {}

    def fib(k):
        if k in cache:
            return cache[k]
        if k < 2:
            value = x * (k + 1)
        else:
            value = fib(k - 1) + 0.5 * fib(k - 2)
        cache[k] = value
        return value

    return fib(n)


def three_deep(x):
    def one(y):
        def two(z):
            def three(w):
                return w * x + y * z

            return three(z) * y

        return two(x * y) + y

    return one(x + 1.0)


def rest_target(xs):
    first, *middle, last = xs
    head, *_ = middle
    return first * last + sum(middle) * head


def swap_loop(a, b):
    for _ in range(4):
        a, b = b, a + 0.1 * b * b
    return a, b


def neg_step(xs, c):
    total = 0.0
    for i in range(len(xs) - 1, 0, -2):
        total = total * c + xs[i]
    for x in xs[::-1]:
        total = total * c + x
    for i, x in reversed(list(enumerate(xs))):
        total += i * x
    return total


def zero_trip(x, n):
    y = x
    for i in range(n):
        y = y * x
    for j in range(5, 2):
        y = 0.0
    return y


def one_branch(x, flag):
    if flag:
        extra = x**2
    y = x
    if flag:
        y = y + extra
    return y


def kind_change(x):
    y = 0
    y = y + x
    y = [y, x]
    y = y[0] * y[1]
    y = np.array([y, x])
    return y.sum()


def shadow_builtins(sum, max, x):
    abs = lambda v: v * 3
    len = sum + max
    return abs(x) * len


def shadow_module(math, x):
    return math * x


def shadow_np(x, y):
    np = x * y
    log = np + 1.0
    return exp(log / 10) + np


def names_dx(x, dx, x_bar, y_bar):
    t = x * dx
    x_tape = t + x_bar
    taken = x_tape > 0
    if taken:
        trips = x_tape * y_bar
    else:
        trips = y_bar
    dt = trips
    return dt * t


def names_loop(x, y_bar):
    dy = x
    for i in range(3):
        dy = dy * y_bar
        t_tape = math.sin(dy)
        y_bar = y_bar + t_tape
    return dy * y_bar


def f(x):
    return math.sin(x)


def f_vjp(x):
    return x * 2


def f_jvp(x):
    return x + 1


def calls_f(x):
    return f(x) * f_vjp(x) + f_jvp(x)


def deleting(x, y):
    t = x * y
    u = t + x
    del t
    t = u * u
    del u
    return t


def try_finally(x):
    y = x
    try:
        y = y * x
    finally:
        y = y + 1.0
    return y


def ndindex_loop(m):
    s = 0.0
    for i, j in np.ndindex(m.shape):
        s += m[i, j] * (i + 1) * (j + 2)
    for idx in np.ndindex(*m.shape):
        s += m[idx] ** 2
    return s


def list_tuples(x):
    s = 0.0
    for a, (b, c) in [(1, (2, 3)), (4, (5, 6))]:
        s += a * x**b + c
    for w, g in [(0.5, math.sin), (1.5, math.cos)]:
        s += w * g(x)
    return s


def norms(v, m):
    return la.norm(v) + np.linalg.norm(m @ v)


def local_import(x):
    import math as mm
    from numpy import sin as s

    return mm.exp(x) * s(x)


def optional_arg(x: float, y: Optional[float] = None, z: t.Union[float, int] = 2.0) -> float:
    if y is None:
        y = x * 2
    return x * y * z


def use_optional(x, y):
    return optional_arg(x) + optional_arg(x, y) + optional_arg(y, None, x)


def early_helper(xs, t):
    for row in xs:
        for v in row:
            if v > t:
                return v * t
            if v < -t:
                break
        else:
            continue
        return -t * t
    return 0.0


def use_early(m, t):
    return early_helper(m, t) + early_helper(m, 2 * t) * t


CASES = {
    "use_decorated": [(1.2, 0.7)],
    "decorated": [(1.2, 0.7)],
    "decorated_param": [(0.4,)],
    "use_decorated_param": [(0.4,)],
    "black_scholes": {
        "args": [(100.0, 95.0, 0.2, 0.03, 1.5), (100.0, 95.0, 0.2, 0.03, 1.5)],
        "kwargs": [{}, {"call": False}],
    },
    "binomial_tree": {"args": [(100.0, 99.0, 0.2, 0.03), (100.0, 99.0, 0.2, 0.03, 1)]},
    "kalman": [([0.1, 0.5, -0.3], 0.1, 0.2), (np.array([0.1, 0.5]), 0.1, 0.2)],
    "mlp": {
        "args": [
            (
                {
                    "w0": np.array([[0.1, 0.2], [0.3, -0.4]]),
                    "b0": np.array([0.1, 0.2]),
                    "w1": np.array([[0.5, 0.2]]),
                    "b1": np.array([0.7]),
                },
                np.array([1.0, 2.0]),
            )
        ]
    },
    "mlp_list": [
        (
            [(np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([0.1, 0.2])), (np.array([[0.5, 0.2]]), np.array([0.7]))],
            np.array([1.0, 2.0]),
        )
    ],
    "config_model": [({"scale": 1.5, "shift": 0.2}, 1.2), ({"scale": 1.5, "power": 3.0}, 1.2)],
    "results_dict": [(1.2, 0.8)],
    "nested_result": [(1.2, 0.8)],
    "use_keyword_only": [(1.2, 0.8)],
    "keyword_only": {"args": [(1.2,)], "kwargs": [{"scale": 3.0}]},
    "star_args": {"args": [(1.0, 2.0, 3.0)], "wrt": "xs", "expect": "any"},
    "use_star": [(1.2, 0.8, 0.3)],
    "default_expr": {"args": [(1.2,), (1.2, 0.3)], "wrt": 0},
    "use_default_expr": [(1.2, 0.3)],
    "closure_counter": [(1.2,)],
    "closure_late": [(1.2,)],
    "use_factory": [(1.2, 0.4)],
    "use_compose": [(0.4,)],
    "use_iterate": [(0.4, 0.3)],
    "use_apply_all": [(0.4,)],
    "walrus_test": [(3.0,)],
    "walrus_comp": [([0.5, 1.0, 2.0], 1.5)],
    "chained_cmp": [(1.2, 3.5), (5.0, 3.5), (-1.0, 3.5)],
    "bool_values": [(1.2, 3.5), (0.3, 1.5)],
    "nested_ternary": [(-0.5,), (0.5,), (2.5,), (5.0,)],
    "divmods": [(7.3, 2.1), (-7.3, 2.1)],
    "builtins_mix": {"args": [(1.23, 3.4)], "expect": "any"},
    "any_all": [([1.0, -2.0, 3.0], 2.0), ([1.0, 2.0, 3.0], 2.0)],
    "dict_memo": {"args": [(1.3, 5)], "wrt": 0},
    "three_deep": [(1.3,)],
    "rest_target": [([1.0, 2.0, 3.0, 4.0],), ((1.0, 2.0, 3.0),)],
    "swap_loop": [(1.0, 0.5)],
    "neg_step": [([1.0, 2.0, 3.0, 4.0], 1.1), (np.array([1.0, 2.0, 3.0]), 1.1)],
    "zero_trip": {"args": [(1.3, 0), (1.3, 3)], "wrt": 0},
    "one_branch": {"args": [(1.3, True), (1.3, False)], "wrt": 0},
    "kind_change": [(1.3,)],
    "shadow_builtins": [(1.2, 0.4, 2.0)],
    "shadow_module": [(1.2, 0.4)],
    "shadow_np": [(1.2, 0.4)],
    "names_dx": [(1.2, 0.4, 0.3, 0.9)],
    "names_loop": [(1.2, 0.4)],
    "calls_f": [(1.2,)],
    "f": [(1.2,)],
    "deleting": [(1.2, 0.5)],
    "try_finally": {"args": [(1.2,)], "expect": "any"},
    "ndindex_loop": [(np.array([[1.0, 2.0], [3.0, 4.0]]),)],
    "list_tuples": [(0.7,)],
    "norms": [(np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))],
    "local_import": [(0.7,)],
    "optional_arg": {"args": [(0.7,), (0.7, 0.2)], "wrt": 0},
    "use_optional": [(0.7, 0.3)],
    "use_early": [([[0.1, 2.0], [3.0, -5.0]], 0.8), ([[0.1, -2.0], [3.0, -5.0]], 0.8)],
}
for (
    _name
) in (
    "default_expr closure_counter use_apply_all decorated decorated_param use_compose dict_memo".split()
):  # refused, or right
    _entry = CASES[_name]
    CASES[_name] = {**(_entry if isinstance(_entry, dict) else {"args": _entry}), "expect": "any"}
