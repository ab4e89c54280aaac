"""Slices of lists that are replaced."""

# ruff: noqa
import numpy as np


def grows(xs):
    ys = list(xs)
    ys[:1] = [ys[0], 1.0]
    return sum((i + 1) * y for i, y in enumerate(ys))


def swapped_part(xs):
    ys = list(xs)
    ys[1:3] = [ys[2] * 2, ys[1] * 3]
    return ys[1] * ys[2] + ys[0]


def whole(xs, a):
    ys = [x * a for x in xs]
    ys[:] = [y * y + a for y in ys]
    return sum(ys)


def window(xs, k):
    ys = [x for x in xs]
    for i in range(len(ys) - 1):
        ys[i : i + 2] = [ys[i] + k * ys[i + 1], ys[i] * ys[i + 1]]
    return ys[-1] + ys[0]


def shrinks(xs):
    ys = list(xs)
    while len(ys) > 1:
        ys[-2:] = [ys[-1] * ys[-2] + 1.0]
    return ys[0]


def of_tuple(xs, a):
    ys = list(xs)
    ys[1:2] = a, a * a
    return ys[1] + ys[2] * ys[0]


S = [0.3, 1.2, -0.7, 0.9]
CASES = {n: [(S,)] for n in ("grows", "swapped_part", "shrinks")} | {
    n: [(S, 0.4)] for n in ("whole", "window", "of_tuple")
}
