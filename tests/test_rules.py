"""Every rule, on the arguments that its declaration gives, against divided differences and in dot products."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
from rules_support import (
    SYMBOLS,
    differences,
    evaluate,
    find,
    flat,
    kinds_of,
    like_flat,
    no_kinds,
    parse,
    shapes,
    show,
    value_kind,
)

from sct import core, rules
from sct.analysis import purity
from sct.analysis.kinds import Kind, sizes
from sct.core import ref
from sct.rules.registry import Rule
from sct.rules.template import Template

RULES = [rule for rule in rules.all_rules() if not rule.constant]


def points(rule: Rule) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Give the arguments on which a rule is tried."""
    rng = np.random.default_rng(7)
    for example in (*rule.examples, *rule.once):
        example = example if isinstance(example, tuple) else (example,)
        keywords = example[-1] if example and isinstance(example[-1], dict) else {}
        yield list(example[: len(example) - bool(keywords)]), keywords
    if rule.domain:
        low, high = rule.domain
        shapes: list[tuple[int, ...]] = [(), (3,), (2, 3), (2, 1, 3), (0,), (2, 0)]
        pairs = [
            ((2, 3), (3,)),
            ((3,), (2, 3)),
            ((), (2,)),
            ((2,), ()),
            ((2, 1), (1, 3)),
            ((1,), (4,)),
            ((0,), ()),
            ((2, 1, 3), (2, 1)),
        ]
        n = len([p for p in rule.parameters if p.default is None])
        for combination in [(s,) * n for s in shapes] + ([p if n == 2 else (*p, ()) for p in pairs] if n > 1 else []):
            yield [rng.uniform(low, high, s).tolist() for s in combination], {}


def uses() -> Iterator[Any]:
    for rule in RULES:
        for name in rule.names:
            for i, (args, keywords) in enumerate(points(rule)):
                arrays = any(isinstance(a, list) for a in args) and not rule.sequence and rule.name != "dist"
                if (name.startswith("math.") and arrays) or not exists(name):
                    continue
                # Of further names for the same, and of rules made from a table, one example is tried always.
                further = name != rule.names[0] or isinstance(rule.function, Template)
                marks = [pytest.mark.long] if i and further else []
                yield pytest.param(rule, name, args, keywords, id=f"{rule.name}-{name}-{i}", marks=marks)


def exists(name: str) -> bool:
    try:
        find(name)
    except (AttributeError, LookupError):
        return False
    return True


USES = list(uses())
FIRST_USES = [use for use in USES if str(use.id).endswith("-0")]


def as_values(rule: Rule, name: str, args: list[Any]) -> list[Any]:
    """Turn lists of numbers into arrays, where the operand is not a Python sequence."""
    keep = rule.sequence and not name.startswith(("numpy.", "scipy."))
    variadic = any(p.variadic for p in rule.parameters)

    def convert(value: Any, depth: int) -> Any:
        if isinstance(value, list) and not (keep and not depth):
            if rule.sequence and depth == 0 and rule.sequence != "object" and not variadic:
                return [convert(v, 1) for v in value]
            return np.array(value)
        return [convert(v, 1) for v in value] if isinstance(value, list) else value

    return [convert(a, 0) for a in args]


def expression(rule: Rule, name: str, names: list[str], keywords: dict[str, Any]) -> ast.expr:
    """Write the use of a rule under one of its names."""
    texts = ", ".join([*names, *(f"{k}={v!r}" for k, v in keywords.items())])
    if name.startswith("numpy.ndarray."):
        attribute = name.rpartition(".")[2]
        property_ = not callable(getattr(np.ndarray, attribute))
        rest = ", ".join([*names[1:], *(f"{k}={v!r}" for k, v in keywords.items())])
        return parse(f"{names[0]}.{attribute}" + ("" if property_ else f"({rest})"))
    if name in SYMBOLS and len(names) == 2:
        return parse(f"{names[0]} {SYMBOLS[name]} {names[1]}")
    if name == "operator.neg":
        return parse(f"-{names[0]}")
    if name == "operator.pos":
        return parse(f"+{names[0]}")
    call = parse(f"f({texts})")
    assert isinstance(call, ast.Call)
    call.func = ref(name, name)
    return call


class Use:
    """A rule, matched on named arguments."""

    def __init__(self, rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
        values = as_values(rule, name, args)
        if name.startswith("numpy.ndarray."):
            values[0] = np.asarray(values[0])
        names = [f"v{i}" for i in range(len(values))]
        self.env = dict(zip(names, values, strict=True))
        constants = [i for i, v in enumerate(values) if not isinstance(v, (float, list, np.ndarray))]
        written = [repr(v) if i in constants else n for i, (n, v) in enumerate(zip(names, values, strict=True))]
        self.expr = expression(rule, name, written, keywords)
        match = rules.match(self.expr)
        assert match is not None
        self.match = match
        self.active: dict[str, str | list[str]] = {}
        refused = {p for p, part in zip(rule.operands, rule.template.parts, strict=False) if show(part) == "None"}
        for p in match.operands:
            arg = match.args[p]
            if p in refused:
                continue
            if isinstance(arg, ast.Name):
                self.active[p] = arg.id
            elif isinstance(arg, ast.Tuple) and all(isinstance(e, ast.Name) for e in arg.elts):
                self.active[p] = [e.id for e in arg.elts if isinstance(e, ast.Name)]

    def value_of(self, p: str) -> Any:
        names = self.active[p]
        return self.env[names] if isinstance(names, str) else tuple(self.env[n] for n in names)

    def primal(self, *values: Any, which: tuple[str, ...]) -> Any:
        env = dict(self.env)
        for p, v in zip(which, values, strict=True):
            names = self.active[p]
            env.update({names: v} if isinstance(names, str) else dict(zip(names, v, strict=True)))
        return evaluate(self.expr, env)


@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
@pytest.mark.parametrize(("rule", "name", "args", "keywords"), USES)
def test_rule(rule: Rule, name: str, args: list[Any], keywords: dict[str, Any], known: bool) -> None:
    use = Use(rule, name, args, keywords)
    match = use.match
    if match.rule.kind == "composite":
        np.testing.assert_allclose(flat(evaluate(rules.expand(match), use.env)), flat(evaluate(use.expr, use.env)))
        return
    y = evaluate(use.expr, use.env)
    rng = np.random.default_rng(3)
    all_active = tuple(use.active)
    subsets = [s for n in range(1, len(all_active) + 1) for s in itertools.combinations(all_active, n)]
    assert subsets
    for subset in subsets:
        values = [use.value_of(p) for p in subset]
        directions = [like_flat(rng.normal(size=len(flat(v))), v) for v in values]
        env = use.env | {"y": y}
        tangents: dict[str, ast.expr] = {}
        for p, d in zip(subset, directions, strict=True):
            env[f"d_{p}"] = d
            arg = match.args[p]
            if isinstance(arg, ast.Tuple):
                env |= {f"d_{p}_{i}": v for i, v in enumerate(d)}
                elements: list[ast.expr] = [ast.Name(id=f"d_{p}_{i}", ctx=ast.Load()) for i in range(len(d))]
                tangents[p] = ast.Tuple(elts=elements, ctx=ast.Load())
            else:
                tangents[p] = ast.Name(id=f"d_{p}", ctx=ast.Load())
        kinds = kinds_of(env) if known else no_kinds
        expected = differences(partial(use.primal, which=subset), values, directions)
        for y_name in (ast.Name(id="y", ctx=ast.Load()), None):
            dy = rules.tangent(match, tangents, y_name, kinds)
            got = evaluate(dy, env)
            assert shapes(got) == shapes(y), show(dy)
            np.testing.assert_allclose(flat(got), expected, rtol=1e-5, atol=1e-7, err_msg=show(dy))
        seed = like_flat(rng.normal(size=len(flat(y))), y)
        env["y_bar"] = seed
        before = copy.deepcopy(env)
        bars = rules.adjoints(
            match, ast.Name(id="y_bar", ctx=ast.Load()), ast.Name(id="y", ctx=ast.Load()), subset, kinds
        )
        assert set(bars) == set(subset)
        total, moved = 0.0, []
        for p, d in zip(subset, directions, strict=True):
            bar = evaluate(bars[p], env)
            value = use.value_of(p)
            if isinstance(value, (list, tuple)):
                assert len(bar) == len(value)
                for b, v in zip(bar, value, strict=True):
                    assert np.shape(b) == np.shape(v), show(bars[p])
            else:
                assert np.shape(bar) == np.shape(value), show(bars[p])
            total += flat(bar) @ flat(d)
            moved.append((bar, d))
        size = max(1.0, sum(float(abs(flat(s)) @ abs(flat(d))) for s, d in ((seed, got), *moved)))
        assert abs(total - flat(seed) @ flat(got)) < 1e-12 * size
        for n, value in before.items():
            if not isinstance(value, str):
                np.testing.assert_array_equal(flat(value), flat(env[n]), err_msg=f"{n} was written into")


@pytest.mark.parametrize(("rule", "name", "args", "keywords"), USES)
def test_result_kind_holds(rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
    use = Use(rule, name, args, keywords)
    y = evaluate(use.expr, use.env)
    for kinds in (no_kinds, kinds_of(use.env)):
        check_kind(rules.result(use.match, kinds), y, use.env)
        axes = rules.rank(use.match, kinds)
        if isinstance(axes, int):
            assert axes == rank_of(y)
        elif axes is not None:
            check_sizes(axes, y)


def check_sizes(names: Sequence[str | None], y: Any) -> None:
    """Sizes whose names are numbers are these numbers."""
    assert len(names) == rank_of(y), (names, y)
    for name, size in zip(names, np.shape(y), strict=True):
        assert name is None or not name.isdigit() or int(name) == size, (names, y)


def rank_of(y: Any) -> int | None:
    return None if isinstance(y, (list, tuple)) else np.ndim(y)


def check_kind(kind: Kind, y: Any, env: dict[str, Any]) -> None:
    """Everything that is claimed of a value is so."""
    actual = value_kind(y)
    if kind.what == "scalar":
        assert actual.what == "scalar" or (isinstance(y, np.ndarray) and not y.ndim)
    elif kind.what != "unknown":
        assert actual.what == kind.what, (kind, y)
    if kind.dtype != "unknown":
        assert actual.dtype == kind.dtype, (kind, y)
    if kind.shape is not None:
        assert kind.shape.ndim in (None, rank_of(y)), (kind, y)
        if kind.shape.ndim is not None:
            check_sizes(sizes(kind.shape) or (), y)
        for value in env.values():
            if value_kind(value).shape == kind.shape:
                assert np.shape(value) == np.shape(y), (kind, y)


@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
@pytest.mark.parametrize(("rule", "name", "args", "keywords"), FIRST_USES)
def test_rules_know_what_rules_write(
    rule: Rule, name: str, args: list[Any], keywords: dict[str, Any], known: bool
) -> None:
    use = Use(rule, name, args, keywords)
    match = use.match
    if match.rule.kind == "composite":
        written = [rules.expand(match)]
    else:
        y, y_bar = (ast.Name(id=n, ctx=ast.Load()) for n in ("y", "y_bar"))
        kinds = kinds_of(use.env | {"y": evaluate(use.expr, use.env)}) if known else no_kinds
        tangents: dict[str, ast.expr] = {p: ast.Name(id=f"d_{p}", ctx=ast.Load()) for p in use.active}
        written = [rules.tangent(match, tangents, y, kinds)]
        written += rules.adjoints(match, y_bar, y, list(use.active), kinds).values()
        written += rules.adjoints(match, y_bar, y, list(use.active), kinds, masked=True).values()
    for expr in written:
        methods = {id(call.func) for call in ast.walk(expr) if isinstance(call, ast.Call)}
        for node in ast.walk(expr):
            if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Attribute)):
                assert id(node) in methods or rules.match(node) is not None, (show(expr), show(node))


def single(value: Any) -> Any:
    """Return a value in single precision, its arrays with gaps between their elements."""
    if isinstance(value, list):
        return [single(v) for v in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim:
        spaced = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), np.float32)
        spaced[..., ::2] = value
        return spaced[..., ::2]
    return value


def in_single_precision(bar: Any, value: Any) -> bool:
    """Say whether the derivative is in single precision where the value is."""
    if isinstance(value, (list, tuple)):
        return all(in_single_precision(b, v) for b, v in zip(bar, value, strict=True))
    return not (isinstance(value, np.ndarray) and value.dtype == np.float32) or np.asarray(bar).dtype == np.float32


ARRAY_USES = [use for use in FIRST_USES if str(use.values[1]).startswith(("numpy.", "scipy."))]


@pytest.mark.parametrize(("rule", "name", "args", "keywords"), ARRAY_USES)
def test_single_precision_stays_and_operands_are_left_alone(
    rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]
) -> None:
    use = Use(rule, name, args, keywords)
    use.env = {n: single(v) for n, v in use.env.items()}
    before = copy.deepcopy(use.env)
    if use.match.rule.kind == "composite":
        y, made = evaluate(use.expr, use.env), evaluate(rules.expand(use.match), use.env)
        np.testing.assert_allclose(flat(made), flat(y), rtol=1e-4, atol=1e-5)
        assert in_single_precision(made, y)
        return
    y = evaluate(use.expr, use.env)
    env = use.env | {"y": y, "y_bar": copy.deepcopy(y)}
    y_name, y_bar = (ast.Name(id=n, ctx=ast.Load()) for n in ("y", "y_bar"))
    for p, bar in rules.adjoints(use.match, y_bar, y_name, list(use.active), no_kinds).items():
        got = evaluate(bar, env)
        assert (isinstance(y, np.ndarray | np.generic) and y.dtype == np.float64) or in_single_precision(
            got, use.value_of(p)
        ), show(bar)
    arrays = {p: use.match.args[p] for p in use.active if not isinstance(use.value_of(p), float)}
    dy = rules.tangent(use.match, arrays or {p: use.match.args[p] for p in use.active}, y_name, no_kinds)
    assert in_single_precision(evaluate(dy, env), y), show(dy)
    for n, value in before.items():
        if isinstance(value, str):
            continue
        np.testing.assert_array_equal(flat(value), flat(use.env[n]))


@pytest.mark.parametrize(("rule", "name", "args", "keywords"), USES)
def test_fresh_results_share_no_memory(rule: Rule, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
    use = Use(rule, name, args, keywords)
    y = evaluate(use.expr, use.env)
    if rule.kind == "constant" or not rules.is_fresh(use.match, kinds_of(use.env)):
        return
    for value in arrays_in(list(use.env.values())):
        assert not any(np.shares_memory(value, part) for part in arrays_in(y))


def arrays_in(value: Any) -> list[np.ndarray]:
    """Return the arrays that a value holds."""
    if isinstance(value, (list, tuple)):
        return [array for member in value for array in arrays_in(member)]
    return [value] if isinstance(value, np.ndarray) else []


def test_views_are_views_to_the_simplifier() -> None:
    """What a rule says may share memory with an operand is never taken for fresh where nothing rules it out."""
    for rule in rules.all_rules():
        for name in rule.names if rule.memory != "fresh" and rule.fresh is None else ():
            if name.startswith("numpy.") and not name.startswith("numpy.ndarray."):
                call = ast.Call(func=core.ref(name), args=[ast.Name(id="x", ctx=ast.Load())], keywords=[])
                assert not purity.makes_fresh(call), name


@pytest.mark.parametrize(("name", "own"), [("numpy.diff", 0), ("numpy.linalg.matrix_power", 1)])
def test_what_may_return_its_operand(name: str, own: int) -> None:
    for n, fresh in ((own, False), (own + 1, True), ("n", False)):
        given: ast.expr = ast.Constant(value=n) if isinstance(n, int) else ast.Name(id=n, ctx=ast.Load())
        call = ast.Call(func=core.ref(name), args=[ast.Name(id="x", ctx=ast.Load()), given], keywords=[])
        assert purity.makes_fresh(call) is fresh
