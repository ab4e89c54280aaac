"""Containers in programs: lists, tuples and dicts, nested and mutated, comprehensions, unpacking.

Kinds are ``l`` (a list of at least three floats), ``p`` (a tuple of a float and a vector), ``d`` (a dict of a float "a"
and a vector "b") and ``o`` (a list of two vectors).
"""

from __future__ import annotations

from .expressions import Expressions


class Containers(Expressions):
    """Grows statements with containers."""

    FORMS = ((3, "container"), (4, "mutated"), (3, "read_out"), (3, "comprehension"), (2, "unpacked"))

    def container(self) -> None:
        """A container, of expressions or of others."""
        e, lists, dicts = self.expression, self.names("l"), self.names("d")
        kind, text = self.pick(
            [
                ("l", f"[{e('f', 1)}, {e('f', 1)}, {e('f', 1)}]"),
                ("l", f"[{e('f', 1)}] * 3"),
                ("l", f"list({e('v', 1)})"),
                ("l", f"{self.pick(lists)}[::-1]" if lists else "[0.5, 1.5, 2.5]"),
                ("l", f"{self.pick(lists)} + [{e('f', 1)}]" if lists else f"[{e('f', 1)}, 1.0, 2]"),
                ("l", f"sorted({e('v', 1)})"),
                ("p", f"({e('f', 1)}, {e('v', 1)})"),
                ("d", f"{{'a': {e('f', 1)}, 'b': {e('v', 1)}}}"),
                ("d", f"dict(a={e('f', 1)}, b={e('v', 1)})"),
                ("d", f"{self.pick(dicts)} | {{'a': {e('f', 1)}}}" if dicts else "{'a': 0.5, 'b': np.ones(3)}"),
                ("d", f"{{**{self.pick(dicts)}, 'a': {e('f', 1)}}}" if dicts else "{'a': 2, 'b': np.zeros(3)}"),
                ("o", f"[{e('v', 1)}, {e('v', 1)}]"),
                ("o", f"[{e('v', 1)} for _ in range(2)]"),
            ]
        )
        self.bind(kind, text)

    def mutated(self) -> None:
        """A container is written, or something that it holds."""
        e = self.expression
        op = self.pick(["=", "+=", "*=", "-="])
        forms = []
        if names := self.free("l"):
            x = self.pick(names)
            forms += [
                f"{x}[{self.pick(['0', '1', '-1'])}] {op} {e('f', 1)}",
                f"{x}.append({e('f', 1)})",
                f"{x}.insert(0, {e('f', 1)})",
                f"{x}.extend([{e('f', 1)}, {e('f', 1)}])",
                f"{x}[0], {x}[1] = {x}[1], {x}[0]",
                f"{x}.reverse()",
                f"{x} += [{e('f', 1)}]",
                f"{x}.append({x}.pop() * {e('f', 1)})",
                f"{x}[1:] = [{e('f', 1)}, {e('f', 1)}]",
            ]
        if names := self.free("d"):
            x = self.pick(names)
            forms += [
                f"{x}['a'] {op} {e('f', 1)}",
                f"{x}['b'] {op} {e('v', 1)}",
                f"{x}['b'][{self.index(0)}] {op} {e('f', 1)}",
                f"{x}['c'] = {e('f', 1)}",
                f"{x}.update(a={e('f', 1)})",
                f"{x}['b'] = {x}['b'] * {x}['a']",
                f"{x} |= {{'a': {e('f', 1)}}}",
            ]
        if names := self.free("o"):
            x = self.pick(names)
            forms += [
                f"{x}[{self.pick(['0', '1', '-1'])}] {op} {e('v', 1)}",
                f"{x}[0][{self.index(0)}] {op} {e('f', 1)}",
                f"{x}[0], {x}[1] = {x}[1], {x}[0]",
                f"{x}.append({e('v', 1)})",
            ]
        if names := self.free("p"):
            forms += [f"{self.pick(names)}[1][{self.index(0)}] {op} {e('f', 1)}"]
        if forms:
            self.line(self.pick(forms))
        else:
            self.container()

    def reads(self, kind: str) -> list[str]:
        """Return what can be read of the containers that are alive."""
        found: list[str] = []
        for x in self.names("l"):
            found += {
                "f": [f"{x}[0]", f"{x}[-1]", f"sum({x})", f"max({x})", f"math.fsum({x})", f"len({x}) * 0.1"],
                "v": [f"np.array({x}[:3])", f"np.array({x})[:3]"],
                "w": [f"np.array({x}[1:3])"],
            }.get(kind, [])
        for x in self.names("d"):
            found += {
                "f": [f"{x}['a']", f"{x}.get('a')", f"{x}.get('c', 0.5)", f"{x}['b'][0]", f"sorted({x}.items())[0][1]"],
                "v": [f"{x}['b']", f"{x}['b'] * {x}['a']", f"dict(sorted({x}.items()))['b']", f"dict({x}, a=0.5)['b']"],
            }.get(kind, [])
        for x in self.names("o"):
            found += {
                "f": [f"{x}[1][{self.index(0)}]"],
                "v": [f"{x}[0]", f"{x}[-1]", f"sum({x})", f"np.sum({x}, axis=0)"],
                "m": [f"np.stack([*{x}, {x}[0]])[:3]"],
            }.get(kind, [])
        for x in self.names("p"):
            found += {"f": [f"{x}[0]"], "v": [f"{x}[1]", f"{x}[1] * {x}[0]"]}.get(kind, [])
        return found

    def read_out(self) -> None:
        """A part of a container under a name of its own, or something that is made of its parts."""
        kind = self.pick("fv")
        found = self.reads(kind)
        if not found:
            return self.container()
        self.bind(kind, self.pick(found) + (f" * {self.number()}" if self.chance(30) else ""))

    def comprehension(self) -> None:
        e = self.expression
        self.counter += 1
        q = f"q{self.counter}"
        source, outer = e("v", 1), self.types
        self.types = {**outer, q: "f"}
        inner, test = e("f", 2), f"{q} > {self.number()}"
        self.types = outer
        lists = [*self.names("l"), source]
        kind, text = self.pick(
            [
                ("f", f"sum({inner} for {q} in {source})"),
                ("f", f"sum([{inner} for {q} in {self.pick(lists)}])"),
                ("f", f"sum({inner} for {q} in {source} if {test})"),
                ("v", f"np.array([{inner} for {q} in {source}])"),
                ("l", f"[{inner} for {q} in {source}]"),
                ("l", f"[{q} * w_ for {q}, w_ in zip({source}, {e('v', 1)})]"),
                ("f", f"max({inner} for {q} in {source})"),
                ("f", f"sum({q} * r_ for {q} in {source} for r_ in {source})"),
                ("d", f"{{k_: r_ for k_, r_ in zip(('a', 'b'), ({e('f', 1)}, {e('v', 1)}))}}"),
                ("f", f"sum({{k_: {inner} for k_, {q} in enumerate({source})}}.values())"),
            ]
        )
        self.bind(kind, text)

    def unpacked(self) -> None:
        """Unpacking, plain, nested and starred."""
        e = self.expression
        a, b, v, rest = self.target("f"), self.target("f"), self.target("v"), self.target("l")
        if len({a, b, v, rest}) < 4:
            return
        vector = e("v", 1)
        pairs = self.names("p")
        dicts = self.names("d")
        line, bound = self.pick(
            [
                (f"{a}, {b}, _ = {vector}", {a: "f", b: "f"}),
                (f"({a}, {b}), {v} = ({e('f', 1)}, {e('f', 1)}), {e('v', 1)}", {a: "f", b: "f", v: "v"}),
                (f"{a}, *{rest} = [{e('f', 1)}, {e('f', 1)}, {e('f', 1)}, {e('f', 1)}]", {a: "f", rest: "l"}),
                (f"*{rest}, {a} = *{vector}, {e('f', 1)}", {a: "f", rest: "l"}),
                (
                    f"{a}, {v} = {self.pick(pairs)}" if pairs else f"{a}, {v} = {e('f', 1)}, {e('v', 1)}",
                    {a: "f", v: "v"},
                ),
                (f"{a}, {v} = {self.pick(dicts)}.values()" if dicts else "pass", {a: "f", v: "v"} if dicts else {}),
                (f"[{a}, {b}] = {vector}[:2]", {a: "f", b: "f"}),
                (f"{b} = ({a} := {e('f', 1)}) * {e('f', 0)}", {a: "f", b: "f"}),
            ]
        )
        self.line(line)
        self.types |= bound
