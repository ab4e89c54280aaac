"""Programs whose indices live in lists, dicts, sets and arrays that change in passing.

What is not active has no derivative, and yet the reverse sweep needs it as it was: as an index, as a test, as what a
loop runs over, as a length. The programs are dense in that and in nothing else. ``python -m tests.fuzz.state`` judges
them by divided differences for as long as it is told, and prints those that are wrong.
"""

from __future__ import annotations

import argparse
import linecache
import random
import sys
import time
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

import sct
from sct.errors import SctError

HELPERS = """\
import numpy as np

def turned(q):
    q[0] = (q[0] + 1) % 3
    q.append(q[0])

def last(q, v):
    return v[q[-1] % 3]

def taken(q, v):
    found = v[q[0] % 3]
    q[0] = 2
    return found * v[len(q) % 3]

def backwards(q):
    return q[::-1]

"""
X, Y = np.array([1.2, 0.7, -0.9]), np.array([0.6, 1.1, 0.8])
LISTS = ("p = q", "p = [2, 0]", "p = q[:]", "p = list(q)")
DICTS = ("d = {'a': 0, 'b': 1}", "d = {'a': q[0], 'b': 2}", "d = dict(a=1, b=0)")
ARRAYS = ("a = np.array([0, 2, 1])", "a = np.arange(3)", "a = np.arange(6).reshape(2, 3)[1] % 3")
VIEWS = ("b = a", "b = a[::-1]", "b = a[1:]", "b = a.copy()")
SETS = ("t = {0, 1}", "t = set(q)", "t = {2}")
NESTED = ("h = [q, [1]]", "h = [[0, 1], [2]]", "h = [q, q]", "h = [q[:], q]")


class State:
    """Grows one program."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.lists, self.arrays = ["q"], list[str]()
        self.dicts = self.sets = self.nested = False

    def pick(self, texts: Any) -> str:
        return str(self.random.choice(list(texts)))

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def start(self) -> list[str]:
        """Return the statements that make what changes."""
        out = [f"q = {[self.random.randrange(3) for _ in range(self.random.randint(1, 4))]}"]
        if self.chance(50):
            out.append(self.pick(LISTS))
            self.lists.append("p")
        if self.chance(50):
            out.append(self.pick(DICTS))
            self.dicts = True
        if self.chance(50):
            out.append(self.pick(ARRAYS))
            self.arrays.append("a")
            if self.chance(50):
                out.append(self.pick(VIEWS))
                self.arrays.append("b")
        if self.chance(40):
            out.append(self.pick(SETS))
            self.sets = True
        if self.chance(40):
            out.append(self.pick(NESTED))
            self.nested = True
        return out

    def list(self) -> str:
        return self.pick([*self.lists, *(["h[0]", "h[1]"] if self.nested else [])])

    def integer(self, depth: int = 0) -> str:
        q = self.list()
        found = ["k", f"len({q})", f"{q}[0]", f"{q}[-1]", f"sum({q})", f"int(1 in {q})"]
        if self.dicts:
            found += ["d['a']", "d['b']", "len(d)", "d.get('c', 1)"]
        if self.arrays:
            a = self.pick(self.arrays)
            found += [f"{a}[0]", f"{a}[-1]", f"{a}[k % len({a})]", f"int({a}.sum())", f"{a}.max()"]
        if self.sets:
            found += ["len(t)", "int(k in t)", "max(t)", "min(t)", "sum(t)"]
        value = self.pick(found)
        return f"({value} + {self.integer(1)})" if depth == 0 and self.chance(20) else value

    def index(self) -> str:
        return f"{self.integer()} % 3"

    def test(self) -> str:
        q = self.list()
        found = [f"{self.integer()} > {self.random.randrange(3)}", q, f"not {q}", f"len({q}) > 1", "k > 0"]
        found += [f"{self.integer()} == {self.integer()}"]
        found += ["t", "k in t"] if self.sets else []
        found += ["'c' in d", "d"] if self.dicts else []
        found += [f"{a}{part}" for a in self.arrays for part in ("[0]", "[:1]", ".any()")]
        return self.pick(found)

    def use(self) -> list[str]:
        """Return statements with active values that are found by what changes."""
        i, j, k, n = self.index(), self.index(), self.index(), self.integer()
        forms = [f"s = s * x[{i}] + s * y[{j}]", f"s += s * x[{i}]", f"s = s + y[{i}] * {n}", f"s = s + z[{i}]"]
        forms += [f"s *= x[{i}] if {self.test()} else y[{j}]", f"z[{i}] = z[{j}] * x[{k}]", f"z[{i}] += s * y[{j}]"]
        forms += [f"s = s + sum(x[j % 3] * y[{i}] for j in {self.list()})", f"s = s * [x, y][{n} % 2][{i}]"]
        forms += [f"n = {n}\ns = s * x[n % 3] + n * s", "s = s * last(q, x)", "s = s + taken(q, y)"]
        return self.pick(forms).split("\n")

    def change(self) -> list[str]:
        """Return statements that change what the others find things by."""
        q, i = self.list(), self.index()
        forms = [f"{q}.append({i})", f"{q}.pop()", f"{q}.pop(0)", f"{q}[0] = {i}", f"{q}[-1] += 1", f"{q}.reverse()"]
        forms += [f"{q}.sort()", f"{q}.insert(0, {i})", f"{q}.append({q}.pop(0))", f"{q}.append({self.list()}.pop())"]
        forms += [f"{q}[:] = {q}[::-1]", f"del {q}[0]", f"{q}.extend([{i}])", f"{q}[1:] = [{i}]", f"{q}.clear()"]
        forms += [f"q = q + [{i}]", f"q = q[1:] + [{i}]", f"q += [{i}]", "q = list(q)", "q[0], q[-1] = q[-1], q[0]"]
        forms += [f"i = {q}.pop()\ns = s * x[i % 3]", f"s = s * x[{q}.pop() % 3]", f"{q}[{q}[0] % len({q})] = {i}"]
        forms += [f"i = {q}.pop(0) if {q} else 1\ns = s + y[i % 3]", "turned(q)", "q = backwards(q)"]
        if len(self.lists) > 1:
            forms += ["p, q = q, p", "p = q", "q = p", "p.append(q.pop())", "q = p[:]"]
        if self.dicts:
            forms += [f"d['a'] = {i}", f"d['c'] = {i}", "d['b'] += 1", f"d.update(a={i})", "d.pop('c', None)"]
            forms += ["d = dict(d)", "d['a'], d['b'] = d['b'], d['a']", "d.setdefault('c', 2)"]
        for a in self.arrays:
            forms += [f"{a}[0] = {i}", f"{a} += 1", f"{a} %= 3", f"{a}[:] = {a}[::-1]", f"{a}.sort()", f"{a}.fill(k)"]
            forms += [f"{a} = {a}[::-1]", f"{a}[1:] = {i}", f"np.add({a}, 1, out={a})", f"{a}[{a}[0] % len({a})] = k"]
        if self.sets:
            forms += ["t.add(k)", "t.discard(k)", "t.pop()", "t = t | {k}", "t.clear()", "i = t.pop()\ns = s * x[i]"]
        if self.nested:
            forms += [f"h[0] = [{i}]", "h.append(h.pop(0))", "h[0], h[1] = h[1], h[0]", "h = h[::-1]", "q = h[1]"]
        return self.pick(forms).split("\n")

    def head(self) -> str:
        """Return the head of a loop over what changes."""
        q = self.list()
        found = [f"for j in {form.format(q)}:" for form in ("{}", "range(len({}))", "list({})", "reversed({})")]
        found += [f"for m, j in enumerate({q}):", f"for j in range({self.integer()} % 3):"]
        found += [f"for j in {a}{part}:" for a in self.arrays for part in ("", "[::-1]")]
        found += ["for j in d.values():", "for c, j in d.items():"] if self.dicts else []
        found += ["for j in sorted(t):"] if self.sets else []
        return self.pick(found)

    def block(self, depth: int) -> list[str]:
        out: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            inner = depth < 2 and self.chance(25)
            if not inner:
                out += self.use() if self.chance(45) else self.change()
            elif self.chance(60):
                out += [f"if {self.test()}:", *indented(self.block(depth + 1))]
                out += ["else:", *indented(self.block(depth + 1))] if self.chance(60) else []
            elif self.chance(20):
                out += ["w = 0", f"while {self.list()} and w < 3:", "    w += 1", *indented(self.block(depth + 1))]
            else:
                body = ["s = s * x[j % 3] + s", *self.block(depth + 1), "u += 1", "if u > 9:", "    break"]
                out += [self.head(), *indented(body)]
        return out

    def program(self) -> str:
        lines = ["u = 0", "s = 1.0", "z = x * y", *self.start(), f"for k in range({self.random.randint(1, 3)}):"]
        lines += [*indented([*self.block(0), *self.block(0)]), *self.block(1), "return s * x[0] + z.sum()"]
        return "\n".join(["def f(x, y):", *indented(lines)]) + "\n"


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def made(number: int) -> tuple[str, Callable[..., Any]]:
    """Return the text of a program, and the program."""
    text = State(number).program()
    name, whole = f"<state {number}>", HELPERS + text
    linecache.cache[name] = (len(whole), None, whole.splitlines(keepends=True), name)
    module = types.ModuleType(f"state_{number}")
    exec(compile(whole, name, "exec"), module.__dict__)
    return text, module.__dict__["f"]


def judge(function: Callable[..., Any]) -> str:
    """Return "right", "wrong", "refused" or "breaks"; "" where the primal raises, or its value is out of bounds."""
    steps = np.eye(6) * 1e-6
    try:
        value = float(function(X.copy(), Y.copy()))
        ends = [[float(function(X + h[:3], Y + h[3:])) for h in (step, -step)] for step in steps]
    except Exception:
        return ""
    if not np.isfinite(value) or abs(value) > 1e6:
        return ""
    slopes = np.array([(a - b) / 2e-6 for a, b in ends])
    along = np.array([0.3, -0.7, 0.2, 0.5, 0.9, -0.4])
    try:
        found, (x_bar, y_bar) = sct.vjp(function, wrt=(0, 1))(X.copy(), Y.copy(), 1.0)
        again, tangent = sct.jvp(function, wrt=(0, 1))(X.copy(), Y.copy(), along[:3], along[3:])
    except (SctError, TypeError):  # TypeErrors are guards
        return "refused"
    except Exception:
        return "breaks"
    pairs = [(found, value), (again, value), (tangent, slopes @ along), (np.concatenate([x_bar, y_bar]), slopes)]
    return "right" if all(np.allclose(a, b, rtol=1e-4, atol=1e-4) for a, b in pairs) else "wrong"


def main() -> int:
    """Judge programs for a while, and print those that are wrong or break."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    started, number = time.monotonic(), options.seed
    while time.monotonic() - started < options.seconds:
        text, function = made(number)
        verdict = judge(function)
        counts[verdict or "discarded"] += 1
        if verdict in ("wrong", "breaks"):
            print(f"#### program {number}: {verdict}\n{text}", flush=True)
        number += 1
    print(f"{options.seed} to {number - 1}: {dict(counts.most_common())}")
    return int(counts["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
