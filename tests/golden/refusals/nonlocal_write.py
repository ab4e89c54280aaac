def f(x):
    s = x

    def g():
        nonlocal s
        s = s * x
        return s

    return s + g()
