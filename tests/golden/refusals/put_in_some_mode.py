import numpy as np


def f(x: np.ndarray, mode: str):
    y = x * 2.0
    np.put(y, [0, 7], x[:2], mode=mode)
    return y[0]
