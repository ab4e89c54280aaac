def doubled(v):
    v *= 2.0
    return 3.0


def f(x):
    n = int(doubled(x))
    return x * n
