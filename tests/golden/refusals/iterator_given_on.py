def both(values):
    return sum(values) + max(values)


def f(x):
    return both(v * x for v in [1.0, 2.0])
