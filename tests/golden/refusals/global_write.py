K = 1.0


def f(x):
    global K
    K = x
    return K * x
