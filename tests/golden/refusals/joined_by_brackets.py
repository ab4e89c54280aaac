import numpy as np


def f(x, y):
    return np.sum(np.r_[x, 0:3, y] ** 2)
