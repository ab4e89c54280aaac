"""Programs in which one name is a list on one way and a dict, an array, a tuple or a number on another.

``python -m tests.fuzz.unions START COUNT`` judges programs of these numbers and prints what comes out wrong.
"""

from __future__ import annotations

import collections
import random
import sys
import tempfile
from pathlib import Path

import numpy as np

from .grammar import Program
from .verdicts import BAD, FIRST, judge

VALUES = (
    *("[x, x * y]", "[x, x, x]", "(x, x * y)", "{0: x, 1: x * y}", "{0: x, 1: x, 2: y}", "np.outer(x, x)", "x", "y"),
    *("np.array([x, x * y])", "[y, x[0]]", "[y, 2.0, x[1]]", "x.copy()", "x * y", "{0: y, 1: x[0]}", "(y, x[0] * y)"),
    *("[[y, x[0]], [x[1], y]]", "[x.copy(), [y, x[0]]]", "x[:2]", "x.tolist()", "[x[:2], x[1:]]", "z", "[z, x]"),
    *("{0: z, 1: x}", "z[0]"),
)
FORMS = (
    *("e = {0}\nif {2}:\n    e = {1}", "if {2}:\n    e = {0}\nelse:\n    e = {1}", "e = {0} if {2} else {1}"),
    *(
        "e = {0}\nfor _ in range(n):\n    e = {1}",
        "e = pick({0}, {1}, {2})",
        "was = {0}\ne = {1}\nif {2}:\n    e = was",
    ),
    "e = {0}\ntry:\n    if {2}:\n        raise ValueError\n    e = {1}\nexcept ValueError:\n    pass",
)
USES = (
    *("e[1] = x * 2.0", "e[1] = y * 2.0", "e[0] = x", "e[1] += x", "e[1] += y", "e[0] *= 2.0", "e[0][1] = y"),
    *("x[0] = y", "x *= 2.0", "x[1] += y * y", "z[0] = y", "e = e + e", "e = e * 2", "e += e", "s = s + np.sum(e)"),
    *("a, b = e[0], e[1]\ns = s + np.sum(a) * np.sum(b)", "for v in e:\n    s = s + np.sum(v) * y", "hold(e, x)"),
    *("for i in range(2):\n    s = s + np.sum(e[i]) ** 2", "f = e\nf[1] = x * y\ns = s + np.sum(f[1]) * np.sum(f[0])"),
    *("f = e\ne = e[:1]\ns = s + np.sum(f[1])", "s = s + np.sum(sum(e))", "e[0], e[1] = e[1], e[0]", "e[:1] = e[1:2]"),
    *("f = e.copy()\nf[0] = x * y\ns = s + np.sum(f[0]) * np.sum(e[0])", "g = e[0]\ng *= y\ns = s + np.sum(g)"),
    *("f = list(e)\nf[0] = y\ns = s + f[0] * np.sum(f[1])", "f = (e, x)\nf[0][1] = y", "e[0] = e[1]"),
    *("d = {'k': e}\nd['k'][0] = x * 3.0", "d = {'k': e}\nd['k'] = d['k'][1]\ns = s + np.sum(d['k'])"),
    *("e[1] = e[0] * y", "s = s + np.sum(taken(e, y))", "w = e[0]\nx[1] = y\ns = s + np.sum(w)"),
    *("def put(v):\n    e[0] = v\n    return v * 2.0\ns = s + np.sum(put(x))", "e[1], s = y, np.sum(e[1])"),
    *("h = [e, z]\nh[0][0] = z\ns = s + np.sum(h[0][0])", "k = [v for v in e]\nk[0] = x\ns = s + np.sum(k[-1])"),
    "k = e if s > 0 else [x, z]\nk[0] = z * y\ns = s + np.sum(k[0])",
)
HEADS = ("s = y * 1.0", "x = x * 1.0\ns = y * 1.0", "x = x.copy()\ns = y * 1.0")
ENDS = (
    *("return s + np.sum(x) * y + np.sum(e[0])", "return s + np.sum(x) * y", "return s * y + np.sum(x), e"),
    "return e, z",
)
START = """import numpy as np


def pick(a, b, first):
    return a if first else b


def hold(e, v):
    e[1] = v


def taken(e, y):
    e[0] = e[1]
    return e[0] * y


def main(x, y, z, n):
"""


def made(number: int) -> Program:
    """Return the program of a number."""
    rng = random.Random(number)
    first, second = rng.sample(VALUES, 2)
    form = rng.choice(FORMS).format(first, second, rng.choice(["y > 1.0", "y < 1.0", "x[0] > x[1]"]))
    parts = [rng.choice(HEADS), form, *rng.sample(USES, rng.randint(1, 4)), rng.choice(ENDS)]
    lines = [f"    {line}\n" for part in parts for line in part.split("\n")]
    args = (np.array([0.3, 1.1, 0.7]), 1.8, np.array([0.9, -0.4, 1.3]), rng.choice([0, 1, 2]))
    return Program(START + "".join(lines), "main", args, (0, 1, 2))


def main(start: int, count: int) -> None:
    """Judge programs, every third in a second order too, and print those that are not right or refused."""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, start + count):
            second = ("reverse over reverse", "forward over reverse")[number % 2]
            ways = (*FIRST, second) if number % 3 == 0 else FIRST
            for way, verdict in judge(made(number), Path(folder), ways).items():
                counts[way, verdict.kind] += 1
                if verdict.kind in BAD:
                    print(
                        f"#### {number} {way} {verdict.kind}: {verdict.reason[:300]}\n{made(number).text}", flush=True
                    )
    print(dict(counts))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
