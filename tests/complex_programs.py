"""Programs of complex intermediates that are written in place, and of complex constants from outside."""

# ruff: noqa

import numpy as np

WEIGHTS = np.array([1j, 2.0, 0.5 - 1j])
TWICE = WEIGHTS * 2.0
HALF_TURN = np.pi * 1j
NOWHERE = None
TABLE = {"steering": np.array([1j, 2.0, -1j])}


def turned(v):
    v *= 1j


def shifted(v):
    return v + 1j


def sum_turned(x, y):
    z = x + 1j
    z *= 1j
    return np.abs(z + y)


def reversed_and_stored(x, y):
    z = (x + 0j)[::-1]
    z[0] = x[1] * 1j
    return np.abs(z + y)


def filled_and_stored(x, y):
    z = np.full(3, x[0] + 1j)
    z[1:] = y[1:] * 2j
    return np.abs(z + 1)


def member_turned(x, y):
    l = [x + 1j, y]
    l[0] *= 1j
    return np.abs(l[0] + y)


def turned_by_a_helper(x, y):
    z = x + 2j
    turned(z)
    return np.abs(z + y)


def result_turned(x, y):
    z = shifted(x)
    z *= 1j
    return np.abs(z + y)


def turned_in_a_loop(x, y):
    for z in (x + 1j, y * 1j):
        z *= 1j + 1
        x = x + np.abs(z)
    return x


def entry_turned(x, y):
    d = dict(z=x + 1j)
    d["z"] *= 1j
    return np.abs(d["z"] + y)


def real_part_stored(x, y):
    z = np.exp(1j * x)
    w = z.real
    w[0] = y[0]
    return np.abs(z + 1)


def imaginary_part_stored(x, y):
    z = x + 1j * y
    z.imag[0] = y[1]
    return np.abs(z)


def imaginary_part_scaled(x, y):
    z = np.exp(1j * x)
    w = z.imag
    w *= y
    return np.abs(z + 1)


def imaginary_part_before_a_write(x, y):
    z = np.exp(1j * x)
    t = z.imag
    s = t * y
    z *= 2.0
    return np.abs(z + 1) * s


def sum_of_turned(x, y):
    return np.abs(np.sum(x * 1j) + 1) * y


def trace_of_turned(x, y):
    return np.abs(np.trace(np.outer(x, y) * 1j) + 1) * y


def sums_of_turned(x, y):
    return np.abs(np.sum(np.outer(x, y) * 1j, axis=0) + 1) * y


def chosen_of_turned(x, y):
    z = np.where(x > 0, x * 1j, y)
    z = z + 0
    z *= x + 1j
    return np.imag(z)


def complex_identity(x, y):
    z = np.identity(3, complex) @ x
    return np.linalg.norm(z * 1j) * y


def complex_dtype_by_name(x, y):
    c = np.array([1.0, 2.0, 3.0], dtype="complex")
    z = c * x
    z[0] = z[1] * 1j
    return np.abs(z + y)


def complex_global(x, y):
    return np.abs(WEIGHTS * x) * y


def complex_global_made_of_another(x, y):
    return np.linalg.norm(TWICE * x) * np.abs(np.exp(HALF_TURN * y))


def complex_entry_of_a_global(x, y):
    return np.abs(TABLE["steering"] * x) * y


def complex_result_of_a_library(x, y):
    c = np.linalg.eig(np.array([[0.0, 1.0], [-1.0, 0.0]]))[0]
    return np.abs(c[0] * x) * y


def complex_parameter(x, y, c):
    return np.abs(c * x) * y


def entry_that_is_missing(x, y):
    if x[0] > 5.0:
        return np.abs(TABLE["missing"] * x)
    return np.abs(x) * y


def entry_that_is_caught(x, y):
    try:
        c = TABLE["missing"]
    except KeyError:
        c = 3.0
    return np.abs(c * x) * y


def attribute_of_what_is_not_there(x, y):
    w = NOWHERE.weight if NOWHERE is not None else 2.0
    return np.abs(w * x) * y


def attribute_that_is_asked_for(x, y):
    if NOWHERE is not None and NOWHERE.weight > 0.0:
        x = x * NOWHERE.weight
    return np.abs(x) * y


def real_result_of_a_library(x, y):
    c = np.linalg.eig(np.array([[2.0, 1.0], [1.0, 2.0]]))[0]
    return np.abs(c[0] * x) * y


def diagonal_of_a_product(x, y):
    a = np.diag(np.outer(x, y), 1) * 1.0
    a[1:] += x[0]
    return a


def diagonal_scaled(x, y):
    a = np.diagonal(np.outer(x, y)) * 1.0
    a *= y
    return a


def real_part_read_last(x, y):
    z = np.zeros(3, dtype=complex)
    z[...] = x * 1j
    z -= 1j * z
    return np.real(-z) * y


def real_part_of_what_is_turned(x, y):
    z = np.array([1j, 2.0, 3.0]) * x
    z[0] = y[0]
    z[1:] *= 1j
    return np.real(-2 * z) * y
