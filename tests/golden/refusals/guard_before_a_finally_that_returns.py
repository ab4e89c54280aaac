import numpy as np


def f(x, y, d):
    s = 0.0
    try:
        e = d.copy()
        e["q"][1] = y * 3.0
        s = y
    finally:
        return np.sum(x) * y + np.sum(d["q"]) + s
