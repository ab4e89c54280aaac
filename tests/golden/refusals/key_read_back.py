def f(x, y):
    counts = {}
    for v in x:
        counts[v] = 1.0
    return sum(k * y for k in counts)
