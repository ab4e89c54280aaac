"""Statements in which one array is met under several names: in several places of a container, as this or that operand,
as what a helper returns, row by row, as a target of `out=`, without axes.
"""

from __future__ import annotations

from .effects import Effects

#: Functions that return what they are given, a part of it, or something fresh; written where a program names them.
RETURNERS = {
    "this_or_that": """
def this_or_that(a, b, flag):
    if flag:
        return a
    return b
""",
    "perhaps_fresh": """
def perhaps_fresh(a, flag):
    return a if flag else a * 1.0
""",
    "both_of": """
def both_of(a):
    return a, a[::-1]
""",
    "held_twice": """
def held_twice(a):
    return [a, a]
""",
}


class Shared(Effects):
    """Grows statements about shared memory."""

    FORMS = (
        (2, "several_places"),
        (1, "one_of_two"),
        (1, "returned_memory"),
        (1, "rows"),
        (2, "into"),
        (1, "without_axes"),
        (1, "chained"),
        (1, "handed_over"),
    )

    def changed(self, place: str) -> None:
        """Write what stands in a place, or a part of it."""
        part = self.pick(["", "[0]", "[1:]", "[:]", "[::-1]"])
        op = self.pick(["*=", "+=", "-="]) if not part else self.pick(["*=", "+=", "="])
        self.line(f"{place}{part} {op} {self.expression('f', 1)}")

    def several_places(self) -> None:
        """One array in several places of a list or a dict, written in one of them and read in the others."""
        held, v = self.new("held"), self.own("v")
        array = self.new("array") if v is None or self.chance(50) else v
        if array != v:
            self.line(f"{array} = {self.expression('v', 1)} * 1.0")
        i = self.new("i")
        forms = [
            [f"{held} = [{array}, {array}]"],
            [f"{held} = [{array}, {self.expression('v', 1)}]", f"{held}.append({held}[{self.pick('01')}])"],
            [f"{held} = [{self.expression('v', 1)}]", f"{held}.append({array})", f"{held} = {held} + {held}[-1:]"],
            [f"{held} = []", f"for {i} in range(3):", f"    {held}.append({array})"],
            [f"{held} = [{array} for _ in range({self.pick('23')})]"],
            [f"{held} = [{array}] * 2"],
            [f"{held} = [{array}, {array}[::-1]]", f"{held}[1] = {held}[0]"],
            [f"{held} = [[{array}, {array}], {array}][0]"],
            [f"{held} = {{0: {array}}}", f"{held}[1] = {held}[0]"],
            [f"{held} = {{{i}: {array} for {i} in range(2)}}"],
            [f"{held} = held_twice({array})"],
            [f"{held} = ({array}, {v or array})"],
        ]
        for text in self.pick(forms):
            self.line(text)
        if self.chance(30):
            self.bind("v", f"{held}[0] * {held}[1]")
        self.changed(f"{held}[{self.pick('01')}]" if self.chance(80) else array)
        self.bind("v", self.pick([f"{held}[0] * {held}[1]", f"{held}[1]", f"{held}[0] + {array}", f"{array} * 1.0"]))

    def one_of_two(self) -> None:
        """A name for one of two arrays, by a condition, a key or a position."""
        names = self.free("v")
        a, b = (self.pick(names) if names else "np.ones(3)" for _ in range(2))
        test, name = self.condition(), self.target("v")
        text = self.pick(
            [
                f"{a} if {test} else {b}",
                f"[{a}, {b}][{self.pick(['0', '1', 'n % 2'])}]",
                f"{{0: {a}, 1: {b}}}[n % 2]",
                f"this_or_that({a}, {b}, {test})",
                f"max([{a}, {b}], key=lambda q_: q_[0])",
                f"{a} if {test} else {b} * 1.0",
                f"perhaps_fresh({a}, {test})",
            ]
        )
        self.line(f"{name} = {text}")
        self.types[name] = "v"
        self.changed(name)

    def returned_memory(self) -> None:
        """What a helper returns is memory that it was given, and is written."""
        v = self.own("v")
        if v is None:
            return
        first, second = self.new("back"), self.new("back")
        self.line(f"{first}, {second} = both_of({v}{self.pick(['', ' * 1.0', '[::-1]'])})")
        self.changed(self.pick([first, second]))
        self.bind("v", f"{first} * {second}")

    def rows(self) -> None:
        """The rows of a matrix, or the arrays in a list, are written one by one."""
        m = self.own("m")
        if m is None:
            return
        row, i, e = self.new("row"), self.new("i"), self.expression
        over, body = self.pick(
            [
                (f"for {row} in {m}:", f"{row} *= {e('f', 1)}"),
                (f"for {row} in {m}.T:", f"{row} += {e('v', 1)}"),
                (f"for {i}, {row} in enumerate({m}):", f"{row}[{i}] = {e('f', 1)}"),
                (f"for {row}, {i} in zip({m}, {m}[::-1]):", f"{row} += {i} * 0.5"),
                (f"for {row} in list({m}[1:]):", f"{row}[0] *= {e('f', 1)}"),
                (f"for {i} in range(3):", f"{m}[{i}] = {m}[{i} - 1] * 0.5"),
            ]
        )
        self.line(over)
        self.line(f"    {body}")
        if self.chance(40):
            a, b, c = (self.new("row") for _ in range(3))
            self.line(f"{a}, {b}, {c} = {m}")
            self.changed(b)
            self.bind("v", f"{a} * {b} + {c}")

    def into(self) -> None:
        """NumPy writes into an array that exists, everywhere or where a mask says so."""
        v, m, e = self.own("v"), self.own("m"), self.expression
        if v is None:
            return
        mask = self.pick([f"{v} > {self.number()}", f"{e('v', 1)} < {self.number()}", "[True, False, True]"])
        where = f", where={mask}" if self.chance(50) else ""
        texts = [
            f"np.add({v}, {e('v', 1)}, out={v}{where})",
            f"np.multiply({e('v', 1)}, {e('f', 1)}, out={v}{where})",
            f"np.multiply({e('v', 1)}, {v}, {v}{where})",
            f"np.tanh({e('v', 1)}, out={v}{where})",
            f"np.copyto({v}, {e(self.pick('vf'), 1)}{where})",
            f"np.clip({v}, -0.4, {e('f', 1)} ** 2 + 1.0, out={v})",
            f"np.cumsum({e('v', 1)}, out={v})",
            f"np.maximum({v}, {e('f', 1)}, out={v}[::-1])",
            f"np.putmask({v}, {mask}, {e('v', 1)})",
            f"np.put({v}, [0, 2], {e('w', 1)})",
            f"{v}.cumsum(out={v})",
        ]
        if m is not None:
            texts += [
                f"np.sum({m}, axis={self.pick('01')}, out={v})",
                f"np.dot({m}, {e('v', 1)} * 1.0, out={v})",
                f"np.negative({m}[1], out={m}[0])",
                f"np.fill_diagonal({m}, {e(self.pick('fv'), 1)})",
                f"np.add({m}, {v}, out={m}, where={m} > {self.number()})",
            ]
        text = self.pick(texts)
        if text.startswith(("np.add", "np.mul", "np.tanh")) and self.chance(30):
            self.bind("v" if f"out={m}" not in text else "m", text)
        else:
            self.line(text)

    def without_axes(self) -> None:
        """An array without axes is written and read."""
        z, e = self.new("z"), self.expression
        make = self.pick([f"np.array({e('f', 1)})", "np.zeros(())", f"np.asarray({e('f', 1)} * 1.0)"])
        self.line(f"{z} = {make}")
        for _ in range(self.chooser.integer(1, 2)):
            self.line(f"{z}{self.pick(['[...] =', '[()] =', ' +=', ' *=', '[...] *='])} {e('f', 1)}")
        self.bind(
            *self.pick([("f", f"float({z})"), ("f", f"{z} * 1.0"), ("f", f"{z}[()]"), ("v", f"{z} * {e('v', 1)}")])
        )

    def chained(self) -> None:
        """Several names are bound at once, or take each other's values."""
        a, b, e = self.new("c"), self.new("c"), self.expression
        first = self.pick([f"{e('v', 1)} * 1.0", "np.zeros(3)", *self.free("v")])
        self.line(f"{a} = {b} = {first}")
        self.changed(self.pick([a, b]))
        if self.chance(50):
            self.line(f"{a}, {b} = {b}, {e('v', 1)} * 1.0")
            self.changed(self.pick([a, b]))
        self.bind("v", f"{a} * {b}")

    def handed_over(self) -> None:
        """Two buffers change places in a loop, one written from the other."""
        old, new, i, e = self.new("old"), self.new("new"), self.new("i"), self.expression
        self.line(f"{old}, {new} = {self.pick([e('v', 1) + ' * 1.0', *self.free('v')])}, np.zeros(3)")
        self.line(f"for {i} in range({self.pick(['1', '2', 'n'])}):")
        step = self.pick(
            [
                f"np.multiply({old}, {e('f', 1)}, out={new})",
                f"{new}[:] = {old}[::-1] * 0.5",
                f"{new}[1:] = {old}[:-1] + {e('f', 1)}",
                f"{new}[0] = {old}[-1] * {e('f', 1)}",
            ]
        )
        self.line(f"    {step}")
        self.line(f"    {old}, {new} = {new}, {old}")
        self.bind("v", self.pick([old, f"{old} + {new}", f"{old} * {new}"]))
