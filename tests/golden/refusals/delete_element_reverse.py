def f(x: float):
    parts = {"a": x, "b": x * x}
    same = parts
    del parts["a"]
    return same["b"]
