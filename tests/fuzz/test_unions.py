"""Programs in which a name is a list on one way and something else on another: right or refused, many right."""

import collections

import pytest

from tests.programs import harness

from .unions import made
from .verdicts import DISCARDED, FIRST, judge, worst

#: In parts, which run side by side; `python -m tests.fuzz.unions` goes on from there.
PARTS, PROGRAMS = 2, 40


@pytest.mark.parametrize("part", range(PARTS))
def test_unions(part, tmp_path):
    counts = collections.Counter()
    for number in range(part * PROGRAMS, (part + 1) * PROGRAMS):
        program = made(number)
        way, verdict = worst(judge(program, tmp_path, FIRST))
        counts[verdict.kind] += 1
        assert verdict.kind not in (harness.WRONG, harness.CRASH), f"{number} {way}: {verdict.reason}\n{program.text}"
    assert counts[harness.RIGHT] > 0.3 * (PROGRAMS - counts[DISCARDED]), counts
