import numpy as np


def rosenbrock(x: np.ndarray) -> float:
    """The valley of Rosenbrock, in as many dimensions as `x` has."""
    total = 0.0
    for i in range(len(x) - 1):
        # how far this point is from the floor of the valley
        gap = x[i + 1] - x[i] ** 2
        total += 100.0 * gap**2 + (1.0 - x[i]) ** 2
    return total
