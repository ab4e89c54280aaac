from scipy.special import mathieu_a


def f(x):
    return mathieu_a(2, x)
