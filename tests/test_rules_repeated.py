"""Functions of matrices cost more than all around them: no derivative of one computes the same value twice."""

from __future__ import annotations

import ast
from collections import Counter
from typing import Any, Literal

import pytest
from test_rules import ARRAY_USES, Use
from test_rules_whole import program

import sct
from sct.rules.registry import Rule

MATRICES = ("np.linalg.", "numpy.linalg.", "scipy.linalg.")
OF_MATRICES = [use for use in ARRAY_USES if ".linalg." in str(use.values[1])]
COMPOSED = """
import numpy as np
import scipy.stats

def condition(x):
    return np.linalg.cond(x)

def correlated(x):
    return np.corrcoef(x)

def fitted(x, y):
    solution, residuals, rank, sizes = np.linalg.lstsq(x, y, rcond=None)
    return solution

def solved(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0]

def density(x, m, c):
    return scipy.stats.multivariate_normal.logpdf(x, m, c)
"""


def calls(text: str) -> Counter[str]:
    """Count the calls of functions of matrices in a module, by what they are given."""
    found = [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return Counter(call for call in found if call.startswith(MATRICES))


def repeated(text: str) -> list[str]:
    """Return the calls that a module spells more than once."""
    return [call for call, times in calls(text).items() if times > 1]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("rule", "name", "args", "keywords"), OF_MATRICES)
def test_rules(
    rule: Rule, name: str, args: list[Any], keywords: dict[str, Any], mode: Literal["forward", "reverse"]
) -> None:
    text = program(Use(rule, name, args, keywords), name).text
    assert not repeated(sct.transform(text, "f", mode=mode))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("name", ["condition", "correlated", "fitted", "solved", "density"])
def test_programs(name: str, mode: Literal["forward", "reverse"]) -> None:
    assert not repeated(sct.transform(COMPOSED, name, mode=mode))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_parts_that_are_not_taken_are_not_computed(mode: Literal["forward", "reverse"]) -> None:
    text = sct.transform(COMPOSED, "solved", mode=mode)
    assert "pinv(" in text
    assert "svd(" not in text and "matrix_rank(" not in text
    assert "slogdet(" not in sct.transform(COMPOSED, "density", mode="forward")
