def f(x):
    table = {}
    table["a"] = lambda v: v * x
    return table["a"](x)
