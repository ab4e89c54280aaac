import numpy as np


def f(x):
    return np.linalg.norm(np.exp(1j * x), 1)
