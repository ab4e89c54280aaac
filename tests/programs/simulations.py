"""Simulations: bodies, fields, oscillators, as people write them."""

# ruff: noqa

import math
from collections import namedtuple
from typing import NamedTuple

import numpy as np

G = 6.674e-1
Body = namedtuple("Body", ["m", "pos", "vel"])


class State(NamedTuple):
    x: float
    v: float
    t: float = 0.0


def nbody_lists(masses, xs, ys, vxs, vys, steps: int = 3, dt=0.01):
    n = len(masses)
    xs, ys, vxs, vys = list(xs), list(ys), list(vxs), list(vys)
    for _ in range(steps):
        ax = [0.0] * n
        ay = [0.0] * n
        for i in range(n):
            for j in range(n):
                if i == j:
                    continue
                dx = xs[j] - xs[i]
                dy = ys[j] - ys[i]
                r2 = dx * dx + dy * dy + 0.01
                inv = masses[j] / (r2 * math.sqrt(r2))
                ax[i] += G * dx * inv
                ay[i] += G * dy * inv
        for i in range(n):
            vxs[i] += dt * ax[i]
            vys[i] += dt * ay[i]
            xs[i] += dt * vxs[i]
            ys[i] += dt * vys[i]
    energy = 0.0
    for m, u, w in zip(masses, vxs, vys):
        energy += 0.5 * m * (u**2 + w**2)
    return energy


def nbody_arrays(m, pos, vel, steps: int = 3, dt: float = 0.01):
    def acceleration(p):
        acc = np.zeros_like(p)
        for i in range(len(m)):
            for j in range(i):
                d = p[j] - p[i]
                r3 = (d @ d + 0.05) ** 1.5
                acc[i] += m[j] * d / r3
                acc[j] -= m[i] * d / r3
        return acc

    a = acceleration(pos)
    for _ in range(steps):
        vel = vel + 0.5 * dt * a
        pos = pos + dt * vel
        a = acceleration(pos)
        vel = vel + 0.5 * dt * a
    return np.sum(0.5 * m[:, None] * vel**2)


def leapfrog_pendulum(theta0, omega0, length=1.0, n: int = 10):
    g = 9.81
    h = 0.05
    theta, omega = theta0, omega0
    trajectory = [(theta, omega)]
    for _ in range(n):
        omega_half = omega - 0.5 * h * g / length * math.sin(theta)
        theta = theta + h * omega_half
        omega = omega_half - 0.5 * h * g / length * math.sin(theta)
        trajectory.append((theta, omega))
    total = 0.0
    for th, om in trajectory:
        total += 0.5 * length**2 * om**2 + g * length * (1 - math.cos(th))
    return total / len(trajectory)


def rk4_step(f, t, y, h, *params):
    k1 = f(t, y, *params)
    k2 = f(t + h / 2, [yi + h / 2 * ki for yi, ki in zip(y, k1)], *params)
    k3 = f(t + h / 2, [yi + h / 2 * ki for yi, ki in zip(y, k2)], *params)
    k4 = f(t + h, [yi + h * ki for yi, ki in zip(y, k3)], *params)
    return [yi + h / 6 * (a + 2 * b + 2 * c + d) for yi, a, b, c, d in zip(y, k1, k2, k3, k4)]


def van_der_pol(t, y, mu):
    x, v = y
    return [v, mu * (1 - x**2) * v - x]


def integrate_vdp(x0, v0, mu, n: int = 6):
    y = [x0, v0]
    t = 0.0
    while t < n * 0.1 - 1e-12:
        y = rk4_step(van_der_pol, t, y, 0.1, mu)
        t += 0.1
    return y[0] ** 2 + y[1]


def sir_model(beta, gamma, s0=0.99, i0=0.01, days: int = 20):
    s, i, r = s0, i0, 0.0
    peak = 0.0
    for day in range(days):
        new_infections = beta * s * i
        recoveries = gamma * i
        s -= new_infections
        i += new_infections - recoveries
        r += recoveries
        if i > peak:
            peak = i
    return peak, r


def projectile_with_drag(speed, angle, drag):
    vx = speed * math.cos(angle)
    vy = speed * math.sin(angle)
    x, y = 0.0, 0.0
    dt = 0.05
    while True:
        v = math.hypot(vx, vy)
        vx -= drag * v * vx * dt
        vy -= (9.81 + drag * v * vy) * dt
        xn = x + vx * dt
        yn = y + vy * dt
        if yn < 0:
            frac = y / (y - yn)
            return x + frac * (xn - x)
        x, y = xn, yn


def verlet_chain(k, x0, n: int = 4, steps: int = 5):
    dt = 0.1
    pos = np.linspace(0.0, 1.0, n) * x0
    prev = pos.copy()
    for step in range(steps):
        force = np.zeros(n)
        force[1:] += -k * (pos[1:] - pos[:-1] - 0.3)
        force[:-1] += k * (pos[1:] - pos[:-1] - 0.3)
        new = 2 * pos - prev + dt**2 * force
        prev, pos = pos, new
    return np.sum(pos**2)


def state_record(x0, k, c):
    s = State(x0, 0.0)
    for _ in range(8):
        a = -k * s.x - c * s.v
        s = State(s.x + 0.1 * s.v, s.v + 0.1 * a, s.t + 0.1)
    return s.x + s.v * s.t


def state_replace(x0, k):
    s = State(x=x0, v=1.0)
    for _ in range(4):
        s = s._replace(v=s.v - 0.1 * k * s.x)
        s = s._replace(x=s.x + 0.1 * s.v, t=s.t + 0.1)
    return s.x * s.v


def bodies_record(m1, m2, d):
    sun = Body(m1, 0.0, 0.0)
    planet = Body(m=m2, pos=d, vel=0.3)
    for _ in range(4):
        r = planet.pos - sun.pos
        f = G * sun.m * planet.m / r**2
        sun = Body(sun.m, sun.pos + 0.1 * sun.vel, sun.vel + 0.1 * f / sun.m)
        planet = Body(planet.m, planet.pos + 0.1 * planet.vel, planet.vel - 0.1 * f / planet.m)
    return planet.pos - sun.pos


def wave_equation(u0, c, steps: int = 4):
    n = u0.shape[0]
    dx, dt = 1.0 / n, 0.05
    u_prev = u0.copy()
    u = u0.copy()
    r = (c * dt / dx) ** 2
    for _ in range(steps):
        u_next = np.zeros(n)
        for i in range(1, n - 1):
            u_next[i] = 2 * u[i] - u_prev[i] + r * (u[i + 1] - 2 * u[i] + u[i - 1])
        u_prev = u
        u = u_next
    return np.sum(u * u)


def diffusion_2d(field, alpha, steps: int = 2):
    for _ in range(steps):
        new = field.copy()
        new[1:-1, 1:-1] = field[1:-1, 1:-1] + alpha * (
            field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2] - 4 * field[1:-1, 1:-1]
        )
        field = new
    return field.mean()


def ising_like(j, spins, h):
    rows, cols = len(spins), len(spins[0])
    e = 0.0
    for r in range(rows):
        for c in range(cols):
            s = spins[r][c]
            for dr, dc in ((0, 1), (1, 0)):
                e -= j * s * spins[(r + dr) % rows][(c + dc) % cols]
            e -= h * s
    return e


def lorenz_dict(sigma, rho, beta, steps: int = 10, dt=0.01):
    state = {"x": 1.0, "y": 1.0, "z": 1.0}
    for _ in range(steps):
        dx = sigma * (state["y"] - state["x"])
        dy = state["x"] * (rho - state["z"]) - state["y"]
        dz = state["x"] * state["y"] - beta * state["z"]
        state["x"] += dt * dx
        state["y"] += dt * dy
        state["z"] += dt * dz
    return sum(state.values())


def double_pendulum_energy(q, p):
    t1, t2 = q
    p1, p2 = p
    c = math.cos(t1 - t2)
    s2 = math.sin(t1 - t2) ** 2
    kinetic = (p1**2 + 2 * p2**2 - 2 * p1 * p2 * c) / (2 * (1 + s2))
    return kinetic - 2 * 9.81 * math.cos(t1) - 9.81 * math.cos(t2)


def euler_lagrange_relax(ends, n: int = 5, rate=0.2):
    a, b = ends
    path = [a + (b - a) * i / n for i in range(n + 1)]
    for sweep in range(3):
        for i in range(1, n):
            path[i] += rate * (path[i - 1] - 2 * path[i] + path[i + 1] - 0.1 * math.sin(path[i]))
    action = sum((path[i + 1] - path[i]) ** 2 for i in range(n))
    return action


def collision(m1, m2, v1, v2, restitution=0.9):
    assert m1 > 0 and m2 > 0, "masses must be positive"
    if v1 <= v2:
        return v1, v2
    total = m1 + m2
    u1 = (m1 * v1 + m2 * v2 + m2 * restitution * (v2 - v1)) / total
    u2 = (m1 * v1 + m2 * v2 + m1 * restitution * (v1 - v2)) / total
    return u1, u2


def bounce_count(h, e):
    t = 0.0
    g = 9.81
    bounces = 0
    v = math.sqrt(2 * g * h)
    t += v / g
    while v > 1.0:
        v *= e
        t += 2 * v / g
        bounces += 1
        if bounces >= 20:
            break
    else:
        t += 0.1 * v
    return t


def rk45_adaptive(y, k, tol: float = 1e-4):
    def f(t, u):
        return -k * u + math.sin(t)

    t, h, end = 0.0, 0.2, 1.0
    while t < end:
        h = min(h, end - t)
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h / 2 * k1)
        k3 = f(t + h, y - h * k1 + 2 * h * k2)
        second = y + h * k2
        third = y + h / 6 * (k1 + 4 * k2 + k3)
        err = abs(third - second)
        if err < tol:
            t += h
            y = third
            h *= 1.5
        else:
            h *= 0.5
    return y


def field_at(charges, where):
    ex = ey = 0.0
    px, py = where
    for q, (cx, cy) in charges:
        dx, dy = px - cx, py - cy
        r = (dx**2 + dy**2) ** 0.5
        ex += q * dx / r**3
        ey += q * dy / r**3
    return (ex, ey)


def coupled_oscillators(k, m, x):
    n = len(x)
    K = np.zeros((n, n))
    for i in range(n):
        K[i, i] = 2 * k[i]
        if i + 1 < n:
            K[i, i + 1] = -k[i]
            K[i + 1, i] = -k[i]
    a = -K.dot(x) / m
    return 0.5 * x @ K @ x + (a**2).sum()


V4 = np.array([0.3, -0.4, 0.8, 1.1])
CASES = {
    "nbody_lists": [([1.0, 2.0, 0.5], [0.0, 1.0, 0.3], [0.2, 0.1, 1.0], [0.1, 0.0, -0.2], [0.0, 0.3, 0.1])],
    "nbody_arrays": [
        (
            np.array([1.0, 2.0, 0.5]),
            np.array([[0.0, 0.2], [1.0, 0.1], [0.3, 1.0]]),
            np.array([[0.1, 0.0], [0.0, 0.3], [-0.2, 0.1]]),
        )
    ],
    "leapfrog_pendulum": [(0.5, 0.1)],
    "integrate_vdp": [(1.0, 0.2, 0.7)],
    "sir_model": [(0.5, 0.1)],
    "projectile_with_drag": [(10.0, 0.7, 0.02)],
    "verlet_chain": [(2.0, 1.3)],
    "state_record": [(1.0, 2.0, 0.3)],
    "state_replace": [(1.0, 2.0)],
    "bodies_record": [(2.0, 1.0, 1.5)],
    "wave_equation": [(np.array([0.0, 0.3, 0.9, 0.2, 0.0]), 0.7)],
    "diffusion_2d": [(np.arange(20.0).reshape(4, 5) ** 1.5 / 10, 0.1)],
    "ising_like": [(0.7, [[1, -1, 1], [1, 1, -1]], 0.2), (0.7, [[1.0, -1.0, 1.5], [1.0, 1.0, -1.0]], 0.2)],
    "lorenz_dict": [(10.0, 28.0, 8 / 3)],
    "double_pendulum_energy": [
        ([0.4, 0.9], [0.3, -0.2]),
        ((0.4, 0.9), (0.3, -0.2)),
        (np.array([0.4, 0.9]), np.array([0.3, -0.2])),
    ],
    "euler_lagrange_relax": [((0.2, 1.7),), ([0.2, 1.7],)],
    "collision": [(1.0, 2.0, 3.0, 0.5), (1.0, 2.0, 0.3, 0.5)],
    "bounce_count": [(2.0, 0.7), (2.0, 0.99)],
    "rk45_adaptive": [(1.0, 2.0)],
    "field_at": [([(1.0, (0.2, 0.3)), (-0.5, (1.0, -0.3))], (2.0, 1.5))],
    "coupled_oscillators": [(V4 + 2, V4**2 + 1, V4)],
}
