from scipy.special import jv


def f(x):
    return jv(1, x)
