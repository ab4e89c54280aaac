def f(x):
    return x.real * x.weight
