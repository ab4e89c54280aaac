import sys

if sys.argv:
    K = 2.0
else:
    K = 3.0


def f(x):
    return K * x
