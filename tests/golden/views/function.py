import numpy as np


def smooth(x: np.ndarray, w: float):
    y = x * x
    inner = y[1:-1]
    inner *= w
    row = y
    row[0] = row[1] * row[2]
    return y
