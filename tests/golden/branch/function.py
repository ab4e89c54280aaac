def branch(x: float):
    if x > 0.0:
        y = x * x
    else:
        y = -x
    return y
