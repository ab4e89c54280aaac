"""Rules are declared once, here: one decorated function a rule, whatever the mode.

    @elementwise("numpy.sin", "math.sin", domain=(-3, 3))
    def sin(y, x):
        return np.cos(x)

The names say what the rule differentiates: functions by their qualified names, operators by those of the module
`operator`, methods and properties of arrays as ``numpy.ndarray.name``. The body is read as a template, and never
executed. Its parameters come in NumPy's order and have NumPy's names; `y` (the result) and `y_bar` (its adjoint)
before them mean what they say. The body returns, for one operand or for a tuple of them:

- ``elementwise``: the partial derivatives. One that may be infinite is written with `over`, `power_slope` or
  `exponent_slope` and the seed 1: a zero seed then gives zero.
- ``linear``, ``bilinear``: the contributions to the adjoints; the tangent is the function itself.
- ``custom``: the contributions too; the tangent is declared apart: ``@rule.tangent``.
- ``composite``: the NumPy expression that the function stands for.
- ``constant``: nothing; the derivative is zero.

Users declare rules for their own functions, or those of a library, in the same way: in a module that is imported
before the derivatives are made, or in a file that ``sct transform --rules`` or ``rules`` in [tool.sct] names, which is
read and not run. The bodies of these may call what their module imports.

``@rule.case(when)`` declares a body for the uses for which ``when(match, kinds)`` holds. `domain` (bounds for every
operand, or a pair of bounds each), `examples` (arguments, keywords as a last dict) or `spelled` (expressions in a
vector `x`) put the rule through all tests, which do not pass a rule that has none of them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from sct.analysis.kinds import UNKNOWN, Kind
from sct.rules.template import Parameter, Template, read

RuleKind = Literal["elementwise", "linear", "bilinear", "composite", "constant", "custom", "write"]
Memory = Literal["fresh", "view", "maybe"]
KindOf = Callable[[ast.expr], Kind]


class Unsupported(Exception):
    """A use of a known function that has no derivative here; says why and what to write instead."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True)
class Match:
    """An expression as a use of a rule.

    `args` maps the parameters of the rule to the arguments as written; absent ones are not in it. `operands` are
    the differentiable parameters that are present. `qualname` is the name that was matched and `slots` says where
    in `expr` each argument stands.
    """

    rule: Rule
    args: Mapping[str, ast.expr]
    expr: ast.expr
    operands: tuple[str, ...]
    qualname: str
    slots: Mapping[str, tuple[str | int, ...]]

    @property
    def module(self) -> str:
        """The module of the function that was matched."""
        return self.qualname.partition(".")[0]


Result = Callable[[Match, KindOf], Kind]
When = Callable[[Match, KindOf], bool]
#: What is known of the axes of a result: the names of their sizes, None for one without; or only how many there are.
Axes = Sequence["str | None"] | int | None
Rank = Callable[[Match, KindOf], Axes]
Builder = Callable[[Match, ast.expr, ast.expr, KindOf], "ast.expr | None"]


def _no_result(match: Match, kinds: KindOf) -> Kind:
    return UNKNOWN


@dataclass(eq=False)
class Rule:
    """A derivative rule: what it differentiates, how, and what is known of its results.

    Attributes
    ----------
    name, names, kind
        What the rule is called, the qualified names that it differentiates, how it does so.
    declared_operands : tuple of str
        The differentiable parameters; by default as many of the first parameters as the body returns parts.
    sequence : str
        The operand that is a sequence of operands, "" where there is none.
    broadcasts : bool
        Whether the operands are broadcast against each other.
    memory : str
        Whether results are fresh, share memory with the first operand ("view"), or may do so ("maybe").
    fresh : callable
        When results are fresh for sure, where `memory` says that they may not be.
    result : callable
        What is known of the result.
    rank : callable
        How many axes a result has whose shape is not known.
    pack : tuple of str
        The names whose further positional arguments together are the last positional parameter.
    aliases : mapping
        Parameters by other keywords that NumPy knows for them.
    follows : str
        The operand whose dtype the result has: one of integers cuts off what the other operands put into it.
    fixed : tuple of str
        Parameters that change the value and that the rule does not differentiate by: they may not be active.
    rewrite : callable
        Gives what a use of a composite stands for, where a template cannot say it.
    write : callable
        Gives the contribution to the adjoint of an operand, from the match, the operand, `y_bar`, `y` and what is
        known of expressions, where a template cannot say it.
    complex : bool or callable
        Whether, or when, the rule holds for complex numbers; None means that it does if it is linear in its operands.
    check : callable
        Takes the arguments and says why there is no derivative for them, "" where there is one.
    refusal : str
        Why there is no derivative at all, "" where there is one.
    domain, examples, once, spelled
        Where and how the tests try the rule; `once` are examples for the first derivative alone. Where the operands or
        the result are not of real numbers, and for helpers of the runtime, `spelled` are the expressions in a vector
        `x` of four elements that use it.
    """

    kind: RuleKind
    name: str
    names: tuple[str, ...]
    function: Callable[..., Any] | Template
    declared_operands: tuple[str, ...] | None = None
    sequence: str = ""
    broadcasts: bool = False
    memory: Memory = "fresh"
    fresh: When | None = None
    result: Result = _no_result
    rank: Rank | None = None
    pack: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    follows: str = ""
    fixed: tuple[str, ...] = ()
    rewrite: Callable[[Match], ast.expr | None] | None = None
    write: Callable[[Match, str, ast.expr, ast.expr, KindOf], ast.expr] | None = None
    check: Callable[[Mapping[str, ast.expr]], str] | None = None
    refusal: str = ""
    domain: Any = None
    examples: Sequence[Any] = ()
    once: Sequence[Any] = ()
    spelled: Sequence[str] = ()
    complex: bool | When | None = None
    in_place: bool = False
    builder: Builder | None = None
    cases: list[tuple[When, Callable[..., Any]]] = field(default_factory=list)
    tangents: list[tuple[When | None, Callable[..., Any] | Template]] = field(default_factory=list)

    @property
    def holds_for_complex(self) -> bool:
        """Whether the rule may be used on complex numbers."""
        return bool(self.complex) if self.complex is not None else self.kind in ("linear", "bilinear", "constant")

    @property
    def constant(self) -> bool:
        """Whether the derivative is zero everywhere."""
        return self.kind == "constant"

    @cached_property
    def template(self) -> Template:
        """What the function says, read from its source."""
        return read(self.function)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, without those that name results."""
        return self.template.parameters

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The differentiable parameters."""
        if self.declared_operands is not None:
            return self.declared_operands
        if self.kind in ("constant", "composite"):
            return () if self.constant else tuple(p.name for p in self.parameters if p.default is None)
        return tuple(p.name for p in self.parameters[: len(self.template.parts)])

    def case(self, when: When) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the body for the uses for which `when` holds; of several, the first counts."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self.cases.append((when, function))
            return function

        return declare

    def literal(self, function: Builder) -> Builder:
        """Declare the contribution to the members of the sequence operand where it is a literal.

        The function is called, with the match, the names `y_bar` and `y` and what is known of expressions, and
        returns a literal of contributions in the nesting of the operand, or None where it has none.
        """
        self.builder = function
        return function

    def tangent(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Declare the tangent: a term for each operand, which reads its tangent as ``d`` and the operand's name."""
        self.tangents.append((None, function))
        return function

    def tangent_case(self, when: When) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the tangent for the uses for which `when` holds; the cases come before the tangent for all."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self.tangents.append((when, function))
            return function

        return declare


_registry: dict[str, list[Rule]] = {}
_rules: list[Rule] = []


def register(rule: Rule) -> Rule:
    """Enter a rule under all of its names. One of the user's goes before one of sct's own."""
    _rules.append(rule)
    own = not isinstance(rule.function, Template) and rule.function.__module__.startswith("sct.rules.")
    for name in rule.names:
        rules = _registry.setdefault(name, [])
        rules.insert(len(rules) if own else 0, rule)
    return rule


def forget(rule: Rule) -> None:
    """Take a rule out again: the next file may be differentiated by other rules."""
    _rules.remove(rule)
    for name in rule.names:
        _registry[name].remove(rule)


def lookup(name: str) -> Sequence[Rule]:
    """Return the rules for a qualified name, in the order of their declaration."""
    return _registry.get(name, ())


def registered() -> Iterable[Rule]:
    """Return all rules that have been declared so far."""
    return tuple(_rules)


Declare = Callable[[Callable[..., Any]], Rule]


def _decorator(kind: RuleKind, names: tuple[str, ...], options: dict[str, Any]) -> Declare:
    def declare(function: Callable[..., Any]) -> Rule:
        return register(declared(kind, names, options, function.__name__.strip("_"), function))

    return declare


def declared(
    kind: Any, names: tuple[str, ...], options: dict[str, Any], name: str, function: Callable[..., Any] | Template
) -> Rule:
    """Return the rule that a decorator declares, with the defaults of its kind."""
    from sct.rules.results import broadcast_float, unknown

    options = dict(options)
    if "operands" in options:
        options["declared_operands"] = options.pop("operands")
    options.setdefault("result", broadcast_float if kind == "elementwise" else unknown)
    if kind == "elementwise":
        options.setdefault("broadcasts", True)
    return Rule(kind, name, names, function, **options)


def elementwise(*names: str, **options: Any) -> Declare:
    """Declare a function of the elements of its operands by its partial derivatives."""
    return _decorator("elementwise", names, options)


def linear(*names: str, **options: Any) -> Declare:
    """Declare a function that is linear in its operands jointly by its transpose."""
    return _decorator("linear", names, options)


def bilinear(*names: str, **options: Any) -> Declare:
    """Declare a function that is linear in each of two operands by its two transposes."""
    return _decorator("bilinear", names, options)


def composite(*names: str, **options: Any) -> Declare:
    """Declare a function by the NumPy expression that it stands for."""
    return _decorator("composite", names, options)


def constant(*names: str, **options: Any) -> Declare:
    """Declare a function whose derivative is zero everywhere."""
    return _decorator("constant", names, options)


def custom(*names: str, **options: Any) -> Declare:
    """Declare a function by its adjoint and, with ``@rule.tangent``, its tangent."""
    return _decorator("custom", names, options)
