import math


def log_likelihood(observations, q, r):
    """The log-likelihood of a random walk seen with noise, by a Kalman filter."""
    x, p = 0.0, 1.0
    total = 0.0
    for z in observations:
        p = p + q
        s = p + r
        gain = p / s
        innovation = z - x
        total = total - 0.5 * (innovation**2 / s + math.log(s))
        x = x + gain * innovation
        p = (1 - gain) * p
    return total
