def f(x):
    with open('f') as file:
        y = x * float(file.read())
    return y
