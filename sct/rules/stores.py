"""What writes into an array without being a store: each declared once, by the store that it stands for.

    @writes("numpy.copyto")
    def copyto(dst, src, casting="same_kind", where=True):
        return ..., src

In: a call. Out: the array that it writes into, which is its first argument, the index, and what is stored there. The
body is a template as that of a rule is: it returns the index and the value. One that returns nothing is of a function
that the modes know themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sct.analysis.kinds import UNKNOWN
from sct.core import function_name, qualname
from sct.rules.matching import bind
from sct.rules.registry import Match, Rule, Unsupported, declared
from sct.rules.template import instantiate, number, read

Store = tuple[ast.expr, ast.expr, ast.expr]  # an array, an index, what is stored there

_writers: dict[str, Rule] = {}


def writes(*names: str, **options: Any) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a function or method that writes into its first argument."""

    def declare(function: Callable[..., Any]) -> Rule:
        rule = declared("write", names, {"complex": True, **options}, function.__name__.strip("_"), function)
        _writers.update(dict.fromkeys(names, rule))
        return rule

    return declare


def writers() -> Iterable[Rule]:
    """Return all that write, in the order of their declaration."""
    _load()
    return dict.fromkeys(_writers.values())


def writes_into(call: ast.Call) -> bool:
    """Say whether a call is of a function or of a method that writes into its first argument."""
    _load()
    return function_name(call) in _writers


def array(call: ast.Call) -> ast.expr | None:
    """Return what a call writes into, None where that is not known."""
    try:
        match = _match(call)
    except Unsupported:
        return None
    return _array(match) if match else None


def store(call: ast.Call) -> Store | None:
    """Return the store that a call stands for, None where it stands for none.

    Raises
    ------
    Unsupported
        If the function is known, but not this way to call it.
    """
    match = _match(call)
    if match is None or not match.rule.template.parts:
        return None
    holding = (function for when, function in match.rule.cases if when(match, lambda _: UNKNOWN))
    index, value = read(next(holding, match.rule.function)).parts
    defaults = {p.name: p.default for p in match.rule.parameters if p.default is not None}
    absent = defaults.keys() - match.args.keys()
    env = {**defaults, **match.args}
    return _array(match), instantiate(index, env, "numpy", absent), _once(instantiate(value, env, "numpy", absent))


def _match(call: ast.Call) -> Match | None:
    _load()
    rule, name = _writers.get(function_name(call)), function_name(call)
    if rule is None:
        return None
    args, slots = bind(rule, call, name, isinstance(call.func, ast.Attribute))
    return Match(rule, args, call, (), name, slots)


def _array(match: Match) -> ast.expr:
    return match.args[match.rule.parameters[0].name]


def why_not(call: ast.Call) -> str:
    """Say why a call is none that is known as a store, "" where it is not known to be one at all."""
    _load()
    rule = _writers.get(function_name(call))
    if rule is None or not rule.template.parts:
        return ""
    try:
        store(call)
    except Unsupported as error:
        return str(error)
    return ""


@cache
def _load() -> None:
    from sct.rules import writes  # noqa: F401


def _once(value: ast.expr) -> ast.expr:
    """Return a value without ``np.resize`` where it is a number as written, which need not be repeated."""
    whole = value.value if isinstance(value, ast.Subscript) else value
    if isinstance(whole, ast.Call) and qualname(whole.func) == "numpy.resize" and number(whole.args[0]) is not None:
        return whole.args[0]
    return value
