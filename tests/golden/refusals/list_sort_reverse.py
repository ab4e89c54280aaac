def f(xs: list, x: float):
    xs.append(x)
    alias = xs
    alias.sort(reverse=True)
    return xs[0] * x
