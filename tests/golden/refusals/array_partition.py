import numpy as np


def f(x: np.ndarray):
    y = x * 2.0
    y.partition(1)
    return y[0]
