def f(x):
    s = x
    def g():
        nonlocal s
        s = s * x
    g()
    return s
