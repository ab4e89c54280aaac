"""Dicts put together by `|`, which numbers and arrays that have derivatives do not know."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def update_of_pairs(x, y):
    d = dict(zip("abc", x))
    d |= {"c": y[0]}
    return sum(v * v for v in d.values())


def update_in_place(x, y):
    d = {"a": x[0], "b": x[1]}
    d |= {"b": y[0] * x[1]}
    return sum(v * v for v in d.values())


def union_of_a_name(x, y):
    d = {"a": x[0], "b": x[1]}
    e = d | {"b": y[0] * x[1]}
    return sum(v * v for v in e.values()) + d["b"]


def union_with_pairs(x, y):
    d = dict(zip("abc", x))
    e = d | {"c": y[0]}
    return sum(v * v for v in e.values())


def union_of_two_zips(x, y):
    e = dict(zip("abc", x)) | dict(zip("cd", y))
    return sum(v * v for v in e.values())


def opened_pairs(x, y):
    e = {**dict(zip("abc", x)), "c": y[1]}
    return sum(v * v for v in e.values())


def updates(x, y):
    d = dict(a=x[0])
    d.update(b=x[1], a=y[0])
    d.update(dict(zip("cd", y)))
    return sum(v * v for v in d.values())


def update_by_a_list_of_pairs(x, y):
    d = {k: v for k, v in zip("abc", x)}
    d |= [("c", y[0]), ("e", y[1])]
    return sum(v * v for v in d.values())


def union_in_a_helper(x, y):
    def merge(p, q):
        return p | q

    return sum(merge({"a": x[0]}, {"b": y[0] ** 2}).values())


def update_in_a_helper(x, y):
    def put(p, q):
        p |= q

    d = {"a": x[0]}
    put(d, {"b": y[0] ** 2})
    return sum(d.values())


def update_in_a_loop(x, y):
    d = {}
    for k, v in enumerate(x):
        d |= {k: v * y[0]}
    return sum(d.values())


def union_of_masks(x, y):
    m = (x > 0) | (y > 0)
    return np.sum(x[m] * y[m])


def update_seen_under_another_name(x, y):
    d = {"a": x[0], "b": x[1]}
    e = d
    d |= {"b": y[0], "c": 2.0}
    return sum(v * v for v in e.values())


def set_of_active_values(x, y):
    s = set()
    s |= {x[0]}
    return sum(s) * y[0]


def union_of_sets(x, y):
    s = {1, 2} | {3}
    return x[0] * len(s)


def three_in_a_row(x, y):
    base = {"lr": 0.1, "w": 2.0}
    p = base | {"w": x[0]} | {"b": y[0]}
    return p["w"] * p["b"] * p["lr"]


def name_bound_anew(x, y):
    d = {"a": x[0], "b": x[1]}
    d = d | {"b": d["a"] * y[0]}
    d |= {"a": d["b"] ** 2}
    return d["a"] * d["b"]


def unions_in_a_comprehension(x, y):
    ds = [{"k": v} | {"w": w * v} for v, w in zip(x, y)]
    return sum(d["k"] * d["w"] for d in ds)


def union_in_a_lambda(x, y):
    f = lambda d: d | {"z": y[0]}
    return f({"q": x[1]})["z"] * f({"q": x[1]})["q"]


def update_of_a_member(x, y):
    d = {"p": {"a": x[0]}, "q": {"a": y[0]}}
    d["p"] |= {"b": y[1]}
    return sum(d["p"].values()) * d["q"]["a"]


def bits_of_integers(x, y):
    n = int(abs(x[0]))
    return x[1] * (n | 1) + y[0] * (n & 3)


def union_in_a_loop(x, y):
    d = {}
    for i in range(3):
        d = {i: x[i] * y[i]} | d
    return sum(k * v for k, v in d.items())


def members_are_shared(x, y):
    d = {"a": x * 1.0}
    e = d | {"b": y * 2.0}
    e["a"] *= y
    return np.sum(d["a"] * e["b"])


def opened_members_are_shared(x, y):
    d = {"a": x * 1.0}
    e = {**d}
    e["a"][0] = y[0]
    return np.sum(d["a"])


def masks_and_bits(x, y):
    b = np.bitwise_or(x > 0, y > 1)
    c = (x > 0) ^ (y > 0) & ~b
    return np.sum(np.where(b, x, y)) + np.sum(x[c])


def union_of_what_is_given(params, x):
    p = params | {"w": params["w"] * 2.0}
    return p["w"] * x + p["b"]


def update_of_what_is_given(params, x):
    params |= {"w": params["w"] * x}
    return params["w"] * params["b"]


def _pos(v):
    return v > 0


def _inside(v, lo, hi):
    return (v > lo) & (v < hi)


def masks_of_helpers(x, y):
    m = _pos(x) | _pos(y)
    return np.sum(x[m] * y[m])


def masks_of_masks_of_helpers(x, y):
    m = _inside(x, -1, 1) | _inside(y, -1, 1)
    return np.sum(np.where(m, x, y))


def masks_in_a_list(x, y):
    ms = [v > 0 for v in (x, y)]
    m = ms[0] | ms[1]
    return np.sum(x[m])


def mask_updated_in_a_loop(x, y):
    m = np.zeros(3, bool)
    for v in (x, y):
        m |= v > 0
    return np.sum(y[m])


def masks_in_a_dict(x, y):
    ms = {"a": x > 0, "b": y > 0}
    m = ms["a"] | ms["b"]
    return np.sum(y[m])


def mask_that_is_none_first(x, y):
    m = None
    for v in (x, y):
        k = _pos(v)
        m = k if m is None else m | k
    return np.sum(y[m] * x[m])


def set_of_places(x, y):
    idx = set()
    for i, v in enumerate(x):
        if v > 0:
            idx |= {i}
    idx = idx | {0}
    return sum(y[i] for i in sorted(idx))


def masks_of_lambdas(x, y):
    f = lambda a, b: (a > 0) | (b > 0)
    m = f(x, y)
    m = m | ~f(y, x)
    return np.sum(x * m)


def flags_of_an_integer(x, y):
    flags = 0
    for i, v in enumerate(x):
        flags |= (v > 0) << i
    return y[0] * flags


def frozen_sets(x, y):
    s = frozenset(i for i in range(3) if x[i] > 0) | frozenset([1])
    return sum(y[i] for i in s)


def mask_in_a_dict_updated(x, y):
    d = {}
    d["m"] = _pos(x)
    d["m"] |= _pos(y)
    return np.sum(x[d["m"]])


def masks_given_to_a_helper(x, y):
    def either(a, b):
        return a | b

    m = either(x > 0, y > 0)
    return np.sum(x[m])


CASES = {
    "update_of_pairs": [(V3, W3)],
    "update_in_place": [(V3, W3)],
    "union_of_a_name": [(V3, W3)],
    "union_with_pairs": [(V3, W3)],
    "union_of_two_zips": [(V3, W3)],
    "opened_pairs": [(V3, W3)],
    "updates": [(V3, W3)],
    "update_by_a_list_of_pairs": [(V3, W3)],
    "union_in_a_helper": {"args": [(V3, W3)], "expect": "any"},
    "update_in_a_helper": {"args": [(V3, W3)], "expect": "any"},
    "update_in_a_loop": [(V3, W3)],
    "union_of_masks": [(V3, W3)],
    "update_seen_under_another_name": [(V3, W3)],
    "set_of_active_values": {"args": [(V3, W3)], "expect": "any"},
    "union_of_sets": [(V3, W3)],
    "three_in_a_row": [(V3, W3)],
    "name_bound_anew": [(V3, W3)],
    "unions_in_a_comprehension": [(V3, W3)],
    "union_in_a_lambda": [(V3, W3)],
    "update_of_a_member": {"args": [(V3, W3)], "expect": "any"},
    "bits_of_integers": [(V3, W3)],
    "union_in_a_loop": [(V3, W3)],
    "members_are_shared": [(V3, W3)],
    "opened_members_are_shared": [(V3, W3)],
    "masks_and_bits": [(V3, W3)],
    "union_of_what_is_given": [({"w": 2.0, "b": 1.0}, 3.0)],
    "update_of_what_is_given": [({"w": 2.0, "b": 1.0}, 3.0)],
    "masks_of_helpers": [(V3, W3)],
    "masks_of_masks_of_helpers": [(V3, W3)],
    "masks_in_a_list": [(V3, W3)],
    "mask_updated_in_a_loop": [(V3, W3)],
    "masks_in_a_dict": [(V3, W3)],
    "mask_that_is_none_first": [(V3, W3)],
    "set_of_places": [(V3, W3)],
    "masks_of_lambdas": [(V3, W3)],
    "flags_of_an_integer": [(V3, W3)],
    "frozen_sets": [(V3, W3)],
    "mask_in_a_dict_updated": [(V3, W3)],
    "masks_given_to_a_helper": [(V3, W3)],
}
