"""The gradients as a careful human writes them, in the style of the functions: the measure of generated code."""

from math import cos, exp, sin, sqrt

import numpy as np


def classic(x1, x2):
    return x2 + cos(x1), x1


def lorenz(x, y, z, sigma, rho, beta):
    dt = 0.005
    tape = []
    for _ in range(1000):
        tape.append((x, y, z))
        dx = sigma * (y - x)
        dy = x * (rho - z) - y
        dz = x * y - beta * z
        x = x + dt * dx
        y = y + dt * dy
        z = z + dt * dz

    x_bar = 2 * x
    y_bar = 2 * y
    z_bar = 2 * z
    sigma_bar = rho_bar = beta_bar = 0.0
    for _ in range(1000):
        x, y, z = tape.pop()
        dx_bar = dt * x_bar
        dy_bar = dt * y_bar
        dz_bar = dt * z_bar
        sigma_bar += (y - x) * dx_bar
        rho_bar += x * dy_bar
        beta_bar -= z * dz_bar
        sx_bar = sigma * dx_bar
        x_bar += (rho - z) * dy_bar + y * dz_bar - sx_bar
        y_bar += sx_bar + x * dz_bar - dy_bar
        z_bar -= x * dy_bar + beta * dz_bar
    return x_bar, y_bar, z_bar, sigma_bar, rho_bar, beta_bar


def rosenbrock(x):
    x_bar = np.zeros_like(x)
    for i in range(len(x) - 2, -1, -1):
        xi = x[i]
        t = 200.0 * (x[i + 1] - xi**2)
        x_bar[i + 1] += t
        x_bar[i] -= 2 * xi * t + 2 * (1.0 - xi)
    return x_bar


def mlp(x, y, w1, b1, w2, b2, w3, b3, w4, b4, w5, b5):
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    h3 = np.tanh(h2 @ w3 + b3)
    h4 = np.tanh(h3 @ w4 + b4)
    r = h4 @ w5 + b5 - y

    r_bar = r * (2 / r.size)
    b5_bar = np.sum(r_bar, axis=0)
    w5_bar = h4.T @ r_bar
    a_bar = (1 - h4**2) * (r_bar @ w5.T)
    b4_bar = np.sum(a_bar, axis=0)
    w4_bar = h3.T @ a_bar
    a_bar = (1 - h3**2) * (a_bar @ w4.T)
    b3_bar = np.sum(a_bar, axis=0)
    w3_bar = h2.T @ a_bar
    a_bar = (1 - h2**2) * (a_bar @ w3.T)
    b2_bar = np.sum(a_bar, axis=0)
    w2_bar = h1.T @ a_bar
    a_bar = (1 - h1**2) * (a_bar @ w2.T)
    b1_bar = np.sum(a_bar, axis=0)
    w1_bar = x.T @ a_bar
    return w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar, w4_bar, b4_bar, w5_bar, b5_bar


def mixture(x, logits, means, log_scales):
    m = np.max(logits)
    weights = np.exp(logits - m)
    total = np.sum(weights)
    log_weights = logits - m - np.log(total)
    inverse = np.exp(-log_scales)
    squared = inverse**2
    d = x.shape[1]
    x2 = x**2
    centred = means * inverse
    quadratic = x2 @ squared.T - 2.0 * x @ (means * squared).T + np.sum(centred**2, axis=1)
    a = log_weights - np.sum(log_scales, axis=1) - 0.5 * d * np.log(2.0 * np.pi) - 0.5 * quadratic
    top = np.max(a, axis=1, keepdims=True)
    e = np.exp(a - top)

    a_bar = e / np.sum(e, axis=1, keepdims=True)
    sums = np.sum(a_bar, axis=0)
    logits_bar = sums - weights * (np.sum(sums) / total)
    squared_bar = -0.5 * (a_bar.T @ x2)
    product_bar = a_bar.T @ x
    centred_bar = -sums[:, None] * centred
    means_bar = product_bar * squared + centred_bar * inverse
    squared_bar = squared_bar + product_bar * means
    inverse_bar = 2 * inverse * squared_bar + centred_bar * means
    log_scales_bar = -inverse * inverse_bar - sums[:, None]
    return logits_bar, means_bar, log_scales_bar


def flat(x):
    """The chain of twenty steps; also what twenty nested calls should cost."""
    tape = []
    for _ in range(20):
        tape.append(x)
        x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x_bar = 1.0
    for _ in range(20):
        x = tape.pop()
        x_bar = (x / sqrt(x * x + 1.0) - 0.5 * exp(-x) * (cos(x) - sin(x))) * x_bar
    return x_bar
