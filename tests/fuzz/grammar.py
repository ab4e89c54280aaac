"""Grow random programs: the text of a module, the name of its function, and arguments.

Kinds are ``f`` (a float), ``v`` (a vector of 3), ``w`` (a vector of 2), ``m`` (a 3 by 3 matrix), ``e`` (an empty
vector), ``i`` (a counter) and those of `containers`. Programs are kept tame, with bounded functions and few factors;
those that fail, or are not smooth at their inputs, the caller drops.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from .assignments import Assignments
from .containers import Containers
from .control import Control
from .expressions import Chooser, RandomChooser
from .failing import Failing
from .functions import KNOWN, Functions, helper_texts
from .handed import Handed
from .idioms import Idioms
from .memory import Memory
from .rule_calls import RuleCalls
from .shared import Shared
from .turned import Turned
from .uses import modules

__all__ = ["Chooser", "Program", "RandomChooser", "grow"]
#: Names of variables, many of them such as the compiler would make.
NAMES = (
    "a b c d e g h r s t u y z x_bar y_bar dx da y_ s_ x_tape y_tape taken trips y1 _b t_bar s_tape returned i n_ dy "
    "x_saved value add save x_final members y_2 t_2 result p out j"
).split()
_PARAMETERS = ("x y z", "x y z", "x y z", "x dx x_bar", "a a_bar taken", "t s_tape trips", "v_ v main_vjp")
_ANNOTATION = {
    "f": "float",
    "v": "np.ndarray",
    "m": "np.ndarray",
    "i": "int",
    "l": "list[float]",
    "p": "tuple[float, np.ndarray]",
    "d": "dict",
    "o": "list[np.ndarray]",
    "e": "np.ndarray",
}


@dataclass(frozen=True)
class Program:
    """A module's text, the name of the function in it, and arguments for it."""

    text: str
    name: str
    args: tuple[Any, ...]
    wrt: tuple[int, ...] | None


def _single(value: Any) -> Any:
    """Return an argument with all of its floating arrays in single precision."""
    if isinstance(value, dict):
        return {key: _single(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_single(part) for part in value)
    return value.astype(np.float32) if getattr(value, "dtype", None) == np.float64 else value


class Grower(Assignments, Control, Memory, RuleCalls, Containers, Functions, Idioms, Shared, Handed, Turned, Failing):
    """Grows one program."""

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextlib.contextmanager
    def block(self) -> Iterator[None]:
        """A nested block: names that are alive keep their types; new ones are gone afterwards."""
        types, fixed, helpers = dict(self.types), set(self.fixed), list(self.helpers)
        self.fixed |= set(types)
        self.indent += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1
        self.types, self.fixed, self.helpers = types, fixed, helpers

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
        total = self.chooser.integer(0, _TOTAL - 1)
        for weight, name in _FORMS:
            total -= weight
            if total < 0:
                getattr(self, name)()
                return

    # programs

    def program(self) -> Program:
        parameters = self.parameters()
        helpers = self.grown_helpers()
        self.result = self.pick(["f", "f", "f", "v", "m"])
        self.statements(self.budget)
        result = self.expression(self.result, 2)
        if self.chance(15) and not any("return" in line for line in self.lines):
            extra = self.pick(["f", "v"])
            result = self.pick(["{}, {}", "[{}, {}]", "{{'one': {}, 'two': {}}}"]).format(
                result, self.expression(extra, 1)
            )
        self.line(f"return {result}")
        annotated = self.chance(30)
        signature = ", ".join(f"{n}: {_ANNOTATION[k]}" if annotated or k == "i" else n for n, k, _ in parameters)
        main = "\n".join([f"def main({signature}):", *self.lines])
        body = "\n".join([*helpers, main])
        text = "\n\n".join([self.head(body), *helper_texts(body), *helpers, main]) + "\n"
        # What is said to be a float is no array without axes.
        values = tuple(
            float(v) if annotated and k == "f" and isinstance(v, np.ndarray) else v for _, k, v in parameters
        )
        if self.chance(5):
            values = tuple(_single(value) for value in values)
        active = tuple(i for i, (_, k, _) in enumerate(parameters) if k != "i")
        return Program(text, "main", values, None if self.chance(60) else active)

    def head(self, body: str) -> str:
        """Return the imports and constants that a program needs."""
        constants = [f"{name} = {literal}" for literal, name in self.constants.items()]
        lines = ["import math"]
        if "State(" in body:
            lines.append("from dataclasses import dataclass")
        if "Pair(" in body:
            lines.append("from typing import NamedTuple")
        lines += ["", "import numpy as np", *(f"import {name}" for name in modules(body))]
        return "\n".join([*lines, "", "IDX = np.array([0, 2, 0])", *constants, ""])

    def parameters(self) -> list[tuple[str, str, Any]]:
        chosen: list[tuple[str, str, Any]] = []
        kinds = ("ffvv", "fvm", "vm")
        for name, choices in zip(self.pick(_PARAMETERS).split(), kinds, strict=True):
            if not chosen or self.chance(70):
                kind = self.pick("lpdoe") if chosen and self.chance(12) else self.pick(choices)
                chosen.append((name, kind, self.value(kind)))
                self.types[name] = kind
        chosen.append(("n", "i", self.chooser.integer(0, 3)))
        self.types["n"] = "i"
        self.protected.add("n")
        self.fixed.add("n")
        return chosen

    def value(self, kind: str) -> Any:
        """Return a random argument of a kind: now and then an int, one without axes, one of an unusual layout."""

        def number() -> float:
            return self.chooser.integer(-200, 200) / 100.0 + 0.0037

        if kind == "f":
            if self.chance(12):
                return self.pick([self.chooser.integer(-3, 3), np.float64(number()), np.array(number())])
            return number()
        if kind == "e":
            return np.zeros(0)
        if kind in "lpdo":
            values = [self.value("v") for _ in range(2)]
            return {
                "l": [number() for _ in range(3)],
                "p": (number(), values[0]),
                "d": {"a": number(), "b": values[0]},
                "o": values,
            }[kind]
        shape = {"v": (3,), "m": (3, 3)}[kind]
        values = np.array([number() for _ in range(int(np.prod(shape)))]).reshape(shape)
        layout = self.chooser.integer(0, 19)
        if layout == 0:
            return np.asfortranarray(values)
        if layout == 1:
            return np.repeat(values, 2, axis=0)[::2]
        if layout == 2:
            return values[::-1]
        if layout == 3:
            return np.round(values * 2.0).astype(int)
        return values.astype(np.float32) if layout == 4 else values

    def child(self, size: int) -> Self:
        """Return a grower for a function in this one, which sees what is alive here."""
        inner = type(self)(self.chooser, size)
        inner.types, inner.protected, inner.fixed = dict(self.types), set(self.protected), set(self.fixed)
        inner.helpers, inner.constants, inner.counter = list(self.helpers), self.constants, self.counter
        inner.indent, inner.depth, inner.loops = self.indent + 1, self.depth + 1, self.loops
        self.counter += 50
        return inner

    def grown_helpers(self) -> list[str]:
        """Return the texts of a few functions of the module."""
        text: list[str] = []
        for number in range(self.chooser.integer(0, 2)):
            inner = Grower(self.chooser, self.chooser.integer(1, 4))
            inner.helpers, inner.constants = list(self.helpers), self.constants
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
            text.append("\n".join([f"def help{number}({', '.join('pq'[: len(kinds)])}):", *inner.lines, ""]))
            self.helpers.append((f"help{number}", kinds, result))
        self.helpers += KNOWN
        return text


_FORMS = [form for part in Grower.__mro__ for form in vars(part).get("FORMS", ())]
_TOTAL = sum(weight for weight, _ in _FORMS)


def grow(chooser: Chooser, size: int = 8) -> Program:
    """Return a random program of about `size` statements."""
    return Grower(chooser, size).program()
