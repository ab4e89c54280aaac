def doubled(v):
    v *= 2.0
    return v


def f(x):
    try:
        y = doubled(x) + 1.0
        if x[0] > 9.0:
            raise ValueError("large")
    except ValueError:
        pass
    return x * x
