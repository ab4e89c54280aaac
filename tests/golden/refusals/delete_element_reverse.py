def f(x):
    values = [x, x * x, 3.0]
    del values[0]
    return values[0]
