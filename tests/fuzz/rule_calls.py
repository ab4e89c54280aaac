"""Calls of rules, with operands that are alive, random keywords, and results that are read or written."""

from __future__ import annotations

from typing import Any

import numpy as np

from .expressions import Expressions
from .uses import KEYWORDS, Use, by_rule, evaluate, literal

#: What gives an array of a shape: a kind of expression, and what is written after it.
_OF_SHAPE: dict[tuple[int, ...], tuple[str, str]] = {
    (): ("f", ""),
    (3,): ("v", ""),
    (2,): ("w", ""),
    (1,): ("v", "[:1]"),
    (0,): ("v", "[3:]"),
    (3, 3): ("m", ""),
    (2, 3): ("m", "[:2]"),
    (3, 2): ("m", "[:, 1:]"),
    (2, 2): ("m", "[1:, ::2]"),
    (1, 3): ("v", "[None]"),
    (3, 1): ("v", "[:, None]"),
    (2, 3, 3): ("m", " * np.ones((2, 1, 1))"),
}
_KINDS = {(): "f", (3,): "v", (2,): "w", (3, 3): "m"}


class RuleCalls(Expressions):
    """Grows calls of rules."""

    FORMS = ((5, "rule_bound"), (2, "rule_view"), (1, "rule_writes"))

    # operands

    def constant(self, value: Any) -> str:
        """Return the name of a constant of the module, or the literal where it is short."""
        text = literal(value)
        if len(text) < 30:
            return text
        return self.constants.setdefault(text, f"C{len(self.constants) + 1}")

    def of_shape(self, shape: tuple[int, ...], depth: int) -> str | None:
        """Return an expression of this shape, None where there is none."""
        if shape not in _OF_SHAPE:
            return None
        kind, rest = _OF_SHAPE[shape]
        text = self.expression(kind, depth)
        return f"({text}){rest}" if rest.startswith(" ") else text + rest

    def operand(self, base: Any, anywhere: bool, depth: int) -> str:
        """Return an active expression near `base`, or of its shape."""
        if isinstance(base, list | tuple):
            parts = [self.operand(b, anywhere, depth) for b in base]
            return f"({', '.join(parts)},)" if isinstance(base, tuple) else f"[{', '.join(parts)}]"
        if isinstance(base, bool | str) or base is None or np.asarray(base).dtype.kind != "f":
            return self.constant(base)
        shape = np.shape(base)
        if anywhere and self.chance(70) and (text := self.of_shape(shape, depth)):
            return text
        if not shape:
            return f"({literal(base)} + 0.02 * math.tanh({self.expression('f', depth)}))"
        wide = self.pick(["v", "f"]) if shape[-1] == 3 else self.pick(["w", "f"]) if shape[-1] == 2 else "f"
        return f"({self.constant(base)} + 0.02 * np.tanh({self.expression(wide, depth)}))"

    def rule_call(self, depth: int) -> tuple[str, Any]:
        """Return a call of a rule, and what it gives for the base values."""
        use = self.pick(self.pick(by_rule()))
        keywords = self.keywords(use)
        written = [
            self.operand(value, use.anywhere, depth) if active else self.constant(value)
            for value, active in zip(use.args, use.active, strict=True)
        ]
        return use.text(written, keywords), evaluate(use.text([literal(v) for v in use.args], keywords))

    def keywords(self, use: Use) -> dict[str, Any]:
        """Return keywords that NumPy accepts in this call."""
        keywords = dict(use.keywords)
        for name in use.keyword_names():
            if self.chance(30):
                more = {**keywords, name: self.pick(KEYWORDS[name])}
                try:
                    evaluate(use.text([literal(v) for v in use.args], more))
                except Exception:  # noqa: S112
                    continue
                keywords = more
        return keywords

    def known(self, text: str, value: Any) -> tuple[str, str]:
        """Return the kind of a result, and an expression of this kind for it."""
        if isinstance(value, tuple | list):
            if not value:
                return "f", "0.5"
            position = self.chooser.integer(0, len(value) - 1)
            return self.known(f"{text}[{position}]", value[position])
        shape = np.shape(value)
        if np.iscomplexobj(value):
            text = f"np.abs({text})"
        if shape in _KINDS:
            return _KINDS[shape], text
        if np.size(value) >= 3 and self.chance(30):
            return "v", f"np.ravel({text})[:3]"
        return "f", f"np.sum(np.sin({text}))"

    def rule_expression(self, kind: str, depth: int) -> str:
        """Return a call of a rule that gives this kind, where a few trials find one."""
        for _ in range(4):
            found, text = self.known(*self.rule_call(depth))
            if found == kind:
                return text
            if found == "f" and kind == "v":
                return f"({self.expression('v', 0)} * {text})"
        return self.expression(kind, 0)

    # statements

    def rule_bound(self) -> None:
        """A name for a result, all of it or a part, which is written now and then."""
        kind, text = self.known(*self.rule_call(1))
        name = self.target(kind)
        self.line(f"{name} = {text}")
        self.types[name] = kind
        if kind in "vm" and self.chance(25):
            self.line(f"{name}[{self.pick(['0', '1:', '::-1'])}] {self.pick(['*=', '+='])} {self.expression('f', 1)}")

    def rule_view(self) -> None:
        """What a rule of shape makes of an array that is alive, which may be a view of it, is written."""
        arrays = [n for n, k in self.types.items() if k in "vm" and n not in self.protected]
        if not arrays:
            return
        source = self.pick(arrays)
        base = np.ones(3) if self.types[source] == "v" else np.eye(3)
        uses = [u for group in by_rule() for u in group if _reshapes(u) and np.shape(u.args[0]) == base.shape]
        use = self.pick(uses)
        rest = [self.constant(a) for a in use.args[1:]]
        value = evaluate(use.text([literal(base), *map(literal, use.args[1:])], use.keywords))
        text = use.text([source, *rest], use.keywords)
        if isinstance(value, tuple | list):
            position = self.chooser.integer(0, len(value) - 1)
            text, value = f"{text}[{position}]", value[position]
        self.counter += 1
        kind = _KINDS.get(np.shape(value), "")
        name = self.target(kind) if kind in ("v", "w", "m") else f"part{self.counter}"
        self.line(f"{name} = {text}")
        if kind in ("v", "w", "m"):
            self.types[name] = kind
        if not isinstance(value, np.ndarray) or not value.size:
            return
        if kind not in ("v", "w", "m"):
            self.types.pop(name, None)
        for _ in range(self.chooser.integer(0, 2)):
            place = self.pick(["[0]", "[...]", "[-1:]", ""]) if value.ndim else "[...]"
            op = self.pick(["*=", "+=", "="]) if place else "*="
            self.line(f"{name}{place} {op} {self.expression('f', 1)}")
            if self.chance(40):
                self.line(f"{source}[0] {self.pick(['*=', '+='])} {self.expression('f', 1)}")

    def rule_writes(self) -> None:
        """Functions and methods that write: with `out`, or what they are given."""
        e = self.expression
        v = self.pick(self.free("v") or [""])
        m = self.pick(self.free("m") or [""])
        forms = []
        if v:
            forms += [
                f"np.{self.pick(['sin', 'exp', 'square', 'negative', 'tanh'])}({e('v', 1)}, out={v})",
                f"np.{self.pick(['add', 'multiply', 'subtract', 'maximum'])}({e('v', 1)}, {e('f', 1)}, out={v})",
                f"{v}.fill({e('f', 1)})",
                f"np.copyto({v}, {e(self.pick(['v', 'f']), 1)})",
                f"np.put({v}, [0, 2], {e(self.pick(['f', 'w']), 1)})",
                f"{v}.sort()",
                f"np.subtract.at({v}, IDX, {e('f', 1)})",
                f"np.put_along_axis({v}, np.array([2, 0]), {e('f', 1)}, 0)",
                f"np.cumsum({e('v', 1)}, out={v})",
                f"np.dot({e('m', 1)}, {e('v', 1)}, out={v})",
            ]
        if m:
            forms += [
                f"np.fill_diagonal({m}, {e('f', 1)})",
                f"np.matmul({e('m', 1)}, {e('m', 1)}, out={m})",
                f"np.multiply({m}, {e('v', 1)}, out={m})",
                f"np.copyto({m}, {e('v', 1)}, where={m} > {self.number()})",
                f"{m}.sort(axis={self.pick(['0', '1'])})",
                f"np.add.at({m}, (IDX, [0, 1, 0]), {e('v', 1)})",
            ]
        if forms:
            self.line(self.pick(forms))


def _reshapes(use: Use) -> bool:
    return use.rule.memory != "fresh" and isinstance(use.args[0], np.ndarray) and not any(use.active[1:])
