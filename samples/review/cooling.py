"""The temperature of a cup of coffee."""

import numpy as np


def temperature(times: np.ndarray, start: float, ambient: float, rate: float):
    """Return what Newton's law of cooling says."""
    return ambient + (start - ambient) * np.exp(-rate * times)
