import numpy as np


def energy(x, amplitude, phase):
    """A wave and its slope, damped."""
    wave = amplitude * np.sin(x + phase) * np.exp(-x)
    slope = amplitude * np.cos(x + phase) * np.exp(-x) - wave
    return np.sum(wave**2 + slope**2)
