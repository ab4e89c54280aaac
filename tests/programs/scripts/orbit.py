#!/usr/bin/env python
"""A script: siblings are imported by their plain names."""

# ruff: noqa
import common
import common as c
from common import EARTH, wave as w
from math import *  # noqa: F403

RATE = 2 * common.EARTH


def fall(t, v0):
    return v0 * t - 0.5 * EARTH * t**2 + c.wave(t)


def waves(t):
    return w(t, frequency=3.0) * common.wave(t) + common.second(RATE * t)


def star_import(x):
    return sin(x) * exp(-x) + pi * x  # noqa: F405


if __name__ == "__main__":
    print(fall(1.0, 2.0))

CASES = {"fall": [(0.4, 2.0)], "waves": [(0.4,)], "star_import": [(0.4,)]}
