def f(x, n: int):
    match n:
        case 0:
            y = x
        case _:
            y = x * x
    return y
