"""How far the model is from what was measured."""

import numpy as np
from cooling import temperature


def misfit(start: float, ambient: float, rate: float, times: np.ndarray, measured: np.ndarray):
    residuals = temperature(times, start, ambient, rate) - measured
    return np.mean(residuals**2)
