"""Every function of the corpus, in both modes, against at least two independent oracles.

Each is compiled live in both modes, and through its text in one of them, which its name chooses: the text takes as long
again, and differs from mode to mode by little that is not live. With ``--corpus`` it is both.
"""

import functools
import zlib

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


def doors(name, mode, every):
    """Return the ways to a derivative that are tried in a mode."""
    if "#" in name:  # the text is the same for every input
        return ("live",)
    chosen = harness.MODES[zlib.crc32(name.encode()) % len(harness.MODES)]
    return harness.DOORS if every or mode == chosen else ("live",)


@pytest.mark.parametrize("name", CASES)
def test_derivatives(name, folder, request):
    case = CASES[name]
    known = truth(name)
    verdicts = {}
    for mode in harness.MODES:
        for door in doors(name, mode, request.config.getoption("--corpus")):
            with harness.deadline(60.0):
                verdicts[mode, door] = harness.verify(case, mode, door, folder, known)
    bad = {way: v for way, v in verdicts.items() if v.kind not in ALLOWED[case.expect]}
    assert not bad, "\n".join(f"{' '.join(way)}: {v.kind}: {v.reason}" for way, v in bad.items())
    if {v.kind for v in verdicts.values()} == {harness.RIGHT}:
        assert harness.gap(case, folder, known) <= harness.allowed_gap(case)
