import numpy as np


def predict(parameters, x: np.ndarray):
    z = x * parameters["slope"] + parameters["offset"]
    return np.sum(np.sin(z))
