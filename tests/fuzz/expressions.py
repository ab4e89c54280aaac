"""Grow random expressions of a type from the variables that are alive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, Self, TypeVar

T = TypeVar("T")
_SMOOTH = ["math.sin", "math.cos", "np.tanh", "math.atan", "np.sin", "math.tanh"]
_LEAVES = {
    "v": "np.ones(3)",
    "w": "np.zeros(2)",
    "m": "np.eye(3)",
    "i": "1",
    "l": "[0.5, 1.5, -0.5]",
    "p": "(0.5, np.ones(3))",
    "d": "{'a': 1.5, 'b': np.ones(3)}",
    "o": "[np.ones(3), np.zeros(3)]",
}


class Chooser(Protocol):
    """Where the decisions come from: a random number generator or Hypothesis."""

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        ...


class RandomChooser:
    """Decisions from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


class Expressions:
    """Knows the variables and helpers that are alive, and grows expressions of them."""

    def __init__(self, chooser: Chooser, size: int) -> None:
        self.chooser = chooser
        self.budget = size
        self.lines: list[str] = []
        self.indent = 1
        self.types: dict[str, str] = {}
        self.fixed: set[str] = set()  # names that keep their type: those alive around a branch or loop
        self.protected: set[str] = set()  # loop counters
        self.loops = 0
        self.counter = 0
        self.helpers: list[tuple[str, str, str]] = []  # name, types of parameters, type of the result
        self.constants: dict[str, str] = {}  # literals of the module, and their names
        self.result = "f"
        self.depth = 0  # of functions in functions

    # what the other parts of the grammar bring

    def line(self, text: str) -> None:
        """Add a line of the block that is grown."""
        raise NotImplementedError

    def block(self) -> AbstractContextManager[None]:
        """Return the context in which a nested block grows."""
        raise NotImplementedError

    def target(self, kind: str) -> str:
        """Return a name that may be bound to this kind."""
        raise NotImplementedError

    def statements(self, count: int) -> None:
        """Grow statements."""
        raise NotImplementedError

    def child(self, size: int) -> Self:
        """Return a grower for a function in this one."""
        raise NotImplementedError

    def rule_expression(self, kind: str, depth: int) -> str:
        """Return a call of a rule that gives this kind."""
        raise NotImplementedError

    def reads(self, kind: str) -> list[str]:
        """Return what of this kind the containers hold that are alive."""
        raise NotImplementedError

    def bind(self, kind: str, text: str) -> None:
        """Assign an expression to a name."""
        name = self.target(kind)
        self.line(f"{name} = {text}")
        self.types[name] = kind

    # choices

    def pick(self, items: Sequence[T]) -> T:
        return items[self.chooser.integer(0, len(items) - 1)]

    def chance(self, percent: int) -> bool:
        return self.chooser.integer(0, 99) < percent

    def names(self, kind: str) -> list[str]:
        return [n for n, k in self.types.items() if k == kind]

    def free(self, kind: str) -> list[str]:
        """Return the names of this kind that may be bound again."""
        return [n for n in self.names(kind) if n not in self.protected]

    def number(self) -> str:
        return self.pick(["0.5", "1.5", "2.0", "-0.7", "0.3", "1.0", "2", "3", "-1", "0.0"])

    # expressions

    def expression(self, kind: str, depth: int = 2) -> str:
        known = self.names(kind)
        if self.chance(10) and (held := self.reads(kind)):
            return self.pick(held)
        if depth <= 0 or (known and self.chance(30)):
            return self.pick(known) if known else self.leaf(kind)
        if kind != "i" and self.chance(6):
            return self.rule_expression(kind, depth - 1)
        return {"f": self.scalar, "v": self.vector, "w": self.short, "m": self.matrix, "i": self.index}[kind](depth - 1)

    def leaf(self, kind: str) -> str:
        floats = self.names("f")
        if kind == "f":
            return self.number()
        if kind == "v" and floats:
            return f"np.array([{self.pick(floats)}, {self.number()}, {self.pick(floats)}])"
        return _LEAVES[kind]

    def scalar(self, d: int) -> str:
        e = self.expression
        forms = [
            lambda: f"({e('f', d)} {self.pick(['+', '-', '*'])} {e('f', d)})",
            lambda: f"({e('f', d)} {self.pick(['+', '-', '*'])} {e('f', d)})",
            lambda: f"{self.pick(_SMOOTH)}({e('f', d)})",
            lambda: f"{e('f', d)} / (1.0 + {e('f', d)} ** 2)",
            lambda: f"({e('f', d)}) ** {self.pick(['2', '3', '1', '0'])}",
            lambda: f"math.exp(-({e('f', d)}) ** 2)",
            lambda: f"math.sqrt(1.0 + ({e('f', d)}) ** 2)",
            lambda: f"np.sum({e(self.pick(['v', 'w', 'm']), d)})",
            lambda: f"({e('v', d)} @ {e('v', d)})",
            lambda: f"{e('v', d)}[{self.index(0)}]",
            lambda: f"{self.pick(self.names('m') or ['np.eye(3)'])}[{self.index(0)}, {self.index(0)}]",
            lambda: f"-{e('f', d)}",
            lambda: f"abs({e('f', d)})",
            lambda: f"{self.pick(['max', 'min'])}({e('f', d)}, {e('f', d)})",
            lambda: f"({e('f', d)} if {self.condition()} else {e('f', d)})",
            lambda: f"{e('v', d)}.{self.pick(['mean()', 'sum()', 'max()', 'min()', 'prod()'])}",
            lambda: f"float({e('f', d)})",
            lambda: f"np.dot({e('w', d)}, {e('w', d)})",
            lambda: self.call("f", d),
            lambda: self.unusual(d),
        ]
        return self.pick(forms)()

    def unusual(self, d: int) -> str:
        """Return a scalar of what programs have less often: empty arrays, complex numbers, dates of Python's own."""
        e = self.expression
        empty = f"{e('v', d)}[{self.pick(['3:', ':0', '[]', '2:1'])}]".replace("[[]]", "[np.array([], dtype=int)]")
        if nothing := self.names("e"):
            empty = self.pick(nothing)
        forms = [
            lambda: f"np.sum({empty} * {e('f', d)})",
            lambda: f"np.prod(np.sin({empty}))",
            lambda: f"sum({e('f', d)} * q_ for q_ in {empty})",
            lambda: f"np.concatenate(({empty}, {e('v', d)})).sum()",
            lambda: f"np.abs(np.exp(1j * {e('f', d)}) + {e('f', d)})",
            lambda: f"np.real(({e('f', d)} + 1j * {e('f', d)}) ** 2)",
            lambda: f"({e('f', d)} and {e('f', d)})",
            lambda: f"({e('f', d)} or {e('f', d)})",
            lambda: f"{e('f', d)} % 0.7",
            lambda: f"{e('f', d)} // 0.7 + {e('f', d)}",
            lambda: f"divmod({e('f', d)}, 0.7)[1]",
            lambda: f"pow({e('f', d)}, 2)",
            lambda: f"round({e('f', d)}, 1) * {e('f', d)}",
            lambda: f"int({e('f', d)}) * {e('f', d)}",
            lambda: f"(lambda p: p * {e('f', d)})({e('f', d)})",
            lambda: f"{e('f', d)} * len({e('v', d)})",
            lambda: f"{e('v', d)}.shape[0] * {e('f', d)}",
            lambda: f"np.argmax({e('v', d)}) * {e('f', d)}",
            lambda: f"{e('v', d)}[np.argsort({e('v', d)})][0]",
            lambda: f"float(f'{{0.5}}') * {e('f', d)}",
        ]
        return self.pick(forms)()

    def vector(self, d: int) -> str:
        e = self.expression
        forms = [
            lambda: f"({e('v', d)} {self.pick(['+', '-', '*'])} {e('v', d)})",
            lambda: f"({e('v', d)} {self.pick(['+', '-', '*'])} {e('f', d)})",
            lambda: f"({e('f', d)} {self.pick(['+', '-', '*'])} {e('v', d)})",
            lambda: f"{self.pick(['np.sin', 'np.cos', 'np.tanh', 'np.arctan', 'np.abs', 'np.square'])}({e('v', d)})",
            lambda: f"{e('v', d)} / (1.0 + {e('v', d)} ** 2)",
            lambda: f"({e('m', d)} @ {e('v', d)})",
            lambda: f"{e('m', d)}[{self.index(0)}]",
            lambda: f"{self.pick(self.names('m') or ['np.eye(3)'])}[:, {self.index(0)}]",
            lambda: f"{e('v', d)}[::-1]",
            lambda: f"{e('v', d)}.copy()",
            lambda: f"np.where({e('v', d)} > {self.number()}, {e('v', d)}, {e(self.pick(['v', 'f']), d)})",
            lambda: f"np.maximum({e('v', d)}, {e(self.pick(['v', 'f']), d)})",
            lambda: f"np.array([{e('f', d)}, {e('f', d)}, {e('f', d)}])",
            lambda: f"{e('m', d)}.sum(axis={self.pick(['0', '1'])})",
            lambda: f"{e('v', d)}[{self.pick(['[0, 0, 2]', '[2, 1, 0]', 'IDX', '[1, 1, 1]'])}]",
            lambda: f"np.concatenate(({e('v', d)}[:1], {e('w', d)}))",
            lambda: f"({e('v', d)} * ({e('v', d)} > {self.number()}))",
            lambda: self.call("v", d),
        ]
        return self.pick(forms)()

    def short(self, d: int) -> str:
        e = self.expression
        forms = [
            lambda: f"{e('v', d)}[{self.pick(['1:', ':-1', '::2', ':2', '-2:'])}]",
            lambda: f"({e('w', d)} {self.pick(['+', '-', '*'])} {e(self.pick(['w', 'f']), d)})",
            lambda: f"np.sin({e('w', d)})",
            lambda: f"{self.pick(self.names('v') or ['np.ones(3)'])}[[0, 2]]",
        ]
        return self.pick(forms)()

    def matrix(self, d: int) -> str:
        e = self.expression
        forms = [
            lambda: f"np.outer({e('v', d)}, {e('v', d)})",
            lambda: f"({e('m', d)} {self.pick(['+', '-', '*'])} {e(self.pick(['m', 'v', 'f']), d)})",
            lambda: f"({e('m', d)} @ {e('m', d)})",
            lambda: f"{e('m', d)}.T",
            lambda: f"np.tanh({e('m', d)})",
            lambda: f"np.stack([{e('v', d)}, {e('v', d)}, {e('v', d)}])",
            lambda: f"({e('v', d)}[:, None] * {e('v', d)})",
            lambda: f"{e('m', d)}.copy()",
        ]
        return self.pick(forms)()

    def index(self, d: int) -> str:
        counters = [n for n in self.names("i") if n in self.protected]
        return self.pick(counters) + " % 3" if counters and self.chance(50) else self.pick(["0", "1", "2", "-1", "-2"])

    def condition(self) -> str:
        forms = [
            lambda: f"{self.expression('f', 1)} {self.pick(['>', '<', '>=', '<='])} {self.number()}",
            lambda: f"{self.expression('f', 1)} > {self.expression('f', 1)}",
            lambda: f"{self.number()} < {self.expression('f', 0)} < {self.number()}",
            lambda: f"not {self.expression('f', 0)} > 0.5 and {self.expression('f', 0)} < 3",
            lambda: f"np.any({self.expression('v', 1)} > {self.number()})",
        ]
        return self.pick(forms)()

    def call(self, kind: str, d: int, named: str = "") -> str:
        known = [h for h in self.helpers if h[2] == kind and named in ("", h[0])]
        if not known:
            return self.leaf(kind)
        name, parameters, _ = self.pick(known)
        arguments = [self.expression(p, d) for p in parameters]
        if parameters == "ff" and self.chance(30):
            return f"{name}(q={arguments[1]}, p={arguments[0]})"
        return f"{name}({', '.join(arguments)})"
