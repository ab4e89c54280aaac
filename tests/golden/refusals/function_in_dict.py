def f(x):
    table = {'a': lambda v: v * x}
    return table['a'](x)
