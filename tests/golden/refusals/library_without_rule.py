from scipy.special import airy


def f(x):
    return airy(x)
