"""Functions and constants that other files of the corpus import."""

# ruff: noqa

import math

import numpy as np

LEAK = 0.01
WEIGHTS = np.array([0.2, 0.3, 0.5])
_HIDDEN = 2.0


def softplus(x):
    return math.log(1.0 + math.exp(x))


def leaky(x, slope=LEAK):
    return x if x > 0 else slope * x


def weighted(v):
    return np.sum(WEIGHTS * v) * _HIDDEN


def split_sum_product(a, b):
    return a + b, a * b


def scale_in_place(v, factor):
    for i in range(len(v)):
        v[i] *= factor
    return None


def compose_here(x):
    """Call a neighbour that is defined further down."""
    return late(x) + softplus(x)


def late(x):
    return x**2 + LEAK


class Unit:
    """A class that the corpus never differentiates, as modules have."""

    name = "unit"
