"""Programs whose indices change in passing: right or refused, two thirds of them right."""

import collections

import pytest

from .state import judge, made

#: In parts, which run side by side; `python -m tests.fuzz.state` goes on from there.
PARTS, PROGRAMS = 2, 50


@pytest.mark.parametrize("part", range(PARTS))
def test_state(part):
    counts = collections.Counter()
    for number in range(part * PROGRAMS, (part + 1) * PROGRAMS):
        text, function = made(number)
        verdict = judge(function)
        counts[verdict] += 1
        assert verdict != "wrong", f"program {number}\n{text}"
    assert counts["right"] > 0.6 * (PROGRAMS - counts[""]), counts
