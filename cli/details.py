"""What ``sct rules --verbose`` says of a rule beyond how it is called.

In: a rule. Out: sentences: its conventions, what it writes, which numbers it holds for, where it is declared.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from sct.rules import Rule
from sct.rules.template import Template, read


def details_of(rule: Rule) -> Iterator[str]:
    """Yield what there is to say of a rule."""
    said = rule.function.__doc__ if not isinstance(rule.function, Template) else None
    if said:
        yield " ".join(said.split())
    if not rule.constant and not rule.refusal:
        yield from _bodies(rule)
        yield from _limits(rule)
    place = _place(rule)
    if place:
        yield f"declared in {place}"


def _bodies(rule: Rule) -> Iterator[str]:
    """Yield what the rule writes where nothing is known of the arguments; `y` is the result, `y_bar` its adjoint."""
    parts = [ast.unparse(part) for part in rule.template.parts]
    if rule.kind == "composite":
        yield f"stands for {', '.join(parts)}" if not rule.rewrite else "stands for what its arguments say"
    elif rule.kind == "write":
        if parts:
            yield f"stands for {rule.parameters[0].name}[{parts[0]}] = {parts[1]}"
    elif rule.write:
        yield "adjoints hang on the arguments"
    else:
        label = "d/d{}: {}" if rule.kind == "elementwise" else "adjoint of {}: {}"
        for operand, part in zip(rule.operands, parts, strict=False):
            if part != "None":
                yield label.format(operand.rstrip("_"), part)
    for when, function in rule.tangents:
        if when is None:
            yield f"tangent: {' + '.join(p for part in read(function).parts if (p := ast.unparse(part)) != 'None')}"
    others = len(rule.cases) + sum(when is not None for when, _ in rule.tangents)
    if others:
        yield f"{others} more form{'s' * (others > 1)} where more is known of the arguments"


def _limits(rule: Rule) -> Iterator[str]:
    if rule.fixed:
        yield f"no derivative by {', '.join(rule.fixed)}"
    if callable(rule.complex):
        yield "complex numbers: in some uses"
    elif rule.holds_for_complex:
        yield "complex numbers: yes"
    elif rule.kind == "composite" and rule.complex is None:
        yield "complex numbers: where what it stands for has them"
    else:
        yield "complex numbers: refused"


def _place(rule: Rule) -> str:
    """Return the file and line of a rule, of sct's own from the package on; "" where there is none."""
    code = getattr(rule.function, "__code__", None)
    if code is None:
        return ""
    parts = Path(code.co_filename).parts
    own = rule.function.__module__.startswith("sct.") and "sct" in parts
    return f"{'/'.join(parts[-3:]) if own else code.co_filename}:{code.co_firstlineno}"
