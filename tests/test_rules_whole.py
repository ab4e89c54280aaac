"""Every rule through the whole compiler: forward, reverse, and each of them again over the reverse derivative.

The tangent is held against every oracle that applies. Forward and reverse mode are tied together by dot products. The
arguments come as they are declared, and as arrays of no axes, with gaps, in Fortran's order and in single precision.
Nothing that is handed over may change.

The first example of each rule is tried always, all of them under all of its names with ``--corpus``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rules_support import differences, flat, like_flat, shapes
from test_rules import USES, Use

import sct
from sct import oracles
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
        self.scope: dict[str, Any] = {"__name__": "rules_program"}
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


def untouched(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function, and see that it leaves its arguments as they are."""
    before = copy.deepcopy(args)
    result = function(*args)
    for old, new in zip(before, args, strict=True):
        if not isinstance(new, str):
            np.testing.assert_array_equal(flat(old), flat(new))
    return result


def against_oracles(f: Callable[..., Any], at: list[Any], directions: list[Any], dy: Any) -> None:
    """Hold a tangent against all oracles that apply, of which divided differences is one."""
    for oracle in (oracles.differences, oracles.complex_step, oracles.dual_numbers):
        try:
            found = oracle(f, at, directions)
        except oracles.NotApplicable:
            continue
        exact = oracle is not oracles.differences
        tolerance = 1e-10 if exact else 1e-6
        np.testing.assert_allclose(flat(dy), found, rtol=tolerance, atol=tolerance, err_msg=oracle.__name__)


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_changed(v, change) for v in value)
    return change(value) if isinstance(value, (float, np.ndarray)) else value


def fortran(value: Any) -> Any:
    """Arrays in Fortran's order."""
    return _changed(value, lambda v: np.asfortranarray(v) if isinstance(v, np.ndarray) and v.ndim else v)


def with_gaps(value: Any) -> Any:
    """Arrays whose elements have gaps between them, and run backwards along the first axis."""

    def spread_out(v: Any) -> Any:
        if not isinstance(v, np.ndarray) or not v.ndim or v.dtype.kind != "f":
            return v
        wide = np.full((v.shape[0], *v.shape[1:-1], 2 * v.shape[-1]) if v.ndim > 1 else 2 * v.shape[0], 7.5)
        wide[..., ::2] = v[::-1]
        return wide[..., ::2][::-1] if v.ndim > 1 else wide[::2][::-1]

    return _changed(value, spread_out)


def single(value: Any) -> Any:
    """Arrays in single precision."""
    return _changed(value, lambda v: v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v)


def no_axes(value: Any) -> Any:
    """Numbers as arrays of no axes."""
    return _changed(value, lambda v: np.array(v) if isinstance(v, float) else v)


FORMS = {fortran: 1e-11, with_gaps: 1e-11, single: 2e-3}


def like_value(seed: Any, y: Any) -> Any:
    """Return a seed in the dtype of the value."""
    if isinstance(y, (list, tuple)):
        made = [like_value(s, v) for s, v in zip(seed, y, strict=True)]
        return type(y)(*made) if hasattr(y, "_fields") else type(y)(made)
    return np.asarray(seed, np.asarray(y).dtype)[()] if np.asarray(y).dtype.kind == "f" else seed


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
    y, dy = untouched(jvp, *values, *directions)
    np.testing.assert_allclose(flat(y), flat(primal["f"](*values)))
    against_oracles(
        primal["f"], values, [directions[wrt.index(i)] if i in wrt else None for i in range(len(values))], dy
    )
    seed = noise(rng, y)
    bars = untouched(vjp, *values, seed)[1]
    for bar, value in zip(bars, active, strict=True):
        assert shapes(bar) == shapes(value)
    assert oracles.dot_product_gap(directions, list(bars), dy, seed) < 1e-12
    for form, tolerance in FORMS.items():
        in_form = [form(v) for v in values]
        moved = [form(d) for d in directions]
        y_form, dy_form = untouched(jvp, *in_form, *moved)
        np.testing.assert_allclose(flat(dy_form), flat(dy), rtol=tolerance, atol=tolerance, err_msg=form.__name__)
        bars_form = untouched(vjp, *in_form, like_value(seed, y_form))[1]
        np.testing.assert_allclose(flat(bars_form), flat(bars), rtol=tolerance, atol=tolerance, err_msg=form.__name__)
        for bar, value in zip(bars_form, (in_form[i] for i in wrt), strict=True):
            assert shapes(bar) == shapes(value), form.__name__

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
