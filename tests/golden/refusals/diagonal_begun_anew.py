import numpy as np


def f(x: np.ndarray):
    m = np.outer(x, x[:2])
    np.fill_diagonal(m, x, wrap=True)
    return m @ x[:2]
