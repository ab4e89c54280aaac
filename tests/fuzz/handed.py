"""New values handed out by loops, containers and helpers, and written in place there."""

from __future__ import annotations

from .expressions import Expressions

#: What gives a new array, of which the derivative may be that of an older one.
NEW = (
    *("{0} + 1.0", "{0} - {1}", "-(-{0})", "{0} * 1", "{0} / 1.0", "np.positive({0})", "np.subtract({0}, 0.5)"),
    *("np.modf({0})[0]", "np.remainder({0}, 0.7)", "np.array({0})", "({0}).copy()", "np.append({0}, [])"),
    *("np.clip({0}, -9.0, 9.0)", "np.concatenate([{0}])", "np.roll({0}, 0)", "np.nan_to_num({0})", "sum([{0}])"),
    *("np.where(True, {0}, 0.0)", "({0}).astype(float)", "np.stack([{0}])[0]", "{0} + 2.0 if n < 9 else {1} * 1.0"),
)
#: What hands a new value out by the name `a`; what follows has another indentation in a loop.
HANDED = (
    *(("{a} = {new}", 0), ("{a}, {b} = {new}, {other}", 0), ("{b} = [{new}, {other}]\n{a} = {b}[0]", 0)),
    *(("{b} = {{'k': {new}}}\n{a} = {b}['k']", 0), ("{b} = dict(k={new})\n{a} = {b}['k']", 0)),
    *(("for {a} in ({new}, {other}):", 1), ("for {a} in [{new} for _ in range(2)]:", 1), ("for {a} in [{new}]:", 1)),
    *(("for {b}, {a} in enumerate(({new}, {other})):", 1), ("for {a}, {b} in zip([{new}], [{other}]):", 1)),
    *(("for {a} in np.divmod({new}, 0.7):", 1), ("for {a} in np.stack([{new}, {new}]) + 1.0:", 1)),
    *(("{b} = [{other}]\n{b} += [{new}]\n{a} = {b}[1]", 0), ("{b} = []\n{b}.append({new})\n{a} = {b}[-1]", 0)),
    *(("{a} = {{'j': {other}}}.get('k', {new})", 0), ("{a}, *{b} = [{new}, {other}]", 0), ("{a} = {b} = {new}", 0)),
    *(("{b} = ({new}, 1.0)\n{a} = {b}[0]", 0), ("{a}, {b} = np.modf({new})", 0), ("{a} = [{new}, {other}][n % 2]", 0)),
)
WRITES = ("{a} *= 2.0", "{a}[0] = {one}", "{a} += {other}", "{a}[1:] *= {one}", "np.multiply({a}, {one}, out={a})")


class Handed(Expressions):
    """Grows statements that hand new values out."""

    FORMS = ((2, "handed"),)

    def handed(self) -> None:
        """Hand a new array out, write it in place, and read what it was made of."""
        self.counter += 1
        a, b = (f"ho{self.counter}{letter}" for letter in "ab")
        base, other = f"({self.expression('v', 0)})", f"({self.expression('v', 0)})"
        one = self.expression("f", 1)
        new = self.pick(NEW).format(base, other)
        lines, inner = self.pick(HANDED)
        for line in lines.format(a=a, b=b, new=new, other=f"{other} * 1.0").split("\n"):
            self.line(line)
        self.line("    " * inner + self.pick(WRITES).format(a=a, one=one, other=other))
        self.bind("v", f"{a} * {base} + {other}")
