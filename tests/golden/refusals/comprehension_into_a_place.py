def f(x):
    z = [1.0, 2.0]
    y = [v * z[0] for z[0] in (x, 2 * x)]
    return y[0] * y[1]
