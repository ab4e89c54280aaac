class Careless:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def f(x):
    with Careless():
        y = x * 2.0
    return y
