import mystery


@mystery.wrap
def f(x):
    return x * x
