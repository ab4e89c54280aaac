def f(x, y):
    low, high = sorted([x, y])
    return low * high
