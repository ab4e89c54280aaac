"""Complex arrays that are made of real ones, written in place, and brought back to real numbers."""

from __future__ import annotations

from .expressions import Expressions

#: Complex arrays, of which the tangent may be of real numbers.
COMPLEX = (
    *("{0} + 1j", "{0} + 1j * {1}", "{0} * 1j", "np.exp(1j * {0})", "({0} + 0j)[::-1]", "np.conj({0} * 1j + {1})"),
    *("np.fft.fft({0})", "np.zeros_like({0}, dtype=complex)", "np.stack([{0} + 1j, {1} * 1j])[1]", "1j - {0}"),
    *("np.where({0} > 0.1, {0} + 1j, {1})", "[v + 1j for v in ({0}, {1})][0]", "np.concatenate([{0} + 1j])"),
)
WRITES = (
    *("{a} *= 1j", "{a} += {other}", "{a}[0] = {one} * 1j", "{a}[1:] *= 2j", "{a} -= 1j * {a}", "{a} /= 1.0 + 1j"),
    *("{a}.real[...] = {other}", "{b} = {a}.real\n{b} += {one}", "{a}[...] = np.conj({a})", "{a}.imag[0] = {one}"),
    *("np.multiply({a}, {other}, out={a})", "if {one} > 0.0:\n    {a} *= 1j", "{b} = {{'k': {a}}}\n{b}['k'] += 2j"),
    *("{b} = [{a}, {other}]\n{b}[0] *= 1j", "for {b} in range(2):\n    {a} *= 1j + {b}", "{b} = {a}[1:]\n{b} *= {one}"),
)
REAL = (
    *("np.abs({a} + 2.0)", "{a}.real * {other}", "np.imag({a})", "({a} * np.conj({a})).real", "np.real({a} @ {a})"),
    *("np.linalg.norm({a}) * {other}", "np.real(np.fft.ifft({a}))", "np.real({a}) + np.imag({a}) * {other}"),
)


class Turned(Expressions):
    """Grows statements that compute with complex arrays."""

    FORMS = ((1, "turned"),)

    def turned(self) -> None:
        """Make a complex array, write it in place, and bind what is real of it."""
        self.counter += 1
        a, b = (f"tu{self.counter}{letter}" for letter in "ab")
        base, other = f"({self.expression('v', 0)})", f"({self.expression('v', 0)})"
        one = self.expression("f", 1)
        self.line(f"{a} = {self.pick(COMPLEX).format(base, other)}")
        for _ in range(self.chooser.integer(0, 2)):
            for line in self.pick(WRITES).format(a=a, b=b, one=one, other=other).split("\n"):
                self.line(line)
        end = self.pick(REAL).format(a=a, other=other)
        self.bind("v", f"{end} * np.ones(3)" if "@" in end else end)
