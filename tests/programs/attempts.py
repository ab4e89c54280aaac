"""Try statements that write, or fail half way."""

# ruff: noqa

import math

import contextlib

import numpy as np


def checked(s):
    if s > 2.0:
        raise ValueError("too large")
    return math.sqrt(2.5 - s)


def written_until_it_raises(x, y):
    try:
        y[0] = x * 2
        if x > 1:
            raise ValueError("half way")
        y[1] = x * 3
    except ValueError:
        y[2] = x**2
    return y


def augmented_in_try(x, y):
    s = x
    try:
        s *= y
        s = checked(s)
        s += 1.0
    except ValueError as e:
        s = s * 5 + len(str(e))
    return s


def else_and_finally_after_arithmetic(x, y):
    try:
        x = x * y
        z = checked(x)
        x = x + z
    except (ValueError, ZeroDivisionError):
        x -= 1.0
    else:
        x *= 2
    finally:
        w = 3.0
    return x * w


def continue_and_break_in_handlers(x):
    for v in x:
        try:
            if v < 0:
                raise ValueError
            x = x * v
            w = 1 / (v - 1.3)
            x += w
        except ValueError:
            continue
        except ZeroDivisionError:
            break
    return x


def appended_in_try(x):
    out = []
    for v in x:
        try:
            out.append(checked(v))
            out.append(math.log(v))
        except ValueError:
            out.append(v)
    return np.array(out)


def raised_in_a_branch(x):
    try:
        if x > 1:
            y = x * x
            raise ValueError
        else:
            y = x
        y = y * 3
    except ValueError:
        pass
    return y


def returns_in_try(x):
    try:
        y = checked(x)
        return y * x
    except ValueError:
        x = x * 2
    return x


def product_over_a_try_in_a_loop(x):
    a = 1.0
    for i in range(3):
        try:
            a *= x[i] * math.sqrt(x[i])
        except ValueError:
            a *= 2
    return a


def try_in_try(x):
    try:
        try:
            x = x * 2
            y = checked(x)
        except ValueError:
            x = x + 1
            y = checked(x - 2)
            x = x * y
        z = checked(x * y)
    except ValueError:
        z = x**2
    return z


def slices_written_in_try(x):
    try:
        x[1:] *= x[0]
        x += checked(x[1])
        x /= 2
    except ValueError:
        x[0] = 1.0
    except TypeError:
        raise RuntimeError("no")
    return x


def entries_written_in_try(x, d: dict):
    try:
        d["a"] = x * 2
        d["b"] = d["c"] * x
    except KeyError:
        d["b"] = x
    return d["a"] * d["b"]


def raised_at_once(x):
    try:
        raise ValueError("a")
    except ValueError:
        x = x * x
    return x


def diagonal_written_or_copied(x, m):
    v = np.diag(m)
    try:
        v[0] = x[0]
    except ValueError:
        v = v.copy()
        v[0] = 2 * x[0]
    return v * x


def stored_where_it_fits(x, w, n: int):
    a = np.zeros(3)
    try:
        a[:] = w * x[1]
        a[0] = x[0]
    except ValueError:
        a[:n] = w[:n]
    return a * x


def multiplied_where_it_fits(x, w, n: int):
    z = np.zeros(3)
    try:
        z = x * 2.0
        z[0] = x[1]
        z = z * w
    except ValueError:
        z = z * w[:n]
    return z


def added_in_place_where_it_fits(x, w, n: int):
    z = x * 2.0
    out = 0.0
    for i in range(2):
        try:
            z += w * x[0]
            z[1:] -= w[1:]
            out = out + np.sum(z)
        except ValueError:
            out = out + x[1] * w[0]
            continue
        out = out * 2
    return out


def grown_by_a_wider_one(x, w):
    z = x[:1] * 2.0
    try:
        z[0] = z[0] * 2
        z += w
    except (ValueError, TypeError):
        z = z * w[1]
    return z


def named_in_an_expression_before_it_is_tried(z, w, u):
    r = (e := np.eye(3)[1, len(z) - 2]) * -1.0
    try:
        e = e * 2.0
        w = w * np.ones(len(u))
        e = e * 2.0
    except (ValueError, TypeError):
        w[0] = e
    return w * z + r


def require_small(v):
    if v > 2.0:
        raise ValueError("too large")
    return math.sqrt(2.5 - v)


def check_small(v):
    return require_small(v) * v


def checks_that_raise(a, b):
    try:
        a = require_small(a * a) * b
    except ValueError:
        a = b * b
    try:
        b = check_small(b)
    except Exception:
        b = a * 3.0
    return a * b


V3 = np.array([0.4, 1.3, -2.2])
W3 = np.array([1.1, -0.6, 0.9])
W4 = np.array([1.1, -0.6, 0.9, 1.7])


def copied_and_written_in_a_try(x, y, d):
    try:
        e = d.copy()
        e["q"][1] = y * 3.0
    except Exception:
        d["q"][0] = y
    return np.sum(x) * y + np.sum(d["q"])


def copied_and_written_where_errors_are_suppressed(x, y, d):
    with contextlib.suppress(Exception):
        e = d.copy()
        e["q"][1] = y * 3.0
    return np.sum(x) * y + np.sum(d["q"])


@contextlib.contextmanager
def _quiet():
    with contextlib.suppress(TypeError):
        yield


def copied_and_written_under_a_manager_that_swallows(x, y, d):
    with _quiet():
        e = d.copy()
        e["q"][1] = y * 3.0
    return np.sum(x) * y + np.sum(d["q"])


def left_half_way_under_a_manager(x, y, d):
    with _quiet():
        x[0] = y
        y = y * d
        x[1] = y
    return np.sum(x) * y


CASES = {
    "checks_that_raise": [(0.7, 0.3), (1.7, 0.3), (1.7, 2.3)],
    "written_until_it_raises": [(1.5, V3), (0.5, V3)],
    "augmented_in_try": [(1.5, 2.5), (0.5, 0.5)],
    "else_and_finally_after_arithmetic": [(1.5, 2.5), (0.5, 0.5)],
    "continue_and_break_in_handlers": [(V3 + 0.2,), (W3,)],
    "appended_in_try": [(np.abs(V3),), (np.array([0.4, 2.4, 1.1]),)],
    "raised_in_a_branch": [(1.5,), (0.5,)],
    "returns_in_try": [(1.5,), (2.5,)],
    "product_over_a_try_in_a_loop": [(np.abs(V3),)],
    "try_in_try": [(0.5,), (1.6,), (2.5,)],
    "slices_written_in_try": [(V3,), (W3 * 5,)],
    "entries_written_in_try": [(1.5, {"c": 2.0, "a": 0.0, "b": 0.0}), (1.5, {"a": 0.0, "b": 0.0})],
    "raised_at_once": [(1.5,), (V3,)],
    "diagonal_written_or_copied": [(V3, np.outer(V3, W3))],
    "stored_where_it_fits": [(V3, W4, 3), (V3, W3, 3)],
    "multiplied_where_it_fits": [(V3, W4, 3), (V3, W3, 3)],
    "added_in_place_where_it_fits": [(V3, W4, 3), (V3, W3, 3)],
    "named_in_an_expression_before_it_is_tried": [(V3, W3, W4), (V3, W3, V3 + 1.0)],
    "grown_by_a_wider_one": [(V3, W4), (V3, W3[:1])],
    "copied_and_written_in_a_try": {"args": [(V3, 0.7, {"q": W3})], "expect": "any"},
    "copied_and_written_where_errors_are_suppressed": {"args": [(V3, 0.7, {"q": W3})], "expect": "any"},
    "copied_and_written_under_a_manager_that_swallows": {"args": [(V3, 0.7, {"q": W3})], "expect": "any"},
    "left_half_way_under_a_manager": {"args": [(V3, 0.7, "text")], "wrt": ["x", "y"], "expect": "any"},
}
