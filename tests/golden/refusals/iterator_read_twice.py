def f(x):
    parts = (v * x for v in [1.0, 2.0])
    return sum(parts) + max(parts)
