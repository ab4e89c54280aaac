"""Values that are computed several times, with what may change in between: a derivative shares them only if nothing did."""

# ruff: noqa

import numpy as np

V3 = np.array([0.4, 1.3, 0.7])


def written_through_a_view_between(x):
    y = x * 1.0
    v = y[:]
    a = np.sin(y) * np.cos(y)
    v[0] = 2.0 * x[1]
    b = np.sin(y) * np.cos(y)
    return np.sum(a * b)


def element_written_in_loop(x):
    s = 0.0
    t = x * 1.0
    for i in range(3):
        s = s + np.sum(np.sin(t) * np.cos(t))
        t[i] = t[i] * s
        s = s + np.sum(np.sin(t) * np.cos(t) * np.exp(t))
    return s


def one_arm_only(x):
    if x[0] > 0:
        a = np.exp(x) * np.sin(x)
    else:
        a = np.exp(x) * np.cos(x)
    b = np.exp(x) * np.cos(x)
    return np.sum(a * b)


def augmented_twin(x):
    u = np.sin(x) * 2.0
    w = np.sin(x) * 2.0
    u += w
    w *= np.sin(x) * np.cos(x)
    u[0] = w[1]
    return np.sum(u * w)


def members_of_a_list(x):
    l = [np.sin(x) * 1.0, np.sin(x) * 1.0]
    l[0][0] = 3.0 * x[2]
    return np.sum(l[0] * l[1]) + np.sum(np.cos(x) * np.sin(x))


def doubled(z):
    z *= 2.0
    return np.sum(z)


def call_writes_between(x):
    y = x * 3.0
    a = np.sum(np.sin(y) * np.cos(y))
    b = doubled(y)
    c = np.sum(np.sin(y) * np.cos(y))
    return a * b * c


def argument_bound_anew(x):
    r = np.sin(x) * np.cos(x)
    x = x * 2.0
    q = np.sin(x) * np.cos(x)
    x[1] = 0.3
    return np.sum(r * q * np.sin(x) * np.cos(x))


def closure_and_outside(x):
    f = lambda t: np.sin(t) * np.cos(t) * np.sin(x)
    y = f(x) + f(x * 1.0)
    return np.sum(y * np.cos(x))


def factors_in_while(x):
    t = np.tanh(x) * np.tanh(x)
    m = np.maximum(np.exp(x), 1.5) * np.maximum(np.exp(x), 1.5)
    while np.sum(m) > 4.0:
        m = m * np.exp(-x * x) * np.exp(-x * x)
    return np.sum(t + m)


def out_between(x):
    out = np.zeros(3)
    np.sin(x, out=out)
    a = out * np.sin(x)
    np.cos(x, out=out)
    b = out * np.sin(x) * np.cos(x)
    return np.sum(a * b)


def reshaped_twins(x):
    y = np.reshape(np.sin(x), (3, 1))
    z = np.reshape(np.sin(x), (3, 1))
    y[0] = 5.0
    return np.sum(y * z) + np.sum(np.sin(x) * np.cos(x))


def twin_of_a_viewed_value(x):
    y = np.sin(x)
    v = y[1:]
    z = np.sin(x)
    v[:] = v * np.cos(x[0])
    return np.sum(y * z * np.cos(x)) + np.sum(np.sin(x) * np.cos(x))


CASES = {
    "written_through_a_view_between": [(V3,)],
    "element_written_in_loop": [(V3,)],
    "one_arm_only": [(V3,)],
    "augmented_twin": [(V3,)],
    "members_of_a_list": [(V3,)],
    "call_writes_between": [(V3,)],
    "argument_bound_anew": [(V3,)],
    "closure_and_outside": [(V3,)],
    "factors_in_while": [(V3,)],
    "out_between": [(V3,)],
    "reshaped_twins": [(V3,)],
    "twin_of_a_viewed_value": [(V3,)],
}
