def f(x, y):
    low, high = sorted([x, y], key=abs)
    return low * high
