"""Random programs on arrays whose sizes have names; several names may stand for one number, and any of them for 1.

``python -m tests.fuzz.shapes 0 2000`` judges two thousand of them.
"""

from __future__ import annotations

import linecache
import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

import sct

NAMES = ("n", "d", "k", "m")
SHAPES = (
    *[("n",), ("d",), ("m",)],
    *[("n", "d"), ("k", "d"), ("m", "d"), ("k", "n"), ("1", "d"), ("n", "1")],
    ("k", "d", "d"),
)
HEAD = """from __future__ import annotations
import numpy as np
def helper(a, b):
    c = a * b
    return c + np.tanh(b)
"""
UNBROADCAST = "with unbroadcast"
Names = tuple[str, ...]


class Program:
    """Grows a function of x, y and z line by line, and knows the sizes of each variable by name."""

    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.sizes = {
            "n": r.choice([1, 2, 3, 3]),
            "d": r.choice([1, 2, 2]),
            "k": r.choice([1, 2, 3]),
            "m": r.choice([1, 1, 1, 2]),
        }
        self.names: dict[str, Names] = {}
        self.lines: list[str] = []

    def number(self, name: str) -> int:
        return self.sizes.get(name) or int(name)

    def shape(self, names: Names) -> tuple[int, ...]:
        return tuple(map(self.number, names))

    def bind(self, expression: str, names: Names) -> str:
        new = f"v{len(self.names)}"
        self.lines.append(f"{new} = {expression}")
        self.names[new] = names
        return new

    def variable(self) -> str:
        return self.r.choice(list(self.names))

    def view(self) -> tuple[str, Names]:
        """Return a variable, perhaps with an axis more or turned."""
        name = self.variable()
        names = self.names[name]
        draw = self.r.random()
        if draw < 0.4 and 0 < len(names) <= 2:
            place = self.r.randrange(len(names) + 1)
            index = [":"] * len(names)
            index.insert(place, "None")
            return f"{name}[{', '.join(index)}]", (*names[:place], "1", *names[place:])
        if draw < 0.5 and len(names) == 2:
            return f"{name}.T", names[::-1]
        if draw < 0.6 and names:
            place = self.r.randrange(len(names) + 1)
            return f"np.expand_dims({name}, {place})", (*names[:place], "1", *names[place:])
        return name, names

    def broadcast(self, a: Names, b: Names) -> Names | None:
        """Return the sizes that two shapes broadcast to with the numbers of this program, None where they do not."""
        out = []
        for axis in range(-max(len(a), len(b)), 0):
            x, y = (names[axis] if -axis <= len(names) else "1" for names in (a, b))
            if 1 not in (self.number(x), self.number(y)) and self.number(x) != self.number(y):
                return None
            out.append(y if self.number(x) == 1 and x != y else x)
        return tuple(out) if len(out) <= 3 else None

    def step(self) -> None:
        often = [self.arithmetic] * 4 + [self.reduction] * 2
        rest = [self.function, self.matmul, self.turned, self.called, self.written, self.looped]
        self.r.choice([*often, *rest, self.indexed, self.branched, self.contained])()

    def arithmetic(self) -> None:
        (a, first), (b, second) = self.view(), self.view()
        names = self.broadcast(first, second)
        if names is not None:
            self.bind(f"{a} {self.r.choice('+-**')} {b}", names)

    def function(self) -> None:
        name = self.variable()
        self.bind(f"np.{self.r.choice(['tanh', 'sin', 'arctan'])}({name})", self.names[name])

    def reduction(self) -> None:
        name = self.variable()
        names = self.names[name]
        if names:
            axis = self.r.randrange(len(names))
            kept = self.r.random() < 0.4
            written = axis - self.r.choice([0, len(names)])
            call = f"np.{self.r.choice(['sum', 'mean', 'max'])}({name}, axis={written}{', keepdims=True' * kept})"
            self.bind(call, (*names[:axis], *(("1",) if kept else ()), *names[axis + 1 :]))

    def matmul(self) -> None:
        (a, first), (b, second) = self.view(), self.view()
        if first and second and self.number(first[-1]) == self.number(second[-2:][0]):
            stack = self.broadcast(first[:-2], second[:-2])
            if stack is not None and len(stack) < 2:
                self.bind(f"{a} @ {b}", (*stack, *first[-2:-1], *(second[-1:] if len(second) > 1 else ())))

    def turned(self) -> None:
        name = self.variable()
        names = self.names[name]
        if len(names) == 2:
            self.bind(f"np.swapaxes({name}, 0, 1)", names[::-1])
        elif len(names) == 3:
            self.bind(f"np.transpose({name}, (1, 2, 0))", (*names[1:], names[0]))

    def called(self) -> None:
        a, b = self.variable(), self.variable()
        names = self.broadcast(self.names[a], self.names[b])
        if names is not None:
            self.bind(f"helper({a}, {b})", names)

    def written(self) -> None:
        name = self.variable()
        names = self.names[name]
        if names:
            sizes = [n if n in NAMES else str(self.number(n)) for n in names]
            new = self.bind(f"np.zeros(({', '.join(sizes)},))", names)
            self.lines.append(self.r.choice([f"{new}[:] = {name}", f"{new} += {name}"]))

    def looped(self) -> None:
        a, b = self.variable(), self.variable()
        names = self.broadcast(self.names[a], self.names[b])
        if names is not None:
            new = self.bind(a, names)
            self.lines += ["for _ in range(2):", f"    {new} = np.sin({new} + {b})"]

    def branched(self) -> None:
        a, b = self.variable(), self.variable()
        if self.broadcast(self.names[a], self.names[b]) == self.names[a]:
            new = self.bind(f"{a} * 1.5", self.names[a])
            self.lines += [f"if np.sum({a}) > 0.2:", f"    {new} = {new} * {b}"]

    def contained(self) -> None:
        """Read members of a list whose shapes differ, where which of them is read is not written as a number."""
        a, b = self.variable(), self.variable()
        names = self.broadcast(self.names[a], self.names[b])
        if names is None:
            return
        held = f"held{len(self.names)}"
        self.lines.append(f"{held} = {self.r.choice(['[{0}, {1}]', '({0}, {1})']).format(a, b)}")
        if self.r.random() < 0.5:
            new = self.bind(f"0.0 * {a} * {b}", names)
            self.lines += ["for i in range(2):", f"    {new} = {new} + {held}[i] * {held}[1 - i] ** 2"]
        else:
            self.bind(f"{held}[-1] * {held}[-2] ** 2", names)

    def indexed(self) -> None:
        name = self.variable()
        names = self.names[name]
        if names:
            axis = self.r.randrange(len(names))
            index = [":"] * len(names)
            index[axis] = self.r.choice(["0", "-1", "np.array([0, 0])", "0:1"])
            left = {"np.array([0, 0])": ("2",), "0:1": ("1",)}.get(index[axis], ())
            self.bind(f"{name}[{', '.join(index)}]", (*names[:axis], *left, *names[axis + 1 :]))


def program(seed: int) -> tuple[str, list[tuple[int, ...]]]:
    """Return the text of a program, and the shapes of its arguments."""
    r = random.Random(seed)
    grown = Program(r)
    shapes = [r.choice(SHAPES) for _ in "xyz"]
    grown.names.update(zip("xyz", shapes, strict=True))
    for name in NAMES:
        holder = next((p for p, s in zip("xyz", shapes, strict=True) if name in s), None)
        if holder is None:
            grown.lines.append(f"{name} = {grown.sizes[name]}")
        else:
            axis = grown.names[holder].index(name)
            first = axis == 0 and r.random() < 0.4
            grown.lines.append(f"{name} = len({holder})" if first else f"{name} = {holder}.shape[{axis}]")
    for _ in range(r.randint(3, 9)):
        grown.step()
    out = r.choice(list(grown.names)[-3:])
    grown.lines.append(f"return {r.choice(['np.sum({0})', '{0}', 'np.mean({0} * {0})']).format(out)}")
    said = r.random()
    annotations = [
        f': Float[np.ndarray, "{" ".join(s)}"]' if said < 0.7 else ": np.ndarray" if said < 0.85 else "" for s in shapes
    ]
    parameters = ", ".join(p + a for p, a in zip("xyz", annotations, strict=True))
    text = f"{HEAD}def f({parameters}):\n" + "".join(f"    {line}\n" for line in grown.lines)
    return text, [grown.shape(s) for s in shapes]


def compiled(text: str, name: str) -> Callable[..., Any]:
    """Return the function f of a text, whose lines can be found by its file name."""
    file = f"<shapes {name}>"
    text = text if "annotations" in text else f"from __future__ import annotations\n{text}"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space: dict[str, Any] = {}
    exec(compile(text, file, "exec"), space)
    f: Callable[..., Any] = space["f"]
    return f


def judge(seed: int) -> str:
    """Return "right", "refused" or "wrong", with what there is to say of it."""
    text, shapes = program(seed)
    f = compiled(text, str(seed))
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=shape) for shape in shapes]
    tangents = [rng.normal(size=shape) for shape in shapes]
    value = f(*[x.copy() for x in args])
    seed_bar = rng.normal(size=np.shape(value)) if np.ndim(value) else 1.3
    try:
        vjp, jvp = sct.vjp(f, wrt=(0, 1, 2)), sct.jvp(f, wrt=(0, 1, 2))
    except sct.Refused as refused:
        return f"refused: {refused}"
    told = f"{text}\n{shapes}\n{vjp.source}"
    _, tangent = jvp(*args, *tangents)
    _, adjoints = vjp(*args, seed_bar)
    if [np.shape(bar) for bar in adjoints] != [np.shape(x) for x in args]:
        return f"wrong shape\n{told}"
    forward = float(np.sum(tangent * seed_bar))
    reverse = sum(float(np.sum(bar * t)) for bar, t in zip(adjoints, tangents, strict=True))
    h = 1e-6
    ends = [f(*[x + sign * h * t for x, t in zip(args, tangents, strict=True)]) for sign in (1, -1)]
    difference = float(np.sum((ends[0] - ends[1]) * seed_bar)) / (2 * h)
    if abs(forward - reverse) > 1e-9 * (1 + abs(forward)):
        return f"wrong: forward {forward}, reverse {reverse}, difference {difference}\n{told}"
    if abs(forward - difference) > 1e-4 * (1 + abs(forward)):
        return f"wrong: forward {forward}, difference {difference}\n{told}"
    return f"right, {UNBROADCAST}" if "unbroadcast" in vjp.source else "right"


if __name__ == "__main__":
    verdicts: Counter[str] = Counter()
    for number in range(*map(int, sys.argv[1:3])):
        found = judge(number)
        verdicts[found.partition(":")[0].partition("\n")[0]] += 1
        if found.startswith("wrong"):
            print(number, found)
    print(dict(verdicts))
