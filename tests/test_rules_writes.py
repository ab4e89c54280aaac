"""What writes into an array as a function or a method, as declared: every example in both modes, twice over."""

import ast

import numpy as np
import pytest
from test_rules_whole import FORMS, IMPORTS, Program, Whole, with_gaps

from sct.rules import Rule, stores
from sct.rules.stores import writers

SPELLED = [(rule, text) for rule in writers() for text in rule.spelled]
BODY = """def f(x: np.ndarray):
    y = np.cos(x)
    a = x[::-1] * 2.0
    m = np.outer(x, y)
    {}
    return a * y + m @ x
"""


def test_every_writer_has_an_example() -> None:
    assert all(rule.spelled and len(rule.operands) <= 2 for rule in writers())
    names = {name for rule in writers() for name in rule.names}
    tried = {name for name in names if any(f"{name.rpartition('.')[2]}(" in text for _, text in SPELLED)}
    assert tried == names


@pytest.mark.parametrize(("rule", "text"), SPELLED, ids=[text for _, text in SPELLED])
def test_writes(rule: Rule, text: str) -> None:
    whole = Whole(Program(IMPORTS + BODY.format(text)), [np.array([0.7, 0.35, 1.3, 0.9])], (0,))
    whole.first()
    whole.in_form(with_gaps, FORMS[with_gaps])
    whole.second()
    whole.forward_twice()


@pytest.mark.parametrize("text", ["a.put(x, True)", "np.put(a, 0, x, mode=k)", "np.fill_diagonal(a, x, wrap=k)"])
def test_ways_to_call_that_are_no_store_say_why(text: str) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    if text.startswith("np."):
        from sct.core import ref

        call.func = ref("numpy." + text[3:].partition("(")[0])
    assert stores.array(call) is None
    assert ": " in stores.why_not(call)
