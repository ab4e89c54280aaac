"""Exceptions that come out of loops, of calls that write, and of a try in a try, half way."""

# ruff: noqa

import contextlib
import math

import numpy as np


class Diverged(ArithmeticError):
    pass


def checked(s):
    if s > 2.0:
        raise ValueError("too large")
    return math.sqrt(2.5 - s)


def root(s):
    if s < 0:
        raise ValueError("negative")
    return math.sqrt(s)


def raised_in_a_loop(x):
    s = 1.0
    try:
        for i in range(len(x)):
            s = s * x[i]
            if x[i] > 1.0:
                raise ValueError("half way")
            s += x[i]
    except ValueError:
        s = s * 3
    return s


def called_in_a_loop(x, y):
    y = y.copy()
    s = 0.0
    try:
        for i, v in enumerate(x):
            y[i] = y[i] * v
            s += checked(v)
            y[i] += s
    except ValueError:
        s *= 2
    else:
        s *= 3
    return s * y.sum()


def index_runs_out(x, y):
    s = 1.0
    try:
        for i in range(5):
            s *= x[i]
            y[i] = s
    except Exception:
        s += y[0]
    return s * y.sum()


def while_in_try(x):
    s = x
    k = 0
    try:
        while s < 5:
            s = s * 1.7
            k += 1
            if k > 3:
                raise Diverged
    except Diverged as e:
        s = s + k
    return s * x


def test_of_a_loop_raises(x):
    s = x
    try:
        while root(4.0 - s) > 0.2:
            s = s * 1.5
    except ValueError:
        s *= 2
    return s * x


def risky(v, s):
    v[0] *= s
    if s > 0.5:
        raise ValueError("half way")
    v[1] += s


def half_way(x, s):
    try:
        risky(x, s)
    except ValueError:
        x[2] += s
    return x[0] * x[1] * x[2]


def product_and_log(v, s):
    v[0] *= s
    t = root(v[1] - s)
    v[1] *= t
    return t * v[1]


def half_way_with_a_result(x, s):
    y = s
    try:
        y = product_and_log(x, s)
        x[0] += y
    except (ValueError, KeyError):
        x[2] += s
    except RuntimeError:
        x[2] = 0
    return x[0] * x[1] * x[2] * y


def half_way_in_a_loop(x, s):
    n = 0
    for k in range(3):
        try:
            s = s * 1.5
            risky(x, s)
            n += 1
        except ValueError:
            x[2] *= x[0]
            continue
        s = s * 0.9
    return x.sum() * n + s


def descend(v, k, s):
    v[k] *= s
    if k == 0:
        if s > 0.5:
            raise ValueError("x")
        return
    descend(v, k - 1, s * v[k])
    v[k] += 1.0


def recursion_raises(x, s):
    try:
        descend(x, 2, s)
    except ValueError:
        x[0] += 3 * s
    return x[0] * x[1] * x[2]


def try_in_a_loop_in_a_try(x, s):
    try:
        for v in x:
            try:
                s = s * v
                if v < 0:
                    raise KeyError("a")
                s = s + checked(s)
            except KeyError:
                s = s - 1
                if s > 1.0:
                    raise ValueError
            finally:
                s = s * 1.1
    except ValueError:
        s = s * s
    return s


def finally_and_caught(x):
    y = x * 2
    z = 1.0
    try:
        try:
            y = root(x)
        finally:
            z = x * 5
    except ValueError:
        y = x
    return y * z


def return_from_a_loop(x):
    s = 0.0
    try:
        for v in x:
            if v > 1:
                return s * v
            s += root(v)
    except ValueError:
        return s * 5
    return s


def raised_in_elif(x):
    s = 1.0
    try:
        for v in x:
            if v > 1:
                s *= v
            elif v < -1:
                raise ValueError
            elif v < 0:
                s += v
                continue
            else:
                s -= v
            s *= 1.1
    except ValueError:
        s *= 2.5
    return s


def finally_before_jumps(x):
    s = 1.0
    n = 0.0
    for v in x:
        try:
            if v < -2:
                break
            if v < 0:
                continue
            if v > 2:
                return s * n
            s *= root(v)
        finally:
            n += 0.5 * s
    return s * n


def raised_again(x):
    y = x
    try:
        try:
            y = y * checked(x)
        except ValueError:
            y = y * 3
            if x > 3:
                raise
            y = y + 1
    except ValueError as e:
        y = y * x + len(str(e))
    return y


def loop_over_a_try_in_a_helper(x):
    return sum(guarded_root(v) for v in x)


def guarded_root(v):
    try:
        for k in range(3):
            v = v - 0.5
            v = v * root(v)
    except ValueError:
        return v * 2
    return v


def dict_until_a_key_is_missing(x, d: dict):
    s = x
    try:
        for k in ("a", "b", "c"):
            d["sum"] = s * 2
            s = s * d[k]
            d[k] = s
    except KeyError:
        s = s + d["sum"]
    return s


def list_taken_until_empty(x):
    xs = [x, x * 2, x * 3]
    out = []
    s = 1.0
    try:
        for i in range(5):
            out.append(s * xs[i])
            s = s + out[-1]
    except IndexError:
        s = s * len(out)
    return s + sum(out)


def last_but_one_raises(x, n: int):
    s = x
    try:
        for i in range(n):
            for j in range(i):
                s = s * (1 + 0.1 * j)
                if i + j == 4:
                    raise StopIteration
            s = s + x
        else:
            s = s * 5
    except StopIteration:
        s = s - x
    return s


def suppressed_in_a_loop(x):
    s = 0.0
    for v in x:
        with contextlib.suppress(ValueError, ZeroDivisionError):
            for k in range(2):
                s += v
                s += root(v - k)
    return s


def newton_or_bisection(x):
    a, b = 0.0, 4.0
    try:
        z = 3.0
        for i in range(30):
            slope = 2 * z
            z_new = z - (z * z - x) / slope
            if abs(z_new - z) < 1e-13:
                z = z_new
                break
            if z_new > b:
                raise Diverged("left the interval")
            z = z_new
        else:
            raise Diverged("no convergence")
    except ArithmeticError:
        z = x
    return z


def wrong_class_first(x):
    try:
        for v in x:
            if v > 0:
                raise IndexError("a")
    except KeyError:
        return x[0]
    except LookupError:
        return x[1] * x[1]
    return x[2]


def inner_catches_nothing(x, s):
    try:
        try:
            for v in x:
                s *= v
                if v < 0:
                    raise KeyError("outer")
        except ValueError:
            s = 0.0
        s = s * 7
    except KeyError:
        s = s * 5
    return s


def tried_twice(x, s):
    for start in (0, 1):
        try:
            for i in range(start, 3):
                x[i] = x[i] * s
                s = s + root(x[i])
        except ValueError:
            x[start] += s
    return x.sum() * s


def unpacked_until_it_does_not_fit(rows, x):
    s = x
    try:
        for row in rows:
            s = s * 2
            a, b = row
            s = s + a * b * x
    except ValueError:
        s = s * x
    return s


def value_is_computed_before_it_is_bound(x, d: dict):
    try:
        x = x * x + d["k"]
    except KeyError:
        x = x * 3
    return x


def members_are_computed_before_they_are_stored(x, d: dict):
    a, b = x[0], x[1]
    try:
        x[0] = x[0] * x[1] * d["a"]
        a, b = b * 2, a * d["b"]
        x[1] *= x[2] * d["c"]
    except KeyError:
        x[2] = x[0] * x[1]
    return x.sum() * a + b


def scaled_by_an_entry(v, d):
    v[0] = v[0] * v[1] * d["a"]
    v[1] *= v[0] * d["b"]


def helper_computes_before_it_stores(x, d: dict):
    try:
        scaled_by_an_entry(x, d)
    except KeyError:
        pass
    return x[0] * x[1] + x[2]


def value_in_an_exception(x):
    y = x
    try:
        if x > 1:
            raise ValueError(x * x)
        y = 2 * x
    except ValueError as e:
        y = e.args[0] * 1.0
    return y


def draws_in_a_try(x, rng):
    try:
        y = x * rng.pop()
    except IndexError:
        y = x
    return y * len(rng)


V3 = np.array([0.4, 1.3, -2.2])
W3 = np.array([1.1, -0.6, 0.9])
U3 = np.array([0.3, 0.5, 0.2])
P3 = np.array([0.4, 2.4, 1.1])

CASES = {
    "raised_in_a_loop": [(V3,), (U3,)],
    "called_in_a_loop": [(V3, W3), (P3, W3)],
    "index_runs_out": [(V3, W3)],
    "while_in_try": [(1.1,), (0.2,), (2.9,)],
    "test_of_a_loop_raises": [(1.1,), (2.9,), (3.97,)],
    "half_way": [(V3, 0.7), (V3, 0.3)],
    "half_way_with_a_result": [(V3, 0.7), (V3, 1.5), (W3, -2.0)],
    "half_way_in_a_loop": [(V3, 0.2), (W3, 0.6)],
    "recursion_raises": [(V3, 0.7), (W3, -0.7), (W3, 0.1)],
    "try_in_a_loop_in_a_try": [(V3, 0.7), (W3, 0.7), (P3, 1.2), (-P3, -3.0)],
    "finally_and_caught": [(1.5,), (-1.5,)],
    "return_from_a_loop": [(V3,), (-V3,), (U3,)],
    "raised_in_elif": [(V3,), (W3,), (P3,)],
    "finally_before_jumps": [(V3,), (W3,), (P3,), (U3,)],
    "raised_again": [(1.5,), (2.6,), (3.6,)],
    "loop_over_a_try_in_a_helper": [(V3 + 2,), (P3,)],
    "dict_until_a_key_is_missing": [(1.5, {"a": 2.0, "b": 0.5, "sum": 0.0}), (1.5, {"a": 2.0, "b": 1.0, "c": 3.0})],
    "list_taken_until_empty": [(1.5,)],
    "last_but_one_raises": [(1.5, 4), (1.5, 3)],
    "suppressed_in_a_loop": [(V3,), (P3,)],
    "newton_or_bisection": [(2.0,), (30.0,)],
    "wrong_class_first": [(V3,), (-U3,)],
    "inner_catches_nothing": [(V3, 1.5), (U3, 1.5)],
    "tried_twice": [(U3, 0.7), (W3, 0.7)],
    "unpacked_until_it_does_not_fit": [([[1.0, 2.0], [3.0, 4.0, 5.0]], 1.5), ([[1.0, 2.0]], 1.5)],
    "value_is_computed_before_it_is_bound": [(1.5, {}), (1.5, {"k": 2.0})],
    "members_are_computed_before_they_are_stored": [
        (V3, {}),
        (V3, {"a": 1.5}),
        (V3, {"a": 1.5, "b": 0.5}),
        (V3, {"a": 1.5, "b": 0.5, "c": 2.5}),
    ],
    "helper_computes_before_it_stores": [(V3, {}), (V3, {"a": 1.5}), (V3, {"a": 1.5, "b": 0.5})],
    "value_in_an_exception": {"args": [(1.5,)], "expect": "any"},
    "draws_in_a_try": {"args": [(1.5, [2.0, 3.0])], "expect": "any"},
}
