"""When the case of a rule holds: ranks, kinds and arguments that are known.

In: the name of a parameter. Out: a condition on a match and on what is known of any expression.
"""

from __future__ import annotations

import ast

from sct.rules.registry import KindOf, Match, When
from sct.rules.results import kind_of
from sct.rules.template import number


def is_array(*parameters: str) -> When:
    """Hold where the arguments are arrays for sure."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return all(kinds(match.args[p]).what == "array" for p in parameters)

    return holds


def is_complex(parameter: str) -> When:
    """Hold where the argument may be complex."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return kind_of(match.args[parameter], kinds).dtype == "complex"

    return holds


def is_scalar(*parameters: str) -> When:
    """Hold where the arguments are numbers for sure."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return all(kind_of(match.args[p], kinds).what == "scalar" for p in parameters)

    return holds


def is_numeric(*parameters: str) -> When:
    """Hold where the arguments are numbers or arrays for sure."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return all(kind_of(match.args[p], kinds).what in ("scalar", "array") for p in parameters)

    return holds


def have_ranks(**wanted: int) -> When:
    """Hold where the arguments are arrays of these ranks for sure."""

    def holds(match: Match, kinds: KindOf) -> bool:
        given = [(kinds(match.args[p]), n) if p in match.args else None for p, n in wanted.items()]
        return all(pair is not None and pair[0].what == "array" and pair[0].ndim == pair[1] for pair in given)

    return holds


def is_vector(parameter: str) -> When:
    """Hold where the argument is a vector for sure."""
    return have_ranks(**{parameter: 1})


def without(*parameters: str) -> When:
    """Hold where the arguments are absent, or None or False as written."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return all(_false(match.args[p]) for p in parameters if p in match.args)

    return holds


def given(parameter: str) -> When:
    """Hold where the argument is present, and neither None nor False as written."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return parameter in match.args and not _false(match.args[parameter])

    return holds


def present(parameter: str) -> When:
    """Hold where the argument is there, whatever it is."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return parameter in match.args

    return holds


def several_axes(match: Match, kinds: KindOf) -> bool:
    """Hold where the axes are written as a tuple of none, or of more than those of a matrix."""
    axis = match.args.get("axis")
    return isinstance(axis, ast.Tuple) and len(axis.elts) not in (1, 2)


def spells(parameter: str, *texts: str | int) -> When:
    """Hold where the argument is one of these texts or numbers as written."""

    def holds(match: Match, kinds: KindOf) -> bool:
        arg = match.args.get(parameter)
        return isinstance(arg, ast.Constant) and arg.value in texts

    return holds


def _false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def flat(parameter: str) -> When:
    """Hold where the argument is an integer as written."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return isinstance(number(match.args.get(parameter)), int)

    return holds


def is_literal(parameter: str) -> When:
    """Hold where the argument is a tuple or list as written, without stars."""

    def holds(match: Match, kinds: KindOf) -> bool:
        arg = match.args.get(parameter)
        return isinstance(arg, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in arg.elts)

    return holds


def any_of(*conditions: When) -> When:
    """Hold where one of the conditions holds."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return any(condition(match, kinds) for condition in conditions)

    return holds


def both(*conditions: When) -> When:
    """Hold where all of the conditions hold."""

    def holds(match: Match, kinds: KindOf) -> bool:
        return all(condition(match, kinds) for condition in conditions)

    return holds


def is_number_but(parameter: str, *numbers: int) -> When:
    """Hold where the argument is absent, or an integer as written that is none of these."""

    def holds(match: Match, kinds: KindOf) -> bool:
        value = number(match.args.get(parameter))
        return parameter not in match.args or isinstance(value, int) and value not in numbers

    return holds


def has_axes(parameter: str, least: int) -> When:
    """Hold where the argument surely has so many axes, or more."""

    def holds(match: Match, kinds: KindOf) -> bool:
        ndim = kind_of(match.args[parameter], kinds).ndim
        return ndim is not None and ndim >= least

    return holds
