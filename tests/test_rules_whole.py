"""Every rule through the whole compiler: forward, reverse, and each of them again over the reverse derivative.

The tangent is held against every oracle that applies. Forward and reverse mode are tied together by dot products. The
arguments come as they are declared, and as arrays of no axes, with gaps, in Fortran's order and in single precision.
Nothing that is handed over may change.

The first example of each rule is tried always, all of them under all of its names with ``--corpus``. Of densities one
rule is for each distribution, and one for each function of distributions.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rules_support import differences, flat, like_flat, shapes
from test_rules import USES, Use, arrays_in

import sct
from sct import oracles, rules
from sct.core import is_ref, qualname
from sct.rules import registry
from sct.rules.registry import Rule

# The rules of the helpers are tried by way of the others.
WHOLE = [use for use in USES if not str(use.values[1]).startswith("sct.")]


def kin(use: Any) -> Any:
    """Return what one use stands for: a rule, or a column or a row of the table of densities."""
    rule, name = use.values[0], str(use.values[1])
    if not name.startswith("scipy.stats.") or rule.kind != "elementwise":
        return id(rule)
    _, _, distribution, of = name.split(".")
    return distribution if of.startswith("logp") else of


ALWAYS = list({kin(use): use for use in reversed(WHOLE)}.values())[::-1]
LONG = [pytest.param(*use.values, id=use.id, marks=pytest.mark.long) for use in WHOLE if use not in ALWAYS]
IMPORTS = "import copy\nimport math\nimport operator\nimport numpy as np\n"
SCIPY = "".join(f"import scipy.{name}\n" for name in ("fft", "integrate", "linalg", "signal", "special", "stats"))


class _Spelled(ast.NodeTransformer):
    """Spells references as a user would."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not is_ref(node):
            return node
        name = qualname(node).removeprefix("builtins.")
        return ast.parse(f"np.{name[6:]}" if name.startswith("numpy.") else name, mode="eval").body


def sharing_nothing(name: str, helper: Callable[..., Any]) -> Callable[..., Any]:
    """Return a helper of generated code that holds what its rule says: results that are new share no memory."""
    declared = registry.lookup(f"sct.runtime.{name}")
    if not declared or any(rule.memory != "fresh" for rule in declared):
        return helper

    def called(*args: Any) -> Any:
        result = helper(*args)
        for given in arrays_in(list(args)):
            assert not any(np.shares_memory(given, part) for part in arrays_in(result)), name
        return result

    return called


class Program:
    """The text of a module, and its functions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.scope: dict[str, Any] = {"__name__": "rules_program"}
        exec(compile(text, "<program>", "exec"), self.scope)
        for name, value in self.scope.items():
            if getattr(value, "__module__", "").startswith("sct.runtime"):
                self.scope[name] = sharing_nothing(name, value)

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


ORACLES = (oracles.differences, oracles.interpolation, oracles.complex_step, oracles.dual_numbers)
EXACT = (oracles.complex_step, oracles.dual_numbers)


def against_oracles(f: Callable[..., Any], at: list[Any], directions: list[Any], dy: Any) -> None:
    """Hold a tangent against all oracles that apply: there must be two."""
    applied = []
    for oracle in ORACLES:
        try:
            found = oracle(f, at, directions)
        except oracles.NotApplicable:
            continue
        tolerance = 1e-10 if oracle in EXACT else 1e-6
        np.testing.assert_allclose(flat(dy), found, rtol=tolerance, atol=tolerance, err_msg=oracle.__name__)
        applied.append(oracle.__name__)
    assert len(applied) >= 2, applied


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


FORMS = {fortran: 1e-11, with_gaps: 1e-11, no_axes: 1e-11, single: 2e-3}


def like_value(seed: Any, y: Any) -> Any:
    """Return a seed in the dtype of the value."""
    if isinstance(y, (list, tuple)):
        made = [like_value(s, v) for s, v in zip(seed, y, strict=True)]
        return type(y)(*made) if hasattr(y, "_fields") else type(y)(made)
    return np.asarray(seed, np.asarray(y).dtype)[()] if np.asarray(y).dtype.kind == "f" else seed


class Whole:
    """A program at a point, with its derivatives of both modes."""

    def __init__(self, primal: Program, values: list[Any], wrt: tuple[int, ...]) -> None:
        self.f, self.values, self.wrt = primal["f"], values, wrt
        self.forward, self.reverse = primal.derivative("f", "forward", wrt), primal.derivative("f", "reverse", wrt)
        self.jvp, self.vjp = self.forward["f_jvp"], self.reverse["f_vjp"]
        self.rng = np.random.default_rng(5)
        self.active = [values[i] for i in wrt]
        self.directions = [noise(self.rng, v) for v in self.active]
        self.y, self.dy = untouched(self.jvp, *values, *self.directions)
        self.seed = noise(self.rng, self.y)

    def first(self) -> None:
        """Both modes are right, and each other's transpose."""
        np.testing.assert_allclose(flat(self.y), flat(self.f(*self.values)))
        positions = range(len(self.values))
        tangents = [self.directions[self.wrt.index(i)] if i in self.wrt else None for i in positions]
        against_oracles(self.f, self.values, tangents, self.dy)
        self.bars = untouched(self.vjp, *self.values, self.seed)[1]
        for bar, value in zip(self.bars, self.active, strict=True):
            assert shapes(bar) == shapes(value)
        if max(abs(flat(self.dy)), default=0.0) > 1e-12:  # else there is nothing but rounding
            assert oracles.dot_product_gap(self.directions, list(self.bars), self.dy, self.seed) < 1e-12

    def in_form(self, form: Callable[[Any], Any], tolerance: float) -> None:
        """The arguments may lie in memory in another way."""
        values, moved = [form(v) for v in self.values], [form(d) for d in self.directions]
        y, dy = untouched(self.jvp, *values, *moved)
        np.testing.assert_allclose(flat(dy), flat(self.dy), rtol=tolerance, atol=tolerance, err_msg=form.__name__)
        y = self.vjp(*values, like_value(self.seed, y))[0]
        bars = untouched(self.vjp, *values, like_value(self.seed, y))[1]
        np.testing.assert_allclose(flat(bars), flat(self.bars), rtol=tolerance, atol=tolerance, err_msg=form.__name__)
        for bar, value in zip(bars, (values[i] for i in self.wrt), strict=True):
            assert shapes(bar) == shapes(value), form.__name__
            if form is single and isinstance(value, np.ndarray):
                assert bar.dtype == value.dtype

    def second(self) -> None:
        """Forward over reverse is the derivative of the adjoint, and reverse over reverse its transpose."""

        def adjoint(*active: Any) -> Any:
            new = list(self.values)
            for i, value in zip(self.wrt, active, strict=True):
                new[i] = value
            return self.vjp(*new, self.seed)[1]

        both = (*self.wrt, len(self.values))
        curvature = differences(adjoint, self.active, self.directions)
        twice = self.reverse.derivative("f_vjp", "forward", both)["f_vjp_jvp"]
        _, (_, dbars) = twice(*self.values, self.seed, *self.directions, zeros(self.seed))
        np.testing.assert_allclose(flat(dbars), curvature, rtol=1e-4, atol=1e-6)
        again = self.reverse.derivative("f_vjp", "reverse", both)["f_vjp_vjp"]
        weights = tuple(noise(self.rng, v) for v in self.active)
        second = again(*self.values, self.seed, (zeros(self.y), weights))[1]
        left, right = flat(list(second[:-1])) @ flat(self.directions), flat(weights) @ flat(dbars)
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)

    def forward_twice(self) -> None:
        """Forward over forward is the derivative of the tangent."""
        n = len(self.values)
        twice = self.forward.derivative("f_jvp", "forward", (*self.wrt, *range(n, n + len(self.wrt))))["f_jvp_jvp"]
        _, (_, found) = twice(*self.values, *self.directions, *self.directions, *map(zeros, self.directions))
        wanted = differences(lambda *a: self.jvp(*a, *self.directions)[1], self.active, self.directions)
        np.testing.assert_allclose(flat(found), wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("rule", "name", "args", "keywords"), ALWAYS + LONG)
def test_whole(rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
    use = Use(rule, name, args, keywords)
    names = [n for p in use.active.values() for n in (p if isinstance(p, list) else [p])]
    wrt = tuple(i for i, n in enumerate(use.env) if n in names)
    whole = Whole(program(use, name), list(use.env.values()), wrt)
    whole.first()
    for form, tolerance in FORMS.items():
        if form not in (no_axes, single) or name.startswith(("numpy.", "scipy.")):
            whole.in_form(form, tolerance)
    if [*args, keywords] not in [list(e) if isinstance(e[-1], dict) else [*e, {}] for e in rule.once]:
        whole.second()


SPELLED = [(rule, text) for rule in rules.all_rules() for text in rule.spelled]
# What the compiler writes into derivatives of statements: the corpus, differentiated twice, is what tries these.
STRUCTURAL = {"last_writes", "written", "scatter", "listed", "fold", "unfold", "once", "entry", "entry_bar"}
STRUCTURAL |= {"dict_tangent", "check_tangent", "check_seed", "restored", "contents", "put_back_bar", "numbers_bar"}


def test_every_rule_has_an_example() -> None:
    own = [r for r in rules.all_rules() if getattr(r.function, "__module__", "").startswith("sct.rules.")]
    declared = [r for r in own if not r.constant and not (r.examples or r.domain or r.spelled)]
    assert {r.name.rstrip("_") for r in declared} <= STRUCTURAL
    assert all(r.names[0].startswith("sct.runtime.") for r in declared)


@pytest.mark.parametrize(("rule", "text"), SPELLED, ids=[f"{rule.name}-{text}" for rule, text in SPELLED])
def test_spelled(rule: Rule, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[Rule] = set()

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def seen(match: Any, *args: Any, **keywords: Any) -> Any:
            used.add(match.rule)
            return function(match, *args, **keywords)

        return seen

    for name in ("adjoints", "tangent", "expand"):
        monkeypatch.setattr(rules, name, watched(getattr(rules, name)))
    primal = Program(f"{IMPORTS}{SCIPY}def f(x: np.ndarray):\n    return {text}\n")
    whole = Whole(primal, [np.array([0.7, 0.35, 1.3, 0.9])], (0,))
    whole.first()
    whole.in_form(with_gaps, 1e-11)
    whole.second()
    whole.forward_twice()
    assert rule in used
