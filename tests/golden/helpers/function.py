import math


def shifted(r, theta, shift=0.5):
    """Polar to Cartesian, a little turned."""
    angle = theta + shift
    return r * math.cos(angle), r * math.sin(angle)


def area(r, theta):
    x, y = shifted(r, theta)
    u, v = shifted(theta, r, shift=1.0)
    return norm(x, y) * u - v


def norm(x, y):
    return math.sqrt(x * x + y * y)
