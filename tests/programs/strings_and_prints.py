"""Active code amid everything that has no derivative: texts, prints, asserts, bookkeeping."""

# ruff: noqa

import logging
import math
import sys
import time
import warnings

import numpy as np

log = logging.getLogger(__name__)
VERBOSE = False
UNITS = {"m": 1.0, "km": 1000.0}
calls = []


def documented(x):
    """Return the square.

    >>> documented(3.0)
    9.0
    """
    # a leading comment
    y = x * x  # trailing comment

    # a comment before the return
    return y


def noisy(x):
    print("start", x)
    y = math.sin(x)
    print(f"sin({x:.3f}) = {y:.3f}", file=sys.stderr if VERBOSE else sys.stdout)
    return y * y


def logged(x):
    log.debug("x = %s", x)
    started = time.perf_counter()
    y = x**3
    elapsed = time.perf_counter() - started
    if elapsed > 100:
        warnings.warn("slow", stacklevel=2)
    log.info("took %.1f s", elapsed)
    return y


def asserted(x, y):
    assert x > 0
    assert isinstance(y, float), "y must be a float"
    assert not math.isnan(x * y), f"{x} * {y}"
    return x * y


def raising(x):
    if x < 0:
        raise ValueError("negative: %r" % x)
    elif x == 0:
        raise ZeroDivisionError
    return math.sqrt(x)


def unit_conversion(length, unit="m"):
    factor = UNITS[unit.strip().lower()]
    label = unit + "s" if length != 1 else unit
    label = label.upper() + ": " + str(length)
    return length * factor + len(label) * 0.0


def counters(xs):
    names = []
    count = 0
    total = 0.0
    for x in xs:
        count += 1
        names.append("item %d" % count)
        total += x * count
    title = ", ".join(names)
    return total / len(names) if title else total


def format_only(x):
    text = f"{x:10.3f}"
    number = len(text)
    return x * number


def pass_and_del(x):
    y = x * 2
    pass
    z = y * x
    del y
    if z > 100:
        pass
    else:
        ...
    return z


def global_read(x):
    global VERBOSE
    if VERBOSE:
        return x
    return x * x


def debug_flag(x, debug=False):
    if __debug__ and debug:
        print(x)
    result = math.exp(x)
    if debug:
        print(result)
    return result


def multiline_string(x):
    sql = """
    select *
      from t
    """
    # not code: x = 0
    return x * sql.count("select")


def isinstance_dispatch(x):
    if isinstance(x, (int, float)):
        return x * 2.0
    if isinstance(x, np.ndarray):
        return np.sum(x**2)
    return np.sum(np.asarray(x))


def shape_checks(a, b):
    if a.ndim != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not match")
    n, _ = a.shape
    assert b.ndim == 1 and a.size == n * len(b)
    return a @ b / n


def progress(x, n: int = 5):
    for i in range(n):
        if i % 2 == 0:
            print(".", end="")
        x = math.cos(x)
    else:
        print()
    return x


def sentinel_none(x, weights=None):
    if weights is None:
        weights = np.ones(len(x))
    return np.sum(weights * x**2)


def optional_argument(x, scale=None):
    if scale is not None:
        x = x * scale
    return x + 1.0


def enumerate_names(values, names=("a", "b", "c")):
    total = 0.0
    for name, value in zip(names, values):
        if name == "b":
            total -= value
        elif name.startswith("c"):
            total += value**2
        else:
            total += value
    return total


V3 = np.array([0.4, -1.3, 2.2])
CASES = {
    "documented": [(1.2,)],
    "noisy": [(1.2,)],
    "logged": [(1.2,)],
    "asserted": [(1.2, 0.7)],
    "raising": [(1.2,)],
    "unit_conversion": {"args": [(1.2,), (1.2, "km")], "wrt": "length"},
    "counters": [([1.2, 0.7],), (V3,)],
    "format_only": {"args": [(1.2,)], "oracles": ("dual_numbers", "differences")},
    "pass_and_del": [(1.2,)],
    "global_read": [(1.2,)],
    "debug_flag": [(1.2,), (1.2, True)],
    "multiline_string": [(1.2,)],
    "isinstance_dispatch": [(1.2,), (V3,)],
    "shape_checks": [(np.array([[0.3, 0.4, 0.5]]), V3)],
    "progress": [(1.2,)],
    "sentinel_none": {"args": [(V3,), (V3, V3 + 2)], "wrt": "x"},
    "optional_argument": {"args": [(1.2,), (1.2, 3.0)], "wrt": "x"},
    "enumerate_names": [((1.2, 0.7, 0.3),)],
}
