"""Every function of the corpus, in both modes through both doors, against at least two independent oracles."""

import functools

import pytest

from tests.programs import harness
from tests.programs.registry import cases

CASES = {case.name: case for case in cases()}
ALLOWED = {"right": {harness.RIGHT}, "refused": {harness.REFUSED}}
ALLOWED["any"] = {harness.RIGHT, harness.REFUSED, harness.RAISES}


@functools.cache
def truth(name):
    return harness.truth(CASES[name])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("emitted")


@pytest.mark.parametrize("name", CASES)
def test_derivatives(name, folder):
    case = CASES[name]
    known = truth(name)
    verdicts = {}
    doors = harness.DOORS if "#" not in name else ("live",)  # the text is the same for every input
    for mode in harness.MODES:
        for door in doors:
            with harness.deadline(60.0):
                verdicts[mode, door] = harness.verify(case, mode, door, folder, known)
    bad = {way: v for way, v in verdicts.items() if v.kind not in ALLOWED[case.expect]}
    assert not bad, "\n".join(f"{' '.join(way)}: {v.kind}: {v.reason}" for way, v in bad.items())
    if {v.kind for v in verdicts.values()} == {harness.RIGHT}:
        assert harness.gap(case, folder, known) <= harness.allowed_gap(case)
