"""Random programs come out right or are refused; ``SCT_FUZZ_EXAMPLES=2000`` for a longer search."""

import os
import random

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.programs import harness

from .grammar import grow
from .verdicts import DISCARDED, FIRST, judge, worst

EXAMPLES = int(os.environ.get("SCT_FUZZ_EXAMPLES", "60"))


class Choices:
    """Decisions by Hypothesis, which knows how to make them smaller."""

    def __init__(self, source: random.Random) -> None:
        self.source = source

    def integer(self, low: int, high: int) -> int:
        return self.source.randint(low, high)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzzed")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(source=st.randoms(use_true_random=False), size=st.integers(1, 9))
def test_right_or_refused(source, size, folder):
    program = grow(Choices(source), size)
    way, verdict = worst(judge(program, folder, (*FIRST, *(f"{mode}/text" for mode in harness.MODES))))
    event(verdict.kind)
    assume(verdict.kind != DISCARDED)
    assert verdict.kind in (
        harness.RIGHT,
        harness.REFUSED,
        harness.RAISES,
    ), f"{way}: {verdict.kind}: {verdict.reason}\n{program.text}\n# args: {program.args!r} wrt: {program.wrt}"
