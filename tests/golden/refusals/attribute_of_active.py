def f(x):
    return x.weight * x
