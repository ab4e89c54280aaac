"""A module beside a script, imported as scripts do."""

# ruff: noqa

from math import cos, sin

EARTH = 9.81


def wave(t, frequency=2.0):
    return sin(frequency * t) + second(t)


def second(t):
    return 0.5 * cos(t)
