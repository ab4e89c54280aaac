"""Assignments to names, elements and slices, plain, in chains and augmented; aliases; calls as statements."""

from __future__ import annotations

from .expressions import Expressions


class Assignments(Expressions):
    """Grows assignments."""

    FORMS = (
        (14, "assign"),
        (5, "augmented"),
        (7, "store"),
        (3, "alias"),
        (2, "several"),
        (2, "helper_statement"),
        (1, "harmless"),
    )

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
        free = [n for n, k in self.types.items() if k in "fvwm" and n not in self.protected]
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
