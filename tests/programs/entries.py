"""Dicts whose entries are taken as pairs: sorted, listed, unpacked, put into another dict."""

# ruff: noqa
import numpy as np

V3 = np.array([1.3, 0.4, -0.8])
W3 = np.array([0.7, -1.2, 1.9])


def in_the_order_of_their_keys(params):
    total = 0.0
    for name, value in sorted(params.items()):
        total = total * 2.0 + len(name) * np.sum(value) ** 2
    return total


def backwards_and_grown(x: np.ndarray, y: np.ndarray):
    d = {"b": x * y, "a": y * y}
    s = x * 0.0
    for k, v in sorted(d.items(), reverse=True):
        d[k] = v * 2.0
        s = s * 2.0 + v * d[k]
    return s + d["a"]


def in_the_order_of_their_values(x: np.ndarray, y: np.ndarray):
    d = {"b": x * y, "a": y * y, "c": x}
    s = x * 0.0
    for k, v in sorted(d.items(), key=lambda entry: entry[1][0]):
        s = s * 2.0 + v
    return s


def snapshot_while_others_grow(x: np.ndarray, y: np.ndarray):
    d = {"b": x * y, "a": y * y}
    s = x * 0.0
    for k, v in sorted(d.items()):
        s = s * 2.0 + v
        d["b"] = d["b"] * y
    return s + d["b"]


def largest_of_them(x: np.ndarray, y: np.ndarray):
    d = {"b": x * y, "a": y * y}
    k, v = max([(k, v) for k, v in d.items()], key=lambda entry: entry[1][0])
    (first, u), *rest = d.items()
    return v * u + rest[0][1] * len(k) + next(iter(d.items()))[1]


def into_other_dicts(x: np.ndarray, y: np.ndarray):
    d = {"b": x * y, "a": y * y}
    e = dict(sorted(d.items()))
    f = dict(d.items())
    g = dict(d, c=x, a=y)
    h = dict((k + k, v * 2.0) for k, v in d.items())
    pairs = list(e.items())
    f["a"] = x
    return pairs[0][1] * f["a"] + g["a"] * g["c"] * d["a"] + h["bb"] * sum(g.values())


def extended_by_keywords(params, x):
    more = dict(params, scale=x)
    return np.sum(more["w"]) * more["scale"] + params["b"]


def live_beside_a_snapshot(x: np.ndarray, y: np.ndarray):
    d = {"a": 2.0 * y[1], "b": 1.0, "c": 1.0}
    s = 0.5
    for p, q in zip(d.values(), list(d.values())):
        s = s * 0.5 + (p + q) * x[0]
        d["c"] = p * s
    return d["c"] * s


def live_beside_a_comprehension(x: np.ndarray, y: np.ndarray):
    d = {"a": x * y, "b": y * 2.0, "c": x}
    s = x * 0.0
    for i, ((k, p), q) in enumerate(zip(d.items(), [np.sin(v) * 2.0 for v in d.values()])):
        s = s * 0.5 + (p + q * i) * x[1] * len(k)
        d.update(c=p * s)
    return d["c"] * s


def live_beside_members_in_order(x: np.ndarray, y: np.ndarray):
    d = {"a": x * y, "b": y * 2.0, "c": x}
    s = x * 0.0
    for (k, p), q in zip(d.items(), sorted(d.values(), key=lambda v: v[0])):
        s = s * 0.5 + (p + q * 3.0) * x[1] * len(k)
        d["c"] = p * s
    return d["c"] * s * max(d.values(), key=lambda v: v[0])


def numbers_made_arrays(x: np.ndarray, y: np.ndarray):
    b = np.real_if_close(-2.0)
    c = np.atleast_1d(3.0)
    d = b * x
    b *= 3.0
    c[0] = 4.0
    return d * b * y + c * x


def _grown(d, v):
    d["z"] = v
    return v * 2.0


def _double(v):
    return v * 2.0


def extended_by_what_helpers_give(x: np.ndarray, y: np.ndarray):
    d = {"a": x * y, "b": y}
    e = dict(d, c=_double(x), a=_double(y))
    return e["c"] * sum(e.values()) * len(e) + d["a"]


def grown_by_what_extends_it(x: np.ndarray, y: np.ndarray):
    d = {"a": x * y, "b": y}
    e = dict(d, c=_grown(d, x))
    return e["c"] * sum(e.values()) * len(e)


CASES = {
    "in_the_order_of_their_keys": [({"w": V3, "bias": 0.4},)],
    "backwards_and_grown": [(V3, W3)],
    "in_the_order_of_their_values": [(V3, W3)],
    "snapshot_while_others_grow": [(V3, W3)],
    "largest_of_them": [(V3, W3)],
    "into_other_dicts": [(V3, W3)],
    "extended_by_keywords": [({"w": V3, "b": 0.4}, 0.7)],
    "live_beside_a_snapshot": [(V3, W3)],
    "live_beside_a_comprehension": [(V3, W3)],
    "live_beside_members_in_order": [(V3, W3)],
    "numbers_made_arrays": [(V3, W3)],
    "extended_by_what_helpers_give": [(V3, W3)],
    "grown_by_what_extends_it": {"args": [(V3, W3)], "expect": "any"},
}
