def f(x, values: list):
    try:
        values[3] = x * x
    except IndexError:
        values.append(x)
    return values[0] * x
