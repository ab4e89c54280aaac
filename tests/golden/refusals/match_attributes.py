from shapes import Circle


def f(x, shape):
    match shape:
        case Circle(radius):
            y = x * radius
        case _:
            y = x * x
    return y
