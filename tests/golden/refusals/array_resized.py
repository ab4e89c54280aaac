import numpy as np


def f(x: np.ndarray):
    y = x * 2.0
    y.resize(2)
    return y[0]
