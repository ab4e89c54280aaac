"""A module whose functions are decorated: the tests import it, pickle from it, and look at what it got."""

import math

import numpy as np

import sct

RATE = 2.0


@sct.differentiate
def energy(x: float, y: float, *, scale: float = RATE) -> float:
    """Return an energy."""
    # A comment.
    return scale * later(x) * y  # the product


def later(x):
    return math.sin(x) * RATE


@sct.differentiate(wrt=("w", "b"))
def affine(x: np.ndarray, w: float, b: float):
    return np.sum(w * x + b)


@sct.differentiate
def pair(x: float):
    return x * x, 3.0 * x


class Model:
    @sct.differentiate(wrt="x")
    def cost(self, x: float):
        return x * x
