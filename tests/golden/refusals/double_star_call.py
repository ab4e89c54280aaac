def g(*a, **k):
    return a[0] * k['w']


def f(x, options):
    return g(x, **options)
