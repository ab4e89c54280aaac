from math import exp


def first_above(x: float, rate: float, limit: float) -> float:
    """Grow until the limit is passed, ten times at most."""
    level = x
    for step in range(10):
        if level > limit:
            return level * exp(-rate * step)
        level = level * (1.0 + rate)
    return level
