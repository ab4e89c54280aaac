"""Statements about memory: views that are written, masks, scatters, buffers, arrays in lists and dicts, helpers that
write what they are given. They are what reverse mode has most to say about.
"""

from __future__ import annotations

from .expressions import Expressions


class Memory(Expressions):
    """Grows statements about memory."""

    FORMS = (
        (3, "view_written"),
        (2, "masked"),
        (2, "scattered"),
        (2, "exchange"),
        (2, "buffer"),
        (2, "members"),
        (2, "writing_call"),
        (2, "scaled_part"),
        (2, "filled"),
    )

    def array(self, kind: str) -> str | None:
        names = [n for n in self.names(kind) if n not in self.protected]
        return self.pick(names) if names else None

    def view_written(self) -> None:
        """A name for a part of an array, which is then written under that name."""
        if m := self.chance(50) and self.array("m"):
            piece, kind = self.pick(
                [("[1]", "v"), ("[:, 2]", "v"), (".T", "m"), ("[1:, 0]", "w"), (".T[0]", "v"), ("[::-1]", "m")]
                + [("[..., 1]", "v"), (".reshape(9)[3:6]", "v"), (".ravel()[::4]", "v")]
            )
            source = m
        elif v := self.array("v"):
            piece, kind = self.pick(
                [("[1:]", "w"), ("[::-1]", "v"), ("[::2]", "w"), ("[:]", "v"), ("", "v"), (".reshape(3)", "v")]
            )
            source = v
        else:
            return
        name = self.target(kind)
        self.line(f"{name} = {source}{piece}")
        self.types[name] = kind
        for _ in range(self.chooser.integer(1, 2)):
            self.write(name, kind)

    def write(self, name: str, kind: str) -> None:
        e = self.expression
        place, value = self.pick([("", kind), ("", "f"), ("[0]", "v" if kind == "m" else "f"), ("[:]", kind)])
        op = self.pick(["=", "+=", "-=", "*="]) if place else self.pick(["+=", "-=", "*="])
        self.line(f"{name}{place} {op} {e(value, 1)}")

    def masked(self) -> None:
        """Updates through a mask, named or not, of one or two axes."""
        kind = self.pick(["v", "m"])
        name = self.array(kind)
        if name is None:
            return
        test = f"{name} {self.pick(['>', '<', '<='])} {self.number()}"
        mask = test
        if self.chance(50):
            self.counter += 1
            mask = f"mask{self.counter}"
            self.line(f"{mask} = {test}")
        value = self.pick([self.expression("f", 1), self.number(), f"{self.expression(kind, 1)}[{mask}]"])
        inverse = "~" if mask != test and self.chance(30) else ""
        self.line(f"{name}[{inverse}{mask}] {self.pick(['=', '+=', '*='])} {value if not inverse else self.number()}")

    def scattered(self) -> None:
        """Reads and writes by arrays of indices, in which an index may come twice."""
        v = self.array("v")
        if v is None:
            return
        index = self.pick(["IDX", "[0, 0, 1]", "[2, 1, 0]", "[1, 1, 1]", "np.array([2, 0, 2])"])
        value = self.expression(self.pick(["v", "f"]), 1)
        if self.chance(40):
            self.line(f"np.add.at({v}, {index}, {value})")
        elif self.chance(40) and (m := self.array("m")):
            self.line(f"{m}[{index}, {self.pick(['0', '[0, 1, 1]', '[2, 0, 0]'])}] {self.pick(['=', '+='])} {value}")
        else:
            self.line(f"{v}[{index}] {self.pick(['=', '+=', '*=', '-='])} {value}")

    def exchange(self) -> None:
        """Rows, columns and elements that change places."""
        if m := self.chance(60) and self.array("m"):
            self.line(self.pick([f"{m}[[0, 2]] = {m}[[2, 0]]", f"{m}[:, [0, 1]] = {m}[:, [1, 2]]"]))
            if self.chance(40):
                self.line(f"{m}[0], {m}[1] = {m}[1].copy(), {m}[0] * {self.number()}")
        elif v := self.array("v"):
            self.line(self.pick([f"{v}[0], {v}[2] = {v}[2], {v}[0]", f"{v}[:] = {v}[::-1]", f"{v}[1:] = {v}[:-1]"]))

    def buffer(self) -> None:
        """An array that is made once and filled element by element, or from two others in turn."""
        name = self.target("v")
        if name in self.types and name in self.fixed:
            return
        self.types.pop(name, None)  # what is filled in may not read the buffer
        source = self.expression("v", 1)
        self.line(f"{name} = {self.pick(['np.zeros(3)', 'np.empty(3)', 'np.zeros_like(IDX, dtype=float)'])}")
        self.counter += 1
        i = f"i{self.counter}"
        self.line(f"for {i} in range(3):")
        self.line(f"    {name}[{i}] = {self.pick([f'({source})[{i}]', self.expression('f', 1), f'{i} * 0.5'])}")
        self.types[name] = "v"
        if self.chance(40):
            self.line(f"for {i} in range({self.chooser.integer(0, 3)}):")
            self.line(f"    {name}[{i} - 1] {self.pick(['=', '+=', '*='])} {name}[{i}] * {self.number()}")

    def members(self) -> None:
        """Arrays in a list, a tuple or a dict, written through it or beside it."""
        v, w = self.expression("v", 1), self.array("v") or "np.ones(3)"
        self.counter += 1
        name = f"held{self.counter}"
        display, first = self.pick(
            [
                (f"[{v}, {w}]", "[0]"),
                (f"[{w}, {v}]", "[1]"),
                (f"({v}, {w})", "[0]"),
                (f"{{'a': {v}, 'b': {w}}}", "['a']"),
            ]
        )
        self.line(f"{name} = {display}")
        for _ in range(self.chooser.integer(1, 2)):
            place = self.pick(["[0]", "[1:]", "[::-1][0]", "[:]"])
            self.line(f"{name}{first}{place} {self.pick(['=', '+=', '*='])} {self.expression('f', 1)}")
        result = self.target("v")
        self.line(f"{result} = {name}{first} * {self.number()}" if self.chance(60) else f"{result} = {name}{first}")
        self.types[result] = "v"

    def writing_call(self) -> None:
        """A helper writes what it is given, and perhaps returns it or a part of it."""
        v, m, e = self.array("v"), self.array("m"), self.expression
        forms = ["x = fresh(Y)"]
        if v is not None:
            forms += [
                f"x = grown({v}, F)",
                f"grown({v}, F)",
                f"exchanged({v}, Y)",
                f"grown({v}[1:], F)",
                f"w = head({v})",
                f"in_turn({v}, F, {self.pick(['0', '1', '2', 'n'])})",
                f"other_turn({v}, F, {self.pick(['0', '1', '2', 'n'])})",
                f"flows({v}, {self.array('v')}, {self.array('v')}, F)",
                f"flows({v}, Y, {v}, F)",
            ]
        if m is not None:
            forms += [f"scaled({m})", f"grown({m}[1], F)", f"grown({m}.T[0], F)", f"scaled({m}.T, 2)"]
        form = self.pick(forms).replace("F", e("f", 1)).replace("Y", f"({e('v', 1)} * 1.0)")
        for kind, mark in (("v", "x = "), ("w", "w = ")):
            if form.startswith(mark):
                name = self.target(kind)
                form = f"{name} = {form[4:]}"
                self.types[name] = kind
        self.line(form)

    def scaled_part(self) -> None:
        """Every operator, on a name or a part."""
        kind = self.pick(["v", "m"])
        name = self.array(kind)
        if name is None:
            return
        place = self.pick(["", "[1:]", "[0]", "[::2]"])
        value = self.pick([f"({self.expression('f', 1)} ** 2 + 1.0)", "2.0", "3"])
        if self.chance(25):
            self.line(f"{name}{place} **= 2")
        elif self.chance(15):
            self.line(f"{name}{place} %= 0.7")
        else:
            self.line(f"{name}{place} {self.pick(['/=', '*=', '-='])} {value}")

    def filled(self) -> None:
        """A slot, a row, or what has no name, written by functions and methods; another name tells whether it is."""
        e = self.expression
        self.counter += 1
        held, q, r = (f"fi{self.counter}{letter}" for letter in "abc")
        a, b = f"({e('v', 1)} * 1.0)", self.pick(["np.ones(3)", f"({e('v', 1)} + 0.0)"])
        made, first, places = self.pick(
            [
                (f"[{a}, {b}]", "[0]", ["{q}[0]", "{q}[:][0]", "list({q})[0]", "{q}.copy()[0]", "[c for c in {q}][0]"]),
                (f"{{'k': {a}, 'l': {b}}}", "['k']", ["{q}['k']", "{q}.get('k')", "dict({q})['k']"]),
                (f"({a}, {b})", "[0]", ["{q}[0]", "{q}[::-1][1]", "next(iter({q}))"]),
                (
                    f"np.array([{a}, {b}])",
                    "[0]",
                    [
                        "{q}[0]",
                        "{q}.T[:, 0]",
                        "{q}[[0, 1]][0]",
                        "{q}[:1][0]",
                        "np.flipud({q})[1]",
                        "{q}[[True, False]][0]",
                    ],
                ),
            ]
        )
        for text in (f"{held} = {made}", f"{r} = {held}{first}", f"{q} = {r} * {e('f', 1)}"):
            self.line(text)
        place, f, v = (places[0] if self.chance(60) else self.pick(places)).format(q=held), e("f", 1), e("v", 1)
        forms = [f"{place}.fill({f})", f"np.copyto({place}, {v})", f"np.multiply({v}, {f}, out={place})"]
        forms += [f"{place}[:] = {v}", f"{place}[0] = {f}", f"{place}[1:] *= {f}", f"grown({place}, {f})"]
        forms += [f"np.add({place}, {v}, {place})", f"{place}.put([0, 2], {f})", f"{place}[...] = {f}"]
        forms += [f"{place}.T.fill({f})", f"np.flip({place}).put([0, 4], {v}, mode='wrap')", f"{place}.partition(1)"]
        forms += [f"np.copyto(dst={place}, src={v}, where={v} > 0.0)", f"np.copyto({place}.reshape(3), {v})"]
        forms += [f"np.place({place}, mask={v} > 0.0, vals={v})", f"np.putmask({place}[::-1], {v} > 0.0, values={f})"]
        self.line(self.pick(forms))
        self.line(f"{q} = {q} * {r} + {held}{first}")
        self.types |= {q: "v", r: "v"}
