def f(x: float):
    parts = {"a": x, "b": x * x}
    del parts["a"]
    return parts["b"]
