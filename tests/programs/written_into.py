"""Functions that write active values into arguments which were constant: by every call that writes an array."""

# ruff: noqa

import numpy as np

V3 = np.array([0.31, 0.74, 1.42])


def summed_into(out, v):
    return np.cumsum(v, out=out)


def put_into(o, i, v):
    np.put(o, i, v)


def copy_into(o, v):
    np.copyto(o, v)


def add_into(o, i, v):
    np.add.at(o, i, v)


def diag_into(o, v):
    np.fill_diagonal(o, v)


def mul_into(o, v, w):
    np.multiply(v, w, o)


def mask_into(o, m, v):
    np.putmask(o, m, v)


def place_into(o, m, v):
    np.place(o, m, v)


def along_into(o, i, v):
    np.put_along_axis(o, i, v, 0)


def view_into(o, v):
    np.add(v, 1.0, out=o[1:])


def method_into(o, v):
    v.cumsum(out=o)


def swap_into(o, v):
    o[:], v[:] = v.copy(), o.copy()


def summed(x):
    t = np.ones(3)
    y = summed_into(t, (t - x)) * 1.0
    return np.sum(y**2)


def summed_into_a_part(x):
    t = np.eye(3).sum(axis=1)
    t = summed_into(t[:], (t - x)) * 1.0
    return np.sum(t**2)


def put(x):
    o = np.zeros(3)
    put_into(o, [0, 2], x[:2])
    return np.sum(o**2)


def copied(x):
    o = np.zeros(3)
    copy_into(o, x)
    return np.sum(o**2)


def added_at_places(x):
    o = np.zeros(3)
    add_into(o, [0, 0, 1], x)
    return np.sum(o**2)


def filled_diagonal(x):
    o = np.zeros((3, 3))
    diag_into(o, x)
    return np.sum(o**2)


def multiplied(x):
    o = np.zeros(3)
    mul_into(o, x, 2.0)
    mul_into(o, o * x, x)
    return np.sum(o**2)


def masked(x):
    o = np.zeros(3)
    mask_into(o, x > 0.5, x)
    return np.sum(o**2)


def placed(x):
    o = np.zeros(3)
    place_into(o, x > 0.5, x[:2])
    return np.sum(o**2)


def put_along(x):
    o = np.zeros(3)
    along_into(o, np.array([0, 2]), x[:2])
    return np.sum(o**2)


def into_a_view(x):
    o = np.zeros(4)
    view_into(o, x)
    return np.sum(o**2)


def by_a_method(x):
    o = np.zeros(3)
    method_into(o, x)
    return np.sum(o**2)


def swapped(x):
    o = np.zeros(3)
    y = x * 1.0
    swap_into(o, y)
    return np.sum(o**2) + np.sum(y * x)


CASES = {
    name: [(V3,)]
    for name in (
        "summed summed_into_a_part put copied added_at_places filled_diagonal multiplied masked placed "
        "put_along into_a_view by_a_method swapped "
    ).split()
}
