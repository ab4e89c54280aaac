import numpy as np
from jaxtyping import Float

Vec = Float[np.ndarray, "n"]


def logsumexp(x: Vec):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))
