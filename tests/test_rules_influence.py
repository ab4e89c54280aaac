"""What has an influence on a function is among the operands of its rule, or held fixed by it, which refuses it."""

import warnings

import numpy as np
import pytest

import sct
from sct.errors import Refused
from tests.fuzz.uses import by_rule, evaluate, literal


def flat(value):
    """Return the numbers in a result."""
    if isinstance(value, tuple | list):
        return np.concatenate([flat(part) for part in value]) if value else np.zeros(0)
    array = np.ravel(np.asarray(value))
    if array.dtype.kind == "c":
        return np.concatenate([array.real, array.imag])
    return array.astype(float) if array.dtype.kind in "biuf" else np.zeros(0)


def is_float(value):
    return isinstance(value, float) or isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0


def moved(value):
    return value + 1e-6 * np.arange(1.0, np.size(value) + 1.0).reshape(np.shape(value))


def has_influence(use, place):
    """Say whether an argument, by position or by keyword, moves the result of a call."""
    args, keywords = dict(enumerate(use.args)), dict(use.keywords)
    here = flat(evaluate(use.text([literal(v) for v in args.values()], keywords)))
    where = args if isinstance(place, int) else keywords
    where[place] = moved(where[place])
    try:
        there = flat(evaluate(use.text([literal(v) for v in args.values()], keywords)))
    except (ValueError, TypeError, IndexError, np.linalg.LinAlgError):
        return False
    return here.shape == there.shape and np.nanmax(abs(here - there), initial=0.0) > 1e-9


def places(use):
    """Yield the arguments of a call that are of floats, each with the name of its parameter."""
    names = [p.name for p in use.rule.parameters]
    variadic = use.rule.sequence or len(use.args) > len(names) or use.name == "numpy.gradient"
    for position, value in enumerate(use.args if not variadic else ()):
        if is_float(value):
            yield position, names[position]
    for name, value in use.keywords.items():
        if is_float(value) and name in names:
            yield name, name


def test_what_moves_a_result_is_an_operand_or_fixed():
    missing = set()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for use in (use for uses in by_rule() for use in uses):
            rule = use.rule
            for place, name in places(use):
                if name not in (*rule.operands, *rule.fixed) and has_influence(use, place):
                    missing.add((use.name, name))
    assert not missing


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.unwrap(np.array([1.0, 2.0, 8.1]), period=x),
        lambda x: np.std(np.array([1.0, 2.0, 8.1]), ddof=x),
        lambda x: np.histogram(np.array([1.0, 2.0, 8.1]), bins=[x, 2.0, 3.0])[1],
    ],
)
@pytest.mark.parametrize("derivative", [sct.jvp, sct.vjp])
def test_what_is_fixed_is_refused_where_it_alone_is_active(derivative, function):
    with pytest.raises(Refused, match="no derivative by the argument"):
        derivative(function)
