"""The functions that are measured, with annotations."""

from math import exp, sin, sqrt

import numpy as np


def classic(x1: float, x2: float) -> float:
    w3 = x1 * x2
    w4 = sin(x1)
    w5 = w3 + w4
    return w5


def lorenz(x: float, y: float, z: float, sigma: float, rho: float, beta: float) -> float:
    dt = 0.005
    for _ in range(1000):
        dx = sigma * (y - x)
        dy = x * (rho - z) - y
        dz = x * y - beta * z
        x = x + dt * dx
        y = y + dt * dy
        z = z + dt * dz
    return x * x + y * y + z * z


def rosenbrock(x: np.ndarray) -> float:
    s = 0.0
    for i in range(len(x) - 1):
        s = s + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def mlp(
    x: np.ndarray,
    y: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
    w3: np.ndarray,
    b3: np.ndarray,
    w4: np.ndarray,
    b4: np.ndarray,
    w5: np.ndarray,
    b5: np.ndarray,
) -> float:
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    h3 = np.tanh(h2 @ w3 + b3)
    h4 = np.tanh(h3 @ w4 + b4)
    r = h4 @ w5 + b5 - y
    return np.mean(r**2)


def mixture(
    x: np.ndarray,
    logits: np.ndarray,
    means: np.ndarray,
    log_scales: np.ndarray,
) -> float:
    m = np.max(logits)
    log_weights = logits - m - np.log(np.sum(np.exp(logits - m)))
    inverse = np.exp(-log_scales)
    d = x.shape[1]
    quadratic = (x**2) @ (inverse**2).T - 2.0 * x @ (means * inverse**2).T + np.sum((means * inverse) ** 2, axis=1)
    a = log_weights - np.sum(log_scales, axis=1) - 0.5 * d * np.log(2.0 * np.pi) - 0.5 * quadratic
    top = np.max(a, axis=1, keepdims=True)
    e = np.exp(a - top)
    return np.sum(top[:, 0] + np.log(np.sum(e, axis=1)))


def flat(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return x


def call1(x: float) -> float:
    return sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)


def call2(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call1(x)


def call3(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call2(x)


def call4(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call3(x)


def call5(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call4(x)


def call6(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call5(x)


def call7(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call6(x)


def call8(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call7(x)


def call9(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call8(x)


def call10(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call9(x)


def call11(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call10(x)


def call12(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call11(x)


def call13(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call12(x)


def call14(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call13(x)


def call15(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call14(x)


def call16(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call15(x)


def call17(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call16(x)


def call18(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call17(x)


def call19(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call18(x)


def call20(x: float) -> float:
    x = sqrt(x * x + 1.0) - 0.5 * exp(-x) * sin(x)
    return call19(x)
