"""What is raised on purpose in a loop, and caught around it: no try is left in reverse mode."""


def settled(x: float, rate: float):
    y = x
    try:
        for _ in range(20):
            step = rate * (y * y - 2.0)
            if step > 3.0:
                raise ValueError("diverged")
            y = y - step
    except ValueError:
        y = 0.5 * x
    return y * rate
