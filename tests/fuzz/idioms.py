"""What people write: tallies in dicts, tables in nested lists, iterations until something holds, flags, searches.

Each idiom is a few statements that belong together, grown around expressions of what is alive, and leaves its result
under a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from .expressions import Expressions

#: Things that are true or not, ways to change them, and tests on them.
_CHANGING = (
    ("[1.0, 2.0]", ("{}.pop()", "{}.clear()", "del {}[0]", "{}[:] = []"), ("{}", "{}", "not {}", "{}[:1]")),
    ("[{}, 1.0]", ("{}.pop()", "{}.clear()"), ("{}", "{}", "not {}", "len({})")),
    ("{{1, 2}}", ("{}.pop()", "{}.clear()"), ("{}", "not {}")),
    ("{{'a': 1.0}}", ("{}.pop('a')", "{}.clear()", "{}.popitem()"), ("{}", "not {}")),
    ("np.ones(1)", ("{}[0] = 0.0", "{} -= 1.0", "{}.fill(0.0)", "{}[:] = 0.0"), ("{}", "{}", "{}[0]", "{}[:1]")),
    ("np.ones(1)", ("np.add({0}, -1.0, out={0})", "np.copyto({}, 0.0)"), ("{}", "{}[0]", "not {}[:1]")),
    ("np.ones(2)", ("{}[0] = 0.0", "{}.fill(0.0)"), ("{}[0]", "{}[:1]", "{}[1:]", "{}.any()", "{}.all()")),
)


class Idioms(Expressions):
    """Grows idioms."""

    FORMS = (
        *((1, name) for name in ("tally", "grouped", "table", "iteration", "bisected", "stacked", "searched")),
        *((1, name) for name in ("flagged", "absent", "chosen_by_key", "recurrence", "swept", "history", "pairs")),
        *((1, name) for name in ("early_out", "two_pointers", "running", "configured", "stepped", "rotated")),
        *(
            (1, name)
            for name in ("turns", "renewed", "decided", "visited", "met", "lodged", "laid", "indexed", "acting")
        ),
    )

    def fresh(self, stem: str, count: int = 1) -> list[str]:
        """Return names that nothing else has."""
        self.counter += 1
        return [f"{stem}{self.counter}{'abc'[k]}" for k in range(count)]

    def lines_of(self, *texts: str) -> None:
        for text in texts:
            self.line(text)

    def e(self, kind: str = "f") -> str:
        return self.expression(kind, 1)

    def inner(self, kind: str, **names: str) -> str:
        """Return an expression in which more names are alive."""
        outer = self.types
        self.types = {**outer, **names}
        text = self.expression(kind, 1)
        self.types = outer
        return text

    def some(self, texts: Sequence[str], most: int = 2) -> list[str]:
        return [self.pick(texts) for _ in range(self.chooser.integer(0, most))]

    # dicts

    def tally(self) -> None:
        """Sums under keys that are computed."""
        d, i, v = self.fresh("d", 3)
        key = self.pick([f"{i} % 2", f"{v} > {self.number()}", f"'abc'[{i} % 2]", f"{i} // 2", f"({i} % 2, 'k')"])
        value = self.inner("f", **{v: "f"})
        body = self.pick(
            [
                [f"{d}[{key}] = {d}.get({key}, 0.0) + {value}"],
                [f"if {key} not in {d}:", f"    {d}[{key}] = {self.number()}", f"{d}[{key}] += {value}"],
                [f"k_ = {key}", f"{d}[k_] = {value} + ({d}[k_] if k_ in {d} else 0.0)"],
                [f"{d}[{key}] = {value}"],
            ]
        )
        self.line(f"{d} = {{}}")
        self.line(f"for {i}, {v} in enumerate({self.e('v')}):")
        self.lines_of(*(f"    {line}" for line in body))
        ends = [f"sum({d}.values())", f"sum(q_ * q_ for q_ in {d}.values())", f"{d}.get(0, 0.5) * len({d})"]
        entries = self.pick(
            [f"{d}.items()", f"sorted({d}.items())", f"list({d}.items())", f"dict({d}.items()).items()"]
        )
        self.bind("f", self.pick([*ends, f"sum([q_ * {self.e()} for k_, q_ in {entries}])", f"max({d}.values())"]))

    def grouped(self) -> None:
        """Lists under keys."""
        d, i, v = self.fresh("g", 3)
        self.line(f"{d} = {{'low': [], 'high': [{self.e()}]}}")
        self.line(f"for {i}, {v} in enumerate({self.e('v')}):")
        self.line(f"    {d}['low' if {v} < {self.number()} else 'high'].append({self.inner('f', **{v: 'f'})})")
        self.bind("f", self.pick([f"sum({d}['low']) * len({d}['high'])", f"sum({d}['high'])", f"{d}['high'][0]"]))

    def configured(self) -> None:
        """Options in a dict, of the module or local, read and now and then written."""
        (c,) = self.fresh("c")
        self.line(f"{c} = {{'rate': {self.e()}, 'steps': {self.pick(['0', '2', 'n'])}, 'name': 'plain'}}")
        if self.chance(50):
            self.line(f"{c}['rate'] {self.pick(['=', '*=', '+='])} {self.e()}")
        total = self.target("f")
        self.line(f"{total} = {self.e()}")
        self.types[total] = "f"
        self.line(f"for _ in range({c}['steps']):")
        self.line(f"    {total} = {total} * 0.5 + {c}['rate'] * ({self.e()})")
        if self.chance(50):
            self.line(f"if {c}['name'] == {self.pick(['plain', 'other'])!r}:")
            self.line(f"    {total} += {c}['rate']")

    # lists

    def table(self) -> None:
        """A table that is filled from its neighbours."""
        t, i, j = self.fresh("t", 3)
        self.line(self.pick([f"{t} = [[0.0] * 3 for _ in range(3)]", f"{t} = np.zeros((3, 3))"]))
        place = f"{t}[{i}, {j}]" if "np" in self.lines[-1] else f"{t}[{i}][{j}]"
        up, left = (place.replace(i, f"{i} - 1"), place.replace(j, f"{j} - 1"))
        first = self.inner("f", **{i: "i", j: "i"})
        self.lines_of(f"for {i} in range(3):", f"    for {j} in range({self.pick(['3', f'{i} + 1'])}):")
        self.lines_of(f"        if {i} == 0 or {j} == 0:", f"            {place} = {first}", "        else:")
        step = self.pick([f"0.5 * {up} + {left}", f"max({up}, {left}) + {self.e()}", f"{up} * 0.5 - {left} * {up}"])
        self.line(f"            {place} = {step}")
        self.bind("f", self.pick([place.replace(i, "2").replace(j, "2"), place.replace(i, "-1").replace(j, "0")]))

    def stacked(self) -> None:
        """A list that is worked off while it grows."""
        s, v = self.fresh("s", 2)
        total = self.target("f")
        self.lines_of(f"{s} = [{self.e()}, {self.e()}]", f"{total} = 0.0", f"while {s}:")
        self.types[total] = "f"
        self.lines_of(f"    {v} = {s}.pop()", f"    {total} += {v} * {self.pick(['1.0', '0.5', v])}")
        self.line(f"    if abs({v}) > {self.pick(['1.0', '0.7', '3.0'])}:")
        self.line(f"        {s}.append({v} / {self.pick(['2.0', '3', '4.0'])})")

    def history(self) -> None:
        """What was computed before is kept in a list, and read from it."""
        h, i = self.fresh("h", 2)
        kind = self.pick("fv")
        self.line(f"{h} = [{self.e(kind)}, {self.e(kind)}]" if self.chance(50) else f"{h} = [{self.e(kind)}]")
        step = self.pick([f"{h}[-1] * 0.5 + {h}[0]", f"np.tanh({h}[-1]) * {self.e()}", f"{h}[{i} // 2] - {self.e()}"])
        self.lines_of(f"for {i} in range({self.pick(['3', 'n', '1'])}):", f"    {h}.append({step})")
        self.bind(kind, self.pick([f"{h}[-1]", f"sum({h})", f"{h}[len({h}) // 2] + {h}[-1]", f"sum({h}[1:], {h}[0])"]))

    def chosen_by_key(self) -> None:
        """Members in the order of a key, or the one with the largest."""
        v, h = self.e("v"), self.fresh("h")[0]
        end = self.pick(
            [
                f"max({v}, key=lambda q_: abs(q_ - 0.1))",
                f"min({v}, key=lambda q_: q_ * q_)",
                f"sorted({v}, key=lambda q_: -q_)[0]",
                f"sorted({v}, reverse=True)[1]",
                f"sorted([(q_ * q_, k_) for k_, q_ in enumerate({v})])[0][0]",
            ]
        )
        if self.chance(30):
            self.lines_of(f"{h} = [({self.e()}, 1), ({self.e()}, 2)]", f"{h}.sort(key=lambda t_: t_[0])")
            end = f"{h}[0][0] * {h}[1][1]"
        self.bind("f", end)

    def pairs(self) -> None:
        """Neighbours, and pairs in pairs."""
        a, b, c = self.fresh("p", 3)
        v, total = self.e("v"), self.target("f")
        head = self.pick(
            [
                f"for {a}, {b} in zip({v}[:-1], {v}[1:]):",
                f"for {c}, ({a}, {b}) in enumerate(zip({v}, {self.e('v')})):",
                f"for {a}, {b} in [({self.e()}, {self.e()}), (1.0, {self.e()})]:",
                f"for {a} in {v}: {b} = {a} * {a}",
                f"for {b}, {a} in enumerate({v}, 1):",
            ]
        )
        self.line(f"{total} = {self.e()}")
        self.types[total] = "f"
        if head.endswith(":"):
            self.lines_of(head, f"    {total} = {total} {self.pick(['+', '-'])} {a} * {b}")
        else:
            self.lines_of(f"{b} = 1.0", head, f"{total} = {total} + {b}")

    # iterations

    def iteration(self) -> None:
        """Steps until they are small."""
        x, d, k = self.fresh("it", 3)
        step = self.pick([f"0.5 * ({x} - math.sin({x}) * 0.3)", f"({x} * {x} - 2.0) / (2.0 * {x})", f"0.4 * {x}"])
        self.lines_of(f"{x} = abs({self.e()}) + 1.0", f"{k} = 0")
        self.lines_of(*self.pick([["while True:", f"    {k} += 1"], [f"for {k} in range(40):"]]))
        self.lines_of(f"    {d} = {step}", f"    {x} = {x} - {d}")
        self.line(f"    if abs({d}) < {self.pick(['1e-3', '0.05', '1e-6'])}{self.pick(['', f' or {k} > 30'])}:")
        self.line("        break")
        self.bind("f", self.pick([x, f"{x} * {self.e()}", f"{x} + {k} * {d}"]))

    def bisected(self) -> None:
        """A value is halved, or an interval, while something holds."""
        x, k = self.fresh("b", 2)
        self.lines_of(f"{x} = {self.e()}", f"{k} = 0")
        self.line(f"while abs({x}) > {self.pick(['0.1', '0.4', '1.0'])}:")
        self.line(f"    {x} = {x} * {self.pick(['0.5', '0.3', '-0.6'])}")
        self.lines_of(f"    {k} += 1", *self.some([f"    if {k} >= 4: break"], 1))
        self.bind("f", self.pick([x, f"{x} * {k}", f"{x} * {x} + {k}"]))

    def recurrence(self) -> None:
        """A vector is gone through by index, each entry from those before it."""
        y, i = self.fresh("r", 2)
        longer = f"np.append({self.e('v')}, 0.3)"
        self.line(f"{y} = {self.pick(['np.zeros(4)', 'np.ones(4) * 0.5', longer])}")
        self.line(f"{y}[0] = {self.e()}")
        head = self.pick(
            [f"for {i} in range(1, 4):", f"for {i} in range(1, len({y})):", f"for {i} in range(3, 0, -1):"]
        )
        step = self.pick([f"{y}[{i} - 1] * {self.e()}", f"{y}[{i} - 1] - {y}[{i}] * 0.5", f"{i} * {y}[{i} - 1]"])
        self.lines_of(head, f"    {y}[{i}] {self.pick(['=', '+=', '-='])} {step}")
        self.bind(*self.pick([("f", f"{y}[-1]"), ("v", f"{y}[1:]"), ("f", f"{y}.sum()"), ("v", f"{y}[:3] * {y}[1:]")]))

    def swept(self) -> None:
        """A grid is relaxed in place by slices."""
        u, _ = self.fresh("u", 2)
        v, w = self.e("v"), self.e("w")
        self.line(f"{u} = {self.pick([f'{v}.copy()', f'np.concatenate(({v}, {w}))', f'np.array({v}, dtype=float)'])}")
        body = self.pick(
            [
                f"{u}[1:-1] = 0.5 * ({u}[2:] + {u}[:-2])",
                f"{u}[1:-1] += 0.1 * ({u}[2:] - 2 * {u}[1:-1] + {u}[:-2])",
                f"{u}[1:] = {u}[1:] - {u}[:-1] * {self.e()}",
                f"{u}[0], {u}[-1] = {u}[-1] * 0.5, {u}[0]",
                f"{u} = {u} + 0.1 * np.roll({u}, 1)",
            ]
        )
        self.lines_of(f"for _ in range({self.pick(['2', 'n', '1'])}):", f"    {body}")
        self.bind(*self.pick([("v", f"{u}[:3]"), ("f", f"{u}[0] * {u}[-1]"), ("f", f"np.sum({u} ** 2)")]))

    def stepped(self) -> None:
        """A state of two goes through time."""
        a, b, t = self.fresh("st", 3)
        kind = self.pick("ffv")
        self.lines_of(f"{a}, {b} = {self.e(kind)}, {self.e(kind)}")
        self.lines_of(f"for {t} in range({self.pick(['2', 'n', '3'])}):")
        self.line(f"    {a}, {b} = {a} + 0.1 * {b}, {b} - 0.1 * {self.pick([a, f'np.sin({a})', f'{a} * {self.e()}'])}")
        self.bind(kind, self.pick([a, f"{a} * {b}", f"{b} - {a}"]))

    def rotated(self) -> None:
        """The last values are handed on from name to name."""
        a, b, c = self.fresh("ro", 3)
        self.lines_of(f"{a} = {b} = {self.e()}", f"{c} = {self.e()}", f"for _ in range({self.pick(['3', 'n'])}):")
        self.lines_of(f"    {a}, {b}, {c} = {b}, {c}, {self.pick([f'{a} * 0.5 + {b}', f'math.sin({a}) * {c}'])}")
        self.bind("f", self.pick([a, f"{a} + {b} * {c}", f"{c} * {a}"]))

    # searches and flags

    def searched(self) -> None:
        """The best so far, and where it was."""
        best, at, k = self.fresh("be", 3)
        v = self.names("v") and self.pick(self.names("v")) or "np.array([0.3, 0.1, 0.2])"
        self.lines_of(f"{best}, {at} = {v}[0], 0", f"for {k} in range(1, len({v})):")
        self.line(f"    if {v}[{k}] {self.pick(['>', '<'])} {best}:")
        self.line(f"        {best}, {at} = {v}[{k}], {k}")
        self.bind("f", self.pick([best, f"{best} * {at}", f"{v}[{at}] * {best}", f"{v}[{at} - 1]"]))

    def early_out(self) -> None:
        """A search that ends with the first hit, and something for when there is none."""
        hit, v = self.fresh("f", 2)
        self.lines_of(f"for {v} in {self.e('v')}:", f"    if {v} {self.pick(['>', '<'])} {self.number()}:")
        self.lines_of(f"        {hit} = {self.inner('f', **{v: 'f'})}", "        break", "else:")
        self.line(f"    {hit} = {self.e()}")
        self.bind("f", self.pick([hit, f"{hit} * {hit}", f"{hit} * {self.e()}"]))

    def flagged(self) -> None:
        """Texts that choose."""
        mode, _ = self.fresh("mode", 2)
        self.line(f"{mode} = {self.pick(['sin', 'sq', 'none'])!r}")
        kind = self.pick("fv")
        name, value = self.target(kind), self.e(kind)
        self.lines_of(f"if {mode} == 'sin':", f"    {name} = np.sin({value})", f"elif {mode} in ('sq', 'square'):")
        self.lines_of(f"    {name} = {value} ** 2", "else:", f"    {name} = {self.e(kind)}")
        self.types[name] = kind

    def absent(self) -> None:
        """None stands for what is not there yet."""
        a, v = self.fresh("no", 2)
        first = self.pick(["None", "None", self.e()])
        self.line(f"{a} = {first}")
        self.line(f"for {v} in {self.pick([self.e('v'), f'({self.e()}, {self.e()})'])}:")
        body = self.inner("f", **{v: "f"})
        self.lines_of(f"    if {a} is None:", f"        {a} = {body}", "    else:")
        self.line(f"        {a} = {a} {self.pick(['+', '*', '-'])} {v}")
        self.bind("f", a)

    def two_pointers(self) -> None:
        """From both ends towards the middle."""
        i, j, _ = self.fresh("at", 3)
        v = self.names("v") and self.pick(self.names("v")) or "np.array([0.3, 0.1, 0.2])"
        total = self.target("f")
        self.lines_of(f"{total} = 0.0", f"{i}, {j} = 0, len({v}) - 1", f"while {i} < {j}:")
        self.types[total] = "f"
        self.line(f"    {total} += {v}[{i}] * {v}[{j}]")
        self.lines_of(*self.pick([[f"    {i} += 1", f"    {j} -= 1"], [f"    {i}, {j} = {i} + 1, {j} - 1"]]))

    def running(self) -> None:
        """Mean and variance in one pass, or something smoothed."""
        m, s, k = self.fresh("m", 3)
        (v,) = self.fresh("x")
        self.lines_of(f"{m} = {s} = 0.0", f"for {k}, {v} in enumerate({self.e('v')}):")
        self.lines_of(f"    delta = {v} - {m}", f"    {m} += delta / ({k} + 1)", f"    {s} += delta * ({v} - {m})")
        self.bind("f", self.pick([m, f"{s} / 2", f"{m} * {s}"]))

    def turns(self) -> None:
        """A loop that writes what it runs over, or what an iterator in its head reads."""
        a, v = self.fresh("tu", 2)
        self.line(f"{a} = {self.e('v')} * 1.0" if self.chance(70) else f"{a} = list({self.e('v')})")
        total = self.target("f")
        self.line(f"{total} = {self.e()}")
        self.types[total] = "f"
        sources = [f"({a}[q_] for q_ in range(3))", f"(q_ * {self.number()} for q_ in {a} if q_ > {self.number()})"]
        sources += [f"map(lambda q_: {a}[q_], range(3))", f"filter(lambda q_: q_ < 9, {a})", f"list({a})", f"{a}[:]"]
        sources += [f"{a}[::-1]", f"reversed({a})", f"{a}.copy()", a, f"{a}[1:]", f"tuple({a})"]
        self.line(f"for {v} in {self.pick(sources)}:")
        value = self.inner("f", **{v: "f"})
        self.line(f"    {a}[{self.pick(['0', '1', '2', '-1'])}] {self.pick(['=', '+=', '*='])} {value}")
        self.line(f"    {total} += {v} * {self.pick(['1.0', '0.5', f'{a}[0]', f'{a}[-1]'])}")

    def renewed(self) -> None:
        """A name that is bound to a view of what it had, and written through."""
        a, v = self.fresh("re", 2)
        self.line(f"{a} = {self.e('v')} * 1.0")
        total = self.target("f")
        self.line(f"{total} = {self.e()}")
        self.types[total] = "f"
        self.line(f"for {v} in {self.e('v')}:")
        ends = ["[::-1]", ".reshape(3)", ".ravel()", "[:]", ".T", ".copy()", " * 0.5"]
        self.line(f"    {a} = {a}{self.pick(ends)}" if self.chance(80) else f"    {a} = np.asarray({a})")
        value = self.inner("f", **{v: "f"})
        self.line(f"    {a}[{self.pick(['0', '1:', ':', '::2', '-1'])}] {self.pick(['=', '+=', '*=', '-='])} {value}")
        reads = [f"np.max({a})", f"np.prod({a})", f"{a} @ {a}", f"{v} * {a}[0]", f"np.sum(np.sin({a}))"]
        self.line(f"    {total} = {total} * 0.5 + {self.pick(reads)}")

    def decided(self) -> None:
        """A test on the truth of what changes afterwards: a list, a set, a dict, an array of one element."""
        q, k = self.fresh("de", 2)
        made, changes, tests = self.pick(_CHANGING)
        total = self.target("f")
        self.lines_of(f"{q} = {made.format(self.e())}", f"{total} = {self.e()}")
        self.types[total] = "f"
        value, other = self.inner("f"), self.inner("f")
        asked = "len" if made[0] in "[{" else "np.any"
        change = [f"if {asked}({q}):", f"    {self.pick(changes).format(q)}"]
        test = self.pick(tests).format(q)
        if self.chance(20):
            test = f"{test} and {total} < 1e3"
        if self.chance(20):
            body = [f"{total} = {total} * {value} if {test} else {total} + {other}", *change]
        else:
            body = [f"if {test}:", f"    {total} = {total} * {value}", "else:", f"    {total} += {other} * {total}"]
            place = self.pick([2, 4, 4])  # in the first arm, or in the second
            body[place:place] = [f"    {line}" for line in change]
        if self.chance(70):
            self.line(f"for {k} in range({self.pick(['1', '2', '3'])}):")
            body = [f"    {line}" for line in body]
        self.lines_of(*body)

    def visited(self) -> None:
        """A loop over indices whose body changes where the indices come from, or binds it anew."""
        q, i, k = self.fresh("vi", 3)
        order = self.pick(["[2, 0, 1]", "[0, 0, 1]", "[1, 2, 0, 0]"])
        array = self.chance(50)
        total = self.target("f")
        self.lines_of(f"{q} = np.array({order})" if array else f"{q} = {order}", f"{total} = {self.e()}")
        self.types[total] = "f"
        places = [q, q, f"{q}[::-1]", f"reversed({q})", f"sorted({q})", f"list({q})", f"{q}[1:]", f"map(int, {q})"]
        heads = [*(f"{k} in {place}" for place in places), f"{i}, {k} in enumerate({q})", f"{i}, {k} in zip({q}, {q})"]
        heads += [f"{k} in range(len({q}) - 1)", f"{k} in range({q}[0])", f"{k} in range({q}[0], {q}[-1] + 1)"]
        changes = [f"{q}[{place}] = {value}" for place in ("0", "1", "2", "-1") for value in ("0", "1", f"2 - {k}")]
        changes += [f"{q} = {order}[::-1]", f"{q} = np.array([0, 1])", f"{q} = {q}[1:]", f"{q} = [{k}]"]
        changes += [f"{q}[:] = 1", f"{q} %= 2"] if array else [f"{q}[1:] = [0, 1]", f"{q}.reverse()", f"{q} += [0]"]
        change = self.pick(changes)
        source = self.pick(heads)
        if change.endswith("+= [0]") and source == f"{k} in {q}":
            source = f"{k} in {q}[:]"  # it would go on for ever
        vector = self.expression("v", 0)
        self.line(f"for {source}:")
        self.line(f"    {total} = {total} * 0.5 + ({vector})[{k}] * {self.inner('f')}")
        self.line(f"    if {self.pick([f'{k} > 0', f'len({q}) > 1', f'{total} > 0.0', 'True'])}:")
        self.line(f"        {change}")

    def met(self) -> None:
        """A loop over active members, side by side, whose body changes where they come from, or binds it anew."""
        h, v, w = self.fresh("mt", 3)
        i, made = f"{h}_i", self.pick(["{{'a': {}, 'b': {}, 'c': {}}}", "[{}, {}, {}]"])
        total, is_dict = self.target("f"), made[0] == "{"
        self.lines_of(f"{h} = {made.format(self.e(), self.e(), self.e())}", f"{total} = {self.e()}")
        self.types[total] = "f"
        members = f"{h}.values()" if is_dict else h
        places = [members] * 3 + [f"list({members})", f"reversed({members})", f"(1.0, {total}, 2.0)"]
        one, other = self.pick(places), self.pick(places)
        heads = [
            (f"{v} in {one}", [v]),
            (f"{i}, {v} in enumerate({one}, 1)", [v]),
            (f"{v}, {w} in zip({one}, {other})", [v, w]),
            (f"{v}, ({i}, {w}) in zip({one}, enumerate({other}))", [v, w]),
            (f"{i}, ({v}, {w}) in enumerate(zip({one}, {other}))", [v, w]),
        ]
        if is_dict:
            heads += [
                (f"{i}, {v} in {h}.items()", [v]),
                (f"{i}, ({w}, {v}) in enumerate({h}.items())", [v]),
                (f"({i}, {v}), {w} in zip({h}.items(), {other})", [v, w]),
                (f"{i}, {w} in zip({h}, {other})", [w]),
            ]
        head, bound = self.pick(heads)
        inner = dict.fromkeys(bound, "f")
        key = self.pick(["'a'", "'b'", "'c'"] if is_dict else ["0", "1", "-1"])
        value = f"{self.pick(bound)} * {self.inner('f', **inner)}"
        changes = [f"{h}[{key}] = {value}", f"{h}[{key}] += {value}", f"{h} = {made.format(value, total, self.e())}"]
        changes += [f"{h}.update(b={value})"] if is_dict else [f"{h}[1:] = [{value}, 0.5]", f"{h}.reverse()"]
        self.line(f"for {head}:")
        self.line(f"    {total} = {total} * 0.5 + ({' + '.join(bound)}) * {self.inner('f', **inner)}")
        self.line(f"    {self.pick(changes)}")
        if self.chance(50):
            self.bind("f", f"{h}[{key}] * {total}")

    def lodged(self) -> None:
        """A list in a slot of a list or a dict, known by a name of its own while the slot is bound anew."""
        h, q = self.fresh("lo", 2)
        kind = self.pick("ffv")
        a, b, c = self.e(kind), self.e(kind), self.e(kind)
        key = self.pick(["'k'", "0"])
        self.line(f"{h} = {{'k': [{a}, {b}], 'r': {c}}}" if key == "'k'" else f"{h} = [[{a}, {b}], [{c}, 1.0]]")
        self.line(f"{q} = {h}[{key}]")
        one, two = f"{q}[0]", f"{q}[1]"
        new = self.pick([f"[{two}, {one}]", f"[{a}, {two}]", f"[{one}, {one}]", f"[{c}, {b}]"])
        changes = [f"{h}[{key}] = {new}"] * 3 + [f"{q}[1] = {c}"]
        changes += (
            [f"{h} = {{**{h}, 'k': {new}}}"] if key == "'k'" else [f"{h}.reverse()", f"{h}[0], {h}[1] = {h}[1], {h}[0]"]
        )
        if self.chance(30):
            self.line(f"for {h}_i in range(2):")
            self.line(f"    {self.pick(changes)}")
            if self.chance(60):
                self.line(f"    {q} = {h}[{key}]")
        else:
            self.line(self.pick(changes))
        self.bind(kind, f"{one} * {two} + {h}[{key}][0] * {h}[{key}][-1]")

    def laid(self) -> None:
        """An array made of a list of arrays, by a function that gives views of arrays, and a write to either."""
        q, d = self.fresh("la", 2)
        a, b = f"{q}_a", f"{q}_b"
        self.line(f"{a}, {b} = {self.e('v')} * 1.0, {self.e('v')} + 0.0")
        self.line(f"{q} = [{a}, {b}]")
        given = self.pick([q, f"[{a}, {b}]", f"({b}, {a})", f"[{a}]", f"[{q}]"])
        functions = ["np.transpose({})", "np.squeeze({})", "np.flip({})", "np.ravel({})", "np.asarray({})"]
        functions += ["np.expand_dims({}, 0)", "np.swapaxes({}, 0, 1)", "np.reshape({}, (-1,))", "np.real({})"]
        self.line(f"{d} = {self.pick(functions).format(given)}")
        factor = self.e("f")
        self.line(self.pick([f"{d} *= {factor}", f"{a} *= {factor}", f"{q}[1] *= {factor}", f"{d}[0] = {d}[0] * 2.0"]))
        self.bind("v", f"{a} * {b} * np.sum({d} * {self.e('f')})")

    def indexed(self) -> None:
        """A function that gets indices and active values, and writes into the indices alone."""
        q, s = self.fresh("ix", 2)
        array = self.chance(40)
        order = self.pick(["[2, 0, 1]", "[0, 0, 1]", "[1, 2, 0]"])
        self.line(f"{q} = np.array({order})" if array else f"{q} = {order}")
        called = "noted" if array else self.pick(["noted", "counted"])
        self.line(f"{s} = {called}({q}, {self.e('v')})")
        self.types[s] = "f"
        loop = self.chance(40)
        if loop:
            self.line(f"for {q}_i in range({self.pick(['1', '2', '3'])}):")
        calls = [f"{called}({q}, {self.e('v')}, {self.pick(['0', '1', '2'])})" for _ in range(2)]
        line = f"{s} = {self.pick([calls[0], f'{calls[0]} * {calls[1]}'])} + {s} * {self.inner('f')}"
        self.line(f"    {line}" if loop else line)
        self.bind("f", f"({self.expression('v', 0)})[{q}[{self.pick(['0', '1', '-1'])}]] * {s}")

    def acting(self) -> None:
        """Calls that do more than return a value, among what is read before and after them in one statement."""
        if self.depth:
            return  # a function that is called twice would begin to count anew
        q, w, k = self.fresh("ac", 3)
        f, v = self.e, lambda: self.e("v")
        if self.chance(50):
            self.line(f"{q} = {self.pick(['[1, 0]', '[2, 0]', 'np.array([1, 2])'])}")
            act, read = f"moved({q}, {f()})", self.pick([f"{q}[0]", f"({q}[0] + 1)", f"len({q}[:{q}[0]])"])
            index = f"{q}[0]"
        else:
            self.line("TICKS[0] = 0")
            act, read = self.pick(["tick()", f"ticked({f()})", f"tick() * {f()}"]), self.pick(
                ["tick()", "(tick() + 1)"]
            )
            index = "tick() % 3"
        forms = [
            ("f", f"{read} * {act} + {read}"),
            ("f", f"({f()} if {read} > 1 else {f()}) * {act} - {read} * {f()}"),
            ("f", f"square({read} * {f()}) + {act} * {read}"),
            ("f", f"({v()})[{index}] * {act} * ({v()})[{index}]"),
            ("f", f"two({read} * {f()}, {act})[0] * {read}"),
            ("f", f"sum([{f()} * {read} + {act} for {k} in range(2)])"),
            ("f", f"sum({k} * {act} for {k} in {v()})"),
            ("f", f"min({read} * {f()}, {act})"),
            ("v", f"np.array([{read} * {f()}, {act}, {read} + {f()}])"),
            ("v", f"np.where({v()} > {read} * 0.4, {act}, {v()})"),
            ("v", f"np.clip({v()}, {read} * 0.1, 0.5 + {act} ** 2)"),
            ("v", f"np.array([{k} * {act} + {read} for {k} in {v()}])"),
            ("v", f"np.roll({v()} * {act}, {read}) * {read}"),
            ("v", f"{v()} * {read} + {act} * {v()} ** {read}"),
        ]
        kind, text = self.pick(forms)
        self.line(f"{w} = {text}")
        self.types[w] = kind
