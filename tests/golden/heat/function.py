import numpy as np


def heat(u: np.ndarray, alpha: float, steps: int = 3):
    """The energy that is left after explicit steps of the heat equation."""
    u = u.copy()
    for _ in range(steps):
        # the ends are held
        u[1:-1] = u[1:-1] + alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)
