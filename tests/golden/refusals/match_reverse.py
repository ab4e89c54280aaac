def f(x, shape: str):
    match shape.split():
        case [only]:
            y = x * len(only)
        case _:
            y = x * x
    return y
