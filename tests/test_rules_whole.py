"""Every rule through the whole compiler: forward, reverse, and each of them again over the reverse derivative.

The first example of each rule is tried always, all of them under all of its names with ``--corpus``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rules_support import differences, flat, like_flat, shapes
from test_rules import USES, Use

import sct
from sct.core import is_ref, qualname
from sct.rules.registry import Rule

# The rules of the helpers are tried by way of the others.
WHOLE = [use for use in USES if not str(use.values[1]).startswith("sct.")]
ALWAYS = list({id(use.values[0]): use for use in reversed(WHOLE)}.values())[::-1]
LONG = [pytest.param(*use.values, id=use.id, marks=pytest.mark.long) for use in WHOLE if use not in ALWAYS]
IMPORTS = "import copy\nimport math\nimport operator\nimport numpy as np\n"
SCIPY = "".join(f"import scipy.{name}\n" for name in ("fft", "integrate", "linalg", "special", "stats"))


class _Spelled(ast.NodeTransformer):
    """Spells references as a user would."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not is_ref(node):
            return node
        name = qualname(node).removeprefix("builtins.")
        return ast.parse(f"np.{name[6:]}" if name.startswith("numpy.") else name, mode="eval").body


class Program:
    """The text of a module, and its functions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.scope: dict[str, Any] = {}
        exec(compile(text, "<program>", "exec"), self.scope)

    def __getitem__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = self.scope[name]
        return found

    def derivative(self, name: str, mode: Any, wrt: tuple[int, ...]) -> Program:
        return Program(sct.transform(self.text, name, mode=mode, wrt=wrt))


def noise(rng: np.random.Generator, like: Any) -> Any:
    return like_flat(rng.normal(size=len(flat(like))), like)


def zeros(like: Any) -> Any:
    return like_flat(np.zeros(len(flat(like))), like)


def annotation(value: Any) -> str:
    if isinstance(value, list):
        return ": list[float]" if all(isinstance(v, float) for v in value) else ": list[np.ndarray]"
    return ": np.ndarray" if isinstance(value, np.ndarray) else ": float"


def program(use: Use, name: str) -> Program:
    """Return the program that is a use of a rule."""
    text = ast.unparse(_Spelled().visit(use.expr))
    plain = not name.startswith(("numpy.", "scipy."))
    parameters = [f"{n}{annotation(v) if plain else ''}" for n, v in use.env.items()]
    imports = IMPORTS + (SCIPY if name.startswith("scipy.") else "")
    return Program(f"{imports}def f({', '.join(parameters)}):\n    return {text}\n")


@pytest.mark.parametrize(("rule", "name", "args", "keywords"), ALWAYS + LONG)
def test_whole(rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
    use = Use(rule, name, args, keywords)
    values = list(use.env.values())
    names = [n for p in use.active.values() for n in (p if isinstance(p, list) else [p])]
    wrt = tuple(i for i, n in enumerate(use.env) if n in names)
    primal = program(use, name)
    forward, reverse = primal.derivative("f", "forward", wrt), primal.derivative("f", "reverse", wrt)
    jvp, vjp = forward["f_jvp"], reverse["f_vjp"]
    rng = np.random.default_rng(5)
    directions = [noise(rng, values[i]) for i in wrt]

    def of_active(function: Callable[..., Any], active: tuple[Any, ...]) -> Any:
        new = list(values)
        for i, value in zip(wrt, active, strict=True):
            new[i] = value
        return function(*new)

    active = [values[i] for i in wrt]
    expected = differences(lambda *a: of_active(primal["f"], a), active, directions)
    y, dy = jvp(*values, *directions)
    np.testing.assert_allclose(flat(y), flat(primal["f"](*values)))
    np.testing.assert_allclose(flat(dy), expected, rtol=1e-5, atol=1e-7)
    seed = noise(rng, y)
    bars = vjp(*values, seed)[1]
    for bar, value in zip(bars, active, strict=True):
        assert shapes(bar) == shapes(value)
    np.testing.assert_allclose(flat(bars) @ flat(directions), flat(seed) @ flat(dy), rtol=1e-10, atol=1e-10)

    if [*args, keywords] in [list(e) if isinstance(e[-1], dict) else [*e, {}] for e in rule.once]:
        return
    both = (*wrt, len(values))
    curvature = differences(lambda *a: of_active(lambda *v: vjp(*v, seed)[1], a), active, directions)
    twice = reverse.derivative("f_vjp", "forward", both)["f_vjp_jvp"]
    _, (_, dbars) = twice(*values, seed, *directions, zeros(seed))
    np.testing.assert_allclose(flat(dbars), curvature, rtol=1e-4, atol=1e-6)
    again = reverse.derivative("f_vjp", "reverse", both)["f_vjp_vjp"]
    weights = tuple(noise(rng, v) for v in active)
    second = again(*values, seed, (zeros(y), weights))[1]
    left, right = flat(list(second[:-1])) @ flat(directions), flat(weights) @ flat(dbars)
    np.testing.assert_allclose(left, right, rtol=1e-8, atol=1e-9)
