def f(x):
    try:
        if x > 1.0:
            raise ValueError(x * x)
        y = 2.0 * x
    except ValueError as error:
        y = error.args[0] * 0.5
    return y
