TABLE = [[1.0, 2.0], [3.0, 4.0]]


def f(x):
    t = TABLE
    t[0][0] = x
    y = TABLE[0][0] * x
    t[0][0] = 1.0
    return y
