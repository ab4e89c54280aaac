import contextlib

import numpy as np


@contextlib.contextmanager
def quiet():
    with contextlib.suppress(TypeError):
        yield


def f(x, y, d):
    with quiet():
        e = d.copy()
        e["q"][1] = y * 3.0
    return np.sum(x) * y + np.sum(d["q"])
