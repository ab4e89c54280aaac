"""Programs whose arguments are numbers or arrays: nothing in them says which, or little."""

# ruff: noqa

import math

import numpy as np

GLOB = np.array([1.0, 2.0, 3.0])


def saxpy(a, x, y):
    return a * x + y


def poly(x):
    return x * x + 3 * x


def quad(a, b, c, x):
    return a * x**2 + b * x + c


def aug1(x, y):
    z = x * 1.0
    w = z * z
    z *= y
    return z * w


def aug2(x, y):
    z = x
    z = z + 1
    z *= y
    z -= x
    return z * z


def aug3(x, y):
    x *= y
    return x * y


def aug4(x, y):
    t = y * y
    x = y
    x *= 2
    return x * t


def aug5(x, y):
    s = 0.0
    for k in range(3):
        s += x * y
        y = y * 0.5
    return s * s


def aug6(x, y):
    s = x * 1.0
    for k in range(3):
        s *= y
        s += s * s
    return s


def aug7(x, y):
    s = x + 0
    t = s * y
    for k in range(2):
        s *= t
        t = t + s * s
        s /= y
    return t + s


def loop1(x, k):
    for i in range(3):
        x = x - 0.1 * k * x
    return x


def while1(x, a):
    n = 0
    while n < 3:
        x = 0.5 * (x + a / x)
        n += 1
    return x


def test1(x, k):
    if x > 0.5:
        return k * x
    return k + x


def math1(x, y):
    return math.sin(x) * y + x * y


def math2(x, y):
    t = x * y
    return math.exp(t) + x


def glob1(x):
    return x * GLOB


def glob2(x, y):
    s = x * y
    for i in range(3):
        s = s * GLOB + x
    return s


def lst1(x, y):
    a = [1.0, 2.0]
    a[0] = x
    return a[0] * a[1] * y


def lst2(x, y):
    a = [x, y, 1.0]
    s = 0.0
    for v in a:
        s = s + v * v * x
    return s


def lst3(x, y):
    a = [1.0, 2.0]
    a.append(x)
    b = a[2] * a[0]
    a[1] = y
    return b * a[1] * a[-1]


def dct1(x, y):
    d = {"a": 1.0}
    d["a"] = x * y
    return d["a"] * x


def elem(x, y):
    return x[0] * y + x[1]


def elem2(p):
    a, b = p
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2


def elem3(p):
    return p[0] * p[1] + p[0]


def elem4(p, x):
    s = 0.0
    for i in range(len(p)):
        s = s + p[i] * x**i
    return s


def elem5(p, x):
    s = x * 0
    for c in p:
        s = s * x + c
    return s


def elem6(p, x):
    return sum(c * x for c in p)


def elem7(p):
    s = 0.0
    for i in range(len(p) - 1):
        s += p[i] * p[i + 1]
    return s


def elem8(p, x):
    return [c * x for c in p]


def helper(x, y):
    return x * y + y


def call1(x, y):
    return helper(x, y) * helper(y, x)


def call2(x, y):
    s = x
    for i in range(2):
        s = helper(s, y)
    return s


def mh(x):
    return math.sqrt(x) + x


def call3(x, y):
    return mh(x) * y


def dflt(x, y, a=2.0):
    return a * x + y


def none(x, scale=None):
    if scale is None:
        scale = 2.0
    return x * scale


def none2(x, scale=None):
    if scale is not None:
        x = x * scale
    return x * x


def store1(x, y):
    out = np.zeros(3)
    for i in range(3):
        out[i] = x * y * i
    return out


def store2(x, y):
    out = np.zeros((2, 3))
    out[0] = x
    out[1] = x * y
    return out


def store3(x, y):
    out = np.zeros(3)
    out[:] = x * y
    out[0] += x if np.ndim(x) == 0 else 1.0
    return out * x


def vmax(x, y):
    return max(x, y) * x


def tern(x, y):
    return (x if x > y else y) * x


def wh(x, y):
    return np.where(x > y, x * y, x + y)


def powr(x, y):
    return x**y


def div(x, y):
    return x / y - y / x


def neg(x, y):
    return -x * y + (+y)


def mix(x, y):
    return np.sum(x * y) * x


def tup(x, y):
    return x * y, x + y


def tup2(x, y):
    u, v = x * y, x + y
    u, v = v, u * v
    return u * v


def swap(x, y):
    for i in range(3):
        x, y = y, x * y
    return x + y


def fib(x, y, n=3):
    if n == 0:
        return x * y
    return fib(x * y, y, n - 1) + x


def closure(x, y):
    def g(t):
        return t * y + x

    return g(g(x))


def lam(x, y):
    return (lambda t: t * y)(x + y)


def alias(x, y):
    z = x
    z *= y
    return z + x


def alias2(x, y):
    z = x * 1.0
    w = z
    z *= y
    return z * w


def alias3(x, y, c=True):
    s = 0.0
    for i in range(3):
        s += x * y * i
    return s / y if c else s


def early(x, y):
    s = x * 1
    for i in range(3):
        if i == 2:
            return s * y
        s += y * s
    return s


def slist(xs, y):
    total = 0.0
    for i, v in enumerate(xs):
        total += v * y * i
    return total


def augparam(y):
    y -= y * y
    return y


def ret_alias(x, y):
    z = x * y
    w = z
    z = z * w
    w += z
    return w * z


def augloopalias(x, y):
    z = x * 1.0
    for i in range(2):
        p = z
        z = z * y
        p *= z
        z = z + p
    return z


def self_sub(x, z):
    z = z * 1.0
    w = z
    z -= z
    z[0] = 1.0
    return z * w + x


def self_mul(x, z):
    z = z * x
    w = z[1:]
    z *= z
    z[0] = 1.0
    return w * x


def self_div(x, z):
    z = z * x
    w = z[1:]
    z /= z
    w += x
    return z * x


def self_pow(x, z):
    z = z * x
    w = z[1:]
    z **= z
    w += x
    return z * x


def chain(x, y):
    a = b = x * y
    a = b = 1.0
    a = a * x
    return a + b * y


V = np.array([0.4, 1.3, 2.2])
W = np.array([0.7, 1.1, 0.6])
M = np.array([[0.45, 1.35, 2.25], [0.75, 0.25, 1.95]])
BOTH = [(0.7, 1.2), (V, 1.2), (0.7, V), (V, W), (M, V), (2, 3.0), (np.float64(0.7), 1.2)]
NUMBERS = [
    (0.7, 1.2),
    (2, 3.0),
    (np.float64(0.7), 1.2),
    (np.int64(2), 1.5),
]
LISTS = [(V, 0.7), ([0.7, 1.2], 0.5)]


def sum_has_two_names(x: np.ndarray, y: np.ndarray):
    v = x * 1.0
    w = v
    w += y
    return np.sum(v * w)


def members_have_two_names(x: np.ndarray, y: np.ndarray):
    v = np.copy(x)
    l = [v * y, v + y]
    m = l[0]
    m += y
    return np.sum(l[0] * l[1] * m)


def one_difference_twice(x: np.ndarray, y: np.ndarray):
    v = -x
    t = [v, v]
    t[0] += y
    return np.sum(t[0] * t[1])


def made_an_array_then_computed(x, y):
    v = np.asarray(x) * y
    w = v
    v += w
    return np.sum(v * w)


def number_that_is_an_array_elsewhere(x, z, n: int):
    y = z
    r = np.sum(y)
    b = y
    try:
        z *= 1.5
    except ValueError:
        pass

    def g(q):
        return r

    v = g(b)
    if n > 5:
        r = z
    return v


def number_put_where_an_array_may_be(x: float, z: np.ndarray, n: int):
    y = z
    r = np.sum(y)
    b = y
    try:
        z *= 1.5
    except ValueError:
        pass
    kept = [b]
    kept.append(r)
    p = {"r": r}
    p["q"] = r * x
    if n > 5:
        r = z
    return kept[1] * p["q"] + p["r"] * kept[0]


def number_beside_a_written_view(x, y):
    z = x * 1.5
    s = y * x[0]
    v = z.view()
    v *= 2
    return {"z": z, "s": s}


def number_beside_what_a_loop_writes(x, y):
    z = x * 1.5
    s = y * x[0]
    m = np.outer(x, x)
    for row, w in zip(m, z):
        row *= w
    return z, s, m, y


CASES = {
    "number_beside_a_written_view": [(np.array([0.7, 1.3, 0.4]), 0.8)],
    "number_beside_what_a_loop_writes": [(np.array([0.7, 1.3, 0.4]), 0.8)],
    "number_that_is_an_array_elsewhere": [(0.7, np.array([0.7, 1.3, 0.4]), 2), (0.7, np.array([0.7, 1.3, 0.4]), 7)],
    "number_put_where_an_array_may_be": [(0.7, np.array([0.7, 1.3, 0.4]), 2), (0.7, np.array([0.7, 1.3, 0.4]), 7)],
    "saxpy": [(0.7, V, W), (0.7, 1.2, 0.5), (V, 0.3, W), (V, W, 0.2), (M, V, 0.2)],
    "poly": [(V,), (0.7,), (M,), (2,)],
    "quad": [(0.7, 1.2, 0.4, V), (0.7, 1.2, 0.4, 1.5), (V, 0.2, 0.1, 0.3)],
    "aug1": BOTH,
    "aug2": BOTH,
    "aug3": BOTH,
    "aug4": BOTH,
    "aug5": NUMBERS,
    "aug6": NUMBERS,
    "aug7": NUMBERS,
    "loop1": NUMBERS,
    "while1": NUMBERS,
    "test1": NUMBERS,
    "math1": NUMBERS,
    "math2": NUMBERS,
    "glob1": [(0.7,), (V,), (M,)],
    "glob2": NUMBERS,
    "lst1": BOTH,
    "lst2": BOTH,
    "lst3": BOTH,
    "dct1": BOTH,
    "elem": [(V, 0.7), ([0.7, 1.2], 0.5), ((V, W), 0.5), (M, V), ((0.7, V), W)],
    "elem2": [(V[:2],), ([0.7, 1.2],), ((V, W),), (M,), ((V, 0.7),), ((0.7, V),)],
    "elem3": [(V,), ([0.7, 1.2],), ((V, W),), (M,)],
    "elem4": LISTS,
    "elem5": LISTS + [((V, W), 0.5), ((0.7, V), W)],
    "elem6": LISTS + [((V, W), 0.5), ((0.7, V), W)],
    "elem7": [(V,), ([0.7, 1.2, 0.4],)],
    "elem8": LISTS + [((V, W), 0.5)],
    "call1": BOTH,
    "call2": NUMBERS,
    "call3": NUMBERS,
    "dflt": [(V, W), (0.7, V), (0.7, 1.2), (V, W, 0.3)],
    "none": [(V,), (0.7,), (V, 1.5), (0.7, V), (V, None)],
    "none2": [(V,), (0.7,), (V, 1.5), (0.7, V), (V, None)],
    "store1": [(0.7, 1.2)],
    "store2": [(0.7, 1.2), (V, 1.2), (V, W), (0.7, W)],
    "store3": [(0.7, 1.2), (V, 1.2), (V, W), (0.7, W)],
    "vmax": NUMBERS,
    "tern": NUMBERS,
    "wh": BOTH,
    "powr": BOTH,
    "div": BOTH,
    "neg": BOTH,
    "mix": BOTH,
    "tup": BOTH,
    "tup2": BOTH,
    "swap": NUMBERS,
    "fib": BOTH,
    "closure": BOTH,
    "lam": BOTH,
    "alias": NUMBERS,
    "alias2": NUMBERS,
    "alias3": NUMBERS,
    "early": NUMBERS,
    "slist": LISTS + [((V, W), 0.5), ((0.7, V), W)],
    "augparam": [(V,), (0.7,)],
    "ret_alias": BOTH,
    "augloopalias": NUMBERS,
    "self_sub": [(0.7, V)],
    "self_mul": [(0.7, V)],
    "self_div": [(0.7, V)],
    "self_pow": [(0.7, V)],
    "chain": BOTH,
}
#: Arithmetic on arrays without axes gives numbers, which `+=` does not change in place.
WITHOUT_AXES = [(V, W), (np.array(1.3), np.array(0.7)), (np.array(1.3), 0.7)]
CASES |= {
    name: {"args": WITHOUT_AXES, "expect": "any"}
    for name in "sum_has_two_names members_have_two_names one_difference_twice made_an_array_then_computed".split()
}
