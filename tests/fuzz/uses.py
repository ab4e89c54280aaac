"""Uses of the rules, from the examples that their declarations give: a template, base values, what comes out.

An operand of a use is a base value, which lies where the rule is tried, plus something small that is active; or, where
the rule holds everywhere, any expression of its shape.
"""

from __future__ import annotations

import ast
import copy
import importlib
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sct import rules
from sct.rules.registry import Rule

SYMBOLS = {"operator.mod": "%", "operator.pow": "**", "operator.truediv": "/"}
#: Values for keywords that rules know, and for some that many do not.
KEYWORDS: dict[str, Sequence[Any]] = {
    "axis": (0, -1, None, 1, (0, 1)),
    "keepdims": (True, False),
    "ddof": (1, 0),
    "k": (1, -1),
    "initial": (0.5,),
    "dtype": (float,),
    "order": ("C", "F"),
    "offset": (1,),
    "out": (None,),
}
_SHAPES: tuple[tuple[int, ...], ...] = ((), (3,), (3,), (3, 3), (2,))
_PAIRS = (((3, 3), (3,)), ((3,), (3, 3)), ((), (3,)), ((3,), ()), ((3, 1), (1, 3)), ((0,), ()))


@dataclass(frozen=True)
class Use:
    """A call of a rule: the arguments, arrays where it takes them, and which of them may be active."""

    rule: Rule
    name: str
    args: tuple[Any, ...]
    keywords: Mapping[str, Any]
    active: tuple[bool, ...]

    @property
    def anywhere(self) -> bool:
        """Whether the rule holds for all operands of the same shape."""
        return self.rule.kind in ("linear", "bilinear") or self.rule.domain == (-3, 3)

    def text(self, written: Sequence[str], keywords: Mapping[str, Any]) -> str:
        """Return the call with these texts for its arguments."""
        named = [f"{key}={literal(value)}" for key, value in keywords.items()]
        if self.name in SYMBOLS:
            return f"({written[0]} {SYMBOLS[self.name]} {written[1]})"
        if self.name.startswith("numpy.ndarray."):
            attribute = self.name.rpartition(".")[2]
            if not callable(getattr(np.ndarray, attribute)):
                return f"({written[0]}).{attribute}"
            return f"({written[0]}).{attribute}({', '.join([*written[1:], *named])})"
        name = self.name.removeprefix("builtins.")
        name = f"np.{name[6:]}" if name.startswith("numpy.") else name
        return f"{name}({', '.join([*written, *named])})"

    def keyword_names(self) -> list[str]:
        """Return the keywords that may be added: those of the rule, and `out`, which most do not take."""
        given = {p.name for p in self.rule.parameters[: len(self.args)]} | set(self.keywords)
        known = [p.name for p in self.rule.parameters if p.default is not None]
        return [n for n in known if n in KEYWORDS and n not in given]


def literal(value: Any) -> str:
    """Return the text of a value."""
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return f"np.zeros({value.shape})"
        return f"np.array({value.tolist()!r})"
    if isinstance(value, list | tuple) and any(isinstance(v, np.ndarray) for v in value):
        inner = ", ".join(map(literal, value)) + ("," if isinstance(value, tuple) else "")
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    return "float" if value is float else repr(value)


@cache
def by_rule() -> tuple[tuple[Use, ...], ...]:
    """Return the uses of each rule that a user's program can make."""
    found = []
    for rule in rules.all_rules():
        names = [n for n in rule.names if _public(n)]
        if rule.constant or not names:
            continue
        uses = [use for args, keywords in _points(rule) for name in names if (use := _use(rule, name, args, keywords))]
        if uses:
            found.append(tuple(uses))
    return tuple(found)


def _public(name: str) -> bool:
    top = name.partition(".")[0]
    return top in ("numpy", "scipy", "math", "builtins") or name in SYMBOLS


def _points(rule: Rule) -> list[tuple[list[Any], dict[str, Any]]]:
    points: list[tuple[list[Any], dict[str, Any]]] = []
    for example in (*rule.examples, *rule.once):
        parts = list(example) if isinstance(example, tuple) else [example]
        keywords = parts.pop() if parts and isinstance(parts[-1], dict) else {}
        points.append((parts, keywords))
    if rule.domain:
        rng = np.random.default_rng(11)
        low, high = rule.domain
        margin = 0.1 * (high - low)
        n = len([p for p in rule.parameters if p.default is None])
        shapes: list[tuple[tuple[int, ...], ...]] = [(s,) * n for s in _SHAPES]
        shapes += [p if n == 2 else (*p, *((),) * (n - 2)) for p in _PAIRS] if n > 1 else []
        for combination in shapes:
            points.append(([rng.uniform(low + margin, high - margin, s).round(2).tolist() for s in combination], {}))
    return points


def _use(rule: Rule, name: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Use | None:
    """Return a use with arrays for lists, None where Python does not know this one."""
    if name.startswith("math.") and not rule.sequence and any(isinstance(v, list) for v in args):
        return None
    try:
        values = _arrays(rule, name, args)
        use = Use(rule, name, tuple(values), dict(keywords), _active(rule, len(values)))
        evaluate(use.text([literal(v) for v in values], use.keywords))
    except Exception:
        return None
    return use


def _arrays(rule: Rule, name: str, args: Sequence[Any]) -> list[Any]:
    """Return arrays for lists of numbers, except where a list is what the call takes."""
    plain = name.startswith(("math.", "builtins."))
    sequence = rule.sequence not in ("", "object")
    values: list[Any] = []
    for position, value in enumerate(args):
        if isinstance(value, list) and sequence and position == 0 and not plain:
            values.append([np.array(v) if isinstance(v, list) else v for v in value])
        elif isinstance(value, list) and not (plain and rule.sequence):
            values.append(np.array(value))
        else:
            values.append(value)
    if name.startswith("numpy.ndarray."):
        values[0] = np.asarray(values[0])
    return values


def _active(rule: Rule, count: int) -> tuple[bool, ...]:
    """Say which arguments may be active."""
    refused = set(rule.fixed)
    if rule.kind != "composite":
        parts = zip(rule.operands, rule.template.parts, strict=False)
        refused |= {p for p, part in parts if isinstance(part, ast.Constant) and part.value is None}
    names = [p.name for p in rule.parameters]
    names += names[-1:] * (count - len(names))
    return tuple(n in rule.operands and n not in refused for n in names[:count])


_SPACE: dict[str, Any] = {"np": np, "math": math}


def evaluate(text: str) -> Any:
    """Return the value of an expression without variables."""
    for module in modules(text):
        importlib.import_module(module)
        _SPACE.setdefault("scipy", importlib.import_module("scipy"))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return copy.deepcopy(eval(text, _SPACE))


def modules(text: str) -> list[str]:
    """Return the modules of SciPy and the like that a text names."""
    tree = ast.parse(text)
    paths = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return sorted({p.rpartition(".")[0] for p in paths if p.startswith("scipy.") and p.count(".") == 2})
