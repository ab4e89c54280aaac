"""Records: dataclasses and named tuples that are made, changed and read in one function, and named tuples given."""

# ruff: noqa

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass
class State:
    position: float
    speed: float
    time: float = 0.0


class Pair(NamedTuple):
    a: float
    b: float


def made_and_read(x, y):
    s = State(x, y * x)
    return s.position * s.speed + s.time


def simulation(x, v, k):
    s = State(speed=v, position=x)
    dt = 0.1
    for _ in range(5):
        s.position += dt * s.speed
        s.speed -= dt * k * s.position
        s.time += dt
    return 0.5 * s.speed**2 + s.position * s.time


def made_anew_in_loop(x, v):
    s = State(x, v)
    for _ in range(3):
        s = State(s.position + 0.1 * s.speed, s.speed - 0.1 * math.sin(s.position), s.time + 0.1)
    return s.position * s.speed + s.time


def pair_made(x, y):
    p = Pair(x * y, b=y)
    return p.a * p.b + p.a


def pair_given(p: Pair, x):
    return p.a * x + p.b * x * x


def pair_given_and_unpacked(p: Pair):
    a, b = p
    return a * b + p.a + p[1]


def arrays_in_record(x, y):
    s = State(x * 2.0, y)
    s.position[0] = s.speed[1]
    return np.sum(s.position * s.speed)


V = np.array([0.4, 1.3, 2.2])
CASES = {
    "made_and_read": [(0.7, 1.2)],
    "simulation": [(0.7, 1.2, 0.5)],
    "made_anew_in_loop": [(0.7, 1.2)],
    "pair_made": [(0.7, 1.2)],
    "pair_given": [(Pair(0.3, 0.4), 0.7)],
    "pair_given_and_unpacked": [(Pair(0.3, 0.4),)],
    "arrays_in_record": [(V, V + 1.0)],
}
