def f(x, values: list):
    try:
        values.pop(3)
        values[0] = x * x
    except IndexError:
        values.append(x)
    return values[0] * x
