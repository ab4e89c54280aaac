"""Statements with effects that are easily overlooked.

Helpers that write by `out=`, `fill`, `copyto` and `add.at`, state in dicts, closures that write, views of views, errors
half way through a helper, iterators, loops that do not run and branches that do not assign.
"""

from __future__ import annotations

from collections.abc import Sequence

from .expressions import Expressions

#: Functions that write what they are given; each is written where a program names it.
WRITERS = {
    "negated": """
def negated(v):
    np.negative(v, out=v)
    return v
""",
    "blended": """
def blended(v, w, s):
    np.multiply(w, s, out=v)
    np.add(v, 0.5, out=v)
""",
    "flooded": """
def flooded(v, s):
    v.fill(s)
    v[0] *= 0.5
""",
    "copied": """
def copied(v, w):
    np.copyto(v, w)
    return v[0]
""",
    "scattered_into": """
def scattered_into(v, s):
    np.add.at(v, IDX, s)
""",
    "summed_into": """
def summed_into(out, v):
    return np.cumsum(v, out=out)
""",
    "counted": '''
def counted(state, s):
    """Keep a sum and a count in a dict."""
    state["n"] = state.get("n", 0) + 1
    state["sum"] = state.get("sum", 0.0) + s
    return state["sum"] / state["n"]
''',
    "pushed": """
def pushed(items, s):
    items.append(s * items[-1])
    return len(items)
""",
    "tail_scaled": """
def tail_scaled(v, s):
    t = v[1:]
    u = t[::-1]
    u *= s
""",
    "risky": '''
def risky(v, s):
    """Raise with half of the work done."""
    v[0] *= s
    if s > 0.5:
        raise ValueError("half way")
    v[1] += s
''',
    "pieces": """
def pieces(v, s):
    for x in v:
        yield x * s
""",
}


class Effects(Expressions):
    """Grows statements with effects."""

    FORMS = (
        (3, "helper_writes"),
        (2, "view_of_view"),
        (1, "kept_state"),
        (1, "writing_closure"),
        (1, "half_way"),
        (1, "iterated"),
        (2, "not_run"),
        (2, "perhaps_bound"),
    )

    def new(self, stem: str) -> str:
        """Return a name that nothing else has."""
        self.counter += 1
        return f"{stem}{self.counter}"

    def own(self, kind: str) -> str | None:
        """Return an array that may be written."""
        names = self.free(kind)
        return self.pick(names) if names else None

    def helper_writes(self) -> None:
        """A helper writes an array or a part of it, and perhaps returns something of it."""
        e, v, m = self.expression, self.own("v"), self.own("m")
        parts = [v, f"{v}[::-1]", f"{v}[:]"] if v else []
        parts += [f"{m}[1]", f"{m}.T[0]", f"{m}[:, 2]"] if m else []
        if not parts:
            return
        part = self.pick(parts)
        call, kind = self.pick(
            [
                (f"negated({part})", "v"),
                (f"blended({part}, {e('v', 1)}, {e('f', 1)})", ""),
                (f"flooded({part}, {e('f', 1)})", ""),
                (f"copied({part}, {e('v', 1)})", "f"),
                (f"scattered_into({part}, {e('f', 1)})", ""),
                (f"summed_into({part}, {e('v', 1)})", "v"),
                (f"tail_scaled({part}, {e('f', 1)})", ""),
            ]
        )
        if kind and self.chance(60):
            self.bind(kind, call + self.pick(["", " * 1.0"]))
        else:
            self.line(call)

    def view_of_view(self) -> None:
        """A view of a view is written, beside what it is a view of."""
        v, m = self.own("v"), self.own("m")
        if m and (not v or self.chance(50)):
            first, second, kind = self.pick(
                [(".T", "[1:, 0]", "w"), ("[1:]", ".T[0]", "w"), ("[::-1]", "[0]", "v"), ("[:, 1:]", "[1]", "w")]
            )
            source = m
        elif v:
            first, second, kind = self.pick(
                [
                    ("[1:]", "[::-1]", "w"),
                    ("[::-1]", "[:2]", "w"),
                    (".reshape(3, 1)", "[:, 0]", "v"),
                    ("[:]", "[1:]", "w"),
                ]
            )
            source = v
        else:
            return
        middle, name = self.new("part"), self.target(kind)
        self.line(f"{middle} = {source}{first}")
        self.line(f"{name} = {middle}{second}")
        self.types[name] = kind
        self.line(f"{name} {self.pick(['*=', '+=', '-='])} {self.expression(self.pick([kind, 'f']), 1)}")
        if self.chance(40):
            self.line(f"{middle}[0] {self.pick(['*=', '='])} {self.number()}")

    def kept_state(self) -> None:
        """A helper keeps its state in a dict or a list that it is given."""
        state, i, total = self.new("state"), self.new("i"), self.target("f")
        start = self.expression("f", 1)
        if self.chance(60):
            first = self.pick(["{}", "{'n': 0}", f"dict(sum={start})"])
            self.line(f"{state} = {first}")
            call, end = f"counted({state}, {self.expression('f', 1)})", f"{state}['sum']"
        else:
            self.line(f"{state} = [{start}]")
            call, end = f"pushed({state}, {self.expression('f', 1)})", f"{state}[-1]"
        self.line(f"{total} = {self.number()}")
        self.types[total] = "f"
        self.line(f"for {i} in range({self.pick(['1', '2', 'n + 1'])}):")
        self.line(f"    {total} = {total} * 0.5 + {call}")
        self.bind("f", self.pick([end, f"{end} * {total}", total]))

    def writing_closure(self) -> None:
        """A function in this one writes an array that is around it, or keeps a value in a dict."""
        if self.depth:
            return
        name, e = self.new("put"), self.expression
        v = self.own("v")
        if v and self.chance(60):
            body = self.pick([f"{v}[{self.index(0)}] += p", f"{v}[1:] = p * {v}[:2]", f"np.multiply({v}, p, out={v})"])
            end = ("v", f"{v} * 1.0")
        else:
            held = self.new("memo")
            self.line(f"{held} = {{'last': {e('f', 1)}}}")
            body, end = f"{held}['last'] = {held}['last'] * 0.5 + p", ("f", f"{held}['last']")
        self.lines += [f"{'    ' * self.indent}def {name}(p):", f"{'    ' * self.indent}    {body}"]
        for _ in range(self.chooser.integer(1, 2)):
            self.line(f"{name}({e('f', 1)})")
        self.bind(*end)

    def half_way(self) -> None:
        """A helper raises when it has written a part."""
        v = self.own("v")
        if v is None:
            return
        self.line("try:")
        self.line(f"    risky({v}, {self.expression('f', 1)})")
        self.line("except ValueError:")
        self.line(f"    {v}[2] {self.pick(['=', '+='])} {self.expression('f', 1)}")

    def iterated(self) -> None:
        """An iterator that is read step by step, or a generator of one's own."""
        it, e = self.new("it"), self.expression
        source = self.pick(
            [f"iter({e('v', 1)})", f"pieces({e('v', 1)}, {e('f', 1)})", f"zip({e('v', 1)}, {e('v', 1)})"]
        )
        end = "sum(q_[0] * q_[1] for q_ in {})" if source.startswith("zip") else "sum({})"
        if self.chance(50) and not source.startswith("zip"):
            self.line(f"{it} = {source}")
            self.bind("f", f"next({it}){self.pick(['', ' * 0.5', f' * next({it})'])}")
            self.bind("f", end.format(it))
        else:
            self.bind("f", end.format(source))

    def not_run(self) -> None:
        """A loop that runs no round binds and writes what is alive."""
        head = self.pick(
            [
                "for _ in range(0):",
                f"for _ in {self.pick(self.names('v') or ['np.ones(3)'])}[3:]:",
                "for _ in []:",
                "for _ in range(n - n):",
                "while n < 0:",
            ]
        )
        self.line(head)
        self.loops += 1
        with self.block():
            self.statements(self.chooser.integer(1, 2))
        self.loops -= 1

    def perhaps_bound(self) -> None:
        """One arm of a branch alone binds a name, which is read where the branch was taken."""
        flag, name, kind = self.new("flag"), self.new("only"), self.pick("fv")
        self.line(f"{flag} = {self.condition()}")
        self.line(f"if {flag}:")
        self.line(f"    {name} = {self.expression(kind, 1)}")
        self.some_between()
        self.line(f"if {flag}:")
        self.indent += 1
        outer, fixed = dict(self.types), set(self.fixed)
        self.types[name] = kind
        self.fixed |= set(outer)
        self.statements_of([f"{name} = {name} * 0.5", f"{name} += {self.expression(kind, 1)}"])
        known = self.free(kind)
        value = f"{name} * {self.expression('f', 1)}"
        self.line(f"{self.pick(known)} = {value}" if known and self.chance(70) else f"{name} = {value}")
        self.indent -= 1
        self.types, self.fixed = outer, fixed

    def some_between(self) -> None:
        """Grow a statement, now and then."""
        if self.chance(40):
            self.statements(1)

    def statements_of(self, texts: Sequence[str]) -> None:
        """Add one of some statements, or none."""
        if self.chance(50):
            self.line(self.pick(texts))
