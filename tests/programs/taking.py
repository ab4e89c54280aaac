"""Entries that are taken out of dicts, and options that functions take out of their keywords."""

from __future__ import annotations

import numpy as np

V3 = np.array([0.4037, 1.2, 0.8])
W3 = np.array([0.7, -1.2, 1.9])


def popped(x, y):
    d = {"a": x, "b": y}
    w = d.pop("b")
    return d["a"] * w * len(d)


def popped_with_defaults(x, y):
    d = {"a": x, "b": y}
    w = d.pop("c", 2.0) * d.pop("a", x) * d.pop("e", y)
    d.pop("f", None)
    return d["b"] * w


def default_that_is_active(x, y):
    d = {"a": x * 2.0}
    first = d.pop("a", y)
    second = d.pop("a", y)
    return first * second


def deleted(x, y):
    d = {"a": x, "b": y, "c": x * y}
    del d["b"]
    total = 0.0
    for k in d:
        total = total + d[k] * len(k)
    return total


def popped_under_a_variable(x, y):
    d = {"a": x, "b": y, "c": x * y}
    product = 1.0
    for k in ("c", "a"):
        product = product * d.pop(k)
    return product * d["b"]


def scaled(x, **options):
    s = options.pop("scale", 1.0)
    if options:
        raise TypeError
    return x * s


def options_taken(x, y):
    return scaled(x, scale=y) + scaled(x * y)


def summed(**terms):
    scale = terms.pop("scale", 2.0)
    terms["extra"] = scale * scale
    return sum(terms.values()) * scale


def terms_changed(x, y):
    return summed(a=x, scale=y) + summed(b=x * y)


def popped_in_a_branch(x, y):
    d = {"a": x, "b": y}
    if y > 0:
        w = d.pop("a")
    else:
        w = d.pop("b") * 2.0
    return w * sum(d.values())


def moved_to_another_key(x, y):
    d = {"a": x, "b": y}
    d["c"] = d.pop("a", y) * 2.0
    d["e"], d["b"] = d.pop("b"), d.pop("c")
    return d["e"] * d["b"]


def kept_under_another_name(x, y):
    d = {"a": x, "b": y}
    same = d
    w = d.pop("b")
    return same["a"] * w * len(same)


CASES = {
    "popped": [(1.3, 0.7), (V3, W3)],
    "popped_with_defaults": [(1.3, 0.7), (V3, W3)],
    "default_that_is_active": [(1.3, 0.7), (V3, W3)],
    "deleted": [(1.3, 0.7), (V3, W3)],
    "popped_under_a_variable": [(1.3, 0.7), (V3, W3)],
    "options_taken": [(1.3, 0.7), (V3, W3)],
    "terms_changed": {"args": [(1.3, 0.7), (V3, W3)], "expect": "any"},
    "moved_to_another_key": [(1.3, 0.7), (V3, W3)],
    "popped_in_a_branch": [(1.3, 0.7), (1.3, -0.7)],
    "kept_under_another_name": {"args": [(1.3, 0.7), (V3, W3)], "expect": "any"},
}
