"""Integrations in time, in plain floats and in arrays."""

# ruff: noqa

import math

import numpy as np


def lorenz(x, y, z, sigma=10.0, rho=28.0, beta=8.0 / 3.0, steps: int = 20, dt: float = 0.01):
    for _ in range(steps):
        dx = sigma * (y - x)
        dy = x * (rho - z) - y
        dz = x * y - beta * z
        x = x + dt * dx
        y = y + dt * dy
        z = z + dt * dz
    return x * x + y * y + z


def euler_tuple(x, v, k, n: int = 10):
    for i in range(n):
        x, v = x + 0.1 * v, v - 0.1 * k * x
    return x, v


def pendulum_leapfrog(theta, omega, length: float = 1.0, n: int = 10):
    h = 0.05
    for _ in range(n):
        omega += -0.5 * h * 9.81 / length * math.sin(theta)
        theta += h * omega
        omega += -0.5 * h * 9.81 / length * math.sin(theta)
    return theta


def rk4_system(state, params, n: int = 4):
    h = 0.1
    for _ in range(n):
        k1 = predator_prey(state, params)
        k2 = predator_prey(state + 0.5 * h * k1, params)
        k3 = predator_prey(state + 0.5 * h * k2, params)
        k4 = predator_prey(state + h * k3, params)
        state = state + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
    return state


def predator_prey(s, p):
    return np.array([p[0] * s[0] - p[1] * s[0] * s[1], p[2] * s[0] * s[1] - p[3] * s[1]])


def heat_equation(u, alpha, n: int = 5):
    u = u.copy()
    for _ in range(n):
        u[1:-1] = u[1:-1] + alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def heat_in_place(u, alpha, n: int = 3):
    for _ in range(n):
        u[1:-1] += alpha * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


def wave_loops(u0, c, n: int = 4):
    m = len(u0)
    old = u0.copy()
    cur = u0.copy()
    new = np.zeros(m)
    for _ in range(n):
        for i in range(1, m - 1):
            new[i] = 2 * cur[i] - old[i] + c**2 * (cur[i + 1] - 2 * cur[i] + cur[i - 1])
        old[:] = cur
        cur[:] = new
    return cur @ cur


def adaptive_step(y, rate, end=1.0, tol=1e-2):
    t = 0.0
    h = 0.3
    rejected = 0
    while t < end:
        if t + h > end:
            h = end - t
        full = y + h * (-rate * y)
        half = y + 0.5 * h * (-rate * y)
        two = half + 0.5 * h * (-rate * half)
        if abs(two - full) > tol:
            h = h / 2
            rejected += 1
            continue
        y = two
        t = t + h
        h = min(h * 1.5, 0.3)
    return y


def bouncing_ball(height, restitution):
    y, v, t = height, 0.0, 0.0
    bounces = 0
    for _ in range(60):
        v = v - 9.81 * 0.02
        y = y + v * 0.02
        if y < 0:
            y = -y
            v = -restitution * v
            bounces += 1
            if bounces == 3:
                break
    return y + v


def n_body(positions, velocities, masses, n: int = 2):
    for _ in range(n):
        forces = np.zeros_like(positions)
        for i in range(len(masses)):
            for j in range(len(masses)):
                if i == j:
                    continue
                d = positions[j] - positions[i]
                r2 = np.dot(d, d) + 0.1
                forces[i] += masses[i] * masses[j] * d / r2**1.5
        velocities = velocities + 0.1 * forces / masses[:, None]
        positions = positions + 0.1 * velocities
    return positions


def trajectory_cost(controls, x0):
    x = x0
    cost = 0.0
    for u in controls:
        x = 0.9 * x + math.sin(x) * 0.1 + u
        cost += x**2 + 0.1 * u**2
    return cost


def kalman(z, q, r):
    x, p = 0.0, 1.0
    log_likelihood = 0.0
    for t in range(len(z)):
        p = p + q
        s = p + r
        innovation = z[t] - x
        log_likelihood -= 0.5 * (math.log(2 * math.pi * s) + innovation**2 / s)
        gain = p / s
        x = x + gain * innovation
        p = (1 - gain) * p
    return log_likelihood


def recurrent_array(x, w, b):
    h = np.zeros(2)
    outputs = np.zeros((len(x), 2))
    for t in range(len(x)):
        h = np.tanh(w @ h + b * x[t])
        outputs[t] = h
    return outputs


V5 = np.array([0.1, 0.7, 1.4, 0.2, -0.3])
M22 = np.array([[0.3, -1.2], [0.7, 0.4]])
CASES = {
    "lorenz": [(1.0, 0.5, 20.0), (1.0, 0.5, 20.0, 9.0, 27.0, 2.5, 0)],
    "euler_tuple": [(1.0, 0.3, 2.0)],
    "pendulum_leapfrog": [(1.0, 0.3)],
    "rk4_system": [(np.array([1.0, 0.6]), np.array([1.1, 0.4, 0.3, 0.8]))],
    "heat_equation": [(V5, 0.2)],
    "heat_in_place": [(V5, 0.2)],
    "wave_loops": [(V5, 0.6)],
    "adaptive_step": {"args": [(1.0, 2.3)], "wrt": (0, 1)},
    "bouncing_ball": [(0.5, 0.8)],
    "n_body": [(np.array([[0.0, 0.1], [1.0, 0.3], [0.4, 1.2]]), np.ones((3, 2)) * 0.2, np.array([1.0, 2.0, 0.5]))],
    "trajectory_cost": [([0.1, -0.2, 0.3], 1.0), (V5, 0.4)],
    "kalman": [(V5, 0.1, 0.5)],
    "recurrent_array": [(V5[:3], M22, np.array([0.4, 0.9]))],
}
