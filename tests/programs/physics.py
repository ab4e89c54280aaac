"""Physics: what a student or an engineer writes down."""

# ruff: noqa

import math

import numpy as np

G = 6.674e-11
K_B = 1.380649e-23
ROTATION = np.array([[0.8, -0.6], [0.6, 0.8]])


def kinetic_energy(mass, velocity):
    return 0.5 * mass * velocity**2


def gravity_potential(m1, m2, r):
    return -G * m1 * m2 / r


def lennard_jones(positions, epsilon=1.0, sigma=1.0):
    """Energy of a cluster."""
    n = len(positions)
    energy = 0.0
    for i in range(n):
        for j in range(i):
            r2 = 0.0
            for k in range(3):
                r2 += (positions[i, k] - positions[j, k]) ** 2
            s6 = (sigma**2 / r2) ** 3
            energy += 4 * epsilon * (s6 * s6 - s6)
    return energy


def van_der_waals(n, v, t, a: float = 0.36, b: float = 4e-2):
    return n * 8.314 * t / (v - n * b) - a * n**2 / v**2


def relativistic_gamma(v, c=3.0):
    beta = v / c
    return 1.0 / math.sqrt(1.0 - beta**2)


def drag_fall(height, area, mass):
    t = 0.0
    v = 0.0
    y = height
    while y > 0.0:
        a = 9.81 - 0.5 * 1.2 * area * v * abs(v) / mass
        v += a * 0.05
        y -= v * 0.05
        t += 0.05
    return v


def lens_system(f1, f2, d, so):
    si1 = 1 / (1 / f1 - 1 / so)
    so2 = d - si1
    si2 = 1 / (1 / f2 - 1 / so2)
    return si2, -si1 / so * -si2 / so2


def ising_energy(spins, coupling, field):
    n, m = spins.shape
    e = 0.0
    for i in range(n):
        for j in range(m):
            s = spins[i, j]
            neighbours = spins[(i + 1) % n, j] + spins[i, (j + 1) % m]
            e += -coupling * s * neighbours - field * s
    return e


def rigid_rotation(points, angle, centre):
    c, s = math.cos(angle), math.sin(angle)
    out = np.empty_like(points)
    for i, (px, py) in enumerate(points):
        out[i, 0] = c * (px - centre[0]) - s * (py - centre[1]) + centre[0]
        out[i, 1] = s * (px - centre[0]) + c * (py - centre[1]) + centre[1]
    return out


def matrix_constant(p):
    return ROTATION @ p + ROTATION[0] * p[1]


def blackbody_ratio(frequency, temperature):
    x = 4.8e-2 * frequency / temperature
    if x < 1e-6:
        return frequency**2
    return frequency**3 / (math.exp(x) - 1.0)


def spring_chain(x, k, rest: float = 1.0):
    stretch = x[1:] - x[:-1] - rest
    return 0.5 * np.sum(k * stretch**2)


def keplers_equation(mean_anomaly, eccentricity):
    e = mean_anomaly
    for _ in range(50):
        de = (e - eccentricity * math.sin(e) - mean_anomaly) / (1 - eccentricity * math.cos(e))
        e -= de
        if abs(de) < 1e-15:
            break
    return e


def orbit_position(mean_anomaly, eccentricity, a):
    e = keplers_equation(mean_anomaly, eccentricity)
    x = a * (math.cos(e) - eccentricity)
    y = a * math.sqrt(1 - eccentricity**2) * math.sin(e)
    return x, y


def circuit_impedance(r, l, c, omega):
    reactance = omega * l - 1 / (omega * c)
    z = math.hypot(r, reactance)
    phase = math.atan2(reactance, r)
    return z, phase


def cross_product(a, b):
    c = np.zeros(3)
    c[0] = a[1] * b[2] - a[2] * b[1]
    c[1] = a[2] * b[0] - a[0] * b[2]
    c[2] = a[0] * b[1] - a[1] * b[0]
    return c


def torque_norm(r, force):
    tau = cross_product(r, force)
    return np.sqrt(tau @ tau)


P = np.array([[0.0, 0.1, 0.2], [1.1, 0.3, -0.1], [0.4, 1.2, 0.5]])
V3 = np.array([0.4, -1.3, 2.2])
CASES = {
    "kinetic_energy": [(2.0, 3.0)],
    "gravity_potential": [(5.0e10, 2.0e3, 4.0)],
    "lennard_jones": [(P,), (P, 0.5, 1.1)],
    "van_der_waals": [(1.0, 2.0, 300.0)],
    "relativistic_gamma": [(1.2,)],
    "drag_fall": [(3.0, 0.2, 1.4)],
    "lens_system": [(2.0, 3.0, 5.0, 7.0)],
    "ising_energy": [(P, 0.7, 0.1)],
    "rigid_rotation": [(P[:, :2], 0.4, np.array([0.1, 0.2])), (P[:, :2], 0.4, (0.1, 0.2))],
    "matrix_constant": [(np.array([0.3, 0.5]),)],
    "blackbody_ratio": [(5.0, 2.0), (1e-9, 2.0)],
    "spring_chain": [(V3, 2.0)],
    "keplers_equation": [(1.1, 0.4)],
    "orbit_position": [(1.1, 0.4, 2.0)],
    "circuit_impedance": [(1.0, 0.4, 0.3, 2.0)],
    "cross_product": [(V3, P[1])],
    "torque_norm": [(V3, P[1])],
}
