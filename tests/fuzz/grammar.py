"""Grow random programs: the text of a module, the name of its function, and arguments.

Types are ``f`` (a float), ``v`` (a vector of 3), ``w`` (a vector of 2) and ``m`` (a 3 by 3 matrix). Programs are kept
tame, with bounded functions and few factors; those that fail, or are not smooth at their inputs, the caller drops.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expressions import Chooser, RandomChooser
from .memory import WRITING_HELPERS, Memory

__all__ = ["Chooser", "Program", "RandomChooser", "grow"]
NAMES = "a b c d e g h p q r s t u y z x_bar y_bar dx da y_ s_ x_tape y_tape taken trips y1 _b".split()


@dataclass(frozen=True)
class Program:
    """A module's text, the name of the function in it, and arguments for it."""

    text: str
    name: str
    args: tuple[Any, ...]
    wrt: tuple[int, ...] | None


class Grower(Memory):
    """Grows one program."""

    # statements

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextlib.contextmanager
    def block(self) -> Iterator[None]:
        """A nested block: names that are alive keep their types; new ones are gone afterwards."""
        types, fixed = dict(self.types), set(self.fixed)
        self.fixed |= set(types)
        self.indent += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1
        self.types, self.fixed = types, fixed

    def target(self, kind: str) -> str:
        for _ in range(5):
            name = self.pick(NAMES) if self.chance(50) or not self.types else self.pick(list(self.types))
            if name not in self.protected and (name not in self.fixed or self.types.get(name) == kind):
                return name
        self.counter += 1
        return f"n{self.counter}"

    def statements(self, count: int) -> None:
        for _ in range(count):
            if self.budget <= 0:
                return
            self.budget -= 1
            self.statement()

    def statement(self) -> None:
        forms = [
            (14, self.assign),
            (5, self.augmented),
            (7, self.store),
            (3, self.alias),
            (2, self.several),
            (4, self.branch),
            (4, self.loop),
            (1, self.while_loop),
            (2, self.helper_statement),
            (1, self.harmless),
            (2, self.leave),
            *((weight, getattr(self, name)) for weight, name in self.several_forms() if self.chance(60)),
        ]
        total = self.chooser.integer(0, sum(w for w, _ in forms) - 1)
        for weight, form in forms:
            total -= weight
            if total < 0:
                form()
                return

    def assign(self) -> None:
        kind = self.pick(["f", "f", "f", "v", "v", "m", "w"])
        value = self.expression(kind, 2)
        name = self.target(kind)
        if self.chance(8):
            other = self.target(kind)
            self.line(f"{name} = {other} = {value}")
            self.types[other] = kind
        else:
            self.line(f"{name} = {value}")
        self.types[name] = kind

    def augmented(self) -> None:
        free = [n for n, k in self.types.items() if k != "i"]
        if not free:
            return
        name = self.pick(free)
        kind = self.types[name]
        other = {"f": "f", "v": self.pick(["v", "f"]), "w": self.pick(["w", "f"]), "m": self.pick(["m", "v", "f"])}[
            kind
        ]
        self.line(f"{name} {self.pick(['+=', '-=', '*='])} {self.expression(other, 2)}")

    def store(self) -> None:
        vectors, matrices = self.names("v"), self.names("m")
        op = self.pick(["=", "=", "+=", "*=", "-="])
        e = self.expression
        if matrices and (not vectors or self.chance(35)):
            name = self.pick(matrices)
            place, value = self.pick(
                [
                    (f"[{self.index(0)}, {self.index(0)}]", "f"),
                    (f"[{self.index(0)}]", "v"),
                    (f"[:, {self.index(0)}]", "v"),
                    (f"[{self.index(0)}][{self.index(0)}]", "f"),
                    ("[1:, 0]", "w"),
                    ("[::-1]", "m"),
                    (f"[{name} > {self.number()}]", "f"),
                    ("[..., 1]", "v"),
                ]
            )
        elif vectors:
            name = self.pick(vectors)
            place, value = self.pick(
                [
                    (f"[{self.index(0)}]", "f"),
                    (f"[{self.index(0)}]", "f"),
                    ("[1:]", self.pick(["w", "f"])),
                    ("[:2]", "w"),
                    ("[::-1]", "v"),
                    ("[:]", self.pick(["v", "f"])),
                    (f"[{e('v', 1)} > {self.number()}]", "f"),
                    (f"[{self.pick(['IDX', '[0, 0, 1]', '[2, 0, 1]'])}]", self.pick(["v", "f"])),
                ]
            )
        else:
            return
        self.line(f"{name}{place} {op} {e(value, 2)}")

    def alias(self) -> None:
        """Bind a second name to an array, or a name to a piece of one."""
        arrays = [n for n, k in self.types.items() if k in "vm"]
        if not arrays:
            return
        old = self.pick(arrays)
        if self.types[old] == "v":
            piece, kind = self.pick(
                [("", "v"), ("[1:]", "w"), ("[::-1]", "v"), ("[::2]", "w"), (".ravel()", "v"), (".reshape(3)", "v")]
            )
        else:
            piece, kind = self.pick(
                [("", "m"), ("[1]", "v"), ("[-1]", "v"), ("[:, 0]", "v"), (".T", "m"), ("[::-1]", "m")]
            )
        new = self.target(kind)
        self.line(f"{new} = {old}{piece}")
        self.types[new] = kind

    def several(self) -> None:
        """Swaps and tuples."""
        floats = [n for n in self.names("f") if n not in self.protected]
        if len(floats) >= 2 and self.chance(50):
            a, b = self.pick(floats), self.pick(floats)
            self.line(f"{a}, {b} = {b}, {self.expression('f', 2)}")
            return
        vectors = self.names("v")
        if vectors and self.chance(40):
            v = self.pick(vectors)
            self.line(f"{v}[0], {v}[1] = {v}[1], {self.expression('f', 1)}")
            return
        first, second = self.expression("f", 2), self.expression("v", 2)
        a, b = self.target("f"), self.target("v")
        if a != b:
            self.line(f"{a}, {b} = {first}, {second}")
            self.types[a], self.types[b] = "f", "v"

    def branch(self) -> None:
        self.line(f"if {self.condition()}:")
        with self.block():
            self.statements(self.chooser.integer(1, 3))
        if self.chance(25):
            self.line(f"elif {self.condition()}:")
            with self.block():
                self.statements(self.chooser.integer(0, 2))
        if self.chance(50):
            self.line("else:")
            with self.block():
                self.statements(self.chooser.integer(0, 3))

    def loop(self) -> None:
        if self.loops >= 2:
            return self.assign()
        self.counter += 1
        i, v, u = f"i{self.counter}", f"v{self.counter}", f"u{self.counter}"
        array, other = self.expression("v", 1), self.expression("v", 1)
        step = self.pick(["1", "2", "-1"])
        head, bound = self.pick(
            [
                (f"for {i} in range({self.chooser.integer(0, 4)}):", {i: "i"}),
                (
                    f"for {i} in range({self.chooser.integer(0, 3)}, {self.chooser.integer(-3, 4)}, {step}):",
                    {i: "i"},
                ),
                (f"for {i} in range(n):", {i: "i"}),
                (f"for {i} in range(len({array}) - 1, -1, -1):", {i: "i"}),
                (f"for {v} in {array}:", {v: "f"}),
                (f"for {i}, {v} in enumerate({array}):", {i: "i", v: "f"}),
                (f"for {v}, {u} in zip({array}, {other}):", {v: "f", u: "f"}),
                (f"for {v} in reversed({array}):", {v: "f"}),
                (f"for {v} in ({self.expression('f', 1)}, {self.expression('f', 1)}):", {v: "f"}),
                (f"for {v} in {self.pick(self.names('m') or ['np.eye(3)'])}:", {v: "v"}),
            ]
        )
        self.line(head)
        self.loops += 1
        with self.block():
            self.types |= bound
            self.protected |= {n for n, k in bound.items() if k == "i"}
            self.fixed |= set(bound)
            self.statements(self.chooser.integer(1, 4))
            self.jump()
        self.loops -= 1
        self.protected -= set(bound)
        if self.chance(10):
            self.line("else:")
            with self.block():
                self.statements(1)

    def jump(self) -> None:
        if self.chance(20):
            self.line(f"if {self.condition()}:")
            self.line(f"    {self.pick(['break', 'continue'])}")
            self.statements(1)

    def while_loop(self) -> None:
        if self.loops >= 2:
            return
        self.counter += 1
        i = f"k{self.counter}"
        self.line(f"{i} = 0")
        self.types[i] = "i"
        self.protected.add(i)
        self.fixed.add(i)
        self.line(f"while {self.condition()} and {i} < {self.chooser.integer(0, 4)}:")
        self.loops += 1
        with self.block():
            self.line(f"{i} += 1")
            self.statements(self.chooser.integer(1, 3))
            self.jump()
        self.loops -= 1

    def helper_statement(self) -> None:
        vectors = self.names("v")
        if vectors and self.chance(50):
            self.line(f"writes({self.pick(vectors)}, {self.expression('f', 1)})")
            return
        a, b = self.target("f"), self.target("f")
        if a != b:
            self.line(f"{a}, {b} = two({self.expression('f', 2)}, {self.expression('f', 1)})")
            self.types[a] = self.types[b] = "f"

    def harmless(self) -> None:
        floats = self.names("f")
        self.line(
            self.pick(
                [
                    f"print({self.pick(floats)!s})" if floats else "pass",
                    "pass",
                    "pass  # a comment",
                    f"assert {self.pick(floats)} == {self.pick(floats)} or True" if floats else "pass",
                ]
            )
        )

    def leave(self) -> None:
        if self.indent > 1 and self.chance(60):
            self.line(f"if {self.condition()}:")
            self.line(f"    return {self.expression(self.result, 2)}")

    # programs

    def program(self) -> Program:
        head = ["import math", "", "import numpy as np", "", "IDX = np.array([0, 2, 0])", "", ""]
        text = [*head, *self.helper_texts()]
        parameters = self.parameters()
        self.result = self.pick(["f", "f", "f", "v", "m"])
        self.statements(self.budget)
        result = self.expression(self.result, 2)
        if self.chance(15) and not any("return" in line for line in self.lines):
            result += f", {self.expression(self.pick(['f', 'v']), 1)}"
        self.line(f"return {result}")
        annotated = self.chance(30)
        signature = ", ".join(f"{n}: {_ANNOTATION[k]}" if annotated or k == "i" else n for n, k, _ in parameters)
        text += [f"def main({signature}):", *self.lines]
        values = tuple(value for _, _, value in parameters)
        active = tuple(i for i, (_, k, _) in enumerate(parameters) if k != "i")
        wrt = None if self.chance(60) else active
        return Program("\n".join(text) + "\n", "main", values, wrt)

    def parameters(self) -> list[tuple[str, str, Any]]:
        chosen: list[tuple[str, str, Any]] = []
        for name, kinds in (("x", "fv"), ("y", "fvm"), ("z", "vm")):
            if name == "x" or self.chance(70):
                kind = self.pick(kinds)
                chosen.append((name, kind, self.value(kind)))
                self.types[name] = kind
        chosen.append(("n", "i", self.chooser.integer(0, 3)))
        self.types["n"] = "i"
        self.protected.add("n")
        self.fixed.add("n")
        return chosen

    def value(self, kind: str) -> Any:
        def number() -> float:
            return self.chooser.integer(-200, 200) / 100.0 + 0.0037

        if kind == "f":
            return self.chooser.integer(-3, 3) if self.chance(8) else number()
        shape = {"v": (3,), "m": (3, 3)}[kind]
        values = np.array([number() for _ in range(int(np.prod(shape)))]).reshape(shape)
        return np.asfortranarray(values) if self.chance(10) else values

    def helper_texts(self) -> list[str]:
        """A few helpers, some grown and some fixed ones that write or return several values."""
        text = [_FIXED_HELPERS, WRITING_HELPERS]
        for number in range(self.chooser.integer(0, 2)):
            inner = Grower(self.chooser, self.chooser.integer(1, 4))
            inner.helpers = list(self.helpers)
            kinds = self.pick(["f", "ff", "v", "vf"])
            result = self.pick(["f", "v"])
            inner.types = dict(zip("pq", kinds, strict=False))
            inner.result = result
            inner.types["n"] = "i"
            inner.protected.add("n")
            inner.fixed.add("n")
            inner.line("n = 2")
            inner.statements(inner.budget)
            inner.line(f"return {inner.expression(result, 2)}")
            text.append("\n".join([f"def help{number}({', '.join('pq'[: len(kinds)])}):", *inner.lines, "", ""]))
            self.helpers.append((f"help{number}", kinds, result))
        self.helpers += [("same", "v", "v"), ("square", "f", "f"), ("square", "v", "v"), ("power", "f", "f")]
        return text


_ANNOTATION = {"f": "float", "v": "np.ndarray", "m": "np.ndarray", "i": "int"}
_FIXED_HELPERS = '''
def writes(v, s):
    """Write into the argument."""
    v[0] = v[1] * s
    v[1:] += s


def same(v):
    return v


def square(s):
    return s * s


def power(s, k: int = 3):
    return s if k == 0 else 0.5 * s * power(s, k - 1)


def two(s, t):
    if s > t:
        return s * t, s
    return t, s - t


'''


def grow(chooser: Chooser, size: int = 8) -> Program:
    """Return a random program of about `size` statements."""
    return Grower(chooser, size).program()
