"""Control flow: branches, loops, jumps, early returns, try, match, with."""

from __future__ import annotations

from .expressions import Expressions


class Control(Expressions):
    """Grows statements with blocks."""

    FORMS = ((4, "branch"), (4, "loop"), (1, "while_loop"), (2, "leave"), (1, "attempt"), (1, "matched"), (1, "within"))

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
            return
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
        if self.chance(15):
            self.line("else:")
            with self.block():
                self.statements(1)

    def leave(self) -> None:
        if self.chance(60):
            self.line(f"if {self.condition()}:")
            self.line(f"    return {self.expression(self.result, 2)}")

    def attempt(self) -> None:
        """A try, in which something is raised half way, now and then."""
        self.line("try:")
        with self.block():
            self.statements(self.chooser.integer(1, 2))
            if self.chance(60):
                self.line(f"if {self.condition()}:")
                self.line("    raise ValueError('half way')")
            elif self.chance(50) and (floats := self.free("f")):
                self.line(f"{self.pick(floats)} = checked({self.expression('f', 1)})")
            self.statements(self.chooser.integer(0, 1))
        self.line(f"except {self.pick(['ValueError', 'Exception', '(ValueError, ZeroDivisionError)'])}:")
        with self.block():
            self.statements(self.chooser.integer(1, 2))
        if self.chance(15):
            self.line("else:")
            with self.block():
                self.statements(1)
        if self.chance(15):
            self.line("finally:")
            with self.block():
                self.statements(1)

    def matched(self) -> None:
        self.line(f"match {self.pick(['n', 'n % 2', '3 - n'])}:")
        self.indent += 1
        for case in (self.pick(["0", "1", "2"]), self.pick(["3", "1 | 2"]), "_"):
            if case == "_" or self.chance(70):
                self.line(f"case {case}:")
                with self.block():
                    self.statements(self.chooser.integer(0, 2))
        self.indent -= 1

    def within(self) -> None:
        if self.chance(60):
            return  # reverse mode refuses a with
        self.line("with np.errstate(all='ignore'):")
        with self.block():
            self.statements(self.chooser.integer(1, 2))
