import numpy as np
from jaxtyping import Float

Vec = Float[np.ndarray, "n"]


def scan(x: Vec, w: float):
    a = x.copy()
    s = 1.0
    for i in range(1, len(x)):
        a[i] = a[i - 1] * a[i] * w
        s = s * a[i]
    return s
