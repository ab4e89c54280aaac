"""A few hundred small random programs, the same in every run: right or refused, most of them right."""

import collections

from tests.programs import harness

from .grammar import RandomChooser, grow
from .verdicts import DISCARDED, judge, worst

PROGRAMS = 200


def test_small_programs(tmp_path):
    counts = collections.Counter()
    for number in range(PROGRAMS):
        program = grow(RandomChooser(number), 2 + number % 4)
        mode = harness.MODES[number % 2]
        way, verdict = worst(judge(program, tmp_path, (f"{mode}/live",)))
        counts[verdict.kind] += 1
        assert verdict.kind in (
            harness.RIGHT,
            harness.REFUSED,
            harness.RAISES,
            DISCARDED,
        ), f"program {number}, {way}: {verdict.kind}: {verdict.reason}\n{program.text}\n# args: {program.args!r}"
    assert counts[harness.RIGHT] > 0.8 * (PROGRAMS - counts[DISCARDED]), counts
