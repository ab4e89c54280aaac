def f(x):
    exec('y = x')
    return x
