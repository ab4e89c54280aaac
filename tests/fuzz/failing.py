"""Statements that fail half way for other reasons than a raise, and names that stand for several things in turn."""

from __future__ import annotations

from .expressions import Expressions

#: What raises where `k` is 4: `v` is a vector of three, `f` a number.
FAILS = (
    *("{v} += np.ones({k})", "{v}[:] = np.ones({k}) * {f}", "{v} = {v} * np.ones({k})", "{f} = {f} + {v}[{k} - 1]"),
    *(
        "{v}[{k} - 1] = {f}",
        "{f} = {f} + {v} @ np.ones({k})",
        "{v}[1:] *= np.ones({k} - 1)",
        "{f} = {f} + 1.0 / (4 - {k})",
    ),
    *("np.copyto({v}, np.full({k}, {f}))", "{v} *= 2.0\n{f} = {f} + float({v}[3 - {k}:][:4 - {k}])"),
    *("{b} = np.diag(np.ones((3, 3)) * {f}, {k} - 3)\n{b}[0] = {f}", "{b} = [{f}, 1.0]\n{f} = {f} + {b}[{k} - 3]"),
)
CAUGHT = ("Exception", "(ValueError, IndexError, TypeError, ZeroDivisionError)", "")
#: What stands for several things in turn, the last of which is the vector `a`.
IN_TURN = (
    "{a} = [{new}] * 2\n{a}[1] = {a}[0] * {one}\n{a} = {a}[1]",
    "{b} = [1.0]\n{a} = [{b}, {one}]\n{a}[0].append({one})\n{a} = [{new}] * 2\n{a}[1] = {b}[1]\n{a} = {a}[0] + {a}[1]",
    "{a} = ({new}, {one}) * 2\n{b} = list({a})\n{b}[0] = {other}\n{a} = {b}[2] * {b}[1] + {b}[0]",
    "def {b}(q):\n    return q * {one}\n{a} = {b}({new})\ndef {b}(q):\n    return q + {one}\n{a} = {b}({a})",
    "def {b}(q):\n    return q * {one}\n{a} = {b}({new})\n"
    "def {b}(q, k=2):\n    return q if k <= 0 else {b}(q * 0.7, k - 1)\n{a} = {b}({a})",
    "def {b}(q):\n    return q * {one}\n{b}_old = {b}\ndef {b}(q):\n    return {b}_old(q) + 1.0\n{a} = {b}({new})",
    "{b} = {{'s': np.sin, 'c': np.cos}}\n{a} = {new}\nfor {b}_key in {b}:\n    {a} = {b}[{b}_key]({a})",
    "{b} = [np.sin, np.cos]\n{a} = {new}\nfor {b}_one in {b}:\n    if n > 2:\n        break\n    {a} = {b}_one({a})",
    "{a} = {new}\n{b} = {a}[1:]\n{b} *= 2.0\n{b} = {{'a': {a}, 'f': {one}}}\n{a} = {b}['a'] * {b}['f']",
)


class Failing(Expressions):
    """Grows them."""

    FORMS = ((1, "failing"), (1, "in_turn"))

    def failing(self) -> None:
        """Write, fail or not, and go on with what has been done until then."""
        floats, vectors = self.free("f"), self.free("v")
        if not floats or not vectors:
            return
        self.counter += 1
        names = {"v": self.pick(vectors), "f": self.pick(floats), "b": f"fa{self.counter}"}
        k = self.pick(["(3 + n % 2)", f"(4 if {self.condition()} else 3)"])
        writes = (f"{names['v']}[0] = {names['f']}", f"{names['f']} = {names['f']} * 2.0", f"{names['v']} *= 1.5")
        caught = self.pick(CAUGHT)
        before, after = self.pick(("", *writes)), self.pick(("", *writes))
        fails = self.pick(FAILS).format(k=k, **names)
        self.line("try:")
        for line in (part for text in (before, fails, after) for part in text.split("\n") if part):
            self.line(f"    {line}")
        self.line(f"except {caught}:" if caught else "except:")
        self.line(f"    {self.pick(writes)}")

    def in_turn(self) -> None:
        """Give a name another meaning, beside what still has the one before."""
        self.counter += 1
        a, b = (f"it{self.counter}{letter}" for letter in "ab")
        base, other = f"({self.expression('v', 0)})", f"({self.expression('v', 0)} * 1.0)"
        text = self.pick(IN_TURN).format(a=a, b=b, new=f"{base} * 1.5", other=other, one=self.expression("f", 0))
        for line in text.split("\n"):
            self.line(line)
        self.bind("v", f"{a} * {base}")
