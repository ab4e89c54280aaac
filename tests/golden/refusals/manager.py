import contextlib


@contextlib.contextmanager
def counted(q):
    q.append(1)
    yield
    q.append(2)


def f(x):
    q = [0]
    with counted(q):
        y = x[q[-1]] ** 2
    return y * x[q[-1]]
