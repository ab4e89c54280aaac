"""Tests on the truth of what changes afterwards: the reverse sweep asks what the answer was, not what it would be."""

# ruff: noqa

import numpy as np

V3 = np.array([1.6737, 0.5037, -0.0963])
W3 = np.array([0.7, -1.2, 1.9])


def list_popped_where_it_is_true(x, y):
    r = [1.0]
    s = y[1]
    if r:
        s = s + r.pop() * x[0]
    return s * y[2]


def list_popped_in_turn(x, y):
    r = [1.0, 2.0]
    s = 0.0
    for k in range(3):
        if r:
            s += r.pop() * x[k]
    return s * y[2]


def list_popped_in_an_expression(x, y):
    r = [1.0, 2.0]
    s = 0.0
    for k in range(3):
        s += r.pop() * x[k] if r else 0.0
    return s * y[2]


def array_cleared_where_it_is_true(x, y):
    a = np.ones(1)
    s = x[1]
    if a:
        s += x[0]
        a[:] = 0.0
    return s * y[2]


def array_cleared_in_turn(x, y):
    a = np.ones(1)
    s = 0.0
    for k in range(3):
        if a:
            s += x[k]
            a[0] = 0.0
    return s * y[2]


def active_array_cleared_in_turn(x, y):
    z = x * 1.0
    s = y[0]
    for k in range(3):
        if z[:1]:
            s = s * x[k] + y[k]
            z[0] = 0.0
        else:
            z[0] = x[k]
    return s


def other_name_written(x, y):
    a = np.zeros(1)
    b = a
    s = y[1]
    if a:
        s = s * x[0]
    else:
        s = s + x[1] * s
        b += 1.0
    return s * y[2]


def member_written(x, y):
    a = [np.zeros(1)]
    b = a[0]
    s = y[1]
    if b:
        s = s * x[0]
    else:
        s = s + x[1] * s
        a[0] += 1.0
    return s * y[2]


def set_emptied(x, y):
    s = y[0]
    q = {1, 2}
    for k in range(3):
        if q:
            s = s * x[k]
            q.pop()
    return s


def dict_emptied(x, y):
    d = {"a": 1}
    s = 0.0
    for k in range(3):
        if d:
            s += x[k] * y[k]
            d.pop("a")
    return s


def _drain(q):
    q.pop()


def emptied_by_a_helper(x, y):
    r = [1.0]
    s = y[1]
    if r:
        s = s * x[0]
        _drain(r)
    return s * y[2]


def emptied_after_the_branch(x, y):
    r = [1.0, 2.0]
    s = y[1]
    for k in range(3):
        w = r
        if r and s < 1e9:
            s = s * x[k]
        else:
            s = s + x[k]
        del w[-1:]
    return s * y[2]


def written_where_an_elif_asks(x, y):
    a = np.zeros(3)
    s = y[1]
    k = 0
    while k < 3:
        if a[k]:
            s = s * x[k]
        elif a[k : k + 1]:
            s = s * y[k]
        else:
            s = s + x[k] * s
            a[k] = 1.0
            continue
        k += 1
    return s * y[2]


def order_under_the_name_of_members(x, y):
    t = (x[0] * 2.0, y[0])
    z = sorted(x)
    q = [t[0], z]
    t = sorted(range(len(z)), key=lambda i: -z[i])
    q = [t, z]
    return q[1][t[0]] * y[2]


def keywords_evaluated_in_their_order(x, y):
    product = lambda p, q: p * q
    power = lambda p: product(q=p, p=product(q=p, p=p))
    known = power(1.5)
    return power(known) * x[0] * y[1]


CASES = {
    name: [(V3, W3)]
    for name in (
        "list_popped_where_it_is_true list_popped_in_turn array_cleared_where_it_is_true array_cleared_in_turn "
        "active_array_cleared_in_turn other_name_written member_written set_emptied dict_emptied emptied_by_a_helper "
        "emptied_after_the_branch written_where_an_elif_asks order_under_the_name_of_members "
        "keywords_evaluated_in_their_order"
    ).split()
}
CASES["list_popped_in_an_expression"] = {"args": [(V3, W3)], "expect": "any"}
