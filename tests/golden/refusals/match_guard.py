def f(x, pair: tuple):
    match pair:
        case [a, b] if a > b:
            y = x * a
        case _:
            y = x
            a = 0.0
    return y * a
