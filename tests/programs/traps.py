"""Beyond the language that was asked for, or at its edge: a derivative must be right or refused, never wrong."""

# ruff: noqa

import copy
import functools
import itertools
import math
import operator
from dataclasses import dataclass

import numpy as np

MEMORY = []
COUNTER = 0
STATE = {"last": 0.0}
BUFFER = np.zeros(3)


@dataclass
class Point:
    """A plain record."""

    x: float
    y: float

    def norm(self):
        return math.sqrt(self.x**2 + self.y**2)


class Accumulator:
    """An object with state."""

    def __init__(self):
        self.total = 0.0

    def add(self, v):
        self.total += v
        return self


def uses_dataclass(x, y):
    p = Point(x * y, y)
    return p.norm() + p.x


def uses_object_state(x):
    acc = Accumulator()
    acc.add(x).add(x * x)
    return acc.total


def writes_attribute(x):
    p = Point(1.0, 2.0)
    p.x = x * x
    return p.x * p.y


def try_except(x):
    try:
        y = math.log(x)
    except ValueError:
        y = x * 0.0
    return y * x


def try_finally(x):
    y = x
    try:
        y = y * x
    finally:
        y = y + 1.0
    return y


def with_statement(x):
    with np.errstate(divide="ignore"):
        y = np.log(x)
    return y * y


def match_statement(x, kind="a"):
    match kind:
        case "a":
            return x * x
        case _:
            return x


def generator_function(x):
    def terms():
        for k in range(3):
            yield x**k

    return sum(terms())


def nonlocal_write(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * x

    add(2.0)
    add(x)
    return total


def global_write(x):
    global COUNTER
    COUNTER = x * 2.0
    return COUNTER * x


def global_dict_write(x):
    STATE["last"] = x * x
    return STATE["last"] + x


def global_list_append(x):
    MEMORY.append(x * 2.0)
    return MEMORY[-1] * x


def global_buffer_write(x):
    BUFFER[:] = x * 2.0
    BUFFER[0] *= BUFFER[1]
    return BUFFER.sum()


def closure_writes_list(x):
    log = []

    def record(v):
        log.append(v * x)
        return v

    record(2.0)
    record(x)
    return log[0] * log[1]


def mutable_default(x, cache=[0.0]):  # noqa: B006
    cache[0] = x * 2.0
    return cache[0] * x


def float_of_text(x):
    return float(str(x)) * x


def float_of_format(x):
    return float(f"{x:.17g}") * 2.0


def int_truncates(x):
    return int(x) * x + round(x) * x


def item_and_tolist(x):
    values = x.tolist()
    return values[0] * x[1].item() + float(x[2])


def astype_roundtrip(x):
    y = x.astype(np.float64)
    y[0] = y[0] * 2.0
    return y @ x


def asarray_alias(x):
    y = np.asarray(x)
    y[0] = y[0] * 2.0
    return y @ x


def array_copies(x):
    y = np.array(x)
    y[0] = y[0] * 2.0
    return y @ x


def int_buffer_truncates(x):
    y = np.zeros(3, dtype=int)
    y[:] = x * 10
    return y.sum() * x[0]


def integer_array_argument(x, n):
    n[0] = x * 3
    return n[0] * x


def out_argument(x):
    y = np.empty(3)
    np.multiply(x, 2.0, out=y)
    np.add(y, x, y)
    return y @ x


def where_argument(x):
    return np.sum(x * x, where=x > 0, initial=0.0) + np.multiply(x, x, where=x > -10).sum()


def sum_initial(x):
    return np.sum(x, initial=5.0) * np.max(x, initial=0.1)


def copyto(x):
    y = np.zeros(3)
    np.copyto(y, x * 2.0)
    return y @ x


def fill_method(x):
    y = np.zeros(3)
    y.fill(x)
    return y.sum() * x


def sort_method(x):
    y = x.copy()
    y.sort()
    return y @ np.array([1.0, 2.0, 3.0])


def put_and_fill_diagonal(x):
    m = np.zeros((3, 3))
    np.fill_diagonal(m, x)
    return (m @ m).sum()


def itertools_use(xs):
    s = 0.0
    for a, b in itertools.combinations(xs, 2):
        s += a * b
    for a in itertools.accumulate(xs):
        s += a
    return s


def functools_use(xs):
    product = functools.reduce(operator.mul, xs, 1.0)
    scaled = functools.partial(operator.mul, xs[0])
    return product + scaled(3.0)


def operator_functions(x, y):
    return operator.add(x, operator.mul(x, y)) - operator.truediv(x, y) + operator.pow(x, 2)


def copy_module(x):
    y = copy.deepcopy(x)
    y[0] = y[0] * y[1]
    return y @ x + copy.copy(x).sum()


def decorated_helper(x):
    return cached_square(x) * x


@functools.lru_cache(maxsize=None)
def cached_square(v):
    return v * v


def function_table(x, name="sq"):
    table = {"sq": lambda t: t * t, "id": lambda t: t}
    return table[name](x) * 2.0


def function_list(x):
    y = x
    for f in (math.sin, math.exp, abs):
        y = f(y) * x
    return y


def conditional_function(x, flag=True):
    f = math.sin if flag else math.cos
    return f(x) * x


def getattr_call(x):
    return getattr(math, "sin")(x) * getattr(np, "exp")(x)


def eval_call(x):
    return eval("x * x")


def star_kwargs(x, **options):
    return x * options.get("scale", 2.0)


def passes_star_kwargs(x):
    options = {"scale": x}
    return with_scale(x, **options)


def with_scale(x, scale=1.0):
    return x * scale


def list_slice_assignment(x):
    v = [1.0, 2.0, 3.0]
    v[1:] = [x, x * x]
    return v[1] * v[2]


def list_augmented(x):
    v = [x]
    v += [x * x]
    v *= 2
    return v[1] * v[3]


def list_insert_remove(x):
    v = [1.0, x]
    v.insert(0, x * x)
    del v[1]
    v.reverse()
    return v[0] * 3.0 + v[1]


def dict_get_update(x):
    d = {"a": x}
    d.update(b=x * x)
    d["c"] = d.get("b") * d.setdefault("d", x)
    return d["c"] + d.pop("a")


def set_and_sorted(x, y):
    return sum(sorted({x, y * 2.0}, reverse=True)[:1])


def max_with_key(xs):
    return max(xs, key=lambda v: -v) * 2.0 + min(xs, key=abs)


def max_default(xs):
    return max(xs, default=1.0) * sum(xs, 0.5)


def any_all(xs):
    if all(v > 0 for v in xs) and any(v > 1 for v in xs):
        return xs[0] * xs[1]
    return xs[0]


def divmod_call(x, y):
    q, r = divmod(x, y)
    return q * x + r * y


def complex_intermediate(x):
    z = (x + 2.0j) * (x - 1.0j)
    return z.real * x + z.imag


def abs_of_complex(x):
    return abs(x + 2.0j) ** 2


def bitwise_on_floats(n, x):
    return (int(n) << 1 | 1) * x


def zero_dimensional(x):
    y = np.array(x)
    y += 1.0
    return y * x


def zero_d_store(x):
    y = np.zeros(())
    y[...] = x
    y *= x
    return y[()] * 2.0


def nested_tuple_swap(x):
    a, (b, c) = x, (x * 2, x * 3)
    (a, b), c = (b, c), a
    return a + 10 * b + 100 * c


def simultaneous_index(x):
    v = np.array([0.5, 1.5, 2.5])
    i = 0
    i, v[i] = 1, x
    v[i], i = x * x, 2
    return v @ np.array([1.0, 10.0, 100.0])


def aliased_augmented_arguments(x):
    y = x * 1.0
    add_to(y, y)
    return y.sum()


def add_to(a, b):
    a += b
    a *= b


def overlapping_copy(x):
    y = x.copy()
    y[1:] = y[:-1]
    y[:-1] += y[1:]
    return y @ x


def array_truth(x):
    if x[0] > 0 and not (x < -5).any():
        return x.prod()
    return x.sum()


def while_walrus(x):
    n = 0
    while (y := x * 0.5**n) > 0.1:
        n += 1
    return y * n


def comprehension_shadow(x):
    i = 2.0
    v = [i * x for i in range(3)]
    return v[2] * i


def loop_else_return(x):
    for k in range(3):
        if x > 100:
            return x
    else:
        return x * k


def del_element(x):
    d = {"a": x, "b": x * x}
    del d["a"]
    return sum(d.values())


def chained_store(x):
    y = np.zeros(3)
    y[0] = z = y[1] = x * x
    return y.sum() * z


def augmented_index_side_effect(x):
    y = np.ones(3)
    i = [0]
    y[i.pop()] += x
    return y @ y


def recursion_with_array_writes(x, n: int = 2):
    if n >= 0:
        x[n] = x[n] * x[n - 1]
        recursion_with_array_writes(x, n - 1)
    return x.sum()


def returns_view_of_argument(x):
    return x[1:]


def returns_same_array_twice(x):
    y = x * 2.0
    return y, y


def returns_alias_written_later(x):
    y = x * 1.0
    pair = (y, x.sum())
    y[0] = 5.0 * y[1]
    return pair


def tuple_of_arrays_written(x):
    pair = (x * 1.0, x * 2.0)
    pair[0][0] = pair[1][1]
    return pair[0] @ pair[1]


def list_multiplied_rows(x):
    rows = [np.zeros(2)] * 2
    rows[0][0] = x
    return rows[1][0] * x


def numpy_scalar_augmented(x):
    s = x[0]
    s *= x[1]
    s += 1.0
    return s * x[0]


def row_iteration_view(m):
    total = 0.0
    for row in m:
        row[0] = row[1] * 2.0
        total += row.sum()
    return total * m[0, 0]


def enumerate_written(m):
    for i, row in enumerate(m):
        row *= i + 1.0
    return m


def mean_of_integers(n):
    return np.mean(n) * 2.0


def float_power_of_int(x):
    return 2**x + x ** np.int64(2) + (-2.0) ** 3 * x


def numpy_linalg(m, b):
    return np.linalg.solve(m, b) @ np.linalg.inv(m) @ b + np.linalg.det(m)


def cumulative_numpy(x):
    return np.cumsum(x)[-1] + np.diff(x).sum() + np.sort(x)[0] + np.einsum("i,i->", x, x) + np.median(x) + x.std()


def argmax_select(x):
    return x[np.argmax(x)] ** 2 + x[x.argmin()]


def conditional_expression_side(x, y):
    (x if x > y else y).__class__
    return x * y


def infinite_guard(x):
    best = math.inf
    for k in range(3):
        best = min(best, (x - k) ** 2)
    return best


def loop_carried_view(x):
    y = x * 1.0
    v = y
    for _ in range(2):
        v = v[1:]
        v *= 2.0
    return y


def rebinding_in_loop(x):
    y = x * 1.0
    z = y
    for _ in range(3):
        z = z * 2.0
        z[0] = y[1]
        y = z
    return y + z


def maybe_view(x, flag=True):
    y = x * 1.0
    z = y[1:] if flag else y[1:].copy()
    z *= 2.0
    return y


def reshape_of_strided(m):
    t = m.T.reshape(-1)
    t[0] = 7.0 * m[1, 1]
    return t @ t + m[0, 0]


def ravel_written_strided(m):
    work = m * 1.0
    flat = work.T.ravel()
    flat[0] = 100.0
    return work.sum() + flat.sum()


V3 = np.array([0.4, -1.3, 2.2])
P3 = np.array([0.4, 1.3, 2.2])
M22 = np.array([[1.3, -0.2], [0.7, 0.4]])
M33 = np.array([[2.0, -1.2, 2.1], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3]])
CASES = {
    "uses_dataclass": {"args": [(0.75, 2.0)], "truth": [[1.2 + 2.0, 1.25 + 0.75]]},
    "uses_object_state": [(1.2,)],
    "writes_attribute": [(1.2,)],
    "try_except": [(1.2,)],
    "try_finally": [(1.2,)],
    "with_statement": [(1.2,)],
    "match_statement": [(1.2,)],
    "generator_function": [(1.2,)],
    "nonlocal_write": [(1.2,)],
    "global_write": [(1.2,)],
    "global_dict_write": [(1.2,)],
    "global_list_append": [(1.2,)],
    "global_buffer_write": [(V3,)],
    "closure_writes_list": [(1.2,)],
    "mutable_default": {"args": [(1.2,)], "wrt": "x"},
    "float_of_text": {"args": [(1.2,)], "truth": [[2.4]]},
    "float_of_format": {"args": [(1.2,)], "truth": [[2.0]]},
    "int_truncates": [(3.2,)],
    "item_and_tolist": [(V3,)],
    "astype_roundtrip": {"args": [(V3,)], "truth": [[4 * 0.4, 2 * -1.3, 2 * 2.2]]},
    "asarray_alias": [(V3,)],
    "array_copies": [(V3,)],
    "int_buffer_truncates": {"args": [(P3,)], "truth": [[39.0, 0.0, 0.0]]},
    "integer_array_argument": {"args": [(1.2, np.array([1, 2]))], "wrt": "x", "truth": [[3.0]]},
    "out_argument": [(V3,)],
    "where_argument": [(V3,)],
    "sum_initial": [(V3,)],
    "copyto": [(V3,)],
    "fill_method": [(1.2,)],
    "sort_method": [(V3,)],
    "put_and_fill_diagonal": [(V3,)],
    "itertools_use": [([1.2, 0.7, 0.4],)],
    "functools_use": [([1.2, 0.7, 0.4],)],
    "operator_functions": [(1.2, 0.7)],
    "copy_module": [(V3,)],
    "decorated_helper": {"args": [(1.2,)], "truth": [[3 * 1.2**2]]},
    "function_table": [(1.2,)],
    "function_list": [(1.2,)],
    "conditional_function": [(1.2,)],
    "getattr_call": {"args": [(1.2,)], "truth": [[(math.cos(1.2) + math.sin(1.2)) * math.exp(1.2)]]},
    "eval_call": [(1.2,)],
    "star_kwargs": {"args": [(1.2,), (1.2,)], "kwargs": [{}, {"scale": 3.0}], "wrt": "x"},
    "passes_star_kwargs": [(1.2,)],
    "list_slice_assignment": [(1.2,)],
    "list_augmented": [(1.2,)],
    "list_insert_remove": [(1.2,)],
    "dict_get_update": [(1.2,)],
    "set_and_sorted": {"args": [(1.2, 0.7)], "truth": [[0.0, 2.0]]},
    "max_with_key": [([1.2, 0.7, 0.4],)],
    "max_default": [([1.2, 0.7, 0.4],)],
    "any_all": [([1.2, 0.7, 0.4],)],
    "divmod_call": [(7.2, 2.7)],
    "complex_intermediate": {"args": [(1.2,)], "truth": [[3 * 1.2**2 + 2 + 1]]},
    "abs_of_complex": {"args": [(1.2,)], "truth": [[2.4]]},
    "bitwise_on_floats": {"args": [(3, 1.2)], "wrt": "x"},
    "zero_dimensional": {"args": [(1.2,)], "truth": [[3.4]]},
    "zero_d_store": [(1.2,)],
    "nested_tuple_swap": [(1.2,)],
    "simultaneous_index": [(1.2,)],
    "aliased_augmented_arguments": [(V3,)],
    "overlapping_copy": [(V3,)],
    "array_truth": [(P3,)],
    "while_walrus": [(1.2,)],
    "comprehension_shadow": [(1.2,)],
    "loop_else_return": [(1.2,)],
    "del_element": [(1.2,)],
    "chained_store": [(1.2,)],
    "augmented_index_side_effect": [(1.2,)],
    "recursion_with_array_writes": [(V3,)],
    "returns_view_of_argument": [(V3,)],
    "returns_same_array_twice": [(V3,)],
    "returns_alias_written_later": [(V3,)],
    "tuple_of_arrays_written": [(V3,)],
    "list_multiplied_rows": [(1.2,)],
    "numpy_scalar_augmented": [(V3,)],
    "row_iteration_view": [(M22,)],
    "enumerate_written": [(M22,)],
    "mean_of_integers": [(np.array([1, 2, 4]),)],
    "float_power_of_int": [(1.2,)],
    "numpy_linalg": {"args": [(M22, np.array([1.0, 2.0]))], "oracles": ("complex_step", "differences")},
    "cumulative_numpy": {"args": [(V3,)], "oracles": ("dual_numbers", "differences")},
    "argmax_select": [(V3,)],
    "conditional_expression_side": [(1.2, 0.7)],
    "infinite_guard": [(1.2,)],
    "loop_carried_view": [(V3,)],
    "rebinding_in_loop": [(V3,)],
    "maybe_view": [(V3,)],
    "reshape_of_strided": [(M33,)],
    "ravel_written_strided": [(M33,)],
}
CASES = {n: ({"expect": "any"} | e) if isinstance(e, dict) else {"args": e, "expect": "any"} for n, e in CASES.items()}
