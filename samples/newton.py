def root(a: float, start: float = 1.0) -> float:
    """The square root of `a`, by Newton's method."""
    x = start
    while abs(x * x - a) > 1e-12:
        x = 0.5 * (x + a / x)
    return x
