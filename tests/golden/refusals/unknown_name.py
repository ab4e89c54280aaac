def f(x):
    return mystery(x)
