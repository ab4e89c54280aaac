"""Integrators and simulations, as people write them."""

# ruff: noqa

import math
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

G = 9.81
MASSES = (1.0, 0.5, 0.25)


def dict_state(v0, k):
    state = {"x": 0.0, "v": v0}
    dt = 0.1
    for _ in range(5):
        a = -k * state["x"]
        state["v"] += dt * a
        state["x"] += dt * state["v"]
    return state["x"]


def dict_state_arrays(x0, v0, k):
    state = {"x": x0, "v": v0}
    dt = 0.1
    for _ in range(4):
        state["v"] = state["v"] - dt * k * state["x"]
        state["x"] = state["x"] + dt * state["v"]
    return np.sum(state["x"] ** 2)


def dict_state_arrays_inplace(x0, v0, k):
    state = {"x": x0.copy(), "v": v0.copy()}
    dt = 0.1
    for _ in range(4):
        state["v"] -= dt * k * state["x"]
        state["x"] += dt * state["v"]
    return np.sum(state["x"] ** 2)


def dict_state_helper(x0, k):
    state = {"x": x0, "v": 0.0, "t": 0.0}
    for _ in range(5):
        state = advance(state, k, 0.1)
    return state["x"], state["v"]


def advance(state, k, dt):
    a = -k * state["x"] + math.cos(state["t"])
    return {"x": state["x"] + dt * state["v"], "v": state["v"] + dt * a, "t": state["t"] + dt}


def dict_state_helper_inplace(x0, k):
    state = {"x": x0, "v": 0.0}
    for _ in range(5):
        kick(state, k, 0.1)
        drift(state, 0.1)
    return state["x"]


def kick(state, k, dt):
    state["v"] += -k * state["x"] * dt


def drift(state, dt):
    state["x"] += state["v"] * dt


@dataclass
class Particle:
    x: float
    v: float
    m: float = 1.0


def dataclass_state(x0, v0, k):
    p = Particle(x0, v0)
    for _ in range(5):
        p.v += -k * p.x / p.m * 0.1
        p.x += p.v * 0.1
    return 0.5 * p.m * p.v**2 + 0.5 * k * p.x**2


class Body(NamedTuple):
    pos: float
    vel: float


def namedtuple_state(x, v):
    b = Body(x, v)
    for _ in range(4):
        b = Body(pos=b.pos + 0.1 * b.vel, vel=b.vel - 0.1 * b.pos)
    return b.pos * b.vel


def verlet(x, v, dt, steps: int = 6):
    a = -x
    xs = [x]
    for _ in range(steps):
        x = x + v * dt + 0.5 * a * dt**2
        a_new = -x - 0.1 * x**3
        v += 0.5 * (a + a_new) * dt
        a = a_new
        xs.append(x)
    return sum(xs) / len(xs)


def rk4_lists(y0, mu):
    def f(t, y):
        return [y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]]

    t, h, y = 0.0, 0.05, list(y0)
    for _ in range(6):
        k1 = f(t, y)
        k2 = f(t + h / 2, [a + h / 2 * b for a, b in zip(y, k1)])
        k3 = f(t + h / 2, [a + h / 2 * b for a, b in zip(y, k2)])
        k4 = f(t + h, [a + h * b for a, b in zip(y, k3)])
        y = [a + h / 6 * (p + 2 * q + 2 * r + s) for a, p, q, r, s in zip(y, k1, k2, k3, k4)]
        t += h
    return y


def rk45_adaptive(y0, lam, t_end=1.0, tol=1e-3):
    f = lambda t, y: -lam * y + np.sin(t)
    t, y, h = 0.0, y0, 0.2
    accepted = 0
    while t < t_end:
        h = min(h, t_end - t)
        k1 = f(t, y)
        k2 = f(t + h, y + h * k1)
        err = abs(h * (k2 - k1) / 2)
        if err > tol:
            h *= 0.5
            continue
        y = y + h * (k1 + k2) / 2
        t += h
        accepted += 1
        h *= 1.5
    return y


def n_body(pos, vel, masses, steps: int = 3, dt=0.01):
    n = len(masses)
    pos = pos.copy()
    vel = vel.copy()
    for _ in range(steps):
        acc = np.zeros_like(pos)
        for i in range(n):
            for j in range(n):
                if i == j:
                    continue
                d = pos[j] - pos[i]
                acc[i] += masses[j] * d / (np.linalg.norm(d) ** 3 + 1e-3)
        vel += dt * acc
        pos += dt * vel
    kinetic = 0.5 * np.sum(masses[:, None] * vel**2)
    return kinetic


def double_pendulum(th1, th2, w1, w2, *, L1=1.0, L2=0.8, m1=1.0, m2=0.7):
    y = np.array([th1, w1, th2, w2])
    for _ in range(3):
        y = y + 0.01 * _pendulum_rhs(y, L1, L2, m1, m2)
    return y[0] + y[2]


def _pendulum_rhs(y, L1, L2, m1, m2):
    a, wa, b, wb = y
    d = a - b
    den = 2 * m1 + m2 - m2 * np.cos(2 * d)
    da = (
        -G * (2 * m1 + m2) * np.sin(a)
        - m2 * G * np.sin(a - 2 * b)
        - 2 * np.sin(d) * m2 * (wb**2 * L2 + wa**2 * L1 * np.cos(d))
    ) / (L1 * den)
    db = (2 * np.sin(d) * (wa**2 * L1 * (m1 + m2) + G * (m1 + m2) * np.cos(a) + wb**2 * L2 * m2 * np.cos(d))) / (
        L2 * den
    )
    return np.array([wa, da, wb, db])


def bounce(h, e):
    v = 0.0
    bounces = 0
    t = 0.0
    dt = 0.02
    while bounces < 2 and t < 3.0:
        v -= G * dt
        h += v * dt
        if h < 0:
            h = -h * e
            v = -v * e
            bounces += 1
        t += dt
    return h + 0.1 * v


def projectile_drag(v0, angle, c):
    vx, vy = v0 * math.cos(angle), v0 * math.sin(angle)
    x = y = 0.0
    dt = 0.01
    while True:
        speed = math.sqrt(vx * vx + vy * vy)
        vx, vy = vx - c * speed * vx * dt, vy - (G + c * speed * vy) * dt
        x_new, y_new = x + vx * dt, y + vy * dt
        if y_new < 0.0:
            frac = y / (y - y_new)
            return x + frac * (x_new - x)
        x, y = x_new, y_new


def springs_network(x, edges, k):
    energy = 0.0
    for i, j, rest in edges:
        stretch = abs(x[j] - x[i]) - rest
        energy += 0.5 * k * stretch**2
    return energy


def forces_by_pairs(x, k):
    f = [0.0] * len(x)
    for i in range(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            fij = k * d / (1 + d * d)
            f[i] -= fij
            f[j] += fij
    return f


def lotka_volterra(u0, alpha, beta, delta, gamma, steps: int = 10):
    prey, pred = u0
    out = []
    for _ in range(steps):
        prey, pred = prey + 0.05 * (alpha * prey - beta * prey * pred), pred + 0.05 * (
            delta * prey * pred - gamma * pred
        )
        out.append((prey, pred))
    return out[-1]


def heat_explicit(u, alpha):
    u = u.copy()
    for _ in range(3):
        new = u.copy()
        for i in range(1, len(u) - 1):
            new[i] = u[i] + alpha * (u[i - 1] - 2 * u[i] + u[i + 1])
        u = new
    return u


def heat_swap_buffers(u, alpha):
    a = u.copy()
    b = np.zeros_like(a)
    for _ in range(4):
        b[0], b[-1] = a[0], a[-1]
        b[1:-1] = a[1:-1] + alpha * (a[:-2] - 2 * a[1:-1] + a[2:])
        a, b = b, a
    return a


def wave_2d(u, c):
    prev = u.copy()
    cur = u.copy()
    for _ in range(2):
        lap = np.zeros_like(u)
        lap[1:-1, 1:-1] = cur[2:, 1:-1] + cur[:-2, 1:-1] + cur[1:-1, 2:] + cur[1:-1, :-2] - 4 * cur[1:-1, 1:-1]
        nxt = 2 * cur - prev + c**2 * lap
        nxt[0, :] = nxt[-1, :] = 0.0
        nxt[:, 0] = nxt[:, -1] = 0.0
        prev, cur = cur, nxt
    return cur


def burgers(u, nu, dx, dt):
    u = list(u)
    n = len(u)
    for _ in range(3):
        un = u[:]
        for i in range(n):
            im, ip = (i - 1) % n, (i + 1) % n
            u[i] = un[i] - un[i] * dt / dx * (un[i] - un[im]) + nu * dt / dx**2 * (un[ip] - 2 * un[i] + un[im])
    return u


def lattice_energy(spins, J, h):
    rows, cols = spins.shape
    e = 0.0
    for r in range(rows):
        for c in range(cols):
            e -= J * spins[r, c] * (spins[(r + 1) % rows, c] + spins[r, (c + 1) % cols])
            e -= h * spins[r, c]
    return e


def kepler_newton(M, ecc):
    E = M if ecc < 0.8 else math.pi
    for _ in range(50):
        dE = (E - ecc * math.sin(E) - M) / (1 - ecc * math.cos(E))
        E -= dE
        if abs(dE) < 1e-12:
            break
    return E


def quaternion_rotate(q, v):
    w, x, y, z = q
    n = math.sqrt(sum(c * c for c in q))
    w, x, y, z = w / n, x / n, y / n, z / n
    vx, vy, vz = v
    tx, ty, tz = 2 * (y * vz - z * vy), 2 * (z * vx - x * vz), 2 * (x * vy - y * vx)
    return (vx + w * tx + y * tz - z * ty, vy + w * ty + z * tx - x * tz, vz + w * tz + x * ty - y * tx)


V3 = np.array([0.4, 1.3, -2.2])
P = np.array([[0.0, 0.1], [1.0, 0.2], [0.3, 1.1]])
CASES = {
    "dict_state": [(1.0, 2.0)],
    "dict_state_arrays": [(V3, V3 + 1, 2.0), (1.0, 0.5, 2.0)],
    "dict_state_arrays_inplace": [(V3, V3 + 1, 2.0)],
    "dict_state_helper": [(1.0, 2.0)],
    "dict_state_helper_inplace": [(1.0, 2.0)],
    "dataclass_state": [(1.0, 0.5, 2.0)],
    "namedtuple_state": [(1.0, 0.5)],
    "verlet": [(1.0, 0.5, 0.1)],
    "rk4_lists": [([1.0, 0.5], 0.8)],
    "rk45_adaptive": {"args": [(1.0, 2.0)], "wrt": (0, 1)},
    "n_body": [(P, P[::-1] * 0.3, np.array(MASSES))],
    "double_pendulum": [(0.3, 0.4, 0.1, -0.2)],
    "bounce": [(1.0, 0.8)],
    "projectile_drag": [(10.0, 0.7, 0.05)],
    "springs_network": {"args": [(V3, [(0, 1, 0.5), (1, 2, 1.0), (0, 2, 0.2)], 2.0)], "wrt": (0, 2)},
    "forces_by_pairs": [([0.4, 1.3, -2.2], 2.0), (V3, 2.0)],
    "lotka_volterra": [((1.0, 0.5), 1.1, 0.4, 0.1, 0.4), ([1.0, 0.5], 1.1, 0.4, 0.1, 0.4)],
    "heat_explicit": [(np.linspace(0, 1, 6) ** 2, 0.2)],
    "heat_swap_buffers": [(np.linspace(0, 1, 6) ** 2, 0.2)],
    "wave_2d": [(np.sin(np.arange(25.0)).reshape(5, 5), 0.4)],
    "burgers": [([1.0, 0.5, 0.2, 0.8], 0.1, 0.5, 0.05)],
    "lattice_energy": [(np.sin(np.arange(9.0)).reshape(3, 3), 0.4, 0.1)],
    "kepler_newton": [(1.2, 0.3)],
    "quaternion_rotate": [((0.9, 0.1, 0.3, -0.2), (1.0, 2.0, 3.0)), (np.array([0.9, 0.1, 0.3, -0.2]), V3)],
}
