def f(x):
    return float(str(x))
