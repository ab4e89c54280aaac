def f(x):
    it = iter([x, 2 * x])
    if x > 0:
        next(it)
    return next(it) * x
