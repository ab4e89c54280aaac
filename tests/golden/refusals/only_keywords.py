def f(**values):
    return values['x'] * values['x']
