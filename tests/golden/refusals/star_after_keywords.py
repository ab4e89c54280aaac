def grown(v):
    v[0] = 2.0 * v[0]
    return v[0]


def weighted(*a, scale):
    return a[0] * scale + a[1]


def f(x):
    v = [x, x * x]
    return weighted(*reversed(v), scale=grown(v))
