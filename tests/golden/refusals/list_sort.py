def f(x):
    values = [x, 2 * x]
    values.sort()
    return values[0]
